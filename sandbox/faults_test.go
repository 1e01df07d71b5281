package main

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

// parsed are the faults that the command's own flags ask for.
func parsed(t *testing.T, args ...string) []cloud.Fault {
	t.Helper()
	var plan cloud.Plan
	cmd := &cobra.Command{}
	faultFlags(cmd, &plan)
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	faults, err := plan.Faults()
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

// What takes time is tested on a clock that a test moves; the flags whose effect does
// not are tested on the engine, in e2e.
func TestFlagsThatTakeTime(t *testing.T) {
	for _, test := range []struct {
		name  string
		args  []string
		calls int
		// least and most are how long so many calls of one service take, one after the other.
		least, most time.Duration
	}{
		{"none", nil, 10, 0, 0},
		{"latency", []string{"--latency", "200ms"}, 10, 2 * time.Second, 2 * time.Second},
		{"one call a second by default", []string{"--throttle"}, 10, 9 * time.Second, 20 * time.Second},
		{"five calls a second", []string{"--throttle=5"}, 10, time.Second, 4 * time.Second},
		{"both", []string{"--throttle=5", "--latency", "1s"}, 10, 10 * time.Second, 10 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				done := 0
				do := func() error { done++; return nil }
				for _, fault := range slices.Backward(parsed(t, test.args...)) {
					inner := do
					do = func() error {
						return fault(t.Context(), cloud.Operation{Verb: "create", Type: "aws:ec2/vpc:Vpc", Service: "EC2", Region: "us-east-1"}, inner)
					}
				}
				start := time.Now()
				for range test.calls {
					if err := do(); err != nil {
						t.Fatal(err)
					}
				}
				if took := time.Since(start); took < test.least || took > test.most || done != test.calls {
					t.Errorf("%d of %d calls took %s, want %s to %s", done, test.calls, took, test.least, test.most)
				}
			})
		})
	}
}

func TestARateThatIsNoNumberIsRefused(t *testing.T) {
	cmd := command()
	cmd.SetArgs([]string{"up", "--throttle=fast"})
	err := cmd.Execute()
	if want := `invalid argument "fast" for "--throttle" flag: strconv.ParseFloat: parsing "fast": invalid syntax`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
