package transitionweb

import (
	"context"
	"net/http"
	"slices"

	"throughline/internal/effort"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/transition"
)

// ledger is the page of what a programme has put into the ledger of efforts.
type ledger struct {
	transition.Programme
	Entries []effort.Entry // the newest first
	Total   effort.Totals
}

func (p *Pages) ledger(w http.ResponseWriter, r *http.Request) error {
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	l := ledger{Programme: one}
	if l.Entries, err = p.Store.Ledger(r.Context(), actor.Organisation, one.ID); err != nil {
		return err
	}
	slices.Reverse(l.Entries)
	l.Total = effort.Sum(l.Entries)
	if done, err := web.Exported(w, r, one.Name+"-effort", l.table(r.Context(), len(l.Entries))); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, ledgerPage(l))
}

// mostEntries is how many stand on the page; files have all.
const mostEntries = 200

func (l ledger) table(ctx context.Context, most int) web.Table {
	t := web.Table{Name: lang.T(ctx, "Effort"), Header: []string{lang.T(ctx, "Day"), lang.T(ctx, "What"), lang.T(ctx, "Kind"), lang.T(ctx, "Run by"), lang.T(ctx, "Hours of participants"), lang.T(ctx, "Hours of those who lead or coach"), lang.T(ctx, "Costs")},
		Roomy: []string{lang.T(ctx, "Kind"), lang.T(ctx, "Run by")}}
	for _, e := range l.Entries[:min(most, len(l.Entries))] {
		sum, costs, by := effort.Sum([]effort.Entry{e}), "", lang.T(ctx, "own people")
		for i, c := range e.Costs {
			if i > 0 {
				costs += ", "
			}
			costs += lang.Money(ctx, c.Amount, effort.Digits(c.Currency), c.Currency)
		}
		if e.External {
			by = lang.T(ctx, "external")
		}
		t.Rows = append(t.Rows, []any{string(e.Day), e.What, lang.T(ctx, e.Kind.Name()), by, web.Rounded(float64(sum.Participants)/60, 1), web.Rounded(float64(sum.Staff)/60, 1), costs})
	}
	return t
}
