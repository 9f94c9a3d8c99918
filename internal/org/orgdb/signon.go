package orgdb

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/secret"
	"throughline/internal/org"
)

// signOnKey seals what providers know this program by.
const signOnKey = "sign-on"

// SignOnDoor is a button on the page to sign in.
type SignOnDoor struct {
	Slug         string // of the organisation
	Organisation string // its name, where the installation has several
	Name         string
}

// SignOnDoors lists the sign-ons of all organisations, and whether anybody signs in by password or
// mailed link at all.
func (s Store) SignOnDoors(ctx context.Context) (doors []SignOnDoor, local bool, err error) {
	several := 0
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		doors, local, several = nil, false, 0
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var d SignOnDoor
			var off bool
			err := row.Scan(&d.Slug, &d.Organisation, &d.Name, &off)
			several++
			if local = local || !off; d.Name != "" {
				doors = append(doors, d)
			}
			return struct{}{}, err
		}, `SELECT o.slug, o.name, COALESCE(s.name, ''), COALESCE(s.local_off, FALSE) FROM org_organisation o LEFT JOIN org_signon s ON s.organisation_id = o.organisation_id ORDER BY o.slug`)
		return err
	})
	if several < 2 {
		for n := range doors {
			doors[n].Organisation = ""
		}
	}
	return doors, local, err
}

// SignOn returns how an organisation's people sign on; false where they do not.
func (s Store) SignOn(ctx context.Context, organisation string) (so org.SignOn, found bool, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		so, found, err = s.signOn(ctx, tx, organisation)
		return err
	})
	return so, found, err
}

func (s Store) signOn(ctx context.Context, tx *db.Tx, organisation string) (so org.SignOn, found bool, err error) {
	var sealed []byte
	var scopes, rules string
	_, found, err = db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&so.Name, &so.Issuer, &so.Client, &sealed, &scopes, &so.Claim, &rules, &so.Trusts, &so.Makes, &so.LocalOff)
	}, `SELECT name, issuer, client, sealed, scopes, claim, rules, trusts, makes, local_off FROM org_signon WHERE organisation_id = $1`, organisation)
	if err != nil || !found {
		return so, found, err
	}
	so.Scopes = strings.Fields(scopes)
	var kept []keptRule
	if err := json.Unmarshal([]byte(rules), &kept); err != nil {
		return so, true, err
	}
	for _, r := range kept {
		so.Rules = append(so.Rules, org.SignOnRule{Value: r.Value, Role: r.Role, Unit: org.Ref{ID: r.Unit, Key: r.Key, Name: r.Name}})
	}
	if len(sealed) == 0 {
		return so, true, nil
	}
	key, err := s.Keys.Read(signOnKey)
	if err == nil {
		var text []byte
		text, err = secret.Unseal(organisation, string(key), sealed)
		so.Secret = string(text)
	}
	if err != nil { // a backup without the key folder
		return so, true, fault.Conflictf("the secret of the sign-on cannot be read with the key file of this installation: an administrator has to write it anew")
	}
	return so, true, nil
}

// keptRule is a rule as it is stored; Unit is the id.
type keptRule struct {
	Value string   `json:"value"`
	Role  org.Role `json:"role"`
	Unit  string   `json:"unit,omitempty"`
	Key   string   `json:"key,omitempty"`
	Name  string   `json:"name,omitempty"`
}

// SaveSignOn keeps how an organisation's people sign on. An empty secret leaves the one that is kept.
// Who switches local accounts off must have signed in at the provider.
func (s Store) SaveSignOn(ctx context.Context, organisation string, so org.SignOn, account, by string) error {
	if err := so.Check(); err != nil {
		return err
	}
	if err := s.placeRules(ctx, organisation, so.Rules); err != nil {
		return err
	}
	kept := []keptRule{}
	for _, r := range so.Rules {
		kept = append(kept, keptRule{r.Value, r.Role, r.Unit.ID, r.Unit.Key, r.Unit.Name})
	}
	rules, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	var sealed []byte
	if so.Secret != "" {
		key, err := s.Keys.Make(signOnKey)
		if err != nil {
			return err
		}
		sealed = secret.Seal(organisation, string(key), []byte(so.Secret))
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		was, _, err := db.One(ctx, tx, db.Value[[]byte], `SELECT sealed FROM org_signon WHERE organisation_id = $1 AND issuer = $2 AND client = $3`, organisation, so.Issuer, so.Client)
		if err != nil {
			return err
		}
		if sealed == nil {
			sealed = append([]byte{}, was...)
		}
		if so.LocalOff {
			_, known, err := db.One(ctx, tx, db.Value[string], `SELECT subject FROM org_identity WHERE organisation_id = $1 AND account_id = $2 AND issuer = $3`, organisation, account, so.Issuer)
			if err == nil && !known {
				err = fault.Fieldf("local-off", "sign in this way once yourself before you switch the other ways off")
			}
			if err != nil {
				return err
			}
		}
		err = tx.PutMany(ctx, "org_signon", []string{"organisation_id", "name", "issuer", "client", "sealed", "scopes", "claim", "rules", "trusts", "makes", "local_off", "made_by", "made_at"}, 1,
			[][]any{{organisation, so.Name, so.Issuer, so.Client, sealed, strings.Join(so.Scopes, " "), so.Claim, string(rules), so.Trusts, so.Makes, so.LocalOff, by, s.now().UnixMicro()}})
		if err != nil {
			return err
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "sign-on changed", Detail: so.Issuer})
	})
}

// placeRules finds the units of rules, which name them by key, on today's roster.
func (s Store) placeRules(ctx context.Context, organisation string, rules []org.SignOnRule) error {
	today, err := s.Today(ctx, organisation)
	if err != nil {
		return err
	}
	structure, err := s.Structure(ctx, organisation, today)
	if err != nil {
		return err
	}
	for n, r := range rules {
		if r.Unit.Key == "" {
			rules[n].Unit = org.Ref{}
			continue
		}
		at := slices.IndexFunc(structure.Units, func(u org.Node) bool { return u.Key == r.Unit.Key })
		if at < 0 {
			return fault.Fieldf("rules", "line %[1]d: there is no unit %[2]q: write its key as in the roster", n+1, r.Unit.Key)
		}
		rules[n].Unit = structure.Units[at].Ref()
	}
	return nil
}

// RemoveSignOn ends it: people sign in by password or mailed link again.
func (s Store) RemoveSignOn(ctx context.Context, organisation, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM org_signon WHERE organisation_id = $1`, organisation)
		if err != nil || n == 0 {
			return err
		}
		given, err := db.All(ctx, tx, scanSignOnGrant, `SELECT id, role, scope, scope_id FROM org_grant WHERE organisation_id = $1 AND signon ORDER BY id`, organisation)
		if err != nil {
			return err
		}
		for _, g := range given {
			if err := s.takeBack(ctx, tx, organisation, g, by); err != nil {
				return err
			}
		}
		return RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "sign-on removed"})
	})
}

// Welcome lets somebody in whom the organisation's provider has named: by the subject, else by a verified
// mail address, else, where it does so, with an account that it makes. Roles that the rules give are
// granted, and those that they gave before and do not any more taken back. Who has no account and gets none
// is forbidden.
func (s Store) Welcome(ctx context.Context, organisation string, so org.SignOn, who org.Identity) (d Door, err error) {
	if d.Organisation, err = s.Organisation(ctx, organisation); err != nil {
		return d, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		account, err := s.identified(ctx, tx, organisation, so, who)
		if err != nil {
			return err
		}
		if account.Closed {
			return fault.Forbiddenf("this account is closed: ask an administrator")
		}
		d.Account, d.Name = account.ID, account.Name
		return s.grantBySignOn(ctx, tx, organisation, so, account, who)
	})
	return d, err
}

func (s Store) identified(ctx context.Context, tx *db.Tx, organisation string, so org.SignOn, who org.Identity) (org.Account, error) {
	if who.Subject == "" {
		return org.Account{}, fault.Forbiddenf("the provider does not say who you are: ask who looks after it")
	}
	id, known, err := db.One(ctx, tx, db.Value[string], `SELECT account_id FROM org_identity WHERE organisation_id = $1 AND issuer = $2 AND subject = $3`, organisation, who.Issuer, who.Subject)
	if err != nil {
		return org.Account{}, err
	}
	if known {
		return s.account(ctx, tx, organisation, id)
	}
	mail := org.CleanMail(who.Mail)
	if mail == "" || strings.ContainsFunc(who.Mail, func(r rune) bool { return r > unicode.MaxASCII }) || !who.Verified && !so.Trusts {
		return org.Account{}, fault.Forbiddenf("the provider names no mail address that it has verified: ask who looks after it")
	}
	id, there, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM org_account WHERE organisation_id = $1 AND mail = $2`, organisation, mail)
	if err != nil {
		return org.Account{}, err
	}
	if there {
		if err := s.atWork(ctx, tx, organisation, id); err != nil {
			return org.Account{}, err
		}
	} else {
		if id, err = s.makeBySignOn(ctx, tx, organisation, so, who, mail); err != nil {
			return org.Account{}, err
		}
	}
	_, err = tx.Exec(ctx, `INSERT INTO org_identity (organisation_id, issuer, subject, account_id, made_at) VALUES ($1, $2, $3, $4, $5)`, organisation, who.Issuer, who.Subject, id, s.now().UnixMicro())
	if db.IsDuplicate(err) {
		return org.Account{}, fault.Forbiddenf("%s is the mail address of an account that somebody else at the provider uses: ask an administrator", mail)
	}
	if err != nil {
		return org.Account{}, err
	}
	return s.account(ctx, tx, organisation, id)
}

// makeBySignOn makes an account for who has none, on the roster or with a role by the rules.
func (s Store) makeBySignOn(ctx context.Context, tx *db.Tx, organisation string, so org.SignOn, who org.Identity, mail string) (string, error) {
	today, err := Today(ctx, tx, organisation, s.now())
	if err != nil {
		return "", err
	}
	person, listed, err := db.One(ctx, tx, scanPersonOnly, personQuery+` AND p.mail = $3`, organisation, today, mail)
	if err != nil {
		return "", err
	}
	if !so.Makes || !listed && len(so.Grants(who.Values)) == 0 {
		return "", fault.Forbiddenf("%s has no account here: ask an administrator", mail)
	}
	a := org.Account{Mail: mail, Name: who.Name, Person: person.Key, Grants: []org.Grant{{Role: org.Employee, Scope: org.Scope{Kind: org.WholeScope}}}}
	if listed {
		a.Name = person.Title()
	} else if strings.TrimSpace(a.Name) == "" {
		a.Name = mail
	}
	return s.createAccount(ctx, tx, organisation, a, so.Name)
}

// grantBySignOn makes the roles that the rules give those that an account has by them.
func (s Store) grantBySignOn(ctx context.Context, tx *db.Tx, organisation string, so org.SignOn, account org.Account, who org.Identity) error {
	given := so.Grants(who.Values)
	before, err := db.All(ctx, tx, db.Value[string], `SELECT id FROM org_grant WHERE organisation_id = $1 AND account_id = $2 AND signon`, organisation, account.ID)
	if err != nil {
		return err
	}
	same := func(g org.Grant) func(org.Grant) bool {
		return func(h org.Grant) bool { return h.Role == g.Role && h.Scope == g.Scope }
	}
	for _, had := range account.Grants {
		if !slices.Contains(before, had.ID) || slices.ContainsFunc(given, same(had)) {
			continue
		}
		if err := s.takeBack(ctx, tx, organisation, had, so.Name); err != nil {
			return err
		}
	}
	for _, g := range given {
		if slices.ContainsFunc(account.Grants, same(g)) {
			continue
		}
		if err := s.grant(ctx, tx, organisation, account.ID, g, so.Name); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE org_grant SET signon = TRUE WHERE organisation_id = $1 AND account_id = $2 AND role = $3 AND scope = $4 AND scope_id = $5`, organisation, account.ID, g.Role, g.Scope.Kind, g.Scope.ID); err != nil {
			return err
		}
	}
	return nil
}

// atWork refuses an account of somebody who has left the roster: its address can be somebody else's by now.
func (s Store) atWork(ctx context.Context, tx *db.Tx, organisation, account string) error {
	today, err := Today(ctx, tx, organisation, s.now())
	if err != nil {
		return err
	}
	_, left, err := db.One(ctx, tx, db.Value[string], `SELECT a.id FROM org_account a WHERE a.organisation_id = $1 AND a.id = $2
		AND EXISTS (SELECT 1 FROM org_person p WHERE p.organisation_id = a.organisation_id AND p.key = a.person_id)
		AND NOT EXISTS (SELECT 1 FROM org_person p WHERE p.organisation_id = a.organisation_id AND p.key = a.person_id AND p.until > $3)`, organisation, account, today)
	if err == nil && left {
		err = fault.Forbiddenf("the account with this mail address is of somebody who has left: ask an administrator")
	}
	return err
}

// takeBack takes a role back that a rule has given, but for the last administrator's: a rule that is wrong
// shuts nobody out.
func (s Store) takeBack(ctx context.Context, tx *db.Tx, organisation string, g org.Grant, by string) error {
	last, err := s.lastAdministrator(ctx, tx, organisation, g)
	if err == nil && !last {
		err = s.PutOut(ctx, tx, organisation, g.ID, by)
	}
	return err
}

func scanSignOnGrant(row db.Scanner) (g org.Grant, err error) {
	err = row.Scan(&g.ID, &g.Role, &g.Scope.Kind, &g.Scope.ID)
	return g, err
}

// lastAdministrator says whether an organisation would have no administrator without a grant.
func (s Store) lastAdministrator(ctx context.Context, tx *db.Tx, organisation string, g org.Grant) (bool, error) {
	_, other, err := db.One(ctx, tx, db.Value[string], `SELECT a.id FROM org_account a JOIN org_grant g ON g.organisation_id = a.organisation_id AND g.account_id = a.id
		WHERE a.organisation_id = $1 AND a.closed_at = 0 AND g.role = $2 AND g.scope = $3 AND g.id <> $4 LIMIT 1`, organisation, org.Administrator, org.WholeScope, g.ID)
	return g.Role == org.Administrator && g.Scope.Kind == org.WholeScope && !other, err
}
