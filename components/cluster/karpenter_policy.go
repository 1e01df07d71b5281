package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/tandem-platform/tandem/internal/iampolicy"
)

// karpenterStatements are what Karpenter's controller may do: launch instances that
// bear this cluster's tag, change and terminate those alone, and read what it
// chooses from (karpenter.sh, "CloudFormation", reference of the controller's
// policies in version 1.14). Instance profiles, capacity reservations and
// placement groups are not Karpenter's here.
func (b *builder) karpenterStatements(nodeRoleARN, profileARN, queueARN pulumi.StringInput) []iampolicy.Statement {
	owned := "kubernetes.io/cluster/" + b.name
	ec2 := func(kinds ...string) []string {
		var arns []string
		for _, kind := range kinds {
			account := b.args.AccountID
			if kind == "image" || kind == "snapshot" {
				account = "" // belong to whoever published them, and have no account in their ARN
			}
			arns = append(arns, fmt.Sprintf("arn:aws:ec2:%s:%s:%s/*", b.args.Region, account, kind))
		}
		return arns
	}
	requested := map[string]any{
		"StringEquals": map[string]any{"aws:RequestTag/" + owned: "owned", "aws:RequestTag/eks:eks-cluster-name": b.name},
		"StringLike":   map[string]any{"aws:RequestTag/karpenter.sh/nodepool": "*"},
	}
	ours := map[string]any{
		"StringEquals": map[string]any{"aws:ResourceTag/" + owned: "owned"},
		"StringLike":   map[string]any{"aws:ResourceTag/karpenter.sh/nodepool": "*"},
	}
	launch := []string{"ec2:CreateFleet", "ec2:RunInstances"}
	return []iampolicy.Statement{
		{Sid: "LaunchFromWhatIsThere", Action: launch, Resource: ec2("image", "snapshot", "security-group", "subnet")},
		{Sid: "LaunchFromOwnTemplates", Action: launch, Resource: ec2("launch-template"), Condition: ours},
		{
			Sid: "LaunchWithTags", Action: append([]string{"ec2:CreateLaunchTemplate"}, launch...),
			Resource:  ec2("fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume"),
			Condition: requested,
		},
		{
			Sid: "TagWhatIsLaunched", Action: []string{"ec2:CreateTags"},
			Resource: ec2("fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume"),
			Condition: map[string]any{
				"StringEquals": map[string]any{
					"aws:RequestTag/" + owned: "owned", "aws:RequestTag/eks:eks-cluster-name": b.name,
					"ec2:CreateAction": []string{"CreateFleet", "CreateLaunchTemplate", "RunInstances"},
				},
				"StringLike": map[string]any{"aws:RequestTag/karpenter.sh/nodepool": "*"},
			},
		},
		{
			Sid: "NameOwnInstances", Action: []string{"ec2:CreateTags"}, Resource: ec2("instance"),
			Condition: map[string]any{
				"StringEquals":              ours["StringEquals"],
				"StringLike":                ours["StringLike"],
				"StringEqualsIfExists":      map[string]any{"aws:RequestTag/eks:eks-cluster-name": b.name},
				"ForAllValues:StringEquals": map[string]any{"aws:TagKeys": []string{"Name", "eks:eks-cluster-name", "karpenter.sh/nodeclaim"}},
			},
		},
		{
			Sid: "DeleteOwn", Action: []string{"ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"},
			Resource: ec2("instance", "launch-template"), Condition: ours,
		},
		{
			Sid: "ReadWhatThereIs",
			Action: []string{
				"ec2:DescribeCapacityReservations", "ec2:DescribeImages", "ec2:DescribeInstanceStatus",
				"ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes", "ec2:DescribeInstances",
				"ec2:DescribeLaunchTemplates", "ec2:DescribePlacementGroups", "ec2:DescribeSecurityGroups",
				"ec2:DescribeSpotPriceHistory", "ec2:DescribeSubnets",
			},
			Resource:  "*", // these actions know no narrower resource
			Condition: map[string]any{"StringEquals": map[string]any{"aws:RequestedRegion": b.args.Region}},
		},
		{Sid: "ReadPrices", Action: []string{"pricing:GetProducts"}, Resource: "*"},
		{
			Sid: "ReadImageReleases", Action: []string{"ssm:GetParameter"},
			Resource: fmt.Sprintf("arn:aws:ssm:%s::parameter/aws/service/*", b.args.Region),
		},
		{
			Sid: "ReadInterruptions", Action: []string{"sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"},
			Resource: queueARN,
		},
		{
			Sid: "GiveNodesTheirRole", Action: []string{"iam:PassRole"}, Resource: nodeRoleARN,
			Condition: map[string]any{"StringEquals": map[string]any{"iam:PassedToService": "ec2.amazonaws.com"}},
		},
		{Sid: "ReadProfile", Action: []string{"iam:GetInstanceProfile"}, Resource: profileARN},
		{Sid: "ListProfiles", Action: []string{"iam:ListInstanceProfiles"}, Resource: "*"},
		{
			Sid: "FindTheAPIServer", Action: []string{"eks:DescribeCluster"},
			Resource: fmt.Sprintf("arn:aws:eks:%s:%s:cluster/%s", b.args.Region, b.args.AccountID, b.name),
		},
	}
}
