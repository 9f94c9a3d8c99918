package demo

import (
	"iter"
	"math"
	"math/rand/v2"
	"strconv"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/secret"
)

// One in seldom people can judge little; the chance of an item that is as hard
// as most, for them and for everybody else.
const (
	seldom     = 10
	judgeHard  = 0.09
	judgeEasy  = 0.012
	skips      = 0.003 // of an item
	givesUp    = 0.015 // of a person, about half way
	judgeUsual = judgeHard/seldom + judgeEasy*(seldom-1)/seldom
)

// Answers yields, for everybody of a wave's roster who answers, the key and item
// id -> answer as diagnosis.Instrument.Pack takes it. Any instrument will do; the
// story is in the shipped one.
func (o *Organisation) Answers(in *diagnosis.Instrument, wave int) iter.Seq2[string, map[string]string] {
	return func(yield func(string, map[string]string) bool) {
		p := o.plot(in, wave)
		for _, person := range o.People(wave) {
			at := p.of(post{person.Unit, person.Level})
			rng := o.rand("answers", person.Key, strconv.Itoa(wave))
			if rng.Float64() >= at.respond {
				continue
			}
			if !yield(person.Key, p.answer(rng, person.Key, at)) {
				return
			}
		}
	}
}

// answer is one person's.
func (p *plot) answer(rng *rand.Rand, key string, at *outlook) map[string]string {
	own := p.person(rng, key)
	hard := judgeEasy
	if rng.IntN(seldom) == 0 {
		hard = judgeHard
	}
	until := len(p.items)
	if rng.Float64() < givesUp {
		until = len(p.items)/3 + rng.IntN(len(p.items)/3+1)
	}
	given := make(map[string]string, until)
	for i, it := range p.items[:until] {
		noise, skipped, judged := rng.NormFloat64(), rng.Float64() < skips, rng.Float64() >= hard*p.judge[i]
		switch {
		case skipped || !judged && !p.abstain:
		case !judged:
			given[it.ID] = diagnosis.CannotJudgeValue
		default:
			point := at.mean[i] + p.noise[i]*noise
			for f, load := range p.load[i] {
				point += load * own[f]
			}
			given[it.ID] = strconv.Itoa(placed(point, it))
		}
	}
	return given
}

// keepsCode is the share of people who keep a code, so that their answers can be linked.
const keepsCode = 0.35

// code is the one that somebody keeps; "" for who keeps none.
func (o *Organisation) code(key string) string {
	rng := o.rand("code", key)
	if rng.Float64() >= keepsCode {
		return ""
	}
	return secret.Code([]byte(strconv.FormatUint(rng.Uint64(), 36)+strconv.FormatUint(rng.Uint64(), 36)), key)
}

// person is what somebody adds to each factor; most of it stays from wave to
// wave.
func (p *plot) person(rng *rand.Rand, key string) []float64 {
	always := p.o.rand("person", key)
	draw := func(variance float64) float64 {
		return math.Sqrt(variance) * (math.Sqrt(steady)*always.NormFloat64() + math.Sqrt(1-steady)*rng.NormFloat64())
	}
	general := draw(generalVariance)
	own := make([]float64, len(p.in.Factors))
	for f := range own {
		own[f] = general + draw(factorVariance)
	}
	return own
}

// placed is the answer on the item's scale nearest to a point from 1 to 10.
func placed(point float64, it diagnosis.PlacedItem) int {
	s := it.Scale
	steps := max(0, min(s.Points()-1, int(math.Round(step(point, s)))))
	if it.Reversed {
		return s.Max - steps
	}
	return s.Min + steps
}
