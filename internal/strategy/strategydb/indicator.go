package strategydb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

const indicatorQuery = `SELECT id, key, name, definition, formula, measure, decimals, direction, over_units, alone, weight_id, over_time, grain, perspective, learning, source, origin, owner_id, owner_key, owner_name, ended, minimum
	FROM strategy_indicator WHERE organisation_id = $1 ORDER BY name, id`

func scanIndicator(row db.Scanner) (i strategy.Indicator, err error) {
	err = row.Scan(&i.ID, &i.Key, &i.Name, &i.Definition, &i.Formula, &i.Measure, &i.Decimals, &i.Direction, &i.OverUnits, &i.Alone, &i.Weight, &i.OverTime, &i.Grain, &i.Perspective, &i.Learning, &i.Source, &i.Origin, &i.Owner.ID, &i.Owner.Key, &i.Owner.Name, &i.Ended, &i.Minimum)
	return i, err
}

func indicators(ctx context.Context, tx *db.Tx, organisation string) ([]strategy.Indicator, error) {
	return db.All(ctx, tx, scanIndicator, indicatorQuery, organisation)
}

// Indicators lists every indicator, by name.
func (s Store) Indicators(ctx context.Context, organisation string) (all []strategy.Indicator, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = indicators(ctx, tx, organisation)
		return err
	})
	return all, err
}

// Indicator returns one.
func (s Store) Indicator(ctx context.Context, organisation, indicator string) (strategy.Indicator, error) {
	all, err := s.Indicators(ctx, organisation)
	if err != nil {
		return strategy.Indicator{}, err
	}
	return find(all, indicator)
}

func find(all []strategy.Indicator, indicator string) (strategy.Indicator, error) {
	n := slices.IndexFunc(all, func(i strategy.Indicator) bool { return i.ID == indicator })
	if n < 0 {
		return strategy.Indicator{}, fault.NotFoundf("there is no such indicator")
	}
	return all[n], nil
}

// SaveIndicator keeps an indicator: the one of its id, or, without an id, a new one, and returns
// the id. owner is typed: a personnel number, a mail address or a name of today's roster; as it
// stands for the one who is owner already. Of one that has been observed the grain stays; a short
// name that is taken is a conflict.
func (s Store) SaveIndicator(ctx context.Context, organisation string, i strategy.Indicator, owner, by string) (string, error) {
	event := org.Event{What: "indicator changed"}
	var was strategy.Indicator
	var err error
	if i.ID == "" {
		i.ID, event = id.New(), org.Event{What: "indicator defined"}
	} else if was, err = s.Indicator(ctx, organisation, i.ID); err != nil {
		return "", err
	}
	if i.Origin = was.Origin; i.Origin != "" { // how months come together is the source's
		i.OverTime = was.OverTime
	}
	if was.Ended != "" && i.Ended != "" {
		i.Ended = was.Ended
	}
	if i.Owner, err = s.owner(ctx, organisation, owner, was.Owner); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		others, err := indicators(ctx, tx, organisation)
		if err != nil {
			return err
		}
		others = slices.DeleteFunc(others, func(o strategy.Indicator) bool { return o.ID == i.ID })
		if err := s.saveIndicator(ctx, tx, organisation, was, &i, others, by); err != nil {
			return err
		}
		event.At, event.Who, event.Detail = s.now(), by, i.Name
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
	return i.ID, err
}

// owner finds whoever is typed, unless it is the one who is owner already.
func (s Store) owner(ctx context.Context, organisation, typed string, was org.Ref) (org.Ref, error) {
	if typed != "" && typed == was.Name {
		return was, nil
	}
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return org.Ref{}, err
	}
	p, err := s.Org.Owner(ctx, organisation, typed, today)
	return org.Ref{ID: p.ID, Key: p.Key, Name: p.Title()}, err
}

func (s Store) saveIndicator(ctx context.Context, tx *db.Tx, organisation string, was strategy.Indicator, i *strategy.Indicator, others []strategy.Indicator, by string) error {
	if err := i.Check(); err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(o strategy.Indicator) bool { return o.Key == i.Key }) {
		return fault.Fieldf("key", "there is another indicator called %s: choose another short name", i.Key)
	}
	if err := strategy.CheckWeights(append(slices.Clone(others), *i)); err != nil {
		return err
	}
	if was.ID != "" && (was.Grain != i.Grain || was.OfPeople() != i.OfPeople() || was.OfPeople() && was.OverUnits != i.OverUnits) {
		if err := checkUnobserved(ctx, tx, organisation, was, *i); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO strategy_indicator (organisation_id, id, key, name, definition, formula, measure, decimals, direction, over_units, weight_id, over_time, grain, perspective, learning, source, owner_id, owner_key, owner_name, ended, made_by, made_at, origin, alone, minimum)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) ON CONFLICT (organisation_id, id)
		DO UPDATE SET key = $3, name = $4, definition = $5, formula = $6, measure = $7, decimals = $8, direction = $9, over_units = $10, weight_id = $11, over_time = $12, grain = $13, perspective = $14, learning = $15, source = $16, owner_id = $17, owner_key = $18, owner_name = $19, ended = $20, alone = $24, minimum = $25`,
		organisation, i.ID, i.Key, i.Name, i.Definition, i.Formula, i.Measure, i.Decimals, i.Direction, i.OverUnits, i.Weight, i.OverTime, i.Grain, i.Perspective, i.Learning, i.Source, i.Owner.ID, i.Owner.Key, i.Owner.Name, i.Ended, by, s.now().UnixMicro(), i.Origin, i.Alone, i.Minimum)
	if err != nil || was.ID == "" || was.OverUnits == i.OverUnits && was.Alone == i.Alone && was.Weight == i.Weight {
		return err
	}
	units, err := s.units(ctx, tx, organisation)
	if err != nil {
		return err
	}
	t := totals{organisation: organisation, indicators: append(others, *i), units: units}
	return t.renew(ctx, tx, map[string]touched{i.ID: nil})
}

// checkUnobserved reports a change of an indicator that would make another one of what was observed.
func checkUnobserved(ctx context.Context, tx *db.Tx, organisation string, was, i strategy.Indicator) error {
	_, observed, err := db.One(ctx, tx, db.Value[string], `SELECT unit_id FROM strategy_series WHERE organisation_id = $1 AND indicator_id = $2
		UNION ALL SELECT person_id FROM strategy_person WHERE organisation_id = $1 AND indicator_id = $2 LIMIT 1`, organisation, i.ID)
	switch {
	case err != nil || !observed:
		return err
	case was.Grain != i.Grain:
		return fault.Fieldf("grain", "%s has been observed already: define another indicator for another rhythm", i.Name)
	case was.OfPeople() != i.OfPeople():
		return fault.Fieldf("minimum", "%s has been observed already: define another indicator for another kind of values", i.Name)
	}
	return fault.Fieldf("over-units", "%s has been observed of people already: define another indicator for another way in which they come together", i.Name)
}

// Define keeps new indicators, all of them or none. Weight names another by its key, one of these
// or one that is there.
func (s Store) Define(ctx context.Context, organisation string, defined []strategy.Indicator, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		there, err := indicators(ctx, tx, organisation)
		if err != nil {
			return err
		}
		fresh := slices.Clone(defined)
		ids := map[string]string{}
		for _, i := range there {
			ids[i.Key] = i.ID
		}
		for n := range fresh {
			fresh[n].ID = id.New()
			ids[fresh[n].Key] = fresh[n].ID
		}
		for _, i := range fresh {
			if i.Weight != "" && ids[i.Weight] == "" {
				return fault.Fieldf("weight", "the indicator that shall weight %s is not there", i.Name)
			}
			i.Weight = ids[i.Weight]
			if err := s.saveIndicator(ctx, tx, organisation, strategy.Indicator{}, &i, slices.Concat(there, without(fresh, i.ID, ids)), by); err != nil {
				return err
			}
			if err := orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "indicator defined", Detail: i.Name}); err != nil {
				return err
			}
		}
		return nil
	})
}

// without are all but one, with their weights by id.
func without(all []strategy.Indicator, one string, ids map[string]string) (others []strategy.Indicator) {
	for _, i := range all {
		if i.ID != one {
			i.Weight = ids[i.Weight]
			others = append(others, i)
		}
	}
	return others
}
