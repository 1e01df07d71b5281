package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestSnsTopic(t *testing.T) { ruletest.Run(t, snsTopic) }
