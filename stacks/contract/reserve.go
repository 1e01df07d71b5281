package contract

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ReserveOutputName is the name of the reserve's stack output.
const ReserveOutputName = "reserve"

// Reserve is what a reserve tells the standby, which owns what replicates to the
// buckets of both. Every field is required.
type Reserve struct {
	// Version is the version of the contract, which all programs have to share.
	Version int `json:"version"`
	// Platform is the platform's name.
	Platform string `json:"platform"`
	// Region is the reserve's AWS region.
	Region string `json:"region"`
	// DataKeyARN is the reserve's replica of the key of data at rest.
	DataKeyARN string `json:"dataKeyArn"`
	// FilesBucketName, BackupsBucketName and LogsBucketName are the reserve's buckets.
	FilesBucketName   string `json:"filesBucketName"`
	BackupsBucketName string `json:"backupsBucketName"`
	LogsBucketName    string `json:"logsBucketName"`
}

func (c *Reserve) header() (int, string) { return c.Version, c.Platform }

// ReserveInputs are the values of a [Reserve] while it is being made.
type ReserveInputs struct {
	Platform          pulumi.StringInput `json:"platform"`
	Region            pulumi.StringInput `json:"region"`
	DataKeyARN        pulumi.StringInput `json:"dataKeyArn"`
	FilesBucketName   pulumi.StringInput `json:"filesBucketName"`
	BackupsBucketName pulumi.StringInput `json:"backupsBucketName"`
	LogsBucketName    pulumi.StringInput `json:"logsBucketName"`
}

// Output returns the contract as the value of the reserve's stack output.
func (in ReserveInputs) Output() pulumi.Map { return versioned(reflect.ValueOf(in)) }

// ReadReserve reads what the reserve tells. It returns nil where the reserve has not
// come up yet: the standby comes up without it, and takes it in with the next update.
func ReadReserve(ctx *pulumi.Context, reserve, platform string) (*Reserve, error) {
	value, there, err := read(ctx, "reserve", reserve, ReserveOutputName)
	if err != nil || !there {
		return nil, err
	}
	var c Reserve
	return &c, decode("reserve", reserve, ReserveOutputName, platform, value, &c)
}
