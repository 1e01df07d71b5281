package cluster

import (
	"fmt"
	"maps"
	"slices"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// FargateProfile selects pods that run on Fargate: without nodes of ours, each on
// a machine of its own that AWS brings up, for bursts that no node is kept for.
// Daemon sets, volumes on EBS and network policies do not reach such pods.
type FargateProfile struct {
	// Namespace is the namespace of the pods. Required.
	Namespace string
	// Labels are those that the pods must all have. Default none: every pod of the
	// namespace.
	Labels map[string]string
}

func (p FargateProfile) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	switch {
	case p.Namespace == "":
		errs = append(errs, field.Required(path.Child("namespace"), "give the namespace whose pods run on Fargate"))
	case !namespaceName.MatchString(p.Namespace):
		errs = append(errs, field.Invalid(path.Child("namespace"), p.Namespace, "must be the name of a Kubernetes namespace"))
	case p.Namespace == systemNamespace:
		errs = append(errs, field.Forbidden(path.Child("namespace"),
			"is where daemon sets and the add-ons of nodes run, which Fargate does not; take another namespace"))
	}
	return append(errs, validateLabels(path.Child("labels"), p.Labels)...)
}

// makeFargateProfiles makes the profiles one after the other, since EKS works on
// one profile of a cluster at a time.
func (b *builder) makeFargateProfiles() error {
	if len(b.args.Fargate) == 0 {
		return nil
	}
	name := b.name + "-fargate"
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Description: pulumi.Sprintf("Pulls images and writes logs of Fargate pods of the EKS cluster %s", b.name),
		AssumeRolePolicy: iampolicy.Trust("eks-fargate-pods.amazonaws.com", map[string]any{"ArnLike": map[string]any{
			"aws:SourceArn": fmt.Sprintf("arn:aws:eks:%s:%s:fargateprofile/%s/*", b.args.Region, b.args.AccountID, b.name),
		}}),
	}, b.in)
	if err != nil {
		return err
	}
	attached, err := iam.NewRolePolicyAttachment(b.ctx, name, &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String("arn:aws:iam::aws:policy/AmazonEKSFargatePodExecutionRolePolicy"),
	}, b.in)
	if err != nil {
		return err
	}
	after := []pulumi.Resource{attached}
	for _, profile := range slices.Sorted(maps.Keys(b.args.Fargate)) {
		p := b.args.Fargate[profile]
		made, err := awseks.NewFargateProfile(b.ctx, name+"-"+profile, &awseks.FargateProfileArgs{
			ClusterName:         b.cluster,
			PodExecutionRoleArn: role.Arn,
			SubnetIds:           b.args.SubnetIDs,
			Selectors: awseks.FargateProfileSelectorArray{awseks.FargateProfileSelectorArgs{
				Namespace: pulumi.String(p.Namespace), Labels: pulumi.ToStringMap(p.Labels),
			}},
		}, b.in, pulumi.DependsOn(after))
		if err != nil {
			return err
		}
		after = []pulumi.Resource{made}
		b.ready = append(b.ready, made)
	}
	return nil
}
