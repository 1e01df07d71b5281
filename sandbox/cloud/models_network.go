package cloud

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/policy"
)

const (
	typeEgressOnlyGateway = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
	typeIPv6Block         = "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation"
	typeNetworkACL        = "aws:ec2/networkAcl:NetworkAcl"
)

// networkModels are what a network may have besides the parts that every one has.
var networkModels = []model{
	{
		Type: typeIPv6Block, Service: "EC2", ID: "vpc-cidr-assoc-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{"ipSource": "amazon", "ipv6AddressAttribute": "public", "ipv6Pool": "Amazon"},
		Compute: func(o *op) error {
			if truth(o.in, "assignGeneratedIpv6CidrBlock") && text(o.out, "ipv6CidrBlock") == "" {
				// The documentation's range (RFC 3849), so that no real host is meant.
				o.out["ipv6CidrBlock"] = netip.MustParsePrefix(fmt.Sprintf("2001:db8:%s:%s00::/56", o.mint("hex", 4, "ipv6"), o.mint("hex", 2, "block"))).String()
			}
			return nil
		},
		// A block that a subnet has a part of cannot go.
		Gone: func(o *op) error {
			whole, err := netip.ParsePrefix(text(o.out, "ipv6CidrBlock"))
			if err != nil {
				return err
			}
			return o.eachOf(o.scope, typeSubnet, func(r *Resource) error {
				part, err := netip.ParsePrefix(text(r.Inputs, "ipv6CidrBlock"))
				if err == nil && whole.Overlaps(part) {
					return o.fail("deleting", "InvalidCidrBlock.InUse", "the vpc has subnets whose CIDR is within %s: %s", whole, r.ID)
				}
				return nil
			})
		},
	},
	{
		Type: typeEgressOnlyGateway, Service: "EC2", ID: "eigw-{hex:17}", Auto: autoname{none: true},
	},
	{
		Type: typeNetworkACL, Service: "EC2", ID: "acl-{hex:17}", Auto: autoname{none: true},
		Set:   map[string]string{"arn": "arn:aws:ec2:{region}:{account}:network-acl/{id}", "ownerId": "{account}"},
		Check: checkNetworkACL,
	},
}

// aclRuleLast is the highest number of a rule that is not AWS's own.
const aclRuleLast = 32766

// aclRules is how many rules a network ACL has in each direction by default
// (Amazon VPC quotas).
const aclRules = 20

// aclProtocol are the names and the numbers of protocols in a network ACL's rules.
var aclProtocol = regexp.MustCompile(`^(-1|all|tcp|udp|icmp|icmpv6|ipv6-icmp|esp|ah|gre|ospf|sctp|[0-9]{1,3})$`)

func checkNetworkACL(o *op) error {
	for _, direction := range []string{"ingress", "egress"} {
		seen := map[float64]bool{}
		rules, _ := at(o.in, direction).([]any)
		if len(rules) > aclRules {
			return o.refuse("NetworkAclEntryLimitExceeded", "%s has %d rules, the limit is %d", direction, len(rules), aclRules)
		}
		for i, r := range rules {
			rule, _ := r.(map[string]any)
			n, _ := number(rule, "ruleNo")
			if n < 1 || n > aclRuleLast {
				return o.refuse("InvalidParameterValue", "%s[%d]: invalid rule number %v: must be between 1 and %d", direction, i, n, aclRuleLast)
			}
			if seen[n] {
				return o.refuse("NetworkAclEntryAlreadyExists", "%s[%d]: the network acl entry identified by %v already exists", direction, i, n)
			}
			seen[n] = true
			four, six := text(rule, "cidrBlock"), text(rule, "ipv6CidrBlock")
			if (four == "") == (six == "") {
				return o.refuse("InvalidParameterCombination", "%s[%d]: give one of cidrBlock and ipv6CidrBlock", direction, i)
			}
			if to, err := netip.ParsePrefix(four + six); err != nil || to.Addr().Is4() != (six == "") {
				return o.refuse("InvalidParameterValue", "%s[%d]: %s is not a valid CIDR block", direction, i, four+six)
			}
			if a := text(rule, "action"); a != "allow" && a != "deny" {
				return o.refuse("InvalidParameterValue", "%s[%d]: invalid value '%s' for ruleAction: it is allow or deny", direction, i, a)
			}
			if p := text(rule, "protocol"); !aclProtocol.MatchString(p) {
				return o.refuse("InvalidParameterValue", "%s[%d]: invalid value '%s' for IP protocol: unknown protocol", direction, i, p)
			}
			for _, end := range []string{"fromPort", "toPort"} {
				if port, _ := number(rule, end); port < 0 || port > 65535 {
					return o.refuse("InvalidParameterValue", "%s[%d]: invalid value '%.0f' for %s: it is no port", direction, i, port, end)
				}
			}
		}
	}
	for _, id := range texts(o.in, "subnetIds") {
		subnets, err := o.find(id, typeSubnet)
		if err != nil {
			return err
		}
		for _, s := range subnets {
			if text(s.Inputs, "vpcId") != text(o.in, "vpcId") {
				return o.refuse("InvalidParameterValue", "subnet %s is in %s, the network acl in %s", id, text(s.Inputs, "vpcId"), text(o.in, "vpcId"))
			}
		}
	}
	return nil
}

// endpointServices are the services of AWS that can be reached through an interface
// endpoint, by the last part of their name, as far as they are known here. All
// are in all regions that the platform runs in.
var endpointServices = []string{
	"access-analyzer", "acm-pca", "application-autoscaling", "athena", "autoscaling", "backup", "cloudformation", "cloudtrail", "codeartifact.api",
	"codeartifact.repositories", "config", "datasync", "dynamodb", "ec2", "ec2messages", "ecr.api", "ecr.dkr", "ecs", "ecs-agent",
	"ecs-telemetry", "eks", "eks-auth", "elasticache", "elasticfilesystem", "elasticloadbalancing", "events", "execute-api", "fis", "glue",
	"guardduty-data", "inspector2", "kinesis-firehose", "kinesis-streams", "kms", "lambda", "logs", "monitoring", "organizations",
	"rds", "rds-data", "route53resolver", "s3", "secretsmanager", "securityhub", "servicediscovery", "sns", "sqs", "ssm",
	"ssm-contacts", "ssm-incidents", "ssmmessages", "states", "sts", "sync-states", "synthetics", "xray",
}

// checkEndpoint checks an endpoint against its service and against the other
// endpoints of its network.
func checkEndpoint(o *op) error {
	service, gateway := text(o.in, "serviceName"), text(o.in, "vpcEndpointType") != "Interface"
	if own, ok := strings.CutPrefix(service, "com.amazonaws."); ok && !strings.HasPrefix(own, "vpce.") {
		name, here := strings.CutPrefix(own, o.region+".")
		if !here || !slices.Contains(endpointServices, name) {
			return o.refuse("InvalidServiceName", "the VPC endpoint service '%s' does not exist in %s", service, o.region)
		}
		if gateway && name != "s3" && name != "dynamodb" {
			return o.refuse("InvalidParameter", "the endpoint type (Gateway) does not match the type of the service %s (Interface)", service)
		}
	}
	if gateway && len(texts(o.in, "subnetIds"))+len(texts(o.in, "securityGroupIds")) > 0 {
		return o.refuse("InvalidParameter", "a gateway endpoint takes route tables, not subnets or security groups")
	}
	if !gateway && len(texts(o.in, "routeTableIds")) > 0 {
		return o.refuse("InvalidParameter", "an interface endpoint takes subnets, not route tables")
	}
	if err := o.oneSubnetInAZone("subnetIds", "DuplicateSubnetsInSameZone"); err != nil {
		return err
	}
	private := truth(o.in, "privateDnsEnabled")
	if private {
		vpcs, err := o.find(text(o.in, "vpcId"), typeVPC)
		if err != nil {
			return err
		}
		for _, vpc := range vpcs {
			if at(vpc.Inputs, "enableDnsSupport") == false || !truth(vpc.Inputs, "enableDnsHostnames") {
				return o.refuse("InvalidParameter", "enabling private DNS requires both enableDnsSupport and enableDnsHostnames of VPC %s", vpc.ID)
			}
		}
	}
	if err := policyIn("policy", "InvalidPolicyDocument", policy.Endpoint)(o); err != nil {
		return err
	}
	return o.eachOf(o.scope, typeEndpoint, func(r *Resource) error {
		if r.ID == o.id || text(r.Inputs, "vpcId") != text(o.in, "vpcId") || text(r.Inputs, "serviceName") != service {
			return nil
		}
		if private && truth(r.Inputs, "privateDnsEnabled") {
			return o.refuse("InvalidParameter", "private-dns-enabled cannot be set because there is already a conflicting DNS domain for %s in VPC %s: %s",
				service, text(o.in, "vpcId"), r.ID)
		}
		if gateway {
			for _, table := range texts(o.in, "routeTableIds") {
				if slices.Contains(texts(r.Inputs, "routeTableIds"), table) {
					return o.refuse("RouteAlreadyExists", "route table %s already has a route to %s: %s", table, service, r.ID)
				}
			}
		}
		return nil
	})
}

// oneSubnetInAZone refuses two subnets of one zone, where a service makes one
// network interface in each zone.
func (o *op) oneSubnetInAZone(path, code string) error {
	zones := map[string]string{}
	for _, id := range texts(o.in, path) {
		subnets, err := o.find(id, typeSubnet)
		if err != nil {
			return err
		}
		for _, s := range subnets {
			if text(s.Inputs, "vpcId") != text(o.in, "vpcId") && text(o.in, "vpcId") != "" {
				return o.refuse("InvalidParameter", "subnet %s is not in VPC %s", id, text(o.in, "vpcId"))
			}
			zone := text(s.Outputs, "availabilityZone")
			if zones[zone] != "" {
				return o.refuse(code, "found another subnet in the same zone (%s): %s and %s", zone, zones[zone], id)
			}
			zones[zone] = id
		}
	}
	return nil
}

// ipv6Blocks are the IPv6 blocks of a network.
func (o *op) ipv6Blocks(vpc string) (blocks []netip.Prefix, err error) {
	return blocks, o.eachOf(o.scope, typeIPv6Block, func(r *Resource) error {
		if p, err := netip.ParsePrefix(text(r.Outputs, "ipv6CidrBlock")); err == nil && text(r.Inputs, "vpcId") == vpc {
			blocks = append(blocks, p)
		}
		return nil
	})
}

// checkIPv6Subnet checks a subnet's IPv6 block against its network's and those
// of its neighbours.
func (o *op) checkIPv6Subnet(vpc *Resource) error {
	s := text(o.in, "ipv6CidrBlock")
	if s == "" {
		if truth(o.in, "assignIpv6AddressOnCreation") {
			return o.refuse("InvalidParameterValue", "assignIpv6AddressOnCreation needs an ipv6CidrBlock")
		}
		return nil
	}
	mine, err := netip.ParsePrefix(s)
	if err != nil || !mine.Addr().Is6() || mine != mine.Masked() || mine.Bits() != 64 {
		return o.refuse("InvalidParameterValue", "value (%s) for parameter ipv6CidrBlock is invalid: this is not a valid IPv6 CIDR block of /64", s)
	}
	blocks, err := o.ipv6Blocks(vpc.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(blocks, func(b netip.Prefix) bool { return b.Contains(mine.Addr()) }) {
		return o.refuse("InvalidSubnet.Range", "the CIDR '%s' is invalid: it is not within the VPC's %v", mine, blocks)
	}
	return o.eachOf(o.scope, typeSubnet, func(r *Resource) error {
		if r.ID != o.id && text(r.Inputs, "vpcId") == vpc.ID && text(r.Inputs, "ipv6CidrBlock") == s {
			return o.refuse("InvalidSubnet.Conflict", "the CIDR '%s' conflicts with another subnet: %s has it", mine, r.ID)
		}
		return nil
	})
}

// checkRoute checks a route's target and destination.
func checkRoute(o *op) error {
	targets := []string{
		"gatewayId", "natGatewayId", "vpcEndpointId", "transitGatewayId", "vpcPeeringConnectionId",
		"networkInterfaceId", "egressOnlyGatewayId", "localGatewayId", "carrierGatewayId", "coreNetworkArn",
	}
	given := slices.DeleteFunc(targets, func(t string) bool { return text(o.in, t) == "" })
	if len(given) != 1 {
		return o.refuse("InvalidParameterCombination", "a route has exactly one target, this has %d: %s", len(given), strings.Join(given, ", "))
	}
	six := text(o.in, "destinationIpv6CidrBlock")
	if given[0] == "egressOnlyGatewayId" && six == "" {
		return o.refuse("InvalidParameterValue", "an egress-only internet gateway takes IPv6 alone: give destinationIpv6CidrBlock")
	}
	tables, err := o.find(text(o.in, "routeTableId"), typeRouteTable)
	if err != nil || len(tables) == 0 {
		return err
	}
	vpcID := text(tables[0].Inputs, "vpcId")
	vpcs, err := o.find(vpcID, typeVPC)
	if err != nil || len(vpcs) == 0 {
		return err
	}
	local, err := o.ipv6Blocks(vpcID)
	if err != nil {
		return err
	}
	if six != "" && len(local) == 0 {
		return o.refuse("InvalidParameterValue", "VPC %s has no IPv6 block, so it takes no route to %s", vpcID, six)
	}
	if four, err := netip.ParsePrefix(text(vpcs[0].Outputs, "cidrBlock")); err == nil {
		local = append(local, four)
	}
	if to, err := netip.ParsePrefix(cmp.Or(six, text(o.in, "destinationCidrBlock"))); err == nil && given[0] != "networkInterfaceId" {
		for _, block := range local {
			if to.Bits() >= block.Bits() && block.Contains(to.Addr()) {
				return o.refuse("InvalidParameterValue", "the destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks (%s): "+
					"the route can target only an interface or an instance", to, block)
			}
		}
	}
	if given[0] == "transitGatewayId" {
		return o.attachedTo(text(o.in, "transitGatewayId"), vpcID)
	}
	return nil
}
