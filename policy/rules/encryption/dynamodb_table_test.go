package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestDynamodbTable(t *testing.T) { ruletest.Run(t, dynamodbTable) }
