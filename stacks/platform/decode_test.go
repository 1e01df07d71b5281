package platform_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tandem-platform/tandem/stacks/platform"
)

// stackFile returns the platform object of a committed stack file, to be changed by a test.
func stackFile(t *testing.T, stack string) map[string]any {
	t.Helper()
	text, err := os.ReadFile("../../Pulumi." + stack + ".yaml")
	require.NoError(t, err)
	var file struct {
		Config map[string]any `json:"config"`
	}
	require.NoError(t, yaml.UnmarshalStrict(text, &file))
	return file.Config["tandem:platform"].(map[string]any)
}

func decode(t *testing.T, stack string, object map[string]any, active string) (*platform.Settings, []string) {
	t.Helper()
	text, err := json.Marshal(object)
	require.NoError(t, err)
	settings, errs := platform.Decode(stack, string(text), active)
	var found []string
	for _, e := range errs {
		found = append(found, e.Error())
	}
	return settings, found
}

func TestCommittedStackFilesAreValidAndAgree(t *testing.T) {
	east, west := stackFile(t, "prod-east"), stackFile(t, "prod-west")
	require.Equal(t, east, west, "the platform object is the same in every stack file")
	for _, stack := range []string{"prod-east", "prod-west"} {
		settings, errs := decode(t, stack, east, "prod-east")
		require.Empty(t, errs)
		require.Equal(t, "prod-east", settings.Home())
		require.Equal(t, []string{"prod-east", "prod-west"}, settings.Stacks())
		require.Equal(t, []string{"prod-west"}, settings.Standbys())
		require.Equal(t, stack == "prod-east", settings.IsHome())
	}
}

func regions(object map[string]any) map[string]any { return object["regions"].(map[string]any) }

func region(object map[string]any, stack string) map[string]any {
	return regions(object)[stack].(map[string]any)
}

func TestActiveStackIsRequired(t *testing.T) {
	_, errs := decode(t, "prod-west", stackFile(t, "prod-west"), "")
	require.Equal(t, []string{"tandem:active: Required value: name the stack whose region takes writes: prod-east or prod-west"}, errs)
}

func TestEveryKindOfBadValueIsReported(t *testing.T) {
	for name, c := range map[string]struct {
		stack  string // default prod-west
		active string // default prod-east
		change func(object map[string]any)
		want   []string
	}{
		"overlapping address ranges": {
			change: func(o map[string]any) { region(o, "prod-west")["cidr"] = "10.0.128.0/17" },
			want: []string{
				`tandem:platform.regions[prod-west].cidr: Invalid value: "10.0.128.0/17": must not overlap 10.0.0.0/16 of prod-east`,
			},
		},
		"a block in another region's slot of the pool": {
			change: func(o map[string]any) { region(o, "prod-west")["cidr"] = "10.7.0.0/16" },
			want: []string{
				`tandem:platform.regions[prod-west].cidr: Invalid value: "10.7.0.0/16": must lie outside of network.pool, 10.0.0.0/10, of which us-west-2 has 10.1.0.0/16; leave it out`,
			},
		},
		"a region that the pool has no slot for": {
			change: func(o map[string]any) {
				region(o, "prod-west")["region"] = "xx-new-1"
				region(o, "prod-west")["zones"] = []string{"xx-new-1a", "xx-new-1b"}
			},
			want: []string{
				`tandem:platform.regions[prod-west].cidr: Required value: "xx-new-1" has no slot among the 38 of the pool that are taken: give its VPC a block outside of 10.0.0.0/10`,
				`tandem:platform.regions[prod-west].cidr: Required value: the VPC needs an IPv4 block; give one such as 10.0.0.0/16`,
			},
		},
		"a pool that is too small": {
			change: func(o map[string]any) {
				o["network"].(map[string]any)["pool"] = "10.0.0.0/16"
				region(o, "prod-east")["cidr"], region(o, "prod-west")["cidr"] = "10.0.0.0/16", "10.1.0.0/16"
			},
			want: []string{
				`tandem:platform.network.pool: Invalid value: "10.0.0.0/16": must have a prefix length of 10 to 14; give one such as 10.0.0.0/10`,
			},
		},
		"transit gateways": {
			change: func(o map[string]any) {
				region(o, "prod-east")["transitGatewayAsn"], region(o, "prod-west")["transitGatewayAsn"] = 7224, 7224
			},
			want: []string{
				`tandem:platform.regions[prod-east].transitGatewayAsn: Invalid value: 7224: must be a private number: 64512 to 65534, or 4200000000 to 4294967294`,
				`tandem:platform.regions[prod-west].transitGatewayAsn: Invalid value: 7224: must be a private number: 64512 to 65534, or 4200000000 to 4294967294`,
				`tandem:platform.regions[prod-west].transitGatewayAsn: Invalid value: 7224: must differ from that of prod-east`,
			},
		},
		"a standby that would be joined to nothing": {
			change: func(o map[string]any) { delete(region(o, "prod-east"), "transitGatewayAsn") },
			want:   []string{`tandem:platform.regions[prod-east].transitGatewayAsn: Required value: prod-west has one, and is joined to home's`},
		},
		"a zone of another region": {
			change: func(o map[string]any) {
				region(o, "prod-west")["zones"] = []string{"us-west-2a", "us-east-1b"}
			},
			want: []string{`tandem:platform.regions[prod-west].zones[1]: Invalid value: "us-east-1b": must be a zone of us-west-2, such as us-west-2a`},
		},
		"the same region twice": {
			change: func(o map[string]any) {
				region(o, "prod-west")["region"] = "us-east-1"
				region(o, "prod-west")["zones"] = []string{"us-east-1a", "us-east-1b"}
			},
			want: []string{`tandem:platform.regions[prod-west].region: Invalid value: "us-east-1": must differ from the region of prod-east`},
		},
		"unknown keys": {
			change: func(o map[string]any) {
				o["networks"] = map[string]any{}
				region(o, "prod-east")["zone"] = "us-east-1a"
			},
			want: []string{
				`tandem:platform.networks: Forbidden: unknown key; Pulumi.yaml describes the known ones`,
				`tandem:platform.regions.prod-east.zone: Forbidden: unknown key; Pulumi.yaml describes the known ones`,
			},
		},
		"a value of another type": {
			change: func(o map[string]any) { o["accountId"] = 123456789012 },
			want:   []string{`tandem:platform.accountId: Invalid value: "a number": must be a string`},
		},
		"two homes": {
			change: func(o map[string]any) { delete(region(o, "prod-west"), "standbyOf") },
			want:   []string{`tandem:platform.regions: Forbidden: prod-east and prod-west are all home; set standbyOf in all but one`},
		},
		"no home": {
			change: func(o map[string]any) { region(o, "prod-east")["standbyOf"] = "prod-west" },
			want: []string{
				`tandem:platform.regions: Forbidden: every region is a standby; leave standbyOf out of the home stack's region`,
				`tandem:platform.regions[prod-east].standbyOf: Invalid value: "prod-west": must name the home stack, not another standby`,
				`tandem:platform.regions[prod-west].standbyOf: Invalid value: "prod-east": must name the home stack, not another standby`,
			},
		},
		"a standby of itself": {
			change: func(o map[string]any) { region(o, "prod-west")["standbyOf"] = "prod-west" },
			want:   []string{`tandem:platform.regions[prod-west].standbyOf: Invalid value: "prod-west": must not name the stack itself; name the home stack`},
		},
		"a standby of nobody": {
			change: func(o map[string]any) { region(o, "prod-west")["standbyOf"] = "prod-north" },
			want:   []string{`tandem:platform.regions[prod-west].standbyOf: Unsupported value: "prod-north": supported values: "prod-east", "prod-west"`},
		},
		"a stack that is no region": {
			stack: "prod-north",
			want:  []string{`tandem:platform.regions[prod-north]: Required value: this stack is not among the regions, which are prod-east, prod-west`},
		},
		"one region only": {
			change: func(o map[string]any) { delete(regions(o), "prod-west") },
			stack:  "prod-east",
			want:   []string{`tandem:platform.regions: Invalid value: ["prod-east"]: must hold two region stacks at least, a home and a standby`},
		},
		"a region in the place of the active stack": {
			active: "us-west-2",
			want:   []string{`tandem:active: Invalid value: "us-west-2": must name a stack and not its region; give prod-west`},
		},
		"an origin that there is not, and one in a standby": {
			change: func(o map[string]any) {
				region(o, "prod-east")["origin"], region(o, "prod-west")["origin"] = "copy", "join"
			},
			want: []string{
				`tandem:platform.regions[prod-east].origin: Unsupported value: "copy": supported values: "create", "join"`,
				`tandem:platform.regions[prod-west].origin: Forbidden: a standby always joins; leave it out`,
			},
		},
		"an active stack that does not exist": {
			active: "prod-north",
			want:   []string{`tandem:active: Unsupported value: "prod-north": supported values: "prod-east", "prod-west"`},
		},
		"a web service that wants what the clusters do not have": {
			change: func(o map[string]any) {
				delete(o["cluster"].(map[string]any), "externalSecrets")
				delete(o["cluster"].(map[string]any), "verticalPodAutoscaler")
				o["web"].(map[string]any)["secrets"] = map[string]any{"TOKEN": map[string]any{"id": "shop-token-AbCdEf"}}
			},
			want: []string{
				`tandem:platform.web.database: Forbidden: needs cluster.externalSecrets, which copies the credentials; set it or leave this out`,
				`tandem:platform.web.secrets: Forbidden: needs cluster.externalSecrets, which copies them; set it or leave this out`,
				`tandem:platform.web.recommendResources: Forbidden: needs cluster.verticalPodAutoscaler; set it or leave this out`,
			},
		},
		"secrets that no region would find": {
			change: func(o map[string]any) {
				o["web"].(map[string]any)["secrets"] = map[string]any{
					"DATABASE_HOST": map[string]any{"id": "shop-token-AbCdEf"},
					"TOKEN":         map[string]any{"id": "token", "kmsKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
				}
			},
			want: []string{
				`tandem:platform.web.secrets[DATABASE_HOST]: Forbidden: variables that begin with DATABASE_ come from web.database; take another name`,
				`tandem:platform.web.secrets[TOKEN].id: Invalid value: "token": must be the end of the secret's ARN, its name and six characters, such as shop-token-AbCdEf`,
				`tandem:platform.web.secrets[TOKEN].kmsKeyId: Invalid value: "1234abcd-12ab-34cd-56ef-1234567890ab": must be the id of a multi-Region key, such as mrk-1234abcd12ab34cd56ef1234567890ab`,
			},
		},
		"words": {
			change: func(o map[string]any) {
				o["name"], o["environment"], o["owner"], o["accountId"], o["domain"] = "My Platform", "", "", "12", "nowhere"
			},
			want: []string{
				`tandem:platform.name: Invalid value: "My Platform": must be lower case letters, digits and hyphens, at most 20`,
				`tandem:platform.environment: Required value: give one such as production`,
				`tandem:platform.owner: Required value: give the team to ask, such as platform`,
				`tandem:platform.accountId: Invalid value: "12": must be the 12 digits of an AWS account, in quotes`,
				`tandem:platform.domain: Invalid value: "nowhere": must be a DNS domain, such as example.org`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			object := stackFile(t, "prod-west")
			if c.change != nil {
				c.change(object)
			}
			if c.stack == "" {
				c.stack = "prod-west"
			}
			if c.active == "" {
				c.active = "prod-east"
			}
			_, errs := decode(t, c.stack, object, c.active)
			require.ElementsMatch(t, c.want, errs)
		})
	}
}

func TestAnotherRegionMovesNoBlock(t *testing.T) {
	object := stackFile(t, "prod-west")
	before, errs := decode(t, "prod-west", object, "prod-east")
	require.Empty(t, errs)
	require.Equal(t, "10.0.0.0/16", before.Regions["prod-east"].CIDR)
	require.Equal(t, "10.1.0.0/16", before.Regions["prod-west"].CIDR)
	regions(object)["a-new-one"] = map[string]any{
		"region": "eu-west-1", "zones": []string{"eu-west-1a", "eu-west-1b"}, "standbyOf": "prod-east", "reserve": true, "transitGatewayAsn": 64514,
	}
	after, errs := decode(t, "prod-west", object, "prod-east")
	require.Empty(t, errs)
	require.Equal(t, "10.4.0.0/16", after.Regions["a-new-one"].CIDR)
	delete(after.Regions, "a-new-one")
	require.Equal(t, before.Regions, after.Regions)
}

func TestAStackFileWithoutThePlatformSaysWhatToDo(t *testing.T) {
	settings, errs := platform.Decode("prod-east", "", "prod-east")
	require.Nil(t, settings)
	require.EqualError(t, errs.ToAggregate(),
		"tandem:platform: Required value: the stack file has none; copy the object from Pulumi.prod-east.yaml and adapt it")
}
