package learning

import (
	"cmp"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Resource is something to learn by: a course, a rotation, a coach, a book, a card beside a machine.
type Resource struct {
	ID, Key, Name, Note string
	URI                 string // where it is found
	Modality            effort.Modality
	Form                effort.Form // "" is that of the modality
	External            bool        // somebody outside runs it
	Provider            string      // who runs it
	Owner               org.Ref     // who answers for it; zero for nobody
	Language            string
	Minutes             int   // that it takes; 0 where it is not known
	Price               int64 // for one participant, in the currency's smallest unit
	Currency            string
	Capacity            int        // places of an offering, or licences of what is done alone; 0 for no limit
	Approved            bool       // asking for it needs the manager's yes
	Aims                []Aim      // what it is for
	Needs               []string   // ids of resources that come before it
	Since               period.Day // when it can be had; "" where nobody has said it
	Ended               period.Day
}

// Aim is something that a resource is for.
type Aim struct {
	Kind  string // of a target of efforts, or one of ours
	ID    string
	Level int // of a competency: to which it brings somebody; 0 where it is not said
}

// Kinds of aims beside effort.ForCompetency, effort.ForGoal and effort.ForCharacteristic.
const (
	AimRole   = "role"
	AimResult = "result" // of a performance model
)

// AimKinds lists them, in the order of pages.
var AimKinds = []string{effort.ForCompetency, AimRole, AimResult, effort.ForGoal, effort.ForCharacteristic}

const (
	mostAims  = 100
	mostNeeds = 20
	mostSeats = 1_000_000
	mostPrice = 10_000_000_00
	longest   = 365 * 24 * 60 // minutes
)

// Check brings a resource into order and reports what it lacks.
func (r *Resource) Check() error {
	r.Name, r.Note, r.URI, r.Provider, r.Language = line(r.Name), words(r.Note), line(r.URI), line(r.Provider), line(r.Language)
	r.Key = cmp.Or(line(r.Key), CleanKey(r.Name))
	switch {
	case r.Name == "" || tooLong(r.Name, mostName):
		return fault.Fieldf("name", "give it a name of at most %d characters", mostName)
	case r.Key == "" || tooLong(r.Key, mostName):
		return fault.Fieldf("key", "give it a short name of at most %d characters", mostName)
	case tooLong(r.Note, mostNote):
		return fault.Fieldf("note", "this text has at most %d characters", mostNote)
	case tooLong(r.URI, 500):
		return fault.Fieldf("uri", "this text has at most %d characters", 500)
	case tooLong(r.Provider, mostName):
		return fault.Fieldf("provider", "this text has at most %d characters", mostName)
	case tooLong(r.Language, 60):
		return fault.Fieldf("language", "this text has at most %d characters", 60)
	case r.Modality == effort.NotStated || r.Modality.Trait().Modality != r.Modality:
		return fault.Fieldf("modality", "choose how one learns by it")
	case r.Form != "" && r.Form != effort.Formal && r.Form != effort.WorkBased:
		return fault.Fieldf("form", "it is formal or a part of the work")
	case r.Minutes < 0 || r.Minutes > longest:
		return fault.Fieldf("hours", "it takes up to a year; leave the hours out where they are not known")
	case r.Price < 0 || r.Price > mostPrice:
		return fault.Fieldf("price", "a price is 0 or more, and at most ten million")
	case r.Capacity < 0 || r.Capacity > mostSeats:
		return fault.Fieldf("capacity", "it has at most %d places; 0 is no limit", mostSeats)
	}
	since, err := period.ParseDay(string(r.Since))
	if err != nil {
		return fault.Fieldf("since", "choose the day from which it can be had")
	}
	r.Since = since
	r.Needs = slices.Compact(slices.Sorted(slices.Values(r.Needs)))
	seen := map[Aim]bool{}
	r.Aims = slices.DeleteFunc(r.Aims, func(a Aim) bool {
		a.Level = 0
		defer func() { seen[a] = true }()
		return seen[a]
	})
	switch {
	case len(r.Aims) > mostAims:
		return fault.Fieldf("aims", "a resource is for at most %d things", mostAims)
	case len(r.Needs) > mostNeeds:
		return fault.Fieldf("needs", "at most %d others come before it", mostNeeds)
	case slices.Contains(r.Needs, r.ID) && r.ID != "":
		return fault.Fieldf("needs", "%s cannot come before itself", r.Name)
	}
	if r.Price > 0 {
		return effort.Cost{Kind: effort.Supplier, Amount: r.Price, Currency: r.Currency}.Check()
	}
	r.Currency = ""
	return nil
}

// FormOf is whether it is formal or a part of the work: as said, or as its modality is.
func (r Resource) FormOf() effort.Form { return cmp.Or(r.Form, r.Modality.Trait().Form) }

// Alone says whether one learns by it alone and at the own pace, so that it needs no offering.
func (r Resource) Alone() bool { return r.Modality.Trait().Pace == effort.OwnPace }

// CheckNeeds reports a resource that, over what comes before it, comes before itself. all are the
// others by id.
func CheckNeeds(r Resource, all map[string]Resource) error {
	seen := map[string]bool{}
	var before func(of Resource) error
	before = func(of Resource) error {
		for _, id := range of.Needs {
			next, there := all[id]
			switch {
			case id == r.ID && of.ID == r.ID:
				return fault.Fieldf("needs", "%s cannot come before itself", r.Name)
			case id == r.ID:
				return fault.Fieldf("needs", "%[1]s comes before %[2]s already: one cannot wait for the other", r.Name, of.Name)
			case !there:
				return fault.Fieldf("needs", "what comes before it is not there")
			case !seen[id]:
				seen[id] = true
				if err := before(next); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return before(r)
}
