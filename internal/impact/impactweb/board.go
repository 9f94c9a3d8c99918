package impactweb

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// board is the one page of executives.
type board struct {
	impactdb.Standing
	portfolio
	Halves  impactdb.Halves
	Seen    *involvement // nil for who may not see it
	Lowest  *impact.Scored
	Reports bool // the reader opens reports of diagnoses
	Today   period.Day
}

func (p *Pages) board(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	var b board
	var err error
	if p.Scores(actor) {
		if b.Standing, err = p.Store.Standing(ctx, actor.Organisation); err != nil {
			return err
		}
	}
	if b.portfolio, err = p.portfolio(ctx); err != nil {
		return err
	}
	b.split(ctx)
	if b.Accounts {
		if b.Halves, err = p.Store.Halves(ctx, actor.Organisation); err != nil {
			return err
		}
	}
	if b.portfolio.Involved {
		v, asks, err := p.Store.Involvement(ctx, actor.Organisation, shownQuarters)
		if err != nil {
			return err
		}
		b.Seen = &involvement{v, asks}
	}
	if p.Permits.May(actor, ReadProfile, org.Place{}) {
		parts, err := p.Store.Profile(ctx, actor.Organisation)
		if err != nil {
			return err
		}
		for n, s := range parts {
			if s.Known() && (b.Lowest == nil || s.Score < b.Lowest.Score) {
				b.Lowest = &parts[n]
			}
		}
	}
	b.Reports = p.Reports(actor)
	if b.Today, err = p.Org.Today(ctx, actor.Organisation); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, boardPage(b))
}

// factor is what a factor is called.
func (b board) factor(ctx context.Context, w impact.Way) string {
	return b.Now.Instrument.Factors[w.Factor].Name.In(lang.Tag(ctx).String())
}

// heading is how many factors are on pace, in a sentence.
func (b board) heading(ctx context.Context) string {
	if b.Now == nil {
		return b.portfolio.heading(ctx)
	}
	on, falling := 0, ""
	for _, w := range b.Ways {
		if w.Pace == impact.OnPace || w.Pace == impact.AtThreshold {
			on++
		}
		if w.Pace == impact.Falling {
			falling = b.factor(ctx, w)
		}
	}
	threshold := number(ctx, b.Aim, 1)
	if b.Then == nil {
		return lang.T(ctx, "There is no diagnosis before it to compare with: how fast it goes to %s the next one tells.", threshold)
	}
	text := lang.T(ctx, "%[1]d of %[2]d factors are on pace to %[3]s.", on, len(b.Ways), threshold)
	if falling != "" {
		text += " " + lang.T(ctx, "%s is falling.", falling)
	}
	return text
}

// moneyText is what worked took of the money, in a sentence.
func (b board) moneyText(ctx context.Context) string {
	by, open, sum := b.money()
	if sum == 0 {
		return ""
	}
	works := 0
	for _, l := range b.firsts() {
		if l.Kept != nil && l.Kept.Finding == impact.Works && !l.Change {
			works++
		}
	}
	share := func(v int64) string { return number(ctx, 100*float64(v)/float64(sum), 0) }
	if share(open) == share(0) {
		return lang.T(ctx, "What is told to work (%[1]d) took %[2]s %% of the money.", works, share(by[impact.Works]))
	}
	return lang.T(ctx, "What is told to work (%[1]d) took %[2]s %% of the money. For %[3]s %% nobody has looked yet.", works, share(by[impact.Works]), share(open))
}

// eyebrow says what the page rests on.
func (b board) eyebrow(ctx context.Context) string {
	text := lang.T(ctx, "The page for the board") + " · " + periodName(ctx, string(period.Of(b.Today, period.Monthly)))
	if b.Now == nil {
		return text
	}
	whole := b.Now.Report.Unit(0)
	if whole != nil && whole.Invited > 0 {
		text += " · " + lang.T(ctx, "%[1]s: %[2]d of %[3]d answered", b.Now.Diagnosis.Name, whole.Answered, whole.Invited)
	}
	return text
}

// wayScale is one on which all factors and the threshold can stand.
func (b board) wayScale() scale {
	low, high := b.Aim, b.Aim
	for _, w := range b.Ways {
		for _, v := range []*float64{w.Then, w.Now} {
			if v != nil {
				low, high = min(low, *v), max(high, *v)
			}
		}
		if w.Then != nil {
			high = max(high, w.High)
		}
	}
	return scale{math.Floor(2*low-0.2) / 2, math.Ceil(2*high+0.2) / 2, 2, 98}
}

// wayPicture draws a factor: where it was, where it is, where the realistic gain would have brought it.
func (b board) wayPicture(w impact.Way, s scale) picture {
	d := picture{Height: 30}
	d.line("axis", s.a, 15, s.b, 15)
	threshold := b.Aim
	d.line("zero", s.at(threshold), 0, s.at(threshold), 30)
	if w.Then != nil {
		d.block("band", s.at(w.Low), 7, s.at(w.High), 23)
	}
	if w.Now != nil && w.Half != nil {
		d.block("bar after", s.at(*w.Now-*w.Half), 12, s.at(*w.Now+*w.Half), 18)
	}
	if w.Then != nil {
		d.dot("dot before", s.at(*w.Then), 15, 5)
	}
	if w.Now != nil {
		d.dot("dot after", s.at(*w.Now), 15, 5)
	}
	return d
}

func (b board) wayRule(ctx context.Context, s scale) picture {
	d := picture{Height: 18}
	for v := math.Ceil(s.low); v <= s.high; v++ {
		if math.Abs(v-b.Aim) > 0.3 {
			d.word("", "middle", s.at(v), 13, number(ctx, v, 0))
		}
	}
	d.word("", "middle", s.at(b.Aim), 13, number(ctx, b.Aim, 1))
	return d
}

func paceName(ctx context.Context, p impact.Pace) string {
	switch p {
	case impact.AtThreshold:
		return lang.T(ctx, "Reached")
	case impact.OnPace:
		return lang.T(ctx, "On pace")
	case impact.BelowPace:
		return lang.T(ctx, "Below pace")
	case impact.Falling:
		return lang.T(ctx, "Falling")
	}
	return lang.T(ctx, "not known")
}

// paceClass marks a pace by form and colour.
func paceClass(p impact.Pace) string {
	switch p {
	case impact.AtThreshold, impact.OnPace:
		return "verdict pass"
	case impact.Falling:
		return "verdict fail"
	}
	return "verdict look"
}

// score is one of a factor or focal point; a dash where it is not told.
func score(ctx context.Context, v *float64) string {
	if v == nil {
		return "–"
	}
	return number(ctx, *v, 1)
}

func moved(ctx context.Context, then, now *float64) string {
	if then == nil || now == nil {
		return "–"
	}
	return signed(ctx, *now-*then, 1)
}

// wayTable lists the factors.
func (b board) wayTable(ctx context.Context) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Factor"), lang.T(ctx, "Then"), lang.T(ctx, "Now"), lang.T(ctx, "Difference"), lang.T(ctx, "Band from"), lang.T(ctx, "to"), lang.T(ctx, "Pace")}}
	for _, w := range b.Ways {
		row := []any{b.factor(ctx, w), score(ctx, w.Then), score(ctx, w.Now), moved(ctx, w.Then, w.Now), nil, nil, paceName(ctx, w.Pace)}
		if w.Then != nil {
			row[4], row[5] = known(w.Low, 2), known(w.High, 2)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// focalPath is where a focal point is read, "" for who does not open reports.
func (b board) focalPath(f impactdb.MovedFocal) string {
	if !b.Reports {
		return ""
	}
	return "/diagnoses/" + f.Diagnosis + "/report/focal-points"
}

// focalPicture draws a focal point's slope from the diagnosis before to the newest, on the scale that all share.
func (b board) focalPicture(f impactdb.MovedFocal) picture {
	s := scale{math.Inf(1), math.Inf(-1), 34, 6}
	for _, other := range b.Focal {
		for _, v := range []*float64{other.Then, other.Now} {
			if v != nil {
				s.low, s.high = min(s.low, *v), max(s.high, *v)
			}
		}
	}
	if s.low == s.high {
		s.low, s.high = s.low-.5, s.high+.5
	}
	d := picture{Height: 40}
	if f.Then == nil || f.Now == nil {
		return d
	}
	d.line("fit", 15, s.at(*f.Then), 85, s.at(*f.Now))
	d.dot("dot before", 15, s.at(*f.Then), 4)
	d.dot("dot after", 85, s.at(*f.Now), 4)
	return d
}

// half is one line of learning and not learning: two parts of a whole.
type half struct {
	What, Learning, Other string
	Share                 float64 // that is not learning
}

func (b board) halves(ctx context.Context) (all []half) {
	hours := func(m int64) string { return lang.T(ctx, "%s h", number(ctx, float64(m)/60, 0)) }
	if b.Halves.Of.NonLearning != nil {
		all = append(all, half{lang.T(ctx, "Hours"), hours(b.Halves.Learning.Minutes), hours(b.Halves.Other.Minutes), *b.Halves.Of.NonLearning})
	}
	if b.Halves.Of.OfCost != nil {
		all = append(all, half{lang.T(ctx, "Cost"), b.of(ctx, b.Halves.Learning.Cost()), b.of(ctx, b.Halves.Other.Cost()), *b.Halves.Of.OfCost})
	}
	return all
}

// halfPicture draws a share that is not learning beside the reference.
func (b board) halfPicture(h half) picture {
	learning := 100 * (1 - h.Share)
	d := picture{Height: 26}
	d.block("works", 0, 6, learning, 20)
	d.block("nothing", learning, 6, 100, 20)
	d.line("zero", 100-float64(b.Halves.Reference), 0, 100-float64(b.Halves.Reference), 26)
	return d
}

// questions are the three to ask this month: what falls or is slow, what cost most without telling, who was not
// seen, what the profile lacks most.
func (b board) questions(ctx context.Context) (all []string) {
	all = append(all, b.wayQuestion(ctx)...)
	all = append(all, b.costQuestion(ctx)...)
	all = append(all, b.seenQuestion(ctx)...)
	if b.Lowest != nil && b.Lowest.Score < 3 {
		all = append(all, lang.T(ctx, "‘%[1]s’ scores %[2]d of 4. Who begins something about it?", partName(ctx, b.Lowest.Part), b.Lowest.Score))
	}
	return all[:min(3, len(all))]
}

func (b board) wayQuestion(ctx context.Context) []string {
	var worst *impact.Way
	for n, w := range b.Ways {
		if w.Then == nil || w.Now == nil || w.Pace != impact.Falling && w.Pace != impact.BelowPace {
			continue
		}
		if worst == nil || *w.Now-*w.Then < *worst.Now-*worst.Then {
			worst = &b.Ways[n]
		}
	}
	if worst == nil {
		return nil
	}
	name, by := b.factor(ctx, *worst), moved(ctx, worst.Then, worst.Now)
	if years, ok := worst.Reaches(b.Aim, b.Years); ok {
		return []string{lang.T(ctx, "‘%[1]s’ gained %[2]s since the last diagnosis: at that pace %[3]s is %[4]s years away. What would double it?", name, by, number(ctx, b.Aim, 1), number(ctx, years, 0))}
	}
	return []string{lang.T(ctx, "‘%[1]s’ moved by %[2]s since the last diagnosis. What do the units do in which it rose?", name, by)}
}

func (b board) costQuestion(ctx context.Context) []string {
	if !b.Accounts {
		return nil
	}
	lines := slices.DeleteFunc(b.firsts(), func(l line) bool {
		works := slices.ContainsFunc(b.Lines, func(other line) bool {
			return other.Initiative.ID == l.Initiative.ID && other.Kept != nil && other.Kept.Finding == impact.Works
		})
		return works || l.Change || l.Kept == nil || l.Initiative.Ended != "" || b.Spent[l.Initiative.ID].Direct == 0
	})
	if len(lines) == 0 {
		return nil
	}
	worst := slices.MaxFunc(lines, func(x, y line) int {
		return int(math.Copysign(1, float64(b.Spent[x.Initiative.ID].Direct-b.Spent[y.Initiative.ID].Direct)))
	})
	name, cost := worst.Initiative.Name, b.amount(ctx, worst.Initiative.ID)
	switch worst.Kept.Finding {
	case impact.Harms:
		return []string{lang.T(ctx, "‘%[1]s’ cost %[2]s and seems to harm. Why does it go on?", name, cost)}
	case impact.NoEffect:
		return []string{lang.T(ctx, "‘%[1]s’ cost %[2]s, and an effect that matters is ruled out. What would be lost without it?", name, cost)}
	}
	return []string{lang.T(ctx, "‘%[1]s’ cost %[2]s, and nobody can tell what came of it. How could its next step be dealt out so that one can?", name, cost)}
}

func (b board) seenQuestion(ctx context.Context) []string {
	if b.Seen == nil {
		return nil
	}
	var names []string
	most, of := 0, 0
	for _, i := range b.Seen.Of {
		none, due := 0, 0
		for q, n := range i.Counts {
			if !i.Due[q] {
				continue
			}
			if due++; n == 0 {
				none++
			}
		}
		if none > most {
			names, most, of = nil, none, due
		}
		if none == most && none > 0 && due == of {
			names = append(names, i.Person.Title())
		}
	}
	if most == 0 {
		return nil
	}
	if len(names) == 1 {
		return []string{lang.T(ctx, "%[1]s: no visible act in %[2]d of %[3]d quarters. Which session will %[1]s open?", names[0], most, of)}
	}
	if more := len(names) - 3; more > 0 {
		names = append(names[:3], lang.T(ctx, "%d more", more))
	}
	return []string{lang.T(ctx, "%[1]s: no visible act in %[2]d of %[3]d quarters. Which session will each of them open?", strings.Join(names, ", "), most, of)}
}

// spentText is what the initiatives have cost together.
func (b board) spentText(ctx context.Context) string {
	_, _, sum := b.money()
	return b.of(ctx, sum)
}
