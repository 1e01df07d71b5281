package cloud

import (
	"fmt"
	"slices"

	"github.com/tandem-platform/tandem/sandbox/cloud/kube"
)

// Dangling is a reference of a Kubernetes object that leads nowhere.
type Dangling struct {
	// Cluster is the EKS cluster's name, URN the object's.
	Cluster, URN string
	kube.Dangling
}

func (d Dangling) String() string { return fmt.Sprintf("%s: %s", d.Cluster, d.Dangling) }

// Dangling returns what the Kubernetes objects of all clusters refer to and is not
// there: names, ports, and selectors that select nothing. The API server takes
// such objects, since the rest may come later, so this is for when nothing more is
// to come.
func (c *Cloud) Dangling() ([]Dangling, error) {
	var all []Dangling
	err := c.view(func(t *tx) error {
		var clusters []*Resource
		inside := map[Scope]*kube.Cluster{}
		urns := map[string]string{}
		err := t.each(func(r *Resource) error {
			if r.Type == typeCluster {
				clusters = append(clusters, r)
				return nil
			}
			k := kinds[r.Type]
			if k == nil {
				return nil
			}
			in := inside[r.Scope]
			if in == nil {
				in = &kube.Cluster{}
				inside[r.Scope] = in
			}
			o := object{kind: k, doc: r.Inputs}
			o.names()
			if k.Kind == nil {
				in.Charts = append(in.Charts, o.namespace)
				return nil
			}
			in.Objects = append(in.Objects, kube.Object{Kind: k.Kind, Namespace: o.namespace, Name: o.name, Doc: r.Inputs})
			urns[r.Scope.name()+sep+r.Type+sep+r.ID] = r.URN
			return nil
		})
		if err != nil {
			return err
		}
		for _, cluster := range clusters {
			scope := clusterScope(text(cluster.Outputs, "arn"))
			if inside[scope] == nil {
				continue
			}
			for _, d := range inside[scope].Dangling() {
				id := d.Object.Name
				if d.Object.Namespace != "" {
					id = d.Object.Namespace + "/" + id
				}
				token := slices.IndexFunc(kindTable, func(k kind) bool { return k.Kind == d.Object.Kind })
				all = append(all, Dangling{cluster.ID, urns[scope.name()+sep+kindTable[token].token+sep+id], d})
			}
		}
		return nil
	})
	return all, err
}
