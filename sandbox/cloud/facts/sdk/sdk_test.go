package sdk

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/facts"
)

func TestTokensSayWhereTheirTypeIs(t *testing.T) {
	for tok, want := range map[string][3]string{
		"aws:ec2/vpc:Vpc":                     {"ec2", "vpc", "Vpc"},
		"datadog:index/monitor:Monitor":       {"", "monitor", "Monitor"},
		"kubernetes:helm.sh/v3:Release":       {"helm/v3", "release", "Release"},
		"aws:index/getPartition:getPartition": {"", "getPartition", "getPartition"},
	} {
		dir, file, name, err := split(tok)
		if err != nil || [3]string{dir, file, name} != want {
			t.Errorf("%s: %s %s %s, %v", tok, dir, file, name, err)
		}
	}
	for _, tok := range []string{"aws", "aws:ec2:Vpc"} {
		if _, _, _, err := split(tok); err == nil {
			t.Errorf("%s was taken for a token", tok)
		}
	}
}

func TestTypesOfOtherPackagesAreFollowed(t *testing.T) {
	f := &facts.Facts{Versions: map[string]string{}, Types: map[string]facts.Object{}}
	k, err := Open("kubernetes", f)
	if err != nil {
		t.Fatal(err)
	}
	deployment, err := k.Resource("kubernetes:apps/v1:Deployment")
	if err != nil {
		t.Fatal(err)
	}
	spec := f.Types["kubernetes/apps/v1.DeploymentSpec"]
	if deployment.Inputs["spec"].Type != "#kubernetes/apps/v1.DeploymentSpec" || spec["template"].Type != "#kubernetes/core/v1.PodTemplateSpec" {
		t.Errorf("the template is %q", spec["template"].Type)
	}
	if got := f.Types["kubernetes/core/v1.SecurityContext"]["privileged"].Type; got != "bool" {
		t.Errorf("privileged is %q", got)
	}
}
