package transitiondb

import (
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// InviteToSession mails who is asked to a session and has not been told of it as it is now, and
// asks those of its people who have joined since it was planned. It returns how many mails wait,
// and who has no mail address.
func (s *Store) InviteToSession(ctx context.Context, organisation, session string) (mails int, without []string, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		mails, without = 0, nil
		now, err := planned(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		if now.Over(s.now()) {
			return fault.Conflictf("this session is over: note who came instead")
		}
		m, err := s.meeting(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		joined, err := s.working(ctx, tx, organisation, m.Joined)
		if err == nil {
			err = s.clash(ctx, tx, organisation, now, joined)
		}
		if err == nil {
			err = s.ask(ctx, tx, organisation, session, joined)
		}
		if err != nil {
			return err
		}
		attendees, err := s.attendees(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		for _, a := range attendees {
			switch {
			case a.Left || a.Mailed == now.Version:
			case a.Person.Mail == "":
				without = append(without, a.Person.Title())
			default:
				mails++
			}
		}
		return s.tell(ctx, tx, organisation, now, attendees, true)
	})
	return mails, without, err
}

// tell puts a mail in the outbox for each who has not been told of a session as it is now: all
// who have an address, or only those who have been told before.
func (s *Store) tell(ctx context.Context, tx *db.Tx, organisation string, session transition.Session, attendees []transition.Attendee, all bool) error {
	_, err := tx.Exec(ctx, `DELETE FROM transition_notice WHERE organisation_id = $1 AND session_id = $2 AND state = $3`, organisation, session.ID, mail.Waiting)
	if err != nil {
		return err
	}
	if session.Over(s.now()) {
		return nil
	}
	for _, a := range attendees {
		if a.Left || a.Person.Mail == "" || a.Mailed == session.Version || a.Mailed < 0 && !all {
			continue
		}
		_, err := tx.Exec(ctx, `INSERT INTO transition_notice (organisation_id, session_id, id, person_id, version, state, reason, made_at) VALUES ($1, $2, $3, $4, $5, $6, '', $7)`,
			organisation, session.ID, id.New(), a.Person.ID, session.Version, mail.Waiting, s.now().UnixMicro())
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE transition_attendee SET mailed = $4 WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3`, organisation, session.ID, a.Person.ID, session.Version)
		if err != nil {
			return err
		}
	}
	return nil
}

// noticeTroubles lists, by person, the newest mail about a session where it did not arrive.
func noticeTroubles(ctx context.Context, tx *db.Tx, organisation, session string) (map[string]Trouble, error) {
	all := map[string]Trouble{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var t Trouble
		var state mail.State
		err := row.Scan(&t.Member, &state, &t.Reason)
		delete(all, t.Member)
		if t.Doubt = state == mail.Doubt; t.Doubt || state == mail.Failed {
			all[t.Member] = t
		}
		return struct{}{}, err
	}, `SELECT person_id, state, reason FROM transition_notice WHERE organisation_id = $1 AND session_id = $2 ORDER BY made_at, id`, organisation, session)
	return all, err
}

func passHash(token string) string { return secret.Hash("s", token) }

// nextNotice is the next mail about a session, with a link of its own.
func nextNotice(ctx context.Context, o *outbox) (e Envelope, one string, left bool, err error) {
	token, pass := secret.Token(), id.New()
	err = o.DB.Write(ctx, func(tx *db.Tx) error {
		one = ""
		if err := o.lease.Keep(ctx, tx, o.organisation, o.now()); err != nil {
			return err
		}
		n := &Notice{}
		var session, person string
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&one, &session, &person, &n.Version, &e.Organisation.Name, &e.Organisation.Language, &e.Organisation.Zone)
		}, `SELECT l.id, l.session_id, l.person_id, l.version, o.name, o.language, o.zone FROM transition_notice l
			JOIN org_organisation o ON o.organisation_id = l.organisation_id
			WHERE l.organisation_id = $1 AND l.state = $2 ORDER BY l.reason, l.made_at, l.id LIMIT 1`, o.organisation, mail.Waiting)
		if err != nil || !found {
			return err
		}
		if n.Session, err = oneSession(ctx, tx, o.organisation, session); err != nil {
			return err
		}
		if e.Programme, err = oneProgramme(ctx, tx, o.organisation, n.Session.Programme); err != nil {
			return err
		}
		attendees, err := o.attendees(ctx, tx, o.organisation, session)
		if err != nil {
			return err
		}
		left = true
		for _, a := range attendees {
			if a.Person.ID == person {
				n.Person, left = a.Person, a.Left || a.Person.Mail == "" || n.Session.Over(o.now())
			}
		}
		e.Organisation.ID, e.Secret, e.Notice = o.organisation, token, n
		if left {
			return nil
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_pass (organisation_id, session_id, id, person_id, secret_hash) VALUES ($1, $2, $3, $4, $5)`,
			o.organisation, session, pass, person, passHash(token))
		if err != nil {
			return err
		}
		return o.set(ctx, tx, one, mail.Trying, "")
	})
	return e, one, left, err
}

// Passed is what the link in a mail about a session opens.
type Passed struct {
	Organisation org.Organisation
	Session      string // id
	Person       org.Ref
}

// passesFor is how many days after a session its links open it.
const passesFor = 60

// Pass returns it; not found for a link that is none, one of a session long past, and one of
// somebody who has left.
func (s *Store) Pass(ctx context.Context, token string) (p Passed, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		var key string
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			o := &p.Organisation
			return struct{}{}, row.Scan(&p.Session, &p.Person.ID, &key, &o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
		}, `SELECT p.session_id, p.person_id, a.person_key, o.organisation_id, o.slug, o.name, o.language, o.simulated, o.zone FROM transition_pass p
			JOIN transition_attendee a ON a.organisation_id = p.organisation_id AND a.session_id = p.session_id AND a.person_id = p.person_id
			JOIN org_organisation o ON o.organisation_id = p.organisation_id WHERE p.secret_hash = $1`, passHash(token))
		gone := fault.NotFoundf("this link does not open a session any more")
		if err != nil || !found || token == "" {
			if err == nil {
				err = gone
			}
			return err
		}
		session, err := oneSession(ctx, tx, p.Organisation.ID, p.Session)
		if err != nil {
			return err
		}
		if session.Ends().AddDate(0, 0, passesFor).Before(s.now()) {
			return gone
		}
		if _, err := s.working(ctx, tx, p.Organisation.ID, []string{p.Person.ID}); err != nil {
			if fault.KindOf(err) == fault.Invalid {
				err = gone
			}
			return err
		}
		p.Person.Key = key
		return nil
	})
	return p, err
}
