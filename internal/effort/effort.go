// Package effort is the ledger of what was done: when, of what kind, whose hours, at what cost,
// run by whom and serving what. It computes only; what an entry is written from (a session, an
// action) other areas know.
package effort

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Kind says what kind of solution an effort is: learning, or one of the others that improve
// performance.
type Kind string

const (
	Learning              Kind = "learning"
	OrganisationalChange  Kind = "organisational-development"
	ProcessAnalysis       Kind = "process-analysis"
	TalentManagement      Kind = "talent-management"
	JobTools              Kind = "job-tools" // and resources that a job needs
	Coaching              Kind = "coaching"  // of performance, and feedback
	KnowledgeManagement   Kind = "knowledge-management"
	PerformanceManagement Kind = "performance-management"
	Incentives            Kind = "incentives"
	Motivation            Kind = "motivation" // other than by incentives
)

// Kinds lists them, learning first. Packed tallies know a kind by its place: a new one goes to the end.
var Kinds = []Kind{Learning, OrganisationalChange, ProcessAnalysis, TalentManagement, JobTools, Coaching, KnowledgeManagement, PerformanceManagement, Incentives, Motivation}

// Side says for which part somebody spent hours.
type Side string

const (
	Participant Side = "participant"
	Staff       Side = "staff" // prepared, led, administered
)

// Source is what an entry was written from.
type Source struct{ Kind, ID string }

// Kinds of sources.
const (
	OfSession    = "session"
	OfCoaching   = "coaching"
	OfAction     = "action"
	OfFile       = "file"       // a row of one; the ID is its reference, or one that we made
	OfForm       = "form"       // filled in by somebody
	OfCompletion = "completion" // of something that is learned
	OfPlan       = "plan"       // an item of a development plan
	OfOffering   = "offering"
	OfAct        = "act" // by which an executive was seen to be involved
)

// Target is what an effort serves.
type Target struct{ Kind, ID string }

// Kinds of targets.
const (
	ForProgramme      = "programme"
	ForFocal          = "focal"
	ForCharacteristic = "characteristic"
	ForAction         = "action"
	ForInitiative     = "initiative"
	ForGoal           = "goal"
	ForResource       = "resource"
	ForCompetency     = "competency"
	ForPriority       = "priority"
	ForProfile        = "profile" // a part of the profile of a learning organisation
)

// Managed says who manages spending.
type Managed string

const (
	Centrally Managed = "central"
	Locally   Managed = "local"
	Unstated  Managed = "" // not stated
)

// Manageds lists them, what is not stated first. Packed tallies know one by its place.
var Manageds = []Managed{Unstated, Centrally, Locally}

// Entry is one effort.
type Entry struct {
	ID       string
	Day      period.Day // on which it was done, or ended
	Kind     Kind
	What     string
	Source   Source
	Modality Modality
	External bool // run by somebody outside the organisation
	Managed  Managed
	Supplier string // name of who provided it, "" where it is not stated
	Unit     string // id of the unit for which it was, where no hours say it
	Hours    []Hours
	Costs    []Cost
	Serves   []Target
	Feed     int // number of the file that it came with, 0 for none
	By       string
	Account  string // id of who typed it, "" for nobody
	At       time.Time
}

// Hours are those that one person spent, or, with nobody named, people of a unit together.
type Hours struct {
	Side    Side
	Unit    string // id of the unit in which they worked then, "" where it is not known
	Person  string // id
	Minutes int
}

const (
	mostMinutes  = 365 * 24 * 60
	mostAmount   = 1_000_000_000_00
	mostSupplier = 200
)

// Check brings an entry into order and reports what cannot be recorded.
func (e *Entry) Check() error {
	if e.What = strings.TrimSpace(e.What); e.What == "" || len(e.What) > 300 {
		return fault.Fieldf("what", "say in at most 300 bytes what was done")
	}
	day, err := period.ParseDay(string(e.Day))
	if err != nil || day == "" {
		return fault.Fieldf("day", "choose the day on which it was done")
	}
	e.Day = day
	e.Supplier = strings.Join(strings.Fields(e.Supplier), " ")
	switch {
	case !slices.Contains(Kinds, e.Kind):
		return fault.Fieldf("kind", "there is no kind of effort %q", string(e.Kind))
	case !e.Modality.known():
		return fault.Fieldf("modality", "there is no modality %q", string(e.Modality))
	case !slices.Contains(Manageds, e.Managed):
		return fault.Fieldf("managed", "spending is managed central or local, not %q", string(e.Managed))
	case len(e.Supplier) > mostSupplier:
		return fault.Fieldf("supplier", "name the supplier in at most %d bytes", mostSupplier)
	}
	if e.Source.Kind == "" || e.Source.ID == "" && e.Source.Kind != OfFile { // a row may have no reference
		return fault.Invalidf("an effort says what it was written from")
	}
	for _, h := range e.Hours {
		if h.Minutes < 1 || h.Minutes > mostMinutes {
			return fault.Fieldf("hours", "hours lie above none and within a year")
		}
		if h.Side != Participant && h.Side != Staff {
			return fault.Fieldf("hours", "hours are of participants or of staff")
		}
	}
	for _, c := range e.Costs {
		if err := c.Check(); err != nil {
			return err
		}
	}
	e.merge()
	return nil
}

// CheckEntered is Check for an entry that somebody types or sends in a file, on a day. It reports
// besides what these alone could get wrong: a day that has not come, an hour of nobody, an entry with
// neither hours nor costs, a currency for which there is no rate.
func (e *Entry) CheckEntered(today period.Day, rates Rates) error {
	if err := e.Check(); err != nil {
		return err
	}
	switch {
	case e.Day > today:
		return fault.Fieldf("day", "%s has not come yet: the ledger is of what was done", string(e.Day))
	case slices.ContainsFunc(e.Hours, func(h Hours) bool { return h.Person == "" && h.Unit == "" }):
		return fault.Fieldf("hours", "say whose hours these are: a person's, or a unit's")
	case len(e.Hours)+len(e.Costs) == 0:
		return fault.Fieldf("hours", "an effort has hours or a cost")
	}
	month := period.Of(e.Day, period.Monthly)
	for _, c := range e.Costs {
		if _, known := rates.In(c.Currency, month); !known {
			return fault.Fieldf("currency", "there is no rate for %[1]s in %[2]s: say first what it is worth in %[3]s", c.Currency, string(month), rates.Own)
		}
	}
	return nil
}

// Same says whether another entry that Check has passed, of whatever file and writer, says the same.
func (e Entry) Same(other Entry) bool {
	return e.Day == other.Day && e.Kind == other.Kind && e.What == other.What && e.Source == other.Source && e.Modality == other.Modality && e.External == other.External &&
		e.Managed == other.Managed && e.Supplier == other.Supplier && e.Unit == other.Unit &&
		slices.Equal(e.Hours, other.Hours) && slices.Equal(e.Costs, other.Costs) && slices.Equal(e.Serves, other.Serves)
}

// merge adds together hours of one person on one side in one unit, and costs of one kind and
// currency, and sorts both. The caller's own lists stay as they are.
func (e *Entry) merge() {
	e.Hours, e.Costs, e.Serves = slices.Clone(e.Hours), slices.Clone(e.Costs), slices.Clone(e.Serves)
	slices.SortFunc(e.Hours, func(a, b Hours) int {
		return cmp.Or(cmp.Compare(a.Side, b.Side), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Person, b.Person))
	})
	e.Hours = merged(e.Hours, func(to *Hours, h Hours) bool {
		same := to.Side == h.Side && to.Unit == h.Unit && to.Person == h.Person
		if same {
			to.Minutes += h.Minutes
		}
		return same
	})
	e.Costs = slices.DeleteFunc(e.Costs, func(c Cost) bool { return c.Amount == 0 })
	e.Costs = addUp(e.Costs)
	slices.SortFunc(e.Serves, func(a, b Target) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	e.Serves = slices.Compact(e.Serves)
}

// merged joins neighbours: join adds one to the one before, if it belongs there.
func merged[T any](all []T, join func(to *T, one T) bool) []T {
	n := 0
	for _, one := range all {
		if n == 0 || !join(&all[n-1], one) {
			all[n] = one
			n++
		}
	}
	return all[:n]
}

// Totals are sums over entries.
type Totals struct {
	Entries      int
	External     int // of the entries
	Participants int // minutes
	Staff        int // minutes
	People       int // participants who are named, each once
	Costs        []Cost
}

// Sum adds entries together. Money of two currencies is not added.
func Sum(entries []Entry) (t Totals) {
	people := map[string]bool{}
	for _, e := range entries {
		t.Entries++
		if e.External {
			t.External++
		}
		for _, h := range e.Hours {
			if h.Side == Staff {
				t.Staff += h.Minutes
				continue
			}
			t.Participants += h.Minutes
			if h.Person != "" {
				people[h.Person] = true
			}
		}
		t.Costs = append(t.Costs, e.Costs...)
	}
	t.People, t.Costs = len(people), addUp(t.Costs)
	return t
}
