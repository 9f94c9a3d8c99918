package diagnosis

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
)

// A System is one set of people that stands behind figures (who answered, who
// was invited, who answered one item): how many of them each cell holds.
type System []int32

// An OwnSystem is a set of people that stands behind one figure only, such as
// an item that some left out. It never decides whether a group is shown; where
// it fails, its figure alone is null.
type OwnSystem struct {
	People System
	Tables []int // the tables in which the figure stands; in the whole it always does
}

// Verdict says whether a group's figures are published.
type Verdict uint8

const (
	Shown    Verdict = iota
	TooFew           // fewer people than the minimum stand behind it
	Workable         // with the other shown groups it would give away a figure of fewer people than the minimum
)

// String is the reason as the export prints it.
func (v Verdict) String() string {
	switch v {
	case Shown:
		return "shown"
	case TooFew:
		return "fewer than the minimum"
	}
	return "could be worked out"
}

// Published is the set of figures of a diagnosis that anybody may see. It is
// computed once, stored, and read by every way out.
type Published struct {
	Minimum   int       `json:"minimum"`
	UnitsOnly bool      `json:"units_only,omitzero"` // the audit failed, so no crossing is shown
	Groups    []Group   `json:"groups"`              // the whole first
	Verdicts  []Verdict `json:"verdicts"`            // of each group
	Null      [][]int32 `json:"null"`                // of each own system: the shown groups (by index, rising) in which its figure is withheld
}

// GroupShown says whether the group with this index is shown at all.
func (p Published) GroupShown(group int) bool { return p.Verdicts[group] == Shown }

// FigureShown says whether the figure of an own system is shown in a group of
// one of its tables.
func (p Published) FigureShown(own, group int) bool {
	_, null := slices.BinarySearch(p.Null[own], int32(group))
	return p.GroupShown(group) && !null
}

// Publish decides which groups' figures are shown so that nobody who reads all
// of them can work out, as any linear combination of them, a figure of fewer
// than minimum people. That is exact for every minimum and every combination
// of cells, whatever its factors: the search for one is complete, and a group
// whose safety it cannot prove within its effort is withheld. It reads counts
// only, never an answer. What figures say in other words than by sums (a mean
// that equals the end of the scale, a category nobody chose) is left to
// Figure.Alike and HistogramShown, for shown groups one by one.
//
// A group is shown when every joint system accepts it; then each own system
// decides on its own figure among the groups shown. Groups are taken in a
// fixed order: the whole, units, one-way tables of the whole, then crossings
// by number of attributes; larger first. The whole is shown when every joint
// system has the minimum.
//
// Audit is run on the result with random numbers drawn from seed; should it
// object, the crossings are dropped and the unit tree is tested alone. The
// seed has no other influence. progress may be nil; it hears how many of the
// tests are done.
//
// The caller's mistakes it reports are tables of more than MaxAttributes
// attributes and a minimum below 2.
func Publish(cells Cells, tables []Table, joint []System, own []OwnSystem, minimum int, seed uint64, progress func(done, total int)) (Published, error) {
	if err := checkWithholding(cells, tables, joint, own, minimum); err != nil {
		return Published{}, err
	}
	if progress == nil {
		progress = func(done, total int) {}
	}
	cells, joint, own = inOrder(cells, joint, own)
	cover := enumerate(cells, tables)
	p := Published{Minimum: minimum, Groups: cover.groups, Null: make([][]int32, len(own))}
	order := cover.order(joint[0])
	total := len(order) * len(joint)
	for _, o := range own {
		total += len(cover.only(order, o.Tables))
	}
	step := steps(total, progress)

	var lattice lattice
	if !cover.nested(order) {
		lattice = latticeOf(cells)
	}
	var err error
	all := court{cover, tables, lattice, minimum, rand.New(rand.NewPCG(seed, 0)), decide}
	if p.Verdicts, p.UnitsOnly, err = all.settle(order, joint, step); err != nil {
		return Published{}, err
	}
	shown := slices.DeleteFunc(order, func(g int32) bool { return p.Verdicts[g] != Shown })
	mistakes := make([]error, len(own))
	parallel(len(own), func(i int) {
		mine := cover.only(shown, own[i].Tables)
		if slices.ContainsFunc(joint, func(j System) bool { return slices.Equal(j, own[i].People) }) {
			step(len(mine)) // a part of a safe set is safe
			return
		}
		var verdicts []Verdict
		court := court{cover, tables, lattice, minimum, rand.New(rand.NewPCG(seed, uint64(i)+1)), decide}
		if verdicts, _, mistakes[i] = court.settle(mine, []System{own[i].People}, step); mistakes[i] != nil {
			return
		}
		for _, g := range mine {
			if verdicts[g] != Shown {
				p.Null[i] = append(p.Null[i], g)
			}
		}
		slices.Sort(p.Null[i])
	})
	step(total)
	return p, errors.Join(mistakes...)
}

// steps returns a counter of tests done that tells of every hundredth part of them.
func steps(total int, progress func(done, total int)) func(n int) {
	var lock sync.Mutex
	done, told := 0, 0
	return func(n int) {
		lock.Lock()
		defer lock.Unlock()
		done = min(done+n, total)
		if hundredth := 100 * done / max(total, 1); hundredth > told {
			told = hundredth
			progress(done, total)
		}
	}
}

// court is what a set of figures is decided and audited with.
type court struct {
	cover   cover
	tables  []Table
	lattice lattice
	minimum int
	rng     *rand.Rand
	decide  func(cover, []int32, []System, int, func(int)) []Verdict
}

// settle decides on the groups in order and audits the result; should that
// fail, it decides on the unit tree alone and says so.
func (c court) settle(order []int32, systems []System, step func(int)) (verdicts []Verdict, unitsOnly bool, err error) {
	if verdicts = c.decide(c.cover, order, systems, c.minimum, step); c.passes(order, verdicts, systems) {
		return verdicts, false, nil
	}
	plain := c.cover.only(order, plainTables(c.tables))
	if verdicts = c.decide(c.cover, plain, systems, c.minimum, step); c.passes(plain, verdicts, systems) {
		return verdicts, true, nil
	}
	return nil, false, errors.New("withholding: the audit refuses even the unit tree alone")
}

func (c court) passes(order []int32, verdicts []Verdict, systems []System) bool {
	shown := func(g int) bool { return verdicts[g] == Shown }
	return !slices.ContainsFunc(systems, func(s System) bool {
		if c.cover.nested(order) {
			return auditTree(c.cover, shown, s, c.minimum) != nil
		}
		return auditOne(c.cover, shown, s, c.lattice, c.minimum, c.rng) != nil
	})
}

// judge decides, for one system, whether a group joins those shown. After each
// group that it accepts or refuses comes show or forget.
type judge interface {
	accepts(group int32) bool
	show()
	forget()
}

// decide takes the groups in order and shows each that every system accepts.
// Groups not in the order stay Workable.
func decide(cover cover, order []int32, systems []System, minimum int, step func(int)) []Verdict {
	verdicts := make([]Verdict, len(cover.groups))
	for g := range verdicts {
		verdicts[g] = Workable
	}
	for _, s := range systems {
		for g, n := range cover.people(s) {
			if n < minimum {
				verdicts[g] = TooFew
			}
		}
	}
	nested := cover.nested(order)
	judges := make([]judge, len(systems))
	for i, s := range systems {
		if nested {
			judges[i] = newRests(cover, s, minimum)
		} else {
			judges[i] = newDisclosure(cover, s, minimum)
		}
	}
	const stride = 64
	for i, g := range order {
		if i%stride == stride-1 {
			step(stride * len(systems))
		}
		if verdicts[g] == TooFew {
			continue
		}
		judged := 0
		for judged < len(judges) && judges[judged].accepts(g) {
			judged++
		}
		if judged == len(judges) {
			verdicts[g] = Shown
			for _, j := range judges {
				j.show()
			}
			continue
		}
		for _, j := range judges[:judged+1] {
			j.forget()
		}
	}
	return verdicts
}

// order sorts the groups as Publish takes them, by what they are and never by
// where their cells stood in the input.
func (c cover) order(people System) []int32 {
	order := make([]int32, len(c.groups))
	size := c.people(people)
	for g := range order {
		order[g] = int32(g)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(
			cmp.Compare(c.rank[a], c.rank[b]),
			cmp.Compare(size[b], size[a]),
			cmp.Compare(a, b),
		)
	})
	return order
}
