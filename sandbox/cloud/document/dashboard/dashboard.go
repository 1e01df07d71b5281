// Package dashboard checks CloudWatch dashboard bodies.
//
// Sources: CloudWatch API reference, "Dashboard body structure and syntax";
// CloudWatch user guide, "CloudWatch service quotas".
package dashboard

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud/document"
)

// The quotas of a dashboard.
const (
	// Widgets is the most widgets of a dashboard.
	Widgets = 500
	// MetricsOfWidget and Metrics are the most metrics of one widget and of
	// all.
	MetricsOfWidget, Metrics = 500, 2500
	// Columns is the width of the grid.
	Columns = 24
	// Height is the most units of a widget's height.
	Height = 1000
)

// types are the widget types with the properties that each must have.
var types = map[string][]string{
	"metric": {"region"}, "text": {"markdown"}, "log": {"query", "region"}, "alarm": {"alarms"}, "explorer": {"metrics"}, "custom": {"endpoint"},
}

var region = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)

// Check parses a body. The error is document.Problems.
func Check(text string) error {
	var bad document.Problems
	body, err := document.Object(text)
	if err != nil {
		bad.Add("", "the dashboard body is invalid: %v", err)
		return bad
	}
	for _, key := range document.Keys(body) {
		if !slices.Contains([]string{"start", "end", "periodOverride", "widgets", "variables"}, key) {
			bad.Add("/"+key, "should NOT have additional properties")
		}
	}
	list, ok := body["widgets"].([]any)
	if !ok {
		bad.Add("", "should have required property 'widgets', an array")
	}
	if len(list) > Widgets {
		bad.Add("/widgets", "should NOT have more than %d items, it has %d", Widgets, len(list))
	}
	total := 0
	for i, w := range list {
		path := fmt.Sprintf("/widgets/%d", i)
		if o, ok := w.(map[string]any); ok {
			total += widget(path, o, &bad)
		} else {
			bad.Add(path, "should be object")
		}
	}
	if total > Metrics {
		bad.Add("/widgets", "should NOT have more than %d metrics, it has %d", Metrics, total)
	}
	return bad.Err()
}

// widget checks one widget and returns the number of its metrics.
func widget(path string, w map[string]any, bad *document.Problems) (metrics int) {
	for _, key := range document.Keys(w) {
		if !slices.Contains([]string{"type", "x", "y", "width", "height", "properties"}, key) {
			bad.Add(path+"/"+key, "should NOT have additional properties")
		}
	}
	kind, _ := w["type"].(string)
	required, known := types[kind]
	if !known {
		bad.Add(path+"/type", "should be equal to one of the allowed values: %s", strings.Join(document.Keys(types), ", "))
	}
	whole := func(name string, least, most int64) int64 {
		v, there := w[name]
		if !there {
			return 0
		}
		n, _ := v.(json.Number)
		i, err := n.Int64()
		if err != nil || i < least || i > most {
			bad.Add(path+"/"+name, "should be an integer from %d to %d, it is %v", least, most, v)
		}
		return i
	}
	x, width := whole("x", 0, Columns-1), whole("width", 1, Columns)
	if x+width > Columns {
		bad.Add(path, "x and width should end at %d, they end at %d", Columns, x+width)
	}
	whole("y", 0, 1<<31)
	whole("height", 1, Height)
	if (w["x"] == nil) != (w["y"] == nil) {
		bad.Add(path, "x and y should be given together")
	}
	properties, ok := w["properties"].(map[string]any)
	if !ok {
		bad.Add(path, "should have required property 'properties'")
		return 0
	}
	for _, name := range required {
		if properties[name] == nil {
			bad.Add(path+"/properties", "should have required property '%s'", name)
		}
	}
	if r, there := properties["region"]; there {
		if s, _ := r.(string); !region.MatchString(s) {
			bad.Add(path+"/properties/region", "should be a region, it is %v", r)
		}
	}
	if kind == "metric" {
		return metricWidget(path+"/properties", properties, bad)
	}
	if alarms, isList := properties["alarms"].([]any); kind == "alarm" && properties["alarms"] != nil {
		if !isList || len(alarms) == 0 || len(alarms) > 100 {
			bad.Add(path+"/properties/alarms", "should be an array of 1 to 100 alarm ARNs")
		}
		for i, a := range alarms {
			if s, _ := a.(string); !strings.HasPrefix(s, "arn:aws:cloudwatch:") || !strings.Contains(s, ":alarm:") {
				bad.Add(fmt.Sprintf("%s/properties/alarms/%d", path, i), "should be the ARN of an alarm, it is %v", a)
			}
		}
	}
	return 0
}

func metricWidget(path string, p map[string]any, bad *document.Problems) (metrics int) {
	list, isList := p["metrics"].([]any)
	if p["metrics"] == nil && p["annotations"] == nil {
		bad.Add(path, "should have required property 'metrics'")
	}
	if p["metrics"] != nil && !isList {
		bad.Add(path+"/metrics", "should be array")
	}
	if len(list) > MetricsOfWidget {
		bad.Add(path+"/metrics", "should NOT have more than %d items, it has %d", MetricsOfWidget, len(list))
	}
	if view, there := p["view"]; there && !slices.Contains([]any{"timeSeries", "singleValue", "gauge", "bar", "pie", "table"}, view) {
		bad.Add(path+"/view", "should be equal to one of the allowed values: timeSeries, singleValue, gauge, bar, pie, table")
	}
	if period, there := p["period"]; there {
		n, _ := period.(json.Number)
		if i, err := n.Int64(); err != nil || i != 1 && i != 5 && i != 10 && i != 20 && i != 30 && (i < 60 || i%60 != 0) {
			bad.Add(path+"/period", "should be 1, 5, 10, 20, 30 or a multiple of 60, it is %v", period)
		}
	}
	ids := map[string]bool{}
	for i, m := range list {
		metric(fmt.Sprintf("%s/metrics/%d", path, i), m, ids, bad)
	}
	return len(list)
}

var idForm = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*$`)

// metric checks an array such as ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1", {…}]
// or [{"expression": "m1+m2"}].
func metric(path string, m any, ids map[string]bool, bad *document.Problems) {
	parts, ok := m.([]any)
	if !ok || len(parts) == 0 {
		bad.Add(path, "should be array, and not empty")
		return
	}
	options, last := parts[len(parts)-1].(map[string]any)
	if last {
		parts = parts[:len(parts)-1]
	}
	for i, part := range parts {
		if _, ok := part.(string); !ok {
			bad.Add(fmt.Sprintf("%s/%d", path, i), "should be string, it is %s", document.Kind(part))
		}
	}
	switch expression := options["expression"]; {
	case expression != nil && len(parts) > 0:
		bad.Add(path, "should be either an expression or a metric")
	case expression == nil && len(parts) < 2:
		bad.Add(path, "should have a namespace and a metric name")
	case expression == nil && len(parts)%2 != 0:
		bad.Add(path, "should have a value for each dimension")
	}
	if id, there := options["id"]; there {
		s, _ := id.(string)
		if !idForm.MatchString(s) || ids[s] {
			bad.Add(path, "the id should be unique and begin with a lower case letter, it is %v", id)
		}
		ids[s] = true
	}
	if r, there := options["region"]; there {
		if s, _ := r.(string); !region.MatchString(s) {
			bad.Add(path, "the region should be a region, it is %v", r)
		}
	}
}
