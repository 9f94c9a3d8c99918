package diagnosis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"throughline/internal/kit/stat"
)

// driven has n people whose "hours" follow, by so much, from "fun", and from nothing else.
func driven(t *testing.T, n int, by float64) (*Instrument, *Answers) {
	in, rng := decodeInstrument(t, []byte(small)), rand.New(rand.NewPCG(5, 5))
	a := NewAnswers(in, n)
	clamp := func(v float64, low, high int) string { return fmt.Sprint(min(max(int(math.Round(v)), low), high)) }
	for range n {
		fun := rng.NormFloat64()
		respond(t, in, 0, a, given{"trust": clamp(5+2*rng.NormFloat64(), 1, 10), "fear": clamp(5+2*rng.NormFloat64(), 1, 10),
			"help": clamp(5+2*rng.NormFloat64(), 1, 10), "fun": clamp(5+2*fun, 1, 10), "hours": clamp(11+by*fun+rng.NormFloat64(), 6, 16)})
	}
	return in, a
}

func TestAnOutcomeGoesWithWhatItFollowsFrom(t *testing.T) {
	in, a := driven(t, 200, 1)
	got := Drivings(in, a, 1)
	if len(got) != 1 || got[0].Outcome != "hours" || !got[0].SamePeople {
		t.Fatalf("got %+v", got)
	}
	for name, rel := range map[string]Relation{"factors": got[0].Factors, "characteristics": got[0].Items} {
		if rel.Unknown != "" || rel.R2 < .4 || rel.R2 > .6 {
			t.Fatalf("%s: %+v; half of the hours follow from fun", name, rel)
		}
		sum := 0.0
		for j, s := range rel.Shares {
			sum += s.Share
			if s.From > s.Share || s.Share > s.To || s.Opposed && s.Share > .05 {
				t.Errorf("%s %d: %+v", name, j, s)
			}
		}
		if fun := rel.Shares[len(rel.Shares)-1]; fun.From < .85 {
			t.Errorf("%s: fun has %+v", name, fun)
		}
		if math.Abs(sum-1) > .021 {
			t.Errorf("%s: shares add up to %v", name, sum)
		}
	}
	if again := Drivings(in, a, 1); !reflect.DeepEqual(got, again) {
		t.Error("one seed gives two results")
	}
	_, a = driven(t, 200, -1)
	if s := Drivings(in, a, 1)[0].Factors.Shares[1]; !s.Opposed || s.From < .85 {
		t.Errorf("hours fall where fun rises: %+v", s)
	}
}

func TestWhatAnOutcomeGoesWithCannotBeTold(t *testing.T) {
	for name, c := range map[string]struct {
		n    int
		by   float64
		want Unknown
	}{
		"one complete answer too few": {105, 1, FewComplete},
		"enough":                      {106, 1, ""},
		"no relation":                 {300, 0, NoRelation},
	} {
		in, a := driven(t, c.n, c.by)
		if got := Drivings(in, a, 1)[0].Factors; got.Unknown != c.want || got.Needed != 106 || (got.Shares == nil) != (c.want != "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
	in, a := driven(t, 200, 1)
	for r := range a.Len() {
		a.Columns[0][r] = 4
	}
	if got := Drivings(in, a, 1)[0]; got.Items.Unknown != Inseparable || got.Factors.Unknown != "" {
		t.Errorf("a characteristic on which all agree: %+v", got)
	}
	for r := range 95 {
		a.Columns[4][r] = Abstained
	}
	if got := Drivings(in, a, 1)[0].Factors; got.Unknown != FewComplete {
		t.Errorf("105 told their hours: %+v", got)
	}
}

// TestTheIntervalHoldsTheShare: of intervals over many samples from one population some
// 95 % hold the share that the population has.
func TestTheIntervalHoldsTheShare(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	row := func() []float64 {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		return []float64{a, b, .8*a + .4*b + rng.NormFloat64()}
	}
	const runs, people, want = 60, 150, .8 // .64 of .64 + .16
	held := 0
	for range runs {
		rows := make([][]float64, people)
		for i := range rows {
			rows[i] = row()
		}
		var columns []func(int) (float64, bool)
		for j := range 3 {
			columns = append(columns, func(r int) (float64, bool) { return rows[r][j], true })
		}
		counted := make([]bool, people)
		for i := range counted {
			counted[i] = true
		}
		if s := relate(columns, counted, stat.LMG, rng).Shares[0]; s.From <= want && want <= s.To {
			held++
		}
	}
	if held < 52 {
		t.Errorf("%d of %d intervals hold the share", held, runs)
	}
	t.Logf("%d of %d intervals hold the share", held, runs)
}

func TestADriverBelowTheTargetIsACandidate(t *testing.T) {
	in, a := driven(t, 200, 1)
	l := tree("all")
	l.Combinations = []Combination{{Unit: 0, Invited: 300}}
	l.Roster = true
	r, err := in.Report(l, a, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]Reason{}
	for _, c := range in.Candidates(&r, nil) {
		for _, why := range c.Reasons {
			if why.Kind == Driver {
				found[c.Item] = why
			}
		}
	}
	if why := found[3]; len(found) != 1 || why.Outcome != "hours" || why.LowAt < .85 {
		t.Errorf("drivers are %+v", found)
	}
	r.Groups[0].Items[3].Mean = 9
	for _, c := range in.Candidates(&r, nil) {
		if c.Item == 3 {
			t.Errorf("what has reached the target is put forward: %+v", c)
		}
	}
}
