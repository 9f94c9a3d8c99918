package transition

import (
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/org"
)

// BodyKind says what people who decide on actions together are.
type BodyKind string

const (
	TeamBody  BodyKind = "team"  // a management team
	GroupBody BodyKind = "group" // a coach's
)

// Body is people who decide together on what they will do: a management team, or the group of a
// coach.
type Body struct {
	Kind      BodyKind
	ID        string
	Name      string
	Unit      org.Ref      // zero for a group of several units
	Place     org.Place    // of the unit; zero, the whole, where there is none
	Location  string       // of a group
	Chair     org.Ref      // of a team
	People    []org.Person // at work today, by name
	Coaches   []org.Person // who coach it now: leaders of a team, the coach of a group
	Programme string       // id of the one by which it is coached, "" for none
	Nudges    bool         // that programme reminds owners
	Focal     []Focus      // what its actions can be tied to
}

// Focus is a focal point with the diagnosis that it was decided after.
type Focus struct {
	diagnosis.FocalPoint
	Diagnosis string // id
}

// Runs says whether somebody, by the roster's key, decides here: belongs to the management team,
// or coaches it or the group.
func (b Body) Runs(key string) bool {
	is := func(p org.Person) bool { return p.Key == key }
	return key != "" && (b.Kind == TeamBody && slices.ContainsFunc(b.People, is) || slices.ContainsFunc(b.Coaches, is))
}

// Candidates are who can own an action here, those who coach last.
func (b Body) Candidates() (all []org.Person) {
	all = slices.Clone(b.People)
	for _, c := range b.Coaches {
		if !slices.ContainsFunc(all, func(p org.Person) bool { return p.ID == c.ID }) {
			all = append(all, c)
		}
	}
	return all
}

// Point finds a focal point among those of a body.
func (b Body) Point(id string) (Focus, bool) {
	i := slices.IndexFunc(b.Focal, func(f Focus) bool { return f.ID == id && id != "" })
	if i < 0 {
		return Focus{}, false
	}
	return b.Focal[i], true
}
