package cloud_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

// TestReadLeavesFilesAsTheStateHasThem: a refresh must not take the same file for
// another.
func TestReadLeavesFilesAsTheStateHasThem(t *testing.T) {
	w := cloudtest.New(t)
	p := w.AWS("us-east-1")
	bucket := p.Make(bucketType, "b", props{"bucket": "tandem-files"})
	file, err := asset.FromText("the same")
	if err != nil {
		t.Fatal(err)
	}
	object := p.MakeOf("aws:s3/bucketObjectv2:BucketObjectv2", "o", resource.PropertyMap{
		"bucket": resource.NewStringProperty(bucket.ID), "key": resource.NewStringProperty("page"), "source": resource.NewAssetProperty(file),
	})
	r, err := object.Read()
	if err != nil {
		t.Fatal(err)
	}
	if source := p.Unmarshal(r.Inputs)["source"]; !source.IsAsset() || source.AssetValue().Hash != file.Hash {
		t.Errorf("the source is %v", source)
	}
}
