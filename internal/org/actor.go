// Package org is the organisation: units, locations, levels, partners and people
// through time, rosters and what an import of one changes, and the Actor with
// what it may see and do. It computes only and knows nothing of what other areas
// do with people.
package org

import (
	"maps"
	"slices"

	"throughline/internal/kit/fault"
)

// Role is what somebody is in the organisation's work with Throughline. What a
// role may do stands in each area's Permits.
type Role string

const (
	Administrator    Role = "administrator"
	DiagnosisLead    Role = "diagnosis-lead"
	ProgrammeManager Role = "programme-manager"
	Leader           Role = "leader" // coaches a management team
	Coach            Role = "coach"  // coaches groups at a location
	Manager          Role = "manager"
	Executive        Role = "executive"
	HeadOfLearning   Role = "head-of-learning"
	Employee         Role = "employee"
	PrivacyOfficer   Role = "privacy-officer"
	Assistant        Role = "assistant" // of a named person, and acts for that person
)

// Roles lists every role, in the order in which a form offers them.
var Roles = []Role{Administrator, DiagnosisLead, ProgrammeManager, Leader, Coach, Manager, Executive, HeadOfLearning, Employee, PrivacyOfficer, Assistant}

// Act is something that a role permits: "roster.import".
type Act string

const (
	SignedIn       Act = "signed-in"       // see the own home page
	ReadStructure  Act = "structure.read"  // units, locations, headcounts
	ReadPeople     Act = "people.read"     // names, mail addresses, attributes
	ImportRoster   Act = "roster.import"   // import, take back, export
	ManageAccounts Act = "accounts.manage" // accounts and what they are granted
	ReadRecord     Act = "record.read"     // who did what, and who may do what
)

// Permits is a table of acts and to whom they are permitted.
type Permits map[Act]Permit

// Permit is who may do an act.
type Permit struct {
	Roles []Role
	Whole bool // the act is about the whole organisation: a role for a part of it does not permit it
}

// OrgPermits is this area's table.
var OrgPermits = Permits{
	SignedIn:       {Roles: Roles},
	ReadStructure:  {Roles: []Role{Administrator, DiagnosisLead, ProgrammeManager, Manager, Executive, HeadOfLearning, PrivacyOfficer}},
	ReadPeople:     {Roles: []Role{Administrator, DiagnosisLead, ProgrammeManager, Manager}},
	ImportRoster:   {Roles: []Role{Administrator, DiagnosisLead}, Whole: true},
	ManageAccounts: {Roles: []Role{Administrator}, Whole: true},
	ReadRecord:     {Roles: []Role{Administrator, PrivacyOfficer}, Whole: true},
}

func (p Permit) by(g Grant) bool {
	return slices.Contains(p.Roles, g.Role) && (!p.Whole || g.Scope.Kind == WholeScope)
}

// ScopeKind says how far a grant reaches.
type ScopeKind string

const (
	WholeScope   ScopeKind = "whole"
	PartnerScope ScopeKind = "partner"
	UnitScope    ScopeKind = "unit"   // a unit and everything below it
	PersonScope  ScopeKind = "person" // for whom an assistant acts
)

// Scope is how far a grant reaches; ID names the partner, the unit or the person.
type Scope struct {
	Kind ScopeKind
	ID   string
}

// Grant gives an account a role within a scope.
type Grant struct {
	ID    string
	Role  Role
	Scope Scope
}

// Check reports a grant of a role that is not there, or of a scope without its name.
func (g Grant) Check() error {
	if !slices.Contains(Roles, g.Role) {
		return fault.Fieldf("role", "there is no role %q", g.Role)
	}
	if (g.Role == Assistant) != (g.Scope.Kind == PersonScope) {
		return fault.Fieldf("scope", "an assistant is that of a person, and no other role is: choose for whom")
	}
	switch g.Scope.Kind {
	case WholeScope:
		if g.Scope.ID != "" {
			return fault.Fieldf("scope", "a role for the whole organisation names no unit or partner")
		}
	case PartnerScope, UnitScope:
		if g.Scope.ID == "" {
			return fault.Fieldf("scope", "choose the unit or partner for which the role holds")
		}
	case PersonScope:
		if g.Scope.ID == "" {
			return fault.Fieldf("person", "write for whom the assistant acts: a personnel number, a mail address or a name")
		}
	default:
		return fault.Fieldf("scope", "a role holds for the whole organisation, a partner or a unit")
	}
	return nil
}

// Actor is somebody who is signed in to one organisation.
type Actor struct {
	Organisation string
	Account      string
	Name         string
	Person       string // key of the person in the roster, "" for none
	Language     string // "" until chosen
	Grants       []Grant
}

// Assists says whether the actor is the assistant of somebody, by the person's id.
func (a Actor) Assists(person string) bool {
	return person != "" && slices.Contains(a.Assisted(), person)
}

// Assisted are the ids of the people whose assistant the actor is.
func (a Actor) Assisted() (people []string) {
	for _, g := range a.Grants {
		if g.Role == Assistant && g.Scope.Kind == PersonScope {
			people = append(people, g.Scope.ID)
		}
	}
	return people
}

// By is who does something: the name that is recorded, and the key of the person in the
// roster, "" for none.
type By struct{ Name, Person string }

// By is the actor as who does something.
func (a Actor) By() By { return By{a.Name, a.Person} }

// Place is what an act is about: a unit with the units above it, and the partner
// that it belongs to. The zero Place is the whole organisation.
type Place struct {
	Units   []string // from the root down to the unit itself
	Partner string
}

// PlaceOf is where a path of units leads.
func PlaceOf(path []Ref) (at Place) {
	for _, u := range path {
		at.Units = append(at.Units, u.ID)
	}
	return at
}

// Tops are the topmost units in which the actor may do the act, in the order of the tree.
func (p Permits) Tops(a Actor, act Act, units *Structure) (tops []Ref) {
	for i := 0; i < len(units.Units); {
		if p.May(a, act, Place{Units: units.IDs(i)}) {
			tops = append(tops, units.Units[i].Ref())
			i += units.Units[i].Size
		} else {
			i++
		}
	}
	return tops
}

// May is the one function that decides what an actor may see or do: whether one
// of the actor's grants permits the act and reaches the place.
func (p Permits) May(a Actor, act Act, at Place) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return p[act].by(g) && g.Scope.Reaches(at)
	})
}

// MayAnywhere says whether the actor may do the act at least somewhere.
func (p Permits) MayAnywhere(a Actor, act Act) bool { return len(p.Scopes(a, act)) > 0 }

// Scopes returns where the actor may do the act.
func (p Permits) Scopes(a Actor, act Act) []Scope {
	var scopes []Scope
	for _, g := range a.Grants {
		if p[act].by(g) {
			scopes = append(scopes, g.Scope)
		}
	}
	return scopes
}

// Reaches says whether a place lies in a scope.
func (s Scope) Reaches(at Place) bool {
	switch s.Kind {
	case WholeScope:
		return true
	case PartnerScope:
		return s.ID != "" && at.Partner == s.ID
	case UnitScope:
		return slices.Contains(at.Units, s.ID)
	}
	return false
}

// Merge joins the tables of several areas. Each act is one area's.
func Merge(tables ...Permits) Permits {
	all := Permits{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}
