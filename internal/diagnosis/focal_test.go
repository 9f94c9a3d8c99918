package diagnosis

import (
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

func TestAFocalPointThatCannotBeKept(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	good := func() FocalPoint {
		return FocalPoint{Theme: " Trust each other ", Items: []string{"trust", "fun"}, Promise: .5,
			Recommendations: []Recommendation{{Text: " Talk ", Items: []string{"fun", "fear"}}, {Text: " "}}}
	}
	f := good()
	if err := f.Check(in); err != nil || f.Theme != "Trust each other" || len(f.Recommendations) != 1 || f.Recommendations[0].Text != "Talk" {
		t.Fatalf("%v, %+v", err, f)
	}
	if got := f.Recommendations[0].About(f); len(got) != 1 || got[0] != "fun" {
		t.Errorf("a recommendation is about %v: only what its focal point is about", got)
	}
	for field, bad := range map[string]func(*FocalPoint){
		"theme":          func(f *FocalPoint) { f.Theme = " " },
		"wording":        func(f *FocalPoint) { f.Wording = strings.Repeat("x", 1001) },
		"item":           func(f *FocalPoint) { f.Items = nil },
		"item ":          func(f *FocalPoint) { f.Items = []string{"hours"} }, // an outcome
		"item  ":         func(f *FocalPoint) { f.Items = []string{"fun", "fun"} },
		"promise":        func(f *FocalPoint) { f.Promise = 10 },
		"promise ":       func(f *FocalPoint) { f.Recommendations[0].Promise = -1 },
		"recommendation": func(f *FocalPoint) { f.Recommendations[0].Text = strings.Repeat("x", 501) },
		"recommendation ": func(f *FocalPoint) {
			f.Recommendations = make([]Recommendation, 7)
			for i := range f.Recommendations {
				f.Recommendations[i].Text = "Talk"
			}
		},
	} {
		f := good()
		bad(&f)
		if e := fault.Of(f.Check(in)); e == nil || e.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, e)
		}
	}
}

func TestThreeToFiveFocalPointsAreDecided(t *testing.T) {
	w := Workshop{Day: "2026-03-01"}
	all := []FocalPoint{}
	for n := range 7 {
		if err := w.Ready(all); (err == nil) != (n >= 3 && n <= 5) {
			t.Errorf("%d: %v", n, err)
		}
		all = append(all, FocalPoint{Theme: "A", Wording: "B", OwnerID: "c"})
	}
	for name, spoil := range map[string]func(*Workshop, *FocalPoint){
		"no wording": func(_ *Workshop, f *FocalPoint) { f.Wording = "" },
		"no owner":   func(_ *Workshop, f *FocalPoint) { f.OwnerID = "" },
		"no day":     func(w *Workshop, _ *FocalPoint) { w.Day = "" },
	} {
		w, some := w, append([]FocalPoint{}, all[:3]...)
		spoil(&w, &some[1])
		if err := w.Ready(some); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABallotHasOneToFiveCharacteristics(t *testing.T) {
	in := decodeInstrument(t, HPOFile)
	items := in.Items()
	var ids []string
	for n := range 7 {
		if err := in.Ballot(ids); (err == nil) != (n >= 1 && n <= 5) {
			t.Errorf("%d: %v", n, err)
		}
		ids = append(ids, items[n].ID)
	}
}

// judged has four characteristics on ten points of which two rise by a point and a half and
// two stay, in two countries; the same people have another mind in each wave.
func TestPromisesAreJudgedOnTheFigures(t *testing.T) {
	in := decodeInstrument(t, HPOFile)
	if in.Items()[0].ID != "trust" {
		t.Fatal("trust is not the first")
	}
	then := wave(t, in, tree("all", "a<all", "b<all", "few<all"), 1, map[string][2]float64{"a": {150, 5}, "b": {150, 5}, "few": {20, 5}})
	now := wave(t, in, tree("all", "a<all", "b<all", "few<all"), 2, map[string][2]float64{"a": {150, 6}, "b": {150, 5}, "few": {20, 6}})
	focal := []FocalPoint{
		{Theme: "Kept", Items: []string{"trust", "dialogue"}, Promise: .4, Recommendations: []Recommendation{{Text: "Too much", Promise: 2}, {Text: "One", Items: []string{"trust"}}}},
		{Theme: "Too much", Items: []string{"coaching"}, Promise: .9},
	}
	j := in.Judge(focal, then, now, nil, 1.5)
	for i, want := range []Keeping{PromiseKept, PromisePartly} {
		if got := j.Focal[i].Whole; got.Keeping != want {
			t.Errorf("%s: %s, %+v", focal[i].Theme, got.Keeping, got.Change)
		}
	}
	if a := j.Focal[0].Advice; a[0].Keeping != PromisePartly || a[1].Keeping != NoPromise || *a[1].Then != then.Groups[0].Items[0].Mean {
		t.Errorf("recommendations: %+v", a)
	}
	units := j.Focal[0].Units
	for u, want := range map[string]Movement{"a": Up, "b": Unclear, "few": CannotTell} {
		at, _ := now.Layout.Find(u)
		for _, got := range units {
			if got.Unit == at && got.Movement != want {
				t.Errorf("%s: %+v", u, got)
			}
		}
	}
	if len(units) != 3 || j.Others == nil || *j.Others < .2 || *j.Others > .8 {
		t.Errorf("%d units, the others %v", len(units), j.Others)
	}
	back := in.Judge(focal, now, then, nil, 1.5)
	still := in.Judge(focal, then, then, nil, 1.5)
	if back.Focal[0].Whole.Keeping != PromiseTurned || still.Focal[0].Whole.Keeping != PromiseNotKept {
		t.Errorf("backward %s, beside itself %s", back.Focal[0].Whole.Keeping, still.Focal[0].Whole.Keeping)
	}
	now.Groups[0].Items[0] = nil
	if got := in.Judge([]FocalPoint{{Items: []string{in.Items()[0].ID, "dialogue"}, Promise: 1}}, then, now, nil, 1).Focal[0].Whole; got.Keeping != PromiseUnknown || got.Diff != nil {
		t.Errorf("one is withheld: %+v", got)
	}
}

// What moved is told of the smallest unit that both waves show: of one that is withheld, or that
// the report does not know, of the one above it.
func TestWhatMovedIsToldOfTheSmallestUnitThatIsShown(t *testing.T) {
	in := decodeInstrument(t, HPOFile)
	layout := tree("all", "a<all", "b<all", "a1<a")
	then := wave(t, in, layout, 1, map[string][2]float64{"a": {150, 5}, "b": {150, 5}, "a1": {3, 5}})
	now := wave(t, in, layout, 2, map[string][2]float64{"a": {150, 6}, "b": {150, 5}, "a1": {3, 6}})
	items := []string{"trust", "dialogue"}
	got := in.Moved([]Asked{{"a1", items}, {"a", items}, {"b", items}, {"nowhere", items}, {"a", []string{"no such"}}}, then, now, nil, 1)
	for i, want := range []struct {
		unit string
		m    Movement
	}{{"a", Up}, {"a", Up}, {"b", Unclear}, {"all", Up}, {"all", CannotTell}} {
		if unit := now.Units[got[i].Unit].ID; unit != want.unit || got[i].Movement != want.m {
			t.Errorf("%d: %s %s, want %s %s", i, unit, got[i].Movement, want.unit, want.m)
		}
	}
	once := in.Moved([]Asked{{"a", items}, {"b", items}}, then, now, nil, 1)
	many := in.Moved([]Asked{{"a", items}, {"b", items}, {"a1", items}, {"a1", items}, {"a", items}}, then, now, nil, 1)
	if *once[1].Adjusted != *many[1].Adjusted {
		t.Errorf("what is asked often is adjusted otherwise: %v, %v", *once[1].Adjusted, *many[1].Adjusted)
	}
	if *got[0].Diff != *got[1].Diff || *got[3].Then == *got[1].Then {
		t.Errorf("%v %v %v", *got[0].Diff, *got[1].Diff, *got[3].Then)
	}
}

// TestTheErrorOfAThemeIsNotTooSmall: with the mean of the characteristics' errors, two waves
// in which nothing moves are seldom called a change, also where the characteristics are one.
func TestTheErrorOfAThemeIsNotTooSmall(t *testing.T) {
	in := decodeInstrument(t, []byte(strings.Replace(teams, "max: 5", "max: 10", 1)))
	var ids []string
	for _, it := range in.Items() {
		if it.Factor >= 0 {
			ids = append(ids, it.ID)
		}
	}
	l, of, called := tree("all", "a<all"), map[string][2]float64{"a": {120, 5}}, 0
	const runs = 200
	for s := range uint64(runs) {
		j := in.Judge([]FocalPoint{{Items: ids, Promise: .1}}, wave(t, in, l, 2*s, of), wave(t, in, l, 2*s+1, of), nil, 1)
		if k := j.Focal[0].Whole.Keeping; k != PromiseNotKept {
			called++
		}
	}
	if called > runs*8/100 {
		t.Errorf("%d of %d still organisations are said to have moved", called, runs)
	}
}
