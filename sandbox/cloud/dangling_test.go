package cloud_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

func TestAWholeSiteLeavesNothingDangling(t *testing.T) {
	w := cloudtest.New(t)
	w.Site("us-east-1", "PRIMARY", w.AWS("us-east-1").Zone())
	left, err := w.Cloud.Dangling()
	if err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestReferencesMustLeadSomewhereInTheEnd(t *testing.T) {
	const (
		hpaType     = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
		budgetType  = "kubernetes:policy/v1:PodDisruptionBudget"
		bindType    = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
		accountType = "kubernetes:core/v1:ServiceAccount"
	)
	w, c, p := clusterWorld(t)
	p.Make(configMapType, "settings", object("settings", "default", props{"data": props{"level": "info"}}))
	pods := func(spec props) props {
		container := props{"name": "c", "image": "i", "ports": []any{props{"name": "http", "containerPort": 8080}}}
		for k, v := range spec {
			container[k] = v
		}
		return props{"selector": props{"matchLabels": props{"app": "d"}}, "template": props{"metadata": props{"labels": props{"app": "d"}}, "spec": props{"containers": []any{container}}}}
	}
	env := func(kind, name, key string) props {
		return pods(props{"env": []any{props{"name": "E", "valueFrom": props{kind: props{"name": name, "key": key}}}}})
	}
	d := p.Make(deploymentType, "d", deployment("d", pods(nil)))
	scaler := func(name string) props {
		return object("h", "default", props{"spec": props{"maxReplicas": 3, "scaleTargetRef": props{"apiVersion": "apps/v1", "kind": "Deployment", "name": name}}})
	}
	service := func(app string, port any) props {
		return object("s", "default", props{"spec": props{"selector": props{"app": app}, "ports": []any{props{"port": 80, "targetPort": port}}}})
	}
	budget := func(app string) props {
		return object("b", "default", props{"spec": props{"maxUnavailable": 1, "selector": props{"matchLabels": props{"app": app}}}})
	}
	bind := func(kind, role, account string) props {
		return object("r", "default", props{
			"roleRef":  props{"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role},
			"subjects": []any{props{"kind": "ServiceAccount", "name": account, "namespace": "default"}},
		})
	}
	p.Make(accountType, "a", object("a", "default", nil))
	for name, step := range map[string]struct {
		typ       string
		good, bad props
		want      string
	}{
		"a service of no pods":        {serviceType, service("d", "http"), service("e", "http"), `services default/s: spec.selector: no endpoints available for service "s"`},
		"a service of no port":        {serviceType, service("d", 8080), service("d", "web"), `services default/s: spec.ports[0].targetPort: no suitable port for manifest: no container of its pods has a port "web"`},
		"a budget of no pods":         {budgetType, budget("d"), budget("e"), `poddisruptionbudgets.policy default/b: spec.selector: no matching pods: app=e`},
		"a scaler of nothing":         {hpaType, scaler("d"), scaler("e"), `spec.scaleTargetRef: deployments.apps "e" not found`},
		"a binding to no role":        {bindType, bind("ClusterRole", "view", "a"), bind("Role", "view", "a"), `roleRef: roles.rbac.authorization.k8s.io "view" not found`},
		"a binding of no account":     {bindType, bind("ClusterRole", "view", "a"), bind("ClusterRole", "view", "b"), `subjects[0]: serviceaccounts "b" not found`},
		"an environment of no secret": {deploymentType, nil, deployment("d2", pods(props{"envFrom": []any{props{"secretRef": props{"name": "keys"}}}})), `containers[0].envFrom[0].secretRef: secrets "keys" not found`},
		"an environment of no key": {deploymentType, deployment("d2", env("configMapKeyRef", "settings", "level")), deployment("d2", env("configMapKeyRef", "settings", "depth")),
			"couldn't find key depth in ConfigMap default/settings"},
		"a probe of no port": {deploymentType, deployment("d2", pods(props{"readinessProbe": props{"httpGet": props{"port": "http"}}})),
			deployment("d2", pods(props{"readinessProbe": props{"httpGet": props{"port": "web"}}})), `couldn't find port by name in container "c"`},
		"pods of no priority": {deploymentType, nil, deployment("d2", props{"template": props{
			"metadata": props{"labels": props{"app": "d2"}}, "spec": props{"priorityClassName": "high", "containers": []any{props{"name": "c", "image": "i"}}},
		}}), `priorityclasses.scheduling.k8s.io "high" not found`},
	} {
		t.Run(name, func(t *testing.T) {
			if step.good != nil {
				r := p.Make(step.typ, "x", step.good)
				if left, err := w.Cloud.Dangling(); err != nil || len(left) > 0 {
					t.Errorf("a good one: %v, %v", left, err)
				}
				if err := r.Delete(); err != nil {
					t.Fatal(err)
				}
			}
			r := p.Make(step.typ, "x", step.bad)
			left, err := w.Cloud.Dangling()
			if err != nil {
				t.Fatal(err)
			}
			var texts []string
			for _, d := range left {
				texts = append(texts, d.String())
				if d.URN != cloudtest.URN(step.typ, "x") {
					t.Errorf("it is said of %s", d.URN)
				}
			}
			if !slices.ContainsFunc(texts, func(s string) bool { return strings.HasPrefix(s, c.ID+": ") && strings.Contains(s, step.want) }) || len(texts) != 1 {
				t.Errorf("%q, want %q", texts, step.want)
			}
			if err := r.Delete(); err != nil {
				t.Fatal(err)
			}
		})
	}
	if err := d.Delete(); err != nil {
		t.Fatal(err)
	}
}

func TestABindingNeedsItsServiceInTheEnd(t *testing.T) {
	w := cloudtest.New(t)
	s := w.Site("us-east-1", "PRIMARY", w.AWS("us-east-1").Zone())
	if err := s.Service.Delete(); err != nil {
		t.Fatal(err)
	}
	left, err := w.Cloud.Dangling()
	if err != nil || len(left) != 1 || !strings.Contains(left[0].String(), `targetgroupbindings.elbv2.k8s.aws web/web: spec.serviceRef: services "web" not found`) {
		t.Errorf("%v, %v", left, err)
	}
}
