package effortdb

import (
	"context"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Budget is what an initiative is meant to come to in a year; nothing where nobody has said it.
func (s Store) Budget(ctx context.Context, organisation, initiative string, year int) (b effort.Budget, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		b, _, err = db.One(ctx, tx, func(row db.Scanner) (b effort.Budget, err error) {
			err = row.Scan(&b.People, &b.Minutes, &b.Cost, &b.Currency)
			return b, err
		}, `SELECT people, minutes, cost, currency FROM effort_budget WHERE organisation_id = $1 AND initiative_id = $2 AND year = $3`, organisation, initiative, year)
		return err
	})
	b.Initiative, b.Year = initiative, year
	return b, err
}

// SaveBudget says it, in place of what was said. It reports an initiative that is not there.
func (s Store) SaveBudget(ctx context.Context, organisation string, b effort.Budget, by string) error {
	if err := b.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := initiatives(ctx, tx, s.now(), organisation, b.Initiative)
		if err == nil && (len(all) == 0 || b.Initiative == "") {
			err = fault.NotFoundf("there is no such initiative")
		}
		if err != nil {
			return err
		}
		row := []any{organisation, b.Initiative, b.Year, b.People, b.Minutes, b.Cost, b.Currency, by, s.now().UnixMicro()}
		if err := tx.PutMany(ctx, "effort_budget", []string{"organisation_id", "initiative_id", "year", "people", "minutes", "cost", "currency", "made_by", "made_at"}, 3, [][]any{row}); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "plan of an initiative changed", Detail: all[0].Name})
	})
}

// TargetTallies are Tallies of several targets of one kind, by their ids.
func (s Store) TargetTallies(ctx context.Context, organisation, kind string, ids []string, from, until period.Period) (all map[string][]effort.Monthly, err error) {
	err = s.whenFresh(ctx, organisation, from, until, func(tx *db.Tx) error {
		all, err = months(ctx, tx, organisation, kind, slices.Compact(slices.Sorted(slices.Values(ids))), from, until)
		return err
	})
	return all, err
}
