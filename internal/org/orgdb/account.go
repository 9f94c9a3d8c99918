package orgdb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// CreateAccount adds an account with what it is granted and returns its id. A
// mail address that has an account in this organisation is a conflict.
func (s Store) CreateAccount(ctx context.Context, organisation string, a org.Account, by string) (account string, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		account, err = s.createAccount(ctx, tx, organisation, a, by)
		return err
	})
	return account, err
}

func (s Store) createAccount(ctx context.Context, tx *db.Tx, organisation string, a org.Account, by string) (string, error) {
	if err := a.Check(); err != nil {
		return "", err
	}
	a.ID = id.New()
	_, err := tx.Exec(ctx, `INSERT INTO org_account
		(organisation_id, id, mail, name, person_id, password, language, made_at, closed_at)
		VALUES ($1, $2, $3, $4, $5, '', $6, $7, 0)`,
		organisation, a.ID, a.Mail, a.Name, a.Person, a.Language, s.now().UnixMicro())
	if db.IsDuplicate(err) {
		return "", fault.Conflictf("%s has an account already", a.Mail)
	}
	if err != nil {
		return "", err
	}
	for _, g := range a.Grants {
		if err := s.grant(ctx, tx, organisation, a.ID, g, by); err != nil {
			return "", err
		}
	}
	return a.ID, RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "account made", Detail: a.Mail})
}

// Grant gives an account a role within a scope. Granting twice is once.
func (s Store) Grant(ctx context.Context, organisation, account string, g org.Grant, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.account(ctx, tx, organisation, account)
		if err != nil {
			return err
		}
		same := func(h org.Grant) bool { return h.Role == g.Role && h.Scope == g.Scope }
		if slices.ContainsFunc(a.Grants, same) {
			return nil
		}
		return s.grant(ctx, tx, organisation, account, g, by)
	})
}

func (s Store) grant(ctx context.Context, tx *db.Tx, organisation, account string, g org.Grant, by string) error {
	if err := g.Check(); err != nil {
		return err
	}
	if table, ok := map[org.ScopeKind]string{org.UnitScope: "org_unit", org.PartnerScope: "org_partner", org.PersonScope: "org_person"}[g.Scope.Kind]; ok {
		_, found, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM `+table+` WHERE organisation_id = $1 AND id = $2 LIMIT 1`, organisation, g.Scope.ID)
		if err == nil && !found {
			err = fault.Fieldf("scope", "choose the unit or partner for which the role holds")
		}
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO org_grant (organisation_id, id, account_id, role, scope, scope_id, made_at, made_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		organisation, cmp.Or(g.ID, id.New()), account, g.Role, g.Scope.Kind, g.Scope.ID, s.now().UnixMicro(), by)
	if err != nil {
		return err
	}
	return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "role granted", Detail: string(g.Role)})
}

// LetIn sees to it, inside another transaction, that somebody of the roster with a mail
// address can sign in and has a role: an account is made where there is none. One that is
// closed stays closed; one of somebody else is a conflict. It returns the id of the grant that
// it gave, "" where the role was there.
func (s Store) LetIn(ctx context.Context, tx *db.Tx, organisation string, p org.Person, g org.Grant, by string) (grant string, err error) {
	mail := org.CleanMail(p.Mail)
	found, there, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM org_account WHERE organisation_id = $1 AND mail = $2`, organisation, mail)
	if err != nil {
		return "", err
	}
	if !there {
		if found, err = s.createAccount(ctx, tx, organisation, org.Account{Mail: mail, Name: p.Title(), Person: p.Key}, by); err != nil {
			return "", err
		}
	}
	a, err := s.account(ctx, tx, organisation, found)
	if err != nil {
		return "", err
	}
	if a.Person != p.Key && (a.Person != "" || !strings.EqualFold(a.Name, p.Title())) {
		return "", fault.Conflictf("%s is the mail address of somebody else's account: ask an administrator to correct the account or the roster", mail)
	}
	if a.Person == "" {
		if _, err := tx.Exec(ctx, `UPDATE org_account SET person_id = $3 WHERE organisation_id = $1 AND id = $2`, organisation, a.ID, p.Key); err != nil {
			return "", err
		}
	}
	if slices.ContainsFunc(a.Grants, func(h org.Grant) bool { return h.Role == g.Role && h.Scope == g.Scope }) {
		return "", nil
	}
	g.ID = id.New()
	return g.ID, s.grant(ctx, tx, organisation, a.ID, g, by)
}

// PutOut takes back, inside another transaction, a grant that LetIn gave.
func (s Store) PutOut(ctx context.Context, tx *db.Tx, organisation, grant, by string) error {
	n, err := tx.Exec(ctx, `DELETE FROM org_grant WHERE organisation_id = $1 AND id = $2`, organisation, grant)
	if err != nil || n == 0 {
		return err
	}
	return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "role taken back", Detail: grant})
}

// Revoke takes a grant back. The last administrator cannot be revoked.
func (s Store) Revoke(ctx context.Context, organisation, account, grant, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM org_grant WHERE organisation_id = $1 AND account_id = $2 AND id = $3`, organisation, account, grant)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFoundf("there is no such grant")
		}
		if err := s.keepsAnAdministrator(ctx, tx, organisation); err != nil {
			return err
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "role taken back", Detail: grant})
	})
}

// CloseAccount ends an account: nobody can sign in with it any more.
func (s Store) CloseAccount(ctx context.Context, organisation, account, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE org_account SET closed_at = $3 WHERE organisation_id = $1 AND id = $2 AND closed_at = 0`,
			organisation, account, s.now().UnixMicro())
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.NotFoundf("there is no such account")
		}
		if err := s.keepsAnAdministrator(ctx, tx, organisation); err != nil {
			return err
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "account closed", Detail: account})
	})
}

func (s Store) keepsAnAdministrator(ctx context.Context, tx *db.Tx, organisation string) error {
	_, found, err := db.One(ctx, tx, db.Value[string], `SELECT a.id FROM org_account a
		JOIN org_grant g ON g.organisation_id = a.organisation_id AND g.account_id = a.id
		WHERE a.organisation_id = $1 AND a.closed_at = 0 AND g.role = $2 AND g.scope = $3 LIMIT 1`,
		organisation, org.Administrator, org.WholeScope)
	if err == nil && !found {
		return fault.Conflictf("the organisation would be left without an administrator: make somebody else one first")
	}
	return err
}

// Accounts returns every account of an organisation with its grants, by name.
func (s Store) Accounts(ctx context.Context, organisation string) (accounts []org.Account, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		accounts, err = db.All(ctx, tx, scanAccount, `SELECT `+accountColumns+` FROM org_account a
			WHERE a.organisation_id = $1 ORDER BY a.name, a.id`, organisation)
		if err != nil {
			return err
		}
		type held struct {
			account string
			grant   org.Grant
		}
		grants, err := db.All(ctx, tx, func(row db.Scanner) (h held, err error) {
			err = row.Scan(&h.account, &h.grant.ID, &h.grant.Role, &h.grant.Scope.Kind, &h.grant.Scope.ID)
			return h, err
		}, `SELECT account_id, id, role, scope, scope_id FROM org_grant WHERE organisation_id = $1 ORDER BY id`, organisation)
		at := map[string]int{}
		for i, a := range accounts {
			at[a.ID] = i
		}
		for _, h := range grants {
			a := &accounts[at[h.account]]
			a.Grants = append(a.Grants, h.grant)
		}
		return err
	})
	return accounts, err
}

// Account returns one account with its grants.
func (s Store) Account(ctx context.Context, organisation, account string) (a org.Account, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		a, err = s.account(ctx, tx, organisation, account)
		return err
	})
	return a, err
}

const accountColumns = `a.id, a.mail, a.name, a.person_id, a.language, a.closed_at`

func scanAccount(row db.Scanner) (a org.Account, err error) {
	var closed int64
	err = row.Scan(&a.ID, &a.Mail, &a.Name, &a.Person, &a.Language, &closed)
	a.Closed = closed > 0
	return a, err
}

func (s Store) account(ctx context.Context, tx *db.Tx, organisation, account string) (org.Account, error) {
	a, found, err := db.One(ctx, tx, scanAccount, `SELECT `+accountColumns+` FROM org_account a
		WHERE a.organisation_id = $1 AND a.id = $2`, organisation, account)
	if err != nil {
		return a, err
	}
	if !found {
		return a, fault.NotFoundf("there is no such account")
	}
	a.Grants, err = db.All(ctx, tx, func(row db.Scanner) (g org.Grant, err error) {
		err = row.Scan(&g.ID, &g.Role, &g.Scope.Kind, &g.Scope.ID)
		return g, err
	}, `SELECT id, role, scope, scope_id FROM org_grant WHERE organisation_id = $1 AND account_id = $2 ORDER BY id`, organisation, account)
	return a, err
}

// Actor returns who acts with an account that is open; not found otherwise.
func (s Store) Actor(ctx context.Context, organisation, account string) (org.Actor, error) {
	a, err := s.Account(ctx, organisation, account)
	if err == nil && a.Closed {
		err = fault.NotFoundf("there is no such account")
	}
	return org.Actor{Organisation: organisation, Account: a.ID, Name: a.Name, Person: a.Person, Language: a.Language, Grants: a.Grants}, err
}

// SetPassword gives an account a password.
func (s Store) SetPassword(ctx context.Context, organisation, account, password string) error {
	if err := org.CheckPassword(password); err != nil {
		return err
	}
	return s.change(ctx, `UPDATE org_account SET password = $3 WHERE organisation_id = $1 AND id = $2 AND closed_at = 0`,
		organisation, account, secret.HashPassword(password))
}

// SetLanguage keeps the language in which an account's owner reads.
func (s Store) SetLanguage(ctx context.Context, organisation, account, language string) error {
	return s.change(ctx, `UPDATE org_account SET language = $3 WHERE organisation_id = $1 AND id = $2 AND closed_at = 0`,
		organisation, account, language)
}

func (s Store) change(ctx context.Context, query, organisation, account, value string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, query, organisation, account, value)
		if err == nil && n == 0 {
			return fault.NotFoundf("there is no such account")
		}
		return err
	})
}
