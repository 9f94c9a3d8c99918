package impact

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// What varies as one has nothing to vary about: its error would be 0.
func TestOneUnitByItselfOnEitherSideIsRefused(t *testing.T) {
	p := made(rand.New(rand.NewPCG(1, 40)), 8, []int{20, 20}, []int{4, Never}, 0)
	p.Cluster = make([]int, 40)
	for i := 20; i < 40; i++ {
		p.Cluster[i] = 1 + i
	}
	for i := range p.Cluster { // numbers from 0 on
		if i >= 20 {
			p.Cluster[i] = i - 19
		}
	}
	if _, err := ATT(p, Options{}); err == nil || !strings.Contains(err.Error(), "only one unit starts by itself") {
		t.Error(err)
	}
	for i := range p.Cluster {
		p.Cluster[i] = min(i, 20)
	}
	if _, err := ATT(p, Options{Controls: NotYet}); err == nil || !strings.Contains(err.Error(), "only one unit by itself to compare with") {
		t.Error(err)
	}
	few := made(rand.New(rand.NewPCG(1, 40)), 8, []int{150, 2}, []int{4, Never}, 0)
	a, err := Question{Options: Options{Controls: NotYet}}.Answer(few)
	if err != nil || a.Held == nil || a.Critical < 2.5 {
		t.Errorf("150 units against two: held %v, critical %v, %v", a.Held, a.Critical, err)
	}
}

// What anticipates a start is no placebo.
func TestAPlaceboDateLeavesAnticipationOut(t *testing.T) {
	p := made(rand.New(rand.NewPCG(2, 40)), 16, []int{100, 100}, []int{10, Never}, 3)
	for i := range 100 {
		p.row(i)[8] += 3
		p.row(i)[9] += 3
	}
	o := Options{Anticipation: 2}
	s, err := ATT(p, o)
	if err != nil {
		t.Fatal(err)
	}
	checks, err := Overturn(p, o, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Kind == PlaceboDate && c.Verdict != Passed {
			t.Errorf("%+v", c)
		}
	}
	m, err := Imputation(p, o)
	if err != nil || m.Values != 600 {
		t.Errorf("imputation has %d values, %v", m.Values, err)
	}
}

// Periods in which nothing moves do not hide what the others show.
func TestFlatPeriodsBeforeTheStartDoNotHideTheTest(t *testing.T) {
	p := made(rand.New(rand.NewPCG(3, 40)), 10, []int{50, 50}, []int{6, Never}, 0)
	for i := range p.Units {
		p.row(i)[0], p.row(i)[1] = 0, 0
		if i < 50 {
			p.row(i)[3] += 5
		}
	}
	s, err := ATT(p, Options{})
	if err != nil || s.Pretrend == nil || s.Pretrend.Sound > 0.01 {
		t.Errorf("%+v %v", s.Pretrend, err)
	}
}

// A unit that is no longer measured is no effect.
func TestAUnitThatLeavesASeriesIsNoEffect(t *testing.T) {
	p := &Panel{}
	for m := range 20 {
		p.Periods = append(p.Periods, fmt.Sprint(m))
	}
	rng := rand.New(rand.NewPCG(4, 40))
	for u := range 10 {
		p.Units, p.Start = append(p.Units, fmt.Sprint(u)), append(p.Start, 10)
		for m := range 20 {
			v := float64(10*u) + rng.NormFloat64()
			if u == 9 && m >= 10 {
				v = math.NaN()
			}
			p.Outcome = append(p.Outcome, v)
		}
	}
	a, err := Question{Method: OfSeries, Series: SeriesOptions{Impact: Level}}.Answer(p)
	if err != nil {
		t.Fatal(err)
	}
	if low, high := a.Series[0].Interval(); low > 0 || high < 0 || math.Abs(a.Series[0].Effect.ATT) > 1 {
		t.Errorf("%+v", a.Series[0].Effect)
	}
	if !strings.Contains(fmt.Sprint(a.Remarks), "Units left out of the series") {
		t.Errorf("%v", a.Remarks)
	}
}

// An estimate whose sign hangs on one group is looked at.
func TestAnEffectThatTurnsRoundWithoutAGroupIsLookedAt(t *testing.T) {
	p := made(rand.New(rand.NewPCG(5, 40)), 12, []int{40, 20, 40}, []int{5, 7, Never}, 0)
	for i, s := range p.Start {
		for m := range p.Periods {
			if m >= s {
				p.row(i)[m] += map[int]float64{5: 5, 7: -3}[s]
			}
		}
	}
	s, err := ATT(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c, ok, err := s.leaveGroups(p, Options{}); err != nil || !ok || c.Verdict != Look {
		t.Errorf("%+v %v", c, err)
	}
}

func TestStartsAndPeriodsAsProgramsWriteThem(t *testing.T) {
	p, _, _, err := Reading{}.Read(lines("a 2003 1 2004.0\na 2004 2 2004.0\nb 2003 1 0.0\nb 2004 3 0.0"), nil)
	if err != nil || p.Start[0] != 1 || p.Start[1] != Never {
		t.Errorf("%v %v", p, err)
	}
	if p, _, _, err = (Reading{First: "2005", Last: "2005"}).Read(lines("a 2003 1 0\na 2005 2 0\nb 2005 3 0"), nil); err != nil || fmt.Sprint(p.Periods) != "[2005]" {
		t.Errorf("%v %v", p, err)
	}
	zero := 0.0
	if p, _, _, err = (Reading{Absent: &zero, First: "2001", Last: "2009"}).Read(lines("a 2002 1 2004\na 2004 2 2004\na 2008 5 2004"), nil); err != nil || fmt.Sprint(p.Periods, p.Outcome, p.Start) != "[2002 2004 2006 2008] [1 2 0 5] [1]" {
		t.Errorf("%v %v %v %v", p.Periods, p.Outcome, p.Start, err)
	}
}

func TestGroupsStartInTheirOwnMonths(t *testing.T) {
	r := RollOut{First: "2026-01-31", Every: 1}
	for group, want := range []period.Day{"2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"} {
		if got := r.Day(group); got != want {
			t.Errorf("group %d starts on %s, not %s", group, got, want)
		}
	}
}

// A wider interval of few units is wider in money too.
func TestWorthIsAsUnsureAsItsEffect(t *testing.T) {
	m := Money{Amount: 100, Low: 100, High: 100}
	narrow, wide := m.Worth(Headline{Figure{2, 1}, 2 - 1.96, 2 + 1.96}, 10, 12, strategy.Higher, 0, 0, 1), m.Worth(Headline{Figure{2, 1}, -2, 6}, 10, 12, strategy.Higher, 0, 0, 1)
	if ratio := (wide.Value.High - wide.Value.Low) / (narrow.Value.High - narrow.Value.Low); math.Abs(ratio-4/1.96) > 0.05 {
		t.Errorf("%.2f times as wide", ratio)
	}
}

// Where starts were dealt to clusters, lots are drawn among them.
func TestLotsAreDrawnAmongClusters(t *testing.T) {
	p := made(rand.New(rand.NewPCG(6, 40)), 6, []int{30, 30}, []int{3, Never}, 0)
	p.Cluster = make([]int, 60)
	for i := range p.Cluster {
		p.Cluster[i] = i / 10
	}
	got, err := Permute(p, Options{}, nil)
	if err != nil || !got.Exact || got.Draws != 20 || got.Smallest < 0.05 {
		t.Errorf("%+v %v", got, err)
	}
}

// A handful of placebos cannot tell.
func TestAHandfulOfPlacebosTellsNothing(t *testing.T) {
	p := made(rand.New(rand.NewPCG(7, 40)), 20, []int{1, 5}, []int{12, Never}, 30)
	a, err := Question{Method: AgainstMade}.Answer(p)
	if err != nil {
		t.Fatal(err)
	}
	if h := a.Headline(); a.Synthetic.Placebos != 5 || Told(h.Low, h.High) || a.grade("") != E {
		t.Errorf("%d placebos, %+v, grade %s", a.Synthetic.Placebos, h, a.grade(""))
	}
}
