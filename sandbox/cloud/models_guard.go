package cloud

import "strings"

const typeSigningKey = "aws:route53/keySigningKey:KeySigningKey"

// guardModels are what protects names and addresses, and what delivers the logs of
// global services.
var guardModels = []model{
	{
		Type: "aws:shield/protection:Protection", Service: "Shield", Global: true, ID: "{uuid}", Auto: autoname{max: 128},
		Set:    map[string]string{"arn": "arn:aws:shield::{account}:protection/{id}"},
		Unique: []string{"{resourceArn}"}, Exists: "ResourceAlreadyExistsException",
		Check: func(o *op) error {
			a := arnForm.FindStringSubmatch(text(o.in, "resourceArn"))
			if a == nil {
				return o.refuse("InvalidResourceException", "%s is no ARN", text(o.in, "resourceArn"))
			}
			for _, kind := range []string{":distribution/", ":loadbalancer/", ":hostedzone/", ":eip-allocation/", ":accelerator/"} {
				if strings.Contains(a[0], kind) {
					return nil
				}
			}
			return o.refuse("InvalidResourceException", "%s is of no type that Shield Advanced protects", a[0])
		},
	},
	{
		Type: typeSigningKey, Service: "Route 53", Global: true, ID: "{hostedZoneId},{name}", Auto: autoname{max: 128},
		Set: map[string]string{
			"status": "ACTIVE", "digestAlgorithmMnemonic": "SHA-256", "signingAlgorithmMnemonic": "ECDSAP256SHA256", "digestValue": "{hex:64}",
			"publicKey": "{alnum:86}==",
		},
		Refs:   map[string][]string{"hostedZoneId": {typeZone}, "keyManagementServiceArn": {typeKey}},
		Unique: []string{"{hostedZoneId} {name}"}, Exists: "KeySigningKeyAlreadyExists",
		Check: func(o *op) error {
			arn := text(o.in, "keyManagementServiceArn")
			keys, err := o.find(arn, typeKey)
			if err != nil || len(keys) == 0 {
				return err
			}
			if in := keys[0].Inputs; keys[0].Scope.Region != "us-east-1" || text(in, "customerMasterKeySpec") != "ECC_NIST_P256" || text(in, "keyUsage") != "SIGN_VERIFY" {
				return o.refuse("InvalidKMSArn", "%s is no key of us-east-1 with the spec ECC_NIST_P256 and the usage SIGN_VERIFY", arn)
			}
			return nil
		},
		Compute: func(o *op) error {
			o.out["digestAlgorithmType"], o.out["signingAlgorithmType"], o.out["flag"] = 2.0, 13.0, 257.0
			if o.out["keyTag"] == nil {
				o.out["keyTag"] = float64(atoi(o.mint("digits", 4, "keyTag")))
			}
			o.out["dnskeyRecord"] = "257 3 13 " + text(o.out, "publicKey")
			o.out["dsRecord"] = o.mint("digits", 4, "keyTag") + " 13 2 " + strings.ToUpper(text(o.out, "digestValue"))
			return nil
		},
	},
	{
		Type: "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec", Service: "Route 53", Global: true, ID: "{hostedZoneId}", Auto: autoname{none: true},
		Set:    map[string]string{"signingStatus": "SIGNING"},
		Refs:   map[string][]string{"hostedZoneId": {typeZone}},
		Unique: []string{"{hostedZoneId}"}, Exists: "DNSSECAlreadyEnabled",
		Check: func(o *op) error {
			zone, signed := text(o.in, "hostedZoneId"), false
			err := o.eachOf(o.scope, typeSigningKey, func(r *Resource) error {
				signed = signed || text(r.Inputs, "hostedZoneId") == zone
				return nil
			})
			if err == nil && zone != "" && !signed {
				return o.refuse("KeySigningKeyWithActiveStatusNotFound", "the hosted zone %s has no active key-signing key", zone)
			}
			return err
		},
	},
	{
		Type: "aws:cloudwatch/logDeliverySource:LogDeliverySource", Service: "CloudWatch Logs", ID: "{name}", Auto: autoname{max: 60},
		Set:    map[string]string{"arn": "arn:aws:logs:{region}:{account}:delivery-source:{name}"},
		Unique: []string{"{name}"}, Exists: "ConflictException", Names: []string{"name"},
		UsedBy: []string{"aws:cloudwatch/logDelivery:LogDelivery"}, InUse: "ConflictException",
		Check: func(o *op) error {
			if strings.Contains(text(o.in, "resourceArn"), ":cloudfront:") && o.region != "us-east-1" {
				return o.refuse("ValidationException", "the logs of CloudFront are delivered from us-east-1, not %s", o.region)
			}
			return nil
		},
		Compute: func(o *op) error {
			if a := arnForm.FindStringSubmatch(text(o.in, "resourceArn")); a != nil {
				o.out["service"] = a[1]
			}
			return nil
		},
	},
	{
		Type: "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", Service: "CloudWatch Logs", ID: "{name}", Auto: autoname{max: 60},
		Set:    map[string]string{"arn": "arn:aws:logs:{region}:{account}:delivery-destination:{name}", "deliveryDestinationType": "S3"},
		Unique: []string{"{name}"}, Exists: "ConflictException", Names: []string{"name"},
		UsedBy: []string{"aws:cloudwatch/logDelivery:LogDelivery"}, InUse: "ConflictException",
	},
	{
		Type: "aws:cloudwatch/logDelivery:LogDelivery", Service: "CloudWatch Logs", ID: "{alnum:16}", Auto: autoname{none: true},
		Set: map[string]string{"arn": "arn:aws:logs:{region}:{account}:delivery:{id}"},
		Refs: map[string][]string{
			"deliverySourceName":     {"aws:cloudwatch/logDeliverySource:LogDeliverySource"},
			"deliveryDestinationArn": {"aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"},
		},
		Unique: []string{"{deliverySourceName} {deliveryDestinationArn}"}, Exists: "ConflictException",
	},
}
