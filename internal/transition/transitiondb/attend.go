package transitiondb

import (
	"cmp"
	"context"
	"slices"

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

// Attendance is what is noted of a session that has been held.
type Attendance struct {
	Came     []string // ids of people
	Prepared int      // minutes that the host prepared
	Costs    []effort.Cost
	Name     string // of the session in the ledger
}

// Attend notes who came to a session, which puts its hours and costs into the ledger of efforts.
// It can be noted anew. It reports a session that has not begun, and somebody who is not asked.
func (s *Store) Attend(ctx context.Context, organisation, session string, a Attendance, by string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := oneSession(ctx, tx, organisation, session)
		switch {
		case err != nil:
			return err
		case now.Cancelled:
			return fault.Conflictf("this session is cancelled")
		case now.Starts.After(s.now()):
			return fault.Conflictf("this session has not begun: note who came when it has")
		case a.Prepared < 0 || a.Prepared > 10_000:
			return fault.Fieldf("prepared", "preparing takes 0 to 10,000 minutes, not %d", a.Prepared)
		}
		attendees, err := s.came(ctx, tx, organisation, session, a.Came)
		if err != nil {
			return err
		}
		ids := []string{now.Host.Person.ID}
		for _, at := range attendees {
			ids = append(ids, at.Person.ID)
			_, err := tx.Exec(ctx, `UPDATE transition_attendee SET came = $4 WHERE organisation_id = $1 AND session_id = $2 AND person_id = $3`,
				organisation, session, at.Person.ID, slices.Contains(a.Came, at.Person.ID))
			if err != nil {
				return err
			}
		}
		then, err := orgdb.PeopleIn(ctx, tx, organisation, ids, period.DayOf(now.Starts))
		if err != nil {
			return err
		}
		unit := map[string]string{}
		for id, p := range then {
			unit[id] = p.Unit.ID
		}
		now.Held, now.Prepared, now.Costs = s.now(), a.Prepared, a.Costs
		if err := s.saveSession(ctx, tx, organisation, now); err != nil {
			return err
		}
		entries := now.Effort(cmp.Or(a.Name, now.Name, now.Theme), slices.Compact(slices.Sorted(slices.Values(a.Came))), unit)
		ledger := effortdb.Store{DB: s.DB, Now: s.Now}
		if err := ledger.Record(ctx, tx, organisation, effort.Source{Kind: effort.OfSession, ID: session}, entries, by); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "attendance noted", Detail: cmp.Or(now.Name, now.Theme)})
	})
}

// came are who is asked to a session, with those who came and were not: they are asked now. It
// reports somebody who is not of the programme.
func (s *Store) came(ctx context.Context, tx *db.Tx, organisation, session string, came []string) ([]transition.Attendee, error) {
	all, err := s.stillAsked(ctx, tx, organisation, session)
	if err != nil {
		return nil, err
	}
	further := slices.DeleteFunc(slices.Clone(came), func(one string) bool {
		return slices.ContainsFunc(all, func(at transition.Attendee) bool { return at.Person.ID == one })
	})
	if len(further) == 0 {
		return all, nil
	}
	m, err := s.meeting(ctx, tx, organisation, session)
	if err != nil {
		return nil, err
	}
	var more []org.Person
	for _, one := range further {
		i := slices.IndexFunc(m.Others, func(p org.Person) bool { return p.ID == one })
		if i < 0 {
			return nil, fault.NotFoundf("somebody of these is not asked to this session: look at the page again")
		}
		more = append(more, m.Others[i])
	}
	if err := s.ask(ctx, tx, organisation, session, more); err != nil {
		return nil, err
	}
	return s.stillAsked(ctx, tx, organisation, session)
}

// SayWhether takes somebody's answer to the invitation to a session, by the roster's key.
func (s *Store) SayWhether(ctx context.Context, organisation, session, key string, answer transition.Answer, why string) error {
	if err := transition.CheckText(&why, "why"); err != nil {
		return err
	}
	if answer != transition.Yes && answer != transition.No {
		return fault.Invalidf("say yes or no")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := planned(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		if now.Over(s.now()) {
			return fault.Conflictf("this session is over")
		}
		n, err := tx.Exec(ctx, `UPDATE transition_attendee SET answer = $4, why = $5 WHERE organisation_id = $1 AND session_id = $2 AND person_key = $3 AND gone = FALSE`, organisation, session, key, answer, why)
		if err == nil && n == 0 {
			err = fault.NotFoundf("there is no such session")
		}
		return err
	})
}

// KeepMinuted keeps the minutes of a session.
func (s *Store) KeepMinuted(ctx context.Context, organisation, session, text, by string) error {
	if err := transition.CheckText(&text, "minuted"); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := oneSession(ctx, tx, organisation, session)
		if err != nil {
			return err
		}
		if now.Cancelled {
			return fault.Conflictf("this session is cancelled")
		}
		now.Minuted = text
		return s.saveSession(ctx, tx, organisation, now)
	})
}

// Coached writes time that a member spent with people between the sessions into the ledger of
// efforts.
func (s *Store) Coached(ctx context.Context, organisation, programme, key string, c transition.Coached, by string) error {
	made := id.New()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, m, err := s.memberByKey(ctx, tx, organisation, programme, key)
		if err != nil {
			return err
		}
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if err := c.Check(today); err != nil {
			return err
		}
		ledger := effortdb.Store{DB: s.DB, Now: s.Now}
		return ledger.Record(ctx, tx, organisation, effort.Source{Kind: effort.OfCoaching, ID: made}, []effort.Entry{c.Effort(p, m.Person)}, by)
	})
}

// StrikeCoached takes such an entry out again, if it is the member's own.
func (s *Store) StrikeCoached(ctx context.Context, organisation, key, source string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		of := effort.Source{Kind: effort.OfCoaching, ID: source}
		entries, err := effortdb.EntriesIn(ctx, tx, organisation, effortdb.Query{Source: of})
		if err != nil {
			return err
		}
		r, err := ownRecord(ctx, tx, organisation, key)
		if err != nil {
			return err
		}
		if source == "" || len(entries) != 1 || !staffed(entries[0], r.Person.ID) {
			return fault.NotFoundf("there is no such entry: look at the page again")
		}
		return effortdb.Store{DB: s.DB, Now: s.Now}.Record(ctx, tx, organisation, of, nil, "")
	})
}

func staffed(e effort.Entry, person string) bool {
	return slices.ContainsFunc(e.Hours, func(h effort.Hours) bool { return h.Side == effort.Staff && h.Person == person })
}

// memberByKey is somebody of a programme that goes on who takes part in it now.
func (s *Store) memberByKey(ctx context.Context, tx *db.Tx, organisation, programme, key string) (p transition.Programme, m transition.Member, err error) {
	if p, err = running(ctx, tx, organisation, programme); err != nil {
		return p, m, err
	}
	member, found, err := db.One(ctx, tx, db.Value[string], `SELECT id FROM transition_member WHERE organisation_id = $1 AND programme_id = $2 AND person_key = $3`, organisation, programme, key)
	if err == nil && found && key != "" {
		m, err = s.member(ctx, tx, organisation, programme, member)
	}
	if err == nil && !m.Coaches() && !m.Forms() {
		err = fault.NotFoundf("there is no such page, or it is not for you")
	}
	return p, m, err
}

// LedgerOf returns what a session has put into the ledger of efforts.
func (s *Store) LedgerOf(ctx context.Context, organisation, session string) ([]effort.Entry, error) {
	return effortdb.Store{DB: s.DB}.Entries(ctx, organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfSession, ID: session}})
}

// CoachedBy returns the time that somebody, by the person's id, has written down last, the newest
// first, at most so many.
func (s *Store) CoachedBy(ctx context.Context, organisation, person string, most int) ([]effort.Entry, error) {
	return effortdb.Store{DB: s.DB}.Entries(ctx, organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfCoaching}, Staff: person, Newest: most})
}

// Spent adds up what a programme has put into the ledger of efforts.
func (s *Store) Spent(ctx context.Context, organisation, programme string) (effort.Totals, error) {
	return effortdb.Store{DB: s.DB}.Totals(ctx, organisation, effort.Target{Kind: effort.ForProgramme, ID: programme})
}

// Ledger returns what the sessions, arrangements and coaching of a programme put into the ledger
// of efforts.
func (s *Store) Ledger(ctx context.Context, organisation, programme string) (all []effort.Entry, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if _, err := oneProgramme(ctx, tx, organisation, programme); err != nil {
			return err
		}
		all, err = effortdb.EntriesIn(ctx, tx, organisation, effortdb.Query{Serves: effort.Target{Kind: effort.ForProgramme, ID: programme}})
		return err
	})
	return all, err
}
