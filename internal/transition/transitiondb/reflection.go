package transitiondb

import (
	"context"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Written is what people have written of a session.
type Written struct {
	Own         transition.Reflection // of who asks
	Shared      []transition.Reflection
	Statements  []transition.Statement // the newest of each, as of this session: of who asks alone, or of all
	Commitments []transition.Commitment
	Feedback    *transition.Feedback // of who asks
	Said        *transition.Said     // of all, once enough have said something
}

// Written returns what somebody, by the roster's key, may read of it: the own, what is shared,
// and, where all is asked for, everybody's statements and commitments and what was said of the
// session. Reflections that are not shared nobody else reads.
func (s *Store) Written(ctx context.Context, organisation, session, key string, all bool) (w Written, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		w = Written{}
		of, err := oneSession(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		attendees, err := s.attendees(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		people, own := map[string]org.Ref{}, ""
		for _, a := range attendees {
			people[a.Person.ID] = org.Ref{ID: a.Person.ID, Key: a.Person.Key, Name: a.Person.Title()}
			if a.Person.Key == key {
				own = a.Person.ID
			}
		}
		if err := w.reflections(ctx, tx, organisation, session, own, people); err != nil {
			return err
		}
		if err := w.promises(ctx, tx, organisation, of, own, people, all); err != nil {
			return err
		}
		return w.said(ctx, tx, organisation, of, own, all)
	})
	return w, err
}

func (w *Written) reflections(ctx context.Context, tx *db.Tx, organisation, session, own string, people map[string]org.Ref) error {
	found, err := db.All(ctx, tx, func(row db.Scanner) (r transition.Reflection, err error) {
		var at int64
		var zone string
		err = row.Scan(&r.Person.ID, &r.Text, &r.Shared, &at, &zone)
		r.At = period.Moment(at, zone)
		return r, err
	}, `SELECT person_id, body, shared, at, `+orgdb.Zone+` FROM transition_reflection WHERE organisation_id = $1 AND session_id = $2
		AND (shared = TRUE OR person_id = $3) ORDER BY at, person_id`, organisation, session, own)
	for _, r := range found {
		r.Person = people[r.Person.ID]
		if r.Person.ID == own && own != "" {
			w.Own = r
		}
		if r.Shared {
			w.Shared = append(w.Shared, r)
		}
	}
	return err
}

func (w *Written) promises(ctx context.Context, tx *db.Tx, organisation string, of transition.Session, own string, people map[string]org.Ref, all bool) error {
	// The newest statement of each person until this session.
	found, err := db.All(ctx, tx, func(row db.Scanner) (st transition.Statement, err error) {
		var at int64
		var zone string
		err = row.Scan(&st.Person.ID, &st.Session, &st.Role, &st.Results, &at, &zone)
		st.At = period.Moment(at, zone)
		return st, err
	}, `SELECT t.person_id, t.session_id, t.role, t.results, t.at, o.zone FROM transition_statement t
		JOIN transition_session s ON s.organisation_id = t.organisation_id AND s.id = t.session_id
		JOIN org_organisation o ON o.organisation_id = t.organisation_id
		WHERE t.organisation_id = $1 AND s.programme_id = $2 AND s.of_member = $3 AND s.starts_at <= $4 ORDER BY s.starts_at DESC, t.at DESC`, organisation, of.Programme, of.Of, of.Starts.UnixMicro())
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, st := range found {
		person, asked := people[st.Person.ID]
		if asked && !seen[st.Person.ID] && (all || st.Person.ID == own) {
			st.Person, seen[st.Person.ID] = person, true
			w.Statements = append(w.Statements, st)
		}
	}
	commitments, err := db.All(ctx, tx, scanCommitment, commitmentQuery+` AND session_id = $2 ORDER BY due, id`, organisation, of.ID)
	for _, c := range commitments {
		if all || c.Person.ID == own {
			c.Person = people[c.Person.ID]
			w.Commitments = append(w.Commitments, c)
		}
	}
	return err
}

func (w *Written) said(ctx context.Context, tx *db.Tx, organisation string, of transition.Session, own string, all bool) error {
	var feedback []transition.Feedback
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var person string
		var f transition.Feedback
		err := row.Scan(&person, &f.Useful, &f.Text)
		if person != of.Host.Person.ID {
			feedback = append(feedback, f)
		}
		if person == own {
			w.Feedback = &f
		}
		return struct{}{}, err
	}, `SELECT person_id, useful, body FROM transition_feedback WHERE organisation_id = $1 AND session_id = $2 ORDER BY at, person_id`, organisation, of.ID)
	if err != nil || !all {
		return err
	}
	p, err := oneProgramme(ctx, tx, organisation, of.Programme)
	if err != nil {
		return err
	}
	least, err := minimumOf(ctx, tx, organisation, p.Diagnosis)
	w.Said = transition.Sum(feedback, least)
	return err
}

// minimumOf is the smallest group of a diagnosis that is shown.
func minimumOf(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) (int, error) {
	setup, _, err := db.One(ctx, tx, db.Value[string], `SELECT setup FROM diagnosis_diagnosis WHERE organisation_id = $1 AND id = $2`, organisation, diagnosisID)
	if err != nil {
		return 0, err
	}
	var of struct{ Minimum int }
	return of.Minimum, unpack(setup, &of)
}

const commitmentQuery = `SELECT id, session_id, person_id, body, due, made_at, done_at, outcome, ` + orgdb.Zone + ` FROM transition_commitment WHERE organisation_id = $1`

func scanCommitment(row db.Scanner) (c transition.Commitment, err error) {
	var made, done int64
	var zone string
	err = row.Scan(&c.ID, &c.Session, &c.Person.ID, &c.Text, &c.Due, &made, &done, &c.Outcome, &zone)
	c.Made, c.Done = period.Moment(made, zone), period.Moment(done, zone)
	return c, err
}

// asked is the id of somebody who is asked to a session, by the roster's key.
func asked(ctx context.Context, tx *db.Tx, organisation, session, key string) (string, error) {
	person, found, err := db.One(ctx, tx, db.Value[string], `SELECT person_id FROM transition_attendee WHERE organisation_id = $1 AND session_id = $2 AND person_key = $3 AND gone = FALSE`, organisation, session, key)
	if err == nil && (!found || key == "") {
		err = fault.NotFoundf("there is no such session")
	}
	return person, err
}

// write is what those who are asked to a session write of it.
func (s *Store) write(ctx context.Context, organisation, session, key string, write func(tx *db.Tx, person string, at int64) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := oneSession(ctx, tx, organisation, session); err != nil {
			return err
		}
		person, err := asked(ctx, tx, organisation, session, key)
		if err != nil {
			return err
		}
		return write(tx, person, s.now().UnixMicro())
	})
}

// Reflect keeps somebody's reflection; an empty one is deleted.
func (s *Store) Reflect(ctx context.Context, organisation, session, key, text string, shared bool) error {
	if err := transition.CheckText(&text, "reflection"); err != nil {
		return err
	}
	return s.write(ctx, organisation, session, key, func(tx *db.Tx, person string, at int64) error {
		if text == "" {
			_, err := tx.Exec(ctx, `DELETE FROM transition_reflection WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3`, organisation, session, person)
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO transition_reflection (organisation_id, session_id, person_id, body, shared, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (organisation_id, session_id, person_id) DO UPDATE SET body = $4, shared = $5, at = $6`, organisation, session, person, text, shared, at)
		return err
	})
}

// State keeps what somebody says their role is and what is to come of it.
func (s *Store) State(ctx context.Context, organisation, session, key, role, results string) error {
	if err := transition.CheckText(&role, "own-role"); err != nil {
		return err
	}
	if err := transition.CheckText(&results, "results"); err != nil {
		return err
	}
	if role == "" || results == "" {
		return fault.Fieldf("own-role", "say both what your role is and what is to come of it")
	}
	return s.write(ctx, organisation, session, key, func(tx *db.Tx, person string, at int64) error {
		_, err := tx.Exec(ctx, `INSERT INTO transition_statement (organisation_id, session_id, person_id, role, results, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (organisation_id, session_id, person_id) DO UPDATE SET role = $4, results = $5, at = $6`, organisation, session, person, role, results, at)
		return err
	})
}

const mostCommitments = 20

// Commit keeps what somebody takes upon themselves.
func (s *Store) Commit(ctx context.Context, organisation, session, key string, c transition.Commitment) error {
	made := id.New()
	return s.write(ctx, organisation, session, key, func(tx *db.Tx, person string, at int64) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if err := c.Check(today); err != nil {
			return err
		}
		had, _, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM transition_commitment WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3`, organisation, session, person)
		if err != nil {
			return err
		}
		if had >= mostCommitments {
			return fault.Fieldf("commitment", "%d commitments of one session are enough: do some of them first", mostCommitments)
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_commitment (organisation_id, session_id, id, person_id, body, due, made_at, done_at, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '')`,
			organisation, session, made, person, c.Text, c.Due, at)
		return err
	})
}

// Fulfil says that somebody's own commitment is done, and what came of it.
func (s *Store) Fulfil(ctx context.Context, organisation, session, key, commitment, outcome string) error {
	if err := transition.CheckText(&outcome, "outcome"); err != nil {
		return err
	}
	return s.write(ctx, organisation, session, key, func(tx *db.Tx, person string, at int64) error {
		n, err := tx.Exec(ctx, `UPDATE transition_commitment SET done_at = $5, outcome = $6 WHERE organisation_id = $1 AND session_id = $2 AND id = $3 AND person_id = $4 AND done_at = 0`,
			organisation, session, commitment, person, at, outcome)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such commitment that waits: look at the page again")
		}
		return err
	})
}

// SayOf keeps what somebody says of a session that has begun.
func (s *Store) SayOf(ctx context.Context, organisation, session, key string, f transition.Feedback) error {
	if err := f.Check(); err != nil {
		return err
	}
	return s.write(ctx, organisation, session, key, func(tx *db.Tx, person string, at int64) error {
		of, err := oneSession(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		if of.Starts.After(s.now()) {
			return fault.Conflictf("this session has not begun")
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_feedback (organisation_id, session_id, person_id, useful, body, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (organisation_id, session_id, person_id) DO UPDATE SET useful = $4, body = $5, at = $6`, organisation, session, person, f.Useful, f.Text, at)
		return err
	})
}

// CommitmentsOf lists what somebody, by the roster's key, has taken upon themselves and not done
// since a day, or not yet.
func (s *Store) CommitmentsOf(ctx context.Context, organisation, key string, since time.Time) (all []transition.Commitment, err error) {
	if key == "" {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanCommitment, commitmentQuery+` AND (done_at = 0 OR done_at >= $3)
			AND EXISTS (SELECT 1 FROM transition_attendee a WHERE a.organisation_id = $1 AND a.session_id = transition_commitment.session_id
				AND a.person_id = transition_commitment.person_id AND a.person_key = $2) ORDER BY due, id`, organisation, key, since.UnixMicro())
		return err
	})
	return all, err
}
