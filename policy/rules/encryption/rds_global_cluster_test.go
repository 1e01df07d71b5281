package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestRdsGlobalCluster(t *testing.T) { ruletest.Run(t, rdsGlobalCluster) }
