package effort

import (
	"maps"

	"throughline/internal/kit/stat"
	"throughline/internal/org"
)

// Fewest is how many people there are at least where their number, or what follows from it, is told to who
// may not read their names.
const Fewest = 5

// Veiled is a number of people as it is told to who may not read their names: to the nearest five. So that no
// difference of two numbers tells how many, or whether, a few others are.
func Veiled(n int) int { return (n + Fewest/2) / Fewest * Fewest }

// Veiled has numbers of people as Veiled tells them.
func (e Efficiency) Veiled() Efficiency {
	e.Learners, e.Formal = Veiled(e.Learners), Veiled(e.Formal)
	return e
}

// Use is how what there is to learn by was used in a month, by people of some units. What could be had,
// seats and licences are of the whole organisation.
type Use struct {
	Had             map[string]int64 // minutes of each resource that could be had, by id, where its length is known
	Minutes         int64            // of what was completed: its length, as often as it was
	Completed       int
	NotDone         int             // begun or missed, and not completed
	People          int             // at least so many of whom these are
	Seats, Taken    int             // of offerings that were held and have a limit
	Licences, InUse int             // of what is learned alone and has a limit, at the end of the month
	Waits           []int           // days from need to access, of requests for which the need began in the month
	Waiting         int             // of such requests, those without access yet
	Waited, Waiters map[string]bool // whose these are, by id
}

// add adds the use of another month: what could be had in both counts once.
func (u *Use) add(other Use) {
	if u.Had == nil {
		u.Had = map[string]int64{}
	}
	maps.Copy(u.Had, other.Had)
	u.Minutes += other.Minutes
	u.Completed += other.Completed
	u.NotDone += other.NotDone
	u.Seats += other.Seats
	u.Taken += other.Taken
	u.Licences += other.Licences
	u.InUse += other.InUse
	u.Waits = append(u.Waits, other.Waits...)
	u.Waiting += other.Waiting
	u.People = max(u.People, other.People)
	u.Waited, u.Waiters = together(u.Waited, other.Waited), together(u.Waiters, other.Waiters)
}

func together(a, b map[string]bool) map[string]bool {
	if len(a)+len(b) == 0 {
		return nil
	}
	all := maps.Clone(a)
	if all == nil {
		all = map[string]bool{}
	}
	maps.Copy(all, b)
	return all
}

// Available is the minutes of all that could be had, each resource once (design/measures 3, hours available).
func (u Use) Available() (minutes int64) {
	for _, of := range u.Had {
		minutes += of
	}
	return minutes
}

// Footing is what the efficiency of learning in a month is made of, for a unit with all under it or the whole.
type Footing struct {
	Monthly
	Use      Use
	Function Tally // what units of the learning function among them have
	Rostered bool  // a roster speaks of the month; else nobody is counted
	Staff    org.Headcount
	Teaching org.Headcount // of these, in units of the learning function
}

// Efficiency is what some months come to.
type Efficiency struct {
	Account
	Use      Use
	Function Account // of the learning function's units
	Months   int
	Rostered int     // months of which a roster speaks, over which the averages are
	Heads    float64 // people, on average of the last days of months
	FTE      float64 // full-time equivalents, likewise
	Teaching float64 // of these, in the learning function
}

// EfficiencyOf adds months up.
func EfficiencyOf(rates Rates, months []Footing) Efficiency {
	sum := summing{rates: rates}
	for _, m := range months {
		sum.add(m)
	}
	return sum.efficiency()
}

// summing adds months up one after the other.
type summing struct {
	rates         Rates
	of            Efficiency // but averages, which are sums here
	all, function accounting
}

func (s *summing) add(m Footing) {
	s.of.Months++
	s.of.Use.add(m.Use)
	if m.Rostered {
		s.of.Rostered++
		s.of.Heads, s.of.FTE, s.of.Teaching = s.of.Heads+float64(m.Staff.People), s.of.FTE+m.Staff.FTE(), s.of.Teaching+m.Teaching.FTE()
	}
	s.all.add(s.rates, m.Monthly)
	s.function.add(s.rates, Monthly{m.Month, m.Function})
}

// efficiency is what has been added so far; it holds until more is.
func (s *summing) efficiency() Efficiency {
	e := s.of
	if n := float64(e.Rostered); n > 0 {
		e.Heads, e.FTE, e.Teaching = e.Heads/n, e.FTE/n, e.Teaching/n
	}
	e.Account, e.Function = s.all.account(), s.function.account()
	return e
}

// Direct is direct learning expenditure, in the smallest unit of the own currency.
func (e Efficiency) Direct() int64 { return e.Spending().Direct() }

// Whole is what an hour of learning is reckoned to cost: direct learning expenditure, formal and at work, and
// what the learning function itself spent on solutions that are no learning (design/measures 3, cost per hour
// used). The last is what its units bear.
func (e Efficiency) Whole() int64 {
	cost := e.Direct()
	for cell, spent := range e.Function.Cells {
		if cell.Kind != Learning {
			cost += spent.Cost()
		}
	}
	return cost
}

// Wait is the median of the days from need to access; ok is false where nobody has access.
func (u Use) Wait() (days float64, ok bool) {
	var all []float64
	for _, n := range u.Waits {
		all = append(all, float64(n))
	}
	return stat.Median(all)
}
