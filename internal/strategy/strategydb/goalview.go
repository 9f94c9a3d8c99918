package strategydb

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// Measured is a goal with its indicator and how that stands in its unit; nil for a goal without.
type Measured struct {
	strategy.Goal
	Measure *strategy.Indicator
	Line    *strategy.Line
	Last    *strategy.CheckIn // the newest
	Units   int               // goals of units that serve it
	People  int               // people whose goals serve it
	Share   *float64          // what the goals of units that contribute to its sum aim at together; nil where one has no target in its indicator
}

// UnitGoals are the goals of a unit and what they have to do with those around them.
type UnitGoals struct {
	Unit  org.Unit
	Path  []org.Ref
	Under []org.Ref
	Today period.Day
	Goals []Measured      // the unit's
	Above []strategy.Goal // that reach the unit and are worked on: nearest unit first
	Tree  strategy.Tree   // of these

	Diagnoses []string // ids of those whose scores are shown
}

// Goals reads the goals of a unit. sees says which scores of diagnoses are shown; nil: none.
func (s Store) Goals(ctx context.Context, organisation, unit string, sees Sees) (u UnitGoals, err error) {
	var all []strategy.Indicator
	var figures map[key]*strategy.Figures
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		units, err := s.units(ctx, tx, organisation)
		if err != nil {
			return err
		}
		at, there := units.Find(unit)
		if !there {
			return fault.NotFoundf("there is no such unit")
		}
		u.Today, u.Unit, u.Path, u.Under = units.Day, units.Units[at].Unit, units.Path(at), refs(units, units.Children(at))
		if all, err = indicators(ctx, tx, organisation); err != nil {
			return err
		}
		if figures, err = readFigures(ctx, tx, organisation, all, units, at); err != nil {
			return err
		}
		return s.readUnitGoals(ctx, tx, organisation, units, &u)
	})
	if err != nil {
		return u, err
	}
	if u.Diagnoses, err = s.come(ctx, organisation, measuring(all, u.Goals), figures, []string{unit}, sees); err != nil {
		return u, err
	}
	for n := range u.Goals {
		u.Goals[n].measure(all, figures, u.Today)
	}
	return u, nil
}

// measuring are the indicators that some goals have.
func measuring(all []strategy.Indicator, goals []Measured) (some []strategy.Indicator) {
	for _, i := range all {
		if slices.ContainsFunc(goals, func(g Measured) bool { return g.Indicator == i.ID }) {
			some = append(some, i)
		}
	}
	return some
}

func (m *Measured) measure(all []strategy.Indicator, figures map[key]*strategy.Figures, today period.Day) {
	i, err := find(all, m.Indicator)
	f := figures[key{m.Indicator, m.subject(i), ""}]
	if err != nil || f == nil {
		return
	}
	line := m.Goal.Line(i, *f, today)
	m.Measure, m.Line = &i, &line
}

func (s Store) readUnitGoals(ctx context.Context, tx *db.Tx, organisation string, units *org.Structure, u *UnitGoals) error {
	var path []any
	for _, step := range u.Path {
		path = append(path, step.ID)
	}
	goals, err := readGoals(ctx, tx, organisation, `person_id = '' AND unit_id IN (`+db.Placeholders(2, len(path))+`)`, path...)
	if err != nil {
		return err
	}
	u.Tree = strategy.Tree{Goals: map[string]strategy.Goal{}, Units: units}
	for _, g := range goals {
		u.Tree.Goals[g.ID] = g
		if g.Unit.ID == u.Unit.ID {
			u.Goals = append(u.Goals, Measured{Goal: g})
		} else if g.Ended == "" {
			u.Above = append(u.Above, g)
		}
	}
	slices.SortStableFunc(u.Above, func(a, b strategy.Goal) int {
		return slices.IndexFunc(u.Path, func(r org.Ref) bool { return r.ID == b.Unit.ID }) - slices.IndexFunc(u.Path, func(r org.Ref) bool { return r.ID == a.Unit.ID })
	})
	return countServing(ctx, tx, organisation, u.Goals)
}

// countServing counts what serves goals, and reads the newest check-in of each.
func countServing(ctx context.Context, tx *db.Tx, organisation string, goals []Measured) error {
	if len(goals) == 0 {
		return nil
	}
	at, ids := map[string]int{}, []any{}
	for n, g := range goals {
		at[g.ID] = n
		ids = append(ids, g.ID)
	}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var to string
		var ofUnits bool
		var n, parts, summed int
		var sum sql.NullFloat64
		err := row.Scan(&to, &ofUnits, &n, &parts, &summed, &sum)
		g := &goals[at[to]]
		if !ofUnits {
			g.People = n
			return struct{}{}, err
		}
		if g.Units = n; parts > 0 && summed == parts && !math.IsInf(sum.Float64, 0) {
			g.Share = &sum.Float64
		}
		return struct{}{}, err
	}, `SELECT l.to_id, g.person_id = '' AS of_units, COUNT(DISTINCT CASE WHEN g.person_id = '' THEN g.id ELSE g.person_id END),
			COUNT(CASE WHEN l.how = 'contributes' THEN 1 END),
			COUNT(CASE WHEN l.how = 'contributes' AND g.indicator_id = t.indicator_id THEN g.aim END),
			SUM(CASE WHEN l.how = 'contributes' THEN g.aim END)
		FROM strategy_link l JOIN strategy_goal t ON t.organisation_id = l.organisation_id AND t.id = l.to_id
			JOIN strategy_goal g ON g.organisation_id = l.organisation_id AND g.id = l.goal_id AND g.ended = ''
		WHERE l.organisation_id = $1 AND l.how <> 'leads-to' AND l.to_id IN (`+db.Placeholders(2, len(ids))+`) GROUP BY l.to_id, of_units`, append([]any{organisation}, ids...)...)
	if err != nil {
		return err
	}
	all, err := checkIns(ctx, tx, organisation, `goal_id IN (`+db.Placeholders(2, len(ids))+`)`, ids...)
	for of, c := range all {
		goals[at[of]].Last = &c[0]
	}
	return err
}

// Orphans are goals in a unit and under it that serve nothing though there are units above, and that
// nothing serves.
type Orphans struct{ ServeNothing, Unserved OrphanList }

// OrphanList is how many there are and the first of them, by unit and name. Of each no more is read than a list
// needs.
type OrphanList struct {
	Count int
	First []strategy.Goal
}

const (
	servesNothing = `unit_id <> $2 AND NOT EXISTS (SELECT 1 FROM strategy_link l WHERE l.organisation_id = $1 AND l.goal_id = strategy_goal.id AND l.how <> 'leads-to')`
	unserved      = `$2 <> '' AND NOT EXISTS (SELECT 1 FROM strategy_link l JOIN strategy_goal s ON s.organisation_id = l.organisation_id AND s.id = l.goal_id AND s.ended = ''
		WHERE l.organisation_id = $1 AND l.to_id = strategy_goal.id AND l.how <> 'leads-to')`
)

// Orphans lists them by the units' names, the first so many of each; 0 for all.
func (s Store) Orphans(ctx context.Context, organisation, unit string, first int) (o Orphans, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		units, err := s.units(ctx, tx, organisation)
		if err != nil {
			return err
		}
		at, there := units.Find(unit)
		if !there {
			return fault.NotFoundf("there is no such unit")
		}
		within := slices.DeleteFunc(slices.Clone(units.Subtree(at)), func(u org.Node) bool { return u.Left != "" })
		slices.SortStableFunc(within, func(a, b org.Node) int { return strings.Compare(a.Name, b.Name) })
		if o.ServeNothing, err = orphans(ctx, tx, organisation, units.Units[0].ID, servesNothing, within, first); err != nil {
			return err
		}
		o.Unserved, err = orphans(ctx, tx, organisation, units.Units[0].ID, unserved, within, first)
		return err
	})
	return o, err
}

func orphans(ctx context.Context, tx *db.Tx, organisation, root, which string, within []org.Node, first int) (l OrphanList, err error) {
	of := map[string][]any{} // ids, by unit
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id, unit string
		err := row.Scan(&id, &unit)
		of[unit] = append(of[unit], id)
		return struct{}{}, err
	}, `SELECT id, unit_id FROM strategy_goal WHERE organisation_id = $1 AND person_id = '' AND ended = '' AND `+which, organisation, root)
	if err != nil {
		return l, err
	}
	var ids []any
	for _, u := range within {
		ids = append(ids, of[u.ID]...)
	}
	if l.Count = len(ids); first > 0 {
		ids = ids[:min(first, len(ids))]
	}
	for some := range slices.Chunk(ids, unitsAtOnce) {
		goals, err := db.All(ctx, tx, scanOneOfMany, `SELECT id, unit_id, unit_name, name, owner_name FROM strategy_goal WHERE organisation_id = $1 AND id IN (`+db.Placeholders(2, len(some))+`) ORDER BY unit_name, name, id`, append([]any{organisation}, some...)...)
		if err != nil {
			return l, err
		}
		l.First = append(l.First, goals...)
	}
	return l, nil
}

// GoalView is one goal with what it serves and what serves it.
type GoalView struct {
	Measured
	Path     []org.Ref // of its unit
	Today    period.Day
	Tree     strategy.Tree // of what stands above
	Under    []strategy.Goal
	CheckIns []strategy.CheckIn

	Diagnoses []string // ids of those whose scores are shown
}

// mostUnder is how many of the goals that serve one are listed.
const mostUnder = 200

// under reads the first of the goals of units that are worked on and serve one directly, by unit.
func under(ctx context.Context, tx *db.Tx, organisation, goal string) ([]strategy.Goal, error) {
	return db.All(ctx, tx, scanOneOfMany, `SELECT g.id, g.unit_id, g.unit_name, g.name, g.owner_name FROM strategy_link l
		JOIN strategy_goal g ON g.organisation_id = l.organisation_id AND g.id = l.goal_id AND g.person_id = '' AND g.ended = ''
		WHERE l.organisation_id = $1 AND l.to_id = $2 AND l.how <> 'leads-to' ORDER BY g.unit_name, g.name, g.id LIMIT $3`, organisation, goal, mostUnder)
}

// scanOneOfMany reads what a list shows of a goal.
func scanOneOfMany(row db.Scanner) (g strategy.Goal, err error) {
	err = row.Scan(&g.ID, &g.Unit.ID, &g.Unit.Name, &g.Name, &g.Owner.Name)
	return g, err
}

// Goal reads one goal. sees says which scores of diagnoses are shown; nil: none.
func (s Store) Goal(ctx context.Context, organisation, goal string, sees Sees) (v GoalView, err error) {
	var all []strategy.Indicator
	var figures map[key]*strategy.Figures
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Measured.Goal, err = oneGoal(ctx, tx, organisation, goal); err != nil {
			return err
		}
		units, err := s.units(ctx, tx, organisation)
		if err != nil {
			return err
		}
		v.Today = units.Day
		if v.Tree, err = above(ctx, tx, organisation, units, []strategy.Goal{v.Measured.Goal}); err != nil {
			return err
		}
		if v.Under, err = under(ctx, tx, organisation, goal); err != nil {
			return err
		}
		one := []Measured{v.Measured}
		if err := countServing(ctx, tx, organisation, one); err != nil {
			return err
		}
		v.Measured = one[0]
		of, err := checkIns(ctx, tx, organisation, `goal_id = $2`, goal)
		if err != nil {
			return err
		}
		v.CheckIns = of[goal]
		at, there := units.Find(v.Unit.ID)
		if !there {
			return nil
		}
		v.Path = units.Path(at)
		if v.Indicator == "" {
			return nil
		}
		if all, err = indicators(ctx, tx, organisation); err != nil {
			return err
		}
		if figures, err = readFigures(ctx, tx, organisation, all, units, at); err != nil {
			return err
		}
		return readOwn(ctx, tx, organisation, all, []Measured{v.Measured}, figures)
	})
	if err != nil || figures == nil {
		return v, err
	}
	if v.Diagnoses, err = s.come(ctx, organisation, measuring(all, []Measured{v.Measured}), figures, []string{v.Unit.ID}, sees); err != nil {
		return v, err
	}
	v.measure(all, figures, v.Today)
	return v, nil
}

// Reaching are the goals of a unit and of those above it that are worked on, nearest unit first, and
// one more, where it is named, though it has ended.
func (s Store) Reaching(ctx context.Context, organisation, unit, also string) (goals []strategy.Goal, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		units, err := s.units(ctx, tx, organisation)
		if err != nil {
			return err
		}
		at, there := units.Find(unit)
		values := []any{also}
		if there {
			for _, u := range slices.Backward(units.IDs(at)) {
				values = append(values, u)
			}
		}
		goals, err = readGoals(ctx, tx, organisation, `person_id = '' AND (id = $2 OR ended = '' AND unit_id IN (`+db.Placeholders(2, len(values))+`))`, values...)
		slices.SortStableFunc(goals, func(a, b strategy.Goal) int {
			return slices.Index(values, any(a.Unit.ID)) - slices.Index(values, any(b.Unit.ID))
		})
		return err
	})
	return goals, err
}

// Top are the goals of the whole that are worked on.
func (s Store) Top(ctx context.Context, organisation string) ([]strategy.Goal, error) {
	units, err := s.Units(ctx, organisation)
	if err != nil || len(units.Units) == 0 {
		return nil, err
	}
	return s.Reaching(ctx, organisation, units.Units[0].ID, "")
}

// Worked are the goals of units that are worked on, by name.
func (s Store) Worked(ctx context.Context, organisation string) (goals []strategy.Goal, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		goals, err = db.All(ctx, tx, scanGoal, `SELECT `+goalColumns+` FROM strategy_goal WHERE organisation_id = $1 AND person_id = '' AND ended = '' ORDER BY name, id`, organisation)
		return err
	})
	return goals, err
}
