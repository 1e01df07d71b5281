package cloud

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// globalControl is the region in which the services that exist once have their
// control plane.
const globalControl = "us-east-1"

var regionForm = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)

// awsProvider is the aws package on one connection.
type awsProvider struct{ modelled }

// CheckConfig checks the names and types of the provider's settings.
func (p *awsProvider) CheckConfig(_ context.Context, req plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	news := req.News
	failures := p.c.shape(p.c.facts.Types["aws.provider"], settings(news), "")
	region := reveal(news["region"])
	switch {
	case unknown(region):
	case !region.IsString() || region.StringValue() == "":
		failures = append(failures, plugin.CheckFailure{Property: "region", Reason: "missing region: set it on the provider, such as us-east-1"})
	case !regionForm.MatchString(region.StringValue()):
		failures = append(failures, plugin.CheckFailure{
			Property: "region", Reason: fmt.Sprintf("invalid AWS Region: %s", region.StringValue()),
		})
	}
	return plugin.CheckConfigResponse{Properties: req.News, Failures: failures}, nil
}

// settings takes provider settings out of the JSON in which SDKs send all that
// is not a string.
func settings(m resource.PropertyMap) resource.PropertyMap {
	out := resource.PropertyMap{}
	for k, v := range m {
		if k == "version" || internal(string(k)) {
			continue
		}
		if s := reveal(v); s.IsString() {
			var decoded any
			if t := s.StringValue(); t == "true" || t == "false" || strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") {
				if json.Unmarshal([]byte(t), &decoded) == nil {
					v = resource.NewPropertyValue(decoded)
				}
			}
		}
		out[k] = v
	}
	return out
}

// DiffConfig says what changed. A provider never replaces its resources: each
// resource says by itself what a new default tag means to it.
func (p *awsProvider) DiffConfig(_ context.Context, req plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return configDiff(req, nil), nil
}

func configDiff(req plugin.DiffConfigRequest, replace []string) plugin.DiffConfigResponse {
	detailed := compare(req.OldInputs, req.NewInputs, replace, nil)
	if len(detailed) == 0 {
		return plugin.DiffConfigResponse{Changes: plugin.DiffNone}
	}
	return plugin.DiffConfigResponse{Changes: plugin.DiffSome, DetailedDiff: detailed}
}

// Configure takes the settings that this connection works with.
func (p *awsProvider) Configure(_ context.Context, req plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	in := settings(req.Inputs)
	conf := plain(in)
	region := text(conf, "region")
	if region == "" {
		return plugin.ConfigureResponse{}, fmt.Errorf("invalid provider configuration: missing region: set region on the aws provider, " +
			"or give every resource an explicit one")
	}
	account := p.c.account
	if allowed := texts(conf, "allowedAccountIds"); len(allowed) > 0 && !slices.Contains(allowed, account) {
		return plugin.ConfigureResponse{}, fmt.Errorf("AWS account ID not allowed: %s: allowedAccountIds has %s", account, strings.Join(allowed, ", "))
	}
	if slices.Contains(texts(conf, "forbiddenAccountIds"), account) {
		return plugin.ConfigureResponse{}, fmt.Errorf("AWS account ID not allowed: %s is in forbiddenAccountIds", account)
	}
	p.scope = Scope{Package: "aws", Account: account, Region: region}
	p.tags = resource.PropertyMap{}
	if d := reveal(in["defaultTags"]); d.IsObject() {
		if t := reveal(d.ObjectValue()["tags"]); t.IsObject() {
			p.tags = t.ObjectValue()
		}
	}
	return plugin.ConfigureResponse{}, nil
}
