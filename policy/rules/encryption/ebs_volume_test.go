package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestEbsVolume(t *testing.T) { ruletest.Run(t, ebsVolume) }
