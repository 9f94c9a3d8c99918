package transitiondb

import (
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

// Meeting is a session with what belongs to it.
type Meeting struct {
	transition.Session
	Programme transition.Programme
	Focal     diagnosis.FocalPoint // that it is built around; zero for none
	Attendees []transition.Attendee
	Troubles  map[string]Trouble // mail that did not arrive, by person's id
	Joined    []org.Person       // who belong to it and are not asked yet
	Busy      []org.Person       // who belong to it and are asked to another session at the time
	Others    []org.Person       // members of the programme who are not asked: one of them may have come
	HostGone  bool               // who leads it does not take part in the programme any more
	HostTold  int                // the version that the host was mailed last, -1 for none
}

// Attendee finds who is asked, by key.
func (m Meeting) Attendee(key string) (transition.Attendee, bool) {
	i := slices.IndexFunc(m.Attendees, func(a transition.Attendee) bool { return key != "" && a.Person.Key == key })
	if i < 0 {
		return transition.Attendee{}, false
	}
	return m.Attendees[i], true
}

// Said counts who has said yes, and who no.
func (m Meeting) Said() (yes, no int) {
	for _, a := range m.Attendees {
		switch a.Answer {
		case transition.Yes:
			yes++
		case transition.No:
			no++
		}
	}
	return yes, no
}

// Came counts who came.
func (m Meeting) Came() (n int) {
	for _, a := range m.Attendees {
		if a.Came {
			n++
		}
	}
	return n
}

// Meeting returns a session.
func (s *Store) Meeting(ctx context.Context, organisation, session string) (m Meeting, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		m, err = s.meeting(ctx, tx, organisation, session)
		return err
	})
	if err == nil && m.Session.Focal != "" {
		var points []diagnosis.FocalPoint
		points, err = s.Focal(ctx, organisation, m.Session.Diagnosis)
		if i := slices.IndexFunc(points, func(f diagnosis.FocalPoint) bool { return f.ID == m.Session.Focal }); i >= 0 {
			m.Focal = points[i]
		} else {
			m.Focal = diagnosis.FocalPoint{ID: m.Session.Focal, Theme: m.Theme}
		}
	}
	return m, err
}

func (s *Store) meeting(ctx context.Context, tx *db.Tx, organisation, session string) (m Meeting, err error) {
	if m.Session, err = oneSession(ctx, tx, organisation, session); err != nil {
		return m, err
	}
	if m.Programme, err = oneProgramme(ctx, tx, organisation, m.Session.Programme); err != nil {
		return m, err
	}
	if m.Attendees, err = s.stillAsked(ctx, tx, organisation, session); err != nil {
		return m, err
	}
	if m.HostTold, _, err = db.One(ctx, tx, db.Value[int], `SELECT host_mailed FROM transition_session WHERE organisation_id = $1 AND id = $2`, organisation, session); err != nil {
		return m, err
	}
	members, err := s.members(ctx, tx, organisation, m.Programme.ID, "")
	if err != nil {
		return m, err
	}
	m.HostGone = m.Host.Person.ID != "" && !slices.ContainsFunc(members, func(one transition.Member) bool {
		return one.Person.ID == m.Host.Person.ID && (one.Coaches() || one.Forms())
	})
	if m.Troubles, err = noticeTroubles(ctx, tx, organisation, session); err != nil {
		return m, err
	}
	return m, s.besides(ctx, tx, organisation, &m, members)
}

// besides finds who belongs to a session and is not asked, and who else of the programme's members is not.
func (s *Store) besides(ctx context.Context, tx *db.Tx, organisation string, m *Meeting, members []transition.Member) (err error) {
	if m.Cancelled {
		return nil
	}
	asked := map[string]bool{m.Host.Person.ID: true}
	for _, a := range m.Attendees {
		asked[a.Person.ID] = true
	}
	people := within(members, m.Scope)
	m.Others = within(members, transition.Scope{})
	if m.Of != "" {
		if people, err = s.ofMember(ctx, tx, organisation, m.Programme, m.Session); err != nil {
			return err
		}
		m.Others = slices.Clone(people)
	}
	m.Others = slices.DeleteFunc(m.Others, func(p org.Person) bool { return asked[p.ID] })
	if m.Kind == transition.Meeting && m.Held.IsZero() {
		for _, p := range people {
			if asked[p.ID] {
				continue
			}
			free := m.Session
			free.Host = transition.Host{}
			switch err := s.clash(ctx, tx, organisation, free, []org.Person{p}); {
			case err == nil:
				m.Joined = append(m.Joined, p)
			case fault.KindOf(err) == fault.Invalid:
				m.Busy = append(m.Busy, p)
			default:
				return err
			}
		}
	}
	return nil
}

// attendees lists who is or was asked to a session, by name, as today's roster knows them.
func (s *Store) attendees(ctx context.Context, tx *db.Tx, organisation, session string) ([]transition.Attendee, error) {
	return s.attendeesOf(ctx, tx, organisation, session, "")
}

// stillAsked are those of the attendees who are asked now.
func (s *Store) stillAsked(ctx context.Context, tx *db.Tx, organisation, session string) ([]transition.Attendee, error) {
	all, err := s.attendees(ctx, tx, organisation, session)
	return slices.DeleteFunc(all, func(a transition.Attendee) bool { return a.Gone }), err
}

// attendeesOf are those of a session, or the one whose person's id is given.
func (s *Store) attendeesOf(ctx context.Context, tx *db.Tx, organisation, session, person string) ([]transition.Attendee, error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, func(row db.Scanner) (a transition.Attendee, err error) {
		err = row.Scan(&a.Person.ID, &a.Person.Key, &a.Person.Name, &a.Answer, &a.Why, &a.Came, &a.Mailed, &a.Gone)
		return a, err
	}, `SELECT person_id, person_key, name, answer, why, came, mailed, gone FROM transition_attendee WHERE organisation_id = $1 AND session_id = $2 AND ($3 = '' OR person_id = $3) ORDER BY name, person_key`, organisation, session, person)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].Person.ID
	}
	people, err := orgdb.PeopleIn(ctx, tx, organisation, ids, today)
	if err != nil {
		return nil, err
	}
	for i := range all {
		a := &all[i]
		p, there := people[a.Person.ID]
		if there {
			a.Person = p
		}
		a.Left = !there || !p.WorksOn(today)
	}
	return all, nil
}

// belong are the people whom a session is for as the programme and the roster stand now: those
// of the scope among the members, or those of a member's group or management team.
func (s *Store) belong(ctx context.Context, tx *db.Tx, organisation string, p transition.Programme, session transition.Session) ([]org.Person, error) {
	if session.Of != "" {
		return s.ofMember(ctx, tx, organisation, p, session)
	}
	members, err := s.members(ctx, tx, organisation, p.ID, "")
	return within(members, session.Scope), err
}

// within are those of a scope among members.
func within(members []transition.Member, scope transition.Scope) (people []org.Person) {
	for _, m := range members {
		if (m.Coaches() || m.Forms()) && scope.Holds(m) {
			people = append(people, m.Person)
		}
	}
	return people
}

// ofMember are those of the group or management team of the member whose session it is.
func (s *Store) ofMember(ctx context.Context, tx *db.Tx, organisation string, p transition.Programme, session transition.Session) (people []org.Person, err error) {
	own, err := s.own(ctx, tx, organisation, p.ID, session.Of)
	if err != nil {
		return nil, err
	}
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range own.Team.Members {
		ids = append(ids, m.Person.ID)
	}
	of, err := orgdb.PeopleIn(ctx, tx, organisation, ids, today)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if one, there := of[id]; there {
			people = append(people, one)
		}
	}
	for _, g := range own.Groups {
		people = append(people, g.People...)
	}
	return slices.DeleteFunc(people, func(one org.Person) bool { return !one.WorksOn(today) || one.ID == own.Member.Person.ID }), nil
}
