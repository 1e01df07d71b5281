// Package contract is what the home stack tells the standby stacks: one stack
// output, typed, versioned and free of secrets.
package contract

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"

	"github.com/tandem-platform/tandem/internal/check"
)

// Version is the version of the contract that this program writes and reads. It
// goes up when a field is added, goes away or changes its meaning.
const Version = 4

// OutputName is the name of home's stack output.
const OutputName = "home"

// Contract is what home tells. Every field is required, unless it says otherwise.
type Contract struct {
	// Version is the version of the contract, which both programs have to share.
	Version int `json:"version"`
	// Platform is the platform's name.
	Platform string `json:"platform"`
	// Region is home's AWS region.
	Region string `json:"region"`
	// ZoneID is the public hosted zone.
	ZoneID string `json:"zoneId"`
	// GlobalClusterID is the Aurora global database; home tells it once its own
	// member has a writer, which other members need.
	GlobalClusterID string `json:"globalClusterId"`
	// GlobalWriterEndpoint follows the writer of the global database.
	GlobalWriterEndpoint string `json:"globalWriterEndpoint"`
	// DataKeyARN is the multi-Region key of data at rest.
	DataKeyARN string `json:"dataKeyArn"`
	// SecretsKeyARN is the multi-Region key of secrets.
	SecretsKeyARN string `json:"secretsKeyArn"`
	// SecretName and SecretARN are the database's secret; the ARN is home's, the name
	// is the replicas' too.
	SecretName string `json:"secretName"`
	SecretARN  string `json:"secretArn"`
	// TableName and TableARN are the DynamoDB global table.
	TableName string `json:"tableName"`
	TableARN  string `json:"tableArn"`
	// FilesBucketName, BackupsBucketName and LogsBucketName are home's buckets.
	FilesBucketName   string `json:"filesBucketName"`
	BackupsBucketName string `json:"backupsBucketName"`
	LogsBucketName    string `json:"logsBucketName"`
	// StandbyStaticBucketNames are the buckets of the static site that home owns in
	// the standby regions, by region.
	StandbyStaticBucketNames map[string]string `json:"standbyStaticBucketNames"`
	// TakeoverBucketNames are the buckets of the takeover objects that home owns in
	// the standby regions, by region.
	TakeoverBucketNames map[string]string `json:"takeoverBucketNames"`
	// TakeoverHealthCheckIDs are the health checks of these objects, by region.
	TakeoverHealthCheckIDs map[string]string `json:"takeoverHealthCheckIds"`
	// ReadName is the name that every region answers reads for, whose validation record
	// home owns. Empty where home answers for none.
	ReadName string `json:"readName,omitempty"`
	// BackupVaultARN is home's backup vault.
	BackupVaultARN string `json:"backupVaultArn"`
	// StandbyBackupVaultNames are the backup vaults that home owns in the standby
	// regions, by region.
	StandbyBackupVaultNames map[string]string `json:"standbyBackupVaultNames"`
	// Transit is home's transit gateway. Absent where home has none.
	Transit *Transit `json:"transit,omitempty"`
}

// Transit is what a standby needs to join its network to home's.
type Transit struct {
	// TransitGatewayID is the gateway.
	TransitGatewayID string `json:"transitGatewayId"`
	// TransitRouteTableID is the gateway's route table.
	TransitRouteTableID string `json:"transitRouteTableId"`
	// RouteTableIDs are the route tables of home's VPC that lead to standbys, by name.
	RouteTableIDs map[string]string `json:"routeTableIds"`
}

// Inputs are the values of a [Contract] as home has them while it is being made.
// Its fields are those of Contract; Version is added by [Inputs.Output].
type Inputs struct {
	Platform                 pulumi.StringInput    `json:"platform"`
	Region                   pulumi.StringInput    `json:"region"`
	ZoneID                   pulumi.StringInput    `json:"zoneId"`
	GlobalClusterID          pulumi.StringInput    `json:"globalClusterId"`
	GlobalWriterEndpoint     pulumi.StringInput    `json:"globalWriterEndpoint"`
	DataKeyARN               pulumi.StringInput    `json:"dataKeyArn"`
	SecretsKeyARN            pulumi.StringInput    `json:"secretsKeyArn"`
	SecretName               pulumi.StringInput    `json:"secretName"`
	SecretARN                pulumi.StringInput    `json:"secretArn"`
	TableName                pulumi.StringInput    `json:"tableName"`
	TableARN                 pulumi.StringInput    `json:"tableArn"`
	FilesBucketName          pulumi.StringInput    `json:"filesBucketName"`
	BackupsBucketName        pulumi.StringInput    `json:"backupsBucketName"`
	LogsBucketName           pulumi.StringInput    `json:"logsBucketName"`
	StandbyStaticBucketNames pulumi.StringMapInput `json:"standbyStaticBucketNames"`
	ReadName                 pulumi.StringInput    `json:"readName,omitempty"`
	BackupVaultARN           pulumi.StringInput    `json:"backupVaultArn"`
	StandbyBackupVaultNames  pulumi.StringMapInput `json:"standbyBackupVaultNames"`
	TakeoverBucketNames      pulumi.StringMapInput `json:"takeoverBucketNames"`
	TakeoverHealthCheckIDs   pulumi.StringMapInput `json:"takeoverHealthCheckIds"`
	Transit                  *TransitInputs        `json:"transit,omitempty"`
}

// TransitInputs are the values of a [Transit].
type TransitInputs struct {
	TransitGatewayID    pulumi.StringInput    `json:"transitGatewayId"`
	TransitRouteTableID pulumi.StringInput    `json:"transitRouteTableId"`
	RouteTableIDs       pulumi.StringMapInput `json:"routeTableIds"`
}

// Output returns the contract as the value of home's stack output.
func (in Inputs) Output() pulumi.Map { return versioned(reflect.ValueOf(in)) }

// versioned are the fields of a struct of inputs by their keys, with the version.
func versioned(v reflect.Value) pulumi.Map {
	out := outputs(v)
	out["version"] = pulumi.Int(Version)
	return out
}

// outputs are the fields of a struct of inputs by their keys, without absent ones.
func outputs(v reflect.Value) pulumi.Map {
	out := pulumi.Map{}
	for i := range v.NumField() {
		key, _ := key(v.Type().Field(i))
		switch f := v.Field(i); {
		case f.Kind() != reflect.Pointer:
			out[key] = f.Interface().(pulumi.Input)
		case !f.IsNil():
			out[key] = outputs(f.Elem())
		}
	}
	return out
}

// key is a field's key, and whether it may be absent.
func key(f reflect.StructField) (key string, optional bool) {
	key, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key, options == "omitempty"
}

// missing reports the fields that have no value.
func missing(path *field.Path, v reflect.Value, stack string) field.ErrorList {
	var errs field.ErrorList
	for i := range v.NumField() {
		key, optional := key(v.Type().Field(i))
		switch f := v.Field(i); {
		case f.IsZero() && !optional:
			errs = append(errs, field.Required(path.Child(key), fmt.Sprintf("run `up` on %s to the end", stack)))
		case f.Kind() == reflect.Pointer && !f.IsNil():
			errs = append(errs, missing(path.Child(key), f.Elem(), stack)...)
		}
	}
	return errs
}

func (c *Contract) header() (int, string) { return c.Version, c.Platform }

// Decode reads a contract from the value of home's stack output. It reports a
// contract of another version, missing and unknown fields, and what is not of
// the platform named.
func Decode(home, platform string, value any) (*Contract, error) {
	var c Contract
	if err := decode("home", home, OutputName, platform, value, &c); err != nil {
		return nil, err
	}
	return &c, nil
}

// decode reads the value of a stack's output into a contract, strictly.
func decode(role, stack, output, platform string, value any, into interface{ header() (int, string) }) error {
	root := field.NewPath(stack + ":" + output)
	what := fmt.Sprintf("contract of %s stack %q", role, stack)
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	unknown, err := kjson.UnmarshalStrict(text, into)
	if err != nil {
		return check.Error(what, field.ErrorList{field.Invalid(root, field.OmitValueType{}, err.Error())})
	}
	version, of := into.header()
	if version != Version {
		return check.Error(what, field.ErrorList{field.Invalid(root.Child("version"), version, fmt.Sprintf(
			"must be %d, the version that this program reads; run `up` on %s and on this stack with the same program", Version, stack))})
	}
	var errs field.ErrorList
	for _, u := range unknown {
		errs = append(errs, field.Invalid(root, field.OmitValueType{}, u.Error()))
	}
	errs = append(errs, missing(root, reflect.ValueOf(into).Elem(), stack)...)
	if of != "" && of != platform {
		errs = append(errs, field.Invalid(root.Child("platform"), of, fmt.Sprintf("must be %s, the platform of this stack", platform)))
	}
	return check.Error(what, errs)
}
