package transitiondb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Body returns a management team or a group as today's roster and plan have it, with the focal
// points that its actions can be tied to. One that is no more keeps the name under which it
// decided; it has nobody any longer.
func (s *Store) Body(ctx context.Context, organisation string, kind transition.BodyKind, body string) (b transition.Body, err error) {
	var programmes []transition.Programme
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if b, programmes, err = s.body(ctx, tx, organisation, kind, body); err != nil {
			return err
		}
		structure, err := s.structure(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if at, there := structure.Find(b.Unit.ID); there {
			b.Place.Units = structure.IDs(at)
		}
		for i, p := range b.People { // of a partner, where all of them are
			if i == 0 {
				b.Place.Partner = p.Partner.ID
			} else if p.Partner.ID != b.Place.Partner {
				b.Place.Partner = ""
			}
		}
		return nil
	})
	if err != nil {
		return b, err
	}
	b.Focal, err = s.focus(ctx, organisation, programmes, b.Place.Units)
	return b, err
}

func (s *Store) body(ctx context.Context, tx *db.Tx, organisation string, kind transition.BodyKind, body string) (b transition.Body, programmes []transition.Programme, err error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return b, nil, err
	}
	var ids, coaches []string
	switch kind {
	case transition.TeamBody:
		b, ids, err = teamBody(ctx, tx, organisation, body, today)
		if err == nil {
			programmes, coaches, err = s.leading(ctx, tx, organisation, body)
		}
	case transition.GroupBody:
		b, ids, coaches, programmes, err = s.groupBody(ctx, tx, organisation, body)
	}
	if err == nil && b.ID == "" {
		b, err = bodyThen(ctx, tx, organisation, kind, body)
	}
	if err != nil {
		return b, nil, err
	}
	for _, p := range programmes {
		b.Programme = cmp.Or(b.Programme, p.ID)
		b.Nudges = b.Nudges || p.Nudges && p.ID == b.Programme
	}
	for _, of := range []struct {
		ids  []string
		into *[]org.Person
	}{{ids, &b.People}, {coaches, &b.Coaches}} {
		people, err := orgdb.PeopleIn(ctx, tx, organisation, of.ids, today)
		if err != nil {
			return b, nil, err
		}
		for _, p := range people {
			if p.WorksOn(today) {
				*of.into = append(*of.into, p)
			}
		}
		slices.SortFunc(*of.into, func(p, q org.Person) int { return cmp.Or(cmp.Compare(p.Title(), q.Title()), cmp.Compare(p.Key, q.Key)) })
	}
	return b, programmes, nil
}

func teamBody(ctx context.Context, tx *db.Tx, organisation, team string, today period.Day) (b transition.Body, people []string, err error) {
	teams, err := orgdb.TeamsIn(ctx, tx, organisation, today)
	i := slices.IndexFunc(teams, func(t org.ManagementTeam) bool { return t.ID == team })
	if err != nil || i < 0 {
		return b, nil, err
	}
	t := teams[i]
	for _, m := range t.Members {
		people = append(people, m.Person.ID)
	}
	return transition.Body{Kind: transition.TeamBody, ID: t.ID, Name: t.Name, Unit: t.Unit, Chair: t.Chair()}, people, nil
}

// leading are the programmes that go on in which a management team has leaders, and these.
func (s *Store) leading(ctx context.Context, tx *db.Tx, organisation, team string) (programmes []transition.Programme, leaders []string, err error) {
	type place struct{ programme, person string }
	places, err := db.All(ctx, tx, func(row db.Scanner) (p place, err error) {
		err = row.Scan(&p.programme, &p.person)
		return p, err
	}, `SELECT m.programme_id, m.person_id FROM transition_member m
		JOIN transition_programme p ON p.organisation_id = m.organisation_id AND p.id = m.programme_id
		WHERE m.organisation_id = $1 AND m.team_id = $2 AND m.status = $3 AND p.closed = FALSE ORDER BY p.made_at DESC, m.id`, organisation, team, transition.Active)
	for _, at := range places {
		leaders = append(leaders, at.person)
		if !slices.ContainsFunc(programmes, func(p transition.Programme) bool { return p.ID == at.programme }) {
			p, err := oneProgramme(ctx, tx, organisation, at.programme)
			if err != nil {
				return nil, nil, err
			}
			programmes = append(programmes, p)
		}
	}
	return programmes, leaders, err
}

// groupBody is a group of a plan that holds, of a programme that goes on.
func (s *Store) groupBody(ctx context.Context, tx *db.Tx, organisation, group string) (b transition.Body, people, coaches []string, programmes []transition.Programme, err error) {
	programme, there, err := db.One(ctx, tx, db.Value[string], `SELECT g.programme_id FROM transition_group g
		JOIN transition_programme p ON p.organisation_id = g.organisation_id AND p.id = g.programme_id
		WHERE g.organisation_id = $1 AND g.id = $2 AND g.state = $3 AND p.closed = FALSE LIMIT 1`, organisation, group, Current)
	if err != nil || !there {
		return b, nil, nil, nil, err
	}
	g, _, err := db.One(ctx, tx, scanGroup, groupQuery+` AND id = $4`, organisation, programme, Current, group)
	if err != nil {
		return b, nil, nil, nil, err
	}
	p, err := oneProgramme(ctx, tx, organisation, programme)
	if err != nil {
		return b, nil, nil, nil, err
	}
	placed, err := s.placed(ctx, tx, organisation, []transition.Group{g})
	if err != nil {
		return b, nil, nil, nil, err
	}
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return b, nil, nil, nil, err
	}
	location, _, err := db.One(ctx, tx, db.Value[string], `SELECT name FROM org_location WHERE organisation_id = $1 AND id = $2 AND since <= $3 AND until > $3`, organisation, g.Location, today)
	if err != nil {
		return b, nil, nil, nil, err
	}
	b = transition.Body{Kind: transition.GroupBody, ID: group, Location: location, Name: groupName(location, placed[0].Units), Unit: placed[0].Unit}
	for _, part := range g.Parts {
		people = append(people, part.People...)
	}
	if g.Coach != "" {
		m, err := s.member(ctx, tx, organisation, programme, g.Coach)
		if err != nil {
			return b, nil, nil, nil, err
		}
		if m.Coaches() {
			coaches = append(coaches, m.Person.ID)
		}
	}
	return b, people, coaches, []transition.Programme{p}, nil
}

// groupName is what a group is called: its location, and the units in it.
func groupName(location string, units []UnitPart) string {
	const most = 2
	var names []string
	for i, u := range units {
		if i == most {
			names = append(names, "…")
			break
		}
		if u.Unit.Name != "" {
			names = append(names, u.Unit.Name)
		}
	}
	name := strings.Join(names, ", ")
	if location == "" || name == "" {
		return cmp.Or(location, name)
	}
	return location + ": " + name
}

// bodyThen is one that is no more, as it was when it last decided on an action.
func bodyThen(ctx context.Context, tx *db.Tx, organisation string, kind transition.BodyKind, body string) (transition.Body, error) {
	b, found, err := db.One(ctx, tx, func(row db.Scanner) (b transition.Body, err error) {
		err = row.Scan(&b.Name, &b.Unit.ID, &b.Unit.Name)
		return b, err
	}, `SELECT body_name, unit_id, unit FROM transition_action WHERE organisation_id = $1 AND body = $2 AND body_id = $3 ORDER BY made_at DESC LIMIT 1`, organisation, kind, body)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such management team or group")
	}
	b.Kind, b.ID = kind, body
	return b, err
}

// focus are the focal points of some programmes, or else those that were decided last for a place:
// after a diagnosis of everybody, or of a unit on the way down to it.
func (s *Store) focus(ctx context.Context, organisation string, programmes []transition.Programme, place []string) (all []transition.Focus, err error) {
	add := func(diagnosisID string, points []diagnosis.FocalPoint) {
		for _, f := range points {
			if !slices.ContainsFunc(all, func(had transition.Focus) bool { return had.ID == f.ID }) {
				all = append(all, transition.Focus{FocalPoint: f, Diagnosis: diagnosisID})
			}
		}
	}
	for _, p := range programmes {
		points, err := s.FocalOf(ctx, organisation, p)
		if err != nil {
			return nil, err
		}
		add(p.Diagnosis, points)
	}
	if len(all) > 0 {
		return all, nil
	}
	decided, err := s.Diagnosis.Decided(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, d := range decided {
		if d.Within == "" || slices.Contains(place, d.Within) {
			points, err := s.Focal(ctx, organisation, d.ID)
			add(d.ID, points)
			return all, err
		}
	}
	return nil, nil
}

// FocusEver are all focal points that were ever decided, those of the newest diagnosis first, and
// those of them that are worked on: by the programmes that go on, or else those that were decided last.
func (s *Store) FocusEver(ctx context.Context, organisation string) (all, now []transition.Focus, err error) {
	decided, err := s.Diagnosis.Decided(ctx, organisation)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range decided {
		points, err := s.Focal(ctx, organisation, d.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range points {
			all = append(all, transition.Focus{FocalPoint: f, Diagnosis: d.ID})
		}
	}
	programmes, err := s.Programmes(ctx, organisation)
	if err != nil {
		return nil, nil, err
	}
	now, err = s.focus(ctx, organisation, slices.DeleteFunc(programmes, func(p transition.Programme) bool { return p.Closed }), nil)
	return all, now, err
}

// BodiesOf lists the management teams that somebody, by the roster's key, is on or leads, and the
// groups that they coach, without their people.
func (s *Store) BodiesOf(ctx context.Context, organisation, key string) (all []transition.Body, err error) {
	if key == "" {
		return nil, nil
	}
	own, err := s.Coaching(ctx, organisation, key)
	if err != nil {
		return nil, err
	}
	teams, err := s.Teams(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, t := range teams {
		leads := slices.ContainsFunc(own, func(o Own) bool { return o.Kind == transition.Leaders && o.Team.ID == t.ID && o.Member.Coaches() })
		if leads || slices.ContainsFunc(t.Members, func(m org.Member) bool { return m.Person.Key == key }) {
			all = append(all, transition.Body{Kind: transition.TeamBody, ID: t.ID, Name: t.Name, Unit: t.Unit, Chair: t.Chair()})
		}
	}
	for _, o := range own {
		for _, g := range o.Groups {
			location := ""
			if len(g.People) > 0 {
				location = g.People[0].Location.Name
			}
			all = append(all, transition.Body{Kind: transition.GroupBody, ID: g.ID, Location: location, Name: groupName(location, g.Units), Unit: g.Unit})
		}
	}
	return all, nil
}

// Later is the newest diagnosis after another that asked the same of the same part and whose report
// somebody in a role may read; false for none.
func (s *Store) Later(ctx context.Context, organisation, diagnosisID string, reader org.Role) (diagnosis.Diagnosis, bool, error) {
	all, err := s.later(ctx, organisation, diagnosisID)
	for _, d := range all {
		if d.Released.Lets(reader) {
			return d, true, err
		}
	}
	return diagnosis.Diagnosis{}, false, err
}

// later are the diagnoses after another that asked the same of the same part, the newest first.
func (s *Store) later(ctx context.Context, organisation, diagnosisID string) (some []diagnosis.Diagnosis, err error) {
	all, err := s.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b diagnosis.Diagnosis) int { return b.ClosedAt.Compare(a.ClosedAt) })
	for _, d := range all {
		if d.State != diagnosis.Closed || d.ID == diagnosisID {
			continue
		}
		earlier, err := s.Diagnosis.Earlier(ctx, organisation, d.ID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(earlier, func(e diagnosis.Diagnosis) bool { return e.ID == diagnosisID }) {
			some = append(some, d)
		}
	}
	return some, nil
}
