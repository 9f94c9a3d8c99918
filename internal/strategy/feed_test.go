package strategy_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"

	"github.com/google/go-cmp/cmp"
)

func book(t testing.TB) strategy.Book {
	t.Helper()
	root := org.Ref{ID: "r"}
	units, err := org.NewStructure("2026-04-15", []org.Unit{{ID: "r", Key: "NM", Name: "Noord"}, {ID: "a", Key: "S1", Name: "Gent", Parent: root}, {ID: "b", Key: "S2", Name: "Brugge", Parent: root}, {ID: "c", Key: "S3", Name: "Brugge", Parent: root}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	mean := monthly
	mean.ID, mean.Key, mean.Name, mean.Direction, mean.OverUnits, mean.OverTime = "m", "waiting", "Waiting", strategy.Within, strategy.MeanOfUnits, strategy.MeanOfPeriods
	ended := monthly
	ended.ID, ended.Key, ended.Name, ended.Ended = "e", "old", "Old", "2025-12-31"
	sales := monthly
	sales.ID = "s"
	return strategy.Book{Indicators: []strategy.Indicator{sales, mean, ended}, Units: units, Today: "2026-04-15"}
}

func of(v float64) *float64 { return &v }

func rows(all ...strategy.Row) iter.Seq2[strategy.Row, error] {
	return func(yield func(strategy.Row, error) bool) {
		for n, row := range all {
			row.Line = n + 2
			if !yield(row, nil) {
				return
			}
		}
	}
}

func TestAFeedIsRead(t *testing.T) {
	f, err := strategy.Gather(book(t), rows(
		strategy.Row{Indicator: "waiting", Unit: "S2", Period: "2026-02", Value: of(4.5)},
		strategy.Row{Indicator: " Sales ", Unit: "Gent", Period: "2026-02", Value: of(120), Plan: of(130)},
		strategy.Row{Indicator: "sales", Unit: "S1", Period: "2026-01-01", Value: of(0)},
		strategy.Row{Indicator: "sales", Unit: "S1", Period: "2026-12", Plan: of(140)},
		strategy.Row{Indicator: "waiting", Unit: "NM", Period: "2026", Target: of(3), High: of(4)},
	))
	if err != nil {
		t.Fatal(err)
	}
	month := func(p period.Period, v float64) strategy.Point { return strategy.Point{Number: p.Number(), Value: v} }
	want := strategy.Feed{Cells: []strategy.Cell{
		{Indicator: 0, Of: 3, Kind: strategy.Actual, Point: month("2026-01", 0), Line: 4},
		{Indicator: 0, Of: 3, Kind: strategy.Actual, Point: month("2026-02", 120), Line: 3},
		{Indicator: 0, Of: 3, Kind: strategy.Plan, Point: month("2026-02", 130), Line: 3},
		{Indicator: 0, Of: 3, Kind: strategy.Plan, Point: month("2026-12", 140), Line: 5},
		{Indicator: 1, Of: 1, Kind: strategy.Actual, Point: month("2026-02", 4.5), Line: 2},
	}, Targets: []strategy.TargetCell{{Indicator: 1, Unit: 0, Target: strategy.Target{Year: 2026, Value: 3, High: 4}, Line: 6}}}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsWrongInAFeedIsNamedByLine(t *testing.T) {
	ok := strategy.Row{Indicator: "sales", Unit: "S1", Period: "2026-02", Value: of(1)}
	with := func(change func(*strategy.Row)) strategy.Row {
		row := ok
		change(&row)
		return row
	}
	for _, c := range []struct {
		rows []strategy.Row
		want string
	}{
		{[]strategy.Row{ok, with(func(r *strategy.Row) { r.Unit = "S9" })}, `line 3: there is no unit "S9"`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Unit = " " })}, `line 2: the unit is empty`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Unit = "Brugge" })}, `line 2: several units are called Brugge`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Indicator = "profit" })}, `line 2: there is no indicator "profit"`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Indicator = "" })}, `line 2: the indicator is empty`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Indicator = "old" })}, `line 2: Old is not measured any more since 2025-12-31`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Period = "soon" })}, `line 2: "soon" is not a period`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Period = "2026-Q1" })}, `line 2: Sales is measured in periods such as 2026-04, and 2026-Q1 is none`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Period = "2026-05" })}, `line 2: 2026-05 has not begun yet`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Value, r.Plan, r.Period = nil, of(1), "2050-01" })}, `line 2: 2050-01 is too far ahead for a plan`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Value = nil })}, `line 2: there is no value`},
		{[]strategy.Row{ok, ok}, `line 3: Sales of Gent for 2026-02 stands in line 2 already`},
		{[]strategy.Row{ok, with(func(r *strategy.Row) { r.Unit = "Gent" })}, `line 3: Sales of Gent for 2026-02 stands in line 2 already`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Value, r.Baseline = nil, of(3) })}, `line 2: a baseline needs its target`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Period, r.Value, r.Baseline, r.Target = "2026", nil, of(3), of(3) })}, `line 2: the target equals its baseline`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Period, r.Value, r.Target = "2026-Q1", nil, of(3) })}, `line 2: a target is of a year, such as 2026`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Indicator, r.Value, r.Target = "waiting", nil, of(3) })}, `line 2: a range needs an upper end above its lower end`},
		{[]strategy.Row{with(func(r *strategy.Row) { r.Value, r.Target = nil, of(3) }), with(func(r *strategy.Row) { r.Value, r.Target = nil, of(4) })}, `line 3: the target of Sales for Gent in 2026 stands in line 2 already`},
		{nil, `there is no row with a value, a plan or a target`},
	} {
		f, err := strategy.Gather(book(t), rows(c.rows...))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want) || len(f.Cells) > 0 {
			t.Errorf("got %v with %v, want %s", err, f, c.want)
		}
	}
}

func TestEveryMistakeIsToldUpToALimit(t *testing.T) {
	bad := slices.Repeat([]strategy.Row{{Indicator: "sales", Unit: "S9", Period: "2026-01", Value: of(1)}}, 500)
	_, err := strategy.Gather(book(t), rows(bad...))
	var all interface{ Unwrap() []error }
	if !errors.As(err, &all) || len(all.Unwrap()) != 100 {
		t.Errorf("%v", err)
	}
	broken := func(yield func(strategy.Row, error) bool) { yield(strategy.Row{}, errors.New("the disk is gone")) }
	if _, err := strategy.Gather(book(t), broken); err == nil || fault.Of(err) != nil {
		t.Errorf("an error of ours stays one: %v", err)
	}
}

func FuzzGather(f *testing.F) {
	f.Add("sales", "S1", "2026-01", 1.5, 2.0)
	f.Add("waiting", "Brugge", "Q1 2026", -0.0, 1e308)
	b := book(f)
	f.Fuzz(func(t *testing.T, indicator, unit, p string, value, target float64) {
		read, err := strategy.Gather(b, rows(strategy.Row{Indicator: indicator, Unit: unit, Period: p, Value: &value, Target: &target}))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || err.Error() == "" {
				t.Errorf("%v", err)
			}
			return
		}
		if len(read.Cells) != 1 || period.At(period.Monthly, read.Cells[0].Number).Grain() != period.Monthly {
			t.Errorf("%+v", read)
		}
	})
}

func TestTheShippedDefinitionsAreWhole(t *testing.T) {
	for _, language := range []string{"en", "nl"} {
		all, err := strategy.Shipped(language)
		if err != nil || len(all) < 7 {
			t.Fatalf("%d, %v", len(all), err)
		}
		var byKey []strategy.Indicator
		for _, i := range all {
			if err := i.Check(); err != nil || i.Formula == "" || i.Definition == "" || i.Measure == "" {
				t.Errorf("%s in %s: %v", i.Key, language, err)
			}
			i.ID = i.Key
			byKey = append(byKey, i)
		}
		if err := strategy.CheckWeights(byKey); err != nil {
			t.Error(err)
		}
	}
	en, _ := strategy.Shipped("en")
	var keys []string
	for _, i := range strategy.Chosen(en, []strategy.Indicator{{Key: "revenue"}}, []string{"revenue", "turnover"}) {
		keys = append(keys, i.Key)
	}
	if want := []string{"staff", "turnover"}; !slices.Equal(keys, want) {
		t.Errorf("chosen: %q, want %q", keys, want)
	}
}
