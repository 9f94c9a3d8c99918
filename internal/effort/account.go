package effort

import "throughline/internal/kit/period"

// Monthly is what the entries of a month add up to.
type Monthly struct {
	Month period.Period
	Tally
}

// Account is what the entries of some months come to, with costs in the organisation's own currency.
type Account struct {
	Cells    map[Cell]Spent
	Unrated  map[string]int64 // by currency, in its smallest unit: costs for which there is no rate, which nothing else holds
	Learners int              // people who took part in learning, each once
	Formal   int              // of these, in a modality that is formal
}

// Spent is time and money. Money is in the smallest unit of the organisation's own currency.
type Spent struct {
	Minutes, Times              int64
	Internal, Supplier, Tuition int64
}

// Cost is all money together.
func (s Spent) Cost() int64 { return s.Internal + s.Supplier + s.Tuition }

func (s *Spent) add(other Spent) {
	s.Minutes += other.Minutes
	s.Times += other.Times
	s.Internal += other.Internal
	s.Supplier += other.Supplier
	s.Tuition += other.Tuition
}

// AccountOf adds months up. What they cost in another currency is converted at the month's rate.
func AccountOf(rates Rates, months []Monthly) Account {
	var a accounting
	for _, m := range months {
		a.add(rates, m)
	}
	return a.account()
}

// accounting adds months up one after the other.
type accounting struct {
	Account
	people Tally
}

func (a *accounting) add(rates Rates, m Monthly) {
	if a.Cells == nil {
		a.Cells, a.Unrated = map[Cell]Spent{}, map[string]int64{}
	}
	for cell, amounts := range m.Cells {
		spent := Spent{Minutes: amounts.Minutes, Times: amounts.Times}
		for _, c := range amounts.Costs {
			own, known := rates.Convert(c.Amount, c.Currency, m.Month)
			switch {
			case !known:
				a.Unrated[c.Currency] += c.Amount
			case c.Kind == Internal:
				spent.Internal += own
			case c.Kind == Supplier:
				spent.Supplier += own
			default:
				spent.Tuition += own
			}
		}
		was := a.Cells[cell]
		was.add(spent)
		a.Cells[cell] = was
	}
	a.people.Add(Tally{Learners: m.Learners, Formal: m.Formal})
}

// account is what has been added so far; it holds until more is.
func (a *accounting) account() Account {
	if a.Cells == nil {
		a.Cells, a.Unrated = map[Cell]Spent{}, map[string]int64{}
	}
	a.Learners, a.Formal = a.people.People()
	return a.Account
}

// People are how many took part in learning, and how many of them in a modality that is formal.
func (t Tally) People() (learners, formal int) {
	if t.Learners != nil {
		learners = int(t.Learners.GetCardinality())
	}
	if t.Formal != nil {
		formal = int(t.Formal.GetCardinality())
	}
	return learners, formal
}

// Ratio is a part of a whole; nil, not known, where the whole is nothing.
func Ratio(part, whole int64) *float64 {
	if whole == 0 {
		return nil
	}
	r := float64(part) / float64(whole)
	return &r
}

// Blend is the minutes that people spent on learning, by how they learned (design/measures 3, blend).
// It is of the kind learning alone: coaching and feedback on performance is in the source's list of
// solutions that are no learning, and would else count on both sides. "" is what is not stated.
type Blend struct {
	Minutes            int64
	Modality           map[Modality]int64
	Mix                map[Mix]int64
	Form               map[Form]int64
	Pace               map[Pace]int64
	External, Internal int64
	Technology         int64 // in modalities that come through technology
}

// Blend reads it.
func (a Account) Blend() Blend {
	b := Blend{Modality: map[Modality]int64{}, Mix: map[Mix]int64{}, Form: map[Form]int64{}, Pace: map[Pace]int64{}}
	for cell, s := range a.Cells {
		if cell.Kind != Learning || cell.Side != Participant {
			continue
		}
		t := cell.Modality.Trait()
		b.Minutes += s.Minutes
		b.Modality[cell.Modality] += s.Minutes
		b.Mix[t.Mix] += s.Minutes
		b.Form[t.Form] += s.Minutes
		b.Pace[t.Pace] += s.Minutes
		if t.Technology {
			b.Technology += s.Minutes
		}
		if cell.External {
			b.External += s.Minutes
		} else {
			b.Internal += s.Minutes
		}
	}
	return b
}

// Split is the time that staff spent, and the money, on learning and on each solution that is none.
type Split struct {
	Kinds       map[Kind]Spent
	NonLearning *float64 // share of staff's minutes on solutions that are no learning; nil where there are none
	OfCost      *float64 // share of costs, likewise
}

// Split reads it. Of the units that are the learning function its share is design/measures 3, non-learning
// share = hours of the function on non-learning solutions / its hours.
func (a Account) Split() Split {
	s := Split{Kinds: map[Kind]Spent{}}
	var all, other Spent
	for cell, spent := range a.Cells {
		if cell.Side == Participant {
			continue
		}
		was := s.Kinds[cell.Kind]
		was.add(spent)
		s.Kinds[cell.Kind] = was
		all.add(spent)
		if cell.Kind != Learning {
			other.add(spent)
		}
	}
	s.NonLearning, s.OfCost = Ratio(other.Minutes, all.Minutes), Ratio(other.Cost(), all.Cost())
	return s
}

// Spending is what learning cost (design/measures 3).
type Spending struct {
	Spent                             // Minutes and Times are of participants
	Central, Local, Unstated int64    // of the cost, by who manages it
	Outsourced               *float64 // outsourced share = suppliers / direct; nil where there is no cost
	CentralShare             *float64 // central share = central / (central + local); nil where nobody has stated either
}

// Direct learning expenditure = internal + suppliers + tuition, of the kind learning.
func (s Spending) Direct() int64 { return s.Cost() }

// Spending reads it.
func (a Account) Spending() Spending {
	var s Spending
	for cell, spent := range a.Cells {
		if cell.Kind != Learning || cell.Side == Staff {
			continue
		}
		s.add(spent)
		switch cell.Managed {
		case Centrally:
			s.Central += spent.Cost()
		case Locally:
			s.Local += spent.Cost()
		default:
			s.Unstated += spent.Cost()
		}
	}
	s.Outsourced, s.CentralShare = Ratio(s.Supplier, s.Direct()), Ratio(s.Central, s.Central+s.Local)
	return s
}
