package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestSecretReplica(t *testing.T) { ruletest.Run(t, secretReplica) }
