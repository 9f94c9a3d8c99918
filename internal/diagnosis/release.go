package diagnosis

import (
	"slices"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

// Release says who sees a published set, beside those who lead diagnoses. It chooses who
// sees it and never changes what is seen.
type Release string

const (
	ToLeads      Release = ""
	ToExecutives Release = "executives"
	ToManagers   Release = "managers" // and executives
	ToEveryone   Release = "everyone" // who has an account: all of these, and employees a summary
)

// Releases lists them, the narrowest first.
var Releases = []Release{ToLeads, ToExecutives, ToManagers, ToEveryone}

// Check reports one that there is not.
func (r Release) Check() error {
	if !slices.Contains(Releases, r) {
		return fault.Fieldf("released", "a report is released to executives, to managers or to everyone")
	}
	return nil
}

// Lets says whether somebody in a role sees a set that is released so far.
func (r Release) Lets(role org.Role) bool {
	far := slices.Index(Releases, r)
	switch role {
	case org.DiagnosisLead:
		return true
	case org.Executive:
		return far >= 1
	case org.Manager:
		return far >= 2
	}
	return far >= 3
}

// View is that somebody saw a page of a report, or took it as a file, in an hour.
type View struct {
	Account string // id
	Name    string
	Page    string // its address below the report's: "units/x?format=csv"
	Hour    time.Time
}
