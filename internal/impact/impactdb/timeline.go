package impactdb

import (
	"cmp"
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/impact"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// Timeline is what happened in a unit with all under it, what was promised, and what came.
type Timeline struct {
	strategydb.Card // of the year of today: the indicators, the notes on them
	Waves           []impact.Wave
	Focal           []impact.Promised     // that hold for the unit
	Sessions        map[period.Period]int // held with people of it, by month
	Actions         []transition.Action   // of its management teams and groups, the newest first
	Initiatives     []Begun
	Changes         []effort.Change // of how the learning function works, in it
}

// Begun is an initiative that has begun, or will, in a unit: in it, in one above it, or in some of those under it.
type Begun struct {
	effort.Initiative
	Since period.Day // the first day
	Of    int        // in how many units under it; 0: in all of it
}

// Timeline gathers it. sees says which scores of diagnoses the reader may see. It reports a unit that is not
// there.
func (s Store) Timeline(ctx context.Context, organisation, unit string, sees strategydb.Sees) (v Timeline, err error) {
	if v.Card, err = s.Strategy.Card(ctx, organisation, unit, 0, sees); err != nil {
		return v, err
	}
	v.Lines = slices.DeleteFunc(v.Lines, func(l strategy.Line) bool { return l.Indicator.OfScores() }) // they stand among the diagnoses
	units, err := s.Strategy.Units(ctx, organisation)
	if err != nil {
		return v, err
	}
	at, there := units.Find(unit)
	if !there {
		return v, fault.NotFoundf("there is no such unit")
	}
	if err = s.waves(ctx, organisation, &v, units.IDs(at), sees); err != nil {
		return v, err
	}
	if err = s.promises(ctx, organisation, &v, units.IDs(at), sees); err != nil {
		return v, err
	}
	days, err := s.Effort.Days(ctx, organisation, effortdb.LedgerQuery{Unit: unit, Source: effort.OfSession})
	if err != nil {
		return v, err
	}
	v.Sessions = map[period.Period]int{}
	for _, day := range days {
		v.Sessions[period.Of(day, period.Monthly)]++
	}
	inside := map[string]bool{"": at == 0} // a group of several units is one of the whole
	for _, u := range units.Subtree(at) {
		inside[u.ID] = true
	}
	if v.Actions, err = s.Transition.Actions(ctx, organisation, transitiondb.ActionQuery{}); err != nil {
		return v, err
	}
	v.Actions = slices.DeleteFunc(v.Actions, func(a transition.Action) bool { return !inside[a.Body.Unit.ID] })
	slices.SortStableFunc(v.Actions, func(a, b transition.Action) int { return cmp.Compare(b.Decided, a.Decided) })
	return v, s.begun(ctx, organisation, &v, units.IDs(at), inside)
}

// waves are the diagnoses that asked the unit, or a part of it, the oldest first.
func (s Store) waves(ctx context.Context, organisation string, v *Timeline, path []string, sees strategydb.Sees) error {
	all, err := s.Transition.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(all) {
		asked := d.Unit() == "" || slices.Contains(path, d.Unit()) || slices.Contains(d.Within, v.Unit.ID)
		if d.State != diagnosis.Open && d.State != diagnosis.Closed || !asked {
			continue
		}
		w := impact.Wave{Diagnosis: d, Day: period.DayOf(d.Closes)}
		if d.State == diagnosis.Closed {
			w.Day = period.DayOf(d.ClosedAt)
		}
		if w.Seen = d.State == diagnosis.Closed && sees != nil && sees(d, org.Place{Units: path}); w.Seen {
			p, err := s.Transition.Diagnosis.Report(ctx, organisation, d.ID)
			if err != nil {
				return err
			}
			scored(&w, p, v.Unit.ID)
			v.Diagnoses = append(v.Diagnoses, d.ID)
		}
		v.Waves = append(v.Waves, w)
	}
	slices.SortStableFunc(v.Waves, func(a, b impact.Wave) int { return cmp.Compare(a.Day, b.Day) })
	slices.Sort(v.Diagnoses)
	v.Diagnoses = slices.Compact(v.Diagnoses)
	return nil
}

// scored puts a unit's published scores into a wave.
func scored(w *impact.Wave, p *diagnosisdb.Published, unit string) {
	w.In, w.Factors = p.Instrument, make([]*float64, len(p.Instrument.Factors))
	at, there := p.Report.Index()[unit]
	if !there {
		return
	}
	g := p.Report.Unit(at)
	if g == nil {
		return
	}
	w.Overall = g.Overall
	for f, score := range g.Factors {
		if score != nil && f < len(w.Factors) {
			w.Factors[f] = &score.Mean
		}
	}
}

// promises are the focal points that were decided after diagnoses that asked the unit, with what came of each by
// the next one.
func (s Store) promises(ctx context.Context, organisation string, v *Timeline, path []string, sees strategydb.Sees) error {
	store := s.Transition.Diagnosis
	decided, err := store.Decided(ctx, organisation)
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(decided) {
		if d.Within != "" && !slices.Contains(path, d.Within) {
			continue
		}
		chosen, err := store.Focal(ctx, organisation, d.ID)
		if err != nil {
			return err
		}
		var some []impact.Promised
		var asked []diagnosis.Asked
		for _, f := range chosen.Focal {
			some = append(some, impact.Promised{FocalPoint: f, Diagnosis: d.ID, Decided: period.DayOf(chosen.Decided)})
			asked = append(asked, diagnosis.Asked{Unit: v.Unit.ID, Items: f.Items})
		}
		next, err := s.judging(ctx, organisation, v.Waves, d.ID)
		if err != nil {
			return err
		}
		if next != nil && next.Seen && sees(next.Diagnosis, org.Place{Units: path}) {
			moved, err := store.Moved(ctx, organisation, next.Diagnosis.ID, d.ID, asked)
			if err != nil {
				return err
			}
			now, err := store.Report(ctx, organisation, next.Diagnosis.ID)
			if err != nil {
				return err
			}
			for i, m := range moved {
				one := &some[i]
				one.Next, one.Judged, one.Moved, one.Keeping = next.Diagnosis.ID, next.Day, &m.Change, m.Keeps(one.Promise)
				if u := now.Report.Units[m.Unit]; u.ID != v.Unit.ID {
					one.In = u.Name
				}
			}
		}
		v.Focal = append(v.Focal, some...)
	}
	return nil
}

// judging is the first closed diagnosis after another one that asked the same of the same part; nil for none yet.
func (s Store) judging(ctx context.Context, organisation string, waves []impact.Wave, id string) (*impact.Wave, error) {
	for n, w := range waves {
		if w.Diagnosis.State != diagnosis.Closed {
			continue
		}
		earlier, err := s.Transition.Diagnosis.Earlier(ctx, organisation, w.Diagnosis.ID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(earlier, func(d diagnosis.Diagnosis) bool { return d.ID == id }) {
			return &waves[n], nil
		}
	}
	return nil, nil
}

// begun are the initiatives and the changes of the learning function that have come to the unit, by day.
func (s Store) begun(ctx context.Context, organisation string, v *Timeline, path []string, inside map[string]bool) error {
	all, err := s.Effort.Initiatives(ctx, organisation)
	if err != nil {
		return err
	}
	for _, i := range all {
		one := Begun{Initiative: i}
		whole := false
		for _, start := range i.Starts {
			covers := start.Of == effort.OfUnit && slices.Contains(path, start.Ref.ID)
			if !covers && !(start.Of == effort.OfUnit && inside[start.Ref.ID]) {
				continue
			}
			if whole = whole || covers; !covers {
				one.Of++
			}
			if one.Since == "" || start.Day < one.Since {
				one.Since = start.Day
			}
		}
		if whole {
			one.Of = 0
		}
		if one.Since != "" {
			v.Initiatives = append(v.Initiatives, one)
		}
	}
	slices.SortStableFunc(v.Initiatives, func(a, b Begun) int { return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(a.Name, b.Name)) })
	changes, err := s.Effort.Changes(ctx, organisation)
	if err != nil {
		return err
	}
	for _, c := range slices.Backward(changes) {
		here := len(c.Units) == 0 || slices.ContainsFunc(c.Units, func(unit string) bool { return slices.Contains(path, unit) || inside[unit] })
		if here {
			v.Changes = append(v.Changes, c)
		}
	}
	return nil
}
