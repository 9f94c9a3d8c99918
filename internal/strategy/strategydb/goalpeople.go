package strategydb

import (
	"cmp"
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// PersonGoals is somebody with the own goals that are worked on.
type PersonGoals struct {
	Person  org.Person
	Goals   []strategy.Goal
	Figures bool // there are indicators of people
}

// Reports lists those who report to somebody, by the key, with their goals.
func (s Store) Reports(ctx context.Context, organisation, manager string) (all []PersonGoals, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		people, err := orgdb.ReportsIn(ctx, tx, organisation, manager, today)
		if err != nil {
			return err
		}
		defined, err := indicators(ctx, tx, organisation)
		if err != nil {
			return err
		}
		at := map[string]int{}
		var ids []any
		for n, p := range people {
			all = append(all, PersonGoals{Person: p, Figures: slices.ContainsFunc(defined, strategy.Indicator.OfPeople)})
			at[p.ID] = n
			ids = append(ids, p.ID)
		}
		for some := range slices.Chunk(ids, unitsAtOnce) {
			goals, err := readGoals(ctx, tx, organisation, `ended = '' AND person_id IN (`+db.Placeholders(2, len(some))+`)`, some...)
			if err != nil {
				return err
			}
			for _, g := range goals {
				all[at[g.Person.ID]].Goals = append(all[at[g.Person.ID]].Goals, g)
			}
		}
		return nil
	})
	return all, err
}

// OwnGoals are all goals of somebody, those that are worked on first.
func (s Store) OwnGoals(ctx context.Context, organisation, person string) (goals []strategy.Goal, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		goals, err = readGoals(ctx, tx, organisation, `person_id = $2`, person)
		return err
	})
	return goals, err
}

// LearningObjectives are the goals of some people that have a learning objective, by when they begin.
func (s Store) LearningObjectives(ctx context.Context, organisation string, people []string) (goals []strategy.Goal, err error) {
	if len(people) == 0 {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := readGoals(ctx, tx, organisation, `person_id IN (`+db.Placeholders(2, len(people))+`)`, values(people[0], people[1:])...)
		goals = slices.DeleteFunc(all, func(g strategy.Goal) bool { return len(g.Objectives) == 0 })
		slices.SortStableFunc(goals, func(a, b strategy.Goal) int { return cmp.Compare(a.Begins, b.Begins) })
		return err
	})
	return goals, err
}

// Waiting says what waits for somebody's yes.
type Waiting struct {
	Any    bool   // there are goals at all
	Own    int    // goals of that person
	First  string // id of one of them
	Others int    // goals of those who report to that person
}

// Waiting counts, by the person's key, goals that are worked on and wait for a yes.
func (s Store) Waiting(ctx context.Context, organisation, person string) (w Waiting, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, w.Any, err = db.One(ctx, tx, db.Value[string], `SELECT id FROM strategy_goal WHERE organisation_id = $1 LIMIT 1`, organisation); err != nil || !w.Any {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		own, err := db.All(ctx, tx, db.Value[string], `SELECT id FROM strategy_goal WHERE organisation_id = $1 AND person_key = $2 AND ended = '' AND agreed_person = 0 ORDER BY id`, organisation, person)
		if err != nil {
			return err
		}
		if w.Own = len(own); w.Own > 0 {
			w.First = own[0]
		}
		people, err := orgdb.ReportsIn(ctx, tx, organisation, person, today)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(people, unitsAtOnce) {
			ids := []any{organisation}
			for _, p := range some {
				ids = append(ids, p.ID)
			}
			n, _, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM strategy_goal WHERE organisation_id = $1 AND ended = '' AND agreed_manager = 0 AND person_id IN (`+db.Placeholders(2, len(some))+`)`, ids...)
			if err != nil {
				return err
			}
			w.Others += n
		}
		return nil
	})
	return w, err
}
