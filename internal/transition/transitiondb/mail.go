package transitiondb

import (
	"context"
	"errors"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

func linkHash(token string) string { return secret.Hash("p", token) }

const mostNote = 1000 // bytes

// Invite invites members, by their ids, by mail, with a few words if there are any. It
// reports somebody without a mail address.
func (s *Store) Invite(ctx context.Context, organisation, programme string, members []string, note, by string) error {
	if len(members) == 0 {
		return fault.Fieldf("member", "tick who is to be invited")
	}
	if len(note) > mostNote {
		return fault.Fieldf("note", "your words have at most %d bytes", mostNote)
	}
	members = slices.Compact(slices.Sorted(slices.Values(members)))
	mails := make([]string, len(members))
	for i := range mails {
		mails[i] = id.New()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := running(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		for i, one := range members {
			m, err := s.member(ctx, tx, organisation, programme, one)
			if err != nil {
				return err
			}
			if m.Person.Mail == "" && !m.Left {
				return fault.Fieldf("member", "the roster has no mail address of %s: ask in person, and note the answer here", m.Person.Title())
			}
			if err := s.take(ctx, tx, organisation, programme, m, transition.Step{Status: transition.Invited, At: s.now(), By: by}); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO transition_mail (organisation_id, programme_id, id, member_id, kind, note, state, reason, made_at)
				VALUES ($1, $2, $3, $4, 'invitation', $5, $6, '', $7)`, organisation, programme, mails[i], m.ID, note, mail.Waiting, s.now().UnixMicro())
			if err != nil {
				return err
			}
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "invited to a programme", Detail: p.Name})
	})
}

// forgetMail deletes what waits for a member: who has another status is not asked any more.
func forgetMail(ctx context.Context, tx *db.Tx, organisation, programme, member string) error {
	_, err := tx.Exec(ctx, `DELETE FROM transition_mail WHERE organisation_id = $1 AND programme_id = $2 AND member_id = $3 AND state = $4`, organisation, programme, member, mail.Waiting)
	return err
}

// Trouble is a mail that was refused, or of which nobody knows whether it left.
type Trouble struct {
	Member string // id
	Doubt  bool
	Reason string
}

// Troubles lists, by member, the newest mail where it is one.
func (s *Store) Troubles(ctx context.Context, organisation, programme string) (map[string]Trouble, error) {
	all := map[string]Trouble{}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		clear(all)
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var t Trouble
			var state mail.State
			err := row.Scan(&t.Member, &state, &t.Reason)
			delete(all, t.Member)
			if t.Doubt = state == mail.Doubt; t.Doubt || state == mail.Failed {
				all[t.Member] = t
			}
			return struct{}{}, err
		}, `SELECT member_id, state, reason FROM transition_mail WHERE organisation_id = $1 AND programme_id = $2 ORDER BY made_at, id`, organisation, programme)
		return err
	})
	return all, err
}

// Envelope is one mail that is about to leave: an invitation to a programme, what somebody is told
// of a session, or a reminder of actions.
type Envelope struct {
	Organisation org.Organisation
	Programme    transition.Programme
	Member       transition.Member
	Focal        []diagnosis.FocalPoint // of the programme
	Note         string
	Secret       string // of the link
	Notice       *Notice
	Nudge        *Nudge
}

// Notice is what somebody is told of a session: that it will be, has changed, is cancelled, or that
// they have not answered.
type Notice struct {
	Session  transition.Session
	Person   org.Person
	Version  int // that is told
	Reminder bool
	Host     bool // the person leads it
	Again    bool // the person has had a mail about it before
	Gone     bool // the person is asked no more
}

// A Post hands a mail to the mail server; its errors are those of kit/mail.
type Post func(ctx context.Context, e Envelope) error

// SendDue sends what waits in the outboxes. Several copies of the program may call it: a
// lease lets one of them work. That a mail is tried is on the disk before post is called,
// and what came of it right after; what a copy that died was trying is in doubt, and is not
// sent again by itself. One bad address stops nothing; a mail server that cannot be reached
// does, until the next call.
func (s *Store) SendDue(ctx context.Context, post Post) error {
	holder := id.Random()
	var all error
	for _, o := range []outbox{{table: "transition_mail", next: nextInvitation}, {table: "transition_notice", next: nextNotice}, {table: "transition_nudge", next: nextNudge}} {
		due, err := o.waiting(ctx, s.DB)
		all = errors.Join(all, err)
		for _, organisation := range due {
			o.Store, o.organisation, o.post = s, organisation, post
			o.lease = db.Lease{Table: "transition_lease", ID: o.table, Holder: holder, For: s.Lease}
			all = errors.Join(all, o.alone(ctx))
		}
	}
	return all
}

// outbox sends an organisation's mail that waits in a table while its lease is held.
type outbox struct {
	*Store
	organisation string
	lease        db.Lease
	post         Post
	due          map[string][]transition.Action // what reminders are about, by person; nil until it is read
	table        string
	// next marks a waiting mail as being tried and returns it; "" when none is left. What
	// waits with a reason waits behind the others.
	next func(ctx context.Context, o *outbox) (e Envelope, one string, left bool, err error)
}

func (o outbox) waiting(ctx context.Context, d *db.DB) (organisations []string, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		organisations, err = db.All(ctx, tx, db.Value[string], `SELECT DISTINCT organisation_id FROM `+o.table+` WHERE state IN ($1, $2) ORDER BY organisation_id`, mail.Waiting, mail.Trying)
		return err
	})
	return organisations, err
}

// alone runs while this copy has the lease; what a dead copy was trying is in doubt.
func (o *outbox) alone(ctx context.Context) error {
	return o.DB.Alone(ctx, o.lease, o.organisation, o.now, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE `+o.table+` SET state = $2, reason = '' WHERE organisation_id = $1 AND state = $3`, o.organisation, mail.Doubt, mail.Trying)
		return err
	}, func() error { return o.run(ctx) })
}

func (o *outbox) run(ctx context.Context) error {
	for ctx.Err() == nil {
		e, one, left, err := o.next(ctx, o)
		if err != nil || one == "" {
			return err
		}
		if left {
			if err := o.mark(ctx, one, mail.Left, ""); err != nil {
				return err
			}
			continue
		}
		outcome := o.post(ctx, e)
		state, reason := mail.Outcome(outcome)
		if err := o.mark(context.WithoutCancel(ctx), one, state, reason); err != nil {
			return err
		}
		if errors.Is(outcome, mail.ErrUnreachable) {
			return outcome
		}
	}
	return nil
}

func (o *outbox) mark(ctx context.Context, one string, state mail.State, reason string) error {
	return o.DB.Write(ctx, func(tx *db.Tx) error {
		return o.set(ctx, tx, one, state, reason)
	})
}

func (o *outbox) set(ctx context.Context, tx *db.Tx, one string, state mail.State, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE `+o.table+` SET state = $3, reason = $4 WHERE organisation_id = $1 AND id = $2`, o.organisation, one, state, reason)
	return err
}

// nextInvitation is the next invitation to a programme, with a new link.
func nextInvitation(ctx context.Context, o *outbox) (e Envelope, one string, left bool, err error) {
	token := secret.Token()
	err = o.DB.Write(ctx, func(tx *db.Tx) error {
		one = ""
		if err := o.lease.Keep(ctx, tx, o.organisation, o.now()); err != nil {
			return err
		}
		// Who is not asked any more, or by a programme that has ended, gets nothing.
		_, err := tx.Exec(ctx, `DELETE FROM transition_mail WHERE organisation_id = $1 AND state = $2 AND NOT EXISTS (
			SELECT 1 FROM transition_member m JOIN transition_programme p ON p.organisation_id = m.organisation_id AND p.id = m.programme_id
			WHERE m.organisation_id = transition_mail.organisation_id AND m.programme_id = transition_mail.programme_id AND m.id = transition_mail.member_id
				AND m.status = $3 AND p.closed = FALSE)`, o.organisation, mail.Waiting, transition.Invited)
		if err != nil {
			return err
		}
		var programme, member string
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&one, &programme, &member, &e.Note, &e.Organisation.Name, &e.Organisation.Language)
		}, `SELECT l.id, l.programme_id, l.member_id, l.note, o.name, o.language FROM transition_mail l
			JOIN org_organisation o ON o.organisation_id = l.organisation_id
			WHERE l.organisation_id = $1 AND l.state = $2 ORDER BY l.reason, l.made_at, l.id LIMIT 1`,
			o.organisation, mail.Waiting)
		if err != nil || !found {
			return err
		}
		if e.Programme, err = oneProgramme(ctx, tx, o.organisation, programme); err != nil {
			return err
		}
		if e.Member, err = o.member(ctx, tx, o.organisation, programme, member); err != nil {
			return err
		}
		e.Organisation.ID, e.Secret = o.organisation, token
		_, err = tx.Exec(ctx, `UPDATE transition_member SET secret_hash = $4 WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`,
			o.organisation, programme, member, linkHash(token))
		if err != nil {
			return err
		}
		return o.set(ctx, tx, one, mail.Trying, "")
	})
	if err != nil || one == "" {
		return e, one, false, err
	}
	e.Focal, err = o.FocalOf(context.WithoutCancel(ctx), o.organisation, e.Programme)
	return e, one, e.Member.Left, err
}
