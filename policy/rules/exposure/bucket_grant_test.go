package exposure

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestBucketGrant(t *testing.T) { ruletest.Run(t, bucketGrant) }
