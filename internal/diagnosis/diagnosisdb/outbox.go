package diagnosisdb

import (
	"context"
	"encoding/json"
	"errors"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/id"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// Envelope is one mail that is about to leave.
type Envelope struct {
	Organisation org.Organisation
	Diagnosis    diagnosis.Diagnosis
	To, Name     string
	Secret       string // of the personal link
	Language     string
	Text         diagnosis.MailText // unfilled
}

// A Post hands a mail to the mail server; its errors are those of kit/mail.
type Post func(ctx context.Context, e Envelope) error

// SendDue begins the mailings whose time has come, of every organisation, and sends
// what waits. Several copies of the program may call it: a lease lets one of them
// work. That a mail is tried is on the disk before post is called, and what came of
// it right after; what a copy that died was trying is in doubt, and is not sent again
// by itself. One bad address stops nothing; a mail server that cannot be reached does,
// until the next call.
func (s *Store) SendDue(ctx context.Context, post Post) error {
	type due struct{ organisation, diagnosis, mailing string }
	var all []due
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, func(row db.Scanner) (d due, err error) {
			err = row.Scan(&d.organisation, &d.diagnosis, &d.mailing)
			return d, err
		}, `SELECT m.organisation_id, m.diagnosis_id, m.id FROM diagnosis_mailing m
			JOIN diagnosis_diagnosis d ON d.organisation_id = m.organisation_id AND d.id = m.diagnosis_id
			WHERE d.state = 'open' AND d.closes_at > $1 AND (m.state = 'sending' OR m.state = 'planned' AND m.at <= $1)
			ORDER BY m.organisation_id, m.at, m.id`, s.now().UnixMicro())
		return err
	})
	if err != nil {
		return err
	}
	holder := id.Random()
	for _, d := range all {
		o := outbox{Store: s, organisation: d.organisation, diagnosis: d.diagnosis, mailing: d.mailing, post: post,
			lease: db.Lease{Table: "diagnosis_lease", ID: "mail", Holder: holder, For: s.Lease}}
		err = errors.Join(err, s.DB.Alone(ctx, o.lease, d.organisation, s.now, func(*db.Tx) error { return nil }, func() error { return o.run(ctx) }))
	}
	return err
}

// outbox sends one mailing while its lease is held.
type outbox struct {
	*Store
	organisation, diagnosis, mailing string
	lease                            db.Lease
	post                             Post

	o   org.Organisation
	d   diagnosis.Diagnosis
	m   MailingStatus
	key []byte
}

func (o *outbox) run(ctx context.Context) (err error) {
	if o.o, err = o.Org.Organisation(ctx, o.organisation); err != nil {
		return err
	}
	if o.key, err = o.Keys.Read(keyOf(o.diagnosis)); err != nil {
		return err // a database without its key folder cannot make links
	}
	if err := o.begin(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		e, invitation, err := o.next(ctx)
		if err != nil || invitation == "" {
			return err
		}
		outcome := o.post(ctx, e)
		if err := o.settled(context.WithoutCancel(ctx), invitation, outcome); err != nil {
			return err
		}
		if errors.Is(outcome, mail.ErrUnreachable) {
			return outcome
		}
	}
	return nil
}

// begin puts what a dead copy was trying in doubt and, the first time, fills the
// outbox.
func (o *outbox) begin(ctx context.Context) error {
	return o.DB.Write(ctx, func(tx *db.Tx) (err error) {
		_, err = tx.Exec(ctx, `UPDATE diagnosis_sending SET state = $2, reason = '' WHERE organisation_id = $1 AND state = $3`, o.organisation, mail.Doubt, mail.Trying)
		if err != nil {
			return err
		}
		if o.d, err = oneDiagnosis(ctx, tx, o.organisation, o.diagnosis); err != nil {
			return err
		}
		o.m, _, err = db.One(ctx, tx, scanMailing, mailingQuery+` AND diagnosis_id = $2 AND id = $3`, o.organisation, o.diagnosis, o.mailing)
		if err != nil || o.m.State != diagnosis.Planned {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE diagnosis_mailing SET state = $4 WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3`,
			o.organisation, o.diagnosis, o.mailing, diagnosis.Sending)
		if err != nil {
			return err
		}
		return o.fill(ctx, tx)
	})
}

// fill writes a line for everybody who is to be mailed and has an address.
func (o *outbox) fill(ctx context.Context, tx *db.Tx) error {
	who := `NOT EXISTS (SELECT 1 FROM diagnosis_sending s
		JOIN diagnosis_mailing m ON m.organisation_id = s.organisation_id AND m.diagnosis_id = s.diagnosis_id AND m.id = s.mailing_id
		WHERE s.organisation_id = i.organisation_id AND s.diagnosis_id = i.diagnosis_id AND s.invitation_id = i.id AND m.kind = 'invitation'
			AND NOT (s.state = 'waiting' AND m.state = 'stopped'))`
	if o.m.Kind == diagnosis.Reminder {
		who = `i.answered = FALSE AND EXISTS (SELECT 1 FROM diagnosis_sending s
			WHERE s.organisation_id = i.organisation_id AND s.diagnosis_id = i.diagnosis_id AND s.invitation_id = i.id AND s.state IN ('sent', 'left'))`
		if err := remindFirst(ctx, tx, o.organisation, o.d); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO diagnosis_sending (organisation_id, diagnosis_id, mailing_id, invitation_id, state, reason)
		SELECT i.organisation_id, i.diagnosis_id, $3, i.id, $4, '' FROM diagnosis_invitation i
		WHERE i.organisation_id = $1 AND i.diagnosis_id = $2 AND i.mail <> '' AND i.shared_id = '' AND `+who,
		o.organisation, o.diagnosis, o.mailing, mail.Waiting)
	return err
}

// next marks a waiting mail as being tried and returns it; "" when none is left,
// which ends the mailing.
func (o *outbox) next(ctx context.Context) (e Envelope, invitation string, err error) {
	err = o.DB.Write(ctx, func(tx *db.Tx) error {
		invitation = ""
		if err := o.lease.Keep(ctx, tx, o.organisation, o.now()); err != nil {
			return err
		}
		var language string
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
			return struct{}{}, row.Scan(&invitation, &e.Name, &e.To, &language)
		}, `SELECT i.id, i.name, i.mail, i.language FROM diagnosis_sending s
			JOIN diagnosis_mailing m ON m.organisation_id = s.organisation_id AND m.diagnosis_id = s.diagnosis_id AND m.id = s.mailing_id
			JOIN diagnosis_diagnosis d ON d.organisation_id = s.organisation_id AND d.id = s.diagnosis_id
			JOIN diagnosis_invitation i ON i.organisation_id = s.organisation_id AND i.diagnosis_id = s.diagnosis_id AND i.id = s.invitation_id
			WHERE s.organisation_id = $1 AND s.diagnosis_id = $2 AND s.mailing_id = $3 AND s.state = $4 AND m.state = $5 AND d.state = $6 AND d.closes_at > $7
			ORDER BY s.reason, s.invitation_id LIMIT 1`,
			o.organisation, o.diagnosis, o.mailing, mail.Waiting, diagnosis.Sending, diagnosis.Open, o.now().UnixMicro())
		if err != nil {
			return err
		}
		if !found {
			_, err := tx.Exec(ctx, `UPDATE diagnosis_mailing SET state = $4 WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3 AND state = $5`,
				o.organisation, o.diagnosis, o.mailing, diagnosis.Sent, diagnosis.Sending)
			return err
		}
		e.Organisation, e.Diagnosis = o.o, o.d
		e.Secret = secret.Derive(o.key, invitation)
		e.Language, e.Text = o.m.TextFor(language, o.o.Language)
		return o.mark(ctx, tx, invitation, mail.Trying, "")
	})
	return e, invitation, err
}

func (o *outbox) mark(ctx context.Context, tx *db.Tx, invitation string, state mail.State, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE diagnosis_sending SET state = $5, reason = $6
		WHERE organisation_id = $1 AND diagnosis_id = $2 AND mailing_id = $3 AND invitation_id = $4`,
		o.organisation, o.diagnosis, o.mailing, invitation, state, reason)
	return err
}

// settled writes down what came of a mail.
func (o *outbox) settled(ctx context.Context, invitation string, outcome error) error {
	state, reason := mail.Outcome(outcome) // what waits with a reason waits behind the others
	return o.DB.Write(ctx, func(tx *db.Tx) error { return o.mark(ctx, tx, invitation, state, reason) })
}

// endMailings keeps how many mails of each mailing left, and forgets to whom.
func endMailings(ctx context.Context, tx *db.Tx, organisation, diagnosisID string) error {
	counts := map[string]*MailingCounts{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var mailing string
		var state mail.State
		var n int
		err := row.Scan(&mailing, &state, &n)
		if counts[mailing] == nil {
			counts[mailing] = new(MailingCounts)
		}
		counts[mailing].add(state, n)
		return struct{}{}, err
	}, `SELECT mailing_id, state, COUNT(*) FROM diagnosis_sending WHERE organisation_id = $1 AND diagnosis_id = $2 GROUP BY mailing_id, state`, organisation, diagnosisID)
	if err != nil {
		return err
	}
	for mailing, c := range counts {
		text, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE diagnosis_mailing SET counts = $4 WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3`,
			organisation, diagnosisID, mailing, string(text)); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		`DELETE FROM diagnosis_sending WHERE organisation_id = $1 AND diagnosis_id = $2`,
		`UPDATE diagnosis_mailing SET state = 'stopped' WHERE organisation_id = $1 AND diagnosis_id = $2 AND state IN ('planned', 'sending')`,
	} {
		if _, err := tx.Exec(ctx, statement, organisation, diagnosisID); err != nil {
			return err
		}
	}
	return nil
}

// CanMakeLinks says whether links to an open diagnosis can be made: not after a
// restore without the key folder. Links that were sent already go on working.
func (s *Store) CanMakeLinks(diagnosisID string) bool { return s.Keys.Has(keyOf(diagnosisID)) }
