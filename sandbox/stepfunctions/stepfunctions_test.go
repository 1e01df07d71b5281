package stepfunctions

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-platform/tandem/resilience/simulation"
)

var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// answer is one end of a task: Error and Cause, or Output, After a time.
type answer struct {
	Output any           `json:"output,omitempty"`
	Error  string        `json:"error,omitempty"`
	Cause  string        `json:"cause,omitempty"`
	After  time.Duration `json:"-"`
	// Never leaves the task as it is.
	Never bool `json:"-"`
}

// answers are the ends of the attempts of each task; the last stands for all that
// follow.
type answers map[string][]answer

// bench is an engine on a clock of its own, with tasks that give their answers.
type bench struct {
	*Engine
	tried map[string]int
	tasks []*Task
}

func newBench(t testing.TB, given answers) *bench {
	b := &bench{tried: map[string]int{}}
	clock := simulation.New(begin)
	t.Cleanup(clock.Close)
	b.Engine = &Engine{Clock: clock, Rand: rand.New(rand.NewPCG(1, 2)), Tasks: func(task *Task) { //nolint:gosec // no secret
		b.tasks = append(b.tasks, task)
		list := given[task.State]
		if len(list) == 0 {
			list = []answer{{Output: map[string]any{}}}
		}
		a := list[min(b.tried[task.State], len(list)-1)]
		b.tried[task.State]++
		if a.Never {
			return
		}
		clock.After(a.After, func() {
			if a.Error != "" {
				task.Fail(a.Error, a.Cause)
			} else {
				task.Succeed(a.Output)
			}
		})
	}}
	return b
}

func parse(t testing.TB, definition string) *Machine {
	t.Helper()
	m, err := Parse(definition, "us-west-2")
	if err != nil {
		t.Fatalf("%v in\n%s", err, definition)
	}
	m.ARN, m.RoleARN = "arn:aws:states:us-west-2:123456789012:stateMachine:takeover", "arn:aws:iam::123456789012:role/takeover"
	return m
}

func value(t testing.TB, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// run executes a definition to its end.
func run(t testing.TB, definition, input string, given answers) (*Execution, *bench) {
	t.Helper()
	b := newBench(t, given)
	x, err := b.Start(parse(t, definition), "one", value(t, input))
	if err != nil {
		t.Fatal(err)
	}
	b.Clock.RunAll()
	return x, b
}

func TestExecutionsGoTheWayThatTheLanguageSays(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			x, _ := run(t, c.definition, c.input, c.answers)
			got := x.Failure
			switch {
			case c.fails == "" && got != nil:
				t.Fatalf("failed: %s: %s", got.Error, got.Cause)
			case c.fails != "" && (got == nil || got.Error != c.fails):
				t.Fatalf("ended with %+v and %v, want the error %s", got, x.Output, c.fails)
			case c.fails == "" && !reflect.DeepEqual(x.Output, value(t, c.output)):
				t.Errorf("output %s, want %s", brief(x.Output), c.output)
			}
			if c.path != "" && strings.Join(x.Path(), " ") != c.path {
				t.Errorf("went %s, want %s", strings.Join(x.Path(), " "), c.path)
			}
		})
	}
}

func task(rest string) string {
	return `{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:rds:describeGlobalClusters",` + rest + `}`
}

func TestRetriesTakeTheirTimeOnTheClock(t *testing.T) {
	for _, c := range []struct {
		name, retry string
		want        time.Duration
	}{
		{"defaults", `{"ErrorEquals":["E"]}`, 1 + 2 + 4},
		{"an interval and a rate", `{"ErrorEquals":["E"],"IntervalSeconds":10,"BackoffRate":1,"MaxAttempts":4}`, 40},
		{"a longest delay", `{"ErrorEquals":["E"],"IntervalSeconds":2,"BackoffRate":3,"MaxDelaySeconds":5,"MaxAttempts":4}`, 2 + 5 + 5 + 5},
		{"none", `{"ErrorEquals":["E"],"MaxAttempts":0}`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, _ := run(t, `{"StartAt":"A","States":{"A":`+task(`"Retry":[`+c.retry+`],"End":true`)+`}}`, `{}`, answers{"A": {{Error: "E"}}})
			if got := x.Ended.Sub(x.Started); got != c.want*time.Second {
				t.Errorf("took %s, want %d s", got, c.want)
			}
		})
	}
	x, _ := run(t, `{"StartAt":"A","States":{"A":`+task(`"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":100,"JitterStrategy":"FULL"}],"End":true`)+`}}`,
		`{}`, answers{"A": {{Error: "E"}}})
	if got := x.Ended.Sub(x.Started); got <= 0 || got >= 700*time.Second {
		t.Errorf("with full jitter the retries took %s, want something below 700 s", got)
	}
}

func TestWaitsTakeTheirTimeOnTheClock(t *testing.T) {
	for _, c := range []struct{ name, wait, input string }{
		{"seconds", `"Seconds":90`, `{}`},
		{"a path of seconds", `"SecondsPath":"$.s"`, `{"s":90}`},
		{"a time", `"Timestamp":"2026-01-02T03:05:35Z"`, `{}`},
		{"a path of a time", `"TimestampPath":"$.t"`, `{"t":"2026-01-02T04:05:35+01:00"}`},
	} {
		x, _ := run(t, `{"StartAt":"A","States":{"A":{"Type":"Wait",`+c.wait+`,"End":true}}}`, c.input, nil)
		if got := x.Ended.Sub(begin); x.Status != Succeeded || got != 90*time.Second {
			t.Errorf("%s: %s after %s, %v", c.name, x.Status, got, x.Failure)
		}
	}
}

func TestATaskThatTakesTooLongTimesOut(t *testing.T) {
	definition := `{"StartAt":"A","States":{"A":` + task(`"TimeoutSeconds":20,"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"F"},{"ErrorEquals":["States.Timeout"],"ResultPath":"$.e","Next":"Z"}],"Next":"Z"`) +
		`,"F":{"Type":"Fail"},"Z":{"Type":"Succeed"}}}`
	x, b := run(t, definition, `{"in":1}`, answers{"A": {{After: 30 * time.Second}}})
	if x.Ended.Sub(begin) != 20*time.Second || x.Status != Succeeded || !slices.Equal(x.Path(), []string{"A", "Z"}) {
		t.Fatalf("%s after %s by %v", x.Status, x.Ended.Sub(begin), x.Path())
	}
	if want := value(t, `{"in":1,"e":{"Error":"States.Timeout","Cause":""}}`); !reflect.DeepEqual(x.Output, want) {
		t.Errorf("output %s", brief(x.Output))
	}
	if !b.tasks[0].Ended() {
		t.Error("the task has not ended")
	}
	if x, _ := run(t, definition, `{}`, answers{"A": {{After: 10 * time.Second, Output: "done"}}}); x.Output != "done" {
		t.Errorf("a task in time gave %v", x.Output)
	}
}

const approval = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sns:publish.waitForTaskToken",
	"Parameters":{"TopicArn":"arn:aws:sns:us-west-2:123456789012:t","Message.$":"States.Format('token {}', $$.Task.Token)"},
	"TimeoutSeconds":600,"HeartbeatSeconds":60,"End":true}}}`

func TestATaskWaitsForItsToken(t *testing.T) {
	for _, c := range []struct {
		name  string
		send  func(b *bench, token string) error
		fails string
	}{
		{"success", func(b *bench, token string) error {
			return b.SendTaskSuccess(token, map[string]any{"approved": true})
		}, ""},
		{"failure", func(b *bench, token string) error { return b.SendTaskFailure(token, "Refused", "no") }, "Refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, nil)
			x, err := b.Start(parse(t, approval), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			b.Clock.Run(begin.Add(30 * time.Second))
			if x.Status != Running {
				t.Fatalf("%s: the answer of the call itself ended the task", x.Status)
			}
			message, _ := b.tasks[0].Parameters.(map[string]any)["Message"].(string)
			token := strings.TrimPrefix(message, "token ")
			if err := c.send(b, "another"); err == nil || !strings.HasPrefix(err.Error(), "TaskDoesNotExist") {
				t.Errorf("another token: %v", err)
			}
			if err := c.send(b, token); err != nil {
				t.Fatal(err)
			}
			b.Clock.RunAll()
			if c.fails == "" && (x.Status != Succeeded || !reflect.DeepEqual(x.Output, map[string]any{"approved": true})) {
				t.Errorf("%s with %v", x.Status, x.Output)
			}
			if c.fails != "" && (x.Status != Failed || x.Failure.Error != c.fails) {
				t.Errorf("%s with %v", x.Status, x.Failure)
			}
			if err := c.send(b, token); err == nil || !strings.HasPrefix(err.Error(), "TaskTimedOut") {
				t.Errorf("a second report: %v", err)
			}
		})
	}
}

func TestATaskWithoutHeartbeatsFails(t *testing.T) {
	b := newBench(t, nil)
	x, err := b.Start(parse(t, approval), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	b.Clock.After(50*time.Second, func() {
		if err := b.SendTaskHeartbeat(b.tasks[0].Token); err != nil {
			t.Error(err)
		}
	})
	b.Clock.RunAll()
	if x.Failure == nil || x.Failure.Error != "States.HeartbeatTimeout" || x.Ended.Sub(begin) != 110*time.Second {
		t.Errorf("%s after %s, %v", x.Status, x.Ended.Sub(begin), x.Failure)
	}
}

func TestAMachineTimesOutAndIsStopped(t *testing.T) {
	slow := `{"StartAt":"P","TimeoutSeconds":100,"States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1000,"Next":"T"},"T":` + task(`"End":true`) + `}}]}}}`
	x, b := run(t, slow, `{}`, nil)
	if x.Status != TimedOut || x.Ended.Sub(begin) != 100*time.Second || len(b.tasks) != 0 {
		t.Errorf("%s after %s with %d tasks", x.Status, x.Ended.Sub(begin), len(b.tasks))
	}
	b = newBench(t, nil)
	if x, _ = b.Start(parse(t, slow), "", nil); x == nil {
		t.Fatal("not started")
	}
	b.Clock.After(10*time.Second, func() { x.Stop("Drill", "enough") })
	b.Clock.RunAll()
	if x.Status != Aborted || x.Ended.Sub(begin) != 10*time.Second || x.Failure.Error != "Drill" || len(b.tasks) != 0 {
		t.Errorf("%s after %s, %v, with %d tasks", x.Status, x.Ended.Sub(begin), x.Failure, len(b.tasks))
	}
}

func TestABranchThatFailsEndsTheOthers(t *testing.T) {
	x, b := run(t, `{"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"Z","Catch":[{"ErrorEquals":["Broken"],"ResultPath":"$.e","Next":"Z"}],"Branches":[
		{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":5,"Next":"B"},"B":{"Type":"Fail","Error":"Broken","Cause":"c"}}},
		{"StartAt":"C","States":{"C":{"Type":"Wait","Seconds":50,"Next":"T"},"T":`+task(`"End":true`)+`}}]},"Z":{"Type":"Succeed"}}}`, `{}`, nil)
	if x.Status != Succeeded || x.Ended.Sub(begin) != 5*time.Second || len(b.tasks) != 0 {
		t.Errorf("%s after %s with %d tasks", x.Status, x.Ended.Sub(begin), len(b.tasks))
	}
}

func TestAMapRunsNoMoreAtOnceThanItSays(t *testing.T) {
	x, _ := run(t, `{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.l","MaxConcurrency":2,"End":true,
		"ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$","End":true}}}}}}`, `{"l":[10,20,30,40]}`, nil)
	// 10 and 20 begin, 30 follows 10, 40 follows 20.
	if x.Status != Succeeded || x.Ended.Sub(begin) != 60*time.Second {
		t.Errorf("%s after %s, %v", x.Status, x.Ended.Sub(begin), x.Failure)
	}
}

func TestANameStandsForOneExecution(t *testing.T) {
	b := newBench(t, nil)
	m := parse(t, `{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":5,"End":true}}}`)
	first, err := b.Start(m, "n", value(t, `{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := b.Start(m, "n", value(t, `{"a":1}`)); err != nil || again != first {
		t.Error("the same start again is not the same execution", err)
	}
	if _, err := b.Start(m, "n", value(t, `{"a":2}`)); err == nil || !strings.Contains(err.Error(), "ExecutionAlreadyExists") {
		t.Errorf("the same name with another input: %v", err)
	}
	b.Clock.RunAll()
	if _, err := b.Start(m, "n", value(t, `{"a":1}`)); err == nil {
		t.Error("the name of an execution that has ended was taken")
	}
	if other, err := b.Start(m, "", nil); err != nil || other.Name == "n" || other.Name == "" {
		t.Error("a start without a name", err)
	}
}

func TestTheContextObjectTellsOfTheExecution(t *testing.T) {
	x, _ := run(t, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":2,"Next":"A"},"A":{"Type":"Pass","End":true,"Parameters":{
		"id.$":"$$.Execution.Id","name.$":"$$.Execution.Name","start.$":"$$.Execution.StartTime","entered.$":"$$.State.EnteredTime","state.$":"$$.State.Name",
		"machine.$":"$$.StateMachine.Name","role.$":"$$.Execution.RoleArn","in.$":"$$.Execution.Input.a"}}}}`, `{"a":1}`, nil)
	want := value(t, `{"id":"arn:aws:states:us-west-2:123456789012:execution:takeover:one","name":"one","start":"2026-01-02T03:04:05.000Z",
		"entered":"2026-01-02T03:04:07.000Z","state":"A","machine":"takeover","role":"arn:aws:iam::123456789012:role/takeover","in":1}`)
	if !reflect.DeepEqual(x.Output, want) {
		t.Errorf("got %s: %v", brief(x.Output), x.Failure)
	}
}

func TestWhatIsNotExecutedIsRefused(t *testing.T) {
	for name, definition := range map[string]string{
		"JSONata":     `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed"}}}`,
		"variables":   `{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"a":1},"End":true}}}`,
		"jobs":        `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","End":true}}}`,
		"no machine":  `{}`,
		"a branch's":  `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"a":1},"End":true}}}]}}}`,
		"other realm": `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}`,
	} {
		if _, err := Parse(definition, "us-west-2"); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// The same seed gives the same run, drawn jitter and ids included.
func TestARunIsTheSameAgain(t *testing.T) {
	definition := `{"StartAt":"A","States":{"A":` + task(`"Retry":[{"ErrorEquals":["E"],"JitterStrategy":"FULL"}],"Catch":[{"ErrorEquals":["E"],"Next":"U"}],"Next":"U"`) +
		`,"U":{"Type":"Pass","Parameters":{"u.$":"States.UUID()","r.$":"States.MathRandom(1, 1000000)"},"End":true}}}`
	first, _ := run(t, definition, `{}`, answers{"A": {{Error: "E"}}})
	second, _ := run(t, definition, `{}`, answers{"A": {{Error: "E"}}})
	if !reflect.DeepEqual(first.Events, second.Events) {
		t.Errorf("%v\n%v", first.Events, second.Events)
	}
}
