package check

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// logRetentionDays are the retention periods of CloudWatch Logs, in days
// (PutRetentionPolicy, retentionInDays).
var logRetentionDays = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

// LogRetention returns what is wrong with a retention period, in days, of a
// CloudWatch Logs group: it has to be one of the periods that the service knows.
func LogRetention(path *field.Path, days int) field.ErrorList {
	if slices.Contains(logRetentionDays, days) {
		return nil
	}
	return field.ErrorList{field.Invalid(path, days, fmt.Sprintf("must be a period that CloudWatch Logs knows, in days: %v", logRetentionDays))}
}
