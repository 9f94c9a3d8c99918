package impact

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// chunk is how many draws are multiplied at once.
const chunk = 100

// bands finds for each family the critical value with which the intervals of all its
// points hold at once: the quantile of the largest |t| over draws in which each
// cluster's influence is multiplied by +1 or -1 (the multiplier bootstrap of Callaway
// and Sant'Anna, section 4.1, with Rademacher weights).
func (e *estimation) bands(families []*Family, influences [][][]float64) error {
	if e.o.Draws == 0 {
		return nil
	}
	var rows []float64
	var of []int
	for f := range families {
		for k, point := range families[f].Points {
			if math.IsNaN(point.SE) {
				continue
			}
			of = append(of, f)
			for _, v := range influences[f][k] {
				rows = append(rows, v/(point.SE*float64(len(e.order))))
			}
		}
	}
	if len(of) == 0 {
		return nil
	}
	psi := mat.NewDense(len(of), e.clusters, rows)
	rng := rand.New(rand.NewPCG(e.o.Seed, 0x5eed))
	largest := make([][]float64, len(families))
	signs, t := mat.NewDense(chunk, e.clusters, nil), mat.NewDense(chunk, len(of), nil)
	for done := 0; done < e.o.Draws; done += chunk {
		if err := e.o.Watch.at(done, e.o.Draws); err != nil {
			return err
		}
		draw(rng, signs.RawMatrix().Data)
		t.Mul(signs, psi.T())
		for b := range min(chunk, e.o.Draws-done) {
			most := make([]float64, len(families))
			for k, v := range t.RawRowView(b) {
				most[of[k]] = max(most[of[k]], math.Abs(v))
			}
			for f := range families {
				largest[f] = append(largest[f], most[f])
			}
		}
	}
	for f, family := range families {
		slices.Sort(largest[f])
		family.Critical = max(quantile(largest[f], e.o.Confidence()), normalQuantile(e.o.Confidence()))
	}
	return nil
}

// draw fills in signs.
func draw(rng *rand.Rand, signs []float64) {
	for i := 0; i < len(signs); i += 64 {
		bits := rng.Uint64()
		for k := i; k < min(i+64, len(signs)); k++ {
			signs[k] = 1 - 2*float64(bits&1)
			bits >>= 1
		}
	}
}

// quantile is the smallest of sorted values that a share of them does not exceed.
func quantile(sorted []float64, share float64) float64 {
	return sorted[min(len(sorted)-1, max(0, int(math.Ceil(share*float64(len(sorted))))-1))]
}

// Band is a point's part of a band that holds all points of its family at once.
func (f Family) Band(p Point) (low, high float64) {
	return p.ATT - f.Critical*p.SE, p.ATT + f.Critical*p.SE
}
