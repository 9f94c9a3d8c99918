package diagnosis

import (
	"fmt"

	"throughline/internal/kit/fault"
)

// OneScale tells whether all factors are answered on one range; only then is there an overall score.
func (in *Instrument) OneScale() bool {
	first := in.FactorScale(0)
	for f := range in.Factors {
		if s := in.FactorScale(f); s.Min != first.Min || s.Max != first.Max {
			return false
		}
	}
	return true
}

func (c *instrumentCheck) scale(at string, s *Scale) {
	if s.Min >= s.Max {
		c.add(fault.Invalidf("%s: min %d must be below max %d", at, s.Min, s.Max))
		return
	}
	// Compared without subtracting: a file may hold numbers whose difference overflows.
	if s.Max > largestValue || s.Min < -largestValue {
		c.add(fault.Invalidf("%s: %d-%d is out of range; the values must lie between -%d and %d", at, s.Min, s.Max, largestValue, largestValue))
		return
	}
	if s.Points() > MaxPoints {
		c.add(fault.Invalidf("%s: %d-%d has too many answers; a scale may have at most %d", at, s.Min, s.Max, MaxPoints))
		return
	}
	c.text(at+".low", s.Low, false)
	c.text(at+".high", s.High, false)
	values := map[int]bool{}
	for _, a := range s.Answers {
		place := fmt.Sprintf("%s.answers[%d]", at, a.Value)
		if a.Value < s.Min || a.Value > s.Max {
			c.add(fault.Invalidf("%s: the value is not on the scale %d-%d", place, s.Min, s.Max))
		}
		if values[a.Value] {
			c.add(fault.Invalidf("%s: the value stands there twice; put all its words in one place", place))
		}
		values[a.Value] = true
		c.text(place+".label", a.Label, false)
	}
	c.sayings(at, s)
}

// largestValue keeps every sum of squares of a diagnosis within 64 bits.
const largestValue = 10_000

// sayings reports words of a scale that a file could not be read by: empty ones,
// and ones that would mean two different answers.
func (c *instrumentCheck) sayings(at string, s *Scale) {
	meant := map[string]string{}
	say := func(place, word string, number int, isNumber bool) {
		key := fold(word)
		if key == "" {
			c.add(fault.Invalidf("%s: a word is empty; remove it (an empty cell always means not answered)", place))
			return
		}
		if v, ok := whole(key); ok && (!isNumber || v != number) && v >= s.Min && v <= s.Max {
			c.add(fault.Invalidf("%s: the word %q would mean two things, for it is also a number on the scale; choose another", place, clip(word)))
		}
		if first, ok := meant[key]; ok && first != place {
			c.add(fault.Invalidf("%s: the word %q already means %s; one word can mean one answer", place, clip(word), first))
			return
		}
		meant[key] = place
	}
	for i := range s.Answers {
		a := &s.Answers[i]
		for _, word := range a.sayings() {
			say(fmt.Sprintf("%s.answers[%d]", at, a.Value), word, a.Value, true)
		}
	}
	for _, word := range c.in.CannotJudge.sayings(CannotJudgeValue) {
		say("cannot_judge", word, 0, false)
	}
	for _, word := range c.in.NotApplicable.sayings(NotApplicableValue) {
		say("not_applicable", word, 0, false)
	}
}
