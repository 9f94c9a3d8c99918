package impact

import (
	"math"
	"math/rand/v2"
)

// Wild is the wild cluster bootstrap of the two-way regression's coefficient, with no
// effect imposed (A. C. Cameron, J. B. Gelbach, D. L. Miller, Review of Economics and
// Statistics 2008): how often the residuals, each cluster's multiplied by a weight, give a
// t at least as large. It fails when few clusters are treated (J. G. MacKinnon, M. D.
// Webb, 2017).
type Wild struct {
	P        float64
	Draws    int
	Exact    bool // every combination of signs was looked at
	Webb     bool // six weights instead of two, for fewer than twelve clusters
	Clusters int
	Treated  int // clusters in which anything starts
}

// fewForSigns is under how many clusters two weights give too few combinations.
const fewForSigns = 12

var webb = [6]float64{-math.Sqrt(1.5), -1, -math.Sqrt(0.5), math.Sqrt(0.5), 1, math.Sqrt(1.5)}

// WildBootstrap tests the coefficient of TwoWayEffects: the signs +1 and -1 (Rademacher), or
// Webb's six weights for fewer than twelve clusters.
func WildBootstrap(p *Panel, o Options) (*Wild, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	w, err := newWild(p)
	if err != nil {
		return nil, err
	}
	out := &Wild{Clusters: w.clusters, Treated: w.treated, Draws: usualDraws, Webb: w.clusters < fewForSigns}
	if o.Draws > 0 {
		out.Draws = o.Draws
	}
	if out.Exact = !out.Webb && w.clusters < 62 && 1<<w.clusters <= out.Draws; out.Exact {
		out.Draws = 1 << w.clusters
	}
	limit := w.t(w.ones()) * (1 - 1e-9)
	rng := rand.New(rand.NewPCG(o.Seed, 0x1d))
	weights, beyond := make([]float64, w.clusters), 0
	for b := range out.Draws {
		if err := o.Watch.at(b, out.Draws); err != nil {
			return nil, err
		}
		for c := range weights {
			switch {
			case out.Webb:
				weights[c] = webb[rng.IntN(6)]
			case out.Exact:
				weights[c] = 1 - 2*float64(b>>c&1)
			default:
				weights[c] = 1 - 2*float64(rng.IntN(2))
			}
		}
		if w.t(weights) >= limit {
			beyond++
		}
	}
	if out.Exact {
		out.P = float64(beyond) / float64(out.Draws)
	} else {
		out.P = float64(beyond+1) / float64(out.Draws+1)
	}
	return out, nil
}

type wild struct {
	p                 *Panel
	fit               *effects
	d, rest           []float64 // having started, and the outcome, less the effects of units and periods
	of                []int
	clusters, treated int
	dd                float64
}

func newWild(p *Panel) (*wild, error) {
	width := len(p.Periods)
	used, started := make([]bool, len(p.Outcome)), make([]float64, len(p.Outcome))
	for at, v := range p.Outcome {
		used[at] = !math.IsNaN(v)
		if at%width >= p.Start[at/width] {
			started[at] = 1
		}
	}
	w := &wild{p: p}
	var err error
	if w.fit, err = newEffects(p, used); err != nil {
		return nil, err
	}
	w.d, w.rest = w.fit.residuals(started), w.fit.residuals(p.Outcome)
	w.of, w.clusters = p.cluster()
	any := make([]bool, w.clusters)
	for at, d := range w.d {
		w.dd += p.weight(at/width) * d * d
		if started[at] == 1 && !any[w.of[at/width]] {
			any[w.of[at/width]] = true
			w.treated++
		}
	}
	if w.dd < 1e-9*float64(len(w.d)) {
		return nil, errAtOnce()
	}
	return w, nil
}

func (w *wild) ones() []float64 {
	all := make([]float64, w.clusters)
	for c := range all {
		all[c] = 1
	}
	return all
}

// t is the absolute t of the coefficient when each cluster's residuals are multiplied.
func (w *wild) t(weights []float64) float64 {
	width := len(w.p.Periods)
	y := make([]float64, len(w.rest))
	for at, r := range w.rest {
		y[at] = r * weights[w.of[at/width]]
	}
	y = w.fit.residuals(y)
	b := 0.0
	for at, d := range w.d {
		b += w.p.weight(at/width) * d * y[at]
	}
	b /= w.dd
	sums, meat := make([]float64, w.clusters), 0.0
	for at, d := range w.d {
		sums[w.of[at/width]] += w.p.weight(at/width) * d * (y[at] - b*d)
	}
	for _, s := range sums {
		meat += s * s
	}
	if meat == 0 {
		return math.Inf(1)
	}
	return math.Abs(b) * w.dd / math.Sqrt(meat)
}
