package main

import (
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/tools/pullrequest/preview"
)

func TestGateStopsTheReplacementOfAProtectedType(t *testing.T) {
	previews := []*preview.Preview{read(t, "prod-east", "replace"), read(t, "prod-west", "unchanged")}
	v := judge(previews, defaultTypes(t), []string{"network"})
	if reason, blocked := v.blocks(); !blocked || !strings.Contains(reason, label) {
		t.Errorf("blocked %t, because %q", blocked, reason)
	}
	for _, change := range v.destructive["prod-east"] {
		if change.URN.Type() == "aws:ec2/eip:Eip" {
			t.Errorf("%s is of no protected type", change.URN)
		}
	}
	if reason, blocked := judge(previews, defaultTypes(t), []string{label}).blocks(); blocked || !strings.Contains(reason, "allowed by the label") {
		t.Errorf("with the label: blocked %t, because %q", blocked, reason)
	}
}

func TestGateStopsTheDeletionOfWhatTheStateProtects(t *testing.T) {
	change := preview.Change{Op: preview.Delete, URN: "urn:pulumi:prod-east::tandem::example:index:Thing::ledger", Protected: true}
	previews := []*preview.Preview{{Stack: "prod-east", Complete: true, Changes: []preview.Change{change}}}
	if _, blocked := judge(previews, defaultTypes(t), nil).blocks(); !blocked {
		t.Error("a protected resource of another type may be deleted")
	}
	previews[0].Changes[0].Protected = false
	if reason, blocked := judge(previews, defaultTypes(t), nil).blocks(); blocked {
		t.Error(reason)
	}
}

func TestGateLetsUpdatesOfProtectedTypesPass(t *testing.T) {
	previews := []*preview.Preview{read(t, "prod-east", "update"), read(t, "prod-west", "unchanged")}
	if reason, blocked := judge(previews, typePatterns{"*"}, nil).blocks(); blocked {
		t.Error(reason)
	}
}

func TestGateStopsAPreviewThatFailedOrWasCutOff(t *testing.T) {
	for name, p := range map[string]*preview.Preview{
		"failed":    read(t, "prod-east", "error"),
		"cut off":   {Stack: "prod-east"},
		"by policy": policyPreview(),
	} {
		t.Run(name, func(t *testing.T) {
			// No label lets an unknown change pass.
			reason, blocked := judge([]*preview.Preview{p}, defaultTypes(t), []string{label}).blocks()
			if !blocked || reason != "the preview of prod-east failed" {
				t.Errorf("blocked %t, because %q", blocked, reason)
			}
		})
	}
}

func TestBadPatternsAreReportedTogether(t *testing.T) {
	_, err := readPatterns("types.txt", strings.NewReader("aws:rds/*\n# a comment\naws:s3/bucketV2:BucketV2 # ours\naws:[:x\n"))
	want := `types.txt:1: "aws:rds/*" is no pattern of a type token: write package:module:Type, with * for any text
types.txt:4: "aws:[:x" is no pattern of a type token: write package:module:Type, with * for any text`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := readPatterns("types.txt", strings.NewReader("# nothing\n")); err == nil || !strings.Contains(err.Error(), "nothing would be protected") {
		t.Errorf("an empty file: %v", err)
	}
}

func TestPatternsMatchWholeTokens(t *testing.T) {
	if _, err := readPatterns("types.txt", strings.NewReader("aws:rds*:*:*\naws:dynamodb/*:Table")); err == nil {
		t.Fatal("a pattern with three colons was taken")
	}
	types, err := readPatterns("types.txt", strings.NewReader("aws:rds*:*\naws:dynamodb/*:Table"))
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]bool{
		"aws:rds/cluster:Cluster":       true,
		"aws:dynamodb/table:Table":      true,
		"aws:dynamodb/table:TableX":     false,
		"xaws:rds/cluster:Cluster":      false,
		"kubernetes:core/v1:Namespace":  false,
		"aws:s3/bucketV2:BucketV2":      false,
		"aws:dynamodb/replica:NotTable": false,
	} {
		if types.match(token) != want {
			t.Errorf("%s: %t", token, !want)
		}
	}
}
