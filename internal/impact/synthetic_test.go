package impact

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
)

// Computed with the R package synthdid 0.0.9, the authors' own.
func TestTheCountiesAgainstSyntheticOnes(t *testing.T) {
	p := counties(t)
	got, err := SyntheticEffect(p, Options{Draws: 20})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "2006", got.Groups[0].ATT, -0.02356827, 6)
	near(t, "2007", got.Groups[1].ATT, -0.03750020, 6)
	near(t, "both", got.Effect.ATT, -0.03221795, 6)
	if got.Treated != 171 || got.Controls != 309 || got.Placebos != 20 {
		t.Errorf("treated %d, controls %d, placebos %d", got.Treated, got.Controls, got.Placebos)
	}
	near(t, "smallest p", got.Smallest, 1./21, 9)
	if len(got.Remarks) != 1 || got.Remarks[0].Args[0] != 20 {
		t.Errorf("the 20 counties with one year before theirs: %v", got.Remarks)
	}
	if got.P < got.Smallest || got.P > 1 {
		t.Errorf("p is %v", got.P)
	}
}

// cohortMonths is the training roll-out with each group one unit: complaints an officer.
func cohortMonths(t testing.TB, months int) *Panel {
	column, rows := readReal(t, "cohort_month.csv")
	p := &Panel{}
	for m := range months {
		p.Periods = append(p.Periods, strconv.Itoa(m+1))
	}
	at := map[string]int{}
	for _, row := range rows {
		number := func(name string) int {
			n, err := strconv.Atoi(row[column[name]])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		unit := row[column["first_trained"]]
		i, seen := at[unit]
		if !seen {
			i = len(p.Units)
			at[unit] = i
			p.Units, p.Start = append(p.Units, unit), append(p.Start, number("first_trained")-1)
			p.Outcome = append(p.Outcome, make([]float64, months)...)
		}
		if m := number("period"); m <= months {
			p.row(i)[m-1] = float64(number("complaints")) / float64(number("n_officers"))
		}
	}
	return p
}

// keep leaves only the units that are wanted.
func (p *Panel) keep(want func(i int) bool) *Panel {
	q := &Panel{Periods: p.Periods}
	for i := range p.Units {
		if want(i) {
			q.Units, q.Start = append(q.Units, p.Units[i]), append(q.Start, p.Start[i])
			q.Outcome = append(q.Outcome, p.row(i)...)
		}
	}
	return q
}

// Computed with synthdid: one group against those that start in month 60 or later.
func TestOneGroupOfOfficersAgainstASyntheticOne(t *testing.T) {
	for at, want := range map[int]float64{20: -0.00478723, 30: 0.00780143, 40: 0.00973068} {
		p := cohortMonths(t, 59)
		first := Never
		for _, s := range p.Start {
			if s+1 >= at {
				first = min(first, s)
			}
		}
		p = p.keep(func(i int) bool { return p.Start[i] == first || p.Start[i] >= 59 })
		got, err := SyntheticEffect(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, fmt.Sprint("from ", at), got.Effect.ATT, want, 7)
		if got.Placebos != 12 || math.Abs(got.Smallest-1./13) > 1e-9 || len(got.Remarks) != 1 {
			t.Errorf("%d placebos, smallest p %v, remarks %v", got.Placebos, got.Smallest, got.Remarks)
		}
		total := 0.0
		for _, d := range got.Groups[0].Donors {
			total += d.Weight
		}
		near(t, "donors together", total, 1, 9)
	}
}

// With no noise, a unit that is the mean of two others gets them back.
func TestASyntheticUnitOfTwo(t *testing.T) {
	a, b, c := []float64{1, 4, 2, 6, 3, 8}, []float64{3, 1, 5, 2, 7, 1}, []float64{9, 2, 8, 1, 9, 2}
	p := &Panel{Units: []string{"x", "a", "b", "c"}, Periods: []string{"1", "2", "3", "4", "5", "6"}, Start: []int{4, Never, Never, Never}}
	for t := range a {
		v := (a[t] + b[t]) / 2
		if t >= 4 {
			v += 10
		}
		p.Outcome = append(p.Outcome, v)
	}
	p.Outcome = slices.Concat(p.Outcome, a, b, c)
	s, _, err := newSynthesis(p, 0)
	if err != nil {
		t.Fatal(err)
	}
	w := weigh(4, 3, func(t, c int) float64 { return p.row(c + 1)[t] }, p.row(0)[:4], 0, 1e-9)
	near(t, "a", w[0], 0.5, 1)
	near(t, "b", w[1], 0.5, 1)
	near(t, "c", w[2], 0, 1)
	g := s.group([]int{0}, 4, []int{1, 2, 3}, true)
	if math.Abs(g.ATT-10) > 1 {
		t.Errorf("the effect is %v", g.ATT)
	}
}
