package diagnosis

import (
	"errors"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// State is how far a diagnosis is.
type State string

const (
	Draft  State = "draft"  // being set up; nothing is frozen
	Open   State = "open"   // frozen; answers come in, nothing but counts is shown
	Closed State = "closed" // the published set stands
)

// Diagnosis is one wave: an instrument put to the people of one day's roster.
type Diagnosis struct {
	ID         string
	Name       string
	Instrument string // id of a kept instrument, "" for the shipped one
	RosterDay  period.Day
	Opens      time.Time // from then on answers are taken
	Closes     time.Time // until then
	Setup
	State       State
	OpenedAt    time.Time
	ClosedAt    time.Time
	Unnamed     bool // answers that name nobody were imported
	Released    Release
	Predecessor string   // id of the diagnosis before, whose answers can be linked by a code; fixed at opening
	Within      []string // ids of the units from the root down to the one that is asked, with all under it; nil for the whole
	Part        string   // the name of that unit
	OpenedBy    string   // key of a person, "" for nobody on the roster
	ClosedBy    string   // likewise; who opened it, where it closed by itself
}

// Unit is the id of the unit that is asked, with all under it; "" for the whole.
func (d Diagnosis) Unit() string {
	if len(d.Within) == 0 {
		return ""
	}
	return d.Within[len(d.Within)-1]
}

// Place is what of the organisation is asked.
func (d Diagnosis) Place() org.Place { return org.Place{Units: d.Within} }

// PlaceOf is the place of a unit of a report, by the ids from its topmost unit down.
func (d Diagnosis) PlaceOf(ids []string) org.Place {
	if len(d.Within) == 0 {
		return org.Place{Units: ids}
	}
	return org.Place{Units: append(d.Within[:len(d.Within)-1:len(d.Within)-1], ids...)}
}

// Setup is what will be reported, chosen before opening and frozen by it.
type Setup struct {
	Minimum    int        `json:"minimum"`    // people behind any figure
	Attributes []string   `json:"attributes"` // those a response carries, the last dropped first
	Crossings  []Crossing `json:"crossings"`
	Shared     []string   `json:"shared,omitempty"` // units, as written, whose people answer by one link
}

// Crossing is a table that is reported besides the unit tree and the one-way
// table of each attribute.
type Crossing struct {
	Units      bool     `json:"units,omitzero"` // for every unit down to Depth, else for the whole only
	Depth      int      `json:"depth,omitzero"` // 0: all of the tree
	Attributes []string `json:"attributes"`
}

const (
	leastMinimum  = 3
	mostMinimum   = 100
	mostReported  = 6
	mostCrossings = 12
)

// Check brings a diagnosis into order and reports what cannot be opened.
func (d *Diagnosis) Check() error {
	if d.Name = strings.TrimSpace(d.Name); d.Name == "" {
		return fault.Fieldf("name", "the diagnosis needs a name, such as 'Autumn 2026'")
	}
	if len(d.Name) > 200 {
		return fault.Fieldf("name", "a name has at most 200 bytes")
	}
	if day, err := period.ParseDay(string(d.RosterDay)); err == nil {
		d.RosterDay = day
	} else {
		d.RosterDay = ""
	}
	if d.RosterDay == "" {
		return fault.Fieldf("roster", "choose the day whose roster says who is asked")
	}
	if !d.Closes.After(d.Opens) {
		return fault.Fieldf("closes", "the diagnosis closes before it opens: choose a later day")
	}
	return d.Setup.check()
}

// Fits reports a diagnosis that would show smaller groups than its instrument does.
func (d Diagnosis) Fits(in *Instrument) error {
	if d.Minimum < in.MinimumGroup {
		return fault.Fieldf("minimum", "the instrument shows groups of at least %d people: choose no fewer", in.MinimumGroup)
	}
	return nil
}

func (s *Setup) check() (err error) {
	if s.Shared, err = cleanShared(s.Shared); err != nil {
		return err
	}
	if s.Minimum < leastMinimum || s.Minimum > mostMinimum {
		return fault.Fieldf("minimum", "the smallest group shown has between %d and %d people, not %d", leastMinimum, mostMinimum, s.Minimum)
	}
	if len(s.Attributes) > mostReported {
		return fault.Fieldf("attributes", "choose at most %d attributes: each makes small groups smaller", mostReported)
	}
	if len(s.Crossings) > mostCrossings {
		return fault.Fieldf("crossings", "choose at most %d crossings", mostCrossings)
	}
	for i, a := range s.Attributes {
		if slices.Contains(s.Attributes[:i], a) {
			return fault.Fieldf("attributes", "%q is chosen twice", a)
		}
	}
	for _, c := range s.Crossings {
		most := MaxAttributes
		if c.Units {
			most--
		}
		if len(c.Attributes) == 0 || len(c.Attributes) > most {
			return fault.Fieldf("crossings", "a crossing has one to four attributes, the unit counted as one")
		}
		for i, a := range c.Attributes {
			if !slices.Contains(s.Attributes, a) || slices.Contains(c.Attributes[:i], a) {
				return fault.Fieldf("crossings", "%q cannot be crossed: choose it among the attributes first, and once", a)
			}
		}
		if c.Depth < 0 {
			return fault.Fieldf("crossings", "a depth is 1 or more; 0 stands for every level of the tree")
		}
	}
	return nil
}

// Tables are the reported tables: the unit tree, a one-way table of each
// attribute, then the crossings. simple is how many of them show characteristics
// too: the first so many.
func (s Setup) Tables() (tables []Table, simple []int) {
	tables = []Table{{Units: true}}
	for a := range s.Attributes {
		tables = append(tables, Table{Attributes: []int{a}})
	}
	for i := range tables {
		simple = append(simple, i)
	}
	for _, c := range s.Crossings {
		t := Table{Units: c.Units, Depth: c.Depth}
		for _, a := range c.Attributes {
			t.Attributes = append(t.Attributes, slices.Index(s.Attributes, a))
		}
		tables = append(tables, t)
	}
	return tables, simple
}

// TakesLinks says whether answers of somebody who is known by a link or a key are
// taken, and in words why not.
func (d Diagnosis) TakesLinks() error {
	if d.Unnamed {
		return fault.Conflictf("the answers to this questionnaire came in by a file that names nobody: no more are taken, or somebody could count twice")
	}
	return nil
}

// Takes says whether answers by a link are taken at an instant, or those of a test, and in
// words why not.
func (d Diagnosis) Takes(now time.Time, trial bool) error {
	if !trial {
		return errors.Join(d.TakesAnswers(now), d.TakesLinks())
	}
	if d.State != Draft {
		return fault.Conflictf("the test run has ended: what is answered now needs a link of the questionnaire itself")
	}
	return nil
}

// TakesAnswers says whether an answer is taken at an instant, and in words why not.
func (d Diagnosis) TakesAnswers(now time.Time) error {
	switch {
	case d.State == Closed || d.State == Open && !now.Before(d.Closes):
		return fault.Conflictf("this questionnaire is closed; your answers can no longer be taken")
	case d.State == Draft || now.Before(d.Opens):
		return fault.Conflictf("this questionnaire is not open yet; come back on %s", d.Opens.Format("2006-01-02 15:04"))
	}
	return nil
}
