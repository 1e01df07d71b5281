package stepfunctions

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// state is a state of any type: the union of all fields.
type state struct {
	Type, Next string
	End        bool

	// A path of null is another thing than none.
	InputPath, OutputPath, ResultPath path
	Parameters, ResultSelector        json.RawMessage
	Result                            json.RawMessage
	Retry                             []retrier
	Catch                             []catcher

	Resource                                  string
	TimeoutSeconds, HeartbeatSeconds          float64
	TimeoutSecondsPath, HeartbeatSecondsPath  string
	Choices                                   []map[string]any
	Default                                   string
	Seconds                                   *float64
	Timestamp, SecondsPath, TimestampPath     string
	Branches                                  []part
	ItemProcessor, Iterator                   *part
	ItemsPath                                 path
	ItemSelector                              json.RawMessage
	MaxConcurrency                            int
	Error, Cause, ErrorPath, CausePath        string
	Assign, ItemReader, ItemBatcher           json.RawMessage
	ResultWriter, ToleratedFailurePercentage  json.RawMessage
	ToleratedFailureCount, Credentials        json.RawMessage
	QueryLanguage, MaxConcurrencyPath         string
	parameters, selector, itemSelector, fixed any
}

// path is a path field: absent, null or text.
type path struct {
	text        string
	there, null bool
}

// UnmarshalJSON is called for null too.
func (p *path) UnmarshalJSON(raw []byte) error {
	p.there, p.null = true, string(raw) == "null"
	if p.null {
		return nil
	}
	return json.Unmarshal(raw, &p.text)
}

type retrier struct {
	ErrorEquals     []string
	IntervalSeconds *float64
	MaxAttempts     *int
	BackoffRate     *float64
	MaxDelaySeconds float64
	JitterStrategy  string
}

type catcher struct {
	ErrorEquals []string
	Next        string
	ResultPath  path
}

// prepare decodes templates once and refuses what is not executed.
func (p part) prepare() error {
	for name, s := range p.States {
		if err := s.prepare(); err != nil {
			return fmt.Errorf("state %q: %w", name, err)
		}
		for _, b := range s.Branches {
			if err := b.prepare(); err != nil {
				return err
			}
		}
		if s.ItemProcessor == nil {
			s.ItemProcessor = s.Iterator
		}
		if s.ItemProcessor != nil {
			if err := s.ItemProcessor.prepare(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *state) prepare() error {
	for name, field := range map[string]json.RawMessage{
		"Assign": s.Assign, "ItemReader": s.ItemReader, "ItemBatcher": s.ItemBatcher, "ResultWriter": s.ResultWriter,
		"ToleratedFailurePercentage": s.ToleratedFailurePercentage, "ToleratedFailureCount": s.ToleratedFailureCount, "Credentials": s.Credentials,
	} {
		if field != nil {
			return fmt.Errorf("%s is not executed", name)
		}
	}
	if s.QueryLanguage == "JSONata" || s.MaxConcurrencyPath != "" {
		return errors.New("JSONata and MaxConcurrencyPath are not executed")
	}
	if strings.HasSuffix(s.Resource, ".sync") || strings.HasSuffix(s.Resource, ".sync:2") {
		return fmt.Errorf("%s: jobs that are waited for are not executed", s.Resource)
	}
	for field, to := range map[*json.RawMessage]*any{
		&s.Parameters: &s.parameters, &s.ResultSelector: &s.selector, &s.ItemSelector: &s.itemSelector, &s.Result: &s.fixed,
	} {
		if *field != nil {
			if err := json.Unmarshal(*field, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// delay is how long to wait before the attempt after n others, without jitter.
func (r *retrier) delay(n int) time.Duration {
	d, rate := 1.0, 2.0
	if r.IntervalSeconds != nil {
		d = *r.IntervalSeconds
	}
	if r.BackoffRate != nil {
		rate = *r.BackoffRate
	}
	for range n {
		d *= rate
		if r.MaxDelaySeconds > 0 && d > r.MaxDelaySeconds {
			d = r.MaxDelaySeconds
		}
	}
	if r.MaxDelaySeconds > 0 {
		d = min(d, r.MaxDelaySeconds)
	}
	return seconds(d)
}

func (r *retrier) attempts() int {
	if r.MaxAttempts == nil {
		return 3
	}
	return *r.MaxAttempts
}

// matches says whether one of the names is that of a failure.
//
// States.ALL does not stand for what no retry can mend: a runtime error and too
// much data. States.Timeout is also a heartbeat that is missing.
func matches(names []string, f *Failure) bool {
	for _, n := range names {
		switch n {
		case f.Error:
			return true
		case "States.ALL":
			if f.Error != "States.Runtime" && f.Error != "States.DataLimitExceeded" {
				return true
			}
		case "States.TaskFailed":
			if f.Error != "States.Timeout" && f.Error != "States.Runtime" && f.Error != "States.DataLimitExceeded" {
				return true
			}
		case "States.Timeout":
			if f.Error == "States.HeartbeatTimeout" {
				return true
			}
		}
	}
	return false
}

// failed is a Failure as an error of Go.
type failed struct{ Failure }

func (f failed) Error() string { return f.Failure.Error + ": " + f.Cause }

func fail(name, format string, args ...any) error {
	return failed{Failure{name, fmt.Sprintf(format, args...)}}
}

// failure is what an error says, the runtime's own where it says nothing else.
func failure(err error) *Failure {
	var f failed
	if errors.As(err, &f) {
		return &f.Failure
	}
	return &Failure{"States.Runtime", err.Error()}
}
