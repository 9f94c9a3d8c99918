package effortdb

import (
	"context"
	"errors"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// tree is how the kept tallies stand to the tree of units.
type tree int

const (
	missing tree = iota // none have been made
	stale               // they were made with another tree
	fresh
)

// Renew follows what the ledger rests on: it clears away files that were cut off, and makes anew what the
// entries come to where the tree of units is another than that was made with, after a roster, say.
func (s Store) Renew(ctx context.Context) error {
	organisations, err := orgdb.Store{DB: s.DB, Now: s.Now}.Organisations(ctx)
	for _, o := range organisations {
		if err == nil {
			err = s.renewOrganisation(ctx, o)
		}
	}
	return err
}

func (s Store) renewOrganisation(ctx context.Context, organisation string) error {
	state, left := fresh, false
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if state, err = s.treeIn(ctx, tx, organisation); err != nil {
			return err
		}
		_, left, err = db.One(ctx, tx, db.Value[int], `SELECT 1 WHERE EXISTS (SELECT 1 FROM effort_feed WHERE organisation_id = $1 AND state IN ('coming', 'going'))
			OR EXISTS (SELECT 1 FROM effort_entry WHERE organisation_id = $1 AND replaced_by > 0)`, organisation)
		return err
	})
	if err == nil && state != fresh {
		err = s.renew(ctx, organisation)
	}
	if err != nil || !left {
		return err
	}
	err = s.alone(ctx, organisation, func(lease db.Lease) error { return s.clear(ctx, organisation, lease) })
	if fault.KindOf(err) == fault.Conflict || errors.Is(err, db.ErrLost) {
		return nil // whoever works on feeds now does it
	}
	return err
}

// renew makes what is missing, or was made with another tree.
func (s Store) renew(ctx context.Context, organisation string) error {
	return s.DB.WriteInTurn(ctx, LedgerOf(organisation), func(tx *db.Tx) error {
		state, err := s.treeIn(ctx, tx, organisation)
		switch {
		case err != nil || state == fresh:
			return err
		case state == missing:
			return s.makeAll(ctx, tx, organisation)
		}
		return s.renewIn(ctx, tx, organisation)
	})
}

// renewIn makes anew what units with units under them come to, with the tree of today.
func (s Store) renewIn(ctx context.Context, tx *db.Tx, organisation string) error {
	units, err := s.unitsIn(ctx, tx, organisation)
	if err != nil {
		return err
	}
	months, err := db.All(ctx, tx, db.Value[period.Period], `SELECT DISTINCT month FROM effort_tally WHERE organisation_id = $1 ORDER BY month`, organisation)
	for _, month := range months {
		if err == nil {
			err = climb(ctx, tx, organisation, units, month)
		}
	}
	if err != nil {
		return err
	}
	return s.keepStamp(ctx, tx, organisation)
}

// makeAll adds everything up from the entries.
func (s Store) makeAll(ctx context.Context, tx *db.Tx, organisation string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM effort_tally WHERE organisation_id = $1`, organisation); err != nil {
		return err
	}
	days, err := db.All(ctx, tx, db.Value[period.Day], `SELECT DISTINCT day FROM effort_entry WHERE organisation_id = $1 ORDER BY day`, organisation)
	if err != nil {
		return err
	}
	months := map[period.Period]bool{}
	for _, day := range days {
		months[period.Of(day, period.Monthly)] = true
	}
	for month := range months {
		entries, err := EntriesIn(ctx, tx, organisation, Query{From: month.First(), Until: month.Last()})
		if err != nil {
			return err
		}
		number, err := numbers(ctx, tx, organisation, entries, nil)
		if err != nil {
			return err
		}
		all := effort.Tallies{}
		for _, e := range entries {
			all.Post(e, number.of)
		}
		if err := keep(ctx, tx, organisation, all); err != nil {
			return err
		}
	}
	return s.renewIn(ctx, tx, organisation)
}

func (s Store) unitsIn(ctx context.Context, tx *db.Tx, organisation string) (*org.Structure, error) {
	today, err := orgdb.Today(ctx, tx, organisation, s.now())
	if err != nil {
		return nil, err
	}
	return orgdb.UnitsIn(ctx, tx, organisation, today)
}

// treeIn compares the stamp of the roster, and the day, with those of the tallies: a roster may hold from
// a later day on.
func (s Store) treeIn(ctx context.Context, tx *db.Tx, organisation string) (tree, error) {
	stamp, err := s.stamp(ctx, tx, organisation)
	if err != nil {
		return missing, err
	}
	was, there, err := db.One(ctx, tx, db.Value[string], `SELECT stamp FROM effort_tree WHERE organisation_id = $1`, organisation)
	switch {
	case !there:
		return missing, err
	case was != stamp:
		return stale, nil
	}
	return fresh, nil
}

func (s Store) stamp(ctx context.Context, tx *db.Tx, organisation string) (string, error) {
	today, err := orgdb.Today(ctx, tx, organisation, s.now())
	if err != nil {
		return "", err
	}
	return orgdb.UnitsStamp(ctx, tx, organisation, today)
}

func (s Store) keepStamp(ctx context.Context, tx *db.Tx, organisation string) error {
	stamp, err := s.stamp(ctx, tx, organisation)
	if err != nil {
		return err
	}
	return tx.PutMany(ctx, "effort_tree", []string{"organisation_id", "stamp"}, 1, [][]any{{organisation, stamp}})
}
