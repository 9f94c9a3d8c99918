package strategy

import (
	"fmt"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Held is somebody's value in a period.
type Held struct {
	Unit  int // index of the unit in which that person was
	Value float64
}

// Come is what the people of a unit and of those under it come to.
type Come struct {
	Unit   int
	Value  float64
	People int
}

// dominance is the p of the p % rule: a figure is withheld where the second largest part could tell
// the largest to within so much of it (A. Hundepool et al., Statistical Disclosure Control, 2012, 4.2.1).
const dominance = 0.1

// CheckPublishing reports a period of which what people come to cannot be told: one that is not the
// indicator's, or is not over.
func (i Indicator) CheckPublishing(p period.Period, today period.Day) error {
	switch {
	case !i.OfPeople():
		return fault.Conflictf("%s has values of units: there is nothing to be published", i.Name)
	case i.OverUnits == NotOfUnits:
		return fault.Conflictf("the values of %s do not come together: each person has an own one", i.Name)
	case p.Grain() != i.Grain:
		return fault.Fieldf("period", "%[1]s is measured in periods such as %[2]s, and %[3]s is none", i.Name, string(period.Of(today, i.Grain)), string(p))
	case p.Last() >= today:
		return fault.Fieldf("period", "%s is not over yet: what people come to is published once, afterwards", string(p))
	}
	return nil
}

// Together is what the people of units come to, for the units of which it may be told. A unit's value
// is the sum or the mean, each person alike, of all in it and under it. Told is so much that from all
// of it together nothing follows about fewer people than the minimum, nor about a group in which all
// have the same value or in which one has nearly all; the larger units come first. The caller's
// mistakes are those of diagnosis.Publish.
func (i Indicator) Together(units *org.Structure, held []Held) ([]Come, error) {
	if len(held) == 0 {
		return nil, nil
	}
	values := make([][]float64, len(units.Units))
	for _, h := range held {
		values[h.Unit] = append(values[h.Unit], h.Value)
	}
	var cells diagnosis.Cells
	var people diagnosis.System
	for u, node := range units.Units {
		cells.Parent = append(cells.Parent, int32(node.Up))
		if len(values[u]) > 0 {
			cells.Unit, cells.Value, people = append(cells.Unit, int32(u)), append(cells.Value, nil), append(people, int32(len(values[u])))
		}
	}
	published, err := diagnosis.Publish(cells, []diagnosis.Table{{Units: true}}, []diagnosis.System{people}, nil, i.Minimum, 0, nil)
	if err != nil {
		return nil, fmt.Errorf("withholding %s: %w", i.Name, err)
	}
	shown := make([]bool, len(units.Units))
	for g, group := range published.Groups {
		shown[group.Unit] = shown[group.Unit] || group.Table != diagnosis.Whole && published.GroupShown(g)
	}
	return i.told(units, values, hideTelling(units, values, shown)), nil
}

// hideTelling takes back units until no rest, which is the people of a shown unit who are in no shown
// unit below it, tells what somebody in it has. Rests are all that can be worked out from a tree.
func hideTelling(units *org.Structure, values [][]float64, shown []bool) []bool {
	for {
		rest := make([][]float64, len(units.Units))
		under := make([]int, len(units.Units)) // the last shown unit directly in the rest of each, 0 for none
		for u := range units.Units {
			at := u
			for at >= 0 && !shown[at] {
				at = units.Units[at].Up
			}
			if at >= 0 {
				rest[at] = append(rest[at], values[u]...)
			}
			if at == u && u > 0 {
				for at = units.Units[u].Up; at >= 0 && !shown[at]; {
					at = units.Units[at].Up
				}
				if at >= 0 {
					under[at] = u
				}
			}
		}
		u := slices.IndexFunc(rest, tells)
		if u < 0 {
			return shown
		}
		if under[u] > 0 { // what it has joins the rest, and hides it
			u = under[u]
		}
		shown[u] = false
	}
}

// tells says whether the sum of values tells what one of them is: all are the same, or, to within
// dominance, one has what the second of them can work out.
func tells(values []float64) bool {
	if len(values) == 0 {
		return false
	}
	var all, first, second float64
	same := true
	for _, v := range values {
		same = same && v == values[0]
		if v = max(v, -v); v > first {
			first, second = v, first
		} else if v > second {
			second = v
		}
		all += v
	}
	return same || all-first-second < dominance*first
}

// told are the values of shown units.
func (i Indicator) told(units *org.Structure, values [][]float64, shown []bool) (all []Come) {
	sum, people := make([]float64, len(units.Units)), make([]int, len(units.Units))
	for u := len(units.Units) - 1; u >= 0; u-- {
		for _, v := range values[u] {
			sum[u] += v
		}
		people[u] += len(values[u])
		if up := units.Units[u].Up; up >= 0 {
			sum[up], people[up] = sum[up]+sum[u], people[up]+people[u]
		}
	}
	for u := range units.Units {
		if !shown[u] || people[u] == 0 {
			continue
		}
		c := Come{Unit: u, Value: sum[u], People: people[u]}
		if i.OverUnits == MeanOfUnits {
			c.Value /= float64(people[u])
		}
		all = append(all, c)
	}
	return all
}
