package diagnosisdb

import (
	"context"
	"encoding/json"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// MailingCounts is how many sendings of a mailing are in each state.
type MailingCounts struct {
	Waiting, Sent, Failed, Doubt int
}

// MailingStatus is a mailing and how far it is.
type MailingStatus struct {
	diagnosis.Mailing
	MailingCounts
}

// Mailings lists the mailings of a diagnosis, by the time they are planned for.
func (s *Store) Mailings(ctx context.Context, organisation, diagnosisID string) (list []MailingStatus, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		list, err = db.All(ctx, tx, scanMailing, mailingQuery+` AND diagnosis_id = $2 ORDER BY at, id`, organisation, diagnosisID)
		if err != nil {
			return err
		}
		at := map[string]*MailingStatus{}
		for i := range list {
			at[list[i].ID] = &list[i]
		}
		_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var mailing string
			var state mail.State
			var n int
			err := row.Scan(&mailing, &state, &n)
			at[mailing].add(state, n)
			return struct{}{}, err
		}, `SELECT mailing_id, state, COUNT(*) FROM diagnosis_sending
			WHERE organisation_id = $1 AND diagnosis_id = $2 GROUP BY mailing_id, state`, organisation, diagnosisID)
		return err
	})
	return list, err
}

func (c *MailingCounts) add(state mail.State, n int) {
	switch state {
	case mail.Waiting, mail.Trying:
		c.Waiting += n
	case mail.Sent, mail.Left:
		c.Sent += n
	case mail.Failed:
		c.Failed += n
	case mail.Doubt:
		c.Doubt += n
	}
}

const mailingQuery = `SELECT id, kind, at, state, texts, counts, ` + orgdb.Zone + ` FROM diagnosis_mailing WHERE organisation_id = $1`

func scanMailing(row db.Scanner) (m MailingStatus, err error) {
	var at int64
	var texts, counts, zone string
	if err := row.Scan(&m.ID, &m.Kind, &at, &m.State, &texts, &counts, &zone); err != nil {
		return m, err
	}
	m.At = period.Moment(at, zone)
	if counts != "" {
		err = json.Unmarshal([]byte(counts), &m.MailingCounts)
	}
	if err == nil {
		err = json.Unmarshal([]byte(texts), &m.Texts)
	}
	return m, err
}

// PlanMailing plans a mailing and returns its id. A diagnosis that is closed, or will
// be when the mails leave, is a conflict.
func (s *Store) PlanMailing(ctx context.Context, organisation, diagnosisID string, m diagnosis.Mailing, by string) (string, error) {
	if err := m.Check(); err != nil {
		return "", err
	}
	texts, err := json.Marshal(m.Texts)
	if err != nil {
		return "", err
	}
	m.ID = id.New()
	return m.ID, s.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
		if err != nil {
			return err
		}
		switch {
		case d.State == diagnosis.Draft:
			return fault.Conflictf("open the diagnosis first: until then nobody has a link")
		case d.State == diagnosis.Closed:
			return fault.Conflictf("this diagnosis is closed: nobody is mailed any more")
		case m.At.Before(d.Opens):
			return fault.Fieldf("at", "the diagnosis takes answers from %s on: choose a later time", d.Opens.Format("2006-01-02 15:04"))
		case !m.At.Before(d.Closes):
			return fault.Fieldf("at", "the diagnosis closes at %s: choose an earlier time", d.Closes.Format("2006-01-02 15:04"))
		}
		now := s.now()
		_, err = tx.Exec(ctx, `INSERT INTO diagnosis_mailing (organisation_id, diagnosis_id, id, kind, at, state, texts, counts, made_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)`, organisation, diagnosisID, m.ID, m.Kind, m.At.UnixMicro(), diagnosis.Planned, string(texts), now.UnixMicro())
		if err != nil {
			return err
		}
		detail := d.Name + ", " + m.At.Format("2006-01-02 15:04")
		if m.Kind == diagnosis.Reminder {
			return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by, What: "reminder planned", Detail: detail})
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by, What: "invitation by mail planned", Detail: detail})
	})
}

// StopMailing ends a mailing: what has not left stays.
func (s *Store) StopMailing(ctx context.Context, organisation, diagnosisID, mailing, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE diagnosis_mailing SET state = $4 WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3 AND state IN ($5, $6)`,
			organisation, diagnosisID, mailing, diagnosis.Stopped, diagnosis.Planned, diagnosis.Sending)
		if err == nil && n == 0 {
			return fault.Conflictf("this mailing has ended already, or there is none")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM diagnosis_sending WHERE organisation_id = $1 AND diagnosis_id = $2 AND mailing_id = $3 AND state = $4`,
			organisation, diagnosisID, mailing, mail.Waiting)
		if err == nil {
			err = unremind(ctx, tx, organisation, diagnosisID)
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "mailing stopped"})
	})
}

// Trouble is a mail that was refused, or of which nobody knows whether it left.
type Trouble struct {
	Mailing, Invitation string
	Key, Name, Mail     string
	Doubt               bool
	Reason              string
}

// Troubles lists them by name, the first so many.
func (s *Store) Troubles(ctx context.Context, organisation, diagnosisID string, most int) (list []Trouble, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneDiagnosis(ctx, tx, organisation, diagnosisID); err != nil {
			return err
		}
		list, err = db.All(ctx, tx, func(row db.Scanner) (t Trouble, err error) {
			var state mail.State
			err = row.Scan(&t.Mailing, &t.Invitation, &state, &t.Reason, &t.Key, &t.Name, &t.Mail)
			t.Doubt = state == mail.Doubt
			return t, err
		}, `SELECT m.mailing_id, m.invitation_id, m.state, m.reason, i.key, i.name, i.mail
			FROM diagnosis_sending m
			JOIN diagnosis_invitation i ON i.organisation_id = m.organisation_id AND i.diagnosis_id = m.diagnosis_id AND i.id = m.invitation_id
			WHERE m.organisation_id = $1 AND m.diagnosis_id = $2 AND m.state IN ($3, $4)
			ORDER BY i.name, i.key LIMIT $5`, organisation, diagnosisID, mail.Failed, mail.Doubt, most)
		return err
	})
	return list, err
}

// Resend sends a refused or doubtful mail again, to another address unless that is
// "". Leave lets a doubtful one be.
func (s *Store) Resend(ctx context.Context, organisation, diagnosisID, mailing, invitation, to, by string) error {
	if to != "" {
		if err := org.CheckMail(&to); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.settle(ctx, tx, organisation, diagnosisID, mailing, invitation, mail.Waiting, mail.Failed, mail.Doubt); err != nil {
			return err
		}
		if to != "" {
			if err := correctAddress(ctx, tx, organisation, diagnosisID, invitation, to); err != nil {
				return err
			}
		}
		if err := takeUp(ctx, tx, organisation, diagnosisID, mailing); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "mail sent again"})
	})
}

// takeUp lets a mailing that has ended send again.
func takeUp(ctx context.Context, tx *db.Tx, organisation, diagnosisID, mailing string) error {
	_, err := tx.Exec(ctx, `UPDATE diagnosis_mailing SET state = $4 WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3 AND state IN ($5, $6)`,
		organisation, diagnosisID, mailing, diagnosis.Sending, diagnosis.Sent, diagnosis.Stopped)
	return err
}

// Leave lets a doubtful mail be: whoever did not get it is reminded like others.
func (s *Store) Leave(ctx context.Context, organisation, diagnosisID, mailing, invitation string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.settle(ctx, tx, organisation, diagnosisID, mailing, invitation, mail.Left, mail.Doubt, mail.Doubt)
	})
}

// settle gives a sending in one of two states another.
func (s *Store) settle(ctx context.Context, tx *db.Tx, organisation, diagnosisID, mailing, invitation string, to, from, orFrom mail.State) error {
	d, err := oneDiagnosis(ctx, tx, organisation, diagnosisID)
	if err != nil {
		return err
	}
	if d.State != diagnosis.Open {
		return fault.Conflictf("this diagnosis is closed: nobody is mailed any more")
	}
	n, err := tx.Exec(ctx, `UPDATE diagnosis_sending SET state = $5, reason = ''
		WHERE organisation_id = $1 AND diagnosis_id = $2 AND mailing_id = $3 AND invitation_id = $4 AND state IN ($6, $7)`,
		organisation, diagnosisID, mailing, invitation, to, from, orFrom)
	if err == nil && n == 0 {
		return fault.Conflictf("this mail is not waiting for a decision any more")
	}
	return err
}
