package strategyweb

import (
	"context"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// signOffPage is what somebody stands for, beside what the same figures are now.
type signOffPage struct {
	strategy.SignOff
	Path []org.Ref
	Now  map[string]strategy.Result // by indicator
}

// signOff keeps that a reader stands for the results of a unit in a period.
func (p *Pages) signOff(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	unit, _, err := p.namedUnit(r, Observe)
	if err != nil {
		return err
	}
	made, err := p.Store.SignOff(ctx, actor.Organisation, unit.ID, period.Period(r.FormValue("period")), r.FormValue("remark"), actor.Name)
	if web.Retry(err) {
		return p.showCard(w, r, cardPage{Period: r.FormValue("period"), Remark: r.FormValue("remark"), Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/scorecards/"+unit.ID+"/results/"+made)
}

// signedOff shows one.
func (p *Pages) signedOff(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	unit, path, err := p.namedUnit(r, ReadCard)
	if err != nil {
		return err
	}
	s := signOffPage{Now: map[string]strategy.Result{}}
	one, now, err := p.Store.SignedOff(ctx, actor.Organisation, r.PathValue("signoff"))
	if err == nil && one.Unit != unit.ID {
		err = fault.NotFoundf("there is no such sign-off")
	}
	if err != nil {
		return err
	}
	s.SignOff, s.Path = one, path
	for _, result := range now {
		s.Now[result.Indicator] = result
	}
	table := s.table(ctx)
	if done, err := web.Exported(w, r, table.Name, table); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, signOffView(s))
}

// changed is how many figures are others now.
func (s signOffPage) changed() (n int) {
	for _, r := range s.Results {
		if r.Changed(s.Now[r.Indicator].Value) {
			n++
		}
	}
	return n
}

func (s signOffPage) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Results of %s", string(s.Period)), Header: []string{lang.T(ctx, "Indicator"), lang.T(ctx, "Unit of measure"), lang.T(ctx, "As signed off"), lang.T(ctx, "Plan"), lang.T(ctx, "Now"), lang.T(ctx, "Periods")}, Roomy: []string{lang.T(ctx, "Unit of measure"), lang.T(ctx, "Periods")}}
	for _, r := range s.Results {
		say := func(v *float64) string { return figure(ctx, strategy.Indicator{Decimals: r.Decimals}, v) }
		now := lang.T(ctx, "the same")
		if is := s.Now[r.Indicator]; r.Changed(is.Value) {
			now = say(is.Value)
		}
		t.Rows = append(t.Rows, []any{r.Name, r.Measure, say(r.Value), say(r.Plan), now, lang.T(ctx, "%[1]d of %[2]d", r.Periods, r.Of)})
	}
	return t
}

// saySeat keeps whether the head of learning sits in the senior leadership team.
func (p *Pages) saySeat(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	units, err := p.Store.Units(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	if len(units.Units) == 0 {
		return fault.NotFoundf("there is no such unit")
	}
	seat := strategy.Seat{Since: period.Day(r.FormValue("since")), Seated: r.FormValue("seated") == "yes", Note: r.FormValue("note"), By: actor.Name}
	err = p.Store.SaySeat(ctx, actor.Organisation, seat)
	if web.Retry(err) {
		r.SetPathValue("unit", units.Units[0].ID)
		return p.showCard(w, r, cardPage{Learning: true, Seat: seat, Err: err})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/scorecards/"+units.Units[0].ID+"?of=learning")
}

// seatText says where the head of learning sits.
func seatText(ctx context.Context, s strategy.Seat) string {
	text := lang.T(ctx, "Since %s the head of learning does not sit in the senior leadership team.", string(s.Since))
	if s.Seated {
		text = lang.T(ctx, "Since %s the head of learning sits in the senior leadership team.", string(s.Since))
	}
	if s.Note != "" {
		text += " " + s.Note
	}
	return text
}
