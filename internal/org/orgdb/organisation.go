package orgdb

import (
	"cmp"
	"context"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/org"
)

const organisationColumns = `organisation_id, slug, name, language, simulated, zone`

func scanOrganisation(row db.Scanner) (o org.Organisation, err error) {
	err = row.Scan(&o.ID, &o.Slug, &o.Name, &o.Language, &o.Simulated, &o.Zone)
	return o, err
}

// CreateOrganisation adds an organisation, with its first administrator, and
// returns its id. A short name that is taken is a conflict.
func (s Store) CreateOrganisation(ctx context.Context, o org.Organisation, administrator org.Account) (string, error) {
	o.ID = id.New()
	if err := o.Check(); err != nil {
		return "", err
	}
	administrator.Grants = []org.Grant{{Role: org.Administrator, Scope: org.Scope{Kind: org.WholeScope}}}
	return o.ID, s.DB.Write(ctx, func(tx *db.Tx) error {
		_, taken, err := db.One(ctx, tx, scanOrganisation, `SELECT `+organisationColumns+` FROM org_organisation WHERE slug = $1`, o.Slug)
		if err != nil {
			return err
		}
		if taken {
			return fault.Conflictf("there is an organisation with the short name %q already", o.Slug)
		}
		_, err = tx.Exec(ctx, `INSERT INTO org_organisation (organisation_id, slug, name, language, simulated, zone, made_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, o.ID, o.Slug, o.Name, o.Language, o.Simulated, cmp.Or(o.Zone, "UTC"), s.now().UnixMicro())
		if err != nil {
			return err
		}
		_, err = s.createAccount(ctx, tx, o.ID, administrator, "")
		return err
	})
}

// ChangeOrganisation gives an organisation another name, language or time zone; its
// short name stays.
func (s Store) ChangeOrganisation(ctx context.Context, o org.Organisation, by string) error {
	if err := o.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE org_organisation SET name = $2, language = $3, zone = $4 WHERE organisation_id = $1`,
			o.ID, o.Name, o.Language, cmp.Or(o.Zone, "UTC"))
		if err == nil && n == 0 {
			return fault.NotFoundf("there is no such organisation")
		}
		if err != nil {
			return err
		}
		return RecordEvent(ctx, tx, o.ID, org.Event{At: s.now(), Who: by, What: "organisation changed", Detail: o.Name + ", " + o.Language + ", " + o.Zone})
	})
}

// Organisation returns an organisation by its id.
func (s Store) Organisation(ctx context.Context, organisation string) (o org.Organisation, err error) {
	return s.organisation(ctx, `SELECT `+organisationColumns+` FROM org_organisation WHERE organisation_id = $1`, organisation)
}

// Organisations lists the ids of all organisations, for a follower that works for each.
func (s Store) Organisations(ctx context.Context) (ids []string, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		ids, err = db.All(ctx, tx, db.Value[string], `SELECT organisation_id FROM org_organisation ORDER BY organisation_id`)
		return err
	})
	return ids, err
}

// OrganisationBySlug returns an organisation by its short name, as on the
// command line; "" is the only one there is.
func (s Store) OrganisationBySlug(ctx context.Context, slug string) (o org.Organisation, err error) {
	if slug != "" {
		return s.organisation(ctx, `SELECT `+organisationColumns+` FROM org_organisation WHERE slug = $1`, slug)
	}
	var all []org.Organisation
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanOrganisation, `SELECT `+organisationColumns+` FROM org_organisation ORDER BY slug LIMIT 2`)
		return err
	})
	switch {
	case err != nil:
		return o, err
	case len(all) == 0:
		return o, fault.NotFoundf("there is no organisation yet: make one with 'throughline organisation create'")
	case len(all) > 1:
		return o, fault.Invalidf("there are several organisations: name one with --organisation")
	}
	return all[0], nil
}

func (s Store) organisation(ctx context.Context, query, key string) (o org.Organisation, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		var found bool
		if o, found, err = db.One(ctx, tx, scanOrganisation, query, key); err == nil && !found {
			return fault.NotFoundf("there is no organisation %q", key)
		}
		return err
	})
	return o, err
}
