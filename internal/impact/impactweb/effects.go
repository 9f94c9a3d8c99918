package impactweb

import (
	"cmp"
	"context"
	"maps"
	"math"
	"net/http"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// portfolio is all initiatives by what came of them.
type portfolio struct {
	Lines    []line
	Sections []section
	Scale    scale            // on which all are drawn
	Unjudged []impactdb.Cause // nobody has asked what came of them
	Spent    map[string]impactdb.Spent
	Currency string
	Plans    bool
	Accounts bool   // may see what things have cost
	Involved bool   // may see what executives were seen to do
	Board    bool   // may read the page for the board
	By       string // "", focal or goal
}

// line is an effect in the portfolio.
type line struct {
	impact.Effect
	Initiative effort.Initiative // or a change of the learning function, as one
	Change     bool
	Indicator  strategy.Indicator
	Kept       *impactdb.Kept
}

// learns says whether the initiative is learning.
func (l line) learns() bool { return l.Initiative.Kind == effort.Learning }

// section is the effects of initiatives that serve the same: all, a focal point or a goal.
type section struct {
	Name            string
	Learning, Other []line
	One             bool // not in two sides
}

func (p *Pages) effects(w http.ResponseWriter, r *http.Request) error {
	f, err := p.portfolio(r.Context())
	if err != nil {
		return err
	}
	if f.By = r.FormValue("by"); f.By == effort.ForFocal || f.By == effort.ForGoal {
		err = p.byServed(r.Context(), &f)
	} else {
		f.By = ""
		f.split(r.Context())
	}
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, portfolioPage(f))
}

// portfolio reads what the reader may see.
func (p *Pages) portfolio(ctx context.Context) (f portfolio, err error) {
	actor := web.From[org.Actor](ctx)
	f.Plans, f.Accounts, f.Involved = p.Permits.May(actor, Plan, org.Place{}), p.Accounts(actor), p.Permits.May(actor, Involved, org.Place{})
	f.Board = p.Permits.May(actor, ReadBoard, org.Place{})
	asked, err := p.Store.Effects(ctx, actor.Organisation, "")
	if err != nil {
		return f, err
	}
	kept, err := p.Store.Estimates(ctx, actor.Organisation, "")
	if err != nil {
		return f, err
	}
	causes, err := p.Store.Causes(ctx, actor.Organisation)
	if err != nil {
		return f, err
	}
	indicators, err := p.Store.Strategy.Indicators(ctx, actor.Organisation)
	if err != nil {
		return f, err
	}
	of, judged := map[string]impactdb.Cause{}, map[string]bool{}
	var ids []string
	for _, c := range causes {
		of[c.ID], ids = c, append(ids, c.ID)
	}
	for _, e := range asked {
		n := slices.IndexFunc(indicators, func(i strategy.Indicator) bool { return i.ID == e.Indicator })
		if n < 0 || of[e.Cause].ID == "" || indicators[n].OfScores() && !p.Scores(actor) {
			continue
		}
		judged[e.Cause], judged[of[e.Cause].Name] = true, true
		f.Lines = append(f.Lines, line{e, of[e.Cause].Initiative, of[e.Cause].Change, indicators[n], kept[e.ID]})
	}
	for _, c := range impactdb.Distinct(causes) {
		if !judged[c.ID] && !(c.Change && judged[c.Name]) {
			f.Unjudged = append(f.Unjudged, c)
		}
	}
	f.scale()
	if !f.Accounts {
		return f, nil
	}
	now := period.Of(period.DayOf(p.now()), period.Monthly)
	f.Spent, f.Currency, err = p.Store.Cost(ctx, actor.Organisation, ids, now.Add(-longestCost), now)
	return f, err
}

// sectionOf puts effects side by side, what works and is surest first.
func sectionOf(name string, lines []line) section {
	g := section{Name: name}
	for _, l := range lines {
		if l.learns() {
			g.Learning = append(g.Learning, l)
		} else {
			g.Other = append(g.Other, l)
		}
	}
	for _, side := range [][]line{g.Learning, g.Other} {
		slices.SortStableFunc(side, func(a, b line) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return g
}

// split has initiatives in one section and changes of the learning function in another.
func (f *portfolio) split(ctx context.Context) {
	var initiatives, changes []line
	for _, l := range f.Lines {
		if l.Change {
			changes = append(changes, l)
		} else {
			initiatives = append(initiatives, l)
		}
	}
	f.Sections = []section{sectionOf(lang.T(ctx, "What was tried, by effect and certainty"), initiatives)}
	if len(changes) > 0 {
		f.Sections = append(f.Sections, section{Name: lang.T(ctx, "How the learning function works: dated changes"), Learning: changes, One: true})
	}
}

// byServed makes a section of each focal point or goal that initiatives serve, and one of those that
// serve none.
func (p *Pages) byServed(ctx context.Context, f *portfolio) error {
	names, err := p.Store.Served(ctx, web.From[org.Actor](ctx).Organisation, f.By)
	if err != nil {
		return err
	}
	by, rest := map[string][]line{}, []line(nil)
	for _, l := range f.Lines {
		some := false
		for _, t := range l.Initiative.Serves {
			if name := names[t.ID]; t.Kind == f.By && name != "" {
				by[name], some = append(by[name], l), true
			}
		}
		if !some {
			rest = append(rest, l)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(by)) {
		f.Sections = append(f.Sections, sectionOf(name, by[name]))
	}
	if len(rest) > 0 {
		f.Sections = append(f.Sections, sectionOf(lang.T(ctx, "Serves none"), rest))
	}
	return nil
}

// scale is one on which effects on any indicator can stand: in the smallest changes that matter, and
// to the right where it is better.
func (f *portfolio) scale() {
	var ends []float64
	for _, l := range f.Lines {
		if l.drawn() {
			v, low, high := l.scaled()
			ends = append(ends, v, low, high)
		}
	}
	f.Scale = spanned(2, 98, ends...)
}

// scaled is the headline on that scale.
func (l line) scaled() (v, low, high float64) {
	by := 1 / l.Plan.Worth
	v, low, high = by*l.Kept.Headline.ATT, by*l.Kept.Headline.Low, by*l.Kept.Headline.High
	if l.Indicator.Direction == strategy.Lower {
		v, low, high = -v, -high, -low
	}
	return v, low, high
}

// drawn says whether it stands on the scale.
func (l line) drawn() bool { return l.told() && l.Plan.Worth > 0 }

// told says whether there is a figure of the initiative by itself, with how sure it is.
func (l line) told() bool {
	return l.Kept != nil && !l.Kept.All && !math.IsNaN(l.Kept.Headline.Low)
}

// rank puts what works first, then what is sure.
func (l line) rank() float64 {
	if l.Kept == nil {
		return 100
	}
	places := map[impact.Finding]float64{impact.Works: 0, impact.Harms: 1, impact.NoEffect: 2, impact.CannotTell: 3}
	return 10*places[l.Kept.Finding] + float64(l.Kept.Grade[0]-'A')
}

// text is what came of it in a few words.
func (l line) text(ctx context.Context) string {
	switch {
	case l.Kept == nil:
		return lang.T(ctx, "not estimated yet")
	case l.Kept.All:
		return findingName(ctx, l.Kept.Estimated) + " · " + lang.T(ctx, "started together with something else")
	}
	h := l.Kept.Headline
	if !l.told() {
		return findingName(ctx, l.Kept.Estimated) + " · " + l.Indicator.Name
	}
	return findingName(ctx, l.Kept.Estimated) + " · " + l.Indicator.Name + " " + toldIn(ctx, l.Plan, l.Indicator, withInterval(ctx, h.ATT, h.Low, h.High, decimals(h.SE)))
}

// money is how much of what was spent went where, by finding; an initiative counts once, by what was
// asked of it first.
func (f portfolio) money() (by map[impact.Finding]int64, open, all int64) {
	by = map[impact.Finding]int64{}
	for _, l := range f.firsts() {
		spent := f.Spent[l.Initiative.ID].Direct
		if l.Kept == nil {
			open += spent
		} else {
			by[l.Kept.Finding] += spent
		}
		all += spent
	}
	for _, i := range f.Unjudged {
		open += f.Spent[i.ID].Direct
		all += f.Spent[i.ID].Direct
	}
	return by, open, all
}

// firsts are, of each initiative, what was asked of it first.
func (f portfolio) firsts() (some []line) {
	seen := map[string]bool{}
	for _, l := range f.Lines {
		if !seen[l.Initiative.ID] {
			some = append(some, l)
		}
		seen[l.Initiative.ID] = true
	}
	return some
}

// heading is the portfolio in a sentence.
func (f portfolio) heading(ctx context.Context) string {
	works, looked := 0, 0
	for _, l := range f.Lines {
		if l.Kept != nil {
			looked++
			if l.Kept.Finding == impact.Works {
				works++
			}
		}
	}
	switch {
	case len(f.Lines) == 0:
		return lang.T(ctx, "Nobody has asked yet what came of anything.")
	case looked == 0:
		return lang.N(ctx, len(f.Lines), "One question is asked, and nobody has looked yet.", "%d questions are asked, and nobody has looked yet.")
	}
	if looked == 1 {
		return lang.N(ctx, works, "One effect was looked at, and it is told to work.", "One effect was looked at, and it is not told to work.")
	}
	return lang.T(ctx, "Of %[1]d effects that were looked at, %[2]d are told to work.", looked, works)
}

// amount is what an initiative has cost.
func (f portfolio) amount(ctx context.Context, initiative string) string {
	if !f.Accounts {
		return ""
	}
	return f.of(ctx, f.Spent[initiative].Direct)
}

func (f portfolio) of(ctx context.Context, amount int64) string {
	return effectPage{Currency: f.Currency}.amount(ctx, float64(amount))
}

// part is some of the money, for a picture: what, how much, share of all.
type part struct {
	Name, Amount, Share string
	Class               string
	Width               float64
}

func (f portfolio) parts(ctx context.Context) (all []part) {
	by, open, sum := f.money()
	if sum == 0 {
		return nil
	}
	add := func(name, class string, amount int64) {
		share := 100 * float64(amount) / float64(sum)
		all = append(all, part{name, f.of(ctx, amount), number(ctx, share, 0) + " %", class, share})
	}
	add(lang.T(ctx, "Works"), "works", by[impact.Works])
	if by[impact.Harms] > 0 {
		add(lang.T(ctx, "Harms"), "harms", by[impact.Harms])
	}
	add(lang.T(ctx, "No effect that matters"), "nothing", by[impact.NoEffect])
	add(lang.T(ctx, "Cannot tell"), "unsure", by[impact.CannotTell])
	add(lang.T(ctx, "Not judged yet"), "open", open)
	return all
}

func (p part) picture() picture {
	d := picture{Height: 14}
	d.block(p.Class, 0, 1, max(p.Width, 0.5), 13)
	return d
}

// class colours an effect that is told from nothing.
func (l line) class() string {
	if l.Kept.Finding == impact.Works || l.Kept.Finding == impact.Harms {
		return "after"
	}
	return "before"
}

// table lists all effects.
func (f portfolio) table(ctx context.Context) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Initiative"), lang.T(ctx, "Outcome"), lang.T(ctx, "Grade, A to E"), lang.T(ctx, "Finding"), lang.T(ctx, "Effect"), lang.T(ctx, "From"), lang.T(ctx, "to"), lang.T(ctx, "Smallest change that matters"), lang.T(ctx, "Cost")}}
	for _, l := range f.Lines {
		row := []any{web.Link{Path: "/effects/" + l.ID, Text: l.Initiative.Name}, l.Indicator.Name, "–", lang.T(ctx, "not estimated yet"), nil, nil, nil, nil, f.amount(ctx, l.Initiative.ID)}
		if l.Kept != nil {
			row[2], row[3] = string(l.Kept.Grade), findingName(ctx, l.Kept.Estimated)
		}
		if l.told() {
			digits := decimals(l.Kept.Headline.SE)
			row[4], row[5], row[6] = known(l.Kept.Headline.ATT, digits), known(l.Kept.Headline.Low, digits), known(l.Kept.Headline.High, digits)
		}
		if l.Plan.Worth > 0 {
			row[7] = known(l.Plan.Worth, 2)
		}
		t.Rows = append(t.Rows, row)
	}
	if !f.Accounts {
		t.Header = t.Header[:len(t.Header)-1]
		for n, row := range t.Rows {
			t.Rows[n] = row[:len(row)-1]
		}
	}
	return t
}
