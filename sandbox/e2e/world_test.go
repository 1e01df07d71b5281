package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tandem-platform/tandem/sandbox/session"
)

// world is all that there is, in the states and in the clouds, in a form that two
// runs of the same program have in common: one text for each thing, by what and
// whose it is. An id stands there as the URN of what it is the id of, so that a
// reference to the wrong thing is a difference; what else is drawn is blanked.
func (p platform) world(t testing.TB, s *session.Session) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "state", ".pulumi", "stacks", "*", "*.json"))
	require.NoError(t, err)
	var things []thing
	ids := map[string]string{}
	var draws []string
	for _, file := range files {
		stack := strings.TrimSuffix(filepath.Base(file), ".json")
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var st struct {
			Checkpoint struct {
				Latest struct {
					Resources []map[string]any `json:"resources"`
					Pending   []map[string]any `json:"pending_operations"`
				} `json:"latest"`
			} `json:"checkpoint"`
		}
		require.NoError(t, json.Unmarshal(text, &st), file)
		for _, r := range st.Checkpoint.Latest.Resources {
			urn, _ := r["urn"].(string)
			if id, _ := r["id"].(string); id != "" {
				ids[id] = urn
			}
			if typ, _ := r["type"].(string); strings.HasPrefix(typ, "random:") {
				draws = append(draws, r["id"].(string), "<"+urn+">")
				delete(r, "outputs") // the same in other letters
			}
			things = append(things, thing{"state of " + stack + ": " + urn, r})
		}
		for _, op := range st.Checkpoint.Latest.Pending {
			things = append(things, thing{"pending in " + stack, op})
		}
	}
	all, err := s.Clouds().Resources(nil)
	require.NoError(t, err)
	for _, r := range all {
		text, err := json.Marshal(r)
		require.NoError(t, err)
		var value map[string]any
		require.NoError(t, json.Unmarshal(text, &value))
		ids[r.ID] = r.URN
		things = append(things, thing{"cloud: " + r.URN + " in " + r.Scope.Region, value})
	}

	// A short id, such as a name, may be a part of any word.
	names := draws
	for _, id := range slices.SortedFunc(maps.Keys(ids), func(a, b string) int { return len(b) - len(a) }) {
		if drawn.MatchString(id) {
			names = append(names, id, "<"+ids[id]+">")
		}
	}
	known := strings.NewReplacer(names...)
	common := map[string]string{}
	for _, thing := range things {
		text, err := json.Marshal(settled("", thing.value))
		require.NoError(t, err)
		name := known.Replace(thing.name)
		for i := 2; common[name] != ""; i++ {
			name = fmt.Sprintf("%s, number %d", known.Replace(thing.name), i)
		}
		common[name] = chance.ReplaceAllString(known.Replace(string(text)), "*")
	}
	return common
}

// thing is something in a state or a cloud.
type thing struct {
	name  string
	value map[string]any
}

// drawn tells ids that are drawn or minted from those that a program gives.
var drawn = regexp.MustCompile(chance.String() + `|-[0-9a-f]{7}\b`)

// settled is a value without what is up to the run: times, what is secret or drawn,
// and the order of what has none.
func settled(key string, v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = settled("", e)
		}
		if key == "dependencies" {
			sortStrings(list)
		}
		return list
	case map[string]any:
		if v["ciphertext"] != nil {
			return "secret"
		}
		m := map[string]any{}
		for k, e := range v {
			switch k {
			case "created", "modified", "creationTimestamp", "masterPassword", "secretString", "apiKey",
				"certificateAuthority", "certificateAuthorities", "nameServers", "primaryNameServer",
				"writer", // the instance of a database that happened to be made first
				"refs":   // the clouds' own index: a key is found by its ARN or by that of its alias
				continue
			}
			if list, ok := e.([]any); ok && key == "propertyDependencies" {
				sortStrings(list)
			}
			m[k] = settled(k, e)
		}
		return m
	}
	return v
}

// requireSameWorld names what differs, and no more.
func requireSameWorld(t testing.TB, want, got map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		switch text, ok := got[name]; {
		case !ok:
			t.Errorf("missing: %s", name)
		case text != want[name]:
			t.Errorf("%s is\n%s\nwant\n%s", name, text, want[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("too many: %s", name)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}
