package cloud

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// model says how one resource type behaves. All types of AWS and Datadog run
// on one mechanism, and a model is a row of its table.
//
// To add a type:
//
//  1. add a row to the table of its service (models_*.go);
//  2. run go generate ./sandbox/cloud/facts, which reads the type's properties
//     from the SDK and the Terraform provider.
//
// A row needs no more than the type, the service and the id. Values are
// templates, see (*op).expand: text with {name} in it, where name is region,
// account, id, arn, a path of an input or output, or one of hex:N, digits:N,
// alnum:N, upper:N and uuid, which mint an identifier of that form. A template
// that names an absent value gives no value, unless the name ends in "?".
type model struct {
	// Type is the Pulumi type token.
	Type string
	// Service is the name that errors give, such as EC2.
	Service string
	// ID is the template of the id.
	ID string
	// Set are computed outputs by path, as templates. An output that the
	// inputs set is left as they set it. A list of one is "[…]".
	Set map[string]string
	// Compute adds outputs that no template can say.
	Compute func(*op) error
	// Volatile outputs are not known before an update has run.
	Volatile []string
	// Global types have one control plane, in us-east-1, and are seen from
	// every region.
	Global bool
	// Everywhere means that every region's control plane serves a Global
	// type, not that of us-east-1 alone.
	Everywhere bool
	// Auto is the input that gets a name of its own where the program gives
	// none, as the bridge does. The zero value is the input "name", if the
	// type has one that is a string.
	Auto autoname
	// Unique are templates of what must be unique in the account and
	// region; for a Global type, in the account.
	Unique []string
	// Exists is the error code of a name that is taken.
	Exists string
	// Names are paths by whose value references find the resource, besides
	// its id and ARN.
	Names []string
	// Elsewhere are ARNs in other regions under which it can be had there.
	Elsewhere func(*Resource) []string
	// Quota is how many there may be in an account and region, the default
	// of AWS before any increase; 0 is no bound here. OverQuota is the error
	// code that says so.
	Quota     int
	OverQuota string
	// Refs are inputs that name a resource of a certain type, by path. Ids
	// and ARNs are found in every input and need no entry. Several types
	// mean that any of them will do.
	Refs map[string][]string
	// External are the values of Refs that name something of the cloud's
	// own, such as a managed cache policy.
	External map[string][]string
	// CrossRegion are input paths that may name what is in another region.
	CrossRegion []string
	// OneVPC is the error code that refuses inputs which name things of different
	// VPCs, "" where the service has no such rule.
	OneVPC string
	// UsedBy are the types that keep it from being deleted while they refer
	// to it, and InUse the error code that says so.
	UsedBy []string
	InUse  string
	// Protect is the input that refuses a deletion.
	Protect string
	// Check are further rules, for create and update.
	Check func(*op) error
	// Gone is called when it is deleted, after all checks.
	Gone func(*op) error
	// Moves are inputs that the cloud itself moves. An update leaves them as
	// the cloud has them, unless the program has changed them.
	Moves []string
	// Virtual are inputs that no read of the cloud tells, and what the provider
	// takes them for when it imports a resource; nil is no value.
	Virtual map[string]any
	// Describe fills in the outputs that other resources decide, when the
	// provider reads the resource. The resource in the store stays as it is.
	Describe func(*tx, *Resource) error
}

// autoname is how a type's own name is made.
type autoname struct {
	prop string
	max  int
	// lower makes the name lower case; prefix goes before it; suffix after
	// the random part.
	lower          bool
	prefix, suffix string
	// none switches it off.
	none bool
}

// tables are the tables of all services.
var tables = [][]model{
	ec2Models, networkModels, transitModels, administrationModels, iamModels, eksModels, fargateModels, kmsModels, rdsModels,
	dynamodbModels, s3Models, secretsModels, autoscalingModels, backupModels, lambdaModels, rdsProxyModels, rotationModels, sqsModels,
	elbModels, edgeModels, guardModels, recoveryModels, observabilityModels, datadogModels,
}

// models are the rows of the tables by type.
var models = map[string]*model{}

func init() {
	form := regexp.MustCompile(`^([a-z]+(?:-[a-z]+)*)-\{hex:17\}$`)
	for _, t := range tables {
		for i := range t {
			row := &t[i]
			if models[row.Type] != nil {
				panic(fmt.Sprintf("type %s is in the tables twice", row.Type))
			}
			models[row.Type] = row
			for _, template := range append(slices.Collect(maps.Values(row.Set)), row.ID) {
				if p := form.FindStringSubmatch(template); p != nil {
					minted[p[1]] = true
				}
			}
		}
	}
}

// ModelledTypes are the type tokens whose facts come from SDKs, in order.
// Kubernetes kinds are known from their typed API instead.
func ModelledTypes() []string {
	all := append(slices.Collect(maps.Keys(models)), typeRelease, randomPassword, randomID)
	slices.Sort(all)
	return all
}

// ModelledFunctions are the function tokens that the clouds answer, in order.
func ModelledFunctions() []string { return slices.Sorted(maps.Keys(functions)) }
