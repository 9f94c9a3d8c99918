package impactweb

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/stat"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// saveMoney keeps what one of the indicator is worth.
func (p *Pages) saveMoney(w http.ResponseWriter, r *http.Request) error {
	e, err := p.page(r)
	if err != nil {
		return err
	}
	rates, err := p.Store.Effort.Rates(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	if err != nil {
		return err
	}
	m := impact.Money{Year: r.FormValue("per") == "year", Source: r.FormValue("source"), Intangibles: r.FormValue("intangibles")}
	for _, one := range []struct {
		field string
		to    *int64
	}{{"amount", &m.Amount}, {"low", &m.Low}, {"high", &m.High}, {"hour", &m.Hour}} {
		v, typed := decimal(r.FormValue(one.field))
		if typed != nil {
			err = cmp.Or(err, fault.Fieldf(one.field, "%q is no amount: write it as 1250 or 1250.50", r.FormValue(one.field)))
		}
		*one.to = int64(math.Round(v * math.Pow10(effort.Digits(rates.Own))))
	}
	if err == nil {
		actor := web.From[org.Actor](r.Context())
		err = p.Store.SaveMoney(r.Context(), actor.Organisation, e.ID, m, actor.Name)
	}
	if web.Retry(err) {
		e.Money, e.Typed, e.Err = m, r.PostForm, err
		return p.show(w, r, e)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effects/"+e.ID+"#worth")
}

// decimal reads a number that somebody typed; nothing is 0.
func decimal(text string) (float64, error) {
	if text = strings.TrimSpace(text); text == "" {
		return 0, nil
	}
	return sheet.ParseDecimal(text, sheet.Unknown)
}

// saveOpinion writes down what somebody thinks that came of it.
func (p *Pages) saveOpinion(w http.ResponseWriter, r *http.Request) error {
	e, err := p.page(r)
	if err != nil {
		return err
	}
	o := impact.Opinion{Who: r.FormValue("who")}
	for _, one := range []struct {
		field string
		to    *float64
		of    float64
	}{{"change", &o.Change, 1}, {"share", &o.Share, 100}, {"confidence", &o.Confidence, 100}} {
		v, typed := decimal(r.FormValue(one.field))
		if typed != nil {
			err = cmp.Or(err, fault.Fieldf(one.field, "%q is no number", r.FormValue(one.field)))
		}
		*one.to = v / one.of
	}
	if err == nil {
		err = p.Store.SaveOpinion(r.Context(), web.From[org.Actor](r.Context()).Organisation, e.ID, o)
	}
	if web.Retry(err) {
		e.Typed, e.Err = r.PostForm, err
		return p.show(w, r, e)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effects/"+e.ID+"#opinions")
}

func (p *Pages) deleteOpinion(w http.ResponseWriter, r *http.Request) error {
	e, err := p.page(r)
	if err != nil {
		return err
	}
	if err := p.Store.DeleteOpinion(r.Context(), web.From[org.Actor](r.Context()).Organisation, e.ID, r.PathValue("opinion")); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effects/"+e.ID+"#opinions")
}

// family reads the other outcomes of the initiative: looking at several finds something by chance
// more often, so their probabilities are adjusted by Holm.
func (p *Pages) family(ctx context.Context, e *effectPage) error {
	organisation := web.From[org.Actor](ctx).Organisation
	all, err := p.Store.Effects(ctx, organisation, e.Initiative.ID)
	if err != nil || len(all) < 2 {
		return err
	}
	kept, err := p.Store.Estimates(ctx, organisation, "")
	if err != nil {
		return err
	}
	var ps []float64
	var at []int
	for _, one := range all {
		i, err := p.Store.Strategy.Indicator(ctx, organisation, one.Indicator)
		if err != nil {
			return err
		}
		if i.OfScores() && !p.Scores(web.From[org.Actor](ctx)) {
			continue
		}
		o := outcome{ID: one.ID, Name: i.Name, P: math.NaN(), Adjusted: math.NaN()}
		if k := kept[one.ID]; k != nil {
			if o.P = k.Headline.P(); !math.IsNaN(o.P) {
				ps, at = append(ps, o.P), append(at, len(e.Others))
			}
		}
		e.Others = append(e.Others, o)
	}
	for n, adjusted := range stat.FamilyWise(ps) {
		e.Others[at[n]].Adjusted = adjusted
	}
	return nil
}

// amount is money of the own currency as a page says it.
func (e effectPage) amount(ctx context.Context, v float64) string {
	digits := effort.Digits(e.Currency)
	unit := math.Pow10(digits)
	if math.Abs(v) >= 1000*unit { // cents say nothing
		v = math.Round(v/unit) * unit
	}
	text := lang.Money(ctx, int64(math.Round(math.Abs(v))), digits, e.Currency)
	if v < 0 {
		return "−" + text
	}
	return text
}

// typed is an amount as a field has it.
func (e effectPage) typed(ctx context.Context, v int64) string {
	if v == 0 {
		return ""
	}
	digits := effort.Digits(e.Currency)
	if v%int64(math.Pow10(digits)) == 0 {
		digits = 0
		return web.Cell(ctx, int(v/int64(math.Pow10(effort.Digits(e.Currency)))), 0)
	}
	return web.Cell(ctx, float64(v)/math.Pow10(effort.Digits(e.Currency)), digits)
}
