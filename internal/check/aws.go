package check

import "regexp"

var (
	region    = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
	accountID = regexp.MustCompile(`^\d{12}$`)
)

// IsRegion tells whether s has the form of an AWS region's name, such as
// us-east-1. It does not know which regions there are.
func IsRegion(s string) bool { return region.MatchString(s) }

// IsAccountID tells whether s has the form of an AWS account number: twelve digits.
func IsAccountID(s string) bool { return accountID.MatchString(s) }
