package edge

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

var (
	limitName   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$`)
	countryCode = regexp.MustCompile(`^[A-Z]{2}$`)
)

// validateFirewall checks who is let in and what is too much.
func (g *GlobalArgs) validateFirewall(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	limits := at.Child("pathRateLimits")
	if len(g.PathRateLimits) > 10 {
		errs = append(errs, field.TooMany(limits, len(g.PathRateLimits), 10))
	}
	names := map[string]bool{}
	for i, limit := range g.PathRateLimits {
		at := limits.Index(i)
		if !limitName.MatchString(limit.Name) {
			errs = append(errs, field.Invalid(at.Child("name"), limit.Name, "must be lower-case letters, digits and hyphens, such as login"))
		}
		if names[limit.Name] {
			errs = append(errs, field.Duplicate(at.Child("name"), limit.Name))
		}
		names[limit.Name] = true
		if !strings.HasPrefix(limit.PathPrefix, "/") || len(limit.PathPrefix) > 200 || strings.ContainsAny(limit.PathPrefix, "*? ") {
			errs = append(errs, field.Invalid(at.Child("pathPrefix"), limit.PathPrefix, "must be the beginning of paths, without wildcards, such as /login"))
		}
		errs = append(errs, validateRange(at.Child("per5Minutes"), limit.Per5Minutes, 10, 2_000_000_000)...)
		if limit.Per5Minutes > g.RateLimitPer5Minutes {
			errs = append(errs, field.Invalid(at.Child("per5Minutes"), limit.Per5Minutes, fmt.Sprintf(
				"must not exceed rateLimitPer5Minutes, which is %d and holds for every path", g.RateLimitPer5Minutes)))
		}
	}
	errs = append(errs, validateBlocks(at.Child("allowedIps"), g.AllowedIPs)...)
	errs = append(errs, validateBlocks(at.Child("deniedIps"), g.DeniedIPs)...)
	if len(g.AllowedCountries) > 0 && len(g.DeniedCountries) > 0 {
		errs = append(errs, field.Forbidden(at.Child("deniedCountries"), "all but allowedCountries are denied already; leave one of them out"))
	}
	errs = append(errs, validateCountries(at.Child("allowedCountries"), g.AllowedCountries)...)
	return append(errs, validateCountries(at.Child("deniedCountries"), g.DeniedCountries)...)
}

// validateBlocks holds blocks to what an IP set takes (AWS WAF developer guide, "IP
// sets"): no /0, and 10000 of them at most.
func validateBlocks(at *field.Path, blocks []string) field.ErrorList {
	var errs field.ErrorList
	if len(blocks) > 10000 {
		errs = append(errs, field.TooMany(at, len(blocks), 10000))
	}
	for i, block := range blocks {
		if p, err := netip.ParsePrefix(block); err != nil || p.Masked() != p || p.Bits() == 0 {
			errs = append(errs, field.Invalid(at.Index(i), block, "must be a block in CIDR notation other than all addresses, such as 203.0.113.7/32 or 2001:db8::/32"))
		}
	}
	return append(errs, duplicates(at, blocks)...)
}

func validateCountries(at *field.Path, countries []string) field.ErrorList {
	var errs field.ErrorList
	for i, country := range countries {
		if !countryCode.MatchString(country) {
			errs = append(errs, field.Invalid(at.Index(i), country, "must be the two capital letters of a country in ISO 3166-1, such as DE"))
		}
	}
	return append(errs, duplicates(at, countries)...)
}

// byVersion parts valid blocks into those of IPv4 and those of IPv6.
func byVersion(blocks []string) (four, six []string) {
	for _, block := range blocks {
		if strings.Contains(block, ":") {
			six = append(six, block)
		} else {
			four = append(four, block)
		}
	}
	return four, six
}
