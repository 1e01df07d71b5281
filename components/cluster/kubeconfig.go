package cluster

import "encoding/json"

// kubeconfig returns a kubeconfig, as JSON, that gets its tokens from the AWS
// CLI. Unlike the one that pulumi-eks makes it names the region, so it works
// whatever region the caller's environment is set to. It holds no secret.
func kubeconfig(cluster, region, endpoint, certificateAuthority, roleARN string) (string, error) {
	args := []string{"--region", region, "eks", "get-token", "--cluster-name", cluster, "--output", "json"}
	if roleARN != "" {
		args = append(args, "--role-arn", roleARN)
	}
	type object = map[string]any
	config, err := json.MarshalIndent(object{
		"apiVersion": "v1",
		"kind":       "Config",
		"clusters": []object{{"name": cluster, "cluster": object{
			"server":                     endpoint,
			"certificate-authority-data": certificateAuthority,
		}}},
		"contexts":        []object{{"name": cluster, "context": object{"cluster": cluster, "user": cluster}}},
		"current-context": cluster,
		"users": []object{{"name": cluster, "user": object{"exec": object{
			"apiVersion":      "client.authentication.k8s.io/v1",
			"command":         "aws",
			"args":            args,
			"interactiveMode": "Never",
		}}}},
	}, "", "  ")
	return string(config), err
}
