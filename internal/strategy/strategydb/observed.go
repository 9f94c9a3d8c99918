package strategydb

import (
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// Observed is what was observed of a unit itself.
type Observed struct {
	Unit   org.Unit
	Path   []string // ids from the root down to it
	Actual strategy.Total
}

// ObservedUnder is what was observed of an indicator in the units under one (or of it), each as it
// is: of those units of which anything was observed and under which there is none of that kind. Scores
// of diagnoses are those that were released to executives or further. Values of people are not told of
// units so.
func (s Store) ObservedUnder(ctx context.Context, organisation, indicator, under string) (i strategy.Indicator, all []Observed, err error) {
	var units *org.Structure
	var at int
	own := map[key]strategy.Series{}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		defined, err := indicators(ctx, tx, organisation)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(defined, func(one strategy.Indicator) bool { return one.ID == indicator })
		if n < 0 {
			return fault.NotFoundf("there is no such indicator")
		}
		i = defined[n]
		if units, err = s.units(ctx, tx, organisation); err != nil {
			return err
		}
		var there bool
		if at, there = units.Find(under); !there {
			return fault.NotFoundf("there is no such unit")
		}
		if i.Origin == "" && !i.OfPeople() {
			own, err = ofUnits.read(ctx, tx, organisation, indicator, idsOf(units.Subtree(at)))
		}
		return err
	})
	if err != nil || i.OfPeople() {
		return i, nil, err
	}
	figures := map[key]*strategy.Figures{}
	for _, node := range units.Subtree(at) {
		figures[key{i.ID, node.ID, ""}] = &strategy.Figures{Actual: strategy.TotalOf(strategy.SumOfUnits, false, own[key{i.ID, node.ID, strategy.Actual}], nil)}
	}
	if i.Origin != "" {
		released := func(d diagnosis.Diagnosis, _ org.Place) bool { return d.Released.Lets(org.Executive) }
		if _, err := s.come(ctx, organisation, []strategy.Indicator{i}, figures, idsOf(units.Subtree(at)), released); err != nil {
			return i, nil, err
		}
	}
	below := make([]bool, len(units.Units)) // something was observed under it
	for n, node := range slices.Backward(units.Units[at : at+units.Units[at].Size]) {
		n += at
		f := figures[key{i.ID, node.ID, ""}]
		if len(f.Actual) > 0 && !below[n] {
			all = append(all, Observed{Unit: node.Unit, Path: units.IDs(n), Actual: f.Actual})
		}
		if up := units.Units[n].Up; up >= 0 && (below[n] || len(f.Actual) > 0) {
			below[up] = true
		}
	}
	slices.Reverse(all)
	return i, all, nil
}

func idsOf(nodes []org.Node) (ids []string) {
	for _, n := range nodes {
		ids = append(ids, n.ID)
	}
	return ids
}
