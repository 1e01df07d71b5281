// Package statemachine checks Step Functions definitions in the Amazon States
// Language.
//
// Sources: the Amazon States Language specification (states-language.net); Step
// Functions developer guide, "Service quotas", "Discover service integration
// patterns" and "Accessing resources in other AWS accounts" (a service
// integration reaches the state machine's own region only).
package statemachine

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tandem-platform/tandem/sandbox/cloud/document"
)

// Limit is the most bytes of a definition (Step Functions API,
// CreateStateMachine).
const Limit = 1 << 20

// nameLimit is the most characters of a state's name.
const nameLimit = 80

// Check parses a definition of a state machine in a region. The error is
// document.Problems.
func Check(text, region string) error {
	var bad document.Problems
	if len(text) > Limit {
		bad.Add("", "INVALID_DEFINITION: the definition has %d bytes, more than %d", len(text), Limit)
	}
	definition, err := document.Object(text)
	if err != nil {
		bad.Add("", "INVALID_JSON_DESCRIPTION: %v", err)
		return bad
	}
	c := &checker{region: region, bad: &bad, names: map[string]bool{}}
	c.language, _ = definition["QueryLanguage"].(string)
	c.fields("", definition, []string{"Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"})
	c.queryLanguage("", definition)
	c.machine("", definition)
	return bad.Err()
}

type checker struct {
	region string
	// language is the machine's own query language, "" for JSONPath.
	language string
	bad      *document.Problems
	// names are those of all states: they are unique in the whole machine.
	names map[string]bool
}

func (c *checker) add(path, format string, args ...any) {
	c.bad.Add(path, "SCHEMA_VALIDATION_FAILED: "+format, args...)
}

// fields refuses what is not in allowed.
func (c *checker) fields(path string, o map[string]any, allowed ...[]string) {
	for _, k := range document.Keys(o) {
		if !slices.Contains(slices.Concat(allowed...), k) {
			c.add(path+"/"+k, "field is not supported")
		}
	}
}

func (c *checker) queryLanguage(path string, o map[string]any) {
	if l, there := o["QueryLanguage"]; there && l != "JSONPath" && l != "JSONata" {
		c.add(path+"/QueryLanguage", "it must be JSONPath or JSONata, it is %v", l)
	}
}

// machine checks a state machine or a part of one: a branch or an iteration.
func (c *checker) machine(path string, o map[string]any) {
	states, ok := o["States"].(map[string]any)
	if !ok || len(states) == 0 {
		c.add(path, "these required fields are missing: [States]")
		return
	}
	start, ok := o["StartAt"].(string)
	switch {
	case !ok:
		c.add(path, "these required fields are missing: [StartAt]")
	case states[start] == nil:
		c.bad.Add(path+"/StartAt", "MISSING_TRANSITION_TARGET: missing 'Next' target: %s", start)
	}
	next := map[string][]string{}
	ends := map[string]bool{}
	for _, name := range document.Keys(states) {
		at := path + "/States/" + name
		if utf8.RuneCountInString(name) > nameLimit {
			c.add(at, "the name has more than %d characters", nameLimit)
		}
		if c.names[name] {
			c.bad.Add(at, "DUPLICATE_STATE_NAME: a state of that name is there already")
		}
		c.names[name] = true
		s, ok := states[name].(map[string]any)
		if !ok {
			c.add(at, "it is %s, not an object", document.Kind(states[name]))
			continue
		}
		next[name], ends[name] = c.state(at, s)
		for _, target := range next[name] {
			if states[target] == nil {
				c.bad.Add(at, "MISSING_TRANSITION_TARGET: missing 'Next' target: %s", target)
			}
		}
	}
	reached := reach(start, next)
	finite := false
	for _, name := range document.Keys(states) {
		finite = finite || reached[name] && ends[name]
		if !reached[name] && states[start] != nil {
			c.bad.Add(path+"/States/"+name, "MISSING_TRANSITION_TARGET: state %q is not reachable", name)
		}
	}
	if !finite && states[start] != nil {
		c.bad.Add(path, "no terminal state can be reached: one needs \"End\": true, or be of type Succeed or Fail")
	}
}

func reach(from string, next map[string][]string) map[string]bool {
	seen := map[string]bool{}
	todo := []string{from}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if !seen[name] {
			seen[name] = true
			todo = append(todo, next[name]...)
		}
	}
	return seen
}

var (
	common = []string{"Type", "Comment", "QueryLanguage"}
	moves  = []string{"Next", "End"}
	paths  = []string{"InputPath", "OutputPath"}
	// handlers are of the states that may fail.
	handlers = []string{"Retry", "Catch", "ResultPath", "ResultSelector", "Parameters"}
	jsonata  = []string{"Output", "Assign"}
)

// fieldsOf are the fields of each type of state, besides those in common.
var fieldsOf = map[string][]string{
	"Pass":     slices.Concat(moves, paths, jsonata, []string{"Result", "ResultPath", "Parameters"}),
	"Task":     slices.Concat(moves, paths, jsonata, handlers, []string{"Resource", "Arguments", "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath", "Credentials"}),
	"Choice":   slices.Concat(paths, jsonata, []string{"Choices", "Default"}),
	"Wait":     slices.Concat(moves, paths, jsonata, []string{"Seconds", "Timestamp", "SecondsPath", "TimestampPath"}),
	"Succeed":  slices.Concat(paths, jsonata),
	"Fail":     {"Error", "Cause", "ErrorPath", "CausePath"},
	"Parallel": slices.Concat(moves, paths, jsonata, handlers, []string{"Branches", "Arguments"}),
	"Map": slices.Concat(moves, paths, jsonata, handlers, []string{
		"ItemProcessor", "Iterator", "Items", "ItemsPath", "ItemSelector", "ItemReader", "ItemBatcher", "ResultWriter", "Label",
		"MaxConcurrency", "MaxConcurrencyPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", "ToleratedFailureCount", "ToleratedFailureCountPath",
	}),
}

// state checks one state. It returns where it leads, and whether it ends the
// machine.
func (c *checker) state(path string, s map[string]any) (next []string, end bool) {
	kind, _ := s["Type"].(string)
	allowed, known := fieldsOf[kind]
	if !known {
		c.add(path+"/Type", "it must be one of %s, it is %v", strings.Join(document.Keys(fieldsOf), ", "), s["Type"])
		return nil, false
	}
	c.fields(path, s, common, allowed)
	c.queryLanguage(path, s)
	language := c.language
	if l, ok := s["QueryLanguage"].(string); ok {
		language = l
	}
	if language == "JSONata" {
		for _, k := range document.Keys(s) {
			if strings.HasSuffix(k, "Path") || k == "Parameters" || k == "ResultSelector" {
				c.add(path+"/"+k, "the field is of JSONPath, the query language is JSONata")
			}
		}
	} else {
		for _, k := range []string{"Arguments", "Output", "Items"} {
			if s[k] != nil {
				c.add(path+"/"+k, "the field is of JSONata, the query language is JSONPath")
			}
		}
	}
	c.expressions(path, s, language)
	next, end = c.leads(path, kind, s)
	switch kind {
	case "Task":
		c.task(path, s)
	case "Choice":
		next = append(next, c.choices(path, s, language)...)
	case "Wait":
		c.exactlyOne(path, s, "Seconds", "Timestamp", "SecondsPath", "TimestampPath")
		if t, ok := s["Timestamp"].(string); ok && !strings.HasPrefix(t, "{%") {
			if _, err := time.Parse(time.RFC3339, t); err != nil {
				c.add(path+"/Timestamp", "it must be a time of RFC 3339, it is %s", t)
			}
		}
		c.whole(path, s, "Seconds", 0, 99999999)
	case "Parallel":
		branches, ok := s["Branches"].([]any)
		if !ok || len(branches) == 0 {
			c.add(path, "these required fields are missing: [Branches]")
		}
		for i, b := range branches {
			c.part(fmt.Sprintf("%s/Branches/%d", path, i), b)
		}
	case "Map":
		c.exactlyOne(path, s, "ItemProcessor", "Iterator")
		for _, k := range []string{"ItemProcessor", "Iterator"} {
			if s[k] != nil {
				c.part(path+"/"+k, s[k])
			}
		}
		c.whole(path, s, "MaxConcurrency", 0, 10000)
	}
	if kind == "Task" || kind == "Parallel" || kind == "Map" {
		next = append(next, c.handlers(path, s)...)
	}
	return next, end
}

// part is a machine within a state.
func (c *checker) part(path string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.add(path, "it is %s, not an object", document.Kind(v))
		return
	}
	c.fields(path, o, []string{"Comment", "StartAt", "States", "ProcessorConfig"})
	c.machine(path, o)
}

// leads checks Next and End.
func (c *checker) leads(path, kind string, s map[string]any) (next []string, end bool) {
	if kind == "Succeed" || kind == "Fail" {
		return nil, true
	}
	if kind == "Choice" {
		if d, there := s["Default"]; there {
			name, ok := d.(string)
			if !ok {
				c.add(path+"/Default", "it is %s, not a string", document.Kind(d))
			}
			return []string{name}, false
		}
		return nil, false
	}
	to, hasNext := s["Next"].(string)
	end, _ = s["End"].(bool)
	if hasNext == end {
		c.add(path, "exactly one of the fields Next and End is required")
	}
	if hasNext {
		next = []string{to}
	}
	return next, end
}

func (c *checker) exactlyOne(path string, s map[string]any, names ...string) {
	n := 0
	for _, name := range names {
		if s[name] != nil {
			n++
		}
	}
	if n != 1 {
		c.add(path, "exactly one of these fields is required: [%s]", strings.Join(names, ", "))
	}
}

func (c *checker) whole(path string, s map[string]any, name string, least, most int64) {
	v, there := s[name]
	if text, ok := v.(string); !there || ok && strings.HasPrefix(text, "{%") {
		return
	}
	n, _ := v.(json.Number)
	if i, err := n.Int64(); err != nil || i < least || i > most {
		c.add(path+"/"+name, "it must be a whole number from %d to %d, it is %v", least, most, v)
	}
}

// integration is the ARN of an optimised or SDK integration.
var integration = regexp.MustCompile(`^arn:aws:states:([a-z0-9-]*):(\d*):(activity|[a-z0-9-]+)(:[A-Za-z0-9:-]+?)?(\.sync(:2)?|\.waitForTaskToken)?$`)

var arnForm = regexp.MustCompile(`^arn:aws:([a-z0-9-]+):([a-z0-9-]*):(\d*):.+$`)

// task checks a Task's resource: an integration, an activity or a function.
func (c *checker) task(path string, s map[string]any) {
	resource, ok := s["Resource"].(string)
	if !ok {
		c.add(path, "these required fields are missing: [Resource]")
		return
	}
	arn := arnForm.FindStringSubmatch(resource)
	switch {
	case arn == nil, arn[1] != "states" && arn[1] != "lambda", arn[1] == "states" && !integration.MatchString(resource):
		c.add(path+"/Resource", "invalid resource: %s: it must be the ARN of a service integration, an activity or a Lambda function", resource)
	case arn[2] != "" && arn[2] != c.region:
		c.add(path+"/Resource", "the resource %s is in %s: a task reaches its own region, %s, only", resource, arn[2], c.region)
	}
	c.whole(path, s, "TimeoutSeconds", 1, 99999999)
	c.whole(path, s, "HeartbeatSeconds", 1, 99999999)
	timeout, _ := s["TimeoutSeconds"].(json.Number)
	beat, _ := s["HeartbeatSeconds"].(json.Number)
	if t, err := timeout.Int64(); err == nil {
		if b, err := beat.Int64(); err == nil && b >= t {
			c.add(path+"/HeartbeatSeconds", "it must be less than TimeoutSeconds")
		}
	}
	c.regions(path, s)
}

// regions refuses parameters that name what is in another region, where the
// integration would look for it in its own. Data within a request, such as a
// message's text, is not looked at: only values that are an ARN as a whole.
func (c *checker) regions(path string, s map[string]any) {
	resource, _ := s["Resource"].(string)
	if strings.Contains(resource, ":events:") {
		return // an event's content
	}
	http := strings.Contains(resource, ":http:")
	for _, field := range []string{"Parameters", "Arguments"} {
		walk(path+"/"+field, s[field], func(at, key, text string) {
			// Global databases name their members by ARN, wherever they are.
			// Of a request over HTTP only the connection is looked up.
			if http && !strings.HasPrefix(key, "ConnectionArn") || strings.HasPrefix(key, "TargetDbClusterIdentifier") || strings.HasPrefix(key, "DbClusterIdentifier") {
				return
			}
			if m := arnForm.FindStringSubmatch(text); m != nil && m[2] != "" && m[2] != c.region {
				c.add(at, "%s is in %s: a task reaches its own region, %s, only", text, m[2], c.region)
			}
		})
	}
}

func walk(path string, v any, f func(path, key, text string)) {
	var in func(path, key string, v any)
	in = func(path, key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range document.Keys(v) {
				in(path+"/"+k, k, v[k])
			}
		case []any:
			for i, e := range v {
				in(fmt.Sprintf("%s/%d", path, i), key, e)
			}
		case string:
			f(path, key, v)
		}
	}
	in(path, "", v)
}

// Named is a resource that a task names by its name, and not by an ARN.
type Named struct {
	// Path is where it is named, Key the parameter, such as Bucket, Name the value.
	Path, Key, Name string
}

// named are the parameters that name what a task acts upon within its region.
var named = []string{"Bucket", "TableName", "ClusterName"}

// Names are the resources that the tasks of a definition name, in order. A
// definition that is none has none.
func Names(text string) (all []Named) {
	definition, err := document.Object(text)
	if err != nil {
		return nil
	}
	var in func(path string, v any)
	in = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			parameters, isMap := v["Parameters"].(map[string]any)
			for _, key := range named {
				if name, ok := parameters[key].(string); ok && isMap && v["Type"] == "Task" {
					all = append(all, Named{path + "/Parameters/" + key, key, name})
				}
			}
			for _, k := range document.Keys(v) {
				in(path+"/"+k, v[k])
			}
		case []any:
			for i, e := range v {
				in(fmt.Sprintf("%s/%d", path, i), e)
			}
		}
	}
	in("", definition)
	return all
}
