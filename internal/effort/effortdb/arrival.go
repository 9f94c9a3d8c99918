package effortdb

import (
	"context"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
)

// Arrivals are how many entries of some days each kind of source has written.
func (s Store) Arrivals(ctx context.Context, organisation string, from, until period.Day) (by map[string]int, err error) {
	by = map[string]int{}
	n := narrow{args: []any{organisation}}
	n.and(`e.day >= ` + n.arg(from))
	n.and(`e.day <= ` + n.arg(until))
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var source string
			var count int
			err := row.Scan(&source, &count)
			by[source] = count
			return struct{}{}, err
		}, n.query(`e.source, COUNT(*)`, `effort_entry e`)+` GROUP BY e.source`, n.args...)
		return err
	})
	return by, err
}

// MinutesFor are all minutes of some days, and those of entries that serve a goal or one of some
// initiatives.
func (s Store) MinutesFor(ctx context.Context, organisation string, from, until period.Day, initiatives []string) (serving, all int64, err error) {
	sum := func(tx *db.Tx, narrowed func(n *narrow)) (int64, error) {
		n := narrow{args: []any{organisation}}
		n.and(`e.day >= ` + n.arg(from))
		n.and(`e.day <= ` + n.arg(until))
		narrowed(&n)
		total, _, err := db.One(ctx, tx, db.Value[int64], `SELECT COALESCE(SUM(minutes), 0) FROM effort_hours WHERE organisation_id = $1 AND entry_id IN (`+n.query(`e.id`, `effort_entry e`)+`)`, n.args...)
		return total, err
	}
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		if all, err = sum(tx, func(*narrow) {}); err != nil {
			return err
		}
		serving, err = sum(tx, func(n *narrow) {
			where := `d.kind = ` + n.arg(effort.ForGoal)
			if len(initiatives) > 0 {
				where += ` OR d.kind = ` + n.arg(effort.ForInitiative) + ` AND d.target_id IN (` + n.arg(values(initiatives)...) + `)`
			}
			n.of("effort_serves", `(`+where+`)`)
		})
		return err
	})
	return serving, all, err
}

// FirstUse is the first month in which each kind of work and way of learning, by kind and modality, was used at
// all, up to a month, and the first month of the ledger; "" for an empty one.
func (s Store) FirstUse(ctx context.Context, organisation string, until period.Period) (first map[[2]string]period.Period, begun period.Period, err error) {
	months, err := s.Tallies(ctx, organisation, effort.Heading{Kind: effort.Whole}, until.Add(-longestLedger), until)
	first = map[[2]string]period.Period{}
	for _, m := range months {
		for cell, a := range m.Cells {
			at := [2]string{string(cell.Kind), string(cell.Modality)}
			if was, there := first[at]; a.Minutes > 0 && (!there || m.Month < was) {
				first[at] = m.Month
			}
		}
	}
	for _, m := range first {
		if begun == "" || m < begun {
			begun = m
		}
	}
	return first, begun, err
}

// longestLedger is for how many months before another one use is looked for.
const longestLedger = 180
