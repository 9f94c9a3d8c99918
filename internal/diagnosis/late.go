package diagnosis

import (
	"math"

	"throughline/internal/kit/stat"
)

// Lateness is how those who answered after the first reminder differ from those who
// answered before: who answers late is often more like who does not answer. It is told of
// the whole alone, and only the differences: neither group's own figures, nor how many they
// are.
type Lateness struct {
	Told    float64      `json:"told"`    // share of the people who count of whom it is known, 0-1 in whole percents
	Late    float64      `json:"late"`    // share of those who answered after the first reminder, likewise
	Factors []LateFactor `json:"factors"` // in the instrument's order
}

// LateFactor is how much higher the late score a factor.
type LateFactor struct {
	Difference float64 `json:"difference"` // points, one decimal
	Clear      bool    `json:"clear"`      // more than chance (Welch, adjusted over the factors)
}

// leastLate is how many people there must be of the early and of the late.
const leastLate = 30

// MayBeLate says whether the answers of a combination may carry that they came after the
// first reminder: as many as the minimum came before, and of as many it is not known that
// they have answered.
func MayBeLate(before, left, minimum int) bool { return before >= minimum && left >= minimum }

// Lateness compares late with early answers over the combinations that tell: those of which
// reminded says so and in which both the early and the late who count are at least the
// minimum; of the others the bit is dropped. nil where too few are left, where all of either
// answer alike, and where a factor may rest on fewer people than count.
func (in *Instrument) Lateness(a *Answers, reminded map[int32]bool, minimum int) *Lateness {
	if len(a.Late) != a.Len() || *in.MinAnswered == 0 {
		return nil
	}
	people := respondents(in, a)
	counts := map[int32]*[2]int{} // early and late, by combination
	counted := 0
	for r, c := range a.Cell {
		if !people.counted[r] {
			continue
		}
		counted++
		if counts[c] == nil {
			counts[c] = new([2]int)
		}
		counts[c][side(a.Late[r])]++
	}
	tells := func(c int32) bool {
		n := counts[c]
		return reminded[c] && n != nil && n[0] >= minimum && n[1] >= minimum
	}
	var n [2]int
	for c, of := range counts {
		if tells(c) {
			n[0], n[1] = n[0]+of[0], n[1]+of[1]
		}
	}
	if min(n[0], n[1]) < leastLate {
		return nil
	}
	l := &Lateness{Told: toHundredths(float64(n[0]+n[1]) / float64(counted)), Late: toHundredths(float64(n[1]) / float64(n[0]+n[1]))}
	var p []float64
	for f := range in.Factors {
		var groups [2]stat.Moments
		for g := range groups {
			groups[g] = *stat.NewMoments(1)
		}
		for r, c := range a.Cell {
			if sum := people.sums[f][r]; people.counted[r] && tells(c) && sum.answered() > 0 {
				groups[side(a.Late[r])].Add([]float64{float64(sum.sum()) / float64(sum.answered())})
			}
		}
		early, late := groups[0].Sample(), groups[1].Sample()
		if alike(early) || alike(late) { // it would tell of each of them
			return nil
		}
		test, ok := stat.Welch(early, late)
		if !ok {
			test.P = 1
		}
		p = append(p, test.P)
		l.Factors = append(l.Factors, LateFactor{Difference: math.Round((late.Mean-early.Mean)*10) / 10})
	}
	for f, adjusted := range stat.FalseDiscovery(p) {
		l.Factors[f].Clear = adjusted <= falseRate
	}
	return l
}

func side(late bool) int {
	if late {
		return 1
	}
	return 0
}
