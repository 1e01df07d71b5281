package policy

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/sandbox/cloud/document"
	"github.com/tandem-platform/tandem/sandbox/cloud/document/documenttest"
)

// one is a policy of one statement.
func one(statement string) string {
	return `{"Version":"2012-10-17","Statement":[` + statement + `]}`
}

const (
	allow   = `"Effect":"Allow"`
	read    = `"Action":"s3:GetObject"`
	every   = `"Resource":"*"`
	service = `"Principal":{"Service":"ec2.amazonaws.com"}`
)

func TestGoodPoliciesAreTaken(t *testing.T) {
	for name, c := range map[string]struct {
		kind Kind
		text string
	}{
		"managed":            {Managed, one(`{` + allow + `,` + read + `,` + every + `,"Sid":"Read1"}`)},
		"a single statement": {Managed, `{"Version":"2012-10-17","Statement":{` + allow + `,` + read + `,` + every + `}}`},
		"all but":            {Inline, one(`{"Effect":"Deny","NotAction":["iam:*","sts:*"],"NotResource":["arn:aws:s3:::b/*"]}`)},
		"conditions": {Managed, one(`{` + allow + `,"Action":["s3:Get*","ec2:Describe*"],` + every + `,"Condition":{` +
			`"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a","b"]},"Bool":{"aws:SecureTransport":false},"Null":{"aws:SourceIp":"true"},` +
			`"NumericLessThan":{"s3:max-keys":10}}}`)},
		"variable": {Managed, one(`{` + allow + `,` + read + `,"Resource":"arn:aws:s3:::b/${aws:username}/*"}`)},
		"trust":    {Trust, one(`{` + allow + `,"Action":["sts:AssumeRole","sts:TagSession"],"Principal":{"Service":"pods.eks.amazonaws.com"}}`)},
		"web identity": {Trust, one(`{` + allow + `,"Action":"sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/A"},` +
			`"Condition":{"StringEquals":{"oidc.eks.us-east-1.amazonaws.com/id/A:sub":"system:serviceaccount:a:b"}}}`)},
		"bucket":     {Bucket, one(`{"Sid":"No plain text","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}`)},
		"key":        {Key, one(`{` + allow + `,"Principal":{"AWS":["arn:aws:iam::123456789012:root","210987654321"]},"Action":"kms:*",` + every + `}`)},
		"topic":      {Topic, one(`{` + allow + `,` + service + `,"Action":"SNS:Publish","Resource":"arn:aws:sns:us-east-1:123456789012:t"}`)},
		"repository": {Repository, one(`{` + allow + `,"Principal":"*","Action":"ecr:BatchGetImage"}`)},
		"endpoint":   {Endpoint, one(`{` + allow + `,"Principal":"*","Action":"*",` + every + `}`)},
	} {
		if _, err := c.kind.Check(c.text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestErrorsReadLikeTheServices(t *testing.T) {
	bad := map[string]struct {
		kind Kind
		text string
	}{
		"no JSON":                   {Managed, `{`},
		"no object":                 {Managed, `[]`},
		"a key twice":               {Managed, `{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}`},
		"no statement":              {Managed, `{"Version":"2012-10-17","Statement":[]}`},
		"a version that never was":  {Managed, `{"Version":"2026-01-01","Statement":[{` + allow + `,` + read + `,` + every + `}]}`},
		"an element that never was": {Managed, one(`{` + allow + `,"Actions":["s3:*"],` + read + `,` + every + `}`)},
		"no effect":                 {Managed, one(`{` + read + `,` + every + `}`)},
		"an effect in capitals":     {Managed, one(`{"Effect":"ALLOW",` + read + `,` + every + `}`)},
		"no action":                 {Managed, one(`{` + allow + `,` + every + `}`)},
		"an action of no service":   {Managed, one(`{` + allow + `,"Action":"GetObject",` + every + `}`)},
		"a service with a wildcard": {Managed, one(`{` + allow + `,"Action":"s*:GetObject",` + every + `}`)},
		"an action with a space":    {Managed, one(`{` + allow + `,"Action":"s3:Get Object",` + every + `}`)},
		"actions that are a number": {Managed, one(`{` + allow + `,"Action":[1],` + every + `}`)},
		"both kinds of action":      {Managed, one(`{` + allow + `,` + read + `,"NotAction":"s3:*",` + every + `}`)},
		"no resource":               {Managed, one(`{` + allow + `,` + read + `}`)},
		"a resource that is no ARN": {Managed, one(`{` + allow + `,` + read + `,"Resource":"bucket"}`)},
		"a short ARN":               {Managed, one(`{` + allow + `,` + read + `,"Resource":"arn:aws:s3:bucket"}`)},
		"a variable of old":         {Managed, `{"Version":"2008-10-17","Statement":[{` + allow + `,` + read + `,"Resource":"arn:aws:s3:::b/${aws:username}"}]}`},
		"a principal":               {Managed, one(`{` + allow + `,` + read + `,` + every + `,"Principal":"*"}`)},
		"a Sid with a space":        {Inline, one(`{"Sid":"a b",` + allow + `,` + read + `,` + every + `}`)},
		"a Sid twice":               {Inline, one(`{"Sid":"a",` + allow + `,` + read + `,` + every + `},{"Sid":"a",` + allow + `,` + read + `,` + every + `}`)},
		"an unknown operator":       {Inline, one(`{` + allow + `,` + read + `,` + every + `,"Condition":{"StringIs":{"aws:a":"b"}}}`)},
		"a key of no vendor":        {Inline, one(`{` + allow + `,` + read + `,` + every + `,"Condition":{"StringEquals":{"a":"b"}}}`)},
		"a condition of a list":     {Inline, one(`{` + allow + `,` + read + `,` + every + `,"Condition":[]}`)},
		"too long":                  {InlineUser, one(`{` + allow + `,` + read + `,"Resource":"arn:aws:s3:::` + strings.Repeat("b", 2000) + `"}`)},
		"trust in nobody":           {Trust, one(`{` + allow + `,"Action":"sts:AssumeRole"}`)},
		"trust with a resource":     {Trust, one(`{` + allow + `,"Action":"sts:AssumeRole",` + service + `,` + every + `}`)},
		"trust of another action":   {Trust, one(`{` + allow + `,` + read + `,` + service + `}`)},
		"a misspelt service":        {Trust, one(`{` + allow + `,"Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws"}}`)},
		"a kind of principal":       {Trust, one(`{` + allow + `,"Action":"sts:AssumeRole","Principal":{"User":"a"}}`)},
		"a pattern of principals":   {Trust, one(`{` + allow + `,"Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::123456789012:role/*"}}`)},
		"a bucket's wrong action":   {Bucket, one(`{` + allow + `,"Principal":"*","Action":"sns:Publish",` + every + `}`)},
		"a repository's resource":   {Repository, one(`{` + allow + `,"Principal":"*","Action":"ecr:BatchGetImage",` + every + `}`)},
	}
	texts, kinds := map[string]string{}, map[string]Kind{}
	for name, c := range bad {
		// White space in front tells documents of one text apart.
		texts[name] = strings.Repeat(" ", len(texts)) + c.text
		kinds[texts[name]] = c.kind
	}
	documenttest.Refused(t, texts, func(text string) error {
		_, err := kinds[text].Check(strings.TrimLeft(text, " "))
		return err
	})
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	_, err := Managed.Check(one(`{"Effect":"Maybe","Action":"Get","Resource":"b","Principal":"*"}`))
	var problems document.Problems
	if !errors.As(err, &problems) || len(problems) != 4 {
		t.Errorf("%d problems: %v", len(problems), err)
	}
}

func TestWhiteSpaceDoesNotCountForIAM(t *testing.T) {
	text := one(`{` + allow + `,` + read + `,"Resource":"arn:aws:s3:::` + strings.Repeat("b", 1900) + `"}`)
	if _, err := InlineUser.Check(strings.ReplaceAll(text, ",", ",\n"+strings.Repeat(" ", 200))); err != nil {
		t.Error(err)
	}
}

func TestAStatementSaysWhomItAllows(t *testing.T) {
	d, err := Key.Check(one(`{` + allow + `,"Principal":{"AWS":"123456789012"},"NotAction":"kms:Schedule*",` + every + `}`))
	if err != nil {
		t.Fatal(err)
	}
	own := func(p Principal) bool { return p.Value == "123456789012" }
	s := d.Statements[0]
	if !s.Allows("kms:PutKeyPolicy", own) || s.Allows("kms:ScheduleKeyDeletion", own) || s.Allows("kms:PutKeyPolicy", func(Principal) bool { return false }) {
		t.Error("the statement allows what it does not, or the other way round")
	}
}

func TestPatternsMatchWhatTheyStandFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z]{0,8}`).Draw(t, "name")
		cut := rapid.IntRange(0, len(name)).Draw(t, "cut")
		end := rapid.IntRange(cut, len(name)).Draw(t, "end")
		for _, p := range []string{name, name[:cut] + "*" + name[end:], name[:cut] + strings.Repeat("?", end-cut) + name[end:], strings.ToUpper(name), "*" + name + "**"} {
			if !Match(p, name) {
				t.Fatalf("%s is not of the pattern %s", name, p)
			}
		}
		if Match(name+"x", name) || Match(name+"?", name) {
			t.Fatalf("%s is of a longer pattern", name)
		}
	})
}

// A document with any part taken away or changed is checked without a panic.
func TestAnythingIsChecked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) any
		value = func(depth int) any {
			if depth == 0 {
				return rapid.SampledFrom([]any{nil, true, 1, "", "*", "s3:*", "arn:aws:s3:::b", "Allow"}).Draw(t, "scalar")
			}
			if rapid.Bool().Draw(t, "list") {
				return []any{value(depth - 1)}
			}
			key := rapid.SampledFrom(append([]string{"Version", "Id", "Statement", "AWS", "StringEquals"}, elements...)).Draw(t, "key")
			return map[string]any{key: value(depth - 1)}
		}
		text, err := json.Marshal(map[string]any{"Statement": []any{value(rapid.IntRange(0, 4).Draw(t, "depth"))}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Trust.Check(string(text)); err == nil {
			t.Fatalf("%s was taken for a trust policy", text)
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add(one(`{` + allow + `,` + read + `,` + every + `}`))
	f.Fuzz(func(_ *testing.T, text string) { _, _ = Bucket.Check(text) })
}
