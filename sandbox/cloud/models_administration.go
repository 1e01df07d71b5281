package cloud

import "encoding/json"

const typeAutoScalingGroup = "aws:autoscaling/group:Group"

// administrationModels are what people need to get at machines.
var administrationModels = []model{
	{
		Type: "aws:ssm/document:Document", Service: "SSM", ID: "{name}", Auto: autoname{max: 128},
		Set: map[string]string{
			"arn": "arn:aws:ssm:{region}:{account}:document/{name}", "owner": "{account}", "hashType": "Sha256", "status": "Active",
			"hash": "{hex:64}", "documentFormat": "JSON",
		},
		Unique: []string{"{name}"}, Exists: "DocumentAlreadyExists", Names: []string{"name"},
		Volatile: []string{"documentVersion", "latestVersion", "defaultVersion"},
		Check: func(o *op) error {
			if f := text(o.in, "documentFormat"); f != "" && f != "JSON" {
				return nil
			}
			var content struct {
				SchemaVersion string         `json:"schemaVersion"`
				SessionType   string         `json:"sessionType"`
				Inputs        map[string]any `json:"inputs"`
			}
			if err := json.Unmarshal([]byte(text(o.in, "content")), &content); err != nil {
				return o.refuse("InvalidDocumentContent", "the content is no JSON: %v", err)
			}
			if text(o.in, "documentType") == "Session" {
				if content.SchemaVersion != "1.0" {
					return o.refuse("InvalidDocumentSchemaVersion", "a session document has schemaVersion 1.0, not %q", content.SchemaVersion)
				}
				if content.SessionType == "Standard_Stream" && content.Inputs == nil {
					return o.refuse("InvalidDocumentContent", "a session of type Standard_Stream needs inputs")
				}
			}
			o.tmp["schemaVersion"] = content.SchemaVersion
			return nil
		},
		Compute: func(o *op) error {
			v := atoi(text(o.out, "latestVersion")) + 1
			for _, p := range []string{"documentVersion", "latestVersion", "defaultVersion"} {
				o.out[p] = string(rune('0' + v%10))
			}
			o.out["schemaVersion"], o.out["platformTypes"] = o.tmp["schemaVersion"], []any{"Linux", "MacOS", "Windows"}
			return stamp("createdDate")(o)
		},
	},
	{
		Type: typeAutoScalingGroup, Service: "Auto Scaling", ID: "{name}", Auto: autoname{max: 255},
		Set: map[string]string{
			"arn": "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}", "healthCheckType": "EC2",
		},
		Unique: []string{"{name}"}, Exists: "AlreadyExists", Names: []string{"name"},
		Check: func(o *op) error {
			low, _ := number(o.in, "minSize")
			high, _ := number(o.in, "maxSize")
			want, given := number(o.in, "desiredCapacity")
			if low > high || given && (want < low || want > high) {
				return o.refuse("ValidationError", "desired capacity %.0f must be between the specified min size %.0f and max size %.0f", want, low, high)
			}
			if life, given := number(o.in, "maxInstanceLifetime"); given && life != 0 && (life < 86400 || life > 31536000) {
				return o.refuse("ValidationError", "max instance lifetime %.0f must be equal to 0 or between 86400 and 31536000 seconds", life)
			}
			return nil
		},
		Compute: func(o *op) error {
			if _, given := number(o.out, "desiredCapacity"); !given {
				o.out["desiredCapacity"], _ = number(o.in, "minSize")
			}
			zones := map[string]bool{}
			for _, id := range texts(o.in, "vpcZoneIdentifiers") {
				subnets, err := o.find(id, typeSubnet)
				if err != nil {
					return err
				}
				for _, s := range subnets {
					zones[text(s.Outputs, "availabilityZone")] = true
				}
			}
			list := []any{}
			for _, z := range sortedNames(zones) {
				list = append(list, z)
			}
			o.out["availabilityZones"] = list
			return nil
		},
	},
}
