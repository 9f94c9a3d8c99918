package stat

import "math"

// Keyness is the log-likelihood ratio G2 of a word that occurs a times among c words and b
// times among d others (T. Dunning, 1993; P. Rayson, R. Garside, 2000): how little chance
// explains that it is more frequent in one of them. Negative where it is rarer in the first.
func Keyness(a, b, c, d int) float64 {
	if c == 0 || d == 0 || a+b == 0 {
		return 0
	}
	share := float64(a+b) / float64(c+d)
	g := 2 * (term(a, share*float64(c)) + term(b, share*float64(d)))
	if float64(a)*float64(d) < float64(b)*float64(c) {
		return -g
	}
	return g
}

func term(observed int, expected float64) float64 {
	if observed == 0 {
		return 0
	}
	return float64(observed) * math.Log(float64(observed)/expected)
}
