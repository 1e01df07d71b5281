package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/tools/pullrequest/preview"
)

func TestOrderOfTheStacks(t *testing.T) {
	removes := []preview.Change{{Op: preview.Delete, URN: "urn:pulumi:a::b::c:d:E::f"}}
	updates := []preview.Change{{Op: preview.Update, URN: "urn:pulumi:a::b::c:d:E::f"}}
	for name, test := range map[string]struct {
		home  preview.Preview
		first string // none where no order is safe
	}{
		"new outputs: home":             {home: preview.Preview{Complete: true, Outputs: []string{"home"}, Changes: updates}, first: "prod-east"},
		"home lets go: standbys":        {home: preview.Preview{Complete: true, Changes: removes}, first: "prod-west"},
		"nothing shared: standbys":      {home: preview.Preview{Complete: true, Changes: updates}, first: "prod-west"},
		"no change at all: standbys":    {home: preview.Preview{Complete: true}, first: "prod-west"},
		"new outputs and letting go":    {home: preview.Preview{Complete: true, Outputs: []string{"home"}, Changes: removes}},
		"a preview that failed":         {home: preview.Preview{Complete: true, Failed: true}},
		"a preview that was cut off":    {home: preview.Preview{}},
		"several outputs, nothing lost": {home: preview.Preview{Complete: true, Outputs: []string{"b", "a"}}, first: "prod-east"},
	} {
		t.Run(name, func(t *testing.T) {
			test.home.Stack = "prod-east"
			previews := []*preview.Preview{&test.home, {Stack: "prod-west", Complete: true}, {Stack: "prod-south", Complete: true}}
			stacks, reason, err := order(previews)
			if test.first == "" {
				if err == nil {
					t.Errorf("got the order %v", stacks)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if stacks[0] != test.first || reason == "" || len(stacks) != 3 {
				t.Errorf("got %v, because %q", stacks, reason)
			}
			if at := slices.Index(stacks, "prod-west"); slices.Index(stacks, "prod-south") != at+1 {
				t.Errorf("the standbys changed places: %v", stacks)
			}
		})
	}
}

func TestOrderSaysHowToSplitAChange(t *testing.T) {
	home := &preview.Preview{Stack: "prod-east", Complete: true, Outputs: []string{"home"}, Changes: []preview.Change{{Op: preview.Replace}}}
	_, _, err := order([]*preview.Preview{home, {Stack: "prod-west", Complete: true}})
	if err == nil || !strings.Contains(err.Error(), "prod-east changes its outputs (home)") || !strings.Contains(err.Error(), "split the change") {
		t.Error(err)
	}
}
