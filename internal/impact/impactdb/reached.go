package impactdb

import (
	"context"
	"errors"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// months over which the profile looks back.
const (
	newMonths      = 24 // a way of learning, or an initiative, is new for so long
	ledgerMonths   = 24 // a younger ledger does not tell what is new
	keptMonths     = 12 // what was there while the ledger began is not new
	settledMonths  = 6  // what has gone on for so long can be judged
	actingQuarters = 5  // the present one, which does not count, and four
	realUse        = 0.01
)

// reaching is the profile's measures being gathered as of a day.
type reaching struct {
	Store
	ctx          context.Context
	organisation string
	today        period.Day
	month        period.Period // the last whole one
	out          map[string]impact.Reached
}

// Reached is what each measure of the profile comes to, as of today. What lacks data is not in it.
func (s Store) Reached(ctx context.Context, organisation string, d impact.Definition) (map[string]impact.Reached, error) {
	today, err := s.Org.Today(ctx, organisation)
	if err != nil {
		return nil, err
	}
	r := reaching{Store: s, ctx: ctx, organisation: organisation, today: today, month: period.Of(today, period.Monthly).Add(-1), out: map[string]impact.Reached{}}
	for _, gather := range []func() error{r.ledger, r.uses, r.initiatives, r.goals, r.people, func() error { return r.scores(d) }} {
		if err := gather(); err != nil {
			return nil, err
		}
	}
	return r.out, nil
}

func (r reaching) put(key string, value impact.Reached) {
	if value.Known {
		r.out[key] = value
	}
}

// value puts what is known of a measure of the ledger.
func (r reaching) value(key string, v *float64) {
	if v != nil {
		r.out[key] = impact.Reached{Value: *v, Known: true}
	}
}

// measureOf is a measure of the ledger.
func measureOf(key string) effort.Measure {
	n := slices.IndexFunc(effort.Measures, func(m effort.Measure) bool { return m.Key == key })
	return effort.Measures[n]
}

// ledger reads the last twelve whole months, the twelve before and the last three.
func (r reaching) ledger() error {
	rates, err := r.Effort.Rates(r.ctx, r.organisation)
	setting, failed := r.Effort.Setting(r.ctx, r.organisation)
	all, missing := r.Effort.Footings(r.ctx, r.organisation, []string{""}, r.month.Add(-23), r.month)
	if err = errors.Join(err, failed, missing); err != nil {
		return err
	}
	months := all[""]
	if len(months) < 24 {
		return nil
	}
	year, before, quarter := effort.EfficiencyOf(rates, months[12:]), effort.EfficiencyOf(rates, months[:12]), effort.EfficiencyOf(rates, months[21:])
	for _, key := range []string{"technology-share", "timely-access"} {
		if m := measureOf(key); !m.Few(year) {
			r.value(key, m.Value(year, rates.Own))
		}
	}
	if quarter.Learners == 0 || quarter.Learners >= effort.Fewest {
		r.put("people-learning", impact.ShareOf(float64(quarter.Veiled().Learners), quarter.Heads))
	}
	if share := measureOf("non-learning-share").Value(year, rates.Own); share != nil && setting.Reference > 0 {
		r.put("solutions-of-reference", impact.ShareOf(*share, float64(setting.Reference)))
	}
	cost := measureOf("cost-per-hour-used")
	if now, was := cost.Value(year, rates.Own), cost.Value(before, rates.Own); now != nil && was != nil && *was > 0 {
		r.out["cost-trend"] = impact.Reached{Value: 100 * (*now / *was - 1), Known: true}
	}
	r.blend(year)
	return nil
}

// blend reads what people learn by, and which other solutions there are.
func (r reaching) blend(year effort.Efficiency) {
	var learning, work, other int64
	by, kinds := map[effort.Modality]int64{}, map[effort.Kind]int64{}
	for cell, spent := range year.Cells {
		switch {
		case cell.Kind != effort.Learning:
			other += spent.Minutes
			kinds[cell.Kind] += spent.Minutes
		case cell.Side == effort.Participant:
			learning += spent.Minutes
			by[cell.Modality] += spent.Minutes
			if cell.Modality.Trait().Form == effort.WorkBased {
				work += spent.Minutes
			}
		}
	}
	r.put("work-based-share", impact.ShareOf(float64(work), float64(learning)))
	delete(by, "")
	if learning > 0 {
		r.out["modalities"] = impact.Reached{Value: inUse(by, learning), Known: true}
	}
	if learning+other > 0 {
		r.out["kinds-of-solutions"] = impact.Reached{Value: inUse(kinds, other), Known: true}
	}
}

// inUse is how many of some ways have at least one hour in a hundred.
func inUse[K comparable](minutes map[K]int64, all int64) (n float64) {
	for _, m := range minutes {
		if float64(m) >= realUse*float64(all) && m > 0 {
			n++
		}
	}
	return n
}

// uses reads how entries came, and how much is done in ways that are new.
func (r reaching) uses() error {
	from, until := r.month.Add(-11).First(), r.month.Last()
	by, err := r.Effort.Arrivals(r.ctx, r.organisation, from, until)
	if err != nil {
		return err
	}
	all, typed := 0, by[effort.OfForm]+by[effort.OfAct]
	for _, n := range by {
		all += n
	}
	r.put("untyped-share", impact.ShareOf(float64(all-typed), float64(all)))
	first, begun, err := r.Effort.FirstUse(r.ctx, r.organisation, r.month)
	if err != nil || begun == "" || begun > r.month.Add(1-ledgerMonths) {
		return err
	}
	months, err := r.Effort.Tallies(r.ctx, r.organisation, effort.Heading{Kind: effort.Whole}, r.month.Add(-11), r.month)
	if err != nil {
		return err
	}
	var fresh, minutes int64
	for _, m := range months {
		for cell, a := range m.Cells {
			minutes += a.Minutes
			if at := first[[2]string{string(cell.Kind), string(cell.Modality)}]; at > r.month.Add(-newMonths) && at >= begun.Add(keptMonths) {
				fresh += a.Minutes
			}
		}
	}
	r.put("new-hours", impact.ShareOf(float64(fresh), float64(minutes)))
	return nil
}

// initiatives reads which were planned beforehand, which are proved, and what hours serve goals.
func (r reaching) initiatives() error {
	causes, err := r.Causes(r.ctx, r.organisation)
	asked, failed := r.Effects(r.ctx, r.organisation, "")
	kept, missing := r.Estimates(r.ctx, r.organisation, "")
	o, lost := r.Org.Organisation(r.ctx, r.organisation)
	if err = errors.Join(err, failed, missing, lost); err != nil {
		return err
	}
	begins := map[string]period.Day{}
	for _, c := range causes {
		for _, s := range c.Starts {
			if begins[c.ID] == "" || s.Day < begins[c.ID] {
				begins[c.ID] = s.Day
			}
		}
	}
	estimated, proved, planned := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, e := range asked {
		if e.Written.At > r.now().UnixMicro() {
			continue
		}
		if full, _, err := r.Effect(r.ctx, r.organisation, e.ID); err != nil {
			return err
		} else if begins[e.Cause] != "" && full.Fresh(begins[e.Cause], o.Zone) {
			planned[e.Cause] = true
		}
		if k := kept[e.ID]; k != nil && !k.At.After(r.now()) {
			estimated[e.Cause] = true
			proved[e.Cause] = proved[e.Cause] || k.Grade <= impact.C
		}
	}
	return r.judged(causes, begins, estimated, proved, planned)
}

func (r reaching) judged(causes []Cause, begins map[string]period.Day, estimated, proved, planned map[string]bool) error {
	var ids, serving []string
	var fresh, freshEstimated, settled, settledProved, changes, changesJudged float64
	count := func(to *float64, is bool) {
		if is {
			*to++
		}
	}
	since := r.month.Add(1 - newMonths).First()
	for _, c := range Distinct(causes) {
		day := begins[c.ID]
		if c.Change {
			if day >= since && day <= r.today {
				changes++
				count(&changesJudged, slices.ContainsFunc(causes, func(other Cause) bool { return other.Change && other.Name == c.Name && estimated[other.ID] }))
			}
			continue
		}
		ids = append(ids, c.ID)
		if slices.ContainsFunc(c.Serves, func(t effort.Target) bool { return t.Kind == effort.ForGoal }) {
			serving = append(serving, c.ID)
		}
		if day == "" || day > r.today {
			continue
		}
		if day >= since {
			fresh++
			count(&freshEstimated, estimated[c.ID])
		}
		if period.DayOf(day.Time().AddDate(0, settledMonths, 0)) <= r.today {
			settled++
			count(&settledProved, proved[c.ID])
		}
	}
	r.put("new-estimated", impact.ShareOf(freshEstimated, fresh))
	r.put("initiatives-proved", impact.ShareOf(settledProved, settled))
	r.put("changes-judged", impact.ShareOf(changesJudged, changes))
	spent, _, err := r.Cost(r.ctx, r.organisation, ids, r.month.Add(1-newMonths), r.month)
	if err != nil {
		return err
	}
	var all, beforehand, sure float64
	for _, id := range ids {
		cost := float64(spent[id].Direct)
		all += cost
		if planned[id] {
			beforehand += cost
		}
		if proved[id] {
			sure += cost
		}
	}
	r.put("spending-planned", impact.ShareOf(beforehand, all))
	r.put("spending-proved", impact.ShareOf(sure, all))
	serve, minutes, err := r.Effort.MinutesFor(r.ctx, r.organisation, r.month.Add(-11).First(), r.month.Last(), serving)
	r.put("hours-for-goals", impact.ShareOf(float64(serve), float64(minutes)))
	return err
}

// goals reads how many goals of units something that people learn by, or need to be able to do, serves.
func (r reaching) goals() error {
	a, err := r.Learning.Alignment(r.ctx, r.organisation, "")
	if err == nil {
		r.put("goals-served", impact.ShareOf(float64(len(a.Served)), float64(len(a.Served)+len(a.Unserved))))
	}
	return err
}

// people reads who has a plan, and what executives were seen to do.
func (r reaching) people() error {
	planned, err := r.Learning.Planned(r.ctx, r.organisation, r.today, r.now())
	months, failed := r.Effort.Footings(r.ctx, r.organisation, []string{""}, r.month, r.month)
	v, _, missing := r.Involvement(r.ctx, r.organisation, actingQuarters)
	if err = errors.Join(err, failed, missing); err != nil {
		return err
	}
	if last := months[""]; len(last) > 0 && (planned == 0 || planned >= effort.Fewest) {
		r.put("people-with-plan", impact.ShareOf(float64(effort.Veiled(planned)), float64(last[0].Staff.People)))
	}
	acting, due, objective := 0.0, 0.0, 0.0
	for _, one := range v.Of {
		for q, n := range one.Counts[:actingQuarters-1] {
			if one.Due[q] {
				due++
			}
			if n > 0 {
				acting++
			}
		}
		if slices.ContainsFunc(one.Acts, func(a effort.Act) bool {
			return a.Kind == effort.Objective && a.Day > r.today.Add(-365) && a.Day <= r.today
		}) {
			objective++
		}
	}
	r.put("executives-acting", impact.ShareOf(acting, due))
	r.put("executives-with-objective", impact.ShareOf(objective, float64(len(v.Of))))
	return nil
}

// scores reads the mean of items in the newest diagnosis that managers may read, where all of these are told: not
// every reader of the profile reads what executives alone do.
func (r reaching) scores(d impact.Definition) error {
	var items []string
	for _, p := range d.Parts {
		for _, m := range p.Measures {
			if m.Measure == impact.LearningScore {
				items = m.Items
			}
		}
	}
	if len(items) == 0 || r.Transition == nil || r.Transition.Diagnosis == nil {
		return nil
	}
	all, err := r.Transition.Diagnosis.Diagnoses(r.ctx, r.organisation)
	if err != nil {
		return err
	}
	for _, one := range all { // the newest first
		if one.State != diagnosis.Closed || one.ClosedAt.After(r.now()) || !one.Released.Lets(org.Manager) || len(one.Within) > 0 {
			continue
		}
		p, err := r.Transition.Diagnosis.Report(r.ctx, r.organisation, one.ID)
		if err != nil {
			return err
		}
		if mean, known := meanOf(p, items); known {
			r.out[impact.LearningScore] = impact.Reached{Value: mean, Known: true}
		}
		return nil
	}
	return nil
}

// meanOf is the mean of some items of the whole organisation, where each of them is told.
func meanOf(p *diagnosisdb.Published, items []string) (mean float64, known bool) {
	whole, found := p.Report.Unit(0), 0
	if whole == nil {
		return 0, false
	}
	for n, item := range p.Instrument.Items() {
		if slices.Contains(items, item.ID) && n < len(whole.Items) && whole.Items[n] != nil {
			mean += whole.Items[n].Mean
			found++
		}
	}
	return mean / float64(found), found > 0 && found == len(items)
}
