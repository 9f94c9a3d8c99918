package diagnosis

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// Count counts the answers of a diagnosis into a tally with the given number of
// cells. Every number of the tally is a whole one, so the result depends neither
// on the order of the responses nor on the number of processors.
func Count(in *Instrument, a *Answers, cells int) *Tally {
	people := respondents(in, a)
	t := newTally(in, cells+1) // the last cell takes whoever does not count
	cell := make([]int32, a.Len())
	for r, c := range a.Cell {
		t.Responses[c]++
		if people.counted[r] {
			t.Counted[c]++
			cell[r] = c
		} else {
			cell[r] = int32(cells)
		}
	}
	bases := map[int32][]int32{}
	for i := range t.items {
		stride := t.items[i].stride
		if bases[stride] == nil {
			base := make([]int32, len(cell))
			for r, c := range cell {
				base[r] = c * stride
			}
			bases[stride] = base
		}
	}
	parallel(len(t.factors)+len(t.items), func(job int) {
		if job < len(t.factors) {
			t.factors[job].count(people.sums[job], cell)
			return
		}
		i := job - len(t.factors)
		it := &t.items[i]
		slots := slotsOf(it.scale, it.reversed)
		countColumn(a.Columns[i], bases[it.stride], &slots, it.counts)
	})
	t.trim(cells)
	return t
}

// countColumn is the kernel: one more for every answer, at its cell and its slot.
func countColumn(column []byte, base []int32, slots *[256]uint8, counts []int32) {
	base = base[:len(column)]
	for r, b := range column {
		counts[base[r]+int32(slots[b])]++
	}
}

// slotsOf maps a packed byte to its place in a histogram in which reversed items
// are already turned round; the last place is for no answer.
func slotsOf(s *Scale, reversed bool) (slots [256]uint8) {
	points := s.Points()
	for b := range slots {
		switch {
		case b == 0 || b > points:
			slots[b] = uint8(points)
		case reversed:
			slots[b] = uint8(points - b)
		default:
			slots[b] = uint8(b - 1)
		}
	}
	return slots
}

// personSum is one respondent's answers to one factor: the sum of their slots and,
// from bit 16 on, how many there are, in one word so that a whole column is added
// with one lookup an answer. Check keeps a factor small enough for it.
type personSum uint32

func (p personSum) sum() int64    { return int64(p & 0xffff) }
func (p personSum) answered() int { return int(p >> 16) }

const mostFactorItems = 255

// population is what follows from each respondent's own answers.
type population struct {
	sums    [][]personSum // per factor, per response
	counted []bool        // per response
}

// respondents sums each respondent's answers by factor and decides who counts:
// with min_answered above 0, who answered at least that share of the factors'
// items, and something in every factor; with 0, everybody. An abstention is no
// answer: somebody who can judge little is not counted.
func respondents(in *Instrument, a *Answers) population {
	n := a.Len()
	p := population{sums: make([][]personSum, len(in.Factors)), counted: make([]bool, n)}
	for f := range p.sums {
		p.sums[f] = make([]personSum, n)
	}
	items := in.Items()
	tables := make([][256]personSum, len(items))
	for i, it := range items {
		slots := slotsOf(it.Scale, it.Reversed)
		for b := 1; b <= it.Scale.Points(); b++ {
			tables[i][b] = personSum(slots[b]) | 1<<16
		}
	}
	var nothing [256]personSum
	const block = 4096 // responses whose sums stay in the nearest cache
	parallel((n+block-1)/block, func(job int) {
		from, to := job*block, min((job+1)*block, n)
		i := 0
		for f := range in.Factors {
			sums := p.sums[f][from:to]
			end := i + len(in.Factors[f].Items)
			for ; i+1 < end; i += 2 {
				addColumns(sums, a.Columns[i][from:to], a.Columns[i+1][from:to], &tables[i], &tables[i+1])
			}
			if i < end {
				addColumns(sums, a.Columns[i][from:to], a.Columns[i][from:to], &tables[i], &nothing)
				i++
			}
		}
		p.decide(from, to, *in.MinAnswered, i)
	})
	return p
}

// addColumns adds two columns at once, which halves the ways to the sums and back.
func addColumns(sums []personSum, column, other []byte, table, otherTable *[256]personSum) {
	sums, other = sums[:len(column)], other[:len(column)]
	for r, b := range column {
		sums[r] += table[b] + otherTable[other[r]]
	}
}

func (p *population) decide(from, to int, share float64, items int) {
	// A hair less than the share, so that 0.8 of 35 is 28 and not 28.000000000000004.
	needed := int(math.Ceil(share*float64(items) - 1e-9))
	for r := from; r < to; r++ {
		answered, everyFactor := 0, true
		for f := range p.sums {
			n := p.sums[f][r].answered()
			answered += n
			everyFactor = everyFactor && n > 0
		}
		p.counted[r] = share == 0 || everyFactor && answered >= needed
	}
}

// parallel does the jobs 0..n-1 on all processors.
func parallel(n int, do func(job int)) {
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		done.Go(func() {
			for {
				job := int(next.Add(1)) - 1
				if job >= n {
					return
				}
				do(job)
			}
		})
	}
	done.Wait()
}
