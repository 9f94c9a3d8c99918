package orgdb

import (
	"context"
	"strings"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// tokenMark begins every token, so that who finds one knows what it is.
const tokenMark = "tl_"

const tokenQuery = `SELECT t.id, t.account_id, a.mail, t.name, t.scopes, t.made_by, t.made_at, t.expires_at, t.used_at, t.withdrawn_at, ` + Zone + `
	FROM org_token t JOIN org_account a ON a.organisation_id = t.organisation_id AND a.id = t.account_id WHERE t.organisation_id = $1`

func scanToken(row db.Scanner) (t org.Token, err error) {
	var scopes, zone string
	var at [4]int64
	err = row.Scan(&t.ID, &t.Account, &t.Owner, &t.Name, &scopes, &t.MadeBy, &at[0], &at[1], &at[2], &at[3], &zone)
	t.Scopes = strings.Fields(scopes)
	for n, to := range []*time.Time{&t.MadeAt, &t.Expires, &t.Used, &t.Withdrawn} {
		if at[n] > 0 {
			*to = period.Moment(at[n], zone)
		}
	}
	return t, err
}

// MakeToken makes a token of an account and returns its secret, which is kept nowhere. scopes are those
// that there are.
func (s Store) MakeToken(ctx context.Context, organisation string, t org.Token, scopes []string, by string) (string, error) {
	if err := t.Check(scopes, s.now()); err != nil {
		return "", err
	}
	token := tokenMark + organisation + "_" + secret.Token()
	return token, s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.account(ctx, tx, organisation, t.Account); err != nil {
			return err
		}
		now := s.now()
		_, err := tx.Exec(ctx, `INSERT INTO org_token (organisation_id, id, account_id, name, secret_hash, scopes, made_by, made_at, expires_at, used_at, withdrawn_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)`,
			organisation, id.New(), t.Account, t.Name, secret.Hash("t", token), strings.Join(t.Scopes, " "), by, now.UnixMicro(), t.Expires.UnixMicro())
		if err != nil {
			return err
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: now, Who: by, What: "token made", Detail: t.Name + ": " + strings.Join(t.Scopes, ", ")})
	})
}

// Tokens lists the tokens of an account, of every one for "", the newest first.
func (s Store) Tokens(ctx context.Context, organisation, account string) (all []org.Token, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanToken, tokenQuery+` AND ($2 = '' OR t.account_id = $2) ORDER BY t.id DESC`, organisation, account)
		return err
	})
	return all, err
}

// WithdrawToken ends a token of an account, of any for "". Withdrawing twice is once.
func (s Store) WithdrawToken(ctx context.Context, organisation, account, token, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		t, found, err := db.One(ctx, tx, scanToken, tokenQuery+` AND ($2 = '' OR t.account_id = $2) AND t.id = $3`, organisation, account, token)
		if err == nil && !found {
			err = fault.NotFoundf("there is no such token")
		}
		if err != nil || !t.Withdrawn.IsZero() {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE org_token SET withdrawn_at = $3 WHERE organisation_id = $1 AND id = $2`, organisation, token, s.now().UnixMicro()); err != nil {
			return err
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "token withdrawn", Detail: t.Name})
	})
}

// UseToken returns the actor for whom a token speaks, and the token. One that is unknown, has ended, was
// withdrawn or is of a closed account is forbidden, in the same words.
func (s Store) UseToken(ctx context.Context, token string) (actor org.Actor, t org.Token, err error) {
	no := fault.Forbiddenf("this needs a token that holds: make one on the page of your account, and send it as 'Authorization: Bearer ...'")
	rest, ours := strings.CutPrefix(token, tokenMark)
	organisation, _, whole := strings.Cut(rest, "_")
	if !ours || !whole || organisation == "" {
		return actor, t, no
	}
	found := false
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		t, found, err = db.One(ctx, tx, scanToken, tokenQuery+` AND t.secret_hash = $2`, organisation, secret.Hash("t", token))
		return err
	})
	if err != nil {
		return actor, t, err
	}
	if !found || !t.Holds(s.now()) {
		return actor, t, no
	}
	if actor, err = s.Actor(ctx, organisation, t.Account); fault.KindOf(err) == fault.NotFound {
		return actor, t, no
	}
	if err != nil || s.now().Sub(t.Used) < time.Hour {
		return actor, t, err
	}
	return actor, t, s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE org_token SET used_at = $3 WHERE organisation_id = $1 AND id = $2`, organisation, t.ID, s.now().Truncate(time.Hour).UnixMicro())
		return err
	})
}
