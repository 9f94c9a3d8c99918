package impactweb

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"throughline/internal/impact"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
)

// say is a remark in words, with its periods as pages name them.
func say(ctx context.Context, r fault.Remark) string {
	args := slices.Clone(r.Args)
	for n, a := range args {
		label, _ := a.(string)
		if _, err := period.Parse(label); err == nil {
			args[n] = periodName(ctx, label)
		}
	}
	return lang.T(ctx, r.Format, args...)
}

// interval is "0.7 to 2.3".
func interval(ctx context.Context, low, high float64, digits int) string {
	return lang.T(ctx, "%s to %s", number(ctx, low, digits), number(ctx, high, digits))
}

// told is "1.5 (0.7 to 2.3)".
func told(ctx context.Context, f impact.Figure, level float64) string {
	low, high := f.Interval(level)
	return withInterval(ctx, f.ATT, low, high, decimals(f.SE))
}

func withInterval(ctx context.Context, v, low, high float64, digits int) string {
	if math.IsNaN(low) {
		return number(ctx, v, digits)
	}
	return fmt.Sprintf("%s (%s)", number(ctx, v, digits), interval(ctx, low, high, digits))
}

// chance is a probability as a page says it.
func chance(ctx context.Context, p float64) string {
	if p < 0.001 {
		return "p < " + number(ctx, 0.001, 3)
	}
	return "p = " + number(ctx, p, 3)
}

// methodName is a method's in words.
func methodName(ctx context.Context, m impact.Method) string {
	switch m {
	case impact.ByImputation:
		return lang.T(ctx, "Imputation (Borusyak, Jaravel and Spiess)")
	case impact.Regression:
		return lang.T(ctx, "Two-way fixed effects, as an explanation")
	case impact.AgainstMade:
		return lang.T(ctx, "Synthetic difference-in-differences (Arkhangelsky and others)")
	case impact.OfSeries:
		return lang.T(ctx, "Interrupted time series")
	}
	return lang.T(ctx, "Group-time effects (Callaway and Sant’Anna)")
}

// checked is a check as a line: what was tried, what came of it, what that says.
type checked struct {
	impact.Check
	Name, What, Came, Says string
	Drawn                  bool // has a figure of its own
}

func checks(ctx context.Context, a *impact.Answer, tried []impact.Check, periods []string) (all []checked) {
	if a.Staggered == nil {
		return nil
	}
	digits := decimals(a.Staggered.Simple.SE)
	for _, c := range tried {
		line := checked{Check: c, Drawn: !math.IsNaN(c.ATT), Came: withInterval(ctx, c.ATT, c.Low, c.High, digits)}
		switch c.Kind {
		case impact.BeforeStart:
			line.Name, line.What = lang.T(ctx, "Before the start"), lang.T(ctx, "Whether all figures before it are 0: Wald test, df %d", c.N)
			line.Came = chance(ctx, c.P)
			line.Says = saying(ctx, c.Verdict, lang.T(ctx, "no difference seen"), lang.T(ctx, "perhaps by chance"), lang.T(ctx, "they moved apart before"))
		case impact.PlaceboDate:
			line.Name, line.What = lang.T(ctx, "Placebo date"), lang.N(ctx, c.N, "Pretend every start had been %d period earlier", "Pretend every start had been %d periods earlier")
			line.Says = saying(ctx, c.Verdict, lang.T(ctx, "nothing there"), lang.T(ctx, "perhaps by chance"), lang.T(ctx, "an effect of nothing"))
		case impact.LeaveUnit:
			line.Name, line.What = lang.T(ctx, "Leave one out"), lang.T(ctx, "Each of %d once: the range of the estimates", c.N)
			if line.Came = ""; line.Drawn { // of people it is not told what one of them makes of it
				line.Came = interval(ctx, c.Low, c.High, digits)
			}
			line.Says = saying(ctx, c.Verdict, lang.T(ctx, "none carries it"), lang.T(ctx, "one of them carries it"), "")
		case impact.LeaveGroup:
			line.Name, line.What = lang.T(ctx, "Leave a starting group out"), lang.T(ctx, "Nearest to 0 without the group of %s", periodName(ctx, periods[c.At]))
			line.Says = saying(ctx, c.Verdict, lang.T(ctx, "no group carries it"), lang.T(ctx, "one group carries it"), "")
		case impact.OtherMethod:
			line.Name, line.What = lang.T(ctx, "Another method"), lang.T(ctx, "Imputation, of the same data")
			line.Says = saying(ctx, c.Verdict, lang.T(ctx, "agrees"), lang.T(ctx, "says something else"), "")
		case impact.HonestBound:
			line.Name, line.What = lang.T(ctx, "Honest bounds"), lang.N(ctx, c.N, "Let the two drift apart after the start as much from one period to the next as they ever did before; of one period", "Let the two drift apart after the start as much from one period to the next as they ever did before; mean of %d periods")
			line.Says = saying(ctx, c.Verdict, lang.T(ctx, "says the same"), lang.T(ctx, "reaches zero"), "")
		case impact.PlaceboOther:
			line.Name, line.What = lang.T(ctx, "Placebo outcome"), lang.T(ctx, "An indicator that it should not move")
			line.Came = placeboCame(ctx, c)
			line.Drawn = false
			line.Says = saying(ctx, c.Verdict, lang.T(ctx, "nothing there"), lang.T(ctx, "perhaps by chance"), lang.T(ctx, "it moved as well"))
		case impact.WithoutOthers:
			line.Name, line.What = lang.T(ctx, "Without other initiatives"), lang.N(ctx, c.N, "Leave out what came after another one started, once", "Leave out what came after another one started, of %d")
			line.Says = saying(ctx, c.Verdict, lang.T(ctx, "says the same"), lang.T(ctx, "others may have part in it"), "")
		}
		all = append(all, line)
	}
	return all
}

// placeboCame is in the measure of another indicator: it is told by itself and not drawn on the scale.
func placeboCame(ctx context.Context, c impact.Check) string {
	return withInterval(ctx, c.ATT, c.Low, c.High, decimals(c.SE))
}

func saying(ctx context.Context, v impact.Verdict, pass, look, fail string) string {
	switch v {
	case impact.Passed:
		return lang.T(ctx, "Pass: %s", pass)
	case impact.Look:
		return lang.T(ctx, "Look: %s", look)
	}
	return lang.T(ctx, "Fails: %s", fail)
}

// checkScale holds the estimate and all checks.
func checkScale(h impact.Headline, all []checked) scale {
	ends := []float64{h.ATT, h.Low, h.High}
	reach := 4 * (h.High - h.Low) // what is far wider goes beyond the edge
	for _, c := range all {
		if !c.Drawn {
			continue
		}
		for _, v := range []float64{c.ATT, c.Low, c.High} {
			ends = append(ends, max(min(v, h.ATT+reach), h.ATT-reach))
		}
	}
	return spanned(2, 98, ends...)
}

// periodName is a period as a page writes it; what is none, such as a number of a file, as it is.
func periodName(ctx context.Context, label string) string {
	p := period.Period(label)
	n := p.Number() % max(p.Grain().PerYear(), 1)
	switch p.Grain() {
	case period.Monthly:
		return fmt.Sprintf("%s %d", lang.ShortMonth(ctx, time.Month(n+1)), p.Year())
	case period.Quarterly:
		return fmt.Sprintf("%s %d", lang.T(ctx, "Q%d", n+1), p.Year())
	}
	return label
}

// pointTable lists figures of a family.
func pointTable(ctx context.Context, level float64, f impact.Family, what string, name func(at int) any) web.Table {
	t := web.Table{Header: []string{what, lang.T(ctx, "Units"), lang.T(ctx, "Effect"), lang.T(ctx, "Standard error"), lang.T(ctx, "From"), lang.T(ctx, "to")}}
	if f.Critical > 0 {
		t.Header = append(t.Header, lang.T(ctx, "Band from"), lang.T(ctx, "to"))
	}
	digits := familyDecimals(f)
	for _, p := range f.Points {
		low, high := p.Interval(level)
		row := []any{name(p.At), p.Units, known(p.ATT, digits), known(p.SE, digits), known(low, digits), known(high, digits)}
		if f.Critical > 0 {
			low, high = f.Band(p)
			row = append(row, known(low, digits), known(high, digits))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// familyDecimals tell the smallest error of a family to three digits.
func familyDecimals(f impact.Family) int {
	least := math.NaN()
	for _, p := range f.Points {
		if p.SE > 0 && !(least <= p.SE) {
			least = p.SE
		}
	}
	return decimals(least) + 1
}

// known is a figure; nil where it is not known.
func known(v float64, decimals int) any {
	if math.IsNaN(v) {
		return nil
	}
	return web.Figure{Value: v, Decimals: decimals}
}

func eventTable(ctx context.Context, level float64, f impact.Family) web.Table {
	return pointTable(ctx, level, f, lang.T(ctx, "Periods since the start"), func(at int) any { return number(ctx, float64(at), 0) })
}

func byPeriod(ctx context.Context, level float64, periods []string, f impact.Family, what string) web.Table {
	return pointTable(ctx, level, f, what, func(at int) any { return periodName(ctx, periods[at]) })
}

func cellTable(ctx context.Context, s *impact.Staggered, periods []string) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Start"), lang.T(ctx, "Period"), lang.T(ctx, "Effect"), lang.T(ctx, "Standard error"), lang.T(ctx, "Units"), lang.T(ctx, "Compared with")}}
	digits := familyDecimals(s.Dynamic)
	for _, c := range s.Cells {
		t.Rows = append(t.Rows, []any{periodName(ctx, periods[c.Group]), periodName(ctx, periods[c.Time]), known(c.ATT, digits), known(c.SE, digits), c.Treated, c.Controls})
	}
	return t
}

func boundTable(ctx context.Context, h *impact.Honest) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Times the largest change before"), lang.T(ctx, "From"), lang.T(ctx, "to")}}
	for _, b := range h.Bounds {
		t.Rows = append(t.Rows, []any{web.Cell(ctx, b.M, 2), known(b.Low, decimals(h.Estimate.SE)), known(b.High, decimals(h.Estimate.SE))})
	}
	return t
}

// breakdown says how much drift the effect bears.
func breakdown(ctx context.Context, h *impact.Honest) string {
	switch {
	case h.Breakdown == 0:
		return lang.T(ctx, "The interval holds 0 without any drift.")
	case math.IsInf(h.Breakdown, 1):
		return lang.T(ctx, "The finding holds under any drift that was tried.")
	}
	return lang.T(ctx, "The finding holds while the drift from one period to the next stays under %s times the largest seen before (%s).", number(ctx, h.Breakdown, 2), number(ctx, h.Largest, decimals(h.Estimate.SE)))
}

// methodFits says when a method is the one to choose.
func methodFits(ctx context.Context, m impact.Method) string {
	switch m {
	case impact.AgainstMade:
		return lang.T(ctx, "where one or a few units start")
	case impact.OfSeries:
		return lang.T(ctx, "where all start at once and nobody is left to compare with")
	}
	return lang.T(ctx, "where units start one after the other, or some do not")
}

func impactName(ctx context.Context, i impact.Impact) string {
	switch i {
	case impact.Level:
		return lang.T(ctx, "it jumps")
	case impact.Slope:
		return lang.T(ctx, "its trend bends")
	}
	return lang.T(ctx, "it jumps and its trend bends")
}
