package session

import (
	"os/exec"
	"strings"
	"testing"
)

// The generated SDKs take many minutes to compile: `go run ./sandbox` must
// start without them.
func TestTheCommandImportsNoGeneratedSDK(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "github.com/tandem-platform/tandem/sandbox").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 10 {
		t.Fatalf("only %d packages listed", len(packages))
	}
	for _, path := range packages {
		if strings.HasPrefix(path, "github.com/pulumi/pulumi-") {
			t.Errorf("the sandbox command imports %s", path)
		}
	}
}
