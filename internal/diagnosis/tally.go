package diagnosis

import "slices"

// Tally holds, per cell or group, the counts from which its figures follow. Tallies
// of cells are added up to those of any group.
type Tally struct {
	Responses []int32 // everybody who answered, per cell
	Counted   []int32 // who counts, per cell
	items     []itemTally
	factors   []factorTally
	oneScale  bool
}

type itemTally struct {
	scale    *Scale
	reversed bool
	stride   int32   // slots of one cell: one per answer and one for none
	counts   []int32 // [cell*stride + slot]
}

// factorTally sums the persons of a cell apart by how many of the factor's items
// they answered: then every sum is whole and only a figure divides.
type factorTally struct {
	scale  *Scale
	items  int
	powers []powers    // [cell*items + answered-1]
	alike  []personSum // per cell: nobody yet, the answers everyone's mean equals, or various
}

// powers adds up persons, their sums and the squares of their sums.
type powers struct{ n, sum, square int64 }

const (
	nobody  personSum = 0
	various personSum = 1<<32 - 1
)

func newTally(in *Instrument, cells int) *Tally {
	t := &Tally{Responses: make([]int32, cells), Counted: make([]int32, cells), oneScale: in.OneScale()}
	for _, it := range in.Items() {
		stride := int32(it.Scale.Points() + 1)
		t.items = append(t.items, itemTally{
			scale: it.Scale, reversed: it.Reversed, stride: stride, counts: make([]int32, cells*int(stride)),
		})
	}
	for f := range in.Factors {
		items := len(in.Factors[f].Items)
		t.factors = append(t.factors, newFactorTally(in.FactorScale(f), items, cells))
	}
	return t
}

func newFactorTally(s *Scale, items, cells int) factorTally {
	return factorTally{scale: s, items: items, powers: make([]powers, cells*items), alike: make([]personSum, cells)}
}

// Cells is the number of cells, or groups, that are tallied.
func (t *Tally) Cells() int { return len(t.Counted) }

func (f *factorTally) count(sums []personSum, cell []int32) {
	cell = cell[:len(sums)]
	for r, p := range sums {
		k := p.answered()
		if k == 0 {
			continue
		}
		c := cell[r]
		s := p.sum()
		at := &f.powers[int(c)*f.items+k-1]
		at.n++
		at.sum += s
		at.square += s * s
		f.alike[c] = merge(f.alike[c], p)
	}
}

// merge says whether the means of two sets of persons are all one value.
func merge(a, b personSum) personSum {
	switch {
	case a == b || b == nobody:
		return a
	case a == nobody:
		return b
	case a == various || b == various:
		return various
	case a.sum()*int64(b.answered()) == b.sum()*int64(a.answered()):
		return a
	}
	return various
}

// trim drops every cell from the given number on.
func (t *Tally) trim(cells int) {
	t.Responses, t.Counted = t.Responses[:cells], t.Counted[:cells]
	for i := range t.items {
		it := &t.items[i]
		it.counts = it.counts[:cells*int(it.stride)]
	}
	for i := range t.factors {
		f := &t.factors[i]
		f.powers, f.alike = f.powers[:cells*f.items], f.alike[:cells]
	}
}

// Group returns the tally of groups of cells: of[c] is the group of cell c, or -1
// for a cell that belongs to none.
func (t *Tally) Group(of []int32, groups int) *Tally {
	return t.gather([][]int32{of}, slices.Repeat([]int32{-1}, groups))
}

// gather returns the tally of groups: each of own names, per cell, a group that it
// is in, or -1; above[g], which is below g or -1, is the group that contains g.
func (t *Tally) gather(own [][]int32, above []int32) *Tally {
	sum := t.empty(len(above))
	parallel(len(t.items)+len(t.factors)+1, func(job int) {
		add, climb := sum.adding(t, job), sum.adding(sum, job)
		for _, of := range own {
			for c, g := range of {
				if g >= 0 {
					add(g, int32(c))
				}
			}
		}
		for g := int32(len(above)) - 1; g >= 0; g-- {
			if above[g] >= 0 {
				climb(above[g], g)
			}
		}
	})
	return sum
}

// adding returns what adds one part, an item, a factor or the people, of a cell of
// other to one of t.
func (t *Tally) adding(other *Tally, part int) func(to, c int32) {
	if part < len(t.items) {
		it, o := &t.items[part], &other.items[part]
		return func(to, c int32) { it.add(to, o, c) }
	}
	if f := part - len(t.items); f < len(t.factors) {
		ft, o := &t.factors[f], &other.factors[f]
		return func(to, c int32) { ft.add(to, o, c) }
	}
	return func(to, c int32) {
		t.Responses[to] += other.Responses[c]
		t.Counted[to] += other.Counted[c]
	}
}

func (t *Tally) empty(cells int) *Tally {
	g := &Tally{Responses: make([]int32, cells), Counted: make([]int32, cells), oneScale: t.oneScale}
	for _, it := range t.items {
		it.counts = make([]int32, cells*int(it.stride))
		g.items = append(g.items, it)
	}
	for _, f := range t.factors {
		g.factors = append(g.factors, newFactorTally(f.scale, f.items, cells))
	}
	return g
}

// add adds cell c of other to cell to.
func (it *itemTally) add(to int32, other *itemTally, c int32) {
	sum := it.counts[to*it.stride:][:it.stride]
	for slot, n := range other.counts[c*it.stride:][:it.stride] {
		sum[slot] += n
	}
}

func (f *factorTally) add(to int32, other *factorTally, c int32) {
	sum := f.powers[int(to)*f.items:][:f.items]
	for k, p := range other.powers[int(c)*f.items:][:f.items] {
		sum[k].n += p.n
		sum[k].sum += p.sum
		sum[k].square += p.square
	}
	f.alike[to] = merge(f.alike[to], other.alike[c])
}
