package effortdb

import (
	"context"
	"maps"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// change is what a transaction that has written entries has changed in what they add up to.
type change struct {
	added effort.Tallies     // of entries that are new, by unit and by target
	again map[effort.At]bool // where something was taken out: added up anew, what is new included
	made  effort.Tallies     // where something was taken out and the caller has added up anew what is left
}

// changed brings the kept tallies up to date, in the transaction that has written the entries. What is only
// added is added, up to the whole; where something was taken out, the month is added up anew.
func (s Store) changed(ctx context.Context, tx *db.Tx, organisation string, c change) error {
	state, err := s.treeIn(ctx, tx, organisation)
	if err != nil {
		return err
	}
	if state == missing {
		return s.makeAll(ctx, tx, organisation)
	}
	c.added = maps.Clone(c.added) // the caller's may be asked for again
	maps.DeleteFunc(c.added, func(at effort.At, _ *effort.Tally) bool { return c.again[at] || c.made[at] != nil })
	anew := map[period.Period]bool{} // months that are climbed from the units on
	for at := range c.again {
		left, err := remade(ctx, tx, organisation, at, nobodys, nobodys)
		if err != nil {
			return err
		}
		if err := keep(ctx, tx, organisation, effort.Tallies{at: left}); err != nil {
			return err
		}
		anew[at.Month] = true
	}
	for at := range c.made {
		anew[at.Month] = true
	}
	if err := keep(ctx, tx, organisation, c.made); err != nil {
		return err
	}
	if state == stale {
		if err := addTo(ctx, tx, organisation, c.added); err != nil {
			return err
		}
		return s.renewIn(ctx, tx, organisation)
	}
	if len(c.added) == 0 && len(anew) == 0 {
		return nil
	}
	units, err := s.unitsIn(ctx, tx, organisation)
	if err != nil {
		return err
	}
	below := effort.Tallies{} // of months in which nothing was taken out
	for at, one := range c.added {
		if !anew[at.Month] {
			below[at] = one
		}
	}
	below.Climb(units)
	maps.Copy(c.added, below)
	if err := addTo(ctx, tx, organisation, c.added); err != nil {
		return err
	}
	for _, month := range slices.Sorted(maps.Keys(anew)) {
		if err := climb(ctx, tx, organisation, units, month); err != nil {
			return err
		}
	}
	return nil
}

// page is the tallies of one kind of heading in one month.
type page struct {
	kind  string
	month period.Period
}

// addTo adds tallies to those that are kept.
func addTo(ctx context.Context, tx *db.Tx, organisation string, added effort.Tallies) error {
	now, err := readAll(ctx, tx, organisation, added, nil)
	if err != nil {
		return err
	}
	for at, one := range added {
		if now[at] == nil {
			now[at] = &effort.Tally{}
		}
		now[at].Add(*one)
	}
	return keep(ctx, tx, organisation, now)
}

// stamps tell a tally that is kept apart from what was kept there before.
type stamps map[effort.At]string

// readAll reads the kept tallies of the headings and months of others, and into stamped, where it is given, their
// stamps.
func readAll(ctx context.Context, tx *db.Tx, organisation string, of effort.Tallies, stamped stamps) (effort.Tallies, error) {
	pages, all := map[page][]string{}, effort.Tallies{}
	for at := range of {
		p := page{at.Kind, at.Month}
		pages[p] = append(pages[p], at.ID)
	}
	for p, ids := range pages {
		some, err := read(ctx, tx, organisation, p, ids, stamped)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, some)
	}
	return all, nil
}

const someIDs = 500 // in a query

// read reads the kept tallies of some ids on a page; of all where ids is nil.
func read(ctx context.Context, tx *db.Tx, organisation string, p page, ids []string, stamped stamps) (effort.Tallies, error) {
	all := effort.Tallies{}
	part := func(where string, args ...any) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			at := effort.At{Heading: effort.Heading{Kind: p.kind}, Month: p.month}
			var packed []byte
			var stamp string
			err := row.Scan(&at.ID, &packed, &stamp)
			if err != nil {
				return struct{}{}, err
			}
			one, err := effort.UnpackTally(packed)
			if all[at] = &one; stamped != nil {
				stamped[at] = stamp
			}
			return struct{}{}, err
		}, `SELECT subject_id, packed, stamp FROM effort_tally WHERE organisation_id = $1 AND subject = $2 AND month = $3`+where, append([]any{organisation, p.kind, p.month}, args...)...)
		return err
	}
	if ids == nil {
		return all, part("")
	}
	for some := range slices.Chunk(ids, someIDs) {
		if err := part(` AND subject_id IN (`+db.Placeholders(4, len(some))+`)`, values(some)...); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func values[T any](some []T) []any {
	all := make([]any, len(some))
	for n, one := range some {
		all[n] = one
	}
	return all
}

// keep writes tallies in place of those that are kept; of an empty one nothing is kept.
func keep(ctx context.Context, tx *db.Tx, organisation string, tallies effort.Tallies) error {
	var rows [][]any
	for at, one := range tallies {
		if !one.Empty() {
			rows = append(rows, []any{organisation, at.Kind, at.Month, at.ID, one.Pack(), id.New()})
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM effort_tally WHERE organisation_id = $1 AND subject = $2 AND month = $3 AND subject_id = $4`, organisation, at.Kind, at.Month, at.ID); err != nil {
			return err
		}
	}
	return tx.PutMany(ctx, "effort_tally", []string{"organisation_id", "subject", "month", "subject_id", "packed", "stamp"}, 4, rows)
}

const (
	cellColumns = `e.kind, e.modality, e.external, e.managed`
	ownHours    = `SELECT ` + cellColumns + `, h.side, h.minutes, COALESCE(p.number, 0) FROM effort_hours h
		JOIN effort_entry e ON e.organisation_id = h.organisation_id AND e.id = h.entry_id
		LEFT JOIN effort_person p ON p.organisation_id = h.organisation_id AND p.person_id = h.person_id AND e.kind = 'learning' AND h.side = 'participant'
		WHERE h.organisation_id = $1 AND e.feed <> $5`
	ownCosts = `SELECT ` + cellColumns + `, c.kind, c.amount, c.currency FROM effort_cost c
		JOIN effort_entry e ON e.organisation_id = c.organisation_id AND e.id = c.entry_id
		WHERE c.organisation_id = $1 AND e.feed <> $5`
	servesIn = `.entry_id IN (SELECT entry_id FROM effort_serves WHERE organisation_id = $1 AND kind = $6 AND target_id = $2 AND day >= $3 AND day <= $4)`
)

const nobodys = -1 // number of no feed

// remade adds up, from the entries but those of one feed, what a unit has itself, or what serves a target, in
// a month; with counts a feed that is still coming.
func remade(ctx context.Context, tx *db.Tx, organisation string, at effort.At, without, with int) (*effort.Tally, error) {
	args := []any{organisation, at.ID, at.Month.First(), at.Month.Last(), without}
	hours, costs := ` AND h.unit_id = $2 AND h.day >= $3 AND h.day <= $4`, ` AND c.unit_id = $2 AND c.day >= $3 AND c.day <= $4`
	if at.Kind != effort.OwnOf {
		hours, costs, args = ` AND h`+servesIn, ` AND c`+servesIn, append(args, at.Kind)
	}
	var one effort.Tally
	_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var c effort.Cell
		var minutes int
		var learner uint32
		err := row.Scan(&c.Kind, &c.Modality, &c.External, &c.Managed, &c.Side, &minutes, &learner)
		one.Spend(c, minutes, learner)
		return struct{}{}, err
	}, ownHours+hours+visibleWith(with), args...)
	if err != nil {
		return nil, err
	}
	_, err = db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var c effort.Cell
		var cost effort.Cost
		err := row.Scan(&c.Kind, &c.Modality, &c.External, &c.Managed, &cost.Kind, &cost.Amount, &cost.Currency)
		one.Pay(c, cost)
		return struct{}{}, err
	}, ownCosts+costs+visibleWith(with), args...)
	return &one, err
}

// climb makes anew, from what units have themselves in a month, what those with units under them and the
// whole come to.
func climb(ctx context.Context, tx *db.Tx, organisation string, units *org.Structure, month period.Period) error {
	own, err := read(ctx, tx, organisation, page{effort.OwnOf, month}, nil, nil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM effort_tally WHERE organisation_id = $1 AND subject IN ('unit', 'whole') AND month = $2`, organisation, month); err != nil {
		return err
	}
	own.Climb(units)
	maps.DeleteFunc(own, func(at effort.At, _ *effort.Tally) bool { return at.Kind == effort.OwnOf })
	return keep(ctx, tx, organisation, own)
}

const mostMonths = 1200 // that are read at once

// Tallies are what the entries under a heading add up to in each month from one to another that has any:
// a unit alone, a unit with all under it in the tree of today, the whole, or what serves a target.
func (s Store) Tallies(ctx context.Context, organisation string, of effort.Heading, from, until period.Period) (all []effort.Monthly, err error) {
	err = s.whenFresh(ctx, organisation, from, until, func(tx *db.Tx) error {
		all, err = monthly(ctx, tx, organisation, of, from, until)
		return err
	})
	return all, err
}

// UnitTallies are Tallies of several units, each with all under it, by their ids.
func (s Store) UnitTallies(ctx context.Context, organisation string, units []string, from, until period.Period) (all map[string][]effort.Monthly, err error) {
	err = s.whenFresh(ctx, organisation, from, until, func(tx *db.Tx) error {
		all, err = unitMonths(ctx, tx, organisation, units, from, until)
		return err
	})
	return all, err
}

// FunctionTallies are Tallies of the units that are the learning function, each with all under it; of the
// whole where none are named.
func (s Store) FunctionTallies(ctx context.Context, organisation string, from, until period.Period) (all []effort.Monthly, err error) {
	err = s.whenFresh(ctx, organisation, from, until, func(tx *db.Tx) error {
		chosen, err := settingIn(ctx, tx, organisation)
		if err != nil {
			return err
		}
		if len(chosen.Function) == 0 {
			all, err = monthly(ctx, tx, organisation, effort.Heading{Kind: effort.Whole}, from, until)
			return err
		}
		units, err := s.unitsIn(ctx, tx, organisation)
		if err != nil {
			return err
		}
		of, err := unitMonths(ctx, tx, organisation, chosen.Tops(units), from, until)
		all = effort.Together(slices.Collect(maps.Values(of))...)
		return err
	})
	return all, err
}

// whenFresh reads kept tallies of some months, which it makes anew before where the tree of units is
// another.
func (s Store) whenFresh(ctx context.Context, organisation string, from, until period.Period, read func(tx *db.Tx) error) error {
	if from.Grain() != period.Monthly || until.Grain() != period.Monthly || until.Number()-from.Number() >= mostMonths {
		return fault.Fieldf("from", "say from which month to which, such as 2026-01")
	}
	for {
		state := missing
		err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			if state, err = s.treeIn(ctx, tx, organisation); err != nil || state != fresh {
				return err
			}
			return read(tx)
		})
		if err != nil || state == fresh {
			return err
		}
		if err := s.renew(ctx, organisation); err != nil {
			return err
		}
	}
}

func monthly(ctx context.Context, tx *db.Tx, organisation string, of effort.Heading, from, until period.Period) ([]effort.Monthly, error) {
	if of.Kind == effort.TreeOf {
		all, err := unitMonths(ctx, tx, organisation, []string{of.ID}, from, until)
		return all[of.ID], err
	}
	all, err := months(ctx, tx, organisation, of.Kind, []string{of.ID}, from, until)
	return all[of.ID], err
}

// unitMonths are the months of units with all under them; of one with nothing under it, its own.
func unitMonths(ctx context.Context, tx *db.Tx, organisation string, units []string, from, until period.Period) (map[string][]effort.Monthly, error) {
	all, err := months(ctx, tx, organisation, effort.TreeOf, units, from, until)
	if err != nil {
		return nil, err
	}
	alone := slices.DeleteFunc(slices.Clone(units), func(u string) bool { return len(all[u]) > 0 })
	own, err := months(ctx, tx, organisation, effort.OwnOf, alone, from, until)
	maps.Copy(all, own)
	return all, err
}

// months are the kept tallies of headings of one kind, by id and in the order of months.
func months(ctx context.Context, tx *db.Tx, organisation, kind string, ids []string, from, until period.Period) (map[string][]effort.Monthly, error) {
	all := map[string][]effort.Monthly{}
	args := []any{organisation, kind}
	for m := from; m <= until; m = m.Add(1) {
		args = append(args, m)
	}
	if len(args) == 2 {
		return all, nil
	}
	for some := range slices.Chunk(ids, someIDs) {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var m effort.Monthly
			var of string
			var packed []byte
			err := row.Scan(&m.Month, &of, &packed)
			if err == nil {
				m.Tally, err = effort.UnpackTally(packed)
			}
			all[of] = append(all[of], m)
			return struct{}{}, err
		}, `SELECT month, subject_id, packed FROM effort_tally WHERE organisation_id = $1 AND subject = $2 AND month IN (`+db.Placeholders(3, len(args)-2)+`)
			AND subject_id IN (`+db.Placeholders(len(args)+1, len(some))+`) ORDER BY month`, append(slices.Clone(args), values(some)...)...)
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
