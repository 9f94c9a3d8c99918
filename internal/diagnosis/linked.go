package diagnosis

import (
	"math"

	"throughline/internal/kit/stat"
)

// Linked is what became of the answers of the same people, over those who kept a code then
// and typed it in now. It is told of the whole alone, and only the changes: neither what
// they answered then nor now.
type Linked struct {
	Since   string   `json:"since"`   // id of the diagnosis before
	People  int      `json:"people"`  // at least so many: in tens
	Factors []Change `json:"factors"` // in the instrument's order, without Then and Now
}

// leastLinked is how many people there must be.
const leastLinked = 30

// LinkedChange compares the answers of the same people. pairs are their places then and
// now. A pair counts where as many as the minimum share its combinations, then and now. As
// many as the minimum must be left beside the linked in these combinations, then as well as
// now: what is added up over whole combinations would be one more group, which nobody has
// tested against those that are shown. nil where too few are linked or left, and where a
// factor may rest on fewer people than count.
func (in *Instrument) LinkedChange(then, now *Answers, pairs [][2]int, minimum int) *Linked {
	if *in.MinAnswered == 0 {
		return nil
	}
	before, after := respondents(in, then), respondents(in, now)
	type combinations struct{ then, now int32 }
	of := func(p [2]int) combinations { return combinations{then.Cell[p[0]], now.Cell[p[1]]} }
	shared := map[combinations]int{}
	for _, p := range pairs {
		if before.counted[p[0]] && after.counted[p[1]] {
			shared[of(p)]++
		}
	}
	var used [][2]int
	linkedThen, linkedNow := map[int32]int{}, map[int32]int{}
	for _, p := range pairs {
		if before.counted[p[0]] && after.counted[p[1]] && shared[of(p)] >= minimum {
			used = append(used, p)
			linkedThen[then.Cell[p[0]]]++
			linkedNow[now.Cell[p[1]]]++
		}
	}
	if len(used) < leastLinked || !leavesMany(then, before, linkedThen, minimum) || !leavesMany(now, after, linkedNow, minimum) {
		return nil
	}
	l := &Linked{People: len(used) / 10 * 10}
	for f := range in.Factors {
		m := stat.NewMoments(1)
		mean := func(p population, r int) float64 {
			return float64(p.sums[f][r].sum()) / float64(max(p.sums[f][r].answered(), 1))
		}
		for _, p := range used {
			if before.sums[f][p[0]].answered() > 0 && after.sums[f][p[1]].answered() > 0 {
				m.Add([]float64{mean(after, p[1]) - mean(before, p[0])})
			}
		}
		one := Change{Movement: CannotTell} // where all changed alike it would tell of each
		if t, ok := stat.Paired(m.Sample()); ok && !alike(m.Sample()) {
			diff, half := toHundredths(m.Sample().Mean), toHundredths(t.Half())
			one = Change{Diff: &diff, Half: &half, P: &t.P, Movement: Unclear}
		}
		l.Factors = append(l.Factors, one)
	}
	settle(pointers(l.Factors))
	for f := range l.Factors {
		if c := &l.Factors[f]; c.P != nil {
			p, adjusted := thousandths(*c.P), thousandths(*c.Adjusted)
			c.P, c.Adjusted = &p, &adjusted
		}
	}
	return l
}

// leavesMany says whether the people who count in the combinations of linked ones, and are
// not linked themselves, are as many as the minimum.
func leavesMany(a *Answers, people population, linked map[int32]int, minimum int) bool {
	left := 0
	for r, c := range a.Cell {
		if people.counted[r] && linked[c] > 0 {
			left++
		}
	}
	for _, n := range linked {
		left -= n
	}
	return left >= minimum
}

// alike says whether all values of a sample are one, but for what adding up binary fractions
// costs.
func alike(s stat.Sample) bool { return s.SD < 1e-6 }

func thousandths(v float64) float64 { return math.Ceil(v*1000) / 1000 }
