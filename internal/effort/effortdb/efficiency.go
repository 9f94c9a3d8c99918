package effortdb

import (
	"context"
	"maps"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// Catalogue says how what there is to learn by was used, by people of units, each with all under it, or "" for
// the whole, by unit and month.
type Catalogue interface {
	Uses(ctx context.Context, tx *db.Tx, organisation string, units *org.Structure, of []string, from, until period.Period) (map[string]map[period.Period]effort.Use, error)
}

// Footings are what the efficiency of learning is made of in each of some months, of units, each with all
// under it, and of the whole, which has the id "".
func (s Store) Footings(ctx context.Context, organisation string, of []string, from, until period.Period) (all map[string][]effort.Footing, err error) {
	return s.footings(ctx, organisation, of, from, until, s.Catalogue)
}

// footings are Footings with the catalogue, or, where no measure needs it, without.
func (s Store) footings(ctx context.Context, organisation string, of []string, from, until period.Period, catalogue Catalogue) (all map[string][]effort.Footing, err error) {
	err = s.whenFresh(ctx, organisation, from, until, func(tx *db.Tx) error {
		all, err = s.footingsIn(ctx, tx, organisation, of, from, until, catalogue)
		return err
	})
	return all, err
}

func (s Store) footingsIn(ctx context.Context, tx *db.Tx, organisation string, of []string, from, until period.Period, catalogue Catalogue) (map[string][]effort.Footing, error) {
	units, err := s.unitsIn(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	chosen, err := settingIn(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	uses := map[string]map[period.Period]effort.Use{}
	if catalogue != nil {
		if uses, err = catalogue.Uses(ctx, tx, organisation, units, of, from, until); err != nil {
			return nil, err
		}
	}
	function, needed := map[string][]string{}, map[string]bool{}
	for _, unit := range of {
		function[unit] = chosen.FunctionOf(units, unit)
		for _, id := range append([]string{unit}, function[unit]...) {
			needed[id] = true
		}
	}
	months, err := unitMonths(ctx, tx, organisation, slices.Sorted(maps.Keys(needed)), from, until)
	if err == nil && needed[""] {
		months[""], err = monthly(ctx, tx, organisation, effort.Heading{Kind: effort.Whole}, from, until)
	}
	if err != nil {
		return nil, err
	}
	staff, err := s.staffIn(ctx, tx, organisation, units, from, until)
	if err != nil {
		return nil, err
	}
	all := map[string][]effort.Footing{}
	for _, unit := range of {
		var teaching [][]effort.Monthly
		for _, id := range function[unit] {
			teaching = append(teaching, months[id])
		}
		tallies, ofFunction := effort.ByMonth(months[unit]), effort.ByMonth(effort.Together(teaching...))
		for month := from; month <= until; month = month.Add(1) {
			f := effort.Footing{Monthly: effort.Monthly{Month: month, Tally: tallies[month]}, Function: ofFunction[month], Use: uses[unit][month]}
			f.Staff, f.Rostered = staff[month][unit], staff[month] != nil
			for _, id := range function[unit] {
				if len(chosen.Function) > 0 { // else it is everybody, and nobody is counted as its staff
					f.Teaching = f.Teaching.Plus(staff[month][id])
				}
			}
			all[unit] = append(all[unit], f)
		}
	}
	return all, nil
}

// valuesFor is how many years before the present one values of indicators are read.
const valuesFor = 9

// Values are the measures that indicators have their values from, of units, by unit and origin, in months that are
// over, from the ledger's first on. What is of the whole alone is the root's.
func (s Store) Values(ctx context.Context, organisation string, asked, units []string) (map[string]map[string]strategy.Figures, error) {
	var measures []effort.Measure
	for _, origin := range asked {
		if m, ours := effort.MeasureOf(origin); ours {
			measures = append(measures, m)
		}
	}
	if len(measures) == 0 {
		return nil, nil
	}
	var tree *org.Structure
	var rates effort.Rates
	var from, until period.Period
	const any period.Period = "2000-01"
	err := s.whenFresh(ctx, organisation, any, any, func(tx *db.Tx) (err error) {
		if tree, err = s.unitsIn(ctx, tx, organisation); err != nil {
			return err
		}
		if rates, err = ratesIn(ctx, tx, organisation); err != nil {
			return err
		}
		until = period.Of(tree.Day, period.Monthly).Add(-1)
		from, err = firstMonth(ctx, tx, organisation)
		return err
	})
	if err != nil || from == "" || from > until {
		return nil, err
	}
	from = max(from, period.At(period.Monthly, (tree.Day.Time().Year()-valuesFor)*12))
	of := slices.Clone(units)
	for n, unit := range of {
		if unit == tree.Units[0].ID {
			of[n] = ""
		}
	}
	catalogue := s.Catalogue
	if !slices.ContainsFunc(measures, func(m effort.Measure) bool { return m.OfUse }) {
		catalogue = nil
	}
	footings, err := s.footings(ctx, organisation, of, from, until, catalogue)
	values := map[string]map[string]strategy.Figures{}
	for n, unit := range of {
		values[units[n]] = map[string]strategy.Figures{}
		marks := effort.Marks(rates, footings[unit], measures)
		for _, m := range measures {
			if unit == "" || !m.Whole {
				f := strategy.Figures{Actual: marks[m.Key].Total, Withheld: marks[m.Key].Withheld, Positive: true}
				if m.Scale == effort.AsMoney {
					f.In = rates.Own
				}
				values[units[n]][m.Origin()] = f
			}
		}
	}
	return values, err
}

// firstMonth is that of the ledger's first entry, "" where there is none.
func firstMonth(ctx context.Context, tx *db.Tx, organisation string) (period.Period, error) {
	month, _, err := db.One(ctx, tx, db.Value[period.Period], `SELECT COALESCE(MIN(month), '') FROM effort_tally WHERE organisation_id = $1 AND subject = $2`, organisation, effort.Whole)
	return month, err
}

// staffIn is how many worked in each unit with all under it, and in the whole, at the end of each month of which
// a roster speaks; of one that is not over, today.
func (s Store) staffIn(ctx context.Context, tx *db.Tx, organisation string, units *org.Structure, from, until period.Period) (map[period.Period]map[string]org.Headcount, error) {
	today, err := orgdb.Today(ctx, tx, organisation, s.now())
	if err != nil {
		return nil, err
	}
	var days []period.Day
	for month := from; month <= until && month.First() <= today; month = month.Add(1) {
		days = append(days, min(month.Last(), today))
	}
	counts, err := orgdb.Store{DB: s.DB}.HeadcountsIn(ctx, tx, organisation, days)
	if err != nil {
		return nil, err
	}
	all := map[period.Period]map[string]org.Headcount{}
	for day, own := range counts {
		of := map[string]org.Headcount{}
		for id, n := range own {
			of[""] = of[""].Plus(n)
			at, there := units.Find(id)
			for there && at >= 0 {
				unit := units.Units[at]
				of[unit.ID] = of[unit.ID].Plus(n)
				at = unit.Up
			}
		}
		all[period.Of(day, period.Monthly)] = of
	}
	return all, nil
}
