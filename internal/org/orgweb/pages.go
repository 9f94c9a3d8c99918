// Package orgweb holds the pages of the organisation: signing in, accounts and
// roles, the roster and its structure. It parses, calls the store, renders.
package orgweb

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"

	"github.com/alexedwards/scs/v2"
)

//go:embed nl.yaml
var dutch []byte

func init() { lang.Add(dutch) }

// Pages are the organisation's pages.
type Pages struct {
	Store     orgdb.Store
	Permits   org.Permits
	Sessions  *scs.SessionManager
	Works     *web.Works
	Nav       []Entry
	Cards     []Cards                                              // what the home page shows, from all areas
	Tour      func(context.Context, org.Actor) ([]web.Stop, error) // through a simulated organisation
	Mail      func(ctx context.Context, to, subject, text string) error
	Scopes    func() []string // that a token can have
	Public    string          // the address under which browsers reach the program, without a slash at the end
	mails     web.Limiter     // tries for one account
	addresses web.Limiter     // tries from one network address, behind which a whole office may sit
}

// Entry is a page of the navigation and the act that it needs.
type Entry struct {
	web.Link
	Act org.Act
}

// Cards is what an area has waiting for a person.
type Cards = func(context.Context, org.Actor) ([]web.Card, error)

// now is the moment by the store's clock.
func (p *Pages) now() time.Time {
	if p.Store.Now == nil {
		return time.Now()
	}
	return p.Store.Now()
}

// Routes lists the organisation's addresses.
func (p *Pages) Routes() []web.Route {
	p.mails = web.Limiter{Every: 30 * time.Second, Burst: 10}
	p.addresses = web.Limiter{Every: time.Second, Burst: 200}
	return slices.Concat(p.structureRoutes(), p.tokenRoutes(), p.signOnRoutes(), []web.Route{
		{Pattern: "GET /sign-in", Act: web.Public, Handle: p.signInPage},
		{Pattern: "POST /sign-in", Act: web.Public, Handle: p.signIn},
		{Pattern: "POST /sign-in/link", Act: web.Public, Handle: p.mailLink},
		{Pattern: "GET /sign-in/link/{secret}", Act: web.Public, Handle: p.linkPage},
		{Pattern: "POST /sign-in/link/{secret}", Act: web.Public, Handle: p.useLink},
		{Pattern: "POST /sign-out", Act: web.Public, Handle: p.signOut},
		{Pattern: "POST /language", Act: web.Public, Handle: p.language},
		{Pattern: "GET /{$}", Act: string(org.SignedIn), Handle: p.home},
		{Pattern: "GET /tour", Act: string(org.SignedIn), Handle: p.tour},
		{Pattern: "POST /tour", Act: string(org.SignedIn), Handle: p.goOn},
		{Pattern: "GET /account", Act: string(org.SignedIn), Handle: p.ownAccount},
		{Pattern: "POST /account/digest", Act: string(org.SignedIn), Handle: p.setDigest},
		{Pattern: "GET /digest/{secret}", Act: web.Public, Handle: p.digested},
		{Pattern: "POST /digest/{secret}", Act: web.Public, Handle: p.endDigest},
		{Pattern: "POST /account/password", Act: string(org.SignedIn), Handle: p.setPassword},
		{Pattern: "GET /accounts", Act: string(org.ManageAccounts), Handle: p.accounts},
		{Pattern: "POST /accounts", Act: string(org.ManageAccounts), Handle: p.createAccount},
		{Pattern: "GET /accounts/{account}", Act: string(org.ManageAccounts), Handle: p.account},
		{Pattern: "POST /accounts/{account}/grants", Act: string(org.ManageAccounts), Handle: p.grant},
		{Pattern: "POST /accounts/{account}/grants/{grant}/revocation", Act: string(org.ManageAccounts), Handle: p.revoke},
		{Pattern: "POST /accounts/{account}/closure", Act: string(org.ManageAccounts), Handle: p.closeAccount},
		{Pattern: "GET /record", Act: string(org.ReadRecord), Handle: p.record},
	})
}

const (
	sessionOrganisation = "organisation"
	sessionAccount      = "account"
	sessionNote         = "note"
)

// Require wraps a route's handler: it finds out who asks, and answers 'not
// found' where the person's roles do not permit the act anywhere.
func (p *Pages) Require(act string, next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor, o, err := p.who(r.Context())
		if err != nil {
			return err
		}
		if actor.Account == "" && act != web.Public {
			if web.WantsJSON(r) || r.Method != http.MethodGet {
				return fault.Forbiddenf("sign in first")
			}
			p.Sessions.Put(r.Context(), "after", r.URL.RequestURI())
			return web.SeeOther(w, r, "/sign-in")
		}
		if act != web.Public && !p.Permits.MayAnywhere(actor, org.Act(act)) {
			return fault.NotFoundf("there is no such page, or it is not for you")
		}
		return next(w, r.WithContext(p.frame(r.Context(), actor, o)))
	}
}

func (p *Pages) who(ctx context.Context) (actor org.Actor, o org.Organisation, err error) {
	organisation, account := p.Sessions.GetString(ctx, sessionOrganisation), p.Sessions.GetString(ctx, sessionAccount)
	if account == "" {
		return actor, o, nil
	}
	if actor, err = p.Store.Actor(ctx, organisation, account); err == nil {
		o, err = p.Store.Organisation(ctx, organisation)
	}
	if fault.KindOf(err) == fault.NotFound { // the account was closed meanwhile
		slog.InfoContext(ctx, "session of a closed account ended")
		return org.Actor{}, org.Organisation{}, p.Sessions.Destroy(ctx)
	}
	return actor, o, err
}

func (p *Pages) frame(ctx context.Context, actor org.Actor, o org.Organisation) context.Context {
	if actor.Account == "" {
		return ctx
	}
	f := web.Frame{Organisation: o.Name, Who: actor.Name, Simulated: o.Simulated, Note: p.Sessions.PopString(ctx, sessionNote)}
	for _, e := range p.Nav {
		if p.Permits.MayAnywhere(actor, e.Act) {
			f.Nav = append(f.Nav, e.Link)
		}
	}
	if stop := p.Sessions.GetInt(ctx, sessionStop); stop > 0 && o.Simulated {
		if stops, err := p.Tour(ctx, actor); err != nil {
			slog.ErrorContext(ctx, "the tour", "err", err)
		} else if stop <= len(stops) {
			f.Tour, f.Stop = stops, stop
		}
	}
	return web.With(web.With(ctx, f), actor)
}

// say leaves a sentence for the next page.
func (p *Pages) say(ctx context.Context, text string, args ...any) {
	p.Sessions.Put(ctx, sessionNote, lang.T(ctx, text, args...))
}

func (p *Pages) home(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	cards, err := p.cards(r.Context(), actor)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, homePage(actor, cards))
}

func (p *Pages) language(w http.ResponseWriter, r *http.Request) error {
	tag := lang.Match(r.FormValue("language")).String()
	web.RememberLanguage(w, r, tag)
	if a := web.From[org.Actor](r.Context()); a.Account != "" {
		if err := p.Store.SetLanguage(r.Context(), a.Organisation, a.Account, tag); err != nil {
			return err
		}
	}
	return web.SeeOther(w, r, web.BackTo(r, "/"))
}

func (p *Pages) record(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	events, err := p.Store.Events(r.Context(), actor.Organisation, web.Before(r), recordPage)
	if err != nil {
		return err
	}
	accounts, err := p.Store.Accounts(r.Context(), actor.Organisation)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, recordView(events, accounts))
}

const recordPage = 100
