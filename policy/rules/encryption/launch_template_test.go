package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestLaunchTemplate(t *testing.T) { ruletest.Run(t, launchTemplate) }
