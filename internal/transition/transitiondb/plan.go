package transitiondb

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
	"throughline/internal/transition"
)

// Coverage returns how far the locations have the coaches that they need today.
func (s *Store) Coverage(ctx context.Context, organisation, programme string) (c transition.Coverage, err error) {
	p, err := s.Programme(ctx, organisation, programme)
	if err != nil {
		return c, err
	}
	sc, err := s.scene(ctx, organisation, p)
	if err != nil {
		return c, err
	}
	members, err := s.Members(ctx, organisation, programme)
	if err != nil {
		return c, err
	}
	return transition.Cover(sc.covered(members)), nil
}

// covered are the sites with the members at them.
func (sc *scene) covered(members []transition.Member) []transition.Site {
	sites := slices.Clone(sc.sites)
	busy := map[string]bool{}
	for _, m := range members {
		busy[m.Person.ID] = true // who has declined or stopped is asked by name, not counted on
		if i, there := sc.people[m.Person.Location.ID]; there {
			sites[i].Add(m)
		}
	}
	for _, c := range sc.eligible {
		if i, there := sc.people[c.Location.ID]; there && !busy[c.ID] {
			sites[i].Candidates++
		}
	}
	return sites
}

// PlanState says which of a programme's plans one is.
type PlanState string

const (
	Draft   PlanState = "draft"   // nobody is told yet
	Current PlanState = "current" // the accepted one
	Before  PlanState = "before"  // the one accepted before it
)

// Plan is a kept plan.
type Plan struct {
	State    PlanState
	Made     time.Time
	By       string
	Accepted time.Time // zero for a draft
	transition.Plan
}

// BackFor is how long an accepted plan can be taken back.
const BackFor = 30 * 24 * time.Hour

// Plan returns a plan of a programme, nil where there is none.
func (s *Store) Plan(ctx context.Context, organisation, programme string, state PlanState) (p *Plan, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneProgramme(ctx, tx, organisation, programme); err != nil {
			return err
		}
		p, err = plan(ctx, tx, organisation, programme, state)
		return err
	})
	return p, err
}

func plan(ctx context.Context, tx *db.Tx, organisation, programme string, state PlanState) (*Plan, error) {
	p, found, err := db.One(ctx, tx, func(row db.Scanner) (p Plan, err error) {
		var made, accepted int64
		var zone string
		err = row.Scan(&made, &p.By, &accepted, &p.Near, &p.Best, &zone)
		p.State, p.Made = state, period.Moment(made, zone)
		if accepted > 0 {
			p.Accepted = period.Moment(accepted, zone)
		}
		return p, err
	}, `SELECT made_at, made_by, accepted_at, near, best, `+orgdb.Zone+` FROM transition_plan WHERE organisation_id = $1 AND programme_id = $2 AND state = $3`,
		organisation, programme, state)
	if err != nil || !found {
		return nil, err
	}
	p.Groups, err = db.All(ctx, tx, scanGroup, groupQuery+` ORDER BY location_id, id`, organisation, programme, state)
	return &p, err
}

// DraftPlan makes a new draft of who coaches whom out of today's roster, the programme's
// active coaches and the plan that holds, in the place of an earlier draft. done may be nil.
func (s *Store) DraftPlan(ctx context.Context, organisation, programme, by string, done func(groups, of int)) error {
	p, err := s.Programme(ctx, organisation, programme)
	if err != nil {
		return err
	}
	if p.Kind != transition.Coaches {
		return fault.Conflictf("leaders coach management teams: only coaches are given groups")
	}
	_, day, err := s.stamp(ctx, organisation, p)
	if err != nil {
		return err
	}
	sc, err := s.look(ctx, organisation, p, day, true)
	if err != nil {
		return err
	}
	members, err := s.Members(ctx, organisation, programme)
	if err != nil {
		return err
	}
	current, err := s.Plan(ctx, organisation, programme, Current)
	if err != nil {
		return err
	}
	coaches := map[string]bool{}
	a := transition.Assigner{Reach: p.Reach, Where: map[string]org.Where{}}
	where, err := s.Org.Where(ctx, organisation)
	if err != nil {
		return err
	}
	for _, site := range sc.sites {
		a.Where[site.Location.ID] = where[site.Location.Name]
	}
	for _, m := range members {
		if m.Coaches() {
			coaches[m.ID] = true
			a.Coaches = append(a.Coaches, transition.Coach{ID: m.ID, Location: m.Person.Location.ID, Unit: m.Person.Unit.ID, Partner: m.Person.Partner.ID, Room: m.Room})
		}
	}
	were := map[string][]transition.Group{}
	if current != nil {
		for _, g := range current.Groups {
			were[g.Location] = append(were[g.Location], g)
		}
	}
	var groups []transition.Group
	for _, site := range sc.sites {
		at := site.Location.ID
		groups = append(groups, transition.FormGroups(at, p.Per, sc.parts[at], were[at], func(id string) bool { return coaches[id] })...)
	}
	made := a.Assign(groups, done)
	for i := range made.Groups {
		if made.Groups[i].ID == "" {
			made.Groups[i].ID = id.New()
		}
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := running(ctx, tx, organisation, programme); err != nil {
			return err
		}
		if err := dropPlan(ctx, tx, organisation, programme, Draft); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO transition_plan (organisation_id, programme_id, state, made_at, made_by, accepted_at, near, best)
			VALUES ($1, $2, $3, $4, $5, 0, $6, $7)`, organisation, programme, Draft, s.now().UnixMicro(), by, made.Near, made.Best)
		if err != nil {
			return err
		}
		rows := make([][]any, len(made.Groups))
		for i, g := range made.Groups {
			parts, err := packed(g.Parts)
			if err != nil {
				return err
			}
			rows[i] = []any{organisation, programme, Draft, g.ID, g.Location, g.Coach, g.Before, g.Size(), parts}
		}
		return tx.InsertMany(ctx, "transition_group", []string{"organisation_id", "programme_id", "state", "id", "location_id", "coach_id", "before_id", "size", "parts"}, rows)
	})
}

func dropPlan(ctx context.Context, tx *db.Tx, organisation, programme string, state PlanState) error {
	for _, statement := range []string{
		`DELETE FROM transition_group WHERE organisation_id = $1 AND programme_id = $2 AND state = $3`,
		`DELETE FROM transition_plan WHERE organisation_id = $1 AND programme_id = $2 AND state = $3`,
	} {
		if _, err := tx.Exec(ctx, statement, organisation, programme, state); err != nil {
			return err
		}
	}
	return nil
}

func renamePlan(ctx context.Context, tx *db.Tx, organisation, programme string, from, to PlanState) error {
	for _, statement := range []string{
		`UPDATE transition_plan SET state = $4 WHERE organisation_id = $1 AND programme_id = $2 AND state = $3`,
		`UPDATE transition_group SET state = $4 WHERE organisation_id = $1 AND programme_id = $2 AND state = $3`,
	} {
		if _, err := tx.Exec(ctx, statement, organisation, programme, from, to); err != nil {
			return err
		}
	}
	return nil
}

// checkDraft reports a draft that gives groups to somebody who has stopped, or more people than
// there is room for now.
func (s *Store) checkDraft(ctx context.Context, tx *db.Tx, organisation, programme string) error {
	draft, err := plan(ctx, tx, organisation, programme, Draft)
	if err != nil || draft == nil {
		return err
	}
	members, err := s.members(ctx, tx, organisation, programme, "")
	if err != nil {
		return err
	}
	room := map[string]int{}
	for _, m := range members {
		if m.Coaches() {
			room[m.ID] = m.Room
		}
	}
	for _, g := range draft.Groups {
		if g.Coach == "" {
			continue
		}
		if room[g.Coach] -= g.Size(); room[g.Coach] < 0 {
			return fault.Conflictf("the coaches have changed since this draft was made: plan again")
		}
	}
	return nil
}

// AcceptPlan makes the draft that was made at a time the plan that holds; the one until now
// is kept. It reports a draft that somebody has replaced meanwhile, and one that its coaches
// cannot carry any more.
func (s *Store) AcceptPlan(ctx context.Context, organisation, programme string, made time.Time, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := running(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		if err := s.checkDraft(ctx, tx, organisation, programme); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE transition_plan SET accepted_at = $5 WHERE organisation_id = $1 AND programme_id = $2 AND state = $3 AND made_at = $4`,
			organisation, programme, Draft, made.UnixMicro(), s.now().UnixMicro())
		if err == nil && n == 0 {
			err = fault.Conflictf("there is another draft of the plan by now: look at the page again")
		}
		if err == nil {
			err = dropPlan(ctx, tx, organisation, programme, Before)
		}
		if err == nil {
			err = renamePlan(ctx, tx, organisation, programme, Current, Before)
		}
		if err == nil {
			err = renamePlan(ctx, tx, organisation, programme, Draft, Current)
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "plan of coaches accepted", Detail: p.Name})
	})
}

// DiscardDraft throws a draft away.
func (s *Store) DiscardDraft(ctx context.Context, organisation, programme string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := oneProgramme(ctx, tx, organisation, programme); err != nil {
			return err
		}
		return dropPlan(ctx, tx, organisation, programme, Draft)
	})
}

// TakeBackPlan goes back to the plan before, for 30 days.
func (s *Store) TakeBackPlan(ctx context.Context, organisation, programme, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := running(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		current, err := plan(ctx, tx, organisation, programme, Current)
		if err != nil {
			return err
		}
		before, err := plan(ctx, tx, organisation, programme, Before)
		if err == nil && (current == nil || before == nil || s.now().Sub(current.Accepted) > BackFor) {
			err = fault.Conflictf("there is no plan to go back to: one is kept for 30 days")
		}
		if err == nil {
			err = dropPlan(ctx, tx, organisation, programme, Current)
		}
		if err == nil {
			err = renamePlan(ctx, tx, organisation, programme, Before, Current)
		}
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "plan of coaches taken back", Detail: p.Name})
	})
}
