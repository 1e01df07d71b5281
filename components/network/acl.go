package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// aclRule is one planned rule of a network ACL, in one direction.
type aclRule struct {
	number   int
	deny     bool
	protocol string // "-1" is every one
	from, to int    // ports, 0 to 0 with every protocol
	cidr     pulumi.StringInput
	ipv6     bool
}

// Numbers of rules. A kind of rule keeps to its hundred, and within it to a
// number of its own, so that a new zone or peer renumbers nothing.
const (
	rulePublicSubnets = 100 // and the zone's letter
	rulePublicIPv6    = 110
	ruleVPC           = 200
	ruleVPCIPv6       = 201
	rulePeers         = 300 // and the peer's place
	ruleAnswers       = 400
	ruleAnswersIPv6   = 401
)

// firstEphemeral is the lowest port that answers come to (Amazon VPC user guide,
// "Ephemeral ports").
const firstEphemeral = 1024

func every(number int, cidr pulumi.StringInput, ipv6 bool) aclRule {
	return aclRule{number: number, protocol: "-1", cidr: cidr, ipv6: ipv6}
}

// anywhere lets everything pass in one direction.
func (b *builder) anywhere() []aclRule {
	rules := []aclRule{every(ruleVPC, pulumi.String("0.0.0.0/0"), false)}
	if b.args.IPv6 {
		rules = append(rules, every(ruleVPCIPv6, pulumi.String("::/0"), true))
	}
	return rules
}

// dataIngress lets the VPC and its peers into the data tier, but not the public
// subnets: what faces the internet has no business with a database. Answers come
// from the addresses of S3 and DynamoDB too, whose endpoints are the tier's only
// routes out.
func (b *builder) dataIngress() []aclRule {
	var rules []aclRule
	for _, s := range planSubnets(b.args.prefix(), b.args.Zones, false) {
		if s.tier == TierPublic {
			rule := every(rulePublicSubnets+zoneLetter(s.zone), pulumi.String(s.cidr.String()), false)
			rule.deny = true
			rules = append(rules, rule)
		}
	}
	if b.args.IPv6 {
		rule := every(rulePublicIPv6, b.ipv6Part(ipv6Tiers[TierPublic]*ipv6PerTier, 58), true)
		rule.deny = true
		rules = append(rules, rule)
	}
	rules = append(rules, every(ruleVPC, pulumi.String(b.args.CIDR), false))
	if b.args.IPv6 {
		rules = append(rules, every(ruleVPCIPv6, b.ipv6Block(), true))
	}
	for i, peer := range b.args.PeerCIDRs {
		rules = append(rules, every(rulePeers+i, pulumi.String(peer), false))
	}
	answers := aclRule{number: ruleAnswers, protocol: "tcp", from: firstEphemeral, to: 65535, cidr: pulumi.String("0.0.0.0/0")}
	rules = append(rules, answers)
	if b.args.IPv6 {
		answers.number, answers.cidr, answers.ipv6 = ruleAnswersIPv6, pulumi.String("::/0"), true
		rules = append(rules, answers)
	}
	return rules
}

func (r aclRule) action() pulumi.StringInput {
	if r.deny {
		return pulumi.String("deny")
	}
	return pulumi.String("allow")
}

// makeACLs gives every tier a network ACL of its own, and takes every rule from
// the VPC's default one: a subnet that somebody adds and forgets lets nothing
// through.
func (b *builder) makeACLs() error {
	var acls []pulumi.Resource
	for _, t := range tiers {
		if len(b.subnets[t]) == 0 {
			continue
		}
		in, out := b.anywhere(), b.anywhere()
		if t == TierData {
			in = b.dataIngress()
		}
		args := &ec2.NetworkAclArgs{VpcId: b.vpc.ID(), SubnetIds: b.plainSubnetIDs(t), Tags: tags(fmt.Sprintf("%s-%s", b.name, t))}
		ingress, egress := ec2.NetworkAclIngressArray{}, ec2.NetworkAclEgressArray{}
		for _, r := range in {
			rule := &ec2.NetworkAclIngressArgs{
				RuleNo: pulumi.Int(r.number), Action: r.action(), Protocol: pulumi.String(r.protocol), FromPort: pulumi.Int(r.from), ToPort: pulumi.Int(r.to),
			}
			if rule.CidrBlock = r.cidr.ToStringOutput().ToStringPtrOutput(); r.ipv6 {
				rule.CidrBlock, rule.Ipv6CidrBlock = nil, rule.CidrBlock
			}
			ingress = append(ingress, rule)
		}
		for _, r := range out {
			rule := &ec2.NetworkAclEgressArgs{
				RuleNo: pulumi.Int(r.number), Action: r.action(), Protocol: pulumi.String(r.protocol), FromPort: pulumi.Int(r.from), ToPort: pulumi.Int(r.to),
			}
			if rule.CidrBlock = r.cidr.ToStringOutput().ToStringPtrOutput(); r.ipv6 {
				rule.CidrBlock, rule.Ipv6CidrBlock = nil, rule.CidrBlock
			}
			egress = append(egress, rule)
		}
		args.Ingress, args.Egress = ingress, egress
		acl, err := ec2.NewNetworkAcl(b.ctx, fmt.Sprintf("%s-%s", b.name, t), args, b.in)
		if err != nil {
			return err
		}
		b.needs(acl, t)
		acls = append(acls, acl)
	}
	// After the tiers' own, or their subnets would be closed in between. Subnets that
	// others put into the VPC come and go here.
	name := b.name + "-default-acl"
	_, err := ec2.NewDefaultNetworkAcl(b.ctx, name, &ec2.DefaultNetworkAclArgs{
		DefaultNetworkAclId: b.vpc.DefaultNetworkAclId,
		Tags:                tags(name),
	}, b.in, pulumi.DependsOn(acls), pulumi.IgnoreChanges([]string{"subnetIds"}))
	return err
}
