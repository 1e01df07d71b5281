package policy

import "testing"

func TestAdmission(t *testing.T) {
	const (
		decrypt = `"Action":"kms:Decrypt","Resource":"*"`
		account = `"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`
		through = `"Condition":{"StringEquals":{"kms:ViaService":["rds.us-east-1.amazonaws.com","s3.us-east-1.amazonaws.com"]}}`
	)
	root := func(p Principal) bool { return p.Value == "arn:aws:iam::123456789012:root" || p.Value == "*" }
	viaS3 := map[string]string{"kms:viaservice": "s3.us-east-1.amazonaws.com", "kms:grantisforawsresource": "true"}
	direct := map[string]string{"kms:viaservice": ""}
	for name, c := range map[string]struct {
		statements string
		context    map[string]string
		want       bool
	}{
		"every action":               {`{"Effect":"Allow",` + account + `,"Action":"kms:*","Resource":"*"}`, direct, true},
		"another action":             {`{"Effect":"Allow",` + account + `,"Action":"kms:Encrypt*","Resource":"*"}`, direct, false},
		"all but the action":         {`{"Effect":"Allow",` + account + `,"NotAction":"kms:Decrypt","Resource":"*"}`, direct, false},
		"another principal":          {`{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},` + decrypt + `}`, viaS3, false},
		"everyone":                   {`{"Effect":"Allow","Principal":"*",` + decrypt + `}`, direct, true},
		"everyone but":               {`{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"},` + decrypt + `}`, direct, false},
		"through a service":          {`{"Effect":"Allow",` + account + `,` + decrypt + `,` + through + `}`, viaS3, true},
		"not through a service":      {`{"Effect":"Allow",` + account + `,` + decrypt + `,` + through + `}`, direct, false},
		"through the service's like": {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"StringLike":{"kms:ViaService":"s3.*.amazonaws.com"}}}`, viaS3, true},
		"a pattern where none is":    {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"StringEquals":{"kms:ViaService":"s3.*.amazonaws.com"}}}`, viaS3, false},
		"if there is one":            {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"StringLikeIfExists":{"kms:ViaService":"rds.*"}}}`, direct, true},
		"for all of none":            {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"ForAllValues:StringEquals":{"kms:ViaService":"rds.us-east-1.amazonaws.com"}}}`, direct, true},
		"for any of none":            {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"ForAnyValue:StringEquals":{"kms:ViaService":"rds.us-east-1.amazonaws.com"}}}`, direct, false},
		"not through a named one":    {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"StringNotEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}`, viaS3, false},
		"a flag":                     {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"Bool":{"kms:GrantIsForAWSResource":true}}}`, viaS3, true},
		"a flag that is not set":     {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"Bool":{"kms:GrantIsForAWSResource":"false"}}}`, viaS3, false},
		"a key that is missing":      {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"Null":{"kms:ViaService":"true"}}}`, direct, true},
		"a key that must be there":   {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"Null":{"kms:ViaService":"false"}}}`, direct, false},
		"of two conditions one":      {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"},"Bool":{"kms:GrantIsForAWSResource":"false"}}}`, viaS3, false},
		"an unknown condition":       {`{"Effect":"Allow",` + account + `,` + decrypt + `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}`, direct, true},
		"denied": {`{"Effect":"Allow",` + account + `,"Action":"kms:*","Resource":"*"},{"Effect":"Deny","Principal":"*",` + decrypt +
			`,"Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}`, viaS3, false},
		"denied to others": {`{"Effect":"Allow",` + account + `,"Action":"kms:*","Resource":"*"},{"Effect":"Deny","Principal":"*",` + decrypt +
			`,"Condition":{"StringEquals":{"kms:ViaService":"rds.us-east-1.amazonaws.com"}}}`, viaS3, true},
		"denied on what is not known": {`{"Effect":"Allow",` + account + `,"Action":"kms:*","Resource":"*"},{"Effect":"Deny","Principal":"*",` + decrypt +
			`,"Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}}}`, viaS3, true},
		"nothing": {`{"Effect":"Deny",` + account + `,"Action":"kms:Sign","Resource":"*"}`, direct, false},
	} {
		d, err := Key.Check(one(c.statements))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if have := d.Admits(Request{Action: "kms:Decrypt", By: root, Context: c.context}); have != c.want {
			t.Errorf("%s: admitted %v, want %v", name, have, c.want)
		}
	}
}
