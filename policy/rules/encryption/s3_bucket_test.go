package encryption

import (
	"testing"

	"github.com/tandem-platform/tandem/policy/rule/ruletest"
)

func TestS3Bucket(t *testing.T) { ruletest.Run(t, s3Bucket) }
