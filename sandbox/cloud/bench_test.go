package cloud_test

import (
	"fmt"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

// BenchmarkCreate is the cost of one resource: a Check and a Create over the
// provider protocol, each create a transaction of its own.
func BenchmarkCreate(b *testing.B) {
	w := cloudtest.New(b)
	p := w.AWS("us-east-1")
	n := 0
	for b.Loop() {
		n++
		p.Make("aws:cloudwatch/logGroup:LogGroup", fmt.Sprint("g", n), props{"name": fmt.Sprint("/sandbox/", n)})
	}
}
