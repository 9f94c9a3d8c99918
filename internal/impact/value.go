package impact

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/strategy"
)

// Money is what one of an indicator's measure is worth, in one unit, in the smallest unit of a
// currency. It is somebody's figure, not ours: the source says whose.
type Money struct {
	Amount      int64
	Low, High   int64  // between which it lies with 95 %; both equal to Amount where nobody has said
	Year        bool   // for a year; else for each period of the indicator
	Source      string // where the figure is from
	Hour        int64  // what an hour of participants costs, with all that goes with it; 0 where it is not counted
	Intangibles string // what came of it besides, and is not converted into money
}

// Check brings it into order and reports what it lacks.
func (m *Money) Check() error {
	m.Source, m.Intangibles = strings.TrimSpace(m.Source), strings.TrimSpace(m.Intangibles)
	if m.Low == 0 && m.High == 0 {
		m.Low, m.High = m.Amount, m.Amount
	}
	switch {
	case m.Amount < 0 || m.Amount > 1e15:
		return fault.Fieldf("amount", "what one is worth is an amount above 0, or empty")
	case m.Low > m.Amount || m.High < m.Amount:
		return fault.Fieldf("low", "the amount lies between the lowest and the highest that it may be")
	case m.Amount > 0 && m.Source == "":
		return fault.Fieldf("source", "say where the amount is from: a figure without a source convinces nobody")
	case len(m.Source) > mostWords:
		return fault.Fieldf("source", "write at most %d bytes", mostWords)
	case len(m.Intangibles) > mostWords:
		return fault.Fieldf("intangibles", "write at most %d bytes", mostWords)
	case m.Hour < 0 || m.Hour > 1e9:
		return fault.Fieldf("hour", "what an hour costs is an amount above 0, or empty")
	}
	return nil
}

// Range is a figure with what else fits.
type Range struct{ Value, Low, High float64 }

// Worth is what an effect was worth against what it cost, in whole units of the currency's
// smallest one. ROI is (value - cost) / cost, BCR value / cost (J. J. Phillips).
type Worth struct {
	Value    Range
	Cost     float64 // direct costs, and participants' time
	Time     float64 // of it, the time
	ROI, BCR Range   // NaN without a cost
	Pays     float64 // share of draws in which the value exceeds the cost
	Years    float64 // unit-years, or unit-periods, since the start
}

// drawn is how many values stand behind a range of money.
const drawn = 20_000

// Worth multiplies an effect by what one is worth and by how long how many units had it. Its range
// comes of draws from the effect's interval and from the range of the amount.
func (m Money) Worth(h Headline, exposure, perYear int, better strategy.Direction, direct int64, minutes int64, seed uint64) Worth {
	w := Worth{Years: float64(exposure), Time: float64(minutes) / 60 * float64(m.Hour)}
	if m.Year {
		w.Years /= float64(perYear)
	}
	w.Cost = float64(direct) + w.Time
	sign := 1.0
	if better == strategy.Lower {
		sign = -1
	}
	w.Value.Value = sign * h.ATT * float64(m.Amount) * w.Years
	rng := rand.New(rand.NewPCG(seed, 0x3077))
	z := normalQuantile(UsualLevel)
	se := (h.High - h.Low) / 2 / z // of few units wider than the figure's own
	// Each side of the range is half of a normal distribution.
	below, above := float64(m.Amount-m.Low)/z, float64(m.High-m.Amount)/z
	values, pays := make([]float64, drawn), 0
	for k := range values {
		amount := rng.NormFloat64()
		if amount < 0 {
			amount *= below
		} else {
			amount *= above
		}
		values[k] = sign * (h.ATT + se*rng.NormFloat64()) * (float64(m.Amount) + amount) * w.Years
		if values[k] > w.Cost {
			pays++
		}
	}
	slices.Sort(values)
	w.Value.Low, w.Value.High = quantile(values, 0.025), quantile(values, 0.975)
	w.Pays = float64(pays) / drawn
	for to, of := range map[*Range]func(v float64) float64{
		&w.ROI: func(v float64) float64 { return ROI(v, w.Cost) },
		&w.BCR: func(v float64) float64 { return BCR(v, w.Cost) },
	} {
		*to = Range{of(w.Value.Value), of(w.Value.Low), of(w.Value.High)}
	}
	return w
}

// ROI is the return on a cost as a share: (benefit - cost) / cost; NaN without a cost.
func ROI(benefit, cost float64) float64 {
	if cost <= 0 {
		return math.NaN()
	}
	return (benefit - cost) / cost
}

// BCR is benefit / cost; NaN without a cost.
func BCR(benefit, cost float64) float64 {
	if cost <= 0 {
		return math.NaN()
	}
	return benefit / cost
}

// Opinion is what somebody thinks that an initiative changed: the change, the share of it that
// came of the initiative, and how sure of both they are. Who was asked and did not answer has
// a share of 0.
type Opinion struct {
	ID         string
	Who        string
	Change     float64 // in the indicator's measure
	Share      float64 // 0 to 1
	Confidence float64 // 0 to 1
}

// Check reports an opinion that cannot be.
func (o *Opinion) Check() error {
	o.Who = strings.Join(strings.Fields(o.Who), " ")
	switch {
	case o.Who == "" || len(o.Who) > 200:
		return fault.Fieldf("who", "say who was asked, in at most 200 bytes")
	case math.IsNaN(o.Change) || math.Abs(o.Change) > 1e12:
		return fault.Fieldf("change", "the change is a number, in the indicator's measure")
	case !(o.Share >= 0 && o.Share <= 1):
		return fault.Fieldf("share", "the share that came of it is 0 to 100 per cent")
	case !(o.Confidence >= 0 && o.Confidence <= 1):
		return fault.Fieldf("confidence", "how sure is 0 to 100 per cent")
	}
	return nil
}

// Adjusted is the change less what people doubt: change x share x confidence.
func (o Opinion) Adjusted() float64 { return o.Change * o.Share * o.Confidence }

// Adjusted is the mean over all who were asked, those who did not answer counting as 0.
func Adjusted(all []Opinion) float64 {
	if len(all) == 0 {
		return 0
	}
	total := 0.0
	for _, o := range all {
		total += o.Adjusted()
	}
	return total / float64(len(all))
}
