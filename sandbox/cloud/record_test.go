package cloud_test

import (
	"testing"

	"github.com/tandem-platform/tandem/sandbox/cloud/cloudtest"
)

// TestSharedRecordsReadLikeRoute53 has names that two regions answer for by latency
// and by weight.
func TestSharedRecordsReadLikeRoute53(t *testing.T) {
	w := cloudtest.New(t)
	east, west := w.AWS("us-east-1"), w.AWS("us-west-2")
	zone := east.Zone()
	const recordType = "aws:route53/record:Record"
	record := func(name, set, property string, policy any) props {
		r := props{"zoneId": zone.ID, "name": name, "type": "A", "ttl": 60, "records": []any{"203.0.113.1"}}
		if set != "" {
			r["setIdentifier"] = set
		}
		if property != "" {
			r[property] = []any{policy}
		}
		return r
	}
	latency := func(name, set, region string) props {
		return record(name, set, "latencyRoutingPolicies", props{"region": region})
	}
	weighted := func(name, set string, weight int) props {
		return record(name, set, "weightedRoutingPolicies", props{"weight": weight})
	}
	east.Make(recordType, "near-east", latency("near.example.com", "us-east-1", "us-east-1"))
	near := west.Make(recordType, "near-west", latency("near.example.com", "us-west-2", "us-west-2"))
	east.Make(recordType, "shared-east", weighted("shared.example.com", "us-east-1", 255))
	shared := west.Make(recordType, "shared-west", weighted("shared.example.com", "us-west-2", 0))
	east.Make(recordType, "simple", record("simple.example.com", "", "", nil))
	// Of another type there may be one of any policy.
	text := weighted("near.example.com", "us-east-1", 1)
	text["type"], text["records"] = "TXT", []any{"a"}
	east.Make(recordType, "near-text", text)

	slower := weighted("shared.example.com", "third", 1)
	slower["ttl"] = 300
	both := weighted("both.example.com", "us-east-1", 1)
	both["latencyRoutingPolicies"] = []any{props{"region": "us-east-1"}}
	golden(t, "records.txt", refusals(t, map[string]attempt{
		"no set identifier":       {east, recordType, record("x.example.com", "", "latencyRoutingPolicies", props{"region": "us-east-1"}), "setIdentifier"},
		"no policy":               {east, recordType, record("x.example.com", "us-east-1", "", nil), "a setIdentifier a routing policy"},
		"two policies":            {east, recordType, both, "conflicts with"},
		"region twice":            {west, recordType, latency("near.example.com", "third", "us-west-2"), "a latency RRSet with the same name, type and region already exists"},
		"no region":               {east, recordType, latency("x.example.com", "us-east-1", "east"), "Member must satisfy enum value set"},
		"set identifier twice":    {west, recordType, weighted("shared.example.com", "us-east-1", 1), "it already exists"},
		"weight above 255":        {east, recordType, weighted("x.example.com", "us-east-1", 256), "Member must have value from 0 to 255"},
		"weight below 0":          {east, recordType, weighted("x.example.com", "us-east-1", -1), "Member must have value from 0 to 255"},
		"weighted beside latency": {east, recordType, weighted("near.example.com", "third", 1), "a non-weighted set exists with the same name and type"},
		"latency beside weighted": {east, recordType, latency("shared.example.com", "third", "eu-west-1"), "a non-latency set exists with the same name and type"},
		"failover beside latency": {east, recordType, record("near.example.com", "third", "failoverRoutingPolicies", props{"type": "SECONDARY"}), "a non-failover set exists"},
		"latency beside simple":   {east, recordType, latency("simple.example.com", "us-east-1", "us-east-1"), "a non-latency set exists with the same name and type"},
		"simple beside weighted":  {east, recordType, record("shared.example.com", "", "", nil), "without or with another routing policy"},
		"another TTL":             {east, recordType, slower, "weighted sets must contain the same TTL"},
	}))

	if err := shared.Update(weighted("shared.example.com", "us-west-2", 128)); err != nil {
		t.Errorf("a weight cannot be changed: %v", err)
	}
	// One region cannot change the policy while another still has the old one.
	changed := weighted("near.example.com", "us-west-2", 1)
	changed["latencyRoutingPolicies"] = nil
	cloudtest.WantError(t, near.Update(changed), "a non-weighted set exists with the same name and type")
}
