package diagnosis

import "slices"

// SpreadMinimum is the number of answers from which on a histogram or a
// standard deviation may be shown.
const SpreadMinimum = 10

// These rules, unlike Publish, look at the answers. They take the number of
// answers in each category of the scale, and decide on one figure of a group
// that is shown anyway: where they say no, that figure alone is withheld.

// EqualAnswers says whether all answers are the same (or there are none), so
// that mean, histogram, standard deviation and shares would tell what each
// person said.
func EqualAnswers(counts []int) bool {
	return slices.Max(append([]int{0}, counts...)) == answersOf(counts)
}

// HistogramShown says whether a histogram over these categories may be shown:
// from SpreadMinimum answers on, and if no category holds nobody or all, since
// that says something about every single person. A histogram over fewer, wider
// categories may be shown where the fine one may not.
func HistogramShown(counts []int) bool {
	return answersOf(counts) >= SpreadMinimum && !EqualAnswers(counts) && !slices.Contains(counts, 0)
}

func answersOf(counts []int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
