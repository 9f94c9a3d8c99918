package impactdb

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"slices"
	"strconv"
	"time"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// Data gathers what an effect is estimated from, as it stands now.
func (s Store) Data(ctx context.Context, organisation string, e impact.Effect) (d impact.Data, err error) {
	d.Effect = e
	var observed, placebo []strategydb.Observed
	if d.Indicator, observed, err = s.Strategy.ObservedUnder(ctx, organisation, e.Indicator, e.Scope); err != nil {
		return d, err
	}
	if e.Placebo != "" {
		if d.Unmoved, placebo, err = s.Strategy.ObservedUnder(ctx, organisation, e.Placebo, e.Scope); err != nil {
			return d, err
		}
		if d.Unmoved.Grain != d.Indicator.Grain {
			placebo = nil
		}
	}
	switch {
	case d.Indicator.OfPeople():
		d.Subjects, err = s.people(ctx, organisation, e)
	case e.Method == impact.OfSeries:
		d.Subjects, err = s.whole(ctx, organisation, d.Indicator, e)
	default:
		d.Subjects, err = s.each(ctx, organisation, d.Indicator, e, subjects(observed, placebo))
	}
	if err != nil {
		return d, err
	}
	causes, err := s.Causes(ctx, organisation)
	if err != nil {
		return d, err
	}
	n := slices.IndexFunc(causes, func(c Cause) bool { return c.ID == e.Cause })
	if n < 0 {
		return d, fault.NotFoundf("there is no such initiative")
	}
	if d.Initiative, d.Cause = causes[n].Initiative, causes[n].ID; causes[n].Change {
		d.Cause = "change: " + causes[n].Name
	}
	for _, c := range causes { // what a change of the learning function did is not told apart from other changes of it
		if c.ID != e.Cause && len(c.Starts) > 0 && c.Change == causes[n].Change && !(c.Change && c.Name == causes[n].Name) {
			d.Others = append(d.Others, c.Initiative)
		}
	}
	return d, nil
}

// Cause is what an effect is asked of: an initiative, or a dated change of the learning function, which
// begins in its units, or everywhere, on its day. Changes in the same words are one that came to some units
// after others: each of them is asked of all.
type Cause struct {
	effort.Initiative
	Change bool
}

// Causes lists them, initiatives first.
func (s Store) Causes(ctx context.Context, organisation string) (all []Cause, err error) {
	initiatives, err := s.Effort.Initiatives(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, i := range initiatives {
		all = append(all, Cause{Initiative: i})
	}
	changes, err := s.Effort.Changes(ctx, organisation)
	if err != nil || len(changes) == 0 {
		return all, err
	}
	units, err := s.Strategy.Units(ctx, organisation)
	if err != nil {
		return nil, err
	}
	starts := map[string][]effort.Start{}
	for _, c := range slices.Backward(changes) { // by day
		where := c.Units
		if len(where) == 0 && len(units.Units) > 0 {
			where = []string{units.Units[0].ID}
		}
		for _, unit := range where {
			if n, there := units.Find(unit); there {
				starts[c.Text] = append(starts[c.Text], effort.Start{Of: effort.OfUnit, Ref: units.Units[n].Ref(), Day: c.Day})
			}
		}
	}
	for _, c := range changes {
		one := effort.Initiative{ID: c.ID, Name: c.Text, Kind: effort.Learning, Expected: c.Expected, Starts: starts[c.Text]}
		all = append(all, Cause{Initiative: one, Change: true})
	}
	return all, nil
}

// Distinct are causes without those changes that are part of another one in the list.
func Distinct(all []Cause) (some []Cause) {
	for _, c := range all {
		if !c.Change || !slices.ContainsFunc(some, func(had Cause) bool { return had.Change && had.Name == c.Name }) {
			some = append(some, c)
		}
	}
	return some
}

// Cause is one of them.
func (s Store) Cause(ctx context.Context, organisation, cause string) (Cause, error) {
	all, err := s.Causes(ctx, organisation)
	n := slices.IndexFunc(all, func(c Cause) bool { return c.ID == cause })
	if err == nil && n < 0 {
		err = fault.NotFoundf("there is no such initiative")
	}
	if err != nil {
		return Cause{}, err
	}
	return all[n], nil
}

func subjects(observed, placebo []strategydb.Observed) (all []impact.Subject) {
	other := map[string]strategy.Total{}
	for _, o := range placebo {
		other[o.Unit.ID] = o.Actual
	}
	for _, o := range observed {
		all = append(all, impact.Subject{ID: o.Unit.ID, Name: o.Unit.Name, Path: o.Path, Values: o.Actual, Placebo: other[o.Unit.ID]})
	}
	return all
}

// people are those of whom the outcome was observed, by number and without their names.
func (s Store) people(ctx context.Context, organisation string, e impact.Effect) (all []impact.Subject, err error) {
	observed, err := s.Strategy.ObservedPeople(ctx, organisation, e.Indicator)
	if err != nil {
		return nil, err
	}
	other := map[string]strategy.Total{}
	if e.Placebo != "" {
		unmoved, err := s.Strategy.ObservedPeople(ctx, organisation, e.Placebo)
		if err != nil {
			return nil, err
		}
		for _, o := range unmoved {
			other[o.Person] = o.Actual
		}
	}
	for n, o := range observed {
		all = append(all, impact.Subject{ID: o.Person, Name: strconv.Itoa(n + 1), Path: o.Path, Values: o.Actual, Placebo: other[o.Person]})
	}
	return all, nil
}

// Subjects are the units under one of which an indicator was observed.
func (s Store) Subjects(ctx context.Context, organisation, indicator, scope string) (strategy.Indicator, []impact.Subject, error) {
	i, observed, err := s.Strategy.ObservedUnder(ctx, organisation, indicator, scope)
	return i, subjects(observed, nil), err
}

// Kept is an estimate as it was kept.
type Kept struct {
	Hash string // of what went into it
	At   time.Time
	*impact.Estimated
}

// Keep keeps an estimate in place of the one before.
func (s Store) Keep(ctx context.Context, organisation, effect, hash string, e *impact.Estimated) error {
	return s.keep(ctx, organisation, effect, hash, e, func(*db.Tx) error { return nil })
}

// keep is Keep with something else that is written along, one after the other in an organisation.
func (s Store) keep(ctx context.Context, organisation, effect, hash string, e *impact.Estimated, along func(tx *db.Tx) error) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(e); err != nil {
		return err
	}
	return s.DB.WriteInTurn(ctx, "impact "+organisation, func(tx *db.Tx) error {
		if err := along(tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM impact_refusal WHERE organisation_id = $1 AND effect_id = $2`, organisation, effect); err != nil {
			return err
		}
		row := []any{organisation, effect, hash, s.now().UnixMicro(), e.Grade, e.Finding, b.Bytes()}
		return tx.PutMany(ctx, "impact_estimate", []string{"organisation_id", "effect_id", "hash", "made_at", "grade", "finding", "estimate"}, 2, [][]any{row})
	})
}

// Estimate is the one that was kept of an effect; nil where there is none, or only one that an
// earlier edition of the program has kept and this one cannot read.
func (s Store) Estimate(ctx context.Context, organisation, effect string) (k *Kept, err error) {
	all, err := s.Estimates(ctx, organisation, effect)
	return all[effect], err
}

// Estimates are those that were kept, of one effect or of all for "", by effect. One on scores of
// diagnoses is there only while it rests on those that are released now, and one in per cent, or not, while its
// plan is so.
func (s Store) Estimates(ctx context.Context, organisation, effect string) (map[string]*Kept, error) {
	all, err := s.kept(ctx, organisation, effect)
	if err != nil || len(all) == 0 {
		return all, err
	}
	indicators, err := s.Strategy.Indicators(ctx, organisation)
	if err != nil {
		return nil, err
	}
	asked, err := s.Effects(ctx, organisation, "")
	if err != nil {
		return nil, err
	}
	for _, e := range asked {
		scores := slices.ContainsFunc(indicators, func(i strategy.Indicator) bool { return i.ID == e.Indicator && i.OfScores() })
		k := all[e.ID]
		if k != nil && k.Percent != e.Plan.Percent { // in another measure than the plan is in now
			delete(all, e.ID)
			continue
		}
		if k == nil || !scores {
			continue
		}
		d, err := s.Data(ctx, organisation, e)
		if err != nil {
			return nil, err
		}
		if study, err := d.Study(); err != nil || study.Hash(d) != all[e.ID].Hash {
			delete(all, e.ID)
		}
	}
	return all, nil
}

func (s Store) kept(ctx context.Context, organisation, effect string) (all map[string]*Kept, err error) {
	all = map[string]*Kept{}
	err = s.DB.Look(ctx, func(tx *db.Tx) error {
		_, err := db.All(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var of string
			var at int64
			var body []byte
			k := &Kept{}
			err := row.Scan(&of, &k.Hash, &at, &body)
			if k.At = time.UnixMicro(at).UTC(); err == nil && gob.NewDecoder(bytes.NewReader(body)).Decode(&k.Estimated) == nil {
				all[of] = k
			}
			return struct{}{}, err
		}, `SELECT effect_id, hash, made_at, estimate FROM impact_estimate WHERE organisation_id = $1 AND ($2 = '' OR effect_id = $2)`, organisation, effect)
		return err
	})
	return all, err
}

// Cost is what initiatives have cost since a month, by initiative: direct costs in the own currency and
// minutes of participants; amounts without a rate are told apart.
func (s Store) Cost(ctx context.Context, organisation string, initiatives []string, from, until period.Period) (map[string]Spent, string, error) {
	rates, err := s.Effort.Rates(ctx, organisation)
	months, failed := s.Effort.TargetTallies(ctx, organisation, effort.ForInitiative, initiatives, from, until)
	if err = errors.Join(err, failed); err != nil {
		return nil, "", err
	}
	all := map[string]Spent{}
	for of, some := range months {
		account := effort.AccountOf(rates, some)
		spent := Spent{Unrated: len(account.Unrated) > 0}
		for cell, amount := range account.Cells {
			spent.Direct += amount.Cost()
			if cell.Side == effort.Participant {
				spent.Minutes += amount.Minutes
			}
		}
		all[of] = spent
	}
	return all, rates.Own, nil
}

// Spent is what an initiative has cost.
type Spent struct {
	Direct  int64 // in the smallest unit of the own currency
	Minutes int64 // of participants
	Unrated bool  // there are costs in a currency without a rate
}

// Served are the names of the focal points that were ever decided, or of the goals of units, by id.
func (s Store) Served(ctx context.Context, organisation, kind string) (map[string]string, error) {
	names := map[string]string{}
	if kind == effort.ForFocal {
		all, _, err := s.Transition.FocusEver(ctx, organisation)
		for _, f := range all {
			names[f.ID] = f.Theme
		}
		return names, err
	}
	goals, err := s.Strategy.Worked(ctx, organisation)
	for _, g := range goals {
		names[g.ID] = g.Name
	}
	return names, err
}
