package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A shell is where a script of .ci runs: the commands that it would call are
// stubs, and write down how they were called.
type shell struct {
	t     *testing.T
	stubs string
	calls string
	env   []string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	dir := t.TempDir()
	s := &shell{t: t, stubs: dir, calls: filepath.Join(dir, "calls")}
	tool, err := builtTool()
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"),
		"CALLS="+s.calls, "PULLREQUEST="+tool, "GITHUB_REPOSITORY=acme/shop", "STACKS=prod-east prod-west")
	return s
}

// toolDir holds what builtTool builds, until the tests are over.
var toolDir string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "pullrequest")
	if err != nil {
		panic(err)
	}
	toolDir = dir
	status := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// builtTool is this command, built once.
var builtTool = sync.OnceValues(func() (string, error) {
	path := filepath.Join(toolDir, "pullrequest")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the command: %w\n%s", err, out)
	}
	return path, nil
})

// stub puts a command on the PATH. Its text sees note, which writes down a call.
func (s *shell) stub(name, text string) {
	s.t.Helper()
	const head = "#!/usr/bin/env bash\nset -eu\nnote() { echo \"$*\" >>\"$CALLS\"; }\n"
	if err := os.WriteFile(filepath.Join(s.stubs, name), []byte(head+text), 0o755); err != nil {
		s.t.Fatal(err)
	}
}

// run runs a script, and returns what it printed and its exit status.
func (s *shell) run(script string, args ...string) (stdout, stderr string, status int) {
	s.t.Helper()
	path, err := filepath.Abs(filepath.Join("../../.ci", script))
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = s.env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		s.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// called are the calls, in order.
func (s *shell) called() []string {
	s.t.Helper()
	text, err := os.ReadFile(s.calls)
	if err != nil && !os.IsNotExist(err) {
		s.t.Fatal(err)
	}
	return slices.Collect(strings.Lines(string(text)))
}

// previews are a directory as .ci/preview makes it, from logs of testdata.
func previews(t *testing.T, logs map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for stack, name := range logs {
		log, err := os.ReadFile(filepath.Join("testdata", name+".events"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, stack+suffix), log, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "where"), []byte("aws\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// goStub makes a sandbox and the policy pack without building anything; the tool
// under test is built for real.
const goStub = `
case "$*" in
"build -o "*/sandbox" ./sandbox")
  printf '#!/usr/bin/env bash\necho "sandbox ${*//"$PWD"/HERE}" >>"$CALLS"\n[[ "$*" != *" up" ]] || exit ${UP_STATUS:-0}\n[[ "$*" != *"-s ${FAILING:-none} "* ]] || { echo "error: boom"; exit 255; }\n' >"$3"
  chmod +x "$3" ;;
"build -o "*"/packs/all ./policy/all") mkdir -p "${3%/*}" && touch "$3" ;;
"run ./tools/slim exec -- "*) shift 4; note "slim $*"; [[ "$*" != *"-s ${FAILING:-none}"* ]] || exit 255 ;;
"build -o "*" ./tools/pullrequest") cp "$PULLREQUEST" "$3" ;;
"run ./tools/pullrequest "*) shift 2; exec "$PULLREQUEST" "$@" ;;
*) echo "go $*: no such stub" >&2; exit 1 ;;
esac
`

func TestPreviewInTheSandboxBringsUpTheBaseFirst(t *testing.T) {
	s := newShell(t)
	s.stub("go", goStub)
	out, base := t.TempDir(), t.TempDir()
	if _, stderr, status := s.run("preview", "sandbox", out, base); status != 0 {
		t.Fatalf("exit status %d: %s", status, stderr)
	}
	calls := s.called()
	if len(calls) != 3 || !strings.Contains(calls[0], " up\n") ||
		!strings.Contains(calls[1], "pulumi preview --non-interactive --color never --diff -s prod-east --event-log "+out+"/prod-east.events") ||
		!strings.Contains(calls[2], "-s prod-west ") {
		t.Errorf("got %q", calls)
	}
	if _, err := os.Stat(filepath.Join(out, "note")); err == nil {
		t.Error("a base that came up is noted")
	}
}

func TestPreviewSaysWhereTheBaseDoesNotComeUp(t *testing.T) {
	s := newShell(t)
	s.stub("go", goStub)
	s.env = append(s.env, "UP_STATUS=1")
	out, base := t.TempDir(), t.TempDir()
	if _, stderr, status := s.run("preview", "sandbox", out, base); status != 0 {
		t.Fatalf("exit status %d: %s", status, stderr)
	}
	note, err := os.ReadFile(filepath.Join(out, "note"))
	if err != nil || !strings.Contains(string(note), "from nothing") {
		t.Errorf("the note is %q, %v", note, err)
	}
}

func TestPreviewGoesOnAfterAStackThatFails(t *testing.T) {
	for where, more := range map[string][]string{"sandbox": {t.TempDir()}, "aws": nil} {
		t.Run(where, func(t *testing.T) {
			s := newShell(t)
			s.stub("go", goStub)
			s.env = append(s.env, "FAILING=prod-east")
			_, stderr, status := s.run("preview", append([]string{where, t.TempDir()}, more...)...)
			if status != 1 || !strings.Contains(stderr, "the preview failed: prod-east\n") {
				t.Errorf("exit status %d: %s", status, stderr)
			}
			if calls := s.called(); !strings.Contains(calls[len(calls)-1], "-s prod-west") {
				t.Errorf("got %q", calls)
			}
		})
	}
}

// packed matches a call with the pack of all rules, by its absolute path.
var packed = regexp.MustCompile(` --policy-pack \S*/packs/all\s`)

func TestPreviewAgainstAWSHasThePolicies(t *testing.T) {
	s := newShell(t)
	s.stub("go", goStub)
	if _, stderr, status := s.run("preview", "aws", t.TempDir()); status != 0 {
		t.Fatalf("exit status %d: %s", status, stderr)
	}
	for _, call := range s.called() {
		if !strings.HasPrefix(call, "slim env PULUMI_DEBUG_COMMANDS=true pulumi preview ") || !packed.MatchString(call) {
			t.Errorf("got %q", call)
		}
	}
}

func TestScriptsShowTheirUsageForBadArguments(t *testing.T) {
	for _, args := range [][]string{{"preview"}, {"preview", "azure", "out"}, {"preview", "aws", "out", "base"}, {"report", "1"}, {"find-preview"}, {"up"}, {"up", "previews", "sideways"}} {
		s := newShell(t)
		s.stub("go", goStub)
		s.stub("gh", `note "$@"`)
		_, stderr, status := s.run(args[0], args[1:]...)
		if status != 2 || !strings.Contains(stderr, ".ci/"+args[0]) {
			t.Errorf("%q: exit status %d: %s", args, status, stderr)
		}
		if calls := s.called(); len(calls) > 0 {
			t.Errorf("%q: called %q", args, calls)
		}
	}
}

// ghStub answers what .ci/report and .ci/find-preview ask of GitHub.
const ghStub = `
case "$*" in
*labels*) echo "${LABELLED:-false}" ;;
*"/comments?"*) echo -n "${COMMENT:-}" ;;
*"workflows/preview.yml"*) printf "${RUN-}" ;;
*"/pulls "*) echo -n "${NUMBER-}" ;;
*"body=@"*)
  for argument; do [[ $argument != body=@* ]] || cat "${argument#body=@}" >"$CALLS.body"; done
  note "${*//body=@*/body}" ;;
*) note "$*" ;;
esac
`

func TestReportUpdatesItsOwnComment(t *testing.T) {
	for name, test := range map[string]struct{ comment, want string }{
		"none yet":       {want: "api -X POST repos/acme/shop/issues/7/comments -F body"},
		"an earlier one": {comment: "42", want: "api -X PATCH repos/acme/shop/issues/comments/42 -F body"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShell(t)
			s.stub("go", goStub)
			s.stub("gh", ghStub)
			s.env = append(s.env, "COMMENT="+test.comment)
			dir := previews(t, map[string]string{"prod-east": "update", "prod-west": "unchanged"})
			stdout, stderr, status := s.run("report", "7", "1f0c2d3aaaa", dir, "https://example.org/run")
			if status != 0 || stdout != "success: no protected resource would be deleted or replaced\n" {
				t.Fatalf("exit status %d: %s%s", status, stdout, stderr)
			}
			calls := s.called()
			if len(calls) != 2 || !strings.HasPrefix(calls[0], test.want) {
				t.Errorf("got %q", calls)
			}
			want := "api -X POST repos/acme/shop/statuses/1f0c2d3aaaa -f state=success -f context=preview -f description=no protected resource would be deleted or replaced -f target_url=https://example.org/run --silent\n"
			if calls[1] != want {
				t.Errorf("got %q", calls[1])
			}
			body, err := os.ReadFile(s.calls + ".body")
			if err != nil || !strings.HasPrefix(string(body), marker+"\n### Preview of `1f0c2d3` against AWS\n\n[The run](https://example.org/run)") {
				t.Errorf("%v: the comment is %s", err, body)
			}
		})
	}
}

func TestReportBlocksWhatTheGateBlocks(t *testing.T) {
	for name, test := range map[string]struct {
		logs     map[string]string
		labelled string
		want     string
	}{
		"a replacement":            {map[string]string{"prod-east": "replace", "prod-west": "unchanged"}, "false", "failure: 4 protected resources would be deleted or replaced; the label"},
		"a labelled replacement":   {map[string]string{"prod-east": "replace", "prod-west": "unchanged"}, "true", "success: 4 protected resources would be deleted or replaced, allowed"},
		"a preview that is absent": {map[string]string{"prod-east": "unchanged"}, "true", "failure: the preview of prod-west failed"},
		"no preview at all":        {nil, "false", "failure: the preview of prod-east and prod-west failed"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShell(t)
			s.stub("go", goStub)
			s.stub("gh", ghStub)
			s.env = append(s.env, "LABELLED="+test.labelled)
			stdout, stderr, status := s.run("report", "7", "1f0c2d3aaaa", previews(t, test.logs))
			if status != 0 || !strings.HasPrefix(stdout, test.want) {
				t.Errorf("exit status %d: %s%s", status, stdout, stderr)
			}
			state, _, _ := strings.Cut(test.want, ":")
			if calls := s.called(); !strings.Contains(calls[len(calls)-1], "-f state="+state+" ") {
				t.Errorf("got %q", calls)
			}
		})
	}
}

func TestReportOfWhatCannotBeReadIsAnError(t *testing.T) {
	s := newShell(t)
	s.stub("go", goStub)
	s.stub("gh", ghStub)
	dir := previews(t, map[string]string{"prod-west": "unchanged"})
	if err := os.WriteFile(filepath.Join(dir, "prod-east.events"), []byte("no event\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, stderr, status := s.run("report", "7", "1f0c2d3aaaa", dir)
	if status == 0 || !strings.Contains(stderr, "line 1 is no engine event") {
		t.Errorf("exit status %d: %s", status, stderr)
	}
}

func TestFindPreviewTrustsGitHubAloneForTheNumber(t *testing.T) {
	for name, test := range map[string]struct{ run, number, want string }{
		"found":            {`99\tstranger\tpatch-1\n`, "7", "7\n"},
		"none finished":    {"", "7", ""},
		"no longer head":   {`99\tstranger\tpatch-1\n`, "", ""},
		"branch of a fork": {`99\tstranger\tfix/a;b\n`, "8", "8\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShell(t)
			s.stub("go", goStub)
			s.stub("gh", ghStub)
			s.env = append(s.env, "RUN="+test.run, "NUMBER="+test.number)
			out := filepath.Join(t.TempDir(), "previews")
			stdout, stderr, status := s.run("find-preview", "1f0c2d3aaaa", out)
			if status != 0 || stdout != test.want {
				t.Fatalf("exit status %d, %q: %s", status, stdout, stderr)
			}
			calls := s.called()
			if test.want == "" {
				if len(calls) > 0 {
					t.Errorf("fetched %q", calls)
				}
				return
			}
			if want := "run download 99 --repo acme/shop --name preview --dir " + out + "\n"; len(calls) != 1 || calls[0] != want {
				t.Errorf("got %q", calls)
			}
		})
	}
}

func TestUpFollowsTheOrder(t *testing.T) {
	updated := map[string]string{"prod-east": "update", "prod-west": "unchanged"}
	for name, test := range map[string]struct {
		order  string
		failed string
		want   []string
	}{
		"as the change demands": {order: "automatic", want: []string{"prod-west", "prod-east"}},
		"home first":            {order: "home-first", want: []string{"prod-east", "prod-west"}},
		"standby first":         {order: "standby-first", want: []string{"prod-west", "prod-east"}},
		"the first fails":       {order: "standby-first", failed: "prod-west", want: []string{"prod-west"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShell(t)
			s.stub("go", goStub)
			s.env = append(s.env, "FAILING="+test.failed)
			_, stderr, status := s.run("up", previews(t, updated), test.order)
			if (status != 0) != (test.failed != "") {
				t.Errorf("exit status %d: %s", status, stderr)
			}
			var stacks []string
			for _, call := range s.called() {
				if !strings.HasPrefix(call, "slim pulumi up --non-interactive --color never --yes -s ") || !packed.MatchString(call) {
					t.Errorf("got %q", call)
				}
				stacks = append(stacks, strings.Fields(call)[8])
			}
			if !slices.Equal(stacks, test.want) {
				t.Errorf("got %q, want %q", stacks, test.want)
			}
		})
	}
}

func TestUpTouchesNothingWhereNoOrderIsSafe(t *testing.T) {
	s := newShell(t)
	s.stub("go", goStub)
	_, stderr, status := s.run("up", previews(t, map[string]string{"prod-east": "error", "prod-west": "unchanged"}))
	if status == 0 || !strings.Contains(stderr, "the preview of prod-east failed, so there is no order") {
		t.Errorf("exit status %d: %s", status, stderr)
	}
	if calls := s.called(); len(calls) > 0 {
		t.Errorf("called %q", calls)
	}
}
