package diagnosis

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

// tree makes a layout of units given as "id<parent", parents first.
func tree(units ...string) (l Layout) {
	for _, u := range units {
		id, under, _ := strings.Cut(u, "<")
		parent, ok := l.Find(under)
		if !ok {
			parent = -1
		}
		l.Units = append(l.Units, LayoutUnit{ID: id, Name: strings.ToUpper(id), Parent: parent})
	}
	l.Tables, l.Simple = []Table{{Units: true}}, []int{0}
	return l
}

func TestAUnitIsMadeOfWhatCameToIt(t *testing.T) {
	then := tree("all", "north<all", "n1<north", "n2<north", "south<all", "s1<south", "east<all", "e1<east", "old<all")
	now := tree("all", "north<all", "n1<north", "s1<north", "south<all", "n2<south", "west<all", "new<west")
	merged := map[string]string{"east": "west", "e1": "new", "old": "n1"}
	got := made(then, now, merged)
	name := func(u string) string {
		i, _ := now.Find(u)
		var parts []string
		for _, p := range got[i].parts {
			parts = append(parts, then.Units[p].ID)
		}
		slices.Sort(parts)
		text := strings.Join(parts, " ")
		if got[i].torn {
			text += " torn"
		}
		return text
	}
	for unit, want := range map[string]string{
		"all":   "all",               // whatever moves below it
		"n1":    "n1 old",            // merged
		"north": "north old s1 torn", // n2 went south
		"s1":    "s1",                // only moved
		"south": "n2 south torn",     // s1 went north
		"n2":    "n2",
		"west":  "east", // with e1
		"new":   "e1",
	} {
		if g := name(unit); g != want {
			t.Errorf("%s is made of %q, want %q", unit, g, want)
		}
	}
}

// wave makes a published set in which each unit has so many people around a mean.
func wave(t *testing.T, in *Instrument, l Layout, seed uint64, of map[string][2]float64) *Report {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	a := NewAnswers(in, 0)
	for u, unit := range l.Units {
		n, mean := int(of[unit.ID][0]), of[unit.ID][1]
		if n == 0 {
			continue
		}
		l.Combinations = append(l.Combinations, Combination{Unit: int32(u), Invited: n})
		for range n {
			row := make([]byte, len(in.Items()))
			for i := range row {
				row[i] = byte(min(10, max(1, mean+rng.NormFloat64()*1.2+.5)))
			}
			if err := a.Append(row, int32(len(l.Combinations)-1)); err != nil {
				t.Fatal(err)
			}
		}
	}
	l.Roster = true
	r, err := in.Report(l, a, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestWavesAreComparedFromWhatIsPublished(t *testing.T) {
	in := decodeInstrument(t, []byte(strings.Replace(teams, "max: 5", "max: 10", 1)))
	then := wave(t, in, tree("all", "up<all", "still<all", "few<all", "a<all", "b<all", "tiny<all", "rest<all"), 1,
		map[string][2]float64{"up": {60, 5}, "still": {60, 6}, "few": {8, 5}, "a": {30, 5}, "b": {30, 7}, "tiny": {3, 5}, "rest": {40, 6}})
	now := wave(t, in, tree("all", "up<all", "still<all", "few<all", "a<all", "rest<all", "new<all"), 2,
		map[string][2]float64{"up": {60, 7}, "still": {60, 6}, "few": {8, 8}, "a": {60, 6}, "rest": {40, 6}, "new": {20, 6}})
	if err := in.SameWording(in); err != nil {
		t.Error(err)
	}
	other := *in
	other.Version = "2"
	if err := in.SameWording(&other); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another version: %v", err)
	}
	for name, c := range map[string]struct {
		merged   map[string]string
		unit     string
		movement Movement
		parts    int
	}{
		"two points more":              {nil, "up", Up, 0},
		"the same":                     {nil, "still", Unclear, 0},
		"eight people":                 {nil, "few", CannotTell, 0},
		"nothing was there":            {nil, "new", CannotTell, 0},
		"a with b":                     {map[string]string{"b": "a"}, "a", Unclear, 2},
		"a with b and what is too few": {map[string]string{"b": "a", "tiny": "a"}, "a", CannotTell, 3},
	} {
		w := in.Compare(then, now, c.merged, 1.5)
		u, _ := now.Layout.Find(c.unit)
		got := w.Units[u]
		if got.Factors[0].Movement != c.movement || len(got.Parts) != c.parts {
			t.Errorf("%s: %+v, parts %v", name, got.Factors[0], got.Parts)
		}
	}
	w := in.Compare(then, now, map[string]string{"b": "a"}, 2)
	a, _ := now.Layout.Find("a")
	if c := w.Units[a].Factors[0]; c.Then == nil || *c.Then < 5.5 || *c.Then > 6.5 {
		t.Errorf("a and b together were at %v", c.Then)
	}
	up, _ := now.Layout.Find("up")
	c := w.Units[up].Factors[0]
	if *c.PerYear != *c.Diff/2 || *c.Half <= 0 || *c.Half > .6 || *c.D < 1 || *c.Adjusted < *c.P {
		t.Errorf("%+v", c)
	}
	if w.Factors[0].Movement != Up || w.Units[0].Factors[0].Movement != Up || w.Items[0].P == nil {
		t.Errorf("the whole: %+v", w.Factors[0])
	}
	for _, m := range w.Mixes {
		near(t, "both parts of the change", m.Composition+m.Within, *w.Overall.Diff, .01) // units are rounded
	}
	if len(w.Mixes) != 1 {
		t.Errorf("mixes: %+v", w.Mixes)
	}
	quiet := in.Compare(then, then, nil, 0)
	for _, u := range quiet.Units {
		for _, ch := range u.Factors {
			if ch.Movement != Unclear && ch.Movement != CannotTell || ch.PerYear != nil {
				t.Errorf("beside itself %s moves: %+v", then.Units[u.Unit].Name, ch)
			}
		}
	}
}

// Units that differ by chance alone: the lowest rise by themselves, and it is said.
func TestTheLowestRiseByThemselves(t *testing.T) {
	in := decodeInstrument(t, []byte(strings.Replace(teams, "max: 5", "max: 10", 1)))
	names, of := []string{"all"}, map[string][2]float64{}
	for i := range 60 {
		id := "u" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		names = append(names, id+"<all")
		of[id] = [2]float64{12, 6}
	}
	then, now := wave(t, in, tree(names...), 3, of), wave(t, in, tree(names...), 4, of)
	w := in.Compare(then, now, nil, 1)
	if len(w.Regression) != 1 {
		t.Fatalf("%+v", w.Regression)
	}
	r := w.Regression[0]
	if r.Units != 12 || r.Rise-r.All < .1 || r.Expected < .2 || r.Rise-r.All-r.Expected > .25 || r.Rise-r.All-r.Expected < -.25 {
		t.Errorf("%+v", r)
	}
	for _, u := range w.Units {
		if m := u.Factors[0].Movement; m == Up || m == Down {
			t.Errorf("%s: %s, where nothing has moved", now.Units[u.Unit].Name, m)
		}
	}
}

func TestTheStandardErrorDoesNotTellHowManyAnswered(t *testing.T) {
	sd := 1.9
	for _, people := range []int{30, 60, 100, 150, 1000} {
		told := map[float64]int{}
		for n := people - 5; n <= people; n++ {
			s := Score{SD: &sd}
			s.tellSE(n, people, true)
			told[s.SE]++
			if want := sd / sqrt(n); s.SE < want || people >= 100 && s.SE > want*1.1 || s.SE > want*1.5 {
				t.Errorf("of %d answers: %v, is %v", n, s.SE, want)
			}
		}
		if len(told) > 2 {
			t.Errorf("%d people: six numbers of answers have %d standard errors", people, len(told))
		}
	}
	s := Score{SD: &sd}
	if s.tellSE(99, 99, false); s.SE != 0 {
		t.Errorf("of a small group: %v", s.SE)
	}
	if s.tellSE(29, 29, true); s.SE != 0 {
		t.Errorf("of a small whole: %v", s.SE)
	}
}
