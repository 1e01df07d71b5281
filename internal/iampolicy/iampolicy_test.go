package iampolicy_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/internal/iampolicy"
	"github.com/tandem-platform/tandem/internal/mocktest"
)

type holder struct{ pulumi.ResourceState }

// written runs a program that registers the document as the input of a component and returns the text recorded.
func written(t *testing.T, preview bool, document func() pulumi.StringOutput) (string, bool) {
	t.Helper()
	rec := mocktest.MustRun(t, func(ctx *pulumi.Context) error {
		return ctx.RegisterComponentResourceV2("test:index:Holder", "h", pulumi.Map{"document": document()}, &holder{})
	}, mocktest.Options{Preview: preview})
	text, ok := rec.Get(t, "test:index:Holder", "h").Plain()["document"].(string)
	return text, ok
}

func TestDocumentWithOutputs(t *testing.T) {
	text, ok := written(t, false, func() pulumi.StringOutput {
		return iampolicy.JSON(
			iampolicy.Statement{Action: []string{"s3:GetObject"}, Resource: pulumi.Sprintf("%s/*", pulumi.String("arn:aws:s3:::b"))},
			iampolicy.Statement{
				Sid: "TLSOnly", Effect: "Deny", Principal: "*", Action: []string{"s3:*"},
				Resource:  []any{pulumi.String("arn:aws:s3:::b").ToStringOutput(), "arn:aws:s3:::b/*"},
				Condition: map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
			},
		)
	})
	require.True(t, ok)
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::b/*"},
		{"Sid":"TLSOnly","Effect":"Deny","Principal":"*","Action":["s3:*"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],
		 "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`, text)
}

func TestTrustPolicyOfAService(t *testing.T) {
	text, ok := written(t, false, func() pulumi.StringOutput { return iampolicy.Trust("ec2.amazonaws.com") })
	require.True(t, ok)
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":["sts:AssumeRole"]}]}`, text)
}
