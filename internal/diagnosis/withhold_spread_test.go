package diagnosis

import "testing"

func TestHistogramIsShownWhereItTellsNothingAboutEverybody(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts []int32
		shown  bool
	}{
		{"no answers", []int32{0, 0, 0}, false},
		{"no categories", nil, false},
		{"all equal", []int32{0, 12, 0}, false},
		{"nine answers", []int32{3, 3, 3}, false},
		{"ten answers", []int32{3, 3, 4}, true},
		{"nobody in a category", []int32{5, 0, 7}, false},
	} {
		if got := HistogramShown(c.counts); got != c.shown {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
