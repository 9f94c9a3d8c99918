package diagnosis

import "throughline/internal/kit/stat"

// leastForReliability is how many people a reliability coefficient needs: with
// fewer it says more about chance than about the items.
const leastForReliability = 30

// Reliability tells how well the items of a factor hang together, over the whole.
// What does not apply (too few people or items, no variation) is nil.
type Reliability struct {
	Factor        string   `json:"factor"`
	N             int      `json:"n,omitzero"`     // counted respondents who answered every item of the factor
	Alpha         *float64 `json:"alpha"`          // Cronbach's, from those N
	AlphaPairwise *float64 `json:"alpha_pairwise"` // from whoever answered both items of each pair
	Omega         *float64 `json:"omega"`          // McDonald's, one factor by maximum likelihood, from those N
}

// Reliabilities returns the reliability of each factor, in the instrument's order.
func Reliabilities(in *Instrument, a *Answers) []Reliability {
	people := respondents(in, a)
	items := in.Items()
	all := make([]Reliability, len(in.Factors))
	parallel(len(all), func(f int) {
		from, to := in.Span(f)
		m := newComoments(a.Columns[from:to], items[from:to])
		all[f] = Reliability{Factor: in.Factors[f].ID}
		cov, n := m.listwise(people.sums[f], people.counted)
		all[f].N = n
		if n >= leastForReliability {
			all[f].Alpha = known(stat.Alpha(cov))
			all[f].Omega = known(stat.Omega(cov))
		}
		if cov, n := m.pairwise(people.counted); n >= leastForReliability {
			all[f].AlphaPairwise = known(stat.Alpha(cov))
		}
	})
	return all
}

// round leaves two decimals, and tells not how many left something out.
func (r *Reliability) round() {
	r.N = 0
	for _, p := range []*float64{r.Alpha, r.AlphaPairwise, r.Omega} {
		if p != nil {
			*p = toHundredths(*p)
		}
	}
}

// known is nil for what does not apply.
func known(v float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &v
}

// comoments computes covariances of the items of one factor.
type comoments struct {
	columns [][]byte
	slots   [][256]uint8
	points  uint8
}

func newComoments(columns [][]byte, items []PlacedItem) comoments {
	m := comoments{columns: columns, points: uint8(items[0].Scale.Points())}
	for _, it := range items {
		m.slots = append(m.slots, slotsOf(it.Scale, it.Reversed))
	}
	return m
}

// listwise returns the covariance matrix over counted people who answered all items, and their number.
func (m comoments) listwise(sums []personSum, counted []bool) ([][]float64, int) {
	k := len(m.columns)
	n, sum, cross := 0, make([]int64, k), make([]int64, k*k)
	row := make([]int64, k)
	for r := range sums {
		if !counted[r] || sums[r].answered() != k {
			continue
		}
		n++
		for i := range row {
			row[i] = int64(m.slots[i][m.columns[i][r]])
			sum[i] += row[i]
		}
		for i, x := range row {
			line := cross[i*k:][:i+1]
			for j, y := range row[:i+1] {
				line[j] += x * y
			}
		}
	}
	cov := square(k)
	for i := range k {
		for j := range i + 1 {
			cov[i][j] = covariance(n, sum[i], sum[j], cross[i*k+j])
			cov[j][i] = cov[i][j]
		}
	}
	return cov, n
}

// pairwise returns the covariance matrix in which each pair rests on the counted
// people who answered both, and the number of people behind the thinnest pair.
func (m comoments) pairwise(counted []bool) ([][]float64, int) {
	k := len(m.columns)
	cov, fewest := square(k), len(counted)
	for i := range k {
		for j := range i + 1 {
			n := 0
			var si, sj, sij int64
			for r, yes := range counted {
				x, y := m.slots[i][m.columns[i][r]], m.slots[j][m.columns[j][r]]
				if !yes || x == m.points || y == m.points {
					continue
				}
				n++
				si += int64(x)
				sj += int64(y)
				sij += int64(x) * int64(y)
			}
			cov[i][j] = covariance(n, si, sj, sij)
			cov[j][i] = cov[i][j]
			fewest = min(fewest, n)
		}
	}
	return cov, fewest
}

func square(k int) [][]float64 {
	m := make([][]float64, k)
	for i := range m {
		m[i] = make([]float64, k)
	}
	return m
}

// covariance of the sample, n-1. The sums are whole, so the difference loses nothing before the division.
func covariance(n int, sx, sy, sxy int64) float64 {
	if n < 2 {
		return 0
	}
	return (float64(sxy) - float64(sx)*float64(sy)/float64(n)) / float64(n-1)
}
