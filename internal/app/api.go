package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/org/orgweb"
)

const aboutAPI = `What Throughline's pages show and take, for programs. A token that somebody has made on the page of the own account asks for
what that person may see and do, as far as its scopes reach: every figure is withheld as on a page, and seeing a report is noted. A list is cut into
pages by offset and limit. What is wrong with a request is said as RFC 9457 has it, in the language of Accept-Language.`

// newAPI puts the areas' operations together.
func (a *App) newAPI(offers ...interface{ Offer(*rest.API) }) *rest.API {
	api := rest.New("Throughline", "1", aboutAPI, tokens{a.Org})
	for _, o := range offers {
		o.Offer(api)
	}
	return api
}

// scopes lists what tokens can be for: what operations of the API need, and a directory.
func (a *App) scopes() []string {
	scopes := []string{orgweb.ScopeDirectory}
	for _, o := range a.api.Operations {
		scopes = append(scopes, o.Scope)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// tokens is who may use the API: whoever has a token that holds.
type tokens struct{ store orgdb.Store }

// Authenticate puts the token's owner and the token into the context.
func (t tokens) Authenticate(r *http.Request) (context.Context, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !web.IsText(token) {
		token = "" // none of ours
	}
	actor, used, err := t.store.UseToken(r.Context(), strings.TrimSpace(token))
	return web.With(web.With(r.Context(), actor), used), err
}

// Admit reports an operation that the owner's roles do not permit, or the token's scopes do not reach.
func (t tokens) Admit(ctx context.Context, o rest.Operation) error {
	switch {
	case !permits.MayAnywhere(web.From[org.Actor](ctx), org.Act(o.Act)):
		return fault.NotFoundf("there is no such page, or it is not for you")
	case !slices.Contains(web.From[org.Token](ctx).Scopes, o.Scope):
		return fault.Forbiddenf("this token lacks the scope %s", o.Scope)
	}
	return nil
}

// Begin returns what a request was answered with, or keeps it open.
func (t tokens) Begin(ctx context.Context, key, request string) (*rest.Answer, error) {
	actor := web.From[org.Actor](ctx)
	was, err := t.store.BeginAnswer(ctx, actor.Organisation, actor.Account, key, request)
	if err != nil || was.Status == 0 {
		return nil, err
	}
	return &rest.Answer{Status: was.Status, ContentType: was.ContentType, Body: was.Body}, nil
}

// Keep closes it.
func (t tokens) Keep(ctx context.Context, key string, a *rest.Answer) error {
	actor, was := web.From[org.Actor](ctx), orgdb.Answered{}
	if a != nil {
		was = orgdb.Answered{Status: a.Status, ContentType: a.ContentType, Body: a.Body}
	}
	return t.store.KeepAnswer(ctx, actor.Organisation, actor.Account, key, was)
}

// MakeToken makes a token of an account by command.
type MakeToken struct {
	Mail         string
	For          string // what it is for
	Scopes       []string
	Days         int
	Organisation string // short name; "" for the only one
}

// Run makes it and prints it.
func (c MakeToken) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	accounts, err := a.Org.Accounts(ctx, o.ID)
	if err != nil {
		return err
	}
	n := slices.IndexFunc(accounts, func(one org.Account) bool { return one.Mail == org.CleanMail(c.Mail) && !one.Closed })
	if n < 0 {
		return fault.NotFoundf("%s has no account", c.Mail)
	}
	t := org.Token{Account: accounts[n].ID, Name: c.For, Scopes: c.Scopes, Expires: time.Now().AddDate(0, 0, c.Days)}
	secret, err := a.Org.MakeToken(ctx, o.ID, t, a.scopes(), "")
	if err == nil {
		_, err = fmt.Fprintln(out, secret)
	}
	return err
}
