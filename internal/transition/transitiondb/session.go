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

const sessionColumns = `id, programme_id, series_id, kind, of_member, scope, name, starts_at, minutes, place, host_id, host_key, host_name, external, diagnosis_id, focal_id, theme, first, agenda,
	role, version, cancelled, reason, held_at, prepared, costs, minuted`

const sessionQuery = `SELECT ` + sessionColumns + `, ` + orgdb.Zone + ` FROM transition_session WHERE organisation_id = $1`

func scanSession(row db.Scanner) (s transition.Session, err error) {
	var scope, agenda, costs, zone string
	var starts, held int64
	h := &s.Host
	err = row.Scan(&s.ID, &s.Programme, &s.Series, &s.Kind, &s.Of, &scope, &s.Name, &starts, &s.Minutes, &s.Place, &h.Person.ID, &h.Person.Key, &h.Name, &h.External,
		&s.Diagnosis, &s.Focal, &s.Theme, &s.First, &agenda, &s.Role, &s.Version, &s.Cancelled, &s.Reason, &held, &s.Prepared, &costs, &s.Minuted, &zone)
	if err != nil {
		return s, err
	}
	h.Person.Name = h.Name
	s.Starts, s.Held = period.Moment(starts, zone), period.Moment(held, zone)
	return s, cmp.Or(unpack(scope, &s.Scope), unpack(agenda, &s.Agenda), unpack(costs, &s.Costs))
}

func oneSession(ctx context.Context, tx *db.Tx, organisation, session string) (transition.Session, error) {
	s, found, err := db.One(ctx, tx, scanSession, sessionQuery+` AND id = $2`, organisation, session)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such session")
	}
	return s, err
}

// planned returns a session that has not been held or cancelled; any other is a conflict.
func planned(ctx context.Context, tx *db.Tx, organisation, session string) (transition.Session, error) {
	s, err := oneSession(ctx, tx, organisation, session)
	switch {
	case err != nil:
	case s.Cancelled:
		err = fault.Conflictf("this session is cancelled")
	case !s.Held.IsZero():
		err = fault.Conflictf("this session has been held")
	}
	return s, err
}

// PlanSeries plans a series of sessions for members of a programme, and returns their ids. It
// reports people who would have two at a time.
func (s *Store) PlanSeries(ctx context.Context, organisation, programme string, series transition.Series, by string) (ids []string, err error) {
	one := id.New()
	made := make([]string, max(1, min(series.Count, 100)))
	for i := range made {
		made[i] = id.New()
	}
	return made, s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := running(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		before, err := s.sessions(ctx, tx, organisation, programme)
		if err != nil {
			return err
		}
		first := !slices.ContainsFunc(before, func(m Listed) bool {
			return m.Kind == transition.Meeting && !m.Cancelled && m.Of == "" && (m.Scope.Kind == transition.AllMembers || m.Scope == series.Scope)
		})
		sessions, err := series.Sessions(p, first)
		if err != nil {
			return err
		}
		if sessions[0].Starts.Before(s.now()) {
			return fault.Fieldf("starts", "the first would be in the past: choose a later day")
		}
		for i, session := range sessions {
			session.ID, session.Series = made[i], one
			if err := s.plan(ctx, tx, organisation, p, session, nil, by); err != nil {
				return err
			}
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "sessions planned", Detail: p.Name})
	})
}

// PlanSession plans one session and returns its id: of a member's group or team, or an
// arrangement for the people given, by their ids. It reports people who would have two at a
// time.
func (s *Store) PlanSession(ctx context.Context, organisation string, session transition.Session, people []string, by string) (string, error) {
	session.ID = id.New()
	return session.ID, s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := running(ctx, tx, organisation, session.Programme)
		if err != nil {
			return err
		}
		if session.Kind == transition.Meeting && session.Focal != "" && !slices.Contains(p.Focal, session.Focal) {
			return fault.Fieldf("focal", "choose focal points of this programme")
		}
		if session.Kind == transition.Meeting {
			before, err := s.sessions(ctx, tx, organisation, p.ID)
			if err != nil {
				return err
			}
			session.First = !slices.ContainsFunc(before, func(m Listed) bool { return m.Kind == transition.Meeting && !m.Cancelled && m.Of == session.Of })
		} else if err := session.CheckPeople(len(people)); err != nil {
			return err
		}
		if err := session.Check(p.Kind); err != nil {
			return err
		}
		if err := s.plan(ctx, tx, organisation, p, session, people, by); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "session planned", Detail: p.Name})
	})
}

// plan keeps a new session with who is asked: the people given, else those it is for.
func (s *Store) plan(ctx context.Context, tx *db.Tx, organisation string, p transition.Programme, session transition.Session, people []string, by string) error {
	asked, err := s.belong(ctx, tx, organisation, p, session)
	if err != nil {
		return err
	}
	if people != nil {
		if asked, err = s.those(ctx, tx, organisation, p, people); err != nil {
			return err
		}
	}
	if len(asked) == 0 {
		return fault.Fieldf("person", "nobody takes part: the programme has no such members yet, or the group has no people")
	}
	if err := s.clash(ctx, tx, organisation, session, asked); err != nil {
		return err
	}
	if err := s.theme(ctx, tx, organisation, p, &session); err != nil {
		return err
	}
	if err := s.insertSession(ctx, tx, organisation, session, by); err != nil {
		return err
	}
	return s.ask(ctx, tx, organisation, session.ID, asked)
}

// theme is what the focal point of a session is called.
func (s *Store) theme(ctx context.Context, tx *db.Tx, organisation string, p transition.Programme, session *transition.Session) error {
	session.Diagnosis = p.Diagnosis
	if session.Focal == "" {
		session.Theme = ""
		return nil
	}
	theme, found, err := db.One(ctx, tx, db.Value[string], `SELECT theme FROM diagnosis_focal WHERE organisation_id = $1 AND diagnosis_id = $2 AND id = $3`, organisation, p.Diagnosis, session.Focal)
	if err == nil && !found {
		err = fault.Fieldf("focal", "choose focal points of this programme")
	}
	session.Theme = theme
	return err
}

// those are people by their ids; somebody who does not take part in the programme is reported.
func (s *Store) those(ctx context.Context, tx *db.Tx, organisation string, p transition.Programme, ids []string) ([]org.Person, error) {
	people, err := s.working(ctx, tx, organisation, ids)
	if err != nil {
		return nil, err
	}
	members, err := s.belong(ctx, tx, organisation, p, transition.Session{})
	if err != nil {
		return nil, err
	}
	for _, one := range people {
		if !slices.ContainsFunc(members, func(m org.Person) bool { return m.ID == one.ID }) {
			return nil, fault.Fieldf("person", "%s does not take part in this programme: tick people of it", one.Title())
		}
	}
	return people, nil
}

// working are people by their ids; somebody who is not at work is reported.
func (s *Store) working(ctx context.Context, tx *db.Tx, organisation string, ids []string) (people []org.Person, err error) {
	today, err := s.today(ctx, tx, organisation)
	if err != nil {
		return nil, err
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	found, err := orgdb.PeopleIn(ctx, tx, organisation, ids, today)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		p, there := found[id]
		if !there || !p.WorksOn(today) {
			return nil, fault.Fieldf("person", "somebody of these is not at work any more: look at the page again")
		}
		people = append(people, p)
	}
	return people, nil
}

// clash reports people who are asked to another session at the time.
func (s *Store) clash(ctx context.Context, tx *db.Tx, organisation string, session transition.Session, asked []org.Person) error {
	others, err := db.All(ctx, tx, scanSession, sessionQuery+` AND cancelled = FALSE AND id <> $2 AND starts_at < $3 AND starts_at > $4`,
		organisation, session.ID, session.Ends().UnixMicro(), session.Starts.AddDate(0, 0, -2).UnixMicro())
	if err != nil {
		return err
	}
	names, ids := map[string]string{}, make([]string, len(asked))
	for i, p := range asked {
		ids[i], names[p.ID] = p.ID, p.Title()
	}
	if host := session.Host.Person; host.ID != "" && names[host.ID] == "" {
		ids, names[host.ID] = append(ids, host.ID), session.Host.Name
	}
	for _, other := range others {
		there, err := db.All(ctx, tx, db.Value[string], `SELECT person_id FROM transition_attendee WHERE organisation_id = $1 AND session_id = $2 AND gone = FALSE AND answer <> 'no'`, organisation, other.ID)
		if err != nil {
			return err
		}
		if host := other.Host.Person.ID; host != "" && !slices.Contains(there, host) {
			there = append(there, host)
		}
		if both := session.Clash(ids, other, there); len(both) == 1 {
			return fault.Fieldf("starts", "%[1]s is asked to another session at this time, on %[2]s: choose another time", names[both[0]], other.Starts.Format("2006-01-02 15:04"))
		} else if len(both) > 1 {
			return fault.Fieldf("starts", "%[1]s and %[2]d more are asked to another session at this time, on %[3]s: choose another time", names[both[0]], len(both)-1, other.Starts.Format("2006-01-02 15:04"))
		}
	}
	return nil
}

func (s *Store) insertSession(ctx context.Context, tx *db.Tx, organisation string, session transition.Session, by string) error {
	scope, agenda, costs, err := packedSession(session)
	if err != nil {
		return err
	}
	h := session.Host
	_, err = tx.Exec(ctx, `INSERT INTO transition_session (organisation_id, `+sessionColumns+`, made_by, made_at, host_mailed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 0, FALSE, '', 0, 0, $22, '', $23, $24, -1)`,
		organisation, session.ID, session.Programme, session.Series, session.Kind, session.Of, scope, session.Name, session.Starts.UnixMicro(), session.Minutes, session.Place,
		h.Person.ID, h.Person.Key, h.Name, h.External, session.Diagnosis, session.Focal, session.Theme, session.First, agenda, session.Role, costs, by, s.now().UnixMicro())
	return err
}

func packedSession(s transition.Session) (scope, agenda, costs string, err error) {
	if scope, err = packed(s.Scope); err == nil {
		agenda, err = packed(s.Agenda)
	}
	if err == nil {
		costs, err = packed(s.Costs)
	}
	return scope, agenda, costs, err
}

// ask adds people to a session who are not asked yet.
func (s *Store) ask(ctx context.Context, tx *db.Tx, organisation, session string, people []org.Person) error {
	rows := make([][]any, len(people))
	for i, p := range people {
		rows[i] = []any{organisation, session, p.ID, p.Key, p.Title(), transition.Unsaid, "", false, -1, false}
		// Who was taken off comes back.
		_, err := tx.Exec(ctx, `DELETE FROM transition_attendee WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3 AND gone = TRUE`, organisation, session, p.ID)
		if err != nil {
			return err
		}
	}
	return tx.InsertMany(ctx, "transition_attendee", []string{"organisation_id", "session_id", "person_id", "person_key", "name", "answer", "why", "came", "mailed", "gone"}, rows)
}

// ChangeSession changes what is planned of a session: its time, place, host, focal point, name
// and agenda. Where people have been told of it and its time, place or name is another, they are
// told again. Of an arrangement it changes who takes part too, by the ids of people; who is taken
// off and has been told of it is told.
func (s *Store) ChangeSession(ctx context.Context, organisation string, to transition.Session, people []string, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		was, err := planned(ctx, tx, organisation, to.ID)
		if err != nil {
			return err
		}
		now, err := s.change(ctx, tx, organisation, was, to)
		if err == nil && now.Kind != transition.Meeting {
			err = s.changePeople(ctx, tx, organisation, now, people)
		}
		return err
	})
}

// ChangeSeries changes a session of a series like ChangeSession, and those that follow it in the same
// way: as many days later or sooner, at that time of the day, as long, there, and led by the same host.
func (s *Store) ChangeSeries(ctx context.Context, organisation string, to transition.Session, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		was, err := planned(ctx, tx, organisation, to.ID)
		if err != nil {
			return err
		}
		all, err := following(ctx, tx, organisation, was)
		if err != nil {
			return err
		}
		if to.Starts.After(was.Starts) { // the last moves first, and makes room
			slices.Reverse(all)
		}
		for _, one := range all {
			change := to
			if one.ID != was.ID {
				change = one.Follow(was, to)
			}
			if _, err := s.change(ctx, tx, organisation, one, change); err != nil {
				return err
			}
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "series changed", Detail: cmp.Or(was.Name, was.Theme)})
	})
}

// following are a session and those of its series that are planned after it, the earliest first.
func following(ctx context.Context, tx *db.Tx, organisation string, session transition.Session) ([]transition.Session, error) {
	if session.Series == "" {
		return []transition.Session{session}, nil
	}
	return db.All(ctx, tx, scanSession, sessionQuery+` AND series_id = $2 AND starts_at >= $3 AND cancelled = FALSE AND held_at = 0 ORDER BY starts_at, id`, organisation, session.Series, session.Starts.UnixMicro())
}

// change keeps a session as it is to be, and tells those who have been told of it.
func (s *Store) change(ctx context.Context, tx *db.Tx, organisation string, was, to transition.Session) (transition.Session, error) {
	p, err := running(ctx, tx, organisation, was.Programme)
	if err != nil {
		return was, err
	}
	now := was
	now.Name, now.Starts, now.Minutes, now.Place, now.Host, now.Focal, now.Agenda, now.Role = to.Name, to.Starts, to.Minutes, to.Place, to.Host, to.Focal, to.Agenda, to.Role
	if err := now.Check(p.Kind); err != nil {
		return now, err
	}
	if now.Starts.Before(s.now()) && !was.Starts.Before(s.now()) {
		return now, fault.Fieldf("starts", "this would be in the past: choose a later day")
	}
	if now.Focal != was.Focal {
		if err := s.theme(ctx, tx, organisation, p, &now); err != nil {
			return now, err
		}
	}
	attendees, err := s.attendees(ctx, tx, organisation, was.ID)
	if err != nil {
		return now, err
	}
	var asked []org.Person
	for _, a := range attendees {
		if !a.Gone && !a.Left && a.Answer != transition.No {
			asked = append(asked, a.Person)
		}
	}
	if err := s.clash(ctx, tx, organisation, now, asked); err != nil {
		return now, err
	}
	if now.Minutes != was.Minutes && slices.Equal(now.Agenda, was.Agenda) && slices.Equal(was.Agenda, transition.Template(was.First, was.Minutes)) {
		now.Agenda = transition.Template(now.First, now.Minutes)
	}
	told := !now.Starts.Equal(was.Starts) || now.Minutes != was.Minutes || now.Place != was.Place || now.Name != was.Name || now.Theme != was.Theme || now.Host.Name != was.Host.Name
	if told {
		now.Version++
	}
	if err := s.saveSession(ctx, tx, organisation, now); err != nil || !told {
		return now, err
	}
	return now, s.tell(ctx, tx, organisation, now, attendees, toldBefore)
}

// changePeople changes who takes part in an arrangement, by the ids of people.
func (s *Store) changePeople(ctx context.Context, tx *db.Tx, organisation string, now transition.Session, people []string) error {
	if err := now.CheckPeople(len(people)); err != nil {
		return err
	}
	p, err := oneProgramme(ctx, tx, organisation, now.Programme)
	if err != nil {
		return err
	}
	asked, err := s.those(ctx, tx, organisation, p, people)
	if err == nil {
		err = s.clash(ctx, tx, organisation, now, asked)
	}
	if err != nil {
		return err
	}
	attendees, err := s.attendees(ctx, tx, organisation, now.ID)
	if err != nil {
		return err
	}
	var more []org.Person
	for _, p := range asked {
		if !slices.ContainsFunc(attendees, func(a transition.Attendee) bool { return a.Person.ID == p.ID && !a.Gone }) {
			more = append(more, p)
		}
	}
	if err := s.ask(ctx, tx, organisation, now.ID, more); err != nil {
		return err
	}
	for _, a := range attendees {
		if !a.Gone && !slices.Contains(people, a.Person.ID) {
			if err := s.takeOff(ctx, tx, organisation, now, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeOff asks somebody to a session no more, and tells them if they have been told of it.
func (s *Store) takeOff(ctx context.Context, tx *db.Tx, organisation string, session transition.Session, a transition.Attendee) error {
	_, err := tx.Exec(ctx, `UPDATE transition_attendee SET gone = TRUE WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3`, organisation, session.ID, a.Person.ID)
	if err != nil {
		return err
	}
	if err := forgetNotice(ctx, tx, organisation, session.ID, a.Person.ID); err != nil || a.Mailed < 0 {
		return err
	}
	return s.queue(ctx, tx, organisation, session, a.Person.ID, false)
}

// offComing takes somebody who has stopped off the sessions of a programme that are to come.
func (s *Store) offComing(ctx context.Context, tx *db.Tx, organisation, programme, person string) error {
	coming, err := db.All(ctx, tx, scanSession, sessionQuery+` AND programme_id = $2 AND of_member = '' AND starts_at > $3 AND cancelled = FALSE AND held_at = 0
		AND id IN (SELECT session_id FROM transition_attendee WHERE organisation_id = $1 AND person_id = $4 AND gone = FALSE)`, organisation, programme, s.now().UnixMicro(), person)
	if err != nil {
		return err
	}
	for _, one := range coming {
		attendees, err := s.attendees(ctx, tx, organisation, one.ID)
		if err != nil {
			return err
		}
		for _, a := range attendees {
			if a.Person.ID == person {
				if err := s.takeOff(ctx, tx, organisation, one, a); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *Store) saveSession(ctx context.Context, tx *db.Tx, organisation string, session transition.Session) error {
	_, agenda, costs, err := packedSession(session)
	if err != nil {
		return err
	}
	held, h := int64(0), session.Host
	if !session.Held.IsZero() {
		held = session.Held.UnixMicro()
	}
	_, err = tx.Exec(ctx, `UPDATE transition_session SET name = $3, starts_at = $4, minutes = $5, place = $6, host_id = $7, host_key = $8, host_name = $9, external = $10, diagnosis_id = $11, focal_id = $12, theme = $13,
		agenda = $14, role = $15, version = $16, cancelled = $17, reason = $18, held_at = $19, prepared = $20, costs = $21, minuted = $22 WHERE organisation_id = $1 AND id = $2`,
		organisation, session.ID, session.Name, session.Starts.UnixMicro(), session.Minutes, session.Place, h.Person.ID, h.Person.Key, h.Name, h.External, session.Diagnosis, session.Focal, session.Theme,
		agenda, session.Role, session.Version, session.Cancelled, session.Reason, held, session.Prepared, costs, session.Minuted)
	return err
}

// CancelSession cancels a session that has not been held; whoever has been told of it is told.
func (s *Store) CancelSession(ctx context.Context, organisation, session, reason, by string) error {
	return s.cancel(ctx, organisation, session, reason, by, false)
}

// CancelSeries cancels a session and those of its series that are planned after it.
func (s *Store) CancelSeries(ctx context.Context, organisation, session, reason, by string) error {
	return s.cancel(ctx, organisation, session, reason, by, true)
}

func (s *Store) cancel(ctx context.Context, organisation, session, reason, by string, series bool) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := planned(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		if reason = strings.TrimSpace(reason); reason == "" || len(reason) > 1000 {
			return fault.Fieldf("reason", "say why, in at most 1,000 bytes: those who are asked read it")
		}
		all := []transition.Session{one}
		if series {
			if all, err = following(ctx, tx, organisation, one); err != nil {
				return err
			}
		}
		for _, now := range all {
			attendees, err := s.attendees(ctx, tx, organisation, now.ID)
			if err != nil {
				return err
			}
			now.Cancelled, now.Reason, now.Version = true, reason, now.Version+1
			if err := s.saveSession(ctx, tx, organisation, now); err != nil {
				return err
			}
			if err := s.tell(ctx, tx, organisation, now, attendees, toldBefore); err != nil {
				return err
			}
			if err := orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "session cancelled", Detail: cmp.Or(now.Name, now.Theme)}); err != nil {
				return err
			}
		}
		return s.firstInstead(ctx, tx, organisation, one)
	})
}

// firstInstead makes the next session of the same people the first one, where the first is
// cancelled; where that was one of all members and none of theirs is left, the next of each location or
// partner that has held none.
func (s *Store) firstInstead(ctx context.Context, tx *db.Tx, organisation string, cancelled transition.Session) error {
	if !cancelled.First {
		return nil
	}
	all, err := s.sessions(ctx, tx, organisation, cancelled.Programme)
	if err != nil {
		return err
	}
	next, begun := map[transition.Scope]transition.Session{}, map[transition.Scope]bool{}
	for _, l := range all {
		switch _, there := next[l.Scope]; {
		case l.Kind != transition.Meeting || l.Cancelled || l.Of != cancelled.Of:
		case !l.Held.IsZero() || l.First:
			begun[l.Scope] = true
		case !there:
			next[l.Scope] = l.Session
		}
	}
	if same, there := next[cancelled.Scope]; there {
		next = map[transition.Scope]transition.Session{cancelled.Scope: same}
	} else if cancelled.Scope.Kind != transition.AllMembers {
		return nil
	}
	for scope, one := range next {
		if begun[scope] {
			continue
		}
		if slices.Equal(one.Agenda, transition.Template(false, one.Minutes)) {
			one.Agenda = transition.Template(true, one.Minutes)
		}
		if err := s.saveSession(ctx, tx, organisation, one); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE transition_session SET first = TRUE WHERE organisation_id = $1 AND id = $2`, organisation, one.ID); err != nil {
			return err
		}
	}
	return nil
}
