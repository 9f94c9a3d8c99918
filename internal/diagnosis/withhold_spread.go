package diagnosis

import "slices"

// SpreadMinimum is the number of answers from which on a histogram or a
// standard deviation may be shown.
const SpreadMinimum = 10

// HistogramShown says whether the histogram of a group that is shown may be shown
// too, from the answers in each category: from SpreadMinimum answers on, and if no
// category holds nobody, since that says something about every single person.
func HistogramShown(counts []int32) bool {
	n := int32(0)
	for _, c := range counts {
		n += c
	}
	return n >= SpreadMinimum && !slices.Contains(counts, 0)
}
