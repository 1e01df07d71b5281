package exposure

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestBucketACL(t *testing.T) { ruletest.Run(t, bucketACL) }
