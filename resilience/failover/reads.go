package failover

import "slices"

// ReadRecord is one of the answers for the name that all regions share for reads.
type ReadRecord struct {
	Region, Check string
	TargetHealth  bool
	// Weighted tells that weights share the reads, and not latency.
	Weighted bool
	Weight   float64
}

// readRecord reads a record that shares a name by latency or by weight, where it is
// one.
func (r *reader) readRecord(one resource, region string, targetHealth bool) {
	weights := objects(one.Outputs["weightedRoutingPolicies"])
	if len(weights)+len(objects(one.Outputs["latencyRoutingPolicies"])) == 0 || region == "" {
		return
	}
	record := ReadRecord{Region: region, Check: text(one.Outputs, "healthCheckId"), TargetHealth: targetHealth, Weighted: len(weights) > 0}
	if record.Weighted {
		record.Weight = number(weights[0], "weight")
	}
	name := text(one.Outputs, "name")
	r.reads[name] = append(r.reads[name], record)
}

// readPaths takes the records of the name that CloudFront sends paths to, if there is
// one: other names are not what clients behind it ask for.
func (r *reader) readPaths(distribution resource) {
	targets := map[string]bool{}
	for _, b := range objects(distribution.Outputs["orderedCacheBehaviors"]) {
		targets[text(b, "targetOriginId")] = true
	}
	for _, o := range objects(distribution.Outputs["origins"]) {
		if records := r.reads[text(o, "domainName")]; targets[text(o, "originId")] && len(records) > 0 {
			r.p.Reads = slices.DeleteFunc(records, func(one ReadRecord) bool { return r.regionRank(one.Region) < 0 })
			slices.SortFunc(r.p.Reads, func(a, b ReadRecord) int { return r.regionRank(a.Region) - r.regionRank(b.Region) })
		}
	}
}

func (r *reader) regionRank(name string) int {
	return slices.IndexFunc(r.p.Regions, func(region *Region) bool { return region.Name == name })
}

// readRegion is the region that Route 53 answers an edge with for the read name: of
// the healthy ones, or of all where none is, the nearest, or one by weight (Route 53
// developer guide, "How Amazon Route 53 chooses records when health checking is
// configured"). As many edges are near to one region as to another. Assumed.
func (w *World) readRegion(e *edge) string {
	all := w.P.Reads
	var healthy []ReadRecord
	for _, r := range all {
		if w.answersWith(r.Check, r.Region, r.TargetHealth) {
			healthy = append(healthy, r)
		}
	}
	if len(healthy) == 0 {
		healthy = all
	}
	if !healthy[0].Weighted {
		near := all[e.number%len(all)].Region
		for _, r := range healthy {
			if r.Region == near {
				return near
			}
		}
		return healthy[0].Region
	}
	sum := 0.0
	for _, r := range healthy {
		sum += r.Weight
	}
	if sum == 0 { // they all get the same
		return healthy[w.traffic.IntN(len(healthy))].Region
	}
	at := w.traffic.Float64() * sum
	for _, r := range healthy {
		if at -= r.Weight; at < 0 {
			return r.Region
		}
	}
	return healthy[len(healthy)-1].Region
}
