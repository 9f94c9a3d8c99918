package org

import "slices"

// ManagementTeam is a named set of people of one unit, with a chair. Its name
// is its key.
type ManagementTeam struct {
	ID      string
	Name    string
	Unit    Ref
	Members []Member // ordered by the person's key
}

// Member is a person of a management team.
type Member struct {
	Person Ref
	Chair  bool // exactly one member is
}

// Chair returns the team's chair; the zero Ref if it has none.
func (t ManagementTeam) Chair() Ref {
	for _, m := range t.Members {
		if m.Chair {
			return m.Person
		}
	}
	return Ref{}
}

// Differs names the fields in which two records of one team differ.
func (t ManagementTeam) Differs(u ManagementTeam) []string {
	var fields []string
	if t.Unit.Key != u.Unit.Key {
		fields = append(fields, "unit")
	}
	if !slices.EqualFunc(t.Members, u.Members, func(a, b Member) bool {
		return a.Person.Key == b.Person.Key && a.Chair == b.Chair
	}) {
		fields = append(fields, "members")
	}
	return fields
}
