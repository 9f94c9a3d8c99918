// Package effortdb keeps the ledger of efforts. What an effort is and what it adds up to the
// core says.
package effortdb

import (
	"cmp"
	"context"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org/orgdb"
)

// Store is the ledger's part of a database.
type Store struct {
	DB  *db.DB
	Now func() time.Time // nil: the system's clock
}

func (s Store) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// Record writes, inside another transaction, what a source has to say, in place of what it said
// before; nothing, and it is out of the ledger. An entry that says by whom and when it was written
// keeps that.
func (s Store) Record(ctx context.Context, tx *db.Tx, organisation string, source effort.Source, entries []effort.Entry, by string) error {
	_, err := tx.Exec(ctx, `DELETE FROM effort_entry WHERE organisation_id = $1 AND source = $2 AND source_id = $3`, organisation, source.Kind, source.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		e.Source = source
		if err := e.Check(); err != nil {
			return err
		}
		if err := s.add(ctx, tx, organisation, e, by); err != nil {
			return err
		}
	}
	return nil
}

func (s Store) add(ctx context.Context, tx *db.Tx, organisation string, e effort.Entry, by string) error {
	made, at := id.New(), e.At
	if at.IsZero() {
		at = s.now()
	}
	_, err := tx.Exec(ctx, `INSERT INTO effort_entry (organisation_id, id, day, kind, what, source, source_id, external, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, organisation, made, e.Day, e.Kind, e.What, e.Source.Kind, e.Source.ID, e.External, cmp.Or(e.By, by), at.UnixMicro())
	if err != nil {
		return err
	}
	var hours, costs, serves [][]any
	for _, h := range e.Hours {
		hours = append(hours, []any{organisation, made, h.Side, h.Unit, h.Person, h.Minutes})
	}
	for _, c := range e.Costs {
		costs = append(costs, []any{organisation, made, c.Kind, c.Currency, c.Amount})
	}
	for _, t := range e.Serves {
		serves = append(serves, []any{organisation, made, t.Kind, t.ID})
	}
	if err := tx.InsertMany(ctx, "effort_hours", []string{"organisation_id", "entry_id", "side", "unit_id", "person_id", "minutes"}, hours); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, "effort_cost", []string{"organisation_id", "entry_id", "kind", "currency", "amount"}, costs); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "effort_serves", []string{"organisation_id", "entry_id", "kind", "target_id"}, serves)
}

// Query narrows which entries are read.
type Query struct {
	Serves effort.Target // zero for any
	Source effort.Source // zero for any; of a kind alone where its ID is ""
	From   period.Day    // "" for any
	Until  period.Day    // inclusive, "" for any
	Staff  string        // id of a person who led, prepared or coached; "" for anybody
	Newest int           // at most so many, the newest, and these first; 0 for all
}

// Entries reads the ledger, by day.
func (s Store) Entries(ctx context.Context, organisation string, q Query) (all []effort.Entry, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = EntriesIn(ctx, tx, organisation, q)
		return err
	})
	return all, err
}

const entryQuery = `SELECT e.id FROM effort_entry e WHERE e.organisation_id = $1
	AND ($2 = '' OR EXISTS (SELECT 1 FROM effort_serves v WHERE v.organisation_id = $1 AND v.entry_id = e.id AND v.kind = $2 AND v.target_id = $3))
	AND ($4 = '' OR e.source = $4 AND ($5 = '' OR e.source_id = $5))
	AND ($6 = '' OR e.day >= $6) AND ($7 = '' OR e.day <= $7)
	AND ($8 = '' OR EXISTS (SELECT 1 FROM effort_hours h WHERE h.organisation_id = $1 AND h.entry_id = e.id AND h.side = 'staff' AND h.person_id = $8))
	ORDER BY e.day DESC, e.id DESC LIMIT $9`

// EntriesIn is Entries inside another transaction.
func EntriesIn(ctx context.Context, tx *db.Tx, organisation string, q Query) ([]effort.Entry, error) {
	most := q.Newest
	if most == 0 {
		most = 1 << 40
	}
	narrow := []any{organisation, q.Serves.Kind, q.Serves.ID, q.Source.Kind, q.Source.ID, q.From, q.Until, q.Staff, most}
	at := map[string]int{}
	all, err := db.All(ctx, tx, func(row db.Scanner) (e effort.Entry, err error) {
		var made int64
		var zone string
		err = row.Scan(&e.ID, &e.Day, &e.Kind, &e.What, &e.Source.Kind, &e.Source.ID, &e.External, &e.By, &made, &zone)
		e.At = period.Moment(made, zone)
		return e, err
	}, `SELECT id, day, kind, what, source, source_id, external, made_by, made_at, `+orgdb.Zone+` FROM effort_entry WHERE organisation_id = $1 AND id IN (`+entryQuery+`) ORDER BY day, id`, narrow...)
	if err != nil {
		return nil, err
	}
	for i, e := range all {
		at[e.ID] = i
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var h effort.Hours
		err := row.Scan(&of, &h.Side, &h.Unit, &h.Person, &h.Minutes)
		if i, there := at[of]; there {
			all[i].Hours = append(all[i].Hours, h)
		}
		return struct{}{}, err
	}, `SELECT entry_id, side, unit_id, person_id, minutes FROM effort_hours WHERE organisation_id = $1 AND entry_id IN (`+entryQuery+`) ORDER BY entry_id, side, unit_id, person_id`, narrow...)
	if err != nil {
		return nil, err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var c effort.Cost
		err := row.Scan(&of, &c.Kind, &c.Currency, &c.Amount)
		if i, there := at[of]; there {
			all[i].Costs = append(all[i].Costs, c)
		}
		return struct{}{}, err
	}, `SELECT entry_id, kind, currency, amount FROM effort_cost WHERE organisation_id = $1 AND entry_id IN (`+entryQuery+`) ORDER BY entry_id, kind, currency`, narrow...)
	if err != nil {
		return nil, err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var t effort.Target
		err := row.Scan(&of, &t.Kind, &t.ID)
		if i, there := at[of]; there {
			all[i].Serves = append(all[i].Serves, t)
		}
		return struct{}{}, err
	}, `SELECT entry_id, kind, target_id FROM effort_serves WHERE organisation_id = $1 AND entry_id IN (`+entryQuery+`) ORDER BY entry_id, kind, target_id`, narrow...)
	if q.Newest > 0 {
		slices.Reverse(all)
	}
	return all, err
}

// Totals adds up what serves a target.
func (s Store) Totals(ctx context.Context, organisation string, target effort.Target) (t effort.Totals, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		t = effort.Totals{}
		serves := ` IN (SELECT entry_id FROM effort_serves WHERE organisation_id = $1 AND kind = $2 AND target_id = $3)`
		read := func(query string, into ...any) error {
			_, _, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) { return struct{}{}, row.Scan(into...) }, query, organisation, target.Kind, target.ID)
			return err
		}
		if err := read(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN external THEN 1 ELSE 0 END), 0) FROM effort_entry WHERE organisation_id = $1 AND id`+serves, &t.Entries, &t.External); err != nil {
			return err
		}
		if err := read(`SELECT COALESCE(SUM(CASE WHEN side = 'staff' THEN 0 ELSE minutes END), 0), COALESCE(SUM(CASE WHEN side = 'staff' THEN minutes ELSE 0 END), 0),
			COUNT(DISTINCT CASE WHEN side = 'staff' OR person_id = '' THEN NULL ELSE person_id END) FROM effort_hours WHERE organisation_id = $1 AND entry_id`+serves, &t.Participants, &t.Staff, &t.People); err != nil {
			return err
		}
		t.Costs, err = db.All(ctx, tx, func(row db.Scanner) (c effort.Cost, err error) {
			err = row.Scan(&c.Kind, &c.Currency, &c.Amount)
			return c, err
		}, `SELECT kind, currency, SUM(amount) FROM effort_cost WHERE organisation_id = $1 AND entry_id`+serves+` GROUP BY kind, currency ORDER BY kind, currency`, organisation, target.Kind, target.ID)
		return err
	})
	return t, err
}
