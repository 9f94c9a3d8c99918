package transitiondb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Members lists who is or was in a programme, by name, as today's roster knows them.
func (s *Store) Members(ctx context.Context, organisation, programme string) (all []transition.Member, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneProgramme(ctx, tx, organisation, programme); err != nil {
			return err
		}
		all, err = s.members(ctx, tx, organisation, programme, "")
		return err
	})
	return all, err
}

// MembersWithin lists those who are at work where may says; nil: anywhere.
func (s *Store) MembersWithin(ctx context.Context, organisation, programme string, may func(org.Place) bool) (some []transition.Member, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneProgramme(ctx, tx, organisation, programme); err != nil {
			return err
		}
		all, err := s.members(ctx, tx, organisation, programme, "")
		if err != nil {
			return err
		}
		structure, err := s.structure(ctx, tx, organisation)
		if err != nil {
			return err
		}
		some = nil
		for _, m := range all {
			if !m.Left && (may == nil || may(placeOf(structure, m.Person))) {
				some = append(some, m)
			}
		}
		return nil
	})
	return some, err
}

// placeOf is where in the organisation somebody works.
func placeOf(structure *org.Structure, p org.Person) org.Place {
	place := org.Place{Partner: p.Partner.ID}
	if at, known := structure.Find(p.Unit.ID); known {
		for _, u := range structure.Path(at) {
			place.Units = append(place.Units, u.ID)
		}
	}
	return place
}

// members are those of a programme, or the one of an id.
func (s *Store) members(ctx context.Context, tx *db.Tx, organisation, programme, member string) ([]transition.Member, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	var zone string
	all, err := db.All(ctx, tx, func(row db.Scanner) (m transition.Member, err error) {
		var since int64
		err = row.Scan(&m.ID, &m.Person.ID, &m.Person.Key, &m.Person.Name, &m.Status, &since, &m.Team.ID, &m.Part.ID, &m.Part.Key, &m.Part.Name, &m.Room, &zone)
		m.Since, m.Left = period.Moment(since, zone), true
		return m, err
	}, `SELECT m.id, m.person_id, m.person_key, m.name, m.status, m.since, m.team_id, COALESCE(u.id, ''), COALESCE(u.key, ''), COALESCE(u.name, ''), m.room, `+orgdb.Zone+` FROM transition_member m
		LEFT JOIN org_team t ON t.organisation_id = m.organisation_id AND t.id = m.team_id AND t.since <= $4 AND t.until > $4
		LEFT JOIN org_unit u ON u.organisation_id = t.organisation_id AND u.id = t.unit_id AND u.since <= $4 AND u.until > $4
		WHERE m.organisation_id = $1 AND m.programme_id = $2 AND ($3 = '' OR m.id = $3) ORDER BY m.name, m.person_key, m.id`, organisation, programme, member, today)
	if err != nil {
		return nil, err
	}
	at := map[string]*transition.Member{}
	var ids []string
	for _, m := range all {
		ids = append(ids, m.Person.ID)
	}
	people, err := orgdb.PeopleIn(ctx, tx, organisation, ids, today)
	if err != nil {
		return nil, err
	}
	for i := range all {
		m := &all[i]
		at[m.ID] = m
		if p, there := people[m.Person.ID]; there {
			m.Person, m.Left = p, !p.WorksOn(today)
			m.Part = cmp.Or(m.Part, p.Unit)
		}
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var when int64
		var step transition.Step
		err := row.Scan(&of, &step.Status, &when, &step.By, &step.Reason)
		step.At = period.Moment(when, zone)
		at[of].Steps = append(at[of].Steps, step)
		return struct{}{}, err
	}, `SELECT member_id, status, at, by, reason FROM transition_step
		WHERE organisation_id = $1 AND programme_id = $2 AND ($3 = '' OR member_id = $3) ORDER BY at, id`, organisation, programme, member)
	return all, err
}

// Member returns somebody of a programme.
func (s *Store) Member(ctx context.Context, organisation, programme, member string) (m transition.Member, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		m, err = s.member(ctx, tx, organisation, programme, member)
		return err
	})
	return m, err
}

func (s *Store) member(ctx context.Context, tx *db.Tx, organisation, programme, member string) (transition.Member, error) {
	all, err := s.members(ctx, tx, organisation, programme, member)
	if err != nil {
		return transition.Member{}, err
	}
	if len(all) == 0 || member == "" {
		return transition.Member{}, fault.NotFoundf("nobody in this programme is this person")
	}
	return all[0], nil
}

// Eligible is whom a rule finds on today's roster.
type Eligible struct {
	Found  int
	People []transition.Candidate // by name, the first of those asked for who are not in the programme
	More   bool
}

// CandidateQuery narrows whom Eligible lists.
type CandidateQuery struct {
	Text     string // in name, number or mail address
	Location string // id
	Limit    int
	May      func(org.Place) bool // whether somebody of a place is shown; nil: everybody
}

// Eligible returns whom a programme's rule finds; the programme may be one that is not kept yet.
func (s *Store) Eligible(ctx context.Context, organisation string, p transition.Programme, q CandidateQuery) (e Eligible, err error) {
	sc, err := s.scene(ctx, organisation, p)
	if err != nil {
		return e, err
	}
	busy := map[string]bool{}
	if p.ID != "" {
		members, err := s.Members(ctx, organisation, p.ID)
		if err != nil {
			return e, err
		}
		for _, m := range members {
			busy[m.Person.ID] = m.Status != transition.Declined && m.Status != transition.Alumnus
		}
	}
	text := strings.ToLower(strings.Join(strings.Fields(q.Text), " "))
	for _, c := range sc.eligible {
		if q.May != nil && !q.May(org.Place{Units: c.Units, Partner: c.Partner.ID}) {
			continue
		}
		e.Found++
		switch {
		case busy[c.ID], q.Location != "" && c.Location.ID != q.Location:
		case !strings.Contains(strings.ToLower(c.Name+" "+c.Key+" "+c.Mail), text):
		case len(e.People) >= q.Limit:
			e.More = true
		default:
			e.People = append(e.People, c)
		}
	}
	return e, nil
}

// Nominate puts people, by their ids, into a programme. It reports somebody whom the rule
// does not find or who has left, somebody whom may refuses, and somebody who is in the
// programme already; then nobody is nominated.
func (s *Store) Nominate(ctx context.Context, organisation, programme string, people []string, may func(org.Place) bool, by string) error {
	if len(people) == 0 {
		return fault.Fieldf("person", "tick who is to be nominated")
	}
	p, err := s.Programme(ctx, organisation, programme)
	if err != nil {
		return err
	}
	sc, err := s.scene(ctx, organisation, p)
	if err != nil {
		return err
	}
	found := map[string]transition.Candidate{}
	for _, c := range sc.eligible {
		found[c.ID] = c
	}
	people = slices.Compact(slices.Sorted(slices.Values(people)))
	ids := make([]string, len(people))
	for i := range ids {
		ids[i] = id.New()
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := running(ctx, tx, organisation, programme); err != nil {
			return err
		}
		members, err := s.members(ctx, tx, organisation, programme, "")
		if err != nil {
			return err
		}
		for i, person := range people {
			c, ok := found[person]
			if !ok {
				return s.notFound(ctx, tx, organisation, person, sc.day, may)
			}
			if may != nil && !may(org.Place{Units: c.Units, Partner: c.Partner.ID}) {
				return fault.NotFoundf("there is no such page, or it is not for you")
			}
			step := transition.Step{Status: transition.Nominated, At: s.now(), By: by}
			if at := slices.IndexFunc(members, func(m transition.Member) bool { return m.Person.ID == person }); at >= 0 {
				if err := s.take(ctx, tx, organisation, programme, members[at], step); err != nil {
					return err
				}
				continue
			}
			_, err := tx.Exec(ctx, `INSERT INTO transition_member (organisation_id, programme_id, id, person_id, person_key, name, status, since, team_id, room, secret_hash, grant_id)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, '', '')`, organisation, programme, ids[i], c.ID, c.Key, c.Title(), step.Status, step.At.UnixMicro(), p.Per)
			if db.IsDuplicate(err) {
				return fault.Conflictf("somebody else has just nominated %s: look at the page again", c.Title())
			}
			if err == nil {
				err = s.addStep(ctx, tx, organisation, programme, ids[i], step)
			}
			if err != nil {
				return err
			}
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "nominated for a programme", Detail: p.Name})
	})
}

// notFound says why somebody cannot be nominated; of whom may refuses nothing is told.
func (s *Store) notFound(ctx context.Context, tx *db.Tx, organisation, person string, today period.Day, may func(org.Place) bool) error {
	p, err := orgdb.PersonIn(ctx, tx, organisation, person, today)
	if err == nil && may != nil {
		structure, err := orgdb.TreeIn(ctx, tx, organisation, today)
		if err != nil {
			return err
		}
		if !may(placeOf(structure, p)) {
			return fault.NotFoundf("there is no such page, or it is not for you")
		}
	}
	switch {
	case fault.KindOf(err) == fault.NotFound && may != nil:
		return fault.NotFoundf("there is no such page, or it is not for you")
	case fault.KindOf(err) == fault.NotFound:
		return fault.Fieldf("person", "this person is not on today's roster any more: choose somebody else")
	case err != nil:
		return err
	case !p.WorksOn(today):
		return fault.Fieldf("person", "%s has left the organisation: choose somebody else", p.Title())
	}
	return fault.Fieldf("person", "%s does not meet the rule of this programme: choose somebody else, or change the rule", p.Title())
}

// Take moves a member to another status. Who accepts gets an account with the role; who
// stops loses the role.
func (s *Store) Take(ctx context.Context, organisation, programme, member string, to transition.Status, reason, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := running(ctx, tx, organisation, programme); err != nil {
			return err
		}
		m, err := s.member(ctx, tx, organisation, programme, member)
		if err != nil {
			return err
		}
		return s.take(ctx, tx, organisation, programme, m, transition.Step{Status: to, At: s.now(), By: by, Reason: reason})
	})
}

func (s *Store) take(ctx context.Context, tx *db.Tx, organisation, programme string, m transition.Member, step transition.Step) error {
	if err := m.Take(step); err != nil {
		return err
	}
	step.Reason = strings.TrimSpace(step.Reason)
	_, err := tx.Exec(ctx, `UPDATE transition_member SET status = $4, since = $5, person_key = $6, name = $7 WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`,
		organisation, programme, m.ID, step.Status, step.At.UnixMicro(), m.Person.Key, m.Person.Title())
	if err == nil {
		err = s.addStep(ctx, tx, organisation, programme, m.ID, step)
	}
	if err != nil {
		return err
	}
	if err := forgetMail(ctx, tx, organisation, programme, m.ID); err != nil {
		return err
	}
	if step.Status == transition.Nominated || step.Status == transition.Alumnus { // who declines reads behind the link that this was heard
		if _, err := tx.Exec(ctx, `UPDATE transition_member SET secret_hash = '' WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`, organisation, programme, m.ID); err != nil {
			return err
		}
	}
	switch step.Status {
	case transition.Accepted:
		return s.letIn(ctx, tx, organisation, programme, m, step.By)
	case transition.Declined, transition.Alumnus:
		if _, err := tx.Exec(ctx, `UPDATE transition_member SET team_id = '' WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`, organisation, programme, m.ID); err != nil {
			return err
		}
		if err := s.offComing(ctx, tx, organisation, programme, m.Person.ID); err != nil {
			return err
		}
		return s.putOut(ctx, tx, organisation, programme, m, step.By)
	}
	return nil
}

func (s *Store) addStep(ctx context.Context, tx *db.Tx, organisation, programme, member string, step transition.Step) error {
	_, err := tx.Exec(ctx, `INSERT INTO transition_step (organisation_id, programme_id, member_id, id, status, at, by, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, organisation, programme, member, id.New(), step.Status, step.At.UnixMicro(), step.By, step.Reason)
	return err
}

// role is what members of a kind of programme are.
func role(k transition.Kind) org.Role {
	if k == transition.Leaders {
		return org.Leader
	}
	return org.Coach
}

func (s *Store) letIn(ctx context.Context, tx *db.Tx, organisation, programme string, m transition.Member, by string) error {
	p, err := oneProgramme(ctx, tx, organisation, programme)
	if err != nil {
		return err
	}
	if m.Person.Mail == "" {
		return nil // an administrator makes the account
	}
	grant, err := s.Org.LetIn(ctx, tx, organisation, m.Person, org.Grant{Role: role(p.Kind), Scope: org.Scope{Kind: org.UnitScope, ID: m.Person.Unit.ID}}, by)
	if err != nil || grant == "" {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE transition_member SET grant_id = $4 WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`, organisation, programme, m.ID, grant)
	return err
}

// putOut takes back the role that accepting gave; another programme of the kind that goes on and
// has given none takes it over.
func (s *Store) putOut(ctx context.Context, tx *db.Tx, organisation, programme string, m transition.Member, by string) error {
	p, err := oneProgramme(ctx, tx, organisation, programme)
	if err != nil {
		return err
	}
	grant, _, err := db.One(ctx, tx, db.Value[string], `SELECT grant_id FROM transition_member WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`, organisation, programme, m.ID)
	if err == nil {
		err = s.endLeadAtLast(ctx, tx, organisation, programme, m, by)
	}
	if err != nil || grant == "" {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE transition_member SET grant_id = '' WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`, organisation, programme, m.ID); err != nil {
		return err
	}
	type place struct{ programme, member string }
	other, still, err := db.One(ctx, tx, func(row db.Scanner) (p place, err error) {
		err = row.Scan(&p.programme, &p.member)
		return p, err
	}, `SELECT m.programme_id, m.id FROM transition_member m
		JOIN transition_programme p ON p.organisation_id = m.organisation_id AND p.id = m.programme_id
		WHERE m.organisation_id = $1 AND m.person_id = $2 AND m.programme_id <> $3 AND p.kind = $4 AND p.closed = FALSE AND m.status IN ('accepted', 'active') AND m.grant_id = '' LIMIT 1`,
		organisation, m.Person.ID, programme, p.Kind)
	if err != nil {
		return err
	}
	if still {
		_, err := tx.Exec(ctx, `UPDATE transition_member SET grant_id = $4 WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`, organisation, other.programme, other.member, grant)
		return err
	}
	return s.Org.PutOut(ctx, tx, organisation, grant, by)
}

// Place says which management team a leader coaches, "" for none yet, or how many people a
// coach can look after. It reports a team that another leader coaches.
func (s *Store) Place(ctx context.Context, organisation, programme, member, team string, room int, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := running(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		members, err := s.members(ctx, tx, organisation, programme, "")
		if err != nil {
			return err
		}
		at := slices.IndexFunc(members, func(m transition.Member) bool { return m.ID == member })
		if at < 0 {
			return fault.NotFoundf("nobody in this programme is this person")
		}
		if p.Kind == transition.Coaches {
			if err := transition.CheckRoom(room); err != nil {
				return err
			}
			had, err := lookedAfter(ctx, tx, organisation, programme, member, "")
			if err != nil {
				return err
			}
			if had > room {
				return fault.Fieldf("room", "%s looks after %d people: take a group back first", members[at].Person.Title(), had)
			}
			team = ""
		} else {
			room = members[at].Room
			today, err := s.today(ctx, tx, organisation)
			if err == nil {
				err = s.checkTeam(ctx, tx, organisation, team, today, members, member)
			}
			if err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `UPDATE transition_member SET team_id = $4, room = $5 WHERE organisation_id = $1 AND programme_id = $2 AND id = $3`,
			organisation, programme, member, team, room)
		if err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "place in a programme changed", Detail: members[at].Person.Title()})
	})
}

func (s *Store) checkTeam(ctx context.Context, tx *db.Tx, organisation, team string, today period.Day, members []transition.Member, member string) error {
	if team == "" {
		return nil
	}
	teams, err := orgdb.TeamsIn(ctx, tx, organisation, today)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(teams, func(t org.ManagementTeam) bool { return t.ID == team }) {
		return fault.Fieldf("team", "choose a management team of today's roster")
	}
	for _, m := range members {
		if m.Team.ID == team && m.ID != member && m.Status != transition.Declined && m.Status != transition.Alumnus {
			return fault.Fieldf("team", "%s coaches this management team: choose another, or change that first", m.Person.Title())
		}
	}
	return nil
}
