package strategydb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// called has six people in Gent, five in Lublin and two in the office, and for each how many calls they
// took in January; Gent comes to 21, Lublin to 15, the office to 15, all to 51.
func (w *world) called(t testing.TB) (calls string) {
	t.Helper()
	var people, lines []string
	for _, unit := range []struct {
		path   string
		values []int
	}{{"All/Belgium/Gent", []int{1, 2, 3, 4, 5, 6}}, {"All/Poland/Lublin", []int{2, 2, 3, 4, 4}}, {"All/Office", []int{7, 8}}} {
		for n, v := range unit.values {
			people = append(people, fmt.Sprintf("%s#%d", unit.path, n+1))
			lines = append(lines, fmt.Sprintf("calls p%s#%d 2026-01 %d", unit.path, n+1, v))
		}
	}
	w.roster(t, w.organisation, "2026-02-01", people...)
	i := sum("Calls")
	i.Minimum = 5
	calls = w.defines(t, i)
	w.imports(t, lines...)
	return calls
}

func (w *world) publishes(t testing.TB, indicator string, periods ...period.Period) []strategydb.Publication {
	t.Helper()
	all, err := w.Publish(context.Background(), w.organisation, indicator, periods, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatPeopleComeToIsPublishedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		calls := w.called(t)
		if sh := w.sheet(t, "All", calls); sh.Line.ToDate != nil || sh.Line.Withheld != 0 {
			t.Errorf("before it is published: %s, withheld %d", value(sh.Line.ToDate), sh.Line.Withheld)
		}
		p, err := w.Publishing(ctx, w.organisation, calls)
		if err != nil || len(p.Waiting) != 1 || p.Waiting[0].Period != "2026-01" || p.Waiting[0].People != 13 || p.Waiting[0].Units != 3 || p.Waiting[0].Withheld != 3 {
			t.Fatalf("what waits: %+v, %v", p, err)
		}
		w.publishes(t, calls, "2026-01")
		// The whole less Gent and Lublin would be the office's two.
		for unit, want := range map[string]string{"All": "51", "Belgium": "21", "Gent": "21", "Lublin": "-", "Poland": "-", "Office": "-", "Radom": "-"} {
			sh := w.sheet(t, unit, calls)
			withheld := sh.Line.Withheld == period.Period("2026-01").Number()
			if got := value(sh.Line.ToDate); got != want || withheld != (want == "-") {
				t.Errorf("%s comes to %s, withheld %v; want %s", unit, got, withheld, want)
			}
			card := w.card(t, unit)
			if len(card.Lines) != 1 || value(card.Lines[0].ToDate) != want {
				t.Errorf("the scorecard of %s: %+v", unit, card.Lines)
			}
		}
		w.imports(t, "calls pAll/Belgium/Gent#1 2026-01 100", "calls pAll/Office#1 2026-01 70")
		if got := value(w.sheet(t, "Gent", calls).Line.ToDate); got != "21" {
			t.Errorf("a value put right changes what was told to %s", got)
		}
		_, again := w.Publish(ctx, w.organisation, calls, []period.Period{"2026-01"}, "Ada")
		_, running := w.Publish(ctx, w.organisation, calls, []period.Period{"2026-04"}, "Ada")
		_, empty := w.Publish(ctx, w.organisation, calls, []period.Period{"2026-02"}, "Ada")
		_, none := w.Publish(ctx, w.organisation, calls, nil, "Ada")
		_, out := w.TakeOut(ctx, w.organisation, calls, w.unit(t, "Gent"), strategy.Actual, "2026-01", "Ada")
		for want, err := range map[string]error{"is published already": again, "is not over yet": running, "nobody has a value": empty, "choose the periods": none, "is published once, and stays": out} {
			if err == nil || fault.Of(err) == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("want %s: %v", want, err)
			}
		}
		if p, err := w.Publishing(ctx, w.organisation, calls); err != nil || len(p.Waiting) != 0 || len(p.Done) != 1 || p.Done[0].Units != 3 || p.Done[0].By != "Ada" {
			t.Errorf("afterwards: %+v, %v", p, err)
		}
		if err := w.Renew(ctx); err != nil {
			t.Fatal(err)
		}
		if got := value(w.sheet(t, "All", calls).Line.ToDate); got != "51" {
			t.Errorf("renewed, all comes to %s", got)
		}
	})
}

// A month after somebody has gone to another unit, the values of the time before still count where that
// person was.
func TestAValueOfAPersonCountsWhereThePersonWas(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		calls := w.called(t)
		w.now = w.now.AddDate(0, 1, 0)
		var people, lines []string
		for n := range 6 {
			people = append(people, fmt.Sprintf("All/Belgium/Brugge#%d", n), fmt.Sprintf("All/Poland/Lublin#%d", n+1))
			lines = append(lines, fmt.Sprintf("calls pAll/Belgium/Brugge#%d 2026-03 %d", n, n))
		}
		w.roster(t, w.organisation, "2026-03-01", people...)
		w.imports(t, lines...)
		w.publishes(t, calls, "2026-01", "2026-03")
		for unit, want := range map[string]string{"Gent": "21", "Brugge": "15", "Belgium": "36"} {
			if got := value(w.sheet(t, unit, calls).Line.ToDate); got != want {
				t.Errorf("%s comes to %s, want %s", unit, got, want)
			}
		}
	})
}

func TestAPersonsValuesAreReadByTheOwnGoalAndKeepWhatTheyWere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		calls := w.called(t)
		w.imports(t, "calls pAll/Belgium/Gent#1 2026-02 10", "calls pAll/Belgium/Gent#1 2026-01 5")
		ann := w.person(t, "All/Belgium/Gent#1")
		f, err := w.PersonFigures(ctx, w.organisation, ann, 0)
		if err != nil || len(f.Of) != 1 || value(f.Of[0].ToDate) != "15" || len(f.Of[0].Revisions) != 1 || f.Of[0].Revisions[0].Value != 1 || f.Origins[f.Of[0].Revisions[0].By].Source != "kpi.csv" {
			t.Fatalf("Ann's figures: %+v, %v", f, err)
		}
		aim := 120.
		goal := w.aims(t, "", "All/Belgium/Gent#1", "I take every call", func(g *strategy.Goal) { g.Indicator, g.Aim = calls, &aim })
		v, err := w.Goal(ctx, w.organisation, goal, nil)
		if err != nil || v.Line == nil || value(v.Line.ToDate) != "15" {
			t.Errorf("the goal reads %+v, %v", v.Line, err)
		}
		sight, err := w.Sight(ctx, w.organisation, ann, nil)
		if err != nil || !sight.Figures || value(sight.Chains[0].Steps[0].Line.ToDate) != "15" {
			t.Errorf("the line of sight reads %+v, %v", sight.Chains, err)
		}
		if _, err := w.TakeOutOf(ctx, w.organisation, calls, ann, "2026-01", "Bo"); err != nil {
			t.Fatal(err)
		}
		f, err = w.PersonFigures(ctx, w.organisation, ann, 2026)
		if err != nil || value(f.Of[0].ToDate) != "10" || len(f.Of[0].Revisions) != 2 {
			t.Errorf("taken out: %+v, %v", f, err)
		}
		changed := sum("Calls")
		changed.ID = calls
		if _, err := w.SaveIndicator(ctx, w.organisation, changed, "", "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("values of people become those of units: %v", err)
		}
		changed.Minimum, changed.OverUnits = 5, strategy.MeanOfUnits
		if _, err := w.SaveIndicator(ctx, w.organisation, changed, "", "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a sum of people becomes a mean: %v", err)
		}
	})
}

func TestNoMethodOfPeoplesFiguresSeesAnotherOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		calls := w.called(t)
		ann := w.person(t, "All/Belgium/Gent#1")
		stranger := w.founded(t, "strangers")
		w.roster(t, stranger, "2026-01-01", "Theirs/One")
		_, figures := w.PersonFigures(ctx, stranger, ann, 0)
		_, publishing := w.Publishing(ctx, stranger, calls)
		_, publish := w.Publish(ctx, stranger, calls, []period.Period{"2026-01"}, "Eve")
		_, out := w.TakeOutOf(ctx, stranger, calls, ann, "2026-01", "Eve")
		for n, err := range []error{figures, publishing, publish, out} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%d: %v", n, err)
			}
		}
		if b, err := w.Book(ctx, w.organisation); err != nil || !slices.ContainsFunc(b.Indicators, strategy.Indicator.OfPeople) || len(b.People) < 13 {
			t.Errorf("the own book: %v", err)
		}
	})
}
