package orgdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/period"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// Digest is the weekly mail to somebody, before it is written.
type Digest struct {
	Organisation org.Organisation
	Account      string // id
	Secret       string // of the link by which they end
}

func digestHash(token string) string { return secret.Hash("d", token) }

// digestKept is how long the link in such a mail opens something.
const digestKept = 400 * 24 * time.Hour

// weekOf is the ISO week of a moment.
func weekOf(now time.Time) string {
	year, week := now.ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, week)
}

// SendDigests writes to each account that wants it, at most once a week and not in the week in which it was made, what waits
// for its owner; at hours at which people work in their organisation. write returns the letter, and false where nothing waits; post
// hands it to the mail server, with the errors of kit/mail. Several copies of the program may call it: a lease lets one of
// them work, and what a copy that died was trying is not sent again. A server that cannot be reached is tried again at the next call.
func (s Store) SendDigests(ctx context.Context, write func(context.Context, Digest) (mail.Letter, bool, error), post func(context.Context, mail.Letter) error) error {
	var all []org.Organisation
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(ctx, tx, scanOrganisation, `SELECT `+organisationColumns+` FROM org_organisation WHERE quiet = FALSE ORDER BY organisation_id`)
		return err
	})
	lease := db.Lease{Table: "org_lease", ID: "org_digest", Holder: id.Random()}
	for _, o := range all {
		if !mail.Hours(s.now().In(period.Zone(o.Zone))) {
			continue
		}
		err = errors.Join(err, s.DB.Alone(ctx, lease, o.ID, s.now, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE org_digest SET state = $2 WHERE organisation_id = $1 AND state = $3`, o.ID, mail.Doubt, mail.Trying)
			if err == nil {
				_, err = tx.Exec(ctx, `DELETE FROM org_digest WHERE organisation_id = $1 AND made_at < $2`, o.ID, s.now().Add(-digestKept).UnixMicro())
			}
			return err
		}, func() error { return s.sendDigests(ctx, lease, o, write, post) }))
	}
	return err
}

func (s Store) sendDigests(ctx context.Context, lease db.Lease, o org.Organisation, write func(context.Context, Digest) (mail.Letter, bool, error), post func(context.Context, mail.Letter) error) error {
	week := weekOf(s.now().In(period.Zone(o.Zone)))
	monday := s.now().In(period.Zone(o.Zone))
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, -1)
	}
	monday = time.Date(monday.Year(), monday.Month(), monday.Day(), 0, 0, 0, 0, monday.Location())
	var due []string
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.All(ctx, tx, db.Value[string], `SELECT a.id FROM org_account a WHERE a.organisation_id = $1 AND a.closed_at = 0 AND a.digests = TRUE AND a.made_at < $2
			AND NOT EXISTS (SELECT 1 FROM org_digest d WHERE d.organisation_id = a.organisation_id AND d.account_id = a.id AND d.week = $3 AND d.state <> $4) ORDER BY a.id`,
			o.ID, monday.UnixMicro(), week, mail.Waiting)
		return err
	})
	for _, account := range due {
		if ctx.Err() != nil || !mail.Hours(s.now().In(period.Zone(o.Zone))) {
			break
		}
		one := s.sendDigest(ctx, lease, Digest{o, account, secret.Token()}, week, write, post)
		if errors.Is(one, mail.ErrUnreachable) || errors.Is(one, db.ErrLost) {
			return errors.Join(err, one)
		}
		err = errors.Join(err, one) // what cannot be written to one keeps nobody else waiting
	}
	return err
}

func (s Store) sendDigest(ctx context.Context, lease db.Lease, d Digest, week string, write func(context.Context, Digest) (mail.Letter, bool, error), post func(context.Context, mail.Letter) error) error {
	letter, waits, err := write(ctx, d)
	if fault.KindOf(err) == fault.NotFound { // the account was closed meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	mark := func(ctx context.Context, state mail.State, hash, reason string) error {
		return s.DB.Write(ctx, func(tx *db.Tx) error {
			if err := lease.Keep(ctx, tx, d.Organisation.ID, s.now()); err != nil {
				return err
			}
			return tx.PutMany(ctx, "org_digest", []string{"organisation_id", "account_id", "week", "secret_hash", "state", "reason", "made_at"}, 3,
				[][]any{{d.Organisation.ID, d.Account, week, hash, state, reason, s.now().UnixMicro()}})
		})
	}
	if !waits {
		return mark(ctx, mail.Left, "", "")
	}
	if err := mark(ctx, mail.Trying, digestHash(d.Secret), ""); err != nil {
		return err
	}
	outcome := post(ctx, letter)
	state, reason := mail.Outcome(outcome)
	if err := mark(context.WithoutCancel(ctx), state, digestHash(d.Secret), reason); err != nil {
		return err
	}
	if errors.Is(outcome, mail.ErrUnreachable) {
		return outcome
	}
	return nil
}

// Digested is what the link in a weekly mail opens.
type Digested struct {
	Organisation org.Organisation
	Account      string
	Wants        bool // gets them
}

// DigestedBy returns it; not found for a link that is none.
func (s Store) DigestedBy(ctx context.Context, token string) (v Digested, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		var found bool
		v, found, err = db.One(ctx, tx, func(row db.Scanner) (v Digested, err error) {
			o := &v.Organisation
			err = row.Scan(&v.Account, &v.Wants, &o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
			return v, err
		}, `SELECT a.id, a.digests, o.organisation_id, o.slug, o.name, o.language, o.simulated, o.zone FROM org_digest d
			JOIN org_account a ON a.organisation_id = d.organisation_id AND a.id = d.account_id AND a.closed_at = 0
			JOIN org_organisation o ON o.organisation_id = d.organisation_id WHERE d.secret_hash = $1`, digestHash(token))
		if err == nil && !found {
			err = fault.NotFoundf("this link does not open anything any more")
		}
		return err
	})
	return v, err
}

// WantsDigest says whether an account's owner gets the weekly mail.
func (s Store) WantsDigest(ctx context.Context, organisation, account string) (wants bool, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		var found bool
		if wants, found, err = db.One(ctx, tx, db.Value[bool], `SELECT digests FROM org_account WHERE organisation_id = $1 AND id = $2`, organisation, account); err == nil && !found {
			err = fault.NotFoundf("there is no such account")
		}
		return err
	})
	return wants, err
}

// SetDigest switches the weekly mail of an account off, or on again.
func (s Store) SetDigest(ctx context.Context, organisation, account string, wants bool) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE org_account SET digests = $3 WHERE organisation_id = $1 AND id = $2`, organisation, account, wants)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such account")
		}
		return err
	})
}

// SetQuiet says whether nobody of an organisation gets the weekly mail.
func (s Store) SetQuiet(ctx context.Context, organisation string, quiet bool, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE org_organisation SET quiet = $2 WHERE organisation_id = $1`, organisation, quiet)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such organisation")
		}
		if err != nil {
			return err
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: map[bool]string{true: "weekly mails switched off", false: "weekly mails switched on"}[quiet]})
	})
}
