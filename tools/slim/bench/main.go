//go:build unix

// Command bench measures what a cold build of a Pulumi program costs: plain, with slim, and of an empty Pulumi program, which
// is the floor. Every build starts with an empty Go build cache, and the one with slim with an empty slim cache too; slim's own
// analysis is part of what is measured. The module cache is used as it is.
//
//	go run ./tools/slim/bench -package ./stacks
//	go run ./tools/slim/bench -package ./stacks -variants slim,floor
//
// It prints a Markdown table. CPU is user and system time of all processes. Memory is the resident set of the largest single
// process, as the kernel accounts for it. The plain build of a program on the large SDKs takes many minutes and up to 10 GB.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	dir := flag.String("C", ".", "directory of the program's module")
	pkg := flag.String("package", ".", "package of the program, as go build takes it")
	list := flag.String("variants", "plain,slim,floor", "which builds to measure")
	keep := flag.String("keep", "", "directory to leave the binaries in, as VARIANT.bin; by default they are removed")
	flag.Parse()
	if err := bench(*dir, *pkg, *keep, strings.Split(*list, ","), os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// cost is what one build took.
type cost struct {
	variant   string
	cpu, wall time.Duration
	peak      int64 // bytes
	binary    int64 // bytes
}

var variants = []string{"plain", "slim", "floor"}

func bench(dir, pkg, keep string, chosen []string, out, progress io.Writer) (err error) {
	for _, v := range chosen {
		if !slices.Contains(variants, v) {
			return fmt.Errorf("no such variant: %s; there are %s", v, strings.Join(variants, ", "))
		}
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "slim-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()

	if keep == "" {
		keep = tmp
	} else if keep, err = filepath.Abs(keep); err != nil {
		return err
	}
	if err := os.MkdirAll(keep, 0o755); err != nil {
		return err
	}
	slim := filepath.Join(tmp, "slim")
	if slices.Contains(chosen, "slim") {
		cmd := exec.Command("go", "build", "-o", slim, "github.com/tandem-platform/tandem/tools/slim")
		if b, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("building slim: %w\n%s", err, b)
		}
	}
	var costs []cost
	for _, v := range variants {
		if !slices.Contains(chosen, v) {
			continue
		}
		fmt.Fprintf(progress, "building: %s\n", v)
		binary := filepath.Join(keep, v+".bin")
		build := []string{"go", "build", "-o", binary, pkg}
		where := dir
		switch v {
		case "slim":
			build = append([]string{slim, "exec", "--"}, build...)
		case "floor":
			where = filepath.Join(tmp, "floor-program")
			build[len(build)-1] = "."
			if err := emptyProgram(dir, where); err != nil {
				return err
			}
		}
		c, err := measure(where, filepath.Join(tmp, v+"-cache"), build)
		if err != nil {
			return fmt.Errorf("%s: %w", v, err)
		}
		c.variant = v
		if info, err := os.Stat(binary); err == nil {
			c.binary = info.Size()
		}
		costs = append(costs, c)
		if err := os.RemoveAll(filepath.Join(tmp, v+"-cache")); err != nil { // caches of gigabytes
			return err
		}
	}
	return table(out, costs)
}

// measure runs a command with caches of its own.
func measure(dir, caches string, argv []string) (cost, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(caches, "go"), "SLIM_CACHE="+filepath.Join(caches, "slim"), "PWD="+dir)
	start := time.Now()
	b, err := cmd.CombinedOutput()
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, b)
	}
	c := cost{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), wall: time.Since(start)}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = int64(u.Maxrss)      //nolint:unconvert // it is 32 bits wide on some systems
		if runtime.GOOS != "darwin" { // there it is in bytes, elsewhere in kilobytes
			c.peak *= 1024
		}
	}
	return c, nil
}

// emptyProgram writes a program that does nothing, in a module with the same requirements as the one in dir.
func emptyProgram(dir, to string) error {
	find := exec.Command("go", "env", "GOMOD")
	find.Dir = dir
	b, err := find.Output()
	if err != nil {
		return err
	}
	mod := strings.TrimSpace(string(b))
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, ext := range []string{".mod", ".sum"} {
		b, err := os.ReadFile(strings.TrimSuffix(mod, ".mod") + ext)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, "go"+ext), b, 0o644); err != nil {
			return err
		}
	}
	const program = `package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func main() { pulumi.Run(func(ctx *pulumi.Context) error { return nil }) }
`
	return os.WriteFile(filepath.Join(to, "main.go"), []byte(program), 0o644)
}

func table(w io.Writer, costs []cost) error {
	var floor *cost
	for i := range costs {
		if costs[i].variant == "floor" {
			floor = &costs[i]
		}
	}
	fmt.Fprintln(w, "| build | CPU, s | peak memory of a process, GB | elapsed, s | binary, MB |")
	fmt.Fprintln(w, "|---|---|---|---|---|")
	for _, c := range costs {
		var cpu, peak string
		if floor != nil {
			cpu = fmt.Sprintf(" (%.2f×)", c.cpu.Seconds()/floor.cpu.Seconds())
			peak = fmt.Sprintf(" (%.2f×)", float64(c.peak)/float64(floor.peak))
		}
		if _, err := fmt.Fprintf(w, "| %s | %.0f%s | %.2f%s | %.0f | %.0f |\n", c.variant, c.cpu.Seconds(), cpu,
			float64(c.peak)/1e9, peak, c.wall.Seconds(), float64(c.binary)/1e6); err != nil {
			return err
		}
	}
	return nil
}
