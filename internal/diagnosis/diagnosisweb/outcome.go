package diagnosisweb

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
)

// outcomes shows what each outcome goes with.
func (p *Pages) outcomes(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err == nil {
		err = rd.only()
	}
	if err == nil && len(rd.Report.Drivings) == 0 {
		err = fault.NotFoundf("this instrument asks for no outcome, or the whole is withheld")
	}
	if err != nil {
		return err
	}
	if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-outcomes", rd.drivingTable(r.Context())); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, rd.Report.Drivings)
	}
	return web.Page(w, r, http.StatusOK, outcomesPage(rd))
}

// drivingTable has a row for each share of each outcome.
func (rd *reading) drivingTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Outcomes"), Header: append([]string{lang.T(ctx, "Outcome"), lang.T(ctx, "of")}, shareHeader(ctx)...)}
	for _, d := range rd.Report.Drivings {
		for _, row := range rd.factorShares(ctx, d).Rows {
			t.Rows = append(t.Rows, append([]any{rd.outcome(d.Outcome), lang.T(ctx, "factors")}, row...))
		}
		for _, row := range rd.itemShares(ctx, d).Rows {
			t.Rows = append(t.Rows, append([]any{rd.outcome(d.Outcome), lang.T(ctx, "characteristics")}, row...))
		}
	}
	return t
}

func shareHeader(ctx context.Context) []string {
	return []string{lang.T(ctx, "Goes with"), lang.T(ctx, "share"), lang.T(ctx, "95 %% interval, from"), lang.T(ctx, "to"), lang.T(ctx, "direction"), lang.T(ctx, "Score")}
}

func (rd *reading) factorShares(ctx context.Context, d diagnosis.Driving) web.Table {
	return shareTable(ctx, d.Factors, rd.factor, func(f int) *diagnosis.Score { return factorScore(&rd.Report.Groups[0], f) })
}

func (rd *reading) itemShares(ctx context.Context, d diagnosis.Driving) web.Table {
	return shareTable(ctx, d.Items, rd.item, func(i int) *diagnosis.Score { return itemScore(&rd.Report.Groups[0], i) })
}

// shareTable has the shares of a relation, the largest first.
func shareTable(ctx context.Context, rel diagnosis.Relation, name func(i int) string, score func(i int) *diagnosis.Score) web.Table {
	t := web.Table{Header: shareHeader(ctx)}
	for _, i := range bySize(rel) {
		s := rel.Shares[i]
		direction := lang.T(ctx, "rises with it")
		if s.Opposed {
			direction = lang.T(ctx, "falls where it rises")
		}
		t.Rows = append(t.Rows, []any{name(i), s.Share, s.From, s.To, direction, mean(score(i))})
	}
	return t
}

// bySize lists the predictors of a relation, the largest share first.
func bySize(rel diagnosis.Relation) []int {
	order := make([]int, len(rel.Shares))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rel.Shares[b].Share, rel.Shares[a].Share) })
	return order
}

// leading are the predictors with which an outcome goes most: the first, and those whose
// interval overlaps its own.
func leading(rel diagnosis.Relation) (first int, rivals []int) {
	order := bySize(rel)
	for _, i := range order[1:] {
		if rel.Shares[i].To >= rel.Shares[order[0]].From {
			rivals = append(rivals, i)
		}
	}
	return order[0], rivals
}

// outcomesHeading is the finding of the first outcome that can be told.
func (rd *reading) outcomesHeading(ctx context.Context) string {
	for _, d := range rd.Report.Drivings {
		if d.Factors.Unknown == "" {
			return rd.drivingText(ctx, d)
		}
	}
	return lang.T(ctx, "What the outcomes go with cannot be told.")
}

// drivingText says with which factor an outcome goes most, or that nobody can tell.
func (rd *reading) drivingText(ctx context.Context, d diagnosis.Driving) string {
	if d.Factors.Unknown != "" {
		return unknownText(ctx, d.Factors)
	}
	first, rivals := leading(d.Factors)
	if len(rivals) > 0 {
		return lang.T(ctx, "%[1]s goes most with %[2]s, or with %[3]s: nobody can tell them apart.", rd.outcome(d.Outcome), rd.factor(first), rd.factor(rivals[0]))
	}
	return lang.T(ctx, "%[1]s goes most with %[2]s.", rd.outcome(d.Outcome), rd.factor(first))
}

// explainedText says how much is explained together, and what a share is of it.
func (rd *reading) explainedText(ctx context.Context, d diagnosis.Driving) string {
	first, _ := leading(d.Factors)
	s := d.Factors.Shares[first]
	return lang.T(ctx, "The factors together go with %[1]s of the differences between people in it (R²). Of that, %[2]s belongs to %[3]s (%[4]s to %[5]s).",
		share(d.Factors.R2), share(s.Share), rd.factor(first), share(s.From), share(s.To))
}

// unknownText says why a relation cannot be told.
func unknownText(ctx context.Context, rel diagnosis.Relation) string {
	switch rel.Unknown {
	case diagnosis.FewComplete:
		return lang.T(ctx, "Cannot tell: fewer than %d people answered all of it.", rel.Needed)
	case diagnosis.NoRelation:
		return lang.T(ctx, "Cannot tell: what goes together is not more than chance makes.")
	}
	return lang.T(ctx, "Cannot tell: something does not vary, or one follows from others.")
}

// shareDots draws the shares of the factors, the largest first.
func (rd *reading) shareDots(ctx context.Context, d diagnosis.Driving) dots {
	even := 100 / float64(len(d.Factors.Shares))
	pic := dots{Label: lang.T(ctx, "Shares of the factors with their intervals; the same figures stand in the table"), Target: &even,
		TargetText: lang.T(ctx, "an even share"), Step: 20, Percent: true}
	for _, i := range bySize(d.Factors) {
		s := d.Factors.Shares[i]
		mean := 100 * s.Share
		pic.Lines = append(pic.Lines, dotLine{Name: rd.factor(i), Mean: &mean, From: 100 * s.From, To: 100 * s.To})
		pic.High = max(pic.High, 20*math.Ceil(5*s.To))
	}
	return pic
}
