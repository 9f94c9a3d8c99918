package learningdb

import (
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

func reviews(ctx context.Context, tx *db.Tx, organisation, unit string, year int) ([]learning.Review, error) {
	return db.All(ctx, tx, func(row db.Scanner) (r learning.Review, err error) {
		var made int64
		var zone string
		err = row.Scan(&r.ID, &r.Unit.ID, &r.Unit.Key, &r.Unit.Name, &r.Year, &r.Day, &r.With, &r.Decisions, &r.Minutes, &r.Next, &r.By, &made, &zone)
		r.At = period.Moment(made, zone)
		return r, err
	}, `SELECT id, unit_id, unit_key, unit_name, year, day, with_whom, decisions, minutes, next, made_by, made_at, `+orgdb.Zone+` FROM learning_review
		WHERE organisation_id = $1 AND year = $2 AND ($3 = '' OR unit_id = $3) ORDER BY day DESC, id DESC`, organisation, year, unit)
}

// Meet keeps the minutes of a review of a unit's plan.
func (s Store) Meet(ctx context.Context, organisation string, r learning.Review, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, today)
		if err != nil {
			return err
		}
		at, there := units.Find(r.Unit.ID)
		if !there {
			return fault.NotFoundf("there is no such unit")
		}
		r.Unit = units.Units[at].Ref()
		if err := r.Check(today); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO learning_review (organisation_id, id, unit_id, unit_key, unit_name, year, day, with_whom, decisions, minutes, next, made_by, made_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, organisation, id.New(), r.Unit.ID, r.Unit.Key, r.Unit.Name, r.Year, r.Day, r.With, r.Decisions, r.Minutes, r.Next, by, s.now().UnixMicro())
		if err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, "plan reviewed", r.Unit.Name)
	})
}

// Strategy is the learning strategy of a year: the priorities of all units.
type Strategy struct {
	Year    int
	Today   period.Day
	All     []Agreed
	Reviews []learning.Review // the newest first
	Years   []int             // of which there is one, the newest first
	Whole   org.Ref           // the topmost unit
}

// LearningStrategy reads that of a year; 0 is the present one.
func (s Store) LearningStrategy(ctx context.Context, organisation string, year int) (v Strategy, err error) {
	if err := period.CheckYear(year); err != nil {
		return v, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		if v.Year = year; year == 0 {
			v.Year = v.Today.Time().Year()
		}
		if v.All, err = s.agreed(ctx, tx, organisation, v.Year); err != nil {
			return err
		}
		if v.Reviews, err = reviews(ctx, tx, organisation, "", v.Year); err != nil {
			return err
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, v.Today)
		if err != nil {
			return err
		}
		if len(units.Units) > 0 {
			v.Whole = units.Units[0].Ref()
		}
		v.Years, err = db.All(ctx, tx, db.Value[int], `SELECT DISTINCT year FROM learning_priority WHERE organisation_id = $1 ORDER BY year DESC`, organisation)
		return err
	})
	return v, err
}
