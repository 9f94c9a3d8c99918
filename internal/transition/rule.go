package transition

import (
	"slices"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Rule says who can be nominated for a programme. What is empty does not narrow it, and of
// several values one is enough.
type Rule struct {
	Levels     []org.Level `json:"levels,omitempty"`
	Countries  []string    `json:"countries,omitempty"`
	Partners   []string    `json:"partners,omitempty"`
	Unit       string      `json:"unit,omitempty"`     // id; whoever works in it or under it
	UnitName   string      `json:"unitName,omitempty"` // as it was called when it was chosen
	Team       bool        `json:"team,omitempty"`     // on a management team
	Months     int         `json:"months,omitempty"`   // at work for at least so long; who has no first day stated passes
	Attributes []Trait     `json:"attributes,omitempty"`
}

// Trait is an attribute of the roster with the values that pass.
type Trait struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

const mostValues = 500

func (r Rule) check() error {
	values := len(r.Levels) + len(r.Countries) + len(r.Partners)
	for _, t := range r.Attributes {
		values += 1 + len(t.Values)
	}
	if values > mostValues {
		return fault.Invalidf("a rule names at most %d values: tick fewer", mostValues)
	}
	for _, l := range r.Levels {
		if !slices.Contains(org.Levels, l) {
			return fault.Fieldf("level", "there is no level %q", string(l))
		}
	}
	if r.Months < 0 || r.Months > 600 {
		return fault.Fieldf("months", "choose 0 to 600 months at work, not %d", r.Months)
	}
	return nil
}

// Candidate is somebody of the roster, with what a rule looks at besides.
type Candidate struct {
	org.Person
	Country string
	Units   []string // ids, from the root down to the person's own
	Team    bool     // on a management team
}

// Finds says whether the rule lets somebody be nominated on a day.
func (r Rule) Finds(c Candidate, day period.Day) bool {
	one := func(of []string, value string) bool { return len(of) == 0 || slices.Contains(of, value) }
	passes := (len(r.Levels) == 0 || slices.Contains(r.Levels, c.Level)) &&
		one(r.Countries, c.Country) &&
		one(r.Partners, c.Partner.Key) &&
		(r.Unit == "" || slices.Contains(c.Units, r.Unit)) &&
		(!r.Team || c.Team)
	for _, t := range r.Attributes {
		passes = passes && one(t.Values, c.Attributes[t.Name])
	}
	return passes && (r.Months == 0 || c.Start == "" || c.Start <= monthsBefore(day, r.Months))
}

func monthsBefore(day period.Day, months int) period.Day {
	t := day.Time()
	first := time.Date(t.Year(), t.Month()-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return period.DayOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}
