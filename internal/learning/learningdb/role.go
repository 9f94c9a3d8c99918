package learningdb

import (
	"context"
	"encoding/json"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

const roleQuery = `SELECT id, key, name, note, uri, levels, attribute, attribute_values, ended FROM learning_role WHERE organisation_id = $1`

func scanRole(row db.Scanner) (r learning.Role, err error) {
	var levels, values string
	if err = row.Scan(&r.ID, &r.Key, &r.Name, &r.Note, &r.URI, &levels, &r.Rule.Attribute, &values, &r.Ended); err != nil {
		return r, err
	}
	if err = json.Unmarshal([]byte(levels), &r.Rule.Levels); err == nil {
		err = json.Unmarshal([]byte(values), &r.Rule.Values)
	}
	return r, err
}

// roles reads those that where narrows, whose values begin at $2, with requirements and results: those
// in use first, by name.
func roles(ctx context.Context, tx *db.Tx, organisation, where string, values ...any) ([]learning.Role, error) {
	all, err := db.All(ctx, tx, scanRole, roleQuery+` AND `+where+` ORDER BY CASE WHEN ended = '' THEN 0 ELSE 1 END, name, id`, append([]any{organisation}, values...)...)
	if err != nil || len(all) == 0 {
		return all, err
	}
	at := map[string]int{}
	for n, r := range all {
		at[r.ID] = n
	}
	one := ""
	if len(all) == 1 {
		one = all[0].ID
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var q learning.Requirement
		err := row.Scan(&of, &q.Competency, &q.Level, &q.Essential)
		if n, there := at[of]; there {
			all[n].Requires = append(all[n].Requires, q)
		}
		return struct{}{}, err
	}, `SELECT role_id, competency_id, level, essential FROM learning_requirement WHERE organisation_id = $1 AND ($2 = '' OR role_id = $2) ORDER BY role_id, CASE WHEN essential THEN 0 ELSE 1 END, level DESC, competency_id`, organisation, one)
	if err != nil {
		return nil, err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of, competencies string
		var made learning.Result
		err := row.Scan(&of, &made.ID, &made.What, &made.Good, &made.Indicator, &competencies)
		if err == nil {
			err = json.Unmarshal([]byte(competencies), &made.Competencies)
		}
		if n, there := at[of]; there {
			all[n].Results = append(all[n].Results, made)
		}
		return struct{}{}, err
	}, `SELECT role_id, id, what, good, indicator_id, competencies FROM learning_result WHERE organisation_id = $1 AND ($2 = '' OR role_id = $2) ORDER BY role_id, place, id`, organisation, one)
	return all, err
}

func oneRole(ctx context.Context, tx *db.Tx, organisation, role string) (learning.Role, error) {
	all, err := roles(ctx, tx, organisation, `id = $2`, role)
	if err == nil && len(all) == 0 {
		err = fault.NotFoundf("there is no such role")
	}
	if err != nil {
		return learning.Role{}, err
	}
	return all[0], nil
}

func roleByKey(ctx context.Context, tx *db.Tx, organisation, key string) (r learning.Role, found bool, err error) {
	all, err := roles(ctx, tx, organisation, `key = $2`, key)
	if err != nil || len(all) == 0 {
		return r, false, err
	}
	return all[0], true, nil
}

// HeldRole is a role with how many people have it today.
type HeldRole struct {
	learning.Role
	Holders int
}

// Roles lists the roles, those in use first, by name.
func (s Store) Roles(ctx context.Context, organisation string) (all []HeldRole, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := roles(ctx, tx, organisation, `id <> $2`, "")
		if err != nil {
			return err
		}
		all = nil
		counts, err := s.holders(ctx, tx, organisation, found)
		for n, r := range found {
			all = append(all, HeldRole{Role: r, Holders: counts[n]})
		}
		return err
	})
	return all, err
}

// holders counts who has each of some roles today: by the rule, and of whom it was said.
func (s Store) holders(ctx context.Context, tx *db.Tx, organisation string, all []learning.Role) ([]int, error) {
	counts, today, err := make([]int, len(all)), period.Day(""), error(nil)
	if today, err = s.today(ctx, tx, organisation); err != nil {
		return nil, err
	}
	said, err := saidHolders(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	kinds, err := orgdb.PostsIn(ctx, tx, organisation, today)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, of := range said {
		for _, p := range of {
			ids = append(ids, p.ID)
		}
	}
	people, err := orgdb.PeopleIn(ctx, tx, organisation, ids, today)
	if err != nil {
		return nil, err
	}
	for n, r := range all {
		for _, k := range kinds {
			if r.Rule.Fits(k.Level, k.Attributes) {
				counts[n] += k.People
			}
		}
		for _, p := range said[r.ID] {
			if one, there := people[p.ID]; there && one.WorksOn(today) && !r.Rule.Fits(one.Level, one.Attributes) {
				counts[n]++
			}
		}
	}
	return counts, nil
}

// saidHolders are those of whom it was said that they have a role, by role.
func saidHolders(ctx context.Context, tx *db.Tx, organisation string) (map[string][]org.Ref, error) {
	said := map[string][]org.Ref{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var p org.Ref
		err := row.Scan(&of, &p.ID, &p.Key, &p.Name)
		said[of] = append(said[of], p)
		return struct{}{}, err
	}, `SELECT role_id, person_id, person_key, person_name FROM learning_holder WHERE organisation_id = $1 ORDER BY role_id, person_name, person_id`, organisation)
	return said, err
}

// RoleView is a role with what it speaks of.
type RoleView struct {
	learning.Role
	Holders      int
	Said         []org.Ref                      // who has it though no rule says so
	Competencies map[string]learning.Competency // by id
	Frameworks   map[string]learning.Framework  // by id
	Indicators   []strategy.Indicator           // all that there are
	Attributes   map[string][]string            // of the roster, with their values
}

// Role returns one.
func (s Store) Role(ctx context.Context, organisation, role string) (v RoleView, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Role, err = oneRole(ctx, tx, organisation, role); err != nil {
			return err
		}
		counts, err := s.holders(ctx, tx, organisation, []learning.Role{v.Role})
		if err != nil {
			return err
		}
		said, err := saidHolders(ctx, tx, organisation)
		if err != nil {
			return err
		}
		v.Holders, v.Said = counts[0], said[role]
		v.Competencies, v.Frameworks, err = spoken(ctx, tx, organisation, v.Role)
		return err
	})
	if err != nil {
		return v, err
	}
	if v.Attributes, err = s.Attributes(ctx, organisation); err != nil {
		return v, err
	}
	v.Indicators, err = s.Strategy.Indicators(ctx, organisation)
	return v, err
}

// spoken reads the competencies that roles speak of, and their frameworks.
func spoken(ctx context.Context, tx *db.Tx, organisation string, all ...learning.Role) (map[string]learning.Competency, map[string]learning.Framework, error) {
	seen, ids := map[string]bool{}, []string{}
	add := func(one string) {
		if !seen[one] {
			seen[one] = true
			ids = append(ids, one)
		}
	}
	for _, r := range all {
		for _, q := range r.Requires {
			add(q.Competency)
		}
		for _, made := range r.Results {
			for _, c := range made.Competencies {
				add(c)
			}
		}
	}
	found, err := competenciesIn(ctx, tx, organisation, ids)
	if err != nil {
		return nil, nil, err
	}
	frameworks, err := frameworksIn(ctx, tx, organisation)
	return found, frameworks, err
}

func frameworksIn(ctx context.Context, tx *db.Tx, organisation string) (map[string]learning.Framework, error) {
	frameworks := map[string]learning.Framework{}
	all, err := db.All(ctx, tx, scanFramework, frameworkQuery, organisation)
	for _, f := range all {
		frameworks[f.ID] = f.Framework
	}
	return frameworks, err
}

// Attributes are those of today's roster, with the values that people at work have.
func (s Store) Attributes(ctx context.Context, organisation string) (map[string][]string, error) {
	found := map[string][]string{}
	err := s.DB.Look(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		t, err := orgdb.TraitsIn(ctx, tx, organisation, today)
		if err == nil {
			found = t.Values()
		}
		return err
	})
	return found, err
}

// SaveRole keeps what a role is called and who has it: the one of its id, with all that it requires,
// or a new one. It returns the id.
func (s Store) SaveRole(ctx context.Context, organisation string, r learning.Role, by string) (string, error) {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		what := "role changed"
		if r.ID == "" {
			r.ID, what = id.New(), "role made"
		} else {
			was, err := oneRole(ctx, tx, organisation, r.ID)
			if err != nil {
				return err
			}
			r.Key, r.URI, r.Requires, r.Results, r.Ended = was.Key, was.URI, was.Requires, was.Results, was.Ended
		}
		if err := s.saveRole(ctx, tx, organisation, &r, by); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, what, r.Name)
	})
	return r.ID, err
}

func (s Store) saveRole(ctx context.Context, tx *db.Tx, organisation string, r *learning.Role, by string) error {
	if err := r.Check(); err != nil {
		return err
	}
	_, taken, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM learning_role WHERE organisation_id = $1 AND key = $2 AND id <> $3`, organisation, r.Key, r.ID)
	if err == nil && taken {
		err = fault.Fieldf("name", "there is another role called so: choose another name")
	}
	if err != nil {
		return err
	}
	levels, err := list(r.Rule.Levels)
	if err != nil {
		return err
	}
	values, err := list(r.Rule.Values)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO learning_role (organisation_id, id, key, name, note, uri, levels, attribute, attribute_values, ended, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (organisation_id, id)
		DO UPDATE SET key = $3, name = $4, note = $5, uri = $6, levels = $7, attribute = $8, attribute_values = $9, ended = $10`,
		organisation, r.ID, r.Key, r.Name, r.Note, r.URI, levels, r.Rule.Attribute, values, r.Ended, by, s.now().UnixMicro())
	if err != nil {
		return err
	}
	return writeParts(ctx, tx, organisation, *r)
}

// writeParts writes what a role requires and produces.
func writeParts(ctx context.Context, tx *db.Tx, organisation string, r learning.Role) error {
	for _, table := range []string{`DELETE FROM learning_requirement`, `DELETE FROM learning_result`} {
		if _, err := tx.Exec(ctx, table+` WHERE organisation_id = $1 AND role_id = $2`, organisation, r.ID); err != nil {
			return err
		}
	}
	var required, results [][]any
	for _, q := range r.Requires {
		required = append(required, []any{organisation, r.ID, q.Competency, q.Level, q.Essential})
	}
	for n, made := range r.Results {
		competencies, err := list(made.Competencies)
		if err != nil {
			return err
		}
		results = append(results, []any{organisation, r.ID, made.ID, n, made.What, made.Good, made.Indicator, competencies})
	}
	if err := tx.InsertMany(ctx, "learning_requirement", []string{"organisation_id", "role_id", "competency_id", "level", "essential"}, required); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "learning_result", []string{"organisation_id", "role_id", "id", "place", "what", "good", "indicator_id", "competencies"}, results)
}

// changeRole reads a role, changes it and writes it back.
func (s Store) changeRole(ctx context.Context, organisation, role, by string, change func(ctx context.Context, tx *db.Tx, r *learning.Role) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := oneRole(ctx, tx, organisation, role)
		if err != nil {
			return err
		}
		if err := change(ctx, tx, &r); err != nil {
			return err
		}
		if err := writeParts(ctx, tx, organisation, r); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, "role changed", r.Name)
	})
}
