package diagnosis

import "math"

const sure = 1.959963984540054 // 97.5 % point of the normal distribution

// Interval is the half width of the 95 % interval of a group's mean at this
// moment: n of N people answered, so that sqrt(1 - n/N) of the usual width is
// left. With N of 0 (not known) it is the usual one. False without a standard
// deviation.
func Interval(s *Score, n, of int) (float64, bool) {
	if s == nil || s.SD == nil || n < 2 {
		return 0, false
	}
	width := sure * *s.SD / math.Sqrt(float64(n))
	if of >= n && of > 0 {
		width *= math.Sqrt(1 - float64(n)/float64(of))
	}
	return width, true
}

// Clear says whether a part's mean differs from that of the whole that contains
// it by more than chance (95 %): the part of n is compared with the other of-n,
// of whom the whole's standard deviation is taken for both.
func Clear(difference, sd float64, n, of int) bool {
	rest := of - n
	if n < 1 || rest < 1 {
		return false
	}
	share := float64(rest) / float64(of) // part minus whole is this share of part minus rest
	se := share * sd * math.Sqrt(1/float64(n)+1/float64(rest))
	return math.Abs(difference) > sure*se
}

// ClearBetween says whether two groups without a common member differ by more
// than chance (95 %), with one standard deviation for both.
func ClearBetween(difference, sd float64, n, m int) bool {
	return n > 0 && m > 0 && math.Abs(difference) > sure*sd*math.Sqrt(1/float64(n)+1/float64(m))
}
