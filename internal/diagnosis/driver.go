package diagnosis

import (
	"math"
	"math/rand/v2"
	"slices"

	"throughline/internal/kit/stat"
)

// Driving is how an outcome that is no part of the score goes with the factors and with
// the characteristics, over everybody who counts. It is an association: it says nothing of
// what brings about what.
type Driving struct {
	Outcome    string   `json:"outcome"`
	SamePeople bool     `json:"same_people"`     // answered by the same people at the same time: a mood is in both
	Factors    Relation `json:"factors"`         // LMG; with more than ten factors Johnson's too
	Items      Relation `json:"characteristics"` // Johnson's relative weights
}

// Relation is how the R2 of an outcome divides over what is measured.
type Relation struct {
	Unknown Unknown `json:"cannot_tell,omitempty"`
	Needed  int     `json:"needed"`           // complete answers
	R2      float64 `json:"r2,omitzero"`      // two decimals
	Shares  []Share `json:"shares,omitempty"` // in the instrument's order
}

// Unknown is why a relation cannot be told, "" when it can.
type Unknown string

const (
	FewComplete Unknown = "too few complete answers"
	NoRelation  Unknown = "no relation beyond chance"
	Inseparable Unknown = "not separable" // something does not vary, or one follows from others
)

// Share is a part of the explained variance, 0-1 in whole percents, with its 95 % bootstrap
// interval. All of one relation add up to 1, but for the rounding.
type Share struct {
	Share   float64 `json:"share"`
	From    float64 `json:"from"`
	To      float64 `json:"to"`
	Opposed bool    `json:"opposed,omitzero"` // the outcome falls where this rises
}

const (
	mostBlocks = 1000 // people are drawn anew in blocks of equal size where they are more
	resamples  = 1000
	mostExact  = 10 // factors of which R2 is divided exactly: the work doubles with each
)

// completeNeeded is how many complete answers so many predictors need: 50 + 8p for R2 and
// 104 + p for a single one, whichever is more (S. B. Green, 1991).
func completeNeeded(predictors int) int { return max(50+8*predictors, 104+predictors) }

// Drivings relates each outcome to the factors and the characteristics, over the
// counted people who answered all that is related. The seed fixes who is drawn anew.
func Drivings(in *Instrument, a *Answers, seed uint64) []Driving {
	items, people := in.Items(), respondents(in, a)
	var all []Driving
	for i, it := range items {
		if it.Factor >= 0 {
			continue
		}
		outcome := column(a.Columns[i], it)
		var factors, characteristics []func(r int) (float64, bool)
		for f := range in.Factors {
			factors = append(factors, func(r int) (float64, bool) {
				sum := people.sums[f][r]
				return float64(sum.sum()) / float64(max(sum.answered(), 1)), sum.answered() > 0
			})
		}
		for j, it := range items {
			if it.Factor >= 0 {
				characteristics = append(characteristics, column(a.Columns[j], it))
			}
		}
		divide := stat.LMG
		if len(in.Factors) > mostExact {
			divide = stat.Johnson
		}
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		all = append(all, Driving{Outcome: it.ID, SamePeople: true,
			Factors: relate(append(factors, outcome), people.counted, divide, rng),
			Items:   relate(append(characteristics, outcome), people.counted, stat.Johnson, rng)})
	}
	return all
}

// column reads the answers to an item, the lowest as 0; false where there is none.
func column(answers []byte, it PlacedItem) func(r int) (float64, bool) {
	slots, points := slotsOf(it.Scale, it.Reversed), uint8(it.Scale.Points())
	return func(r int) (float64, bool) {
		slot := slots[answers[r]]
		return float64(slot), slot < points
	}
}

// relate divides the R2 of the last column over the others.
func relate(columns []func(r int) (float64, bool), counted []bool, divide func(cov [][]float64) (stat.Importance, bool), rng *rand.Rand) Relation {
	predictors := len(columns) - 1
	rel := Relation{Needed: completeNeeded(predictors)}
	blocks := deal(columns, counted, rng)
	all := stat.NewMoments(len(columns))
	for _, b := range blocks {
		all.Join(b)
	}
	if all.N() < rel.Needed {
		rel.Unknown = FewComplete
		return rel
	}
	cov := all.Cov()
	found, ok := divide(cov)
	if !ok {
		rel.Unknown = Inseparable
		return rel
	}
	if stat.ExplainedP(found.R2, all.N(), predictors) > .05 {
		rel.Unknown = NoRelation
		return rel
	}
	drawn := redrawn(blocks, len(columns), divide, rng)
	if len(drawn) < resamples*9/10 {
		rel.Unknown = Inseparable
		return rel
	}
	rel.R2 = toHundredths(found.R2)
	for j, share := range found.Shares {
		s := Share{Share: toHundredths(share / found.R2), Opposed: cov[j][predictors] < 0}
		s.From, s.To = middle(drawn, j)
		rel.Shares = append(rel.Shares, s)
	}
	return rel
}

// deal deals the counted people with complete answers at random into blocks of equal size,
// but for one person.
func deal(columns []func(r int) (float64, bool), counted []bool, rng *rand.Rand) []*stat.Moments {
	var complete []int32
	row := make([]float64, len(columns))
	read := func(r int) (ok bool) {
		for j, value := range columns {
			if row[j], ok = value(r); !ok {
				return false
			}
		}
		return true
	}
	for r, yes := range counted {
		if yes && read(r) {
			complete = append(complete, int32(r))
		}
	}
	rng.Shuffle(len(complete), func(i, j int) { complete[i], complete[j] = complete[j], complete[i] })
	blocks := make([]*stat.Moments, min(len(complete), mostBlocks))
	for b := range blocks {
		blocks[b] = stat.NewMoments(len(columns))
	}
	for i, r := range complete {
		read(int(r))
		blocks[i%len(blocks)].Add(row)
	}
	return blocks
}

// redrawn divides the R2 of as many blocks as there are, drawn with replacement, again and
// again, and returns the parts of each time that could be divided.
func redrawn(blocks []*stat.Moments, columns int, divide func(cov [][]float64) (stat.Importance, bool), rng *rand.Rand) (parts [][]float64) {
	seeds, drawn := make([]uint64, resamples), make([][]float64, resamples)
	for i := range seeds {
		seeds[i] = rng.Uint64()
	}
	parallel(resamples, func(job int) {
		rng, m := rand.New(rand.NewPCG(seeds[job], 0)), stat.NewMoments(columns)
		times := make([]int, len(blocks))
		for range blocks {
			times[rng.IntN(len(blocks))]++
		}
		for i, b := range blocks {
			if times[i] > 0 {
				m.JoinTimes(b, times[i])
			}
		}
		if im, ok := divide(m.Cov()); ok && im.R2 > 0 {
			for j := range im.Shares {
				im.Shares[j] /= im.R2
			}
			drawn[job] = im.Shares
		}
	})
	return slices.DeleteFunc(drawn, func(d []float64) bool { return d == nil })
}

// middle is between what the middle 95 % of the draws have at j, in whole percents outward.
func middle(drawn [][]float64, j int) (from, to float64) {
	values := make([]float64, len(drawn))
	for i, d := range drawn {
		values[i] = d[j]
	}
	slices.Sort(values)
	cut := int(math.Floor(.025 * float64(len(values))))
	return math.Floor(values[cut]*100) / 100, math.Ceil(values[len(values)-1-cut]*100) / 100
}
