package transition

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/period"
)

// Head is somebody who can be reached, or several at one place who are counted and not named.
type Head struct {
	Location string // name; "" where it is not known
	Unit     string // id
	N        int
}

// Circle is whom a leader or a coach looks after.
type Circle struct {
	Coach string // id of the person
	Of    []Share
}

// Share is how many of a head are in a circle.
type Share struct {
	Head int // index
	N    int
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
	ID      string // of a unit; the name of a location
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

// Spread is how what was tried has travelled.
type Spread struct {
	Months    []string // 2026-01
	People    int      // all who can be reached
	Reached   []int    // at the end of each month
	Locations []Place  // by name
	Units     []Place
}

// NewSpread follows from month to month, from the first use until now, who is in the circle of
// somebody who works by at least one practice that was shared. Somebody in two circles counts
// once. places names locations and units; heads and circles are those of now. It says nothing of
// whether it helped.
func NewSpread(heads []Head, circles []Circle, uses []Use, locations, units []Place, now time.Time) Spread {
	s := Spread{}
	for _, h := range heads {
		s.People += h.N
	}
	if len(uses) == 0 {
		return s
	}
	first, by := period.DayOf(now), map[string][]Use{}
	for _, u := range uses {
		first = min(first, u.From)
		by[u.Person] = append(by[u.Person], u)
	}
	begin, _ := time.ParseInLocation("2006-01", string(first)[:len("2006-01")], now.Location())
	var ends []period.Day
	for month := begin; !month.After(now); month = month.AddDate(0, 1, 0) {
		s.Months = append(s.Months, month.Format("2006-01"))
		ends = append(ends, min(period.DayOf(month.AddDate(0, 1, -1)), period.DayOf(now)))
	}
	s.Reached = make([]int, len(ends))
	at, of := placed(locations, len(ends)), placed(units, len(ends))
	for _, h := range heads {
		at.of(h.Location).People += h.N
		of.of(h.Unit).People += h.N
	}
	reached := make([]int, len(heads))
	for m, end := range ends {
		clear(reached)
		for _, c := range circles {
			if !works(by[c.Coach], end) {
				continue
			}
			for _, share := range c.Of {
				reached[share.Head] = min(heads[share.Head].N, reached[share.Head]+share.N)
			}
		}
		for i, n := range reached {
			s.Reached[m] += n
			at.of(heads[i].Location).Reached[m] += n
			of.of(heads[i].Unit).Reached[m] += n
		}
	}
	s.Locations, s.Units = at.sorted(), of.sorted()
	return s
}

// places are some by their ids.
type places struct {
	by     map[string]*Place
	months int
}

func placed(all []Place, months int) places {
	p := places{map[string]*Place{}, months}
	for _, one := range all {
		one.Reached = make([]int, months)
		p.by[one.ID] = &one
	}
	return p
}

func (p places) of(id string) *Place {
	if p.by[id] == nil {
		p.by[id] = &Place{ID: id, Name: id, Reached: make([]int, p.months)}
	}
	return p.by[id]
}

func (p places) sorted() (all []Place) {
	for _, one := range p.by {
		if one.People > 0 {
			all = append(all, *one)
		}
	}
	slices.SortFunc(all, func(a, b Place) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func works(uses []Use, on period.Day) bool {
	return slices.ContainsFunc(uses, func(u Use) bool { return u.From <= on && (u.Until == "" || u.Until > on) })
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
