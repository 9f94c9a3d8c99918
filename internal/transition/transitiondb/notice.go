package transitiondb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// InviteToSession mails who is asked to a session and has not been told of it as it is now, and
// asks those of its people who have joined since it was planned and are free at the time. It
// returns how many mails wait.
func (s *Store) InviteToSession(ctx context.Context, organisation, session string) (mails int, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
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
		if err := s.ask(ctx, tx, organisation, session, m.Joined); err != nil {
			return err
		}
		attendees, err := s.attendees(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		if err := s.tell(ctx, tx, organisation, now, attendees, everybody); err != nil {
			return err
		}
		mails, _, err = db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM transition_notice WHERE organisation_id = $1 AND session_id = $2 AND state = $3`, organisation, session, mail.Waiting)
		return err
	})
	return mails, err
}

// whom says who is told of a session.
type whom int

const (
	toldBefore whom = iota // who has been told of it and not of it as it is now
	everybody              // who has not been told of it as it is now, or whose mail did not arrive
	unanswered             // who has been told and has not answered
)

// tell puts a mail in the outbox for each who is to be told of a session, its host among them.
func (s *Store) tell(ctx context.Context, tx *db.Tx, organisation string, session transition.Session, attendees []transition.Attendee, of whom) error {
	if _, err := tx.Exec(ctx, `DELETE FROM transition_notice WHERE organisation_id = $1 AND session_id = $2 AND state = $3 AND version <> $4
		AND person_id NOT IN (SELECT person_id FROM transition_attendee WHERE organisation_id = $1 AND session_id = $2 AND gone = TRUE)`, organisation, session.ID, mail.Waiting, session.Version); err != nil {
		return err
	}
	if session.Over(s.now()) {
		return nil
	}
	troubles, err := noticeTroubles(ctx, tx, organisation, session.ID)
	if err != nil {
		return err
	}
	for _, a := range attendees {
		_, failed := troubles[a.Person.ID]
		told := a.Mailed == session.Version && !failed
		switch {
		case a.Left || a.Gone || a.Person.Mail == "":
		case of == everybody && !told, of == toldBefore && a.Mailed >= 0 && !told, of == unanswered && told && a.Answer == transition.Unsaid:
			if err := s.queue(ctx, tx, organisation, session, a.Person.ID, of == unanswered); err != nil {
				return err
			}
		}
	}
	host := session.Host.Person.ID
	if host == "" || of == unanswered {
		return nil
	}
	was, _, err := db.One(ctx, tx, db.Value[int], `SELECT host_mailed FROM transition_session WHERE organisation_id = $1 AND id = $2`, organisation, session.ID)
	if err != nil || was == session.Version || was < 0 && of == toldBefore || slices.ContainsFunc(attendees, func(a transition.Attendee) bool { return a.Person.ID == host && !a.Gone }) {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE transition_session SET host_mailed = $3 WHERE organisation_id = $1 AND id = $2`, organisation, session.ID, session.Version); err != nil {
		return err
	}
	return s.queue(ctx, tx, organisation, session, host, false)
}

// queue puts a mail about a session as it is now in the outbox.
func (s *Store) queue(ctx context.Context, tx *db.Tx, organisation string, session transition.Session, person string, reminder bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO transition_notice (organisation_id, session_id, id, person_id, version, reminder, state, reason, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)`,
		organisation, session.ID, id.New(), person, session.Version, reminder, mail.Waiting, s.now().UnixMicro())
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE transition_attendee SET mailed = $4 WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3`, organisation, session.ID, person, session.Version)
	return err
}

func forgetNotice(ctx context.Context, tx *db.Tx, organisation, session, person string) error {
	_, err := tx.Exec(ctx, `DELETE FROM transition_notice WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3 AND state = $4`, organisation, session, person, mail.Waiting)
	return err
}

// Remind mails who has been told of a session and has not answered once more, and returns how many
// mails wait.
func (s *Store) Remind(ctx context.Context, organisation, session string) (mails int, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		mails = 0
		now, err := planned(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		attendees, err := s.attendees(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		if err := s.tell(ctx, tx, organisation, now, attendees, unanswered); err != nil {
			return err
		}
		mails, _, err = db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM transition_notice WHERE organisation_id = $1 AND session_id = $2 AND state = $3 AND reminder = TRUE`, organisation, session, mail.Waiting)
		return err
	})
	return mails, err
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
			return struct{}{}, row.Scan(&one, &session, &person, &n.Version, &n.Reminder, &e.Organisation.Name, &e.Organisation.Language, &e.Organisation.Zone)
		}, `SELECT l.id, l.session_id, l.person_id, l.version, l.reminder, o.name, o.language, o.zone FROM transition_notice l
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
		if left, err = o.addressee(ctx, tx, n, session, person); err != nil {
			return err
		}
		e.Organisation.ID, e.Secret, e.Notice = o.organisation, token, n
		if left {
			return nil
		}
		_, n.Again, err = db.One(ctx, tx, db.Value[string], `SELECT id FROM transition_notice WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3 AND state = $4 LIMIT 1`, o.organisation, session, person, mail.Sent)
		if err != nil {
			return err
		}
		if left = (n.Session.Cancelled || n.Gone) && !n.Again; left { // who never heard of it need not hear of its end
			return nil
		}
		if n.Host || n.Gone {
			return o.set(ctx, tx, one, mail.Trying, "")
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

// addressee finds who a mail about a session goes to, and says whether there is nobody to mail.
func (o *outbox) addressee(ctx context.Context, tx *db.Tx, n *Notice, session, person string) (left bool, err error) {
	attendees, err := o.attendeesOf(ctx, tx, o.organisation, session, person)
	if err != nil || n.Session.Over(o.now()) {
		return true, err
	}
	if len(attendees) == 1 {
		a := attendees[0]
		n.Person, n.Gone = a.Person, a.Gone
		return a.Left || a.Person.Mail == "", nil
	}
	if n.Session.Host.Person.ID != person {
		return true, nil
	}
	people, err := o.working(ctx, tx, o.organisation, []string{person})
	if err != nil {
		if fault.KindOf(err) == fault.Invalid {
			err = nil
		}
		return true, err
	}
	n.Person, n.Host = people[0], true
	return n.Person.Mail == "", nil
}

// Passed is what the link in a mail about a session opens.
type Passed struct {
	Organisation org.Organisation
	Session      string // id
	Person       org.Ref
}

// passesFor is how many days after a session its links open it.
const passesFor = 180

// Pass returns it; not found for a link that is none, one of a session long past, and one of
// somebody who has left.
func (s *Store) Pass(ctx context.Context, token string) (p Passed, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		var key string
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			o := &p.Organisation
			return struct{}{}, row.Scan(&p.Session, &p.Person.ID, &key, &o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
		}, `SELECT p.session_id, p.person_id, a.person_key, o.organisation_id, o.slug, o.name, o.language, o.simulated, o.zone FROM transition_pass p
			JOIN transition_attendee a ON a.organisation_id = p.organisation_id AND a.session_id = p.session_id AND a.person_id = p.person_id AND a.gone = FALSE
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
