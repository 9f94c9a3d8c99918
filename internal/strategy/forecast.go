package strategy

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Method is how a forecast is made.
type Method string

const (
	// Seasonal takes what was a year before, and adds the mean change over a year: the seasonal
	// naive forecast with drift (R. J. Hyndman, G. Athanasopoulos, Forecasting: Principles and
	// Practice, 3rd edition, sections 5.2 and 5.5).
	Seasonal Method = "seasonal"
	// Level takes the mean of the newest periods.
	Level Method = "level"
)

// Forecast is what a year will come to, with its 95 % interval.
type Forecast struct {
	Value, Low, High float64
	Method           Method
	From             int // observations, or changes over a year, that it rests on
}

const (
	leastChanges = 6 // changes over a year that a seasonal forecast needs
	leastLevel   = 4 // periods that a level needs
)

// predictor predicts single periods. The error of a sum of m periods has the variance
// spread · (m + m²/n).
type predictor struct {
	method Method
	n      int
	spread float64 // variance
	worth  float64 // independent values
	at     func(number int) (float64, bool)
}

// predict learns from values by period; perYear is how many a year has. False where they are too
// few for the periods asked for.
func predict(values map[int]float64, newest, perYear int, asked []int) (predictor, bool) {
	p := seasonal(values, newest, perYear)
	for _, number := range asked {
		if _, ok := p.at(number); !ok || p.n < leastChanges {
			p = level(values, newest, perYear)
			break
		}
	}
	return p, p.method == Seasonal || p.n >= leastLevel
}

func seasonal(values map[int]float64, newest, perYear int) predictor {
	var changes []float64
	for number := newest; number > newest-2*perYear; number-- {
		now, there := values[number]
		before, too := values[number-perYear]
		if there && too {
			changes = append(changes, now-before)
		}
	}
	mean, spread, worth := longRun(changes)
	return predictor{method: Seasonal, n: len(changes), spread: spread, worth: worth, at: func(number int) (float64, bool) {
		before, there := values[number-perYear]
		return before + mean, there
	}}
}

func level(values map[int]float64, newest, perYear int) predictor {
	var last []float64
	for number := newest; number > newest-perYear; number-- {
		if v, there := values[number]; there {
			last = append(last, v)
		}
	}
	mean, spread, worth := longRun(last)
	return predictor{method: Level, n: len(last), spread: spread, worth: worth, at: func(int) (float64, bool) { return mean, true }}
}

// longRun is the mean of a series, its long-run variance, and how many independent values it is
// worth: neighbours that are alike make a sum less sure than their number tells. It takes them for
// autoregressive of the first order: variance (1+r)/(1-r), with r mended for its bias in short
// series, r + (1+3r)/n (F. H. C. Marriott, J. A. Pope, 1954), and between 0 and 0.9.
func longRun(x []float64) (mean, variance, worth float64) {
	n := float64(len(x))
	if n < 2 {
		return 0, 0, 1
	}
	for _, v := range x {
		mean += v / n
	}
	var square, neighbours float64
	for i, v := range x {
		square += (v - mean) * (v - mean)
		if i > 0 {
			neighbours += (v - mean) * (x[i-1] - mean)
		}
	}
	if square == 0 {
		return mean, 0, n
	}
	r := neighbours / square
	r = min(max(r+(1+3*r)/n, 0), .9)
	return mean, square / (n - 1) * (1 + r) / (1 - r), n * (1 - r) / (1 + r)
}

// sum forecasts base plus the periods asked for, each times its share.
func (p predictor) sum(base float64, asked []int, share func(number int) float64) Forecast {
	f := Forecast{Value: base, Method: p.method, From: p.n}
	var shares, squares float64
	for _, number := range asked {
		v, _ := p.at(number)
		s := share(number)
		f.Value, shares, squares = f.Value+v*s, shares+s, squares+s*s
	}
	se := math.Sqrt(p.spread * (squares + shares*shares/float64(p.n)))
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: max(1, p.worth-1)}.Quantile(.975) * se
	f.Low, f.High = f.Value-half, f.Value+half
	return f
}
