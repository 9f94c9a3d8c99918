package transitiondb

import (
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Records returns what the members of a programme have learned to do, by the person's id.
func (s *Store) Records(ctx context.Context, organisation, programme string) (all map[string]transition.Record, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneProgramme(ctx, tx, organisation, programme); err != nil {
			return err
		}
		people, err := db.All(ctx, tx, scanRef, `SELECT person_id, person_key, name FROM transition_member WHERE organisation_id = $1 AND programme_id = $2`, organisation, programme)
		if err == nil {
			all, err = records(ctx, tx, organisation, people)
		}
		return err
	})
	return all, err
}

// OwnRecord returns what somebody has learned to do who is or was in a programme, by the key
// in the roster.
func (s *Store) OwnRecord(ctx context.Context, organisation, key string) (r transition.Record, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = ownRecord(ctx, tx, organisation, key)
		return err
	})
	return r, err
}

func ownRecord(ctx context.Context, tx *db.Tx, organisation, key string) (transition.Record, error) {
	person, found, err := db.One(ctx, tx, scanRef, `SELECT person_id, person_key, name FROM transition_member WHERE organisation_id = $1 AND person_key = $2 LIMIT 1`, organisation, key)
	if err == nil && (!found || key == "") {
		err = fault.NotFoundf("you are in no programme, and so have no record")
	}
	if err != nil {
		return transition.Record{}, err
	}
	return record(ctx, tx, organisation, person)
}

func scanRef(row db.Scanner) (r org.Ref, err error) {
	err = row.Scan(&r.ID, &r.Key, &r.Name)
	return r, err
}

func record(ctx context.Context, tx *db.Tx, organisation string, person org.Ref) (transition.Record, error) {
	all, err := records(ctx, tx, organisation, []org.Ref{person})
	return all[person.ID], err
}

const experienceQuery = `SELECT person_id, id, kind, subject, depth, day, note, noted_by, noted_at, confirmed_by, confirmed_at, ` + orgdb.Zone + `
	FROM transition_experience WHERE organisation_id = $1 AND ($2 = '' OR person_id = $2)`

const ledQuery = `SELECT p.person_id, '', 'led', d.id, 0, '', '', '', d.closed_at, '', d.closed_at, o.zone
	FROM (SELECT DISTINCT person_id, person_key FROM transition_member WHERE organisation_id = $1 AND ($2 = '' OR person_id = $2)) p
	JOIN diagnosis_diagnosis d ON d.organisation_id = $1 AND d.closed_by = p.person_key AND d.state = 'closed'
	JOIN org_organisation o ON o.organisation_id = $1`

// records reads those of people: of one with one query each, of many with all.
func records(ctx context.Context, tx *db.Tx, organisation string, people []org.Ref) (map[string]transition.Record, error) {
	all, one := map[string]transition.Record{}, ""
	if len(people) == 1 {
		one = people[0].ID
	}
	for _, p := range people {
		all[p.ID] = transition.Record{Person: p}
	}
	scan := func(row db.Scanner) (struct{}, error) {
		var person, zone string
		var noted, confirmed int64
		var e transition.Experience
		err := row.Scan(&person, &e.ID, &e.Kind, &e.Subject, &e.Depth, &e.Day, &e.Note, &e.NotedBy, &noted, &e.ConfirmedBy, &confirmed, &zone)
		e.NotedAt, e.ConfirmedAt = period.Moment(noted, zone), period.Moment(confirmed, zone)
		if e.Kind == transition.Led {
			e.Day = period.DayOf(e.NotedAt)
		}
		if r, asked := all[person]; asked {
			r.Experiences = append(r.Experiences, e)
			all[person] = r
		}
		return struct{}{}, err
	}
	for _, query := range []string{experienceQuery, ledQuery} {
		if _, err := db.All(ctx, tx, scan, query, organisation, one); err != nil {
			return nil, err
		}
	}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var person, zone string
		var at int64
		var l transition.Lead
		err := row.Scan(&person, &l.Unit.ID, &l.Unit.Name, &l.By, &at, &zone)
		l.At = period.Moment(at, zone)
		if r, asked := all[person]; asked {
			r.Leads = append(r.Leads, l)
			all[person] = r
		}
		return struct{}{}, err
	}, `SELECT person_id, unit_id, unit, made_by, made_at, `+orgdb.Zone+` FROM transition_lead WHERE organisation_id = $1 AND ($2 = '' OR person_id = $2) ORDER BY made_at`, organisation, one)
	for id, r := range all {
		r.Sort()
		all[id] = r
	}
	return all, err
}

// Note adds to the own record, by the key in the roster. It waits until somebody confirms it.
func (s *Store) Note(ctx context.Context, organisation, key string, e transition.Experience, by org.By) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := ownRecord(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		_, err = s.note(ctx, tx, organisation, r, e, by)
		return err
	})
}

// NoteOf adds to the record of a member and confirms it at once.
func (s *Store) NoteOf(ctx context.Context, organisation, programme, member string, e transition.Experience, by org.By) error {
	return s.recordOf(ctx, organisation, programme, member, func(tx *db.Tx, r transition.Record, _ transition.Member) error {
		id, err := s.note(ctx, tx, organisation, r, e, by)
		if err != nil {
			return err
		}
		if r, err = record(ctx, tx, organisation, r.Person); err != nil {
			return err
		}
		return s.confirm(ctx, tx, organisation, r, id, by)
	})
}

func (s *Store) note(ctx context.Context, tx *db.Tx, organisation string, r transition.Record, e transition.Experience, by org.By) (string, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return "", err
	}
	if err := e.Check(today); err != nil {
		return "", err
	}
	if err := r.Add(e); err != nil {
		return "", err
	}
	if e.Kind != transition.OfTheme {
		_, there, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM diagnosis_diagnosis WHERE organisation_id = $1 AND id = $2 AND state <> 'draft'`, organisation, e.Subject)
		if err != nil {
			return "", err
		}
		if !there {
			return "", fault.Fieldf("diagnosis", "choose a diagnosis that is open or closed")
		}
	}
	made := id.New()
	_, err = tx.Exec(ctx, `INSERT INTO transition_experience (organisation_id, id, person_id, kind, subject, depth, day, note, noted_by, noted_at, confirmed_by, confirmed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0)`, organisation, made, r.Person.ID, e.Kind, e.Subject, e.Depth, e.Day, e.Note, by.Name, s.now().UnixMicro())
	return made, err
}

// Confirm confirms what somebody has noted in the own record. It reports the own one.
func (s *Store) Confirm(ctx context.Context, organisation, programme, member, entry string, by org.By) error {
	return s.recordOf(ctx, organisation, programme, member, func(tx *db.Tx, r transition.Record, _ transition.Member) error {
		return s.confirm(ctx, tx, organisation, r, entry, by)
	})
}

func (s *Store) confirm(ctx context.Context, tx *db.Tx, organisation string, r transition.Record, entry string, by org.By) error {
	if err := r.Confirm(entry, by); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE transition_experience SET confirmed_by = $4, confirmed_at = $5 WHERE organisation_id = $1 AND person_id = $2 AND id = $3`,
		organisation, r.Person.ID, entry, by.Name, s.now().UnixMicro())
	if err != nil {
		return err
	}
	return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by.Name, What: "experience confirmed", Detail: r.Person.Name})
}

// Strike takes an entry out of a member's record.
func (s *Store) Strike(ctx context.Context, organisation, programme, member, entry string, by org.By) error {
	return s.recordOf(ctx, organisation, programme, member, func(tx *db.Tx, r transition.Record, _ transition.Member) error {
		if by.Person == r.Person.Key {
			return fault.Conflictf("nobody changes the own record once it stands: ask somebody else")
		}
		n, err := tx.Exec(ctx, `DELETE FROM transition_experience WHERE organisation_id = $1 AND person_id = $2 AND id = $3`, organisation, r.Person.ID, entry)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFoundf("there is no such entry in this record: look at the page again")
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by.Name, What: "experience struck out", Detail: r.Person.Name})
	})
}

// StrikeOwn takes an entry out of the own record that nobody has confirmed.
func (s *Store) StrikeOwn(ctx context.Context, organisation, key, entry string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := ownRecord(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM transition_experience WHERE organisation_id = $1 AND person_id = $2 AND id = $3 AND confirmed_at = 0`, organisation, r.Person.ID, entry)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such entry that waits: look at the page again")
		}
		return err
	})
}

// MakeLead lets a member who has run a diagnosis together with somebody lead those of the own
// unit and all under it.
func (s *Store) MakeLead(ctx context.Context, organisation, programme, member, by string) error {
	return s.recordOf(ctx, organisation, programme, member, func(tx *db.Tx, r transition.Record, m transition.Member) error {
		if err := r.MayLead(m); err != nil {
			return err
		}
		grant, err := s.Org.LetIn(ctx, tx, organisation, m.Person, org.Grant{Role: org.DiagnosisLead, Scope: org.Scope{Kind: org.UnitScope, ID: m.Part.ID}}, by)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_lead (organisation_id, person_id, unit_id, unit, grant_id, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			organisation, m.Person.ID, m.Part.ID, m.Part.Name, grant, by, s.now().UnixMicro())
		return err
	})
}

// EndLead takes that back, for a unit.
func (s *Store) EndLead(ctx context.Context, organisation, programme, member, unit, by string) error {
	return s.recordOf(ctx, organisation, programme, member, func(tx *db.Tx, r transition.Record, _ transition.Member) error {
		return s.endLead(ctx, tx, organisation, r.Person.ID, unit, by)
	})
}

// endLead takes back what MakeLead gave for a unit; for every unit where that is "".
func (s *Store) endLead(ctx context.Context, tx *db.Tx, organisation, person, unit, by string) error {
	grants, err := db.All(ctx, tx, db.Value[string], `SELECT grant_id FROM transition_lead WHERE organisation_id = $1 AND person_id = $2 AND ($3 = '' OR unit_id = $3)`, organisation, person, unit)
	if err != nil {
		return err
	}
	for _, grant := range grants {
		if grant == "" {
			continue
		}
		if err := s.Org.PutOut(ctx, tx, organisation, grant, by); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM transition_lead WHERE organisation_id = $1 AND person_id = $2 AND ($3 = '' OR unit_id = $3)`, organisation, person, unit)
	return err
}

// endLeadAtLast takes back what MakeLead gave to somebody who takes part in no other programme, or
// has left.
func (s *Store) endLeadAtLast(ctx context.Context, tx *db.Tx, organisation, programme string, m transition.Member, by string) error {
	_, still, err := db.One(ctx, tx, db.Value[string], `SELECT m.id FROM transition_member m
		JOIN transition_programme p ON p.organisation_id = m.organisation_id AND p.id = m.programme_id
		WHERE m.organisation_id = $1 AND m.person_id = $2 AND m.programme_id <> $3 AND p.closed = FALSE AND m.status IN ('accepted', 'active') LIMIT 1`, organisation, m.Person.ID, programme)
	if err != nil || still && !m.Left {
		return err
	}
	return s.endLead(ctx, tx, organisation, m.Person.ID, "", by)
}

// recordOf hands over the record of a member, to be changed.
func (s *Store) recordOf(ctx context.Context, organisation, programme, member string, change func(*db.Tx, transition.Record, transition.Member) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := s.member(ctx, tx, organisation, programme, member)
		if err != nil {
			return err
		}
		r, err := record(ctx, tx, organisation, org.Ref{ID: m.Person.ID, Key: m.Person.Key, Name: m.Person.Title()})
		if err != nil {
			return err
		}
		return change(tx, r, m)
	})
}
