package effortdb

import (
	"cmp"
	"context"
	"math"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// SaveEntry keeps what somebody has typed: the entry of an id in place of what it was, or, where there is
// none of it yet, a new one under that id, which the caller has made. Hours of a person are of the unit in
// which that one worked on the day. It reports what the core reports, and a person or a unit that is not
// there.
func (s Store) SaveEntry(ctx context.Context, organisation, entry string, e effort.Entry, by string) error {
	e.Source = effort.Source{Kind: effort.OfForm, ID: entry}
	return s.DB.WriteInTurn(ctx, LedgerOf(organisation), func(tx *db.Tx) error {
		e := e
		e.Hours = slices.Clone(e.Hours)
		today, err := orgdb.Today(ctx, tx, organisation, s.now())
		if err != nil {
			return err
		}
		rates, err := ratesIn(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if err := s.place(ctx, tx, organisation, &e); err != nil {
			return err
		}
		if err := e.CheckEntered(today, rates); err != nil {
			return err
		}
		return s.Record(ctx, tx, organisation, e.Source, []effort.Entry{e}, by)
	})
}

// place says for hours of people in which unit these worked on the day.
func (s Store) place(ctx context.Context, tx *db.Tx, organisation string, e *effort.Entry) error {
	var people, units []string
	for _, h := range e.Hours {
		if h.Person != "" {
			people = append(people, h.Person)
		} else if h.Unit != "" {
			units = append(units, h.Unit)
		}
	}
	if e.Unit != "" {
		units = append(units, e.Unit)
	}
	if err := s.checkUnits(ctx, tx, organisation, units); err != nil {
		return err
	}
	then, err := orgdb.PeopleIn(ctx, tx, organisation, people, e.Day)
	for n := range e.Hours {
		h := &e.Hours[n]
		p, there := then[h.Person]
		if h.Person != "" && !there && err == nil {
			return fault.NotFoundf("somebody of these was not in the roster on that day")
		}
		if h.Person != "" {
			h.Unit = p.Unit.ID
		}
	}
	return err
}

// DeleteEntry takes an entry out that somebody has typed.
func (s Store) DeleteEntry(ctx context.Context, organisation, entry, by string) error {
	of := effort.Source{Kind: effort.OfForm, ID: entry}
	return s.DB.WriteInTurn(ctx, LedgerOf(organisation), func(tx *db.Tx) error {
		was, err := EntriesIn(ctx, tx, organisation, Query{Source: of})
		if err == nil && (len(was) == 0 || entry == "") {
			err = fault.NotFoundf("there is no such entry: look at the page again")
		}
		if err != nil {
			return err
		}
		if err := s.Record(ctx, tx, organisation, of, nil, by); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "effort taken out", Detail: was[0].What})
	})
}

// LedgerQuery narrows a page of the ledger; the zero value of a field is for any.
type LedgerQuery struct {
	Unit     string // id: hours or costs of the unit and all under it
	Person   string // id
	Kind     effort.Kind
	Modality effort.Modality
	Source   string // kind of source
	Serves   effort.Target
	From     period.Period // months
	Until    period.Period
	After    *effort.Entry // the last one of the page before, of which the id and the day are read
	Limit    int           // at most so many; 0: 100
}

// Ledger reads a page of the ledger, the newest first. It reports a unit that is not there.
func (s Store) Ledger(ctx context.Context, organisation string, q LedgerQuery) (all []effort.Entry, err error) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := s.list(ctx, tx, organisation, q)
		if err != nil || len(found) == 0 {
			all = nil
			return err
		}
		var ids []string
		for _, one := range found {
			ids = append(ids, one.id)
		}
		all, err = entriesOf(ctx, tx, db.Placeholders(2, len(ids)), append([]any{organisation}, values(ids)...)...)
		slices.Reverse(all)
		return err
	})
	return all, err
}

// Days are the days of the newest entries of the ledger, one of each, the newest first; limit 0: of all.
func (s Store) Days(ctx context.Context, organisation string, q LedgerQuery) (days []period.Day, err error) {
	q.Limit = cmp.Or(q.Limit, math.MaxInt32)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := s.list(ctx, tx, organisation, q)
		days = nil
		for _, one := range found {
			days = append(days, one.day)
		}
		return err
	})
	return days, err
}

// entryDay is an entry of a page and when it was.
type entryDay struct {
	id  string
	day period.Day
}

func (s Store) list(ctx context.Context, tx *db.Tx, organisation string, q LedgerQuery) ([]entryDay, error) {
	l := listing{q: q, engine: tx.Engine, organisation: organisation}
	if q.Unit != "" {
		units, err := s.unitsIn(ctx, tx, organisation)
		if err != nil {
			return nil, err
		}
		at, there := units.Find(q.Unit)
		if !there {
			return nil, fault.NotFoundf("there is no such unit")
		}
		for _, u := range units.Subtree(at) {
			if at > 0 {
				l.units = append(l.units, u.ID)
			}
		}
	}
	return l.newest(ctx, tx)
}

// listing finds a page's entries.
type listing struct {
	q            LedgerQuery
	engine       db.Engine
	organisation string
	units        []string // of the subtree
}

// newest looks back from the newest day, at twice as many days each time, until there are enough: so a
// page of a large unit reads a few days, and one of a small unit what its index holds.
func (l *listing) newest(ctx context.Context, tx *db.Tx) (found []entryDay, err error) {
	ends, _, err := db.One(ctx, tx, func(row db.Scanner) (d [2]period.Day, err error) {
		err = row.Scan(&d[0], &d[1])
		return d, err
	}, `SELECT COALESCE((SELECT MIN(day) FROM effort_entry WHERE organisation_id = $1), ''), COALESCE((SELECT MAX(day) FROM effort_entry WHERE organisation_id = $1), '')`, l.organisation)
	if err != nil || ends[0] == "" {
		return nil, err
	}
	oldest, newest := max(ends[0], l.q.From.First()), ends[1]
	if l.q.Until != "" {
		newest = min(newest, l.q.Until.Last())
	}
	if l.q.After != nil {
		newest = min(newest, l.q.After.Day)
	}
	for days := 1; newest >= oldest && len(found) < l.q.Limit; days *= 2 {
		from := max(newest.Add(1-days), oldest)
		query, args := l.query(from, newest, l.q.Limit-len(found))
		some, err := db.All(ctx, tx, func(row db.Scanner) (one entryDay, err error) {
			err = row.Scan(&one.id, &one.day)
			return one, err
		}, query, args...)
		if err != nil {
			return nil, err
		}
		found, newest = append(found, some...), from.Add(-1)
	}
	return found, nil
}

// query is that of the entries of some days. What narrows it most, a person, a target or a unit, is looked up
// first (a cross join is one that SQLite does not turn round, and PostgreSQL makes an array before it looks for
// what is in it): a database that looked at the days first would go through all that was done on them.
func (l *listing) query(from, until period.Day, most int) (query string, args []any) {
	n := narrow{args: []any{l.organisation, from, until}}
	const days = `d.day >= $2 AND d.day <= $3 AND `
	var first []string
	if l.q.Person != "" {
		first = append(first, entriesWith("effort_hours", days+`d.person_id = `+n.arg(l.q.Person)))
	}
	if l.q.Serves != (effort.Target{}) {
		first = append(first, entriesWith("effort_serves", days+`d.kind = `+n.arg(l.q.Serves.Kind)+` AND d.target_id = `+n.arg(l.q.Serves.ID)))
	}
	if len(l.units) > 0 {
		units := days + `d.unit_id IN (` + n.arg(values(l.units)...) + `)`
		first = append(first, entriesWith("effort_hours", units)+` UNION ALL `+entriesWith("effort_cost", units))
	}
	table := `effort_entry e`
	if len(first) > 0 {
		if l.engine == db.Postgres {
			n.and(`e.id = ANY(ARRAY(` + first[0] + `))`)
		} else {
			table = `(SELECT DISTINCT entry_id FROM (` + first[0] + `) x) d CROSS JOIN effort_entry e`
			n.and(`e.id = d.entry_id`)
		}
		for _, other := range first[1:] {
			n.and(`e.id IN (` + other + `)`)
		}
	}
	array := l.engine == db.Postgres && len(first) > 0
	if !array { // of what was looked up the days are known
		n.and(`e.day >= $2 AND e.day <= $3`)
	}
	if l.q.Kind != "" {
		n.and(`e.kind = ` + n.arg(l.q.Kind))
	}
	if l.q.Modality != "" {
		n.and(`e.modality = ` + n.arg(l.q.Modality))
	}
	if l.q.Source != "" {
		n.and(`e.source = ` + n.arg(l.q.Source))
	}
	if after := l.q.After; after != nil {
		n.and(`(e.day < ` + n.arg(after.Day) + ` OR e.id < ` + n.arg(after.ID) + `)`)
	}
	if array { // else it would go through the days to have them in order
		return `WITH found AS MATERIALIZED (` + n.query(`e.id, e.day`, table) + `) SELECT id, day FROM found ORDER BY day DESC, id DESC LIMIT ` + n.arg(most), n.args
	}
	return n.query(`e.id, e.day`, table) + ` ORDER BY e.day DESC, e.id DESC LIMIT ` + n.arg(most), n.args
}
