package learningdb

import (
	"context"
	"slices"

	"throughline/internal/kit/db"
	"throughline/internal/learning"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
)

// Development is somebody's plan, with what could stand in it, and what the own roles require.
type Development struct {
	Profile
	Items       []learning.Item
	Suggestions []learning.Suggestion
	OwnGoals    []strategy.Goal // that are worked on
	UnitGoals   []strategy.Goal // of the unit and those above it
	Focal       []learning.FocalPoint
}

// Development reads that of somebody of today's roster, by the id.
func (s Store) Development(ctx context.Context, organisation, person string) (v Development, err error) {
	if v.Profile, err = s.Profile(ctx, organisation, person); err != nil {
		return v, err
	}
	if v.OwnGoals, err = s.Strategy.OwnGoals(ctx, organisation, person); err != nil {
		return v, err
	}
	v.OwnGoals = slices.DeleteFunc(v.OwnGoals, func(g strategy.Goal) bool { return g.Ended != "" })
	if v.UnitGoals, err = s.Strategy.Reaching(ctx, organisation, v.Person.Unit.ID, ""); err != nil {
		return v, err
	}
	if v.Focal, err = s.focal(ctx, organisation, v.Person.Unit.ID); err != nil {
		return v, err
	}
	at := learning.Situation{Gaps: v.Gaps, OwnGoals: v.OwnGoals, UnitGoals: v.UnitGoals, Focal: v.Focal, Done: map[string]bool{}, Asked: map[string]bool{}}
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		if v.Items, err = items(ctx, tx, organisation, `person_id = $2`, person); err != nil {
			return err
		}
		if at.Resources, err = s.resources(ctx, tx, organisation, ResourceQuery{}, ""); err != nil {
			return err
		}
		asked, err := requests(ctx, tx, organisation, `q.person_id = $2`, person)
		for _, q := range asked {
			at.Done[q.Resource] = at.Done[q.Resource] || q.State == learning.Completed
			at.Asked[q.Resource] = at.Asked[q.Resource] || q.State.Open()
		}
		return err
	})
	at.Items = v.Items
	v.Suggestions = learning.Suggest(at)
	return v, err
}

// focal are the focal points that are worked on where somebody works: those of the newest diagnosis that
// asked there and after which they are decided.
func (s Store) focal(ctx context.Context, organisation, unit string) (all []learning.FocalPoint, err error) {
	if s.Diagnosis == nil {
		return nil, nil
	}
	decided, err := s.Diagnosis.Decided(ctx, organisation)
	if err != nil || len(decided) == 0 {
		return nil, err
	}
	var path []string
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		today, err := s.today(ctx, tx, organisation)
		if err != nil {
			return err
		}
		units, err := orgdb.UnitsIn(ctx, tx, organisation, today)
		if at, there := units.Find(unit); there {
			path = nil
			for _, u := range units.Path(at) {
				path = append(path, u.Key)
			}
		}
		return err
	})
	for _, d := range decided {
		if err != nil || d.Within != "" && !slices.Contains(path, d.Within) {
			continue
		}
		chosen, err := s.Diagnosis.Focal(ctx, organisation, d.ID)
		for _, f := range chosen.Focal {
			all = append(all, learning.FocalPoint{ID: f.ID, Theme: f.Theme, Items: f.Items})
		}
		return all, err
	}
	return nil, err
}

// ItemsFor are the open items of somebody's plan, by the person's id.
func (s Store) ItemsFor(ctx context.Context, organisation, person string) (all []learning.Item, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = items(ctx, tx, organisation, `person_id = $2 AND dropped = '' AND confirmed = ''`, person)
		return err
	})
	return all, err
}
