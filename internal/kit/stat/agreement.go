package stat

// Sums is a group of values by their number, sum and sum of squares.
type Sums struct{ N, Sum, Square float64 }

// ICC returns the intraclass correlations of one-way groups: ICC(1) =
// (MSB - MSW) / (MSB + (k-1) MSW) with k the mean group size, the share of variance
// that lies between groups, and ICC(2) = (MSB - MSW) / MSB, the reliability of a
// group's mean (P. D. Bliese, 2000). Both may be negative. Empty groups are passed
// over. False with fewer than two groups, without two values in any one of them, or
// when the groups' means do not differ at all.
func ICC(groups []Sums) (icc1, icc2 float64, ok bool) {
	count, n, sum, within := 0.0, 0.0, 0.0, 0.0
	for _, g := range groups {
		if g.N > 0 {
			count++
			n += g.N
			sum += g.Sum
			within += g.Square - g.Sum*g.Sum/g.N
		}
	}
	if count < 2 || n <= count {
		return 0, 0, false
	}
	between := 0.0
	for _, g := range groups {
		if g.N > 0 {
			off := g.Sum/g.N - sum/n
			between += g.N * off * off
		}
	}
	if between <= 1e-12*n {
		return 0, 0, false
	}
	msb, msw := between/(count-1), max(0, within)/(n-count)
	return (msb - msw) / (msb + (n/count-1)*msw), (msb - msw) / msb, true
}

// RwgJ is the agreement within a group over items with the given variances, against
// the variance that answers without any agreement would have: J(1-r) / (J(1-r) + r)
// with r their mean variance over it (L. R. James, R. G. Demaree, G. Wolf, 1984).
// A variance above it counts as no agreement: 0. With one item it is rwg. False
// without any item.
func RwgJ(variances []float64, without float64) (float64, bool) {
	if len(variances) == 0 || !(without > 0) {
		return 0, false
	}
	mean := 0.0
	for _, v := range variances {
		mean += v / float64(len(variances))
	}
	r := min(mean/without, 1)
	j := float64(len(variances))
	return j * (1 - r) / (j*(1-r) + r), true
}

// UniformVariance is the variance of answers spread evenly over a scale: (A^2-1)/12.
func UniformVariance(points int) float64 {
	a := float64(points)
	return (a*a - 1) / 12
}

// slightSkew is the distribution over five answers that James, Demaree and Wolf
// (1984) call slightly skewed: people who do not agree still lean to one side.
var slightSkew = [...]float64{.05, .15, .20, .35, .25}

// SkewedVariance is the variance of answers that lean slightly to one side: for five
// answers 1.34. Other scales have the same distribution stretched over their answers.
func SkewedVariance(points int) float64 {
	sum, square, before := 0.0, 0.0, 0.0
	for x := 1; x <= points; x++ {
		upTo := slightSkewUpTo(float64(x) / float64(points))
		share := upTo - before
		before = upTo
		sum += share * float64(x)
		square += share * float64(x) * float64(x)
	}
	return square - sum*sum
}

// slightSkewUpTo is the share of answers in the lowest part of the scale.
func slightSkewUpTo(part float64) float64 {
	at := part * float64(len(slightSkew))
	sum := 0.0
	for i, share := range slightSkew {
		sum += share * min(1, max(0, at-float64(i)))
	}
	return sum
}
