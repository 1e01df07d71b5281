package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/tools/pullrequest/preview"
)

var update = flag.Bool("update", false, "write the golden files anew")

// read reads the event log testdata/NAME.events as that of a stack.
func read(t *testing.T, stack, name string) *preview.Preview {
	t.Helper()
	p, err := preview.ReadFile(stack, filepath.Join("testdata", name+".events"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// defaultTypes are the protected types of protected.txt.
func defaultTypes(t *testing.T) typePatterns {
	t.Helper()
	types, err := protectedPatterns("")
	if err != nil {
		t.Fatal(err)
	}
	return types
}

// The event logs are of real previews in the sandbox, less most of the
// resources that do not change.
func TestCommentOfAPreview(t *testing.T) {
	for name, test := range map[string]struct {
		east, west string // event logs
		labels     []string
		notes      []string
	}{
		"unchanged":        {east: "unchanged", west: "unchanged"},
		"create":           {east: "create", west: "create", notes: []string{"The base could not be brought up, so this is the whole platform from nothing."}},
		"update":           {east: "update", west: "unchanged"},
		"replace-blocked":  {east: "replace", west: "unchanged"},
		"replace-labelled": {east: "replace", west: "unchanged", labels: []string{"network", label}},
		"error":            {east: "error", west: "unchanged"},
	} {
		t.Run(name, func(t *testing.T) {
			previews := []*preview.Preview{read(t, "prod-east", test.east), read(t, "prod-west", test.west)}
			got := comment{
				commit: "1f0c2d3", where: "in the sandbox", notes: test.notes, previews: previews,
				verdict: judge(previews, defaultTypes(t), test.labels),
			}.markdown(maxComment)
			golden := filepath.Join("testdata", name+".md")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the comment differs from %s; if it should, run go test ./tools/pullrequest -update and read the change\n%s", golden, got)
			}
		})
	}
}

// policyPreview is one that a mandatory policy failed.
func policyPreview() *preview.Preview {
	return &preview.Preview{
		Stack: "prod-east", Failed: true, Packs: []string{"tandem-security 0.1.0"},
		Violations: []preview.Violation{
			{Mandatory: true, Policy: "s3-bucket-encrypted", URN: "urn:pulumi:prod-east::tandem::aws:s3/bucketV2:BucketV2::logs", Message: "the bucket has no key\nremedy: add one"},
			{Policy: "tags-owner", Message: "no owner"},
		},
	}
}

func TestCommentTellsMandatoryViolationsFromAdvice(t *testing.T) {
	previews := []*preview.Preview{policyPreview()}
	got := comment{commit: "1f0c2d3", where: "in the sandbox", previews: previews, verdict: judge(previews, defaultTypes(t), nil)}.markdown(maxComment)
	for _, want := range []string{
		"❌ 1 violation, ⚠️ 1 to consider",
		"2 policy findings",
		"- ❌ mandatory `s3-bucket-encrypted`: `logs` (`aws:s3/bucketV2:BucketV2`) in `prod-east`\n  ```\n  the bucket has no key\n  remedy: add one\n  ```",
		"- ⚠️ advice `tags-owner`: the stack in `prod-east`",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "preview failed") {
		t.Errorf("a preview that a policy failed looks as if the program had failed:\n%s", got)
	}
}

// A pull request from a stranger chooses names, values and messages.
func TestCommentRendersNothingThatAPullRequestChooses(t *testing.T) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	nasty := rapid.StringOfN(rapid.RuneFrom([]rune("`|*_<>[]()!@#-~\n\\ ab:/.&")), 0, 40, -1)
	rapid.Check(t, func(r *rapid.T) {
		name, path, message, stack := nasty.Draw(r, "name"), nasty.Draw(r, "path"), nasty.Draw(r, "message"), "prod-east"
		u := urn.New("prod-east", "tandem", "", "aws:s3/bucketV2:BucketV2", name)
		p := &preview.Preview{
			Stack: stack, Complete: true, Errors: []string{message},
			Changes: []preview.Change{
				{Op: preview.Replace, URN: u, Properties: []preview.Property{{Path: path, Replaces: true, Old: message, New: name}}},
			},
			Violations: []preview.Violation{{Mandatory: true, Policy: path, URN: u, Message: message}},
		}
		source := []byte(comment{commit: name, where: "in the sandbox", previews: []*preview.Preview{p}, verdict: judge([]*preview.Preview{p}, defaultTypes(t), nil)}.markdown(maxComment))
		document := markdown.Parse(text.NewReader(source))
		err := ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.CodeSpan, *ast.FencedCodeBlock:
				return ast.WalkSkipChildren, nil
			case *ast.HTMLBlock, *ast.RawHTML:
				if html := string(n.Text(source)); strings.ContainsAny(html, "@[") { //nolint:staticcheck // Text is the shortest way
					r.Errorf("raw HTML holds %q", html)
				}
			case *ast.Link, *ast.AutoLink, *ast.Image:
				r.Errorf("the comment has a link:\n%s", source)
			case *ast.Text:
				if strings.Contains(string(n.Segment.Value(source)), "@") {
					r.Errorf("the comment can mention someone: %q in\n%s", n.Segment.Value(source), source)
				}
			}
			return ast.WalkContinue, nil
		})
		if err != nil {
			r.Fatal(err)
		}
	})
}

func TestCommentKeepsWithinItsLimit(t *testing.T) {
	for _, limit := range []int{2000, 6000, maxComment} {
		p := read(t, "prod-east", "replace")
		for range 200 {
			p.Changes = append(p.Changes, p.Changes[0])
			p.Errors = append(p.Errors, strings.Repeat("wörd ", limit/500))
		}
		previews := []*preview.Preview{p, read(t, "prod-west", "replace")}
		got := comment{commit: "1f0c2d3", where: "in the sandbox", previews: previews, verdict: judge(previews, defaultTypes(t), nil)}.markdown(limit)
		if n := utf8.RuneCountInString(got); n > limit {
			t.Errorf("with a limit of %d the comment has %d characters", limit, n)
		}
		if !strings.Contains(got, "job's summary and its artifact") {
			t.Errorf("with a limit of %d nothing says where the rest is", limit)
		}
	}
}

func TestCommentShowsALongValueCutShort(t *testing.T) {
	got := diff(preview.Change{Op: preview.Update, URN: "urn:pulumi:a::b::c:d:E::f", Properties: []preview.Property{{Path: "policy", Old: strings.Repeat("x", 500), New: preview.Unknown{}}}})
	if lines := strings.Split(got, "\n"); len(lines[1]) > 130 || !strings.HasSuffix(lines[1], "…") || lines[2] != "+     policy: known after the update" {
		t.Errorf("got\n%s", got)
	}
}
