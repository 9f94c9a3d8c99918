package effort

import (
	"cmp"
	"slices"

	"throughline/internal/kit/period"
	"throughline/internal/org"

	"github.com/RoaringBitmap/roaring/v2"
)

// Heading is what entries are summed under: a unit, the whole, or, by the kind and id of a target, what
// serves something.
type Heading struct{ Kind, ID string }

// Kinds of headings beside those of targets.
const (
	OwnOf  = "own"   // of a unit alone; ID "": where no unit is known
	TreeOf = "unit"  // of a unit with all under it
	Whole  = "whole" // of all; ID ""
)

// Cell is the part of a tally that is alike.
type Cell struct {
	Kind     Kind
	Modality Modality
	Side     Side // "" for costs, which are of no side
	External bool
	Managed  Managed
}

// Amounts are what a cell adds up to.
type Amounts struct {
	Minutes int64
	Times   int64  // how often somebody, or people of a unit together, spent hours
	Costs   []Cost // by kind and currency, each once
}

// Tally is what entries add up to. Its zero value is that of no entries. Who learned is known by numbers,
// so that people are counted once however sums are added.
type Tally struct {
	Cells    map[Cell]Amounts
	Learners *roaring.Bitmap // people who took part in learning; nil for nobody
	Formal   *roaring.Bitmap // of these, in a modality that is formal
}

// Add adds another tally, which stays as it is. The order in which tallies are added makes no difference.
func (s *Tally) Add(other Tally) {
	for cell, a := range other.Cells {
		s.add(cell, a)
	}
	s.Learners, s.Formal = union(s.Learners, other.Learners), union(s.Formal, other.Formal)
}

func (s *Tally) add(cell Cell, a Amounts) {
	if s.Cells == nil {
		s.Cells = map[Cell]Amounts{}
	}
	was := s.Cells[cell]
	was.Minutes += a.Minutes
	was.Times += a.Times
	for _, c := range a.Costs {
		n, there := slices.BinarySearchFunc(was.Costs, c, func(a, b Cost) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Currency, b.Currency)) })
		if there {
			was.Costs[n].Amount += c.Amount
		} else {
			was.Costs = slices.Insert(slices.Clip(was.Costs), n, c)
		}
	}
	s.Cells[cell] = was
}

func union(to, from *roaring.Bitmap) *roaring.Bitmap {
	switch {
	case from == nil:
		return to
	case to == nil:
		return from.Clone()
	}
	to.Or(from)
	return to
}

// Empty says whether a tally is of no entries.
func (s Tally) Empty() bool { return len(s.Cells) == 0 }

// At is where something is summed.
type At struct {
	Heading
	Month period.Period
}

// Tallies are such by heading and month.
type Tallies map[At]*Tally

func (s Tallies) at(h Heading, month period.Period) *Tally {
	at := At{h, month}
	if s[at] == nil {
		s[at] = &Tally{}
	}
	return s[at]
}

// Learns says whether hours make somebody a learner, and so need the person's number.
func (e Entry) Learns(h Hours) bool {
	return e.Kind == Learning && h.Side == Participant && h.Person != ""
}

// Touches are where an entry that Check has passed is summed, but for what lies above units.
func (e Entry) Touches() (all []At) {
	tallies := Tallies{}
	tallies.Post(e, func(string) uint32 { return 1 })
	for at := range tallies {
		all = append(all, at)
	}
	return all
}

// Post adds an entry that Check has passed to the tallies of the units themselves and to those of what it
// serves. number gives the number of a learner.
func (s Tallies) Post(e Entry, number func(person string) uint32) {
	month := period.Of(e.Day, period.Monthly)
	to := func(unit string, add func(*Tally)) {
		add(s.at(Heading{OwnOf, unit}, month))
		for _, t := range e.Serves {
			add(s.at(Heading(t), month))
		}
	}
	cell := Cell{Kind: e.Kind, Modality: e.Modality, External: e.External, Managed: e.Managed}
	for _, h := range e.Hours {
		cell.Side = h.Side
		n := uint32(0)
		if e.Learns(h) {
			n = number(h.Person)
		}
		to(h.Unit, func(one *Tally) { one.Spend(cell, h.Minutes, n) })
	}
	cell.Side = ""
	for _, share := range e.Shares() {
		to(share.Unit, func(one *Tally) { one.Pay(cell, share.Cost) })
	}
}

// Spend adds hours. learner is the number of who took part in learning, 0 for nobody.
func (s *Tally) Spend(cell Cell, minutes int, learner uint32) {
	s.add(cell, Amounts{Minutes: int64(minutes), Times: 1})
	if learner == 0 {
		return
	}
	s.Learners = with(s.Learners, learner)
	if cell.Modality.Trait().Form == Formal {
		s.Formal = with(s.Formal, learner)
	}
}

func with(set *roaring.Bitmap, n uint32) *roaring.Bitmap {
	if set == nil {
		set = roaring.New()
	}
	set.Add(n)
	return set
}

// Pay adds a cost.
func (s *Tally) Pay(cell Cell, c Cost) { s.add(cell, Amounts{Costs: []Cost{c}}) }

// Climb adds what units have themselves to the whole and to every unit above them, themselves included,
// that has units under it: of one without, what it has itself is all of it. A unit that is not in the tree
// counts in the whole alone.
func (s Tallies) Climb(units *org.Structure) {
	own := []At{}
	for at := range s {
		if at.Kind == OwnOf {
			own = append(own, at)
		}
	}
	for _, at := range own {
		s.at(Heading{Kind: Whole}, at.Month).Add(*s[at])
		u, there := units.Find(at.ID)
		for there && u >= 0 {
			if node := units.Units[u]; node.Size > 1 {
				s.at(Heading{TreeOf, node.ID}, at.Month).Add(*s[at])
			}
			u = units.Units[u].Up
		}
	}
}
