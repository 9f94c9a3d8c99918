package transitiondb

import (
	"context"
	"slices"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/transition"
)

// Listed is a session in a list.
type Listed struct {
	transition.Session
	Asked, Yes, Came int
	Told             int // who has been mailed of it
}

// Sessions lists the sessions and arrangements of a programme, by time.
func (s *Store) Sessions(ctx context.Context, organisation, programme string) (all []Listed, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneProgramme(ctx, tx, organisation, programme); err != nil {
			return err
		}
		all, err = s.sessions(ctx, tx, organisation, programme)
		return err
	})
	return all, err
}

func (s *Store) sessions(ctx context.Context, tx *db.Tx, organisation, programme string) ([]Listed, error) {
	found, err := db.All(ctx, tx, scanSession, sessionQuery+` AND programme_id = $2 ORDER BY starts_at, id`, organisation, programme)
	if err != nil {
		return nil, err
	}
	all, at := make([]Listed, len(found)), map[string]int{}
	for i, one := range found {
		all[i].Session, at[one.ID] = one, i
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var session string
		var l Listed
		err := row.Scan(&session, &l.Asked, &l.Yes, &l.Came, &l.Told)
		if i, there := at[session]; there {
			all[i].Asked, all[i].Yes, all[i].Came, all[i].Told = l.Asked, l.Yes, l.Came, l.Told
		}
		return struct{}{}, err
	}, `SELECT a.session_id, COUNT(*), SUM(CASE WHEN a.answer = 'yes' THEN 1 ELSE 0 END), SUM(CASE WHEN a.came THEN 1 ELSE 0 END), SUM(CASE WHEN a.mailed >= 0 THEN 1 ELSE 0 END)
		FROM transition_attendee a JOIN transition_session s ON s.organisation_id = a.organisation_id AND s.id = a.session_id
		WHERE a.organisation_id = $1 AND s.programme_id = $2 AND a.gone = FALSE GROUP BY a.session_id`, organisation, programme)
	return all, err
}

// Without lists the members of a programme who have taken part in no arrangement and are asked
// to none.
func (s *Store) Without(ctx context.Context, organisation, programme string) (some []transition.Member, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		members, err := s.members(ctx, tx, organisation, programme, "")
		if err != nil {
			return err
		}
		has, err := db.All(ctx, tx, db.Value[string], `SELECT DISTINCT a.person_id FROM transition_attendee a JOIN transition_session s ON s.organisation_id = a.organisation_id AND s.id = a.session_id
			WHERE a.organisation_id = $1 AND s.programme_id = $2 AND s.kind <> 'session' AND s.cancelled = FALSE AND a.gone = FALSE AND (s.held_at = 0 OR a.came = TRUE)`, organisation, programme)
		some = slices.DeleteFunc(members, func(m transition.Member) bool {
			return !m.Coaches() && !m.Forms() || slices.Contains(has, m.Person.ID)
		})
		return err
	})
	return some, err
}

// SessionsOf lists the sessions that somebody, by the roster's key, is asked to or leads, from a
// time on, by time.
func (s *Store) SessionsOf(ctx context.Context, organisation, key string, from time.Time) (all []transition.Session, err error) {
	if key == "" {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = sessionsOf(ctx, tx, organisation, key, from)
		return err
	})
	return all, err
}

// Coming lists the sessions for all members of their programme that begin in a time, by time: not those of two
// people, or of one group.
func (s *Store) Coming(ctx context.Context, organisation string, from, until time.Time) (all []transition.Session, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = db.All(ctx, tx, scanSession, sessionQuery+` AND kind = $4 AND of_member = '' AND cancelled = FALSE AND held_at = 0 AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at, id`, organisation, from.UnixMicro(), until.UnixMicro(), transition.Meeting)
		all = slices.DeleteFunc(all, func(one transition.Session) bool { return one.Scope.Kind != transition.AllMembers })
		return err
	})
	return all, err
}

func sessionsOf(ctx context.Context, tx *db.Tx, organisation, key string, from time.Time) ([]transition.Session, error) {
	return db.All(ctx, tx, scanSession, sessionQuery+` AND starts_at >= $3 AND (host_key = $2
		OR id IN (SELECT session_id FROM transition_attendee WHERE organisation_id = $1 AND person_key = $2 AND gone = FALSE)) ORDER BY starts_at, id`, organisation, key, from.UnixMicro())
}
