package strategydb

import (
	"context"
	"maps"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// units is the tree with which totals are made: today's, and in it, where they last were, the
// units that have left.
func (s Store) units(ctx context.Context, tx *db.Tx, organisation string) (*org.Structure, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	return orgdb.UnitsIn(ctx, tx, organisation, today)
}

// touched are the units, by index, of which something has changed; nil is every one.
type touched map[int]bool

// totals makes what units come to.
type totals struct {
	organisation string
	indicators   []strategy.Indicator
	units        *org.Structure
	progress     func()
	kept         map[key]strategy.Total // what units come to in indicators that weight others
	own          map[key]strategy.Total // what they have in them themselves
}

// renew makes anew what units come to in the indicators named, and in those that they weight, where
// something has changed under them. A caller that has changed series has them saved before.
func (t *totals) renew(ctx context.Context, tx *db.Tx, changed map[string]touched) error {
	t.kept, t.own = map[key]strategy.Total{}, map[key]strategy.Total{}
	for _, i := range t.indicators {
		if units, there := changed[i.Weight]; there && i.Weight != "" {
			if was, own := changed[i.ID]; own {
				units = joined(was, units)
			}
			changed[i.ID] = units
		}
	}
	weigh := map[string]map[int]bool{} // the units of which an indicator is asked for as a weight
	for _, i := range t.indicators {
		if units, there := changed[i.ID]; there && i.Weight != "" {
			if weigh[i.Weight] == nil {
				weigh[i.Weight] = map[int]bool{}
			}
			maps.Copy(weigh[i.Weight], t.around(t.above(units)))
		}
	}
	order := slices.Clone(t.indicators)
	slices.SortStableFunc(order, func(a, b strategy.Indicator) int { return len(a.Weight) - len(b.Weight) }) // what weights comes first
	for _, i := range order {
		units, there := changed[i.ID]
		if !there && weigh[i.ID] == nil {
			continue
		}
		inner := map[int]bool{}
		if there {
			inner = t.above(units)
		}
		if err := t.renewOne(ctx, tx, i, inner, weigh[i.ID], there && units == nil); err != nil {
			return err
		}
		if t.progress != nil && there {
			t.progress()
		}
	}
	return nil
}

func joined(a, b touched) touched {
	if a == nil || b == nil {
		return nil
	}
	all := touched{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}

// above are the units with units under them in whose subtree something has changed.
func (t *totals) above(changed touched) map[int]bool {
	inner := map[int]bool{}
	for u, node := range t.units.Units {
		if changed == nil && node.Size > 1 {
			inner[u] = true
		}
	}
	for u := range changed {
		for ; u >= 0 && !inner[u]; u = t.units.Units[u].Up {
			inner[u] = true
		}
	}
	maps.DeleteFunc(inner, func(u int, _ bool) bool { return t.units.Units[u].Size == 1 })
	return inner
}

// around are units and those directly under them.
func (t *totals) around(inner map[int]bool) map[int]bool {
	all := maps.Clone(inner)
	for u := range inner {
		for _, c := range t.units.Children(u) {
			all[c] = true
		}
	}
	return all
}

// renewOne makes what the inner units come to in an indicator and saves it, and keeps what the units
// of weigh come to, where it weights others. whole says that nothing of it stays.
func (t *totals) renewOne(ctx context.Context, tx *db.Tx, i strategy.Indicator, inner, weigh map[int]bool, whole bool) error {
	if whole {
		if _, err := tx.Exec(ctx, `DELETE FROM strategy_total WHERE organisation_id = $1 AND indicator_id = $2`, t.organisation, i.ID); err != nil {
			return err
		}
	}
	if i.OverUnits == strategy.NotOfUnits {
		return nil
	}
	set := t.around(inner)
	maps.Copy(set, weigh)
	var ids []string
	for u := range set {
		ids = append(ids, t.units.Units[u].ID)
	}
	own, stood, err := readUnits(ctx, tx, t.organisation, i.ID, ids)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, u := range slices.Backward(slices.Sorted(maps.Keys(set))) { // a unit stands before those under it
		for _, kind := range []strategy.Kind{strategy.Actual, strategy.Plan} {
			k := key{i.ID, t.units.Units[u].ID, kind}
			if !i.Adds(kind) {
				continue
			}
			if inner[u] {
				stood[k] = t.total(i, u, k, own, stood)
				if len(stood[k]) > 0 || !whole {
					rows = append(rows, []any{t.organisation, k.Of, k.Indicator, k.Kind, stood[k].Pack()})
				}
			} else if t.units.Units[u].Size == 1 {
				stood[k] = t.total(i, u, k, own, stood)
			}
			if weigh[u] {
				t.kept[k], t.own[k] = stood[k], strategy.TotalOf(strategy.SumOfUnits, false, own[k], nil)
			}
		}
	}
	return tx.PutMany(ctx, "strategy_total", []string{"organisation_id", "unit_id", "indicator_id", "kind", "marks"}, 4, rows)
}

// total is what one unit comes to, from its own series and what those under it come to.
func (t *totals) total(i strategy.Indicator, u int, k key, own map[key]strategy.Series, under map[key]strategy.Total) strategy.Total {
	var parts []strategy.Total
	for _, c := range t.units.Children(u) {
		parts = append(parts, under[key{k.Indicator, t.units.Units[c].ID, k.Kind}])
	}
	var weights strategy.Weights
	if i.Weight != "" {
		by := t.kept
		if i.Alone { // a value of the unit alone has the weight of the unit alone
			by = t.own
		}
		weights = strategy.WeightsOf(k.Kind, by[key{i.Weight, k.Of, strategy.Actual}], by[key{i.Weight, k.Of, strategy.Plan}], i.Grain.PerYear())
	}
	return strategy.TotalOf(i.OverUnits, i.Alone, own[k], weights, parts...)
}

// Renew follows what indicators rest on: it makes indicators of the scores of new diagnoses, and
// makes anew what units come to where the tree of units is another than the totals were made with,
// after a roster, which may move units.
func (s Store) Renew(ctx context.Context) error {
	organisations, err := s.Org.Organisations(ctx)
	for _, o := range organisations {
		if err == nil {
			err = s.renewOrganisation(ctx, o)
		}
	}
	return err
}

func (s Store) renewOrganisation(ctx context.Context, organisation string) error {
	if err := s.defineScores(ctx, organisation); err != nil {
		return err
	}
	stale, err := s.stale(ctx, organisation)
	if err != nil || !stale {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.renewAll(ctx, tx, organisation) })
}

func (s Store) stale(ctx context.Context, organisation string) (stale bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		stale, err = s.staleIn(ctx, tx, organisation)
		return err
	})
	return stale, err
}

// staleIn compares the stamp of the roster, and the day, with those of the totals: a roster may
// hold from a later day on.
func (s Store) staleIn(ctx context.Context, tx *db.Tx, organisation string) (bool, error) {
	stamp, err := s.stamp(ctx, tx, organisation)
	if err != nil {
		return false, err
	}
	was, there, err := db.One(ctx, tx, db.Value[string], `SELECT stamp FROM strategy_tree WHERE organisation_id = $1`, organisation)
	return !there || was != stamp, err
}

func (s Store) stamp(ctx context.Context, tx *db.Tx, organisation string) (string, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return "", err
	}
	return orgdb.UnitsStamp(ctx, tx, organisation, today)
}

func (s Store) renewAll(ctx context.Context, tx *db.Tx, organisation string) error {
	all, err := indicators(ctx, tx, organisation)
	if err != nil {
		return err
	}
	units, err := s.units(ctx, tx, organisation)
	if err != nil {
		return err
	}
	changed := map[string]touched{}
	for _, i := range all {
		changed[i.ID] = nil
	}
	t := totals{organisation: organisation, indicators: all, units: units}
	if err := t.renew(ctx, tx, changed); err != nil {
		return err
	}
	return s.keepStamp(ctx, tx, organisation)
}

func (s Store) keepStamp(ctx context.Context, tx *db.Tx, organisation string) error {
	stamp, err := s.stamp(ctx, tx, organisation)
	if err != nil {
		return err
	}
	return tx.PutMany(ctx, "strategy_tree", []string{"organisation_id", "stamp"}, 1, [][]any{{organisation, stamp}})
}
