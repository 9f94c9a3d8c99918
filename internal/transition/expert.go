package transition

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// ExperienceKind says what an entry in somebody's record is about.
type ExperienceKind string

const (
	OfTheme  ExperienceKind = "theme"
	Observed ExperienceKind = "observed" // watched a diagnosis being run
	CoRan    ExperienceKind = "co-ran"   // ran one together with whoever led it
	Led      ExperienceKind = "led"      // led one until it was closed; nobody writes this down
)

// DiagnosisSteps are the three steps to running a diagnosis, in their order.
var DiagnosisSteps = []ExperienceKind{Observed, CoRan, Led}

// Depth is how well somebody knows a theme.
type Depth int

const (
	Explains Depth = 1 // says what it means in the own work
	Applies  Depth = 2 // has worked on it with a team
	Teaches  Depth = 3 // has run a session or an exercise on it
)

// Depths lists them, the least first.
var Depths = []Depth{Explains, Applies, Teaches}

// Experience is an entry in somebody's record. It counts once somebody else has confirmed it.
type Experience struct {
	ID          string
	Kind        ExperienceKind
	Subject     string // id of a characteristic or of a diagnosis
	Depth       Depth  // of a theme
	Day         period.Day
	Note        string
	NotedBy     string
	NotedAt     time.Time
	ConfirmedBy string
	ConfirmedAt time.Time // zero until somebody has
}

// Counts says whether an experience is confirmed.
func (e Experience) Counts() bool { return !e.ConfirmedAt.IsZero() }

// Check brings an experience into order and reports, at its field, what it lacks.
func (e *Experience) Check(today period.Day) error {
	switch e.Kind {
	case OfTheme:
		if !slices.Contains(Depths, e.Depth) {
			return fault.Fieldf("depth", "say how well: explains it, applies it or teaches it")
		}
		if e.Subject == "" {
			return fault.Fieldf("theme", "choose the theme")
		}
	case Observed, CoRan:
		if e.Depth = 0; e.Subject == "" {
			return fault.Fieldf("diagnosis", "choose the diagnosis")
		}
	case Led:
		return fault.Fieldf("kind", "that somebody has led a diagnosis follows from closing one: it is not written down")
	default:
		return fault.Fieldf("kind", "choose what was done")
	}
	day, chosen := chosen(e.Day)
	if !chosen {
		return fault.Fieldf("day", "choose the day")
	}
	if e.Day = day; day > today {
		return fault.Fieldf("day", "this day has not come yet: write down what was, not what will be")
	}
	if e.Note = strings.TrimSpace(e.Note); len(e.Note) > 1000 {
		return fault.Fieldf("note", "a note has at most 1,000 bytes")
	}
	return nil
}

// chosen is a day that somebody has chosen, and whether it is one.
func chosen(written period.Day) (period.Day, bool) {
	day, err := period.ParseDay(string(written))
	return day, err == nil && day != ""
}

// Record is what somebody has learned to do.
type Record struct {
	Person      org.Ref
	Experiences []Experience // by day, those of diagnoses that were led among them
	Leads       []Lead
}

// Lead is a unit whose diagnoses, with all under it, somebody may lead because of the record.
type Lead struct {
	Unit org.Ref
	By   string
	At   time.Time
}

// Step is the furthest confirmed of the steps to running a diagnosis; "" for none.
func (r Record) Step() (step ExperienceKind) {
	for _, one := range DiagnosisSteps {
		if slices.ContainsFunc(r.Experiences, func(e Experience) bool { return e.Kind == one && e.Counts() }) {
			step = one
		}
	}
	return step
}

// Runs says whether somebody can run a diagnosis: has run one together with another, or led one.
func (r Record) Runs() bool { return r.Step() == CoRan || r.Step() == Led }

// Depth is how well somebody knows a theme, as confirmed; 0 for not at all.
func (r Record) Depth(theme string) (depth Depth) {
	for _, e := range r.Experiences {
		if e.Kind == OfTheme && e.Subject == theme && e.Counts() {
			depth = max(depth, e.Depth)
		}
	}
	return depth
}

// Waiting lists what nobody has confirmed yet.
func (r Record) Waiting() (some []Experience) {
	for _, e := range r.Experiences {
		if !e.Counts() {
			some = append(some, e)
		}
	}
	return some
}

// Confirm reports what cannot be confirmed by somebody: the own experience, one that is
// confirmed, and a step before the one that leads to it.
func (r Record) Confirm(id string, by org.By) error {
	at := slices.IndexFunc(r.Experiences, func(e Experience) bool { return e.ID == id && id != "" })
	switch {
	case at < 0:
		return fault.NotFoundf("there is no such entry in this record: look at the page again")
	case by.Person == r.Person.Key:
		return fault.Conflictf("somebody else confirms this: nobody confirms their own record")
	case r.Experiences[at].Counts():
		return fault.Conflictf("%s has confirmed this already", r.Experiences[at].ConfirmedBy)
	case r.Experiences[at].Kind == CoRan && r.Step() == "":
		return fault.Conflictf("%s has to have observed a diagnosis first: note and confirm that", r.Person.Name)
	}
	return nil
}

// Add reports what cannot be added: what is in the record already.
func (r Record) Add(e Experience) error {
	for _, had := range r.Experiences {
		if had.Kind == e.Kind && had.Subject == e.Subject && had.Depth == e.Depth {
			return fault.Conflictf("this is in the record already, of %s", string(had.Day))
		}
	}
	return nil
}

// MayLead reports who cannot be made to lead diagnoses of the own part.
func (r Record) MayLead(m Member) error {
	switch {
	case m.Left:
		return fault.Conflictf("%s has left the organisation: choose somebody else", m.Person.Title())
	case !r.Runs():
		return fault.Conflictf("%s has to have run a diagnosis together with somebody first, and somebody has to have confirmed it", m.Person.Title())
	case m.Person.Mail == "":
		return fault.Conflictf("%s has no mail address, and so no account: an administrator makes one", m.Person.Title())
	case slices.ContainsFunc(r.Leads, func(l Lead) bool { return l.Unit.ID == m.Part.ID }):
		return fault.Conflictf("%[1]s leads diagnoses of %[2]s already", m.Person.Title(), m.Part.Name)
	}
	return nil
}

// Sort puts what is in a record in the order of its days.
func (r *Record) Sort() {
	slices.SortStableFunc(r.Experiences, func(a, b Experience) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), a.NotedAt.Compare(b.NotedAt))
	})
}
