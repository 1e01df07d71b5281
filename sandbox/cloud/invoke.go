package cloud

import (
	"context"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// function answers one call. Its arguments have been checked against the facts.
type function func(*query) (map[string]any, error)

// query is one call of a function.
type query struct {
	*tx
	in     map[string]any
	scope  Scope
	region string
}

// functions are the functions that pulumi-eks and the platform call. All others
// are refused by name.
var functions = map[string]function{
	"aws:index/getPartition:getPartition": func(*query) (map[string]any, error) {
		return map[string]any{"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}, nil
	},
	"aws:index/getCallerIdentity:getCallerIdentity": func(q *query) (map[string]any, error) {
		return map[string]any{
			"id": q.scope.Account, "accountId": q.scope.Account, "userId": "AROASANDBOX:sandbox",
			"arn": "arn:aws:sts::" + q.scope.Account + ":assumed-role/sandbox/sandbox",
		}, nil
	},
	"aws:index/getRegion:getRegion": func(q *query) (map[string]any, error) {
		name := q.region
		if n := text(q.in, "name"); n != "" {
			name = n
		}
		return map[string]any{"id": name, "name": name, "description": name, "endpoint": "ec2." + name + ".amazonaws.com"}, nil
	},
	"aws:ec2/getSubnet:getSubnet": func(q *query) (map[string]any, error) {
		return q.one(typeSubnet, text(q.in, "id"), "no matching EC2 Subnet found")
	},
	"aws:ec2/getVpc:getVpc": func(q *query) (map[string]any, error) {
		return q.one(typeVPC, text(q.in, "id"), "no matching EC2 VPC found")
	},
	"aws:eks/getCluster:getCluster": func(q *query) (map[string]any, error) {
		return q.one(typeCluster, text(q.in, "name"), "couldn't find resource")
	},
	"aws:ssm/getParameter:getParameter": func(q *query) (map[string]any, error) {
		name := text(q.in, "name")
		if strings.HasPrefix(name, "/aws/service/") {
			// AWS's own parameters name images; which image is of no
			// matter here, so long as it is always the same.
			o := op{tx: q.tx, m: &model{Type: "ssm"}, urn: name, scope: q.scope}
			return map[string]any{
				"id": name, "name": name, "type": "String", "value": "ami-" + o.mint("hex", 17, "ami"), "version": 1,
				"arn": "arn:aws:ssm:" + q.region + "::parameter" + name,
			}, nil
		}
		return q.one("aws:ssm/parameter:Parameter", name, "couldn't find resource")
	},
}

// one returns the outputs of a resource of the region.
func (q *query) one(typ, id, none string) (map[string]any, error) {
	r, err := q.get(q.scope, typ, id)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, fmt.Errorf("reading %s (%s) in %s: %s", models[typ].Service, id, q.region, none)
	}
	out := clone(r.Outputs)
	out["id"] = r.ID
	return out, nil
}

// Invoke answers a call of a function.
func (p *awsProvider) Invoke(ctx context.Context, req plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	token := string(req.Tok)
	f, facts := functions[token], p.c.facts.Functions[token]
	if f == nil || facts == nil {
		return plugin.InvokeResponse{}, notModelled("function", token)
	}
	if p.scope.Package == "" {
		return plugin.InvokeResponse{}, p.unconfigured()
	}
	if failures := p.c.shape(facts.Inputs, req.Args, ""); len(failures) > 0 {
		return plugin.InvokeResponse{Failures: failures}, nil
	}
	var out map[string]any
	service := serviceOf(token)
	err := p.c.call(ctx, Operation{
		Verb: "invoke", Type: token, Region: p.scope.Region, Service: service, Endpoint: endpoint(service, p.scope.Region),
	}, func() error {
		return p.c.view(func(t *tx) (err error) {
			out, err = f(&query{tx: t, in: plain(req.Args), scope: p.scope, region: p.scope.Region})
			return err
		})
	})
	if err != nil {
		return plugin.InvokeResponse{}, fmt.Errorf("invoking %s: %w", token, err)
	}
	// A function returns what its result has, no more.
	for k := range out {
		if _, ok := facts.Outputs[k]; !ok {
			delete(out, k)
		}
	}
	return plugin.InvokeResponse{Properties: engine(out)}, nil
}

// serviceOf is the name that errors give to the service of a function: that of
// the resource types of its module.
func serviceOf(token string) string {
	module, _, _ := strings.Cut(token, "/")
	for _, typ := range sortedNames(models) {
		if strings.HasPrefix(typ, module+"/") {
			return models[typ].Service
		}
	}
	return "STS" // what is in no module asks who is calling, and where
}
