package org

// Side is for whom somebody speaks in what is between a person and the line manager.
type Side string

const (
	ThePerson  Side = "person"
	TheManager Side = "manager"
)

// SideOf says for whom an actor speaks in what is somebody's own: that person, the line manager, or,
// under "", nobody.
func (a Actor) SideOf(p Person) Side {
	switch {
	case a.Person == "":
		return ""
	case p.Key == a.Person:
		return ThePerson
	case p.Manager.Key == a.Person:
		return TheManager
	}
	return ""
}
