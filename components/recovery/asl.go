package recovery

import (
	"encoding/json"
	"slices"
	"strings"
)

// The types below are the part of the Amazon States Language that the state
// machines use, with JSONPath for query language (states-language.net).

// machine is a state machine, or a branch of a Parallel state.
type machine struct {
	Comment        string           `json:"Comment,omitempty"`
	StartAt        string           `json:"StartAt"`
	TimeoutSeconds int              `json:"TimeoutSeconds,omitempty"`
	States         map[string]state `json:"States"`
}

// state is one state; which fields it has depends on its type.
type state struct {
	Type           string    `json:"Type"`
	Comment        string    `json:"Comment,omitempty"`
	Resource       string    `json:"Resource,omitempty"`
	Parameters     any       `json:"Parameters,omitempty"`
	Result         any       `json:"Result,omitempty"`
	ResultSelector any       `json:"ResultSelector,omitempty"`
	ResultPath     any       `json:"ResultPath,omitempty"` // a path, or discard
	Retry          []retrier `json:"Retry,omitempty"`
	Catch          []catcher `json:"Catch,omitempty"`
	TimeoutSeconds int       `json:"TimeoutSeconds,omitempty"`
	Seconds        int       `json:"Seconds,omitempty"`
	Choices        []rule    `json:"Choices,omitempty"`
	Default        string    `json:"Default,omitempty"`
	Branches       []machine `json:"Branches,omitempty"`
	Error          string    `json:"Error,omitempty"`
	Cause          string    `json:"Cause,omitempty"`
	CausePath      string    `json:"CausePath,omitempty"`
	Next           string    `json:"Next,omitempty"`
	End            bool      `json:"End,omitempty"`
}

type retrier struct {
	ErrorEquals     []string `json:"ErrorEquals"`
	IntervalSeconds int      `json:"IntervalSeconds,omitempty"`
	MaxAttempts     int      `json:"MaxAttempts"`
	BackoffRate     float64  `json:"BackoffRate,omitempty"`
}

type catcher struct {
	ErrorEquals []string `json:"ErrorEquals"`
	ResultPath  any      `json:"ResultPath,omitempty"` // a path, or discard
	Next        string   `json:"Next"`
}

// rule is a rule of a Choice: one comparison or a combination. Only an outermost
// one has Next.
type rule struct {
	And                      []rule `json:"And,omitempty"`
	Or                       []rule `json:"Or,omitempty"`
	Not                      *rule  `json:"Not,omitempty"`
	Variable                 string `json:"Variable,omitempty"`
	IsPresent                *bool  `json:"IsPresent,omitempty"`
	BooleanEquals            *bool  `json:"BooleanEquals,omitempty"`
	StringEquals             string `json:"StringEquals,omitempty"`
	StringEqualsPath         string `json:"StringEqualsPath,omitempty"`
	StringMatches            string `json:"StringMatches,omitempty"`
	NumericGreaterThanEquals *int   `json:"NumericGreaterThanEquals,omitempty"`
	NumericLessThan          *int   `json:"NumericLessThan,omitempty"`
	Next                     string `json:"Next,omitempty"`
}

// discard is the ResultPath that throws a result away.
var discard = json.RawMessage("null")

// object is a JSON object.
type object = map[string]any

func ptr[T any](v T) *T { return &v }

func present(path string) rule { return rule{Variable: path, IsPresent: ptr(true)} }

// equals and isTrue do not fail where there is nothing at the path.
func equals(path, value string) rule {
	return rule{And: []rule{present(path), {Variable: path, StringEquals: value}}}
}

func isTrue(path string) rule {
	return rule{And: []rule{present(path), {Variable: path, BooleanEquals: ptr(true)}}}
}

func all(rules ...rule) rule    { return rule{And: rules} }
func either(rules ...rule) rule { return rule{Or: rules} }
func not(r rule) rule           { return rule{Not: &r} }

// to is the rule with where it leads.
func (r rule) to(next string) rule {
	r.Next = next
	return r
}

// Error names. States.TaskFailed stands for every error of a task but States.Timeout
// (Step Functions developer guide, "Handling errors in Step Functions workflows"), so
// both are named where both are meant. "For optimized integrations, the exception prefix will be
// DynamoDB", where the SDK's is DynamoDb ("Perform DynamoDB CRUD operations with Step
// Functions").
const (
	anyError    = "States.ALL"
	taskFailed  = "States.TaskFailed"
	timedOut    = "States.Timeout"
	conditional = "DynamoDB.ConditionalCheckFailedException"
)

// callSeconds bounds one call of an AWS API, callRetries repeats it: 3 more
// attempts after 2, 4 and 8 s. A call that hangs or fails each time ends after
// 4×15+14 = 74 s.
const callSeconds = 15

func callRetries(integration string) []retrier {
	retries := []retrier{{ErrorEquals: []string{taskFailed, timedOut}, IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 2}}
	if integration == callKubernetes { // no answer comes from an endpoint that is not public, and the takeover waits
		retries[0].MaxAttempts = 1
	}
	if integration == updateItem { // an unmet condition is an answer, not a failure
		retries = slices.Insert(retries, 0, retrier{ErrorEquals: []string{conditional}})
	}
	return retries
}

// call is a call of an AWS API in the machine's own region. What it answers is
// discarded, unless the caller says where it goes.
func call(integration string, parameters object, next string, catch ...catcher) state {
	return state{
		Type: "Task", Resource: "arn:aws:states:::" + integration, Parameters: parameters, TimeoutSeconds: callSeconds,
		ResultPath: discard, Retry: callRetries(integration), Catch: catch, Next: next,
	}
}

// keep is the state with what it answers kept at a path: the parts that selector
// takes, or all of it where there is none.
func (s state) keep(path string, selector object) state {
	s.ResultPath = path
	if selector != nil {
		s.ResultSelector = selector
	}
	return s
}

func (s state) because(comment string) state {
	s.Comment = comment
	return s
}

// on leads the errors named to a state. Without a path the state's input stays
// as it was.
func on(next string, errors ...string) catcher {
	return catcher{ErrorEquals: errors, ResultPath: discard, Next: next}
}

// wait is a Wait state.
func wait(seconds int, next string) state { return state{Type: "Wait", Seconds: seconds, Next: next} }

// choice is a Choice state.
func choice(otherwise string, rules ...rule) state {
	return state{Type: "Choice", Choices: rules, Default: otherwise}
}

// json is the definition as Step Functions takes it.
func (m machine) json() (string, error) {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(m)
	return strings.TrimSpace(text.String()), err
}
