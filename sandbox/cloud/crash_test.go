package cloud_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

// victimEnv makes the test binary a process that writes to the store that it
// names, until it is killed.
const victimEnv = "TANDEM_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victimEnv); path != "" {
		victim(path)
	}
	os.Exit(m.Run())
}

// victim makes and deletes resources for ever, and says after each what must
// be so from then on.
func victim(path string) {
	w := cloudtest.At(&failing{}, path)
	p := w.AWS("us-east-1")
	vpc := p.Make(vpcType, "v", props{"cidrBlock": "10.0.0.0/16"})
	fmt.Println("has", vpc.ID)
	for i := range 256 {
		s := p.Make("aws:ec2/subnet:Subnet", fmt.Sprint("s", i), props{"vpcId": vpc.ID, "cidrBlock": fmt.Sprintf("10.0.%d.0/24", i)})
		fmt.Println("has", s.ID)
		if i%3 == 0 {
			fmt.Println("may lack", s.ID)
			if err := s.Delete(); err != nil {
				panic(err)
			}
			fmt.Println("lacks", s.ID)
		}
	}
	select {} // wait for the end
}

// failing is a test outside of a test: it panics.
type failing struct{ testing.TB }

func (*failing) Helper()                   {}
func (*failing) Cleanup(func())            {}
func (*failing) Fatal(a ...any)            { panic(fmt.Sprint(a...)) }
func (*failing) Fatalf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }

func TestStoreSurvivesBeingKilled(t *testing.T) {
	for i := range 8 {
		path := filepath.Join(t.TempDir(), "clouds.db")
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victimEnv+"="+path)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		want := map[string]string{}
		for n := 0; lines.Scan(); n++ {
			what, id, _ := strings.Cut(lines.Text(), " ")
			if what == "may" {
				what, id = "may", strings.TrimPrefix(id, "lack ")
			}
			want[id] = what
			if n == 8+7*i {
				time.Sleep(time.Duration(i) * time.Millisecond)
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // killed
		c, err := cloud.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		all, err := c.Resources(nil)
		if err != nil {
			t.Fatal(err)
		}
		have := map[string]bool{}
		for _, r := range all {
			have[r.ID] = true
		}
		for _, r := range all {
			for _, ref := range r.Refs {
				if !have[ref.ID] {
					t.Errorf("%s names %s, which is gone", r.ID, ref.ID)
				}
			}
		}
		for id, what := range want {
			if what == "has" && !have[id] || what == "lacks" && have[id] {
				t.Errorf("after a kill the store %s: %v", what, id)
			}
		}
		if len(want) < 4 {
			t.Errorf("the process did no more than %v", want)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestStoreKeepsEverythingOverARestart(t *testing.T) {
	w := cloudtest.New(t)
	n := w.AWS("us-east-1").Network("us-east-1")
	w.Close()
	w.Open()
	p := w.AWS("us-east-1")
	r, err := n.VPC.On(p).Read()
	if err != nil || r.Id != n.VPC.ID {
		t.Fatalf("the VPC reads as %v, %v", r, err)
	}
	cloudtest.WantError(t, n.VPC.On(p).Delete(), "DependencyViolation")
	again := p.Make(vpcType, "us-east-1", props{"cidrBlock": "10.0.0.0/16"})
	if again.ID == n.VPC.ID {
		t.Error("an id was given out twice")
	}
}

func TestSameProgramGetsTheSameIDs(t *testing.T) {
	ids := func() []any {
		n := cloudtest.New(t).AWS("us-east-1").Network("us-east-1")
		return append(n.SubnetIDs(), n.VPC.ID)
	}
	if a, b := fmt.Sprint(ids()), fmt.Sprint(ids()); a != b {
		t.Errorf("first %s, then %s", a, b)
	}
}

func TestStoreHasOneOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clouds.db")
	c, err := cloud.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = cloud.Open(path)
	cloudtest.WantError(t, err, "another process holds the simulated clouds")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = cloud.Open(filepath.Join(t.TempDir(), "none", "clouds.db"))
	cloudtest.WantError(t, err, "make the folder")
	_, err = cloud.Open(path, cloud.WithAccount("12"))
	cloudtest.WantError(t, err, "is not an AWS account number")
}
