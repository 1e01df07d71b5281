package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/tandem-platform/tandem/tools/slim/slim"
)

// programs are the Pulumi program and the policy packs, as sources and as the
// binaries that are built from them.
type programs struct {
	tools   toolchain
	module  string // directory of the Go module that holds them
	source  string // directory of the program
	bin     string // directory of the binaries
	program binary
	policy  []binary

	// rebuildOnRun has the program built anew before each run.
	rebuildOnRun bool
	building     sync.Mutex
}

// A binary is one main package and what it is built to.
type binary struct {
	pattern string // for the go command, in the module's directory
	path    string
}

// wholePack is the directory of a policy pack that stands for all others beside
// it. The engine asks each pack about each resource, so one is faster than many.
const wholePack = "all"

// findPrograms finds the program that Pulumi.yaml in project names, and the
// policy packs: the main packages below policy in root, or the one that stands
// for them all.
func findPrograms(ctx context.Context, tools toolchain, root, project, bin string) (*programs, error) {
	p := &programs{tools: tools, bin: bin}
	text, err := os.ReadFile(filepath.Join(project, projectFile))
	if err != nil {
		return nil, err
	}
	var file struct{ Main string }
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	p.source = file.Main
	mod, err := goOutput(ctx, tools, p.source, "env", "GOMOD")
	if err != nil {
		return nil, fmt.Errorf("looking for the program's module: %w", err)
	}
	if mod == "" || mod == os.DevNull {
		return nil, fmt.Errorf("the program's directory %s is in no Go module: add a go.mod", p.source)
	}
	p.module = filepath.Dir(mod)

	patterns := make([]string, 0, 2)
	rel, err := filepath.Rel(p.module, p.source)
	if err != nil {
		return nil, err
	}
	patterns = append(patterns, "./"+filepath.ToSlash(rel))
	switch _, err := os.Stat(filepath.Join(root, "policy")); {
	case err == nil:
		rel, err := filepath.Rel(p.module, filepath.Join(root, "policy"))
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, "./"+filepath.ToSlash(rel)+"/...")
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}

	// One line for each main package: its directory, and the path that
	// `go install` would give its binary.
	list, err := goOutput(ctx, tools, p.module, append([]string{"list", "-find", "-f", `{{if eq .Name "main"}}{{.Dir}}{{"\t"}}{{.Target}}{{end}}`}, patterns...)...)
	if err != nil {
		return nil, fmt.Errorf("looking for the program and the policy packs: %w", err)
	}
	for line := range strings.Lines(list) {
		dir, target, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		rel, err := filepath.Rel(p.module, dir)
		if err != nil {
			return nil, err
		}
		b := binary{pattern: "./" + filepath.ToSlash(rel), path: filepath.Join(bin, filepath.Base(target))}
		if same(dir, p.source) {
			p.program = b
		} else {
			p.policy = append(p.policy, b)
		}
	}
	if i := slices.IndexFunc(p.policy, func(b binary) bool { return path.Base(b.pattern) == wholePack }); i >= 0 {
		p.policy = p.policy[i : i+1]
	}
	if p.program.path == "" {
		return nil, fmt.Errorf("the program's directory %s holds no package main", p.source)
	}
	return p, nil
}

// same reports whether two paths name the same directory.
func same(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// packs are the paths of the policy packs.
func (p *programs) packs() []string {
	paths := make([]string, len(p.policy))
	for i, pack := range p.policy {
		paths[i] = pack.path
	}
	return paths
}

// build builds the policy packs, and the program too if asked to. The go
// command does it again only where sources have changed.
func (p *programs) build(ctx context.Context, say *narrator, program bool) error {
	what, targets := "building the policy packs", p.policy
	if program {
		what, targets = "building the program and the policy packs (some minutes on a new machine)", append([]binary{p.program}, p.policy...)
	}
	if len(targets) == 0 {
		return nil
	}
	return say.step(what, func() error { return p.goBuild(ctx, targets) })
}

// slim prepares copies of the generated Pulumi SDKs that hold only what the
// module uses, and returns the environment to build against them. All packages
// of the module count, so that `go test ./...` through slim shares what is
// compiled here.
func (p *programs) slim(ctx context.Context) (*slim.Build, error) {
	return slim.Prepare(ctx, slim.Options{Dir: p.module})
}

// goBuild runs `go build` through slim.
func (p *programs) goBuild(ctx context.Context, targets []binary) error {
	p.building.Lock()
	defer p.building.Unlock()

	shaken, err := p.slim(ctx)
	if err != nil {
		return err
	}
	defer shaken.Close()
	// With a directory to write to, the go command names each binary itself.
	if err := os.MkdirAll(p.bin, 0o755); err != nil {
		return err
	}
	args := []string{"build", "-o", p.bin + string(filepath.Separator)}
	for _, target := range targets {
		args = append(args, target.pattern)
	}
	_, err = output(ctx, p.module, shaken.Env, p.tools.goCommand, args...)
	return err
}

// goModule is what is used of a go.mod file as `go mod edit -json` prints it.
type goModule struct {
	Require []struct {
		Path, Version string
		Indirect      bool
	}
	Replace []struct{ Old struct{ Path string } }
}

// dependencies reads the go.mod file of the program.
func (p *programs) dependencies(ctx context.Context) (goModule, error) {
	var mod goModule
	out, err := goOutput(ctx, p.tools, p.module, "mod", "edit", "-json")
	if err != nil {
		return mod, err
	}
	return mod, json.Unmarshal([]byte(out), &mod)
}

// requiredPackages lists the Pulumi providers whose SDKs the program's module
// requires. Each such module holds a pulumi-plugin.json.
func (p *programs) requiredPackages(ctx context.Context) ([]requiredPackage, error) {
	mod, err := p.dependencies(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the program's dependencies: %w", err)
	}
	args := []string{"list", "-m", "-f", `{{if .Dir}}{{.Version}}{{"\t"}}{{.Dir}}{{end}}`}
	for _, require := range mod.Require {
		args = append(args, require.Path)
	}
	if len(mod.Require) == 0 {
		return nil, nil
	}
	list, err := goOutput(ctx, p.tools, p.module, args...)
	if err != nil {
		return nil, fmt.Errorf("listing the program's dependencies: %w", err)
	}
	var packages []requiredPackage
	for line := range strings.Lines(list) {
		version, dir, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		pkg, ok, err := readPluginFile(dir, version)
		if err != nil {
			return nil, err
		}
		if ok {
			packages = append(packages, pkg)
		}
	}
	return packages, nil
}

// readPluginFile reads the pulumi-plugin.json of a module, where generators of
// Pulumi SDKs put it; ok is false if there is none.
func readPluginFile(dir, version string) (pkg requiredPackage, ok bool, err error) {
	for _, pattern := range []string{"", "go", filepath.Join("go", "*"), "*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern, "pulumi-plugin.json"))
		if err != nil {
			return pkg, false, err
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				return pkg, false, err
			}
			var plugin struct {
				Resource      bool
				Name, Version string
			}
			if err := json.Unmarshal(text, &plugin); err != nil {
				return pkg, false, fmt.Errorf("%s: %w", file, err)
			}
			if !plugin.Resource || plugin.Name == "" {
				continue
			}
			if plugin.Version != "" {
				version = plugin.Version
			}
			return requiredPackage{plugin.Name, "v" + strings.TrimPrefix(version, "v")}, true, nil
		}
	}
	return pkg, false, nil
}
