package transitiondb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

const actionQuery = `SELECT a.id, a.body, a.body_id, a.body_name, a.unit_id, a.unit, a.programme_id, a.what, a.diagnosis_id, a.focal_id, a.theme, a.item, a.off_focus, a.effect, a.kind, a.owner_id, a.owner_key, a.owner_name,
	a.decided, a.promised, a.due, a.initiative_id, a.goal_id, a.external, a.from_id, a.from_unit, a.state, a.ended, a.outcome, a.came, a.made_at, o.zone
	FROM transition_action a JOIN org_organisation o ON o.organisation_id = a.organisation_id WHERE a.organisation_id = $1`

func scanAction(row db.Scanner) (a transition.Action, err error) {
	var made int64
	var zone string
	err = row.Scan(&a.ID, &a.Body.Kind, &a.Body.ID, &a.Body.Name, &a.Body.Unit.ID, &a.Body.Unit.Name, &a.Programme, &a.What, &a.Diagnosis, &a.Focal, &a.Theme, &a.Item, &a.OffFocus, &a.Effect, &a.Kind, &a.Owner.ID, &a.Owner.Key, &a.Owner.Name,
		&a.Decided, &a.Promised, &a.Due, &a.Initiative, &a.Goal, &a.External, &a.From, &a.FromUnit, &a.State, &a.Ended, &a.Outcome, &a.Came, &made, &zone)
	a.At = period.Moment(made, zone)
	return a, err
}

// ActionQuery narrows which actions are read; zero for all.
type ActionQuery struct {
	Kind       transition.BodyKind
	Body       string
	Programme  string
	Focal      string
	Initiative string
	Goal       string
	Owner      string // key in the roster
	ID         string
	Open       bool // those alone that are open
	Helped     bool // the newest alone that are done and helped, without what was said of them
}

const mostHelped = 50

// where is the narrowing as SQL: only what is asked for, so that its index is used.
func (q ActionQuery) where(organisation string) (narrow string, args []any) {
	args = []any{organisation}
	for _, one := range []struct{ column, value string }{{"body", string(q.Kind)}, {"body_id", q.Body}, {"programme_id", q.Programme}, {"focal_id", q.Focal}, {"initiative_id", q.Initiative}, {"goal_id", q.Goal}, {"owner_key", q.Owner}, {"id", q.ID}} {
		if one.value != "" {
			args = append(args, one.value)
			narrow += fmt.Sprintf(" AND a.%s = $%d", one.column, len(args))
		}
	}
	if q.Open {
		narrow += " AND a.state = 'open'"
	}
	if q.Helped {
		narrow += " AND a.state = 'done' AND a.outcome IN ('helped', 'partly')"
	}
	return narrow, args
}

// Actions reads actions with their check-ins, open ones first.
func (s *Store) Actions(ctx context.Context, organisation string, q ActionQuery) (all []transition.Action, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = s.actions(ctx, tx, organisation, q)
		return err
	})
	return all, err
}

// ActionsOf reads the actions for which somebody answers, by the roster's key.
func (s *Store) ActionsOf(ctx context.Context, organisation, key string) ([]transition.Action, error) {
	if key == "" {
		return nil, nil
	}
	return s.Actions(ctx, organisation, ActionQuery{Owner: key})
}

func (s *Store) actions(ctx context.Context, tx *db.Tx, organisation string, q ActionQuery) ([]transition.Action, error) {
	narrow, args := q.where(organisation)
	order := ` ORDER BY a.id`
	if q.Helped {
		order = fmt.Sprintf(" ORDER BY a.ended DESC, a.id LIMIT %d", mostHelped)
	}
	all, err := db.All(ctx, tx, scanAction, actionQuery+narrow+order, args...)
	if err != nil || q.Helped || len(all) == 0 {
		return all, err
	}
	at, owners := map[string]int{}, []string{}
	for i, a := range all {
		at[a.ID] = i
		owners = append(owners, a.Owner.ID)
	}
	// CROSS JOIN keeps SQLite from going through all check-ins: the actions come first.
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of, costs, zone string
		var made int64
		var c transition.CheckIn
		if err := row.Scan(&of, &c.ID, &c.Day, &c.Pace, &c.Text, &c.Minutes, &costs, &c.Due, &c.By, &made, &zone); err != nil {
			return struct{}{}, err
		}
		c.At = period.Moment(made, zone)
		i, there := at[of]
		if there {
			all[i].CheckIns = append(all[i].CheckIns, c)
			return struct{}{}, unpack(costs, &all[i].CheckIns[len(all[i].CheckIns)-1].Costs)
		}
		return struct{}{}, nil
	}, `SELECT c.action_id, c.id, c.day, c.pace, c.body, c.minutes, c.costs, c.due, c.made_by, c.made_at, o.zone FROM transition_action a
		CROSS JOIN transition_checkin c JOIN org_organisation o ON o.organisation_id = a.organisation_id
		WHERE a.organisation_id = $1 AND c.organisation_id = $1 AND c.action_id = a.id`+narrow+` ORDER BY c.made_at, c.id`, args...)
	if err != nil {
		return nil, err
	}
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	people, err := orgdb.PeopleIn(ctx, tx, organisation, owners, today)
	for i := range all {
		p, there := people[all[i].Owner.ID]
		all[i].OwnerLeft = !there || !p.WorksOn(today)
	}
	transition.SortActions(all)
	return all, err
}

// Action returns an action.
func (s *Store) Action(ctx context.Context, organisation, action string) (a transition.Action, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		a, err = s.action(ctx, tx, organisation, action)
		return err
	})
	return a, err
}

func (s *Store) action(ctx context.Context, tx *db.Tx, organisation, action string) (a transition.Action, err error) {
	if action == "" {
		return a, fault.NotFoundf("there is no such action")
	}
	all, err := s.actions(ctx, tx, organisation, ActionQuery{ID: action})
	if err == nil && len(all) == 0 {
		err = fault.NotFoundf("there is no such action")
	}
	if err != nil {
		return a, err
	}
	return all[0], nil
}

// Decide keeps a new action of a management team or group, under an id that the caller has made;
// sent twice it is one. It reports what the action lacks.
func (s *Store) Decide(ctx context.Context, organisation string, kind transition.BodyKind, body string, a transition.Action, by string) error {
	if err := id.CheckMade(a.ID); err != nil {
		return err
	}
	b, err := s.Body(ctx, organisation, kind, body)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		switch had, err := s.action(ctx, tx, organisation, a.ID); {
		case err == nil && had.Body.ID == b.ID && had.Body.Kind == b.Kind:
			return nil
		case err == nil:
			return fault.Conflictf("this form was sent before: open the page again")
		case fault.KindOf(err) != fault.NotFound:
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		a.State, a.Body, a.Programme, a.Promised = transition.ActionOpen, b, b.Programme, ""
		had, err := s.actions(ctx, tx, organisation, ActionQuery{Kind: b.Kind, Body: b.ID, Open: true})
		if err == nil {
			err = transition.CheckOpen(had)
		}
		if err != nil {
			return err
		}
		if a.From != "" {
			from, err := s.action(ctx, tx, organisation, a.From)
			switch {
			case err == nil && from.Lends(b):
				a.FromUnit = from.Body.Unit.ID
			case err == nil || fault.KindOf(err) == fault.NotFound:
				a.From = "" // nothing that could be taken over
			default:
				return err
			}
		}
		if err := s.checkAction(ctx, tx, organisation, &a, b, transition.Action{}, today); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO transition_action (organisation_id, id, body, body_id, body_name, unit_id, unit, programme_id, what, diagnosis_id, focal_id, theme, item, off_focus, effect, kind, owner_id, owner_key, owner_name,
			decided, promised, due, initiative_id, external, from_id, from_unit, state, ended, outcome, came, made_by, made_at, goal_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, '', '', '', $28, $29, $30)`,
			organisation, a.ID, b.Kind, b.ID, b.Name, b.Unit.ID, b.Unit.Name, a.Programme, a.What, a.Diagnosis, a.Focal, a.Theme, a.Item, a.OffFocus, a.Effect, a.Kind, a.Owner.ID, a.Owner.Key, a.Owner.Name,
			a.Decided, a.Promised, a.Due, a.Initiative, a.External, a.From, a.FromUnit, a.State, by, s.now().UnixMicro(), a.Goal)
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "action decided", Detail: b.Name})
	})
}

func (s *Store) checkAction(ctx context.Context, tx *db.Tx, organisation string, a *transition.Action, b transition.Body, was transition.Action, today period.Day) error {
	if err := a.Check(b, today); err != nil {
		return err
	}
	if a.Goal != "" && a.Goal != was.Goal {
		_, there, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM strategy_goal WHERE organisation_id = $1 AND id = $2 AND person_id = '' AND ended = ''`, organisation, a.Goal)
		if err == nil && !there {
			err = fault.Fieldf("goal", "choose a goal that is worked on")
		}
		if err != nil {
			return err
		}
	}
	if a.Initiative == was.Initiative {
		return nil
	}
	_, there, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM effort_initiative WHERE organisation_id = $1 AND id = $2 AND ended = ''`, organisation, a.Initiative)
	if err == nil && !there {
		err = fault.Fieldf("initiative", "choose an initiative that goes on")
	}
	return err
}

// ChangeAction changes what an open action says; another day is written down beside the first. What
// it was tied to can stay, even where it is no focal point any more.
func (s *Store) ChangeAction(ctx context.Context, organisation string, a transition.Action, by string) error {
	was, err := s.Action(ctx, organisation, a.ID)
	if err != nil {
		return err
	}
	b, err := s.Body(ctx, organisation, was.Body.Kind, was.Body.ID)
	if err != nil {
		return err
	}
	return s.changing(ctx, organisation, a.ID, by, org.Event{What: "action changed"}, func(tx *db.Tx, now *transition.Action, today period.Day) error {
		if !now.Open() {
			return fault.Conflictf("this action has ended: open it again first")
		}
		if point, there := b.Point(now.Focal); now.Focal != "" && (!there || !slices.Contains(point.Items, now.Item)) && a.Focal == now.Focal && a.Item == now.Item {
			b.Focal = append([]transition.Focus{now.Tied()}, b.Focal...)
		}
		due := now.Due
		a.Body, a.Promised, a.State = now.Body, now.Promised, now.State
		if err := s.checkAction(ctx, tx, organisation, &a, b, *now, today); err != nil {
			return err
		}
		if err := now.CheckTie(a); err != nil {
			return err
		}
		now.What, now.Diagnosis, now.Focal, now.Theme, now.Item, now.OffFocus, now.Effect = a.What, a.Diagnosis, a.Focal, a.Theme, a.Item, a.OffFocus, a.Effect
		now.Kind, now.Owner, now.Decided, now.Due, now.Initiative, now.Goal, now.External = a.Kind, a.Owner, a.Decided, a.Due, a.Initiative, a.Goal, a.External
		if due != now.Due {
			now.CheckIns = append(now.CheckIns, transition.CheckIn{Day: today, Pace: transition.Moved, Due: now.Due})
		}
		return nil
	})
}

// CheckIn keeps what somebody says of an open action, under an id that the caller has made, and puts
// its hours and costs into the ledger. Sent twice it is one.
func (s *Store) CheckIn(ctx context.Context, organisation, action string, c transition.CheckIn, by string) error {
	if err := id.CheckMade(c.ID); err != nil {
		return err
	}
	return s.changing(ctx, organisation, action, by, org.Event{}, func(_ *db.Tx, a *transition.Action, today period.Day) error {
		if slices.ContainsFunc(a.CheckIns, func(had transition.CheckIn) bool { return had.ID == c.ID }) {
			return nil
		}
		c.Day = today
		err := a.CheckIn(&c)
		a.CheckIns = append(a.CheckIns, c)
		return err
	})
}

// StrikeWord takes back what somebody has said of an open action, with its hours and costs.
func (s *Store) StrikeWord(ctx context.Context, organisation, action, word, by string) error {
	return s.changing(ctx, organisation, action, by, org.Event{What: "word on an action struck out"}, func(tx *db.Tx, a *transition.Action, _ period.Day) error {
		at := slices.IndexFunc(a.CheckIns, func(c transition.CheckIn) bool { return c.ID == word && slices.Contains(transition.Paces, c.Pace) })
		if at < 0 || !a.Open() {
			return fault.NotFoundf("there is no such word on this action that can be struck out: look at the page again")
		}
		a.CheckIns = slices.Delete(a.CheckIns, at, at+1)
		_, err := tx.Exec(ctx, `DELETE FROM transition_checkin WHERE organisation_id = $1 AND action_id = $2 AND id = $3`, organisation, action, word)
		return err
	})
}

// EndAction ends an action, as done or stopped, with the hours and costs since the last check-in.
func (s *Store) EndAction(ctx context.Context, organisation, action string, state transition.ActionState, outcome transition.Outcome, c transition.CheckIn, by string) error {
	return s.changing(ctx, organisation, action, by, org.Event{What: "action ended"}, func(_ *db.Tx, a *transition.Action, today period.Day) error {
		check := c
		check.Pace = transition.OnTrack
		if err := a.CheckIn(&check); err != nil {
			return err
		}
		if err := a.End(state, outcome, check.Text, today); err != nil {
			return err
		}
		pace := transition.Done
		if state == transition.ActionStopped {
			pace = transition.Stopped
		}
		a.CheckIns = append(a.CheckIns, transition.CheckIn{Day: today, Pace: pace, Text: a.Came, Minutes: c.Minutes, Costs: c.Costs})
		return nil
	})
}

// ReopenAction opens an action again that has ended.
func (s *Store) ReopenAction(ctx context.Context, organisation, action, by string) error {
	return s.changing(ctx, organisation, action, by, org.Event{What: "action opened again"}, func(_ *db.Tx, a *transition.Action, today period.Day) error {
		if a.Open() {
			return fault.Conflictf("this action is open")
		}
		a.State, a.Ended, a.Outcome, a.Came = transition.ActionOpen, "", "", ""
		a.CheckIns = append(a.CheckIns, transition.CheckIn{Day: today, Pace: transition.Resumed})
		return nil
	})
}

// DropAction deletes an action that was written down by mistake: nobody has said anything of it.
func (s *Store) DropAction(ctx context.Context, organisation, action, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.action(ctx, tx, organisation, action)
		if err != nil {
			return err
		}
		if len(a.CheckIns) > 0 {
			return fault.Conflictf("something has been said of this action: it is not deleted, but stopped with a reason")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM transition_action WHERE organisation_id = $1 AND id = $2`, organisation, action); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "action deleted", Detail: a.Body.Name})
	})
}

// changing keeps an action as change leaves it, with the check-ins that are new, what it puts into
// the ledger, and an event unless that is zero.
func (s *Store) changing(ctx context.Context, organisation, action, by string, event org.Event, change func(*db.Tx, *transition.Action, period.Day) error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.action(ctx, tx, organisation, action)
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		had := map[string]bool{}
		for _, c := range a.CheckIns {
			had[c.ID] = true
		}
		if err := change(tx, &a, today); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE transition_action SET what = $3, diagnosis_id = $4, focal_id = $5, theme = $6, item = $7, off_focus = $8, effect = $9, kind = $10, owner_id = $11, owner_key = $12, owner_name = $13,
			decided = $14, promised = $15, due = $16, initiative_id = $17, external = $18, state = $19, ended = $20, outcome = $21, came = $22, goal_id = $23 WHERE organisation_id = $1 AND id = $2`,
			organisation, action, a.What, a.Diagnosis, a.Focal, a.Theme, a.Item, a.OffFocus, a.Effect, a.Kind, a.Owner.ID, a.Owner.Key, a.Owner.Name,
			a.Decided, a.Promised, a.Due, a.Initiative, a.External, a.State, a.Ended, a.Outcome, a.Came, a.Goal)
		if err != nil {
			return err
		}
		for i := range a.CheckIns {
			c := &a.CheckIns[i]
			if had[c.ID] {
				continue
			}
			c.ID, c.By, c.At = cmp.Or(c.ID, id.New()), by, s.now()
			costs, err := json.Marshal(c.Costs)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO transition_checkin (organisation_id, action_id, id, day, pace, body, minutes, costs, due, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
				organisation, action, c.ID, c.Day, c.Pace, c.Text, c.Minutes, string(costs), c.Due, c.By, c.At.UnixMicro())
			if err != nil {
				return err
			}
		}
		ledger := effortdb.Store{DB: s.DB, Now: s.Now}
		if err := ledger.Record(ctx, tx, organisation, effort.Source{Kind: effort.OfAction, ID: action}, a.Effort(), by); err != nil || event.What == "" {
			return err
		}
		event.At, event.Who, event.Detail = s.now(), by, a.Body.Name
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
}

// Acting is a management team or group that a programme coaches, with its actions.
type Acting struct {
	transition.Body
	Coach   string // who coaches it, by name
	Actions []transition.Action
}

// Acting lists those of a programme that are coached now, and those that have decided on actions
// in it, by name; with all their actions, or those alone that are open.
func (s *Store) Acting(ctx context.Context, organisation, programme string, open bool) (all []Acting, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		p, err := oneProgramme(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		at := map[string]int{}
		add := func(b transition.Body, coach string) int {
			i, there := at[b.ID]
			if !there {
				i = len(all)
				at[b.ID], all = i, append(all, Acting{Body: b})
			}
			if coach != "" {
				all[i].Coach = strings.TrimPrefix(all[i].Coach+", "+coach, ", ")
			}
			return i
		}
		coached, err := s.coached(ctx, tx, organisation, p)
		if err != nil {
			return err
		}
		for _, one := range coached {
			add(one.Body, one.Coach)
		}
		kind := transition.GroupBody
		if p.Kind == transition.Leaders {
			kind = transition.TeamBody
		}
		actions, err := s.actions(ctx, tx, organisation, ActionQuery{Kind: kind, Open: open})
		for _, a := range actions {
			if _, coached := at[a.Body.ID]; coached || a.Programme == programme {
				i := add(a.Body, "")
				all[i].Actions = append(all[i].Actions, a)
			}
		}
		slices.SortStableFunc(all, func(a, b Acting) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
		return err
	})
	return all, err
}

// coached are the management teams or groups that members of a programme coach now.
func (s *Store) coached(ctx context.Context, tx *db.Tx, organisation string, p transition.Programme) (all []Acting, err error) {
	members, err := s.members(ctx, tx, organisation, p.ID, "")
	if err != nil {
		return nil, err
	}
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	if p.Kind == transition.Leaders {
		teams, err := orgdb.TeamsIn(ctx, tx, organisation, today)
		for _, m := range members {
			i := slices.IndexFunc(teams, func(t org.ManagementTeam) bool { return t.ID == m.Team.ID })
			if m.Coaches() && i >= 0 {
				all = append(all, Acting{Body: transition.Body{Kind: transition.TeamBody, ID: teams[i].ID, Name: teams[i].Name, Unit: teams[i].Unit}, Coach: m.Person.Title()})
			}
		}
		return all, err
	}
	coaches := map[string]transition.Member{}
	for _, m := range members {
		if m.Coaches() {
			coaches[m.ID] = m
		}
	}
	found, err := db.All(ctx, tx, scanGroup, groupQuery+` AND coach_id <> '' ORDER BY id`, organisation, p.ID, Current)
	if err != nil {
		return nil, err
	}
	placed, err := s.placed(ctx, tx, organisation, found)
	if err != nil {
		return nil, err
	}
	locations, err := locationNames(ctx, tx, organisation, today)
	for _, g := range placed {
		if m, coaches := coaches[g.Coach]; coaches {
			all = append(all, Acting{Body: transition.Body{Kind: transition.GroupBody, ID: g.ID, Name: groupName(locations[g.Location], g.Units), Unit: g.Unit}, Coach: m.Person.Title()})
		}
	}
	return all, err
}
