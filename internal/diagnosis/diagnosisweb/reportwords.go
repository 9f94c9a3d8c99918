package diagnosisweb

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/lang"
)

// responseText says how many stand behind a group's figures.
func responseText(ctx context.Context, rd *reading, g *diagnosis.ReportGroup) string {
	if g == nil || g.Verdict != diagnosis.Shown {
		return lang.T(ctx, "withheld")
	}
	if g.Invited == 0 {
		return lang.T(ctx, "%d answers", g.N)
	}
	return lang.T(ctx, "%[1]d of %[2]d answered (%[3]s)", g.Answered, g.Invited, percent(g.Answered, g.Invited))
}

// countedText says that a unit's figures may be of part of its people; "" where they are of all.
func (rd *reading) countedText(ctx context.Context, g *diagnosis.ReportGroup) string {
	if g == nil || g.Verdict != diagnosis.Shown || len(rd.Diagnosis.Attributes) == 0 {
		return ""
	}
	return lang.T(ctx, "Counted here is who shares the unit and the attributes that are reported with at least %d people; who does not counts at the unit above.", rd.Diagnosis.Minimum)
}

// summary is what a reader should take along from a group's figures.
func (rd *reading) summary(ctx context.Context, g *diagnosis.ReportGroup) string {
	var parts []string
	if g.Overall != nil {
		parts = append(parts, lang.T(ctx, "Overall %[1]s: %[2]s %% on the way.", one(ctx, *g.Overall),
			lang.T(ctx, "%.0f", diagnosis.OnTheWay(*g.Overall, rd.Instrument.FactorScale(0)))))
	}
	if n, ok := rd.Instrument.Reached(g); ok && n < len(rd.Instrument.Factors) {
		parts = append(parts, lang.T(ctx, "An HPO scores %[1]s or more on every factor; here %[2]d of %[3]d do.", one(ctx, *rd.Instrument.Threshold), n, len(rd.Instrument.Factors)))
	}
	return strings.Join(parts, " ")
}

// away says a score that does not reach the threshold, with as many decimals as show it.
func (rd *reading) away(ctx context.Context, s *diagnosis.Score) string {
	threshold := *rd.Instrument.Threshold
	if text := one(ctx, s.Mean); text != one(ctx, threshold) {
		return text
	}
	if text := lang.T(ctx, "%.2f", s.Mean); text != lang.T(ctx, "%.2f", threshold) {
		return text
	}
	return lang.T(ctx, "just below it")
}

// years says how long the lowest factor's way is at a realistic pace.
func (rd *reading) years(ctx context.Context, g *diagnosis.ReportGroup) string {
	low := rd.lowest(g)
	if rd.Instrument.Threshold == nil || low < 0 {
		return ""
	}
	fewest, most := diagnosis.YearsTo(g.Factors[low].Mean, *rd.Instrument.Threshold)
	if most < .05 { // as good as there
		return ""
	}
	return lang.T(ctx, "At a realistic 0.3 to 0.5 a year, %[1]s needs %[2]s to %[3]s years.", rd.factor(low), one(ctx, fewest), one(ctx, most))
}

func (rd *reading) gapText(ctx context.Context, rows []gapRow) string {
	w := widest(rows)
	return lang.T(ctx, "The widest gap is %[1]s, in %[2]s: %[3]s %[4]s, %[5]s %[6]s.", one(ctx, w.gap), w.Name,
		value(ctx, w.LowAt), one(ctx, w.Low), value(ctx, w.HighAt), one(ctx, w.High))
}

func (rd *reading) groupsHeading(ctx context.Context) string {
	if rows := rd.levelGaps(); len(rows) > 0 {
		return rd.gapText(ctx, rows)
	}
	return lang.T(ctx, "Levels and groups")
}

// clear says whether a unit differs from the whole by more than chance.
func (rd *reading) clear(g *diagnosis.ReportGroup, s, whole *diagnosis.Score) bool {
	return whole.SD != nil && diagnosis.Clear(s.Mean-whole.Mean, *whole.SD, g.N, rd.Report.Groups[0].N)
}

// mark is the sign of a clear difference, for who does not see bold or colour.
func mark(clear bool, v float64) string {
	switch {
	case !clear:
		return ""
	case v < 0:
		return " ▼"
	}
	return " ▲"
}

// unitsHeading names the unit and factor that differ most from the whole.
func (rd *reading) unitsHeading(ctx context.Context, units []int32) string {
	var name, factor string
	most := 0.0
	for _, u := range units {
		g := rd.Report.Unit(u)
		for f := range rd.Instrument.Factors {
			s, whole := factorScore(g, f), factorScore(&rd.Report.Groups[0], f)
			if u == 0 || s == nil || whole == nil || !rd.clear(g, s, whole) {
				continue
			}
			if d := s.Mean - whole.Mean; d*d > most*most {
				most, name, factor = d, rd.Report.Units[u].Name, rd.factor(f)
			}
		}
	}
	switch {
	case most < 0:
		return lang.T(ctx, "%[1]s is furthest below the whole: %[2]s, %[3]s.", name, factor, signed(ctx, most))
	case most > 0:
		return lang.T(ctx, "%[1]s is furthest above the whole: %[2]s, %[3]s.", name, factor, signed(ctx, most))
	}
	return lang.T(ctx, "No unit differs clearly from the whole.")
}

// inner are the listed units that have units below them.
func (rd *reading) inner(units []int32, focus int32) (some []int32) {
	for _, u := range units {
		if u != focus && len(rd.below(u)) > 0 {
			some = append(some, u)
		}
	}
	return some
}

func unitEyebrow(ctx context.Context, rd *reading, u int32, g *diagnosis.ReportGroup) string {
	return rd.Report.Units[u].Name + " · " + responseText(ctx, rd, g)
}

func (rd *reading) unitHeading(ctx context.Context, u int32, g *diagnosis.ReportGroup) string {
	if g == nil || g.Verdict != diagnosis.Shown {
		return lang.T(ctx, "%[1]s is withheld: %[2]s.", rd.Report.Units[u].Name, why(ctx, g))
	}
	return rd.Report.Units[u].Name + ": " + rd.heading(ctx, g)
}

// plainWords says a unit's highest and lowest characteristic, and where it is
// furthest below the whole organisation.
func (rd *reading) plainWords(ctx context.Context, g *diagnosis.ReportGroup) string {
	high, low, behind := -1, -1, -1
	gap := func(i int) float64 { return g.Items[i].Mean - rd.Report.Groups[0].Items[i].Mean }
	for i, it := range rd.Instrument.Items() {
		s := itemScore(g, i)
		if it.Factor < 0 || s == nil {
			continue
		}
		if high < 0 || s.Mean > g.Items[high].Mean {
			high = i
		}
		if low < 0 || s.Mean < g.Items[low].Mean {
			low = i
		}
		if itemScore(&rd.Report.Groups[0], i) != nil && gap(i) < 0 && (behind < 0 || gap(i) < gap(behind)) {
			behind = i
		}
	}
	if high < 0 {
		return ""
	}
	text := lang.T(ctx, "Strongest here: %[1]s (%[2]s). Weakest: %[3]s (%[4]s).", rd.item(high), one(ctx, g.Items[high].Mean), rd.item(low), one(ctx, g.Items[low].Mean))
	if behind >= 0 && g.Unit != 0 {
		text += " " + lang.T(ctx, "Furthest behind the whole organisation: %[1]s (%[2]s).", rd.item(behind), signed(ctx, gap(behind)))
	}
	return text
}

func (rd *reading) itemsHeading(ctx context.Context) string {
	sorted := rd.sortedItems()
	for _, i := range sorted {
		if s := itemScore(&rd.Report.Groups[0], i); s != nil {
			return lang.T(ctx, "%[1]s is lowest, at %[2]s.", rd.item(i), one(ctx, s.Mean))
		}
	}
	return lang.T(ctx, "The scores are withheld.")
}

// sortedItems lists the items with the lowest score of the whole first, the
// withheld ones and the outcomes last.
func (rd *reading) sortedItems() []int {
	items := rd.Instrument.Items()
	order := make([]int, len(items))
	key := func(i int) float64 {
		s := itemScore(&rd.Report.Groups[0], i)
		switch {
		case items[i].Factor < 0:
			return 1e6
		case s == nil:
			return 1e5
		}
		return s.Mean
	}
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key(a), key(b)) })
	return order
}

func (rd *reading) factorOf(ctx context.Context, item int) string {
	if f := rd.Instrument.Items()[item].Factor; f >= 0 {
		return rd.factor(f)
	}
	return lang.T(ctx, "outcome, no part of the score")
}

// heights scales counts to the height of a small picture.
func heights(counts []int32) []int {
	all := make([]int, len(counts))
	for i, n := range counts {
		all[i] = max(1, int(30*n/slices.Max(counts)))
	}
	return all
}

func histogramText(ctx context.Context, rd *reading, item int, s *diagnosis.Score) string {
	var parts []string
	for i, n := range s.Histogram {
		parts = append(parts, lang.T(ctx, "%[1]d: %[2]d", rd.Instrument.Items()[item].Scale.Min+i, n))
	}
	return lang.T(ctx, "Number of people by answer: %s", strings.Join(parts, ", "))
}
