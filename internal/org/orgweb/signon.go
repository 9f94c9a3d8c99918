package orgweb

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/oidc"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

const (
	backPath       = "/sign-in/back" // where providers send people back to
	sessionAttempt = "sign-on"
)

func (p *Pages) signOnRoutes() []web.Route {
	manage := string(org.ManageAccounts)
	return []web.Route{
		{Pattern: "GET /sign-in/with/{organisation}", Act: web.Public, Handle: p.beginSignOn},
		{Pattern: "GET " + backPath, Act: web.Public, Handle: p.endSignOn},
		{Pattern: "GET /sign-on", Act: manage, Handle: p.signOn},
		{Pattern: "POST /sign-on", Act: manage, Handle: p.saveSignOn},
	}
}

// attempt is somebody's way to the provider of an organisation.
type attempt struct {
	Organisation string // id
	oidc.Attempt
}

func (p *Pages) client(so org.SignOn) oidc.Client {
	return oidc.Client{Issuer: so.Issuer, ID: so.Client, Secret: so.Secret, Scopes: so.Scopes, Redirect: p.Public + backPath}
}

// beginSignOn sends somebody to the organisation's provider.
func (p *Pages) beginSignOn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := p.addresses.Allow(time.Now(), web.Address(r))
	if err != nil {
		return p.refuseSignOn(w, r, err)
	}
	o, err := p.Store.OrganisationBySlug(ctx, r.PathValue("organisation"))
	if err != nil {
		return err
	}
	so, found, err := p.Store.SignOn(ctx, o.ID)
	if err == nil && !found {
		err = fault.NotFoundf("there is no such page, or it is not for you")
	}
	if err != nil {
		return err
	}
	begun, address, err := p.client(so).Begin(ctx)
	if err != nil {
		slog.WarnContext(ctx, "the provider of sign-on", "err", err) // says more than the page
		return p.refuseSignOn(w, r, err)
	}
	kept, err := json.Marshal(attempt{o.ID, begun})
	if err != nil {
		return err
	}
	p.Sessions.Put(ctx, sessionAttempt, string(kept))
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// refuseSignOn shows the page to sign in with what went wrong.
func (p *Pages) refuseSignOn(w http.ResponseWriter, r *http.Request, err error) error {
	if !web.Retry(err) {
		return err
	}
	return p.showSignIn(w, r, signInForm{Err: fault.Of(err)})
}

// endSignOn lets somebody in who has come back from the provider.
func (p *Pages) endSignOn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var a attempt
	if kept := p.Sessions.PopString(ctx, sessionAttempt); kept != "" {
		if err := json.Unmarshal([]byte(kept), &a); err != nil {
			return err
		}
	}
	so, _, err := p.Store.SignOn(ctx, a.Organisation)
	if err != nil {
		return p.refuseSignOn(w, r, err)
	}
	claims, err := p.client(so).End(ctx, a.Attempt, r.URL.Query())
	if err != nil {
		slog.WarnContext(ctx, "the provider of sign-on", "err", err)
		return p.refuseSignOn(w, r, err)
	}
	who := org.Identity{Issuer: so.Issuer, Subject: claims.Text("sub"), Mail: claims.Text("email"), Verified: claims.Yes("email_verified"), Name: claims.Text("name"), Values: claims.Texts(so.Claim)}
	door, err := p.Store.Welcome(ctx, a.Organisation, so, who)
	if err != nil {
		return p.refuseSignOn(w, r, err)
	}
	return p.open(w, r, door)
}

// signOnForm is the page on which sign-on is set up.
type signOnForm struct {
	org.SignOn
	There bool // it is set up
	Rules string
	Back  string // address that the provider has to know
	Err   error
}

func (p *Pages) signOn(w http.ResponseWriter, r *http.Request) error {
	so, there, err := p.Store.SignOn(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	if !there && err == nil {
		so = org.SignOn{Claim: "groups", Makes: true}
	}
	if err != nil && !web.Retry(err) {
		return err
	}
	return p.showSignOn(w, r, signOnForm{SignOn: so, There: there, Rules: so.RulesText(), Err: err})
}

func (p *Pages) showSignOn(w http.ResponseWriter, r *http.Request, f signOnForm) error {
	f.Back = p.Public + backPath
	return web.Page(w, r, web.StatusOf(f.Err), signOnView(f))
}

func (p *Pages) saveSignOn(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	if r.FormValue("do") == "remove" {
		if err := p.Store.RemoveSignOn(ctx, actor.Organisation, actor.Name); err != nil {
			return err
		}
		p.say(ctx, "Sign-on is removed.")
		return web.SeeOther(w, r, "/sign-on")
	}
	f := signOnForm{Rules: r.FormValue("rules")}
	f.SignOn = org.SignOn{
		Name: r.FormValue("name"), Issuer: strings.TrimSpace(r.FormValue("issuer")), Client: r.FormValue("client"), Secret: r.FormValue("secret"), Scopes: strings.Fields(r.FormValue("scopes")), Claim: r.FormValue("claim"),
		Rules: org.ReadRules(f.Rules), Trusts: r.FormValue("trusts") != "", Makes: r.FormValue("makes") != "", LocalOff: r.FormValue("local-off") != "",
	}
	err := oidc.CheckIssuer(f.Issuer)
	if err == nil {
		err = f.Check()
	}
	if err == nil {
		_, _, err = p.client(f.SignOn).Begin(ctx) // that it answers
	}
	if err == nil {
		err = p.Store.SaveSignOn(ctx, actor.Organisation, f.SignOn, actor.Account, actor.Name)
	}
	if web.Retry(err) {
		slog.InfoContext(ctx, "the provider of sign-on", "err", err)
		f.Err = fault.Of(err)
		return p.showSignOn(w, r, f)
	}
	if err != nil {
		return err
	}
	p.say(ctx, "Sign-on is kept.")
	return web.SeeOther(w, r, "/sign-on")
}
