package cloud

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	accountForm = regexp.MustCompile(`^\d{12}$`)
	arnForm     = regexp.MustCompile(`^arn:aws:([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws)?:(.+)$`)
	// idForm are EC2's identifiers, which say themselves what they are.
	idForm = regexp.MustCompile(`^([a-z]+(?:-[a-z]+)*)-[0-9a-f]{17}$`)
)

// minted are the prefixes of EC2's identifiers that the tables mint.
var minted = map[string]bool{}

// identifiers are what other resources may name r by: its id, its ARN, the
// values of its model's names, and the identifiers that it minted besides,
// such as a network's default security group.
func (c *Cloud) identifiers(r *Resource) []string {
	ids := []string{r.ID}
	m := models[r.Type]
	if m == nil {
		return ids
	}
	for _, n := range m.Names {
		ids = append(ids, texts(r.Outputs, n)...)
	}
	if m.Elsewhere != nil {
		ids = append(ids, m.Elsewhere(r)...)
	}
	given := map[any]bool{}
	for _, l := range leaves(r.Inputs) {
		given[l.value] = true
	}
	for _, l := range leaves(r.Outputs) {
		if s, ok := l.value.(string); ok && !given[s] && ownForm(s) {
			ids = append(ids, s)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// ownForm says whether a string is an identifier of the forms that the clouds
// mint. ARNs of AWS's own account are not, nor are patterns.
func ownForm(s string) bool {
	if strings.ContainsAny(s, "*?${} \n") {
		return false
	}
	if m := arnForm.FindStringSubmatch(s); m != nil {
		return m[3] != "aws"
	}
	m := idForm.FindStringSubmatch(s)
	return m != nil && minted[m[1]]
}

// stem gives the forms under which the resource of an ARN may be known: the
// ARN as it is, and without what services add to it.
func stem(s string) []string {
	forms := []string{s, strings.TrimSuffix(s, ":*")}
	m := arnForm.FindStringSubmatch(s)
	if m == nil {
		return forms
	}
	switch m[1] {
	case "s3": // a bucket's ARN with a key
		if b, _, ok := strings.Cut(s, "/"); ok {
			forms = append(forms, b)
		}
	case "dynamodb": // a table's index or stream
		if parts := strings.Split(s, "/"); len(parts) > 2 {
			forms = append(forms, strings.Join(parts[:2], "/"))
		}
	case "logs": // a group's stream
		if g, _, ok := strings.Cut(s, ":log-stream:"); ok {
			forms = append(forms, g)
		}
	}
	return forms
}

// resolve finds every resource that the inputs name. A name of nothing, or of
// something in another region, is the service's error.
func (o *op) resolve() ([]Ref, error) {
	var refs []Ref
	seen := map[string]bool{}
	add := func(path string, r *Resource) {
		ref := Ref{Path: path, Type: r.Type, ID: r.ID, Scope: r.Scope}
		if k := path + sep + ref.key(); !seen[k] {
			seen[k] = true
			refs = append(refs, ref)
		}
	}
	typed := map[string]bool{}
	for _, path := range sortedNames(o.m.Refs) {
		for _, l := range all(o.in, path) {
			s, ok := l.value.(string)
			if !ok || s == "" {
				continue
			}
			typed[l.path] = true
			if slices.Contains(o.m.External[path], s) || strings.HasPrefix(s, "arn:aws:iam::aws:") {
				continue
			}
			found, err := o.named(s, o.m.Refs[path])
			if err != nil {
				return nil, err
			}
			r, err := o.reachable(l.path, s, found)
			if err != nil {
				return nil, err
			}
			add(l.path, r)
		}
	}
	for _, l := range leaves(o.in) {
		s, ok := l.value.(string)
		if !ok || typed[l.path] || !ownForm(s) || under(l.path, "tags") || under(l.path, "tagsAll") {
			continue
		}
		if m := arnForm.FindStringSubmatch(s); m != nil && m[3] != "" && m[3] != o.c.account {
			continue // another account's, of which nothing is known here
		}
		if arnForm.MatchString(s) && o.foreign(s) {
			continue
		}
		found, err := o.named(s, []string{""})
		if err != nil {
			return nil, err
		}
		r, err := o.reachable(l.path, s, found)
		if err != nil {
			return nil, err
		}
		add(l.path, r)
	}
	return refs, nil
}

// foreign ARNs name what AWS makes by itself: account roots, service-linked
// roles and assumed roles.
func (o *op) foreign(arn string) bool {
	rest := arnForm.FindStringSubmatch(arn)[4]
	return rest == "root" || strings.HasPrefix(rest, "role/aws-service-role/") || strings.HasPrefix(rest, "assumed-role/") ||
		strings.HasPrefix(rest, "user/")
}

func (o *op) named(s string, types []string) ([]*Resource, error) {
	var found []*Resource
	for _, form := range stem(s) {
		for _, t := range types {
			rs, err := o.find(form, t)
			if err != nil {
				return nil, err
			}
			found = append(found, rs...)
		}
		if len(found) > 0 {
			break
		}
	}
	return slices.DeleteFunc(found, func(r *Resource) bool {
		return r.Scope.Package != o.scope.Package || r.Scope.Account != o.scope.Account
	}), nil
}

// reachable picks the resource that the asking region can see.
func (o *op) reachable(path, s string, found []*Resource) (*Resource, error) {
	for _, r := range found {
		if r.Scope.Region == o.region || r.Scope.Region == Global || r.Scope.Region == "" {
			return r, nil
		}
	}
	if i := slices.IndexFunc(found, func(r *Resource) bool { return o.has(r, s) }); i >= 0 {
		return found[i], nil
	}
	if len(found) > 0 && o.mayCross(path) {
		return found[0], nil
	}
	what := s
	if m := idForm.FindStringSubmatch(s); m != nil {
		what = fmt.Sprintf("ID '%s'", s)
	}
	if until, pending := o.keyPending(s); pending {
		return nil, o.refuse("KMSInvalidStateException", "%s: %s is pending deletion, until %s", path, what, until)
	}
	code, reason := notFound(s, o.m.Refs[bare(path)])
	if len(found) > 0 {
		return nil, o.refuse(code, "%s: %s %s in %s: it is in %s", path, what, reason, o.region, found[0].Scope.Region)
	}
	return nil, o.refuse(code, "%s: %s %s", path, what, reason)
}

// has says whether an ARN is that of a resource's copy in the asking region.
func (o *op) has(r *Resource, arn string) bool {
	m := models[r.Type]
	parts := arnForm.FindStringSubmatch(arn)
	return parts != nil && parts[2] == o.region && m.Elsewhere != nil && slices.Contains(m.Elsewhere(r), arn)
}

func (o *op) mayCross(path string) bool {
	if o.scope.Region == Global {
		return true // a global service's checks of regions are rules of its types
	}
	return slices.ContainsFunc(o.m.CrossRegion, func(p string) bool { return under(bare(path), p) })
}

// notFound is the code and the words with which services say that there is no
// such thing.
func notFound(s string, types []string) (code, reason string) {
	if m := idForm.FindStringSubmatch(s); m != nil {
		code, ok := ec2NotFound[m[1]]
		if !ok {
			code = "InvalidParameterValue"
		}
		return code, "does not exist"
	}
	if len(types) > 0 {
		if m := models[types[0]]; m != nil {
			switch m.Service {
			case "IAM":
				return "NoSuchEntity", "cannot be found"
			case "RDS":
				return m.Type[strings.LastIndex(m.Type, ":")+1:] + "NotFoundFault", "not found"
			case "S3":
				return "NoSuchBucket", "the specified bucket does not exist"
			}
		}
	}
	return "ResourceNotFoundException", "not found"
}

// ec2NotFound are EC2's error codes by identifier prefix (EC2 API reference,
// "Error codes").
var ec2NotFound = map[string]string{
	"vpc": "InvalidVpcID.NotFound", "subnet": "InvalidSubnetID.NotFound", "sg": "InvalidGroup.NotFound",
	"rtb": "InvalidRouteTableID.NotFound", "igw": "InvalidInternetGatewayID.NotFound", "nat": "NatGatewayNotFound",
	"eipalloc": "InvalidAllocationID.NotFound", "vpce": "InvalidVpcEndpointId.NotFound", "lt": "InvalidLaunchTemplateId.NotFound",
	"acl": "InvalidNetworkAclID.NotFound", "fl": "InvalidFlowLogId.NotFound", "eni": "InvalidNetworkInterfaceID.NotFound",
	"sgr": "InvalidSecurityGroupRuleId.NotFound", "tgw": "InvalidTransitGatewayID.NotFound",
	"tgw-rtb": "InvalidRouteTableID.NotFound", "tgw-attach": "InvalidTransitGatewayAttachmentID.NotFound",
	"eigw": "InvalidEgressOnlyInternetGatewayId.NotFound",
}

// oneNetwork refuses inputs that name things of different VPCs, where the service
// does.
func (o *op) oneNetwork(refs []Ref) error {
	if o.m.OneVPC == "" {
		return nil
	}
	first, of := "", Ref{}
	for _, ref := range refs {
		r, err := o.get(ref.Scope, ref.Type, ref.ID)
		if err != nil {
			return err
		}
		vpc, err := o.networkOf(r)
		if err != nil {
			return err
		}
		if first == "" {
			first, of = vpc, ref
		}
		if vpc != "" && vpc != first {
			return o.refuse(o.m.OneVPC, "%s and %s are in different VPCs: %s is in %s, %s in %s", of.Path, ref.Path, of.ID, first, ref.ID, vpc)
		}
	}
	return nil
}

// networkOf is the VPC that something is in, "" if it is in none.
func (o *op) networkOf(r *Resource) (string, error) {
	switch {
	case r == nil:
		return "", nil
	case r.Type == typeVPC:
		return r.ID, nil
	case r.Type == typeListener:
		found, err := o.find(text(r.Inputs, "loadBalancerArn"), typeLoadBalancer)
		if err != nil || len(found) == 0 {
			return "", err
		}
		r = found[0]
	}
	return cmp.Or(text(r.Outputs, "vpcId"), text(r.Outputs, "vpcConfig.vpcId")), nil
}

// unique refuses a name that is taken.
func (o *op) unique() error {
	for _, template := range o.m.Unique {
		want, ok := o.expand(template, "")
		if !ok {
			continue
		}
		err := o.eachOf(o.scope, o.m.Type, func(r *Resource) error {
			if r.ID == o.id && o.old != nil {
				return nil
			}
			other := *o
			other.in, other.out, other.id = r.Inputs, r.Outputs, r.ID
			if have, ok := other.expand(template, ""); ok && have == want {
				code := o.m.Exists
				if code == "" {
					code = "AlreadyExists"
				}
				return o.refuse(code, "%s already exists", want)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// within refuses what is more than the quota.
func (o *op) within() error {
	if o.m.Quota == 0 || o.old != nil {
		return nil
	}
	n := 0
	if err := o.eachOf(o.scope, o.m.Type, func(*Resource) error { n++; return nil }); err != nil {
		return err
	}
	if n >= o.m.Quota {
		return o.refuse(o.m.OverQuota, "the maximum number of %s has been reached: the default quota of a region is %d",
			o.m.Type[strings.LastIndex(o.m.Type, ":")+1:], o.m.Quota)
	}
	return nil
}

// released refuses to delete what others use.
func (o *op) released(r *Resource) error {
	users, err := o.users(r)
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.key() == r.key() || !slices.Contains(o.m.UsedBy, u.Type) {
			continue
		}
		code := o.m.InUse
		if code == "" {
			code = "DependencyViolation"
		}
		return o.fail("deleting", code, "%s has a dependent object: %s (%s)", r.ID, u.Type, u.ID)
	}
	return nil
}
