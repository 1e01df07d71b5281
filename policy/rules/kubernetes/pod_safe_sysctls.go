package kubernetes

import (
	"github.com/tandem-platform/tandem/policy/rule"
	"github.com/tandem-platform/tandem/policy/rules/internal/pods"
)

// safeSysctls are those that hold for one pod alone (Kubernetes, using sysctls in
// a cluster).
var safeSysctls = []string{
	"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
	"net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
}

var _ = rules.Add(pods.OnPod(rule.Rule{
	ID:          "pod-safe-sysctls",
	Title:       "Pods set no unsafe parameters of the kernel.",
	Severity:    rule.Medium,
	Description: "Other parameters are shared by the whole node.",
	Remedy:      "leave the parameter out",
	Check:       pods.That("securityContext.sysctls.*.name", rule.IsOneOf(safeSysctls...)),
}, rule.Properties{
	"securityContext": map[string]any{"sysctls": []any{map[string]any{"name": "net.ipv4.tcp_keepalive_time", "value": "60"}}},
}, "securityContext.sysctls.0.name", "kernel.msgmax"))
