package edge

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

// validationNames returns the names that a certificate's DNS validation needs a
// record for, once each, in the order given. A wildcard shares the record of the
// name that it is below (ACM user guide, DNS validation).
func validationNames(names []string) []string {
	var bare []string
	for _, name := range names {
		if name = strings.TrimPrefix(name, "*."); !slices.Contains(bare, name) {
			bare = append(bare, name)
		}
	}
	return bare
}

var (
	// pathChars are the characters that both a health check's path and a cache
	// behaviour's pattern may be made of.
	pathChars = regexp.MustCompile(`^/[A-Za-z0-9_\-.$/~"'@:+&]*$`)
)

func validateRegion(at *field.Path, region string) field.ErrorList {
	switch {
	case region == "":
		return field.ErrorList{field.Required(at, "give the load balancer's region, such as us-east-1")}
	case !check.IsRegion(region):
		return field.ErrorList{field.Invalid(at, region, "must be the name of an AWS region, such as us-east-1")}
	}
	return nil
}

func validateDomain(at *field.Path, domain string) field.ErrorList {
	if domain == "" {
		return field.ErrorList{field.Required(at, "give the DNS domain of the platform, such as tandem.example")}
	}
	if len(validation.IsDNS1123Subdomain(domain)) > 0 || !strings.Contains(domain, ".") {
		return field.ErrorList{field.Invalid(at, domain,
			"must be a DNS domain of two labels at least, in lower case and without a dot at its end, such as tandem.example")}
	}
	for _, label := range strings.Split(domain, ".") {
		if len(validation.IsDNS1123Label(label)) > 0 {
			return field.ErrorList{field.Invalid(at, domain, fmt.Sprintf("has the label %q; a label has 63 characters at most", label))}
		}
	}
	return nil
}

// validateNameBelow returns what is wrong with a name that has to lie below the domain.
func validateNameBelow(at *field.Path, name, domain string) field.ErrorList {
	if errs := validateDomain(at, name); len(errs) > 0 {
		return errs
	}
	if !strings.HasSuffix(name, "."+domain) {
		return field.ErrorList{field.Invalid(at, name, fmt.Sprintf("must lie below %s, in whose zone its records are; try www.%s", domain, domain))}
	}
	return nil
}

// validatePath returns what is wrong with the path of a health check (Route 53
// API reference, HealthCheckConfig, ResourcePath).
func validatePath(at *field.Path, path string) field.ErrorList {
	if len(path) > 255 || !pathChars.MatchString(path) {
		return field.ErrorList{field.Invalid(at, path, "must be a path that begins with a slash, of 255 characters at most and without host, query or spaces, such as /healthz")}
	}
	return nil
}

// validatePathPattern returns what is wrong with a path pattern of CloudFront
// (CloudFront developer guide, cache behaviour settings, path pattern).
func validatePathPattern(at *field.Path, pattern string) field.ErrorList {
	if len(pattern) > 255 || !pathChars.MatchString(strings.NewReplacer("*", "", "?", "").Replace(pattern)) {
		return field.ErrorList{field.Invalid(at, pattern, "must be a path pattern that begins with a slash, of 255 characters at most, such as /static/*")}
	}
	if strings.Trim(pattern, "/*") == "" {
		return field.ErrorList{field.Invalid(at, pattern, "would take every path away from the origin name; name a directory, such as /static/*")}
	}
	return nil
}

func validateCheckerRegions(at *field.Path, regions []string) field.ErrorList {
	var errs field.ErrorList
	if len(regions) < 3 {
		errs = append(errs, field.Invalid(at, regions, "must name three regions at least, as Route 53 demands; leave it out for the default"))
	}
	for i, region := range regions {
		if !slices.Contains(checkerRegions, region) {
			errs = append(errs, field.NotSupported(at.Index(i), region, checkerRegions))
		}
	}
	return append(errs, duplicates(at, regions)...)
}
