package orgdb

import (
	"context"
	"encoding/json"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/org"
)

var personColumns = []string{"key", "name", "mail", "folded", "unit_id", "location_id", "partner_id", "level", "manager_key", "start_day", "end_day", "fte", "attributes"}

// mergePeople goes through the staged people a page at a time, compares each
// with who is there under the same key, and ends those whom the stage lacks.
func (r *rosterRun) mergePeople(ctx context.Context) error {
	changes := &r.report.People
	err := r.tx.QueryRow(ctx, `SELECT COUNT(*) FROM org_person`+present, r.organisation).Scan(&changes.Before)
	if err != nil {
		return err
	}
	if err := r.endThoseWhoLeft(ctx, changes); err != nil {
		return err
	}
	var last int64
	if err := r.tx.QueryRow(ctx, `SELECT MAX(id) FROM org_stage WHERE organisation_id = $1`, r.organisation).Scan(&last); err != nil {
		return err
	}
	for from := int64(0); from < last; from += stageBatch {
		if err := r.mergePage(ctx, from, from+stageBatch, changes); err != nil {
			return err
		}
	}
	return nil
}

func (r *rosterRun) endThoseWhoLeft(ctx context.Context, changes *org.Changes) error {
	const gone = present + ` AND NOT EXISTS (SELECT 1 FROM org_stage s
		WHERE s.organisation_id = org_person.organisation_id AND s.key = org_person.key)`
	first, err := db.All(ctx, r.tx, func(row db.Scanner) (c org.Change, err error) {
		p := org.Person{}
		err = row.Scan(&p.Key, &p.Name)
		return org.Change{Kind: org.Left, Key: p.Key, Name: p.Title()}, err
	}, `SELECT key, name FROM org_person`+gone+` ORDER BY id LIMIT $2`, r.organisation, org.FirstChanges)
	if err != nil {
		return err
	}
	n, err := r.tx.Exec(ctx, `UPDATE org_person SET until = $2, closed_by = $3`+gone, r.organisation, r.in.Day, r.id)
	changes.Left, changes.First = int(n), append(changes.First, first...)
	return err
}

// mergePage merges the people staged after from, up to to.
func (r *rosterRun) mergePage(ctx context.Context, from, to int64, changes *org.Changes) error {
	page, err := db.All(ctx, r.tx, func(row db.Scanner) (p org.Person, err error) {
		var record string
		if err = row.Scan(&p.Key, &record); err != nil {
			return p, err
		}
		return p, json.Unmarshal([]byte(record), &p)
	}, `SELECT s.key, s.record FROM org_stage s WHERE s.organisation_id = $1 AND `+stagedBetween("s", from, to)+` ORDER BY s.id`, r.organisation)
	if err != nil {
		return err
	}
	had, ids, err := r.knownPeople(ctx, from, to)
	if err != nil {
		return err
	}
	var closed []string
	var opened [][]any
	for _, p := range page {
		c := org.Change{Kind: org.Added, Key: p.Key, Name: p.Title()}
		if was, known := had[p.Key]; known {
			var same bool
			if c, same = org.ComparePerson(was, p); same {
				continue
			}
			closed = append(closed, was.ID)
		}
		changes.Add(c)
		if p.ID = ids[p.Key]; p.ID == "" {
			p.ID = id.New()
		}
		values, err := r.personValues(p)
		if err != nil {
			return err
		}
		opened = append(opened, r.version(p.ID, values))
	}
	if err := r.close(ctx, "org_person", closed); err != nil {
		return err
	}
	return r.tx.InsertMany(ctx, "org_person", append(append([]string{}, versionColumns...), personColumns...), opened)
}

func (r *rosterRun) personValues(p org.Person) ([]any, error) {
	attributes, err := json.Marshal(p.Attributes)
	return []any{p.Key, p.Name, p.Mail, strings.ToLower(p.Name + " " + p.Mail + " " + p.Key), r.units.of(p.Unit.Key),
		r.locations.of(p.Location.Key), r.partners.of(p.Partner.Key), p.Level, p.Manager.Key, p.Start, p.End, p.FTE, string(attributes)}, err
}

// knownPeople returns who of the people staged after from, up to to, is there
// now, and the ids of all of them who ever were.
func (r *rosterRun) knownPeople(ctx context.Context, from, to int64) (had map[string]org.Person, ids map[string]string, err error) {
	had, ids = map[string]org.Person{}, map[string]string{}
	if !r.again {
		return had, ids, nil
	}
	_, err = db.All(ctx, r.tx, func(row db.Scanner) (struct{}, error) {
		var until, attributes string
		var p org.Person
		err := row.Scan(&p.ID, &until, &p.Key, &p.Name, &p.Mail, &p.Unit.ID, &p.Location.ID, &p.Partner.ID, &p.Level,
			&p.Manager.Key, &p.Start, &p.End, &p.FTE, &attributes)
		if err == nil {
			err = json.Unmarshal([]byte(attributes), &p.Attributes)
		}
		p.Unit.Key, p.Location.Key, p.Partner.Key = r.units.key[p.Unit.ID], r.locations.key[p.Location.ID], r.partners.key[p.Partner.ID]
		ids[p.Key] = p.ID
		if until == "9999-12-31" {
			had[p.Key] = p
		}
		return struct{}{}, err
	}, `SELECT p.id, p.until, p.key, p.name, p.mail, p.unit_id, p.location_id, p.partner_id, p.level, p.manager_key,
			p.start_day, p.end_day, p.fte, p.attributes
		FROM org_stage s JOIN org_person p ON p.organisation_id = s.organisation_id AND p.key = s.key
		WHERE s.organisation_id = $1 AND `+stagedBetween("s", from, to), r.organisation)
	return had, ids, err
}
