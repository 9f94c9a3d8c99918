package demo

import (
	"math"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/org"
)

// post is all that anything planted depends on but the person: people in one
// post differ by chance only.
type post struct {
	unit  string
	level org.Level
}

// outlook is how somebody in a post answers, on a scale from 1 to 10.
type outlook struct {
	respond float64   // chance of answering at all
	mean    []float64 // usual answer per item
}

// plot is the story as an instrument asks for it in one wave.
type plot struct {
	o       *Organisation
	in      *diagnosis.Instrument
	items   []diagnosis.PlacedItem
	wave    int
	noise   []float64   // standard deviation per item, within one person
	load    [][]float64 // per item, how much of the person's part of each factor is in it
	judge   []float64   // per item, how many times as hard to judge as others
	posts   map[post]*outlook
	abstain bool // the instrument offers 'cannot judge'
}

func (o *Organisation) plot(in *diagnosis.Instrument, wave int) *plot {
	p := &plot{o: o, in: in, items: in.Items(), wave: wave, posts: map[post]*outlook{}}
	p.abstain = len(in.CannotJudge.Label) > 0 || len(in.CannotJudge.Words) > 0
	for _, it := range p.items {
		load := make([]float64, len(in.Factors))
		noise := 0.0
		if it.Factor >= 0 {
			load[it.Factor] = 1
			noise = itemNoise(planted.factor(in.Factors[it.Factor].ID).Alpha, len(in.Factors[it.Factor].Items))
		} else {
			out := planted.outcome(it.ID)
			for f := range in.Factors {
				load[f] = out.Factors[in.Factors[f].ID]
			}
			noise = out.Noise
		}
		p.load, p.noise = append(p.load, load), append(p.noise, noise)
		p.judge = append(p.judge, max(1, planted.Items[it.ID].CannotJudge))
	}
	return p
}

// itemNoise is the standard deviation of an item within one person at which k
// items have the given alpha, by Spearman and Brown: an item's variance is what
// its items share over r = alpha / (k - alpha (k-1)); rounding adds 1/12 itself.
func itemNoise(alpha float64, k int) float64 {
	between := planted.Unit*planted.Unit + planted.UnitFactor*planted.UnitFactor + 0.15 // units, countries and levels
	shared := generalVariance + factorVariance + between
	r := alpha / (float64(k) - alpha*float64(k-1))
	return math.Sqrt(max(0.5, shared/r-shared-1.0/12))
}

// of returns the outlook of a post.
func (p *plot) of(at post) *outlook {
	if p.posts[at] == nil {
		p.posts[at] = p.outlook(at)
	}
	return p.posts[at]
}

func (p *plot) outlook(at post) *outlook {
	u := p.o.byKey[at.unit]
	up := float64(len(org.Levels) - 1 - slices.Index(org.Levels, at.level)) // levels above employee
	own := p.o.unitEffect(u)
	moved := make([]float64, len(p.in.Factors)) // against an employee's usual answer
	for f := range p.in.Factors {
		id := p.in.Factors[f].ID
		e := planted.factor(id)
		moved[f] = planted.Countries[u.Country] + own + e.Step*up + planted.UnitFactor*p.o.rand("unit", u.Key, id).NormFloat64()
		switch u.Workplace {
		case Depot:
			moved[f] += e.Depot
		case Office:
			moved[f] += e.Office
		}
		if p.wave == 2 {
			moved[f] += e.Gain
		}
	}
	out := &outlook{respond: respond(u, at.level, own)}
	for i, it := range p.items {
		e := planted.Items[it.ID]
		mean := e.Shift + e.Step*up
		if it.Factor >= 0 {
			mean += planted.factor(p.in.Factors[it.Factor].ID).Employee
		} else {
			mean += planted.outcome(it.ID).Usual
		}
		for f, load := range p.load[i] {
			mean += load * moved[f]
		}
		out.mean = append(out.mean, mean)
	}
	return out
}

// unitEffect is what a unit adds to every factor.
func (o *Organisation) unitEffect(u *Unit) float64 {
	own := planted.Unit * o.rand("unit", u.Key).NormFloat64()
	switch {
	case u.Parent != planted.Halved || u.Workplace != Store:
		return own
	case u.Twin%2 == 0:
		return own + planted.Half
	}
	return own - planted.Half
}

// respond is the chance that somebody answers.
func respond(u *Unit, l org.Level, unitEffect float64) float64 {
	chance := 0.79 - planted.Absent[u.Country]
	if l != org.LevelEmployee {
		chance += 0.06
	}
	switch u.Workplace {
	case Store:
		chance += planted.LowAnswer * unitEffect
	case Depot:
		chance -= 0.03
	case Office:
		chance += 0.05
	}
	return min(0.97, max(0.3, chance))
}

// deviation is the standard deviation of the answers to an item within one post.
func (p *plot) deviation(item int) float64 {
	sum, squares := 0.0, 0.0
	for _, load := range p.load[item] {
		sum += load
		squares += load * load
	}
	return math.Sqrt(sum*sum*generalVariance + squares*factorVariance + p.noise[item]*p.noise[item])
}

// step brings a point on a scale from 1 to 10 to the steps above a scale's
// lowest answer.
func step(point float64, s *diagnosis.Scale) float64 { return (point - 1) / 9 * float64(s.Points()-1) }

// expected is the mean of the answers, on the item's own scale and not turned
// round, that rounding and the ends of the scale make of a normal distribution.
func (p *plot) expected(item int, mean float64) float64 {
	s := p.items[item].Scale
	m, sd := step(mean, s), p.deviation(item)/9*float64(s.Points()-1)
	answer := float64(s.Min)
	for k := 1; k < s.Points(); k++ {
		answer += 0.5 * math.Erfc((float64(k)-0.5-m)/(sd*math.Sqrt2))
	}
	return answer
}
