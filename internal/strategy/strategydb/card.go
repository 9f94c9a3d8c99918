package strategydb

import (
	"context"
	"maps"
	"slices"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// Card is the scorecard of a unit in a year.
type Card struct {
	Unit  org.Unit
	Path  []org.Ref // from the root down to the unit itself
	Under []org.Ref // the units directly under it, by name
	Year  int
	Today period.Day
	Lines []strategy.Line
	Notes []strategy.Note // of the year and the one before on, the newest first

	Diagnoses []string // ids of those whose scores are shown
}

// Units is the tree of units of today, with those that have left where they last were.
func (s Store) Units(ctx context.Context, organisation string) (units *org.Structure, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		units, err = s.units(ctx, tx, organisation)
		return err
	})
	return units, err
}

// Card reads the scorecard of a unit; year 0 is the newest in which anything was observed of it.
// sees says which scores of diagnoses stand on it; nil: none.
func (s Store) Card(ctx context.Context, organisation, unit string, year int, sees Sees) (c Card, err error) {
	if err := period.CheckYear(year); err != nil {
		return c, err
	}
	var all []strategy.Indicator
	var figures map[key]*strategy.Figures
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if all, err = indicators(ctx, tx, organisation); err != nil {
			return err
		}
		if c.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, c.Today)
		if err != nil {
			return err
		}
		at, there := units.Find(unit)
		if !there {
			return fault.NotFoundf("there is no such unit")
		}
		c.Unit, c.Path, c.Under = units.Units[at].Unit, units.Path(at), refs(units, units.Children(at))
		if figures, err = readFigures(ctx, tx, organisation, all, units, at); err != nil {
			return err
		}
		c.Notes, err = s.notes(ctx, tx, organisation, "", c.Path)
		return err
	})
	if err != nil {
		return c, err
	}
	if c.Diagnoses, err = s.come(ctx, organisation, all, figures, []string{unit}, sees); err != nil {
		return c, err
	}
	of := map[string]strategy.Figures{}
	for k, f := range figures {
		of[k.Indicator] = *f
	}
	if c.Year = year; year == 0 {
		c.Year = strategy.NewestYear(all, of, c.Today.Time().Year())
	}
	c.Lines = strategy.Lines(all, of, c.Year)
	c.Notes = slices.DeleteFunc(c.Notes, func(n strategy.Note) bool { return n.Day.Time().Year() < c.Year-1 })
	return c, nil
}

func refs(units *org.Structure, at []int) (all []org.Ref) {
	for _, i := range at {
		all = append(all, units.Units[i].Ref())
	}
	return all
}

// readFigures reads all indicators of one unit.
func readFigures(ctx context.Context, tx *db.Tx, organisation string, all []strategy.Indicator, units *org.Structure, at int) (map[key]*strategy.Figures, error) {
	unit := units.Units[at]
	figures := map[key]*strategy.Figures{}
	own, err := ofUnits.where(ctx, tx, `unit_id = $2`, organisation, unit.ID)
	if err != nil {
		return nil, err
	}
	above := map[key]strategy.Total{}
	if unit.Size > 1 {
		if above, err = readTotals(ctx, tx, `unit_id = $2`, organisation, unit.ID); err != nil {
			return nil, err
		}
	}
	targets, err := readTargets(ctx, tx, `unit_id = $2`, organisation, unit.ID)
	if err != nil {
		return nil, err
	}
	told, err := newestPublished(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		f := figuresOf(i, unit.ID, unit.Size > 1, own, above)
		f.Targets = targets[key{i.ID, unit.ID, ""}]
		f.Withhold(told[i.ID])
		figures[key{i.ID, unit.ID, ""}] = &f
	}
	return figures, nil
}

// key is a series, by indicator, unit or person, and kind.
type key struct {
	Indicator, Of string
	Kind          strategy.Kind
}

// figuresOf is what a unit comes to: as it was made where there are units under it, else from its
// own series.
func figuresOf(i strategy.Indicator, unit string, inner bool, own map[key]strategy.Series, above map[key]strategy.Total) strategy.Figures {
	total := func(kind strategy.Kind) strategy.Total {
		if inner && i.Adds(kind) {
			return above[key{i.ID, unit, kind}]
		}
		var weights strategy.Weights
		if i.Weight != "" {
			weigh := func(kind strategy.Kind) strategy.Total {
				return strategy.TotalOf(strategy.SumOfUnits, false, own[key{i.Weight, unit, kind}], nil)
			}
			weights = strategy.WeightsOf(kind, weigh(strategy.Actual), weigh(strategy.Plan), i.Grain.PerYear())
		}
		return strategy.TotalOf(i.OverUnits, false, own[key{i.ID, unit, kind}], weights)
	}
	return strategy.Figures{Actual: total(strategy.Actual), Plan: total(strategy.Plan)}
}

// where reads series that a condition narrows, whose values begin at $2.
func (l ledger) where(ctx context.Context, tx *db.Tx, where, organisation string, values ...any) (map[key]strategy.Series, error) {
	own := map[key]strategy.Series{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var k key
		var points []byte
		err := row.Scan(&k.Indicator, &k.Of, &k.Kind, &points)
		if err == nil {
			own[k], err = strategy.UnpackSeries(points)
		}
		return struct{}{}, err
	}, `SELECT indicator_id, `+l.subject+`, kind, points FROM `+l.series+` WHERE organisation_id = $1 AND `+where, append([]any{organisation}, values...)...)
	return own, err
}

// read reads an indicator's series of several subjects.
func (l ledger) read(ctx context.Context, tx *db.Tx, organisation, indicator string, subjects []string) (map[key]strategy.Series, error) {
	own := map[key]strategy.Series{}
	for some := range slices.Chunk(subjects, unitsAtOnce) {
		series, err := l.where(ctx, tx, `indicator_id = $2 AND `+l.subject+` IN (`+db.Placeholders(3, len(some))+`)`, organisation, values(indicator, some)...)
		if err != nil {
			return nil, err
		}
		maps.Copy(own, series)
	}
	return own, nil
}

func readTotals(ctx context.Context, tx *db.Tx, where, organisation string, values ...any) (map[key]strategy.Total, error) {
	totals := map[key]strategy.Total{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var k key
		var marks []byte
		err := row.Scan(&k.Indicator, &k.Of, &k.Kind, &marks)
		if err == nil {
			totals[k], err = strategy.UnpackTotal(marks)
		}
		return struct{}{}, err
	}, `SELECT indicator_id, unit_id, kind, marks FROM strategy_total WHERE organisation_id = $1 AND `+where, append([]any{organisation}, values...)...)
	return totals, err
}

func readTargets(ctx context.Context, tx *db.Tx, where, organisation string, values ...any) (map[key][]strategy.Target, error) {
	targets := map[key][]strategy.Target{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var k key
		var t strategy.Target
		err := row.Scan(&k.Indicator, &k.Of, &t.Year, &t.Baseline, &t.Value, &t.High)
		targets[k] = append(targets[k], t)
		return struct{}{}, err
	}, `SELECT indicator_id, unit_id, year, baseline, value, high FROM strategy_target WHERE organisation_id = $1 AND `+where+` ORDER BY year`, append([]any{organisation}, values...)...)
	return targets, err
}

// UnitLine is an indicator of one of several units.
type UnitLine struct {
	Unit  org.Unit
	Known bool // anything is
	strategy.Line
}

// Origin is a feed as a reader sees it.
type Origin struct {
	Number int
	Source string
	By     string
	At     time.Time
}

// Sheet is one indicator of one unit with all that is known of it.
type Sheet struct {
	Card
	Indicator strategy.Indicator
	Weight    strategy.Indicator // that weights it, zero for none
	Line      strategy.Line
	Own       map[strategy.Kind]strategy.Series // as it came in
	Under     []UnitLine
	Goals     []strategy.Goal // of the unit and those above it that have the indicator and are worked on
	Origins   map[int]Origin  // of what came in, by the feed's number
	Revisions []Replaced      // the newest first
}

// Replaced is a value that another took the place of, or nothing.
type Replaced struct {
	Indicator string // id
	Kind      strategy.Kind
	Period    period.Period
	Value     float64
	Feed      int // that it came with
	By        int // feed that replaced it
}

// Sheet reads one indicator of one unit; year 0 is the newest in which it was observed. sees says
// which scores of diagnoses are shown; nil: none.
func (s Store) Sheet(ctx context.Context, organisation, unit, indicator string, year int, sees Sees) (sh Sheet, err error) {
	if err := period.CheckYear(year); err != nil {
		return sh, err
	}
	var all []org.Unit // the unit and those directly under it
	figures := map[key]*strategy.Figures{}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		defined, err := indicators(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if sh.Indicator, err = find(defined, indicator); err != nil {
			return err
		}
		if sh.Indicator.Weight != "" {
			if sh.Weight, err = find(defined, sh.Indicator.Weight); err != nil {
				return err
			}
		}
		if sh.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, sh.Today)
		if err != nil {
			return err
		}
		at, there := units.Find(unit)
		if !there {
			return fault.NotFoundf("there is no such unit")
		}
		sh.Unit, sh.Path = units.Units[at].Unit, units.Path(at)
		all, err = s.readSheet(ctx, tx, organisation, &sh, units, at, figures)
		return err
	})
	if err != nil {
		return sh, err
	}
	var ids []string
	for _, u := range all {
		ids = append(ids, u.ID)
	}
	if sh.Diagnoses, err = s.come(ctx, organisation, []strategy.Indicator{sh.Indicator}, figures, ids, sees); err != nil {
		return sh, err
	}
	own := *figures[key{indicator, unit, ""}]
	if sh.Year = year; year == 0 {
		sh.Year = strategy.NewestYear([]strategy.Indicator{sh.Indicator}, map[string]strategy.Figures{indicator: own}, sh.Today.Time().Year())
	}
	sh.Line, _ = own.Line(sh.Indicator, sh.Year)
	for _, u := range all[1:] {
		line, known := figures[key{indicator, u.ID, ""}].Line(sh.Indicator, sh.Year)
		sh.Under = append(sh.Under, UnitLine{u, known, line})
	}
	return sh, nil
}

// readSheet reads the figures of a unit and those directly under it.
func (s Store) readSheet(ctx context.Context, tx *db.Tx, organisation string, sh *Sheet, units *org.Structure, at int, figures map[key]*strategy.Figures) (all []org.Unit, err error) {
	set := append([]int{at}, units.Children(at)...)
	lines, own, err := unitLines(ctx, tx, organisation, sh.Indicator, units, set)
	if err != nil {
		return nil, err
	}
	for n, u := range set {
		all = append(all, units.Units[u].Unit)
		figures[key{sh.Indicator.ID, units.Units[u].ID, ""}] = &lines[n]
	}
	sh.Own = map[strategy.Kind]strategy.Series{}
	for _, kind := range []strategy.Kind{strategy.Actual, strategy.Plan} {
		sh.Own[kind] = own[key{sh.Indicator.ID, sh.Unit.ID, kind}]
	}
	if sh.Notes, err = s.notes(ctx, tx, organisation, sh.Indicator.ID, sh.Path); err != nil {
		return nil, err
	}
	narrow := values(sh.Indicator.ID, units.IDs(at))
	if sh.Goals, err = readGoals(ctx, tx, organisation, `person_id = '' AND ended = '' AND indicator_id = $2 AND unit_id IN (`+db.Placeholders(3, len(narrow)-1)+`)`, narrow...); err != nil {
		return nil, err
	}
	return all, s.readOrigins(ctx, tx, organisation, sh)
}

// unitLines reads one indicator of several units, and their own series with those that weight them.
func unitLines(ctx context.Context, tx *db.Tx, organisation string, i strategy.Indicator, units *org.Structure, at []int) (lines []strategy.Figures, own map[key]strategy.Series, err error) {
	var ids []string
	for _, u := range at {
		ids = append(ids, units.Units[u].ID)
	}
	own, above, err := readUnits(ctx, tx, organisation, i.ID, ids)
	if err == nil && i.Weight != "" {
		var weights map[key]strategy.Series
		weights, _, err = readUnits(ctx, tx, organisation, i.Weight, ids)
		maps.Copy(own, weights)
	}
	targets := map[key][]strategy.Target{}
	for some := range slices.Chunk(ids, unitsAtOnce) {
		if err != nil {
			return nil, nil, err
		}
		var aims map[key][]strategy.Target
		aims, err = readTargets(ctx, tx, `indicator_id = $2 AND unit_id IN (`+db.Placeholders(3, len(some))+`)`, organisation, values(i.ID, some)...)
		maps.Copy(targets, aims)
	}
	if err != nil {
		return nil, nil, err
	}
	told, err := newestPublished(ctx, tx, organisation)
	for _, u := range at {
		unit := units.Units[u]
		f := figuresOf(i, unit.ID, unit.Size > 1, own, above)
		f.Targets = targets[key{i.ID, unit.ID, ""}]
		f.Withhold(told[i.ID])
		lines = append(lines, f)
	}
	return lines, own, err
}

const unitsAtOnce = 500 // in one query

func values(first string, more []string) []any {
	all := []any{first}
	for _, one := range more {
		all = append(all, one)
	}
	return all
}

// readUnits reads an indicator's series of several units, and what these come to as it was made.
func readUnits(ctx context.Context, tx *db.Tx, organisation, indicator string, units []string) (map[key]strategy.Series, map[key]strategy.Total, error) {
	own, err := ofUnits.read(ctx, tx, organisation, indicator, units)
	above := map[key]strategy.Total{}
	for some := range slices.Chunk(units, unitsAtOnce) {
		if err != nil {
			return nil, nil, err
		}
		var totals map[key]strategy.Total
		totals, err = readTotals(ctx, tx, `indicator_id = $2 AND unit_id IN (`+db.Placeholders(3, len(some))+`)`, organisation, values(indicator, some)...)
		maps.Copy(above, totals)
	}
	return own, above, err
}

// readOrigins reads where the values of a sheet came from, and what they replaced.
func (s Store) readOrigins(ctx context.Context, tx *db.Tx, organisation string, sh *Sheet) (err error) {
	if sh.Revisions, err = ofUnits.replaced(ctx, tx, organisation, sh.Unit.ID, sh.Indicator.ID); err != nil {
		return err
	}
	sh.Origins, err = origins(ctx, tx, organisation, sh.Revisions, slices.Collect(maps.Values(sh.Own))...)
	return err
}

// replaced reads what was replaced of a subject, of one indicator or, for "", of all, the newest first.
func (l ledger) replaced(ctx context.Context, tx *db.Tx, organisation, subject, indicator string) ([]Replaced, error) {
	return db.All(ctx, tx, func(row db.Scanner) (r Replaced, err error) {
		err = row.Scan(&r.Indicator, &r.Kind, &r.Period, &r.Value, &r.Feed, &r.By)
		return r, err
	}, `SELECT indicator_id, kind, period, value, feed, replaced_by FROM `+l.revisions+` WHERE organisation_id = $1 AND `+l.subject+` = $2 AND ($3 = '' OR indicator_id = $3)
		ORDER BY replaced_by DESC, period DESC, kind, indicator_id`, organisation, subject, indicator)
}

// origins reads what some values came with, those that stand and those that were replaced.
func origins(ctx context.Context, tx *db.Tx, organisation string, replaced []Replaced, stand ...strategy.Series) (map[int]Origin, error) {
	feeds := map[int]bool{}
	for _, points := range stand {
		for _, p := range points {
			feeds[p.Feed] = true
		}
	}
	for _, r := range replaced {
		feeds[r.Feed], feeds[r.By] = true, true
	}
	all := map[int]Origin{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var o Origin
		var made int64
		var zone string
		err := row.Scan(&o.Number, &o.Source, &o.By, &made, &zone)
		if o.At = period.Moment(made, zone); feeds[o.Number] {
			all[o.Number] = o
		}
		return struct{}{}, err
	}, `SELECT number, source, made_by, made_at, `+orgdb.Zone+` FROM strategy_feed WHERE organisation_id = $1`, organisation)
	return all, err
}
