package cluster

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	storagev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/storage/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// makeStorageClass makes the class of volumes that name none: gp3, encrypted under
// the cluster's key, in the zone of the pod that asks, kept when their claim goes. EKS still makes the in-tree
// class gp2, which has not been the default since Kubernetes 1.30 (EKS user guide,
// "Review release notes for Kubernetes versions").
func (b *builder) makeStorageClass() error {
	_, err := storagev1.NewStorageClass(b.ctx, b.name+"-gp3", &storagev1.StorageClassArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Name:        pulumi.String("gp3"),
			Annotations: pulumi.StringMap{"storageclass.kubernetes.io/is-default-class": pulumi.String("true")},
		},
		Provisioner: pulumi.String("ebs.csi.aws.com"),
		Parameters: pulumi.StringMap{
			"type": pulumi.String("gp3"), "encrypted": pulumi.String("true"), "kmsKeyId": b.volumeKey.Arn,
		},
		VolumeBindingMode:    pulumi.String("WaitForFirstConsumer"),
		AllowVolumeExpansion: pulumi.Bool(true),
		ReclaimPolicy:        pulumi.String("Retain"), // a claim deleted by mistake takes no data with it
	}, b.in, pulumi.Provider(b.provider))
	return err
}
