package load

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFlagsSurviveJoiningAndSplitting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flags := rapid.SliceOf(rapid.StringMatching(`-[a-z]{1,5}(=[a-z /'"\t]{0,8}[a-z])?`)).Draw(t, "flags")
		joined, err := JoinFlags(flags)
		if err != nil {
			for _, f := range flags {
				if slices.Contains([]byte(f), '"') && slices.Contains([]byte(f), '\'') {
					return // there is no way to write such a flag
				}
			}
			t.Fatal(err)
		}
		got, err := SplitFlags(joined)
		if err != nil || !slices.Equal(got, flags) {
			t.Fatalf("%q came back as %q, %v", flags, got, err)
		}
	})
}

func TestFlagsAsTheGoCommandReadsThem(t *testing.T) {
	got, err := SplitFlags(` -mod=mod  '-ldflags=-s -w' "-tags=a b"` + "\t-v\n")
	want := []string{"-mod=mod", "-ldflags=-s -w", "-tags=a b", "-v"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := SplitFlags("-v '-x"); err == nil {
		t.Error("an open quote is taken")
	}
}

func TestFlagIsFoundWithOneDashOrTwo(t *testing.T) {
	flags := []string{"-mod=mod", "--tags=a", "-v", "-tags=b", "-tagsx=c"}
	if v, ok := Flag(flags, "tags"); v != "b" || !ok {
		t.Errorf("tags: %q, %v", v, ok)
	}
	if v, ok := Flag(flags, "v"); v != "true" || !ok {
		t.Errorf("v: %q, %v", v, ok)
	}
	if _, ok := Flag(flags, "modfile"); ok {
		t.Error("modfile found")
	}
	if got := DropFlag(flags, "tags"); !slices.Equal(got, []string{"-mod=mod", "-v", "-tagsx=c"}) {
		t.Errorf("without tags: %q", got)
	}
}

func TestLastSettingOfAVariableWins(t *testing.T) {
	env := []string{"A=1", "AB=2", "A=3"}
	if got := Get(env, "A"); got != "3" {
		t.Errorf("A is %s", got)
	}
	if got := Set(env, "A", "4"); !slices.Equal(got, []string{"AB=2", "A=4"}) {
		t.Errorf("environment %q", got)
	}
}
