package impact

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"throughline/internal/kit/fault"
)

// Impact is how a start is expected to show in a series, stated before looking.
type Impact string

const (
	Level      Impact = "level"       // it jumps
	Slope      Impact = "slope"       // its trend bends
	LevelSlope Impact = "level-slope" // both
)

// Impacts lists them.
var Impacts = []Impact{Level, Slope, LevelSlope}

// SeriesOptions are the choices of an interrupted time series.
type SeriesOptions struct {
	Impact    Impact    // "" is level-slope
	Season    int       // periods of a year, for as many as HarmonicPairs sine and cosine pairs; 0: no seasons
	Harmonics int       // pairs; 0 is 2
	Counts    bool      // quasi-Poisson: the effect is a ratio
	Offset    []float64 // T, above 0: what the counts are out of; nil: nothing
	Lag       int       // of Newey and West; 0: the whole part of 4 (T/100)^(2/9)
	Level     float64   // confidence; 0 is 0.95
	NoTrend   bool      // without a trend before the start
	Curved    bool      // with its square
}

// Series is an interrupted time series: what came after a start against the trend before
// it (J. Lopez Bernal, S. Cummins, A. Gasparrini, International Journal of Epidemiology
// 2017). Least squares with the standard errors of W. K. Newey and K. D. West
// (Econometrica 1987), with the factor T/(T-K), or quasi-Poisson regression with a log
// link. Nothing else may have changed at the start: there is nobody to compare with.
type Series struct {
	Effect   Figure // mean over the periods from the start on; of counts: of the log ratio
	Jump     Figure // at the start
	Bend     Figure // of the trend, a period
	Trend    Figure // before the start, a period
	Fitted   []float64
	Without  []float64 // what the trend before it foretells
	Before   int       // periods with a value
	After    int
	Lag      int
	DF       int
	AutoCorr float64 // of neighbouring residuals
	Scale    float64 // dispersion of counts, 1 if Poisson; else the residual variance
	Level    float64
	Counts   bool
	Remarks  []fault.Remark
}

// Ratio is the effect on counts as a ratio with its interval.
func (s *Series) Ratio() (ratio, low, high float64) {
	low, high = s.Interval()
	return math.Exp(s.Effect.ATT), math.Exp(low), math.Exp(high)
}

// Interval is the effect's by Student's t.
func (s *Series) Interval() (low, high float64) {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(s.DF)}.Quantile(1 - (1-s.Level)/2)
	return s.Effect.ATT - t*s.Effect.SE, s.Effect.ATT + t*s.Effect.SE
}

// P is the effect's two-sided probability by Student's t.
func (s *Series) P() float64 {
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(s.DF)}.Survival(math.Abs(s.Effect.ATT/s.Effect.SE))
}

// fewBefore is the least periods a trend before the start, and what came after, are told by.
const fewBefore = 3

// Interrupted fits the series of values, NaN where there is none, with the start at a
// position in it.
func Interrupted(values []float64, start int, o SeriesOptions) (*Series, error) {
	if o.Impact == "" {
		o.Impact = LevelSlope
	}
	if o.Harmonics == 0 {
		o.Harmonics = 2
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	f := &fitting{o: o, start: start, Series: Series{Level: o.Level, Counts: o.Counts}}
	for t, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if o.Counts && v < 0 {
			return nil, fault.Invalidf("counts cannot be below 0, and one is %g: fit the series by least squares", v)
		}
		if t < start {
			f.Before++
		} else {
			f.After++
		}
		f.at, f.y = append(f.at, t), append(f.y, v)
	}
	need := len(f.row(0))
	if f.Before < max(fewBefore, 2) || f.After < fewBefore {
		return nil, fault.Invalidf("an interrupted time series needs at least %d periods before the start and %d from it on; there are %d and %d", fewBefore, fewBefore, f.Before, f.After)
	}
	if len(f.y) < need+3 {
		return nil, fault.Invalidf("%d periods are too few for a model with %d parts: leave out the seasons, or choose a simpler impact", len(f.y), need)
	}
	return f.fit(len(values))
}

type fitting struct {
	Series
	o     SeriesOptions
	start int
	at    []int // periods with a value
	y     []float64
	x     *mat.Dense
	b     []float64
	bread *mat.Cholesky
	cov   *mat.SymDense
}

// row is what the model knows of a period: 1, the trend, the seasons, jump and bend. Time
// counts from the start, so that the trend's parts are told apart well.
func (f *fitting) row(t int) []float64 {
	since := float64(t - f.start)
	x := []float64{1}
	if !f.o.NoTrend {
		x = append(x, since)
	}
	if f.o.Curved {
		x = append(x, since*since)
	}
	if f.o.Season > 1 {
		for h := 1; h <= min(f.o.Harmonics, f.o.Season/2); h++ {
			angle := 2 * math.Pi * float64(h*t) / float64(f.o.Season)
			x = append(x, math.Cos(angle))
			if 2*h != f.o.Season {
				x = append(x, math.Sin(angle))
			}
		}
	}
	return append(x, f.impact(t)...)
}

// impact is the part of the start in a row: it comes last.
func (f *fitting) impact(t int) (x []float64) {
	after := 0.0
	if t >= f.start {
		after = 1
	}
	if f.o.Impact != Slope {
		x = append(x, after)
	}
	if f.o.Impact != Level {
		x = append(x, after*float64(t-f.start))
	}
	return x
}

func (f *fitting) fit(periods int) (*Series, error) {
	k := len(f.row(0))
	f.x = mat.NewDense(len(f.y), k, nil)
	for j, t := range f.at {
		f.x.SetRow(j, f.row(t))
	}
	f.DF = len(f.y) - k
	var ok bool
	if f.o.Counts {
		ok = f.quasiPoisson()
	} else {
		ok = f.leastSquares()
	}
	if !ok {
		return nil, fault.Invalidf("the model's parts cannot be told apart in these periods: leave out the seasons, or choose a simpler impact")
	}
	f.read(periods)
	return &f.Series, nil
}

func (f *fitting) leastSquares() bool {
	n, k := f.x.Dims()
	ones := make([]float64, n)
	for j := range ones {
		ones[j] = 1
	}
	if !f.step(ones, f.y) {
		return false
	}
	rest := make([]float64, n)
	for j := range rest {
		rest[j] = f.y[j] - dot(f.x.RawRowView(j), f.b)
		f.Scale += rest[j] * rest[j] / float64(n-k)
	}
	f.AutoCorr = autocorrelation(rest)
	if f.Lag = f.o.Lag; f.Lag == 0 {
		f.Lag = int(4 * math.Pow(float64(n)/100, 2./9))
	}
	f.cov = f.sandwich(f.neweyWest(rest))
	return true
}

// step solves a weighted regression.
func (f *fitting) step(w, y []float64) bool {
	n, k := f.x.Dims()
	cross, xy := mat.NewSymDense(k, nil), make([]float64, k)
	for j := range n {
		row := f.x.RawRowView(j)
		cross.SymRankOne(cross, w[j], mat.NewVecDense(k, row))
		for q, v := range row {
			xy[q] += w[j] * v * y[j]
		}
	}
	f.bread = &mat.Cholesky{}
	if !f.bread.Factorize(cross) || f.bread.Cond() > 1e13 {
		return false
	}
	f.b = solve(f.bread, xy)
	return true
}

// neweyWest is the sum of products of scores with Bartlett's weights, times T/(T-K).
func (f *fitting) neweyWest(rest []float64) *mat.SymDense {
	n, k := f.x.Dims()
	meat := mat.NewSymDense(k, nil)
	for lag := 0; lag <= f.Lag; lag++ {
		w := (1 - float64(lag)/float64(f.Lag+1)) * float64(n) / float64(n-k)
		for j := lag; j < n; j++ {
			a, b := f.x.RawRowView(j), f.x.RawRowView(j-lag)
			s := w * rest[j] * rest[j-lag]
			if lag == 0 {
				s /= 2
			}
			meat.RankTwo(meat, s, mat.NewVecDense(k, a), mat.NewVecDense(k, b))
		}
	}
	return meat
}

func (f *fitting) sandwich(meat *mat.SymDense) *mat.SymDense {
	var inverse mat.SymDense
	_ = f.bread.InverseTo(&inverse) // its condition is known to be good
	var left, all mat.Dense
	left.Mul(&inverse, meat)
	all.Mul(&left, &inverse)
	k := meat.SymmetricDim()
	out := mat.NewSymDense(k, nil)
	for a := range k {
		for b := a; b < k; b++ {
			out.SetSym(a, b, (all.At(a, b)+all.At(b, a))/2)
		}
	}
	return out
}

// quasiPoisson fits a log-linear model; its covariance is that of Poisson times the
// dispersion, Pearson's statistic a degree of freedom.
func (f *fitting) quasiPoisson() bool {
	n, k := f.x.Dims()
	offset := func(j int) float64 {
		if f.o.Offset == nil {
			return 0
		}
		return math.Log(f.o.Offset[f.at[j]])
	}
	mu, w, z := make([]float64, n), make([]float64, n), make([]float64, n)
	for j, v := range f.y {
		mu[j] = v + 0.1
	}
	last := math.Inf(1)
	for range 50 {
		for j := range n {
			w[j], z[j] = mu[j], math.Log(mu[j])-offset(j)+(f.y[j]-mu[j])/mu[j]
		}
		if !f.step(w, z) {
			return false
		}
		deviance := 0.0
		for j := range n {
			mu[j] = math.Exp(dot(f.x.RawRowView(j), f.b) + offset(j))
			deviance += 2 * (mu[j] - f.y[j])
			if f.y[j] > 0 {
				deviance += 2 * f.y[j] * math.Log(f.y[j]/mu[j])
			}
		}
		if math.Abs(deviance-last) < 1e-12*(math.Abs(deviance)+0.1) {
			break
		}
		last = deviance
	}
	rest := make([]float64, n)
	for j := range n {
		if !(mu[j] > 0) || math.IsInf(mu[j], 0) {
			return false
		}
		rest[j] = (f.y[j] - mu[j]) / math.Sqrt(mu[j])
		f.Scale += rest[j] * rest[j] / float64(n-k)
	}
	f.AutoCorr = autocorrelation(rest)
	f.cov = &mat.SymDense{}
	_ = f.bread.InverseTo(f.cov)
	f.cov.ScaleSym(f.Scale, f.cov)
	return true
}

func autocorrelation(rest []float64) float64 {
	var next, all float64
	for j, r := range rest {
		all += r * r
		if j > 0 {
			next += r * rest[j-1]
		}
	}
	return next / all
}

// much is the correlation of neighbouring residuals of counts that is worth a remark: their
// errors do not allow for it.
const much = 0.3

// read takes the figures out of the fit.
func (f *fitting) read(periods int) {
	k := len(f.b)
	impacts := len(f.impact(0))
	mean := make([]float64, k)
	for _, t := range f.at {
		if t >= f.start {
			for q, v := range f.impact(t) {
				mean[k-impacts+q] += v / float64(f.After)
			}
		}
	}
	f.Effect = f.figure(mean)
	part := func(q int) Figure {
		one := make([]float64, k)
		one[q] = 1
		return f.figure(one)
	}
	f.Jump, f.Bend, f.Trend = Figure{0, math.NaN()}, Figure{0, math.NaN()}, Figure{0, math.NaN()}
	if !f.o.NoTrend {
		f.Trend = part(1)
	}
	if f.o.Impact != Slope {
		f.Jump = part(k - impacts)
	}
	if f.o.Impact != Level {
		f.Bend = part(k - 1)
	}
	for t := range periods {
		row := f.row(t)
		with, without := dot(row, f.b), dot(row[:k-impacts], f.b[:k-impacts])
		if f.o.Counts {
			scale := 1.0
			if f.o.Offset != nil {
				scale = f.o.Offset[t]
			}
			with, without = scale*math.Exp(with), scale*math.Exp(without)
		}
		f.Fitted, f.Without = append(f.Fitted, with), append(f.Without, without)
	}
	if f.o.Counts && f.AutoCorr > much {
		f.Remarks = append(f.Remarks, fault.Remarkf("Neighbouring residuals go together (%.2f): the interval is too narrow; compare with the series by least squares.", f.AutoCorr))
	}
	if f.Before < 8 {
		f.Remarks = append(f.Remarks, fault.Remarkf("Periods before the start: only %d. A trend from so few bends with each of them.", f.Before))
	}
}

func (f *fitting) figure(weights []float64) Figure {
	v := mat.NewVecDense(len(weights), weights)
	return Figure{dot(weights, f.b), math.Sqrt(mat.Inner(v, f.cov, v))}
}
