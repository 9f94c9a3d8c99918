package effortweb

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strconv"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

const mostFeedBytes = 150 << 20

// feedForm is the page on which a file is handed in, with those that came before.
type feedForm struct {
	reader
	All  []effort.Feed
	Came *effortdb.Came // of the file that leads here
	Gone int            // number of a file that was just taken back
	Err  error
}

// feedKey is of one file that somebody handed in or takes back.
func feedKey(actor org.Actor, upload string) string {
	return "efforts " + actor.Organisation + " " + actor.Account + " " + upload
}

// importForm shows the form, and above it what came of the file, or of the taking back, that leads here.
func (p *Pages) importForm(w http.ResponseWriter, r *http.Request) (err error) {
	actor, f := web.From[org.Actor](r.Context()), feedForm{}
	if back := r.FormValue("back"); back != "" {
		number, ready, err := web.Join[int](p.Works, w, r, feedKey(actor, back))
		if !ready && err == nil {
			return nil
		}
		if f.Gone, f.Err = number, err; err != nil && !web.Retry(err) {
			return err
		}
		return p.showImport(w, r, f)
	}
	came, ready, err := web.Join[*effortdb.Came](p.Works, w, r, feedKey(actor, r.FormValue("file")))
	if !ready && err == nil {
		return nil
	}
	if f.Came, f.Err = came, err; err != nil && !web.Retry(err) {
		return err
	}
	return p.showImport(w, r, f)
}

func (p *Pages) showImport(w http.ResponseWriter, r *http.Request, f feedForm) (err error) {
	if f.reader, err = p.reader(r.Context()); err != nil {
		return err
	}
	if f.All, err = p.Store.Feeds(r.Context(), f.actor.Organisation); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(f.Err), importPage(f))
}

// importFile takes a file, all of it or nothing; the work goes on when its page is left.
func (p *Pages) importFile(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	feed, err := feedOf(r)
	if web.Retry(err) {
		return p.showImport(w, r, feedForm{Err: err})
	}
	if err != nil {
		return err
	}
	feed.By = actor.Name
	upload := id.New()
	web.Begin(p.Works, r, feedKey(actor, upload), func(ctx context.Context, progress func(done, total int)) (*effortdb.Came, error) {
		feed.Progress = progress
		came, err := p.Store.Import(ctx, actor.Organisation, feed)
		return &came, err
	})
	return web.SeeOther(w, r, "/effort/import?file="+upload)
}

// feedOf keeps the file in memory: it is read when the request is over.
func feedOf(r *http.Request) (feed effortdb.Feed, err error) {
	f, header, err := web.FormFile(r)
	if err != nil {
		return feed, err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, mostFeedBytes+1))
	if err != nil {
		return feed, err
	}
	table, err := sheet.Open(bytes.NewReader(body), header.Filename, sheet.Options{MaxBytes: mostFeedBytes})
	if err != nil {
		return feed, err
	}
	digest := sha256.Sum256(body)
	feed = effortdb.Feed{Source: header.Filename, Digest: hex.EncodeToString(digest[:])}
	feed.Rows, err = Rows(table)
	return feed, err
}

// feed asks whether a file is to be taken back.
func (p *Pages) feed(w http.ResponseWriter, r *http.Request) error {
	one, err := p.feedNamed(r)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, feedPage(one))
}

func (p *Pages) feedNamed(r *http.Request) (effort.Feed, error) {
	all, err := p.Store.Feeds(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	if err != nil {
		return effort.Feed{}, err
	}
	n := slices.IndexFunc(all, func(f effort.Feed) bool {
		return strconv.Itoa(f.Number) == r.PathValue("feed") && f.State == effort.There
	})
	if n < 0 {
		return effort.Feed{}, fault.NotFoundf("there is no such file, or it has been taken back")
	}
	return all[n], nil
}

// takeBack takes back all that a file has brought; the work goes on when its page is left.
func (p *Pages) takeBack(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	one, err := p.feedNamed(r)
	if err != nil {
		return err
	}
	back := id.New()
	web.Begin(p.Works, r, feedKey(actor, back), func(ctx context.Context, _ func(done, total int)) (int, error) {
		return one.Number, p.Store.TakeBack(ctx, actor.Organisation, one.Number, actor.Name)
	})
	return web.SeeOther(w, r, "/effort/import?back="+back)
}
