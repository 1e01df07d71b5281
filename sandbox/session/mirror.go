package session

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

const projectFile = "Pulumi.yaml"

// mirrorRecord is the file in which a mirror remembers what it was made from.
const mirrorRecord = "mirror.json"

// encryptionKeys are the entries of a stack file that say how its secrets are
// encrypted. The sandbox encrypts with a key of its own, so each side keeps its own.
var encryptionKeys = []string{"secretsprovider", "encryptedkey", "encryptionsalt"}

// A stack is one Pulumi.<name>.yaml of the project.
type stack struct {
	name string
	// home is the stack that this one refers to; empty for a home stack.
	home string
}

// mirrored is what a mirror remembers of one file.
type mirrored struct {
	Source string // hash of what the source says
	Copy   string // hash of what the copy said when the mirror wrote it
}

// mirrorProject brings the copies of Pulumi.yaml and of the stack files in
// root up to date in dir. A copy is written again only when its source has
// changed: until then it keeps what `pulumi config set` did to it.
// It returns the project's name, and the stacks in the order of Up.
func mirrorProject(root, dir string, say *narrator) (string, []stack, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", nil, err
	}
	record := map[string]mirrored{}
	switch text, err := os.ReadFile(filepath.Join(dir, mirrorRecord)); {
	case err == nil:
		if err := json.Unmarshal(text, &record); err != nil {
			return "", nil, fmt.Errorf("%s: %w", filepath.Join(dir, mirrorRecord), err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return "", nil, err
	}

	sources, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	if err != nil {
		return "", nil, err
	}
	var stacks []stack
	var errs []error
	project, err := mirrorProjectFile(root, dir)
	if err != nil {
		errs = append(errs, err)
	}
	seen := map[string]bool{}
	for _, source := range sources {
		file := filepath.Base(source)
		name := strings.TrimSuffix(strings.TrimPrefix(file, "Pulumi."), ".yaml")
		seen[file] = true
		doc, err := readMapping(source)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		stacks = append(stacks, stack{name: name, home: homeOf(doc, project, name)})
		if err := mirrorStackFile(file, doc, dir, record, say); err != nil {
			errs = append(errs, err)
		}
	}
	if len(errs) > 0 {
		return "", nil, errors.Join(errs...)
	}

	// A copy whose source is gone goes too; one that never had a source was made
	// by `pulumi stack init`, and stays.
	for name := range record {
		if !seen[name] {
			if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", nil, err
			}
			delete(record, name)
		}
	}
	text, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return "", nil, err
	}
	slices.SortStableFunc(stacks, func(a, b stack) int {
		switch {
		case (a.home == "") == (b.home == ""):
			return strings.Compare(a.name, b.name)
		case a.home == "":
			return -1
		default:
			return 1
		}
	})
	return project, stacks, replaceFile(filepath.Join(dir, mirrorRecord), text, 0o644)
}

// mirrorProjectFile writes the copy of Pulumi.yaml, with an absolute path of
// the program, and returns the project's name. Nothing is ever set in this copy,
// so it is always made anew.
func mirrorProjectFile(root, dir string) (string, error) {
	source := filepath.Join(root, projectFile)
	doc, err := readMapping(source)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no %s in %s: run the sandbox in the repository", projectFile, root)
	}
	if err != nil {
		return "", err
	}
	name := lookUp(doc, "name")
	if name == nil || name.Value == "" {
		return "", fmt.Errorf("%s: name: the project needs a name", source)
	}
	main := root
	if entry := lookUp(doc, "main"); entry != nil {
		main = entry.Value
		if !filepath.IsAbs(main) {
			main = filepath.Join(root, filepath.FromSlash(main))
		}
	}
	if info, err := os.Stat(main); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s: main: %s is no directory: it must be the one of the program's package main", source, main)
	}
	set(doc, "main", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: main})
	text, err := yaml.Marshal(doc)
	if err != nil {
		return "", err
	}
	return name.Value, replaceFile(filepath.Join(dir, projectFile), text, 0o644)
}

// homeOf returns the stack that the configuration names as the home of this
// one: regions.<stack>.standbyOf in the project's platform object.
func homeOf(doc *yaml.Node, project, name string) string {
	platform := lookUp(lookUp(doc, "config"), project+":platform")
	if home := lookUp(lookUp(lookUp(platform, "regions"), name), "standbyOf"); home != nil {
		return home.Value
	}
	return ""
}

// mirrorStackFile brings the copy of one stack file up to date.
func mirrorStackFile(name string, doc *yaml.Node, dir string, record map[string]mirrored, say *narrator) error {
	path := filepath.Join(dir, name)
	source, err := contentHash(doc)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	old, err := readMapping(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	last, recorded := record[name]
	if old != nil && last.Source == source {
		return nil
	}
	if old != nil && recorded {
		now, err := contentHash(old)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if now != last.Copy {
			say.line("%s has changed: it replaces the sandbox's copy, and with it what `pulumi config` had set there", name)
		}
	}
	adoptSecrets(name, doc, old, say)
	copied, err := contentHash(doc)
	if err != nil {
		return err
	}
	for _, key := range encryptionKeys {
		if value := lookUp(old, key); value != nil {
			set(doc, key, value)
		}
	}
	text, err := yaml.Marshal(doc)
	if err != nil {
		return err
	}
	record[name] = mirrored{Source: source, Copy: copied}
	return replaceFile(path, text, 0o644)
}

// adoptSecrets replaces the encryption of a stack file by the sandbox's: the
// sandbox cannot decrypt what is encrypted for the real stack. A value that
// was set in the sandbox takes its place; without one it is left out.
func adoptSecrets(name string, doc, old *yaml.Node, say *narrator) {
	for _, key := range encryptionKeys {
		remove(doc, key)
	}
	config := lookUp(doc, "config")
	if config == nil || config.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i < len(config.Content); {
		key := config.Content[i].Value
		if !hasSecret(config.Content[i+1]) {
			i += 2
			continue
		}
		if own := lookUp(lookUp(old, "config"), key); own != nil {
			config.Content[i+1] = own
			i += 2
			continue
		}
		say.line("%s: %s is encrypted for the real stack, so the sandbox leaves it out: set one for the sandbox with `pulumi config set --secret` under exec", name, key)
		config.Content = slices.Delete(config.Content, i, i+2)
	}
}

// hasSecret reports whether a configuration value holds an encrypted part.
func hasSecret(value *yaml.Node) bool {
	if value.Kind == yaml.MappingNode && lookUp(value, "secure") != nil {
		return true
	}
	return slices.ContainsFunc(value.Content, hasSecret)
}

// readMapping reads a YAML file that is a mapping. An empty file is an empty
// mapping.
func readMapping(path string) (*yaml.Node, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if doc.Kind == 0 {
		return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}, nil
	}
	if mapping := doc.Content[0]; mapping.Kind == yaml.MappingNode {
		return mapping, nil
	}
	return nil, fmt.Errorf("%s: the document must be a mapping", path)
}

// lookUp returns the value of a mapping's key, or nil; of nil too.
func lookUp(mapping *yaml.Node, key string) *yaml.Node {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

func set(mapping *yaml.Node, key string, value *yaml.Node) {
	remove(mapping, key)
	mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value)
}

func remove(mapping *yaml.Node, key string) {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content = slices.Delete(mapping.Content, i, i+2)
			return
		}
	}
}

// contentHash is a hash of what a file says, whatever its layout, its comments
// and its encryption.
func contentHash(doc *yaml.Node) (string, error) {
	var values map[string]any
	if err := doc.Decode(&values); err != nil {
		return "", err
	}
	for _, key := range encryptionKeys {
		delete(values, key)
	}
	text, err := yaml.Marshal(values) // keys are sorted
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}
