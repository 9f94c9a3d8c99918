package learningdb

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

const priorityQuery = `SELECT id, unit_id, unit_key, unit_name, year, name, why, goal_id, competencies, resources, solutions, hours, budget, currency, owner_id, owner_key, owner_name,
	learning_by, learning_at, learning_goal, head_by, head_at, head_goal, made_by, made_at, ` + orgdb.Zone + ` FROM learning_priority WHERE organisation_id = $1`

func priorities(ctx context.Context, tx *db.Tx, organisation, where string, values ...any) ([]learning.Priority, error) {
	return db.All(ctx, tx, func(row db.Scanner) (p learning.Priority, err error) {
		var competencies, resources, solutions, zone string
		var signed, headed, made int64
		err = row.Scan(&p.ID, &p.Unit.ID, &p.Unit.Key, &p.Unit.Name, &p.Year, &p.Name, &p.Why, &p.Goal, &competencies, &resources, &solutions, &p.Hours, &p.Budget, &p.Currency, &p.Owner.ID, &p.Owner.Key, &p.Owner.Name,
			&p.Learning.By, &signed, &p.Learning.Goal, &p.Head.By, &headed, &p.Head.Goal, &p.By, &made, &zone)
		for text, into := range map[*string]any{&competencies: &p.Competencies, &resources: &p.Resources, &solutions: &p.Solutions} {
			if err == nil {
				err = json.Unmarshal([]byte(*text), into)
			}
		}
		for _, at := range []struct {
			micro int64
			into  *time.Time
		}{{signed, &p.Learning.At}, {headed, &p.Head.At}, {made, &p.At}} {
			if at.micro > 0 {
				*at.into = period.Moment(at.micro, zone)
			}
		}
		return p, err
	}, priorityQuery+` AND `+where+` ORDER BY unit_name, unit_id, made_at, id`, append([]any{organisation}, values...)...)
}

func onePriority(ctx context.Context, tx *db.Tx, organisation, priority string) (learning.Priority, error) {
	all, err := priorities(ctx, tx, organisation, `id = $2`, priority)
	if err == nil && len(all) == 0 {
		err = fault.NotFoundf("there is no such priority")
	}
	if err != nil {
		return learning.Priority{}, err
	}
	return all[0], nil
}

// Agreed is a priority with how far it is agreed.
type Agreed struct {
	learning.Priority
	Of     strategy.Goal // zero where it is not there any more
	Stands learning.Standing
}

// Plan is a unit's part of the learning strategy of a year.
type Plan struct {
	Unit      org.Ref
	Path      []org.Ref
	Under     []org.Ref
	Year      int
	Today     period.Day
	Own       []Agreed
	Above     []Agreed // of units above it
	Below     []Agreed // of units under it
	Reviews   []learning.Review
	Names     map[string]string // of competencies and resources that are named, by id
	Goals     []strategy.Goal   // that its priorities can serve
	Resources []learning.Resource
}

// Plan reads that of a unit; year 0 is the present one.
func (s Store) Plan(ctx context.Context, organisation, unit string, year int) (v Plan, err error) {
	if err := period.CheckYear(year); err != nil {
		return v, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		if v.Year = year; year == 0 {
			v.Year = v.Today.Time().Year()
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, v.Today)
		if err != nil {
			return err
		}
		at, there := units.Find(unit)
		if !there {
			return fault.NotFoundf("there is no such unit")
		}
		v.Unit, v.Path, v.Under = units.Units[at].Ref(), units.Path(at), nil
		for _, child := range units.Children(at) {
			if units.Units[child].Left == "" {
				v.Under = append(v.Under, units.Units[child].Ref())
			}
		}
		all, err := s.agreed(ctx, tx, organisation, v.Year)
		if err != nil {
			return err
		}
		v.Own, v.Above, v.Below = nil, nil, nil
		for _, p := range all {
			of, there := units.Find(p.Unit.ID)
			switch {
			case p.Unit.ID == unit:
				v.Own = append(v.Own, p)
			case slices.ContainsFunc(v.Path, func(up org.Ref) bool { return up.ID == p.Unit.ID }):
				v.Above = append(v.Above, p)
			case there && slices.Contains(units.IDs(of), unit):
				v.Below = append(v.Below, p)
			}
		}
		if v.Reviews, err = reviews(ctx, tx, organisation, unit, v.Year); err != nil {
			return err
		}
		if v.Resources, err = s.resources(ctx, tx, organisation, ResourceQuery{}, ""); err != nil {
			return err
		}
		v.Names, err = s.priorityNames(ctx, tx, organisation, v.Own, v.Resources)
		return err
	})
	if err != nil {
		return v, err
	}
	v.Goals, err = s.Strategy.Reaching(ctx, organisation, unit, "")
	return v, err
}

// agreed are all priorities of a year with how far they are agreed.
func (s Store) agreed(ctx context.Context, tx *db.Tx, organisation string, year int) (all []Agreed, err error) {
	found, err := priorities(ctx, tx, organisation, `year = $2`, year)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range found {
		ids = append(ids, p.Goal)
	}
	goals, err := strategydb.GoalsIn(ctx, tx, organisation, ids...)
	for _, p := range found {
		all = append(all, Agreed{p, goals[p.Goal], p.Stands(goals[p.Goal])})
	}
	return all, err
}

// priorityNames are what competencies and resources that priorities name are called.
func (s Store) priorityNames(ctx context.Context, tx *db.Tx, organisation string, all []Agreed, resources []learning.Resource) (map[string]string, error) {
	names := map[string]string{}
	var ids []string
	for _, p := range all {
		ids = append(ids, p.Competencies...)
	}
	found, err := competenciesIn(ctx, tx, organisation, ids)
	for of, c := range found {
		names[of] = c.Name
	}
	for _, r := range resources {
		names[r.ID] = r.Name
	}
	return names, err
}

// SavePriority keeps a priority, the one of its id or a new one, and returns the id. What changes loses
// both signatures. owner is typed: a personnel number, a mail address or a name of today's roster. It
// reports a goal that does not reach the unit, and what is named and not there.
func (s Store) SavePriority(ctx context.Context, organisation string, p learning.Priority, owner, by string) (string, error) {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return "", err
	}
	ownerOf := s.Org.OwnerOf(ctx, organisation, owner, today)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		what := "priority changed"
		var was learning.Priority
		if p.ID == "" {
			p.ID, what = id.New(), "priority made"
		} else if was, err = onePriority(ctx, tx, organisation, p.ID); err != nil {
			return err
		} else {
			p.Unit, p.Year = was.Unit, was.Year
		}
		if p.Owner, err = ownerOf(was.Owner); err != nil {
			return err
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, today)
		if err != nil {
			return err
		}
		if err := s.placePriority(ctx, tx, organisation, units, &p); err != nil {
			return err
		}
		p.Learning, p.Head, p.By, p.At = learning.Signature{}, learning.Signature{}, by, s.now()
		if err := p.Check(); err != nil {
			return err
		}
		if err := writePriority(ctx, tx, organisation, p); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, what, p.Unit.Name+": "+p.Name)
	})
	return p.ID, err
}

// placePriority finds the unit and checks that what is named is there, and that the goal is of the unit or
// of one above it.
func (s Store) placePriority(ctx context.Context, tx *db.Tx, organisation string, units *org.Structure, p *learning.Priority) error {
	at, there := units.Find(p.Unit.ID)
	if !there {
		return fault.NotFoundf("there is no such unit")
	}
	p.Unit = units.Units[at].Ref()
	goals, err := strategydb.GoalsIn(ctx, tx, organisation, p.Goal)
	if err != nil {
		return err
	}
	g := goals[p.Goal]
	if p.Goal != "" && (g.ID == "" || g.Personal() || !slices.Contains(units.IDs(at), g.Unit.ID)) {
		return fault.Fieldf("goal", "choose a goal of the unit, or of one above it")
	}
	competencies, err := competenciesIn(ctx, tx, organisation, p.Competencies)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(p.Competencies, func(c string) bool { return competencies[c].ID == "" }) {
		return fault.Fieldf("competencies", "choose a competency")
	}
	resources, err := s.resourcesByID(ctx, tx, organisation)
	if err == nil && slices.ContainsFunc(p.Resources, func(r string) bool { return resources[r].ID == "" }) {
		err = fault.Fieldf("resources", "choose a resource that there is")
	}
	return err
}

func writePriority(ctx context.Context, tx *db.Tx, organisation string, p learning.Priority) error {
	competencies, err := list(p.Competencies)
	if err != nil {
		return err
	}
	resources, err := list(p.Resources)
	if err != nil {
		return err
	}
	solutions, err := list(p.Solutions)
	if err != nil {
		return err
	}
	micro := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMicro()
	}
	row := []any{organisation, p.ID, p.Unit.ID, p.Unit.Key, p.Unit.Name, p.Year, p.Name, p.Why, p.Goal, competencies, resources, solutions, p.Hours, p.Budget, p.Currency, p.Owner.ID, p.Owner.Key, p.Owner.Name,
		p.Learning.By, micro(p.Learning.At), p.Learning.Goal, p.Head.By, micro(p.Head.At), p.Head.Goal, p.By, micro(p.At)}
	return tx.PutMany(ctx, "learning_priority", []string{"organisation_id", "id", "unit_id", "unit_key", "unit_name", "year", "name", "why", "goal_id", "competencies", "resources", "solutions", "hours", "budget", "currency", "owner_id", "owner_key", "owner_name",
		"learning_by", "learning_at", "learning_goal", "head_by", "head_at", "head_goal", "made_by", "made_at"}, 2, [][]any{row})
}

// Sign puts a signature under a priority, and its goal as it now is, for the learning function or the head
// of the unit.
func (s Store) Sign(ctx context.Context, organisation, priority string, forLearning bool, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := onePriority(ctx, tx, organisation, priority)
		if err != nil {
			return err
		}
		goals, err := strategydb.GoalsIn(ctx, tx, organisation, p.Goal)
		if err != nil {
			return err
		}
		g, there := goals[p.Goal]
		if !there || g.Ended != "" {
			return fault.Conflictf("its goal is not worked on any more: choose another goal first")
		}
		now := learning.Signature{By: by, At: s.now(), Goal: learning.Fingerprint(g)}
		side := &p.Head
		if forLearning {
			side = &p.Learning
		}
		*side = now
		for _, other := range []*learning.Signature{&p.Learning, &p.Head} {
			if !other.IsZero() && other.Goal != now.Goal {
				*other = learning.Signature{} // was under another goal
			}
		}
		if err := writePriority(ctx, tx, organisation, p); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, "priority signed", p.Unit.Name+": "+p.Name)
	})
}

// DropPriority takes a priority out that not both have signed.
func (s Store) DropPriority(ctx context.Context, organisation, priority, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := onePriority(ctx, tx, organisation, priority)
		if err != nil {
			return err
		}
		if !p.Learning.IsZero() && !p.Head.IsZero() {
			return fault.Conflictf("both have signed it: change it, and sign anew")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM learning_priority WHERE organisation_id = $1 AND id = $2`, organisation, priority); err != nil {
			return err
		}
		return s.record(ctx, tx, organisation, by, "priority taken out", p.Unit.Name+": "+p.Name)
	})
}

// Priority returns one.
func (s Store) Priority(ctx context.Context, organisation, priority string) (p learning.Priority, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		p, err = onePriority(ctx, tx, organisation, priority)
		return err
	})
	return p, err
}

// Serving is what is learned for a goal.
type Serving struct {
	Priorities []Agreed // of the present year
	Resources  []learning.Resource
}

// Serving reads what is learned for a goal.
func (s Store) Serving(ctx context.Context, organisation, goal string) (v Serving, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if v.Priorities, err = s.agreed(ctx, tx, organisation, today.Time().Year()); err != nil {
			return err
		}
		v.Priorities = slices.DeleteFunc(v.Priorities, func(p Agreed) bool { return p.Goal != goal })
		v.Resources, err = s.resources(ctx, tx, organisation, ResourceQuery{Aim: learning.Aim{Kind: effort.ForGoal, ID: goal}}, "")
		return err
	})
	return v, err
}
