package orgdb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// DirectoryUnits lists the units of today with those in them and directly under them, by id; of one alone where
// unit names it.
func (s Store) DirectoryUnits(ctx context.Context, organisation, unit string) (all []org.DirectoryUnit, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := Today(ctx, tx, organisation, s.now())
		if err != nil {
			return err
		}
		all, err = directoryUnits(ctx, tx, organisation, today, unit)
		return err
	})
	return all, err
}

func directoryUnits(ctx context.Context, tx *db.Tx, organisation string, today period.Day, unit string) ([]org.DirectoryUnit, error) {
	all, err := db.All(ctx, tx, func(row db.Scanner) (u org.DirectoryUnit, err error) {
		var made, changed int64
		var zone string
		err = row.Scan(&u.ID, &u.Key, &u.Name, &made, &changed, &zone)
		u.Made, u.Changed = period.Moment(made, zone), period.Moment(max(made, changed), zone)
		return u, err
	}, `SELECT u.id, u.key, u.name, i.made_at, i.changed_at, `+Zone+` FROM org_unit u JOIN org_import i ON i.organisation_id = u.organisation_id AND i.id = u.opened_by
		WHERE u.organisation_id = $1 AND u.since <= $2 AND u.until > $2 AND ($3 = '' OR u.id = $3) ORDER BY u.id`, organisation, today, unit)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for n, u := range all {
		at[u.ID] = n
	}
	add := func(query string, to func(u *org.DirectoryUnit) *[]string) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var of, id string
			err := row.Scan(&of, &id)
			if n, there := at[of]; there {
				*to(&all[n]) = append(*to(&all[n]), id)
			}
			return struct{}{}, err
		}, query, organisation, today, unit)
		return err
	}
	if err := add(`SELECT parent_id, id FROM org_unit WHERE organisation_id = $1 AND since <= $2 AND until > $2 AND ($3 = '' OR parent_id = $3) ORDER BY id`, func(u *org.DirectoryUnit) *[]string { return &u.Units }); err != nil {
		return nil, err
	}
	return all, add(`SELECT unit_id, id FROM org_person WHERE organisation_id = $1 AND since <= $2 AND until > $2 AND ($3 = '' OR unit_id = $3) ORDER BY id`, func(u *org.DirectoryUnit) *[]string { return &u.People })
}

// SaveDirectoryUnit puts a unit into today's roster and returns its id: the one with an id, or a new one under
// the topmost. change makes what the directory says of it from what holds now, or from nothing; it can run more
// than once. Its people and units are moved to it, and a unit may be named among the people; those that were in it
// and are not named go to the unit above. Members that are not there are left out. A key that another unit has
// is a conflict, a unit under itself a mistake.
func (s Store) SaveDirectoryUnit(ctx context.Context, organisation, unit string, change func(now org.DirectoryUnit) (org.DirectoryUnit, error), by string) (saved string, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		run, err := s.directoryRun(ctx, tx, organisation, by)
		if err != nil {
			return err
		}
		now := []org.DirectoryUnit{{}}
		if unit != "" {
			if now, err = directoryUnits(ctx, tx, organisation, run.today, unit); err != nil {
				return err
			}
			if len(now) == 0 {
				return fault.NotFoundf("there is no such unit")
			}
		}
		u, err := change(now[0])
		if err != nil {
			return err
		}
		u.ID = unit
		if err := u.Check(); err != nil {
			return err
		}
		if err := run.sortMembers(ctx, &u); err != nil {
			return err
		}
		if saved, err = run.saveUnit(ctx, u, now[0]); err != nil {
			return err
		}
		return run.finish(ctx)
	})
	return saved, err
}

// sortMembers takes the units out of a unit's people.
func (r *directoryRun) sortMembers(ctx context.Context, u *org.DirectoryUnit) error {
	ids, err := db.All(ctx, r.tx, db.Value[string], `SELECT id FROM org_unit`+present, r.organisation)
	if err != nil {
		return err
	}
	units := map[string]bool{}
	for _, id := range ids {
		units[id] = true
	}
	var people []string
	for _, id := range u.People {
		if units[id] {
			u.Units = append(u.Units, id)
		} else {
			people = append(people, id)
		}
	}
	u.People = people
	return nil
}

func (r *directoryRun) saveUnit(ctx context.Context, u, now org.DirectoryUnit) (string, error) {
	above, err := r.root(ctx)
	if err != nil {
		return "", err
	}
	if u.ID == "" {
		key := u.Key
		if key == "" {
			key = u.Name
		}
		_, taken, err := db.One(ctx, r.tx, db.Value[string], `SELECT id FROM org_unit`+present+` AND key = $2`, r.organisation, key)
		if err == nil && taken {
			err = fault.Conflictf("there is a unit %q already", key)
		}
		if err != nil {
			return "", err
		}
		if u.ID, err = r.makeUnit(ctx, key, u.Name, above); err != nil {
			return "", err
		}
		return u.ID, r.fill(ctx, u, above, now)
	}
	was, err := r.unitNow(ctx, u.ID)
	if err != nil {
		return "", err
	}
	if was.Parent.ID != "" {
		above = was.Parent.ID
	}
	if u.Name != was.Name {
		r.report.Units.Add(org.Change{Kind: org.Changed, Key: was.Key, Name: u.Name})
		if err := r.putUnit(ctx, u.ID, was.Key, u.Name, was.Parent.ID); err != nil {
			return "", err
		}
	}
	return u.ID, r.fill(ctx, u, above, now)
}

// unitNow is a unit as it holds today.
func (r *directoryRun) unitNow(ctx context.Context, unit string) (org.Unit, error) {
	u, there, err := db.One(ctx, r.tx, func(row db.Scanner) (u org.Unit, err error) {
		err = row.Scan(&u.ID, &u.Key, &u.Name, &u.Parent.ID)
		return u, err
	}, `SELECT id, key, name, parent_id FROM org_unit`+present+` AND id = $2`, r.organisation, unit)
	if err == nil && !there {
		err = fault.NotFoundf("there is no such unit")
	}
	return u, err
}

// fill moves people and units into a unit, and those that were in it and are not any more to the one above.
func (r *directoryRun) fill(ctx context.Context, u org.DirectoryUnit, above string, was org.DirectoryUnit) error {
	for _, p := range was.People {
		if !slices.Contains(u.People, p) && above != u.ID {
			if err := r.movePerson(ctx, p, above); err != nil {
				return err
			}
		}
	}
	for _, p := range u.People {
		if !slices.Contains(was.People, p) {
			if err := r.movePerson(ctx, p, u.ID); err != nil {
				return err
			}
		}
	}
	for _, under := range was.Units {
		if !slices.Contains(u.Units, under) && above != u.ID {
			if err := r.moveUnit(ctx, under, above); err != nil {
				return err
			}
		}
	}
	for _, under := range u.Units {
		if !slices.Contains(was.Units, under) {
			if err := r.moveUnit(ctx, under, u.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// movePerson moves somebody who is at work today.
func (r *directoryRun) movePerson(ctx context.Context, person, unit string) error {
	was, there, err := db.One(ctx, r.tx, scanPersonOnly, personQuery+` AND p.id = $3`, r.organisation, r.today, person)
	if err != nil || !there {
		return err
	}
	p := was
	p.Unit = org.Ref{ID: unit}
	return r.works(ctx, p, was, true)
}

// moveUnit puts a unit that is there under another.
func (r *directoryRun) moveUnit(ctx context.Context, unit, above string) error {
	u, err := r.unitNow(ctx, unit)
	if fault.KindOf(err) == fault.NotFound || err == nil && u.Parent.ID == above {
		return nil
	}
	for at := above; err == nil && at != ""; {
		var up org.Unit
		if at == unit {
			return fault.Fieldf("members", "%s would stand under itself", u.Name)
		}
		up, err = r.unitNow(ctx, at)
		at = up.Parent.ID
	}
	if err != nil {
		return err
	}
	r.report.Units.Add(org.Change{Kind: org.Moved, Key: u.Key, Name: u.Name})
	return r.putUnit(ctx, u.ID, u.Key, u.Name, above)
}

// DropDirectoryUnit closes a unit today; who and what is in it goes to the unit above. The topmost stays: a
// conflict.
func (s Store) DropDirectoryUnit(ctx context.Context, organisation, unit, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		run, err := s.directoryRun(ctx, tx, organisation, by)
		if err != nil {
			return err
		}
		was, err := run.unitNow(ctx, unit)
		if err != nil {
			return err
		}
		if was.Parent.ID == "" {
			return fault.Conflictf("the unit above all others cannot be removed")
		}
		now, err := directoryUnits(ctx, tx, organisation, run.today, unit)
		if err != nil {
			return err
		}
		if err := run.fill(ctx, org.DirectoryUnit{ID: unit}, was.Parent.ID, now[0]); err != nil {
			return err
		}
		if _, err := run.end(ctx, "org_unit", unit); err != nil {
			return err
		}
		run.report.Units.Add(org.Change{Kind: org.Left, Key: was.Key, Name: was.Name})
		return run.finish(ctx)
	})
}
