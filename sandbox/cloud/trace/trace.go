// Package trace follows a request through the simulated clouds, from its host
// name to the pods that answer it. It reads what the clouds hold and nothing
// else, so that it finds every link that a program forgot to make: the record,
// the listener, the certificate, the rule, the binding, the controller behind
// the binding, the service, its selector, or ready pods.
//
// It does not look at security groups, network policies or web ACL rules.
package trace

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-platform/tandem/sandbox/cloud"
)

// Request is what a client sends, by HTTPS on port 443.
type Request struct {
	// Host is the name that the client looks up and asks for.
	Host string
	// Path is the path of the URL. Empty means "/".
	Path string
	// Method is the method of HTTP. Empty means GET.
	Method string
	// Headers are the request's headers by name in lower case.
	Headers map[string]string
	// Unhealthy are the ids of health checks that fail, whatever they see.
	Unhealthy []string
	// Objects are the URLs of objects that exist though no program made
	// them, such as the object by which the standby takes over.
	Objects []string
}

// Hop is one thing that the request passes.
type Hop struct {
	// What is its kind in plain words, such as "listener".
	What string
	// Resource is the thing itself.
	Resource *cloud.Resource
	// Why says why the request went there, where there was a choice.
	Why string
}

// Region is the region whose load balancer the hops pass last, "" where they pass none.
func Region(hops []Hop) (region string) {
	for _, h := range hops {
		if h.What == "load balancer" {
			region = h.Resource.Scope.Region
		}
	}
	return region
}

// String is the hop on one line.
func (h Hop) String() string {
	s := fmt.Sprintf("%s %s", h.What, h.Resource.ID)
	if r := h.Resource.Scope.Region; r != "" {
		s += " in " + r
	}
	if h.Why != "" {
		s += " (" + h.Why + ")"
	}
	return s
}

// Way is one of the ways that a request may go.
type Way struct {
	// Hops are what it passes, up to the first link that is missing.
	Hops []Hop
	// Err names that link, nil where none is missing.
	Err error
}

// Follow returns the hops of a request, and an error that names the first link
// that is missing. The hops up to there are returned with the error. Where records
// share a name by weight it goes by the heaviest one that is healthy, where they do by
// latency by the first one in the order of their regions; [Ways] goes by all.
func Follow(c *cloud.Cloud, req Request) ([]Hop, error) {
	byType, err := read(c)
	if err != nil {
		return nil, err
	}
	way := newTracer(byType, req, nil).run()
	return way.Hops, way.Err
}

// Ways returns every way that a request may go: which of several healthy records of
// a name Route 53 answers with, by latency or by weight, is not known here. The
// first is the one that [Follow] takes.
func Ways(c *cloud.Cloud, req Request) ([]Way, error) {
	byType, err := read(c)
	if err != nil {
		return nil, err
	}
	var ways []Way
	for t := newTracer(byType, req, nil); t != nil; {
		ways = append(ways, t.run())
		t = t.next()
	}
	return ways, nil
}

// read returns what the clouds hold by the last part of its type.
func read(c *cloud.Cloud) (map[string][]*cloud.Resource, error) {
	all, err := c.Resources(nil)
	if err != nil {
		return nil, err
	}
	byType := map[string][]*cloud.Resource{}
	for _, r := range all {
		name := r.Type[strings.LastIndex(r.Type, ":")+1:]
		if r.Scope.Package == "kubernetes" {
			name = "kubernetes " + name
		}
		byType[name] = append(byType[name], r)
	}
	return byType, nil
}

type tracer struct {
	byType  map[string][]*cloud.Resource
	req     Request
	headers map[string]string
	hops    []Hop
	// depth guards against records and health checks that lead in circles.
	depth int
	// picks are which answer is taken where there are several, in the order in which
	// they are come by, and offered how many there are.
	picks, offered []int
}

func newTracer(byType map[string][]*cloud.Resource, req Request, picks []int) *tracer {
	if req.Path == "" {
		req.Path = "/"
	}
	if req.Method == "" {
		req.Method = "GET"
	}
	t := &tracer{byType: byType, req: req, headers: map[string]string{}, picks: picks}
	for k, v := range req.Headers {
		t.headers[strings.ToLower(k)] = v
	}
	return t
}

func (t *tracer) run() Way {
	err := t.resolve(strings.ToLower(strings.TrimSuffix(t.req.Host, ".")))
	return Way{t.hops, err}
}

// pick returns which of several answers this tracer takes.
func (t *tracer) pick(several int) int {
	if several == 1 {
		return 0
	}
	i := len(t.offered)
	t.offered = append(t.offered, several)
	if i == len(t.picks) {
		t.picks = append(t.picks, 0)
	}
	return t.picks[i]
}

// next returns a tracer that takes the next way, or nil after the last.
func (t *tracer) next() *tracer {
	for i := len(t.offered) - 1; i >= 0; i-- {
		if t.picks[i]+1 < t.offered[i] {
			return newTracer(t.byType, t.req, append(slices.Clone(t.picks[:i]), t.picks[i]+1))
		}
	}
	return nil
}

// maxDepth is more than any sane chain of names has.
const maxDepth = 16

func (t *tracer) pass(what string, r *cloud.Resource, why string) {
	t.hops = append(t.hops, Hop{what, r, why})
}

func (t *tracer) find(typ string, keep func(*cloud.Resource) bool) *cloud.Resource {
	i := slices.IndexFunc(t.byType[typ], keep)
	if i < 0 {
		return nil
	}
	return t.byType[typ][i]
}

// resolve follows a host name to what serves it.
func (t *tracer) resolve(host string) error {
	if t.depth++; t.depth > maxDepth {
		return fmt.Errorf("the names lead in a circle at %s", host)
	}
	if lb := t.find("LoadBalancer", func(r *cloud.Resource) bool {
		return strings.EqualFold(r.Text("dnsName"), strings.TrimPrefix(host, "dualstack."))
	}); lb != nil {
		return t.loadBalancer(lb, host)
	}
	if d := t.find("Distribution", func(r *cloud.Resource) bool { return strings.EqualFold(r.Text("domainName"), host) }); d != nil {
		return t.distribution(d, host)
	}
	if b := t.find("BucketV2", func(r *cloud.Resource) bool {
		return strings.EqualFold(r.Text("bucketRegionalDomainName"), host) || strings.EqualFold(r.Text("bucketDomainName"), host)
	}); b != nil {
		return t.bucket(b, host)
	}
	return t.lookUp(host, host)
}

// records are those of type A or CNAME that Route 53 has for a name.
func (t *tracer) records(name string) ([]*cloud.Resource, error) {
	var zone *cloud.Resource
	for _, z := range t.byType["Zone"] {
		of := strings.ToLower(strings.TrimSuffix(z.Text("name"), "."))
		if (name == of || strings.HasSuffix(name, "."+of)) && (zone == nil || len(of) > len(zone.Text("name"))) {
			zone = z
		}
	}
	if zone == nil {
		return nil, fmt.Errorf("no hosted zone for the name %s", name)
	}
	for _, fqdn := range []string{name, "*." + name[strings.Index(name, ".")+1:]} {
		var found []*cloud.Resource
		for _, r := range t.byType["Record"] {
			if kind := r.Text("type"); r.Text("zoneId") == zone.ID && strings.EqualFold(r.Text("fqdn"), fqdn) && (kind == "A" || kind == "CNAME") {
				found = append(found, r)
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, fmt.Errorf("no record of type A or CNAME for %s in hosted zone %s", name, zone.ID)
}

// lookUp follows a name through Route 53; the request asks for host.
func (t *tracer) lookUp(name, host string) error {
	found, err := t.records(name)
	if err != nil {
		return err
	}
	answers, err := t.answers(name, found)
	if err != nil {
		return err
	}
	a := answers[t.pick(len(answers))]
	record := a.record
	t.pass("record", record, a.why)
	target := aliasOf(record)
	if target == "" {
		if values := record.Texts("records"); len(values) > 0 && record.Text("type") == "CNAME" {
			target = values[0]
		}
	}
	if target == "" {
		return fmt.Errorf("the record %s names an address, not a load balancer or another name", record.ID)
	}
	return t.follow(strings.ToLower(strings.TrimSuffix(target, ".")), host)
}

// aliasOf is the target of an alias record.
func aliasOf(record *cloud.Resource) string {
	return strings.ToLower(strings.TrimSuffix(record.Text("aliases[0].name"), "."))
}

// follow goes on from a record to its target; the request still asks for host.
func (t *tracer) follow(target, host string) error {
	if lb := t.find("LoadBalancer", func(r *cloud.Resource) bool {
		return strings.EqualFold(r.Text("dnsName"), strings.TrimPrefix(target, "dualstack."))
	}); lb != nil {
		return t.loadBalancer(lb, host)
	}
	if d := t.find("Distribution", func(r *cloud.Resource) bool { return strings.EqualFold(r.Text("domainName"), target) }); d != nil {
		return t.distribution(d, host)
	}
	if strings.HasSuffix(target, ".elb.amazonaws.com") || strings.HasSuffix(target, ".cloudfront.net") {
		return fmt.Errorf("the record for %s points to %s, which does not exist", host, target)
	}
	if t.depth++; t.depth > maxDepth {
		return fmt.Errorf("the names lead in a circle at %s", target)
	}
	return t.lookUp(target, host)
}

// answer is a record that Route 53 may answer with, and why.
type answer struct {
	record *cloud.Resource
	why    string
}

// answers are the records of a name that Route 53 may answer with, one at least.
func (t *tracer) answers(host string, records []*cloud.Resource) ([]answer, error) {
	has := func(policy string) bool { return records[0].Text(policy) != "" }
	switch {
	case has("failoverRoutingPolicies[0].type"):
		return []answer{t.failover(records)}, nil
	case records[0].At("weightedRoutingPolicies[0].weight") != nil:
		return t.weighted(records), nil
	case has("latencyRoutingPolicies[0].region"):
		return t.latency(records), nil
	case len(records) == 1:
		return []answer{{records[0], ""}}, nil
	}
	return nil, fmt.Errorf("the records for %s have a routing policy that cannot be followed", host)
}

// failover answers with the primary as long as it is healthy.
func (t *tracer) failover(records []*cloud.Resource) answer {
	role := func(want string) *cloud.Resource {
		i := slices.IndexFunc(records, func(r *cloud.Resource) bool { return r.Text("failoverRoutingPolicies[0].type") == want })
		if i < 0 {
			return nil
		}
		return records[i]
	}
	primary, secondary := role("PRIMARY"), role("SECONDARY")
	switch {
	case primary == nil:
		return answer{secondary, "no PRIMARY record"}
	case t.sound(primary):
		return answer{primary, "PRIMARY, healthy"}
	case secondary == nil:
		return answer{primary, "PRIMARY, unhealthy, but there is no SECONDARY"}
	case t.sound(secondary):
		return answer{secondary, "SECONDARY, since PRIMARY is unhealthy"}
	}
	return answer{primary, "PRIMARY, since all are unhealthy"}
}

// latency answers with any healthy record, as the nearest is not known.
func (t *tracer) latency(records []*cloud.Resource) []answer {
	healthy, why := t.sharing(records)
	var list []answer
	for _, r := range healthy {
		list = append(list, answer{r, fmt.Sprintf("latency, %s%s", r.Text("latencyRoutingPolicies[0].region"), why)})
	}
	slices.SortFunc(list, func(a, b answer) int { return strings.Compare(a.why, b.why) })
	return list
}

// weighted answers with any healthy record that has a weight. One of weight 0 is
// considered where no other is left.
func (t *tracer) weighted(records []*cloud.Resource) []answer {
	weight := func(r *cloud.Resource) float64 {
		w, _ := r.At("weightedRoutingPolicies[0].weight").(float64)
		return w
	}
	healthy, why := t.sharing(records)
	heavy := slices.DeleteFunc(slices.Clone(healthy), func(r *cloud.Resource) bool { return weight(r) == 0 })
	if len(heavy) == 0 {
		heavy = healthy
	}
	slices.SortStableFunc(heavy, func(a, b *cloud.Resource) int { return int(weight(b) - weight(a)) })
	var list []answer
	for _, r := range heavy {
		list = append(list, answer{r, fmt.Sprintf("weight %v%s", weight(r), why)})
	}
	return list
}

// sharing are the healthy ones of records that share a name, and all of them where
// none is (Route 53 developer guide, "How Amazon Route 53 chooses records when health
// checking is configured").
func (t *tracer) sharing(records []*cloud.Resource) (healthy []*cloud.Resource, why string) {
	healthy = slices.DeleteFunc(slices.Clone(records), func(r *cloud.Resource) bool { return !t.sound(r) })
	if len(healthy) == 0 {
		return records, ", since all are unhealthy"
	}
	return healthy, ""
}

// sound tells whether a record counts as healthy: by its check, and where it is an
// alias of another name that looks at its target, while one of that name's records is.
func (t *tracer) sound(record *cloud.Resource) bool {
	if !t.healthy(record.Text("healthCheckId")) {
		return false
	}
	target := aliasOf(record)
	if target == "" || record.At("aliases[0].evaluateTargetHealth") != true || strings.HasSuffix(target, ".amazonaws.com") {
		return true
	}
	if t.depth++; t.depth > maxDepth {
		return false
	}
	defer func() { t.depth-- }()
	found, err := t.records(target)
	return err == nil && slices.ContainsFunc(found, t.sound)
}

// healthy says what a health check sees. A record without one is healthy.
func (t *tracer) healthy(id string) bool {
	if id == "" {
		return true
	}
	check := t.find("HealthCheck", func(r *cloud.Resource) bool { return r.ID == id })
	if check == nil || slices.Contains(t.req.Unhealthy, id) {
		return false
	}
	if t.depth++; t.depth > maxDepth {
		return false
	}
	defer func() { t.depth-- }()
	var ok bool
	switch kind := check.Text("type"); kind {
	case "CALCULATED":
		n := 0.0
		for _, child := range check.Texts("childHealthchecks") {
			if t.healthy(child) {
				n++
			}
		}
		want, _ := check.At("childHealthThreshold").(float64)
		ok = n >= want
	case "CLOUDWATCH_METRIC":
		ok = true // no metric is simulated, so none is bad
	default:
		ok = t.endpoint(check.Text("fqdn"), check.Text("resourcePath"))
	}
	if inverted, _ := check.At("invertHealthcheck").(bool); inverted {
		return !ok
	}
	return ok
}

// endpoint says whether a health checker gets an answer.
func (t *tracer) endpoint(host, resourcePath string) bool {
	if host == "" {
		return false
	}
	probe := newTracer(t.byType, Request{
		Host: host, Path: "/" + strings.TrimPrefix(resourcePath, "/"), Unhealthy: t.req.Unhealthy, Objects: t.req.Objects,
	}, nil)
	probe.depth = t.depth
	return probe.resolve(strings.ToLower(host)) == nil
}

// bucket ends at an object, which must exist.
func (t *tracer) bucket(b *cloud.Resource, host string) error {
	t.pass("bucket", b, "")
	key := strings.TrimPrefix(t.req.Path, "/")
	if slices.Contains(t.req.Objects, "https://"+host+"/"+key) {
		return nil
	}
	object := t.find("BucketObjectv2", func(r *cloud.Resource) bool { return r.Text("bucket") == b.ID && r.Text("key") == key })
	if object == nil {
		return fmt.Errorf("the bucket %s has no object %q", b.ID, key)
	}
	t.pass("object", object, "")
	return nil
}

// distribution goes through CloudFront to the origin of the path's behaviour.
func (t *tracer) distribution(d *cloud.Resource, host string) error {
	if on, _ := d.At("enabled").(bool); !on {
		return fmt.Errorf("the distribution %s is disabled", d.ID)
	}
	if host != strings.ToLower(d.Text("domainName")) && !slices.ContainsFunc(d.Texts("aliases"), func(a string) bool { return covers(a, host) }) {
		return fmt.Errorf("the distribution %s has no alias for %s", d.ID, host)
	}
	behaviour, why := "defaultCacheBehavior.", "default behaviour"
	behaviours, _ := d.At("orderedCacheBehaviors").([]any)
	for i := range behaviours {
		at := fmt.Sprintf("orderedCacheBehaviors[%d].", i)
		if p := d.Text(at + "pathPattern"); matches(strings.TrimPrefix(p, "/"), strings.TrimPrefix(t.req.Path, "/")) {
			behaviour, why = at, "behaviour "+p
			break
		}
	}
	t.pass("distribution", d, why)
	if !slices.Contains(d.Texts(behaviour+"allowedMethods"), t.req.Method) {
		return fmt.Errorf("the distribution %s answers 403 itself: its %s does not allow %s", d.ID, why, t.req.Method)
	}
	origin := d.Text(behaviour + "targetOriginId")
	groups, _ := d.At("originGroups").([]any)
	for i := range groups {
		if at := fmt.Sprintf("originGroups[%d].", i); d.Text(at+"originId") == origin {
			origin = d.Text(at + "members[0].originId")
		}
	}
	origins, _ := d.At("origins").([]any)
	for i := range origins {
		at := fmt.Sprintf("origins[%d].", i)
		if d.Text(at+"originId") != origin {
			continue
		}
		headers, _ := d.At(at + "customHeaders").([]any)
		for j := range headers {
			h := fmt.Sprintf("%scustomHeaders[%d].", at, j)
			t.headers[strings.ToLower(d.Text(h+"name"))] = d.Text(h + "value")
		}
		return t.resolve(strings.ToLower(d.Text(at + "domainName")))
	}
	return fmt.Errorf("the distribution %s has no origin %s", d.ID, origin)
}

// loadBalancer goes through a load balancer's HTTPS listener.
func (t *tracer) loadBalancer(lb *cloud.Resource, host string) error {
	t.pass("load balancer", lb, "")
	listener := t.find("Listener", func(r *cloud.Resource) bool {
		port, _ := r.At("port").(float64)
		return r.Text("loadBalancerArn") == lb.ID && port == 443 && r.Text("protocol") == "HTTPS"
	})
	if listener == nil {
		return fmt.Errorf("the load balancer %s has no HTTPS listener on port 443", lb.Text("name"))
	}
	t.pass("listener", listener, "")
	arn := listener.Text("certificateArn")
	cert := t.find("Certificate", func(r *cloud.Resource) bool { return r.Text("arn") == arn })
	switch {
	case cert == nil:
		return fmt.Errorf("the listener's certificate %s does not exist", arn)
	case cert.Text("status") != "ISSUED":
		return fmt.Errorf("the listener's certificate %s is %s", arn, cert.Text("status"))
	case !slices.ContainsFunc(append(cert.Texts("subjectAlternativeNames"), cert.Text("domainName")), func(n string) bool { return covers(n, host) }) &&
		!strings.HasSuffix(host, ".elb.amazonaws.com"):
		return fmt.Errorf("the listener's certificate %s does not cover %s", arn, host)
	}
	t.pass("certificate", cert, "")
	group, err := t.rule(listener, host)
	if err != nil {
		return err
	}
	return t.targetGroup(group)
}

// rule picks the listener's rule and returns the target group it forwards to.
func (t *tracer) rule(listener *cloud.Resource, host string) (string, error) {
	var rules []*cloud.Resource
	for _, r := range t.byType["ListenerRule"] {
		if r.Text("listenerArn") == listener.ID {
			rules = append(rules, r)
		}
	}
	priority := func(r *cloud.Resource) float64 { p, _ := r.At("priority").(float64); return p }
	slices.SortFunc(rules, func(a, b *cloud.Resource) int { return int(priority(a) - priority(b)) })
	for _, r := range rules {
		ok, err := t.meets(r, host)
		if err != nil {
			return "", err
		}
		if ok {
			t.pass("rule", r, fmt.Sprintf("priority %v", priority(r)))
			return t.action(r, "actions", "the rule of priority "+fmt.Sprint(priority(r)))
		}
	}
	return t.action(listener, "defaultActions", "no rule of the listener fits "+host+t.req.Path+", and its default action")
}

// meets says whether the request meets all conditions of a rule.
func (t *tracer) meets(r *cloud.Resource, host string) (bool, error) {
	conditions, _ := r.At("conditions").([]any)
	any := func(patterns []string, s string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, s) })
	}
	for i := range conditions {
		at := fmt.Sprintf("conditions[%d].", i)
		ok := false
		switch {
		case r.At(at+"pathPattern") != nil:
			ok = any(r.Texts(at+"pathPattern.values"), t.req.Path)
		case r.At(at+"hostHeader") != nil:
			ok = any(lower(r.Texts(at+"hostHeader.values")), host)
		case r.At(at+"httpHeader") != nil:
			value, sent := t.headers[strings.ToLower(r.Text(at+"httpHeader.httpHeaderName"))]
			ok = sent && any(r.Texts(at+"httpHeader.values"), value)
		default:
			return false, fmt.Errorf("the rule %s has a condition that cannot be followed: %v", r.ID, conditions[i])
		}
		if !ok {
			return false, nil
		}
	}
	return true, nil
}

func lower(list []string) []string {
	for i := range list {
		list[i] = strings.ToLower(list[i])
	}
	return list
}

// action returns the target group of a forward.
func (t *tracer) action(r *cloud.Resource, list, what string) (string, error) {
	actions, _ := r.At(list).([]any)
	for i := range actions {
		at := fmt.Sprintf("%s[%d].", list, i)
		switch kind := r.Text(at + "type"); kind {
		case "forward":
			if arn := r.Text(at + "targetGroupArn"); arn != "" {
				return arn, nil
			}
			groups, _ := r.At(at + "forward.targetGroups").([]any)
			best, most := "", -1.0
			for j := range groups {
				g := fmt.Sprintf("%sforward.targetGroups[%d].", at, j)
				w, set := r.At(g + "weight").(float64)
				if !set {
					w = 1
				}
				if w > most && w > 0 {
					best, most = r.Text(g+"arn"), w
				}
			}
			if best != "" {
				return best, nil
			}
			return "", fmt.Errorf("%s forwards to no target group with a weight", what)
		case "fixed-response":
			return "", fmt.Errorf("%s answers %s itself", what, r.Text(at+"fixedResponse.statusCode"))
		case "redirect":
			return "", fmt.Errorf("%s redirects", what)
		}
	}
	return "", fmt.Errorf("%s forwards nowhere", what)
}

// targetGroup goes through a target group and its binding into a cluster.
func (t *tracer) targetGroup(arn string) error {
	group := t.find("TargetGroup", func(r *cloud.Resource) bool { return r.ID == arn })
	if group == nil {
		return fmt.Errorf("the target group %s does not exist", arn)
	}
	t.pass("target group", group, "")
	binding := t.find("kubernetes TargetGroupBinding", func(r *cloud.Resource) bool {
		return r.Text("spec.targetGroupARN") == arn || r.Text("spec.targetGroupName") == group.Text("name")
	})
	if binding == nil {
		return fmt.Errorf("the target group %s has no targets: no TargetGroupBinding names it", group.Text("name"))
	}
	t.pass("binding", binding, "")
	inCluster := func(r *cloud.Resource) bool { return r.Scope == binding.Scope }
	if t.find("kubernetes Release", func(r *cloud.Resource) bool {
		chart := r.Text("chart")
		return inCluster(r) && chart[strings.LastIndex(chart, "/")+1:] == "aws-load-balancer-controller"
	}) == nil {
		return fmt.Errorf("the binding %s has no effect: the AWS Load Balancer Controller is not installed in its cluster", binding.ID)
	}
	namespace, name := binding.Text("metadata.namespace"), binding.Text("spec.serviceRef.name")
	service := t.find("kubernetes Service", func(r *cloud.Resource) bool { return inCluster(r) && r.ID == namespace+"/"+name })
	if service == nil {
		return fmt.Errorf("the binding %s names the service %s/%s, which does not exist", binding.ID, namespace, name)
	}
	port, err := servicePort(service, binding.At("spec.serviceRef.port"))
	if err != nil {
		return err
	}
	t.pass("service", service, "")
	return t.pods(service, port)
}

// servicePort returns a service's target port: a number, or a name of the
// pods'.
func servicePort(service *cloud.Resource, want any) (any, error) {
	ports, _ := service.At("spec.ports").([]any)
	for i := range ports {
		at := fmt.Sprintf("spec.ports[%d].", i)
		if service.At(at+"port") != want && service.At(at+"name") != want {
			continue
		}
		if target := service.At(at + "targetPort"); target != nil {
			return target, nil
		}
		return service.At(at + "port"), nil
	}
	return nil, fmt.Errorf("the service %s has no port %v", service.ID, want)
}

// pods ends at a deployment that the service selects and that has ready pods.
func (t *tracer) pods(service *cloud.Resource, port any) error {
	selector, _ := service.At("spec.selector").(map[string]any)
	if len(selector) == 0 {
		return fmt.Errorf("the service %s selects no pods: it has no selector", service.ID)
	}
	namespace := service.Text("metadata.namespace")
	var reason error
	for _, d := range t.byType["kubernetes Deployment"] {
		if d.Scope != service.Scope || d.Text("metadata.namespace") != namespace {
			continue
		}
		labels, _ := d.At("spec.template.metadata.labels").(map[string]any)
		fits := true
		for k, v := range selector {
			fits = fits && labels[k] == v
		}
		if !fits {
			continue
		}
		ready, _ := d.At("status.readyReplicas").(float64)
		switch {
		case ready < 1:
			reason = fmt.Errorf("the deployment %s, which the service %s selects, has no ready pods", d.ID, service.ID)
		case !listens(d, port):
			reason = fmt.Errorf("no container of the deployment %s has the port %v that the service %s sends to", d.ID, port, service.ID)
		default:
			t.pass("pods", d, fmt.Sprintf("%v ready", ready))
			return nil
		}
	}
	if reason != nil {
		return reason
	}
	return fmt.Errorf("the service %s selects no pods: no deployment in %s has the labels %v", service.ID, namespace, selector)
}

// listens says whether a container declares a port, by number or by name. A
// container need not declare a port that is given by number, but if it declares
// any, the one that is used is expected among them.
func listens(d *cloud.Resource, port any) bool {
	declared := false
	containers, _ := d.At("spec.template.spec.containers").([]any)
	for i := range containers {
		ports, _ := d.At(fmt.Sprintf("spec.template.spec.containers[%d].ports", i)).([]any)
		for j := range ports {
			declared = true
			at := fmt.Sprintf("spec.template.spec.containers[%d].ports[%d].", i, j)
			if d.At(at+"containerPort") == port || d.At(at+"name") == port {
				return true
			}
		}
	}
	_, named := port.(string)
	return !declared && !named
}

// covers says whether a name, which may begin with a wildcard, is good for a
// host.
func covers(name, host string) bool {
	_, parent, _ := strings.Cut(host, ".")
	return strings.EqualFold(name, host) || strings.EqualFold(name, "*."+parent)
}

// matches compares with a pattern in which * is any text and ? any character.
func matches(pattern, s string) bool {
	if pattern == "*" {
		return true
	}
	// path.Match keeps * within a path's element; these patterns do not.
	const slash = "\x01"
	escape := strings.NewReplacer("/", slash, "[", `\[`, `\`, `\\`)
	ok, err := path.Match(escape.Replace(pattern), strings.ReplaceAll(s, "/", slash))
	return err == nil && ok
}
