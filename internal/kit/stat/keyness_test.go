package stat

import "testing"

// A word that occurs 10 times among 1,000 and 5 times among 2,000 is expected 5 and 10 times:
// G2 is 2 (10 ln 2 + 5 ln .5) = 6.93.
func TestKeynessByHand(t *testing.T) {
	near(t, "G2", Keyness(10, 5, 1000, 2000), 6.931472, 1e-6)
	near(t, "G2 the other way round", Keyness(5, 10, 2000, 1000), -6.931472, 1e-6)
	near(t, "as frequent", Keyness(10, 20, 1000, 2000), 0, 1e-12)
	near(t, "in one alone", Keyness(4, 0, 100, 300), 11.090355, 1e-6) // 2 * 4 ln 4
	near(t, "nowhere", Keyness(0, 0, 100, 300), 0, 0)
}
