package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestSecretKey(t *testing.T) { ruletest.Run(t, secretKey) }
