package effortweb

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// account is what the ledger says of a unit, or of the whole.
type account struct {
	reader
	span
	At      int // index of the unit, -1 for the whole
	Name    string
	All     effort.Account
	Parts   []effort.Part
	Under   []unitAccount // units directly below that have any
	Changes []effort.Change
	Named   bool // the reader reads the names of people there
}

// unitAccount is that of a unit below.
type unitAccount struct {
	ID string
	effort.Account
}

func (p *Pages) account(w http.ResponseWriter, r *http.Request) error {
	a, err := p.accountOf(r.Context(), r.FormValue("unit"), r.FormValue("from"), r.FormValue("until"))
	if err != nil {
		return err
	}
	table := a.seriesTable(r.Context())
	switch r.FormValue("table") {
	case "modalities":
		table = a.modalityTable(r.Context())
	case "units":
		table = a.underTable(r.Context())
	}
	if done, err := web.Exported(w, r, a.Name+" "+table.Name, table); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, accountPage(a))
}

// accountOf reads the account of a unit, or of what the reader reads where none is named.
func (p *Pages) accountOf(ctx context.Context, unit, from, until string) (a account, err error) {
	if a.reader, err = p.reader(ctx); err != nil {
		return a, err
	}
	if a.At, err = a.at(unit); err != nil {
		return a, err
	}
	if a.span, err = spanOf(from, until, a.Today); err != nil {
		return a, err
	}
	heading := effort.Heading{Kind: effort.Whole}
	a.Name, a.Named = lang.T(ctx, "the whole organisation"), a.may(org.ReadPeople, a.unitID(a.At))
	if a.At >= 0 {
		heading, a.Name = effort.Heading{Kind: effort.TreeOf, ID: a.unitID(a.At)}, a.nameOf(ctx, a.unitID(a.At))
	}
	months, err := p.Store.Tallies(ctx, a.actor.Organisation, heading, a.From, a.Until)
	if err != nil {
		return a, err
	}
	a.All, a.Parts = effort.AccountOf(a.Rates, months), effort.Series(a.Rates, months, a.grain(), a.From, a.Until)
	if a.Under, err = p.accountsUnder(ctx, a); err != nil {
		return a, err
	}
	changes, err := p.Store.Changes(ctx, a.actor.Organisation)
	a.Changes = a.concerning(changes, a.At, a.From, a.Until)
	return a, err
}

// accountsUnder are those of the units directly below, by name.
func (p *Pages) accountsUnder(ctx context.Context, a account) (under []unitAccount, err error) {
	var ids []string
	for _, n := range a.under(a.At) {
		ids = append(ids, a.Units.Units[n].ID)
	}
	months, err := p.Store.UnitTallies(ctx, a.actor.Organisation, ids, a.From, a.Until)
	for _, id := range ids {
		if len(months[id]) > 0 {
			under = append(under, unitAccount{id, effort.AccountOf(a.Rates, months[id])})
		}
	}
	return under, err
}

// link is the address of the page with another unit or other months.
func (a account) link(unit string, s span) string {
	query := s.query()
	query.Set("unit", unit)
	return address("/effort", query)
}

// file is the address of a table as a file, to which the format is added.
func (a account) file(table string) string {
	query := a.query()
	query.Set("unit", a.unitID(a.At))
	query.Set("table", table)
	return address("/effort", query) + "&"
}

// entriesLink leads to the entries behind the page.
func (a account) entriesLink(more url.Values) string {
	query := url.Values{"from": {string(a.From)}, "until": {string(a.Until)}, "unit": {a.unitID(a.At)}}
	for name := range more {
		query.Set(name, more.Get(name))
	}
	return address("/effort/entries", query)
}

// years are the whole years before and the one under way, the newest first.
func (a account) years() (all []span) {
	for year := a.Today.Time().Year(); year > a.Today.Time().Year()-3; year-- {
		y := period.At(period.Yearly, year)
		all = append(all, span{From: period.Of(y.First(), period.Monthly), Until: period.Of(y.Last(), period.Monthly)})
	}
	return all
}

func (a account) heading(ctx context.Context) string {
	b := a.All.Blend()
	if b.Minutes == 0 {
		return lang.T(ctx, "No hours of learning of %[1]s are recorded %[2]s.", a.Name, a.text(ctx))
	}
	return lang.T(ctx, "Of %[1]s hours of learning %[2]s, %[3]s were experience, %[4]s exposure, %[5]s education.", hoursText(ctx, b.Minutes), a.text(ctx),
		share(ctx, b.Mix[effort.Experience], b.Minutes), share(ctx, b.Mix[effort.Exposure], b.Minutes), share(ctx, b.Mix[effort.Education], b.Minutes))
}

// lede says what is not known of the blend, who took part, and what it cost.
func (a account) lede(ctx context.Context) string {
	var parts []string
	b, s := a.All.Blend(), a.All.Spending()
	if unstated := b.Mix[""]; unstated > 0 {
		parts = append(parts, lang.T(ctx, "Of %s nobody has said how it was learned.", share(ctx, unstated, b.Minutes)))
	}
	if a.All.Learners > 0 {
		parts = append(parts, a.reachText(ctx))
	}
	if s.Direct() > 0 {
		parts = append(parts, lang.T(ctx, "Learning cost %s.", money(ctx, s.Direct(), a.Rates.Own)))
	}
	return strings.Join(parts, " ")
}

// heads is how many work in the unit today, 0 where it is not known.
func (a account) heads() int {
	if len(a.Units.Units) == 0 {
		return 0
	}
	return a.Heads[a.Units.Units[max(a.At, 0)].ID]
}

// reachText says how many people took part.
func (a account) reachText(ctx context.Context) string {
	n := seen(a.All.Learners, a.Named)
	switch {
	case few(a.All.Learners, a.Named):
		return lang.T(ctx, "Fewer than %d people took part by name.", effort.Fewest)
	case a.heads() == 0:
		return lang.N(ctx, n, "One person took part by name.", "%d people took part by name.")
	case n == 1:
		return lang.T(ctx, "One person took part by name, %[1]s of the %[2]d at work today.", share(ctx, int64(n), int64(a.heads())), a.heads())
	}
	return lang.T(ctx, "%[1]d people took part by name, %[2]s of the %[3]d at work today.", n, share(ctx, int64(n), int64(a.heads())), a.heads())
}

func (a account) grainText(ctx context.Context) string {
	switch a.grain() {
	case period.Monthly:
		return lang.T(ctx, "How people learned, month by month")
	case period.Quarterly:
		return lang.T(ctx, "How people learned, quarter by quarter")
	}
	return lang.T(ctx, "How people learned, year by year")
}

// seriesTable has the blend and the cost of each period.
func (a account) seriesTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Blend over time"), Header: []string{lang.T(ctx, "Period"), lang.T(ctx, "Hours"), lang.T(ctx, "experience, %%"), lang.T(ctx, "exposure, %%"), lang.T(ctx, "education, %%"), lang.T(ctx, "not stated, %%"), lang.T(ctx, "People"), lang.T(ctx, "Cost, %s", a.Rates.Own), lang.T(ctx, "Cost of an hour")}}
	t.Roomy = t.Header[5:]
	for _, part := range a.Parts {
		b, s := part.Blend(), part.Spending()
		row := []any{string(part.Period), hoursIn(b.Minutes)}
		for _, m := range mixes {
			row = append(row, inPercent(effort.Ratio(b.Mix[m], b.Minutes)))
		}
		t.Rows = append(t.Rows, append(row, a.people(ctx, part.Learners, a.Named), inMoney(s.Direct(), a.Rates.Own), a.perHour(s)))
	}
	return t
}

// people is a cell with how many took part.
func (a account) people(ctx context.Context, n int, named bool) any {
	if few(n, named) {
		return peopleText(ctx, n, named)
	}
	return seen(n, named)
}

// perHour is what an hour cost, as a cell.
func (a account) perHour(s effort.Spending) any {
	v := s.PerHour()
	if v == nil {
		return nil
	}
	return web.Rounded(effort.Units(int64(math.Round(*v)), a.Rates.Own), 2)
}

// modalityTable has how one learned, what took most hours first.
func (a account) modalityTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "How one learned"), Header: []string{lang.T(ctx, "How one learned"), lang.T(ctx, "Hours"), lang.T(ctx, "Share, %%"), lang.T(ctx, "Learning by"), lang.T(ctx, "Formal or at work")}}
	t.Roomy = t.Header[4:]
	b := a.All.Blend()
	var some []effort.Modality
	for m := range b.Modality {
		some = append(some, m)
	}
	slices.SortFunc(some, func(x, y effort.Modality) int {
		if d := b.Modality[y] - b.Modality[x]; d != 0 {
			return int(max(-1, min(1, d)))
		}
		return strings.Compare(string(x), string(y))
	})
	for _, m := range some {
		trait, form := m.Trait(), lang.T(ctx, "not stated")
		if trait.Form != "" {
			form = lang.T(ctx, trait.Form.Name())
		}
		name := web.Link{Text: lang.T(ctx, m.Name())}
		if m != effort.NotStated {
			name.Path = a.entriesLink(url.Values{"kind": {string(effort.Learning)}, "modality": {string(m)}})
		}
		t.Rows = append(t.Rows, []any{name, hoursIn(b.Modality[m]), inPercent(effort.Ratio(b.Modality[m], b.Minutes)), mixText(ctx, trait.Mix), form})
	}
	return t
}

// traits are shares of the hours by what else is known of them.
func (a account) traits(ctx context.Context) []strip {
	b := a.All.Blend()
	unknown := func(n int64) piece { return piece{Text: lang.T(ctx, "not stated"), Minutes: n, Class: "unstated"} }
	return []strip{
		newStrip(ctx, lang.T(ctx, "Run by"), piece{Text: lang.T(ctx, "own people"), Minutes: b.Internal}, piece{Text: lang.T(ctx, "external"), Minutes: b.External}),
		newStrip(ctx, lang.T(ctx, "Set up as"), piece{Text: lang.T(ctx, effort.Formal.Name()), Minutes: b.Form[effort.Formal]}, piece{Text: lang.T(ctx, effort.WorkBased.Name()), Minutes: b.Form[effort.WorkBased]}, unknown(b.Form[""])),
		newStrip(ctx, lang.T(ctx, "When"), piece{Text: paceText(ctx, effort.Live), Minutes: b.Pace[effort.Live]}, piece{Text: paceText(ctx, effort.OwnPace), Minutes: b.Pace[effort.OwnPace]}, piece{Text: paceText(ctx, effort.EitherPace), Minutes: b.Pace[effort.EitherPace]}, unknown(b.Pace[""])),
		newStrip(ctx, lang.T(ctx, "Through a computer or a phone"), piece{Text: lang.T(ctx, "yes"), Minutes: b.Technology}, piece{Text: lang.T(ctx, "no"), Minutes: b.Minutes - b.Technology - b.Modality[effort.NotStated]}, unknown(b.Modality[effort.NotStated])),
	}
}

// costTable has what learning cost.
func (a account) costTable(ctx context.Context) web.Table {
	s := a.All.Spending()
	t := web.Table{Name: lang.T(ctx, "What learning cost"), Header: []string{lang.T(ctx, "Cost line"), a.Rates.Own, lang.T(ctx, "Share, %%")}}
	for _, line := range []struct {
		kind   effort.CostKind
		amount int64
	}{{effort.Internal, s.Internal}, {effort.Supplier, s.Supplier}, {effort.Tuition, s.Tuition}} {
		t.Rows = append(t.Rows, []any{lang.T(ctx, line.kind.Name()), inMoney(line.amount, a.Rates.Own), inPercent(effort.Ratio(line.amount, s.Direct()))})
	}
	t.Rows = append(t.Rows, []any{lang.T(ctx, "direct learning expenditure"), inMoney(s.Direct(), a.Rates.Own), inPercent(effort.Ratio(s.Direct(), s.Direct()))})
	return t
}

// centralText says who manages the spending, and of how much nobody has said it.
func (a account) centralText(ctx context.Context) string {
	s := a.All.Spending()
	if s.CentralShare == nil {
		return lang.T(ctx, "Nobody has stated who manages the spending.")
	}
	text := lang.T(ctx, "%[1]s of the spending of which it is stated is managed centrally, %[2]s locally.", percent(ctx, s.CentralShare), share(ctx, s.Local, s.Central+s.Local))
	if s.Unstated > 0 {
		text += " " + lang.T(ctx, "Of %s it is not stated.", share(ctx, s.Unstated, s.Direct()))
	}
	return text
}

// hourPlot is what an hour cost over time.
func (a account) hourPlot(ctx context.Context) plot {
	p := linePlot(ctx, periodsOf(a.Parts), a.Changes, values(a.Parts, func(part effort.Part) *float64 {
		v := part.Spending().PerHour()
		if v == nil {
			return nil
		}
		inUnits := effort.Units(int64(math.Round(*v)), a.Rates.Own)
		return &inUnits
	}), 0, 0, func(v float64) string { return web.Cell(ctx, v, decimalsOf(v)) })
	p.Text = lang.T(ctx, "Cost of an hour of learning by period; the same stands in the table")
	return p
}

// underTable compares the units directly below.
func (a account) underTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Units below"), Header: []string{lang.T(ctx, "Unit"), lang.T(ctx, "Hours"), lang.T(ctx, "experience, %%"), lang.T(ctx, "exposure, %%"), lang.T(ctx, "education, %%"), lang.T(ctx, "People"), lang.T(ctx, "Cost, %s", a.Rates.Own), lang.T(ctx, "Cost of an hour")}}
	t.Roomy = t.Header[5:]
	for _, u := range a.Under {
		b, s := u.Blend(), u.Spending()
		row := []any{web.Link{Path: a.link(u.ID, a.span), Text: a.nameOf(ctx, u.ID)}, hoursIn(b.Minutes)}
		for _, m := range mixes[:3] {
			row = append(row, inPercent(effort.Ratio(b.Mix[m], b.Minutes)))
		}
		t.Rows = append(t.Rows, append(row, a.people(ctx, u.Learners, a.may(org.ReadPeople, u.ID)), inMoney(s.Direct(), a.Rates.Own), a.perHour(s)))
	}
	return t
}

// changeText is a change with its number, its day and where.
func (r reader) changeText(ctx context.Context, n int, c effort.Change) string {
	where := ""
	var names []string
	for _, u := range c.Units {
		names = append(names, r.nameOf(ctx, u))
	}
	if len(names) > 0 {
		where = " · " + strings.Join(names, ", ")
	}
	return strconv.Itoa(n+1) + ": " + string(c.Day) + " · " + c.Text + where
}
