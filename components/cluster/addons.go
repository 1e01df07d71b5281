package cluster

import (
	"encoding/json"
	"fmt"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

const systemNamespace = "kube-system"

// addon is an EKS add-on.
type addon struct {
	name string
	// settings are the add-on's configuration, as its own schema has them
	// (aws eks describe-addon-configuration). Nil leaves its defaults.
	settings map[string]any
	// serviceAccount gets role, where there is one, through EKS Pod Identity.
	serviceAccount string
	role           *iam.Role
}

func (b *builder) makeAddon(a addon, after ...pulumi.Resource) (*awseks.Addon, error) {
	args := &awseks.AddonArgs{
		ClusterName:  b.cluster,
		AddonName:    pulumi.String(a.name),
		AddonVersion: pulumi.String(b.args.addonVersion(a.name)),
		// The control plane installs some of these itself; ours take over, and a change
		// that somebody made by hand is put back.
		ResolveConflictsOnCreate: pulumi.String("OVERWRITE"),
		ResolveConflictsOnUpdate: pulumi.String("OVERWRITE"),
	}
	if a.settings != nil {
		text, err := json.Marshal(a.settings)
		if err != nil {
			return nil, fmt.Errorf("writing the settings of the add-on %s: %w", a.name, err)
		}
		args.ConfigurationValues = pulumi.String(text)
	}
	if a.role != nil {
		args.PodIdentityAssociations = awseks.AddonPodIdentityAssociationArray{awseks.AddonPodIdentityAssociationArgs{
			RoleArn:        a.role.Arn,
			ServiceAccount: pulumi.String(a.serviceAccount),
		}}
	}
	return awseks.NewAddon(b.ctx, b.name+"-"+a.name, args, b.in, pulumi.DependsOn(after))
}

// makeAddonWithPolicy makes an add-on whose service account, in kube-system, has a
// role with one of AWS's own policies, which are written for these add-ons.
func (b *builder) makeAddonWithPolicy(a addon, policyARN string, after ...pulumi.Resource) (*awseks.Addon, error) {
	role, err := b.podRole(a.name, systemNamespace, a.serviceAccount)
	if err != nil {
		return nil, err
	}
	attached, err := iam.NewRolePolicyAttachment(b.ctx, b.name+"-"+a.name, &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String(policyARN),
	}, b.in)
	if err != nil {
		return nil, err
	}
	a.role = role
	return b.makeAddon(a, append([]pulumi.Resource{attached}, after...)...)
}

// podRole makes a role that one service account of this cluster takes on through
// EKS Pod Identity, and nobody else (EKS user guide, "Grant Pods access to AWS
// resources based on tags").
func (b *builder) podRole(name, namespace, serviceAccount string) (*iam.Role, error) {
	return iam.NewRole(b.ctx, b.name+"-"+name, &iam.RoleArgs{
		Description: pulumi.Sprintf("%s on the EKS cluster %s", name, b.name),
		AssumeRolePolicy: iampolicy.JSON(iampolicy.Statement{
			Principal: map[string]any{"Service": "pods.eks.amazonaws.com"},
			Action:    []string{"sts:AssumeRole", "sts:TagSession"},
			Condition: map[string]any{"StringEquals": map[string]any{
				"aws:SourceAccount":                         b.args.AccountID,
				"aws:RequestTag/eks-cluster-name":           b.name,
				"aws:RequestTag/kubernetes-namespace":       namespace,
				"aws:RequestTag/kubernetes-service-account": serviceAccount,
			}},
		}),
	}, b.in)
}

// identity makes a role with a policy of its own and gives it to the service
// account of a controller. It returns what the controller has to wait for.
func (b *builder) identity(name, namespace, serviceAccount string, statements ...iampolicy.Statement) ([]pulumi.Resource, error) {
	role, err := b.podRole(name, namespace, serviceAccount)
	if err != nil {
		return nil, err
	}
	policy, err := iam.NewRolePolicy(b.ctx, b.name+"-"+name, &iam.RolePolicyArgs{
		Role: role.ID(), Policy: iampolicy.JSON(statements...),
	}, b.in)
	if err != nil {
		return nil, err
	}
	association, err := awseks.NewPodIdentityAssociation(b.ctx, b.name+"-"+name, &awseks.PodIdentityAssociationArgs{
		ClusterName:    b.cluster,
		Namespace:      pulumi.String(namespace),
		ServiceAccount: pulumi.String(serviceAccount),
		RoleArn:        role.Arn,
	}, b.in, pulumi.DependsOn([]pulumi.Resource{b.podAgent}))
	return []pulumi.Resource{policy, association}, err
}

// makeNetworkAddons makes what nodes need to become ready: they come first.
func (b *builder) makeNetworkAddons() error {
	agent, err := b.makeAddon(addon{name: "eks-pod-identity-agent"})
	if err != nil {
		return err
	}
	cni, err := b.makeAddonWithPolicy(addon{
		name: "vpc-cni", serviceAccount: "aws-node",
		settings: map[string]any{
			"enableNetworkPolicy": "true",
			// A node takes addresses in blocks of 16, so that many more pods fit on it, and
			// keeps no more than one block in store (EKS user guide, "Assign more IP
			// addresses to Amazon EKS nodes with prefixes").
			"env": map[string]any{"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"},
		},
	}, "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy", agent)
	if err != nil {
		return err
	}
	proxy, err := b.makeAddon(addon{name: "kube-proxy"})
	if err != nil {
		return err
	}
	b.podAgent = agent
	b.beforeNodes = []pulumi.Resource{agent, cni, proxy}
	return nil
}

// makeNodeAddons makes the add-ons whose pods need nodes to run on.
func (b *builder) makeNodeAddons() error {
	if _, err := b.makeAddon(addon{name: "coredns"}, b.nodes...); err != nil {
		return err
	}
	volumes := addon{name: "aws-ebs-csi-driver", serviceAccount: "ebs-csi-controller-sa"}
	if len(b.args.Tags) > 0 {
		volumes.settings = map[string]any{"controller": map[string]any{"extraVolumeTags": b.args.Tags}}
	}
	ebs, err := b.makeAddonWithPolicy(volumes, "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy", b.nodes...)
	if err != nil {
		return err
	}
	metrics, err := b.makeAddon(addon{name: "metrics-server"}, b.nodes...)
	if err != nil {
		return err
	}
	b.ready = append(b.ready, ebs, metrics)
	if b.args.EFS {
		efs, err := b.makeAddonWithPolicy(addon{name: "aws-efs-csi-driver", serviceAccount: "efs-csi-controller-sa"},
			"arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy", b.nodes...)
		if err != nil {
			return err
		}
		b.ready = append(b.ready, efs)
	}
	return b.makeExternalDNS()
}
