package statemachine

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/documenttest"
)

func inEast(text string) error { return Check(text, "us-east-1") }

// machine is a definition of these states, which begins with A.
func machine(states ...string) string {
	return `{"StartAt":"A","States":{` + strings.Join(states, ",") + `}}`
}

const (
	done   = `"Z":{"Type":"Succeed"}`
	invoke = `"Type":"Task","Resource":"arn:aws:states:::lambda:invoke"`
)

func TestGoodDefinitionsAreTaken(t *testing.T) {
	documenttest.Taken(t, map[string]string{
		"a task with handlers": machine(`"A":{`+invoke+`,"Parameters":{"FunctionName":"arn:aws:lambda:us-east-1:123456789012:function:f","Payload.$":"$.x"},`+
			`"TimeoutSeconds":60,"HeartbeatSeconds":10,"Retry":[{"ErrorEquals":["States.Timeout"],"MaxAttempts":2,"BackoffRate":1.5},{"ErrorEquals":["States.ALL"]}],`+
			`"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"ResultPath":"$.r","Next":"Z"}`, `"B":{"Type":"Fail","Error":"E","CausePath":"States.Format('{}', $.e)"}`, done),
		"integrations": machine(
			`"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:rds:failoverGlobalCluster","Parameters":{"GlobalClusterIdentifier":"g","TargetDbClusterIdentifier":"arn:aws:rds:us-west-2:123456789012:cluster:c"},"Next":"B"}`,
			`"B":{"Type":"Task","Resource":"arn:aws:states:::sns:publish.waitForTaskToken","Parameters":{"Message":{"token.$":"$$.Task.Token"}},"Next":"C"}`,
			`"C":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"Input.$":"States.JsonToString($)"},"Next":"D"}`,
			`"D":{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://a.example.com"},"End":true}`),
		"a loop with a way out": machine(`"A":{"Type":"Wait","Seconds":5,"Next":"B"}`,
			`"B":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.n","NumericGreaterThan":3},{"Not":{"Variable":"$.s","StringEquals":"x"}}],"Next":"Z"},{"Variable":"$.p","IsPresent":false,"Next":"Z"}],"Default":"A"}`, done),
		"branches": machine(`"A":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},{"StartAt":"C","States":{"C":{"Type":"Succeed"}}}],"Next":"M"}`,
			`"M":{"Type":"Map","ItemsPath":"$.list","MaxConcurrency":2,"ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"D","States":{"D":{"Type":"Pass","End":true}}},"End":true}`),
		"JSONata": `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.n > 3 %}","Next":"B"}],"Default":"B"},` +
			`"B":{` + invoke + `,"Arguments":{"Payload":"{% $states.input %}"},"Output":"{% $states.result %}","End":true}}}`,
	}, inEast)
}

func TestErrorsReadLikeStepFunctions(t *testing.T) {
	documenttest.Refused(t, map[string]string{
		"no JSON":                    `{`,
		"no states":                  `{"StartAt":"A"}`,
		"no start":                   `{"States":{"A":{"Type":"Succeed"}}}`,
		"a start that is not there":  `{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}`,
		"a field of the machine":     `{"StartAt":"A","Timeout":5,"States":{"A":{"Type":"Succeed"}}}`,
		"a next that is not there":   machine(`"A":{"Type":"Pass","Next":"B"}`),
		"next and end":               machine(`"A":{"Type":"Pass","Next":"Z","End":true}`, done),
		"neither next nor end":       machine(`"A":{"Type":"Pass"}`),
		"a state out of reach":       machine(`"A":{"Type":"Succeed"}`, `"B":{"Type":"Pass","End":true}`),
		"no way out":                 machine(`"A":{"Type":"Pass","Next":"B"}`, `"B":{"Type":"Pass","Next":"A"}`),
		"a type":                     machine(`"A":{"Type":"Lambda","End":true}`),
		"a field of another type":    machine(`"A":{"Type":"Pass","Seconds":5,"End":true}`),
		"a name too long":            machine(`"A":{"Type":"Pass","Next":"`+strings.Repeat("b", 81)+`"}`, `"`+strings.Repeat("b", 81)+`":{"Type":"Succeed"}`),
		"a name twice":               machine(`"A":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}],"End":true}`),
		"a task without a resource":  machine(`"A":{"Type":"Task","End":true}`),
		"a resource that is none":    machine(`"A":{"Type":"Task","Resource":"lambda","End":true}`),
		"a resource of a service":    machine(`"A":{"Type":"Task","Resource":"arn:aws:s3:::b","End":true}`),
		"a function elsewhere":       machine(`"A":{"Type":"Task","Resource":"arn:aws:lambda:us-west-2:123456789012:function:f","End":true}`),
		"a parameter elsewhere":      machine(`"A":{` + invoke + `,"Parameters":{"FunctionName":"arn:aws:lambda:us-west-2:123456789012:function:f"},"End":true}`),
		"a heartbeat too slow":       machine(`"A":{` + invoke + `,"TimeoutSeconds":10,"HeartbeatSeconds":10,"End":true}`),
		"a timeout of nothing":       machine(`"A":{` + invoke + `,"TimeoutSeconds":0,"End":true}`),
		"a wait for nothing":         machine(`"A":{"Type":"Wait","End":true}`),
		"a wait for two things":      machine(`"A":{"Type":"Wait","Seconds":1,"SecondsPath":"$.s","End":true}`),
		"a time that is none":        machine(`"A":{"Type":"Wait","Timestamp":"tomorrow","End":true}`),
		"a choice of nothing":        machine(`"A":{"Type":"Choice","Choices":[],"Default":"Z"}`, done),
		"a choice without a next":    machine(`"A":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true}],"Default":"Z"}`, done),
		"a choice of two":            machine(`"A":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"IsPresent":true,"Next":"Z"}]}`, done),
		"a choice of no variable":    machine(`"A":{"Type":"Choice","Choices":[{"IsNull":true,"Next":"Z"}]}`, done),
		"a number as text":           machine(`"A":{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":"3","Next":"Z"}]}`, done),
		"a rule in a rule":           machine(`"A":{"Type":"Choice","Choices":[{"Not":{"Variable":"$.a","IsNull":true,"Next":"Z"},"Next":"Z"}]}`, done),
		"all errors but first":       machine(`"A":{` + invoke + `,"Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["a"]}],"End":true}`),
		"all errors and another":     machine(`"A":{` + invoke + `,"Retry":[{"ErrorEquals":["States.ALL","a"]}],"End":true}`),
		"an unknown error":           machine(`"A":{` + invoke + `,"Retry":[{"ErrorEquals":["States.Sleepy"]}],"End":true}`),
		"a rate below one":           machine(`"A":{` + invoke + `,"Retry":[{"ErrorEquals":["a"],"BackoffRate":0.5}],"End":true}`),
		"a catch that leads nowhere": machine(`"A":{` + invoke + `,"Catch":[{"ErrorEquals":["a"],"Next":"Q"}],"End":true}`),
		"a path without a dollar":    machine(`"A":{"Type":"Pass","ResultPath":"r","End":true}`),
		"a parameter of no path":     machine(`"A":{` + invoke + `,"Parameters":{"a.$":"b"},"End":true}`),
		"an unknown intrinsic":       machine(`"A":{` + invoke + `,"Parameters":{"a.$":"States.Sum(1, 2)"},"End":true}`),
		"JSONata in JSONPath":        machine(`"A":{` + invoke + `,"Arguments":{},"End":true}`),
		"JSONPath in JSONata":        `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","ResultPath":"$.r","End":true}}}`,
		"half a JSONata string":      `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% 1","End":true}}}`,
		"a branch of no states":      machine(`"A":{"Type":"Parallel","Branches":[{}],"End":true}`),
		"a map of nothing":           machine(`"A":{"Type":"Map","End":true}`),
		"too long":                   machine(`"A":{"Type":"Pass","Comment":"` + strings.Repeat("x", Limit) + `","End":true}`),
	}, inEast)
}

// A chain of any length is taken; it is refused once a link is cut.
func TestAChainHoldsAsLongAsEveryLink(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "states")
		states := map[string]any{}
		for i := range n {
			states[fmt.Sprint("S", i)] = map[string]any{"Type": "Pass", "Next": fmt.Sprint("S", i+1)}
		}
		states[fmt.Sprint("S", n)] = map[string]any{"Type": "Succeed"}
		check := func() error {
			text, err := json.Marshal(map[string]any{"StartAt": "S0", "States": states})
			if err != nil {
				t.Fatal(err)
			}
			return inEast(string(text))
		}
		if err := check(); err != nil {
			t.Fatal(err)
		}
		cut := rapid.IntRange(0, n-1).Draw(t, "cut")
		to := rapid.SampledFrom([]string{"S0", "nowhere"}).Draw(t, "to")
		states[fmt.Sprint("S", cut)].(map[string]any)["Next"] = to
		if err := check(); err == nil {
			t.Fatalf("a chain that leads from S%d to %s was taken", cut, to)
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add(machine(`"A":{`+invoke+`,"Next":"Z"}`, done))
	f.Fuzz(func(_ *testing.T, text string) { _ = inEast(text) })
}
