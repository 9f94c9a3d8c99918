package diagnosis

import (
	"strings"
	"testing"
)

// By hand: of a hundred in each of two units 80 and 20 answer, 8 and 4. Raw that is 7.2,
// weighted 6. A third unit of 20, of whom 4 answer, is not shown: it is what is left.
func TestScoresAreWeightedByWhoWasAsked(t *testing.T) {
	score := func(mean float64) []*Score { return []*Score{{Mean: mean}} }
	in := decodeInstrument(t, []byte(strings.Replace(teams, "max: 5", "max: 10", 1)))
	overall := func(v float64) *float64 { return &v }
	r := &Report{Layout: tree("all", "a<all", "b<all", "c<all"), Invited: 220, Groups: []ReportGroup{
		{N: 104, Answered: 104, Invited: 220, Overall: overall(7.2), Factors: score((80*8 + 20*4 + 4*6) / 104.)},
		{Group: Group{Unit: 1}, N: 80, Answered: 80, Invited: 100, Overall: overall(8), Factors: score(8)},
		{Group: Group{Unit: 2}, N: 20, Answered: 20, Invited: 100, Overall: overall(4), Factors: score(4)},
		{Group: Group{Unit: 3}, Verdict: TooFew},
	}}
	all := in.Weightings(r)
	if len(all) != 1 || all[0].Parts != 2 || all[0].Least != .2 || all[0].Most != .8 {
		t.Fatalf("%+v", all)
	}
	near(t, "weighted", *all[0].Factors[0], toHundredths((100*8+100*4+20*6)/220.), 1e-9)
	r.Groups[0] = ReportGroup{N: 100, Answered: 100, Invited: 200, Overall: overall(7.2), Factors: score(7.2)}
	r.Groups, r.Invited = r.Groups[:3], 200
	near(t, "of two", *in.Weightings(r)[0].Factors[0], 6, 1e-9)
	near(t, "overall", *in.Weightings(r)[0].Overall, 6, 1e-9)
	if r.Invited = 0; in.Weightings(r) != nil {
		t.Error("weighted, where nobody knows who was invited")
	}
}
