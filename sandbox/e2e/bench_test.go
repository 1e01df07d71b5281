package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/session"
)

// BenchmarkUp measures bringing up both regions, with everything built before
// the clock starts:
//
//	go test ./sandbox/e2e -run '^$' -bench Up -benchtime 1x
//
// "platform" is this repository's program from nothing, and again with nothing to
// do. "engine" is an empty program, and "pulumi-eks" one that makes a cluster and
// little else: they say what part of the time is the engine's and the Node
// component's.
func BenchmarkUp(b *testing.B) {
	var engine time.Duration
	b.Run("engine", func(b *testing.B) { engine, _ = benchmarkUp(b, program(b, "empty")) })
	b.Run("pulumi-eks", func(b *testing.B) {
		platform{}.policy(b, "rules: {all: advisory}") // asked, but not obeyed: the program is no platform
		first, _ := benchmarkUp(b, program(b, "eks"))
		b.ReportMetric((first - engine).Seconds(), "s/above-engine")
	})
	b.Run("platform", func(b *testing.B) {
		first, _ := benchmarkUp(b, "")
		b.ReportMetric(100*engine.Seconds()/first.Seconds(), "%engine")
	})
}

// BenchmarkPolicies measures what the policies add to the preview of both stacks
// when nothing has changed:
//
//	go test ./sandbox/e2e -run '^$' -bench Policies -benchtime 5x
//
// Each round previews without packs, with the pack of all rules, and with the
// three packs, one after the other, so that what else the machine does meets all
// of them. Figures are medians; the time of processors is that of all processes.
func BenchmarkPolicies(b *testing.B) {
	p := newPlatform(b)
	p.must(b, func(ctx context.Context, s *session.Session) error { return s.Up(ctx) })
	var three []string
	for _, pack := range []string{"all", "security", "reliability", "cost"} {
		path := filepath.Join(b.TempDir(), pack)
		out, err := exec.Command("go", "build", "-o", path, "../../policy/"+pack).CombinedOutput()
		require.NoError(b, err, string(out))
		three = append(three, path)
	}
	packs := map[string][]string{"none": nil, "one-pack": three[:1], "three-packs": three[1:]}
	wall, processors := map[string][]time.Duration{}, map[string][]time.Duration{}
	for b.Loop() {
		for _, name := range []string{"none", "one-pack", "three-packs"} {
			p.must(b, func(ctx context.Context, s *session.Session) error {
				start, before := time.Now(), childrenTime(b)
				for _, stack := range []string{east, west} {
					args := []string{"env", "-u", "PULUMI_OPTION_POLICY_PACK", "pulumi", "preview", "-s", stack}
					for _, pack := range packs[name] {
						args = append(args, "--policy-pack", pack)
					}
					if err := s.Exec(ctx, args...); err != nil {
						return err
					}
				}
				wall[name] = append(wall[name], time.Since(start))
				processors[name] = append(processors[name], childrenTime(b)-before)
				return nil
			})
		}
	}
	for name := range packs {
		b.ReportMetric(median(wall[name]).Seconds(), "s/"+name)
		b.ReportMetric(median(processors[name]).Seconds(), "cpu-s/"+name)
		if name != "none" {
			b.ReportMetric(100*(median(wall[name]).Seconds()/median(wall["none"]).Seconds()-1), "%added/"+name)
		}
	}
}

// childrenTime is how long processors have worked for the processes that this one
// has started and that have ended, and for theirs.
func childrenTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// program builds one of the small programs of testdata, which need no generated SDK.
func program(b testing.TB, name string) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), name)
	out, err := exec.Command("go", "build", "-o", path, "./testdata/programs/"+name).CombinedOutput()
	require.NoError(b, err, string(out))
	return path
}

// benchmarkUp brings up both stacks twice, reports how long each took, and
// returns it.
func benchmarkUp(b *testing.B, program string) (first, second time.Duration) {
	for b.Loop() {
		b.StopTimer()
		p := newPlatform(b)
		p.program = program
		up := func() (took time.Duration) {
			p.must(b, func(ctx context.Context, s *session.Session) error {
				b.StartTimer()
				start := time.Now()
				err := s.Up(ctx)
				took = time.Since(start)
				b.StopTimer()
				return err
			})
			return took
		}
		first, second = up(), up()
		made := 0
		for _, stack := range []string{east, west} {
			st, _ := p.export(b, stack)
			made += len(st.Deployment.Resources)
		}
		b.ReportMetric(float64(made), "resources")
		b.ReportMetric(100*first.Seconds()/float64(made), "s/100-resources")
		b.ReportMetric(first.Seconds(), "s/first-up")
		b.ReportMetric(second.Seconds(), "s/second-up")
		b.StartTimer()
	}
	return first, second
}
