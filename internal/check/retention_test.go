package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

func TestLogRetentionIsAPeriodThatTheServiceKnows(t *testing.T) {
	at := field.NewPath("logRetentionDays")
	for _, days := range []int{1, 90, 365, 3653} {
		require.Empty(t, check.LogRetention(at, days), "%d days", days)
	}
	for _, days := range []int{-1, 0, 2, 100, 3654} {
		errs := check.LogRetention(at, days)
		require.Len(t, errs, 1, "%d days", days)
		require.Equal(t, "logRetentionDays", errs[0].Field)
		require.Contains(t, errs[0].Detail, "in days: [1 3 5 7 14 ")
	}
}
