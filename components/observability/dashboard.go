package observability

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// A CloudWatch dashboard document (CloudWatch API reference, dashboard body
// structure and syntax). Values may be outputs.
type (
	dashboard struct {
		Widgets []widget `json:"widgets"`
	}
	widget struct {
		Type       string     `json:"type"`
		X          int        `json:"x"`
		Y          int        `json:"y"`
		Width      int        `json:"width"`
		Height     int        `json:"height"`
		Properties properties `json:"properties"`
	}
	properties struct {
		Title   string `json:"title"`
		Region  string `json:"region,omitempty"`
		View    string `json:"view,omitempty"`
		Period  int    `json:"period,omitempty"`
		Metrics []any  `json:"metrics,omitempty"`
		Alarms  []any  `json:"alarms,omitempty"`
	}
)

// The grid of a dashboard is 24 columns wide; three graphs make a row.
const (
	gridWidth   = 24
	graphWidth  = 8
	graphHeight = 6
	alarmHeight = 3
)

// graph is one planned graph.
type graph struct {
	title string
	lines []any
}

// planDashboard lays out the state of all alarms on top and below it a graph for
// each of what the arguments give to watch.
func planDashboard(a *ObservabilityArgs, alarms []pulumi.StringOutput) dashboard {
	d := dashboard{}
	y := 0
	if len(alarms) > 0 {
		states := widget{Type: "alarm", Width: gridWidth, Height: alarmHeight, Properties: properties{Title: "Alarms"}}
		for _, arn := range alarms {
			states.Properties.Alarms = append(states.Properties.Alarms, arn)
		}
		d.Widgets = append(d.Widgets, states)
		y = alarmHeight
	}
	for i, g := range planGraphs(a) {
		perRow := gridWidth / graphWidth
		d.Widgets = append(d.Widgets, widget{
			Type: "metric",
			X:    graphWidth * (i % perRow), Y: y + graphHeight*(i/perRow),
			Width: graphWidth, Height: graphHeight,
			Properties: properties{Title: g.title, Region: a.Region, View: "timeSeries", Period: 60, Metrics: g.lines},
		})
	}
	return d
}

func planGraphs(a *ObservabilityArgs) []graph {
	var graphs []graph
	add := func(title string, lines ...any) { graphs = append(graphs, graph{title, lines}) }
	if b := a.LoadBalancer; b != nil {
		of := []dimension{{"LoadBalancer", b.ARNSuffix}}
		elb := func(name, stat, label string) any {
			return line(metric{"AWS/ApplicationELB", name, stat, of}, label)
		}
		add("Requests", elb("RequestCount", "Sum", "Requests"))
		add("Errors", elb("HTTPCode_ELB_5XX_Count", "Sum", "5xx of the load balancer"), elb("HTTPCode_Target_5XX_Count", "Sum", "5xx of targets"))
		add("Latency", elb("TargetResponseTime", "p50", "Median (s)"), elb("TargetResponseTime", "p95", "95th percentile (s)"))
		var hosts []any
		for _, name := range slices.Sorted(maps.Keys(b.TargetGroups)) {
			of := append(slices.Clone(of), dimension{"TargetGroup", b.TargetGroups[name]})
			hosts = append(hosts,
				line(metric{"AWS/ApplicationELB", "HealthyHostCount", "Minimum", of}, name+" healthy"),
				line(metric{"AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", of}, name+" unhealthy"))
		}
		if len(hosts) > 0 {
			add("Targets", hosts...)
		}
	}
	if a.DatabaseClusterID != nil {
		of := []dimension{{"DBClusterIdentifier", a.DatabaseClusterID}}
		add("Database load", line(metric{"AWS/RDS", "CPUUtilization", "Maximum", of}, "CPU of the busiest instance (%)"))
		add("Database memory", line(metric{"AWS/RDS", "FreeableMemory", "Minimum", of}, "Free on the fullest instance (bytes)"))
		add("Database connections", line(metric{"AWS/RDS", "DatabaseConnections", "Sum", of}, "Connections"))
		add("Database replication", query(databaseLag(a.DatabaseClusterID), "Lag of this region (ms)"))
	}
	for _, name := range slices.Sorted(maps.Keys(a.Tables)) {
		of := []dimension{{"TableName", a.Tables[name]}}
		add("Table "+name,
			line(metric{"AWS/DynamoDB", "ReadThrottleEvents", "Sum", of}, "Throttled reads"),
			line(metric{"AWS/DynamoDB", "WriteThrottleEvents", "Sum", of}, "Throttled writes"),
			query(tableLag(a.Tables[name]), "Lag of other regions (ms)"))
	}
	addEach := func(title string, named map[string]pulumi.StringInput, namespace, name, stat, dim string) {
		var lines []any
		for _, key := range slices.Sorted(maps.Keys(named)) {
			lines = append(lines, line(metric{namespace, name, stat, []dimension{{dim, named[key]}}}, key))
		}
		if len(lines) > 0 {
			add(title, lines...)
		}
	}
	addEach("NAT gateways: refused connections", a.NATGateways, "AWS/NATGateway", "ErrorPortAllocation", "Sum", "NatGatewayId")
	addEach("Health checks (1 is healthy)", a.HealthChecks, "AWS/Route53", "HealthCheckStatus", "Minimum", "HealthCheckId")
	if a.DistributionID != nil {
		of := distributionDimensions(a.DistributionID)
		add("CloudFront", line(metric{"AWS/CloudFront", "Requests", "Sum", of}, "Requests"), line(metric{"AWS/CloudFront", "5xxErrorRate", "Average", of}, "5xx answers (%)"))
	}
	return graphs
}

// line is a metric as the document has it: namespace, name, dimensions by turns,
// and how to draw it.
func line(m metric, label string) any {
	parts := []any{m.namespace, m.name}
	for _, d := range m.dimensions {
		parts = append(parts, d.name, d.value.ToStringOutput())
	}
	return append(parts, map[string]any{"stat": m.stat, "label": label})
}

// query is an expression as the document has it.
func query(expression pulumi.StringInput, label string) any {
	return []any{map[string]any{"expression": expression.ToStringOutput(), "label": label}}
}
