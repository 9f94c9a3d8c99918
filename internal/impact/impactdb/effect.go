package impactdb

import (
	"context"
	"encoding/json"

	"throughline/internal/impact"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

const effectQuery = `SELECT id, cause_id, indicator_id, plan, money, written_by, written_at FROM impact_effect WHERE organisation_id = $1`

// asked is an effect with what one is worth.
type asked struct {
	impact.Effect
	Money impact.Money
}

func scanEffect(row db.Scanner) (e asked, err error) {
	var plan, money string
	if err = row.Scan(&e.ID, &e.Cause, &e.Indicator, &plan, &money, &e.Written.By, &e.Written.At); err == nil {
		err = json.Unmarshal([]byte(plan), &e.Plan)
	}
	if err == nil {
		err = json.Unmarshal([]byte(money), &e.Money)
	}
	return e, err
}

// Effects lists what is asked of an initiative or change, or of all for "", as it was written down first.
func (s Store) Effects(ctx context.Context, organisation, cause string) (all []impact.Effect, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := db.All(ctx, tx, scanEffect, effectQuery+` AND ($2 = '' OR cause_id = $2) ORDER BY written_at, id`, organisation, cause)
		for _, e := range found {
			all = append(all, e.Effect)
		}
		return err
	})
	return all, err
}

// Effect reads one, with what became of its plan, and what one of its indicator is worth.
func (s Store) Effect(ctx context.Context, organisation, effect string) (e impact.Effect, m impact.Money, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		one, err := effectIn(ctx, tx, organisation, effect)
		e, m = one.Effect, one.Money
		return err
	})
	return e, m, err
}

func effectIn(ctx context.Context, tx *db.Tx, organisation, effect string) (asked, error) {
	e, there, err := db.One(ctx, tx, scanEffect, effectQuery+` AND id = $2`, organisation, effect)
	if err == nil && !there {
		err = fault.NotFoundf("there is no such effect")
	}
	if err != nil {
		return e, err
	}
	e.Changed, err = db.All(ctx, tx, func(row db.Scanner) (w impact.Writing, err error) {
		var was string
		if err = row.Scan(&was, &w.By, &w.At); err == nil {
			err = json.Unmarshal([]byte(was), &w.Was)
		}
		return w, err
	}, `SELECT was, changed_by, changed_at FROM impact_change WHERE organisation_id = $1 AND effect_id = $2 ORDER BY number`, organisation, effect)
	return e, err
}

// Write keeps what is asked: a new effect, whose id the caller has made, or another plan in place of
// the one of that id, which is kept. It reports an initiative or change, an indicator or a unit that is not there.
func (s Store) Write(ctx context.Context, organisation string, e impact.Effect, by string) error {
	cause, err := s.Cause(ctx, organisation, e.Cause)
	if err != nil {
		return err
	}
	indicator, err := s.Strategy.Indicator(ctx, organisation, e.Indicator)
	if err != nil {
		return err
	}
	if err := s.checkPlacebo(ctx, organisation, e.Placebo, indicator); err != nil {
		return err
	}
	units, err := s.Strategy.Units(ctx, organisation)
	if err != nil {
		return err
	}
	if _, there := units.Find(e.Scope); !there {
		e.Scope = ""
	}
	if err := e.Plan.Check(indicator); err != nil {
		return err
	}
	if indicator.OfPeople() && e.Scope != units.Units[0].ID { // what two parts differ in would tell of a few
		return fault.Fieldf("scope", "people are compared over the whole organisation: choose %s", units.Units[0].Name)
	}
	plan, err := json.Marshal(e.Plan)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now, event := s.now().UnixMicro(), org.Event{At: s.now(), Who: by, What: "effect written down", Detail: cause.Name + ": " + indicator.Name}
		was, err := effectIn(ctx, tx, organisation, e.ID)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			if err := id.CheckMade(e.ID); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO impact_effect (organisation_id, id, cause_id, indicator_id, plan, money, written_by, written_at) VALUES ($1, $2, $3, $4, $5, '{}', $6, $7)`,
				organisation, e.ID, e.Cause, e.Indicator, string(plan), by, now)
		case err != nil:
		case was.Cause != e.Cause || was.Indicator != e.Indicator:
			return fault.Conflictf("what is asked stays what it is: write another effect down for another indicator or initiative")
		default:
			event = org.Event{At: event.At, Who: by, What: "plan of an effect changed", Detail: event.Detail}
			before, failed := json.Marshal(was.Plan)
			if failed != nil {
				return failed
			}
			if string(before) == string(plan) {
				return nil
			}
			if _, err = tx.Exec(ctx, `UPDATE impact_effect SET plan = $3 WHERE organisation_id = $1 AND id = $2`, organisation, e.ID, string(plan)); err == nil {
				_, err = tx.Exec(ctx, `INSERT INTO impact_change (organisation_id, effect_id, number, was, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6)`,
					organisation, e.ID, len(was.Changed)+1, string(before), by, now)
			}
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
}

// checkPlacebo reports an indicator that cannot be looked at beside another one.
func (s Store) checkPlacebo(ctx context.Context, organisation, placebo string, beside strategy.Indicator) error {
	if placebo == "" {
		return nil
	}
	i, err := s.Strategy.Indicator(ctx, organisation, placebo)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return fault.Fieldf("placebo", "there is no such indicator: choose one of the list, or none")
	case err != nil:
		return err
	case i.ID == beside.ID:
		return fault.Fieldf("placebo", "choose another indicator than the one that should change")
	case i.OfPeople() != beside.OfPeople() || i.OfScores() || i.Grain != beside.Grain:
		return fault.Fieldf("placebo", "choose an indicator of the same kind, and for the same periods, as %s", beside.Name)
	}
	return nil
}

// Judged says whether somebody has asked what came of an initiative or change.
func (s Store) Judged(ctx context.Context, organisation, cause string) (bool, error) {
	all, err := s.Effects(ctx, organisation, cause)
	return len(all) > 0, err
}

// SaveMoney keeps what one of the indicator is worth, and what came of it besides.
func (s Store) SaveMoney(ctx context.Context, organisation, effect string, m impact.Money, by string) error {
	if err := m.Check(); err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		e, err := effectIn(ctx, tx, organisation, effect)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE impact_effect SET money = $3 WHERE organisation_id = $1 AND id = $2`, organisation, e.ID, string(text)); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "worth of an effect said", Detail: m.Source})
	})
}

// Opinions are what people think that the initiative changed, as they were written down.
func (s Store) Opinions(ctx context.Context, organisation, effect string) (all []impact.Opinion, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, func(row db.Scanner) (o impact.Opinion, err error) {
			err = row.Scan(&o.ID, &o.Who, &o.Change, &o.Share, &o.Confidence)
			return o, err
		}, `SELECT id, who, change, share, confidence FROM impact_opinion WHERE organisation_id = $1 AND effect_id = $2 ORDER BY said_at, id`, organisation, effect)
		return err
	})
	return all, err
}

// SaveOpinion writes one down.
func (s Store) SaveOpinion(ctx context.Context, organisation, effect string, o impact.Opinion) error {
	if err := o.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := effectIn(ctx, tx, organisation, effect); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO impact_opinion (organisation_id, effect_id, id, who, change, share, confidence, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			organisation, effect, id.New(), o.Who, o.Change, o.Share, o.Confidence, s.now().UnixMicro())
		return err
	})
}

// DeleteOpinion takes one out.
func (s Store) DeleteOpinion(ctx context.Context, organisation, effect, opinion string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM impact_opinion WHERE organisation_id = $1 AND effect_id = $2 AND id = $3`, organisation, effect, opinion)
		return err
	})
}
