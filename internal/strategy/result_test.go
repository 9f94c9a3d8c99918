package strategy_test

import (
	"strconv"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

func TestResultsOfAPeriodComeTogetherOverIt(t *testing.T) {
	sales, mean, quarterly := monthly, monthly, monthly
	sales.ID, mean.ID, quarterly.ID = "s", "m", "q"
	mean.OverTime, quarterly.Grain = strategy.MeanOfPeriods, period.Quarterly
	quarters := strategy.Total{{Number: period.Period("2026-Q1").Number(), Sum: 7}}
	lines := []strategy.Line{
		{Indicator: sales, Actual: months("2026-01", 10, 20, 30, 40), Planned: months("2026-01", 11, 22, 33)},
		{Indicator: mean, Actual: months("2026-01", 10, 20)},
		{Indicator: quarterly, Actual: quarters},
	}
	for p, want := range map[period.Period][3]string{
		"2026-Q1": {"60/66 3 of 3", "15/- 2 of 3", "7/- 1 of 1"},
		"2026-02": {"20/22 1 of 1", "20/- 1 of 1", ""},
		"2026":    {"100/- 4 of 12", "15/- 2 of 12", "7/- 1 of 4"},
		"2025":    {},
	} {
		got := map[string]string{}
		for _, r := range strategy.ResultsOf(lines, p) {
			got[r.Indicator] = said(r)
		}
		for n, id := range []string{"s", "m", "q"} {
			if got[id] != want[n] {
				t.Errorf("%s in %s: %q, want %q", id, p, got[id], want[n])
			}
		}
	}
	for p, field := range map[period.Period]string{"2026-Q2": "period", "soon": "period", "2026-04": "period"} {
		s := strategy.SignOff{Period: p}
		if err := s.Check("2026-04-15"); fault.Of(err) == nil || fault.Of(err).Field != field {
			t.Errorf("%s: %v", p, err)
		}
	}
	s := strategy.SignOff{Period: "Q1 2026"}
	if err := s.Check("2026-04-15"); err != nil || s.Period != "2026-Q1" {
		t.Errorf("%s, %v", s.Period, err)
	}
}

func said(r strategy.Result) string {
	say := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return brief(*v)
	}
	return say(r.Value) + "/" + say(r.Plan) + " " + brief(float64(r.Periods)) + " of " + brief(float64(r.Of))
}

func TestWhoeverARecognitionIsOfChoosesWhoSeesIt(t *testing.T) {
	ann, unit := org.Ref{ID: "1", Key: "ann"}, org.Ref{ID: "north"}
	of := func(person org.Ref, v strategy.Visible) strategy.Recognition {
		return strategy.Recognition{What: "thanked before all", Unit: unit, Person: person, Visible: v, By: org.By{Person: "bo"}}
	}
	readers := []struct {
		key  string
		path []string
	}{{"ann", []string{"shops", "north"}}, {"bo", []string{"shops"}}, {"abe", []string{"shops", "north"}}, {"deep", []string{"shops", "north", "till"}}, {"sam", []string{"shops", "south"}}, {"", nil}}
	for _, c := range []struct {
		r    strategy.Recognition
		want [6]bool
	}{
		{of(ann, strategy.ToOwner), [6]bool{true, true}},
		{of(ann, strategy.ToUnit), [6]bool{true, true, true, true}},
		{of(ann, strategy.ToAnyone), [6]bool{true, true, true, true, true, true}},
		{of(org.Ref{}, strategy.ToOwner), [6]bool{true, true, true}},
		{of(org.Ref{}, strategy.ToUnit), [6]bool{true, true, true, true}},
	} {
		for n, reader := range readers {
			if got := c.r.SeenBy(reader.key, reader.path); got != c.want[n] {
				t.Errorf("of %q to %s, reader %q: %v", c.r.Person.Key, c.r.Visible, reader.key, got)
			}
		}
	}
	for field, r := range map[string]strategy.Recognition{"recognition": {What: " ", Visible: strategy.ToUnit}, "visible": {What: "x"}} {
		if err := r.Check(); fault.Of(err) == nil || fault.Of(err).Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// The same, summed in another order, is no change.
func TestAResultChangesWithItsFigure(t *testing.T) {
	is := func(v float64) *float64 { return &v }
	for _, c := range []struct {
		then, now *float64
		want      bool
	}{
		{nil, nil, false}, {is(0), nil, true}, {nil, is(0), true}, {is(0), is(0), false}, {is(0), is(1e-6), true},
		{is(41.7), is(41.7 + 1e-14), false}, {is(41.7), is(41.700001), true}, {is(-5), is(5), true},
	} {
		if got := (strategy.Result{Value: c.then}).Changed(c.now); got != c.want {
			t.Errorf("%v, then %v: %t", c.then, c.now, got)
		}
	}
}

func TestASeatNeedsADayThatHasCome(t *testing.T) {
	for _, since := range []period.Day{"", "soon", "2027-01-01"} {
		s := strategy.Seat{Since: since}
		if err := s.Check("2026-04-15"); fault.Of(err) == nil || fault.Of(err).Field != "since" {
			t.Errorf("%q: %v", since, err)
		}
	}
}

func brief(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
