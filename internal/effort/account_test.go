package effort_test

import (
	"math"
	"testing"

	"throughline/internal/effort"

	"github.com/google/go-cmp/cmp"
)

// twoMonths are entries of which the tests below know the sums by hand. Minutes of participants who learn:
// classroom 600 (300 external), self-paced 300, mentoring 200, not stated 100. Of staff: learning 1,200,
// process analysis 500, job tools 300. Learning cost EUR 1,000.00 inside, 600.00 to suppliers, 400.00
// tuition in March; 100.00 pounds to suppliers in April; process analysis cost 500.00.
func twoMonths(t *testing.T) []effort.Monthly {
	t.Helper()
	hours := func(side effort.Side, person string, minutes int) []effort.Hours {
		return []effort.Hours{{Side: side, Unit: "a", Person: person, Minutes: minutes}}
	}
	cost := func(kind effort.CostKind, amount int64, currency string) []effort.Cost {
		return []effort.Cost{{Kind: kind, Amount: amount, Currency: currency}}
	}
	all := effort.Tallies{}
	for _, e := range []effort.Entry{
		{Day: "2026-03-02", Kind: effort.Learning, Modality: effort.Classroom, Hours: hours(effort.Participant, "1", 300), Managed: effort.Centrally, Costs: cost(effort.Internal, 100000, "EUR")},
		{Day: "2026-03-03", Kind: effort.Learning, Modality: effort.Classroom, External: true, Hours: hours(effort.Participant, "2", 300), Managed: effort.Locally, Costs: cost(effort.Supplier, 60000, "EUR")},
		{Day: "2026-03-04", Kind: effort.Learning, Modality: effort.SelfPaced, Hours: hours(effort.Participant, "2", 300), Costs: cost(effort.Tuition, 40000, "EUR")},
		{Day: "2026-04-04", Kind: effort.Learning, Modality: effort.Mentoring, Hours: hours(effort.Participant, "3", 200), Managed: effort.Centrally, Costs: cost(effort.Supplier, 10000, "GBP")},
		{Day: "2026-04-05", Kind: effort.Learning, Hours: hours(effort.Participant, "", 100)},
		{Day: "2026-04-06", Kind: effort.Learning, Hours: hours(effort.Staff, "9", 1200)},
		{Day: "2026-04-06", Kind: effort.ProcessAnalysis, Hours: hours(effort.Staff, "9", 500), Costs: cost(effort.Internal, 50000, "EUR")},
		{Day: "2026-04-06", Kind: effort.JobTools, Hours: hours(effort.Staff, "9", 300)},
		{Day: "2026-04-07", Kind: effort.Coaching, Modality: effort.Coached, Hours: hours(effort.Participant, "4", 60)},
	} {
		e.What, e.Source = "x", effort.Source{Kind: effort.OfForm, ID: "x"}
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
		all.Post(e, number)
	}
	own := effort.Heading{Kind: effort.OwnOf, ID: "a"}
	return []effort.Monthly{{Month: "2026-03", Tally: *all[effort.At{Heading: own, Month: "2026-03"}]}, {Month: "2026-04", Tally: *all[effort.At{Heading: own, Month: "2026-04"}]}}
}

var euros = effort.Rates{Own: "EUR", All: []effort.Rate{{Currency: "GBP", Month: "2026-04", Rate: 1.2}}}

func near(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-12 {
		t.Errorf("%s: %v, want %g", what, got, want)
	}
}

// design/measures 3: blend = hours by modality.
func TestBlend(t *testing.T) {
	b := effort.AccountOf(euros, twoMonths(t)).Blend()
	want := effort.Blend{Minutes: 1200, External: 300, Internal: 900, Technology: 300,
		Modality: map[effort.Modality]int64{effort.Classroom: 600, effort.SelfPaced: 300, effort.Mentoring: 200, effort.NotStated: 100},
		Mix:      map[effort.Mix]int64{effort.Education: 900, effort.Exposure: 200, "": 100},
		Form:     map[effort.Form]int64{effort.Formal: 900, effort.WorkBased: 200, "": 100},
		Pace:     map[effort.Pace]int64{effort.Live: 800, effort.OwnPace: 300, "": 100}}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Error(diff)
	}
}

// Non-learning share = 800 of 2,000 minutes; of the money 500 of 2,620 euros.
func TestNonLearningShare(t *testing.T) {
	s := effort.AccountOf(euros, twoMonths(t)).Split()
	near(t, "of hours", s.NonLearning, .4)
	near(t, "of cost", s.OfCost, 50000./262000)
	if s.Kinds[effort.ProcessAnalysis].Minutes != 500 || s.Kinds[effort.ProcessAnalysis].Cost() != 50000 || s.Kinds[effort.Learning].Cost() != 212000 {
		t.Errorf("%+v", s.Kinds)
	}
}

// Direct = 1,000 + 600 + 400 + 100 pounds at 1.2 = 2,120; suppliers 720; central 1,120, local 600.
func TestSpending(t *testing.T) {
	s := effort.AccountOf(euros, twoMonths(t)).Spending()
	if s.Direct() != 212000 || s.Internal != 100000 || s.Supplier != 72000 || s.Tuition != 40000 || s.Central != 112000 || s.Local != 60000 || s.Unstated != 40000 || s.Minutes != 1200 {
		t.Errorf("%+v", s)
	}
	near(t, "outsourced", s.Outsourced, 72000./212000)
	near(t, "central", s.CentralShare, 112000./172000)
}

// Three people learned, two of them in a modality that is formal; who was coached at work is none of them.
func TestPeopleAreCountedOnceOverMonths(t *testing.T) {
	if a := effort.AccountOf(euros, twoMonths(t)); a.Learners != 3 || a.Formal != 2 {
		t.Errorf("%d, %d", a.Learners, a.Formal)
	}
}

// What has no rate stands apart and is in no other figure.
func TestWhatHasNoRateStandsApart(t *testing.T) {
	a := effort.AccountOf(effort.Rates{Own: "EUR"}, twoMonths(t))
	if a.Unrated["GBP"] != 10000 || a.Spending().Direct() != 200000 {
		t.Errorf("%+v", a)
	}
}

func TestSharesOfNothingAreNotKnown(t *testing.T) {
	a := effort.AccountOf(euros, nil)
	if s := a.Spending(); s.Outsourced != nil || s.CentralShare != nil {
		t.Errorf("%+v", s)
	}
	if s := a.Split(); s.NonLearning != nil || s.OfCost != nil {
		t.Errorf("%+v", s)
	}
}
