package diagnosis

import "testing"

func TestSpreadIsShownWhereItTellsNothingAboutEverybody(t *testing.T) {
	for _, c := range []struct {
		name             string
		counts           []int
		equal, histogram bool
	}{
		{"no answers", []int{0, 0, 0}, true, false},
		{"no categories", nil, true, false},
		{"all equal", []int{0, 12, 0}, true, false},
		{"all equal, one category", []int{12}, true, false},
		{"nine answers", []int{3, 3, 3}, false, false},
		{"ten answers", []int{3, 3, 4}, false, true},
		{"nobody in a category", []int{5, 0, 7}, false, false},
	} {
		if got := EqualAnswers(c.counts); got != c.equal {
			t.Errorf("%s: equal %v", c.name, got)
		}
		if got := HistogramShown(c.counts); got != c.histogram {
			t.Errorf("%s: histogram %v", c.name, got)
		}
	}
}
