package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestEksSecrets(t *testing.T) { ruletest.Run(t, eksSecrets) }
