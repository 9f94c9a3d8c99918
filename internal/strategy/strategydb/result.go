package strategydb

import (
	"context"
	"encoding/json"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

const signOffQuery = `SELECT id, unit_id, period, results, remark, made_by, made_at, ` + orgdb.Zone + ` FROM strategy_signoff WHERE organisation_id = $1`

func scanSignOff(row db.Scanner) (s strategy.SignOff, err error) {
	var results, zone string
	var made int64
	if err = row.Scan(&s.ID, &s.Unit, &s.Period, &results, &s.Remark, &s.By, &made, &zone); err == nil {
		err = json.Unmarshal([]byte(results), &s.Results)
	}
	s.At = period.Moment(made, zone)
	return s, err
}

// SignOff keeps the results of a unit in a period as they are now, as what somebody stands for, and
// returns its id. A period without a figure is a mistake, one that is signed off already a conflict.
func (s Store) SignOff(ctx context.Context, organisation, unit string, p period.Period, remark, by string) (string, error) {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return "", err
	}
	made := strategy.SignOff{ID: id.New(), Unit: unit, Period: p, Remark: remark, By: by}
	if err := made.Check(today); err != nil {
		return "", err
	}
	c, err := s.Card(ctx, organisation, unit, made.Period.Year(), nil)
	if err != nil {
		return "", err
	}
	if made.Results = strategy.ResultsOf(c.Lines, made.Period); len(made.Results) == 0 {
		return "", fault.Fieldf("period", "nothing was observed of %[1]s in %[2]s", c.Unit.Name, string(made.Period))
	}
	results, err := json.Marshal(made.Results)
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO strategy_signoff (organisation_id, id, unit_id, period, results, remark, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			organisation, made.ID, unit, made.Period, string(results), made.Remark, by, s.now().UnixMicro())
		if db.IsDuplicate(err) {
			return fault.Conflictf("the results of %s are signed off already", string(made.Period))
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "results signed off", Detail: c.Unit.Name + " " + string(made.Period)})
	})
	return made.ID, err
}

// SignOffs lists what was signed off of a unit, the newest period first.
func (s Store) SignOffs(ctx context.Context, organisation, unit string) (all []strategy.SignOff, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanSignOff, signOffQuery+` AND unit_id = $2 ORDER BY period DESC`, organisation, unit)
		return err
	})
	return all, err
}

// SignedOff returns one, and what the same figures are now.
func (s Store) SignedOff(ctx context.Context, organisation, signOff string) (one strategy.SignOff, now []strategy.Result, err error) {
	there := false
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		one, there, err = db.One(ctx, tx, scanSignOff, signOffQuery+` AND id = $2`, organisation, signOff)
		return err
	})
	if err == nil && !there {
		err = fault.NotFoundf("there is no such sign-off")
	}
	if err != nil {
		return one, nil, err
	}
	c, err := s.Card(ctx, organisation, one.Unit, one.Period.Year(), nil)
	return one, strategy.ResultsOf(c.Lines, one.Period), err
}

// SaySeat keeps whether the head of learning sits in the senior leadership team, from a day on; said
// again for a day, it takes the place of what was said.
func (s Store) SaySeat(ctx context.Context, organisation string, seat strategy.Seat) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if err := seat.Check(today); err != nil {
			return err
		}
		err = tx.PutMany(ctx, "strategy_seat", []string{"organisation_id", "since", "seated", "note", "made_by", "made_at"}, 2, [][]any{{organisation, seat.Since, seat.Seated, seat.Note, seat.By, s.now().UnixMicro()}})
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: seat.By, What: "seat of the head of learning said", Detail: string(seat.Since)})
	})
}

// Seats lists what was said of it, the newest day first.
func (s Store) Seats(ctx context.Context, organisation string) (all []strategy.Seat, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, func(row db.Scanner) (seat strategy.Seat, err error) {
			var made int64
			var zone string
			err = row.Scan(&seat.Since, &seat.Seated, &seat.Note, &seat.By, &made, &zone)
			seat.At = period.Moment(made, zone)
			return seat, err
		}, `SELECT since, seated, note, made_by, made_at, `+orgdb.Zone+` FROM strategy_seat WHERE organisation_id = $1 ORDER BY since DESC`, organisation)
		return err
	})
	return all, err
}
