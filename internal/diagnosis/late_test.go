package diagnosis

import (
	"fmt"
	"testing"
)

// latecomers answer in three combinations; the late score fun higher by so much.
func latecomers(t *testing.T, early, late [3]int, more int) (*Instrument, *Answers) {
	in := decodeInstrument(t, []byte(small))
	a := NewAnswers(in, 0)
	add := func(c, i int, late bool) {
		fun := 3 + i%4
		if late {
			fun += more
		}
		respond(t, in, int32(c), a, given{"trust": fmt.Sprint(4 + i%3), "fear": "5", "help": fmt.Sprint(6 + i%2), "fun": fmt.Sprint(fun), "hours": "8"})
		a.Late = append(a.Late, late)
	}
	for c := range 3 {
		for i := range early[c] {
			add(c, i, false)
		}
		for i := range late[c] {
			add(c, i, true)
		}
	}
	return in, a
}

func TestLateAnswersAreComparedWithEarlyOnesOverThoseThatTell(t *testing.T) {
	all := map[int32]bool{0: true, 1: true, 2: true}
	in, a := latecomers(t, [3]int{40, 20, 30}, [3]int{20, 20, 4}, 1)
	l := in.Lateness(a, all, 5)
	if l == nil || l.Told != .75 || l.Late != .4 { // 100 of 134, 40 of 100
		t.Fatalf("%+v", l)
	}
	if l.Factors[0].Clear || l.Factors[0].Difference != 0 || !l.Factors[1].Clear || l.Factors[1].Difference != 1 {
		t.Errorf("%+v", l.Factors)
	}
	if l := in.Lateness(a, map[int32]bool{0: true}, 5); l != nil {
		t.Errorf("twenty are late where the others do not tell: %+v", l)
	}
	if l := in.Lateness(a, all, 21); l != nil {
		t.Errorf("no combination has so many of both: %+v", l)
	}
	none := 0.0
	in.MinAnswered, none = &none, 0
	if l := in.Lateness(a, all, 5); l != nil {
		t.Errorf("a factor may rest on two people: %+v", l)
	}
	a.Late = nil
	if l := in.Lateness(a, all, 5); l != nil {
		t.Errorf("nothing is known: %+v", l)
	}
}

func TestTheBitIsKeptWhereManyMayHaveIt(t *testing.T) {
	for _, c := range []struct {
		before, left int
		want         bool
	}{{5, 5, true}, {4, 5, false}, {5, 4, false}, {0, 40, false}} {
		if got := MayBeLate(c.before, c.left, 5); got != c.want {
			t.Errorf("%d before, %d left: %v", c.before, c.left, got)
		}
	}
}
