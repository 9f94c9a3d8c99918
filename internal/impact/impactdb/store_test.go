package impactdb_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
	"throughline/internal/transition/transitiondb"
)

// world is an organisation of 30 stores in three regions, with two years of an indicator, and an
// initiative that started in two regions and is worth 2 points.
type world struct {
	impactdb.Store
	organisation          string
	now                   time.Time
	initiative, indicator string
	units                 *org.Structure
}

func each(t *testing.T, f func(t *testing.T, w *world)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(t, newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{now: time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	orgs := orgdb.Store{DB: d, Now: clock}
	w.Store = impactdb.Store{DB: d, Org: orgs, Strategy: strategydb.Store{DB: d, Org: orgs, Now: clock}, Effort: effortdb.Store{DB: d, Now: clock}, Transition: &transitiondb.Store{DB: d, Org: orgs, Now: clock}, Learning: learningdb.Store{DB: d, Org: orgs, Strategy: strategydb.Store{DB: d, Org: orgs, Now: clock}, Now: clock}, Now: clock}
	var err error
	if w.organisation, err = orgs.CreateOrganisation(ctx, org.Organisation{Slug: "shops", Name: "Shops", Language: "en"}, org.Account{Mail: "ada@example.org", Name: "Ada"}); err != nil {
		t.Fatal(err)
	}
	m := org.Map{People: &org.Section{Key: org.Field{Column: "id"}, Name: org.Field{Column: "name"}, UnitPath: org.Field{Column: "unit"}}}
	source := org.Source{Name: "roster.csv", Header: []string{"id", "name", "unit"}, Rows: func(yield func(org.Row, error) bool) {
		for n := range 30 {
			path := fmt.Sprintf("All/%s/Shop %d", regions[n/10], n)
			if !yield(org.Row{Line: n + 2, Cells: []string{fmt.Sprint(n), fmt.Sprint("Person ", n), path}}, nil) {
				return
			}
		}
	}}
	if _, err := orgs.ImportRoster(ctx, w.organisation, orgdb.Roster{Day: "2023-12-01", Map: m, Sources: []org.Source{source}}); err != nil {
		t.Fatal(err)
	}
	if w.units, err = w.Strategy.Units(ctx, w.organisation); err != nil {
		t.Fatal(err)
	}
	w.indicator, err = w.Strategy.SaveIndicator(ctx, w.organisation, strategy.Indicator{Name: "Satisfaction", Direction: strategy.Higher, OverUnits: strategy.MeanOfUnits, OverTime: strategy.MeanOfPeriods, Grain: period.Monthly, Perspective: strategy.Customer}, "", "Ada")
	if err != nil {
		t.Fatal(err)
	}
	w.observe(t, 0)
	w.initiative = id.New()
	err = w.Effort.SaveInitiative(ctx, w.organisation, w.initiative, "Person 3", "Ada", func(i *effort.Initiative) {
		i.Name, i.Kind = "Dialogue sessions", effort.Learning
		for n := range 20 {
			day := period.Day("2025-01-10")
			if n >= 10 {
				day = "2025-05-01"
			}
			i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: w.unit(t, fmt.Sprint("Shop ", n))}, Day: day})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var regions = []string{"East", "West", "South"}

// observe imports two years of every store, with something added to the newest value of the first.
func (w *world) observe(t testing.TB, more float64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(11, 11))
	rows := func(yield func(strategy.Row, error) bool) {
		line := 1
		for n := range 30 {
			level := 60 + 4*rng.NormFloat64()
			for m := range 24 {
				v := level + rng.NormFloat64()
				if n < 10 && m >= 12 || n >= 10 && n < 20 && m >= 16 {
					v += 2
				}
				if n == 0 && m == 23 {
					v += more
				}
				line++
				v = math.Round(1000*v) / 1000
				if !yield(strategy.Row{Line: line, Indicator: "satisfaction", Unit: fmt.Sprint("Shop ", n), Period: string(period.Period("2024-01").Add(m)), Value: &v}, nil) {
					return
				}
			}
		}
	}
	if _, err := w.Strategy.Import(context.Background(), w.organisation, strategydb.Feed{Rows: rows, Source: "kpi.csv", By: "Ada"}); err != nil {
		t.Fatal(err)
	}
}

func (w *world) unit(t testing.TB, name string) string {
	t.Helper()
	n := slices.IndexFunc(w.units.Units, func(u org.Node) bool { return u.Name == name })
	if n < 0 {
		t.Fatalf("there is no unit %s", name)
	}
	return w.units.Units[n].ID
}

func (w *world) asks(t testing.TB) impact.Effect {
	t.Helper()
	e := impact.Effect{ID: id.New(), Cause: w.initiative, Indicator: w.indicator, Plan: impact.Plan{Scope: w.unit(t, "All"), First: "2024-01", Method: impact.GroupTime, Seed: 9, Worth: 0.5}}
	if err := w.Write(context.Background(), w.organisation, e, "Ada"); err != nil {
		t.Fatal(err)
	}
	e, _, err := w.Effect(context.Background(), w.organisation, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAnEffectIsWrittenDownAndChangesAreKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		e := w.asks(t)
		if e.Written.By != "Ada" || e.Written.At != w.now.UnixMicro() || e.Controls != impact.NotYet || e.Together != impact.EachUnit || len(e.Changed) != 0 {
			t.Errorf("%+v", e)
		}
		if e.Fresh("2026-01-15", "UTC") || !e.Fresh("2026-01-16", "UTC") || !e.Fresh("", "UTC") {
			t.Error("whether it was written before the first start")
		}
		same := e
		if err := w.Write(ctx, w.organisation, same, "Bo"); err != nil {
			t.Fatal(err)
		}
		changed := e
		changed.Anticipation = 2
		w.now = w.now.AddDate(0, 0, 3)
		if err := w.Write(ctx, w.organisation, changed, "Bo"); err != nil {
			t.Fatal(err)
		}
		got, _, err := w.Effect(ctx, w.organisation, e.ID)
		if err != nil || got.Anticipation != 2 || len(got.Changed) != 1 || got.Changed[0].By != "Bo" || got.Changed[0].Was.Anticipation != 0 || got.Written != e.Written {
			t.Errorf("%+v %v", got, err)
		}
		if got.Fresh("2026-01-17", "UTC") {
			t.Error("it was changed after that")
		}
		for name, change := range map[string]func(*impact.Effect){
			"initiative": func(e *impact.Effect) { e.Cause = "x" },
			"indicator":  func(e *impact.Effect) { e.Indicator = "x" },
			"scope":      func(e *impact.Effect) { e.Scope = "x" },
			"method":     func(e *impact.Effect) { e.Method = impact.Regression },
			"first":      func(e *impact.Effect) { e.First = "2024-Q1" },
			"last":       func(e *impact.Effect) { e.Last = "2023-01" },
			"id":         func(e *impact.Effect) { e.ID = "?" },
		} {
			bad := e
			change(&bad)
			if err := w.Write(ctx, w.organisation, bad, "Ada"); fault.KindOf(err) == "" {
				t.Errorf("another %s: %v", name, err)
			}
		}
		if all, err := w.Effects(ctx, w.organisation, w.initiative); err != nil || len(all) != 1 {
			t.Errorf("%v %v", all, err)
		}
	})
}

func TestAnEffectIsJudgedKeptAndGoesStale(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		e := w.asks(t)
		if k, err := w.Estimate(ctx, w.organisation, e.ID); err != nil || k != nil {
			t.Errorf("before anybody has looked: %v %v", k, err)
		}
		if err := w.Judge(ctx, w.organisation, e.ID, nil); err != nil {
			t.Fatal(err)
		}
		k, err := w.Estimate(ctx, w.organisation, e.ID)
		if err != nil || k == nil {
			t.Fatal(k, err)
		}
		if k.Headline.Low > 2 || k.Headline.High < 2 || k.Finding != impact.Works || k.Units != 30 || k.Treated != 20 || !k.At.Equal(w.now) {
			t.Errorf("%+v %s %d", k.Headline, k.Finding, k.Units)
		}
		// What is kept is what was computed, NaNs and all.
		d, err := w.Data(ctx, w.organisation, e)
		if err != nil {
			t.Fatal(err)
		}
		study, err := d.Study()
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := study.Estimate(d, nil)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(fresh.Staggered.Cells) != fmt.Sprint(k.Staggered.Cells) || fmt.Sprint(fresh.Checks) != fmt.Sprint(k.Checks) || !reflect.DeepEqual(fresh.Periods, k.Periods) {
			t.Error("the kept estimate is another")
		}
		if study.Hash(d) != k.Hash {
			t.Error("it is stale already")
		}
		inPercent := e
		inPercent.Percent = true
		for _, plan := range []impact.Effect{inPercent, e} { // told in another measure it is not shown
			if err := w.Write(ctx, w.organisation, plan, "Ada"); err != nil {
				t.Fatal(err)
			}
			if shown, err := w.Estimate(ctx, w.organisation, e.ID); err != nil || (shown == nil) != plan.Percent {
				t.Errorf("in per cent %v: %v %v", plan.Percent, shown, err)
			}
		}
		w.observe(t, 0.5)
		if d, err = w.Data(ctx, w.organisation, e); err != nil {
			t.Fatal(err)
		}
		if study, err = d.Study(); err != nil || study.Hash(d) == k.Hash {
			t.Errorf("another value does not make it stale: %v", err)
		}
		stopped, cancel := context.WithCancel(ctx)
		cancel()
		if err := w.Judge(stopped, w.organisation, e.ID, nil); err == nil {
			t.Error("work that is stopped ends well")
		}
	})
}

// Why it cannot be estimated is told to everybody who looks, as long as it is so.
func TestWhyAnEffectCannotBeEstimatedIsKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		e := w.asks(t)
		e.Scope, e.Controls = w.unit(t, "East"), impact.NeverTreated // where all start
		refused := func() error {
			t.Helper()
			d, err := w.Data(ctx, w.organisation, e)
			if err != nil {
				t.Fatal(err)
			}
			study, err := d.Study()
			if err != nil {
				t.Fatal(err)
			}
			why, err := w.Refused(ctx, w.organisation, e.ID, study.Hash(d))
			if err != nil {
				t.Fatal(err)
			}
			return why
		}
		if err := w.Write(ctx, w.organisation, e, "Ada"); err != nil || refused() != nil {
			t.Fatal(err)
		}
		err := w.Judge(ctx, w.organisation, e.ID, nil)
		if fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
		for range 2 {
			if why := refused(); why == nil || why.Error() != fault.Of(err).Error() {
				t.Errorf("%v instead of %v", why, err)
			}
		}
		e.Scope = w.unit(t, "All")
		if err := w.Write(ctx, w.organisation, e, "Ada"); err != nil {
			t.Fatal(err)
		}
		if why := refused(); why != nil {
			t.Errorf("of another plan: %v", why)
		}
		if err := w.Judge(ctx, w.organisation, e.ID, nil); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatAnEffectIsWorthAndWhatPeopleThink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		e := w.asks(t)
		m := impact.Money{Amount: 960_000, Low: 670_000, High: 1_250_000, Year: true, Source: " finance ", Hour: 3_000}
		if err := w.SaveMoney(ctx, w.organisation, e.ID, m, "Ada"); err != nil {
			t.Fatal(err)
		}
		m.Source = "finance"
		if _, got, err := w.Effect(ctx, w.organisation, e.ID); err != nil || got != m {
			t.Errorf("%+v %v", got, err)
		}
		if err := w.SaveMoney(ctx, w.organisation, e.ID, impact.Money{Amount: 5}, "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("without a source: %v", err)
		}
		for _, o := range []impact.Opinion{{Who: "a manager", Change: 3, Share: 0.5, Confidence: 0.8}, {Who: "another", Change: 2}} {
			if err := w.SaveOpinion(ctx, w.organisation, e.ID, o); err != nil {
				t.Fatal(err)
			}
			w.now = w.now.Add(time.Second)
		}
		all, err := w.Opinions(ctx, w.organisation, e.ID)
		if err != nil || len(all) != 2 || all[0].Who != "a manager" || math.Abs(impact.Adjusted(all)-0.6) > 1e-12 {
			t.Errorf("%+v %v", all, err)
		}
		if err := w.DeleteOpinion(ctx, w.organisation, e.ID, all[0].ID); err != nil {
			t.Fatal(err)
		}
		if all, _ = w.Opinions(ctx, w.organisation, e.ID); len(all) != 1 {
			t.Errorf("%+v", all)
		}
	})
}

func TestNoOrganisationReadsAnothersEffects(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		e := w.asks(t)
		if err := w.Judge(ctx, w.organisation, e.ID, nil); err != nil {
			t.Fatal(err)
		}
		other, err := w.Org.CreateOrganisation(ctx, org.Organisation{Slug: "others", Name: "Others", Language: "en"}, org.Account{Mail: "eve@example.org", Name: "Eve"})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Effect(ctx, other, e.ID); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		if all, err := w.Effects(ctx, other, ""); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
		if all, err := w.Estimates(ctx, other, ""); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
		if err := w.Write(ctx, other, e, "Eve"); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		if err := w.SaveOpinion(ctx, other, e.ID, impact.Opinion{Who: "Eve"}); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		if _, err := w.Data(ctx, other, e); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		if err := w.Attach(ctx, w.organisation, impact.Attached{Part: "culture", What: "a film", Day: "2026-01-10"}, "3", "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.SaveView(ctx, w.organisation, impact.OwnView{Part: "culture", Account: "ada", Name: "Ada", Score: 3}); err != nil {
			t.Fatal(err)
		}
		if err := w.KeepProfile(ctx, w.organisation, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.SaveDefinition(ctx, w.organisation, impact.ProfileFile, "Ada"); err != nil {
			t.Fatal(err)
		}
		ours, err := w.Attachments(ctx, w.organisation)
		if err != nil || len(ours) != 1 || ours[0].Owner.Name != "Person 3" {
			t.Fatalf("%+v %v", ours, err)
		}
		if all, err := w.Attachments(ctx, other); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
		if err := w.Detach(ctx, other, "culture", ours[0].ID, "Eve"); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		if all, err := w.Views(ctx, other); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
		if all, err := w.KeptProfiles(ctx, other); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
		if _, _, own, err := w.Definition(ctx, other); err != nil || own {
			t.Error(own, err)
		}
		if v, asks, err := w.Involvement(ctx, other, 5); err != nil || len(v.Of)+len(asks) != 0 {
			t.Error(v, err)
		}
	})
}

// Of people an effect is told once for each period that is published, and follows no value that is put
// right later.
func TestAnEffectOnPeopleIsToldOnceAPeriod(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		people, err := w.Strategy.SaveIndicator(ctx, w.organisation, strategy.Indicator{Name: "Talks", Key: "talks", Direction: strategy.Higher, OverUnits: strategy.MeanOfUnits, OverTime: strategy.MeanOfPeriods, Grain: period.Monthly, Perspective: strategy.Customer, Minimum: 5}, "", "Ada")
		if err != nil {
			t.Fatal(err)
		}
		talk := func(from, to int, more float64) {
			t.Helper()
			rng := rand.New(rand.NewPCG(4, 4))
			rows := func(yield func(strategy.Row, error) bool) {
				for n := range 30 {
					for m := range 24 {
						v := math.Round(100*(20+rng.NormFloat64()+more)) / 100
						if n < 12 && m >= 14 {
							v += 3
						}
						if m >= from && m < to && !yield(strategy.Row{Line: 24*n + m, Indicator: "talks", Person: fmt.Sprint(n), Period: string(period.Period("2024-01").Add(m)), Value: &v}, nil) {
							return
						}
					}
				}
			}
			if _, err := w.Strategy.Import(ctx, w.organisation, strategydb.Feed{Rows: rows, Source: "talks.csv", By: "Ada"}); err != nil {
				t.Fatal(err)
			}
		}
		publish := func(from, to int) {
			t.Helper()
			var all []period.Period
			for m := from; m < to; m++ {
				all = append(all, period.Period("2024-01").Add(m))
			}
			if _, err := w.Strategy.Publish(ctx, w.organisation, people, all, "Ada"); err != nil {
				t.Fatal(err)
			}
		}
		talk(0, 24, 0)
		publish(0, 23)
		coaching := id.New()
		if err := w.Effort.SaveInitiative(ctx, w.organisation, coaching, "Person 3", "Ada", func(i *effort.Initiative) { i.Name, i.Kind = "Coaching", effort.Coaching }); err != nil {
			t.Fatal(err)
		}
		starts := func(yield func(effort.StartRow, error) bool) {
			for n := range 12 {
				if !yield(effort.StartRow{Line: n + 2, Person: fmt.Sprint(n), Day: "2025-03-10"}, nil) {
					return
				}
			}
		}
		if came, err := w.Effort.ImportStarts(ctx, w.organisation, coaching, "Ada", starts); err != nil || came != 12 {
			t.Fatal(came, err)
		}
		e := impact.Effect{ID: id.New(), Cause: coaching, Indicator: people, Plan: impact.Plan{Scope: w.unit(t, "East"), First: "2024-01", Method: impact.GroupTime, Seed: 9}}
		if err := w.Write(ctx, w.organisation, e, "Ada"); fault.Of(err) == nil || fault.Of(err).Field != "scope" {
			t.Errorf("of a part: %v", err)
		}
		e.Scope, e.Method = w.unit(t, "All"), impact.OfSeries
		if err := w.Write(ctx, w.organisation, e, "Ada"); fault.Of(err) == nil || fault.Of(err).Field != "method" {
			t.Errorf("of a series: %v", err)
		}
		e.Method = impact.GroupTime
		if err := w.Write(ctx, w.organisation, e, "Ada"); err != nil {
			t.Fatal(err)
		}
		if e, _, err = w.Effect(ctx, w.organisation, e.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Judge(ctx, w.organisation, e.ID, nil); err != nil {
			t.Fatal(err)
		}
		k, err := w.Estimate(ctx, w.organisation, e.ID)
		if err != nil || k == nil || k.Units != 30 || k.Treated != 12 || len(k.Periods) != 23 || math.Abs(k.Headline.ATT-3) > 0.6 {
			t.Fatalf("%d %d %d %+v %s %v", k.Units, k.Treated, len(k.Periods), k.Headline, k.Finding, err)
		}
		talk(20, 23, 5) // put right after it was published
		hash := func() string {
			t.Helper()
			d, err := w.Data(ctx, w.organisation, e)
			if err != nil {
				t.Fatal(err)
			}
			study, err := d.Study()
			if err != nil {
				t.Fatal(err)
			}
			return study.Hash(d)
		}
		if hash() != k.Hash {
			t.Error("a value that was put right is followed")
		}
		another := e
		another.ID, another.Anticipation = id.New(), 1
		if err := w.Write(ctx, w.organisation, another, "Ada"); err != nil {
			t.Fatal(err)
		}
		for _, effect := range []string{e.ID, another.ID} {
			if err := w.Judge(ctx, w.organisation, effect, nil); fault.KindOf(err) != fault.Conflict {
				t.Errorf("told again: %v", err)
			}
		}
		// A plan that ends earlier is no way around it.
		shorter := e
		shorter.ID, shorter.Last = id.New(), "2025-10"
		if err := w.Write(ctx, w.organisation, shorter, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.Judge(ctx, w.organisation, shorter.ID, nil); fault.KindOf(err) != fault.Conflict {
			t.Errorf("of a shorter time: %v", err)
		}
		publish(23, 24)
		if hash() == k.Hash {
			t.Error("another period makes no difference")
		}
		start := func(day period.Day, people ...string) {
			t.Helper()
			_, err := w.Effort.ImportStarts(ctx, w.organisation, coaching, "Ada", func(yield func(effort.StartRow, error) bool) {
				for n, p := range people {
					if !yield(effort.StartRow{Line: n + 2, Person: p, Day: day}, nil) {
						return
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		start("", "3") // of one, whom the difference would tell of
		if err := w.Judge(ctx, w.organisation, another.ID, nil); fault.KindOf(err) != fault.Conflict {
			t.Errorf("with another start of one: %v", err)
		}
		start("2025-03-12", "3")
		if err := w.Judge(ctx, w.organisation, another.ID, nil); err != nil {
			t.Errorf("after another period: %v", err)
		}
		percent := e
		percent.ID, percent.Percent = id.New(), true
		if err := w.Write(ctx, w.organisation, percent, "Ada"); fault.Of(err) == nil || fault.Of(err).Field != "percent" {
			t.Errorf("in per cent: %v", err)
		}
	})
}

// A change of the learning function that came to some units after others is one, whichever of them is asked.
func TestChangesInTheSameWordsAreOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		var made []string
		for _, c := range []effort.Change{
			{Day: "2025-01-10", Text: "Places are booked in the store", Units: []string{w.unit(t, "East")}},
			{Day: "2025-05-01", Text: "Places are booked in the store", Units: []string{w.unit(t, "West")}},
			{Day: "2025-06-01", Text: "One contract"},
		} {
			one, err := w.Effort.SaveChange(ctx, w.organisation, c, "Ada")
			if err != nil {
				t.Fatal(err)
			}
			made = append(made, one)
		}
		all, err := w.Causes(ctx, w.organisation)
		if err != nil || len(all) != 4 || len(impactdb.Distinct(all)) != 3 {
			t.Fatalf("%d causes, %d distinct, %v", len(all), len(impactdb.Distinct(all)), err)
		}
		for _, cause := range made[:2] {
			e := w.asks(t)
			e.ID, e.Cause = id.New(), cause
			if err := w.Write(ctx, w.organisation, e, "Ada"); err != nil {
				t.Fatal(err)
			}
			if err := w.Judge(ctx, w.organisation, e.ID, nil); err != nil {
				t.Fatal(err)
			}
			k, err := w.Estimate(ctx, w.organisation, e.ID)
			if err != nil || k.Treated+len(k.Joint) == 0 || k.Groups != 2 && !k.All {
				t.Errorf("%+v %v", k, err)
			}
		}
	})
}

// The profile is kept once a month by itself, of an organisation without any data too.
func TestTheProfileIsKeptOnceAMonth(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		empty, err := w.Org.CreateOrganisation(ctx, org.Organisation{Slug: "empty", Name: "Empty", Language: "en"}, org.Account{Mail: "eve@example.org", Name: "Eve"})
		if err != nil {
			t.Fatal(err)
		}
		kept := func(organisation string) (days []period.Day) {
			t.Helper()
			all, err := w.KeptProfiles(ctx, organisation)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range all {
				days = append(days, k.Day)
			}
			return days
		}
		for range 2 {
			if err := w.KeepDue(ctx); err != nil {
				t.Fatal(err)
			}
		}
		w.now = w.now.AddDate(0, 0, 20)
		if err := w.KeepDue(ctx); err != nil {
			t.Fatal(err)
		}
		for _, organisation := range []string{w.organisation, empty} {
			if got := fmt.Sprint(kept(organisation)); got != "[2026-02-04 2026-01-15]" {
				t.Errorf("kept on %s", got)
			}
		}
		if all, err := w.KeptProfiles(ctx, empty); err != nil || all[0].Known() {
			t.Errorf("of nothing something is known: %+v %v", all, err)
		}
	})
}
