package effortdb

import (
	"context"
	"encoding/json"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Setting returns what an organisation has chosen for its ledger.
func (s Store) Setting(ctx context.Context, organisation string) (chosen effort.Setting, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		chosen, err = settingIn(ctx, tx, organisation)
		return err
	})
	return chosen, err
}

func settingIn(ctx context.Context, tx *db.Tx, organisation string) (effort.Setting, error) {
	chosen, there, err := db.One(ctx, tx, func(row db.Scanner) (s effort.Setting, err error) {
		var units string
		if err = row.Scan(&s.Currency, &s.Reference, &units); err == nil {
			err = json.Unmarshal([]byte(units), &s.Function)
		}
		return s, err
	}, `SELECT currency, reference, function_units FROM effort_setting WHERE organisation_id = $1`, organisation)
	if err == nil && !there {
		return effort.Usual, nil
	}
	return chosen, err
}

// SaveSetting keeps what an organisation chooses. Rates stand for themselves: those of another own
// currency are kept, and hold again with it. It reports a unit that is not there.
func (s Store) SaveSetting(ctx context.Context, organisation string, chosen effort.Setting, by string) error {
	if err := chosen.Check(); err != nil {
		return err
	}
	units, err := json.Marshal(chosen.Function)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.checkUnits(ctx, tx, organisation, chosen.Function); err != nil {
			return err
		}
		err := tx.PutMany(ctx, "effort_setting", []string{"organisation_id", "currency", "reference", "function_units"}, 1, [][]any{{organisation, chosen.Currency, chosen.Reference, string(units)}})
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "ledger settings changed", Detail: chosen.Currency})
	})
}

// checkUnits reports a unit that is not in the tree of today.
func (s Store) checkUnits(ctx context.Context, tx *db.Tx, organisation string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	units, err := s.unitsIn(ctx, tx, organisation)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, there := units.Find(id); !there {
			return fault.NotFoundf("there is no such unit")
		}
	}
	return nil
}

// Rates returns what other currencies are worth in the organisation's own.
func (s Store) Rates(ctx context.Context, organisation string) (rates effort.Rates, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		rates, err = ratesIn(ctx, tx, organisation)
		return err
	})
	return rates, err
}

func ratesIn(ctx context.Context, tx *db.Tx, organisation string) (rates effort.Rates, err error) {
	chosen, err := settingIn(ctx, tx, organisation)
	if err != nil {
		return rates, err
	}
	rates.Own = chosen.Currency
	rates.All, err = db.All(ctx, tx, func(row db.Scanner) (r effort.Rate, err error) {
		err = row.Scan(&r.Currency, &r.Month, &r.Rate)
		return r, err
	}, `SELECT currency, month, rate FROM effort_rate WHERE organisation_id = $1 AND own = $2 ORDER BY currency, month`, organisation, rates.Own)
	return rates, err
}

// SaveRate says what a currency is worth in the organisation's own from a month on, in place of what was
// said for that month. It reports the own currency.
func (s Store) SaveRate(ctx context.Context, organisation string, r effort.Rate, by string) error {
	if err := r.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		chosen, err := settingIn(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if r.Currency == chosen.Currency {
			return fault.Fieldf("currency", "%s is your own currency: one of it is worth one", r.Currency)
		}
		err = tx.PutMany(ctx, "effort_rate", []string{"organisation_id", "own", "currency", "month", "rate"}, 4, [][]any{{organisation, chosen.Currency, r.Currency, r.Month, r.Rate}})
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "rate changed", Detail: r.Currency + " " + string(r.Month)})
	})
}

// DeleteRate takes a rate out. What was spent in its months has the one before it, or none.
func (s Store) DeleteRate(ctx context.Context, organisation, currency string, month period.Period, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		chosen, err := settingIn(ctx, tx, organisation)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM effort_rate WHERE organisation_id = $1 AND own = $2 AND currency = $3 AND month = $4`, organisation, chosen.Currency, currency, month)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such rate")
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "rate changed", Detail: currency + " " + string(month)})
	})
}
