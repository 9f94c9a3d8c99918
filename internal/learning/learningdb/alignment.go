package learningdb

import (
	"context"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// Aligned is what serves what, of a unit and those above it; of all, under "".
type Aligned struct {
	learning.Alignment
	Map  learning.Map
	Unit org.Ref
	Year int
}

// Alignment reads what serves the goals of a unit and of those above it: competencies, resources and the
// priorities of the present year; under "" those of all units.
func (s Store) Alignment(ctx context.Context, organisation, unit string) (v Aligned, err error) {
	goals, err := s.Strategy.Worked(ctx, organisation)
	if err != nil {
		return v, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		v = Aligned{}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		v.Year = today.Time().Year()
		units, err := orgdb.UnitsIn(ctx, tx, organisation, today)
		if err != nil {
			return err
		}
		path := []string{}
		if unit != "" {
			at, there := units.Find(unit)
			if !there {
				return fault.NotFoundf("there is no such unit")
			}
			v.Unit, path = units.Units[at].Ref(), units.IDs(at)
		}
		for _, g := range goals {
			if unit == "" || slices.Contains(path, g.Unit.ID) {
				v.Map.Goals = append(v.Map.Goals, g)
			}
		}
		if v.Map.Roles, err = roles(ctx, tx, organisation, `ended = $2`, ""); err != nil {
			return err
		}
		if v.Map.Resources, err = s.resources(ctx, tx, organisation, ResourceQuery{}, ""); err != nil {
			return err
		}
		if v.Map.Priorities, err = priorities(ctx, tx, organisation, `year = $2`, v.Year); err != nil {
			return err
		}
		if v.Map.Planned, err = planned(ctx, tx, organisation, today); err != nil {
			return err
		}
		v.Map.Competencies, err = concerned(ctx, tx, organisation, v.Map)
		return err
	})
	v.Alignment = learning.Align(v.Map)
	whole := v.Map
	whole.Goals = goals
	all := learning.Align(whole)
	v.Idle, v.Unasked = all.Idle, all.Unasked // what serves a goal elsewhere is not left over
	return v, err
}

// planned counts, by competency, the people of today's roster whose plan has an open item for it; in steps of five, and not at all where they are
// fewer: what somebody learns stays between the two whose plan it is.
func planned(ctx context.Context, tx *db.Tx, organisation string, today period.Day) (map[string]int, error) {
	people := map[string]int{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var competency string
		var n int
		err := row.Scan(&competency, &n)
		if n >= effort.Fewest {
			people[competency] = effort.Veiled(n)
		}
		return struct{}{}, err
	}, `SELECT competency_id, COUNT(DISTINCT person_id) FROM learning_item WHERE organisation_id = $1 AND competency_id <> '' AND dropped = '' AND confirmed = ''
		AND person_id IN (SELECT id FROM org_person WHERE organisation_id = $1 AND since <= $2 AND until > $2) GROUP BY competency_id`, organisation, today)
	return people, err
}

// concerned reads the competencies that roles, resources or priorities name.
func concerned(ctx context.Context, tx *db.Tx, organisation string, m learning.Map) (map[string]learning.Competency, error) {
	seen := map[string]bool{}
	for _, r := range m.Roles {
		for _, q := range r.Requires {
			seen[q.Competency] = true
		}
		for _, made := range r.Results {
			for _, c := range made.Competencies {
				seen[c] = true
			}
		}
	}
	for _, r := range m.Resources {
		for _, a := range r.Aims {
			if a.Kind == effort.ForCompetency {
				seen[a.ID] = true
			}
		}
	}
	for _, p := range m.Priorities {
		for _, c := range p.Competencies {
			seen[c] = true
		}
	}
	var ids []string
	for c := range seen {
		ids = append(ids, c)
	}
	return competenciesIn(ctx, tx, organisation, ids)
}
