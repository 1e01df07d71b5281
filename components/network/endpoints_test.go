package network_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

var update = flag.Bool("update", false, "write the golden files of testdata")

// golden compares a JSON document with a file of testdata.
func golden(t *testing.T, file, document string) {
	t.Helper()
	var indented bytes.Buffer
	require.NoError(t, json.Indent(&indented, []byte(document), "", "  "), document)
	indented.WriteByte('\n')
	path := filepath.Join("testdata", file)
	if *update {
		require.NoError(t, os.WriteFile(path, indented.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), indented.String(), "if the change is meant, run the test with -update")
}

const typeEndpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"

func TestEndpointPolicies(t *testing.T) {
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{
		CIDR: "10.0.0.0/16", Zones: zones,
		Endpoints: network.Endpoints{Interface: []string{"sts", "ecr.api"}, TrustedAccountIDs: []string{"210987654321"}},
	})
	for _, endpoint := range []string{"s3", "dynamodb", "sts", "ecr-api"} {
		golden(t, "policy-"+endpoint+".json", rec.Get(t, typeEndpoint, "net-"+endpoint).Plain()["policy"].(string))
	}
}

func TestInterfaceEndpointsAnswerInEveryZoneByTheirPublicNames(t *testing.T) {
	services := append(network.EndpointsForNodes(), "secretsmanager", "com.amazonaws.us-east-1.bedrock-runtime", "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0")
	for tier, args := range map[string]*network.NetworkArgs{
		"private": {CIDR: "10.0.0.0/16", Zones: zones, Endpoints: network.Endpoints{Interface: services}},
		"intra":   {CIDR: "10.0.0.0/16", Zones: zones, Endpoints: network.Endpoints{Interface: services}, Intra: true},
	} {
		rec := run(t, mocktest.Options{}, args)
		require.Len(t, rec.Names(typeEndpoint), len(services)+2, "S3 and DynamoDB are always there")
		for name, service := range map[string]string{
			"net-ecr-dkr":         "com.amazonaws.us-east-1.ecr.dkr",
			"net-eks-auth":        "com.amazonaws.us-east-1.eks-auth",
			"net-secretsmanager":  "com.amazonaws.us-east-1.secretsmanager",
			"net-bedrock-runtime": "com.amazonaws.us-east-1.bedrock-runtime",
			"net-vpce-us-east-1-vpce-svc-0123456789abcdef0": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
		} {
			in := rec.Get(t, typeEndpoint, name).Plain()
			require.Equal(t, service, in["serviceName"])
			require.Equal(t, "Interface", in["vpcEndpointType"])
			require.Equal(t, true, in["privateDnsEnabled"])
			require.Equal(t, []any{"net-" + tier + "-us-east-1a-id", "net-" + tier + "-us-east-1b-id", "net-" + tier + "-us-east-1c-id"}, in["subnetIds"])
			require.Equal(t, []any{"net-endpoints-id"}, in["securityGroupIds"])
		}
		require.NotContains(t, rec.Get(t, typeEndpoint, "net-bedrock-runtime").Plain(), "policy", "not every service takes one")
	}
}

func TestEndpointsLetInHTTPSFromTheVPC(t *testing.T) {
	const typeIngress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	rec := run(t, mocktest.Options{}, &network.NetworkArgs{
		CIDR: "10.0.0.0/16", Zones: zones, IPv6: true, Endpoints: network.Endpoints{Interface: []string{"sts"}},
	})
	require.Equal(t, []string{"net-endpoints-https", "net-endpoints-https-ipv6"}, rec.Names(typeIngress))
	for name, side := range map[string]map[string]any{
		"net-endpoints-https":      {"cidrIpv4": "10.0.0.0/16"},
		"net-endpoints-https-ipv6": {"cidrIpv6": "2600:1f18:abc:de00::/56"},
	} {
		in := rec.Get(t, typeIngress, name).Plain()
		require.Subset(t, in, side)
		require.Subset(t, in, map[string]any{"securityGroupId": "net-endpoints-id", "ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0})
	}
	group := rec.Get(t, "aws:ec2/securityGroup:SecurityGroup", "net-endpoints").Plain()
	require.NotContains(t, group, "egress", "an endpoint calls nobody")

	none := run(t, mocktest.Options{}, &network.NetworkArgs{CIDR: "10.0.0.0/16", Zones: zones})
	require.Empty(t, none.Names("aws:ec2/securityGroup:SecurityGroup"))
}
