package exposure

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestPublicAccessBlockComplete(t *testing.T) { ruletest.Run(t, publicAccessBlockComplete) }
