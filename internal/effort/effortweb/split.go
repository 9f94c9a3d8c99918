package effortweb

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
)

// split is what the learning function spends its hours and money on.
type split struct {
	reader
	span
	All     effort.Account
	Of      effort.Split
	Parts   []effort.Part // quarters, of two years at least
	Changes []effort.Change
}

func (p *Pages) split(w http.ResponseWriter, r *http.Request) error {
	s, err := p.splitOf(r)
	if err != nil {
		return err
	}
	table := s.kindTable(r.Context())
	if r.FormValue("table") == "quarters" {
		table = s.quarterTable(r.Context())
	}
	if done, err := web.Exported(w, r, table.Name, table); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, splitPage(s))
}

func (p *Pages) splitOf(r *http.Request) (s split, err error) {
	ctx := r.Context()
	if s.reader, err = p.reader(ctx); err != nil {
		return s, err
	}
	if !s.mayReadFunction() {
		return s, fault.NotFoundf("there is no such page, or it is not for you")
	}
	if s.span, err = readSpan(r, s.Today); err != nil {
		return s, err
	}
	from := period.Of(min(s.From, s.Until.Add(-23)).First(), period.Quarterly)
	months, err := p.Store.FunctionTallies(ctx, s.actor.Organisation, period.Of(from.First(), period.Monthly), s.Until)
	if err != nil {
		return s, err
	}
	s.Parts = effort.Series(s.Rates, months, period.Quarterly, period.Of(from.First(), period.Monthly), s.Until)
	s.All = effort.AccountOf(s.Rates, slices.DeleteFunc(months, func(m effort.Monthly) bool { return m.Month < s.From }))
	s.Of = s.All.Split()
	changes, err := p.Store.Changes(ctx, s.actor.Organisation)
	s.Changes = s.concerning(changes, -1, period.Of(from.First(), period.Monthly), s.Until)
	return s, err
}

// named says whether the learning function's units are said.
func (s split) named() bool { return len(s.Setting.Function) > 0 }

// functionText names the units that are the learning function.
func (s split) functionText(ctx context.Context) string {
	var names []string
	for _, u := range s.Setting.Tops(s.Units) {
		names = append(names, s.nameOf(ctx, u))
	}
	if len(names) == 0 {
		return lang.T(ctx, "The units of the learning function are not there any more.")
	}
	return lang.T(ctx, "The learning function is %s, with all under it.", strings.Join(names, ", "))
}

func (s split) heading(ctx context.Context) string {
	switch {
	case s.Of.NonLearning == nil && s.named():
		return lang.T(ctx, "No hours of the learning function are recorded %s.", s.text(ctx))
	case s.Of.NonLearning == nil:
		return lang.T(ctx, "No hours of staff are recorded %s.", s.text(ctx))
	case !s.named():
		return lang.T(ctx, "Of the hours of staff %[1]s, %[2]s went into what is no learning.", s.text(ctx), percent(ctx, s.Of.NonLearning))
	}
	return lang.T(ctx, "Of the learning function's hours %[1]s, %[2]s went into what is no learning.", s.text(ctx), percent(ctx, s.Of.NonLearning))
}

// minutes are all of staff's.
func (s split) minutes() (all int64) {
	for _, spent := range s.Of.Kinds {
		all += spent.Minutes
	}
	return all
}

func (s split) cost() (all int64) {
	for _, spent := range s.Of.Kinds {
		all += spent.Cost()
	}
	return all
}

func (s split) kindTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Learning and the other solutions"), Header: []string{lang.T(ctx, "Solution"), lang.T(ctx, "Hours"), lang.T(ctx, "of hours, %%"), lang.T(ctx, "Cost, %s", s.Rates.Own), lang.T(ctx, "of cost, %%")}}
	for _, kind := range effort.Kinds {
		spent := s.Of.Kinds[kind]
		t.Rows = append(t.Rows, []any{lang.T(ctx, kind.Name()), hoursIn(spent.Minutes), inPercent(effort.Ratio(spent.Minutes, s.minutes())), inMoney(spent.Cost(), s.Rates.Own), inPercent(effort.Ratio(spent.Cost(), s.cost()))})
	}
	return t
}

func (s split) quarterTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Share of what is no learning"), Header: []string{lang.T(ctx, "Period"), lang.T(ctx, "Hours"), lang.T(ctx, "no learning, %% of hours"), lang.T(ctx, "no learning, %% of cost")}}
	for _, part := range s.Parts {
		of := part.Split()
		minutes := int64(0)
		for _, spent := range of.Kinds {
			minutes += spent.Minutes
		}
		t.Rows = append(t.Rows, []any{string(part.Period), hoursIn(minutes), inPercent(of.NonLearning), inPercent(of.OfCost)})
	}
	return t
}

// bar is the split as one bar, learning first.
func (s split) bar(ctx context.Context) []strip {
	var other int64
	for kind, spent := range s.Of.Kinds {
		if kind != effort.Learning {
			other += spent.Minutes
		}
	}
	return []strip{newStrip(ctx, lang.T(ctx, "Hours"), piece{Text: lang.T(ctx, effort.Learning.Name()), Minutes: s.Of.Kinds[effort.Learning].Minutes}, piece{Text: lang.T(ctx, "what is no learning"), Minutes: other})}
}

func (s split) plot(ctx context.Context) plot {
	p := linePlot(ctx, periodsOf(s.Parts), s.Changes, values(s.Parts, func(part effort.Part) *float64 {
		v := part.Split().NonLearning
		if v == nil {
			return nil
		}
		of := *v * 100
		return &of
	}), float64(s.Setting.Reference), s.highest(), func(v float64) string { return lang.T(ctx, "%.0f %%", v) })
	p.Text = lang.T(ctx, "Share of hours on what is no learning, by quarter; the same stands in the table")
	return p
}

// highest is where the picture of shares ends, in per cent.
func (s split) highest() float64 {
	most := float64(s.Setting.Reference)
	for _, part := range s.Parts {
		if v := part.Split().NonLearning; v != nil {
			most = max(most, *v*100)
		}
	}
	return min(100, max(20, math.Ceil(most/20+.01)*20))
}

// referenceText says beside what the share is shown, and what that is not.
func (s split) referenceText(ctx context.Context) string {
	if s.Setting.Reference == effort.Usual.Reference {
		return lang.T(ctx, "The dashed line is %d %%: the estimate of the text that this product follows, not a benchmark.", s.Setting.Reference)
	}
	return lang.T(ctx, "The dashed line is %[1]d %%, which you have chosen. The text that this product follows estimates %[2]d %%; neither is a benchmark.", s.Setting.Reference, effort.Usual.Reference)
}

// splitFile is the address of a table as a file, to which the format is added.
func splitFile(s split, table string) string {
	query := s.query()
	query.Set("table", table)
	return address("/effort/split", query) + "&"
}
