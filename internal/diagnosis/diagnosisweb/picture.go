package diagnosisweb

import (
	"context"
	"fmt"
	"math"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
)

// dots is a picture of scores on one axis: a line each, a dot at the mean, a band
// for the interval, a ring at what it is compared with.
type dots struct {
	Label      string // what the picture shows, for who does not see it
	Low, High  float64
	Target     *float64
	TargetText string
	Step       float64 // between the ticks
	Percent    bool    // the values are percents
	Lines      []dotLine
}

type dotLine struct {
	Name     string
	Mean     *float64
	From, To float64  // the interval; equal for none
	Compared *float64 // ring
}

// factorDots draws a group's factors beside those of the whole.
func (rd *reading) factorDots(ctx context.Context, g, compared *diagnosis.ReportGroup) dots {
	d := dots{Label: lang.T(ctx, "Scores of the factors with their intervals; the same figures stand in the table"), Target: rd.Instrument.Threshold, Step: 1}
	if d.Target != nil {
		d.TargetText = lang.T(ctx, "HPO %s", one(ctx, *d.Target))
	}
	for f := range rd.Instrument.Factors {
		l := dotLine{Name: rd.factor(f)}
		if s := factorScore(g, f); s != nil {
			l.Mean = &s.Mean
			if from, to, ok := interval(s, g); ok {
				l.From, l.To = from, to
			}
		}
		if s := factorScore(compared, f); s != nil {
			l.Compared = &s.Mean
		} else if compared == nil {
			l.Compared = rd.Reference.Mean(rd.Instrument.Factors[f].ID)
		}
		d.Lines = append(d.Lines, l)
	}
	d.bounds(rd.Instrument.FactorScale(0))
	return d
}

// bounds lets the axis run over what is drawn, in whole points.
func (d *dots) bounds(s *diagnosis.Scale) {
	d.Low, d.High = float64(s.Max), float64(s.Min)
	note := func(v *float64) {
		if v != nil {
			d.Low, d.High = min(d.Low, *v-.3), max(d.High, *v+.3)
		}
	}
	note(d.Target)
	for _, l := range d.Lines {
		note(l.Mean)
		note(l.Compared)
	}
	d.Low, d.High = max(float64(s.Min), math.Floor(d.Low)), min(float64(s.Max), math.Ceil(d.High))
	if d.High <= d.Low {
		d.Low, d.High = float64(s.Min), float64(s.Max)
	}
}

func (d dots) ticks() (all []float64) {
	for v := d.Low; v <= d.High; v += d.Step {
		all = append(all, v)
	}
	return all
}

// at is where a value lies between left and right, in the picture's units.
func (d dots) at(v float64, left, right int) string {
	x := float64(left) + (v-d.Low)/(d.High-d.Low)*float64(right-left)
	return fmt.Sprintf("%.1f", min(max(x, float64(left)), float64(right)))
}

// unit stands behind the numbers of the axis.
func (d dots) unit() string {
	if d.Percent {
		return " %"
	}
	return ""
}

// text writes a value of the picture.
func (d dots) text(ctx context.Context, v float64) string {
	if d.Percent {
		return share(v / 100)
	}
	return one(ctx, v)
}

// one writes a score as on every page: one decimal, as the language does.
func one(ctx context.Context, v float64) string { return lang.T(ctx, "%.1f", web.Rounded(v, 1)) }

func oneOf(ctx context.Context, s *diagnosis.Score) string {
	if s == nil {
		return lang.T(ctx, "withheld")
	}
	return one(ctx, s.Mean)
}

// signed writes a difference with its sign; a difference that rounds to nothing
// has none.
func signed(ctx context.Context, v float64) string {
	if v = web.Rounded(v, 1); v == 0 {
		return one(ctx, 0)
	}
	if v < 0 {
		return "−" + one(ctx, -v)
	}
	return "+" + one(ctx, v)
}

// shade is the class of a difference from the whole, as it is written: in colour
// from 0.2 on.
func shade(v float64) string { return fmt.Sprintf("h%d", shadeOf(v)) }

// shadeOf is the shade of a difference, from -3 to 3.
func shadeOf(v float64) int {
	v = web.Rounded(v, 1)
	step := 0
	for _, from := range []float64{.2, .5, .8} {
		if math.Abs(v) >= from {
			step++
		}
	}
	if v < 0 {
		return -step
	}
	return step
}
