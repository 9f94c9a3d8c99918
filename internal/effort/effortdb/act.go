package effortdb

import (
	"context"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// SaveAct keeps an act of an executive: that of an id in place of what it was, or a new one under that id,
// which the caller has made. Its time stands in the ledger. It reports what the core reports, somebody who is
// no executive of today's roster, and an initiative that is not there.
func (s Store) SaveAct(ctx context.Context, organisation string, a effort.Act, by string) error {
	if err := id.CheckMade(a.ID); err != nil {
		return err
	}
	return s.DB.WriteInTurn(ctx, LedgerOf(organisation), func(tx *db.Tx) error {
		a := a
		today, err := orgdb.Today(ctx, tx, organisation, s.now())
		if err != nil {
			return err
		}
		p, err := orgdb.PersonIn(ctx, tx, organisation, a.Person.ID, today)
		if err != nil {
			return err
		}
		if p.Level != org.LevelExecutive {
			return fault.Conflictf("%s is no executive of today's roster: acts are of these", p.Title())
		}
		a.Person = org.Ref{ID: p.ID, Key: p.Key, Name: p.Title()}
		if err := a.Check(today); err != nil {
			return err
		}
		if a.Initiative != "" {
			all, err := initiatives(ctx, tx, s.now(), organisation, a.Initiative)
			if err == nil && len(all) == 0 {
				err = fault.Fieldf("initiative", "choose an initiative of the list, or none")
			}
			if err != nil {
				return err
			}
		}
		if err := s.ofAnother(ctx, tx, organisation, a); err != nil {
			return err
		}
		row := []any{organisation, a.ID, a.Person.ID, a.Person.Key, a.Person.Name, a.Kind, a.Day, a.What, a.Audience, a.Reach, a.Evidence, a.Minutes, a.Initiative, by, a.Account, s.now().UnixMicro()}
		if err := tx.PutMany(ctx, "effort_act", []string{"organisation_id", "id", "person_id", "person_key", "person_name", "kind", "day", "what", "audience", "reach", "evidence", "minutes", "initiative_id", "made_by", "account", "made_at"}, 2, [][]any{row}); err != nil {
			return err
		}
		if err := s.recordAct(ctx, tx, organisation, a, by); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "act of an executive written down", Detail: a.Person.Name + ": " + a.What})
	})
}

// ofAnother reports an act of that id that is another executive's.
func (s Store) ofAnother(ctx context.Context, tx *db.Tx, organisation string, a effort.Act) error {
	whose, there, err := db.One(ctx, tx, db.Value[string], `SELECT person_id FROM effort_act WHERE organisation_id = $1 AND id = $2`, organisation, a.ID)
	if err == nil && there && whose != a.Person.ID {
		err = fault.NotFoundf("there is no such act")
	}
	return err
}

// recordAct writes the time of an act into the ledger, in the unit of its day.
func (s Store) recordAct(ctx context.Context, tx *db.Tx, organisation string, a effort.Act, by string) error {
	var entries []effort.Entry
	if e, some := a.Entry(""); some {
		e.Source = effort.Source{Kind: effort.OfAct, ID: a.ID}
		if err := s.place(ctx, tx, organisation, &e); fault.KindOf(err) == fault.NotFound {
			return fault.Fieldf("day", "%[1]s was not in the roster on %[2]s: leave the minutes out, or correct the day", a.Person.Name, string(a.Day))
		} else if err != nil {
			return err
		}
		entries = []effort.Entry{e}
	}
	return s.Record(ctx, tx, organisation, effort.Source{Kind: effort.OfAct, ID: a.ID}, entries, by)
}

// DeleteAct takes an act of somebody out, with its time in the ledger.
func (s Store) DeleteAct(ctx context.Context, organisation, person, act, by string) error {
	return s.DB.WriteInTurn(ctx, LedgerOf(organisation), func(tx *db.Tx) error {
		all, err := actsIn(ctx, tx, organisation, `id = $2 AND person_id = $3`, act, person)
		if err == nil && len(all) == 0 {
			err = fault.NotFoundf("there is no such act")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM effort_act WHERE organisation_id = $1 AND id = $2`, organisation, act); err != nil {
			return err
		}
		if err := s.Record(ctx, tx, organisation, effort.Source{Kind: effort.OfAct, ID: act}, nil, by); err != nil {
			return err
		}
		return orgdb.RecordEvent(ctx, tx, organisation, org.Event{At: s.now(), Who: by, What: "act of an executive taken out", Detail: all[0].Person.Name + ": " + all[0].What})
	})
}

// Acts are the acts of some people since a day: those that were written down, and sessions that they led or took
// part in, by the ledger.
func (s Store) Acts(ctx context.Context, organisation string, people []string, since period.Day) (all []effort.Act, err error) {
	if len(people) == 0 {
		return nil, nil
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all = nil
		for some := range slices.Chunk(people, someIDs) {
			written, err := actsIn(ctx, tx, organisation, `day >= $2 AND person_id IN (`+db.Placeholders(3, len(some))+`)`, append([]any{since}, values(some)...)...)
			if err != nil {
				return err
			}
			met, err := sessionActs(ctx, tx, organisation, some, since)
			if err != nil {
				return err
			}
			all = append(append(all, written...), met...)
		}
		return nil
	})
	return all, err
}

func actsIn(ctx context.Context, tx *db.Tx, organisation, where string, args ...any) ([]effort.Act, error) {
	return db.All(ctx, tx, func(row db.Scanner) (a effort.Act, err error) {
		err = row.Scan(&a.ID, &a.Person.ID, &a.Person.Key, &a.Person.Name, &a.Kind, &a.Day, &a.What, &a.Audience, &a.Reach, &a.Evidence, &a.Minutes, &a.Initiative, &a.By, &a.Account)
		return a, err
	}, `SELECT id, person_id, person_key, person_name, kind, day, what, audience, reach, evidence, minutes, initiative_id, made_by, account FROM effort_act WHERE organisation_id = $1 AND `+where+` ORDER BY day DESC, id DESC`, append([]any{organisation}, args...)...)
}

// sessionActs are sessions in which some people have hours: led by those who have hours of staff.
func sessionActs(ctx context.Context, tx *db.Tx, organisation string, people []string, since period.Day) (all []effort.Act, err error) {
	n := narrow{args: []any{organisation}}
	n.and(`e.source = ` + n.arg(effort.OfSession))
	n.and(`e.day >= ` + n.arg(since))
	n.of("effort_hours", `d.person_id IN (`+n.arg(values(people)...)+`)`)
	entries, err := entriesOf(ctx, tx, n.query(`e.id`, `effort_entry e`), n.args...)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		led, came := map[string]bool{}, map[string]bool{}
		for _, h := range e.Hours {
			if h.Side == effort.Staff {
				led[h.Person] = true
			} else {
				came[h.Person] = true
			}
		}
		for _, p := range people {
			a := effort.Act{ID: e.Source.ID, Person: org.Ref{ID: p}, Kind: effort.TookPart, Day: e.Day, What: e.What, Origin: e.Source}
			if led[p] {
				a.Kind, a.Reach = effort.Facilitated, len(came)
			}
			if led[p] || came[p] {
				all = append(all, a)
			}
		}
	}
	return all, nil
}
