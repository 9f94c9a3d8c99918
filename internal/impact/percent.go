package impact

import (
	"math"

	"throughline/internal/kit/fault"
	"throughline/internal/strategy"
)

// inLogs puts 100 times their natural logarithms in place of the outcomes: a change of one is near to one
// per cent. Units that grow by as many per cent then move alike, however large they are.
//
// Mistakes: an outcome that has no logarithm.
func (p *Panel) inLogs(of strategy.Indicator) error {
	bad := 0
	for n, v := range p.Outcome {
		if v <= 0 {
			bad++
		}
		p.Outcome[n] = 100 * math.Log(v)
	}
	if bad > 0 {
		return fault.Invalidf("%[1]s has %[2]d values of 0 or less, which do not change by per cent: let the plan estimate it in its own measure", of.Name, bad)
	}
	return nil
}

// percent is the change in per cent that 100 times a change of the logarithm is.
func percent(v float64) float64 { return 100 * math.Expm1(v/100) }

// inPercent reads a figure of logarithms; its error is by the delta method.
func (f Figure) inPercent() Figure {
	return Figure{ATT: percent(f.ATT), SE: f.SE * math.Exp(f.ATT/100)}
}

func (h Headline) inPercent() Headline {
	return Headline{h.Figure.inPercent(), percent(h.Low), percent(h.High)}
}

// Tried are the checks of an estimate in what the plan tells effects in.
func (e *Estimated) Tried(p Plan) (all []Check) {
	for _, c := range e.Checks {
		if p.Percent {
			c.Figure, c.Low, c.High = c.Figure.inPercent(), percent(c.Low), percent(c.High)
		}
		all = append(all, c)
	}
	return all
}
