package cloud

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
)

const (
	typeVPC            = "aws:ec2/vpc:Vpc"
	typeSubnet         = "aws:ec2/subnet:Subnet"
	typeRouteTable     = "aws:ec2/routeTable:RouteTable"
	typeRoute          = "aws:ec2/route:Route"
	typeSecurityGroup  = "aws:ec2/securityGroup:SecurityGroup"
	typeEIP            = "aws:ec2/eip:Eip"
	typeNAT            = "aws:ec2/natGateway:NatGateway"
	typeEndpoint       = "aws:ec2/vpcEndpoint:VpcEndpoint"
	typeGateway        = "aws:ec2/internetGateway:InternetGateway"
	typeLaunchTemplate = "aws:ec2/launchTemplate:LaunchTemplate"
)

// attached are the types that hold a network interface in a subnet or under a
// security group, and so keep both from being deleted.
var attached = []string{
	typeNAT, typeEndpoint, typeLoadBalancer, typeCluster, typeNodeGroup, typeDBSubnetGroup, typeDBCluster, typeLaunchTemplate,
	typeTransitVPC, typeAutoScalingGroup,
}

var ec2Models = []model{
	{
		Type: typeVPC, Service: "EC2", ID: "vpc-{hex:17}", Auto: autoname{none: true},
		Quota: 5, OverQuota: "VpcLimitExceeded", // VPC user guide, "Amazon VPC quotas"
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:vpc/{id}", "ownerId": "{account}", "dhcpOptionsId": "dopt-{hex:17}",
			"defaultNetworkAclId": "acl-{hex:17}", "defaultRouteTableId": "rtb-{hex:17}",
			"defaultSecurityGroupId": "sg-{hex:17}", "mainRouteTableId": "{defaultRouteTableId}",
		},
		UsedBy: append([]string{
			typeSubnet, typeRouteTable, typeSecurityGroup, typeGateway, typeEgressOnlyGateway, typeIPv6Block, typeNetworkACL, typeTargetGroup, "aws:route53/zone:Zone",
		}, attached...),
		Check: func(o *op) error { return o.cidr("cidrBlock", 16, 28, "InvalidVpc.Range") },
	},
	{
		Type: typeSubnet, Service: "EC2", ID: "subnet-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:subnet/{id}", "ownerId": "{account}", "availabilityZone": "{region}a",
		},
		UsedBy: append([]string{"aws:ec2/routeTableAssociation:RouteTableAssociation"}, attached...),
		Check:  checkSubnet,
		Compute: func(o *op) error {
			o.out["availabilityZoneId"] = zoneID(text(o.out, "availabilityZone"))
			return nil
		},
	},
	{
		Type: typeRouteTable, Service: "EC2", ID: "rtb-{hex:17}", Auto: autoname{none: true},
		Set:    map[string]string{"arn": "arn:aws:ec2:{region}:{account}:route-table/{id}", "ownerId": "{account}"},
		UsedBy: []string{"aws:ec2/routeTableAssociation:RouteTableAssociation"},
	},
	{
		Type: typeRoute, Service: "EC2", ID: "r-{routeTableId}{digits:10}", Auto: autoname{none: true},
		Set:    map[string]string{"origin": "CreateRoute", "state": "active"},
		Unique: []string{"{routeTableId} {destinationCidrBlock}", "{routeTableId} {destinationPrefixListId}", "{routeTableId} {destinationIpv6CidrBlock}"},
		Exists: "RouteAlreadyExists",
		Check:  checks(checkRoute, sameNetwork),
	},
	{
		Type: "aws:ec2/routeTableAssociation:RouteTableAssociation", Service: "EC2", ID: "rtbassoc-{hex:17}", Auto: autoname{none: true},
		Unique: []string{"{subnetId}", "{gatewayId}"}, Exists: "Resource.AlreadyAssociated",
	},
	{
		Type: typeGateway, Service: "EC2", ID: "igw-{hex:17}", Auto: autoname{none: true},
		Quota: 5, OverQuota: "InternetGatewayLimitExceeded", // same source
		Set:    map[string]string{"arn": "arn:aws:ec2:{region}:{account}:internet-gateway/{id}", "ownerId": "{account}"},
		Unique: []string{"{vpcId}"}, Exists: "Resource.AlreadyAssociated",
		Gone: publicAddressesGone,
	},
	{
		Type: typeNAT, Service: "EC2", ID: "nat-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{
			"associationId": "eipassoc-{hex:17}", "networkInterfaceId": "eni-{hex:17}", "connectivityType": "public",
		},
		Check: func(o *op) error {
			private := text(o.in, "connectivityType") == "private"
			if !private && text(o.in, "allocationId") == "" {
				return o.refuse("MissingParameter", "a public NAT gateway needs an allocationId")
			}
			if private && text(o.in, "allocationId") != "" {
				return o.refuse("InvalidParameter", "a private NAT gateway takes no allocationId")
			}
			return nil
		},
		Compute: func(o *op) error {
			if o.out["privateIp"] == nil {
				o.out["privateIp"] = o.address(text(o.in, "subnetId"))
			}
			eips, err := o.find(text(o.in, "allocationId"), typeEIP)
			if err != nil || len(eips) == 0 {
				return err
			}
			o.out["publicIp"] = eips[0].Outputs["publicIp"]
			return nil
		},
	},
	{
		Type: typeEIP, Service: "EC2", ID: "eipalloc-{hex:17}", Auto: autoname{none: true},
		Quota: 5, OverQuota: "AddressLimitExceeded", // same source
		Set: map[string]string{
			"allocationId": "{id}", "arn": "arn:aws:ec2:{region}:{account}:elastic-ip/{id}", "domain": "vpc",
			"networkBorderGroup": "{region}", "publicIpv4Pool": "amazon",
		},
		UsedBy: []string{typeNAT}, InUse: "InvalidIPAddress.InUse",
		Compute: func(o *op) error {
			if o.out["publicIp"] == nil {
				// TEST-NET-3 (RFC 5737), so that no real host is meant.
				n := o.mint("digits", 3, "publicIp")
				o.out["publicIp"] = fmt.Sprintf("203.0.113.%d", atoi(n)%256)
				o.out["publicDns"] = "ec2-" + strings.ReplaceAll(text(o.out, "publicIp"), ".", "-") + ".compute-1.amazonaws.com"
			}
			return nil
		},
	},
	{
		Type: typeEndpoint, Service: "EC2", ID: "vpce-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:vpc-endpoint/{id}", "ownerId": "{account}", "state": "available",
			"vpcEndpointType": "Gateway",
		},
		Check: checkEndpoint, OneVPC: "InvalidParameter",
		Compute: func(o *op) error {
			if text(o.out, "vpcEndpointType") == "Gateway" {
				if o.out["prefixListId"] == nil {
					o.out["prefixListId"] = "pl-" + o.mint("hex", 8, "prefixListId")
					o.out["cidrBlocks"] = []any{"198.51.100.0/24"}
				}
				return nil
			}
			var enis, names []any
			for i := range texts(o.in, "subnetIds") {
				enis = append(enis, "eni-"+o.mint("hex", 17, fmt.Sprint("eni", i)))
			}
			service := text(o.in, "serviceName")
			names = append(names, map[string]any{
				"dnsName":      o.id + "-" + o.mint("alnum", 8, "dns") + "." + service[strings.LastIndex(service, ".")+1:] + "." + o.region + ".vpce.amazonaws.com",
				"hostedZoneId": "Z" + o.mint("upper", 13, "zone"),
			})
			o.out["networkInterfaceIds"], o.out["dnsEntries"] = enis, names
			return nil
		},
	},
	{
		Type: "aws:ec2/flowLog:FlowLog", Service: "EC2", ID: "fl-{hex:17}", Auto: autoname{none: true},
		Unique: []string{"{vpcId} {trafficType} {logDestination}"}, Exists: "FlowLogAlreadyExists",
		Set: map[string]string{"arn": "arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}", "logDestinationType": "cloud-watch-logs"},
		Check: func(o *op) error {
			if t := text(o.in, "logDestinationType"); (t == "" || t == "cloud-watch-logs") && text(o.in, "iamRoleArn") == "" {
				return o.refuse("InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs")
			}
			return nil
		},
	},
	{
		Type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", Service: "EC2", Auto: autoname{none: true},
		ID: "{defaultSecurityGroupId}", Unique: []string{"{vpcId}"}, Exists: "InvalidGroup.Duplicate",
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:security-group/{id}", "ownerId": "{account}", "name": "default",
			"description": "default VPC security group",
		},
		Check: func(o *op) error { return o.adopt("vpcId", "defaultSecurityGroupId") },
	},
	{
		Type: "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", Service: "EC2", ID: "{defaultNetworkAclId}", Auto: autoname{none: true},
		Set:   map[string]string{"arn": "arn:aws:ec2:{region}:{account}:network-acl/{id}", "ownerId": "{account}"},
		Check: func(o *op) error { return o.adopt("defaultNetworkAclId", "") },
	},
	{
		Type: typeSecurityGroup, Service: "EC2", ID: "sg-{hex:17}",
		Set:    map[string]string{"arn": "arn:aws:ec2:{region}:{account}:security-group/{id}", "ownerId": "{account}"},
		Unique: []string{"{vpcId} {name}"}, Exists: "InvalidGroup.Duplicate",
		UsedBy: append([]string{typeSecurityGroup}, attached...),
		Check: func(o *op) error {
			if strings.HasPrefix(text(o.in, "name"), "sg-") {
				return o.refuse("InvalidParameterValue", "invalid value for parameter groupName: a name may not begin with sg-")
			}
			return nil
		},
		// A group that a rule of another group names cannot go; its own
		// rules go with it.
		Gone: func(o *op) error {
			users, err := o.users(o.old)
			if err != nil {
				return err
			}
			for _, u := range users {
				if strings.Contains(u.Type, "ecurityGroup") && text(u.Inputs, "securityGroupId") != o.id && u.Type != typeSecurityGroup {
					return o.fail("deleting", "DependencyViolation", "resource %s has a dependent object: %s (%s)", o.id, u.Type, u.ID)
				}
			}
			return nil
		},
	},
	{
		Type: "aws:ec2/securityGroupRule:SecurityGroupRule", Service: "EC2", ID: "sgrule-{digits:10}", Auto: autoname{none: true},
		Set:    map[string]string{"securityGroupRuleId": "sgr-{hex:17}"},
		Unique: ruleKeys("{type} {protocol}", "cidrBlocks[0]", "sourceSecurityGroupId", "self", "prefixListIds[0]", "ipv6CidrBlocks[0]"),
		Exists: "InvalidPermission.Duplicate",
	},
	{
		Type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", Service: "EC2", ID: "sgr-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:security-group-rule/{id}", "securityGroupRuleId": "{id}",
		},
		Unique: ruleKeys("{ipProtocol}", "cidrIpv4", "referencedSecurityGroupId", "prefixListId", "cidrIpv6"),
		Exists: "InvalidPermission.Duplicate",
	},
	{
		Type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", Service: "EC2", ID: "sgr-{hex:17}", Auto: autoname{none: true},
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:security-group-rule/{id}", "securityGroupRuleId": "{id}",
		},
		Unique: ruleKeys("{ipProtocol}", "cidrIpv4", "referencedSecurityGroupId", "prefixListId", "cidrIpv6"),
		Exists: "InvalidPermission.Duplicate",
	},
	{
		Type: typeLaunchTemplate, Service: "EC2", ID: "lt-{hex:17}", Auto: autoname{max: 125},
		Set: map[string]string{
			"arn": "arn:aws:ec2:{region}:{account}:launch-template/{id}",
		},
		Volatile: []string{"latestVersion"},
		Unique:   []string{"{name}"}, Exists: "InvalidLaunchTemplateName.AlreadyExistsException",
		Names: []string{"name"}, Check: userData,
		Compute: func(o *op) error {
			latest, _ := number(o.out, "latestVersion")
			o.out["latestVersion"] = latest + 1
			if v, _ := number(o.out, "defaultVersion"); v == 0 || truth(o.in, "updateDefaultVersion") {
				o.out["defaultVersion"] = latest + 1
			}
			return nil
		},
	},
}

// userDataLimit is the most bytes of user data before it is encoded (EC2 user
// guide, "Run commands when you launch an EC2 instance with user data input").
const userDataLimit = 16 << 10

// userData checks the user data of a launch template.
func userData(o *op) error {
	s := text(o.in, "userData")
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return o.refuse("InvalidUserData.Malformed", "invalid BASE64 encoding of user data: %v", err)
	}
	if len(raw) > userDataLimit {
		return o.refuse("InvalidUserData.Malformed", "user data is limited to %d bytes, it has %d", userDataLimit, len(raw))
	}
	return nil
}

// sameNetwork refuses a route to a gateway of another network.
func sameNetwork(o *op) error {
	network := func(id, typ string) string {
		found, err := o.find(id, typ)
		if err != nil || len(found) == 0 {
			return ""
		}
		return text(found[0].Outputs, "vpcId")
	}
	gateway := text(o.in, "gatewayId")
	have, want := network(gateway, typeGateway), network(text(o.in, "routeTableId"), typeRouteTable)
	if gateway != "" && have != "" && want != "" && have != want {
		return o.refuse("InvalidParameterValue", "route table %s and network gateway %s belong to different networks", text(o.in, "routeTableId"), gateway)
	}
	return nil
}

// ruleKeys are what must be unique of a security group's rule, for each way to
// say its other side.
func ruleKeys(kind string, sides ...string) []string {
	var keys []string
	for _, s := range sides {
		keys = append(keys, "{securityGroupId} "+kind+" {fromPort?}-{toPort?} {"+s+"}")
	}
	return keys
}

// cidr checks that an input is an IPv4 network with a prefix of from to to bits
// and no host bits set.
func (o *op) cidr(path string, from, to int, code string) error {
	s := text(o.in, path)
	if s == "" {
		return nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil || !p.Addr().Is4() || p != p.Masked() {
		return o.refuse("InvalidParameterValue", "value (%s) for parameter %s is invalid: this is not a valid CIDR block", s, path)
	}
	if p.Bits() < from || p.Bits() > to {
		return o.refuse(code, "the CIDR '%s' is invalid: the prefix must be between /%d and /%d", s, from, to)
	}
	return nil
}

func checkSubnet(o *op) error {
	if err := o.cidr("cidrBlock", 16, 28, "InvalidSubnet.Range"); err != nil {
		return err
	}
	if az := text(o.in, "availabilityZone"); az != "" && (len(az) != len(o.region)+1 || !strings.HasPrefix(az, o.region)) {
		return o.refuse("InvalidParameterValue", "value (%s) for parameter availabilityZone is invalid: subnets can currently only be created in the zones of %s", az, o.region)
	}
	cidr := text(o.in, "cidrBlock")
	if cidr == "" {
		return nil
	}
	mine := netip.MustParsePrefix(cidr)
	vpcs, err := o.find(text(o.in, "vpcId"), typeVPC)
	if err != nil || len(vpcs) == 0 {
		return err
	}
	vpc, err := netip.ParsePrefix(text(vpcs[0].Outputs, "cidrBlock"))
	if err != nil {
		return fmt.Errorf("the network of VPC %s: %w", vpcs[0].ID, err)
	}
	if !vpc.Contains(mine.Addr()) || mine.Bits() < vpc.Bits() {
		return o.refuse("InvalidSubnet.Range", "the CIDR '%s' is invalid: it is not within the VPC's %s", mine, vpc)
	}
	if err := o.checkIPv6Subnet(vpcs[0]); err != nil {
		return err
	}
	return o.eachOf(o.scope, typeSubnet, func(r *Resource) error {
		if r.ID == o.id || text(r.Inputs, "vpcId") != text(o.in, "vpcId") {
			return nil
		}
		if other, err := netip.ParsePrefix(text(r.Inputs, "cidrBlock")); err == nil && other.Overlaps(mine) {
			return o.refuse("InvalidSubnet.Conflict", "the CIDR '%s' conflicts with another subnet: %s has %s", mine, r.ID, other)
		}
		return nil
	})
}

// address is a host's address in a subnet.
func (o *op) address(subnet string) any {
	found, err := o.find(subnet, typeSubnet)
	if err != nil || len(found) == 0 {
		return nil
	}
	p, err := netip.ParsePrefix(text(found[0].Outputs, "cidrBlock"))
	if err != nil {
		return nil
	}
	a := p.Addr().As4()
	a[3] += byte(4 + atoi(o.mint("digits", 2, "address"))%11) // AWS keeps the first four
	return netip.AddrFrom4(a).String()
}

func atoi(digits string) int {
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

// zoneID is the id of a zone: us-east-1a is use1-az1.
func zoneID(zone string) string {
	if len(zone) < 2 {
		return ""
	}
	parts := strings.Split(zone[:len(zone)-1], "-")
	if len(parts) != 3 {
		return ""
	}
	return fmt.Sprintf("%s%s%s-az%d", parts[0], parts[1][:1], parts[2], zone[len(zone)-1]-'a'+1)
}

// adopt takes over what a network has by default. path names the network, or
// the default thing itself.
func (o *op) adopt(path, output string) error {
	found, err := o.find(text(o.in, path), typeVPC)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return o.refuse("InvalidVpcID.NotFound", "%s: %s belongs to no VPC", path, text(o.in, path))
	}
	o.out["vpcId"] = found[0].ID
	if output != "" {
		o.tmp[output] = found[0].Outputs[output]
	}
	return nil
}

// publicAddressesGone refuses to detach a gateway while the network still has
// public addresses, as EC2 does.
func publicAddressesGone(o *op) error {
	return o.eachOf(o.scope, typeNAT, func(r *Resource) error {
		subnets, err := o.find(text(r.Inputs, "subnetId"), typeSubnet)
		if err != nil || len(subnets) == 0 || text(r.Inputs, "allocationId") == "" {
			return err
		}
		if text(subnets[0].Inputs, "vpcId") == text(o.in, "vpcId") {
			return o.fail("deleting", "DependencyViolation", "network %s has some mapped public address(es): %s", text(o.in, "vpcId"), r.ID)
		}
		return nil
	})
}
