package integration

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

const (
	typeTopic      = "aws:sns/topic:Topic"
	typeBucket     = "aws:s3/bucketV2:BucketV2"
	typeAlarm      = "aws:cloudwatch/metricAlarm:MetricAlarm"
	typeConnection = "aws:cloudwatch/eventConnection:EventConnection"
	typeTarget     = "aws:appautoscaling/target:Target"
)

func invokeHTTP(c *call, raw json.RawMessage) (any, error) {
	var p struct {
		ApiEndpoint, Method  string //nolint:revive // the field's name in the language
		Authentication       struct{ ConnectionArn string }
		Headers, RequestBody any
		QueryParameters      any
		Transform            any
	}
	if err := decode(raw, &p, "ApiEndpoint", "Method", "Authentication"); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(p.ApiEndpoint, "https://") {
		return nil, refuse("States.Runtime", "the endpoint %q is not of https", p.ApiEndpoint)
	}
	connection, err := c.find(typeConnection, func(r *cloud.Resource) bool { return r.Text("arn") == p.Authentication.ConnectionArn })
	if err != nil {
		return nil, err
	}
	if connection == nil {
		return nil, refuse("Events.ConnectionResource.NotFound", "Connection %s does not exist", p.Authentication.ConnectionArn)
	}
	for _, needed := range []struct {
		action, resource string
		context          map[string]string
	}{
		{"states:InvokeHTTPEndpoint", c.machine, map[string]string{"states:HTTPEndpoint": p.ApiEndpoint, "states:HTTPMethod": p.Method}},
		{"events:RetrieveConnectionCredentials", p.Authentication.ConnectionArn, nil},
		{"secretsmanager:GetSecretValue", connection.Text("secretArn"), nil},
		{"secretsmanager:DescribeSecret", connection.Text("secretArn"), nil},
	} {
		if err := c.may(needed.action, needed.resource, needed.context); err != nil {
			return nil, err
		}
	}
	c.World.Get(c.region, p.Method, p.ApiEndpoint, func(status int) {
		switch {
		case status == 0:
			c.task.Fail("States.Http.Socket", "the endpoint does not answer")
		case status >= 400 || status < 200:
			c.task.Fail(fmt.Sprintf("States.Http.StatusCode.%d", status), fmt.Sprintf("the endpoint answered with %d", status))
		default:
			c.task.Succeed(map[string]any{"StatusCode": float64(status), "Headers": map[string]any{}, "ResponseBody": ""})
		}
	})
	return nil, nil
}

func publish(c *call, raw json.RawMessage) (any, error) {
	var p struct {
		TopicArn, Subject string
		Message           any
		MessageAttributes any
	}
	if err := decode(raw, &p, "TopicArn", "Message"); err != nil {
		return nil, err
	}
	if err := c.may("sns:Publish", p.TopicArn, nil); err != nil {
		return nil, err
	}
	if len(p.Subject) > 100 || strings.ContainsAny(p.Subject, "\r\n") {
		return nil, refuse("SNS.InvalidParameterException", "Invalid parameter: Subject")
	}
	if parts := strings.Split(p.TopicArn, ":"); len(parts) != 6 || parts[3] != c.region {
		return nil, refuse("SNS.InvalidParameterException", "Invalid parameter: TopicArn")
	}
	topic, err := c.find(typeTopic, func(r *cloud.Resource) bool { return r.Text("arn") == p.TopicArn })
	if err == nil && topic == nil {
		err = refuse("SNS.NotFoundException", "Topic does not exist")
	}
	if err != nil {
		return nil, err
	}
	c.World.Published(Message{Topic: p.TopicArn, Subject: p.Subject, Body: p.Message, Task: c.task})
	return map[string]any{"MessageId": c.task.Execution.Name}, nil
}

// s3Parameters are those of actions on one object.
type s3Parameters struct {
	Bucket, Key, ContentType, CacheControl, IfNoneMatch string
	Body                                                any
}

// object finds the bucket of a call.
func (c *call) object(raw json.RawMessage, action string, required ...string) (p s3Parameters, err error) {
	if err = decode(raw, &p, append(required, "Bucket", "Key")...); err != nil {
		return p, err
	}
	if err = c.may(action, "arn:aws:s3:::"+p.Bucket+"/"+p.Key, nil); err != nil {
		return p, err
	}
	all, err := c.Cloud.ResourcesOf(typeBucket)
	buckets := slices.DeleteFunc(all, func(r *cloud.Resource) bool { return r.ID != p.Bucket })
	switch {
	case err != nil:
		return p, err
	case len(buckets) == 0:
		return p, refuse("S3.NoSuchBucketException", "The specified bucket does not exist")
	case buckets[0].Scope.Region != c.region:
		return p, refuse("S3.S3Exception", "The bucket you are attempting to access must be addressed using the specified endpoint (status 301)")
	}
	return p, nil
}

func putObject(c *call, raw json.RawMessage) (any, error) {
	p, err := c.object(raw, "s3:PutObject", "Body")
	if err != nil {
		return nil, err
	}
	return map[string]any{"ETag": `"` + c.task.Execution.Name + `"`}, c.Cloud.PutObject(p.Bucket, p.Key)
}

func deleteObject(c *call, raw json.RawMessage) (any, error) {
	p, err := c.object(raw, "s3:DeleteObject")
	if err != nil {
		return nil, err
	}
	return map[string]any{}, c.Cloud.DeleteObject(p.Bucket, p.Key)
}

func headObject(c *call, raw json.RawMessage) (any, error) {
	p, err := c.object(raw, "s3:GetObject")
	if err != nil {
		return nil, err
	}
	there, err := c.Cloud.HasObject(p.Bucket, p.Key)
	if err == nil && !there {
		err = refuse("S3.NoSuchKeyException", "Not Found (status 404)")
	}
	return map[string]any{}, err
}

func describeAlarms(c *call, raw json.RawMessage) (any, error) {
	var p struct{ AlarmNames []string }
	if err := decode(raw, &p, "AlarmNames"); err != nil {
		return nil, err
	}
	list := []any{}
	for _, name := range p.AlarmNames {
		if err := c.may("cloudwatch:DescribeAlarms", fmt.Sprintf("arn:aws:cloudwatch:%s:%s:alarm:%s", c.region, c.account(), name), nil); err != nil {
			return nil, err
		}
		alarm, err := c.find(typeAlarm, func(r *cloud.Resource) bool { return r.ID == name || r.Text("name") == name })
		if err != nil {
			return nil, err
		}
		if alarm != nil {
			list = append(list, map[string]any{"AlarmName": name, "AlarmArn": alarm.Text("arn"), "StateValue": c.World.Alarm(c.region, name)})
		}
	}
	return map[string]any{"MetricAlarms": list, "CompositeAlarms": []any{}}, nil
}

func registerScalableTarget(c *call, raw json.RawMessage) (any, error) {
	var p struct {
		ServiceNamespace, ResourceId, ScalableDimension string //nolint:revive // the field's name in the API
		MinCapacity, MaxCapacity                        *int
		SuspendedState                                  map[string]bool
		RoleARN                                         string
	}
	if err := decode(raw, &p, "ServiceNamespace", "ResourceId", "ScalableDimension"); err != nil {
		return nil, err
	}
	if err := c.may("application-autoscaling:RegisterScalableTarget", fmt.Sprintf("arn:aws:application-autoscaling:%s:%s:scalable-target/*", c.region, c.account()), nil); err != nil {
		return nil, err
	}
	target, err := c.find(typeTarget, func(r *cloud.Resource) bool {
		return r.Text("serviceNamespace") == p.ServiceNamespace && r.Text("resourceId") == p.ResourceId && r.Text("scalableDimension") == p.ScalableDimension
	})
	if err != nil {
		return nil, err
	}
	if target == nil {
		if p.MinCapacity == nil || p.MaxCapacity == nil {
			return nil, refuse("ApplicationAutoScaling.ValidationException", "MinCapacity and MaxCapacity are required to register a new scalable target")
		}
		return map[string]any{}, nil // a new one, which no program knows of
	}
	for path, v := range map[string]*int{"maxCapacity": p.MaxCapacity, "minCapacity": p.MinCapacity} {
		if v != nil {
			if err := c.Cloud.Change(target, path, float64(*v)); err != nil {
				return nil, refuse("ApplicationAutoScaling.ValidationException", "%v", err)
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(p.SuspendedState)) {
		if err := c.Cloud.Change(target, "suspendedState."+strings.ToLower(k[:1])+k[1:], p.SuspendedState[k]); err != nil {
			return nil, refuse("ApplicationAutoScaling.ValidationException", "%v", err)
		}
	}
	return map[string]any{"ScalableTargetARN": target.Text("arn")}, nil
}
