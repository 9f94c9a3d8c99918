package transitiondb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/transition"
)

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
