package strategydb

import (
	"context"
	"fmt"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// Sees says whether a reader may see what a diagnosis found in a unit, whose place it names.
type Sees func(d diagnosis.Diagnosis, at org.Place) bool

// defineScores makes an indicator of each factor of which a diagnosis of an organisation has been
// closed. Its values stay where they are: a score is shown as it was published, or not at all.
func (s Store) defineScores(ctx context.Context, organisation string) error {
	closed, err := s.closed(ctx, organisation)
	if err != nil {
		return err
	}
	var before int
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		before, _, err = db.One(ctx, tx, db.Value[int], `SELECT diagnoses FROM strategy_scored WHERE organisation_id = $1`, organisation)
		return err
	})
	if err != nil || before == len(closed) {
		return err
	}
	wanted, err := s.wantedScores(ctx, organisation, closed)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		there, err := indicators(ctx, tx, organisation)
		if err != nil {
			return err
		}
		for _, i := range strategy.Fresh(wanted, there) {
			i.ID = id.New()
			if err := s.saveIndicator(ctx, tx, organisation, strategy.Indicator{}, &i, there, ""); err != nil {
				return err
			}
			there = append(there, i)
		}
		return tx.PutMany(ctx, "strategy_scored", []string{"organisation_id", "diagnoses"}, 1, [][]any{{organisation, len(closed)}})
	})
}

// wantedScores are the factors of diagnoses as indicators, in the organisation's language.
func (s Store) wantedScores(ctx context.Context, organisation string, closed []diagnosis.Diagnosis) (wanted []strategy.Indicator, err error) {
	o, err := s.Org.Organisation(ctx, organisation)
	for _, d := range closed {
		if err != nil {
			return nil, err
		}
		var in *diagnosis.Instrument
		if in, err = s.Diagnosis.Instrument(ctx, organisation, d.ID); err == nil {
			for _, f := range in.Factors {
				wanted = append(wanted, strategy.Indicator{Name: f.Name.In(o.Language), Key: f.ID, Definition: in.Name.In(o.Language), Origin: strategy.ScoreOf(in.ID, f.ID), Measure: fmt.Sprintf("%d–%d", in.Scale.Min, in.Scale.Max), Decimals: 1, Perspective: strategy.Growth})
			}
		}
	}
	return wanted, err
}

// closed are the diagnoses whose report stands, the oldest first.
func (s Store) closed(ctx context.Context, organisation string) ([]diagnosis.Diagnosis, error) {
	if s.Diagnosis == nil {
		return nil, nil
	}
	all, err := s.Diagnosis.Diagnoses(ctx, organisation)
	all = slices.DeleteFunc(all, func(d diagnosis.Diagnosis) bool { return d.State != diagnosis.Closed })
	slices.Reverse(all)
	return all, err
}

// come puts values that come by themselves among the units' figures. It returns the diagnoses of which
// something is shown.
func (s Store) come(ctx context.Context, organisation string, all []strategy.Indicator, figures map[key]*strategy.Figures, units []string, sees Sees) (shown []string, err error) {
	var origins []string
	for _, i := range all {
		if i.Origin != "" {
			origins = append(origins, i.Origin)
		}
	}
	for _, source := range s.Sources {
		if len(origins) == 0 {
			break
		}
		values, err := source.Values(ctx, organisation, origins, units)
		if err != nil {
			return nil, err
		}
		for _, i := range all {
			for _, unit := range units {
				v, there := values[unit][i.Origin]
				if f := figures[key{i.ID, unit, ""}]; there && f != nil {
					f.Actual, f.Withheld, f.Positive, f.In = v.Actual, v.Withheld, v.Positive, v.In
				}
			}
		}
	}
	return s.scores(ctx, organisation, all, figures, units, sees)
}

// scores puts what diagnoses have found in units, as far as it was published and the reader sees
// it, among the units' figures. It returns the diagnoses of which something is shown.
func (s Store) scores(ctx context.Context, organisation string, all []strategy.Indicator, figures map[key]*strategy.Figures, units []string, sees Sees) (shown []string, err error) {
	origins := map[string]string{}
	for _, i := range all {
		if i.Origin != "" {
			origins[i.Origin] = i.ID
		}
	}
	if sees == nil || len(origins) == 0 {
		return nil, nil
	}
	closed, err := s.closed(ctx, organisation)
	for _, d := range closed {
		if err != nil {
			return nil, err
		}
		var published *diagnosisdb.Published
		published, err = s.Diagnosis.Report(ctx, organisation, d.ID)
		if fault.KindOf(err) == fault.Conflict { // it is being computed
			err = nil
			continue
		}
		some := false
		for _, unit := range units {
			if err == nil && found(published, d, origins, figures, unit, sees) {
				some = true
			}
		}
		if some {
			shown = append(shown, d.ID)
		}
	}
	return shown, err
}

// found puts what one diagnosis has found in one unit among its figures; false where the reader
// sees nothing of it.
func found(published *diagnosisdb.Published, d diagnosis.Diagnosis, origins map[string]string, figures map[key]*strategy.Figures, unit string, sees Sees) bool {
	u, there := published.Report.Layout.Find(unit)
	if !there || !sees(d, d.PlaceOf(published.Report.IDs(u))) {
		return false
	}
	group, number := published.Report.Unit(u), period.Of(period.DayOf(d.ClosedAt), period.Monthly).Number()
	for n, factor := range published.Instrument.Factors {
		f := figures[key{origins[strategy.ScoreOf(published.Instrument.ID, factor.ID)], unit, ""}]
		switch {
		case f == nil:
		case group == nil || n >= len(group.Factors) || group.Factors[n] == nil:
			f.Withheld = number
		default:
			f.Actual = f.Actual.With(strategy.Mark{Number: number, Sum: group.Factors[n].Mean, Units: 1, Stated: true})
		}
	}
	return true
}
