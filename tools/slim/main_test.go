package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func call(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, &out, &err)
	return code, out.String(), err.String()
}

func TestHelpIsNoError(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"help"}, {"exec", "--help"}, {"report", "-h"}} {
		code, out, _ := call(args...)
		if code != 0 || !strings.Contains(out, "slim exec") {
			t.Errorf("%v: exit %d: %s", args, code, out)
		}
	}
}

func TestWrongCallsSayWhatToDo(t *testing.T) {
	tests := []struct {
		args []string
		want string
	}{
		{nil, "usage"},
		{[]string{"run"}, "no such command: run"},
		{[]string{"exec"}, "needs a command after --"},
		{[]string{"exec", "go", "build"}, "needs a command after --"},
		{[]string{"exec", "--"}, "needs a command after --"},
		{[]string{"exec", "-x", "--", "go"}, "-x"},
		{[]string{"clean", "./..."}, "takes no packages"},
	}
	for _, tt := range tests {
		code, _, stderr := call(tt.args...)
		if code != 2 || !strings.Contains(stderr, tt.want) {
			t.Errorf("%v: exit %d: %s", tt.args, code, stderr)
		}
	}
}

func TestExecReportAndClean(t *testing.T) {
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(filepath.Join("slim", "testdata"))); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOWORK", "off")
	flags := []string{"-C", filepath.Join(root, "program"), "-cache", filepath.Join(root, "cache")}
	with := func(verb string, more ...string) []string { return append(append([]string{verb}, flags...), more...) }

	code, out, stderr := call(with("exec", "--", "go", "run", ".")...)
	if code != 0 || !strings.Contains(out, "subnet inner") {
		t.Errorf("exec: exit %d: %s%s", code, out, stderr)
	}
	code, out, stderr = call(with("report")...)
	if code != 0 || !strings.Contains(out, "toy/net") {
		t.Errorf("report: exit %d: %s%s", code, out, stderr)
	}
	if code, _, stderr = call(with("clean")...); code != 0 {
		t.Errorf("clean: exit %d: %s", code, stderr)
	}
	code, _, stderr = call("report", "-C", filepath.Join(root, "nowhere"))
	if code != 1 || !strings.Contains(stderr, "nowhere") {
		t.Errorf("no directory: exit %d: %s", code, stderr)
	}
}
