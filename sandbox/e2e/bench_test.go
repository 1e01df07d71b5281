package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
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
		first, _ := benchmarkUp(b, program(b, "eks"))
		b.ReportMetric((first - engine).Seconds(), "s/above-engine")
	})
	b.Run("platform", func(b *testing.B) {
		first, _ := benchmarkUp(b, "")
		b.ReportMetric(100*engine.Seconds()/first.Seconds(), "%engine")
	})
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
