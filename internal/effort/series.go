package effort

import (
	"slices"

	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Part is what a period of a series comes to.
type Part struct {
	Period period.Period
	Account
}

// Series is what each period of a grain comes to that has one of the months from one to another, those
// without entries too; of a period that reaches beyond these, the months that are given.
func Series(rates Rates, months []Monthly, g period.Grain, from, until period.Period) (all []Part) {
	last := period.Of(until.First(), g)
	for p := period.Of(from.First(), g); p <= last; p = p.Add(1) {
		var in []Monthly
		for _, m := range months {
			if period.Of(m.Month.First(), g) == p {
				in = append(in, m)
			}
		}
		all = append(all, Part{p, AccountOf(rates, in)})
	}
	return all
}

// Together adds months of several headings up, and sorts them.
func Together(lists ...[]Monthly) (all []Monthly) {
	at := map[period.Period]int{}
	for _, months := range lists {
		for _, m := range months {
			n, there := at[m.Month]
			if !there {
				n = len(all)
				at[m.Month], all = n, append(all, Monthly{Month: m.Month})
			}
			all[n].Add(m.Tally)
		}
	}
	slices.SortFunc(all, func(a, b Monthly) int { return a.Month.Number() - b.Month.Number() })
	return all
}

// Tops are the units of the learning function that are in the tree, but for those that are under another
// one of it, so that with all under them nothing counts twice.
func (s Setting) Tops(units *org.Structure) (tops []string) {
	for i := 0; i < len(units.Units); {
		if slices.Contains(s.Function, units.Units[i].ID) {
			tops = append(tops, units.Units[i].ID)
			i += units.Units[i].Size
		} else {
			i++
		}
	}
	return tops
}

// FunctionOf are the units of the learning function within a unit, "" for the whole: those tops that lie in it, or
// the unit itself where it lies in one. Of an organisation that has named none everything is, as a whole.
func (s Setting) FunctionOf(units *org.Structure, unit string) (of []string) {
	at, there := units.Find(unit)
	if len(s.Function) == 0 && (unit == "" || there && at == 0) {
		return []string{unit}
	}
	for _, top := range s.Tops(units) {
		n, _ := units.Find(top)
		switch {
		case unit == "", there && n >= at && n < at+units.Units[at].Size:
			of = append(of, top)
		case there && at > n && at < n+units.Units[n].Size:
			return []string{unit}
		}
	}
	return of
}

// ByMonth are tallies by their months.
func ByMonth(months []Monthly) map[period.Period]Tally {
	all := map[period.Period]Tally{}
	for _, m := range months {
		all[m.Month] = m.Tally
	}
	return all
}

// Concerns says whether a change is one of the unit at an index of the tree: of all, of the unit or one
// above it, or of a part of it. An index below 0 is the whole.
func (c Change) Concerns(units *org.Structure, at int) bool {
	if len(c.Units) == 0 || at < 0 {
		return true
	}
	path, last := units.IDs(at), at+units.Units[at].Size
	return slices.ContainsFunc(c.Units, func(id string) bool {
		n, there := units.Find(id)
		return slices.Contains(path, id) || there && n >= at && n < last
	})
}

// PerHour is what an hour of a participant cost, in the smallest unit of the own currency; nil where
// nobody spent any.
func (s Spending) PerHour() *float64 {
	if s.Minutes == 0 {
		return nil
	}
	v := float64(s.Direct()) * 60 / float64(s.Minutes)
	return &v
}

// Within is the part of an entry, as Check left it, that is of some units: their hours, and what they
// bear of its costs. It says whether there is any.
func (e Entry) Within(in func(unit string) bool) (Entry, bool) {
	part := e
	part.Hours, part.Costs = nil, nil
	for _, h := range e.Hours {
		if in(h.Unit) {
			part.Hours = append(part.Hours, h)
		}
	}
	for _, s := range e.Shares() {
		if in(s.Unit) {
			part.Costs = append(part.Costs, s.Cost)
		}
	}
	part.Costs = addUp(part.Costs)
	return part, len(part.Hours)+len(part.Costs) > 0
}
