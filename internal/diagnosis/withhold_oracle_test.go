package diagnosis

import (
	"math/big"
	"math/rand/v2"
	"slices"
)

// The oracle decides, with linear algebra that shares nothing with the engine
// and the product's audit, whether a set of shown groups gives away a sum over
// cells of fewer people than the minimum. It eliminates the whole matrix of
// shown groups modulo 2^31-1; a set of cells is given away when its rows of the
// null space are linearly dependent, with whatever factors.

const (
	prime31 = 1<<31 - 1
	widest  = 12 // the largest minimum it can be asked about is one more
)

func power31(a, e uint64) uint64 {
	r := uint64(1)
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = r * a % prime31
		}
		a = a * a % prime31
	}
	return r
}

// nullSpace returns for each cell its row in a basis of the null space.
func nullSpace(cells int, groups [][]int32) [][]uint64 {
	var rows [][]uint64
	var pivots []int
	for _, g := range groups {
		row := make([]uint64, cells)
		for _, c := range g {
			row[c] = 1
		}
		for i, r := range rows {
			if f := row[pivots[i]]; f != 0 {
				for c, v := range r {
					row[c] = (row[c] + (prime31-f)*v) % prime31
				}
			}
		}
		p := slices.IndexFunc(row, func(v uint64) bool { return v != 0 })
		if p < 0 {
			continue
		}
		inverse := power31(row[p], prime31-2)
		for c := range row {
			row[c] = row[c] * inverse % prime31
		}
		for _, r := range rows {
			if f := r[p]; f != 0 {
				for c, v := range row {
					r[c] = (r[c] + (prime31-f)*v) % prime31
				}
			}
		}
		rows, pivots = append(rows, row), append(pivots, p)
	}
	var free []int
	for c := range cells {
		if !slices.Contains(pivots, c) {
			free = append(free, c)
		}
	}
	null := make([][]uint64, cells)
	for c := range null {
		null[c] = make([]uint64, len(free))
	}
	for j, f := range free {
		null[f][j] = 1
		for i, p := range pivots {
			null[p][j] = (prime31 - rows[i][f]) % prime31
		}
	}
	return null
}

// dependent says whether vectors are linearly dependent.
func dependent(vectors [][]uint64) bool {
	var basis [][]uint64
	for _, v := range vectors {
		v = slices.Clone(v)
		for _, b := range basis {
			p := slices.IndexFunc(b, func(x uint64) bool { return x != 0 })
			subtract31(v, b, p)
		}
		if !slices.ContainsFunc(v, func(x uint64) bool { return x != 0 }) {
			return true
		}
		basis = append(basis, v)
	}
	return false
}

// subtract31 clears place p of v with a multiple of b.
func subtract31(v, b []uint64, p int) {
	f := v[p] * power31(b[p], prime31-2) % prime31
	for i := range v {
		v[i] = (v[i] + (prime31-f)*b[i]) % prime31
	}
}

// oracle looks at every set of cells of fewer than minimum people, up to a
// number of cells (most), with random projections that keep every dependence;
// what it finds is confirmed on the whole null space. With most at least
// minimum-1 the answer is complete. Beyond most it adds sets of four with
// factors 1 and -1. It returns the cells of one leak, or nil.
func oracle(people System, groups [][]int32, minimum, most int, rng *rand.Rand) []int {
	var cells []int // with people
	place := make([]int32, len(people))
	for c, n := range people {
		if place[c] = -1; n > 0 {
			place[c] = int32(len(cells))
			cells = append(cells, c)
		}
	}
	var own [][]int32
	for _, g := range groups {
		var mine []int32
		for _, c := range g {
			if place[c] >= 0 {
				mine = append(mine, place[c])
			}
		}
		own = append(own, mine)
	}
	o := &search31{minimum: minimum, most: most, null: nullSpace(len(cells), own)}
	for i, c := range cells {
		if int(people[c]) < minimum {
			o.small = append(o.small, i)
		}
		o.people = append(o.people, int(people[c]))
	}
	o.project(max(2, minimum-1), rng)
	found := o.sets(nil, o.short, 0, 0)
	if found == nil && most < minimum-1 {
		found = o.signedFours()
	}
	for i := range found {
		found[i] = cells[found[i]]
	}
	return found
}

type search31 struct {
	minimum, most int
	people        []int
	null          [][]uint64
	small         []int      // cells under the minimum
	short         [][]uint64 // their projected rows
}

func (o *search31) project(width int, rng *rand.Rand) {
	if len(o.null) == 0 {
		return
	}
	mix := make([][]uint64, len(o.null[0]))
	for i := range mix {
		for range width {
			mix[i] = append(mix[i], rng.Uint64N(prime31))
		}
	}
	for _, c := range o.small {
		row := make([]uint64, width)
		for i, v := range o.null[c] {
			if v != 0 {
				for w := range row {
					row[w] = (row[w] + v*mix[i][w]) % prime31
				}
			}
		}
		o.short = append(o.short, row)
	}
}

// sets: given a set and the small cells' vectors modulo its span, is there one
// cell more whose vector is zero, or two that are parallel? Then go on with
// each cell after the last of the set.
func (o *search31) sets(set []int, mod [][]uint64, from, n int) []int {
	parallel := map[[widest]uint64]int{}
	for i := from; i < len(o.small); i++ {
		m := o.people[o.small[i]]
		if n+m >= o.minimum {
			continue
		}
		p := slices.IndexFunc(mod[i], func(x uint64) bool { return x != 0 })
		if p < 0 {
			if leak := o.confirmed(append(slices.Clone(set), i)); leak != nil {
				return leak
			}
			continue
		}
		if len(set)+2 > o.most {
			continue
		}
		var direction [widest]uint64
		inverse := power31(mod[i][p], prime31-2)
		for w := p; w < len(mod[i]); w++ {
			direction[w-p] = mod[i][w] * inverse % prime31
		}
		other, ok := parallel[direction]
		if ok && n+m+o.people[o.small[other]] < o.minimum {
			if leak := o.confirmed(append(slices.Clone(set), other, i)); leak != nil {
				return leak
			}
		}
		if !ok || m < o.people[o.small[other]] {
			parallel[direction] = i
		}
	}
	if len(set)+3 > o.most {
		return nil
	}
	for i := from; i < len(o.small); i++ {
		if n+o.people[o.small[i]]+2 >= o.minimum {
			continue
		}
		p := slices.IndexFunc(mod[i], func(x uint64) bool { return x != 0 })
		if p < 0 {
			continue
		}
		next := make([][]uint64, len(mod))
		for k := i + 1; k < len(mod); k++ {
			next[k] = slices.Clone(mod[k])
			subtract31(next[k], mod[i], p)
		}
		if leak := o.sets(append(slices.Clone(set), i), next, i+1, n+o.people[o.small[i]]); leak != nil {
			return leak
		}
	}
	return nil
}

// confirmed returns the cells of a set if they are dependent without projection.
func (o *search31) confirmed(set []int) []int {
	var vectors [][]uint64
	var cells []int
	for _, i := range set {
		cells = append(cells, o.small[i])
		vectors = append(vectors, o.null[o.small[i]])
	}
	if dependent(vectors) {
		return cells
	}
	return nil
}

// signedFours compares the sums and differences of all pairs.
func (o *search31) signedFours() []int {
	sums := map[[2]uint64][][2]int{}
	for i, a := range o.short {
		for j := range i {
			if o.people[o.small[i]]+o.people[o.small[j]]+2 >= o.minimum {
				continue
			}
			for _, sign := range []uint64{1, prime31 - 1} {
				key := [2]uint64{(a[0] + sign*o.short[j][0]) % prime31, (a[1] + sign*o.short[j][1]) % prime31}
				if key[0] > prime31/2 {
					key = [2]uint64{prime31 - key[0], (prime31 - key[1]) % prime31}
				}
				for _, q := range sums[key] {
					set := []int{i, j, q[0], q[1]}
					n := 0
					for _, x := range set {
						n += o.people[o.small[x]]
					}
					if n < o.minimum && q[0] != i && q[0] != j && q[1] != i && q[1] != j {
						if leak := o.confirmed(set); leak != nil {
							return leak
						}
					}
				}
				if len(sums[key]) < 4 {
					sums[key] = append(sums[key], [2]int{i, j})
				}
			}
		}
	}
	return nil
}

// rationalRank is the rank of the null space at a set of cells, over the
// rationals, to confirm once more what the prime field says.
func rationalRank(cells int, groups [][]int32, set []int) int {
	// The rows of the null space at the set have rank |set| + rank(rest) - rank(all),
	// the ranks being those of the columns of the shown groups.
	all := rationalMatrixRank(cells, groups, nil)
	rest := rationalMatrixRank(cells, groups, set)
	return len(set) + rest - all
}

func rationalMatrixRank(cells int, groups [][]int32, without []int) int {
	var rows [][]*big.Rat
	for _, g := range groups {
		row := make([]*big.Rat, cells)
		for c := range row {
			row[c] = new(big.Rat)
		}
		for _, c := range g {
			if !slices.Contains(without, int(c)) {
				row[c].SetInt64(1)
			}
		}
		rows = append(rows, row)
	}
	rank := 0
	for c := range cells {
		p := -1
		for i := rank; i < len(rows); i++ {
			if rows[i][c].Sign() != 0 {
				p = i
				break
			}
		}
		if p < 0 {
			continue
		}
		rows[rank], rows[p] = rows[p], rows[rank]
		for i := rank + 1; i < len(rows); i++ {
			if rows[i][c].Sign() != 0 {
				f := new(big.Rat).Quo(rows[i][c], rows[rank][c])
				for k := c; k < cells; k++ {
					rows[i][k].Sub(rows[i][k], new(big.Rat).Mul(f, rows[rank][k]))
				}
			}
		}
		rank++
	}
	return rank
}
