package diagnosis

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

// shownNames publishes a small case and names the shown groups below the whole
// by letters: units by name, values of the one attribute by name.
func shownNames(t *testing.T, units, values []string, parent []int32, people map[[2]string]int32, tables []Table) []string {
	t.Helper()
	cells := Cells{Parent: parent}
	var answered System
	for _, k := range slices.SortedFunc(maps.Keys(people), func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) }) {
		cells.Unit = append(cells.Unit, int32(slices.Index(units, k[0])))
		cells.Value = append(cells.Value, []int16{int16(slices.Index(values, k[1]))})
		answered = append(answered, people[k])
	}
	p, err := Publish(cells, tables, []System{answered}, nil, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Groups[0].Table != Whole || !p.GroupShown(0) || p.UnitsOnly {
		t.Errorf("the whole should come first and be shown: %+v", p)
	}
	var names []string
	for g, group := range p.Groups {
		switch {
		case !p.GroupShown(g) || group.Table == Whole:
		case len(tables[group.Table].Attributes) > 0:
			names = append(names, values[group.Values[0]])
		case group.Unit > 0:
			names = append(names, units[group.Unit])
		}
	}
	slices.Sort(names)
	return names
}

// The three cases of the specification of withholding, minimum 5.
func TestOneGroupInsideAnotherWithholdsWhatRemains(t *testing.T) {
	// L0 11 - A 8 would be the 3 of L0 in B.
	got := shownNames(t, []string{"whole", "A", "B", "C"}, []string{"L0", "L1"}, []int32{-1, 0, 0, 0},
		map[[2]string]int32{{"A", "L0"}: 8, {"B", "L0"}: 3, {"B", "L1"}: 9, {"C", "L1"}: 10},
		[]Table{{Units: true}, {Attributes: []int{0}}})
	if want := []string{"A", "B", "C"}; !slices.Equal(got, want) {
		t.Errorf("shown %v, want %v", got, want)
	}
}

func TestWithheldWhenTheRemainderIsTooSmall(t *testing.T) {
	got := shownNames(t, []string{"whole", "X", "Y", "P", "Q"}, []string{"-"}, []int32{-1, 0, 0, 1, 1},
		map[[2]string]int32{{"P", "-"}: 6, {"Q", "-"}: 5, {"Y", "-"}: 3}, []Table{{Units: true}})
	if want := []string{"P"}; !slices.Equal(got, want) {
		t.Errorf("shown %v, want %v", got, want)
	}
}

func TestSumOfOverlappingGroupsWithholds(t *testing.T) {
	// L0 6 + L1 8 - U1 12 would be the 2 of L1 in U2.
	got := shownNames(t, []string{"whole", "U1", "U2", "U3"}, []string{"L0", "L1", "L2"}, []int32{-1, 0, 0, 0},
		map[[2]string]int32{{"U1", "L0"}: 6, {"U1", "L1"}: 6, {"U2", "L1"}: 2, {"U2", "L2"}: 8, {"U3", "L2"}: 9},
		[]Table{{Units: true}, {Attributes: []int{0}}})
	if want := []string{"L1", "U1", "U2", "U3"}; !slices.Equal(got, want) {
		t.Errorf("shown %v, want %v", got, want)
	}
}

// oneWay is an organisation of one attribute without units.
func oneWay(counts ...int32) (Cells, System) {
	cells := Cells{Parent: []int32{-1}}
	for v := range counts {
		cells.Unit = append(cells.Unit, 0)
		cells.Value = append(cells.Value, []int16{int16(v)})
	}
	return cells, counts
}

func TestReasonTellsTooFewFromWorkable(t *testing.T) {
	cells, answered := oneWay(20, 12, 2, 1, 1)
	p, err := Publish(cells, []Table{{Attributes: []int{0}}}, []System{answered}, nil, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Verdict{Shown, Shown, Workable, TooFew, TooFew, TooFew}; !slices.Equal(p.Verdicts, want) {
		t.Errorf("verdicts %v, want %v", p.Verdicts, want)
	}
}

func TestGroupNeedsEveryJointSystem(t *testing.T) {
	// All groups have the answers; of the second all but 3 of the invited follow from the rest.
	cells, answered := oneWay(9, 9, 0)
	invited := System{10, 10, 3}
	p, err := Publish(cells, []Table{{Attributes: []int{0}}}, []System{answered, invited}, nil, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Verdict{Shown, Shown, Workable, TooFew}; !slices.Equal(p.Verdicts, want) {
		t.Errorf("verdicts %v, want %v", p.Verdicts, want)
	}
}

func TestOwnSystemWithholdsItsFigureOnly(t *testing.T) {
	cells, answered := oneWay(20, 12, 6)
	own := []OwnSystem{
		{People: System{20, 12, 4}, Tables: []int{0}}, // direct: 6 left out, 12 goes with it
		{People: System{19, 11, 5}, Tables: []int{0}},
		{People: answered, Tables: []int{0}},
		{People: System{0, 0, 4}, Tables: []int{0}},
		{People: System{9, 2, 2}, Tables: nil}, // stands in the whole only
	}
	p, err := Publish(cells, []Table{{Attributes: []int{0}}}, []System{answered}, own, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(p.Verdicts, func(v Verdict) bool { return v != Shown }) {
		t.Errorf("an own system withheld a group: %v", p.Verdicts)
	}
	want := [][]int32{{2, 3}, nil, nil, {0, 1, 2, 3}, nil}
	if !reflect.DeepEqual(p.Null, want) {
		t.Errorf("null %v, want %v", p.Null, want)
	}
	if p.FigureShown(0, 3) || !p.FigureShown(1, 3) {
		t.Error("FigureShown disagrees with Null")
	}
}

func TestWholeBelowTheMinimumShowsNothing(t *testing.T) {
	cells, answered := oneWay(3, 1)
	p, err := Publish(cells, []Table{{Attributes: []int{0}}}, []System{answered}, nil, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Verdict{TooFew, TooFew, TooFew}; !slices.Equal(p.Verdicts, want) {
		t.Errorf("verdicts %v, want %v", p.Verdicts, want)
	}
}

func TestNobodyAtAllPublishesNothing(t *testing.T) {
	p, err := Publish(Cells{Parent: []int32{-1}}, []Table{{Units: true}}, []System{{}}, nil, 5, 1, nil)
	if err != nil || len(p.Verdicts) != 0 && p.Verdicts[0] == Shown {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestInnerUnitsOwnStaffCountAsAChild(t *testing.T) {
	// 4 belong to the whole directly: A and B both shown would leave them open.
	got := shownNames(t, []string{"whole", "A", "B"}, []string{"-"}, []int32{-1, 0, 0},
		map[[2]string]int32{{"whole", "-"}: 4, {"A", "-"}: 9, {"B", "-"}: 7}, []Table{{Units: true}})
	if want := []string{"A"}; !slices.Equal(got, want) {
		t.Errorf("shown %v, want %v", got, want)
	}
}

func TestDepthLimitsTheUnits(t *testing.T) {
	cells := Cells{Parent: []int32{-1, 0, 1}, Unit: []int32{2}, Value: [][]int16{{}}}
	groups, members := Groups(cells, []Table{{Units: true, Depth: 1}})
	if want := []Group{{Table: Whole}, {Unit: 0}, {Unit: 1}}; !slices.Equal(groups, want) {
		t.Errorf("groups %v, want %v", groups, want)
	}
	for g, m := range members {
		if !slices.Equal(m, []int32{0}) {
			t.Errorf("group %d has cells %v", g, m)
		}
	}
}

func TestPublishedSurvivesStorage(t *testing.T) {
	cells, answered := oneWay(20, 12, 6)
	own := []OwnSystem{{People: System{20, 12, 4}, Tables: []int{0}}}
	p, err := Publish(cells, []Table{{Attributes: []int{0}}}, []System{answered}, own, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back Published
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(p, back) {
		t.Errorf("%s came back as %+v (%v)", text, back, err)
	}
}

func TestProgressEndsAtTheTotal(t *testing.T) {
	cells, answered := oneWay(20, 12, 6)
	last, total := 0, 0
	_, err := Publish(cells, []Table{{Attributes: []int{0}}}, []System{answered}, []OwnSystem{{People: System{20, 12, 4}, Tables: []int{0}}}, 5, 1, func(d, n int) {
		if d < last || d > n || total != 0 && n != total {
			t.Errorf("progress went from %d to %d of %d (before: of %d)", last, d, n, total)
		}
		last, total = d, n
	})
	if err != nil || total != 8 || last != total {
		t.Errorf("ended at %d of %d: %v", last, total, err)
	}
}

func TestWithholdingNamesTheCallersMistake(t *testing.T) {
	cells, answered := oneWay(20, 12)
	for _, c := range []struct {
		tables  []Table
		minimum int
		want    string
	}{
		{nil, 1, "at least 2 people, not 1"},
		{[]Table{{Attributes: []int{0, 0, 0, 0, 0}}}, 5, "at most 4 attributes, not 5"},
	} {
		_, err := Publish(cells, c.tables, []System{answered}, nil, c.minimum, 1, nil)
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

func TestWithholdingRefusesInputThatDoesNotFit(t *testing.T) {
	good, answered := oneWay(20, 12)
	for name, c := range map[string]struct {
		cells  Cells
		joint  []System
		tables []Table
	}{
		"no joint system":      {good, nil, nil},
		"short system":         {good, []System{{1}}, nil},
		"negative count":       {good, []System{{1, -1}}, nil},
		"unknown attribute":    {good, []System{answered}, []Table{{Attributes: []int{1}}}},
		"no root":              {Cells{Parent: nil}, []System{{}}, nil},
		"parent after child":   {Cells{Parent: []int32{-1, 2, 0}}, []System{{}}, nil},
		"unknown unit":         {Cells{Parent: []int32{-1}, Unit: []int32{1}, Value: [][]int16{{}}}, []System{{1}}, nil},
		"attribute is missing": {Cells{Parent: []int32{-1}, Unit: []int32{0, 0}, Value: [][]int16{{1}, {}}}, []System{{1, 1}}, nil},
	} {
		if _, err := Publish(c.cells, c.tables, c.joint, nil, 5, 1, nil); err == nil || fault.Of(err) != nil {
			t.Errorf("%s: got %v, want an error of ours", name, err)
		}
	}
}

func TestGroupWhoseSearchRunsOutOfEffortIsRefused(t *testing.T) {
	groups := cover{members: [][]int32{{0, 1, 2}, {0}}}
	d := newDisclosure(groups, System{20, 12, 6}, 5)
	if !d.accepts(0) {
		t.Fatal("the whole should be accepted")
	}
	d.show()
	if !d.accepts(1) {
		t.Fatal("20 of 38 should be accepted")
	}
	d.search.effort = -1
	circuits := view{{class: d.notices[0].class, seen: 1}}
	if !d.search.meets(circuits, 4) {
		t.Error("a search without effort should count as one that found something")
	}
}
