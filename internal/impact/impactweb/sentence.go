package impactweb

import (
	"context"
	"math"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// measured is a change with the indicator's measure: of percentages it is percentage points.
func measured(ctx context.Context, i strategy.Indicator, text string) string {
	switch {
	case strings.HasPrefix(i.Measure, "%"):
		return lang.T(ctx, "%s percentage points", text)
	case i.Measure == "":
		return text
	case i.Measure[0] >= '0' && i.Measure[0] <= '9': // a scale, such as 0 to 100
		return lang.T(ctx, "%s points", text)
	}
	return text + " " + i.Measure
}

// measured is a change in what the plan tells it in.
func (e effectPage) measured(ctx context.Context, text string) string {
	return toldIn(ctx, e.Plan, e.Indicator, text)
}

func toldIn(ctx context.Context, p impact.Plan, i strategy.Indicator, text string) string {
	if p.Percent {
		return lang.T(ctx, "%s per cent of what it was", text)
	}
	return measured(ctx, i, text)
}

// heading is the finding in a sentence.
func (e effectPage) heading(ctx context.Context) string {
	name := e.Indicator.Name
	switch {
	case !e.estimated() && e.Mistake != nil && e.Early:
		return lang.T(ctx, "It cannot be told yet.")
	case !e.estimated() && e.Mistake != nil:
		return lang.T(ctx, "It cannot be told as it was planned.")
	case !e.estimated():
		return lang.T(ctx, "Nobody has looked yet.")
	}
	k := e.Kept
	digits := decimals(k.Headline.SE)
	size := number(ctx, math.Abs(k.Headline.ATT), digits)
	fits := interval(ctx, k.Headline.Low, k.Headline.High, digits)
	if k.Headline.ATT < 0 {
		fits = interval(ctx, -k.Headline.High, -k.Headline.Low, digits)
	}
	size = e.measured(ctx, size)
	rose := k.Headline.ATT > 0
	switch {
	case k.All:
		return lang.T(ctx, "Cannot tell: everywhere it started together with %s.", strings.Join(k.Joint[0].With, ", "))
	case k.Finding == impact.Works && k.Grade == impact.A && rose:
		return lang.T(ctx, "Yes: %[1]s rose by %[2]s (%[3]s), grade %[4]s.", name, size, fits, string(k.Grade))
	case k.Finding == impact.Works && k.Grade == impact.A:
		return lang.T(ctx, "Yes: %[1]s fell by %[2]s (%[3]s), grade %[4]s.", name, size, fits, string(k.Grade))
	case k.Finding == impact.Works && rose:
		return lang.T(ctx, "Yes, probably: %[1]s rose by %[2]s (%[3]s), grade %[4]s.", name, size, fits, string(k.Grade))
	case k.Finding == impact.Works:
		return lang.T(ctx, "Yes, probably: %[1]s fell by %[2]s (%[3]s), grade %[4]s.", name, size, fits, string(k.Grade))
	case k.Finding == impact.Harms && rose:
		return lang.T(ctx, "It seems to harm: %[1]s rose by %[2]s (%[3]s), grade %[4]s.", name, size, fits, string(k.Grade))
	case k.Finding == impact.Harms:
		return lang.T(ctx, "It seems to harm: %[1]s fell by %[2]s (%[3]s), grade %[4]s.", name, size, fits, string(k.Grade))
	}
	fits = interval(ctx, k.Headline.Low, k.Headline.High, digits)
	switch {
	case k.Finding == impact.NoEffect:
		return lang.T(ctx, "No change of %[1]s that matters: %[2]s fits, grade %[3]s.", name, e.measured(ctx, fits), string(k.Grade))
	case math.IsNaN(k.Headline.Low):
		return lang.T(ctx, "Cannot tell how sure it is: %[1]s moved by %[2]s, grade %[3]s.", name, e.measured(ctx, signed(ctx, k.Headline.ATT, digits)), string(k.Grade))
	case k.Grade > impact.C:
		return lang.T(ctx, "Cannot tell: %[1]s moved by %[2]s (%[3]s), but that may have other causes, grade %[4]s.", name, e.measured(ctx, signed(ctx, k.Headline.ATT, digits)), fits, string(k.Grade))
	}
	return lang.T(ctx, "Cannot tell: a change of %[1]s by anything from %[2]s fits, grade %[3]s.", name, e.measured(ctx, fits), string(k.Grade))
}

// average says what the figure is of.
func (e effectPage) average(ctx context.Context) string {
	k := e.Kept
	switch {
	case k.Staggered != nil && e.Indicator.OfPeople():
		return lang.N(ctx, k.Staggered.Treated, "The average of one person since the start, with its 95 %% interval.", "The average over %d people since each one started, with its 95 %% interval.")
	case k.Staggered != nil:
		return lang.N(ctx, k.Staggered.Treated, "The average in one unit since it started, with its 95 %% interval.", "The average over %d units since each one started, with its 95 %% interval.")
	case k.Synthetic != nil:
		return lang.N(ctx, k.Synthetic.Treated, "The average in one unit since it started, against others weighted so that before they ran alongside.", "The average over %d units since they started, against others weighted so that before they ran alongside.")
	}
	return lang.N(ctx, k.After(), "The average over one period since the start, against the trend before.", "The average over %d periods since the start, against the trend before.")
}

// known says whether the plan was written before anything started.
func (e effectPage) known(ctx context.Context) string {
	day := string(period.DayOf(period.Moment(e.Written.At, e.Zone)))
	switch {
	case e.First == "":
		return lang.T(ctx, "Written down on %[1]s by %[2]s.", day, e.Written.By)
	case e.Fresh(e.First, e.Zone):
		return lang.T(ctx, "Written down on %[1]s by %[2]s, before the first start.", day, e.Written.By)
	case len(e.Changed) > 0:
		last := e.Changed[len(e.Changed)-1]
		return lang.T(ctx, "Written down on %[1]s by %[2]s, and changed on %[3]s by %[4]s, after the first start.", day, e.Written.By, string(period.DayOf(period.Moment(last.At, e.Zone))), last.By)
	}
	return lang.T(ctx, "Written down on %[1]s by %[2]s, after the first start: who writes then may know what came.", day, e.Written.By)
}

// gradeName is a rung of the order of trust.
func gradeName(ctx context.Context, g impact.Grade) string {
	switch g {
	case impact.A:
		return lang.T(ctx, "order drawn by lot")
	case impact.B:
		return lang.T(ctx, "staggered roll-out with controls")
	case impact.C:
		return lang.T(ctx, "interrupted time series")
	case impact.D:
		return lang.T(ctx, "people’s own estimates")
	}
	return lang.T(ctx, "association only")
}

// assumption is what an estimate rests on, with what is known of it.
type assumption struct{ Claim, Known string }

func (e effectPage) assumptions(ctx context.Context) (all []assumption) {
	k := e.Kept
	if len(k.Series) > 0 {
		return []assumption{
			{lang.T(ctx, "Without it, the trend would have gone on."), lang.N(ctx, k.Series[0].Before, "It is read from one period before the start.", "It is read from %d periods before the start.")},
			{lang.T(ctx, "Nothing else changed at the start."), lang.T(ctx, "There is nobody to compare with: what else changed then is part of the figure.")},
			{lang.T(ctx, "The measure stayed the same before and after."), ""},
		}
	}
	before := lang.T(ctx, "Whether they moved alike before cannot be tested here.")
	if k.Staggered != nil && k.Staggered.Pretrend != nil {
		t := k.Staggered.Pretrend
		said := lang.T(ctx, "Before the start they did, as far as one sees")
		if t.Sound < 0.05 {
			said = lang.T(ctx, "Before the start they did not")
		}
		before = lang.T(ctx, "%[1]s: Wald test, df %[2]d, %[3]s. A steady drift apart of %[4]s a period would have been noticed four times in five.", said, t.DF, chance(ctx, t.Sound), e.measured(ctx, number(ctx, t.Drift, decimals(t.Drift))))
	}
	order := lang.T(ctx, "How the order was decided is not said.")
	switch e.Initiative.Order {
	case effort.ByLot:
		order = lang.T(ctx, "The order was drawn by lot, so it depends on nothing.")
	case effort.ByNeed:
		order = lang.T(ctx, "Those came first that needed it most: units that were low by chance come back by themselves.")
	case effort.ByConvenience:
		order = lang.T(ctx, "The order was decided by where it suited.")
	}
	if e.Chosen[0] != "" {
		order += " " + lang.T(ctx, "What came in from %[1]s to %[2]s, by which it was chosen, does not count.", periodName(ctx, string(e.Chosen[0])), periodName(ctx, string(e.Chosen[1])))
	}
	if e.Anticipation > 0 {
		order += " " + lang.N(ctx, e.Anticipation, "One period before each start does not count as before.", "%d periods before each start do not count as before.")
	}
	return []assumption{
		{lang.T(ctx, "Without it, both would have moved alike."), before},
		{lang.T(ctx, "Who came first does not depend on what would have come anyway."), order},
		{lang.T(ctx, "It did not spill over to units that wait."), lang.T(ctx, "Not tested: people who move between units, or share a manager, may carry it over.")},
		{lang.T(ctx, "The measure stayed the same on both sides."), lang.T(ctx, "A change of measure on one day everywhere drops out; one in some units does not.")},
	}
}

// remarks are what a reader should know of what went into the estimate.
func (e effectPage) remarks() []fault.Remark { return e.Kept.Remarks }

// findingName is what came of it in a few words.
func findingName(ctx context.Context, k *impact.Estimated) string {
	switch k.Finding {
	case impact.Works:
		return lang.T(ctx, "Works")
	case impact.Harms:
		return lang.T(ctx, "Harms")
	case impact.NoEffect:
		return lang.T(ctx, "No effect that matters")
	}
	return lang.T(ctx, "Cannot tell")
}
