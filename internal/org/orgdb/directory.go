package orgdb

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// DirectoryQuery asks for people of a directory; what is "" does not narrow.
type DirectoryQuery struct {
	ID       string
	UserName string // or, of who is on the roster alone, mail address or number
	External string
	ids      []any // of these alone
}

// DirectoryPage is a part of DirectoryPeople, and how many all are.
func (s Store) DirectoryPage(ctx context.Context, organisation string, offset, limit int) (people []org.DirectoryPerson, total int, err error) {
	const everybody = `SELECT id FROM org_person WHERE organisation_id = $1 AND since <= $2 AND until > $2 UNION SELECT id FROM org_directory WHERE organisation_id = $1`
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := Today(ctx, tx, organisation, s.now())
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (`+everybody+`) AS e`, organisation, today).Scan(&total); err != nil {
			return err
		}
		ids, err := db.All(ctx, tx, db.Value[any], everybody+` ORDER BY id LIMIT $3 OFFSET $4`, organisation, today, limit, offset)
		if err != nil || len(ids) == 0 {
			people = nil
			return err
		}
		people, err = directoryPeople(ctx, tx, organisation, today, DirectoryQuery{ids: ids})
		return err
	})
	return people, total, err
}

// DirectoryPeople lists everybody at work today, and those of whom the directory has said that they are not
// active, by id.
func (s Store) DirectoryPeople(ctx context.Context, organisation string, q DirectoryQuery) (all []org.DirectoryPerson, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := Today(ctx, tx, organisation, s.now())
		if err != nil {
			return err
		}
		all, err = directoryPeople(ctx, tx, organisation, today, q)
		return err
	})
	return all, err
}

// calledSo are the ids of whoever has had a mail address or a number. Each is looked up in its own index.
const calledSo = `SELECT id FROM org_person WHERE organisation_id = $1 AND mail = $3 AND mail <> '' UNION ALL SELECT id FROM org_person WHERE organisation_id = $1 AND key = $4`

func directoryPeople(ctx context.Context, tx *db.Tx, organisation string, today period.Day, q DirectoryQuery) ([]org.DirectoryPerson, error) {
	narrow, listed, args := "", "", []any{organisation}
	if q.ID != "" {
		q.ids = []any{q.ID}
	}
	switch {
	case len(q.ids) > 0:
		narrow, listed, args = ` AND id IN (`+db.Placeholders(2, len(q.ids))+`)`, ` AND p.id IN (`+db.Placeholders(3, len(q.ids))+`)`, append(args, q.ids...)
	case q.UserName != "":
		narrow, listed, args = ` AND user_name = $2`, ` AND p.id IN (`+calledSo+`)`, append(args, strings.ToLower(q.UserName))
	case q.External != "":
		narrow, args = ` AND external_id = $2`, append(args, q.External)
	}
	said := map[string]org.DirectoryPerson{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var d org.DirectoryPerson
		var record, zone, id string
		var made, changed int64
		err := row.Scan(&id, &record, &made, &changed, &zone)
		if err == nil {
			err = json.Unmarshal([]byte(record), &d)
		}
		d.ID, d.Made, d.Changed = id, period.Moment(made, zone), period.Moment(changed, zone)
		said[id] = d
		return struct{}{}, err
	}, `SELECT id, record, made_at, changed_at, `+Zone+` FROM org_directory WHERE organisation_id = $1`+narrow, args...)
	if err != nil {
		return nil, err
	}
	var all []org.DirectoryPerson
	if q.External == "" {
		values := append([]any{organisation, today}, q.ids...)
		if q.UserName != "" {
			values = append(values, org.CleanMail(q.UserName), q.UserName)
		}
		people, err := db.All(ctx, tx, scanPersonOnly, personQuery+listed+` ORDER BY p.id`, values...)
		if err != nil {
			return nil, err
		}
		if all, err = unsaid(ctx, tx, organisation, people, said, narrow == ""); err != nil {
			return nil, err
		}
	}
	for _, d := range said {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b org.DirectoryPerson) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// unsaid are the people of the roster of whom the directory has said nothing: of said, which is whole or
// what a question has narrowed, and of the database.
func unsaid(ctx context.Context, tx *db.Tx, organisation string, people []org.Person, said map[string]org.DirectoryPerson, whole bool) (all []org.DirectoryPerson, err error) {
	ids := map[string]string{}
	for _, p := range people {
		ids[p.Key] = p.ID
	}
	for _, p := range people {
		if _, known := said[p.ID]; known {
			continue
		}
		known := false
		if !whole {
			if _, known, err = db.One(ctx, tx, db.Value[string], `SELECT id FROM org_directory WHERE organisation_id = $1 AND id = $2`, organisation, p.ID); err != nil {
				return nil, err
			}
		}
		if !known {
			p.Manager.ID = ids[p.Manager.Key]
			all = append(all, org.Listed(p))
		}
	}
	return all, nil
}

// DirectoryPerson returns one, by the person's id.
func (s Store) DirectoryPerson(ctx context.Context, organisation, person string) (org.DirectoryPerson, error) {
	all, err := s.DirectoryPeople(ctx, organisation, DirectoryQuery{ID: person})
	if err == nil && len(all) == 0 {
		err = fault.NotFoundf("there is no such person, or not for you")
	}
	if err != nil {
		return org.DirectoryPerson{}, err
	}
	return all[0], nil
}

// SaveDirectoryPerson puts what a directory says of somebody into today's roster and returns the id. change
// makes what it says from what is known now of the person with an id, or, without an id, of somebody new from
// nothing; it can run more than once. Who is new may be on the roster already: by the number, or, at work, by the
// mail address. Who is not active has left, and accounts of that person are closed until the person is active
// again. A user name or number that somebody else has is a conflict.
func (s Store) SaveDirectoryPerson(ctx context.Context, organisation, person string, change func(now org.DirectoryPerson) (org.DirectoryPerson, error), by string) (saved string, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		run, err := s.directoryRun(ctx, tx, organisation, by)
		if err != nil {
			return err
		}
		var now org.DirectoryPerson
		if person != "" {
			if now, err = run.directoryPerson(ctx, person); err != nil {
				return err
			}
		}
		d, err := change(now)
		if err != nil {
			return err
		}
		d.ID = person
		if err := d.Check(); err != nil {
			return err
		}
		if saved, err = run.save(ctx, d); err != nil {
			return err
		}
		return run.finish(ctx)
	})
	return saved, err
}

func (r *directoryRun) directoryPerson(ctx context.Context, person string) (org.DirectoryPerson, error) {
	there, err := directoryPeople(ctx, r.tx, r.organisation, r.today, DirectoryQuery{ID: person})
	if err == nil && len(there) == 0 {
		err = fault.NotFoundf("there is no such person, or not for you")
	}
	if err != nil {
		return org.DirectoryPerson{}, err
	}
	return there[0], nil
}

// DropDirectoryPerson ends somebody's time on the roster today, and what the directory has said of that person.
func (s Store) DropDirectoryPerson(ctx context.Context, organisation, person, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		run, err := s.directoryRun(ctx, tx, organisation, by)
		if err != nil {
			return err
		}
		d, err := run.directoryPerson(ctx, person)
		if err != nil {
			return err
		}
		was, _, err := run.find(ctx, &d)
		if err != nil {
			return err
		}
		if err := run.leaves(ctx, d.Person(was)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM org_directory WHERE organisation_id = $1 AND id = $2`, organisation, person); err != nil {
			return err
		}
		return run.finish(ctx)
	})
}

func (r *directoryRun) save(ctx context.Context, d org.DirectoryPerson) (string, error) {
	was, listed, err := r.find(ctx, &d)
	if err != nil {
		return "", err
	}
	_, taken, err := db.One(ctx, r.tx, db.Value[string], `SELECT id FROM org_directory WHERE organisation_id = $1 AND user_name = $2 AND id <> $3`, r.organisation, strings.ToLower(d.UserName), d.ID)
	if err == nil && taken {
		err = fault.Conflictf("%s is the user name of somebody else", d.UserName)
	}
	if err != nil {
		return "", err
	}
	p := d.Person(was)
	p.ID = d.ID
	before, err := r.said(ctx, d.ID)
	if err != nil {
		return "", err
	}
	if p.Manager = (org.Ref{}); before.Manager == "" && d.Manager == "" { // the directory has nothing to do with it
		p.Manager.Key = was.Manager.Key
	}
	if d.Active {
		if err := r.place(ctx, &p, d, listed); err != nil {
			return "", err
		}
		if err := r.works(ctx, p, was, listed); err != nil {
			return "", err
		}
		if err := r.openAccounts(ctx, p); err != nil {
			return "", err
		}
	} else if err := r.leaves(ctx, p); err != nil {
		return "", err
	}
	record, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	_, err = r.tx.Exec(ctx, `INSERT INTO org_directory (organisation_id, id, user_name, external_id, record, active, made_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
		ON CONFLICT (organisation_id, id) DO UPDATE SET user_name = $3, external_id = $4, record = $5, active = $6, changed_at = $7`,
		r.organisation, d.ID, strings.ToLower(d.UserName), d.External, string(record), d.Active, r.now.UnixMicro())
	return d.ID, err
}

// said is what the directory has said of somebody before; zero for nothing.
func (r *directoryRun) said(ctx context.Context, person string) (d org.DirectoryPerson, err error) {
	record, there, err := db.One(ctx, r.tx, db.Value[string], `SELECT record FROM org_directory WHERE organisation_id = $1 AND id = $2`, r.organisation, person)
	if err != nil || !there {
		return d, err
	}
	return d, json.Unmarshal([]byte(record), &d)
}

// find says who somebody of the directory is on the roster: was is the present record, if there is one.
func (r *directoryRun) find(ctx context.Context, d *org.DirectoryPerson) (was org.Person, listed bool, err error) {
	if d.ID == "" {
		if d.ID, err = r.recognised(ctx, *d); err != nil {
			return was, false, err
		}
		d.ID = cmp.Or(d.ID, id.New())
	}
	was, listed, err = db.One(ctx, r.tx, scanPersonOnly, personQuery+` AND p.id = $3`, r.organisation, r.today, d.ID)
	if err != nil || listed {
		return was, listed, err
	}
	// Who comes back keeps the number.
	was.Key, _, err = db.One(ctx, r.tx, db.Value[string], `SELECT key FROM org_person WHERE organisation_id = $1 AND id = $2 ORDER BY since DESC LIMIT 1`, r.organisation, d.ID)
	if err == nil && was.Key == "" && d.Number == "" {
		// A user name that was somebody's number before stands for that person only.
		_, taken, err := db.One(ctx, r.tx, db.Value[string], `SELECT id FROM org_person WHERE organisation_id = $1 AND key = $2 LIMIT 1`, r.organisation, d.UserName)
		if err != nil {
			return was, false, err
		}
		if taken {
			was.Key = d.ID
		}
	}
	if was.Key != "" {
		was.FTE = 1
	}
	return was, false, err
}

// recognised is the id of who is on the roster and new to the directory: by the number that it states, or
// at work by the user name or, alone, by the mail address. Nobody who has left is known by an address,
// which may be somebody else's by now.
func (r *directoryRun) recognised(ctx context.Context, d org.DirectoryPerson) (string, error) {
	type found struct {
		id, key       string
		atWork, known bool
	}
	look := func(by string, value any) ([]found, error) {
		return db.All(ctx, r.tx, func(row db.Scanner) (f found, err error) {
			err = row.Scan(&f.id, &f.key, &f.atWork, &f.known)
			return f, err
		}, `SELECT p.id, p.key, p.until = '9999-12-31', EXISTS (SELECT 1 FROM org_directory d WHERE d.organisation_id = p.organisation_id AND d.id = p.id)
			FROM org_person p WHERE p.organisation_id = $1 AND `+by+` ORDER BY p.until DESC, p.since DESC`, r.organisation, value)
	}
	numbered, err := look(`p.key = $2`, cmp.Or(d.Number, d.UserName))
	if err != nil {
		return "", err
	}
	if len(numbered) > 0 {
		switch f := numbered[0]; {
		case d.Number != "" && f.known:
			return "", fault.Conflictf("%s is the number of somebody else", d.Number)
		case d.Number != "" || f.atWork && !f.known:
			return f.id, nil
		}
	}
	if d.Address() == "" {
		return "", nil
	}
	mailed, err := look(`p.mail = $2 AND p.until = '9999-12-31'`, d.Address())
	mailed = slices.DeleteFunc(mailed, func(f found) bool { return f.known })
	switch {
	case err != nil || len(mailed) == 0:
		return "", err
	case len(mailed) > 1:
		return "", fault.Conflictf("%[1]d people at work have the mail address %[2]s: say which one by the number", len(mailed), d.Address())
	case d.Number != "":
		return "", fault.Conflictf("%[1]s is the mail address of somebody with the number %[2]s", d.Address(), mailed[0].key)
	}
	return mailed[0].id, nil
}

// place finds the unit and the manager whom the directory names.
func (r *directoryRun) place(ctx context.Context, p *org.Person, d org.DirectoryPerson, listed bool) (err error) {
	if d.Manager != "" {
		if p.Manager.Key, _, err = db.One(ctx, r.tx, db.Value[string], `SELECT key FROM org_person WHERE organisation_id = $1 AND id = $2 ORDER BY until DESC LIMIT 1`, r.organisation, d.Manager); err != nil {
			return err
		}
		if p.Manager.Key == "" {
			return fault.Fieldf("manager", "there is nobody with the id %s", d.Manager)
		}
	}
	if d.Department == "" && listed {
		return nil
	}
	above, err := r.root(ctx)
	if err == nil && d.Division != "" && d.Department != "" {
		above, err = r.unit(ctx, d.Division, above)
	}
	if err == nil && d.Department != "" {
		above, err = r.unit(ctx, d.Department, above)
	}
	p.Unit = org.Ref{ID: above}
	return err
}
