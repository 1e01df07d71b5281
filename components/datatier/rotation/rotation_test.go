package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:prod-east-database-AbCdEf"

// store is a secret as Secrets Manager keeps it.
type store struct {
	values  map[string]string // by version
	of      map[string][]string
	enabled bool
	made    int
	fail    error // of every call but of stages
}

func newStore(c credentials) *store {
	text, _ := json.Marshal(c)
	return &store{values: map[string]string{"v0": string(text)}, of: map[string][]string{"v0": {current}}, enabled: true}
}

// begin is what Secrets Manager does before the first step.
func (s *store) begin() string {
	token := fmt.Sprintf("v%d", len(s.of))
	s.of[token] = []string{pending}
	return token
}

func (s *store) holder(stage string) string {
	for id, of := range s.of {
		if slices.Contains(of, stage) {
			return id
		}
	}
	return ""
}

func (s *store) current(t *testing.T) credentials {
	t.Helper()
	c, err := parse(s.values[s.holder(current)])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *store) stages(context.Context, string) (map[string][]string, bool, error) {
	return s.of, s.enabled, nil
}

func (s *store) value(_ context.Context, _, id, stage string) (string, error) {
	holder := s.holder(stage)
	if id != "" && !slices.Contains(s.of[id], stage) {
		return "", errNoVersion
	}
	if id != "" {
		holder = id
	}
	if s.fail != nil {
		return "", s.fail
	}
	text, ok := s.values[holder]
	if !ok {
		return "", errNoVersion
	}
	return text, nil
}

func (s *store) put(_ context.Context, _, id, value string) error {
	s.values[id] = value
	return s.fail
}

func (s *store) makeCurrent(_ context.Context, _, from, to string) error {
	if !slices.Contains(s.of[from], current) {
		return errors.New("the stage is not there")
	}
	s.of[from], s.of[to] = []string{"AWSPREVIOUS"}, []string{current, pending}
	return s.fail
}

func (s *store) password(context.Context) (string, error) {
	s.made++
	return fmt.Sprintf("made-password-%d", s.made), s.fail
}

// fakeDatabase knows one password.
type fakeDatabase struct {
	password string
	checks   []string
	down     error
}

func (d *fakeDatabase) check(_ context.Context, c credentials) error {
	d.checks = append(d.checks, c.Password)
	if d.down != nil {
		return d.down
	}
	if c.Password != d.password {
		return errors.New("password authentication failed")
	}
	return nil
}

func (d *fakeDatabase) change(ctx context.Context, c credentials, password string) error {
	if err := d.check(ctx, c); err != nil {
		return err
	}
	d.password = password
	return nil
}

func example() credentials {
	return credentials{Engine: "postgres", Host: "w.global.rds.amazonaws.com", Port: 5432, DBName: "app", Username: "tandem", Password: "old-password"}
}

func do(t *testing.T, r *rotator, token string, steps ...string) error {
	t.Helper()
	for _, step := range steps {
		if err := r.handle(context.Background(), Event{Step: step, SecretID: arn, Token: token}); err != nil {
			return err
		}
	}
	return nil
}

func refused(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("got %v, want %q in it", err, text)
	}
}

func TestARotationThatFailsAnywhereIsResumedByTheNextAttempt(t *testing.T) {
	steps := []string{"createSecret", "setSecret", "testSecret", "finishSecret"}
	for done := range len(steps) + 1 {
		s, d := newStore(example()), &fakeDatabase{password: "old-password"}
		r := &rotator{secrets: s, database: d, secret: arn}
		token := s.begin()
		if err := do(t, r, token, steps[:done]...); err != nil {
			t.Fatal(err)
		}
		if err := do(t, r, token, steps...); err != nil {
			t.Fatalf("after %d steps: %v", done, err)
		}
		if got := s.current(t).Password; got != d.password || got == "old-password" {
			t.Errorf("after %d steps: the secret and the database differ", done)
		}
		if s.made != 1 {
			t.Errorf("after %d steps: %d passwords were made", done, s.made)
		}
	}
}

func TestAWriterThatIsNotReachedLeavesEverythingAsItIs(t *testing.T) {
	s, d := newStore(example()), &fakeDatabase{password: "old-password", down: errors.New("w takes no writes")}
	r := &rotator{secrets: s, database: d, secret: arn}
	token := s.begin()
	refused(t, do(t, r, token, "createSecret", "setSecret"), "setSecret of version v1: w takes no writes")
	refused(t, do(t, r, token, "testSecret"), "takes no writes")
	if s.current(t).Password != "old-password" || d.password != "old-password" {
		t.Error("something changed")
	}
	d.down = nil // a failover later
	if err := do(t, r, token, "createSecret", "setSecret", "testSecret", "finishSecret"); err != nil {
		t.Error(err)
	}
}

func TestOnlyARotationOfTheOwnSecretIsDone(t *testing.T) {
	s := newStore(example())
	r := &rotator{secrets: s, database: &fakeDatabase{}, secret: arn}
	token := s.begin()
	refused(t, r.handle(context.Background(), Event{Step: "createSecret", SecretID: arn + "2", Token: token}), "is not "+arn)
	refused(t, do(t, r, "v9", "createSecret"), "the secret has no such version")
	refused(t, do(t, r, token, "dropSecret"), "must be createSecret, setSecret, testSecret or finishSecret")
	s.enabled = false
	refused(t, do(t, r, token, "createSecret"), "rotation of the secret is off")
	s.enabled, s.of[token] = true, []string{"other"}
	refused(t, do(t, r, token, "createSecret"), "the version is not AWSPENDING")
}

func TestAVersionThatLeadsElsewhereIsRefused(t *testing.T) {
	for _, change := range []func(*credentials){
		func(c *credentials) { c.Host = "elsewhere" },
		func(c *credentials) { c.Username = "rdsadmin" },
		func(c *credentials) { c.Port = 5433 },
	} {
		s, d := newStore(example()), &fakeDatabase{password: "old-password"}
		r := &rotator{secrets: s, database: d, secret: arn}
		token := s.begin()
		c := example()
		c.Password = "planted"
		change(&c)
		text, _ := json.Marshal(c)
		s.values[token] = string(text)
		refused(t, do(t, r, token, "setSecret"), "the AWSPENDING version is of "+c.String()+", the AWSCURRENT one of tandem@w.global.rds.amazonaws.com:5432/app")
		if d.password != "old-password" {
			t.Error("the password changed")
		}
	}
}

func TestWhatElseIsInTheSecretStays(t *testing.T) {
	s := newStore(example())
	s.values["v0"] = strings.Replace(s.values["v0"], "{", `{"note":"keep","nested":{"a":1},`, 1)
	token := s.begin()
	if err := do(t, &rotator{secrets: s, database: &fakeDatabase{}, secret: arn}, token, "createSecret"); err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal([]byte(s.values[token]), &all); err != nil {
		t.Fatal(err)
	}
	if all["note"] != "keep" || all["nested"].(map[string]any)["a"] != 1.0 || all["password"] != "made-password-1" {
		t.Errorf("got the keys %v", all)
	}
}

func TestNoErrorOrTextHasAPassword(t *testing.T) {
	c := example()
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, c); strings.Contains(text, c.Password) {
			t.Errorf("%s shows the password", format)
		}
	}
	for _, text := range []string{
		`{"password":"old-password"`, `["old-password"]`, `{"password":"old-password","port":"5432"}`, `old-password`,
		`{"engine":"mysql","username":"u","password":"old-password","host":"h","port":1,"dbname":"d"}`,
	} {
		_, err := parse(text)
		if err == nil || strings.Contains(err.Error(), "old-password") {
			t.Errorf("of %s: %v", text, err)
		}
	}
}

func TestEveryRegionTellsTheAgeOfThePassword(t *testing.T) {
	made := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	w := &watcher{secrets: versions{made}, secret: arn, name: "prod-east-database", now: func() time.Time { return made.Add(36 * time.Hour) }, out: &out}
	if err := w.watch(context.Background()); err != nil {
		t.Fatal(err)
	}
	const want = `{"PasswordAge":1.5,"SecretName":"prod-east-database","_aws":{"CloudWatchMetrics":[{"Dimensions":[["SecretName"]],` +
		`"Metrics":[{"Name":"PasswordAge"}],"Namespace":"Tandem/Secrets"}],"Timestamp":1793620800000}}`
	if got := strings.TrimSpace(out.String()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

type versions struct{ at time.Time }

func (v versions) made(context.Context, string) (time.Time, error) { return v.at, nil }
