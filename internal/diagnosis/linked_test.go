package diagnosis

import (
	"fmt"
	"testing"
)

// twoWaves has people who answer then and now, the same n of each combination, one point
// higher in fun; of each combination so many more answer who are not linked.
func twoWaves(t *testing.T, linked, others []int) (in *Instrument, then, now *Answers, pairs [][2]int) {
	in = decodeInstrument(t, []byte(small))
	then, now = NewAnswers(in, 0), NewAnswers(in, 0)
	add := func(a *Answers, c, i, more int) int {
		respond(t, in, int32(c), a, given{"trust": fmt.Sprint(3 + i%4), "fear": "5", "help": fmt.Sprint(2 + (i*7+more)%3), "fun": fmt.Sprint(3 + i%5 + more*(1+i%2)), "hours": "8"})
		return a.Len() - 1
	}
	for c, n := range linked {
		for i := range n {
			pairs = append(pairs, [2]int{add(then, c, i, 0), add(now, c, i, 1)})
		}
		for i := range others[c] {
			add(then, c, i, 0)
			add(now, c, i, 1)
		}
	}
	return in, then, now, pairs
}

func TestTheSamePeopleAreComparedWithThemselves(t *testing.T) {
	in, then, now, pairs := twoWaves(t, []int{30, 25}, []int{10, 5})
	l := in.LinkedChange(then, now, pairs, 5)
	if l == nil || l.People != 50 {
		t.Fatalf("%+v", l)
	}
	if c := l.Factors[1]; c.Movement != Up || *c.Diff < 1.4 || *c.Diff > 1.6 || c.Then != nil || c.Now != nil || *c.Half > .2 {
		t.Errorf("fun: %+v, %v", c, *c.Diff)
	}
	if c := l.Factors[0]; c.Movement == Up || c.Movement == Down {
		t.Errorf("lead: %+v", c)
	}
}

func TestALinkThatFewShareIsDropped(t *testing.T) {
	for name, c := range map[string]struct {
		linked, others []int
		want           int // people, 0 for nothing
	}{
		"nobody is left":                  {[]int{40, 30}, []int{0, 0}, 0}, // the whole of two combinations is a group that nobody tested
		"few of a combination are linked": {[]int{40, 4}, []int{8, 8}, 40},
		"three are left":                  {[]int{40, 30}, []int{3, 0}, 0},
		"three and six are left":          {[]int{40, 30}, []int{3, 6}, 70},
		"too few of all":                  {[]int{20, 9}, []int{9, 9}, 0},
		"those left of what is not used":  {[]int{40, 4}, []int{0, 0}, 0},
	} {
		in, then, now, pairs := twoWaves(t, c.linked, c.others)
		l := in.LinkedChange(then, now, pairs, 5)
		if (l == nil) != (c.want == 0) || l != nil && l.People != c.want/10*10 {
			t.Errorf("%s: %+v", name, l)
		}
	}
	// Where all have changed alike nothing is told: it would tell of each.
	in, then, now, pairs := twoWaves(t, []int{40}, []int{8})
	for r := range now.Cell {
		for i := range now.Columns {
			now.Columns[i][r] = then.Columns[i][r]
		}
	}
	if l := in.LinkedChange(then, now, pairs, 5); l == nil || l.Factors[0].Diff != nil || l.Factors[0].Movement != CannotTell {
		t.Errorf("all alike: %+v", l)
	}
	for r := range now.Cell { // a third more for each: no binary fraction
		then.Columns[0][r], now.Columns[0][r] = byte(3+r%4), byte(4+r%4)
		then.Columns[2][r], now.Columns[2][r] = byte(2+r*7%5), byte(2+r*7%5)
	}
	if l := in.LinkedChange(then, now, pairs, 5); l == nil || l.Factors[0].Diff != nil {
		t.Errorf("all a third more: %+v", l)
	}
	// Who moved between two combinations, alone, is not used.
	in, then, now, pairs = twoWaves(t, []int{40, 30}, []int{8, 8})
	now.Cell[pairs[0][1]] = 1
	if l := in.LinkedChange(then, now, pairs, 5); l == nil || l.People != 60 {
		t.Errorf("one moved: %+v", l)
	}
	none := 0.0
	in.MinAnswered = &none
	if l := in.LinkedChange(then, now, pairs, 5); l != nil {
		t.Errorf("a factor may rest on two people: %+v", l)
	}
}
