package diagnosis

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"testing"
)

const teams = `
id: teams
version: "1"
languages: [en]
name: {en: Teams}
scale: {min: 1, max: 5}
attributes: [{name: team}]
factors:
  - id: trust
    name: {en: Trust}
    items:
      - {id: q1, name: {en: Q1}, text: {en: Q1}}
      - {id: q2, name: {en: Q2}, text: {en: Q2}}
`

// answersOf gives each team so many rows of answers; those of the teams that are withheld
// come from another seed.
func answersOf(sizes map[string]int, hidden uint64) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		line := 1
		for _, team := range []string{"A", "B", "C", "D", "E"} {
			rng := rand.New(rand.NewPCG(uint64(team[0]), 1))
			if sizes[team] < 10 {
				rng = rand.New(rand.NewPCG(uint64(team[0]), hidden))
			}
			for range sizes[team] {
				line++
				cells := []string{team, fmt.Sprint(1 + rng.IntN(5)), fmt.Sprint(1 + rng.IntN(5))}
				if !yield(Row{Line: line, Cells: cells}, nil) {
					return
				}
			}
		}
	}
}

// Two teams are withheld, A for its size and B because it would tell A's. With an ICC over
// all five, the mean of either would follow from the whole's standard deviation.
func TestAgreementSaysNothingOfWhatIsWithheld(t *testing.T) {
	in := decodeInstrument(t, []byte(teams))
	sizes := map[string]int{"A": 3, "B": 9, "C": 30, "D": 30, "E": 30}
	var before *FileReport
	for hidden := range uint64(3) {
		rd, err := ReadRows(in, []string{"team", "q1", "q2"}, answersOf(sizes, 2+hidden), "team")
		if err != nil {
			t.Fatal(err)
		}
		r, err := in.FileReport(rd, [][]string{{"team"}}, 5, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		withheld := 0
		for _, g := range r.Groups {
			if g.Withheld {
				withheld++
			}
		}
		a := r.Agreement[0]
		if withheld != 2 || a.ICC1 == nil || a.ICC2 == nil || a.RwgJMean == nil {
			t.Fatalf("%d groups are withheld, agreement %+v", withheld, a)
		}
		if before != nil && (*a.ICC1 != *before.Agreement[0].ICC1 || *a.ICC2 != *before.Agreement[0].ICC2 || *a.RwgJMean != *before.Agreement[0].RwgJMean) {
			t.Errorf("other answers in the withheld groups change the agreement: %v and %v", *a.ICC1, *before.Agreement[0].ICC1)
		}
		if before != nil && *r.Factors[0].SD == *before.Factors[0].SD {
			t.Error("other answers in the withheld groups change nothing: the test tests nothing")
		}
		before = r
	}
}

func TestAgreementBetweenUnitsIsOfThoseWhoseDeviationIsPublished(t *testing.T) {
	in := decodeInstrument(t, []byte(teams))
	for small, units := range map[int]int{4: 11, 8: 12} { // withheld, and with them one more; shown without their deviation
		l := Layout{Units: []LayoutUnit{{Parent: -1}}, Tables: []Table{{Units: true}}, Simple: []int{0}}
		a := NewAnswers(in, 0)
		rng := rand.New(rand.NewPCG(1, 1))
		for u := range 14 {
			l.Units = append(l.Units, LayoutUnit{Parent: 0})
			n := 12
			if u < 2 {
				n = small
			}
			l.Combinations = append(l.Combinations, Combination{Unit: int32(u + 1)})
			for range n {
				if err := a.Append([]byte{byte(1 + rng.IntN(5)), byte(1 + (rng.IntN(5)+u)%5)}, int32(u)); err != nil {
					t.Fatal(err)
				}
			}
		}
		r, err := in.Report(l, a, 5, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := r.Agreement[0]
		tally := Count(in, a, len(l.Combinations))
		want := in.Agreements(tally, func(_, g int) bool { s := r.Unit(int32(g + 1)).score(0); return s != nil && s.SD != nil })[0]
		if got.Groups != units || got.ICC1 == nil || math.Abs(*got.ICC1-*want.ICC1) > .0051 || got.RwgJ.Groups != units {
			t.Errorf("%d people in two units: over %d units, %+v; want %+v", small, got.Groups, got, want)
		}
		if got.ICC1 != nil && *got.ICC1 != math.Round(*got.ICC1*100)/100 {
			t.Errorf("ICC(1) is %v", *got.ICC1)
		}
	}
}
