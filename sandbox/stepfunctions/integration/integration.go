// Package integration is what the service integrations of Step Functions do: the
// API actions behind Task states, on the sandbox's simulated clouds.
//
// An action reaches its own region only, demands that the state machine's role may
// do it, refuses parameters that the service does not know, and fails with the
// names that Retry and Catch match: those of the AWS SDK for Java 2.x for
// aws-sdk integrations, such as Rds.GlobalClusterNotFoundException, and those of
// the service for the others, such as DynamoDB.ConditionalCheckFailedException,
// EKS.403 and States.Http.Socket.
//
// What no store knows, the simulation around says: [World].
//
// Sources: Step Functions developer guide, "Integrating services", "Call HTTPS APIs",
// "Perform DynamoDB CRUD operations with Step Functions" (the prefix DynamoDB),
// "Create and manage Amazon EKS clusters with Step Functions" (EKS.401) and "Handling
// errors in Step Functions workflows"; the API references of the services.
package integration

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/tandem-platform/tandem/resilience/simulation"
	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/stepfunctions"
)

// World is what happens outside of the stores of the clouds.
type World interface {
	// Reaches says whether a service of a region answers a caller in that region.
	Reaches(region, service string) bool
	// Get makes an HTTP request from a region and calls done once with the status, or
	// with 0 where no answer comes.
	Get(region, method, url string, done func(status int))
	// Alarm is the state of a CloudWatch alarm: OK, ALARM or INSUFFICIENT_DATA.
	Alarm(region, name string) string
	// Published is called with every message of a topic. A task that waits for its
	// token is ended by whoever got the message.
	Published(Message)
	// Latency is how long the next call of an API takes.
	Latency() time.Duration
	// RoleChange is how long Aurora takes to make another member of a global database
	// the writer.
	RoleChange(planned bool) time.Duration
	// Writer is called when a global database has another writer.
	Writer(global, region string)
}

// Message is what was published on a topic.
type Message struct {
	Topic, Subject string
	// Body is the message: text, or a JSON value.
	Body any
	Task *stepfunctions.Task
}

// Services are the integrations of all regions.
type Services struct {
	Cloud *cloud.Cloud
	Clock *simulation.Clock
	World World

	roleChanges map[string]*roleChange // by global database
	// blackholes are the routes that machines have made, by route table.
	blackholes map[string]map[netip.Prefix]bool
	// cut are the regions whose way to the other region these take.
	cut map[string]bool
}

// call is one call of an action.
type call struct {
	*Services
	region string
	// machine is the ARN of the state machine, role that of its role.
	machine, role string
	task          *stepfunctions.Task
	service       string
}

// refusal is an error of a service.
type refusal struct{ name, cause string }

func (r refusal) Error() string { return r.name + ": " + r.cause }

func refuse(name, format string, args ...any) error {
	return refusal{name, fmt.Sprintf(format, args...)}
}

// action is one action of a service. What it returns is the task's answer; nil,
// nil means that the task ends later.
type action func(c *call, parameters json.RawMessage) (any, error)

// actions are by the last parts of the integration's ARN, without the pattern.
var actions = map[string]action{
	"http:invoke":                                           invokeHTTP,
	"sns:publish":                                           publish,
	"dynamodb:getItem":                                      getItem,
	"dynamodb:putItem":                                      putItem,
	"dynamodb:updateItem":                                   updateItem,
	"dynamodb:deleteItem":                                   deleteItem,
	"aws-sdk:rds:describeGlobalClusters":                    describeGlobalClusters,
	"aws-sdk:rds:describeDBClusters":                        describeDBClusters,
	"aws-sdk:rds:failoverGlobalCluster":                     failoverGlobalCluster,
	"aws-sdk:rds:switchoverGlobalCluster":                   switchoverGlobalCluster,
	"aws-sdk:cloudwatch:describeAlarms":                     describeAlarms,
	"aws-sdk:ec2:createTransitGatewayRoute":                 createTransitGatewayRoute,
	"aws-sdk:ec2:deleteTransitGatewayRoute":                 deleteTransitGatewayRoute,
	"aws-sdk:eks:describeNodegroup":                         describeNodegroup,
	"aws-sdk:eks:updateNodegroupConfig":                     updateNodegroupConfig,
	"eks:call":                                              callKubernetes,
	"aws-sdk:s3:putObject":                                  putObject,
	"aws-sdk:s3:deleteObject":                               deleteObject,
	"aws-sdk:s3:headObject":                                 headObject,
	"aws-sdk:applicationautoscaling:registerScalableTarget": registerScalableTarget,
}

// Simulated says whether the action of an integration's ARN is simulated, and
// which service it calls, "" for an HTTP endpoint's.
func Simulated(resource string) (service string, ok bool) {
	name := strings.TrimSuffix(strings.TrimPrefix(resource, "arn:aws:states:::"), ".waitForTaskToken")
	_, ok = actions[name]
	service = strings.Split(strings.TrimPrefix(name, "aws-sdk:"), ":")[0]
	if service == "http" {
		service = ""
	}
	return service, ok
}

// Run does what a task asks for; it is for [stepfunctions.Engine.Tasks].
func (s *Services) Run(t *stepfunctions.Task) {
	name := strings.TrimSuffix(strings.TrimPrefix(t.Resource, "arn:aws:states:::"), ".waitForTaskToken")
	do := actions[name]
	if do == nil {
		t.Fail("States.Runtime", "the sandbox does not simulate "+t.Resource)
		return
	}
	m := t.Execution.Machine
	c := &call{Services: s, machine: m.ARN, role: m.RoleARN, task: t}
	if parts := strings.Split(m.ARN, ":"); len(parts) > 3 {
		c.region = parts[3]
	}
	c.service, _ = Simulated(t.Resource)
	if c.service != "" && !s.World.Reaches(c.region, c.service) {
		return // no answer comes, and the task times out
	}
	s.Clock.After(s.World.Latency(), func() {
		if t.Ended() {
			return
		}
		raw, err := json.Marshal(t.Parameters)
		var answer any
		if err == nil {
			answer, err = do(c, raw)
		}
		var r refusal
		switch {
		case errors.As(err, &r):
			t.Fail(r.name, r.cause)
		case err != nil:
			t.Fail("States.TaskFailed", err.Error())
		case answer != nil:
			t.Succeed(clean(answer))
		}
	})
}

// clean is a value as JSON has it.
func clean(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("an answer that is no JSON: %v", err)) // answers are made of maps and text
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		panic(fmt.Sprintf("an answer that is no JSON: %v", err))
	}
	return plain
}

// decode reads parameters, of which the named ones have to be there.
func decode(raw json.RawMessage, into any, required ...string) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return refuse("States.Runtime", "the parameters %s are not those of the action: %v", raw, err)
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(raw, &given); err != nil {
		return refuse("States.Runtime", "the parameters are no object: %s", raw)
	}
	for _, name := range required {
		if v, ok := given[name]; !ok || string(v) == `""` || string(v) == "null" {
			return refuse("States.Runtime", "the parameter %s is required", name)
		}
	}
	return nil
}

// find is the resource of a type in the call's region that fits, nil if there is
// none.
func (c *call) find(typ string, fits func(*cloud.Resource) bool) (*cloud.Resource, error) {
	all, err := c.Cloud.ResourcesOf(typ)
	for _, r := range all {
		if (r.Scope.Region == c.region || r.Scope.Region == cloud.Global) && fits(r) {
			return r, nil
		}
	}
	return nil, err
}

// account is that of the state machine.
func (c *call) account() string {
	if parts := strings.Split(c.machine, ":"); len(parts) > 4 {
		return parts[4]
	}
	return ""
}

func oneOf(value string, names ...string) bool { return value != "" && slices.Contains(names, value) }
