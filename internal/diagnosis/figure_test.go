package diagnosis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// respond packs responses into one cell each way the tests need them.
func respond(t testing.TB, in *Instrument, cell int32, a *Answers, given ...map[string]string) {
	t.Helper()
	for _, g := range given {
		row, err := in.Pack(g)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Append(row, cell); err != nil {
			t.Fatal(err)
		}
	}
}

type given = map[string]string

func TestFactorIsTheMeanOfPersonsMeansWithReversedItemsTurnedRound(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	a := NewAnswers(in, 0)
	respond(t, in, 0, a,
		given{"trust": "9", "fear": "3", "help": "7", "fun": "5", "hours": "6"}, // lead (9+8+7)/3 = 8
		given{"trust": "4", "help": "?", "fun": "6", "hours": "10"},             // lead 4
	)
	tally := Count(in, a, 1)
	lead := tally.Factor(0, 0)
	near(t, "lead", lead.Mean, 6, 1e-12)
	near(t, "sd of lead", lead.SD, math.Sqrt(8), 1e-12)
	if lead.N != 2 || lead.Alike {
		t.Errorf("lead is %+v", lead)
	}
	fear := tally.Item(0, 1)
	near(t, "fear", fear.Mean, 8, 0)
	if want := []int32{0, 0, 0, 0, 0, 0, 0, 1, 0, 0}; !reflect.DeepEqual(fear.Histogram, want) || fear.N != 1 || !fear.Alike {
		t.Errorf("fear is %+v", fear)
	}
	hours := tally.Item(0, 4)
	near(t, "hours", hours.Mean, 8, 0)
	if len(hours.Histogram) != 11 || hours.Histogram[4] != 1 {
		t.Errorf("hours is %+v", hours)
	}
	overall, ok := tally.Overall(0)
	near(t, "overall", overall, (6+5.5)/2, 1e-12)
	if !ok {
		t.Error("there is no overall score")
	}
}

func TestRespondentCountsByShareAnsweredAndAnAnswerInEveryFactor(t *testing.T) {
	for _, c := range []struct {
		name  string
		share float64
		given given
		want  int32
	}{
		{"half of four", 0.5, given{"trust": "1", "fun": "1"}, 1},
		{"nothing in one factor", 0.5, given{"trust": "1", "fear": "1", "help": "1"}, 0},
		{"a quarter", 0.5, given{"fun": "1"}, 0},
		{"an abstention is no answer", 0.75, given{"trust": "1", "fear": "?", "help": "n/a", "fun": "1"}, 0},
		{"three of four", 0.75, given{"trust": "1", "fear": "?", "help": "1", "fun": "1"}, 1},
		{"an abstention is no answer in a factor", 0.5, given{"trust": "1", "fear": "1", "help": "1", "fun": "?"}, 0},
		{"outcomes are not in the share", 0.75, given{"trust": "1", "fear": "1", "hours": "8"}, 0},
		{"everybody", 0, given{}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := decodeInstrument(t, []byte(small))
			in.MinAnswered = &c.share
			a := NewAnswers(in, 0)
			respond(t, in, 0, a, c.given)
			tally := Count(in, a, 1)
			if tally.Responses[0] != 1 || tally.Counted[0] != c.want {
				t.Errorf("%d of %d count, want %d", tally.Counted[0], tally.Responses[0], c.want)
			}
			if n := tally.ItemN(4)[0]; c.want == 0 && n != 0 {
				t.Errorf("%d answers of somebody who does not count", n)
			}
		})
	}
}

func TestEightTenthsOfThirtyFiveItemsIsTwentyEight(t *testing.T) {
	in := decodeInstrument(t, HPOFile)
	for answered, want := range map[int]int32{27: 0, 28: 1} {
		row := make([]byte, len(in.Items()))
		for i := range answered {
			row[34-i] = 5 // from the last factor backwards, so that the first has some of its items
		}
		a := NewAnswers(in, 1)
		if err := a.Append(row, 0); err != nil {
			t.Fatal(err)
		}
		if got := Count(in, a, 1).Counted[0]; got != want {
			t.Errorf("with %d items answered, %d count, want %d", answered, got, want)
		}
	}
}

func TestWithoutMinimumAFactorCountsWhoeverAnsweredOneOfItsItems(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	none := 0.0
	in.MinAnswered = &none
	a := NewAnswers(in, 0)
	respond(t, in, 0, a, given{"trust": "1"}, given{"trust": "2"}, given{"fun": "3"}, given{})
	tally := Count(in, a, 1)
	if lead, work := tally.FactorN(0)[0], tally.FactorN(1)[0]; lead != 2 || work != 1 || tally.Counted[0] != 4 {
		t.Errorf("lead %d, work %d, counted %d; want 2, 1, 4", lead, work, tally.Counted[0])
	}
}

func TestFigureSaysWhenAllPersonsAreAlike(t *testing.T) {
	for _, c := range []struct {
		name  string
		given []given
		want  bool
	}{
		{"one person", []given{{"trust": "4", "fun": "1"}}, true},
		{"same mean of other answers", []given{{"trust": "4", "help": "4", "fun": "1"}, {"trust": "3", "help": "5", "fun": "1"}}, true},
		{"same mean of fewer answers", []given{{"trust": "6", "help": "8", "fun": "1"}, {"trust": "7", "fun": "1"}}, true},
		{"another mean", []given{{"trust": "4", "fun": "1"}, {"trust": "5", "fun": "1"}}, false},
		{"everybody at the lowest", []given{{"trust": "1", "fun": "1"}, {"trust": "1", "fun": "1"}}, true},
		{"alike again after another", []given{{"trust": "4", "fun": "1"}, {"trust": "5", "fun": "1"}, {"trust": "4", "fun": "1"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := decodeInstrument(t, []byte(small))
			a := NewAnswers(in, 0)
			for i, g := range c.given {
				respond(t, in, int32(i), a, g)
			}
			whole := Count(in, a, len(c.given)).Group(make([]int32, len(c.given)), 1)
			got := whole.Factor(0, 0)
			if got.N != len(c.given) || got.Alike != c.want || (got.Alike && got.SD != 0) {
				t.Errorf("got %+v, want alike %v", got, c.want)
			}
		})
	}
}

// TestFiguresAgreeWithADirectComputation rebuilds every figure of random answers
// from lists of numbers.
func TestFiguresAgreeWithADirectComputation(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	rng := rand.New(rand.NewPCG(7, 7))
	a := NewAnswers(in, 0)
	const cells = 9
	for range 500 {
		g := given{"hours": fmt.Sprint(6 + rng.IntN(11))}
		for _, id := range []string{"trust", "fear", "help", "fun"} {
			if v := rng.IntN(12); v > 0 {
				g[id] = []string{"?", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}[v-1]
			}
		}
		respond(t, in, int32(rng.IntN(cells)), a, g)
	}
	tally := Count(in, a, cells)
	for c := range cells {
		var lead, fear, hours []float64
		for r := range a.Len() {
			v := make([]float64, 5)
			sum, n := 0.0, 0.0
			for i, it := range in.Items() {
				x, ok := it.Scale.Value(a.Columns[i][r])
				if it.Reversed {
					x = it.Scale.Min + it.Scale.Max - x
				}
				if !ok {
					x = 0
				}
				v[i] = float64(x)
				if i < 4 && ok {
					n++
				}
			}
			k := 0.0
			for i := range 3 {
				if v[i] > 0 {
					sum, k = sum+v[i], k+1
				}
			}
			if int(a.Cell[r]) != c || n < 2 || k == 0 || v[3] == 0 {
				continue
			}
			lead, hours = append(lead, sum/k), append(hours, v[4])
			if v[1] > 0 {
				fear = append(fear, v[1])
			}
		}
		for _, f := range []struct {
			name   string
			got    Figure
			values []float64
		}{{"lead", tally.Factor(c, 0), lead}, {"fear", tally.Item(c, 1), fear}, {"hours", tally.Item(c, 4), hours}} {
			mean, sd := stat.MeanStdDev(f.values, nil)
			if f.got.N != len(f.values) {
				t.Fatalf("cell %d: %s rests on %d, want %d", c, f.name, f.got.N, len(f.values))
			}
			near(t, f.name, f.got.Mean, mean, 1e-9)
			near(t, "sd of "+f.name, f.got.SD, sd, 1e-9)
		}
	}
}

// hpoShaped returns an instrument of the shipped one's shape and n random
// responses to it in the given number of cells.
func hpoShaped(n, cells int) (*Instrument, *Answers) {
	in := &Instrument{Scale: Scale{Min: 1, Max: 10}}
	for f, items := range []int{12, 6, 5, 8, 4} {
		factor := Factor{ID: fmt.Sprintf("f%d", f)}
		for i := range items {
			factor.Items = append(factor.Items, Item{ID: fmt.Sprintf("f%di%d", f, i)})
		}
		in.Factors = append(in.Factors, factor)
	}
	share := 0.8
	in.MinAnswered = &share
	rng := rand.New(rand.NewPCG(1, 2))
	a := NewAnswers(in, n)
	row := make([]byte, len(a.Columns))
	for range n {
		for i := range row {
			switch roll := rng.IntN(100); {
			case roll < 2:
				row[i] = NotAnswered
			case roll < 4:
				row[i] = Abstained
			default:
				row[i] = byte(1 + rng.IntN(10))
			}
		}
		if err := a.Append(row, int32(rng.IntN(cells))); err != nil {
			panic(err)
		}
	}
	return in, a
}

func TestFiguresDoNotDependOnTheOrderOfResponses(t *testing.T) {
	in, a := hpoShaped(3000, 40)
	b := NewAnswers(in, a.Len())
	row := make([]byte, len(a.Columns))
	for _, r := range rand.New(rand.NewPCG(3, 3)).Perm(a.Len()) {
		a.Row(r, row)
		if err := b.Append(row, a.Cell[r]); err != nil {
			t.Fatal(err)
		}
	}
	ta, tb := Count(in, a, 40), Count(in, b, 40)
	for c := range 40 {
		for f := range in.Factors {
			if got, want := ta.Factor(c, f), tb.Factor(c, f); !reflect.DeepEqual(got, want) {
				t.Fatalf("factor %d of cell %d is %+v and %+v", f, c, got, want)
			}
		}
		for i := range row {
			if got, want := ta.Item(c, i), tb.Item(c, i); !reflect.DeepEqual(got, want) {
				t.Fatalf("item %d of cell %d is %+v and %+v", i, c, got, want)
			}
		}
	}
}

func TestFactorsOnDifferentScalesHaveNoOverall(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	in.Factors[1].Items[0].Scale = &Scale{Min: 1, Max: 5}
	a := NewAnswers(in, 0)
	respond(t, in, 0, a, given{"trust": "9", "fun": "5"})
	if v, ok := Count(in, a, 1).Overall(0); ok {
		t.Errorf("overall is %v", v)
	}
}
