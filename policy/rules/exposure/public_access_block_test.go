package exposure

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestPublicAccessBlock(t *testing.T) { ruletest.Run(t, publicAccessBlock) }
