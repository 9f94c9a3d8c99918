package effortdb

import (
	"context"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Basis is what readings of the ledger rest on.
type Basis struct {
	Today   period.Day
	Units   *org.Structure // also those that have left
	Heads   map[string]int // people at work today, by id of the unit, with all under it
	Setting effort.Setting
	Rates   effort.Rates
}

// Basis returns it as of today.
func (s Store) Basis(ctx context.Context, organisation string) (b Basis, err error) {
	orgs := orgdb.Store{DB: s.DB, Now: s.Now}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if b.Today, err = orgdb.Today(ctx, tx, organisation, s.now()); err != nil {
			return err
		}
		if b.Units, err = orgdb.UnitsIn(ctx, tx, organisation, b.Today); err != nil {
			return err
		}
		if b.Heads, err = orgs.HeadsIn(ctx, tx, organisation, b.Today); err != nil {
			return err
		}
		if b.Setting, err = settingIn(ctx, tx, organisation); err != nil {
			return err
		}
		b.Rates, err = ratesIn(ctx, tx, organisation)
		return err
	})
	return b, err
}
