package orgweb

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

func (p *Pages) tokenRoutes() []web.Route {
	own, all := string(org.SignedIn), string(org.ManageAccounts)
	return []web.Route{
		{Pattern: "GET /account/tokens", Act: own, Handle: p.ownTokens},
		{Pattern: "POST /account/tokens", Act: own, Handle: p.makeToken},
		{Pattern: "POST /account/tokens/{token}/withdrawal", Act: own, Handle: p.withdrawOwnToken},
		{Pattern: "GET /accounts/tokens", Act: all, Handle: p.allTokens},
		{Pattern: "POST /accounts/tokens/{token}/withdrawal", Act: all, Handle: p.withdrawToken},
	}
}

// tokenPage is the page of the own tokens.
type tokenPage struct {
	All    []org.Token
	Scopes []string
	Typed  org.Token
	Days   int
	Made   string // the secret of the one that was just made, which is shown once
	Now    time.Time
	Err    error
}

func (p *Pages) ownTokens(w http.ResponseWriter, r *http.Request) error {
	return p.showTokens(w, r, tokenPage{Days: org.TokenDays[1]})
}

func (p *Pages) showTokens(w http.ResponseWriter, r *http.Request, t tokenPage) (err error) {
	actor := web.From[org.Actor](r.Context())
	if t.All, err = p.Store.Tokens(r.Context(), actor.Organisation, actor.Account); err != nil {
		return err
	}
	t.Scopes, t.Now = p.Scopes(), p.now()
	return web.Page(w, r, web.StatusOf(t.Err), tokensView(t))
}

func (p *Pages) makeToken(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	t := tokenPage{Days: web.Number(r, "days", 0)}
	t.Typed = org.Token{Account: actor.Account, Name: r.FormValue("name"), Scopes: r.Form["scope"], Expires: p.now().AddDate(0, 0, t.Days)}
	if t.Made, t.Err = p.Store.MakeToken(ctx, actor.Organisation, t.Typed, p.Scopes(), actor.Name); t.Err == nil {
		t.Typed = org.Token{}
	} else if t.Made = ""; !web.Retry(t.Err) {
		return t.Err
	}
	return p.showTokens(w, r, t)
}

func (p *Pages) withdrawOwnToken(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	return p.afterToken(w, r, p.Store.WithdrawToken(r.Context(), actor.Organisation, actor.Account, r.PathValue("token"), actor.Name), "/account/tokens")
}

// allTokens are those of every account, for who looks after accounts.
func (p *Pages) allTokens(w http.ResponseWriter, r *http.Request) error {
	all, err := p.Store.Tokens(r.Context(), web.From[org.Actor](r.Context()).Organisation, "")
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, allTokensView(tokenPage{All: all, Now: p.now()}))
}

func (p *Pages) withdrawToken(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	return p.afterToken(w, r, p.Store.WithdrawToken(r.Context(), actor.Organisation, "", r.PathValue("token"), actor.Name), "/accounts/tokens")
}

func (p *Pages) afterToken(w http.ResponseWriter, r *http.Request, err error, path string) error {
	if err != nil {
		return err
	}
	p.say(r.Context(), "The token is withdrawn.")
	return web.SeeOther(w, r, path)
}

// holding are the tokens that let somebody in.
func (t tokenPage) holding() []org.Token {
	return slices.DeleteFunc(slices.Clone(t.All), func(one org.Token) bool { return !one.Holds(t.Now) })
}

// stateText says until when a token holds, or since when it does not.
func (t tokenPage) stateText(ctx context.Context, one org.Token) string {
	switch {
	case !one.Withdrawn.IsZero():
		return lang.T(ctx, "withdrawn on %s", one.Withdrawn.Format(time.DateOnly))
	case !one.Holds(t.Now):
		return lang.T(ctx, "ended on %s", one.Expires.Format(time.DateOnly))
	}
	return lang.T(ctx, "holds until %s", one.Expires.Format(time.DateOnly))
}

func usedText(ctx context.Context, one org.Token) string {
	if one.Used.IsZero() {
		return lang.T(ctx, "never used")
	}
	return lang.T(ctx, "last used on %s", one.Used.Format("2006-01-02 15:04"))
}

// scopeText says what a scope lets a program do.
func scopeText(ctx context.Context, scope string) string {
	if strings.HasSuffix(scope, ":write") {
		return lang.T(ctx, "hand in and change")
	}
	return lang.T(ctx, "read")
}
