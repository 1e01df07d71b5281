package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestDynamodbReplica(t *testing.T) { ruletest.Run(t, dynamodbReplica) }
