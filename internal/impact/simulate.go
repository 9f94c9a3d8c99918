package impact

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Noise is how a unit's outcome moves by itself, about its own level and what all have in
// common: an AR(1) process.
type Noise struct {
	SD     float64
	Corr   float64 // of neighbouring periods
	Shared float64 // part of the variance that the units of a cluster share
}

// The correlations that a panel is believed to show.
const leastCorr, mostCorr = -0.9, 0.98

// NoiseOf measures the noise of a panel before the starts, less the periods of anticipation, by its changes, from which the
// units' levels are gone: in an AR(1) process of variance v and correlation r changes have
// variance 2v(1-r), and neighbouring ones covariance -v(1-r)^2. False with fewer than
// three periods, or three units, in a row without a start.
func NoiseOf(p *Panel, anticipation int) (Noise, bool) {
	changes := p.changes(anticipation)
	var variance, covariance, same, n, m, pairs float64
	width := len(p.Periods)
	for i := range p.Units {
		row := changes[i*width : (i+1)*width]
		for t := 1; t < width; t++ {
			if math.IsNaN(row[t]) {
				continue
			}
			variance += row[t] * row[t]
			n++
			if !math.IsNaN(row[t-1]) {
				covariance += row[t] * row[t-1]
				m++
			}
		}
	}
	if n < 3 || m < 3 || variance == 0 {
		return Noise{}, false
	}
	variance, covariance = variance/n, covariance/m
	noise := Noise{Corr: min(max(1+2*covariance/variance, leastCorr), mostCorr)}
	noise.SD = math.Sqrt(variance / 2 / (1 - noise.Corr))
	if p.Cluster != nil {
		_, clusters := p.cluster()
		for t := range width {
			sums, squares, units := make([]float64, clusters), make([]float64, clusters), make([]float64, clusters)
			for i := range p.Units {
				if d := changes[i*width+t]; !math.IsNaN(d) {
					sums[p.Cluster[i]] += d
					squares[p.Cluster[i]] += d * d
					units[p.Cluster[i]]++
				}
			}
			for c := range sums {
				same += sums[c]*sums[c] - squares[c]
				pairs += units[c] * (units[c] - 1)
			}
		}
		if pairs > 0 {
			noise.Shared = min(max(same/pairs/variance, 0), 1)
		}
	}
	return noise, true
}

// changes are those from one period to the next before each unit's start and what anticipates it, less their mean
// over units; NaN elsewhere. They are scaled by the degree of freedom that the mean takes.
func (p *Panel) changes(anticipation int) []float64 {
	width := len(p.Periods)
	d := make([]float64, len(p.Outcome))
	for at := range d {
		i, t := at/width, at%width
		if d[at] = math.NaN(); t > 0 && t < p.Start[i]-anticipation {
			d[at] = p.Outcome[at] - p.Outcome[at-1]
		}
	}
	for t := range width {
		mean, n := 0.0, 0.0
		for i := range p.Units {
			if v := d[i*width+t]; !math.IsNaN(v) {
				mean += v
				n++
			}
		}
		for i := range p.Units {
			if n < 3 {
				d[i*width+t] = math.NaN()
			} else {
				d[i*width+t] = (d[i*width+t] - mean/n) * math.Sqrt(n/(n-1))
			}
		}
	}
	return d
}

// Simulated are simple effects of panels in which nothing works: the units, starts, gaps
// and clusters of a panel, with noise in place of its outcome.
type Simulated struct{ Figures []Figure }

// Simulate makes so many panels.
func Simulate(p *Panel, o Options, noise Noise, draws int) (*Simulated, error) {
	q, out := *p, &Simulated{}
	q.Outcome = make([]float64, len(p.Outcome))
	rng := rand.New(rand.NewPCG(o.Seed, 0x51b))
	watch := o.Watch
	o.Draws, o.Watch = 0, nil
	for k := range draws {
		if err := watch.at(k, draws); err != nil {
			return nil, err
		}
		q.fill(rng, noise)
		for at, v := range p.Outcome {
			if math.IsNaN(v) {
				q.Outcome[at] = v
			}
		}
		f, err := simpleEffect(&q, o)
		if err != nil {
			return nil, err
		}
		out.Figures = append(out.Figures, f)
	}
	return out, nil
}

// fill writes noise into every value.
func (p *Panel) fill(rng *rand.Rand, noise Noise) {
	width := len(p.Periods)
	of, clusters := p.cluster()
	var shared []float64
	own := noise.SD
	if p.Cluster != nil && noise.Shared > 0 {
		shared = make([]float64, clusters*width)
		for c := range clusters {
			wander(rng, shared[c*width:(c+1)*width], noise.SD*math.Sqrt(noise.Shared), noise.Corr)
		}
		own *= math.Sqrt(1 - noise.Shared)
	}
	for i := range p.Units {
		row := p.row(i)
		wander(rng, row, own, noise.Corr)
		if shared != nil {
			for t := range row {
				row[t] += shared[of[i]*width+t]
			}
		}
	}
}

// wander fills a row with an AR(1) process.
func wander(rng *rand.Rand, row []float64, sd, corr float64) {
	last, step := sd*rng.NormFloat64(), sd*math.Sqrt(1-corr*corr)
	for t := range row {
		row[t] = last
		last = corr*last + step*rng.NormFloat64()
	}
}

// Coverage is how often intervals of the level held the truth, 0.
func (s *Simulated) Coverage(level float64) float64 {
	z, held := normalQuantile(level), 0
	for _, f := range s.Figures {
		if math.Abs(f.ATT) <= z*f.SE {
			held++
		}
	}
	return float64(held) / float64(len(s.Figures))
}

// Critical is by how many errors an interval would have had to reach to hold the truth as often as
// the level says.
func (s *Simulated) Critical(level float64) float64 {
	far := make([]float64, 0, len(s.Figures))
	for _, f := range s.Figures {
		if f.SE > 0 {
			far = append(far, math.Abs(f.ATT/f.SE))
		}
	}
	if len(far) == 0 {
		return math.NaN()
	}
	slices.Sort(far)
	return quantile(far, level)
}

// Power is how often an effect of a size, the same in all units and periods, would have
// been told from 0 at the level: it moves every estimate by itself, and no error.
func (s *Simulated) Power(effect, level float64) float64 {
	z, told := normalQuantile(level), 0
	for _, f := range s.Figures {
		if math.Abs(f.ATT+effect) > z*f.SE {
			told++
		}
	}
	return float64(told) / float64(len(s.Figures))
}

// Detectable is the smallest effect that is told from 0 with the given power.
func (s *Simulated) Detectable(power, level float64) float64 {
	z := normalQuantile(level)
	needed := make([]float64, len(s.Figures))
	for i, f := range s.Figures {
		needed[i] = z*f.SE - f.ATT // from here on a positive effect is told
	}
	slices.Sort(needed)
	return quantile(needed, power)
}
