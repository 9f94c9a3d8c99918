// Package orgdb keeps the organisation: accounts and what they are granted, and
// the roster through time. A method is one use; it decides nothing itself.
package orgdb

import (
	"context"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// Store is the organisation's part of a database. Now may be nil for the
// system's clock.
type Store struct {
	DB   *db.DB
	Now  func() time.Time
	Keys secret.Keys // where what providers of sign-on know this program by is sealed
}

func (s Store) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// Zone is the time zone of the organisation $1, as a column of any query.
const Zone = `(SELECT zone FROM org_organisation WHERE organisation_id = $1)`

// Today is the day of a moment in the organisation's time zone.
func Today(ctx context.Context, tx *db.Tx, organisation string, now time.Time) (period.Day, error) {
	zone, _, err := db.One(ctx, tx, db.Value[string], `SELECT zone FROM org_organisation WHERE organisation_id = $1`, organisation)
	return period.DayOf(now.In(period.Zone(zone))), err
}

// Today is the day in the organisation's time zone.
func (s Store) Today(ctx context.Context, organisation string) (today period.Day, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		today, err = Today(ctx, tx, organisation, s.now())
		return err
	})
	return today, err
}

// RecordEvent adds a line to the organisation's record inside another
// transaction: what happened stands there if, and only if, it happened.
func RecordEvent(ctx context.Context, tx *db.Tx, organisation string, e org.Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_event (organisation_id, id, at, who, what, detail) VALUES ($1, $2, $3, $4, $5, $6)`,
		organisation, id.New(), e.At.UnixMicro(), e.Who, e.What, e.Detail)
	return err
}

// Events returns the newest lines of the record, at most limit, older than
// before (zero: from the newest on).
func (s Store) Events(ctx context.Context, organisation string, before time.Time, limit int) (events []org.Event, err error) {
	if before.IsZero() {
		before = s.now().Add(time.Hour)
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		events, err = db.All(ctx, tx, scanEvent, `SELECT at, who, what, detail, `+Zone+` FROM org_event
			WHERE organisation_id = $1 AND at < $2 ORDER BY at DESC, id DESC LIMIT $3`, organisation, before.UnixMicro(), limit)
		return err
	})
	return events, err
}

func scanEvent(row db.Scanner) (e org.Event, err error) {
	var at int64
	var zone string
	err = row.Scan(&at, &e.Who, &e.What, &e.Detail, &zone)
	e.At = period.Moment(at, zone)
	return e, err
}
