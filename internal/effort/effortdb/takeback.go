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

// TakeBack takes all that a feed has brought out of the ledger, a month after the other; what it took the
// place of does not come back. It reports a feed that is not there.
func (s Store) TakeBack(ctx context.Context, organisation string, number int, by string) error {
	return s.alone(ctx, organisation, func(lease db.Lease) error {
		if err := s.clear(ctx, organisation, lease); err != nil { // one goes at a time
			return err
		}
		err := s.step(ctx, organisation, lease, func(tx *db.Tx) error {
			source, there, err := db.One(ctx, tx, db.Value[string], `SELECT source FROM effort_feed WHERE organisation_id = $1 AND number = $2 AND state = 'there'`, organisation, number)
			if err == nil && !there {
				err = fault.NotFoundf("there is no such file, or it has been taken back")
			}
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE effort_feed SET state = $3 WHERE organisation_id = $1 AND number = $2`, organisation, number, effort.Going); err != nil {
				return err
			}
			return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "efforts taken back", Detail: source})
		})
		if err != nil {
			return err
		}
		return s.empty(ctx, organisation, lease, number)
	})
}

// empty takes out the entries of a feed that is going: month by month they stop counting, then they are
// deleted.
func (s Store) empty(ctx context.Context, organisation string, lease db.Lease, number int) error {
	for {
		g, err := s.goingNext(ctx, organisation, number)
		if err != nil {
			return err
		}
		if g.month == "" {
			break
		}
		err = s.turn(ctx, organisation, lease, func(tx *db.Tx) error { return s.take(ctx, tx, organisation, g) })
		if err != nil {
			return err
		}
	}
	err := s.inParts(ctx, organisation, lease, `DELETE FROM effort_entry WHERE organisation_id = $1 AND id IN (SELECT id FROM effort_entry WHERE organisation_id = $1 AND feed = $3 LIMIT $2)`, number)
	if err != nil {
		return err
	}
	return s.step(ctx, organisation, lease, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE effort_feed SET state = $3 WHERE organisation_id = $1 AND number = $2`, organisation, number, effort.Gone)
		return err
	})
}

// going is a month of a feed that is taken back.
type going struct {
	number int
	month  period.Period  // "" for none that still counts
	was    stamps         // of what was kept where the feed has entries
	left   effort.Tallies // and what is left of it without these
}

// goingNext adds up what the next month comes to without a feed. That takes long, and holds up nobody: it
// only reads.
func (s Store) goingNext(ctx context.Context, organisation string, number int) (g going, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		g = going{number: number, was: stamps{}, left: effort.Tallies{}}
		first, _, err := db.One(ctx, tx, db.Value[period.Day], `SELECT COALESCE(MIN(day), '') FROM effort_entry WHERE organisation_id = $1 AND feed = $2
			AND day > (SELECT taken FROM effort_feed WHERE organisation_id = $1 AND number = $2)`, organisation, number)
		if g.month = period.Of(first, period.Monthly); err != nil || g.month == "" {
			return err
		}
		where := func(columns, table string) string { // the entries first: a cross join is one that SQLite does not turn round
			return `SELECT ` + columns + ` FROM effort_entry e CROSS JOIN ` + table + ` d WHERE e.organisation_id = $1 AND e.feed = $2 AND e.day >= $3 AND e.day <= $4 AND d.organisation_id = e.organisation_id AND d.entry_id = e.id`
		}
		touched, err := db.All(ctx, tx, func(row db.Scanner) (at effort.At, err error) {
			at.Month = g.month
			err = row.Scan(&at.Kind, &at.ID)
			return at, err
		}, `SELECT DISTINCT kind, id FROM (`+where(`'own' AS kind, d.unit_id AS id`, "effort_hours")+` UNION ALL `+where(`'own', d.unit_id`, "effort_cost")+` UNION ALL `+where(`d.kind, d.target_id`, "effort_serves")+`) t`,
			organisation, number, g.month.First(), g.month.Last())
		if err != nil {
			return err
		}
		for _, at := range touched {
			if g.left[at], err = remade(ctx, tx, organisation, at, number, nobodys); err != nil {
				return err
			}
		}
		_, err = readAll(ctx, tx, organisation, g.left, g.was)
		return err
	})
	return g, err
}

// take makes a month of a feed count no more. Where the ledger has changed since what is left was added up,
// it is added up again.
func (s Store) take(ctx context.Context, tx *db.Tx, organisation string, g going) error {
	if _, err := tx.Exec(ctx, `UPDATE effort_feed SET taken = $3 WHERE organisation_id = $1 AND number = $2`, organisation, g.number, g.month.Last()); err != nil {
		return err
	}
	c, err := sinceThen(ctx, tx, organisation, g.left, g.was)
	if err != nil {
		return err
	}
	return s.changed(ctx, tx, organisation, c)
}

// sinceThen is a change of what has been added up anew, and, where the ledger has changed since, of what has to be added
// up again. was are the stamps from then.
func sinceThen(ctx context.Context, tx *db.Tx, organisation string, anew effort.Tallies, was stamps) (change, error) {
	c, is := change{again: map[effort.At]bool{}, made: effort.Tallies{}}, stamps{}
	_, err := readAll(ctx, tx, organisation, anew, is)
	for at, one := range anew {
		if stamp, there := was[at]; there && stamp == is[at] {
			c.made[at] = one
		} else {
			c.again[at] = true
		}
	}
	return c, err
}

// drop clears away what has come of a feed that does not come whole; nothing of one that counts already, as
// where the answer to its last write was lost.
func (s Store) drop(ctx context.Context, organisation string, lease db.Lease, number int) error {
	const coming = `EXISTS (SELECT 1 FROM effort_feed f WHERE f.organisation_id = $1 AND f.number = $3 AND f.state = 'coming')`
	for _, query := range []string{
		`UPDATE effort_entry SET replaced_by = 0 WHERE organisation_id = $1 AND id IN (SELECT id FROM effort_entry WHERE organisation_id = $1 AND replaced_by = $3 AND replaced_by > 0 AND ` + coming + ` LIMIT $2)`,
		`DELETE FROM effort_entry WHERE organisation_id = $1 AND id IN (SELECT id FROM effort_entry WHERE organisation_id = $1 AND feed = $3 AND ` + coming + ` LIMIT $2)`,
	} {
		if err := s.inParts(ctx, organisation, lease, query, number); err != nil {
			return err
		}
	}
	return s.step(ctx, organisation, lease, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM effort_feed WHERE organisation_id = $1 AND number = $2 AND state = 'coming'`, organisation, number)
		return err
	})
}

// inParts runs a statement for as many entries as may be changed at once, until there are none.
func (s Store) inParts(ctx context.Context, organisation string, lease db.Lease, query string, args ...any) error {
	for n := int64(1); n > 0; {
		err := s.aside(ctx, organisation, lease, func(tx *db.Tx) (err error) {
			n, err = tx.Exec(ctx, query, append([]any{organisation, atOnce}, args...)...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sweep clears away entries whose place others have taken, which nobody reads any more.
func (s Store) sweep(ctx context.Context, organisation string, lease db.Lease) error {
	return s.inParts(ctx, organisation, lease, `DELETE FROM effort_entry WHERE organisation_id = $1 AND id IN (SELECT id FROM effort_entry e WHERE e.organisation_id = $1 AND e.replaced_by > 0
		AND e.replaced_by IN (SELECT number FROM effort_feed WHERE organisation_id = $1 AND state <> 'coming') LIMIT $2)`)
}

// clear clears away what was cut off: a feed that came in halfway, and one that was half taken back.
func (s Store) clear(ctx context.Context, organisation string, lease db.Lease) error {
	var feeds []effort.Feed
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		feeds, err = feedsIn(ctx, tx, organisation)
		return err
	})
	for _, f := range feeds {
		switch {
		case err != nil:
			return err
		case f.State == effort.Coming:
			err = s.drop(ctx, organisation, lease, f.Number)
		case f.State == effort.Going:
			err = s.empty(ctx, organisation, lease, f.Number)
		}
	}
	if err != nil {
		return err
	}
	return s.sweep(ctx, organisation, lease)
}

// Feeds lists what has come in, the newest first, and what was taken back.
func (s Store) Feeds(ctx context.Context, organisation string) (all []effort.Feed, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = feedsIn(ctx, tx, organisation)
		return err
	})
	return slices.DeleteFunc(all, func(f effort.Feed) bool { return f.State == effort.Coming }), err
}

func feedsIn(ctx context.Context, tx *db.Tx, organisation string) ([]effort.Feed, error) {
	return db.All(ctx, tx, func(row db.Scanner) (f effort.Feed, err error) {
		var at int64
		var zone string
		err = row.Scan(&f.Number, &f.Source, &f.Digest, &f.State, &f.Entries, &f.Replaced, &f.By, &at, &zone)
		f.At = period.Moment(at, zone)
		return f, err
	}, `SELECT number, source, digest, state, entries, replaced, made_by, made_at, `+orgdb.Zone+` FROM effort_feed WHERE organisation_id = $1 ORDER BY number DESC`, organisation)
}
