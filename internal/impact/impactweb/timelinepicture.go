package impactweb

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"throughline/internal/diagnosis"
	"throughline/internal/impact"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
	"throughline/internal/transition"
)

// track is a row of a time line: all tracks of a page are as wide, so that they scroll as one.
type track struct {
	Name    string
	Of      string // the unit, where there are two
	Picture picture
}

const (
	monthWide  = 26.0 // pixels
	besideWide = 190.0
	rowHigh    = 24.0
	letterWide = 6.4 // of a label, on average
	mostLabel  = 46  // letters
	mostSpans  = 14  // in a track
	firstLines = 6   // indicators that are shown unasked
)

// wide is how wide the tracks are, in pixels.
func (t timeline) wide() float64 {
	return monthWide*float64(t.Last.Number()-t.First.Number()+1) + besideWide
}

// at is where a day is, in per cent.
func (t timeline) at(d period.Day) float64 {
	day := d.Time()
	month := float64(period.Of(d, period.Monthly).Number() - t.First.Number())
	days := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return 100 * monthWide * (month + (float64(day.Day())-.5)/float64(days)) / t.wide()
}

// px is a width in per cent.
func (t timeline) px(v float64) float64 { return 100 * v / t.wide() }

// clear says whether a day is drawn.
func (t timeline) drawn(d period.Day) bool {
	return d != "" && d >= t.First.First() && d <= t.Last.Last()
}

// blank is a track with the lines that go through all: years, diagnoses, today.
func (t timeline) blank(high float64) picture {
	p := picture{Height: high, Wide: t.wide()}
	for year := t.First.Year() + 1; year <= t.Last.Year(); year++ {
		x := t.at(period.At(period.Yearly, year).First())
		p.line("axis", x, 0, x, high)
	}
	for _, w := range t.unit().Waves {
		if t.drawn(w.Day) {
			p.line("wave", t.at(w.Day), 0, t.at(w.Day), high)
		}
	}
	x := t.at(t.unit().Today)
	p.line("begin", x, 0, x, high)
	return p
}

// axis names years and months.
func (t timeline) axis(ctx context.Context) picture {
	p := t.blank(38)
	for m := t.First; m <= t.Last; m = m.Add(1) {
		month := time.Month(m.Number()%12 + 1)
		x := t.at(m.First())
		if month == time.January || m == t.First {
			p.word("figure", "start", x+t.px(3), 14, string(m)[:4])
		}
		if month%3 == 1 {
			p.word("", "start", x+t.px(3), 32, lang.ShortMonth(ctx, month))
		}
	}
	return p
}

// span is something that goes on from a day to another.
type span struct {
	from, until, promised period.Day
	class, label, title   string
	path                  string
}

// spans draws them below each other, as many in a row as fit, and leaves out those that ended before the picture.
func (t timeline) spans(all []span) picture {
	var ends []float64 // of rows
	p := t.blank(0)
	for _, s := range all {
		if s.until != "" && s.until < t.First.First() || s.from > t.Last.Last() {
			continue
		}
		x, x2 := t.at(max(s.from, t.First.First())), t.at(min(s.until, t.Last.Last()))
		x2 = max(x2, x+t.px(6))
		label := shortened(s.label)
		end := x2 + t.px(letterWide*float64(utf8.RuneCountInString(label))+16)
		row := slices.IndexFunc(ends, func(had float64) bool { return had <= x })
		if row < 0 {
			row, ends = len(ends), append(ends, 0)
		}
		ends[row] = end
		y := rowHigh * float64(row)
		p.block(s.class, x, y+5, x2, y+rowHigh-5)
		p.name(s.path, s.title)
		if t.drawn(s.promised) {
			p.line("due", t.at(s.promised), y+2, t.at(s.promised), y+rowHigh-2)
		}
		p.word("", "start", x2+t.px(5), y+rowHigh/2+4, label)
	}
	return t.stretched(p, rowHigh*float64(max(1, len(ends))))
}

// stretched makes a picture as high as it came to be, with the lines that go through.
func (t timeline) stretched(p picture, high float64) picture {
	whole := t.blank(high)
	whole.Shapes = append(whole.Shapes, p.Shapes[len(t.blank(0).Shapes):]...)
	return whole
}

// bars draws a number for each month, and what of it is marked.
func (t timeline) bars(ctx context.Context, all, marked map[period.Period]int, title func(n int, month string) string) picture {
	const high = 54.0
	p := t.blank(high)
	most := 1
	for month, n := range all {
		if month >= t.First && month <= t.Last {
			most = max(most, n)
		}
	}
	for m := t.First; m <= t.Last; m = m.Add(1) {
		n := all[m]
		if n == 0 {
			continue
		}
		x := 100 * monthWide * float64(m.Number()-t.First.Number()) / t.wide()
		y := func(n int) float64 { return high - (high-16)*float64(n)/float64(most) }
		p.block("open", x+t.px(5), y(n), x+t.px(monthWide-5), high)
		p.name("", title(n, periodName(ctx, string(m))))
		if marked[m] > 0 {
			p.block("works", x+t.px(5), y(marked[m]), x+t.px(monthWide-5), high)
			p.name("", title(n, periodName(ctx, string(m))))
		}
		p.word("", "middle", x+t.px(monthWide/2), y(n)-4, number(ctx, float64(n), 0))
	}
	return p
}

// tracks are the rows of the picture.
func (t timeline) tracks(ctx context.Context) (all []track) {
	add := func(name string, draw func(o past) (picture, bool)) {
		for _, one := range t.Of {
			if p, some := draw(one); some {
				of := ""
				if len(t.Of) > 1 {
					of = one.Unit.Name
				}
				p.Label = strings.TrimSpace(name + " " + of)
				all = append(all, track{name, of, p})
			}
		}
	}
	add(lang.T(ctx, "Diagnoses: mean of the factors"), func(o past) (picture, bool) { return t.wavePicture(ctx, o), len(o.Waves) > 0 })
	add(lang.T(ctx, "Focal points"), func(o past) (picture, bool) { return t.spans(t.focalSpans(ctx, o)), len(o.Focal) > 0 })
	add(lang.T(ctx, "Initiatives"), func(o past) (picture, bool) { return t.spans(t.initiativeSpans(ctx, o)), len(o.Initiatives) > 0 })
	add(lang.T(ctx, "How learning works: dated changes"), func(o past) (picture, bool) { return t.spans(changeSpans(o)), len(o.Changes) > 0 })
	add(lang.T(ctx, "Sessions, by month"), func(o past) (picture, bool) {
		return t.bars(ctx, o.Sessions, nil, func(n int, month string) string {
			return month + ": " + lang.N(ctx, n, "one session", "%d sessions")
		}), len(o.Sessions) > 0
	})
	add(lang.T(ctx, "Actions of its own team and groups"), func(o past) (picture, bool) {
		own, _ := o.own()
		return t.spans(t.actionSpans(ctx, o, own)), len(own) > 0
	})
	add(lang.T(ctx, "Actions in the units under it, by the month in which they were decided; filled: done"), func(o past) (picture, bool) {
		_, under := o.own()
		return t.underPicture(ctx, under), len(under) > 0
	})
	for _, i := range t.shown() {
		ends := t.ends(i)
		add(lineName(i), func(o past) (picture, bool) {
			n := slices.IndexFunc(o.Timeline.Lines, func(l strategy.Line) bool { return l.Indicator.ID == i.ID })
			if n < 0 {
				return picture{}, false
			}
			return t.figurePicture(ctx, o, o.Timeline.Lines[n], ends), true
		})
	}
	return all
}

func lineName(i strategy.Indicator) string {
	if i.Measure == "" {
		return i.Name
	}
	return i.Name + ", " + i.Measure
}

// shown are the indicators that are drawn: those with a target or a plan first.
func (t timeline) shown() (all []strategy.Indicator) {
	for _, aimed := range []bool{true, false} {
		for _, one := range t.Of {
			for _, l := range one.Timeline.Lines {
				has := l.Target != nil || len(l.Planned) > 0
				if has == aimed && len(l.Actual) > 0 && !slices.ContainsFunc(all, func(i strategy.Indicator) bool { return i.ID == l.Indicator.ID }) {
					all = append(all, l.Indicator)
				}
			}
		}
	}
	if !t.All {
		all = all[:min(len(all), firstLines)]
	}
	return all
}

// hidden is how many indicators are not drawn.
func (t timeline) hidden() int {
	every := t
	every.All = true
	return len(every.shown()) - len(t.shown())
}

func (t timeline) wavePicture(ctx context.Context, o past) picture {
	const high = 78.0
	p := t.blank(high)
	var values []float64
	for _, other := range t.Of {
		for _, w := range other.Waves {
			if w.Overall != nil {
				values = append(values, *w.Overall)
			}
		}
	}
	y := scale{0, 1, high - 14, 30}
	if len(values) > 0 {
		y.low, y.high = slices.Min(values)-.2, slices.Max(values)+.2
	}
	var before *impact.Wave
	for n, w := range o.Waves {
		if !t.drawn(w.Day) {
			continue
		}
		x := t.at(w.Day)
		path := ""
		if w.Seen && t.Reports {
			path = "/diagnoses/" + w.Diagnosis.ID + "/report/units/" + o.Unit.ID
		}
		title := w.Diagnosis.Name + ", " + string(w.Day)
		switch {
		case w.Overall != nil:
			if before != nil {
				p.line("fit", t.at(before.Day), y.at(*before.Overall), x, y.at(*w.Overall))
			}
			before = &o.Waves[n]
			p.dot("dot after", x, y.at(*w.Overall), 6)
			p.name(path, title+": "+number(ctx, *w.Overall, 2))
			p.word("figure", "middle", x, y.at(*w.Overall)-11, number(ctx, *w.Overall, 2))
		case w.Seen:
			p.dot("dot before", x, high/2, 6)
			p.name(path, title+": "+lang.T(ctx, "withheld, or nobody answered"))
		case w.Diagnosis.State == diagnosis.Open:
			p.dot("dot before", x, high/2, 6)
			p.name("", title+": "+lang.T(ctx, "open for answers"))
		default:
			p.dot("dot before", x, high/2, 6)
			p.name("", title)
		}
		p.word("", "start", x+t.px(9), high-2, shortened(w.Diagnosis.Name))
	}
	return p
}

func (t timeline) focalSpans(ctx context.Context, o past) (all []span) {
	for _, f := range o.Focal {
		s := span{from: f.Decided, until: f.Judged, label: f.Theme, path: t.focalPath(f), class: "open"}
		if s.until == "" {
			s.until = o.Today
		}
		switch f.Keeping {
		case diagnosis.PromiseKept, diagnosis.PromisePartly:
			s.class = "works"
		case diagnosis.PromiseTurned:
			s.class = "harms"
		case diagnosis.PromiseNotKept:
			s.class = "nothing"
		}
		if f.Next != "" {
			s.label += " · " + keepingName(ctx, f.Keeping)
		}
		s.title = f.Theme + ": " + keepingName(ctx, f.Keeping)
		all = append(all, s)
	}
	return all
}

func (t timeline) initiativeSpans(ctx context.Context, o past) (all []span) {
	for _, i := range o.Initiatives {
		s := span{from: i.Since, until: i.Ended, promised: i.Due, label: i.Name, class: "open", title: i.Name + ", " + string(i.Since)}
		if t.Programmes {
			s.path = "/initiatives/" + i.ID
		}
		if s.until == "" {
			s.until = max(o.Today, i.Since)
		}
		if kept := t.proved(i.ID); kept != nil {
			verdict := findingName(ctx, kept.Estimated)
			s.label, s.title, s.class = i.Name+" · "+verdict, s.title+": "+verdict, findingClass(kept.Finding)
		}
		all = append(all, s)
	}
	return all
}

func findingClass(f impact.Finding) string {
	switch f {
	case impact.Works:
		return "works"
	case impact.Harms:
		return "harms"
	case impact.NoEffect:
		return "nothing"
	}
	return "unsure"
}

func changeSpans(o past) (all []span) {
	for _, c := range o.Changes {
		all = append(all, span{from: c.Day, until: c.Day, label: c.Text, class: "unsure mark", title: string(c.Day) + ": " + c.Text, path: "/effort/changes"})
	}
	return all
}

// actionSpans draws the newest ones, the oldest of these first.
func (t timeline) actionSpans(ctx context.Context, o past, own []transition.Action) (all []span) {
	own = slices.Clone(own[:min(len(own), mostSpans)])
	slices.Reverse(own)
	for _, a := range own {
		s := span{from: a.Decided, until: a.Ended, promised: a.Promised, label: a.What, path: "/actions/" + a.ID, class: "open"}
		s.title = a.What + ": " + lang.T(ctx, "open, due %s", string(a.Due))
		switch {
		case a.State == transition.ActionDone:
			s.class, s.title = "works", a.What+": "+lang.T(ctx, "done %s", string(a.Ended))
		case a.State == transition.ActionStopped:
			s.class, s.title = "nothing", a.What+": "+lang.T(ctx, "stopped %s", string(a.Ended))
		case a.Late(o.Today) > 0:
			s.class, s.until, s.title = "harms", o.Today, a.What+": "+lang.T(ctx, "late, was due %s", string(a.Due))
		default:
			s.until = a.Due
		}
		all = append(all, s)
	}
	return all
}

func (t timeline) underPicture(ctx context.Context, under []transition.Action) picture {
	decided, done := map[period.Period]int{}, map[period.Period]int{}
	for _, a := range under {
		month := period.Of(a.Decided, period.Monthly)
		decided[month]++
		if a.State == transition.ActionDone {
			done[month]++
		}
	}
	return t.bars(ctx, decided, done, func(n int, month string) string {
		return month + ": " + lang.N(ctx, n, "one action was decided", "%d actions were decided")
	})
}

// ends are the lowest and the highest value of an indicator in what is drawn.
func (t timeline) ends(i strategy.Indicator) scale {
	var values []float64
	for _, one := range t.Of {
		for _, l := range one.Timeline.Lines {
			if l.Indicator.ID != i.ID {
				continue
			}
			for _, m := range slices.Concat(l.Actual.Told(), l.Planned) {
				if t.drawn(period.At(i.Grain, m.Number).Last()) {
					values = append(values, m.Value())
				}
			}
		}
	}
	y := scale{0, 1, 46, 8}
	if len(values) > 0 {
		if y.low, y.high = slices.Min(values), slices.Max(values); y.low == y.high {
			y.low, y.high = y.low-1, y.high+1
		}
	}
	return y
}

// figurePicture draws an indicator: observed, planned, and the days of which something is noted.
func (t timeline) figurePicture(ctx context.Context, o past, l strategy.Line, y scale) picture {
	p, actual := t.blank(54), l.Actual.Told()
	day := func(m strategy.Mark) period.Day { return period.At(l.Indicator.Grain, m.Number).Last() }
	for class, total := range map[string]strategy.Total{"without": l.Planned, "fit": actual} {
		for n := 1; n < len(total); n++ {
			a, b := total[n-1], total[n]
			if b.Number == a.Number+1 && t.drawn(day(a)) && t.drawn(day(b)) {
				p.line(class, t.at(day(a)), y.at(a.Value()), t.at(day(b)), y.at(b.Value()))
			}
		}
	}
	for _, note := range o.Notes {
		if (note.Indicator == "" || note.Indicator == l.Indicator.ID) && t.drawn(note.Day) {
			p.line("noted", t.at(note.Day), 0, t.at(note.Day), 54)
			p.name("", string(note.Day)+": "+note.What)
		}
	}
	if n := len(actual); n > 0 && t.drawn(day(actual[n-1])) {
		last := actual[n-1]
		x, value := t.at(day(last)), number(ctx, last.Value(), l.Indicator.Decimals)
		p.dot("dot after", x, y.at(last.Value()), 5)
		p.name("/scorecards/"+o.Unit.ID+"/"+l.Indicator.ID, lineName(l.Indicator)+", "+periodName(ctx, string(period.At(l.Indicator.Grain, last.Number)))+": "+value)
		p.word("figure", "start", x+t.px(9), y.at(last.Value())+4, value)
	}
	return p
}

// shortened is a label that has room beside a span.
func shortened(text string) string {
	letters := []rune(text)
	if len(letters) <= mostLabel {
		return text
	}
	return string(letters[:mostLabel-1]) + "…"
}
