package strategyweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// cardPage is the scorecard of a unit.
type cardPage struct {
	strategydb.Card
	Learning bool // of the learning function alone
	Observes bool // may enter values and notes
	Defines  bool // may say where the head of learning sits
	Note     strategy.Note
	SignOffs []strategy.SignOff
	Period   string // typed, to be signed off
	Remark   string
	Seats    []strategy.Seat // of the head of learning, on the learning function's card
	Seat     strategy.Seat   // typed
	Err      error
}

// cards goes to the scorecard of the highest unit that the reader may see, or lists them.
func (p *Pages) cards(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	units, err := p.Store.Units(r.Context(), actor.Organisation)
	if err != nil {
		return err
	}
	tops := p.Permits.Tops(actor, ReadCard, units)
	if len(tops) == 1 {
		return web.SeeOther(w, r, "/scorecards/"+tops[0].ID)
	}
	return web.Page(w, r, http.StatusOK, cardsPage(tops))
}

// mayOn reports a unit on which an act is not permitted as one that is not there.
func (p *Pages) mayOn(actor org.Actor, act org.Act, path []org.Ref) error {
	if !p.Permits.May(actor, act, org.PlaceOf(path)) {
		return fault.NotFoundf("there is no such unit")
	}
	return nil
}

func (p *Pages) card(w http.ResponseWriter, r *http.Request) error {
	return p.showCard(w, r, cardPage{})
}

// cardSight reads the scorecard of the unit and the year that a request names, for who may, and keeps
// that scores were seen.
func (p *Pages) cardSight(r *http.Request) (strategydb.Card, error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	c, err := p.Store.Card(ctx, actor.Organisation, r.PathValue("unit"), web.Number(r, "year", 0), p.Sees(actor))
	if err == nil {
		err = p.mayOn(actor, ReadCard, c.Path)
	}
	if err != nil {
		return strategydb.Card{}, err
	}
	return c, p.saw(ctx, actor, c.Diagnoses, "scorecard/"+c.Unit.ID)
}

func (p *Pages) showCard(w http.ResponseWriter, r *http.Request, c cardPage) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if c.Card, err = p.cardSight(r); err != nil {
		return err
	}
	c.Observes = p.Permits.May(actor, Observe, org.PlaceOf(c.Path))
	c.Defines = p.Permits.May(actor, Define, org.Place{})
	if c.SignOffs, err = p.Store.SignOffs(ctx, actor.Organisation, c.Unit.ID); err != nil {
		return err
	}
	if c.Learning = c.Learning || r.FormValue("of") == "learning"; c.Learning {
		if c.Seats, err = p.Store.Seats(ctx, actor.Organisation); err != nil {
			return err
		}
		c.Lines = slices.DeleteFunc(c.Lines, func(l strategy.Line) bool { return !l.Indicator.Learning })
	}
	if r.FormValue("format") == "pdf" {
		o, err := p.Org.Organisation(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		return c.writePDF(ctx, w, o, p.Store.Clock(o.Zone))
	}
	if done, err := web.Exported(w, r, c.title(ctx), c.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(c.Err), scorecardPage(c))
}

// Sees says which scores of diagnoses somebody may see: those that are released so far, of units
// that the role reaches.
func (p *Pages) Sees(actor org.Actor) strategydb.Sees {
	return func(d diagnosis.Diagnosis, at org.Place) bool { return p.Permits.May(d.Seen(actor), ReadScore, at) }
}

// saw keeps that somebody has seen scores of diagnoses on a page, as their reports do.
func (p *Pages) saw(ctx context.Context, actor org.Actor, diagnoses []string, page string) error {
	for _, d := range diagnoses {
		v := diagnosis.View{Account: actor.Account, Name: actor.Name, Page: page}
		if err := p.Diagnosis.Saw(ctx, actor.Organisation, d, v); err != nil {
			return err
		}
	}
	return nil
}

// addNote keeps a note about all figures of a unit, or about one indicator.
func (p *Pages) addNote(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	unit, _, err := p.namedUnit(r, Observe)
	if err != nil {
		return err
	}
	n := strategy.Note{Indicator: r.FormValue("indicator"), Unit: unit, Day: period.Day(r.FormValue("day")), What: r.FormValue("what"), By: actor.Name}
	if err := p.Store.AddNote(ctx, actor.Organisation, n); web.Retry(err) {
		if n.Indicator == "" {
			return p.showCard(w, r, cardPage{Note: n, Err: err})
		}
		r.SetPathValue("indicator", n.Indicator)
		return p.showSheet(w, r, sheetPage{Note: n, Err: err})
	} else if err != nil {
		return err
	}
	return web.SeeOther(w, r, strings.TrimSuffix("/scorecards/"+unit.ID+"/"+n.Indicator, "/"))
}

func (p *Pages) deleteNote(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	unit, _, err := p.namedUnit(r, Observe)
	if err != nil {
		return err
	}
	if err := p.Store.DeleteNote(ctx, actor.Organisation, unit.ID, r.PathValue("note"), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, web.BackTo(r, "/scorecards/"+unit.ID))
}

// namedUnit is the unit that a request names, on which an act is permitted, and the path to it.
func (p *Pages) namedUnit(r *http.Request, act org.Act) (org.Ref, []org.Ref, error) {
	actor := web.From[org.Actor](r.Context())
	units, err := p.Store.Units(r.Context(), actor.Organisation)
	if err != nil {
		return org.Ref{}, nil, err
	}
	unit, err := p.unitFor(actor, act, units, r.PathValue("unit"))
	if err != nil {
		return org.Ref{}, nil, err
	}
	at, _ := units.Find(unit.ID)
	return unit, units.Path(at), nil
}

// unitFor finds a unit on which an act is permitted.
func (p *Pages) unitFor(actor org.Actor, act org.Act, units *org.Structure, id string) (org.Ref, error) {
	at, there := units.Find(id)
	if !there {
		return org.Ref{}, fault.NotFoundf("there is no such unit")
	}
	return units.Units[at].Ref(), p.mayOn(actor, act, units.Path(at))
}

// lastQuarter is the newest quarter that is over.
func (c cardPage) lastQuarter() string {
	return string(period.Of(c.Today, period.Quarterly).Add(-1))
}

// counts is how many lines have each status, in the order of Statuses.
func counts(lines []strategy.Line) map[strategy.Status]int {
	n := map[strategy.Status]int{}
	for _, l := range lines {
		n[l.Status]++
	}
	return n
}

// of are the lines of a perspective.
func (c cardPage) of(p strategy.Perspective) (lines []strategy.Line) {
	for _, l := range c.Lines {
		if l.Indicator.Perspective == p {
			lines = append(lines, l)
		}
	}
	return lines
}

// noted is the number of a line's newest note on this page, 0 for none.
func (c cardPage) noted(i strategy.Indicator) int {
	return 1 + slices.IndexFunc(c.Notes, func(n strategy.Note) bool { return n.Indicator == i.ID })
}

func (c cardPage) title(ctx context.Context) string {
	if c.Learning {
		return lang.T(ctx, "Scorecard of the learning function")
	}
	return lang.T(ctx, "Scorecard %s", c.Unit.Name)
}

// heading is the finding: how many are on their way, and which are not.
func (c cardPage) heading(ctx context.Context) string {
	good, judged := 0, 0
	var behind []string
	for _, l := range c.Lines {
		if l.Status.Good() {
			good++
		}
		if l.Status != strategy.Unknown {
			judged++
		}
		if l.Status == strategy.Behind || l.Status == strategy.Missed {
			behind = append(behind, l.Indicator.Name)
		}
	}
	switch {
	case len(c.Lines) == 0:
		return lang.T(ctx, "Nothing has been observed here yet.")
	case judged == 0:
		return lang.N(ctx, len(c.Lines), "One indicator is followed, without a plan to hold it against.", "%d indicators are followed, without a plan to hold them against.")
	}
	text := lang.T(ctx, "%[1]d of %[2]d indicators with a plan are on plan or better.", good, judged)
	switch {
	case len(behind) == 1:
		text += " " + lang.T(ctx, "%s is behind.", behind[0])
	case len(behind) > 1 && len(behind) < 4:
		text += " " + lang.T(ctx, "%[1]s and %[2]s are behind.", strings.Join(behind[:len(behind)-1], ", "), behind[len(behind)-1])
	case len(behind) > 1:
		text += " " + lang.T(ctx, "%d are behind.", len(behind))
	}
	return text
}

// lede says up to when, and what is not known.
func (c cardPage) lede(ctx context.Context) string {
	var newest period.Day
	without, incomplete := 0, 0
	for _, l := range c.Lines {
		if l.Through > 0 {
			newest = max(newest, period.At(l.Indicator.Grain, l.Through).Last())
		}
		if l.Status == strategy.Unknown {
			without++
		}
		if l.Units < l.OfUnits {
			incomplete++
		}
	}
	var parts []string
	if newest != "" {
		parts = append(parts, lang.T(ctx, "Observed up to %s.", string(newest)))
	}
	if without > 0 && without < len(c.Lines) {
		parts = append(parts, lang.N(ctx, without, "One has no plan, or too few figures to tell.", "%d have no plan, or too few figures to tell."))
	}
	if incomplete > 0 {
		parts = append(parts, lang.N(ctx, incomplete, "Of one indicator not every unit has reported its newest period.", "Of %d indicators not every unit has reported the newest period."))
	}
	return strings.Join(parts, " ")
}

func (c cardPage) link(year int) string {
	link := fmt.Sprintf("/scorecards/%s?year=%d", c.Unit.ID, year)
	if c.Learning {
		link += "&of=learning"
	}
	return link
}

// table is the scorecard as a file has it.
func (c cardPage) table(ctx context.Context) web.Table {
	t := web.Table{Name: c.title(ctx), Header: []string{lang.T(ctx, "Indicator"), lang.T(ctx, "Perspective"), lang.T(ctx, "Unit of measure"), lang.T(ctx, "Last year"), lang.T(ctx, "Plan"), lang.T(ctx, "Year to date"), lang.T(ctx, "Plan to date"), lang.T(ctx, "%% of plan"), lang.T(ctx, "Forecast"), lang.T(ctx, "Forecast from"), lang.T(ctx, "Forecast to"), lang.T(ctx, "Method"), lang.T(ctx, "Target"), lang.T(ctx, "Attainment, %%"), lang.T(ctx, "Status"), lang.T(ctx, "Through"), lang.T(ctx, "Units"), lang.T(ctx, "of units")}}
	for _, l := range c.Lines {
		row := []any{l.Indicator.Name, perspectiveText(ctx, l.Indicator.Perspective), l.Indicator.Measure, number(l.LastYear), number(l.Plan), number(l.ToDate), number(l.PlanToDate), hundred(l.OfPlan), nil, nil, nil, "", nil, hundred(l.Attainment), statusText(ctx, l.Status), through(l), nil, nil}
		if f := l.Forecast; f != nil {
			row[8], row[9], row[10], row[11] = f.Value, f.Low, f.High, methodText(ctx, *f)
		}
		if l.Target != nil {
			row[12] = l.Target.Value
		}
		if l.OfUnits > 0 {
			row[16], row[17] = l.Units, l.OfUnits
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func number(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

func hundred(v *float64) any {
	if v == nil {
		return nil
	}
	return *v * 100
}

func through(l strategy.Line) string {
	if l.Through == 0 {
		return ""
	}
	return string(period.At(l.Indicator.Grain, l.Through))
}
