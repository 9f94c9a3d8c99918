package effortweb

import (
	"cmp"
	"context"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// report is one of the standard reports on learning, of a year.
type report struct {
	reader
	Kind        effort.Report
	At          int // index of the unit of the summary and of operations, -1 for the whole
	Name        string
	Year        int
	Lines       []effort.ReportLine
	Initiatives []effort.Initiative // to choose from
	Initiative  effort.Initiative   // of the programme report
	Begun       int                 // units and people for which it has begun
	Budget      effort.Budget
	Typed       budgetTyped
	Plans       bool             // the reader says what an initiative is meant to come to
	Unrated     map[string]int64 // by currency: costs without a rate, which no figure has
	Under       []org.Ref        // units below that the reader reads
	Err         error
}

type budgetTyped struct{ People, Hours, Cost string }

func (p *Pages) report(w http.ResponseWriter, r *http.Request) error {
	return p.showReport(w, r, report{})
}

func (p *Pages) showReport(w http.ResponseWriter, r *http.Request, rp report) (err error) {
	ctx := r.Context()
	rp.Kind, rp.Year = effort.Report(r.FormValue("report")), web.Number(r, "year", 0)
	if err := p.gather(ctx, &rp, r.FormValue("unit"), r.FormValue("initiative")); err != nil {
		return err
	}
	if r.FormValue("format") == "pdf" {
		web.Attach(w, "application/pdf", web.FileName(rp.title(ctx), "pdf"))
		return p.print(ctx, w, rp)
	}
	if done, err := web.Exported(w, r, rp.title(ctx), rp.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(rp.Err), reportPage(rp))
}

// gather reads a report: the summary where none is named, of the present year where none is.
func (p *Pages) gather(ctx context.Context, rp *report, unit, initiative string) (err error) {
	if rp.reader, err = p.reader(ctx); err != nil {
		return err
	}
	rp.Kind, rp.Year = cmp.Or(rp.Kind, effort.Summary), cmp.Or(rp.Year, rp.Today.Time().Year())
	if err := period.CheckYear(rp.Year); err != nil || !slices.Contains(effort.Reports, rp.Kind) {
		return fault.NotFoundf("there is no such report")
	}
	if rp.Kind == effort.Programme {
		return p.programme(ctx, rp, initiative)
	}
	return p.wholeFunction(ctx, rp, unit)
}

// print writes a report as a document.
func (p *Pages) print(ctx context.Context, w io.Writer, rp report) error {
	o, err := p.Org.Organisation(ctx, rp.actor.Organisation)
	if err != nil {
		return err
	}
	return rp.document(ctx, o, p.Strategy.Clock(o.Zone)).Write(w)
}

// WriteReport writes a report of a year, 0 for the present one, for the actor of the context: as pdf, xlsx or csv.
func (p *Pages) WriteReport(ctx context.Context, w io.Writer, format string, kind effort.Report, unit, initiative string, year int) error {
	rp := report{Kind: kind, Year: year}
	err := p.gather(ctx, &rp, unit, initiative)
	if err == nil && kind == effort.Programme && rp.Initiative.ID == "" {
		err = fault.Invalidf("there is no initiative yet: a programme report is of one")
	}
	if err != nil {
		return err
	}
	if format == "pdf" {
		return p.print(ctx, w, rp)
	}
	return rp.table(ctx).Write(w, sheet.Format(format))
}

// wholeFunction gathers the summary, or operations: measures of the ledger, what else is measured of the learning
// function, and as outcomes the goals of the unit with what serves them.
func (p *Pages) wholeFunction(ctx context.Context, rp *report, unit string) (err error) {
	if rp.At, err = rp.at(unit); err != nil {
		return err
	}
	if len(rp.Units.Units) == 0 {
		return nil
	}
	at := rp.Units.Units[max(rp.At, 0)]
	rp.Name = at.Name
	card, err := p.Strategy.Card(ctx, rp.actor.Organisation, at.ID, rp.Year, nil)
	if err != nil {
		return err
	}
	if rp.Lines, err = p.measured(ctx, rp, card.Lines); err != nil {
		return err
	}
	for _, n := range rp.under(rp.At) {
		if u := rp.Units.Units[n]; rp.may(Read, u.ID) && u.Left == "" {
			rp.Under = append(rp.Under, u.Ref())
		}
	}
	heading := effort.Heading{Kind: effort.Whole}
	if rp.At > 0 {
		heading = effort.Heading{Kind: effort.TreeOf, ID: at.ID}
	}
	months, err := p.Store.Tallies(ctx, rp.actor.Organisation, heading, period.At(period.Monthly, (rp.Year-1)*12), period.At(period.Monthly, rp.Year*12+11))
	if err != nil {
		return err
	}
	rp.unrated(effort.AccountOf(rp.Rates, months))
	goals, err := p.Strategy.Goals(ctx, rp.actor.Organisation, at.ID, nil)
	if err != nil {
		return err
	}
	var outcomes []strategy.Goal
	for _, g := range goals.Goals {
		if g.Indicator != "" && g.Begins.Time().Year() <= rp.Year && g.Ends.Time().Year() >= rp.Year && (g.Ended == "" || g.Ended.Time().Year() >= rp.Year) {
			outcomes = append(outcomes, g.Goal)
		}
	}
	return p.outcomes(ctx, rp, outcomes)
}

// unrated keeps, of costs without a rate, the most that any part of the report has.
func (rp *report) unrated(a effort.Account) {
	for code, amount := range a.Unrated {
		if rp.Unrated == nil {
			rp.Unrated = map[string]int64{}
		}
		rp.Unrated[code] = max(rp.Unrated[code], amount)
	}
}

// measured are the lines of measures, with their plans where they are indicators, and of what else is measured of
// the learning function.
func (p *Pages) measured(ctx context.Context, rp *report, card []strategy.Line) (lines []effort.ReportLine, err error) {
	unit := rp.Units.Units[max(rp.At, 0)].ID
	var origins []string
	for _, m := range effort.Measures {
		origins = append(origins, m.Origin())
	}
	values, err := p.Store.Values(ctx, rp.actor.Organisation, origins, []string{unit})
	if err != nil {
		return nil, err
	}
	say := func(text string) string { return lang.T(ctx, text) }
	for _, m := range effort.Measures {
		if !rp.Kind.Has(m) || m.Whole && rp.At > 0 {
			continue
		}
		n := slices.IndexFunc(card, func(l strategy.Line) bool { return l.Indicator.Origin == m.Origin() })
		var line strategy.Line
		known := true
		if n >= 0 {
			line = card[n]
		} else {
			line, known = values[unit][m.Origin()].Line(m.Indicator(rp.Rates.Own, say), rp.Year)
		}
		line.Indicator.Measure = scaleText(ctx, m.Scale, rp.Rates.Own) // in the reader's language
		if known {
			lines = append(lines, effort.ReportLine{Metric: m.Metric, Name: lang.T(ctx, m.Name), Label: m.Label, Line: line})
		}
	}
	for _, l := range card {
		if _, ours := effort.MeasureOf(l.Indicator.Origin); l.Indicator.Learning && !ours {
			lines = append(lines, effort.ReportLine{Metric: effort.OfEffectiveness, Name: l.Indicator.Name, Line: l})
		}
	}
	return lines, nil
}

// outcomes adds what goals have come to, each with what the ledger says that served it in the year.
func (p *Pages) outcomes(ctx context.Context, rp *report, goals []strategy.Goal) error {
	var ids []string
	for _, g := range goals {
		ids = append(ids, g.ID)
	}
	from := period.At(period.Monthly, rp.Year*12)
	serving, err := p.Store.TargetTallies(ctx, rp.actor.Organisation, effort.ForGoal, ids, from, from.Add(11))
	cards := map[string][]strategy.Line{} // by unit
	for _, g := range goals {
		if err != nil {
			return err
		}
		if _, read := cards[g.Unit.ID]; !read {
			card, err := p.Strategy.Card(ctx, rp.actor.Organisation, g.Unit.ID, rp.Year, nil)
			if err != nil {
				return err
			}
			cards[g.Unit.ID] = card.Lines
		}
		n := slices.IndexFunc(cards[g.Unit.ID], func(l strategy.Line) bool { return l.Indicator.ID == g.Indicator })
		account := effort.AccountOf(rp.Rates, serving[g.ID])
		spent := account.Spent()
		line := effort.ReportLine{Metric: effort.OfOutcome, Name: g.Name, Spent: &spent}
		if g.Ended != "" {
			line.Name = lang.T(ctx, "%[1]s (ended on %[2]s)", g.Name, string(g.Ended))
		}
		if n >= 0 { // a score of a diagnosis stands on the goal's own page
			line.Line = cards[g.Unit.ID][n]
		}
		rp.Lines = append(rp.Lines, line)
		rp.unrated(account)
	}
	return err
}

// programme gathers the report of an initiative: what is done in it against what is planned, and the goals that it
// serves.
func (p *Pages) programme(ctx context.Context, rp *report, initiative string) (err error) {
	if rp.At = -1; !rp.whole(Read) {
		return fault.NotFoundf("there is no such report")
	}
	if rp.Initiatives, err = p.Store.Initiatives(ctx, rp.actor.Organisation); err != nil {
		return err
	}
	rp.Plans = rp.whole(Plan)
	n := slices.IndexFunc(rp.Initiatives, func(i effort.Initiative) bool { return i.ID == initiative })
	if initiative == "" && len(rp.Initiatives) > 0 {
		n = 0
	}
	if n < 0 {
		if initiative != "" {
			err = fault.NotFoundf("there is no such initiative")
		}
		return err
	}
	i := rp.Initiatives[n]
	rp.Initiative, rp.Name, rp.Begun = i, i.Name, len(i.Begun(rp.Today))
	if rp.Budget, err = p.Store.Budget(ctx, rp.actor.Organisation, i.ID, rp.Year); err != nil {
		return err
	}
	from, until := period.At(period.Monthly, (rp.Year-1)*12), min(period.At(period.Monthly, rp.Year*12+11), period.Of(rp.Today, period.Monthly).Add(-1))
	tallies, err := p.Store.TargetTallies(ctx, rp.actor.Organisation, effort.ForInitiative, []string{i.ID}, from, max(from, until))
	if err != nil {
		return err
	}
	rp.unrated(effort.AccountOf(rp.Rates, tallies[i.ID]))
	rp.Lines = i.Against(rp.Budget, rp.Rates, effort.EveryMonth(tallies[i.ID], from, until), rp.may(org.ReadPeople, ""), func(text string) string { return lang.T(ctx, text) })
	var goals []strategy.Goal
	for _, t := range i.Serves {
		if t.Kind != effort.ForGoal {
			continue
		}
		g, err := p.Strategy.Goal(ctx, rp.actor.Organisation, t.ID, nil)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		if g.Indicator != "" && g.Person.ID == "" {
			goals = append(goals, g.Measured.Goal)
		}
	}
	return p.outcomes(ctx, rp, goals)
}

// saveBudget says what an initiative is meant to come to in a year.
func (p *Pages) saveBudget(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	setting, err := p.Store.Setting(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	typed := budgetTyped{r.FormValue("people"), r.FormValue("hours"), r.FormValue("cost")}
	b := effort.Budget{Initiative: r.FormValue("initiative"), Year: web.Number(r, "year", 0), Currency: setting.Currency}
	if b, err = typed.read(b, setting.Currency); err == nil {
		err = p.Store.SaveBudget(ctx, actor.Organisation, b, actor.Name)
	}
	if web.Retry(err) {
		return p.showReport(w, r, report{Typed: typed, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, address("/effort/reports", url.Values{"report": {string(effort.Programme)}, "initiative": {b.Initiative}, "year": {strconv.Itoa(b.Year)}}))
}

func (t budgetTyped) read(b effort.Budget, currency string) (effort.Budget, error) {
	people, err := effort.ReadAmount(t.People, 0) // with marks between thousands, as money has them
	if err != nil {
		return b, fault.Fieldf("people", "say how many people are to take part: a whole number from 0 to ten million")
	}
	hours, err := effort.ReadAmount(t.Hours, 2)
	if err != nil {
		return b, fault.Fieldf("hours", "say how many hours they are to spend: 0 to a hundred million")
	}
	b.People, b.Minutes = int(min(people, math.MaxInt32)), int64(math.Round(float64(hours)*60/100))
	if b.Cost, err = effort.ReadAmount(t.Cost, effort.Digits(currency)); b.Cost == 0 {
		b.Currency = ""
	}
	return b, err
}
