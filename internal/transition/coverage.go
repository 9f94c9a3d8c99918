// Package transition is what happens between two diagnoses: programmes of leaders and of
// coaches, who covers whom, and what they do with the focal points. It computes only.
package transition

import (
	"cmp"
	"errors"
	"iter"
	"math"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// Per is how many people a coach looks after unless a programme says otherwise: "at least
// one HPO Coach for every group of 50 individuals for every geographical location".
const Per = 50

// CheckPer reports a number of people that is no group.
func CheckPer(per int) error {
	if per < 2 || per > 10_000 {
		return fault.Fieldf("per", "a coach looks after at least 2 people and at most 10,000, not %d", per)
	}
	return nil
}

// Need is how many coaches a location needs: one for every group of per people, and one for
// who is left over; none where nobody works. People may be full-time equivalents; a sum of
// these is taken to the millionth, so that how it was added up does not matter.
func Need(people float64, per int) int {
	return int(math.Ceil(math.Round(people*1e6) / 1e6 / float64(per)))
}

// Headcount is a location with how many people work there and how many coaches these need.
type Headcount struct {
	Location string  `json:"location"`
	People   float64 `json:"headcount"`
	Need     int     `json:"need"`
}

// Count is one row of a file of headcounts.
type Count struct {
	Line     int
	Location string
	People   float64
	Stated   bool // there is a number
}

// Headcounts are locations by name, and their sums.
type Headcounts struct {
	Locations int         `json:"locations"`
	People    float64     `json:"headcount"`
	Need      int         `json:"need"`
	Rows      []Headcount `json:"rows"`
}

const mostMistakes = 100

// CountHeads adds the rows of each location together. Mistakes, which rows may yield too,
// name their line and are joined; where there is one nothing is counted.
func CountHeads(rows iter.Seq2[Count, error], per int) (*Headcounts, error) {
	if err := CheckPer(per); err != nil {
		return nil, err
	}
	var mistakes []error
	at := map[string]int{}
	h := &Headcounts{Rows: []Headcount{}}
	for c, err := range rows {
		if err == nil {
			err = c.check()
		}
		if err != nil {
			if mistakes = append(mistakes, err); len(mistakes) >= mostMistakes {
				mistakes = append(mistakes, fault.Invalidf("reading stopped after %d mistakes; correct these first", len(mistakes)))
				break
			}
			continue
		}
		name := strings.Join(strings.Fields(c.Location), " ")
		i, known := at[name]
		if !known {
			i = len(h.Rows)
			at[name] = i
			h.Rows = append(h.Rows, Headcount{Location: name})
		}
		h.Rows[i].People += c.People
	}
	if len(mistakes) == 0 && len(h.Rows) == 0 {
		mistakes = append(mistakes, fault.Invalidf("the file has no headcounts: no row follows the headings"))
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	for i := range h.Rows {
		r := &h.Rows[i]
		r.People = math.Round(r.People*1e6) / 1e6
		r.Need = Need(r.People, per)
		h.People += r.People
		h.Need += r.Need
	}
	h.People = math.Round(h.People*1e6) / 1e6
	h.Locations = len(h.Rows)
	slices.SortFunc(h.Rows, func(a, b Headcount) int { return cmp.Compare(a.Location, b.Location) })
	return h, nil
}

func (c Count) check() error {
	switch {
	case strings.TrimSpace(c.Location) == "":
		return fault.Invalidf("line %d: the location is empty: name the place, or delete the row", c.Line)
	case !c.Stated:
		return fault.Invalidf("line %d: the headcount of %s is missing: write how many work there, 0 for nobody", c.Line, c.Location)
	case c.People < 0:
		return fault.Invalidf("line %d: the headcount of %s is %g: it cannot be less than 0", c.Line, c.Location, c.People)
	case math.IsNaN(c.People) || c.People > 1e9:
		return fault.Invalidf("line %d: the headcount of %s is no number of people", c.Line, c.Location)
	}
	return nil
}
