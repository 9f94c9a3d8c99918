package orgdb

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// ExportRoster writes the roster of a day row by row, the headings first. With
// org.ExportMap it imports unchanged.
func (s Store) ExportRoster(ctx context.Context, organisation string, day period.Day, write func(cells []string) error) error {
	return s.DB.Read(ctx, func(tx *db.Tx) error {
		attributes, err := attributeNames(ctx, tx, organisation, day)
		if err != nil {
			return err
		}
		blank := make([]string, len(attributes))
		fixed := func(cells []string) error { return write(append(cells, blank...)) }
		if err := write(org.ExportHeader(attributes)); err != nil {
			return err
		}
		structure, err := StructureIn(ctx, tx, organisation, day)
		if err != nil {
			return err
		}
		for _, u := range structure.Units {
			if err := fixed(org.ExportUnit(u.Unit)); err != nil {
				return err
			}
		}
		err = eachPerson(ctx, tx, organisation, day, "", func(p located) error {
			return write(org.ExportPerson(p.Person, p.country, attributes))
		})
		if err != nil {
			return err
		}
		if err := exportGroups(ctx, tx, organisation, day, fixed); err != nil {
			return err
		}
		teams, err := TeamsIn(ctx, tx, organisation, day)
		if err != nil {
			return err
		}
		for _, t := range teams {
			for _, cells := range org.ExportTeam(t) {
				if err := fixed(cells); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func exportGroups(ctx context.Context, tx *db.Tx, organisation string, day period.Day, write func([]string) error) error {
	type row struct {
		org.StaffGroup
		country string
	}
	groups, err := db.All(ctx, tx, func(s db.Scanner) (g row, err error) {
		g.StaffGroup, g.country, err = scanGroupCountry(s)
		return g, err
	}, groupQuery+` ORDER BY u.name, u.key, g.grade, g.job, g.id`, organisation, day)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := write(org.ExportGroup(g.StaffGroup, g.country)); err != nil {
			return err
		}
	}
	return nil
}

func attributeNames(ctx context.Context, tx *db.Tx, organisation string, day period.Day) ([]string, error) {
	names := map[string]bool{}
	rows, err := tx.Query(ctx, `SELECT attributes FROM org_person WHERE organisation_id = $1`+holds, organisation, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		var attributes map[string]string
		if err := json.Unmarshal([]byte(text), &attributes); err != nil {
			return nil, err
		}
		for name := range attributes {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), rows.Err()
}
