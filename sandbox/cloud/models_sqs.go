package cloud

const typeQueue = "aws:sqs/queue:Queue"

var sqsModels = []model{
	{
		Type: typeQueue, Service: "SQS", ID: "https://sqs.{region}.amazonaws.com/{account}/{name}", Auto: autoname{max: 80},
		Set:    map[string]string{"arn": "arn:aws:sqs:{region}:{account}:{name}", "url": "{id}"},
		Unique: []string{"{name}"}, Exists: "QueueNameExists", Names: []string{"name"},
		Refs: map[string][]string{"kmsMasterKeyId": keys}, External: map[string][]string{"kmsMasterKeyId": {"alias/aws/sqs"}},
		Check: func(o *op) error {
			if truth(o.in, "sqsManagedSseEnabled") && text(o.in, "kmsMasterKeyId") != "" {
				return o.refuse("InvalidAttributeValue", "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.")
			}
			return jsonInputs("policy", "InvalidAttributeValue")(o)
		},
	},
	{
		Type: "aws:sqs/queuePolicy:QueuePolicy", Service: "SQS", ID: "{queueUrl}", Auto: autoname{none: true},
		Refs: map[string][]string{"queueUrl": {typeQueue}}, Check: jsonInputs("policy", "InvalidAttributeValue"),
	},
}
