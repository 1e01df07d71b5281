package cluster

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Access is one access entry: what an IAM role or user may do in the cluster, by a
// job or by a policy.
type Access struct {
	// PrincipalARN is the IAM role or user, which has to exist. Required.
	PrincipalARN pulumi.StringInput
	// Job is what the principal does; it brings the permissions for it. Either Job or
	// Policy is required.
	Job Job
	// Policy is one of EKS's own access policies. Default none: Job says it all.
	Policy AccessPolicy
	// Namespaces limits the policy, or what the job may change, to these namespaces.
	// Default all of the cluster; required for the jobs developer and jenkins.
	Namespaces []string
}

// Job is a ready-made set of permissions.
type Job string

// The jobs, with what each one may do.
const (
	// JobDeveloper reads everything but secrets, and changes workloads and their
	// secrets in its namespaces.
	JobDeveloper Job = "developer"
	// JobDevOpsEngineer changes everything in namespaces, secrets and roles of
	// Kubernetes among it, and the cluster-wide objects that workloads build on: classes
	// of storage and priority, node pools, secret stores.
	JobDevOpsEngineer Job = "devops-engineer"
	// JobSecurityAuditor reads everything, who may do what and which webhooks there are
	// among it, but no secret, and changes nothing.
	JobSecurityAuditor Job = "security-auditor"
	// JobOperations reads everything but secrets, and keeps things running: restarts
	// and scales workloads, evicts pods, looks into them, and cordons and drains nodes.
	JobOperations Job = "operations"
	// JobJenkins runs agents: it changes workloads and their secrets in its namespaces,
	// and reads nothing else.
	JobJenkins Job = "jenkins"
	// JobPipeline is the infrastructure pipeline, which makes all of this: everything.
	JobPipeline Job = "pipeline"
)

// AccessPolicy names one of the access policies that EKS offers.
type AccessPolicy string

// The access policies, as EKS documents them ("Review access policy permissions").
const (
	AccessClusterAdmin AccessPolicy = "AmazonEKSClusterAdminPolicy" // everything
	AccessAdmin        AccessPolicy = "AmazonEKSAdminPolicy"        // everything in namespaces
	AccessEdit         AccessPolicy = "AmazonEKSEditPolicy"         // change workloads
	AccessView         AccessPolicy = "AmazonEKSViewPolicy"         // read all but secrets
)

var accessPolicies = []AccessPolicy{AccessClusterAdmin, AccessAdmin, AccessEdit, AccessView}

// job is what a [Job] is made of: EKS's policies, and where they do not fit a
// Kubernetes group, to which [rules] give the rest.
type job struct {
	// wide policies hold in the whole cluster, narrow ones in the entry's namespaces.
	wide, narrow []AccessPolicy
	// needsNamespaces refuses an entry that would hold everywhere.
	needsNamespaces bool
}

var jobs = map[Job]job{
	JobDeveloper:       {wide: []AccessPolicy{AccessView}, narrow: []AccessPolicy{AccessEdit}, needsNamespaces: true},
	JobDevOpsEngineer:  {wide: []AccessPolicy{AccessView}, narrow: []AccessPolicy{AccessAdmin}},
	JobSecurityAuditor: {wide: []AccessPolicy{AccessView}},
	JobOperations:      {wide: []AccessPolicy{AccessView}},
	JobJenkins:         {narrow: []AccessPolicy{AccessEdit}, needsNamespaces: true},
	JobPipeline:        {wide: []AccessPolicy{AccessClusterAdmin}},
}

var principalARN = regexp.MustCompile(`^arn:aws[\w-]*:iam::\d{12}:(role|user)/.+$`)

func (a Access) validate(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	switch arn := a.PrincipalARN.(type) {
	case nil:
		errs = append(errs, field.Required(path.Child("principalArn"), "give the IAM role or user"))
	case pulumi.String:
		if !principalARN.MatchString(string(arn)) {
			errs = append(errs, field.Invalid(path.Child("principalArn"), string(arn),
				"must be the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/developer"))
		}
	}
	of, known := jobs[a.Job]
	switch {
	case a.Job == "" && a.Policy == "":
		errs = append(errs, field.Required(path.Child("job"), "give a job, or a policy"))
	case a.Job != "" && a.Policy != "":
		errs = append(errs, field.Forbidden(path.Child("policy"), fmt.Sprintf("comes with the job %s; take one of the two away", a.Job)))
	case a.Job != "" && !known:
		errs = append(errs, field.NotSupported(path.Child("job"), a.Job, slices.Sorted(maps.Keys(jobs))))
	case a.Policy != "" && !slices.Contains(accessPolicies, a.Policy):
		errs = append(errs, field.NotSupported(path.Child("policy"), a.Policy, accessPolicies))
	case of.needsNamespaces && len(a.Namespaces) == 0:
		errs = append(errs, field.Required(path.Child("namespaces"), fmt.Sprintf("give the namespaces that the job %s may change", a.Job)))
	case a.Job != "" && len(of.narrow) == 0 && len(a.Namespaces) > 0:
		errs = append(errs, field.Forbidden(path.Child("namespaces"), fmt.Sprintf("does not limit the job %s, which is one of the whole cluster", a.Job)))
	}
	for i, n := range a.Namespaces {
		if !namespaceName.MatchString(n) {
			errs = append(errs, field.Invalid(path.Child("namespaces").Index(i), n, "must be the name of a Kubernetes namespace"))
		}
	}
	return errs
}

// accessEntries are the entries as pulumi-eks takes them.
func accessEntries(access map[string]Access) map[string]eks.AccessEntryArgs {
	entries := map[string]eks.AccessEntryArgs{}
	for name, a := range access {
		policies := map[string]eks.AccessPolicyAssociationInput{}
		entry := eks.AccessEntryArgs{PrincipalArn: a.PrincipalARN, AccessPolicies: policies}
		if a.Policy != "" {
			policies["policy"] = association(a.Policy, a.Namespaces)
		}
		for _, p := range jobs[a.Job].wide {
			policies["cluster"] = association(p, nil)
		}
		for _, p := range jobs[a.Job].narrow {
			policies["namespaces"] = association(p, a.Namespaces)
		}
		if len(rules[a.Job]) > 0 {
			entry.KubernetesGroups = pulumi.StringArray{pulumi.String(group(a.Job))}
		}
		entries[name] = entry
	}
	return entries
}

func association(policy AccessPolicy, namespaces []string) eks.AccessPolicyAssociationArgs {
	scope := awseks.AccessPolicyAssociationAccessScopeArgs{Type: pulumi.String("cluster")}
	if len(namespaces) > 0 {
		scope = awseks.AccessPolicyAssociationAccessScopeArgs{
			Type: pulumi.String("namespace"), Namespaces: pulumi.ToStringArray(namespaces),
		}
	}
	return eks.AccessPolicyAssociationArgs{
		PolicyArn:   pulumi.String("arn:aws:eks::aws:cluster-access-policy/" + string(policy)),
		AccessScope: scope,
	}
}
