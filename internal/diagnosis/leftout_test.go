package diagnosis

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whoever reads a report knows, for every group, how the answers to each item add up. If a
// factor's mean rested on each person's own mean, that and its items' would give away what
// somebody answered who left one out. So the published means must be the same whoever gave
// which answer, and left out which item.
func TestPublishedMeansDoNotTellWhoLeftAnItemOut(t *testing.T) {
	in := decodeInstrument(t, HPOFile)
	l := tree("all", "a<all", "b<all", "c<b", "d<b")
	l.Roster = true
	for u, n := range map[int32]int{1: 10, 3: 12, 4: 15} {
		l.Combinations = append(l.Combinations, Combination{Unit: u, Invited: n})
	}
	slices.SortFunc(l.Combinations, compareCombinations)
	rng := rand.New(rand.NewPCG(9, 9))
	rows := make([][][]byte, len(l.Combinations))
	for c, k := range l.Combinations {
		for range k.Invited {
			row := make([]byte, len(in.Items()))
			for i := range row {
				row[i] = byte(4 + rng.IntN(6))
			}
			rows[c] = append(rows[c], row)
		}
		rows[c][0][0] = NotAnswered
		rows[c][1][7] = NotAnswered
	}
	report := func() Report {
		a := NewAnswers(in, 0)
		for c := range rows {
			for _, row := range rows[c] {
				if err := a.Append(row, int32(c)); err != nil {
					t.Fatal(err)
				}
			}
		}
		r, err := in.Report(l, a, 5, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	means := func(r Report) (all []*float64) {
		for _, g := range r.Groups {
			all = append(all, g.Overall)
			for _, s := range slices.Concat(g.Factors, g.Items) {
				if s == nil {
					all = append(all, nil)
				} else {
					all = append(all, &s.Mean)
				}
			}
		}
		return all
	}
	first := report()
	for range 20 { // each item's answers change hands within a unit
		for c := range rows {
			for i := range in.Items() {
				rng.Shuffle(len(rows[c]), func(a, b int) { rows[c][a][i], rows[c][b][i] = rows[c][b][i], rows[c][a][i] })
			}
		}
		again := report()
		if diff := cmp.Diff(means(first), means(again)); diff != "" {
			t.Fatalf("other people gave the same answers (-before +after):\n%s", diff)
		}
		for f := range in.Factors {
			if *first.Groups[0].Factors[f].SD != *again.Groups[0].Factors[f].SD {
				return // the answers did change hands
			}
		}
	}
	t.Error("nothing changed hands: the test tests nothing")
}

// three is an instrument of one factor with three items, of which one may be left out.
var three = strings.NewReplacer("max: 5", "max: 10", "factors:", "min_answered: 0.5\nfactors:").Replace(teams) + "      - {id: q3, name: {en: Q3}, text: {en: Q3}}\n"

// An item that one person of a unit answered is withheld there, as is one on which all of
// another unit agree. What is published elsewhere of the same people, or of the factor, must
// not depend on it.
func TestAWithheldItemIsInNoFigureOfItsUnit(t *testing.T) {
	in := decodeInstrument(t, []byte(three))
	l := tree("all", "a<all", "b<all", "c<all")
	l.Roster = true
	l.Attributes = []LayoutAttribute{{Name: "level", Values: []string{"employee", "manager"}}}
	l.Tables = []Table{{Units: true}, {Attributes: []int{0}}, {Units: true, Attributes: []int{0}}}
	l.Simple = []int{0, 1}
	for u, n := range map[int32]int{1: 10, 2: 12, 3: 30} {
		l.Combinations = append(l.Combinations, Combination{Unit: u, Values: []int16{0}, Invited: n})
	}
	l.Combinations = append(l.Combinations, Combination{Unit: 3, Values: []int16{1}, Invited: 20})
	slices.SortFunc(l.Combinations, compareCombinations)
	report := func(lone, agreed byte) Report {
		rng := rand.New(rand.NewPCG(1, 2))
		a := NewAnswers(in, 0)
		for c, k := range l.Combinations {
			for i := range k.Invited {
				row := []byte{byte(4 + rng.IntN(5)), byte(4 + rng.IntN(5)), byte(4 + rng.IntN(5))}
				switch k.Unit {
				case 1:
					if row[2] = NotAnswered; i == 0 {
						row[2] = lone
					}
				case 2:
					row[1] = agreed
				}
				if err := a.Append(row, int32(c)); err != nil {
					t.Fatal(err)
				}
			}
		}
		r, err := in.Report(l, a, 5, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first, looked := report(2, 3), 0
	other := map[int32]Report{1: report(9, 3), 2: report(2, 8)}
	for i, g := range first.Groups {
		if g.Unit != 1 && g.Unit != 2 || g.Verdict != Shown {
			continue
		}
		looked++
		second := other[g.Unit]
		h := second.Groups[i]
		off := func(r Report, g ReportGroup) float64 { return g.Factors[0].Mean - r.Groups[0].Factors[0].Mean }
		if g.Factors[0] == nil || g.Factors[0].SD != nil {
			t.Errorf("unit %d of table %d: %+v", g.Unit, g.Table, g.Factors[0])
			continue
		}
		// The whole has the item too: how far the unit lies from it stays the same.
		if was, is := off(first, g), off(second, h); math.Abs(was-is) > .011 {
			t.Errorf("unit %d of table %d lies %.2f off the whole, %.2f with other answers to an item that is withheld", g.Unit, g.Table, was, is)
		}
		if same := first.Unit(g.Unit); g.Factors[0].Mean != same.Factors[0].Mean {
			t.Errorf("unit %d has %.2f, and in table %d %.2f", g.Unit, same.Factors[0].Mean, g.Table, g.Factors[0].Mean)
		}
	}
	if looked < 3 {
		t.Fatalf("only %d groups are shown", looked)
	}
	if u := first.Unit(1); u.Items[2] != nil {
		t.Fatalf("an item that one person answered is shown: %+v", u.Items[2])
	}
}

// Ten of twelve in D leave out an item with a low mean; in C everybody answers everything.
func TestAUnitKeepsItsScoreWhenAnotherLeavesAnItemOut(t *testing.T) {
	in := decodeInstrument(t, []byte(three))
	l := tree("all", "a<all", "b<all", "c<all", "d<all")
	l.Roster = true
	for u, n := range []int{40, 30, 20, 12} {
		l.Combinations = append(l.Combinations, Combination{Unit: int32(u + 1), Invited: n})
	}
	a, rng, sum := NewAnswers(in, 0), rand.New(rand.NewPCG(5, 5)), 0.0
	for c, k := range l.Combinations {
		for i := range k.Invited {
			row := []byte{byte(8 + rng.IntN(3)), byte(8 + rng.IntN(3)), byte(1 + rng.IntN(4))}
			if k.Unit == 3 {
				sum += float64(int(row[0])+int(row[1])+int(row[2])) / 3
			}
			if k.Unit == 4 && i < 10 {
				row[2] = NotAnswered
			}
			if err := a.Append(row, int32(c)); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := in.Report(l, a, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if u := r.Unit(3); u.Items[2] != nil || u.Factors[0] == nil {
		t.Fatalf("%+v", u) // withheld, or the two answers of D would follow
	}
	near(t, "the factor of C", r.Unit(3).Factors[0].Mean, sum/20, .25)
}

// Of twenty people six answer the factor: its mean is told, its standard deviation is not.
func TestAStandardDeviationRestsOnTenWhoAnsweredTheFactor(t *testing.T) {
	in := decodeInstrument(t, []byte(strings.NewReplacer("max: 5", "max: 10", "factors:", "min_answered: 0\nfactors:").Replace(teams)+`  - id: work
    name: {en: Work}
    items:
      - {id: q3, name: {en: Q3}, text: {en: Q3}}
`))
	l := tree("all", "a<all", "b<all")
	l.Roster = true
	l.Combinations = []Combination{{Unit: 1, Invited: 20}, {Unit: 2, Invited: 20}}
	a, rng := NewAnswers(in, 0), rand.New(rand.NewPCG(7, 7))
	for c := range int32(2) {
		for i := range 20 {
			row := []byte{byte(1 + rng.IntN(9)), byte(1 + rng.IntN(9)), byte(1 + rng.IntN(9))}
			if i >= 6 {
				row[0], row[1] = NotAnswered, NotAnswered
			}
			if err := a.Append(row, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := in.Report(l, a, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for u := range int32(2) {
		g := r.Unit(u + 1)
		if g.Factors[0] == nil || g.Factors[0].SD != nil || g.Factors[1].SD == nil {
			t.Errorf("%s: %+v, %+v", l.Units[u+1].Name, g.Factors[0], g.Factors[1])
		}
	}
}
