package transitiondb

import (
	"cmp"
	"context"
	"slices"

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
