package strategyweb

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/strategy"
)

// ending is where the year of an indicator will end, in per cent of the plan.
type ending struct {
	strategy.Line
	Name           string
	At, From, To   float64 // per cent above the plan; better is more
	X, XFrom, XTo  string  // across the picture
	Text           string
	CutFrom, CutTo bool // the interval goes on beyond the picture
}

// endings is the picture of where the year will end.
type endings struct {
	Lines []ending
	Ticks []tick
	Out   int // indicators with a plan that have no forecast against it
}

type tick struct{ X, Text string }

const widest = 50.0 // per cent that the picture shows at most

// drawEndings has a line for each indicator with a forecast and a plan above 0, the best first.
func (c cardPage) drawEndings(ctx context.Context) (e endings) {
	reach := 2.0
	for _, l := range c.Lines {
		f, plan := l.Forecast, l.Plan
		if f == nil || plan == nil || *plan <= 0 || l.Indicator.Direction == strategy.Within {
			if l.Status != strategy.Unknown {
				e.Out++
			}
			continue
		}
		share := func(v float64) float64 { return (v / *plan - 1) * 100 }
		one := ending{Line: l, Name: l.Indicator.Name, At: share(f.Value), From: share(f.Low), To: share(f.High)}
		if l.Indicator.Direction == strategy.Lower {
			one.At, one.From, one.To = -one.At, -one.To, -one.From
		}
		one.Text = lang.T(ctx, "%[1]s: forecast %[2]s per cent against plan, %[3]s to %[4]s", one.Name, signed(ctx, one.At), signed(ctx, one.From), signed(ctx, one.To))
		reach = max(reach, math.Abs(one.At), math.Abs(one.From), math.Abs(one.To))
		e.Lines = append(e.Lines, one)
	}
	reach = min(reach, widest) * 1.05
	x := func(v float64) string { return fmt.Sprintf("%.2f%%", 50+45*min(max(v/reach, -1), 1)) }
	for n := range e.Lines {
		one := &e.Lines[n]
		one.X, one.XFrom, one.XTo = x(one.At), x(one.From), x(one.To)
		one.CutFrom, one.CutTo = one.From < -reach, one.To > reach
	}
	step := niceStep(reach)
	for _, v := range []float64{-step, 0, step} {
		text := lang.T(ctx, "plan")
		if v != 0 {
			text = signed(ctx, v) + " %"
		}
		e.Ticks = append(e.Ticks, tick{x(v), text})
	}
	return e
}

// niceStep is a round number that fits into the reach.
func niceStep(reach float64) float64 {
	step := 1.0
	for _, s := range []float64{2, 5, 10, 20, 50} {
		if s <= reach*.8 {
			step = s
		}
	}
	return step
}

func signed(ctx context.Context, v float64) string {
	text := web.Cell(ctx, v, 1)
	if web.Rounded(v, 1) > 0 {
		return "+" + text
	}
	return text
}

// chart is a line of values over periods, with the plan dashed.
type chart struct {
	Width, Height float64
	Actual, Plan  []string // paths; a gap in the values ends one
	Dots          []spot   // values alone, without neighbours, and the newest
	Forecast      *bar
	Ticks, Axis   []spot // of periods below, of values at the left
	Notes         []spot
	Text          string
}

type spot struct {
	X, Y float64
	Text string
}

type bar struct{ X, Y, Low, High float64 }

// scale maps values onto a height.
type scale struct{ low, high, height, top float64 }

func (s scale) y(v float64) float64 {
	if s.high == s.low {
		return s.top + s.height/2
	}
	return web.Rounded(s.top+s.height*(1-(v-s.low)/(s.high-s.low)), 1)
}

// drawSpark is a small chart of the year and the one before.
func drawSpark(l strategy.Line) chart {
	of := l.Of
	c := chart{Width: 104, Height: 30}
	first, last := (l.Year-1)*of, (l.Year+1)*of-1
	values := valuesIn(l.Actual, first, last)
	plan := valuesIn(l.Planned, l.Year*of, last)
	s := scale{height: c.Height - 8, top: 4}
	s.low, s.high = bounds(values, plan)
	x := func(n int) float64 {
		return web.Rounded(4+float64(n-first)/float64(max(1, last-first))*(c.Width-20), 1)
	}
	c.Actual, c.Dots = paths(values, first, last, x, s)
	c.Plan, _ = paths(plan, first, last, x, s)
	if f := l.Forecast; f != nil && l.Indicator.OverTime != strategy.SumOfPeriods {
		clamp := func(v float64) float64 { return s.y(min(max(v, s.low), s.high)) }
		c.Forecast = &bar{X: c.Width - 6, Y: clamp(f.Value), Low: clamp(f.Low), High: clamp(f.High)}
	}
	return c
}

func valuesIn(t strategy.Total, first, last int) map[int]float64 {
	in := map[int]float64{}
	for _, m := range t.Told() {
		if m.Number >= first && m.Number <= last {
			in[m.Number] = m.Value()
		}
	}
	return in
}

func bounds(all ...map[int]float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, values := range all {
		for _, v := range values {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// paths draws values that follow on one another; dots are those that stand alone, and the newest.
func paths(values map[int]float64, first, last int, x func(int) float64, s scale) (lines []string, dots []spot) {
	var path strings.Builder
	run, newest := 0, spot{}
	flush := func(end int) {
		if run == 1 {
			dots = append(dots, spot{X: x(end), Y: s.y(values[end])})
		} else if run > 1 {
			lines = append(lines, path.String())
		}
		path.Reset()
		run = 0
	}
	for n := first; n <= last; n++ {
		v, there := values[n]
		if !there {
			flush(n - 1)
			continue
		}
		path.WriteString([]string{"M", "L"}[min(run, 1)] + strconv.FormatFloat(x(n), 'f', -1, 64) + " " + strconv.FormatFloat(s.y(v), 'f', -1, 64))
		newest = spot{X: x(n), Y: s.y(v)}
		run++
	}
	flush(last)
	if len(values) > 0 {
		dots = append(dots, newest)
	}
	return lines, dots
}

// drawChart is the chart of a sheet: three years of values, plan, and the days of notes.
func (p sheetPage) drawChart(ctx context.Context) chart {
	i, of := p.Indicator, p.Indicator.Grain.PerYear()
	first, last := (p.Year-2)*of, (p.Year+1)*of-1
	values, plan := valuesIn(p.Line.Actual, first, last), valuesIn(p.Line.Planned, first, last)
	for n := range values {
		first = min(first, n)
	}
	c := chart{Width: 720, Height: 220, Text: lang.T(ctx, "%[1]s of %[2]s by period; the same stands in the table", i.Name, p.Unit.Name)}
	if len(values)+len(plan) == 0 {
		return c
	}
	s := scale{height: c.Height - 44, top: 14}
	s.low, s.high = bounds(values, plan)
	left := 66.0
	x := func(n int) float64 {
		return web.Rounded(left+(float64(n-first)+.5)/float64(last-first+1)*(c.Width-left-8), 1)
	}
	c.Actual, c.Dots = paths(values, first, last, x, s)
	c.Plan, _ = paths(plan, first, last, x, s)
	for _, v := range []float64{s.low, (s.low + s.high) / 2, s.high} {
		c.Axis = append(c.Axis, spot{X: left - 8, Y: s.y(v), Text: figure(ctx, i, &v)})
		if s.low == s.high {
			break
		}
	}
	for year := p.Year - 2; year <= p.Year; year++ {
		c.Ticks = append(c.Ticks, spot{X: x(year * of), Y: c.Height - 8, Text: strconv.Itoa(year)})
	}
	for n, note := range p.Notes {
		at := period.Of(note.Day, i.Grain).Number()
		if at >= first && at <= last {
			c.Notes = append(c.Notes, spot{X: x(at), Text: strconv.Itoa(n + 1)})
		}
	}
	return c
}
