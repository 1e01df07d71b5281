package workload

import (
	"maps"
	"slices"
	"strings"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// roleAnnotation is how a service account names its role to IRSA.
const roleAnnotation = "eks.amazonaws.com/role-arn"

// makeServiceAccount makes the pods' service account and, where they have
// permissions, its role. It has no token for the Kubernetes API, which neither
// way to a role needs.
func (b *builder) makeServiceAccount() error {
	meta := b.meta("")
	if len(b.args.Permissions) > 0 {
		role, err := iam.NewRole(b.ctx, b.name, &iam.RoleArgs{
			Description:      pulumi.Sprintf("Pods of the workload %s", b.name),
			AssumeRolePolicy: b.podTrust(),
		}, b.in)
		if err != nil {
			return err
		}
		b.roleARN = role.Arn
		policy, err := iam.NewRolePolicy(b.ctx, b.name, &iam.RolePolicyArgs{
			Role: role.ID(), Policy: iampolicy.JSON(permissions(b.args.Permissions)...),
		}, b.in)
		if err != nil {
			return err
		}
		b.beforePods = append(b.beforePods, policy)
		if b.args.Identity == IRSA {
			meta.Annotations = pulumi.StringMap{roleAnnotation: role.Arn}
		}
	}
	account, err := corev1.NewServiceAccount(b.ctx, b.name, &corev1.ServiceAccountArgs{
		Metadata:                     meta,
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, b.in)
	if err != nil {
		return err
	}
	b.serviceAccount = account.Metadata.Name()
	return nil
}

// makeIdentity has EKS give the service account its role, which pods only get
// that start afterwards.
func (b *builder) makeIdentity() error {
	if len(b.args.Permissions) == 0 || b.args.Identity != PodIdentity {
		return nil
	}
	association, err := awseks.NewPodIdentityAssociation(b.ctx, b.name, &awseks.PodIdentityAssociationArgs{
		ClusterName:    b.args.ClusterName,
		Namespace:      b.namespace,
		ServiceAccount: b.serviceAccount.Elem(),
		RoleArn:        b.roleARN,
	}, b.in)
	b.beforePods = append(b.beforePods, association)
	return err
}

// podTrust lets the pods of this workload take the role on, and no others.
func (b *builder) podTrust() pulumi.StringOutput {
	if b.args.Identity == IRSA {
		return b.irsaTrust(b.name)
	}
	return iampolicy.JSON(iampolicy.Statement{
		Principal: map[string]any{"Service": "pods.eks.amazonaws.com"},
		Action:    []string{"sts:AssumeRole", "sts:TagSession"},
		Condition: map[string]any{"StringEquals": map[string]any{
			"aws:RequestTag/eks-cluster-name":           b.args.ClusterName,
			"aws:RequestTag/kubernetes-namespace":       b.name,
			"aws:RequestTag/kubernetes-service-account": b.name,
		}},
	})
}

// irsaTrust lets one service account of the namespace take a role on.
func (b *builder) irsaTrust(account string) pulumi.StringOutput {
	conditions := b.args.OIDCIssuer.ToStringOutput().ApplyT(func(issuer string) map[string]any {
		issuer = strings.TrimPrefix(issuer, "https://")
		return map[string]any{"StringEquals": map[string]any{
			issuer + ":aud": "sts.amazonaws.com",
			issuer + ":sub": "system:serviceaccount:" + b.name + ":" + account,
		}}
	})
	return iampolicy.JSON(iampolicy.Statement{
		Principal: map[string]any{"Federated": b.args.OIDCProviderARN},
		Action:    []string{"sts:AssumeRoleWithWebIdentity"},
		Condition: conditions,
	})
}

func permissions(statements []Statement) []iampolicy.Statement {
	var all []iampolicy.Statement
	for _, s := range statements {
		one := iampolicy.Statement{Action: s.Actions, Resource: s.Resources}
		if len(s.Conditions) > 0 {
			one.Condition = s.Conditions
		}
		all = append(all, one)
	}
	return all
}

// makeSecrets has External Secrets copy the secrets to the cluster. It reads
// them with a role that this namespace's store alone has, by a service account
// that no pod has: neither the controller nor the pods can read any secret in AWS.
func (b *builder) makeSecrets() error {
	if len(b.args.Secrets) == 0 {
		return nil
	}
	const suffix = "-secrets"
	role, err := iam.NewRole(b.ctx, b.name+suffix, &iam.RoleArgs{
		Description:      pulumi.Sprintf("Secrets of the workload %s", b.name),
		AssumeRolePolicy: b.irsaTrust(b.name + suffix),
	}, b.in)
	if err != nil {
		return err
	}
	policy, err := iam.NewRolePolicy(b.ctx, b.name+suffix, &iam.RolePolicyArgs{
		Role: role.ID(), Policy: iampolicy.JSON(b.secretStatements()...),
	}, b.in)
	if err != nil {
		return err
	}
	meta := b.meta(suffix)
	meta.Annotations = pulumi.StringMap{roleAnnotation: role.Arn}
	account, err := corev1.NewServiceAccount(b.ctx, b.name+suffix, &corev1.ServiceAccountArgs{
		Metadata: meta, AutomountServiceAccountToken: pulumi.Bool(false),
	}, b.in)
	if err != nil {
		return err
	}
	store, err := apiextensions.NewCustomResource(b.ctx, b.name+"-store", &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String("external-secrets.io/v1"),
		Kind:       pulumi.String("SecretStore"),
		Metadata:   b.meta(""),
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{"provider": pulumi.Map{"aws": pulumi.Map{
			"service": pulumi.String("SecretsManager"),
			"region":  pulumi.String(b.args.Region),
			"auth":    pulumi.Map{"jwt": pulumi.Map{"serviceAccountRef": pulumi.Map{"name": account.Metadata.Name()}}},
		}}}},
	}, b.in, b.waiting(policy))
	if err != nil {
		return err
	}
	external, err := apiextensions.NewCustomResource(b.ctx, b.name+suffix, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String("external-secrets.io/v1"),
		Kind:       pulumi.String("ExternalSecret"),
		Metadata: &metav1.ObjectMetaArgs{
			Name: pulumi.String(b.name), Namespace: b.namespace, Labels: b.allPods(),
			// Pods cannot start before the copy is there.
			Annotations: pulumi.StringMap{"pulumi.com/waitFor": pulumi.String("condition=Ready")},
		},
		OtherFields: kubernetes.UntypedArgs{"spec": pulumi.Map{
			"refreshInterval": pulumi.String("1h0m0s"),
			"secretStoreRef":  pulumi.Map{"kind": pulumi.String("SecretStore"), "name": pulumi.String(b.name)},
			"target":          pulumi.Map{"name": pulumi.String(b.name), "creationPolicy": pulumi.String("Owner")},
			"data":            b.remoteSecrets(),
		}},
	}, b.in, b.waiting(store))
	b.beforePods = append(b.beforePods, external)
	return err
}

// remoteSecrets are the keys of the copy with where each comes from.
func (b *builder) remoteSecrets() pulumi.Array {
	data := pulumi.Array{}
	for _, name := range slices.Sorted(maps.Keys(b.args.Secrets)) {
		secret := b.args.Secrets[name]
		remote := pulumi.Map{"key": secret.ARN}
		if secret.Property != "" {
			remote["property"] = pulumi.String(secret.Property)
		}
		data = append(data, pulumi.Map{"secretKey": pulumi.String(name), "remoteRef": remote})
	}
	return data
}

// secretStatements allow to read the secrets, and to decrypt those that have
// a key of their own.
func (b *builder) secretStatements() []iampolicy.Statement {
	var secrets, keys pulumi.StringArray
	for _, name := range slices.Sorted(maps.Keys(b.args.Secrets)) {
		secrets = append(secrets, b.args.Secrets[name].ARN)
		if key := b.args.Secrets[name].KMSKeyARN; key != nil {
			keys = append(keys, key)
		}
	}
	statements := []iampolicy.Statement{{
		Action:   []string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"},
		Resource: secrets,
	}}
	if len(keys) > 0 {
		statements = append(statements, iampolicy.Statement{
			Action:   []string{"kms:Decrypt"},
			Resource: keys,
			Condition: map[string]any{"StringEquals": map[string]any{
				"kms:ViaService": "secretsmanager." + b.args.Region + ".amazonaws.com",
			}},
		})
	}
	return statements
}
