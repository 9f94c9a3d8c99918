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
	"throughline/internal/org"
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

// Site is a location with who works there and who coaches there.
type Site struct {
	Location   org.Location
	Partner    string  // name of most people's; "" for none
	People     int     // persons and posts
	Unnamed    float64 // full-time equivalents that are counted only
	Need       int
	Have       int // coaches
	Forms      int // have said yes and do not coach yet
	Invited    int
	Nominated  int
	Candidates int // could be nominated
	Declined   int // when they were asked
}

// Headcount is how many work at the site.
func (s Site) Headcount() float64 { return float64(s.People) + s.Unnamed }

// Gap is how many coaches are needed besides those that there are.
func (s Site) Gap() int { return max(0, s.Need-s.Have) }

// Missing is the part of the gap that nobody is forming for.
func (s Site) Missing() int { return max(0, s.Need-s.Have-s.Forms) }

// Coverage is how far an organisation's locations have the coaches that they need. Where
// more coach than are needed, these fill no gap elsewhere.
type Coverage struct {
	Sites []Site // by country and name
	Site         // sums; Gap and Missing are those of its sites
	gap   int
	lack  int
}

// Gap is how many coaches are needed besides those that there are.
func (c Coverage) Gap() int { return c.gap }

// Missing is the part of the gap that nobody is forming for.
func (c Coverage) Missing() int { return c.lack }

// Locations says at how many locations nobody is missing, at how many of the others those in
// formation will do, and at how many they will not; at how many of these nobody coaches or
// forms. Locations where nobody works are left out.
func (c Coverage) Locations() (full, forming, short, empty int) {
	for _, s := range c.Sites {
		switch {
		case s.Need == 0:
		case s.Gap() == 0:
			full++
		case s.Missing() == 0:
			forming++
		default:
			short++
			if s.Have+s.Forms == 0 {
				empty++
			}
		}
	}
	return full, forming, short, empty
}

// Cover adds up the sites.
func Cover(sites []Site) Coverage {
	c := Coverage{Sites: sites}
	for _, s := range sites {
		c.People += s.People
		c.Unnamed += s.Unnamed
		c.Need += s.Need
		c.Have += s.Have
		c.Forms += s.Forms
		c.Invited += s.Invited
		c.Nominated += s.Nominated
		c.Candidates += s.Candidates
		c.gap += s.Gap()
		c.lack += s.Missing()
	}
	return c
}

// Add counts a member at the place where the member works.
func (s *Site) Add(m Member) {
	switch {
	case m.Left:
	case m.Status == Active:
		s.Have++
	case m.Status == Accepted:
		s.Forms++
	case m.Status == Invited:
		s.Invited++
	case m.Status == Nominated:
		s.Nominated++
	case m.Status == Declined:
		s.Declined++
	}
}
