package learningdb

import (
	"context"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy/strategydb"
)

const itemQuery = `SELECT id, person_id, person_key, person_name, unit_id, unit_key, unit_name, what, why, modality, resource_id, competency_id, level, goal_id, focal_id, theme, due,
	agreed_person, agreed_manager, manager_name, done, minutes, came, confirmed, confirmed_by, dropped, made_at, ` + orgdb.Zone + ` FROM learning_item WHERE organisation_id = $1`

// items reads those that where narrows, whose values begin at $2: what is due next first.
func items(ctx context.Context, tx *db.Tx, organisation, where string, values ...any) ([]learning.Item, error) {
	all, err := db.All(ctx, tx, func(row db.Scanner) (i learning.Item, err error) {
		var person, manager, made int64
		var zone string
		err = row.Scan(&i.ID, &i.Person.ID, &i.Person.Key, &i.Person.Name, &i.Unit.ID, &i.Unit.Key, &i.Unit.Name, &i.What, &i.Why, &i.Modality, &i.Resource, &i.Competency, &i.Level, &i.Goal, &i.Focal, &i.Theme, &i.Due,
			&person, &manager, &i.Agreed.ManagerName, &i.Done, &i.Minutes, &i.Came, &i.Confirmed, &i.By, &i.Dropped, &made, &zone)
		for _, at := range []struct {
			micro int64
			into  *time.Time
		}{{person, &i.Agreed.Person}, {manager, &i.Agreed.Manager}, {made, &i.At}} {
			if at.micro > 0 {
				*at.into = period.Moment(at.micro, zone)
			}
		}
		return i, err
	}, itemQuery+` AND `+where+` ORDER BY made_at, id`, append([]any{organisation}, values...)...)
	learning.SortItems(all)
	return all, err
}

func oneItem(ctx context.Context, tx *db.Tx, organisation, person, item string) (learning.Item, error) {
	all, err := items(ctx, tx, organisation, `person_id = $2 AND id = $3`, person, item)
	if err == nil && len(all) == 0 {
		err = fault.NotFoundf("there is no such item in the plan")
	}
	if err != nil {
		return learning.Item{}, err
	}
	return all[0], nil
}

func writeItem(ctx context.Context, tx *db.Tx, organisation string, i learning.Item) error {
	micro := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMicro()
	}
	row := []any{organisation, i.ID, i.Person.ID, i.Person.Key, i.Person.Name, i.Unit.ID, i.Unit.Key, i.Unit.Name, i.What, i.Why, i.Modality, i.Resource, i.Competency, i.Level, i.Goal, i.Focal, i.Theme, i.Due,
		micro(i.Agreed.Person), micro(i.Agreed.Manager), i.Agreed.ManagerName, i.Done, i.Minutes, i.Came, i.Confirmed, i.By, i.Dropped, micro(i.At)}
	return tx.PutMany(ctx, "learning_item", []string{"organisation_id", "id", "person_id", "person_key", "person_name", "unit_id", "unit_key", "unit_name", "what", "why", "modality", "resource_id", "competency_id", "level", "goal_id", "focal_id", "theme", "due",
		"agreed_person", "agreed_manager", "manager_name", "done", "minutes", "came", "confirmed", "confirmed_by", "dropped", "made_at"}, 2, [][]any{row})
}

// SaveItem keeps an item of somebody's plan, the one of its id or a new one, and returns the id. Whoever
// writes it says yes to it; the other side says yes anew.
func (s Store) SaveItem(ctx context.Context, organisation string, i learning.Item, side org.Side, by string) (string, error) {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		p, err := orgdb.PersonIn(ctx, tx, organisation, i.Person.ID, today)
		if err != nil {
			return err
		}
		if i.ID == "" {
			i.ID, i.At = id.New(), s.now()
		} else {
			was, err := oneItem(ctx, tx, organisation, p.ID, i.ID)
			if err != nil {
				return err
			}
			if !was.Open() || was.Done != "" {
				return fault.Conflictf("this is closed already")
			}
			i.At = was.At
		}
		i.Person, i.Unit = org.Ref{ID: p.ID, Key: p.Key, Name: p.Title()}, p.Unit
		levels, err := s.checkItem(ctx, tx, organisation, i)
		if err != nil {
			return err
		}
		if err := i.Check(levels); err != nil {
			return err
		}
		i.Agreed = learning.Agreement{}
		agree(&i, side, s.now(), by)
		return writeItem(ctx, tx, organisation, i)
	})
	return i.ID, err
}

// checkItem reports what an item names and is not there, and returns how many levels its competency has.
func (s Store) checkItem(ctx context.Context, tx *db.Tx, organisation string, i learning.Item) (levels int, err error) {
	if i.Competency != "" {
		c, err := oneCompetency(ctx, tx, organisation, i.Competency)
		if fault.KindOf(err) == fault.NotFound {
			err = fault.Fieldf("competency", "choose a competency")
		}
		if err != nil {
			return 0, err
		}
		f, err := oneFramework(ctx, tx, organisation, c.Framework)
		if err != nil {
			return 0, err
		}
		levels = len(f.Levels)
	}
	if i.Resource != "" {
		if _, err := oneResource(ctx, tx, organisation, i.Resource); err != nil {
			return 0, err
		}
	}
	if i.Goal != "" {
		goals, err := strategydb.GoalsIn(ctx, tx, organisation, i.Goal)
		if g := goals[i.Goal]; err == nil && (g.ID == "" || g.Personal() && g.Person.ID != i.Person.ID) {
			err = fault.Fieldf("goal", "choose a goal of the person's own, or of a unit")
		}
		if err != nil {
			return 0, err
		}
	}
	return levels, nil
}

func agree(i *learning.Item, side org.Side, now time.Time, by string) {
	if side == org.TheManager {
		i.Agreed.Manager, i.Agreed.ManagerName = now, by
	} else {
		i.Agreed.Person = now
	}
}

// changeItem reads an item, changes it and writes it back, with what it comes to in the ledger: nothing where
// a completion of its resource has gone into it.
func (s Store) changeItem(ctx context.Context, organisation, person, item, by string, change func(ctx context.Context, tx *db.Tx, i *learning.Item, today period.Day) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		i, err := oneItem(ctx, tx, organisation, person, item)
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if err := change(ctx, tx, &i, today); err != nil {
			return err
		}
		if err := writeItem(ctx, tx, organisation, i); err != nil {
			return err
		}
		return s.postItem(ctx, tx, organisation, i, by)
	})
}

// postItem writes into the ledger what an item comes to.
func (s Store) postItem(ctx context.Context, tx *db.Tx, organisation string, i learning.Item, by string) error {
	entries := i.Effort()
	if len(entries) > 0 && i.Resource != "" {
		of, err := oneResource(ctx, tx, organisation, i.Resource)
		if err != nil {
			return err
		}
		completed, err := requests(ctx, tx, organisation, `q.person_id = $2 AND q.resource_id = $3 AND q.state = 'completed'`, i.Person.ID, i.Resource)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(completed, func(q learning.Request) bool { return len(q.Effort(of)) > 0 }) {
			entries = nil
		}
	}
	return effortdb.Store{DB: s.DB, Now: s.Now}.Record(ctx, tx, organisation, effort.Source{Kind: effort.OfPlan, ID: i.ID}, entries, by)
}

// postItems brings what confirmed items of plans come to up to date with what has been said of requests: nothing of one whose
// resource is completed, and has gone into the ledger by that.
func (s Store) postItems(ctx context.Context, tx *db.Tx, organisation string, said ...learning.Request) error {
	var people []any
	of := map[string]bool{}
	for _, q := range said {
		people = append(people, q.Person.ID)
		of[q.Person.ID+q.Resource] = true
	}
	for some := range slices.Chunk(people, atOnce) {
		confirmed, err := items(ctx, tx, organisation, `confirmed <> '' AND resource_id <> '' AND person_id IN (`+db.Placeholders(2, len(some))+`)`, some...)
		if err != nil {
			return err
		}
		for _, i := range confirmed {
			if !of[i.Person.ID+i.Resource] {
				continue
			}
			if err := s.postItem(ctx, tx, organisation, i, i.By); err != nil {
				return err
			}
		}
	}
	return nil
}

// AgreeItem says yes to an item for one side.
func (s Store) AgreeItem(ctx context.Context, organisation, person, item string, side org.Side, by string) error {
	return s.changeItem(ctx, organisation, person, item, by, func(_ context.Context, _ *db.Tx, i *learning.Item, _ period.Day) error {
		if !i.Open() {
			return fault.Conflictf("this is closed already")
		}
		agree(i, side, s.now(), by)
		return nil
	})
}

// ReportItem says, for the person, that an item is done.
func (s Store) ReportItem(ctx context.Context, organisation, person, item, came string, minutes int, by string) error {
	return s.changeItem(ctx, organisation, person, item, by, func(_ context.Context, _ *db.Tx, i *learning.Item, today period.Day) error {
		if !i.Agreed.Both() {
			return fault.Conflictf("agree on it first, both of you")
		}
		return i.Report(came, minutes, today)
	})
}

// ConfirmItem says, for the manager, that an item that was reported is done, and at which level the
// competency is there now: it counts as evidence; 0 for no rating. yes false sends it back to work.
func (s Store) ConfirmItem(ctx context.Context, organisation, person, item string, yes bool, level int, by string) error {
	return s.changeItem(ctx, organisation, person, item, by, func(ctx context.Context, tx *db.Tx, i *learning.Item, today period.Day) error {
		if i.Stage() != learning.Reported {
			return fault.Conflictf("the person has not said yet that it is done")
		}
		if !yes {
			i.Done, i.Minutes = "", 0
			return nil
		}
		i.Confirmed, i.By = today, by
		if level == 0 || i.Competency == "" {
			return nil
		}
		return s.rate(ctx, tx, organisation, learning.Rating{Person: person, Competency: i.Competency, Level: level, RatedBy: learning.ByEvidence, Day: today, Note: i.What, By: by}, map[string]int{})
	})
}

// DropItem gives an item up.
func (s Store) DropItem(ctx context.Context, organisation, person, item, by string) error {
	return s.changeItem(ctx, organisation, person, item, by, func(_ context.Context, _ *db.Tx, i *learning.Item, today period.Day) error {
		if !i.Open() {
			return fault.Conflictf("this is closed already")
		}
		i.Dropped = today
		return nil
	})
}

// AddStep keeps how an item goes, or what shows that it does.
func (s Store) AddStep(ctx context.Context, organisation, person, item string, step learning.Step, by string) error {
	if err := step.Check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		i, err := oneItem(ctx, tx, organisation, person, item)
		if err == nil && !i.Open() {
			err = fault.Conflictf("this is closed already")
		}
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO learning_step (organisation_id, item_id, id, day, evidence, what, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			organisation, item, id.New(), today, step.Evidence, step.What, by, s.now().UnixMicro())
		return err
	})
}

// ItemView is an item with what was said of it, and what it names.
type ItemView struct {
	learning.Item
	Today      period.Day
	Steps      []learning.Step // the newest first
	Of         *learning.Resource
	Request    *learning.Request // by which the resource was asked for; nil for none
	Competency learning.Competency
	Framework  learning.Framework
	GoalName   string
}

// Item returns one of somebody's plan.
func (s Store) Item(ctx context.Context, organisation, person, item string) (v ItemView, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		v = ItemView{}
		if v.Item, err = oneItem(ctx, tx, organisation, person, item); err != nil {
			return err
		}
		if v.Today, err = s.today(ctx, tx, organisation); err != nil {
			return err
		}
		v.Steps, err = db.All(ctx, tx, func(row db.Scanner) (step learning.Step, err error) {
			err = row.Scan(&step.ID, &step.Day, &step.Evidence, &step.What, &step.By)
			return step, err
		}, `SELECT id, day, evidence, what, made_by FROM learning_step WHERE organisation_id = $1 AND item_id = $2 ORDER BY id DESC`, organisation, item)
		if err != nil {
			return err
		}
		return s.itemNames(ctx, tx, organisation, &v)
	})
	return v, err
}

func (s Store) itemNames(ctx context.Context, tx *db.Tx, organisation string, v *ItemView) error {
	if v.Resource != "" {
		of, err := oneResource(ctx, tx, organisation, v.Resource)
		if err != nil {
			return err
		}
		v.Of = &of
		asked, err := requests(ctx, tx, organisation, `q.person_id = $2 AND q.resource_id = $3`, v.Person.ID, v.Resource)
		if err != nil {
			return err
		}
		if n := len(asked); n > 0 {
			v.Request = &asked[n-1]
		}
	}
	if v.Item.Competency != "" {
		c, err := oneCompetency(ctx, tx, organisation, v.Item.Competency)
		if err != nil {
			return err
		}
		f, err := oneFramework(ctx, tx, organisation, c.Framework)
		if err != nil {
			return err
		}
		v.Competency, v.Framework = c, f.Framework
	}
	goals, err := strategydb.GoalsIn(ctx, tx, organisation, v.Goal)
	v.GoalName = goals[v.Goal].Name
	return err
}

// Planned is how many people of a day's roster have a development plan: something that both they and their
// manager have agreed to, by a moment, and that was not dropped.
func (s Store) Planned(ctx context.Context, organisation string, day period.Day, by time.Time) (people int, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		people, _, err = db.One(ctx, tx, db.Value[int], `SELECT COUNT(DISTINCT person_id) FROM learning_item WHERE organisation_id = $1 AND dropped = ''
			AND agreed_person > 0 AND agreed_manager > 0 AND agreed_person <= $2 AND agreed_manager <= $2
			AND person_id IN (SELECT id FROM org_person WHERE organisation_id = $1 AND since <= $3 AND until > $3)`, organisation, by.UnixMicro(), day)
		return err
	})
	return people, err
}
