package impactdb

import (
	"context"
	"encoding/json"

	"throughline/internal/impact"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// telling is an indicator of people of which an effect is about to be told: by the outcome, or as what should not
// move.
type telling struct {
	indicator strategy.Indicator
	newest    period.Period     // that is published
	starts    map[string]string // by person's id the period of the start, "" for none
}

// tellings are those of an effect; none where it is of units.
func tellings(d impact.Data) (all []telling) {
	if !d.Indicator.OfPeople() {
		return nil
	}
	starts := d.StartPeriods()
	add := func(i strategy.Indicator, values func(impact.Subject) strategy.Total) {
		newest := 0
		for _, one := range d.Subjects {
			if v := values(one); len(v) > 0 {
				newest = max(newest, v[len(v)-1].Number)
			}
		}
		all = append(all, telling{i, period.At(i.Grain, newest), starts})
	}
	add(d.Indicator, func(s impact.Subject) strategy.Total { return s.Values })
	if d.Effect.Placebo != "" {
		add(d.Unmoved, func(s impact.Subject) strategy.Total { return s.Placebo })
	}
	return all
}

// mayTell reports that what came of something in an indicator of people has been told up to the newest published
// period already, or was told while the starts of a few were others: what two estimates differ in would tell of
// these.
func (s Store) mayTell(ctx context.Context, organisation string, d impact.Data) error {
	return s.DB.Look(ctx, func(tx *db.Tx) error {
		for _, t := range tellings(d) {
			if err := mayTellIn(ctx, tx, organisation, d.Cause, t); err != nil {
				return err
			}
		}
		return nil
	})
}

func mayTellIn(ctx context.Context, tx *db.Tx, organisation, cause string, t telling) error {
	type told struct {
		period period.Period
		starts string
	}
	all, err := db.All(ctx, tx, func(row db.Scanner) (one told, err error) {
		err = row.Scan(&one.period, &one.starts)
		return one, err
	}, `SELECT period, starts FROM impact_told WHERE organisation_id = $1 AND cause = $2 AND indicator_id = $3 ORDER BY period DESC LIMIT 1`, organisation, cause, t.indicator.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	if all[0].period >= t.newest {
		return fault.Conflictf("%[1]s has been told up to %[2]s, and of people that is done once: publish the next period first", t.indicator.Name, string(all[0].period))
	}
	was := map[string]string{}
	if err := json.Unmarshal([]byte(all[0].starts), &was); err != nil {
		return err
	}
	others := 0
	for person, start := range t.starts {
		if before, there := was[person]; there && before != start {
			others++
		}
	}
	if others > 0 && others < t.indicator.Minimum {
		return fault.Conflictf("the starts of fewer than %[1]d people are others than when %[2]s was told: another estimate would tell of these; wait until those of more are", t.indicator.Minimum, t.indicator.Name)
	}
	return nil
}

// tell writes down that an effect is told now.
func (s Store) tell(ctx context.Context, tx *db.Tx, organisation string, d impact.Data) error {
	for _, t := range tellings(d) {
		if err := mayTellIn(ctx, tx, organisation, d.Cause, t); err != nil {
			return err
		}
		starts, err := json.Marshal(t.starts)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO impact_told (organisation_id, cause, indicator_id, period, starts) VALUES ($1, $2, $3, $4, $5)`, organisation, d.Cause, t.indicator.ID, t.newest, string(starts)); err != nil {
			return err
		}
	}
	return nil
}
