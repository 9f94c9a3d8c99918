package app

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// grid is what an effect is estimated from: an outcome by unit and month, the month in which each unit starts, and
// which units vary together. The formulas are those of docs/effects.md.
type grid struct {
	names []string
	y     [][]float64 // NaN where it does not count
	start []int
	of    []string // what a unit varies together with
}

const never = 1 << 30

// effect is a figure with the influence of each unit on it.
type effect struct {
	v   float64
	psi []float64
}

// att is the effect in the units that start in one month, in another month.
type att struct {
	effect
	group, month int
	with         []int // places of the units that start
	against      int   // how many others they are compared with
}

// changed is the grid with values and starts put otherwise, of the units that are kept.
func (g grid) changed(keep func(i int) bool, change func(i int, row []float64, start *int)) (out grid) {
	for i := range g.names {
		if keep != nil && !keep(i) {
			continue
		}
		row, start := slices.Clone(g.y[i]), g.start[i]
		if change != nil {
			change(i, row, &start)
		}
		out.names, out.y, out.start, out.of = append(out.names, g.names[i]), append(out.y, row), append(out.start, start), append(out.of, g.of[i])
	}
	return out
}

// groups are the months in which units start.
func (g grid) groups() (all []int) {
	for _, s := range g.start {
		if s != never && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	return all
}

// varying counts what varies by itself among some units.
func (g grid) varying(which func(i int) bool) int {
	seen := map[string]bool{}
	for i, c := range g.of {
		if which(i) {
			seen[c] = true
		}
	}
	return len(seen)
}

// sums adds influence up within what varies together.
func (g grid) sums(psi []float64) (all []float64) {
	by := map[string]float64{}
	for i, v := range psi {
		by[g.of[i]] += v
	}
	for i, c := range g.of {
		if slices.Index(g.of, c) == i {
			all = append(all, by[c])
		}
	}
	return all
}

func (g grid) se(f effect) float64 {
	sum := 0.0
	for _, v := range g.sums(f.psi) {
		sum += v * v
	}
	return math.Sqrt(sum) / float64(len(g.names))
}

// cells are the group-time effects against units that have not started by then: from the start on against the month
// before the start, before it against the month before, or (universal) against that same one.
func (g grid) cells(universal, past bool) (all []att) {
	n := float64(len(g.names))
	for _, s := range g.groups() {
		for t := range g.y[0] {
			base := s - 1
			if t < s && !universal {
				base = t - 1
			}
			if base < 0 || t < s && !past {
				continue
			}
			c := att{effect: effect{psi: make([]float64, len(g.names))}, group: s, month: t}
			var with, against []int
			var up, down float64
			for i, row := range g.y {
				if g.start[i] == s {
					c.with = append(c.with, i)
				}
				switch d := row[t] - row[base]; {
				case math.IsNaN(d):
				case g.start[i] == s:
					with, up = append(with, i), up+d
				case g.start[i] > max(t, base):
					against, down = append(against, i), down+d
				}
			}
			if t == base {
				all = append(all, c)
				continue
			}
			if len(with) == 0 || len(against) < 2 {
				continue
			}
			up, down, c.against = up/float64(len(with)), down/float64(len(against)), len(against)
			c.v = up - down
			for _, i := range with {
				c.psi[i] = n / float64(len(with)) * (g.y[i][t] - g.y[i][base] - up)
			}
			for _, i := range against {
				c.psi[i] = -n / float64(len(against)) * (g.y[i][t] - g.y[i][base] - down)
			}
			all = append(all, c)
		}
	}
	return all
}

// over is the mean of cells by the shares of their groups, which are estimates themselves.
func (g grid) over(cells []att) effect {
	n, weight := float64(len(g.names)), 0.0
	out := effect{psi: make([]float64, len(g.names))}
	for _, c := range cells {
		share := float64(len(c.with)) / n
		out.v, weight = out.v+share*c.v, weight+share
	}
	out.v /= weight
	for _, c := range cells {
		share := float64(len(c.with)) / n
		for i := range out.psi {
			of := -share
			if g.start[i] == c.group {
				of++
			}
			out.psi[i] += (share*c.psi[i] + (c.v-out.v)*of) / weight
		}
	}
	return out
}

// sum is figures with weights.
func sum(figures []effect, weights ...float64) effect {
	out := effect{psi: make([]float64, len(figures[0].psi))}
	for k, f := range figures {
		out.v += weights[k] * f.v
		for i, v := range f.psi {
			out.psi[i] += weights[k] * v
		}
	}
	return out
}

func evenly(n int) []float64 { return slices.Repeat([]float64{1 / float64(n)}, n) }

// family is cells added up by something.
func (g grid) family(cells []att, by func(c att) int) (at []int, points []att) {
	of := map[int][]att{}
	for _, c := range cells {
		if len(of[by(c)]) == 0 {
			at = append(at, by(c))
		}
		of[by(c)] = append(of[by(c)], c)
	}
	slices.Sort(at)
	for _, k := range at {
		one := att{effect: g.over(of[k]), group: of[k][0].group}
		for _, c := range of[k] {
			for _, i := range c.with {
				if !slices.Contains(one.with, i) {
					one.with = append(one.with, i)
				}
			}
		}
		points = append(points, one)
	}
	return at, points
}

func since(c att) int   { return c.month - c.group }
func started(c att) int { return c.group }
func inMonth(c att) int { return c.month }

// simple is the mean of all cells from the start on; false where nothing can be told: one alone starts by itself, or
// is there to compare with.
func (g grid) simple() (effect, bool) {
	groups := g.groups()
	if len(groups) == 0 || len(groups) == 1 && !slices.Contains(g.start, never) ||
		g.varying(func(i int) bool { return g.start[i] != never }) == 1 || g.varying(func(i int) bool { return g.start[i] != groups[0] }) == 1 {
		return effect{}, false
	}
	cells := g.cells(false, false)
	return g.over(cells), len(cells) > 0
}

// z is how many errors an interval of 95 % reaches.
var z = distuv.UnitNormal.Quantile(.975)

func apart(low, high float64) bool { return low > 0 || high < 0 }

// byChance is how often a figure with an error lies as far from 0.
func byChance(v, se float64) float64 { return 2 * distuv.UnitNormal.Survival(math.Abs(v/se)) }

// quantileOf is the smallest of values that a share of them does not exceed.
func quantileOf(values []float64, share float64) float64 {
	slices.Sort(values)
	return values[max(0, int(math.Ceil(share*float64(len(values))))-1)]
}

// imputed is the mean of what lies above the effects of units and months that are fitted to the values before the
// starts, with its conservative error, by plain least squares.
func (g grid) imputed() (v, se float64, n int) {
	months := len(g.y[0])
	at := map[int]int{} // columns of the months, the first of which is 0
	var used, treated [][2]int
	for t := range months {
		for i := range g.names {
			if !math.IsNaN(g.y[i][t]) && t < g.start[i] {
				if _, there := at[t]; !there {
					at[t] = len(g.names) + len(at) - 1
				}
				used = append(used, [2]int{i, t})
			}
		}
	}
	for t := range months {
		for i := range g.names {
			if _, there := at[t]; there && !math.IsNaN(g.y[i][t]) && t >= g.start[i] {
				treated = append(treated, [2]int{i, t})
			}
		}
	}
	width := len(g.names) + len(at) - 1
	design := func(cells [][2]int) *mat.Dense {
		m := mat.NewDense(len(cells), width, nil)
		for k, c := range cells {
			m.Set(k, c[0], 1)
			if column := at[c[1]]; column >= len(g.names) {
				m.Set(k, column, 1)
			}
		}
		return m
	}
	values := func(cells [][2]int) *mat.VecDense {
		m := mat.NewVecDense(len(cells), nil)
		for k, c := range cells {
			m.SetVec(k, g.y[c[0]][c[1]])
		}
		return m
	}
	before, after := design(used), design(treated)
	var cross mat.Dense
	cross.Mul(before.T(), before)
	solved := func(right mat.Vector) *mat.VecDense {
		var x mat.VecDense
		if err := x.SolveVec(&cross, right); err != nil {
			panic(err)
		}
		return &x
	}
	var right, rest, gain, weights mat.VecDense
	right.MulVec(before.T(), values(used))
	b := solved(&right)
	rest.MulVec(before, b)
	rest.SubVec(values(used), &rest)
	gain.MulVec(after, b)
	gain.SubVec(values(treated), &gain)
	right.MulVec(after.T(), mat.NewVecDense(len(treated), evenly(len(treated))))
	weights.MulVec(before, solved(&right))
	sums, mean, size := map[string]float64{}, map[[2]int]float64{}, map[[2]int]float64{}
	for k, c := range treated {
		key := [2]int{g.start[c[0]], c[1]}
		mean[key], size[key] = mean[key]+gain.AtVec(k), size[key]+1
	}
	for k, c := range treated {
		key := [2]int{g.start[c[0]], c[1]}
		sums[g.of[c[0]]] += (gain.AtVec(k) - mean[key]/size[key]) / float64(len(treated))
	}
	for k, c := range used {
		sums[g.of[c[0]]] -= weights.AtVec(k) * rest.AtVec(k)
	}
	for _, s := range sums {
		se += s * s
	}
	return mat.Sum(&gain) / float64(len(treated)), math.Sqrt(se), len(treated)
}

// honest is the mean of the effects from the start on where the two may drift apart: its figure, of how many months,
// the largest change before, and an interval for each M.
func (g grid) honest() (mean effect, months int, largest float64, bound func(m float64) (low, high float64)) {
	at, points := g.family(g.cells(true, true), since)
	point := func(event int) (effect, bool) {
		k := slices.Index(at, event)
		if k < 0 {
			return effect{}, false
		}
		return points[k].effect, true
	}
	var after, changes []effect
	for f, there := point(0); there; f, there = point(months) {
		after, months = append(after, f), months+1
	}
	mean = sum(after, evenly(months)...)
	for e := -1; ; e-- {
		one, a := point(e)
		before, b := point(e - 1)
		if !a || !b {
			break
		}
		changes = append(changes, sum([]effect{one, before}, 1, -1))
		largest = max(largest, math.Abs(changes[len(changes)-1].v))
	}
	return mean, months, largest, func(m float64) (low, high float64) {
		low, high = math.Inf(1), math.Inf(-1)
		for _, c := range changes {
			for _, by := range []float64{-m, m} {
				f := sum([]effect{mean, c}, 1, by*float64(months+1)/2)
				low, high = min(low, f.v-z*g.se(f)), max(high, f.v+z*g.se(f))
			}
		}
		return low, high
	}
}
