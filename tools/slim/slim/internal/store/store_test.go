package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "cache"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func publish(t *testing.T, s *Store, name, text string) string {
	t.Helper()
	dir, err := s.Publish("modules", name, map[string][]byte{"a/b.go": []byte(text), "go.mod": nil})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSameContentSameDirectory(t *testing.T) {
	s := open(t)
	one, two := publish(t, s, "m", "x"), publish(t, s, "m", "x")
	if one != two {
		t.Errorf("%s and %s", one, two)
	}
	if other := publish(t, s, "m", "y"); other == one {
		t.Error("other content in the same directory")
	}
	if b, err := os.ReadFile(filepath.Join(one, "a", "b.go")); err != nil || string(b) != "x" {
		t.Errorf("content %q, %v", b, err)
	}
}

func TestIncompleteDirectoryIsReplaced(t *testing.T) {
	s := open(t)
	dir := publish(t, s, "m", "x")
	if err := os.WriteFile(filepath.Join(dir, "a", "b.go"), []byte("z"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s.Complete(dir) {
		t.Error("a changed file was not noticed")
	}
	if again := publish(t, s, "m", "x"); again != dir || !s.Complete(dir) {
		t.Error("the directory was not made good")
	}
}

func TestUnusedTreesAreRemovedAndUsedOnesStay(t *testing.T) {
	s := open(t)
	unused, used := publish(t, s, "unused", "x"), publish(t, s, "used", "x")
	long := time.Now().Add(-keepFor - time.Hour)
	for _, d := range []string{unused, used} {
		if err := os.Chtimes(d, long, long); err != nil {
			t.Fatal(err)
		}
	}
	if !s.Complete(used) {
		t.Fatal("not complete")
	}
	publish(t, s, "new", "x")
	if _, err := os.Stat(unused); !os.IsNotExist(err) {
		t.Error("the unused tree is still there")
	}
	if _, err := os.Stat(used); err != nil {
		t.Error("the used tree is gone")
	}
}

func TestCleanKeepsFilesOfOthers(t *testing.T) {
	s := open(t)
	publish(t, s, "m", "x")
	own := filepath.Join(s.Dir, "own.txt")
	if err := os.WriteFile(own, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Clean(s.Dir); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(s.Dir)
	if err != nil || len(left) != 1 || left[0].Name() != "own.txt" {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestLockSurvivesAClean(t *testing.T) {
	s := open(t)
	if err := Clean(s.Dir); err != nil {
		t.Fatal(err)
	}
	s = open(t)
	l, err := s.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if err := Clean(s.Dir); !errors.Is(err, ErrInUse) {
		t.Errorf("cleaned while locked: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSavedRecordComesBack(t *testing.T) {
	s := open(t)
	var got []string
	if s.Load("x.json", &got) {
		t.Error("loaded what was never saved")
	}
	if err := s.Save("x.json", []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if !s.Load("x.json", &got) || len(got) != 1 || got[0] != "a" {
		t.Errorf("loaded %v", got)
	}
}
