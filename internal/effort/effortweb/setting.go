package effortweb

import (
	"net/http"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// settingPage is the page of what an organisation chooses for its ledger.
type settingPage struct {
	reader
	Currency, Reference, Function string // as typed
	Rate                          rateTyped
	Err                           error
}

// rateTyped is the form of a rate.
type rateTyped struct{ Currency, Month, Rate string }

func (p *Pages) settings(w http.ResponseWriter, r *http.Request) error {
	return p.showSetting(w, r, settingPage{})
}

// showSetting shows what is chosen, but in the place of it what was typed with a mistake.
func (p *Pages) showSetting(w http.ResponseWriter, r *http.Request, s settingPage) (err error) {
	if s.reader, err = p.reader(r.Context()); err != nil {
		return err
	}
	if s.Currency == "" {
		s.Currency, s.Reference, s.Function = s.Setting.Currency, strconv.Itoa(s.Setting.Reference), s.unitKeys(s.Setting.Function)
	}
	return web.Page(w, r, web.StatusOf(s.Err), settingsPage(s))
}

func (p *Pages) saveSetting(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	s := settingPage{Currency: r.FormValue("own"), Reference: r.FormValue("reference"), Function: r.FormValue("units")}
	reads, err := p.reader(ctx)
	if err != nil {
		return err
	}
	chosen := effort.Setting{Currency: code(s.Currency)}
	chosen.Function, err = reads.findUnits(s.Function)
	if err == nil {
		chosen.Reference, err = strconv.Atoi(strings.TrimSpace(s.Reference))
		if err != nil {
			err = fault.Fieldf("reference", "the reference is 0 to 100 per cent")
		}
	}
	if err == nil {
		err = p.Store.SaveSetting(ctx, actor.Organisation, chosen, actor.Name)
	}
	if e := fault.Of(err); e != nil && e.Field == "currency" {
		err = atField("own", err)
	}
	return p.afterSetting(w, r, s, err)
}

// afterSetting shows the form again with its mistake, or the page as it is now.
func (p *Pages) afterSetting(w http.ResponseWriter, r *http.Request, s settingPage, err error) error {
	if s.Err = err; web.Retry(err) {
		return p.showSetting(w, r, s)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effort/settings")
}

func (p *Pages) saveRate(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	typed := rateTyped{r.FormValue("currency"), r.FormValue("month"), r.FormValue("rate")}
	rate, err := decimal(typed.Rate)
	if err != nil {
		err = fault.Fieldf("rate", "a rate is a number above 0 and below a thousand million: what one of the currency is worth in your own")
	}
	month, monthErr := period.Parse(typed.Month)
	if monthErr != nil {
		err = fault.Fieldf("month", "say from which month the rate holds, such as 2026-01")
	}
	if err == nil {
		err = p.Store.SaveRate(r.Context(), actor.Organisation, effort.Rate{Currency: code(typed.Currency), Month: month, Rate: rate}, actor.Name)
	}
	return p.afterSetting(w, r, settingPage{Rate: typed}, err)
}

func (p *Pages) deleteRate(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	err := p.Store.DeleteRate(r.Context(), actor.Organisation, r.FormValue("currency"), period.Period(r.FormValue("month")), actor.Name)
	return p.afterSetting(w, r, settingPage{}, err)
}

// code is a currency as somebody typed it.
func code(text string) string { return strings.ToUpper(strings.TrimSpace(text)) }

func rateText(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
