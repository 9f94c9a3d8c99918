package stat

import "slices"

// Median is the middle value, the mean of the two in the middle of an even number; false for none.
func Median(values []float64) (float64, bool) {
	if len(values) == 0 {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(values))
	at := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[at], true
	}
	return (sorted[at-1] + sorted[at]) / 2, true
}
