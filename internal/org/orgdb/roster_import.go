package orgdb

import (
	"context"
	"encoding/json"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

const importColumns = `id, day, made_at, made_by, source, counts, taken_back_at, ` + Zone

func scanImport(row db.Scanner) (i org.RosterImport, err error) {
	var at, back int64
	var counts, zone string
	if err = row.Scan(&i.ID, &i.Day, &at, &i.By, &i.Source, &counts, &back, &zone); err != nil {
		return i, err
	}
	i.MadeAt, i.TakenBack = period.Moment(at, zone), back != 0
	return i, json.Unmarshal([]byte(counts), &i.Report)
}

// lastImport returns the newest import that has not been taken back.
func lastImport(ctx context.Context, tx *db.Tx, organisation string) (org.RosterImport, bool, error) {
	return db.One(ctx, tx, scanImport, `SELECT `+importColumns+` FROM org_import
		WHERE organisation_id = $1 AND taken_back_at = 0 ORDER BY day DESC, id DESC LIMIT 1`, organisation)
}

// RosterImports returns every import of the organisation, the newest first.
func (s Store) RosterImports(ctx context.Context, organisation string) (imports []org.RosterImport, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		imports, err = db.All(ctx, tx, scanImport, `SELECT `+importColumns+` FROM org_import
			WHERE organisation_id = $1 ORDER BY id DESC`, organisation)
		return err
	})
	return imports, err
}

// LastRosterMap returns the map of the newest import of files, taken back or not:
// what the next file is likely to need. found is false before the first.
func (s Store) LastRosterMap(ctx context.Context, organisation string) (m org.Map, found bool, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		var text string
		text, found, err = db.One(ctx, tx, db.Value[string], `SELECT map FROM org_import
			WHERE organisation_id = $1 AND source <> $2 ORDER BY id DESC LIMIT 1`, organisation, directorySource)
		if err != nil || !found {
			return err
		}
		return json.Unmarshal([]byte(text), &m)
	})
	return m, found, err
}

var versioned = []string{"org_unit", "org_location", "org_partner", "org_person", "org_staff", "org_team"}

// undone says how what an import opened is taken back. A unit, a person or a place keeps
// its id, for whom a role was granted or a link made, in case it comes back, by a version
// that holds on no day and tells nothing of a person.
var undone = map[string]string{
	"org_unit":     `UPDATE org_unit SET until = since`,
	"org_location": `UPDATE org_location SET until = since`,
	"org_partner":  `UPDATE org_partner SET until = since`,
	"org_person":   `UPDATE org_person SET until = since, name = '', mail = '', folded = '', manager_key = '', attributes = '{}'`,
	"org_staff":    `DELETE FROM org_staff`,
	"org_team":     `DELETE FROM org_team`,
}

// TakeBackRoster undoes the last import: what it opened holds on no day any more, what it
// closed holds again. An import that a later one stands on is a conflict.
func (s Store) TakeBackRoster(ctx context.Context, organisation, imported, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		last, found, err := lastImport(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if !found || last.ID != imported {
			return fault.Conflictf("only the last import can be taken back, and this one is not: it was taken back already, or another was made after it")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM org_team_member WHERE organisation_id = $1 AND opened_by = $2`, organisation, imported); err != nil {
			return err
		}
		for _, table := range versioned {
			if _, err := tx.Exec(ctx, undone[table]+` WHERE organisation_id = $1 AND opened_by = $2`, organisation, imported); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE `+table+` SET until = '9999-12-31', closed_by = '' WHERE organisation_id = $1 AND closed_by = $2`,
				organisation, imported); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE org_import SET taken_back_at = $3 WHERE organisation_id = $1 AND id = $2`,
			organisation, imported, s.now().UnixMicro()); err != nil {
			return err
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "roster import taken back", Detail: string(last.Day)})
	})
}
