package diagnosis

import (
	"math/rand/v2"
	"slices"
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
