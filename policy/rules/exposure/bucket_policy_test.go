package exposure

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestBucketPolicy(t *testing.T) { ruletest.Run(t, bucketPolicy) }
