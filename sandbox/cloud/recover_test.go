package cloud_test

import (
	"context"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestAPanicIsAnErrorThatNamesTheResource(t *testing.T) {
	w := cloudtest.New(t, cloud.WithFaults(func(_ context.Context, op cloud.Operation, do func() error) error {
		if op.Type == logGroupType {
			panic("index out of range")
		}
		return do()
	}))
	p := w.AWS("us-east-1")
	_, err := p.Try(logGroupType, "unlucky", props{"name": "unlucky"})
	cloudtest.WantError(t, err, "Create of "+cloudtest.URN(logGroupType, "unlucky"), "panic: index out of range", "recover_test.go")

	_, err = p.Invoke("aws:index/getRegion:getRegion", props{})
	if err != nil {
		t.Error(err)
	}
	p.Make(vpcType, "after", props{"cidrBlock": "10.0.0.0/16"}) // the sandbox goes on
	if r, err := w.Cloud.Lookup(logGroupType, "unlucky"); err != nil || r != nil {
		t.Errorf("the panic left %v, %v", r, err)
	}
}
