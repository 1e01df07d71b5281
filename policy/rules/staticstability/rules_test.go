package staticstability

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestRules(t *testing.T) { ruletest.Run(t, Rules()...) }
