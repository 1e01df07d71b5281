package platform

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"

	"github.com/tandem-platform/tandem/components/network"
	"github.com/tandem-platform/tandem/components/transit"
	"github.com/tandem-platform/tandem/internal/check"
)

// Settings is the whole configuration of one stack.
type Settings struct {
	Platform
	// Stack is the name of this stack.
	Stack string
	// Active is the stack whose region takes writes now.
	Active string
}

// Own returns this stack's region.
func (s *Settings) Own() Region { return s.Regions[s.Stack] }

// IsHome tells whether this stack owns what exists once per platform.
func (s *Settings) IsHome() bool { return s.Own().StandbyOf == "" }

// Root is the path of the object under `tandem:platform` in errors.
var Root = field.NewPath("tandem:platform")

// Decode reads the configuration of a stack: the JSON text of
// `tandem:platform`, and the word of `tandem:active`. It returns all problems at
// once, unknown keys among them, and nil settings where the text cannot be
// read at all.
func Decode(stack, platform, active string) (*Settings, field.ErrorList) {
	s := &Settings{Stack: stack, Active: active}
	if platform == "" {
		return nil, field.ErrorList{field.Required(Root,
			"the stack file has none; copy the object from Pulumi.prod-east.yaml and adapt it")}
	}
	unknown, err := kjson.UnmarshalStrict([]byte(platform), &s.Platform)
	if err != nil {
		return nil, field.ErrorList{mistyped(Root, err)}
	}
	var errs field.ErrorList
	for _, u := range unknown {
		errs = append(errs, unknownKey(Root, u))
	}
	errs = append(errs, s.planRegions(Root)...)
	return s, append(errs, s.validate(Root)...)
}

// planRegions gives each region without a block of its own that of its slot in
// the pool.
func (s *Settings) planRegions(root *field.Path) field.ErrorList {
	pool := s.Network.Pool
	if pool == "" {
		return nil
	}
	if errs := network.ValidatePool(root.Child("network", "pool"), pool); len(errs) > 0 {
		return errs
	}
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(s.Regions)) {
		r, at := s.Regions[name], root.Child("regions").Key(name).Child("cidr")
		block, err := network.PlanRegion(pool, r.Region)
		switch {
		case r.CIDR == "" && err != nil:
			errs = append(errs, field.Required(at, err.Error()))
		case r.CIDR == "":
			r.CIDR = block
			s.Regions[name] = r
		case r.CIDR != block && overlap(r.CIDR, pool) && !s.taken(name):
			errs = append(errs, field.Invalid(at, r.CIDR, fmt.Sprintf("must lie outside of network.pool, %s, of which %s has %s; leave it out", pool, r.Region, block)))
		}
	}
	return errs
}

// taken tells whether the block of a region is also of another, which is a
// problem of its own.
func (s *Settings) taken(name string) bool {
	for other, r := range s.Regions {
		block := r.CIDR
		if planned, err := network.PlanRegion(s.Network.Pool, r.Region); block == "" && err == nil {
			block = planned
		}
		if other != name && overlap(block, s.Regions[name].CIDR) {
			return true
		}
	}
	return false
}

// mistyped turns the decoder's error into one with a property path.
func mistyped(root *field.Path, err error) *field.Error {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		return field.TypeInvalid(child(root, te.Field), "a "+te.Value, fmt.Sprintf("must be a %s", te.Type))
	}
	return field.Invalid(root, field.OmitValueType{}, err.Error())
}

var unknownField = regexp.MustCompile(`^unknown field "(.*)"$`)

// unknownKey turns one strict error, which names a path below the object, into
// one with the full path.
func unknownKey(root *field.Path, err error) *field.Error {
	if m := unknownField.FindStringSubmatch(err.Error()); m != nil {
		return field.Forbidden(child(root, m[1]), "unknown key; Pulumi.yaml describes the known ones")
	}
	return field.Invalid(root, field.OmitValueType{}, err.Error())
}

func child(root *field.Path, path string) *field.Path {
	if path == "" {
		return root
	}
	return root.Child(path)
}

var (
	platformName = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$`)
	stackName    = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$`)
	domainName   = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
)

// validate checks what no component could: the platform as a whole. What a
// component's arguments allow, the component checks.
func (s *Settings) validate(root *field.Path) field.ErrorList {
	var errs field.ErrorList
	if !platformName.MatchString(s.Name) {
		errs = append(errs, field.Invalid(root.Child("name"), s.Name, "must be lower case letters, digits and hyphens, at most 20"))
	}
	if s.Environment == "" {
		errs = append(errs, field.Required(root.Child("environment"), "give one such as production"))
	}
	if s.Owner == "" {
		errs = append(errs, field.Required(root.Child("owner"), "give the team to ask, such as platform"))
	}
	if !check.IsAccountID(s.AccountID) {
		errs = append(errs, field.Invalid(root.Child("accountId"), s.AccountID, "must be the 12 digits of an AWS account, in quotes"))
	}
	if !domainName.MatchString(s.Domain) {
		errs = append(errs, field.Invalid(root.Child("domain"), s.Domain, "must be a DNS domain, such as example.org"))
	}
	errs = append(errs, s.validateRegions(root.Child("regions"))...)
	errs = append(errs, s.validateWeb(root.Child("web"))...)

	stacks := slices.Sorted(maps.Keys(s.Regions))
	active := field.NewPath("tandem:active")
	switch {
	case s.Active == "":
		errs = append(errs, field.Required(active, fmt.Sprintf("name the stack whose region takes writes: %s", strings.Join(stacks, " or "))))
	case !slices.Contains(stacks, s.Active):
		errs = append(errs, s.notActive(active, stacks))
	}
	return errs
}

// notActive says what is wrong with an active stack that is none. The region in the
// place of the stack is what people write most easily.
func (s *Settings) notActive(active *field.Path, stacks []string) *field.Error {
	for _, name := range stacks {
		if s.Regions[name].Region == s.Active {
			return field.Invalid(active, s.Active, fmt.Sprintf("must name a stack and not its region; give %s", name))
		}
	}
	return field.NotSupported(active, s.Active, stacks)
}

var (
	secretID = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$`)
	keyID    = regexp.MustCompile(`^mrk-[0-9a-f]{32}$`)
)

// validateWeb checks what the web service needs of the clusters, and the secrets,
// whose ARNs are put together from the configuration.
func (s *Settings) validateWeb(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	if s.Web.Database && !s.Cluster.ExternalSecrets {
		errs = append(errs, field.Forbidden(path.Child("database"), "needs cluster.externalSecrets, which copies the credentials; set it or leave this out"))
	}
	if len(s.Web.Secrets) > 0 && !s.Cluster.ExternalSecrets {
		errs = append(errs, field.Forbidden(path.Child("secrets"), "needs cluster.externalSecrets, which copies them; set it or leave this out"))
	}
	if s.Web.RecommendResources && !s.Cluster.VerticalPodAutoscaler {
		errs = append(errs, field.Forbidden(path.Child("recommendResources"), "needs cluster.verticalPodAutoscaler; set it or leave this out"))
	}
	for _, variable := range slices.Sorted(maps.Keys(s.Web.Secrets)) {
		secret, at := s.Web.Secrets[variable], path.Child("secrets").Key(variable)
		if s.Web.Database && strings.HasPrefix(variable, "DATABASE_") {
			errs = append(errs, field.Forbidden(at, "variables that begin with DATABASE_ come from web.database; take another name"))
		}
		if !secretID.MatchString(secret.ID) {
			errs = append(errs, field.Invalid(at.Child("id"), secret.ID, "must be the end of the secret's ARN, its name and six characters, such as shop-token-AbCdEf"))
		}
		if secret.KMSKeyID != "" && !keyID.MatchString(secret.KMSKeyID) {
			errs = append(errs, field.Invalid(at.Child("kmsKeyId"), secret.KMSKeyID, "must be the id of a multi-Region key, such as mrk-1234abcd12ab34cd56ef1234567890ab"))
		}
	}
	return errs
}

func (s *Settings) validateRegions(path *field.Path) field.ErrorList {
	var errs field.ErrorList
	stacks := slices.Sorted(maps.Keys(s.Regions))
	if len(stacks) < 2 {
		errs = append(errs, field.Invalid(path, stacks, "must hold two region stacks at least, a home and a standby"))
	}
	if _, ok := s.Regions[s.Stack]; !ok {
		errs = append(errs, field.Required(path.Key(s.Stack), fmt.Sprintf("this stack is not among the regions, which are %s", strings.Join(stacks, ", "))))
	}
	var homes []string
	for i, name := range stacks {
		r, at := s.Regions[name], path.Key(name)
		if !stackName.MatchString(name) {
			errs = append(errs, field.Invalid(at, name, "must be lower case letters, digits and hyphens, at most 16"))
		}
		if !check.IsRegion(r.Region) {
			errs = append(errs, field.Invalid(at.Child("region"), r.Region, "must be an AWS region, such as us-east-1"))
		}
		errs = append(errs, network.ValidateZones(at.Child("zones"), r.Zones, r.Region)...)
		if r.VPC == nil { // one that exists is checked as a whole, by the stack that uses it
			errs = append(errs, network.ValidateCIDR(at.Child("cidr"), r.CIDR)...)
		}
		if r.TransitGatewayASN != 0 {
			errs = append(errs, transit.ValidateASN(at.Child("transitGatewayAsn"), r.TransitGatewayASN)...)
		}
		if r.StandbyOf == "" {
			homes = append(homes, name)
		}
		if origins := []string{"create", "join"}; r.Origin != "" && !slices.Contains(origins, r.Origin) {
			errs = append(errs, field.NotSupported(at.Child("origin"), r.Origin, origins))
		} else if r.Origin != "" && r.StandbyOf != "" {
			errs = append(errs, field.Forbidden(at.Child("origin"), "a standby always joins; leave it out"))
		}
		for _, other := range stacks[:i] {
			o := s.Regions[other]
			switch {
			case o.Region == r.Region:
				errs = append(errs, field.Invalid(at.Child("region"), r.Region, fmt.Sprintf("must differ from the region of %s", other)))
			case overlap(o.CIDR, r.CIDR):
				errs = append(errs, field.Invalid(at.Child("cidr"), r.CIDR, fmt.Sprintf("must not overlap %s of %s", o.CIDR, other)))
			}
			if r.TransitGatewayASN != 0 && o.TransitGatewayASN == r.TransitGatewayASN {
				errs = append(errs, field.Invalid(at.Child("transitGatewayAsn"), r.TransitGatewayASN, fmt.Sprintf("must differ from that of %s", other)))
			}
		}
	}
	switch {
	case len(homes) == 0 && len(stacks) > 0:
		errs = append(errs, field.Forbidden(path, "every region is a standby; leave standbyOf out of the home stack's region"))
	case len(homes) > 1:
		errs = append(errs, field.Forbidden(path, fmt.Sprintf(
			"%s are all home; set standbyOf in all but one", strings.Join(homes, " and "))))
	}
	if len(homes) == 1 {
		errs = append(errs, s.validateReserve(path)...)
	}
	for _, name := range stacks {
		r, at := s.Regions[name], path.Key(name).Child("standbyOf")
		switch {
		case r.StandbyOf == "":
		case r.StandbyOf == name:
			errs = append(errs, field.Invalid(at, r.StandbyOf, "must not name the stack itself; name the home stack"))
		case !slices.Contains(stacks, r.StandbyOf):
			errs = append(errs, field.NotSupported(at, r.StandbyOf, stacks))
		case s.Regions[r.StandbyOf].StandbyOf != "":
			errs = append(errs, field.Invalid(at, r.StandbyOf, "must name the home stack, not another standby"))
		case r.TransitGatewayASN != 0 && s.Regions[r.StandbyOf].TransitGatewayASN == 0:
			errs = append(errs, field.Required(path.Key(r.StandbyOf).Child("transitGatewayAsn"), fmt.Sprintf("%s has one, and is joined to home's", name)))
		}
	}
	return errs
}

// validateReserve checks that one standby takes over first, and one more at most is in
// reserve: in DNS each of two failover names has two answers, of which one leads to
// the other name.
func (s *Settings) validateReserve(path *field.Path) (errs field.ErrorList) {
	var first, reserve []string
	for _, name := range slices.Sorted(maps.Keys(s.Regions)) {
		switch r := s.Regions[name]; {
		case r.StandbyOf == "" && r.Reserve:
			errs = append(errs, field.Forbidden(path.Key(name).Child("reserve"), "is for a standby; home leads wherever it is healthy"))
		case r.StandbyOf == "":
		case r.Reserve:
			reserve = append(reserve, name)
		default:
			first = append(first, name)
		}
	}
	switch {
	case len(first) > 1:
		errs = append(errs, field.Forbidden(path, fmt.Sprintf("%s would all take over first; set reserve in all but one", strings.Join(first, " and "))))
	case len(first) == 0 && len(reserve) > 0:
		errs = append(errs, field.Forbidden(path, "every standby is in reserve; leave reserve out of the one that takes over first"))
	}
	if len(reserve) > 1 {
		errs = append(errs, field.TooMany(path, len(s.Regions), len(s.Regions)-len(reserve)+1))
	}
	return errs
}

// overlap tells whether two valid blocks share addresses.
func overlap(a, b string) bool {
	pa, errA := netip.ParsePrefix(a)
	pb, errB := netip.ParsePrefix(b)
	return errA == nil && errB == nil && pa.Overlaps(pb)
}
