package effortdb

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

const initiativeQuery = `SELECT id, name, note, kind, owner_id, owner_key, owner_name, serves, due, expected, ended, came, ordered, reason, decided FROM effort_initiative WHERE organisation_id = $1`

func scanInitiative(row db.Scanner) (i effort.Initiative, err error) {
	var serves string
	if err = row.Scan(&i.ID, &i.Name, &i.Note, &i.Kind, &i.Owner.ID, &i.Owner.Key, &i.Owner.Name, &serves, &i.Due, &i.Expected, &i.Ended, &i.Came, &i.Order, &i.Reason, &i.Decided); err == nil {
		err = json.Unmarshal([]byte(serves), &i.Serves)
	}
	return i, err
}

// Initiatives lists the initiatives, those that go on first, by name.
func (s Store) Initiatives(ctx context.Context, organisation string) (all []effort.Initiative, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = initiatives(ctx, tx, s.now(), organisation, "")
		return err
	})
	return all, err
}

// Initiative returns one.
func (s Store) Initiative(ctx context.Context, organisation, initiative string) (i effort.Initiative, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := initiatives(ctx, tx, s.now(), organisation, initiative)
		if err == nil && (len(all) == 0 || initiative == "") {
			return fault.NotFoundf("there is no such initiative")
		}
		if err == nil {
			i = all[0]
		}
		return err
	})
	return i, err
}

func initiatives(ctx context.Context, tx *db.Tx, now time.Time, organisation, one string) ([]effort.Initiative, error) {
	all, err := db.All(ctx, tx, scanInitiative, initiativeQuery+` AND ($2 = '' OR id = $2) ORDER BY CASE WHEN ended = '' THEN 0 ELSE 1 END, name, id`, organisation, one)
	if err != nil {
		return nil, err
	}
	at, owners := map[string]int{}, []string{}
	for n, i := range all {
		at[i.ID] = n
		owners = append(owners, i.Owner.ID)
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var of string
		var start effort.Start
		err := row.Scan(&of, &start.Of, &start.Ref.ID, &start.Ref.Key, &start.Ref.Name, &start.Day)
		if n, there := at[of]; there {
			all[n].Starts = append(all[n].Starts, start)
		}
		return struct{}{}, err
	}, `SELECT initiative_id, subject, subject_id, subject_key, subject_name, day FROM effort_start WHERE organisation_id = $1 AND ($2 = '' OR initiative_id = $2) ORDER BY day, subject_name, subject_id`, organisation, one)
	if err != nil {
		return nil, err
	}
	today, err := orgdb.Today(ctx, tx, organisation, now)
	if err != nil {
		return nil, err
	}
	people, err := orgdb.PeopleIn(ctx, tx, organisation, owners, today)
	for n := range all {
		p, there := people[all[n].Owner.ID]
		all[n].Left = !there || !p.WorksOn(today)
	}
	return all, err
}

// SaveInitiative keeps an initiative as change leaves it: the one of an id, or, where there is none of
// it yet, a new one under that id, which the caller has made. owner is typed: a personnel number, a
// mail address or a name of today's roster; as it stands for the one who is owner already.
func (s Store) SaveInitiative(ctx context.Context, organisation, initiative, owner, by string, change func(*effort.Initiative)) error {
	orgs := orgdb.Store{DB: s.DB, Now: s.Now}
	today, err := orgs.Today(ctx, organisation)
	if err != nil {
		return err
	}
	ownerOf := orgs.OwnerOf(ctx, organisation, owner, today)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := initiatives(ctx, tx, s.now(), organisation, initiative)
		if err != nil {
			return err
		}
		i, event := effort.Initiative{ID: initiative}, org.Event{What: "initiative begun"}
		if len(all) > 0 {
			i, event = all[0], org.Event{What: "initiative changed"}
		}
		was := i
		if i.Owner, err = ownerOf(was.Owner); err != nil {
			return err
		}
		change(&i)
		if err := s.saveInitiative(ctx, tx, organisation, i, today, by); err != nil {
			return err
		}
		if was.Ended == "" && i.Ended != "" {
			event = org.Event{What: "initiative ended"}
		}
		event.At, event.Who, event.Detail = s.now(), by, i.Name
		return orgdb.RecordEvent(ctx, tx, organisation, event)
	})
}

func (s Store) saveInitiative(ctx context.Context, tx *db.Tx, organisation string, i effort.Initiative, today period.Day, by string) error {
	structure, err := orgdb.TreeIn(ctx, tx, organisation, today)
	if err != nil {
		return err
	}
	for n := range i.Starts {
		start := &i.Starts[n]
		at, there := structure.Find(start.Ref.ID)
		switch {
		case start.Of == effort.OfUnit && there:
			start.Ref = structure.Units[at].Ref()
		case start.Of == effort.OfUnit && start.Ref.Name == "":
			return fault.Fieldf("unit", "choose a unit of today's roster")
		}
	}
	if err := i.Check(); err != nil {
		return err
	}
	serves, err := json.Marshal(i.Serves)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO effort_initiative (organisation_id, id, name, note, kind, owner_id, owner_key, owner_name, serves, ended, made_by, made_at, due, expected, came, ordered, reason, decided)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (organisation_id, id)
		DO UPDATE SET name = $3, note = $4, kind = $5, owner_id = $6, owner_key = $7, owner_name = $8, serves = $9, ended = $10, due = $13, expected = $14, came = $15, ordered = $16, reason = $17, decided = $18`,
		organisation, i.ID, i.Name, i.Note, i.Kind, i.Owner.ID, i.Owner.Key, i.Owner.Name, string(serves), i.Ended, by, s.now().UnixMicro(), i.Due, i.Expected, i.Came, i.Order, i.Reason, i.Decided)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM effort_start WHERE organisation_id = $1 AND initiative_id = $2`, organisation, i.ID); err != nil {
		return err
	}
	var starts [][]any
	for _, start := range i.Starts {
		starts = append(starts, []any{organisation, i.ID, start.Of, start.Ref.ID, start.Ref.Key, start.Ref.Name, start.Day})
	}
	return tx.InsertMany(ctx, "effort_start", []string{"organisation_id", "initiative_id", "subject", "subject_id", "subject_key", "subject_name", "day"}, starts)
}

// ImportStarts takes a file that says in which units, or for whom, an initiative begins, all of it or
// nothing, and says of how many. Mistakes are the core's.
func (s Store) ImportStarts(ctx context.Context, organisation, initiative, by string, rows iter.Seq2[effort.StartRow, error]) (int, error) {
	i, err := s.Initiative(ctx, organisation, initiative)
	if err != nil {
		return 0, err
	}
	if i.Ended != "" {
		return 0, fault.Conflictf("%[1]s has ended, on %[2]s: open it again first", i.Name, string(i.Ended))
	}
	var units *org.Structure
	var people []org.Career
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := orgdb.Today(ctx, tx, organisation, s.now())
		if err != nil {
			return err
		}
		if units, err = orgdb.UnitsIn(ctx, tx, organisation, today); err != nil {
			return err
		}
		people, err = orgdb.CareersIn(ctx, tx, organisation)
		return err
	})
	if err != nil {
		return 0, err
	}
	came, err := effort.GatherStarts(units, people, rows)
	if err != nil {
		return 0, err
	}
	return len(came), s.SaveInitiative(ctx, organisation, initiative, i.Owner.Name, by, func(i *effort.Initiative) { i.Starts = effort.MergeStarts(i.Starts, came) })
}
