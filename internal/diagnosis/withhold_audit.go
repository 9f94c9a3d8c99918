package diagnosis

import (
	"container/heap"
	"math/rand/v2"
	"slices"

	"throughline/internal/kit/stat"
)

// pairLimit bounds the pairs of small classes that the audit forms when it
// looks for three or four of them; a system with more, about 1,000 small classes,
// is audited without.
const pairLimit = 500_000

// A Leak is a set of cells with fewer people than the minimum about which a
// figure could be worked out.
type Leak struct {
	System int // index among the joint systems, then the own systems
	Cells  []int32
}

// Audit examines a published set by other means than those by which it was
// made: by random vectors that no shown figure notices. Classes of cells are
// reported of which one is zero in all of them, two stand in a fixed ratio, or
// three or four have a signed sum of zero, and every group of unit and any
// attributes (reported or not) with fewer people than the minimum whose sum is
// zero; per system the first found. Nothing it reports is a false alarm but
// with a probability near 2^-40; what it can miss are combinations of five
// and more classes that are no such group, of three or four with other factors
// than 1 and -1, and of three or four among more than about 1,000 small classes.
func Audit(cells Cells, tables []Table, joint []System, own []OwnSystem, p Published, seed uint64) []Leak {
	rng := rand.New(rand.NewPCG(seed, 1))
	all, lattice := enumerate(cells, tables), latticeOf(cells)
	var leaks []Leak
	look := func(system int, people System, shown func(group int) bool) {
		if cells := auditOne(all, shown, people, lattice, p.Minimum, rng); cells != nil {
			leaks = append(leaks, Leak{system, cells})
		}
	}
	for i, s := range joint {
		look(i, s, p.GroupShown)
	}
	for i, o := range own {
		look(len(joint)+i, o.People, func(g int) bool {
			t := all.groups[g].Table
			return (t == Whole || slices.Contains(o.Tables, int(t))) && p.FigureShown(i, g)
		})
	}
	return leaks
}

// auditOne returns the cells of one leak, or nil.
func auditOne(c cover, shown func(group int) bool, people System, lattice lattice, minimum int, rng *rand.Rand) []int32 {
	for g, n := range c.people(people) {
		if shown(g) && n < minimum {
			return slices.Clone(c.members[g])
		}
	}
	f := foldSystem(c, shown, people, rng)
	x, y := f.blind(rng), f.blind(rng)
	found := f.lone(x, minimum)
	if found == nil {
		found = f.pair(x, y, minimum)
	}
	if found == nil {
		found = f.signed(x, minimum)
	}
	if found != nil {
		var cells []int32
		for cell, k := range f.of {
			if slices.Contains(found, k) {
				cells = append(cells, int32(cell))
			}
		}
		return cells
	}
	for _, group := range lattice {
		if f.follows(group, x, people, minimum) {
			return group
		}
	}
	return nil
}

// folded is one system with the cells that lie in the same shown groups taken
// together, and its shown groups as rows over these classes, eliminated.
type folded struct {
	of     []int32 // class of each cell, none without people
	people []int
	rows   [][]entry // each begins with its pivot, whose factor is 1
	rowOf  []int32   // of each class: the row it is the pivot of
}

type entry struct {
	class int32
	by    stat.Mod61
}

// foldSystem tells cells apart by the sum of random marks of the groups they are in.
func foldSystem(c cover, shown func(int) bool, people System, rng *rand.Rand) *folded {
	marks := make([]stat.Mod61, len(people))
	var rows []int
	for g, members := range c.members {
		if shown(g) {
			rows = append(rows, g)
			mark := nonzero(rng)
			for _, cell := range members {
				marks[cell] = marks[cell].Plus(mark)
			}
		}
	}
	f := &folded{of: make([]int32, len(people))}
	class := map[stat.Mod61]int32{}
	for cell, n := range people {
		f.of[cell] = none
		if n == 0 {
			continue
		}
		k, ok := class[marks[cell]]
		if !ok {
			k = int32(len(f.people))
			class[marks[cell]] = k
			f.people = append(f.people, 0)
		}
		f.of[cell] = k
		f.people[k] += int(n)
	}
	f.eliminate(c, rows)
	return f
}

// eliminate takes the groups with the fewest classes first, which keeps what is
// left of the larger ones short.
func (f *folded) eliminate(c cover, groups []int) {
	rows := make([][]int32, len(groups))
	uses := make([]int, len(f.people))
	for i, g := range groups {
		for _, cell := range c.members[g] {
			if k := f.of[cell]; k != none {
				rows[i] = append(rows[i], k)
			}
		}
		slices.Sort(rows[i])
		rows[i] = slices.Compact(rows[i])
		for _, k := range rows[i] {
			uses[k]++
		}
	}
	slices.SortStableFunc(rows, func(a, b []int32) int { return len(a) - len(b) })
	f.rowOf = slices.Repeat([]int32{none}, len(f.people))
	factor := make([]stat.Mod61, len(f.people))
	for _, row := range rows {
		f.reduce(row, factor, uses)
	}
}

// reduce subtracts from a row, in the order of their making, the rows whose
// pivots it holds, and keeps what is left; its pivot is the class in the fewest groups.
func (f *folded) reduce(row []int32, factor []stat.Mod61, uses []int) {
	var todo rowHeap
	touched := map[int32]bool{}
	for _, k := range row {
		factor[k], touched[k] = 1, true
		if r := f.rowOf[k]; r != none {
			todo = append(todo, r)
		}
	}
	heap.Init(&todo)
	for len(todo) > 0 {
		r := heap.Pop(&todo).(int32)
		by := factor[f.rows[r][0].class]
		if by == 0 {
			continue
		}
		for _, e := range f.rows[r] {
			if !touched[e.class] {
				touched[e.class] = true
			}
			if s := f.rowOf[e.class]; factor[e.class] == 0 && s > r {
				heap.Push(&todo, s)
			}
			factor[e.class] = factor[e.class].Minus(by.Times(e.by))
		}
	}
	var left []entry
	for k := range touched {
		if factor[k] != 0 {
			left = append(left, entry{k, factor[k]})
		}
		factor[k] = 0
	}
	if len(left) == 0 {
		return
	}
	slices.SortFunc(left, func(a, b entry) int { return int(a.class) - int(b.class) })
	pivot := 0
	for i, e := range left {
		if uses[e.class] < uses[left[pivot].class] {
			pivot = i
		}
	}
	left[0], left[pivot] = left[pivot], left[0]
	inverse := left[0].by.Inverse()
	for i := range left {
		left[i].by = left[i].by.Times(inverse)
	}
	f.rowOf[left[0].class] = int32(len(f.rows))
	f.rows = append(f.rows, left)
}

// blind is a random vector that no shown figure notices.
func (f *folded) blind(rng *rand.Rand) []stat.Mod61 {
	z := make([]stat.Mod61, len(f.people))
	for k := range z {
		if f.rowOf[k] == none {
			z[k] = nonzero(rng)
		}
	}
	for r := len(f.rows) - 1; r >= 0; r-- {
		var sum stat.Mod61
		for _, e := range f.rows[r][1:] {
			sum = sum.Plus(e.by.Times(z[e.class]))
		}
		z[f.rows[r][0].class] = stat.Mod61(0).Minus(sum)
	}
	return z
}

func nonzero(rng *rand.Rand) stat.Mod61 { return stat.Mod61(1 + rng.Uint64N(stat.Prime61-1)) }

type rowHeap []int32

func (h rowHeap) Len() int           { return len(h) }
func (h rowHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h rowHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *rowHeap) Push(x any)        { *h = append(*h, x.(int32)) }
func (h *rowHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
