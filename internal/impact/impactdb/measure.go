package impactdb

import (
	"context"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// monthly are the values of a measure of the ledger of each whole month by itself, by unit; the whole's for the
// root. A scorecard has some of them since January, which is no series. What would tell of too few people is
// not there.
func (s Store) monthly(ctx context.Context, organisation string, m effort.Measure, units []string, first period.Period) (map[string]strategy.Total, error) {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return nil, err
	}
	tree, err := s.Strategy.Units(ctx, organisation)
	if err != nil {
		return nil, err
	}
	rates, err := s.Effort.Rates(ctx, organisation)
	if err != nil {
		return nil, err
	}
	of, named := make([]string, len(units)), map[string]string{}
	for n, unit := range units {
		if of[n] = unit; len(tree.Units) > 0 && unit == tree.Units[0].ID {
			of[n] = ""
		}
		named[of[n]] = unit
	}
	months, err := s.Effort.Footings(ctx, organisation, of, first, period.Of(today, period.Monthly).Add(-1))
	values := map[string]strategy.Total{}
	for unit, footings := range months {
		for _, f := range footings {
			e := effort.EfficiencyOf(rates, []effort.Footing{f})
			if v := m.Value(e, rates.Own); v != nil && !m.Few(e) {
				values[named[unit]] = append(values[named[unit]], strategy.Mark{Number: f.Month.Number(), Sum: *v, Units: 1})
			}
		}
	}
	return values, err
}

// whole is what the unit comes to under which a time series is read: one series, not one of each unit.
func (s Store) whole(ctx context.Context, organisation string, i strategy.Indicator, e impact.Effect) ([]impact.Subject, error) {
	sheet, err := s.Strategy.Sheet(ctx, organisation, e.Scope, e.Indicator, 0, nil)
	if err != nil {
		return nil, err
	}
	one := impact.Subject{ID: e.Scope, Name: sheet.Unit.Name, Values: sheet.Line.Actual}
	for _, u := range sheet.Path {
		one.Path = append(one.Path, u.ID)
	}
	if m, ours := effort.MeasureOf(i.Origin); ours {
		values, err := s.monthly(ctx, organisation, m, []string{e.Scope}, e.First)
		if err != nil {
			return nil, err
		}
		one.Values = values[e.Scope]
	}
	return []impact.Subject{one}, nil
}

// each are the units that were observed, of a measure of the ledger by month.
func (s Store) each(ctx context.Context, organisation string, i strategy.Indicator, e impact.Effect, all []impact.Subject) ([]impact.Subject, error) {
	m, ours := effort.MeasureOf(i.Origin)
	if !ours {
		return all, nil
	}
	var ids []string
	for _, one := range all {
		ids = append(ids, one.ID)
	}
	values, err := s.monthly(ctx, organisation, m, ids, e.First)
	for n := range all {
		all[n].Values = values[all[n].ID]
	}
	return all, err
}
