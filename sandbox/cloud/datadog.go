package cloud

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// datadogProvider is the datadog package on one connection. There is one
// Datadog organisation.
type datadogProvider struct{ modelled }

// CheckConfig checks the names and types of the provider's settings.
func (p *datadogProvider) CheckConfig(_ context.Context, req plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	news := req.News
	return plugin.CheckConfigResponse{
		Properties: req.News,
		Failures:   p.c.shape(p.c.facts.Types["datadog.provider"], settings(news), ""),
	}, nil
}

// DiffConfig see plugin.Provider.
func (p *datadogProvider) DiffConfig(_ context.Context, req plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return configDiff(req, nil), nil
}

// Configure takes any settings: whether the keys are valid is not checked,
// since real ones must never come near a sandbox.
func (p *datadogProvider) Configure(context.Context, plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	p.scope = Scope{Package: "datadog"}
	return plugin.ConfigureResponse{}, nil
}
