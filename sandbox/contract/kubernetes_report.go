package contract

import (
	"fmt"
	"io"
	"strings"
)

// KubernetesReport is what a check with a real API server has found.
type KubernetesReport struct {
	Version      string // of the API server
	Clusters     []ClusterObjects
	Placeholders []Placeholder
	Problems     []Problem
	Warnings     []Problem
}

// ClusterObjects are the objects of one Pulumi provider.
type ClusterObjects struct {
	Name string // stack and provider
	// Objects and Pods are how many were put to the server.
	Objects, Pods int
	// Releases are the Helm releases, whose objects the state does not have.
	Releases []string
}

// Err is nil if there is no problem. Warnings are none.
func (r *KubernetesReport) Err() error {
	if len(r.Problems) == 0 {
		return nil
	}
	return fmt.Errorf("the API server refuses objects of the stacks: %d problems", len(r.Problems))
}

// Write writes the report for a reader.
func (r *KubernetesReport) Write(w io.Writer) error {
	var b strings.Builder
	total := 0
	for _, c := range r.Clusters {
		total += c.Objects
	}
	fmt.Fprintf(&b, "%d objects put to kube-apiserver %s:\n", total, r.Version)
	for _, c := range r.Clusters {
		fmt.Fprintf(&b, "  %-40s %4d, and pods of %d workloads\n", c.Name, c.Objects, c.Pods)
	}
	fmt.Fprintf(&b, "\nHelm releases, whose objects are not in the state:\n")
	for _, c := range r.Clusters {
		fmt.Fprintf(&b, "  %-40s %s\n", c.Name, strings.Join(c.Releases, ", "))
	}
	writePlaceholders(&b, r.Placeholders)
	writeProblems(&b, r.Warnings, r.Problems)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *KubernetesReport) sort() { sortProblems(&r.Problems, &r.Warnings) }
