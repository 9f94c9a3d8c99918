package impactweb

import (
	"context"
	"math"
	"slices"
	"strconv"

	"throughline/internal/impact"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"

	"github.com/a-h/templ"
)

// picture is made of simple shapes. Across it is measured in per cent, so that its texts
// keep their size on any screen; down in pixels.
type picture struct {
	Height float64
	Wide   float64 // pixels; 0: as wide as its place
	Label  string  // what it shows, for who does not see it; "" where a table beside it says so
	Shapes []shape
}

type kind byte

const (
	stroke kind = iota
	block
	dot
	word
)

type shape struct {
	kind   kind
	class  string
	x, x2  float64 // per cent; of a block the left and right side
	y, y2  float64 // pixels
	r      float64
	anchor string
	text   string
	path   string // to which it leads
	title  string // what it is, for who points at it
}

func (s shape) X() string     { return across(s.x) }
func (s shape) X2() string    { return across(s.x2) }
func (s shape) Width() string { return across(s.x2 - s.x) }
func (s shape) Y() string     { return down(s.y) }
func (s shape) Y2() string    { return down(s.y2) }
func (s shape) High() string  { return down(s.y2 - s.y) }
func (s shape) R() string     { return down(s.r) }

func across(v float64) string { return strconv.FormatFloat(web.Rounded(v, 2), 'f', -1, 64) + "%" }
func down(v float64) string   { return strconv.FormatFloat(web.Rounded(v, 1), 'f', -1, 64) }

func (p *picture) line(class string, x, y, x2, y2 float64) {
	p.Shapes = append(p.Shapes, shape{kind: stroke, class: class, x: x, y: y, x2: x2, y2: y2})
}

func (p *picture) block(class string, x, y, x2, y2 float64) {
	p.Shapes = append(p.Shapes, shape{kind: block, class: class, x: x, y: y, x2: x2, y2: y2})
}

func (p *picture) dot(class string, x, y, r float64) {
	p.Shapes = append(p.Shapes, shape{kind: dot, class: class, x: x, y: y, r: r})
}

func (p *picture) word(class, anchor string, x, y float64, text string) {
	p.Shapes = append(p.Shapes, shape{kind: word, class: class, x: x, y: y, anchor: anchor, text: text})
}

// role is what a picture is for who does not see it: a group of links, an image, or nothing.
func (p picture) role() templ.Attributes {
	switch {
	case slices.ContainsFunc(p.Shapes, func(s shape) bool { return s.path != "" }):
		return templ.Attributes{"role": "group", "aria-label": p.Label}
	case p.Label != "":
		return templ.Attributes{"role": "img", "aria-label": p.Label}
	}
	return templ.Attributes{"aria-hidden": "true"}
}

// name says what the newest shape is, and where it leads.
func (p *picture) name(path, title string) {
	s := &p.Shapes[len(p.Shapes)-1]
	s.path, s.title = path, title
}

// scale places values between two ends, from a to b.
type scale struct{ low, high, a, b float64 }

func (s scale) at(v float64) float64 {
	return s.a + (s.b-s.a)*(min(max(v, s.low), s.high)-s.low)/(s.high-s.low)
}

// ticks are round values within the scale, at most so many and 0 among them where it lies inside.
func (s scale) ticks(most int) (all []float64) {
	step := math.Pow10(int(math.Floor(math.Log10((s.high - s.low) / float64(most)))))
	for _, n := range []float64{1, 2, 5, 10} {
		if (s.high-s.low)/(n*step) <= float64(most) {
			step *= n
			break
		}
	}
	for k := math.Ceil(s.low/step - 1e-9); k*step <= s.high+step*1e-9; k++ {
		all = append(all, k*step)
	}
	return all
}

// spanned is the scale from the lowest to the highest of values, and 0, with a little room.
func spanned(a, b float64, values ...float64) scale {
	s := scale{0, 0, a, b}
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			s.low, s.high = min(s.low, v), max(s.high, v)
		}
	}
	if s.low == s.high {
		s.high++
	}
	room := 0.06 * (s.high - s.low)
	s.low, s.high = s.low-room, s.high+room
	return s
}

// decimals are as many as tell an error to two digits where the first is 1 or 2, else to one.
func decimals(se float64) int {
	if !(se > 0) || math.IsInf(se, 0) {
		return 3
	}
	power := math.Floor(math.Log10(se))
	digits := -int(power)
	if se/math.Pow(10, power) < 3 {
		digits++
	}
	return min(max(digits, 0), 8)
}

func number(ctx context.Context, v float64, decimals int) string {
	if math.IsNaN(v) {
		return "–"
	}
	return web.Cell(ctx, v, decimals)
}

// signed is a number with a plus where it is above 0.
func signed(ctx context.Context, v float64, decimals int) string {
	text := number(ctx, v, decimals)
	if web.Rounded(v, decimals) > 0 {
		return "+" + text
	}
	return text
}

// axisDecimals are as many as tell neighbouring ticks apart.
func axisDecimals(ticks []float64) int {
	if len(ticks) < 2 {
		return 0
	}
	return min(max(-int(math.Floor(math.Log10(ticks[1]-ticks[0])+1e-9)), 0), 8)
}

const (
	eventTop, eventBottom = 24.0, 46.0
	leftInset             = 9.0 // per cent for what the lines stand for
)

// fewPoints may each carry their figure.
const fewPoints = 12

// eventStudy draws the effects by periods since the start: a thick bar is the interval of
// one point, a thin line the band that holds all at once; before the start dots are hollow.
func eventStudy(ctx context.Context, f impact.Family, level, height float64, units string) picture {
	p := picture{Height: height, Label: lang.T(ctx, "Effect by periods since the start; the table below has the figures.")}
	points := drawn(f.Points)
	if len(points) == 0 {
		return p
	}
	var ends []float64
	digits := 3
	for _, point := range points {
		low, high := point.Interval(level)
		ends = append(ends, point.ATT, low, high)
		if f.Critical > 0 {
			low, high = f.Band(point)
			ends = append(ends, low, high)
		}
		if point.At >= 0 {
			digits = min(digits, decimals(point.SE))
		}
	}
	y := spanned(height-eventBottom, eventTop, ends...)
	x := func(at float64) float64 {
		n := float64(points[len(points)-1].At - points[0].At + 1)
		return leftInset + (at-float64(points[0].At)+.5)*(100-leftInset)/n
	}
	if points[0].At < 0 {
		p.block("past", leftInset, eventTop-4, x(-.5), height-eventBottom)
		p.line("begin", x(-.5), eventTop-4, x(-.5), height-eventBottom)
		p.word("", "end", x(-.5)-.8, 12, lang.T(ctx, "Before: no difference expected"))
	}
	p.word("", "start", max(x(-.5), leftInset)+.8, 12, lang.T(ctx, "After the start"))
	ticks := y.ticks(6)
	for _, v := range ticks {
		class := "axis"
		if v == 0 {
			class = "zero"
		}
		p.line(class, leftInset, y.at(v), 100, y.at(v))
		p.word("", "end", leftInset-1, y.at(v)+4, signed(ctx, v, axisDecimals(ticks)))
	}
	p.line("zero", leftInset, y.at(0), 100, y.at(0))
	wide := min(1.1, 30/float64(len(points)))
	every := (len(points) + fewPoints) / (fewPoints + 1)
	for _, point := range points {
		at, class := x(float64(point.At)), "after"
		if point.At < 0 {
			class = "before"
		}
		low, high := point.Interval(level)
		if !math.IsNaN(low) {
			p.block("bar "+class, at-wide/2, y.at(high), at+wide/2, y.at(low))
			if f.Critical > 0 {
				low, high := f.Band(point)
				p.line("band "+class, at, y.at(high), at, y.at(low))
			}
		}
		p.dot("dot "+class, at, y.at(point.ATT), min(5.5, 120/float64(len(points))))
		if len(points) <= fewPoints && point.At >= 0 {
			p.word("figure", "start", at+wide/2+.7, y.at(point.ATT)+4, signed(ctx, point.ATT, digits))
		}
		if point.At%every == 0 {
			text := signed(ctx, float64(point.At), 0)
			if point.At == 0 {
				text = lang.T(ctx, "start")
			}
			p.word(tickClass(point.At, every, len(points)), "middle", at, height-eventBottom+18, text)
			p.word(tickClass(point.At, every, len(points)), "middle", at, height-eventBottom+38, strconv.Itoa(point.Units))
		}
	}
	return p
}

// tickClass lets every second tick give way on a phone.
func tickClass(at, every, n int) string {
	if n > 6 && at/every%2 != 0 {
		return "roomy"
	}
	return ""
}

// drawn are the points that a picture has room for: those about the start.
func drawn(points []impact.Point) []impact.Point {
	const most = 61
	if len(points) <= most {
		return points
	}
	var some []impact.Point
	for _, p := range points {
		if p.At >= -most/3 && p.At < most*2/3 {
			some = append(some, p)
		}
	}
	return some
}

// whisker draws one figure with its interval along a scale that others share.
func whisker(s scale, v, low, high float64, class string) picture {
	p := picture{Height: 28}
	for _, tick := range s.ticks(6) {
		p.line("axis", s.at(tick), 0, s.at(tick), 28)
	}
	p.line("zero", s.at(0), 0, s.at(0), 28)
	if !math.IsNaN(low) && !math.IsNaN(high) {
		p.block("bar "+class, s.at(low), 10, s.at(high), 18)
	}
	p.dot("dot "+class, s.at(v), 14, 5)
	return p
}

// rule is the scale's own line of numbers.
func rule(ctx context.Context, s scale) picture {
	p := picture{Height: 18}
	ticks := s.ticks(5)
	for _, tick := range ticks {
		p.word("", "middle", s.at(tick), 13, signed(ctx, tick, axisDecimals(ticks)))
	}
	return p
}

// groupStudy draws one starting group over the periods, on a scale that all groups share.
func groupStudy(cells []impact.Cell, level float64, periods int, y scale, start int) picture {
	p := picture{Height: 66}
	y.a, y.b = 62, 4
	x := func(at float64) float64 { return (at + .5) * 100 / float64(periods) }
	p.block("past", 0, 2, x(float64(start)-.5), 64)
	p.line("begin", x(float64(start)-.5), 2, x(float64(start)-.5), 64)
	p.line("zero", 0, y.at(0), 100, y.at(0))
	wide := min(1.6, 50/float64(periods))
	for _, c := range cells {
		class := "after"
		if c.Time < start {
			class = "before"
		}
		low, high := c.Interval(level)
		if !math.IsNaN(low) {
			p.block("bar "+class, x(float64(c.Time))-wide/2, y.at(high), x(float64(c.Time))+wide/2, y.at(low))
		}
		p.dot("dot "+class, x(float64(c.Time)), y.at(c.ATT), min(3.5, 90/float64(periods)))
	}
	return p
}

// seriesPicture draws a time series with what the trend before foretells.
func seriesPicture(ctx context.Context, s impact.Interruption, periods []string) picture {
	const height, top, bottom = 300.0, 24.0, 30.0
	p := picture{Height: height, Label: lang.T(ctx, "The series, and what the trend before foretells; the table below has the figures.")}
	var ends []float64
	for t, v := range s.Values {
		for _, w := range []float64{v, s.Fitted[t], s.Without[t]} {
			if !math.IsNaN(w) {
				ends = append(ends, w)
			}
		}
	}
	low, high := slices.Min(ends), slices.Max(ends)
	y := scale{low - 0.06*(high-low), high + 0.06*(high-low), height - bottom, top}
	x := func(at float64) float64 { return leftInset + (at+.5)*(100-leftInset)/float64(len(periods)) }
	ticks := y.ticks(5)
	for _, v := range ticks {
		p.line("axis", leftInset, y.at(v), 100, y.at(v))
		p.word("", "end", leftInset-1, y.at(v)+4, number(ctx, v, axisDecimals(ticks)))
	}
	at := x(float64(s.Start) - .5)
	p.line("begin", at, top-4, at, height-bottom)
	p.word("", "start", at+.8, 12, lang.T(ctx, "After the start"))
	every := max(1, (len(periods)+5)/6)
	for t, v := range s.Values {
		if t > 0 {
			p.line("fit", x(float64(t-1)), y.at(s.Fitted[t-1]), x(float64(t)), y.at(s.Fitted[t]))
			if t > s.Start {
				p.line("without", x(float64(t-1)), y.at(s.Without[t-1]), x(float64(t)), y.at(s.Without[t]))
			}
		}
		if !math.IsNaN(v) {
			class := "before"
			if t >= s.Start {
				class = "after"
			}
			p.dot("dot "+class, x(float64(t)), y.at(v), 3.5)
		}
		if t%every == 0 {
			class := ""
			if t/every%2 != 0 {
				class = "roomy"
			}
			p.word(class, "middle", x(float64(t)), height-8, periodName(ctx, periods[t]))
		}
	}
	return p
}

// returnPicture draws the return on the cost with its range, in per cent.
func returnPicture(ctx context.Context, r impact.Range) picture {
	p := picture{Height: 88, Label: lang.T(ctx, "Return on the cost: %[1]s %%, 95 %% range from %[2]s to %[3]s %%.", signed(ctx, 100*r.Value, 0), number(ctx, 100*r.Low, 0), number(ctx, 100*r.High, 0))}
	s := spanned(2, 98, 100*r.Value, 100*r.Low, 100*r.High)
	ticks := s.ticks(4)
	for _, v := range ticks {
		p.line("axis", s.at(v), 18, s.at(v), 64)
		p.word("", "middle", s.at(v), 82, signed(ctx, v, 0)+" %")
	}
	p.line("zero", s.at(0), 14, s.at(0), 64)
	p.word("", "end", s.at(0)-1, 11, lang.T(ctx, "costs more"))
	p.word("", "start", s.at(0)+1, 11, lang.T(ctx, "pays for itself"))
	p.block("bar after", s.at(100*r.Low), 37, s.at(100*r.High), 45)
	p.dot("dot after", s.at(100*r.Value), 41, 6)
	return p
}
