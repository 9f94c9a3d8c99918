package impactdb

import (
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/impact"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Standing is where the whole organisation stands on the way: the newest diagnosis that executives may read, beside
// the one before.
type Standing struct {
	Now   *diagnosisdb.Published // nil where there is none
	Then  *diagnosisdb.Published // nil where there was none that asked the same
	Years float64
	Aim   float64 // what every factor of a high-performance organisation reaches; where the instrument has no such rule, the end of its scale
	Ways  []impact.Way
	Focal []MovedFocal // that are worked on
}

// MovedFocal is a focal point with what became of it.
type MovedFocal struct {
	diagnosis.FocalPoint
	Diagnosis     string // id of that by which it was chosen
	Then, Now     *float64
	Actions, Done int
	Sessions      int // held on it
}

// Standing reads it.
func (s Store) Standing(ctx context.Context, organisation string) (v Standing, err error) {
	store := s.Transition.Diagnosis
	all, err := store.Diagnoses(ctx, organisation)
	if err != nil {
		return v, err
	}
	n := slices.IndexFunc(all, func(d diagnosis.Diagnosis) bool {
		return d.State == diagnosis.Closed && len(d.Within) == 0 && d.Released.Lets(org.Executive)
	})
	if n < 0 {
		return v, nil
	}
	if v.Now, err = store.Report(ctx, organisation, all[n].ID); err != nil {
		return v, err
	}
	if v.Aim = float64(v.Now.Instrument.Scale.Max); v.Now.Instrument.Threshold != nil {
		v.Aim = *v.Now.Instrument.Threshold
	}
	compared, err := s.before(ctx, organisation, all[n].ID)
	if err != nil {
		return v, err
	}
	if compared != nil {
		v.Then, v.Years, v.Ways = compared.Then, compared.Years, impact.Ways(compared.Waves, v.Aim)
	} else {
		for f := range v.Now.Instrument.Factors {
			v.Ways = append(v.Ways, impact.Way{Factor: f, Now: meanOfFactor(v.Now, f), Pace: impact.PaceUnknown})
		}
	}
	_, points, err := s.Transition.FocusEver(ctx, organisation)
	if err != nil {
		return v, err
	}
	for _, f := range points {
		one := MovedFocal{FocalPoint: f.FocalPoint, Diagnosis: f.Diagnosis}
		if compared != nil {
			one.Then, one.Now = impact.MovedFocal(v.Now.Instrument, compared.Waves, f.FocalPoint)
		}
		if one.Actions, one.Done, err = s.Transition.DecidedFor(ctx, organisation, f.ID); err != nil {
			return v, err
		}
		held, err := s.Effort.Days(ctx, organisation, effortdb.LedgerQuery{Source: effort.OfSession, Serves: effort.Target{Kind: effort.ForFocal, ID: f.ID}})
		if err != nil {
			return v, err
		}
		one.Sessions = len(held)
		v.Focal = append(v.Focal, one)
	}
	return v, nil
}

// before is a diagnosis beside the newest one before it that executives may read; nil where there is none.
func (s Store) before(ctx context.Context, organisation, id string) (*diagnosisdb.Compared, error) {
	earlier, err := s.Transition.Diagnosis.Earlier(ctx, organisation, id)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(earlier, func(d diagnosis.Diagnosis) bool { return d.Released.Lets(org.Executive) })
	if n < 0 {
		return nil, nil
	}
	return s.Transition.Diagnosis.Compare(ctx, organisation, id, earlier[n].ID)
}

func meanOfFactor(p *diagnosisdb.Published, factor int) *float64 {
	whole := p.Report.Unit(0)
	if whole == nil || factor >= len(whole.Factors) || whole.Factors[factor] == nil {
		return nil
	}
	return &whole.Factors[factor].Mean
}

// Halves are the hours and costs of the learning function's staff in the last twelve whole months: learning, and
// other solutions, with the reference beside which the share is shown.
type Halves struct {
	Learning, Other effort.Spent
	Of              effort.Split
	Reference       int
	Currency        string
}

// Halves reads them.
func (s Store) Halves(ctx context.Context, organisation string) (h Halves, err error) {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return h, err
	}
	rates, err := s.Effort.Rates(ctx, organisation)
	if err != nil {
		return h, err
	}
	setting, err := s.Effort.Setting(ctx, organisation)
	if err != nil {
		return h, err
	}
	last := period.Of(today, period.Monthly).Add(-1)
	months, err := s.Effort.FunctionTallies(ctx, organisation, last.Add(-11), last)
	if err != nil {
		return h, err
	}
	h.Of, h.Reference, h.Currency = effort.AccountOf(rates, months).Split(), setting.Reference, rates.Own
	for kind, spent := range h.Of.Kinds {
		to := &h.Other
		if kind == effort.Learning {
			to = &h.Learning
		}
		to.Minutes += spent.Minutes
		to.Internal += spent.Internal
		to.Supplier += spent.Supplier
		to.Tuition += spent.Tuition
	}
	return h, nil
}
