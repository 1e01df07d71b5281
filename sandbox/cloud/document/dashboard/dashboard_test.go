package dashboard

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/documenttest"
)

func widgets(list ...string) string { return `{"widgets":[` + strings.Join(list, ",") + `]}` }

// graph is a metric widget with these metrics, and with more of its properties.
func graph(metrics, more string) string {
	return `{"type":"metric","x":0,"y":0,"width":12,"height":6,"properties":{"region":"us-east-1","metrics":` + metrics + more + `}}`
}

func TestGoodBodiesAreTaken(t *testing.T) {
	documenttest.Taken(t, map[string]string{
		"empty": widgets(),
		"all kinds": widgets(
			graph(`[["AWS/RDS","CPUUtilization","DBClusterIdentifier","db",{"stat":"Average","id":"m1","region":"us-west-2"}],[{"expression":"m1*2","id":"e1"}],["...","x"]]`, `,"view":"timeSeries","period":60,"stacked":false`),
			`{"type":"text","properties":{"markdown":"# Title"}}`,
			`{"type":"log","x":12,"y":0,"width":12,"height":6,"properties":{"region":"us-east-1","query":"SOURCE 'a' | fields @message"}}`,
			`{"type":"alarm","properties":{"alarms":["arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"]}}`,
		),
		"periods": `{"start":"-PT6H","periodOverride":"inherit","widgets":[]}`,
	}, Check)
}

func TestErrorsReadLikeCloudWatch(t *testing.T) {
	documenttest.Refused(t, map[string]string{
		"no JSON":                  `{`,
		"no widgets":               `{}`,
		"a key that is not known":  `{"widgets":[],"title":"x"}`,
		"a widget that is none":    widgets(`1`),
		"an unknown type":          widgets(`{"type":"graph","properties":{}}`),
		"no properties":            widgets(`{"type":"text"}`),
		"no region":                widgets(`{"type":"metric","properties":{"metrics":[["a","b"]]}}`),
		"a region that is none":    widgets(`{"type":"log","properties":{"region":"useast1","query":"x"}}`),
		"no metrics":               widgets(`{"type":"metric","properties":{"region":"us-east-1"}}`),
		"outside the grid":         widgets(`{"type":"text","x":20,"y":0,"width":6,"height":6,"properties":{"markdown":"x"}}`),
		"too wide":                 widgets(`{"type":"text","width":25,"properties":{"markdown":"x"}}`),
		"no height":                widgets(`{"type":"text","height":0,"properties":{"markdown":"x"}}`),
		"half a place":             widgets(`{"type":"text","x":0,"properties":{"markdown":"x"}}`),
		"a fraction":               widgets(`{"type":"text","x":0.5,"y":0,"properties":{"markdown":"x"}}`),
		"a namespace alone":        widgets(graph(`[["AWS/RDS"]]`, "")),
		"a dimension alone":        widgets(graph(`[["AWS/RDS","CPUUtilization","DBClusterIdentifier"]]`, "")),
		"a metric that is no list": widgets(graph(`["AWS/RDS"]`, "")),
		"a number for a name":      widgets(graph(`[["AWS/RDS",1]]`, "")),
		"metric and expression":    widgets(graph(`[["a","b",{"expression":"m1"}]]`, "")),
		"an id twice":              widgets(graph(`[["a","b",{"id":"m"}],["a","c",{"id":"m"}]]`, "")),
		"a period":                 widgets(graph(`[["a","b"]]`, `,"period":45`)),
		"a view":                   widgets(graph(`[["a","b"]]`, `,"view":"area"`)),
		"alarms of no ARN":         widgets(`{"type":"alarm","properties":{"alarms":["a"]}}`),
		"too many metrics":         widgets(graph(`[`+strings.Repeat(`["a","b"],`, MetricsOfWidget)+`["a","b"]]`, "")),
		"too many widgets":         widgets(strings.Repeat(`{"type":"text","properties":{"markdown":"x"}},`, Widgets) + `{"type":"text","properties":{"markdown":"x"}}`),
	}, Check)
}

// A widget is taken exactly where it is within the grid.
func TestWidgetsLieWithinTheGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, width := rapid.IntRange(-1, 25).Draw(t, "x"), rapid.IntRange(-1, 26).Draw(t, "width")
		body := widgets(fmt.Sprintf(`{"type":"text","x":%d,"y":0,"width":%d,"height":1,"properties":{"markdown":"x"}}`, x, width))
		if err, good := Check(body), x >= 0 && width >= 1 && x < Columns && x+width <= Columns; (err == nil) != good {
			t.Fatalf("x %d, width %d: %v", x, width, err)
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add(widgets(graph(`[["a","b"]]`, "")))
	f.Fuzz(func(_ *testing.T, text string) { _ = Check(text) })
}
