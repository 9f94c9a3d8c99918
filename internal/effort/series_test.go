package effort_test

import (
	"testing"

	"throughline/internal/effort"
	"throughline/internal/org"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// tree is a whole with a part A, under which lies A1, and a part B.
func tree(t *testing.T) *org.Structure {
	t.Helper()
	s, err := org.NewStructure("2026-01-01", []org.Unit{{ID: "w", Name: "W"}, {ID: "a", Name: "A", Parent: org.Ref{ID: "w"}}, {ID: "a1", Name: "A1", Parent: org.Ref{ID: "a"}}, {ID: "b", Name: "B", Parent: org.Ref{ID: "w"}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASeriesHasEveryPeriodOfItsMonths(t *testing.T) {
	var got []string
	var minutes []int64
	for _, p := range effort.Series(euros, twoMonths(t), "quarter", "2025-12", "2026-05") {
		got, minutes = append(got, string(p.Period)), append(minutes, p.Blend().Minutes)
	}
	if diff := cmp.Diff([]string{"2025-Q4", "2026-Q1", "2026-Q2"}, got) + cmp.Diff([]int64{0, 900, 300}, minutes); diff != "" {
		t.Error(diff)
	}
}

// What one learned in two units is one learner, and the months that were added stay as they are.
func TestMonthsOfSeveralUnitsComeTogether(t *testing.T) {
	all := twoMonths(t)
	sum := effort.Together(all, all[1:])
	if len(sum) != 2 || sum[0].Month != "2026-03" {
		t.Fatalf("%+v", sum)
	}
	if a := effort.AccountOf(euros, sum); a.Blend().Minutes != 1500 || a.Learners != 3 {
		t.Errorf("%d minutes, %d learners", a.Blend().Minutes, a.Learners)
	}
	if a := effort.AccountOf(euros, all); a.Blend().Minutes != 1200 {
		t.Errorf("what was added has changed: %d", a.Blend().Minutes)
	}
}

func TestAUnitUnderAnotherOfTheFunctionCountsOnce(t *testing.T) {
	got := effort.Setting{Function: []string{"a", "a1", "b", "gone"}}.Tops(tree(t))
	if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAChangeConcernsWhatLiesAboveAndBelow(t *testing.T) {
	units := tree(t)
	at := func(id string) int { n, _ := units.Find(id); return n }
	for _, c := range []struct {
		of   []string
		at   int
		want bool
	}{{nil, at("b"), true}, {[]string{"a"}, at("a1"), true}, {[]string{"a1"}, at("a"), true}, {[]string{"a1"}, at("b"), false}, {[]string{"b"}, at("a1"), false}, {[]string{"b"}, -1, true}} {
		if got := (effort.Change{Units: c.of}).Concerns(units, c.at); got != c.want {
			t.Errorf("%v at %d: %t", c.of, c.at, got)
		}
	}
}

// 60 and 30 minutes bear a hundred by two and one.
func TestPartOfAnEntryIsWhatSomeUnitsDidAndBear(t *testing.T) {
	e := effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "x", Source: effort.Source{Kind: effort.OfForm, ID: "x"}, Hours: []effort.Hours{{effort.Participant, "a", "1", 60}, {effort.Participant, "b", "2", 30}}, Costs: []effort.Cost{{effort.Supplier, 100, "EUR"}}}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	part, any := e.Within(func(unit string) bool { return unit == "b" })
	if diff := cmp.Diff([]effort.Cost{{effort.Supplier, 33, "EUR"}}, part.Costs); !any || diff != "" || len(part.Hours) != 1 || part.Hours[0].Person != "2" || len(e.Hours) != 2 {
		t.Errorf("%+v %s", part, diff)
	}
	if part, any := e.Within(func(string) bool { return false }); any || !cmp.Equal(part.Hours, []effort.Hours{}, cmpopts.EquateEmpty()) {
		t.Errorf("of others: %+v", part)
	}
	paid := effort.Entry{Unit: "a", Costs: []effort.Cost{{effort.Tuition, 100, "EUR"}}}
	if _, any := paid.Within(func(unit string) bool { return unit == "b" }); any {
		t.Error("a cost of another unit")
	}
	if part, any := paid.Within(func(unit string) bool { return unit == "a" }); !any || len(part.Costs) != 1 {
		t.Errorf("its own cost: %+v", part)
	}
}

// 2,000.00 and 120.00 for 20 hours: 106.00 an hour.
func TestWhatAnHourCosts(t *testing.T) {
	s := effort.AccountOf(euros, twoMonths(t)).Spending()
	near(t, "an hour", s.PerHour(), 10600)
	if (effort.Spending{}).PerHour() != nil {
		t.Error("no hour costs something")
	}
}
