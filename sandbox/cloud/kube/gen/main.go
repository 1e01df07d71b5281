// Command gen reads the schemas of the modelled kinds of Kubernetes objects from
// the Go modules that publish them, and writes them to one file. See package kube.
//
// Modules come through the go command, so they are verified and cached as any
// other, and enter no go.mod. Where a module cannot be had that way, -checkout
// names a folder with its files.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/tandem-platform/tandem/sandbox/cloud"
	"github.com/tandem-platform/tandem/sandbox/cloud/kube"
)

// apiServer is the module of tools that has Kubernetes itself.
const apiServer = "tools/kube-apiserver/go.mod"

// source is a file with custom resource definitions in a Go module.
type source struct{ module, version, file string }

// sources are where the custom kinds come from. Where a chart is pinned by a
// component, the module is the controller's of that chart.
var sources = map[string]source{
	"elbv2.k8s.aws/v1beta1/TargetGroupBinding": {
		// v2.14.0, whose module path has no major version
		"sigs.k8s.io/aws-load-balancer-controller", "v0.0.0-20251002041656-d847890e67b4", "config/crd/bases/elbv2.k8s.aws_targetgroupbindings.yaml",
	},
	// Not the one of sigs.k8s.io/karpenter: this one knows AWS's labels.
	"karpenter.sh/v1/NodePool":          {"github.com/aws/karpenter-provider-aws", "v1.14.0", "pkg/apis/crds/karpenter.sh_nodepools.yaml"},
	"karpenter.k8s.aws/v1/EC2NodeClass": {"github.com/aws/karpenter-provider-aws", "v1.14.0", "pkg/apis/crds/karpenter.k8s.aws_ec2nodeclasses.yaml"},
	"autoscaling.k8s.io/v1/VerticalPodAutoscaler": {
		"k8s.io/autoscaler/vertical-pod-autoscaler", "v1.7.0", "deploy/vpa-v1-crd-gen.yaml",
	},
	"external-secrets.io/v1/ExternalSecret": {
		"github.com/external-secrets/external-secrets", "v1.3.2", "config/crds/bases/external-secrets.io_externalsecrets.yaml",
	},
	"external-secrets.io/v1/SecretStore": {
		"github.com/external-secrets/external-secrets", "v1.3.2", "config/crds/bases/external-secrets.io_secretstores.yaml",
	},
	"external-secrets.io/v1/ClusterSecretStore": {
		"github.com/external-secrets/external-secrets", "v1.3.2", "config/crds/bases/external-secrets.io_clustersecretstores.yaml",
	},
	"secrets-store.csi.x-k8s.io/v1/SecretProviderClass": {
		"sigs.k8s.io/secrets-store-csi-driver", "v1.5.4", "config/crd/bases/secrets-store.csi.x-k8s.io_secretproviderclasses.yaml",
	},
}

func main() {
	out := flag.String("out", "schemas.json", "file to write")
	checkouts := map[string]string{}
	flag.Func("checkout", "`module=folder`: take the module's files from there", func(v string) error {
		module, folder, ok := strings.Cut(v, "=")
		if !ok {
			return errors.New("must be module=folder")
		}
		checkouts[module] = folder
		return nil
	})
	flag.Parse()
	if err := run(*out, checkouts); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(out string, checkouts map[string]string) error {
	s, err := builtIn()
	if err != nil {
		return err
	}
	var problems []error
	for key, from := range wanted() {
		folder := checkouts[from.module]
		if folder == "" {
			if folder, err = download(from); err != nil {
				problems = append(problems, err)
				continue
			}
		}
		k, err := custom(key, filepath.Join(folder, filepath.FromSlash(from.file)))
		problems = append(problems, err)
		s.Kinds[key], s.Modules[from.module] = k, from.version
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	text, err := encode(s)
	if err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o644)
}

// wanted are the sources of the custom kinds that are modelled.
func wanted() map[string]source {
	custom := map[string]source{}
	for _, key := range cloud.KubernetesKinds() {
		if from, ok := sources[key]; ok {
			custom[key] = from
		}
	}
	return custom
}

// download has the go command fetch a module and returns the folder with its files.
func download(from source) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", from.module+"@"+from.version)
	cmd.Dir = os.TempDir() // outside of every module
	answer, err := cmd.Output()
	var m struct{ Dir, Error string }
	if bad := json.Unmarshal(answer, &m); bad != nil {
		return "", fmt.Errorf("downloading %s@%s: %w", from.module, from.version, errors.Join(err, bad))
	}
	if m.Error != "" {
		return "", fmt.Errorf("downloading %s@%s: %s", from.module, from.version, m.Error)
	}
	return m.Dir, err
}

// custom reads the definition of a custom kind.
func custom(key, file string) (*kube.Kind, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	i := strings.LastIndex(key, "/")
	apiVersion, name := key[:i], key[i+1:]
	for _, doc := range bytes.Split(text, []byte("\n---")) {
		var crd struct {
			Spec struct {
				Group    string
				Scope    string
				Names    struct{ Plural, Kind string }
				Versions []struct {
					Name         string
					Schema       struct{ OpenAPIV3Schema map[string]any }
					Subresources map[string]any
				}
			}
		}
		if err := yaml.Unmarshal(doc, &crd); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if crd.Spec.Names.Kind != name {
			continue
		}
		for _, v := range crd.Spec.Versions {
			if crd.Spec.Group+"/"+v.Name != apiVersion {
				continue
			}
			schema, err := decode(v.Schema.OpenAPIV3Schema)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			return &kube.Kind{
				Plural: crd.Spec.Names.Plural, Namespaced: crd.Spec.Scope == "Namespaced", Custom: true, Schema: schema,
				Subresources: slices.Sorted(maps.Keys(v.Subresources)),
			}, nil
		}
	}
	return nil, fmt.Errorf("%s: there is no %s", file, key)
}

// decode takes over a schema without what is said to readers. A word that the
// type does not have is an error, so that none is passed over.
func decode(schema map[string]any) (*kube.Schema, error) {
	text, err := json.Marshal(trimmed(schema))
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	s := &kube.Schema{}
	return s, d.Decode(s)
}

// forReaders are the words of a schema that no check reads.
var forReaders = []string{
	"description", "title", "example", "externalDocs", "x-kubernetes-patch-merge-key", "x-kubernetes-patch-strategy",
	"x-kubernetes-group-version-kind", "x-kubernetes-unions",
}

// trimmed is a schema without the words for readers.
func trimmed(schema map[string]any) map[string]any {
	out := map[string]any{}
	for word, v := range schema {
		switch {
		case slices.Contains(forReaders, word):
		case word == "properties":
			byName := map[string]any{}
			for name, p := range v.(map[string]any) {
				byName[name] = trimmed(p.(map[string]any))
			}
			out[word] = byName
		case word == "additionalProperties" && v == true:
			out["x-kubernetes-preserve-unknown-fields"] = true
		case word == "items" || word == "additionalProperties" || word == "not":
			if s, ok := v.(map[string]any); ok {
				out[word] = trimmed(s)
			}
		case word == "anyOf" || word == "oneOf" || word == "allOf":
			var list []any
			for _, s := range v.([]any) {
				list = append(list, trimmed(s.(map[string]any)))
			}
			out[word] = list
		case word == "x-kubernetes-validations":
			out[word] = v
		default:
			out[word] = v
		}
	}
	return out
}

// builtIn reads the kinds that come with the API server: their schemas as the
// server publishes them, and their paths from its discovery documents.
func builtIn() (*kube.Schemas, error) {
	root, err := projectRoot()
	if err != nil {
		return nil, err
	}
	module, err := goCommand(root, "list", "-modfile="+apiServer, "-m", "-f", "{{.Version}} {{.Dir}}", "k8s.io/kubernetes")
	if err != nil {
		return nil, err
	}
	version, dir, _ := strings.Cut(strings.TrimSpace(string(module)), " ")
	text, err := goCommand(root, "run", "-modfile="+apiServer, "k8s.io/kubernetes/pkg/generated/openapi/cmd/models-schema")
	if err != nil {
		return nil, err
	}
	var models struct{ Definitions map[string]map[string]any }
	if err := json.Unmarshal(text, &models); err != nil {
		return nil, fmt.Errorf("reading the schemas of Kubernetes: %w", err)
	}
	s := &kube.Schemas{
		Modules: map[string]string{"k8s.io/kubernetes": version},
		Kinds:   map[string]*kube.Kind{}, Definitions: map[string]*kube.Schema{},
	}
	for _, key := range cloud.KubernetesKinds() {
		if _, ok := sources[key]; ok {
			continue
		}
		i := strings.LastIndex(key, "/")
		k, err := discovered(dir, key[:i], key[i+1:])
		if err != nil {
			return nil, err
		}
		name := definition(models.Definitions, key[:i], key[i+1:])
		if name == "" {
			return nil, fmt.Errorf("kubernetes %s has no schema of %s; a custom kind needs a row in sources", version, key)
		}
		k.Schema = &kube.Schema{Ref: name}
		s.Kinds[key] = k
		if err := define(s, models.Definitions, name); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// definition is the name of the definition of a kind: its package ends in the
// group's first part and the version.
func definition(all map[string]map[string]any, apiVersion, kind string) string {
	group, version, found := strings.Cut(apiVersion, "/")
	if !found {
		group, version = "core", apiVersion
	}
	group, _, _ = strings.Cut(group, ".")
	name := "io.k8s.api." + group + "." + version + "." + kind
	if all[name] == nil {
		return ""
	}
	return name
}

// define takes over a definition and what it refers to.
func define(s *kube.Schemas, all map[string]map[string]any, name string) error {
	if s.Definitions[name] != nil {
		return nil
	}
	schema, err := decode(all[name])
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s.Definitions[name] = schema
	var follow func(*kube.Schema) error
	follow = func(of *kube.Schema) error {
		if of == nil {
			return nil
		}
		if of.Ref != "" {
			of.Ref = strings.TrimPrefix(of.Ref, "#/definitions/")
			return define(s, all, of.Ref)
		}
		for _, p := range of.Properties {
			if err := follow(p); err != nil {
				return err
			}
		}
		return errors.Join(follow(of.Items), follow(of.AdditionalProperties))
	}
	return follow(schema)
}

// discovered reads a kind's path from the discovery documents of Kubernetes.
func discovered(dir, apiVersion, kind string) (*kube.Kind, error) {
	name := "apis__" + strings.ReplaceAll(apiVersion, "/", "__")
	if !strings.Contains(apiVersion, "/") {
		name = "api__" + apiVersion
	}
	text, err := os.ReadFile(filepath.Join(dir, "api", "discovery", name+".json"))
	if err != nil {
		return nil, fmt.Errorf("there is no %s in Kubernetes; a custom kind needs a row in sources: %w", apiVersion, err)
	}
	var list struct {
		Resources []struct {
			Kind, Name string
			Namespaced bool
		}
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, err
	}
	for _, r := range list.Resources {
		if r.Kind == kind && !strings.Contains(r.Name, "/") {
			return &kube.Kind{Plural: r.Name, Namespaced: r.Namespaced}, nil
		}
	}
	return nil, fmt.Errorf("there is no %s in %s", kind, apiVersion)
}

func goCommand(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		err = fmt.Errorf("go %s: %w\n%s", args[0], err, failed.Stderr)
	}
	return out, err
}

func projectRoot() (string, error) {
	out, err := goCommand("", "list", "-m", "-f", "{{.Dir}}")
	return strings.TrimSpace(string(out)), err
}

// encode writes one line for each kind and definition.
func encode(s *kube.Schemas) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\n")
	if err := encodeMap(&b, "modules", s.Modules, ",\n"); err != nil {
		return nil, err
	}
	if err := encodeMap(&b, "kinds", s.Kinds, ",\n"); err != nil {
		return nil, err
	}
	if err := encodeMap(&b, "definitions", s.Definitions, "\n"); err != nil {
		return nil, err
	}
	b.WriteString("}\n")
	return b.Bytes(), nil
}

func encodeMap[V any](b *bytes.Buffer, name string, m map[string]V, end string) error {
	fmt.Fprintf(b, "%q: {\n", name)
	for i, k := range slices.Sorted(maps.Keys(m)) {
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false)
		if err := e.Encode(m[k]); err != nil {
			return err
		}
		comma := ","
		if i == len(m)-1 {
			comma = ""
		}
		fmt.Fprintf(b, "%q:%s%s\n", k, bytes.TrimSpace(line.Bytes()), comma)
	}
	b.WriteString("}" + end)
	return nil
}
