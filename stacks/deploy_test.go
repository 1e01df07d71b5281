package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/tandem-platform/tandem/internal/mocktest"
	"github.com/tandem-platform/tandem/stacks/contract"
)

// stackConfig returns the configuration of a committed stack file as the engine hands
// it to the program, after a change of its platform object.
func stackConfig(t *testing.T, stack string, change func(platform map[string]any)) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../Pulumi." + stack + ".yaml")
	require.NoError(t, err)
	var file struct {
		Config map[string]any `json:"config"`
	}
	require.NoError(t, yaml.UnmarshalStrict(text, &file))
	platform := file.Config["tandem:platform"].(map[string]any)
	if change != nil {
		change(platform)
	}
	object, err := json.Marshal(platform)
	require.NoError(t, err)
	return map[string]string{"tandem:platform": string(object), "tandem:active": file.Config["tandem:active"].(string)}
}

func TestEveryBadValueIsReportedBeforeTheFirstResource(t *testing.T) {
	for _, stack := range []string{"prod-east", "prod-west"} {
		t.Run(stack, func(t *testing.T) {
			rec, err := mocktest.Run(deploy, mocktest.Options{Stack: stack, Config: stackConfig(t, stack, func(p map[string]any) {
				p["domains"] = "tandem.example"
				p["network"].(map[string]any)["nat"] = "one"
				p["regions"].(map[string]any)["prod-west"].(map[string]any)["cidr"] = "10.0.0.0/16"
				p["cluster"].(map[string]any)["nodeGroups"] = map[string]any{"baseline": map[string]any{"diskSizeGiB": 5}}
				p["database"].(map[string]any)["backupRetentionDays"] = 90
				p["web"].(map[string]any)["image"] = "agnhost"
			})})
			for _, want := range []string{
				`configuration of stack "` + stack + `": 6 problems`,
				`tandem:platform.domains: Forbidden: unknown key; Pulumi.yaml describes the known ones`,
				`tandem:platform.network.nat: Unsupported value: "one": supported values: "per-zone", "single", "none"`,
				`tandem:platform.regions[prod-west].cidr: Invalid value: "10.0.0.0/16": must not overlap 10.0.0.0/16 of prod-east`,
				`tandem:platform.cluster.nodeGroups[baseline].diskSizeGiB: Invalid value: 5: must be 20 to 16384; images alone take about 10`,
				`tandem:platform.database.backupRetentionDays: Invalid value: 90`,
				`tandem:platform.web.image: Invalid value: "agnhost": must name a digest or a tag that never moves, so that both regions run the same`,
			} {
				require.ErrorContains(t, err, want)
			}
			require.Empty(t, rec.Resources)
			require.Empty(t, rec.Calls)
		})
	}
}

// further adds a standby to the regions.
func further(p map[string]any, name, region string, reserve bool) {
	p["regions"].(map[string]any)[name] = map[string]any{
		"region": region, "zones": []string{region + "a", region + "b"}, "standbyOf": "prod-east", "reserve": reserve,
	}
}

func TestStandbysThatDoNotStandInLineAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p map[string]any)
		want   string
	}{
		"two that take over first": {func(p map[string]any) { further(p, "prod-north", "ca-central-1", false) },
			"tandem:platform.regions: Forbidden: prod-north and prod-west would all take over first; set reserve in all but one"},
		"none that does": {func(p map[string]any) { p["regions"].(map[string]any)["prod-west"].(map[string]any)["reserve"] = true },
			"tandem:platform.regions: Forbidden: every standby is in reserve; leave reserve out of the one that takes over first"},
		"two in reserve": {func(p map[string]any) {
			further(p, "prod-north", "ca-central-1", true)
			further(p, "prod-south", "sa-east-1", true)
		}, "tandem:platform.regions: Too many: 4: must have at most 3 items"},
		"home in reserve": {func(p map[string]any) { p["regions"].(map[string]any)["prod-east"].(map[string]any)["reserve"] = true },
			"tandem:platform.regions[prod-east].reserve: Forbidden: is for a standby; home leads wherever it is healthy"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, stack := range []string{"prod-east", "prod-west"} {
				rec, err := mocktest.Run(deploy, mocktest.Options{Stack: stack, Config: stackConfig(t, "prod-east", c.change)})
				require.ErrorContains(t, err, `configuration of stack "`+stack+`": 1 problem`)
				require.ErrorContains(t, err, c.want)
				require.Empty(t, rec.Resources)
			}
		})
	}
}

func TestWhatAGlobalDatabaseCannotHaveIsRefusedUpFront(t *testing.T) {
	database := func(key string, value any) func(map[string]any) {
		return func(p map[string]any) { p["database"].(map[string]any)[key] = value }
	}
	region := func(stack, key string, value any) func(map[string]any) {
		return func(p map[string]any) { p["regions"].(map[string]any)[stack].(map[string]any)[key] = value }
	}
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"a managed master password": {database("manageMasterUserPassword", true), `tandem:platform.database.manageMasterUserPassword: Forbidden: unknown key`},
		"a version of a region's own": {region("prod-west", "engineVersion", "16.9"),
			`tandem:platform.regions.prod-west.engineVersion: Forbidden: unknown key`},
		"a retention out of range":   {database("backupRetentionDays", 36), `tandem:platform.database.backupRetentionDays: Invalid value: 36: must be 1 to 35`},
		"an RPO below 20 seconds":    {database("rpoSeconds", 19), `tandem:platform.database.rpoSeconds: Invalid value: 19: must be at least 20, or 0 for no bound`},
		"two writers":                {region("prod-west", "standbyOf", ""), `tandem:platform.regions: Forbidden: prod-east and prod-west are all home; set standbyOf in all but one`},
		"a replica in home's region": {region("prod-west", "region", "us-east-1"), `tandem:platform.regions[prod-west].region: `},
		"windows that overlap": {database("maintenanceWindow", "sun:08:30-sun:09:30"),
			`tandem:platform.database.maintenanceWindow: Invalid value: "sun:08:30-sun:09:30": must not overlap the backup window, which is 08:00-09:00`},
		"more instances than a cluster has": {func(p map[string]any) {
			p["regions"].(map[string]any)["prod-east"].(map[string]any)["database"] = map[string]any{"instancesPerZone": 6}
		}, `tandem:platform.regions[prod-east].database.instancesPerZone: Invalid value: 6: must be 1 to 5 in 3 zones`},
		"more readers than a cluster has": {database("maxReaders", 16), `tandem:platform.database.maxReaders: Invalid value: 16: must be 2, the readers of the zones, to 15`},
	} {
		t.Run(name, func(t *testing.T) {
			rec, err := mocktest.Run(deploy, mocktest.Options{Stack: "prod-east", Config: stackConfig(t, "prod-east", c.change)})
			require.ErrorContains(t, err, c.want)
			require.Empty(t, rec.Resources)
		})
	}
}

func TestAStandbyCannotComeUpBeforeHome(t *testing.T) {
	noHome := func(token string, _ resource.PropertyMap) (resource.PropertyMap, error) {
		require.Equal(t, "pulumi:pulumi:readStackOutputs", token)
		return resource.PropertyMap{"outputs": resource.NewObjectProperty(resource.PropertyMap{})}, nil
	}
	rec, err := mocktest.Run(deploy, mocktest.Options{Stack: "prod-west", Config: stackConfig(t, "prod-west", nil), Call: noHome})
	require.ErrorContains(t, err, `home stack "prod-east" has no contract yet: run `+"`pulumi up -s prod-east`"+` first; a standby comes up second`)
	require.Empty(t, rec.Resources)
}

func TestAStandbyIsToldAtOnceWhatHomeHasNotGot(t *testing.T) {
	told := resource.NewPropertyMapFromMap(map[string]any{
		"version": contract.Version, "platform": "tandem", "region": "us-east-1", "zoneId": "Z1", "globalClusterId": "g",
		"globalWriterEndpoint": "w", "dataKeyArn": "dk", "secretsKeyArn": "sk", "secretName": "sn", "secretArn": "sa", "tableName": "tn",
		"tableArn": "ta", "filesBucketName": "fb", "backupsBucketName": "bb", "logsBucketName": "lb", "backupVaultArn": "va",
		"standbyStaticBucketNames": map[string]any{"us-west-2": "sb"}, "standbyBackupVaultNames": map[string]any{"eu-west-1": "vn"},
		"takeoverBucketNames": map[string]any{"us-west-2": "tb"}, "takeoverHealthCheckIds": map[string]any{"us-west-2": "th"},
		"readName": "near.tandem.example",
	})
	const referenceType = "pulumi:pulumi:StackReference"
	home := resource.PropertyMap{
		"outputs": resource.NewObjectProperty(resource.PropertyMap{"home": resource.NewObjectProperty(told)}), "secretOutputNames": resource.NewArrayProperty(nil),
	}
	up := "; run `up` on prod-east first, with the same configuration"
	for want, reads := range map[string]map[string]any{
		`prod-east:home.readName: Invalid value: "near.tandem.example": must be read.tandem.example, as here` + up: {"policy": "latency"},
		"": {"policy": "latency", "name": "near.tandem.example"},
	} {
		rec, err := mocktest.Run(deploy, mocktest.Options{
			Stack: "prod-west", Config: stackConfig(t, "prod-west", func(p map[string]any) { part(p, "edge")["reads"] = reads }),
			Call:    func(string, resource.PropertyMap) (resource.PropertyMap, error) { return home, nil },
			Outputs: func(string, string, resource.PropertyMap) resource.PropertyMap { return home },
		})
		require.ErrorContains(t, err, "prod-east:home.standbyBackupVaultNames[us-west-2]: Required value: run `up` on prod-east first, with the same configuration")
		require.ErrorContains(t, err, "prod-east:home.transit: Required value: run `up` on prod-east first, with the same configuration")
		require.ErrorContains(t, err, want)
		require.Equal(t, want != "", strings.Contains(err.Error(), "readName"), err)
		for _, r := range rec.Resources {
			require.Equal(t, referenceType, r.Type)
		}
	}
}

// Nothing that belongs to the sandbox may leak into the program: the same
// binary runs against AWS.
func TestTheProgramDoesNotKnowTheSandbox(t *testing.T) {
	for _, dir := range []string{".", "../components"} {
		require.NoError(t, walkGo(dir, func(path, text string) {
			require.NotContains(t, strings.ToLower(text), "sandbox", path)
		}))
	}
}

// walkGo calls fn for every Go file below dir that is not a test.
func walkGo(dir string, fn func(path, text string)) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		fn(path, string(text))
		return err
	})
}
