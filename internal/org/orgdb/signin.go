package orgdb

import (
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// localOn holds for an account a of an organisation whose people may sign in without its provider.
const localOn = `NOT EXISTS (SELECT 1 FROM org_signon s WHERE s.organisation_id = a.organisation_id AND s.local_off)`

// Door is an account that somebody has shown to be theirs.
type Door struct {
	Organisation org.Organisation
	Account      string
	Name         string
}

// CheckPassword returns the accounts, one an organisation, to which a mail
// address and a password give access; none is forbidden, in words that do not
// tell whether the address is known.
func (s Store) CheckPassword(ctx context.Context, mail, password string) ([]Door, error) {
	type candidate struct {
		Door
		hash string
	}
	var candidates []candidate
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		candidates, err = db.All(ctx, tx, func(row db.Scanner) (c candidate, err error) {
			o := &c.Organisation
			err = row.Scan(&c.Account, &c.Name, &c.hash, &o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
			return c, err
		}, `SELECT a.id, a.name, a.password, o.organisation_id, o.slug, o.name, o.language, o.simulated, o.zone
			FROM org_account a JOIN org_organisation o ON o.organisation_id = a.organisation_id
			WHERE a.mail = $1 AND a.closed_at = 0 AND `+localOn+` ORDER BY o.slug LIMIT 20`, org.CleanMail(mail))
		return err
	})
	if err != nil {
		return nil, err
	}
	var doors []Door
	for _, c := range candidates {
		if secret.CheckPassword(c.hash, password) {
			doors = append(doors, c.Door)
		}
	}
	if len(candidates) == 0 {
		secret.CheckPassword("", password) // takes as long as for a known address
	}
	if len(doors) == 0 {
		return nil, fault.Forbiddenf("the mail address and the password do not belong together")
	}
	return doors, nil
}

// Link is a one-time link to sign in, to be mailed.
type Link struct {
	Organisation org.Organisation
	Mail, Name   string
	Language     string
	Secret       string
}

// MakeLinks makes a one-time link for every open account of a mail address, of
// organisations that have switched such ways off too. None is no mistake: the person is told the same.
func (s Store) MakeLinks(ctx context.Context, mail string) ([]Link, error) {
	return s.makeLinks(ctx, mail, "")
}

// AskedLinks is MakeLinks without organisations that have switched such ways off.
func (s Store) AskedLinks(ctx context.Context, mail string) ([]Link, error) {
	return s.makeLinks(ctx, mail, ` AND `+localOn)
}

func (s Store) makeLinks(ctx context.Context, mail, narrow string) ([]Link, error) {
	var links []Link
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		accounts := []string{}
		var err error
		links, err = db.All(ctx, tx, func(row db.Scanner) (l Link, err error) {
			var account string
			o := &l.Organisation
			err = row.Scan(&account, &l.Name, &l.Mail, &l.Language, &o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
			accounts = append(accounts, account)
			return l, err
		}, `SELECT a.id, a.name, a.mail, a.language, o.organisation_id, o.slug, o.name, o.language, o.simulated, o.zone
			FROM org_account a JOIN org_organisation o ON o.organisation_id = a.organisation_id
			WHERE a.mail = $1 AND a.closed_at = 0`+narrow+` ORDER BY o.slug LIMIT 20`, org.CleanMail(mail))
		if err != nil {
			return err
		}
		for i := range links {
			links[i].Secret = secret.Token()
			if err := s.addLink(ctx, tx, links[i].Organisation.ID, accounts[i], links[i].Secret); err != nil {
				return err
			}
		}
		return nil
	})
	return links, err
}

// MakeLink makes a one-time link for one account and returns its secret.
func (s Store) MakeLink(ctx context.Context, organisation, account string) (string, error) {
	token := secret.Token()
	return token, s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.account(ctx, tx, organisation, account); err != nil {
			return err
		}
		return s.addLink(ctx, tx, organisation, account, token)
	})
}

func (s Store) addLink(ctx context.Context, tx *db.Tx, organisation, account, token string) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_link (organisation_id, id, account_id, secret_hash, expires_at, used_at)
		VALUES ($1, $2, $3, $4, $5, 0)`, organisation, id.New(), account, secret.Hash("s", token), s.now().Add(org.LinkLives).UnixMicro())
	return err
}

// UseLink spends a one-time link. A link that is unknown, used or too old is not
// found, in the same words.
func (s Store) UseLink(ctx context.Context, token string) (door Door, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		hash, now := secret.Hash("s", token), s.now().UnixMicro()
		var link string
		door, _, err = db.One(ctx, tx, func(row db.Scanner) (d Door, err error) {
			o := &d.Organisation
			err = row.Scan(&link, &d.Account, &d.Name, &o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
			return d, err
		}, `SELECT l.id, a.id, a.name, o.organisation_id, o.slug, o.name, o.language, o.simulated, o.zone
			FROM org_link l
			JOIN org_account a ON a.organisation_id = l.organisation_id AND a.id = l.account_id
			JOIN org_organisation o ON o.organisation_id = l.organisation_id
			WHERE l.secret_hash = $1 AND l.used_at = 0 AND l.expires_at > $2 AND a.closed_at = 0`, hash, now)
		if err != nil {
			return err
		}
		if link == "" {
			return fault.NotFoundf("this link has been used or is too old: ask for a new one")
		}
		_, err = tx.Exec(ctx, `UPDATE org_link SET used_at = $3 WHERE organisation_id = $1 AND id = $2`, door.Organisation.ID, link, now)
		return err
	})
	return door, err
}
