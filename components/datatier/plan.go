package datatier

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// family is the parameter group family of an engine version.
func family(engineVersion string) string {
	major, _, _ := strings.Cut(engineVersion, ".")
	return "aurora-postgresql" + major
}

// place is where an instance lives, and what tells it apart in names.
type place struct{ zone, suffix string }

// places are those of all fixed instances: the first of each zone has the zone for
// its suffix, whatever their number, so that more of them move none.
func (d *Database) places() (all []place) {
	for n := range d.InstancesPerZone {
		for _, zone := range d.Zones {
			suffix := zone
			if n > 0 {
				suffix = fmt.Sprintf("%s-%d", zone, n+1)
			}
			all = append(all, place{zone, suffix})
		}
	}
	return all
}

// inRegion is the ARN of the same resource in another region. Replicas of
// multi-Region keys and of secrets differ from their primaries in nothing else
// (KMS developer guide, multi-Region keys; Secrets Manager user guide,
// replicating a secret).
func inRegion(region, arn string) (string, error) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[3] == "" {
		return "", fmt.Errorf("%q is not the ARN of a resource in a region", arn)
	}
	parts[3] = region
	return strings.Join(parts, ":"), nil
}

var (
	backupWindowForm      = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$`)
	maintenanceWindowForm = regexp.MustCompile(`^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):([0-5]\d)-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):([0-5]\d)$`)
)

const (
	minutesPerDay  = 24 * 60
	minutesPerWeek = 7 * minutesPerDay
	// shortestWindow is the shortest backup or maintenance window that RDS takes, in
	// minutes (CreateDBCluster, PreferredBackupWindow and PreferredMaintenanceWindow).
	shortestWindow = 30
)

// window is a span of minutes that comes round again; from is within a period,
// and the span may reach into the next one.
type window struct{ from, length int }

// spanning is the window from one minute of a period to another.
func spanning(from, to, period int) window {
	return window{from, ((to-from)%period + period) % period}
}

// overlap tells whether a window of every day and one of every week ever meet.
func overlap(daily, weekly window) bool {
	for day := range 7 {
		from := day*minutesPerDay + daily.from
		// Each starts within the other, going round the week.
		after := ((weekly.from-from)%minutesPerWeek + minutesPerWeek) % minutesPerWeek
		before := ((from-weekly.from)%minutesPerWeek + minutesPerWeek) % minutesPerWeek
		if after < daily.length || before < weekly.length {
			return true
		}
	}
	return false
}

func minutes(hour, minute string) int {
	h, _ := strconv.Atoi(hour) // both matched digits
	m, _ := strconv.Atoi(minute)
	return h*60 + m
}

func dailyWindow(s string) (window, bool) {
	m := backupWindowForm.FindStringSubmatch(s)
	if m == nil {
		return window{}, false
	}
	return spanning(minutes(m[1], m[2]), minutes(m[3], m[4]), minutesPerDay), true
}

func weeklyWindow(s string) (window, bool) {
	m := maintenanceWindowForm.FindStringSubmatch(s)
	if m == nil {
		return window{}, false
	}
	day := func(name string) int { return strings.Index("montuewedthufrisatsun", name) / 3 * minutesPerDay }
	return spanning(day(m[1])+minutes(m[2], m[3]), day(m[4])+minutes(m[5], m[6]), minutesPerWeek), true
}

// validateWindows checks the two windows of a database and that RDS, which
// refuses windows that overlap, will take them together.
func validateWindows(at *field.Path, backup, maintenance string) (errs field.ErrorList) {
	daily, dailyOK := dailyWindow(backup)
	if !dailyOK || daily.length < shortestWindow {
		errs = append(errs, field.Invalid(at.Child("backupWindow"), backup, "must be at least half an hour of the day in UTC, such as 08:00-09:00"))
	}
	weekly, weeklyOK := weeklyWindow(maintenance)
	if !weeklyOK || weekly.length < shortestWindow || weekly.length >= minutesPerDay {
		errs = append(errs, field.Invalid(at.Child("maintenanceWindow"), maintenance,
			"must be half an hour to a day of the week in UTC, such as sun:09:30-sun:10:30"))
	}
	if len(errs) == 0 && overlap(daily, weekly) {
		errs = append(errs, field.Invalid(at.Child("maintenanceWindow"), maintenance, "must not overlap the backup window, which is "+backup))
	}
	return errs
}
