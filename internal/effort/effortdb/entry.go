// Package effortdb keeps the ledger of efforts. What an effort is and what it adds up to the
// core says.
package effortdb

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org/orgdb"
)

// Store is the ledger's part of a database.
type Store struct {
	DB        *db.DB
	Now       func() time.Time // nil: the system's clock
	Catalogue Catalogue        // nil: nothing is known of how what there is to learn by was used
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
	return s.RecordAll(ctx, tx, organisation, source.Kind, map[string][]effort.Entry{source.ID: entries}, by)
}

// RecordAll is Record for many sources of one kind, by their ids.
func (s Store) RecordAll(ctx context.Context, tx *db.Tx, organisation, kind string, entries map[string][]effort.Entry, by string) error {
	ids := slices.Sorted(maps.Keys(entries))
	var was, now []effort.Entry
	for _, source := range ids {
		for _, e := range entries[source] {
			e.Source, e.By = effort.Source{Kind: kind, ID: source}, cmp.Or(e.By, by)
			if e.At.IsZero() {
				e.At = s.now()
			}
			if err := e.Check(); err != nil {
				return err
			}
			now = append(now, e)
		}
	}
	for some := range slices.Chunk(ids, someIDs) {
		before, err := outOf(ctx, tx, organisation, kind, some)
		if err != nil {
			return err
		}
		was = append(was, before...)
	}
	if err := add(ctx, tx, organisation, now); err != nil {
		return err
	}
	number, err := numbers(ctx, tx, organisation, now, nil)
	if err != nil {
		return err
	}
	added := effort.Tallies{}
	for _, e := range now {
		added.Post(e, number.of)
	}
	return s.changed(ctx, tx, organisation, change{added: added, again: touched(was)})
}

// outOf takes what some sources said out of the ledger and returns it.
func outOf(ctx context.Context, tx *db.Tx, organisation, kind string, sources []string) (was []effort.Entry, err error) {
	n := narrow{args: []any{organisation}}
	n.and(`e.source = ` + n.arg(kind))
	n.and(`e.source_id IN (` + n.arg(values(sources)...) + `)`)
	if was, err = entriesOf(ctx, tx, n.query(`e.id`, `effort_entry e`), n.args...); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM effort_entry WHERE organisation_id = $1 AND source = $2 AND source_id IN (`+db.Placeholders(3, len(sources))+`)`, append([]any{organisation, kind}, values(sources)...)...)
	return was, err
}

// touched are where entries are summed.
func touched(all ...[]effort.Entry) map[effort.At]bool {
	again := map[effort.At]bool{}
	for _, entries := range all {
		for _, e := range entries {
			for _, at := range e.Touches() {
				again[at] = true
			}
		}
	}
	return again
}

// add writes entries that have been checked.
func add(ctx context.Context, tx *db.Tx, organisation string, all []effort.Entry) error {
	var entries, hours, costs, serves [][]any
	for _, e := range all {
		made := id.New()
		entries = append(entries, []any{organisation, made, e.Day, e.Kind, e.What, e.Source.Kind, e.Source.ID, e.External, e.Modality, e.Managed, e.Supplier, e.Unit, e.Feed, e.By, e.At.UnixMicro(), e.Account})
		for _, h := range e.Hours {
			hours = append(hours, []any{organisation, made, h.Side, h.Unit, h.Person, h.Minutes, e.Day})
		}
		for _, c := range e.Shares() {
			costs = append(costs, []any{organisation, made, c.Unit, c.Kind, c.Currency, c.Amount, e.Day})
		}
		for _, t := range e.Serves {
			serves = append(serves, []any{organisation, made, t.Kind, t.ID, e.Day})
		}
	}
	err := tx.InsertMany(ctx, "effort_entry", []string{"organisation_id", "id", "day", "kind", "what", "source", "source_id", "external", "modality", "managed", "supplier", "unit_id", "feed", "made_by", "made_at", "account"}, entries)
	if err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, "effort_hours", []string{"organisation_id", "entry_id", "side", "unit_id", "person_id", "minutes", "day"}, hours); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, "effort_cost", []string{"organisation_id", "entry_id", "unit_id", "kind", "currency", "amount", "day"}, costs); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "effort_serves", []string{"organisation_id", "entry_id", "kind", "target_id", "day"}, serves)
}

// visible is the condition under which an entry e counts: no row of a file that is still coming or of a month
// in which one has been taken back, and none whose place another has taken.
const visible = ` AND e.feed NOT IN (SELECT number FROM effort_feed WHERE organisation_id = $1 AND state = 'coming')` + notGoing + `
	AND e.replaced_by NOT IN (SELECT number FROM effort_feed WHERE organisation_id = $1 AND state <> 'coming')`

const notGoing = ` AND (e.feed NOT IN (SELECT number FROM effort_feed WHERE organisation_id = $1 AND state = 'going')
	OR e.day > (SELECT COALESCE(MAX(taken), '') FROM effort_feed WHERE organisation_id = $1 AND state = 'going'))`

// visibleWith is visible as it will be when a feed that is coming has come.
func visibleWith(number int) string {
	n := strconv.Itoa(number)
	return ` AND e.feed NOT IN (SELECT number FROM effort_feed WHERE organisation_id = $1 AND state = 'coming' AND number <> ` + n + `)` + notGoing + `
	AND e.replaced_by NOT IN (SELECT number FROM effort_feed WHERE organisation_id = $1 AND (state <> 'coming' OR number = ` + n + `))`
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

// EntriesIn is Entries inside another transaction.
func EntriesIn(ctx context.Context, tx *db.Tx, organisation string, q Query) ([]effort.Entry, error) {
	n := narrow{args: []any{organisation}}
	if q.Serves.Kind != "" {
		n.of("effort_serves", `d.kind = `+n.arg(q.Serves.Kind)+` AND d.target_id = `+n.arg(q.Serves.ID))
	}
	if q.Source.Kind != "" {
		n.and(`e.source = ` + n.arg(q.Source.Kind))
	}
	if q.Source.ID != "" {
		n.and(`e.source_id = ` + n.arg(q.Source.ID))
	}
	if q.From != "" {
		n.and(`e.day >= ` + n.arg(q.From))
	}
	if q.Until != "" {
		n.and(`e.day <= ` + n.arg(q.Until))
	}
	if q.Staff != "" {
		n.of("effort_hours", `d.side = 'staff' AND d.person_id = `+n.arg(q.Staff))
	}
	ids := n.query(`e.id`, `effort_entry e`)
	if q.Newest > 0 {
		ids += ` ORDER BY e.day DESC, e.id DESC LIMIT ` + n.arg(q.Newest)
	}
	all, err := entriesOf(ctx, tx, ids, n.args...)
	if q.Newest > 0 {
		slices.Reverse(all)
	}
	return all, err
}

// narrow is a query for entries e being made. What is not asked for is not in it, so that the index of what
// is finds the entries.
type narrow struct {
	where []string
	args  []any // the organisation first
}

// arg is the placeholders of some values.
func (n *narrow) arg(values ...any) string {
	n.args = append(n.args, values...)
	return db.Placeholders(len(n.args)-len(values)+1, len(values))
}

func (n *narrow) and(condition string) { n.where = append(n.where, condition) }

// of narrows to entries of which a row d of a table holds.
func (n *narrow) of(table, where string) { n.and(`e.id IN (` + entriesWith(table, where) + `)`) }

func entriesWith(table, where string) string {
	return `SELECT d.entry_id FROM ` + table + ` d WHERE d.organisation_id = $1 AND ` + where
}

func (n *narrow) query(columns, tables string) string {
	return `SELECT ` + columns + ` FROM ` + tables + ` WHERE ` + strings.Join(append([]string{`e.organisation_id = $1`}, n.where...), ` AND `) + visible
}

// entriesOf reads the entries whose ids a query finds, or that are its placeholders, by day. The first
// argument is the organisation. They are sorted here: a database that was asked to would look through the
// days of the whole ledger.
func entriesOf(ctx context.Context, tx *db.Tx, ids string, args ...any) ([]effort.Entry, error) {
	all, err := db.All(ctx, tx, func(row db.Scanner) (e effort.Entry, err error) {
		var made int64
		var zone string
		err = row.Scan(&e.ID, &e.Day, &e.Kind, &e.What, &e.Source.Kind, &e.Source.ID, &e.External, &e.Modality, &e.Managed, &e.Supplier, &e.Unit, &e.Feed, &e.By, &made, &e.Account, &zone)
		e.At = period.Moment(made, zone)
		return e, err
	}, `SELECT id, day, kind, what, source, source_id, external, modality, managed, supplier, unit_id, feed, made_by, made_at, account, `+orgdb.Zone+` FROM effort_entry WHERE organisation_id = $1 AND id IN (`+ids+`)`, args...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b effort.Entry) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID)) })
	at := map[string]int{}
	for i, e := range all {
		at[e.ID] = i
	}
	each := func(query string, scan func(row db.Scanner, of *string) (func(e *effort.Entry), error)) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var of string
			put, err := scan(row, &of)
			if i, there := at[of]; there && err == nil {
				put(&all[i])
			}
			return struct{}{}, err
		}, query, args...)
		return err
	}
	err = each(`SELECT entry_id, side, unit_id, person_id, minutes FROM effort_hours WHERE organisation_id = $1 AND entry_id IN (`+ids+`) ORDER BY entry_id, side, unit_id, person_id`,
		func(row db.Scanner, of *string) (func(e *effort.Entry), error) {
			var h effort.Hours
			err := row.Scan(of, &h.Side, &h.Unit, &h.Person, &h.Minutes)
			return func(e *effort.Entry) { e.Hours = append(e.Hours, h) }, err
		})
	if err != nil {
		return nil, err
	}
	err = each(`SELECT entry_id, kind, currency, SUM(amount) FROM effort_cost WHERE organisation_id = $1 AND entry_id IN (`+ids+`) GROUP BY entry_id, kind, currency ORDER BY entry_id, kind, currency`,
		func(row db.Scanner, of *string) (func(e *effort.Entry), error) {
			var c effort.Cost
			err := row.Scan(of, &c.Kind, &c.Currency, &c.Amount)
			return func(e *effort.Entry) { e.Costs = append(e.Costs, c) }, err
		})
	if err != nil {
		return nil, err
	}
	return all, each(`SELECT entry_id, kind, target_id FROM effort_serves WHERE organisation_id = $1 AND entry_id IN (`+ids+`) ORDER BY entry_id, kind, target_id`,
		func(row db.Scanner, of *string) (func(e *effort.Entry), error) {
			var t effort.Target
			err := row.Scan(of, &t.Kind, &t.ID)
			return func(e *effort.Entry) { e.Serves = append(e.Serves, t) }, err
		})
}

// Totals adds up what serves a target.
func (s Store) Totals(ctx context.Context, organisation string, target effort.Target) (t effort.Totals, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		t = effort.Totals{}
		serves := ` IN (SELECT v.entry_id FROM effort_serves v JOIN effort_entry e ON e.organisation_id = v.organisation_id AND e.id = v.entry_id
			WHERE v.organisation_id = $1 AND v.kind = $2 AND v.target_id = $3` + visible + `)`
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
