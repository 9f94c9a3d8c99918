package transitiondb

import (
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/db"
	"throughline/internal/transition"
)

// Served is what was done about a focal point.
type Served struct {
	Actions     []transition.Action
	Sessions    []transition.Session // held on it, the newest first
	Practices   []ListedPractice     // shared since it was decided, on one of its characteristics
	Initiatives []effort.Initiative
	Spent       effort.Totals
}

// Serves finds what was done about a focal point of a diagnosis.
func (s *Store) Serves(ctx context.Context, organisation, diagnosisID string, f diagnosis.FocalPoint) (v Served, err error) {
	chosen, err := s.Diagnosis.Focal(ctx, organisation, diagnosisID)
	if err != nil {
		return v, err
	}
	if v.Actions, err = s.Actions(ctx, organisation, ActionQuery{Focal: f.ID}); err != nil {
		return v, err
	}
	for _, item := range f.Items {
		all, err := s.Practices(ctx, organisation, PracticeQuery{Theme: item})
		if err != nil {
			return v, err
		}
		for _, p := range all {
			if !p.Shared.Before(chosen.Decided) {
				v.Practices = append(v.Practices, p)
			}
		}
	}
	ledger := effortdb.Store{DB: s.DB, Now: s.Now}
	target := effort.Target{Kind: effort.ForFocal, ID: f.ID}
	if v.Initiatives, err = ledger.Initiatives(ctx, organisation); err != nil {
		return v, err
	}
	v.Initiatives = slices.DeleteFunc(v.Initiatives, func(i effort.Initiative) bool { return !slices.Contains(i.Serves, target) })
	if v.Spent, err = ledger.Totals(ctx, organisation, target); err != nil {
		return v, err
	}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		v.Sessions, err = db.All(ctx, tx, scanSession, sessionQuery+` AND focal_id = $2 AND held_at > 0 AND cancelled = FALSE ORDER BY starts_at DESC, id`, organisation, f.ID)
		return err
	})
	return v, err
}

// DecidedFor counts the actions that were decided for a focal point, and those of them that are done.
func (s *Store) DecidedFor(ctx context.Context, organisation, focal string) (all, done int, err error) {
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var state transition.ActionState
			var n int
			err := row.Scan(&state, &n)
			if all += n; state == transition.ActionDone {
				done += n
			}
			return struct{}{}, err
		}, `SELECT state, COUNT(*) FROM transition_action WHERE organisation_id = $1 AND focal_id = $2 GROUP BY state`, organisation, focal)
		return err
	})
	return all, done, err
}
