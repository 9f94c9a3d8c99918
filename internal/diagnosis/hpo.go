package diagnosis

// Realistic gain of a factor, points a year (A. de Waal, on transitions to HPO).
const (
	LeastGain = 0.3
	MostGain  = 0.5
)

// rounding is what adding up binary fractions may cost a mean that is exactly the threshold.
const rounding = 1e-9

// HPO tells whether every factor's mean reaches the threshold: one factor below it,
// however little, and the others far above is not an HPO. The means are unrounded.
// Nil when the instrument has no threshold or a mean is missing.
func (in *Instrument) HPO(means []*float64) *bool {
	if in.Threshold == nil || len(means) != len(in.Factors) {
		return nil
	}
	met := true
	for _, m := range means {
		if m == nil {
			return nil
		}
		met = met && in.reaches(*m)
	}
	return &met
}

func (in *Instrument) reaches(mean float64) bool {
	return in.Threshold != nil && mean >= *in.Threshold-rounding
}

// Reached returns how many factors of a published group reach the threshold; false when
// the instrument has none, or a factor of the group is not shown.
func (in *Instrument) Reached(g *ReportGroup) (factors int, ok bool) {
	for f := range in.Factors {
		s := g.score(f)
		if s == nil || in.Threshold == nil {
			return 0, false
		}
		if s.Reaches {
			factors++
		}
	}
	return factors, true
}

// OnTheWay is a score as a percentage of the scale's highest answer: 6.6 of 10 is 66.
func OnTheWay(score float64, s *Scale) float64 {
	return score / float64(s.Max) * 100
}

// YearsTo returns how many years a realistic gain takes from score to target: the
// fewest (0.5 points a year) and the most (0.3). Both are 0 when it is reached.
func YearsTo(score, target float64) (fewest, most float64) {
	gap := max(0, target-score)
	return gap / MostGain, gap / LeastGain
}
