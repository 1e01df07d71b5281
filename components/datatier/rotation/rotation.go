// Command rotation is the Lambda function that rotates the password of the
// database's user. Secrets Manager calls it four times for a rotation, once for
// each step (Secrets Manager user guide, rotation by Lambda function).
//
// It rotates by the strategy of one user: the secret's user gets a new password.
// The strategy of two alternating users needs a superuser with a secret of its
// own, which would have to be rotated by the first strategy all the same. For the
// moment between the change and the replication of the secret, a client may hold a
// password that is no longer right: it reads the secret anew when the database
// refuses it. Connections that are open stay open.
//
// Whatever fails leaves the current password current. A step that is repeated,
// as Secrets Manager does, does no harm.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Event is what Secrets Manager calls the function with.
type Event struct {
	// Step is createSecret, setSecret, testSecret or finishSecret.
	Step string
	// SecretID is the ARN of the secret.
	SecretID string `json:"SecretId"`
	// Token is the id of the version that the rotation makes.
	Token string `json:"ClientRequestToken"`
}

// Stages of a secret's versions.
const (
	current = "AWSCURRENT"
	pending = "AWSPENDING"
)

// errNoVersion tells that a secret has no version of that id or stage.
var errNoVersion = errors.New("no such version")

// secrets is what is needed of Secrets Manager.
type secrets interface {
	// stages returns the stages of all versions of a secret by the ids of the
	// versions, and whether rotation is on.
	stages(ctx context.Context, secret string) (map[string][]string, bool, error)
	// value returns the text of the version of that stage, and of that id where one
	// is given; errNoVersion where there is none.
	value(ctx context.Context, secret, id, stage string) (string, error)
	// put writes the version of that id, with the stage pending.
	put(ctx context.Context, secret, id, value string) error
	// makeCurrent moves the stage current from one version to another.
	makeCurrent(ctx context.Context, secret, from, to string) error
	// password returns a new one.
	password(ctx context.Context) (string, error)
}

// database is what is needed of the database.
type database interface {
	// check logs in and looks whether what answers takes writes.
	check(ctx context.Context, c credentials) error
	// change logs in and changes the password of the user that it logs in as.
	change(ctx context.Context, c credentials, password string) error
}

// credentials are the text of the secret (Secrets Manager user guide, JSON
// structure of secrets).
type credentials struct {
	Engine   string `json:"engine"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
	DBName   string `json:"dbname"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// String keeps the password out of whatever prints the credentials.
func (c credentials) String() string {
	return fmt.Sprintf("%s@%s:%d/%s", c.Username, c.Host, c.Port, c.DBName)
}

// GoString does so for the verb %#v.
func (c credentials) GoString() string { return c.String() }

// rotator does the steps.
type rotator struct {
	secrets  secrets
	database database
	// secret is the ARN of the only secret that the function rotates.
	secret string
}

// handle does one step. Its errors name no secret's value.
func (r *rotator) handle(ctx context.Context, e Event) error {
	if err := r.step(ctx, e); err != nil {
		return fmt.Errorf("%s of version %s: %w", e.Step, e.Token, err)
	}
	return nil
}

func (r *rotator) step(ctx context.Context, e Event) error {
	if e.SecretID != r.secret {
		return fmt.Errorf("secret %s is not %s, the one that this function rotates", e.SecretID, r.secret)
	}
	stages, enabled, err := r.secrets.stages(ctx, e.SecretID)
	if err != nil {
		return fmt.Errorf("describing the secret: %w", err)
	}
	if !enabled {
		return errors.New("rotation of the secret is off")
	}
	own, known := stages[e.Token]
	if !known {
		return errors.New("the secret has no such version")
	}
	if has(own, current) {
		return nil // a step of a rotation that has come to its end
	}
	if !has(own, pending) {
		return fmt.Errorf("the version is not %s", pending)
	}
	switch e.Step {
	case "createSecret":
		return r.create(ctx, e)
	case "setSecret":
		return r.set(ctx, e)
	case "testSecret":
		c, err := r.credentials(ctx, e.SecretID, e.Token, pending)
		if err != nil {
			return err
		}
		return r.database.check(ctx, c)
	case "finishSecret":
		return r.finish(ctx, e, stages)
	}
	return errors.New("must be createSecret, setSecret, testSecret or finishSecret")
}

// create makes the new version, unless an earlier attempt has.
func (r *rotator) create(ctx context.Context, e Event) error {
	_, err := r.secrets.value(ctx, e.SecretID, e.Token, pending)
	if err == nil {
		return nil
	}
	if !errors.Is(err, errNoVersion) {
		return fmt.Errorf("reading the %s version: %w", pending, err)
	}
	text, err := r.secrets.value(ctx, e.SecretID, "", current)
	if err != nil {
		return fmt.Errorf("reading the %s version: %w", current, err)
	}
	// Whatever else is in the secret stays.
	all := map[string]any{}
	if _, err := parse(text); err != nil {
		return fmt.Errorf("the %s version: %w", current, err)
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return fmt.Errorf("the %s version is not a JSON object", current)
	}
	if all["password"], err = r.secrets.password(ctx); err != nil {
		return fmt.Errorf("making a password: %w", err)
	}
	next, err := json.Marshal(all)
	if err != nil {
		return err
	}
	if err := r.secrets.put(ctx, e.SecretID, e.Token, string(next)); err != nil {
		return fmt.Errorf("writing the %s version: %w", pending, err)
	}
	return nil
}

// set gives the database the new password, unless an earlier attempt has.
func (r *rotator) set(ctx context.Context, e Event) error {
	next, err := r.credentials(ctx, e.SecretID, e.Token, pending)
	if err != nil {
		return err
	}
	if r.database.check(ctx, next) == nil {
		return nil
	}
	now, err := r.credentials(ctx, e.SecretID, "", current)
	if err != nil {
		return err
	}
	// Nobody may be led elsewhere by a version that somebody has written.
	if next.Username != now.Username || next.Host != now.Host || next.Port != now.Port {
		return fmt.Errorf("the %s version is of %s, the %s one of %s", pending, next, current, now)
	}
	// The writer first: where the global database has none to reach, nothing changes.
	if err := r.database.check(ctx, now); err != nil {
		return err
	}
	return r.database.change(ctx, now, next.Password)
}

func (r *rotator) finish(ctx context.Context, e Event, stages map[string][]string) error {
	from := ""
	for id, of := range stages {
		if has(of, current) {
			from = id
		}
	}
	if err := r.secrets.makeCurrent(ctx, e.SecretID, from, e.Token); err != nil {
		return fmt.Errorf("making the version %s: %w", current, err)
	}
	return nil
}

func (r *rotator) credentials(ctx context.Context, secret, id, stage string) (credentials, error) {
	text, err := r.secrets.value(ctx, secret, id, stage)
	if err != nil {
		return credentials{}, fmt.Errorf("reading the %s version: %w", stage, err)
	}
	c, err := parse(text)
	if err != nil {
		return c, fmt.Errorf("the %s version: %w", stage, err)
	}
	return c, nil
}

// parse reads the secret's text. Its errors name keys and no values: an error of
// the decoder would quote the text.
func parse(text string) (credentials, error) {
	var c credentials
	if json.Unmarshal([]byte(text), &c) != nil {
		return c, errors.New("must be a JSON object with username, password, host, port and dbname")
	}
	for _, key := range []struct {
		name string
		is   bool
	}{
		{"username", c.Username != ""},
		{"password", c.Password != ""},
		{"host", c.Host != ""},
		{"port", c.Port > 0},
		{"dbname", c.DBName != ""},
	} {
		if !key.is {
			return c, fmt.Errorf("must have a %s", key.name)
		}
	}
	if c.Engine != "postgres" {
		return c, errors.New("must be of engine postgres")
	}
	return c, nil
}

func has(stages []string, stage string) bool {
	for _, s := range stages {
		if s == stage {
			return true
		}
	}
	return false
}
