package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestRdsCluster(t *testing.T) { ruletest.Run(t, rdsCluster) }
