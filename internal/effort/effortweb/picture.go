package effortweb

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
)

// plot is a picture over periods. Across it is measured in per cent, so that its texts keep their size on
// any screen; down in pixels.
type plot struct {
	Height float64
	Text   string // what it shows, for who does not see it
	Lines  []level
	Ticks  []tick
	Bars   []block
	Series []curve
	Marks  []tick // days of changes, by their numbers
}

// level is a line across, with what it stands for.
type level struct {
	Y, TextY float64
	Text     string
	Class    string
}

type tick struct {
	X, Text string
	Roomy   bool // gives way on a phone
}

// block is a part of a bar.
type block struct {
	X, Width  string
	Y, Height float64
	Class     string
}

// curve is values over periods; where one is missing it has a gap.
type curve struct {
	Class string
	Steps []step
	Dots  []point
}

type step struct {
	X1, X2 string
	Y1, Y2 float64
}

type point struct {
	X string
	Y float64
}

const (
	inset  = 11.0 // per cent at the left for what lines stand for
	top    = 22.0 // pixels above the highest line
	bottom = 24.0 // and below the lowest
)

// frame is where values lie in a plot.
type frame struct {
	n            int // periods
	first        int // number of the first period
	height, high float64
}

func (f frame) middle(n int) float64 { return inset + (float64(n)+.5)*(100-inset)/float64(f.n) }
func (f frame) x(n int) string       { return across(f.middle(n)) }
func (f frame) y(v float64) float64 {
	return web.Rounded(top+(f.height-top-bottom)*(1-v/f.high), 1)
}

func across(v float64) string { return strconv.FormatFloat(web.Rounded(v, 2), 'f', -1, 64) + "%" }

// round is the next number above v that is easy to read.
func round(v float64) float64 {
	if v <= 0 {
		return 1
	}
	unit := math.Pow10(int(math.Floor(math.Log10(v))))
	for _, n := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8} {
		if n*unit >= v*(1-1e-9) {
			return n * unit
		}
	}
	return 10 * unit
}

// begun is a plot with its lines and periods.
func begun(ctx context.Context, periods []period.Period, height, high float64, say func(v float64) string) (plot, frame) {
	f := frame{n: len(periods), first: periods[0].Number(), height: height, high: high}
	p := plot{Height: height}
	for _, v := range []float64{0, high / 2, high} {
		p.Lines = append(p.Lines, level{Y: f.y(v), TextY: f.y(v) + 4, Text: say(v), Class: "axis"})
	}
	for n, of := range periods {
		text, roomy := tickText(ctx, of, n == 0)
		p.Ticks = append(p.Ticks, tick{f.x(n), text, roomy})
	}
	return p, f
}

// tickText names a period below a plot: the first of a year by the year.
func tickText(ctx context.Context, p period.Period, first bool) (text string, roomy bool) {
	part := p.Number() % p.Grain().PerYear()
	switch {
	case part == 0 || p.Grain() == period.Yearly:
		return strconv.Itoa(p.Year()), false
	case p.Grain() == period.Quarterly:
		return "Q" + strconv.Itoa(part+1), !first && part%2 == 1
	}
	return lang.ShortMonth(ctx, time.Month(part+1)), part%3 != 0
}

// mark puts numbers of changes where they begin.
func (p *plot) mark(f frame, g period.Grain, changes []effort.Change) {
	for n, c := range changes {
		at := period.Of(c.Day, g).Number() - f.first
		if at < 0 || at >= f.n {
			continue
		}
		width := (100 - inset) / float64(f.n)
		part := float64(c.Day.Time().Unix()-period.Of(c.Day, g).First().Time().Unix()) / float64(period.Of(c.Day, g).Last().Add(1).Time().Unix()-period.Of(c.Day, g).First().Time().Unix())
		p.Marks = append(p.Marks, tick{X: across(inset + (float64(at)+part)*width), Text: strconv.Itoa(n + 1)})
	}
}

// mixes lists how one learns, in the order of the bars, from below.
var mixes = []effort.Mix{effort.Experience, effort.Exposure, effort.Education, ""}

func mixClass(m effort.Mix) string {
	if m == "" {
		return "unstated"
	}
	return string(m)
}

// blendPlot has a bar of hours for each period, by how one learns.
func blendPlot(ctx context.Context, parts []effort.Part, changes []effort.Change) plot {
	most := int64(0)
	for _, part := range parts {
		most = max(most, part.Blend().Minutes)
	}
	p, f := begun(ctx, periodsOf(parts), 230, round(float64(most)/60), func(v float64) string { return web.Cell(ctx, v, decimalsOf(v)) })
	p.Text = lang.T(ctx, "Hours of learning by period: experience, exposure and education; the same stands in the table")
	width := (100 - inset) / float64(f.n)
	for n, part := range parts {
		b, from := part.Blend(), int64(0)
		for _, m := range mixes {
			minutes := b.Mix[m]
			if minutes == 0 {
				continue
			}
			y, below := f.y(float64(from+minutes)/60), f.y(float64(from)/60)
			p.Bars = append(p.Bars, block{X: across(f.middle(n) - width*.36), Width: across(width * .72), Y: y, Height: web.Rounded(below-y, 1), Class: mixClass(m)})
			from += minutes
		}
	}
	p.mark(f, parts[0].Period.Grain(), changes)
	return p
}

func decimalsOf(v float64) int {
	if v == math.Trunc(v) {
		return 0
	}
	return 1
}

func periodsOf(parts []effort.Part) (all []period.Period) {
	for _, part := range parts {
		all = append(all, part.Period)
	}
	return all
}

// values are what each part comes to.
func values(parts []effort.Part, of func(effort.Part) *float64) (all []*float64) {
	for _, part := range parts {
		all = append(all, of(part))
	}
	return all
}

// linePlot is a line of what each period comes to, nil for nothing; reference is a dashed line across, 0
// for none.
func linePlot(ctx context.Context, periods []period.Period, changes []effort.Change, of []*float64, reference, high float64, say func(v float64) string) plot {
	most := reference
	for _, v := range of {
		if v != nil {
			most = max(most, *v)
		}
	}
	if high == 0 {
		high = round(most)
	}
	p, f := begun(ctx, periods, 200, high, say)
	if reference > 0 {
		p.Lines = append(p.Lines, level{Y: f.y(reference), TextY: f.y(reference) - 5, Class: "target"})
	}
	c, last := curve{Class: "line"}, -1
	for n, v := range of {
		if v == nil {
			continue
		}
		if y := f.y(*v); last == n-1 && last >= 0 {
			before := c.Dots[len(c.Dots)-1]
			c.Steps = append(c.Steps, step{before.X, f.x(n), before.Y, y})
		}
		c.Dots, last = append(c.Dots, point{f.x(n), f.y(*v)}), n
	}
	p.Series = []curve{c}
	p.mark(f, periods[0].Grain(), changes)
	return p
}

// strip is shares of one thing, side by side.
type strip struct {
	Name  string
	Parts []piece
}

type piece struct {
	Text     string
	Minutes  int64
	Share    string
	X, Width string
	Class    string
}

// newStrip leaves out what there is none of.
func newStrip(ctx context.Context, name string, pieces ...piece) strip {
	s, whole, at := strip{Name: name}, int64(0), 0.0
	for _, p := range pieces {
		whole += p.Minutes
	}
	for n, p := range pieces {
		if p.Minutes == 0 {
			continue
		}
		wide := float64(p.Minutes) / float64(whole) * 100
		p.X, p.Width, p.Share = across(at), across(wide), share(ctx, p.Minutes, whole)
		if p.Class == "" {
			p.Class = fmt.Sprint("part", n)
		}
		s.Parts = append(s.Parts, p)
		at += wide
	}
	return s
}
