package diagnosis

import (
	"fmt"
	"testing"
)

func TestNoReliabilityForFewerThanThirtyPeople(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	for _, n := range []int{29, 30} {
		a := NewAnswers(in, n)
		for i := range n {
			v := 1 + i%9
			respond(t, in, 0, a, given{"trust": fmt.Sprint(v), "fear": fmt.Sprint(11 - v), "help": fmt.Sprint(v + i%2), "fun": "1"})
		}
		r := Reliabilities(in, a)
		if has := r[0].Alpha != nil; r[0].N != n || has != (n == 30) || has != (r[0].Omega != nil) || has != (r[0].AlphaPairwise != nil) {
			t.Errorf("%d people: %+v", n, r[0])
		}
		if n == 30 && !(*r[0].Alpha > .9) {
			t.Errorf("alpha is %v: the reversed item was not turned round", *r[0].Alpha)
		}
		if r[1].Alpha != nil || r[1].Omega != nil {
			t.Errorf("a factor of one item has %+v", r[1])
		}
	}
}

func TestAlphaRestsOnCompleteAnswersAndPairwiseOnPairs(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	a := NewAnswers(in, 0)
	for i := range 60 {
		v := 1 + i%9
		g := given{"trust": fmt.Sprint(v), "fear": fmt.Sprint(11 - v), "help": fmt.Sprint(v), "fun": "1"}
		if i%2 == 0 {
			g["help"] = "?"
		}
		if i%4 == 1 {
			delete(g, "fear")
		}
		respond(t, in, 0, a, g)
	}
	r := Reliabilities(in, a)[0]
	if r.N != 15 || r.Alpha != nil {
		t.Errorf("alpha %v rests on %d complete answers, want 15 and none", r.Alpha, r.N)
	}
	if r.AlphaPairwise != nil {
		t.Error("pairwise alpha rests on a pair with fewer than thirty people")
	}
}

func TestSomebodyWhoDoesNotCountIsInNoReliability(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	a := NewAnswers(in, 0)
	for range 40 {
		respond(t, in, 0, a, given{"trust": "1", "fear": "2", "help": "3"}) // nothing in the other factor
	}
	if r := Reliabilities(in, a)[0]; r.N != 0 || r.Alpha != nil || r.AlphaPairwise != nil {
		t.Errorf("got %+v", r)
	}
}

func TestAgreementThatDoesNotApplyIsNil(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	a := NewAnswers(in, 0)
	respond(t, in, 0, a, given{"trust": "7", "fear": "1", "fun": "3"})
	for _, one := range in.Agreements(Count(in, a, 1), nil) {
		if one.ICC1 != nil || one.ICC2 != nil || one.RwgJ != nil || one.RwgJSkewed != nil {
			t.Errorf("one person in one group has %+v", one)
		}
	}
}
