package strategyweb

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"

	"github.com/a-h/templ"
)

// sightPage is somebody's line of sight.
type sightPage struct {
	strategydb.Sight
	Own  bool // the reader's
	Show int  // which chain is shown

	Recognised []strategy.Recognition // of the person
	Plan       templ.Component        // what is learned for it; nil for nothing
}

// ownSight is the reader's own line of sight; who is not on the roster reads why there is none.
func (p *Pages) ownSight(w http.ResponseWriter, r *http.Request) error {
	self, err := p.Org.Self(r.Context(), web.From[org.Actor](r.Context()))
	if fault.KindOf(err) == fault.NotFound {
		return web.Page(w, r, http.StatusOK, noSightPage())
	}
	if err != nil {
		return err
	}
	return p.showSight(w, r, self.ID, true)
}

// sight is that of somebody who reports to the reader.
func (p *Pages) sight(w http.ResponseWriter, r *http.Request) error {
	_, side, err := p.Org.Side(r.Context(), web.From[org.Actor](r.Context()), r.PathValue("person"))
	if err != nil {
		return err
	}
	if side == "" {
		return fault.NotFoundf("there is no such person, or not for you")
	}
	return p.showSight(w, r, r.PathValue("person"), side == org.ThePerson)
}

func (p *Pages) showSight(w http.ResponseWriter, r *http.Request, person string, own bool) (err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	s := sightPage{Own: own}
	if s.Sight, err = p.Store.Sight(ctx, actor.Organisation, person, p.Sees(actor)); err != nil {
		return err
	}
	if err = p.saw(ctx, actor, s.Diagnoses, "line-of-sight"); err != nil {
		return err
	}
	if s.Recognised, err = p.recognitions(ctx, actor, strategydb.RecognitionQuery{Person: person}); err != nil {
		return err
	}
	for n, c := range s.Chains {
		if c.Steps[len(c.Steps)-1].ID == r.FormValue("goal") {
			s.Show = n
		}
	}
	if p.Learns != nil {
		if s.Plan, err = p.Learns(ctx, actor, s.Person, s.goals()); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, sightView(s))
}

// goals are the ids of those in the chain that is shown.
func (s sightPage) goals() (ids []string) {
	if len(s.Chains) == 0 {
		return nil
	}
	for _, g := range s.chain().Steps {
		ids = append(ids, g.ID)
	}
	return ids
}

// chain is the one that is shown.
func (s sightPage) chain() strategydb.Chain { return s.Chains[s.Show] }

func (s sightPage) heading(ctx context.Context) string {
	if len(s.Chains) == 0 {
		return lang.T(ctx, "No goal reaches from the organisation to here yet.")
	}
	c := s.chain()
	last, first := c.Steps[len(c.Steps)-1], c.Steps[0]
	switch {
	case !c.Own:
		return lang.T(ctx, "%s: this is what your work counts for.", last.Name)
	case len(c.Steps) == 1:
		return lang.T(ctx, "“%s” serves no goal of a unit yet.", last.Name)
	}
	return lang.T(ctx, "“%[1]s” is how “%[2]s” comes about.", last.Name, first.Name)
}

func (s sightPage) lede(ctx context.Context) string {
	if len(s.Chains) == 0 {
		return lang.T(ctx, "Once your unit has goals, and you have agreed on your own, they stand here as one way from the top down to you.")
	}
	c := s.chain()
	if !c.Own {
		return lang.T(ctx, "There is no own goal yet: agree on one, so that the way goes on to you.")
	}
	if len(c.Steps) > 1 {
		return lang.N(ctx, s.Shared[c.Steps[0].Unit.ID], "From the goal of one person to this one, with a sentence for every step.", "From the goal of %d people to this one, with a sentence for every step.")
	}
	return ""
}

// levelText says whose a step is.
func (s sightPage) levelText(ctx context.Context, g strategydb.Measured) string {
	switch {
	case g.Personal() && s.Own:
		return lang.T(ctx, "Your goal, by %s", string(g.Ends))
	case g.Personal():
		return lang.T(ctx, "Goal of %[1]s, by %[2]s", g.Person.Name, string(g.Ends))
	case len(s.Path) > 0 && g.Unit.ID == s.Path[0].ID:
		return lang.T(ctx, "Goal of all of %[1]s, by %[2]s", g.Unit.Name, string(g.Ends))
	}
	return lang.T(ctx, "Goal of %[1]s, by %[2]s", g.Unit.Name, string(g.Ends))
}

// people share a step: those of its unit, or one.
func (s sightPage) people(g strategydb.Measured) int {
	if g.Personal() {
		return 1
	}
	return max(1, s.Shared[g.Unit.ID])
}

// stream is how wide the way is at a step, by the logarithm of how many share it.
func (s sightPage) stream(g strategydb.Measured) float64 {
	most := float64(s.people(s.chain().Steps[0]))
	return web.Rounded(14+128*math.Log(float64(s.people(g)))/math.Log(max(most, 2)), 1)
}

// narrows is the stream between two steps, a hundred high.
func narrows(from, to float64) string {
	return fmt.Sprintf("M14 0H%g C%g 60 %g 40 %g 100 H14Z", 14+from, 14+from, 14+to, 14+to)
}

// walls is the stream beside a step.
func walls(width float64) string { return fmt.Sprintf("M14 0H%g V100 H14Z", 14+width) }

func (s sightPage) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Line of sight"), Header: []string{lang.T(ctx, "Goal"), lang.T(ctx, "Whose"), lang.T(ctx, "People"), lang.T(ctx, "How it serves the one above"), lang.T(ctx, "Indicator"), lang.T(ctx, "Now"), lang.T(ctx, "Target")}}
	c := s.chain()
	for n, g := range c.Steps {
		row := []any{g.Name, s.levelText(ctx, g), s.people(g), "", "", "", ""}
		if n > 0 {
			row[3] = linkText(ctx, c.Links[n-1])
		}
		if g.Measure != nil {
			row[4], row[5] = g.Measure.Name, figure(ctx, *g.Measure, g.Line.ToDate)
			if g.Line.Target != nil {
				row[6] = figure(ctx, *g.Measure, &g.Line.Target.Value)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// gauge is a picture of baseline, now and target on one axis.
type gauge struct {
	From, Now, Aim             string // across the picture
	FromText, NowText, AimText string
	Text                       string
}

// drawGauge is nil where there is nothing to be drawn.
func drawGauge(ctx context.Context, g strategydb.Measured) *gauge {
	if g.Line == nil || g.Line.ToDate == nil {
		return nil
	}
	i, l := *g.Measure, g.Line
	base := l.LastYear
	if l.Target != nil && l.Target.Baseline != nil {
		base = l.Target.Baseline
	}
	if i.OverTime == strategy.SumOfPeriods && (l.Target == nil || l.Target.Baseline == nil) {
		base = l.LastToDate // a part of a year beside the same part
	}
	values := []float64{*l.ToDate}
	for _, v := range []*float64{base, aimOf(l)} {
		if v != nil {
			values = append(values, *v)
		}
	}
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	x := func(v float64) string {
		if high == low {
			return "50%"
		}
		return strconv.FormatFloat(web.Rounded(14+72*(v-low)/(high-low), 2), 'f', -1, 64) + "%"
	}
	d := &gauge{Now: x(*l.ToDate), NowText: figure(ctx, i, l.ToDate)}
	d.Text = lang.T(ctx, "%[1]s: %[2]s now", i.Name, d.NowText)
	if base != nil {
		d.From, d.FromText = x(*base), figure(ctx, i, base)
		d.Text += ", " + lang.T(ctx, "%s before", d.FromText)
	}
	if aim := aimOf(l); aim != nil {
		d.Aim, d.AimText = x(*aim), figure(ctx, i, aim)
		d.Text += ", " + lang.T(ctx, "target %s", d.AimText)
	}
	return d
}

func aimOf(l *strategy.Line) *float64 {
	if l.Target == nil {
		return nil
	}
	return &l.Target.Value
}
