package cluster

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	externalSecretsName = "external-secrets"
	// externalSecretsChart is the version of the External Secrets Operator's chart.
	externalSecretsChart = "1.3.2"
)

// makeExternalSecrets installs the External Secrets Operator, in a namespace of its
// own. The operator has no role: a store names the service account as which it
// reads, so nobody reads by the operator what his own role may not.
func (b *builder) makeExternalSecrets() error {
	if !b.args.ExternalSecrets {
		return nil
	}
	namespace, err := b.makeNamespace(externalSecretsName, Namespace{PodSecurity: PodSecurityRestricted})
	if err != nil {
		return err
	}
	// The operator talks to the API server and to AWS, and the API server to its webhook.
	traffic, err := b.makeNetworkPolicy(externalSecretsName, "allow-operator", namespace, operatorTraffic)
	if err != nil {
		return err
	}
	budget := pulumi.Map{"enabled": pulumi.Bool(true), "minAvailable": pulumi.Int(1)}
	release, err := b.install(chart{
		release: externalSecretsName, namespace: externalSecretsName,
		name: externalSecretsName, repository: "https://charts.external-secrets.io", version: externalSecretsChart,
		values: pulumi.Map{
			"installCRDs":         pulumi.Bool(true),
			"serviceAccount":      serviceAccount(externalSecretsName),
			"replicaCount":        pulumi.Int(2),
			"leaderElect":         pulumi.Bool(true),
			"podDisruptionBudget": budget,
			"resources":           requests("50m", "256Mi"),
			"webhook": pulumi.Map{
				"replicaCount": pulumi.Int(2), "podDisruptionBudget": budget, "resources": requests("25m", "128Mi"),
			},
			"certController": pulumi.Map{"resources": requests("25m", "128Mi")},
		},
	}, traffic)
	b.ready = append(b.ready, release)
	return err
}
