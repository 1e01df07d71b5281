package datatier

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"
)

func TestParameterGroupFamilyFollowsTheMajorVersion(t *testing.T) {
	require.Equal(t, "aurora-postgresql16", family("16.8"))
	require.Equal(t, family("17.4"), family("17.11"))
}

func TestARNInAnotherRegionDiffersInTheRegionAlone(t *testing.T) {
	region := rapid.SampledFrom([]string{"us-east-1", "us-west-2", "ap-southeast-2"})
	rapid.Check(t, func(t *rapid.T) {
		from, to := region.Draw(t, "from"), region.Draw(t, "to")
		rest := rapid.StringMatching(`[a-z:/0-9-]{1,30}`).Draw(t, "rest")
		arn := fmt.Sprintf("arn:aws:kms:%s:123456789012:%s", from, rest)
		moved, err := inRegion(to, arn)
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.Replace(arn, from, to, 1); moved != want {
			t.Fatalf("got %s, want %s", moved, want)
		}
		if back, err := inRegion(from, moved); err != nil || back != arn {
			t.Fatalf("and back: got %s, %v, want %s", back, err, arn)
		}
	})
}

func TestARNOfNoRegionIsRefused(t *testing.T) {
	for _, arn := range []string{"", "prod-east", "arn:aws:s3:::bucket", "arn:aws:kms:us-east-1"} {
		_, err := inRegion("us-west-2", arn)
		require.ErrorContains(t, err, fmt.Sprintf("%q is not the ARN of a resource in a region", arn))
	}
}

// clock draws a time of day and its text.
func clock(t *rapid.T, label string) (minute int, text string) {
	minute = rapid.IntRange(0, minutesPerDay-1).Draw(t, label)
	return minute, fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

func TestWindowsAreRefusedExactlyWhenTheyShareAMinute(t *testing.T) {
	days := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	rapid.Check(t, func(t *rapid.T) {
		backupFrom, a := clock(t, "backup from")
		backupTo, b := clock(t, "backup to")
		maintenanceFrom, c := clock(t, "maintenance from")
		maintenanceTo, d := clock(t, "maintenance to")
		day := rapid.IntRange(0, 6).Draw(t, "day")
		next := (day + rapid.IntRange(0, 1).Draw(t, "days on")) % 7

		backup := map[int]bool{} // minutes of the week, as a clock would pass them
		for d := range 7 {
			for m := backupFrom; m != backupTo; m = (m + 1) % minutesPerDay {
				carry := 0
				if m < backupFrom {
					carry = minutesPerDay
				}
				backup[(d*minutesPerDay+m+carry)%minutesPerWeek] = true
			}
		}
		shared, length := false, 0
		for m := day*minutesPerDay + maintenanceFrom; m != next*minutesPerDay+maintenanceTo; m = (m + 1) % minutesPerWeek {
			shared = shared || backup[m]
			length++
		}

		errs := validateWindows(nil, a+"-"+b, fmt.Sprintf("%s:%s-%s:%s", days[day], c, days[next], d))
		short := len(backup) < 7*shortestWindow
		odd := length < shortestWindow || length >= minutesPerDay
		if want := short || odd || shared; (len(errs) > 0) != want {
			t.Fatalf("short %v, odd %v, shared %v: got %v", short, odd, shared, errs)
		}
	})
}

func TestWindowsInAnotherFormAreRefused(t *testing.T) {
	at := field.NewPath("database")
	for _, backup := range []string{"", "8:00-9:00", "08:00", "08:00-24:00", "08:00-08:29"} {
		errs := validateWindows(at, backup, "sun:09:30-sun:10:30")
		require.Len(t, errs, 1, backup)
		require.Equal(t, "database.backupWindow", errs[0].Field)
	}
	for _, maintenance := range []string{"", "09:30-10:30", "Sun:09:30-Sun:10:30", "sun:09:30-sun:09:40", "sun:09:30-mon:09:30"} {
		errs := validateWindows(at, "08:00-09:00", maintenance)
		require.Len(t, errs, 1, maintenance)
		require.Equal(t, "database.maintenanceWindow", errs[0].Field)
	}
}
