package cluster

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// chart is a Helm chart at one version, as it is released into the cluster.
type chart struct {
	// release is the name of the release and of its service account.
	release   string
	namespace string
	// name is the chart's name in repository, or its whole OCI address with no repository.
	name, repository, version string
	values                    pulumi.Map
	// skipCRDs leaves the definitions to another release, which can upgrade them: Helm
	// never changes those that come in a chart's folder for them.
	skipCRDs bool
}

// install releases a chart. Its pods need nodes, so nodes come first.
func (b *builder) install(c chart, after ...pulumi.Resource) (*helm.Release, error) {
	args := &helm.ReleaseArgs{
		Name:      pulumi.String(c.release),
		Namespace: pulumi.String(c.namespace),
		Chart:     pulumi.String(c.name),
		Version:   pulumi.String(c.version),
		Atomic:    pulumi.Bool(true),
		Values:    c.values,
	}
	if c.repository != "" {
		args.RepositoryOpts = helm.RepositoryOptsArgs{Repo: pulumi.String(c.repository)}
	}
	if c.skipCRDs {
		args.SkipCrds = pulumi.Bool(true)
	}
	after = append(after, b.nodes...)
	return helm.NewRelease(b.ctx, b.name+"-"+c.release, args, b.in, pulumi.Provider(b.provider), pulumi.DependsOn(after))
}

// serviceAccount are the values by which a chart makes a service account of that name.
func serviceAccount(name string) pulumi.Map {
	return pulumi.Map{"create": pulumi.Bool(true), "name": pulumi.String(name)}
}

// requests are the values for the resources of a controller's container: what it
// asks for, and memory as the limit too.
func requests(cpu, memory string) pulumi.Map {
	return pulumi.Map{
		"requests": pulumi.Map{"cpu": pulumi.String(cpu), "memory": pulumi.String(memory)},
		"limits":   pulumi.Map{"memory": pulumi.String(memory)},
	}
}
