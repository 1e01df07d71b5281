package main

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/tandem-platform/tandem/tools/pullrequest/preview"
)

// label is the label by which a maintainer lets a destructive change pass.
const label = "allow-destructive-change"

//go:embed protected.txt
var protectedTypes string

// typePatterns are patterns of the type tokens that the gate protects.
type typePatterns []string

// readPatterns reads one pattern a line; # begins a comment. All bad ones are
// reported.
func readPatterns(name string, r io.Reader) (typePatterns, error) {
	var patterns typePatterns
	var bad []string
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		pattern, _, _ := strings.Cut(lines.Text(), "#")
		pattern = strings.TrimSpace(pattern)
		if pattern == "" {
			continue
		}
		if _, err := path.Match(pattern, ""); err != nil || strings.Count(pattern, ":") != 2 {
			bad = append(bad, fmt.Sprintf("%s:%d: %q is no pattern of a type token: write package:module:Type, with * for any text", name, number, pattern))
			continue
		}
		patterns = append(patterns, flat(pattern))
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(bad) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(bad, "\n"))
	}
	if len(patterns) == 0 {
		return nil, fmt.Errorf("%s names no type, so nothing would be protected", name)
	}
	return patterns, nil
}

// match reports whether a type is one of the protected.
func (p typePatterns) match(token string) bool {
	for _, pattern := range p {
		if ok, _ := path.Match(pattern, flat(token)); ok {
			return true
		}
	}
	return false
}

// flat has no slash, so that * goes over the whole of a token.
func flat(token string) string { return strings.ReplaceAll(token, "/", "|") }

// A verdict is what the gate says of a set of previews.
type verdict struct {
	// destructive are the protected resources that would be deleted or
	// replaced, by stack.
	destructive map[string][]preview.Change
	// failed are the stacks whose preview failed or did not come to its end.
	failed []string
	// allowed says that the label is there.
	allowed bool
}

// judge looks for what must not be merged without a second thought.
func judge(previews []*preview.Preview, types typePatterns, labels []string) verdict {
	v := verdict{destructive: map[string][]preview.Change{}}
	for _, l := range labels {
		v.allowed = v.allowed || l == label
	}
	for _, p := range previews {
		if p.Failed || !p.Complete {
			v.failed = append(v.failed, p.Stack)
		}
		for _, change := range p.Changes {
			if change.Op != preview.Delete && change.Op != preview.Replace {
				continue
			}
			if change.Protected || types.match(string(change.URN.Type())) {
				v.destructive[p.Stack] = append(v.destructive[p.Stack], change)
			}
		}
	}
	return v
}

// count is the number of destructive changes.
func (v verdict) count() int {
	n := 0
	for _, changes := range v.destructive {
		n += len(changes)
	}
	return n
}

// blocks says whether the change may not be merged, and why, in a line.
func (v verdict) blocks() (reason string, blocked bool) {
	switch n := v.count(); {
	case len(v.failed) > 0:
		return "the preview of " + strings.Join(v.failed, " and ") + " failed", true
	case n > 0 && !v.allowed:
		return fmt.Sprintf("%s would be deleted or replaced; the label %s lets it pass", plural(n, "protected resource"), label), true
	case n > 0:
		return fmt.Sprintf("%s would be deleted or replaced, allowed by the label %s", plural(n, "protected resource"), label), false
	default:
		return "no protected resource would be deleted or replaced", false
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
