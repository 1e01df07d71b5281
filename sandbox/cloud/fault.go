package cloud

import (
	"fmt"
	"sync/atomic"
)

// Operation is one call that a program makes on a simulated cloud.
type Operation struct {
	// Verb is create, read, update, delete or invoke.
	Verb string
	// Type is the type token of the resource or function, URN the resource
	// (empty for an invoke).
	Type, URN string
	// Region is where the control plane of the call is: for services with
	// one control plane us-east-1, outside AWS empty.
	Region string
}

// Fault is asked before an operation takes effect. An error refuses it, and
// leaves the store as it was.
type Fault func(Operation) error

// LoseRegion refuses every operation whose control plane is in region, with the
// error of a service that does not answer.
func LoseRegion(region string) Fault {
	return func(op Operation) error {
		if op.Region != region {
			return nil
		}
		return fmt.Errorf("%s %s: request send failed: dial tcp: i/o timeout (region %s is lost)", op.Verb, op.Type, region)
	}
}

// FailNth refuses the n-th operation that changes something, counted from 1,
// and no other.
func FailNth(n int) Fault {
	var count atomic.Int64
	return func(op Operation) error {
		if op.Verb == "read" || op.Verb == "invoke" || count.Add(1) != int64(n) {
			return nil
		}
		return fmt.Errorf("%s %s: api error InternalFailure: the %d. operation was told to fail", op.Verb, op.Type, n)
	}
}

func (c *Cloud) begin(op Operation) error {
	for _, f := range c.faults {
		if err := f(op); err != nil {
			return err
		}
	}
	return nil
}
