package effort

import (
	"cmp"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
	"throughline/internal/org"
)

// Initiative is work that runs over several actions, sessions or courses, and reaches units or
// people one after the other.
type Initiative struct {
	ID      string
	Name    string
	Note    string // what it is about
	Kind    Kind
	Owner   org.Ref // somebody of the roster
	Left    bool    // the owner is not at work any more
	Serves  []Target
	Starts  []Start    // by day
	RollOut            // how their order was decided
	Due     period.Day // by when it is to be over; "" for no day

	Expected string     // the effect that is expected
	Ended    period.Day // "" while it goes on
	Came     string     // what came of it
}

// Start is when an initiative began for a unit with all under it, or for a person.
type Start struct {
	Of  Subject
	Ref org.Ref
	Day period.Day
}

// Subject says for what something began.
type Subject string

const (
	OfUnit   Subject = "unit"
	OfPerson Subject = "person"
)

const mostServed = 20

// Check brings an initiative into order and reports, at its field, what it lacks.
func (i *Initiative) Check() error {
	i.Name, i.Note = strings.Join(strings.Fields(text.Straight(i.Name)), " "), strings.TrimSpace(i.Note)
	i.Expected, i.Came = strings.TrimSpace(i.Expected), strings.TrimSpace(i.Came)
	due, badDay := period.ParseDay(string(i.Due))
	switch {
	case !text.Visible(i.Name) || len(i.Name) > 200:
		return fault.Fieldf("name", "give the initiative a name of at most 200 bytes")
	case len(i.Note) > 4000:
		return fault.Fieldf("note", "say in at most 4,000 bytes what it is about")
	case !slices.Contains(Kinds, i.Kind):
		return fault.Fieldf("kind", "choose what kind of work it is")
	case i.Owner.ID == "":
		return fault.Fieldf("owner", "choose who answers for it")
	case badDay != nil:
		return fault.Fieldf("due", "choose the day by which it is to be over, or none")
	case len(i.Expected) > 4000:
		return fault.Fieldf("expected", "say in at most 4,000 bytes what is expected of it")
	case i.Ended != "" && !text.Visible(i.Came):
		return fault.Fieldf("came", "say what came of it")
	case len(i.Came) > 4000:
		return fault.Fieldf("came", "say in at most 4,000 bytes what came of it")
	case len(i.Serves) > mostServed:
		return fault.Fieldf("serves", "an initiative serves at most %d things", mostServed)
	}
	i.Due = due
	if err := i.RollOut.check(); err != nil {
		return err
	}
	seen := map[Start]bool{}
	for n := range i.Starts {
		s := &i.Starts[n]
		day, err := period.ParseDay(string(s.Day))
		if err != nil || day == "" {
			return fault.Fieldf("day", "choose the day on which it begins there")
		}
		s.Day = day
		at := s.subject()
		if s.Of != OfUnit && s.Of != OfPerson || s.Ref.ID == "" || seen[at] {
			return fault.Fieldf("unit", "choose a unit in which it has not begun yet")
		}
		seen[at] = true
	}
	slices.SortStableFunc(i.Starts, func(a, b Start) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Ref.Name, b.Ref.Name))
	})
	return nil
}

// Late says whether an initiative goes on after the day by which it was to be over.
func (i Initiative) Late(today period.Day) bool { return i.Ended == "" && i.Due != "" && i.Due < today }

// Begun lists where an initiative has begun by a day.
func (i Initiative) Begun(by period.Day) (some []Start) {
	for _, s := range i.Starts {
		if s.Day <= by {
			some = append(some, s)
		}
	}
	return some
}
