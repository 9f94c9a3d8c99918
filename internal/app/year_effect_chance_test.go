package app

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// What rests on chance is held in one of two ways. Where an estimate draws signs, all signs are gone through here, and
// what is shown may lie from that as far as so many draws can. What is simulated, dealt or drawn as money is drawn
// again, from the seed and in the order that docs/effects.md says.

// everySign goes through all signs of so many.
func everySign(n int, look func(signs []float64)) {
	signs := make([]float64, n)
	for b := range 1 << n {
		for k := range signs {
			signs[k] = 1 - 2*float64(b>>k&1)
		}
		look(signs)
	}
}

// drawnTwice is how far what a plan's draws of signs give may lie from what all signs give: four standard errors of a
// share of so many draws.
func drawnTwice(share float64, draws int) float64 {
	return 4 * math.Sqrt(share*(1-share)/float64(draws))
}

// band is between what the critical value of a family lies when 1,999 signs are drawn: it is gone through all signs
// instead.
func (g grid) band(points []att) (low, high float64) {
	var largest []float64
	sums := make([][]float64, len(points))
	for k, p := range points {
		sums[k] = g.sums(p.psi)
	}
	everySign(len(sums[0]), func(signs []float64) {
		most := 0.0
		for k, p := range points {
			t := 0.0
			for c, s := range signs {
				t += s * sums[k][c]
			}
			most = max(most, math.Abs(t)/float64(len(g.names))/g.se(p.effect))
		}
		largest = append(largest, most)
	})
	by := drawnTwice(.95, 1999)
	return max(z, quantileOf(largest, .95-by)) - 1e-9, max(z, quantileOf(largest, .95+by)) + 1e-9
}

// past is the test before the start, of units so few that the figures are put together into one: Wald, p, how often
// all signs give as much, and the drift that is noticed four times in five.
func (g grid) past(before []att) (wald, p, sound, drift float64) {
	var figures []effect
	for _, b := range before {
		figures = append(figures, b.effect)
	}
	one := sum(figures, evenly(len(figures))...)
	wald = math.Pow(one.v/g.se(one), 2)
	size := map[int]float64{}
	for _, s := range g.start {
		size[s]++
	}
	beyond, all := 0.0, 0.0
	everySign(len(g.names), func(signs []float64) { // each unit varies by itself
		x, square, mean := 0.0, 0.0, map[int]float64{}
		of := make([]float64, len(signs))
		for i, s := range signs {
			m := size[g.start[i]]
			if of[i] = s * one.psi[i]; m > 1 {
				of[i] *= math.Sqrt(m / (m - 1))
			}
			x, mean[g.start[i]] = x+of[i], mean[g.start[i]]+of[i]/m
		}
		for i, v := range of {
			square += math.Pow(v-mean[g.start[i]], 2)
		}
		if all++; x*x >= wald*square*(1-1e-9) {
			beyond++
		}
	})
	low, high := 0.0, 10.0
	for range 60 {
		if m := (low + high) / 2; distuv.UnitNormal.CDF(m-z)+distuv.UnitNormal.CDF(-m-z) < .8 {
			low = m
		} else {
			high = m
		}
	}
	return wald, distuv.ChiSquared{K: 1}.Survival(wald), beyond / all, low * g.se(one)
}

// again deals the starts out again in every way among the units, each of which varies by itself: how often the simple
// effect lies as far from 0, the smallest that this can be, and how many ways there are.
func (g grid) again() (p, smallest float64, ways int) {
	inErrors := true // where every group has two units, and enough wait
	for _, s := range g.groups() {
		inErrors = inErrors && len(g.changed(func(i int) bool { return g.start[i] == s }, nil).names) > 1
	}
	first := g.groups()[0]
	inErrors = inErrors && g.varying(func(i int) bool { return g.start[i] != first }) > g.varying(func(i int) bool { return g.start[i] != never })/2+1
	far := func(h grid) float64 {
		f, _ := h.simple()
		if v := math.Abs(f.v); !inErrors {
			return v
		}
		return math.Abs(f.v / h.se(f))
	}
	var all []float64
	starts := slices.Sorted(slices.Values(g.start))
	for more := true; more; more = nextOrder(starts) {
		all = append(all, far(g.changed(nil, func(i int, _ []float64, start *int) { *start = starts[i] })))
	}
	seen, most := far(g), slices.Max(all)
	for _, v := range all {
		if v >= seen*(1-1e-9) {
			p += 1 / float64(len(all))
		}
		if v >= most*(1-1e-9) {
			smallest += 1 / float64(len(all))
		}
	}
	return p, smallest, len(all)
}

// nextOrder puts values into their next order; false after the last.
func nextOrder(v []int) bool {
	k := len(v) - 2
	for k >= 0 && v[k] >= v[k+1] {
		k--
	}
	if k < 0 {
		return false
	}
	l := len(v) - 1
	for v[l] <= v[k] {
		l--
	}
	v[k], v[l] = v[l], v[k]
	slices.Reverse(v[k+1:])
	return true
}

// noise is how units move by themselves.
type noise struct{ sd, corr, shared float64 }

// noiseOf measures it by the changes before the starts.
func (g grid) noiseOf() (n noise) {
	d := make([][]float64, len(g.names))
	for i := range d {
		d[i] = slices.Repeat([]float64{math.NaN()}, len(g.y[0]))
	}
	var square, squares, product, products, same, pairs float64
	for t := 1; t < len(g.y[0]); t++ {
		mean, of := 0.0, []int{}
		for i, row := range g.y {
			if v := row[t] - row[t-1]; t < g.start[i] && !math.IsNaN(v) {
				mean, of = mean+v, append(of, i)
			}
		}
		if len(of) < 3 {
			continue
		}
		for _, i := range of {
			d[i][t] = (g.y[i][t] - g.y[i][t-1] - mean/float64(len(of))) * math.Sqrt(float64(len(of))/float64(len(of)-1))
			square, squares = square+d[i][t]*d[i][t], squares+1
			if before := d[i][t-1]; !math.IsNaN(before) {
				product, products = product+d[i][t]*before, products+1
			}
			for _, j := range of {
				if j < i && g.of[i] == g.of[j] {
					same, pairs = same+2*d[i][t]*d[j][t], pairs+2
				}
			}
		}
	}
	variance := square / squares
	n.corr = min(max(1+2*product/products/variance, -.9), .98)
	if n.sd = math.Sqrt(variance / 2 / (1 - n.corr)); pairs > 0 {
		n.shared = min(max(same/pairs/variance, 0), 1)
	}
	return n
}

// simulated draws panels of noise in place of the outcome, in the order that docs/effects.md says, and returns the
// simple effect of each with its error.
func (g grid) simulated(seed uint64, n noise, draws int) (figures, errors []float64) {
	r := rand.New(rand.NewPCG(seed, 0x51b))
	wander := func(sd float64) (row []float64) {
		v := sd * r.NormFloat64()
		for range g.y[0] {
			row = append(row, v)
			v = n.corr*v + sd*math.Sqrt(1-n.corr*n.corr)*r.NormFloat64()
		}
		return row
	}
	for range draws {
		common := map[string][]float64{}
		if n.shared > 0 {
			for i, c := range g.of {
				if slices.Index(g.of, c) == i {
					common[c] = wander(n.sd * math.Sqrt(n.shared))
				}
			}
		}
		h := g.changed(nil, func(i int, row []float64, _ *int) {
			own := wander(n.sd * math.Sqrt(1-n.shared))
			for t := range row {
				if v := own[t]; !math.IsNaN(row[t]) {
					if row[t] = v; n.shared > 0 {
						row[t] += common[g.of[i]][t]
					}
				}
			}
		})
		f, _ := h.simple()
		figures, errors = append(figures, f.v), append(errors, h.se(f))
	}
	return figures, errors
}
