package strategydb

import (
	"context"
	"slices"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

const goalColumns = `id, unit_id, unit_key, unit_name, person_id, person_key, person_name, name, why, perspective, begins, ends, owner_id, owner_key, owner_name,
	indicator_id, baseline, aim, high, weight, agreed_person, agreed_manager, manager_name, ended, outcome, came, made_by, made_at, ` + orgdb.Zone

func scanGoal(row db.Scanner) (g strategy.Goal, err error) {
	var person, manager, made int64
	var zone string
	err = row.Scan(&g.ID, &g.Unit.ID, &g.Unit.Key, &g.Unit.Name, &g.Person.ID, &g.Person.Key, &g.Person.Name, &g.Name, &g.Why, &g.Perspective, &g.Begins, &g.Ends, &g.Owner.ID, &g.Owner.Key, &g.Owner.Name,
		&g.Indicator, &g.Baseline, &g.Aim, &g.High, &g.Weight, &person, &manager, &g.Agreed.ManagerName, &g.Ended, &g.Outcome, &g.Came, &g.By, &made, &zone)
	g.At = period.Moment(made, zone)
	if person > 0 {
		g.Agreed.Person = period.Moment(person, zone)
	}
	if manager > 0 {
		g.Agreed.Manager = period.Moment(manager, zone)
	}
	return g, err
}

// readGoals reads the goals that where narrows, whose values begin at $2, with their links and
// objectives: those that are worked on first, by name.
func readGoals(ctx context.Context, tx *db.Tx, organisation, where string, values ...any) ([]strategy.Goal, error) {
	args := append([]any{organisation}, values...)
	goals, err := db.All(ctx, tx, scanGoal, `SELECT `+goalColumns+` FROM strategy_goal WHERE organisation_id = $1 AND `+where+` ORDER BY CASE WHEN ended = '' THEN 0 ELSE 1 END, name, id`, args...)
	if err != nil || len(goals) == 0 {
		return goals, err
	}
	at, ids := map[string]int{}, []any{}
	for n, g := range goals {
		at[g.ID] = n
		ids = append(ids, g.ID)
	}
	for some := range slices.Chunk(ids, unitsAtOnce) {
		if err := readTies(ctx, tx, organisation, goals, at, some); err != nil {
			return nil, err
		}
	}
	return goals, nil
}

// readTies reads the links and objectives of some goals, by their ids, into goals.
func readTies(ctx context.Context, tx *db.Tx, organisation string, goals []strategy.Goal, at map[string]int, ids []any) error {
	args, among := append([]any{organisation}, ids...), ` IN (`+db.Placeholders(2, len(ids))+`)`
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var l strategy.Link
		err := row.Scan(&of, &l.Goal, &l.How, &l.Because)
		goals[at[of]].Links = append(goals[at[of]].Links, l)
		return struct{}{}, err
	}, `SELECT goal_id, to_id, how, because FROM strategy_link WHERE organisation_id = $1 AND goal_id`+among+` ORDER BY goal_id, place`, args...)
	if err != nil {
		return err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var o strategy.Objective
		err := row.Scan(&of, &o.ID, &o.What, &o.Done)
		goals[at[of]].Objectives = append(goals[at[of]].Objectives, o)
		return struct{}{}, err
	}, `SELECT goal_id, id, what, done FROM strategy_objective WHERE organisation_id = $1 AND goal_id`+among+` ORDER BY goal_id, place`, args...)
	return err
}

// oneGoal reads one.
func oneGoal(ctx context.Context, tx *db.Tx, organisation, goal string) (strategy.Goal, error) {
	goals, err := readGoals(ctx, tx, organisation, `id = $2`, goal)
	if err == nil && len(goals) == 0 {
		err = fault.NotFoundf("there is no such goal")
	}
	if err != nil {
		return strategy.Goal{}, err
	}
	return goals[0], nil
}

// GoalsIn returns, by their ids, those of some goals that there are, inside another transaction.
func GoalsIn(ctx context.Context, tx *db.Tx, organisation string, ids ...string) (map[string]strategy.Goal, error) {
	found := map[string]strategy.Goal{}
	for some := range slices.Chunk(ids, unitsAtOnce) {
		var args []any
		for _, one := range some {
			args = append(args, one)
		}
		goals, err := readGoals(ctx, tx, organisation, `id IN (`+db.Placeholders(2, len(args))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, g := range goals {
			found[g.ID] = g
		}
	}
	return found, nil
}

// above reads what some goals serve or lead to, and what these do, up to the top.
func above(ctx context.Context, tx *db.Tx, organisation string, units *org.Structure, goals []strategy.Goal) (strategy.Tree, error) {
	t := strategy.Tree{Goals: map[string]strategy.Goal{}, Units: units}
	for len(goals) > 0 {
		var ids []any
		for _, g := range goals {
			for _, l := range g.Links {
				if _, there := t.Goals[l.Goal]; !there && !slices.Contains(ids, any(l.Goal)) && len(ids) < unitsAtOnce {
					ids = append(ids, l.Goal)
				}
			}
		}
		if len(ids) == 0 {
			break
		}
		var err error
		if goals, err = readGoals(ctx, tx, organisation, `id IN (`+db.Placeholders(2, len(ids))+`)`, ids...); err != nil {
			return t, err
		}
		for _, g := range goals {
			t.Goals[g.ID] = g
		}
	}
	return t, nil
}

// GoalMade is a goal as somebody types it.
type GoalMade struct {
	strategy.Goal
	OwnerTyped string   // a personnel number, a mail address or a name of today's roster; of a unit's goal
	Side       org.Side // of a person's goal: who types it
	By         string
}

// SaveGoal keeps a goal, the one of its id or a new one, and returns the id. A person's goal is agreed
// with by who types it; the other side says yes to it anew. Mistakes are the core's.
func (s Store) SaveGoal(ctx context.Context, organisation string, made GoalMade) (string, error) {
	g := made.Goal
	var was strategy.Goal
	event := org.Event{What: "goal changed", Who: made.By}
	var err error
	if g.ID == "" {
		g.ID, event = id.New(), org.Event{What: "goal set", Who: made.By}
	} else if was, err = s.goal(ctx, organisation, g.ID); err != nil {
		return "", err
	}
	if was.ID != "" {
		g.Unit, g.Person, g.Ended, g.Outcome, g.Came = was.Unit, was.Person, was.Ended, was.Outcome, was.Came
	}
	if !g.Personal() {
		if g.Owner, err = s.owner(ctx, organisation, made.OwnerTyped, was.Owner); err != nil {
			return "", err
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.placeGoal(ctx, tx, organisation, &g); err != nil {
			return err
		}
		g.Agreed = strategy.Agreement{}
		switch now := s.now(); {
		case g.Personal() && made.Side == org.TheManager:
			g.Agreed.Manager, g.Agreed.ManagerName = now, made.By
		case g.Personal():
			g.Agreed.Person = now
		}
		if err := s.writeGoal(ctx, tx, organisation, g, was, made.By); err != nil {
			return err
		}
		if event.At, event.Detail = s.now(), g.Name; g.Personal() {
			event.Detail = g.Person.Name
		}
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
	return g.ID, err
}

func (s Store) goal(ctx context.Context, organisation, goal string) (g strategy.Goal, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		g, err = oneGoal(ctx, tx, organisation, goal)
		return err
	})
	return g, err
}

// placeGoal finds whose the goal is on today's roster, and checks it against the goals around it.
func (s Store) placeGoal(ctx context.Context, tx *db.Tx, organisation string, g *strategy.Goal) error {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return err
	}
	units, err := orgdb.UnitsIn(ctx, tx, organisation, today)
	if err != nil {
		return err
	}
	if g.Personal() {
		p, err := orgdb.PersonIn(ctx, tx, organisation, g.Person.ID, today)
		if err != nil {
			return err
		}
		g.Person, g.Unit = org.Ref{ID: p.ID, Key: p.Key, Name: p.Title()}, p.Unit
	}
	at, there := units.Find(g.Unit.ID)
	if !there || units.Units[at].Left != "" {
		return fault.NotFoundf("there is no such unit")
	}
	g.Unit = units.Units[at].Ref()
	if err := g.Check(); err != nil {
		return err
	}
	all, err := indicators(ctx, tx, organisation)
	if err != nil {
		return err
	}
	var measured strategy.Indicator
	if g.Indicator != "" {
		if measured, err = find(all, g.Indicator); err != nil {
			return fault.Fieldf("indicator", "there is no such indicator")
		}
	}
	if err := g.CheckMeasure(measured); err != nil {
		return err
	}
	tree, err := above(ctx, tx, organisation, units, []strategy.Goal{*g})
	if err != nil {
		return err
	}
	return tree.CheckLinks(*g)
}

func (s Store) writeGoal(ctx context.Context, tx *db.Tx, organisation string, g, was strategy.Goal, by string) error {
	micro := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMicro()
	}
	_, err := tx.Exec(ctx, `INSERT INTO strategy_goal (organisation_id, id, unit_id, unit_key, unit_name, person_id, person_key, person_name, name, why, perspective, begins, ends, owner_id, owner_key, owner_name, indicator_id, baseline, aim, high, weight, agreed_person, agreed_manager, manager_name, ended, outcome, came, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29) ON CONFLICT (organisation_id, id)
		DO UPDATE SET unit_id = $3, unit_key = $4, unit_name = $5, person_key = $7, person_name = $8, name = $9, why = $10, perspective = $11, begins = $12, ends = $13, owner_id = $14, owner_key = $15, owner_name = $16, indicator_id = $17, baseline = $18, aim = $19, high = $20, weight = $21, agreed_person = $22, agreed_manager = $23, manager_name = $24, ended = $25, outcome = $26, came = $27`,
		organisation, g.ID, g.Unit.ID, g.Unit.Key, g.Unit.Name, g.Person.ID, g.Person.Key, g.Person.Name, g.Name, g.Why, g.Perspective, g.Begins, g.Ends, g.Owner.ID, g.Owner.Key, g.Owner.Name, g.Indicator, g.Baseline, g.Aim, g.High, g.Weight,
		micro(g.Agreed.Person), micro(g.Agreed.Manager), g.Agreed.ManagerName, g.Ended, g.Outcome, g.Came, by, s.now().UnixMicro())
	if err != nil {
		return err
	}
	for _, table := range []string{"strategy_link", "strategy_objective"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE organisation_id = $1 AND goal_id = $2`, organisation, g.ID); err != nil {
			return err
		}
	}
	var links, objectives [][]any
	for n, l := range g.Links {
		links = append(links, []any{organisation, g.ID, l.Goal, n, l.How, l.Because})
	}
	for n, o := range g.Objectives {
		before := slices.IndexFunc(was.Objectives, func(w strategy.Objective) bool { return w.What == o.What })
		if o.ID = id.New(); before >= 0 {
			o.ID, o.Done = was.Objectives[before].ID, was.Objectives[before].Done
		}
		objectives = append(objectives, []any{organisation, o.ID, g.ID, n, o.What, o.Done})
	}
	if err := tx.InsertMany(ctx, "strategy_link", []string{"organisation_id", "goal_id", "to_id", "place", "how", "because"}, links); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "strategy_objective", []string{"organisation_id", "id", "goal_id", "place", "what", "done"}, objectives)
}

// changeGoal changes what stands beside a goal's own words.
func (s Store) changeGoal(ctx context.Context, organisation, goal string, event org.Event, change func(g *strategy.Goal, today period.Day) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		g, err := oneGoal(ctx, tx, organisation, goal)
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if err := change(&g, today); err != nil {
			return err
		}
		if err := s.writeGoal(ctx, tx, organisation, g, g, g.By); err != nil {
			return err
		}
		event.At, event.Detail = s.now(), g.Name
		if g.Personal() {
			event.Detail = g.Person.Name
		}
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
}

// Agree says yes to a person's goal as it stands, for one side.
func (s Store) Agree(ctx context.Context, organisation, goal string, side org.Side, by string) error {
	return s.changeGoal(ctx, organisation, goal, org.Event{What: "goal agreed", Who: by}, func(g *strategy.Goal, _ period.Day) error {
		switch {
		case !g.Personal():
			return fault.Conflictf("a goal of a unit needs no agreement")
		case side == org.TheManager:
			g.Agreed.Manager, g.Agreed.ManagerName = s.now(), by
		default:
			g.Agreed.Person = s.now()
		}
		return nil
	})
}

// EndGoal says how a goal ended; one that has ended is a conflict.
func (s Store) EndGoal(ctx context.Context, organisation, goal string, o strategy.Outcome, came, by string) error {
	return s.changeGoal(ctx, organisation, goal, org.Event{What: "goal ended", Who: by}, func(g *strategy.Goal, today period.Day) error {
		if g.Ended != "" {
			return fault.Conflictf("this goal has ended already, on %s", string(g.Ended))
		}
		return g.End(o, came, today)
	})
}

// ReopenGoal takes back that a goal has ended.
func (s Store) ReopenGoal(ctx context.Context, organisation, goal, by string) error {
	return s.changeGoal(ctx, organisation, goal, org.Event{What: "goal taken up again", Who: by}, func(g *strategy.Goal, _ period.Day) error {
		g.Ended, g.Outcome, g.Came = "", "", ""
		return nil
	})
}

// Learn says that an objective of a goal has been learned, or not after all.
func (s Store) Learn(ctx context.Context, organisation, goal, objective string, done bool, by string) error {
	return s.changeGoal(ctx, organisation, goal, org.Event{What: "learning objective changed", Who: by}, func(g *strategy.Goal, today period.Day) error {
		n := slices.IndexFunc(g.Objectives, func(o strategy.Objective) bool { return o.ID == objective })
		if n < 0 {
			return fault.NotFoundf("there is no such learning objective")
		}
		if g.Objectives[n].Done = ""; done {
			g.Objectives[n].Done = today
		}
		return nil
	})
}

// CheckIn keeps what somebody says of a goal on the way.
func (s Store) CheckIn(ctx context.Context, organisation, goal string, c strategy.CheckIn, by string) error {
	if err := c.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		g, err := oneGoal(ctx, tx, organisation, goal)
		if err != nil {
			return err
		}
		if g.Ended != "" {
			return fault.Conflictf("this goal has ended already, on %s", string(g.Ended))
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO strategy_checkin (organisation_id, id, goal_id, day, pace, what, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			organisation, id.New(), goal, today, c.Pace, c.What, by, s.now().UnixMicro())
		return err
	})
}

func checkIns(ctx context.Context, tx *db.Tx, organisation, where string, values ...any) (map[string][]strategy.CheckIn, error) {
	all := map[string][]strategy.CheckIn{}
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of, zone string
		var c strategy.CheckIn
		var made int64
		err := row.Scan(&of, &c.ID, &c.Day, &c.Pace, &c.What, &c.By, &made, &zone)
		c.At = period.Moment(made, zone)
		all[of] = append(all[of], c)
		return struct{}{}, err
	}, `SELECT goal_id, id, day, pace, what, made_by, made_at, `+orgdb.Zone+` FROM strategy_checkin WHERE organisation_id = $1 AND `+where+` ORDER BY goal_id, id DESC`, append([]any{organisation}, values...)...)
	return all, err
}
