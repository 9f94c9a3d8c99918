package orgdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

const (
	stageBatch = 500  // rows at once between file and database
	mostBad    = 1000 // bad rows after which reading stops
)

// read takes every row of the files: people to the stage, the rest to the draft.
func (r *rosterRun) read(ctx context.Context, draft *org.Draft) error {
	st := &stager{rosterRun: r, draft: draft}
	for i, source := range r.in.Sources {
		rows := 0
		for row, err := range source.Rows {
			rows++
			if err != nil && (row.Line == 0 || fault.Of(err) == nil) {
				return err
			}
			if err != nil {
				r.bad(org.BadRow{File: source.Name, Line: row.Line, Reason: err, Cells: row.Cells})
			} else if err := st.take(ctx, i, row); err != nil {
				return err
			}
			if r.report.Mistakes() >= mostBad {
				return fault.Invalidf("nothing was imported: reading stopped after %d mistakes", mostBad)
			}
		}
		if rows == 0 {
			return fault.Invalidf("%s has headings but no rows: nothing was imported", source.Name)
		}
	}
	if err := st.flush(ctx); err != nil {
		return err
	}
	return r.stopped()
}

// stopped is the fault that bad rows are, nil without any.
func (r *rosterRun) stopped() error {
	n := r.report.Mistakes()
	if n == 0 {
		return nil
	}
	b := r.firstMistake()
	var where error
	if b.Column == "" {
		where = fault.Invalidf("%s, line %d: %s", b.File, b.Line, b.Reason)
	} else {
		where = fault.Invalidf("%s, line %d, column %q: %s", b.File, b.Line, b.Column, b.Reason)
	}
	if n == 1 {
		return fault.Invalidf("nothing was imported because of one bad row: %s", where)
	}
	return fault.Invalidf("nothing was imported because of %d bad rows; the first: %s", n, where)
}

// told takes mistakes that only all rows together show among the bad rows.
func (r *rosterRun) told(err error) error {
	var mistakes org.Mistakes
	if !errors.As(err, &mistakes) {
		return err
	}
	r.bad(mistakes[:min(len(mistakes), mostBad)]...)
	return r.stopped()
}

func (r *rosterRun) bad(rows ...org.BadRow) { r.report.Bad = append(r.report.Bad, rows...) }

func (r *rosterRun) firstMistake() org.BadRow {
	for _, b := range r.report.Bad {
		if !b.Dropped {
			return b
		}
	}
	return org.BadRow{}
}

// stager moves rows in batches.
type stager struct {
	*rosterRun
	draft *org.Draft
	batch []org.Parsed
	read  int
	last  int64 // id given to the last staged person
}

func (s *stager) take(ctx context.Context, file int, row org.Row) error {
	parsed, bad := s.draft.Parse(file, row)
	s.bad(bad...)
	if len(bad) == 0 {
		s.batch = append(s.batch, parsed)
	}
	if s.read++; s.in.Progress != nil && s.read%1000 == 0 {
		s.in.Progress(s.read)
	}
	if len(s.batch) < stageBatch {
		return nil
	}
	return s.flush(ctx)
}

// flush stages the batch's people, takes those whose key was staged before out
// again, and adds what the other rows say to the draft.
func (s *stager) flush(ctx context.Context) error {
	from := s.last
	ids := make([]int64, len(s.batch)) // 0: of nobody
	var rows [][]any
	for i, p := range s.batch {
		if p.Person == nil {
			continue
		}
		record, err := json.Marshal(p.Person)
		if err != nil {
			return err
		}
		s.last++
		ids[i] = s.last
		rows = append(rows, []any{s.organisation, s.last, p.Person.Key, p.Person.Manager.Key, p.File, p.Row.Line, string(record)})
	}
	if err := s.tx.InsertMany(ctx, "org_stage", []string{"organisation_id", "id", "key", "manager_key", "file", "line", "record"}, rows); err != nil {
		return err
	}
	first, err := s.doubled(ctx, from)
	if err != nil {
		return err
	}
	for i, p := range s.batch {
		if at, twice := first[ids[i]]; twice {
			s.bad(duplicate(p, s.in.Map.People.Key.Column, at, s.in.Map.OnDuplicate == "first"))
			if _, err := s.tx.Exec(ctx, `DELETE FROM org_stage WHERE organisation_id = $1 AND id = $2`, s.organisation, ids[i]); err != nil {
				return err
			}
			continue
		}
		s.bad(s.draft.Add(p)...)
	}
	s.batch = s.batch[:0]
	return nil
}

// place is where in the files a person stands.
type place struct {
	file string
	line int
}

func duplicate(p org.Parsed, column string, first place, drop bool) org.BadRow {
	reason := fault.Invalidf("the key %q stands already on line %d of %s: give each person one row, or have the first kept (on_duplicate: first)", p.Person.Key, first.line, first.file)
	if drop {
		reason = fault.Invalidf("left out: the key %q stands already on line %d of %s", p.Person.Key, first.line, first.file)
	}
	return org.BadRow{File: p.File, Line: p.Row.Line, Column: column, Reason: reason, Cells: p.Row.Cells, Dropped: drop}
}

// doubled returns, for those staged after from whose key was staged before, where
// it stands first.
func (s *stager) doubled(ctx context.Context, from int64) (map[int64]place, error) {
	first := map[int64]place{}
	_, err := db.All(ctx, s.tx, func(row db.Scanner) (struct{}, error) {
		var id int64
		var at place
		err := row.Scan(&id, &at.file, &at.line)
		if _, known := first[id]; !known {
			first[id] = at
		}
		return struct{}{}, err
	}, `SELECT b.id, a.file, a.line FROM org_stage b
		JOIN org_stage a ON a.organisation_id = b.organisation_id AND a.key = b.key AND a.id < b.id
		WHERE b.organisation_id = $1 AND `+stagedBetween("b", from, s.last)+` ORDER BY b.id, a.id`, s.organisation)
	return first, err
}

// stagedBetween is the condition for those staged after from, up to to. The
// bounds stand in the text, so that PostgreSQL plans each page for itself: a plan
// kept from the first pages, made for a stage that is still small, is up to a
// hundred times slower on the last.
func stagedBetween(table string, from, to int64) string {
	return fmt.Sprintf("%s.id > %d AND %s.id <= %d", table, from, table, to)
}

// checkPeople looks whether everybody who is referred to is there.
func (r *rosterRun) checkPeople(ctx context.Context, draft *org.Draft, teams []org.ManagementTeam) error {
	for _, t := range teams {
		keys := make([]string, len(t.Members))
		for i, m := range t.Members {
			keys[i] = m.Person.Key
		}
		found, err := r.staged(ctx, keys)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if !found[key] {
				r.bad(draft.NotOnRoster(t.Name, key))
			}
		}
	}
	if err := r.stopped(); err != nil {
		return err
	}
	type lost struct{ key, manager string }
	missing, err := db.All(ctx, r.tx, func(row db.Scanner) (l lost, err error) {
		err = row.Scan(&l.key, &l.manager)
		return l, err
	}, `SELECT s.key, s.manager_key FROM org_stage s
		LEFT JOIN org_stage m ON m.organisation_id = s.organisation_id AND m.key = s.manager_key
		WHERE s.organisation_id = $1 AND s.manager_key <> '' AND m.id IS NULL ORDER BY s.id LIMIT 1`, r.organisation)
	if len(missing) > 0 {
		r.report.Remarks = append(r.report.Remarks, org.ManagerMissing(missing[0].key, missing[0].manager))
	}
	return err
}

func (r *rosterRun) staged(ctx context.Context, keys []string) (map[string]bool, error) {
	found := map[string]bool{}
	for len(keys) > 0 {
		n := min(len(keys), stageBatch)
		some, err := db.All(ctx, r.tx, db.Value[string], `SELECT key FROM org_stage
			WHERE organisation_id = $1 AND key IN (`+db.Placeholders(2, n)+`)`, arguments(keys[:n], r.organisation)...)
		if err != nil {
			return nil, err
		}
		for _, key := range some {
			found[key] = true
		}
		keys = keys[n:]
	}
	return found, nil
}

func arguments(values []string, before ...any) []any {
	for _, v := range values {
		before = append(before, v)
	}
	return before
}
