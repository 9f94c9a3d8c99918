package diagnosis

import (
	"cmp"
	"math"
	"slices"
)

// ReasonKind is why a characteristic is put forward as a focal point.
type ReasonKind string

const (
	FarBelow ReasonKind = "far below" // among the lowest of the organisation
	LevelGap ReasonKind = "level gap" // two levels see it differently
	Uneven   ReasonKind = "uneven"    // units differ in it
	Drop     ReasonKind = "drop"      // it fell clearly since the wave before
	Driver   ReasonKind = "driver"    // an outcome goes with it more than with most
)

// Reason is one reason with its figures.
type Reason struct {
	Kind    ReasonKind `json:"kind"`
	Figure  float64    `json:"figure"`            // points below the threshold (or below the mean of all); points between two levels; SD between units; points lost; share of what is explained of the outcome
	Outcome string     `json:"outcome,omitempty"` // id, of a driver; LowAt and HighAt are its interval
	Low     string     `json:"low,omitempty"`     // the level or unit with the lowest score
	LowAt   float64    `json:"low_at,omitzero"`
	High    string     `json:"high,omitempty"`
	HighAt  float64    `json:"high_at,omitzero"`
	Groups  int        `json:"groups,omitzero"` // how many levels or units were compared
}

// Candidate is a characteristic that the figures put forward. People choose three
// to five focal points among and across candidates; the program does not.
type Candidate struct {
	Item    int      `json:"item"` // in the instrument's order
	Mean    float64  `json:"mean"`
	Reasons []Reason `json:"reasons"`
}

// Ours, and said where candidates are shown.
const (
	mostOfAKind  = 5   // candidates for one reason
	leastGap     = 0.5 // points between two levels
	leastUneven  = 0.3 // SD between units, sampling error taken out
	leastCompare = 3   // units that must be shown
)

// Candidates puts characteristics forward from the published figures alone: the lowest
// scores below the threshold, clear gaps between two levels, the largest differences
// between the units right below the whole, and, with an earlier wave (since may be nil),
// clear drops.
// Those with more reasons come first, then the lower score.
func (in *Instrument) Candidates(r *Report, since *Waves) []Candidate {
	whole := r.Groups[0]
	reasons := map[int][]Reason{}
	for _, found := range [][]itemReason{in.farBelow(whole), in.levelGaps(r, whole), in.uneven(r), in.drops(whole, since), in.drivers(r)} {
		slices.SortStableFunc(found, func(a, b itemReason) int { return cmp.Compare(b.Figure, a.Figure) })
		for _, f := range found[:min(mostOfAKind, len(found))] {
			reasons[f.item] = append(reasons[f.item], f.Reason)
		}
	}
	var all []Candidate
	for item, why := range reasons {
		all = append(all, Candidate{Item: item, Mean: whole.Items[item].Mean, Reasons: why})
	}
	slices.SortFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(len(b.Reasons), len(a.Reasons)), cmp.Compare(a.Mean, b.Mean), cmp.Compare(a.Item, b.Item))
	})
	return all
}

type itemReason struct {
	item int
	Reason
}

// shownItems calls each for every characteristic whose score of the whole is shown.
func (in *Instrument) shownItems(whole ReportGroup, each func(item int, s *Score)) {
	for i, it := range in.Items() {
		if it.Factor >= 0 && i < len(whole.Items) && whole.Items[i] != nil {
			each(i, whole.Items[i])
		}
	}
}

func (in *Instrument) drops(whole ReportGroup, since *Waves) (found []itemReason) {
	if since == nil {
		return nil
	}
	in.shownItems(whole, func(i int, _ *Score) {
		if c := since.Items[i]; c.Movement == Down {
			found = append(found, itemReason{i, Reason{Kind: Drop, Figure: -*c.Diff, LowAt: *c.Now, HighAt: *c.Then}})
		}
	})
	return found
}

// target is where characteristics should be: the threshold, or the mean of all.
func (in *Instrument) target(whole ReportGroup) float64 {
	if in.Threshold != nil {
		return *in.Threshold
	}
	sum, n := 0.0, 0
	in.shownItems(whole, func(_ int, s *Score) { sum, n = sum+s.Mean, n+1 })
	return sum / float64(max(n, 1))
}

// drivers are below the target, and an outcome goes with them surely by more than an even
// share. One that several outcomes go with is told with that which goes with it most.
func (in *Instrument) drivers(r *Report) (found []itemReason) {
	target := in.target(r.Groups[0])
	in.shownItems(r.Groups[0], func(i int, s *Score) {
		best := Reason{Kind: Driver}
		for _, d := range r.Drivings {
			if i >= len(d.Items.Shares) || s.Mean >= target {
				continue
			}
			if of := d.Items.Shares[i]; !of.Opposed && of.From > 1/float64(len(d.Items.Shares)) && of.Share > best.Figure {
				best.Figure, best.Outcome, best.LowAt, best.HighAt = of.Share, d.Outcome, of.From, of.To
			}
		}
		if best.Outcome != "" {
			found = append(found, itemReason{i, best})
		}
	})
	return found
}

func (in *Instrument) farBelow(whole ReportGroup) (found []itemReason) {
	target := in.target(whole)
	in.shownItems(whole, func(i int, s *Score) {
		if s.Mean < target {
			found = append(found, itemReason{i, Reason{Kind: FarBelow, Figure: target - s.Mean}})
		}
	})
	return found
}

// LevelAttribute is the name of the attribute whose gaps are a finding of their own.
const LevelAttribute = "level"

func (in *Instrument) levelGaps(r *Report, whole ReportGroup) (found []itemReason) {
	table := r.OneWay(LevelAttribute)
	if table < 0 {
		return nil
	}
	in.shownItems(whole, func(i int, s *Score) {
		low, high, n := r.extremes(r.Of(table), i)
		if n < 2 || s.SD == nil {
			return
		}
		gap := high.Items[i].Mean - low.Items[i].Mean
		if gap >= leastGap && ClearBetween(gap, *s.SD, low.N, high.N) {
			found = append(found, itemReason{i, Reason{Kind: LevelGap, Figure: gap, Low: r.Label(low), LowAt: low.Items[i].Mean, High: r.Label(high), HighAt: high.Items[i].Mean, Groups: n}})
		}
	})
	return found
}

func (in *Instrument) uneven(r *Report) (found []itemReason) {
	var units []*ReportGroup
	for _, g := range r.Of(0) {
		if g.Unit > 0 && r.Units[g.Unit].Parent == 0 {
			units = append(units, g)
		}
	}
	in.shownItems(r.Groups[0], func(i int, s *Score) {
		low, high, n := r.extremes(units, i)
		if n < leastCompare || s.SD == nil {
			return
		}
		if sd := between(units, i, *s.SD); sd >= leastUneven {
			found = append(found, itemReason{i, Reason{Kind: Uneven, Figure: sd, Low: r.Label(low), LowAt: low.Items[i].Mean, High: r.Label(high), HighAt: high.Items[i].Mean, Groups: n}})
		}
	})
	return found
}

// extremes returns the groups with the lowest and the highest score of an item,
// and in how many it is shown.
func (r *Report) extremes(groups []*ReportGroup, item int) (low, high *ReportGroup, n int) {
	for _, g := range groups {
		if item >= len(g.Items) || g.Items[item] == nil || r.Label(g) == "" {
			continue
		}
		n++
		if low == nil || g.Items[item].Mean < low.Items[item].Mean {
			low = g
		}
		if high == nil || g.Items[item].Mean > high.Items[item].Mean {
			high = g
		}
	}
	return low, high, n
}

// between is the standard deviation of the units' true means: the variance of
// the shown means less what sampling within units adds to it; 0 when nothing is
// left.
func between(groups []*ReportGroup, item int, sd float64) float64 {
	var n, mean, error float64
	for _, g := range groups {
		if item < len(g.Items) && g.Items[item] != nil {
			n++
			mean += g.Items[item].Mean
			error += sd * sd / float64(g.N)
		}
	}
	mean /= n
	variance := 0.0
	for _, g := range groups {
		if item < len(g.Items) && g.Items[item] != nil {
			variance += (g.Items[item].Mean - mean) * (g.Items[item].Mean - mean) / (n - 1)
		}
	}
	return math.Sqrt(max(0, variance-error/n))
}
