package orgdb

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// directorySource stands in place of the names of files.
const directorySource = "SCIM"

// directoryRun is a change that a directory makes to the roster. All that it changes on one day is one
// import, which can be taken back like any other.
type directoryRun struct {
	tx           *db.Tx
	organisation string
	by           string
	today        period.Day
	now          time.Time
	imported     string // id of the import
	report       org.Report
}

func (s Store) directoryRun(ctx context.Context, tx *db.Tx, organisation, by string) (*directoryRun, error) {
	r := &directoryRun{tx: tx, organisation: organisation, by: by, now: s.now()}
	var err error
	if r.today, err = Today(ctx, tx, organisation, r.now); err != nil {
		return nil, err
	}
	// One after the other, and not while a file is imported.
	if _, err := tx.Exec(ctx, `INSERT INTO org_stage (organisation_id, id, key, manager_key, file, line, record) VALUES ($1, 0, '', '', '', 0, '')`, organisation); err != nil {
		return nil, err
	}
	last, found, err := lastImport(ctx, tx, organisation)
	switch {
	case err != nil:
		return nil, err
	case found && last.Day > r.today:
		return nil, fault.Conflictf("the last import of the roster holds from %s on: a change of today would not last", string(last.Day))
	case found && last.Day == r.today && last.Source == directorySource:
		r.imported, r.report = last.ID, last.Report
		return r, nil
	}
	r.imported, r.report.Day = id.New(), r.today
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM org_person`+present, organisation).Scan(&r.report.People.Before); err != nil {
		return nil, err
	}
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM org_unit`+present, organisation).Scan(&r.report.Units.Before); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO org_import (organisation_id, id, day, made_at, made_by, source, map, counts, taken_back_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, '{}', '{}', 0, $4)`,
		organisation, r.imported, r.today, r.now.UnixMicro(), by, directorySource)
	if err == nil {
		err = RecordEvent(ctx, tx, organisation, org.Event{At: r.now, Who: by, What: "roster changed by a directory", Detail: string(r.today)})
	}
	return r, err
}

func (r *directoryRun) finish(ctx context.Context) error {
	if _, err := r.tx.Exec(ctx, `DELETE FROM org_stage WHERE organisation_id = $1`, r.organisation); err != nil {
		return err
	}
	counts, err := json.Marshal(countsOnly(r.report))
	if err != nil {
		return err
	}
	_, err = r.tx.Exec(ctx, `UPDATE org_import SET counts = $3, changed_at = $4 WHERE organisation_id = $1 AND id = $2`, r.organisation, r.imported, string(counts), r.now.UnixMicro())
	return err
}

// put makes a version what holds from today on.
func (r *directoryRun) put(ctx context.Context, table string, columns []string, id string, values []any) error {
	_, err := r.tx.Exec(ctx, `UPDATE `+table+` SET until = $3, closed_by = $4 WHERE organisation_id = $1 AND id = $2 AND until = '9999-12-31' AND opened_by <> $4`, r.organisation, id, r.today, r.imported)
	if err != nil {
		return err
	}
	row := append([]any{r.organisation, id, r.imported, "", r.today, "9999-12-31"}, values...)
	return r.tx.PutMany(ctx, table, append([]string{"organisation_id", "id", "opened_by", "closed_by", "since", "until"}, columns...), 3, [][]any{row})
}

// end ends what holds; a version of today holds on no day then.
func (r *directoryRun) end(ctx context.Context, table, id string) (ended bool, err error) {
	n, err := r.tx.Exec(ctx, `UPDATE `+table+` SET until = since WHERE organisation_id = $1 AND id = $2 AND until = '9999-12-31' AND opened_by = $3`, r.organisation, id, r.imported)
	if err != nil || n > 0 {
		return n > 0, err
	}
	n, err = r.tx.Exec(ctx, `UPDATE `+table+` SET until = $3, closed_by = $4 WHERE organisation_id = $1 AND id = $2 AND until = '9999-12-31'`, r.organisation, id, r.today, r.imported)
	return n > 0, err
}

// works puts somebody on the roster as of today, where that is a change.
func (r *directoryRun) works(ctx context.Context, p, was org.Person, listed bool) error {
	attributes, err := json.Marshal(p.Attributes)
	if err != nil {
		return err
	}
	if listed && p.Unit.ID == was.Unit.ID {
		p.Unit = was.Unit
	}
	change := org.Change{Kind: org.Added, Key: p.Key, Name: p.Title()}
	if listed {
		same := false
		moved := p
		moved.Unit.Key = cmp.Or(p.Unit.Key, p.Unit.ID) // of a unit that has another id the key differs too
		if change, same = org.ComparePerson(was, moved); same {
			return nil
		}
	} else {
		_, taken, err := db.One(ctx, r.tx, db.Value[string], `SELECT id FROM org_person`+present+` AND key = $2 AND id <> $3`, r.organisation, p.Key, p.ID)
		if err == nil && taken {
			err = fault.Conflictf("%s is the number of somebody else", p.Key)
		}
		if err != nil {
			return err
		}
	}
	r.report.People.Add(change)
	location, partner := was.Location.ID, was.Partner.ID
	return r.put(ctx, "org_person", personColumns, p.ID, []any{p.Key, p.Name, p.Mail, strings.ToLower(p.Name + " " + p.Mail + " " + p.Key), p.Unit.ID, location, partner, p.Level, p.Manager.Key, p.Start, p.End, p.FTE, string(attributes)})
}

// leaves takes somebody off the roster as of today, and closes the accounts.
func (r *directoryRun) leaves(ctx context.Context, p org.Person) error {
	ended, err := r.end(ctx, "org_person", p.ID)
	if err != nil {
		return err
	}
	if ended {
		r.report.People.Add(org.Change{Kind: org.Left, Key: p.Key, Name: p.Title()})
	}
	return r.closeAccounts(ctx, p)
}

// ofThePerson are the accounts with somebody's number ($2), or without one and with the mail address ($3).
const ofThePerson = ` FROM org_account a WHERE a.organisation_id = $1 AND (a.person_id = $2 OR a.person_id = '' AND a.mail = $3)`

// closeAccounts closes the open ones of somebody, but for the last administrator's.
func (r *directoryRun) closeAccounts(ctx context.Context, p org.Person) error {
	open, err := db.All(ctx, r.tx, db.Value[string], `SELECT a.id`+ofThePerson+` AND a.closed_at = 0 ORDER BY a.id`, r.organisation, p.Key, p.Mail)
	for _, account := range open {
		var n int64
		n, err = r.tx.Exec(ctx, `UPDATE org_account SET closed_at = $3, closed_by_directory = TRUE WHERE organisation_id = $1 AND id = $2
			AND (NOT EXISTS (SELECT 1 FROM org_grant g WHERE g.organisation_id = $1 AND g.account_id = $2 AND g.role = $4 AND g.scope = $5)
				OR EXISTS (SELECT 1 FROM org_grant g JOIN org_account b ON b.organisation_id = g.organisation_id AND b.id = g.account_id AND b.closed_at = 0
					WHERE g.organisation_id = $1 AND g.account_id <> $2 AND g.role = $4 AND g.scope = $5))`, r.organisation, account, r.now.UnixMicro(), org.Administrator, org.WholeScope)
		if err == nil && n > 0 {
			err = RecordEvent(ctx, r.tx, r.organisation, org.Event{At: r.now, Who: r.by, What: "account closed", Detail: account})
		}
		if err != nil {
			return err
		}
	}
	return err
}

// openAccounts opens those again that were closed when somebody was not active.
func (r *directoryRun) openAccounts(ctx context.Context, p org.Person) error {
	closed, err := db.All(ctx, r.tx, db.Value[string], `SELECT a.id`+ofThePerson+` AND a.closed_by_directory ORDER BY a.id`, r.organisation, p.Key, p.Mail)
	for _, account := range closed {
		if _, err = r.tx.Exec(ctx, `UPDATE org_account SET closed_at = 0, closed_by_directory = FALSE WHERE organisation_id = $1 AND id = $2`, r.organisation, account); err != nil {
			return err
		}
		if err = RecordEvent(ctx, r.tx, r.organisation, org.Event{At: r.now, Who: r.by, What: "account opened again", Detail: account}); err != nil {
			return err
		}
	}
	return err
}

// root is the id of the unit above all others, which is made, with the organisation's name, where there is none.
func (r *directoryRun) root(ctx context.Context) (string, error) {
	root, there, err := db.One(ctx, r.tx, db.Value[string], `SELECT id FROM org_unit`+present+` AND parent_id = '' LIMIT 1`, r.organisation)
	if err != nil || there {
		return root, err
	}
	name, _, err := db.One(ctx, r.tx, db.Value[string], `SELECT name FROM org_organisation WHERE organisation_id = $1`, r.organisation)
	if err != nil {
		return "", err
	}
	return r.makeUnit(ctx, name, name, "")
}

// unit is the id of the unit that a directory calls by a key or a name, which is made under another where there
// is none.
func (r *directoryRun) unit(ctx context.Context, called, above string) (string, error) {
	found, err := db.All(ctx, r.tx, db.Value[string], `SELECT id FROM org_unit`+present+` AND (key = $2 OR name = $2) ORDER BY CASE WHEN key = $2 THEN 0 WHEN parent_id = $3 THEN 1 ELSE 2 END, id LIMIT 1`, r.organisation, called, above)
	if err != nil || len(found) > 0 {
		return strings.Join(found, ""), err
	}
	return r.makeUnit(ctx, called, called, above)
}

func (r *directoryRun) makeUnit(ctx context.Context, key, name, above string) (string, error) {
	unit, _, err := db.One(ctx, r.tx, db.Value[string], `SELECT id FROM org_unit WHERE organisation_id = $1 AND key = $2 LIMIT 1`, r.organisation, key) // it comes back
	if err != nil {
		return "", err
	}
	unit = cmp.Or(unit, id.New())
	r.report.Units.Add(org.Change{Kind: org.Added, Key: key, Name: name})
	return unit, r.putUnit(ctx, unit, key, name, above)
}

func (r *directoryRun) putUnit(ctx context.Context, unit, key, name, above string) error {
	return r.put(ctx, "org_unit", []string{"key", "name", "folded", "parent_id"}, unit, []any{key, name, strings.ToLower(name + " " + key), above})
}
