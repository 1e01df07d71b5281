package statemachine

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document"
)

// predefined are the error names that begin with "States." (Amazon States
// Language, "Predefined error codes").
var predefined = []string{
	"States.ALL", "States.HeartbeatTimeout", "States.Timeout", "States.TaskFailed", "States.Permissions", "States.ResultPathMatchFailure",
	"States.ParameterPathFailure", "States.BranchFailed", "States.NoChoiceMatched", "States.IntrinsicFailure", "States.ExceedToleratedFailureThreshold",
	"States.ItemReaderFailed", "States.ResultWriterFailed", "States.DataLimitExceeded", "States.Runtime", "States.QueryEvaluationError", "States.Http.Socket",
}

var retrier = []string{"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment"}

// handlers checks Retry and Catch, and returns where the catchers lead.
func (c *checker) handlers(path string, s map[string]any) (next []string) {
	for i, r := range c.list(path, s, "Retry") {
		at := fmt.Sprintf("%s/Retry/%d", path, i)
		c.fields(at, r, retrier)
		c.errors(at, r, i == len(c.list(path, s, "Retry"))-1)
		c.whole(at, r, "IntervalSeconds", 1, 99999999)
		c.whole(at, r, "MaxAttempts", 0, 99999999)
		c.whole(at, r, "MaxDelaySeconds", 1, 31622400)
		if rate, there := r["BackoffRate"]; there {
			n, _ := rate.(json.Number)
			if f, err := n.Float64(); err != nil || f < 1 {
				c.add(at+"/BackoffRate", "it must be a number of at least 1.0, it is %v", rate)
			}
		}
		if j, there := r["JitterStrategy"]; there && j != "FULL" && j != "NONE" {
			c.add(at+"/JitterStrategy", "it must be FULL or NONE, it is %v", j)
		}
	}
	catchers := c.list(path, s, "Catch")
	for i, r := range catchers {
		at := fmt.Sprintf("%s/Catch/%d", path, i)
		c.fields(at, r, []string{"ErrorEquals", "Next", "ResultPath", "Comment", "Output", "Assign"})
		c.errors(at, r, i == len(catchers)-1)
		to, ok := r["Next"].(string)
		if !ok {
			c.add(at, "these required fields are missing: [Next]")
			continue
		}
		next = append(next, to)
	}
	return next
}

// list reads an array of objects.
func (c *checker) list(path string, s map[string]any, name string) (all []map[string]any) {
	v, there := s[name]
	if !there {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		c.add(path+"/"+name, "it is %s, not an array", document.Kind(v))
	}
	for _, e := range list {
		o, ok := e.(map[string]any)
		if !ok {
			c.add(path+"/"+name, "it holds %s, not an object", document.Kind(e))
		}
		all = append(all, o)
	}
	return all
}

// errors checks the names in ErrorEquals. States.ALL stands alone, and last.
func (c *checker) errors(path string, r map[string]any, last bool) {
	names, ok := document.Strings(r["ErrorEquals"])
	if _, isList := r["ErrorEquals"].([]any); !ok || !isList || len(names) == 0 {
		c.add(path, "these required fields are missing: [ErrorEquals], an array of error names")
	}
	for _, n := range names {
		if strings.HasPrefix(n, "States.") && !strings.HasPrefix(n, "States.Http.StatusCode.") && !slices.Contains(predefined, n) {
			c.add(path+"/ErrorEquals", "there is no predefined error %s", n)
		}
		if n == "States.ALL" && (len(names) > 1 || !last) {
			c.add(path+"/ErrorEquals", "States.ALL must appear alone, and in the last element")
		}
	}
}

// comparisons are the operators of a choice rule, without the suffix Path, with
// what they compare.
var comparisons = func() map[string]bool {
	all := map[string]bool{"StringMatches": true, "BooleanEquals": true, "BooleanEqualsPath": true}
	for _, kind := range []string{"String", "Numeric", "Timestamp"} {
		for _, how := range []string{"Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"} {
			all[kind+how], all[kind+how+"Path"] = true, true
		}
	}
	for _, is := range []string{"IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"} {
		all[is] = true
	}
	return all
}()

// choices checks the rules of a Choice and returns where they lead.
func (c *checker) choices(path string, s map[string]any, language string) (next []string) {
	rules := c.list(path, s, "Choices")
	if len(rules) == 0 {
		c.add(path, "these required fields are missing: [Choices]")
	}
	for i, r := range rules {
		at := fmt.Sprintf("%s/Choices/%d", path, i)
		to, ok := r["Next"].(string)
		if !ok {
			c.add(at, "these required fields are missing: [Next]")
		} else {
			next = append(next, to)
		}
		if language == "JSONata" {
			c.fields(at, r, []string{"Condition", "Next", "Assign", "Output", "Comment"})
			if r["Condition"] == nil {
				c.add(at, "these required fields are missing: [Condition]")
			}
			continue
		}
		c.condition(at, r, true)
	}
	return next
}

// condition checks a comparison, or a combination of some. Only the outermost has
// a Next.
func (c *checker) condition(path string, r map[string]any, outermost bool) {
	operators := 0
	for _, k := range document.Keys(r) {
		at := path + "/" + k
		switch {
		case k == "And" || k == "Or":
			operators++
			inner := c.list(path, r, k)
			if len(inner) == 0 {
				c.add(at, "it must be an array of rules, and not empty")
			}
			for i, e := range inner {
				c.condition(fmt.Sprintf("%s/%d", at, i), e, false)
			}
		case k == "Not":
			operators++
			if e, ok := r[k].(map[string]any); ok {
				c.condition(at, e, false)
			} else {
				c.add(at, "it is %s, not an object", document.Kind(r[k]))
			}
		case comparisons[k]:
			operators++
			if r["Variable"] == nil {
				c.add(path, "these required fields are missing: [Variable]")
			}
			c.operand(at, k, r[k])
		case k == "Next" || k == "Assign":
			if !outermost {
				c.add(at, "a rule within a rule has no %s", k)
			}
		case k != "Variable" && k != "Comment":
			c.add(at, "field is not supported")
		}
	}
	if operators != 1 {
		c.add(path, "it must have exactly one comparison, it has %d", operators)
	}
}

func (c *checker) operand(path, operator string, v any) {
	want := "a string"
	switch {
	case strings.HasSuffix(operator, "Path"):
	case strings.HasPrefix(operator, "Numeric"):
		want = "a number"
	case strings.HasPrefix(operator, "Boolean"), strings.HasPrefix(operator, "Is"):
		want = "a boolean"
	}
	if document.Kind(v) != want {
		c.add(path, "it must be %s, it is %s", want, document.Kind(v))
	}
}

// pathForm is a JSONPath of a field, of the context object or of a variable; a
// field whose name ends in .$ may call an intrinsic function.
var (
	pathForm  = regexp.MustCompile(`^\$(\$?[.\[].*|\$|[A-Za-z_][A-Za-z0-9_]*([.\[].*)?)?$`)
	intrinsic = regexp.MustCompile(`^States\.(Array|ArrayContains|ArrayGetItem|ArrayLength|ArrayPartition|ArrayRange|ArrayUnique|Base64Decode|Base64Encode|Format|Hash|JsonMerge|JsonToString|MathAdd|MathRandom|StringSplit|StringToJson|UUID)\(.*\)$`)
)

// expressions checks JSONPaths and JSONata templates where they stand.
func (c *checker) expressions(path string, s map[string]any, language string) {
	for _, k := range document.Keys(s) {
		if text, ok := s[k].(string); ok && strings.HasSuffix(k, "Path") && language != "JSONata" && !pathForm.MatchString(text) && !intrinsic.MatchString(text) {
			c.add(path+"/"+k, "invalid path %q: the reference path must begin with $", text)
		}
		if v, ok := s["Variable"].(string); ok && k == "Variable" && !pathForm.MatchString(v) {
			c.add(path+"/Variable", "invalid path %q", v)
		}
	}
	for _, field := range []string{"Parameters", "ResultSelector", "ItemSelector", "Arguments", "Output", "Assign", "Credentials"} {
		walk(path+"/"+field, s[field], func(at, key, text string) {
			if language == "JSONata" {
				if strings.HasPrefix(text, "{%") != strings.HasSuffix(text, "%}") {
					c.add(at, "a JSONata string begins with {%% and ends with %%}: %s", text)
				}
				return
			}
			if strings.HasSuffix(key, ".$") && !pathForm.MatchString(text) && !intrinsic.MatchString(text) {
				c.add(at, "the value for the field %q must be a valid JSONPath or a valid intrinsic function call: %s", key, text)
			}
		})
	}
}
