package strategyweb

import (
	"bytes"
	"context"
	"io"
	"iter"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// Columns of a file of observations. The last five may be missing, but not all of them.
const (
	columnIndicator = "indicator"
	columnUnit      = "unit"
	columnPerson    = "person" // in place of the unit, or beside it
	columnPeriod    = "period"
)

// figureColumns and where a row keeps what they say.
var figureColumns = []struct {
	heading string
	of      func(*strategy.Row) **float64
}{
	{"value", func(r *strategy.Row) **float64 { return &r.Value }},
	{"plan", func(r *strategy.Row) **float64 { return &r.Plan }},
	{"baseline", func(r *strategy.Row) **float64 { return &r.Baseline }},
	{"target", func(r *strategy.Row) **float64 { return &r.Target }},
	{"target_to", func(r *strategy.Row) **float64 { return &r.High }},
}

// Rows reads a table of observations. It reports, here or with a row, what is missing or is no
// number.
func Rows(table *sheet.Reader) (iter.Seq2[strategy.Row, error], error) {
	needed := []string{columnIndicator, columnUnit, columnPeriod}
	if table.Has(columnPerson) {
		needed = []string{columnIndicator, columnPeriod}
	}
	if err := table.Need(needed...); err != nil {
		return nil, err
	}
	some := false
	for _, c := range figureColumns {
		some = some || table.Has(c.heading)
	}
	if !some {
		return nil, fault.Invalidf("the file has no column value, plan or target")
	}
	return func(yield func(strategy.Row, error) bool) {
		for row, err := range table.Rows() {
			var one strategy.Row
			if err == nil {
				one, err = read(row)
			}
			if !yield(one, err) {
				return
			}
		}
	}, nil
}

func read(row sheet.Row) (one strategy.Row, err error) {
	one = strategy.Row{Line: row.Line, Indicator: row.Get(columnIndicator), Unit: row.Get(columnUnit), Person: row.Get(columnPerson), Period: row.Get(columnPeriod)}
	for _, c := range figureColumns {
		if text := row.Get(c.heading); len(text) > 0 && text[len(text)-1] == '%' {
			_, err := decimal(text)
			return one, fault.Invalidf("line %d: %s", row.Line, err)
		}
		v, there, err := row.Decimal(c.heading, sheet.Unknown)
		if err != nil {
			return one, err
		}
		if there {
			*c.of(&one) = &v
		}
	}
	return one, nil
}

const mostFeedBytes = 150 << 20

// feedForm is the page on which a file is handed in.
type feedForm struct {
	All  []strategy.Indicator
	Came *strategydb.Came
	Err  error
}

// feedKey is of one file that somebody handed in.
func feedKey(actor org.Actor, upload string) string {
	return "observations " + actor.Organisation + " " + actor.Account + " " + upload
}

// importForm shows the form, and above it what came of the file that leads here.
func (p *Pages) importForm(w http.ResponseWriter, r *http.Request) (err error) {
	actor := web.From[org.Actor](r.Context())
	came, ready, err := web.Join[*strategydb.Came](p.Works, w, r, feedKey(actor, r.FormValue("file")))
	if !ready && err == nil {
		return nil
	}
	if err != nil && !web.Retry(err) {
		return err
	}
	return p.showImport(w, r, feedForm{Came: came, Err: err})
}

func (p *Pages) showImport(w http.ResponseWriter, r *http.Request, f feedForm) (err error) {
	if f.All, err = p.Store.Indicators(r.Context(), web.From[org.Actor](r.Context()).Organisation); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(f.Err), importPage(f))
}

// importFile takes a file, all of it or nothing; the work goes on when its page is left.
func (p *Pages) importFile(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	rows, name, err := feedRows(r)
	if web.Retry(err) {
		return p.showImport(w, r, feedForm{Err: err})
	}
	if err != nil {
		return err
	}
	upload := id.New()
	web.Begin(p.Works, r, feedKey(actor, upload), func(ctx context.Context, progress func(done, total int)) (*strategydb.Came, error) {
		came, err := p.Store.Import(ctx, actor.Organisation, strategydb.Feed{Rows: rows, Source: name, By: actor.Name, Progress: progress})
		return &came, err
	})
	return web.SeeOther(w, r, "/observations?file="+upload)
}

// feedRows keeps the file in memory: it is read when the request is over.
func feedRows(r *http.Request) (iter.Seq2[strategy.Row, error], string, error) {
	f, header, err := web.FormFile(r)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, mostFeedBytes+1))
	if err != nil {
		return nil, "", err
	}
	table, err := sheet.Open(bytes.NewReader(body), header.Filename, sheet.Options{MaxBytes: mostFeedBytes})
	if err != nil {
		return nil, "", err
	}
	rows, err := Rows(table)
	return rows, header.Filename, err
}
