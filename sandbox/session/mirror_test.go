package session

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A mirrorCase is a project and the directory of its copies.
type mirrorCase struct {
	t         *testing.T
	root, dir string
}

func newMirrorCase(t *testing.T) mirrorCase {
	m := mirrorCase{t, t.TempDir(), filepath.Join(t.TempDir(), "project")}
	if err := os.Mkdir(filepath.Join(m.root, "stacks"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(m.root, "Pulumi.yaml"), "name: tandem\nruntime: go\nmain: stacks\n")
	return m
}

// refresh brings the copies up to date and returns what was said.
func (m mirrorCase) refresh() string {
	m.t.Helper()
	var said bytes.Buffer
	if _, _, err := mirrorProject(m.root, m.dir, &narrator{w: &said}); err != nil {
		m.t.Fatal(err)
	}
	return said.String()
}

func (m mirrorCase) source(text string) { write(m.t, filepath.Join(m.root, "Pulumi.one.yaml"), text) }
func (m mirrorCase) edit(text string)   { write(m.t, filepath.Join(m.dir, "Pulumi.one.yaml"), text) }

func (m mirrorCase) copied() string {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, "Pulumi.one.yaml"))
	if err != nil {
		m.t.Fatal(err)
	}
	return string(text)
}

func (m mirrorCase) wantCopy(parts ...string) {
	m.t.Helper()
	for _, part := range parts {
		if !strings.Contains(m.copied(), part) {
			m.t.Errorf("the copy lacks %q:\n%s", part, m.copied())
		}
	}
}

func TestMirrorPointsAtTheProgram(t *testing.T) {
	m := newMirrorCase(t)
	m.refresh()
	text, err := os.ReadFile(filepath.Join(m.dir, "Pulumi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "main: " + filepath.Join(m.root, "stacks"); !strings.Contains(string(text), want) {
		t.Errorf("the copy lacks %q:\n%s", want, text)
	}
}

func TestMirrorKeepsWhatPulumiSetUntilTheSourceChanges(t *testing.T) {
	m := newMirrorCase(t)
	m.source("config:\n  tandem:active: east\n")
	m.refresh()

	m.edit("config:\n  tandem:active: west\nencryptionsalt: v1:salt\n")
	if said := m.refresh(); said != "" {
		t.Errorf("said %q, though nothing has changed", said)
	}
	m.wantCopy("tandem:active: west", "encryptionsalt: v1:salt")

	m.source("# a comment changes nothing\nconfig:\n  tandem:active: east\n")
	m.refresh()
	m.wantCopy("tandem:active: west")

	m.source("config:\n  tandem:active: north\n")
	if said := m.refresh(); !strings.Contains(said, "Pulumi.one.yaml has changed") {
		t.Errorf("said %q, want to be told that what was set is lost", said)
	}
	m.wantCopy("tandem:active: north", "encryptionsalt: v1:salt")
}

func TestMirrorIsQuietWhenNothingWasSet(t *testing.T) {
	m := newMirrorCase(t)
	m.source("config:\n  tandem:active: east\n")
	m.refresh()
	m.edit("config:\n  tandem:active: east\nencryptionsalt: v1:salt\n")
	m.source("config:\n  tandem:active: north\n")
	if said := m.refresh(); said != "" {
		t.Errorf("said %q, though nothing but Pulumi's salt was set", said)
	}
	m.wantCopy("tandem:active: north", "encryptionsalt: v1:salt")
}

func TestMirrorLeavesOutSecretsOfTheRealStack(t *testing.T) {
	m := newMirrorCase(t)
	m.source("secretsprovider: awskms://real\nencryptedkey: realkey\nconfig:\n  tandem:key:\n    secure: real\n  tandem:active: east\n")
	if said := m.refresh(); !strings.Contains(said, "tandem:key is encrypted for the real stack") {
		t.Errorf("said %q, want to be told which value is missing", said)
	}
	m.wantCopy("tandem:active: east")
	for _, secret := range []string{"awskms", "realkey", "secure"} {
		if strings.Contains(m.copied(), secret) {
			t.Errorf("the copy holds %q of the real stack:\n%s", secret, m.copied())
		}
	}

	m.edit("config:\n  tandem:active: east\n  tandem:key:\n    secure: own\nencryptionsalt: v1:salt\n")
	m.source("secretsprovider: awskms://real\nconfig:\n  tandem:key:\n    secure: real\n  tandem:active: west\n")
	m.refresh()
	m.wantCopy("secure: own", "tandem:active: west")
}

func TestMirrorForgetsRemovedStacksButKeepsItsOwn(t *testing.T) {
	m := newMirrorCase(t)
	m.source("config: {}\n")
	m.refresh()
	own := filepath.Join(m.dir, "Pulumi.own.yaml")
	write(t, own, "encryptionsalt: v1:salt\n")
	if err := os.Remove(filepath.Join(m.root, "Pulumi.one.yaml")); err != nil {
		t.Fatal(err)
	}
	m.refresh()
	if _, err := os.Stat(filepath.Join(m.dir, "Pulumi.one.yaml")); !os.IsNotExist(err) {
		t.Errorf("the copy of a removed stack file is still there: %v", err)
	}
	if _, err := os.Stat(own); err != nil {
		t.Errorf("a stack that was made in the sandbox is gone: %v", err)
	}
}

func TestStacksComeHomeFirst(t *testing.T) {
	m := newMirrorCase(t)
	regions := "config:\n  tandem:platform:\n    regions:\n      a-standby: {standbyOf: z-home}\n      z-home: {}\n"
	write(t, filepath.Join(m.root, "Pulumi.a-standby.yaml"), regions)
	write(t, filepath.Join(m.root, "Pulumi.z-home.yaml"), regions)
	project, stacks, err := mirrorProject(m.root, m.dir, &narrator{w: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	if project != "tandem" {
		t.Errorf("project %q, want tandem", project)
	}
	if len(stacks) != 2 || stacks[0].name != "z-home" || stacks[1].name != "a-standby" {
		t.Errorf("got %+v, want z-home before a-standby", stacks)
	}
}

func TestMirrorReportsEveryBadFile(t *testing.T) {
	m := newMirrorCase(t)
	write(t, filepath.Join(m.root, "Pulumi.yaml"), "runtime: go\n")
	m.source("- a list\n")
	_, _, err := mirrorProject(m.root, m.dir, &narrator{w: t.Output()})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"Pulumi.yaml: name: the project needs a name", "Pulumi.one.yaml: the document must be a mapping"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestMirrorNeverWritesToTheSource(t *testing.T) {
	m := newMirrorCase(t)
	const text = "config:\n  tandem:key:\n    secure: real\n"
	m.source(text)
	m.refresh()
	got, err := os.ReadFile(filepath.Join(m.root, "Pulumi.one.yaml"))
	if err != nil || string(got) != text {
		t.Errorf("the source is now %q (%v)", got, err)
	}
}
