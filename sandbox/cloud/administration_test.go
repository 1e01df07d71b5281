package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestASessionDocumentHasTheFormOfOne(t *testing.T) {
	east := cloudtest.New(t).AWS("us-east-1")
	document := func(content string) props {
		return props{"name": "preferences", "documentType": "Session", "documentFormat": "JSON", "content": content}
	}
	const typ = "aws:ssm/document:Document"
	east.Refused(typ, "text", document("hello"), "InvalidDocumentContent")
	east.Refused(typ, "version", document(`{"schemaVersion":"2.2","sessionType":"Standard_Stream","inputs":{}}`), "InvalidDocumentSchemaVersion", "1.0")
	east.Refused(typ, "inputs", document(`{"schemaVersion":"1.0","sessionType":"Standard_Stream"}`), "needs inputs")
	east.Refused(typ, "type", props{"name": "x", "documentType": "Shell", "content": "{}"}, "expected documentType to be one of")
	made := east.Make(typ, "made", document(`{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{}}`))
	if made.Get("latestVersion") != "1" || made.Get("schemaVersion") != "1.0" {
		t.Errorf("made: %v", made.Outputs)
	}
	east.Refused(typ, "again", document(`{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{}}`), "DocumentAlreadyExists")
}

func TestAnAutoScalingGroupHoldsItsSubnets(t *testing.T) {
	east := cloudtest.New(t).AWS("us-east-1")
	n := east.Network("us-east-1")
	template := east.Make("aws:ec2/launchTemplate:LaunchTemplate", "t", props{"imageId": "ami-0123456789abcdef0", "instanceType": "t4g.micro"})
	group := func(more props) props {
		g := props{
			"minSize": 1, "maxSize": 1, "vpcZoneIdentifiers": n.SubnetIDs(),
			"launchTemplate": props{"id": template.ID, "version": "$Latest"},
		}
		for k, v := range more {
			g[k] = v
		}
		return g
	}
	const typ = "aws:autoscaling/group:Group"
	east.Refused(typ, "size", group(props{"desiredCapacity": 2}), "ValidationError", "between")
	east.Refused(typ, "life", group(props{"maxInstanceLifetime": 60}), "max instance lifetime")
	east.Refused(typ, "machines", props{"minSize": 1, "maxSize": 1, "vpcZoneIdentifiers": n.SubnetIDs()}, "one of `launchConfiguration,launchTemplate,mixedInstancesPolicy` must be specified")
	made := east.Make(typ, "made", group(nil))
	if made.Get("availabilityZones[1]") != "us-east-1b" || made.Get("desiredCapacity") != "1" {
		t.Errorf("made: %v", made.Outputs)
	}
	cloudtest.WantError(t, n.Subnets[0].Delete(), "DependencyViolation", made.ID)
}
