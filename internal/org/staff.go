package org

// StaffGroup is a number of people who are counted and not named: those of one
// unit with the same grade and job, at one location.
type StaffGroup struct {
	ID       string
	Unit     Ref
	Grade    string
	Job      string
	Location Ref
	FTE      float64 // full-time equivalents, summed
}

// Key tells a group from all others of the roster.
func (g StaffGroup) Key() string {
	return g.Unit.Key + "\x1f" + g.Grade + "\x1f" + g.Job + "\x1f" + g.Location.Key
}

// Title is how a page calls the group: "Grade, Job (Unit)".
func (g StaffGroup) Title() string {
	words := g.Grade
	if words != "" && g.Job != "" {
		words += ", "
	}
	return words + g.Job + " (" + g.Unit.Key + ")"
}

// Headcount is how many work in a unit or at a location.
type Headcount struct {
	People    int     // persons and posts
	PeopleFTE float64 // their full-time equivalents
	GroupFTE  float64 // full-time equivalents of staff groups
}

// FTE is the full-time equivalents of people and groups together.
func (h Headcount) FTE() float64 { return h.PeopleFTE + h.GroupFTE }

// Plus returns the sum of two headcounts.
func (h Headcount) Plus(k Headcount) Headcount {
	return Headcount{h.People + k.People, h.PeopleFTE + k.PeopleFTE, h.GroupFTE + k.GroupFTE}
}
