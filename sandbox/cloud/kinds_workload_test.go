package cloud_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

const (
	storeType    = "kubernetes:external-secrets.io/v1:SecretStore"
	externalType = "kubernetes:external-secrets.io/v1:ExternalSecret"
	accountType  = "kubernetes:core/v1:ServiceAccount"
	cronJobType  = "kubernetes:batch/v1:CronJob"
)

// in puts an object into a namespace.
func in(namespace string, o props) props {
	o["metadata"].(props)["namespace"] = namespace
	return o
}

func TestPodsBehindAGateNeedATargetGroupThatIsAskedForItsHealth(t *testing.T) {
	w := cloudtest.New(t)
	s := w.Site("us-east-1", "PRIMARY", w.AWS("us-east-1").Zone())
	s.K8s.Make(namespaceType, "n", props{"metadata": props{
		"name": "gated", "labels": props{"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"},
	}})
	s.K8s.Make(serviceType, "s", object("shop", "gated", props{"spec": props{"selector": props{"app": "shop"}, "ports": []any{props{"port": 80}}}}))
	group := s.AWS.Make("aws:lb/targetGroup:TargetGroup", "shop", props{
		"name": "shop", "port": 8080, "protocol": "HTTP", "targetType": "ip", "vpcId": s.Network.VPC.ID,
	})
	binding := func(name string) props {
		return object(name, "gated", props{"spec": props{"targetGroupARN": group.ID, "serviceRef": props{"name": "shop", "port": 80}}})
	}
	s.K8s.Make(bindingType, "b", binding("shop"))
	s.K8s.Refused(bindingType, "second", binding("second"), "is already bound to following TargetGroupBindings [gated/shop]")

	s.K8s.Refused(deploymentType, "d", in("gated", deployment("shop", nil)), "Target.NotInUse", group.ID, "make the listener's rule first")
	s.K8s.Make(deploymentType, "other", in("gated", deployment("other", nil))) // no service selects it
	s.AWS.Make("aws:lb/listenerRule:ListenerRule", "shop", props{
		"listenerArn": s.Listener.ID, "priority": 7,
		"conditions": []any{props{"pathPattern": props{"values": []any{"/shop"}}}},
		"actions": []any{props{"type": "forward", "forward": props{"targetGroups": []any{
			props{"arn": s.Group.ID, "weight": 100}, props{"arn": group.ID, "weight": 0},
		}}}},
	})
	s.K8s.Make(deploymentType, "d", in("gated", deployment("shop", nil)))
}

func TestSecretsAreCopiedByStoresThatMayReadThem(t *testing.T) {
	w, _, p := clusterWorld(t)
	east := w.AWS("us-east-1")
	store := func(account string) props {
		return object("store", "default", props{"spec": props{"provider": props{"aws": props{
			"service": "SecretsManager", "region": "us-east-1", "auth": props{"jwt": props{"serviceAccountRef": props{"name": account}}},
		}}}})
	}
	p.Refused(storeType, "store", store("reader"), `no matches for kind "SecretStore"`, "the chart external-secrets is not installed")
	p.Make(releaseType, "operator", props{"name": "external-secrets", "chart": "external-secrets", "version": "0.20.4", "namespace": "kube-system"})
	p.Refused(storeType, "store", store("reader"), `serviceaccounts "reader" not found`)

	role := func(name, subject string) string {
		return east.Make("aws:iam/role:Role", name, props{"name": name, "assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` +
			`"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/oidc"},"Action":"sts:AssumeRoleWithWebIdentity",` +
			`"Condition":{"StringEquals":{"oidc:sub":"` + subject + `"}}}]}`}).Get("arn")
	}
	account := func(name, role string) {
		p.Make(accountType, name, props{"metadata": props{"name": name, "namespace": "default", "annotations": props{"eks.amazonaws.com/role-arn": role}}})
	}
	p.Make(accountType, "bare", object("bare", "default", nil))
	p.Refused(storeType, "store", store("bare"), "an IAM role must be associated with service account bare")
	account("stranger", role("stranger", "system:serviceaccount:other:stranger"))
	p.Refused(storeType, "store", store("stranger"), "AccessDenied", "does not trust system:serviceaccount:default:stranger")
	account("reader", role("reader", "system:serviceaccount:default:reader"))
	p.Make(storeType, "store", store("reader"))

	secret := east.Make("aws:secretsmanager/secret:Secret", "password", props{"name": "password"})
	external := func(store, key string) props {
		return object("copy", "default", props{"spec": props{
			"secretStoreRef": props{"kind": "SecretStore", "name": store}, "target": props{"name": "passwords"},
			"data": []any{props{"secretKey": "PASSWORD", "remoteRef": props{"key": key}}},
		}})
	}
	p.Refused(externalType, "copy", external("none", secret.ID), `SecretStore "none" not found`)
	p.Refused(externalType, "copy", external("store", "arn:aws:secretsmanager:us-east-1:123456789012:secret:none-AbCdEf"))

	pods := deployment("d", props{"template": props{
		"metadata": props{"labels": props{"app": "d"}}, "spec": props{"containers": []any{props{"name": "c", "image": "i", "env": []any{
			props{"name": "PASSWORD", "valueFrom": props{"secretKeyRef": props{"name": "passwords", "key": "PASSWORD"}}},
		}}}},
	}})
	p.Refused(deploymentType, "d", pods, `secrets "default/passwords" not found`)
	p.Make(externalType, "copy", external("store", secret.ID))
	p.Make(deploymentType, "d", pods)
}

func TestASecretIsReadInTheRegionOfTheStore(t *testing.T) {
	w, _, p := clusterWorld(t)
	p.Make(releaseType, "operator", props{"name": "external-secrets", "chart": "external-secrets", "version": "0.20.4", "namespace": "kube-system"})
	p.Make(storeType, "store", object("store", "default", props{"spec": props{"provider": props{"aws": props{"service": "SecretsManager", "region": "us-east-1"}}}}))
	west := w.AWS("us-west-2").Make("aws:secretsmanager/secret:Secret", "password", props{"name": "password"})
	p.Refused(externalType, "copy", object("copy", "default", props{"spec": props{
		"secretStoreRef": props{"name": "store"}, "data": []any{props{"secretKey": "P", "remoteRef": props{"key": west.ID}}},
	}}), "Secrets Manager can't find the specified secret", "in us-east-1")
}

func TestCronJobsAreHeldAgainstTheRulesOfTheServer(t *testing.T) {
	_, _, p := clusterWorld(t)
	job := func(name, schedule, restart string, more props) props {
		spec := props{"schedule": schedule, "jobTemplate": props{"spec": props{"template": props{"spec": props{
			"restartPolicy": restart, "containers": []any{props{"name": "c", "image": "i"}},
		}}}}}
		for k, v := range more {
			spec[k] = v
		}
		return object(name, "default", props{"spec": spec})
	}
	for name, c := range map[string]struct {
		in   props
		want string
	}{
		"four fields":       {job("j", "0 8 * *", "Never", nil), "spec.schedule: Invalid value: \"0 8 * *\": expected exactly 5 fields"},
		"zone in schedule":  {job("j", "TZ=UTC 0 8 * * *", "Never", nil), "use timeZone field instead"},
		"no such zone":      {job("j", "0 8 * * *", "Never", props{"timeZone": "Mars/Olympus"}), "unknown time zone Mars/Olympus"},
		"started for ever":  {job("j", "0 8 * * *", "Always", nil), `supported values: "OnFailure", "Never"`},
		"too long a name":   {job(strings.Repeat("j", 53), "0 8 * * *", "Never", nil), "must be no more than 52 characters"},
		"a typo in the pod": {job("j", "0 8 * * *", "Never", props{"jobTemplat": props{}}), `unknown field "spec.jobTemplat"`},
	} {
		_, failures := p.Check(cronJobType, "x", nil, inputs(c.in))
		if !slices.ContainsFunc(failures, func(f string) bool { return strings.Contains(f, c.want) }) {
			t.Errorf("%s: %q, want %q", name, failures, c.want)
		}
	}
	p.Make(cronJobType, "j", job("j", "0 8 * * 1-5", "Never", props{"timeZone": "Europe/Berlin"}))
}
