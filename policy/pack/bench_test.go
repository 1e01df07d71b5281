package pack

import (
	"context"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/tandem-platform/tandem/policy/rule"
)

// BenchmarkAnalyze measures what all packs do with one resource, over those of the
// good examples, without the connection to the engine:
//
//	go test ./policy/pack -run '^$' -bench Analyze
func BenchmarkAnalyze(b *testing.B) {
	var servers []pulumirpc.AnalyzerServer
	var requests []*pulumirpc.AnalyzeRequest
	for _, p := range All {
		servers = append(servers, rule.NewServer(p, All...))
		for _, r := range p.Rules {
			for _, e := range r.Good {
				last := e[len(e)-1]
				if request := onWire(b, last); request != nil {
					requests = append(requests, request)
				}
			}
		}
	}
	i := 0
	for b.Loop() {
		for _, s := range servers {
			if _, err := s.Analyze(context.Background(), requests[i%len(requests)]); err != nil {
				b.Fatal(err)
			}
		}
		i++
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(i), "ms/resource")
}

// onWire is a resource as the engine sends it, nil if it refers to another.
func onWire(b *testing.B, r rule.ExampleResource) *pulumirpc.AnalyzeRequest {
	b.Helper()
	for _, v := range r.Properties {
		if _, refers := v.(rule.Ref); refers {
			return nil
		}
	}
	properties, err := plugin.MarshalProperties(resource.NewPropertyMapFromMap(r.Properties), plugin.MarshalOptions{KeepUnknowns: true})
	if err != nil {
		return nil // it refers to another further below
	}
	return &pulumirpc.AnalyzeRequest{Type: r.Type, Urn: "urn:pulumi:test::test::" + r.Type + "::" + r.Name, Name: r.Name, Properties: properties}
}
