package transition

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/period"
)

// Circle is a group of people whom a leader or a coach looks after, in a place.
type Circle struct {
	Coach    string // id of the person
	Location string // name; "" where it is not known
	Country  string
	Partner  string
	Units    map[string]int // people by the unit's name
}

// Size is how many people are in it.
func (c Circle) Size() (n int) {
	for _, people := range c.Units {
		n += people
	}
	return n
}

// Use is that somebody works by a practice: its writer from when it was shared on, who has taken
// it up from then until it was given up.
type Use struct {
	Person string // id
	From   period.Day
	Until  period.Day // "" for still
}

// Place is what of the people of a location or a unit has been reached, month by month.
type Place struct {
	Name    string
	Country string
	Partner string
	People  int
	Reached []int // at the end of each month
}

// Share is the part of a place's people that has been reached in the last month, 0 to 1.
func (p Place) Share() float64 {
	if p.People == 0 || len(p.Reached) == 0 {
		return 0
	}
	return float64(p.Reached[len(p.Reached)-1]) / float64(p.People)
}

// Spread is how what worked has travelled.
type Spread struct {
	Months    []string // 2026-01
	People    int      // all whom the organisation has
	Reached   []int    // at the end of each month
	Locations []Place  // by name
	Units     []Place
}

// NewSpread follows from month to month, from the first use until now, which circles work by at
// least one practice that somebody shared. people are those of each location, in the circles or
// not. A circle's people are those it has now. It says nothing of whether it helped.
func NewSpread(circles []Circle, uses []Use, people []Place, now time.Time) Spread {
	s := Spread{}
	for _, p := range people {
		s.People += p.People
	}
	first := period.DayOf(now)
	by := map[string][]Use{}
	for _, u := range uses {
		first = min(first, u.From)
		by[u.Person] = append(by[u.Person], u)
	}
	if len(uses) == 0 {
		return s
	}
	begin, _ := time.ParseInLocation("2006-01", string(first)[:len("2006-01")], now.Location())
	var ends []period.Day
	for month := begin; !month.After(now); month = month.AddDate(0, 1, 0) {
		s.Months = append(s.Months, month.Format("2006-01"))
		ends = append(ends, min(period.DayOf(month.AddDate(0, 1, -1)), period.DayOf(now)))
	}
	s.Reached = make([]int, len(ends))
	locations, units := map[string]*Place{}, map[string]*Place{}
	for _, p := range people {
		p.Reached = make([]int, len(ends))
		locations[p.Name] = &p
	}
	for _, c := range circles {
		for m, end := range ends {
			if !works(by[c.Coach], end) {
				continue
			}
			s.Reached[m] += c.Size()
			if p := locations[c.Location]; p != nil {
				p.Reached[m] = min(p.People, p.Reached[m]+c.Size())
			}
		}
		for name, n := range c.Units {
			u := units[name]
			if u == nil {
				u = &Place{Name: name, Reached: make([]int, len(ends))}
				units[name] = u
			}
			u.People += n
			for m, end := range ends {
				if works(by[c.Coach], end) {
					u.Reached[m] += n
				}
			}
		}
	}
	s.Locations, s.Units = sorted(locations), sorted(units)
	return s
}

func works(uses []Use, on period.Day) bool {
	return slices.ContainsFunc(uses, func(u Use) bool { return u.From <= on && (u.Until == "" || u.Until > on) })
}

func sorted(places map[string]*Place) (all []Place) {
	for _, p := range places {
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b Place) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// Unreached lists the locations with people of which nobody has been reached, the largest first.
func (s Spread) Unreached() (some []Place) {
	for _, p := range s.Locations {
		if p.People > 0 && p.Share() == 0 {
			some = append(some, p)
		}
	}
	slices.SortStableFunc(some, func(a, b Place) int { return b.People - a.People })
	return some
}

// Stop is where a practice has come to on its way: who took it up, from whom, and in which month.
type Stop struct {
	Writer
	Month string // 2026-01
	From  int    // index of the stop it came from, -1 for where it began
	Gone  bool   // given up since
}

// Travel is the way of a practice, in the order of its days.
func Travel(p Practice, adoptions []Adoption, today period.Day) []Stop {
	stops, at := []Stop{{Writer: p.Writer, Month: string(period.DayOf(p.Shared))[:7], From: -1}}, map[string]int{p.Writer.Person.ID: 0}
	all := slices.Clone(adoptions)
	slices.SortStableFunc(all, func(a, b Adoption) int { return cmp.Compare(a.Day, b.Day) })
	for _, a := range all {
		from := at[a.Via] // of somebody whose own day is later: from where it began
		at[a.Writer.Person.ID] = len(stops)
		stops = append(stops, Stop{a.Writer, string(a.Day)[:7], from, !a.InUse(today)})
	}
	return stops
}
