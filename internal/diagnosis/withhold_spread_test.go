package diagnosis

import "testing"

func TestSpreadIsShownWhereItTellsNothingAboutEverybody(t *testing.T) {
	for _, c := range []struct {
		name                        string
		counts                      []int
		equal, deviation, histogram bool
	}{
		{"no answers", []int{0, 0, 0}, true, false, false},
		{"no categories", nil, true, false, false},
		{"all equal", []int{0, 12, 0}, true, false, false},
		{"all equal, one category", []int{12}, true, false, false},
		{"nine answers", []int{3, 3, 3}, false, false, false},
		{"ten answers", []int{3, 3, 4}, false, true, true},
		{"nobody in a category", []int{5, 0, 7}, false, true, false},
	} {
		if got := EqualAnswers(c.counts); got != c.equal {
			t.Errorf("%s: equal %v", c.name, got)
		}
		if got := DeviationShown(c.counts); got != c.deviation {
			t.Errorf("%s: deviation %v", c.name, got)
		}
		if got := HistogramShown(c.counts); got != c.histogram {
			t.Errorf("%s: histogram %v", c.name, got)
		}
	}
}
