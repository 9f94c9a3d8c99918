package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// effects begins the initiatives whose effects are planted in the figures, writes down what was to be
// proved of them, that drawn by lot beforehand, and looks.
func (l *loading) effects(ctx context.Context) error {
	by := l.o.staff()[org.HeadOfLearning].Name
	ids := map[string]string{}
	for _, r := range l.rolled {
		made, err := l.startRolled(ctx, r)
		if err != nil {
			return err
		}
		ids[r.Name] = made
	}
	if err := l.rolledCosts(ctx, by); err != nil {
		return err
	}
	indicators, err := l.Strategy.Indicators(ctx, l.organisation)
	if err != nil {
		return err
	}
	byKey := map[string]strategy.Indicator{}
	for _, i := range indicators {
		byKey[i.Key] = i
	}
	var asked []impact.Effect
	for n, r := range l.rolled {
		written := l.day(-90 + n)
		if r.Order == effort.ByLot {
			written = l.dayOf(l.month(lotFirst).First().Add(-14))
		}
		e := impact.Effect{ID: id.New(), Cause: ids[r.Name], Indicator: byKey[r.Outcome].ID, Plan: l.planOf(r, n)}
		if e.Placebo = ""; r.Outcome == "customer-satisfaction" {
			e.Placebo = byKey["absence"].ID
		}
		if err := l.effectStore(written).Write(ctx, l.organisation, e, by); err != nil {
			return err
		}
		asked = append(asked, e)
	}
	more, err := l.jointly(ctx, byKey["goods-lost"].ID, by)
	if err != nil {
		return err
	}
	asked = append(asked, more)
	changed, err := l.changed(ctx, byKey["cost-per-hour-used"].ID, by)
	if err != nil {
		return err
	}
	asked = append(asked, changed)
	byCountry, err := l.changedByCountry(ctx, byKey["central-share"].ID, by)
	if err != nil {
		return err
	}
	if byCountry.ID != "" {
		asked = append(asked, byCountry)
	}
	if err := l.judge(ctx, asked); err != nil {
		return err
	}
	return l.valued(ctx, asked, by)
}

func (l *loading) effectStore(t time.Time) impactdb.Store {
	s := l.Impact
	s.Now = func() time.Time { return t }
	return s
}

func (l *loading) dayOf(d period.Day) time.Time { return d.Time().Add(9 * time.Hour) }

// planOf is what is written down of a roll-out.
func (l *loading) planOf(r rolledOut, n int) impact.Plan {
	p := impact.Plan{Scope: l.unitID[cmp.Or(r.Scope, Root)], First: l.month(0), Method: impact.GroupTime, Controls: impact.NotYet, Anticipation: r.Anticipation, Together: cmp.Or(r.Together, impact.EachUnit), Worth: r.Worth, Percent: r.Percent, Seed: uint64(20260 + n)}
	if r.Order == effort.ByNeed {
		p.Chosen = [2]period.Period{l.month(needJudged), l.month(needFirst - 1)}
	}
	return p
}

// startRolled begins an initiative, with the day on which each store starts.
func (l *loading) startRolled(ctx context.Context, r rolledOut) (string, error) {
	first := observedMonths
	for _, month := range r.Starts {
		first = min(first, month)
	}
	known := l.month(first - r.Known).First()
	t := l.dayOf(known)
	store := effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }}
	staff := l.o.staff()
	made := id.New()
	serves, err := l.servedBy(ctx, r)
	if err != nil {
		return "", err
	}
	err = store.SaveInitiative(ctx, l.organisation, made, staff[org.HeadOfLearning].Key, staff[org.ProgrammeManager].Name, func(i *effort.Initiative) {
		i.Name, i.Kind, i.Note, i.Serves = r.Name, r.Kind, r.Note, serves
		i.RollOut = effort.RollOut{Order: r.Order, Reason: r.Reason, Decided: period.DayOf(t)}
		for _, s := range l.shops {
			if month, there := r.Starts[s.Key]; there {
				i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: l.unitID[s.Key]}, Day: l.month(month).First()})
			}
		}
	})
	return made, err
}

// servedBy are the goal and the focal point that a roll-out serves.
func (l *loading) servedBy(ctx context.Context, r rolledOut) (all []effort.Target, err error) {
	goals, err := l.Strategy.Worked(ctx, l.organisation)
	if err != nil {
		return nil, err
	}
	for _, g := range goals {
		if g.Name == r.Goal {
			all = append(all, effort.Target{Kind: effort.ForGoal, ID: g.ID})
		}
	}
	points, _, err := l.Transition.FocusEver(ctx, l.organisation)
	for _, f := range points {
		if r.Focal != "" && strings.Contains(f.Theme, r.Focal) {
			all = append(all, effort.Target{Kind: effort.ForFocal, ID: f.ID})
		}
	}
	return all, err
}

// rolledCosts are the hours and costs of the roll-outs in the ledger, of each store in each month of the
// last two years since it started.
func (l *loading) rolledCosts(ctx context.Context, by string) error {
	store := effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }, Catalogue: learningdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }}}
	_, err := store.Import(ctx, l.organisation, effortdb.Feed{Source: "roll-outs.csv", By: by, Rows: l.rolledRows()})
	return err
}

func (l *loading) rolledRows() iter.Seq2[effort.Row, error] {
	return func(yield func(effort.Row, error) bool) {
		line := 1
		for _, r := range l.rolled {
			for _, s := range l.shops {
				start, there := r.Starts[s.Key]
				for month := start; there && month < observedMonths; month++ {
					line++
					hours, cost := math.Round(2*r.Hours*(.7+.6*l.o.rand("rolled", r.Name, s.Key).Float64()))/2, math.Round(r.Cost)
					row := effort.Row{Line: line, Day: l.month(month).First().Add(14), What: r.Name, Kind: string(r.Kind), Unit: s.Key, Internal: &cost, Managed: string(effort.Locally), Reference: fmt.Sprintf("roll-%s-%s-%d", r.Name, s.Key, month)}
					row.Modality = string(r.Modality)
					if hours > 0 {
						row.Hours = &hours
					}
					row.Serves[1] = r.Name
					if !yield(row, nil) {
						return
					}
				}
			}
		}
	}
}

// jointly asks what the retailer's first initiative did to goods lost: it began together with another
// everywhere, so nobody can tell.
func (l *loading) jointly(ctx context.Context, indicator, by string) (e impact.Effect, err error) {
	all, err := effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }}.Initiatives(ctx, l.organisation)
	if err != nil {
		return e, err
	}
	for _, i := range all {
		if i.Name == firstInitiative {
			e = impact.Effect{ID: id.New(), Cause: i.ID, Indicator: indicator, Plan: l.planOf(rolledOut{Worth: 0.05}, len(l.rolled))}
		}
	}
	if e.ID == "" {
		return e, errors.New("the first initiative is not there")
	}
	return e, l.effectStore(l.day(-80)).Write(ctx, l.organisation, e, by)
}

// changed asks what became of the cost of an hour when short courses became self-paced.
func (l *loading) changed(ctx context.Context, indicator, by string) (e impact.Effect, err error) {
	changes, err := effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }}.Changes(ctx, l.organisation)
	for _, c := range changes {
		if c.Text == selfPaced {
			p := impact.Plan{Scope: l.unitID[Root], First: l.began(), Method: impact.OfSeries, Impact: impact.Level, Worth: 1, Seed: 20266, Expected: c.Expected}
			e = impact.Effect{ID: id.New(), Cause: c.ID, Indicator: indicator, Plan: p}
		}
	}
	if err != nil {
		return e, err
	}
	return e, l.effectStore(l.day(-70)).Write(ctx, l.organisation, e, by)
}

// changedByCountry asks what became of the share that is managed centrally as store managers of one country
// after the other began to book places themselves.
func (l *loading) changedByCountry(ctx context.Context, indicator, by string) (e impact.Effect, err error) {
	changes, err := effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }}.Changes(ctx, l.organisation)
	for _, c := range changes {
		if c.Text == bookThemselves {
			p := impact.Plan{Scope: l.unitID[Root], First: l.began(), Method: impact.GroupTime, Controls: impact.NotYet, Worth: 5, Seed: 20267, Expected: c.Expected}
			e = impact.Effect{ID: id.New(), Cause: c.ID, Indicator: indicator, Plan: p}
		}
	}
	if err != nil || e.ID == "" {
		return e, err
	}
	return e, l.effectStore(l.day(-60)).Write(ctx, l.organisation, e, by)
}

// firstInitiative is the retailer's first.
const firstInitiative = "Meetings that decide"

func (l *loading) judge(ctx context.Context, asked []impact.Effect) error {
	for _, e := range asked {
		// A retailer of a few stores has too few for some of it.
		if err := l.effectStore(l.now).Judge(ctx, l.organisation, e.ID, nil); err != nil && fault.Of(err) == nil {
			return err
		}
	}
	return nil
}

// valued says what one point of satisfaction is worth, and what people think came of the sessions.
func (l *loading) valued(ctx context.Context, asked []impact.Effect, by string) error {
	store := l.effectStore(l.now)
	for n, r := range l.rolled {
		switch r.Name {
		case "Dialogue sessions":
			m := impact.Money{Amount: 960_000, Low: 670_000, High: 1_250_000, Year: true, Source: "Finance, margin a point of satisfaction, from three years of stores", Hour: 2_600, Intangibles: "People say that they are heard; two stores asked for a session of their own."}
			if err := store.SaveMoney(ctx, l.organisation, asked[n].ID, m, by); err != nil {
				return err
			}
			for _, o := range []impact.Opinion{{Who: "Store manager, Utrecht", Change: 3, Share: 0.6, Confidence: 0.8}, {Who: "Store manager, Lyon", Change: 2, Share: 0.5, Confidence: 0.7}, {Who: "Regional manager, Poland", Change: 1.5, Share: 0.4, Confidence: 0.6}, {Who: "Store manager, Sevilla"}} {
				if err := store.SaveOpinion(ctx, l.organisation, asked[n].ID, o); err != nil {
					return err
				}
			}
		case "Shift planning by the team":
			m := impact.Money{Amount: 1_450_000, Low: 1_100_000, High: 1_800_000, Year: true, Source: "Personnel, pay for a point of absence in a store of 40", Hour: 2_600}
			if err := store.SaveMoney(ctx, l.organisation, asked[n].ID, m, by); err != nil {
				return err
			}
		}
	}
	return nil
}
