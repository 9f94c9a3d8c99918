package strategyweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// sheetPage is one indicator of one unit.
type sheetPage struct {
	strategydb.Sheet
	Personal bool // of a person, who stands in place of the unit
	Observes bool
	Typed    entry
	Note     strategy.Note
	Err      error
}

// entry is what somebody types into the form for values.
type entry struct{ Period, Value, Plan, Baseline, Target, High string }

func (p *Pages) sheet(w http.ResponseWriter, r *http.Request) error {
	return p.showSheet(w, r, sheetPage{})
}

// sheetSight reads the indicator, unit and year that a request names, for who may, and keeps that scores
// were seen.
func (p *Pages) sheetSight(r *http.Request) (strategydb.Sheet, error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	s, err := p.Store.Sheet(ctx, actor.Organisation, r.PathValue("unit"), r.PathValue("indicator"), web.Number(r, "year", 0), p.Sees(actor))
	if err == nil {
		err = p.mayOn(actor, ReadCard, s.Path)
	}
	if err != nil {
		return strategydb.Sheet{}, err
	}
	return s, p.saw(ctx, actor, s.Diagnoses, "scorecard/"+s.Unit.ID)
}

func (p *Pages) showSheet(w http.ResponseWriter, r *http.Request, s sheetPage) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if s.Sheet, err = p.sheetSight(r); err != nil {
		return err
	}
	s.Observes = p.Permits.May(actor, Observe, org.PlaceOf(s.Path)) && s.Indicator.Ended == ""
	table := s.periodTable(ctx)
	switch r.FormValue("table") {
	case "units":
		table = s.underTable(ctx)
	case "revisions":
		table = s.revisionTable(ctx)
	}
	if done, err := web.Exported(w, r, table.Name, table); done || err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(s.Err), sheetView(s))
}

// enter takes a value, a plan or a target from the form, or takes out what stands for a period.
func (p *Pages) enter(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	b, err := p.Store.Book(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	unit, err := p.unitFor(actor, Observe, b.Units, r.PathValue("unit"))
	if err != nil {
		return err
	}
	i, err := p.Store.Indicator(ctx, actor.Organisation, r.PathValue("indicator"))
	if err != nil {
		return err
	}
	typed := entry{r.FormValue("period"), r.FormValue("value"), r.FormValue("plan"), r.FormValue("baseline"), r.FormValue("target"), r.FormValue("high")}
	if kind, of, out := strings.Cut(r.FormValue("out"), " "); out {
		_, err = p.Store.TakeOut(ctx, actor.Organisation, i.ID, unit.ID, strategy.Kind(kind), period.Period(of), actor.Name)
	} else {
		err = p.enterRow(ctx, actor, typed, strategy.Row{Indicator: i.Key, Unit: unit.Key, Period: typed.Period})
	}
	if web.Retry(err) {
		return p.showSheet(w, r, sheetPage{Typed: typed, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/scorecards/"+unit.ID+"/"+i.ID)
}

func (p *Pages) enterRow(ctx context.Context, actor org.Actor, e entry, row strategy.Row) error {
	for _, f := range []struct {
		field, text string
		to          **float64
	}{{"value", e.Value, &row.Value}, {"plan", e.Plan, &row.Plan}, {"baseline", e.Baseline, &row.Baseline}, {"target", e.Target, &row.Target}, {"high", e.High, &row.High}} {
		if strings.TrimSpace(f.text) == "" {
			continue
		}
		v, err := decimal(f.text)
		if err != nil {
			return fault.Fieldf(f.field, "%s", err)
		}
		*f.to = &v
	}
	_, err := p.Store.Import(ctx, actor.Organisation, strategydb.Feed{By: actor.Name, Rows: func(yield func(strategy.Row, error) bool) { yield(row, nil) }})
	return err
}

// decimal reads a number; a sign behind it, such as that of per cent, is a mistake: the indicator
// says what the number is of.
func decimal(text string) (float64, error) {
	text = strings.TrimSpace(text)
	if strings.HasSuffix(text, "%") {
		return 0, fault.Invalidf("write %q without the sign %%: the indicator says what the number is of", text)
	}
	return sheet.ParseDecimal(text, sheet.Unknown)
}

// typing says whether the form holds what somebody has typed.
func (s sheetPage) typing() bool { return s.Typed != entry{} }

func (s sheetPage) link() string { return "/scorecards/" + s.Unit.ID + "/" + s.Indicator.ID }

// heading says what has come and where it stands.
func (s sheetPage) heading(ctx context.Context) string {
	l := s.Line
	if l.ToDate == nil && l.Withheld > 0 {
		return lang.T(ctx, "%[1]s of %[2]s is withheld.", s.Indicator.Name, s.Unit.Name)
	}
	if l.ToDate == nil {
		return lang.T(ctx, "%[1]s of %[2]s has not been observed in %[3]s.", s.Indicator.Name, s.Unit.Name, strconv.Itoa(s.Year))
	}
	is := figure(ctx, s.Indicator, l.ToDate)
	if l.Status == strategy.Unknown {
		return lang.T(ctx, "%[1]s of %[2]s: %[3]s up to %[4]s.", s.Indicator.Name, s.Unit.Name, is, through(l))
	}
	return lang.T(ctx, "%[1]s of %[2]s: %[3]s up to %[4]s, %[5]s.", s.Indicator.Name, s.Unit.Name, is, through(l), statusText(ctx, l.Status))
}

// lede says the year before, the plan and the forecast.
func (s sheetPage) lede(ctx context.Context) string {
	l, i := s.Line, s.Indicator
	var parts []string
	if l.Withheld > 0 {
		parts = append(parts, withheldText(ctx, l))
	}
	if l.LastToDate != nil {
		parts = append(parts, lang.T(ctx, "A year before it was %s at this point.", figure(ctx, i, l.LastToDate)))
	}
	if l.PlanToDate != nil {
		parts = append(parts, lang.T(ctx, "%s was planned.", figure(ctx, i, l.PlanToDate)))
	}
	if f := l.Forecast; f != nil {
		parts = append(parts, lang.T(ctx, "The year is forecast to come to %[1]s, between %[2]s and %[3]s with 95 %% certainty: %[4]s.", figure(ctx, i, &f.Value), figure(ctx, i, &f.Low), figure(ctx, i, &f.High), methodText(ctx, *f)))
	}
	if l.Units < l.OfUnits {
		parts = append(parts, lang.T(ctx, "The newest period has %[1]d of the %[2]d values that there can be.", l.Units, l.OfUnits))
	}
	return strings.Join(parts, " ")
}

// periods are the numbers of the year and of the two before of which anything is known, the newest first.
func (s sheetPage) periods() (numbers []int) {
	of := s.Indicator.Grain.PerYear()
	for n := (s.Year+1)*of - 1; n >= (s.Year-2)*of; n-- {
		_, seen := s.Line.Actual.At(n)
		_, planned := s.Line.Planned.At(n)
		if seen || planned {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func (s sheetPage) periodTable(ctx context.Context) web.Table {
	t := web.Table{Name: s.Indicator.Name + " " + s.Unit.Name, Header: []string{lang.T(ctx, "Period"), lang.T(ctx, "Value"), lang.T(ctx, "Plan"), lang.T(ctx, "A year before"), lang.T(ctx, "Made of"), lang.T(ctx, "Came with")}, Roomy: []string{lang.T(ctx, "Made of"), lang.T(ctx, "Came with")}}
	for _, n := range s.periods() {
		row := []any{string(period.At(s.Indicator.Grain, n)), nil, nil, nil, "", ""}
		if m, there := s.Line.Actual.At(n); there {
			if row[4] = s.madeOf(ctx, m); !m.Later {
				row[1] = m.Value()
			}
		}
		if m, there := s.Line.Planned.At(n); there {
			row[2] = m.Value()
		}
		if m, there := s.Line.Actual.At(n - s.Indicator.Grain.PerYear()); there && !m.Later {
			row[3] = m.Value()
		}
		if own, there := s.Own[strategy.Actual].At(n); there {
			row[5] = s.cameWith(ctx, own.Feed)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (s sheetPage) madeOf(ctx context.Context, m strategy.Mark) string {
	switch {
	case s.Personal:
		return ""
	case m.Later:
		return lang.T(ctx, "too few people: told with the next period")
	case s.Indicator.OfPeople():
		return lang.T(ctx, "at least %d people", s.Indicator.Minimum)
	case m.Stated:
		return lang.T(ctx, "stated for the unit")
	}
	return lang.N(ctx, m.Units, "one value below", "%d values below")
}

// cameWith says where a value came from.
func (s sheetPage) cameWith(ctx context.Context, feed int) string {
	o := s.Origins[feed]
	if s.Indicator.OfPeople() && !s.Personal {
		return lang.T(ctx, "published, %[1]s, %[2]s", o.By, o.At.Format("2006-01-02 15:04"))
	}
	return originText(ctx, o)
}

// takesValues says whether values of the subject are handed in, and not made of others.
func (s sheetPage) takesValues() bool {
	return s.Indicator.Origin == "" && s.Indicator.OfPeople() == s.Personal
}

func originText(ctx context.Context, o strategydb.Origin) string {
	from := o.Source
	if from == "" {
		from = lang.T(ctx, "typed")
	}
	by := o.By
	if by == "" {
		by = lang.T(ctx, "the command line")
	}
	return lang.T(ctx, "%[1]s, %[2]s, %[3]s", from, by, o.At.Format("2006-01-02 15:04"))
}

// underTable compares the units directly under this one.
func (s sheetPage) underTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Units"), Header: []string{lang.T(ctx, "Unit"), lang.T(ctx, "Last year"), lang.T(ctx, "Plan"), lang.T(ctx, "Year to date"), lang.T(ctx, "%% of plan"), lang.T(ctx, "Forecast"), lang.T(ctx, "Status")}, Roomy: []string{lang.T(ctx, "Last year"), lang.T(ctx, "Plan"), lang.T(ctx, "Forecast")}}
	for _, u := range s.Under {
		name := u.Unit.Name
		if u.Unit.Left != "" {
			name = lang.T(ctx, "%[1]s, closed on %[2]s", name, string(u.Unit.Left))
		}
		row := []any{web.Link{Path: "/scorecards/" + u.Unit.ID + "/" + s.Indicator.ID, Text: name}, number(u.LastYear), number(u.Plan), number(u.ToDate), nil, nil, statusText(ctx, u.Status)}
		if u.OfPlan != nil {
			row[4] = percent(ctx, u.OfPlan)
		}
		if u.Forecast != nil {
			row[5] = u.Forecast.Value
		}
		if u.Known {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func (s sheetPage) revisionTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Values that were replaced"), Header: []string{lang.T(ctx, "Period"), lang.T(ctx, "Kind"), lang.T(ctx, "Value"), lang.T(ctx, "Came with"), lang.T(ctx, "Replaced by")}}
	for _, v := range s.Revisions {
		kind := lang.T(ctx, "value")
		if v.Kind == strategy.Plan {
			kind = lang.T(ctx, "plan")
		}
		t.Rows = append(t.Rows, []any{string(v.Period), kind, v.Value, originText(ctx, s.Origins[v.Feed]), originText(ctx, s.Origins[v.By])})
	}
	return t
}

// out are the periods of which something stands that came in here, the newest first.
func (s sheetPage) out() (all []takenOut) {
	for _, kind := range []strategy.Kind{strategy.Actual, strategy.Plan} {
		if kind == strategy.Actual && !s.takesValues() {
			continue
		}
		for n := len(s.Own[kind]) - 1; n >= 0; n-- {
			p := s.Own[kind][n]
			all = append(all, takenOut{kind, period.At(s.Indicator.Grain, p.Number), p.Value})
		}
	}
	return all
}

type takenOut struct {
	Kind   strategy.Kind
	Period period.Period
	Value  float64
}

func (o takenOut) text(ctx context.Context, i strategy.Indicator) string {
	if o.Kind == strategy.Plan {
		return lang.T(ctx, "plan of %[1]s: %[2]s", string(o.Period), figure(ctx, i, &o.Value))
	}
	return lang.T(ctx, "value of %[1]s: %[2]s", string(o.Period), figure(ctx, i, &o.Value))
}

// example is a period as this indicator has them.
func (s sheetPage) example() string { return string(period.Of(s.Today, s.Indicator.Grain)) }

// togetherText says how units and periods come together.
func (s sheetPage) togetherText(ctx context.Context) string {
	i := s.Indicator
	units := lang.T(ctx, "Units come together %s.", overUnitsText(ctx, i.OverUnits))
	switch {
	case i.OfPeople() && i.OverUnits != strategy.NotOfUnits:
		units = lang.T(ctx, "A unit's value is made of those of its people, %[1]s, of at least %[2]d of them. It is published once a period; what is put right afterwards changes the person's own value alone.", overUnitsText(ctx, i.OverUnits), i.Minimum)
	case i.OfPeople():
		units = lang.T(ctx, "Each person has an own value, and units have none.")
	case s.Weight.ID != "":
		units = lang.T(ctx, "Units come together as a mean, weighted by %s.", s.Weight.Name)
	case i.OverUnits == strategy.MeanOfUnits:
		units = lang.T(ctx, "Units come together as a mean in which each counts alike.")
	}
	if i.Alone {
		units += " " + lang.T(ctx, "A value of a unit is of that unit alone: what units below have is added to it.")
	}
	return units + " " + lang.T(ctx, "It is measured %[1]s; periods of a year: %[2]s.", grainText(ctx, i.Grain), overTimeText(ctx, i.OverTime))
}
