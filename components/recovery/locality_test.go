package recovery

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tandem-platform/tandem/sandbox/cloud/document/statemachine"
)

// drawn are plans of every shape.
func drawn(t *rapid.T) *plan {
	p := rapid.SampledFrom([]func() *plan{home, standby}).Draw(t, "of")()
	p.Approval = rapid.SampledFrom([]Approval{Automatic, Manual, AutomaticAfterWait}).Draw(t, "approval")
	if p.Approval != Automatic {
		p.ApprovalSeconds = rapid.IntRange(1, 86400).Draw(t, "wait")
	}
	p.FenceSeconds = rapid.IntRange(1, 3600).Draw(t, "fence")
	p.ConnectionSeconds = rapid.IntRange(70, 604810).Draw(t, "connections")
	p.LeaseSeconds = max(p.FenceSeconds, p.ConnectionSeconds) + 80
	p.PromotionSeconds = rapid.IntRange(60, 7200).Draw(t, "promotion")
	p.Way = nil
	if rapid.Bool().Draw(t, "way") {
		p.Way = full().Way
	}
	if rapid.Bool().Draw(t, "pods") {
		of := full()
		p.Workloads, p.ClusterEndpoint, p.ClusterAuthority = of.Workloads, of.ClusterEndpoint, of.ClusterAuthority
	}
	p.NodeGroups = nil
	for i := range rapid.IntRange(0, 3).Draw(t, "groups") {
		p.NodeGroups = append(p.NodeGroups, nodeGroup{Name: fmt.Sprint("group-", i), MinSize: rapid.IntRange(1, 450).Draw(t, "nodes")})
	}
	if rapid.Bool().Draw(t, "readers") {
		p.Readers = &readers{ClusterID: "c", Min: 1, Max: 5}
	}
	return p
}

func both(p *plan) []machine { return []machine{p.takeover(), p.failback()} }

// each calls f for every state of a machine and of its branches.
func (m machine) each(f func(name string, s state)) {
	for _, name := range slices.Sorted(maps.Keys(m.States)) {
		f(name, m.States[name])
		for _, b := range m.States[name].Branches {
			b.each(f)
		}
	}
}

func TestStepFunctionsTakesEveryDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		for _, m := range both(p) {
			text, err := m.json()
			require.NoError(t, err)
			require.NoError(t, statemachine.Check(text, p.Region))
		}
	})
}

// local are the integrations that act within the machine's own region, by the
// service that they call. None of these services is controlled from us-east-1
// alone, as IAM, Route 53, CloudFront and ACM for CloudFront are (AWS whitepaper
// "AWS Fault Isolation Boundaries").
var local = regexp.MustCompile(`^arn:aws:states:::(aws-sdk:(rds|cloudwatch|ec2|eks|s3|applicationautoscaling):[A-Za-z]+|dynamodb:(get|update)Item|eks:call|sns:publish(\.waitForTaskToken)?|http:invoke)$`)

var (
	arns  = regexp.MustCompile(`arn:aws:([a-z0-9-]+):([a-z0-9-]*):`)
	hosts = regexp.MustCompile(`https?://([^/"]+)`)
)

func TestEveryStepStaysInItsOwnRegionAndCallsNoControlPlaneOfUsEast1(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		for _, m := range both(p) {
			m.each(func(name string, s state) {
				if s.Type != "Task" {
					return
				}
				require.Regexp(t, local, s.Resource, name)
				text, err := json.Marshal(s.Parameters)
				require.NoError(t, err)
				for _, arn := range arns.FindAllStringSubmatch(string(text), -1) {
					require.Equal(t, p.Region, arn[2], "%s names %s", name, arn[0])
					require.NotContains(t, []string{"iam", "route53", "cloudfront", "acm", "wafv2"}, arn[1], name)
				}
				text = []byte(strings.ReplaceAll(string(text), `"`+p.ClusterEndpoint+`"`, `""`)) // of this region's cluster, by the caller
				for _, host := range hosts.FindAllStringSubmatch(string(text), -1) {
					require.True(t, strings.HasSuffix(host[1], ".tandem.example"), "%s asks %s, which is no endpoint of the platform", name, host[1])
				}
			})
		}
	})
}

func TestEveryCallHasATimeoutAndALeadOutOfItsErrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, m := range both(drawn(t)) {
			require.Positive(t, m.TimeoutSeconds)
			m.each(func(name string, s state) {
				if s.Type != "Task" {
					return
				}
				require.Positive(t, s.TimeoutSeconds, name)
				require.NotEmpty(t, s.Retry, name)
				require.NotEmpty(t, s.Catch, name)
				last := s.Catch[len(s.Catch)-1]
				require.Equal(t, []string{anyError}, last.ErrorEquals, "%s leaves errors alone", name)
			})
		}
	})
}

func TestAFailureIsToldWithTheStepThatFailed(t *testing.T) {
	for _, m := range both(full()) {
		tell := m.States["NotifyFailure"]
		if tell.Next == "UndoCut?" {
			require.True(t, m.dominated("UndoCut 1", "NotifyFailure"))
			tell.Next = m.States["UndoCut?"].Default
		}
		require.Equal(t, "Failed", tell.Next)
		message := tell.Parameters.(object)["Message"].(object)
		require.Equal(t, "$.failure", message["failure.$"])
		m.each(func(name string, s state) {
			for _, c := range s.Catch {
				if path, ok := c.ResultPath.(string); ok && c.Next == "NotifyFailure" {
					require.Regexp(t, `^\$\.failure\.[A-Za-z]+$`, path, name)
				}
			}
		})
	}
}

// dominated tells whether every way from the start to a state leads through
// another one.
func (m machine) dominated(state, by string) bool {
	seen := map[string]bool{by: true} // a wall
	todo := []string{m.StartAt}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		s := m.States[name]
		next := []string{s.Next, s.Default}
		for _, c := range s.Choices {
			next = append(next, c.Next)
		}
		for _, c := range s.Catch {
			next = append(next, c.Next)
		}
		for _, n := range next {
			if n != "" {
				todo = append(todo, n)
			}
		}
	}
	return !seen[state] || state == by
}

func TestThePromotionComesAfterTheFenceAndTheFenceAfterTheRouting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		m := p.takeover()
		require.True(t, m.dominated("Promote", "AwaitFence"), "a promotion that is not fenced loses writes")
		if p.Routing != nil {
			require.True(t, m.dominated("AwaitFence", "FlipRouting"), "clients are led away before the wait")
		}
		// Either the lease was free, or it was old.
		without := p.takeover()
		old := without.States["TakeOldLease"]
		old.Next = "AlreadyRunning"
		without.States["TakeOldLease"] = old
		for _, acts := range []string{"RaiseCapacity", "AwaitFence", "Promote", "Verify"} {
			require.True(t, without.dominated(acts, "TakeLease"), "%s without the lease", acts)
			require.True(t, m.dominated(acts, "WhoWrites?"), acts)
		}
		back := p.failback()
		require.True(t, back.dominated("SwitchOver", "ProbeOther"))
		if p.Routing != nil {
			require.True(t, back.dominated("ReturnRouting", "VerifyOther"), "clients are led home once home answers")
		}
	})
}

func TestNothingActsOnAHealthyRegionUnlessForced(t *testing.T) {
	m := standby().takeover()
	// Whoever writes is asked first; force is one way round the signals, and that this
	// region writes already is the other.
	who := m.States["WhoWrites?"]
	who.Choices = slices.DeleteFunc(slices.Clone(who.Choices), func(r rule) bool {
		text, _ := json.Marshal(r)
		return r.Next == "TakeLease" && strings.Contains(string(text), "$.request.")
	})
	m.States["WhoWrites?"] = who
	require.True(t, m.dominated("TakeLease", "Judge"))
	judge := m.States["Judge"]
	require.Equal(t, "RefuseHealthy", judge.Choices[0].Next, "the first rule is about a region that answers")
	require.Equal(t, "AskInDoubt", judge.Default)
}

func TestAMachineMayDoWhatItDoesAndNothingElse(t *testing.T) {
	r := resources{Region: "us-west-2", OtherRegion: "us-east-1", AccountID: "123456789012", TakeoverObjectARN: "object", NodeGroupARNs: []any{"nodes"}}
	actions := func(m machine) (all []string) {
		for _, s := range m.permissions(r) {
			require.NotEmpty(t, s.Sid)
			all = append(all, s.Action...)
		}
		return all
	}
	takeover, failback := actions(standby().takeover()), actions(standby().failback())
	require.Contains(t, takeover, "rds:FailoverGlobalCluster")
	require.NotContains(t, takeover, "rds:SwitchoverGlobalCluster")
	require.Contains(t, failback, "rds:SwitchoverGlobalCluster")
	require.NotContains(t, failback, "rds:FailoverGlobalCluster")
	require.NotContains(t, failback, "s3:PutObject", "only a takeover takes routing")
	require.NotContains(t, actions(home().takeover()), "s3:PutObject", "home's machine has no object to write")
	rapid.Check(t, func(t *rapid.T) {
		for _, m := range both(drawn(t)) {
			for _, s := range m.permissions(r) {
				for _, action := range s.Action {
					service, _, _ := strings.Cut(action, ":")
					require.NotContains(t, []string{"iam", "route53", "cloudfront", "acm", "sts"}, service)
					require.NotContains(t, action, "*")
				}
			}
		}
	})
}
