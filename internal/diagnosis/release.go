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
	ToExecutives Release = "executives" // and the head of learning, who reads the scores as indicators
	ToManagers   Release = "managers"   // and executives
	ToEveryone   Release = "everyone"   // who has an account: all of these, and employees a summary
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
	case org.Executive, org.HeadOfLearning:
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

// Seen is an actor with the roles alone to which a diagnosis's report is released. Who leads
// diagnoses of a part reads one of more than that as a manager of the part does.
func (d Diagnosis) Seen(a org.Actor) org.Actor {
	a.Grants = slices.DeleteFunc(slices.Clone(a.Grants), func(g org.Grant) bool {
		if g.Role == org.DiagnosisLead && !g.Scope.Reaches(d.Place()) {
			return !d.Released.Lets(org.Manager)
		}
		return !d.Released.Lets(g.Role)
	})
	return a
}
