package orgdb

import (
	"context"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/org"
)

// present is the condition under which a version is the one that holds now.
const present = ` WHERE organisation_id = $1 AND until = '9999-12-31'`

// mergePlaces brings units, locations and partners up to date.
func (r *rosterRun) mergePlaces(ctx context.Context, units []org.Unit, locations []org.Location, partners []org.Partner) error {
	var err error
	if r.units, err = r.loadIDs(ctx, "org_unit", "key"); err != nil {
		return err
	}
	if r.locations, err = r.loadIDs(ctx, "org_location", "name"); err != nil {
		return err
	}
	if r.partners, err = r.loadIDs(ctx, "org_partner", "name"); err != nil {
		return err
	}
	if err := r.mergeUnits(ctx, units); err != nil {
		return err
	}
	if err := r.mergeLocations(ctx, locations); err != nil {
		return err
	}
	return r.mergePartners(ctx, partners)
}

func (r *rosterRun) mergeUnits(ctx context.Context, units []org.Unit) error {
	had, err := db.All(ctx, r.tx, func(row db.Scanner) (u org.Unit, err error) {
		err = row.Scan(&u.ID, &u.Key, &u.Name, &u.Parent.ID)
		u.Parent.Key = r.units.key[u.Parent.ID]
		return u, err
	}, `SELECT id, key, name, parent_id FROM org_unit`+present+` ORDER BY id`, r.organisation)
	if err != nil {
		return err
	}
	return merge(ctx, r, kind[org.Unit]{
		table: "org_unit", columns: []string{"key", "name", "folded", "parent_id"},
		key:     func(u org.Unit) string { return u.Key },
		change:  func(u org.Unit) org.Change { return org.Change{Key: u.Key, Name: u.Name} },
		compare: org.CompareUnit,
		values: func(u org.Unit) []any {
			return []any{u.Key, u.Name, strings.ToLower(u.Name + " " + u.Key), r.units.of(u.Parent.Key)}
		},
		id: func(u org.Unit) string { return r.units.of(u.Key) },
	}, had, units, &r.report.Units)
}

func (r *rosterRun) mergeLocations(ctx context.Context, locations []org.Location) error {
	had, err := db.All(ctx, r.tx, func(row db.Scanner) (l org.Location, err error) {
		err = row.Scan(&l.ID, &l.Name, &l.Country)
		return l, err
	}, `SELECT id, name, country FROM org_location`+present+` ORDER BY id`, r.organisation)
	if err != nil {
		return err
	}
	return merge(ctx, r, kind[org.Location]{
		table: "org_location", columns: []string{"name", "country"},
		key:     func(l org.Location) string { return l.Name },
		change:  func(l org.Location) org.Change { return org.Change{Key: l.Name, Name: l.Name} },
		compare: org.CompareLocation,
		values:  func(l org.Location) []any { return []any{l.Name, l.Country} },
		id:      func(l org.Location) string { return r.locations.of(l.Name) },
	}, had, locations, &r.report.Locations)
}

func (r *rosterRun) mergePartners(ctx context.Context, partners []org.Partner) error {
	had, err := db.All(ctx, r.tx, func(row db.Scanner) (p org.Partner, err error) {
		err = row.Scan(&p.ID, &p.Name)
		return p, err
	}, `SELECT id, name FROM org_partner`+present+` ORDER BY id`, r.organisation)
	if err != nil {
		return err
	}
	return merge(ctx, r, kind[org.Partner]{
		table: "org_partner", columns: []string{"name"},
		key:     func(p org.Partner) string { return p.Name },
		change:  func(p org.Partner) org.Change { return org.Change{Key: p.Name, Name: p.Name} },
		compare: func(was, is org.Partner) (org.Change, bool) { return org.Change{}, true },
		values:  func(p org.Partner) []any { return []any{p.Name} },
		id:      func(p org.Partner) string { return r.partners.of(p.Name) },
	}, had, partners, &r.report.Partners)
}

func (r *rosterRun) mergeGroups(ctx context.Context, groups []org.StaffGroup) error {
	had, err := db.All(ctx, r.tx, func(row db.Scanner) (g org.StaffGroup, err error) {
		err = row.Scan(&g.ID, &g.Unit.ID, &g.Grade, &g.Job, &g.Location.ID, &g.FTE)
		g.Unit.Key, g.Location.Key = r.units.key[g.Unit.ID], r.locations.key[g.Location.ID]
		return g, err
	}, `SELECT id, unit_id, grade, job, location_id, fte FROM org_staff`+present+` ORDER BY id`, r.organisation)
	if err != nil {
		return err
	}
	ids := idsByKey{map[string]string{}, map[string]string{}}
	for _, g := range had {
		ids.id[g.Key()] = g.ID
	}
	return merge(ctx, r, kind[org.StaffGroup]{
		table: "org_staff", columns: []string{"unit_id", "grade", "job", "location_id", "fte"},
		key:     org.StaffGroup.Key,
		change:  func(g org.StaffGroup) org.Change { return org.Change{Key: g.Key(), Name: g.Title()} },
		compare: org.CompareGroup,
		values: func(g org.StaffGroup) []any {
			return []any{r.units.of(g.Unit.Key), g.Grade, g.Job, r.locations.of(g.Location.Key), g.FTE}
		},
		id: func(g org.StaffGroup) string { return ids.of(g.Key()) },
	}, had, groups, &r.report.Groups)
}

func (r *rosterRun) mergeTeams(ctx context.Context, teams []org.ManagementTeam) error {
	ids, err := r.loadIDs(ctx, "org_team", "name")
	if err != nil {
		return err
	}
	had, err := TeamsIn(ctx, r.tx, r.organisation, "9999-12-30")
	if err != nil {
		return err
	}
	var members [][]any
	k := kind[org.ManagementTeam]{
		table: "org_team", columns: []string{"name", "unit_id"},
		key:     func(t org.ManagementTeam) string { return t.Name },
		change:  func(t org.ManagementTeam) org.Change { return org.Change{Key: t.Name, Name: t.Name} },
		compare: org.CompareTeam,
		values: func(t org.ManagementTeam) []any {
			for _, m := range t.Members {
				members = append(members, []any{r.organisation, ids.of(t.Name), r.id, m.Person.Key, m.Chair})
			}
			return []any{t.Name, r.units.of(t.Unit.Key)}
		},
		id: func(t org.ManagementTeam) string { return ids.of(t.Name) },
	}
	if err := merge(ctx, r, k, had, teams, &r.report.Teams); err != nil {
		return err
	}
	return r.tx.InsertMany(ctx, "org_team_member", []string{"organisation_id", "team_id", "opened_by", "person_key", "chair"}, members)
}
