package orgweb

import (
	"net/http"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

func (p *Pages) ownAccount(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	a, err := p.Store.Account(r.Context(), actor.Organisation, actor.Account)
	if err != nil {
		return err
	}
	return p.showOwnAccount(w, r, a, nil)
}

func (p *Pages) showOwnAccount(w http.ResponseWriter, r *http.Request, a org.Account, mistake error) error {
	digests, err := p.Store.WantsDigest(r.Context(), web.From[org.Actor](r.Context()).Organisation, a.ID)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), ownAccountView(a, digests, mistake))
}

func (p *Pages) setPassword(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor := web.From[org.Actor](ctx)
	err := p.Store.SetPassword(ctx, actor.Organisation, actor.Account, r.FormValue("password"))
	if web.Retry(err) {
		a, err2 := p.Store.Account(ctx, actor.Organisation, actor.Account)
		if err2 != nil {
			return err2
		}
		return p.showOwnAccount(w, r, a, err)
	}
	if err != nil {
		return err
	}
	p.say(ctx, "Your password is kept.")
	return web.SeeOther(w, r, "/account")
}

type accountsForm struct {
	Accounts []org.Account
	Typed    org.Account
	Err      error
}

func (p *Pages) accounts(w http.ResponseWriter, r *http.Request) error {
	return p.showAccounts(w, r, org.Account{}, nil)
}

func (p *Pages) showAccounts(w http.ResponseWriter, r *http.Request, typed org.Account, mistake error) error {
	all, err := p.Store.Accounts(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), accountsView(accountsForm{all, typed, mistake}))
}

func (p *Pages) createAccount(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	a := org.Account{Mail: r.FormValue("mail"), Name: r.FormValue("name"), Person: r.FormValue("person"),
		Grants: []org.Grant{{Role: org.Employee, Scope: org.Scope{Kind: org.WholeScope}}}}
	account, err := p.Store.CreateAccount(r.Context(), actor.Organisation, a, actor.Name)
	if web.Retry(err) {
		return p.showAccounts(w, r, a, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/accounts/"+account)
}

type accountForm struct {
	Account  org.Account
	Units    []choice
	Partners []choice
	Assisted []choice // people whose assistant it is
	Err      error
}

type choice struct{ Value, Text string }

func (p *Pages) account(w http.ResponseWriter, r *http.Request) error {
	return p.showAccount(w, r, nil)
}

func (p *Pages) showAccount(w http.ResponseWriter, r *http.Request, mistake error) error {
	actor := web.From[org.Actor](r.Context())
	a, err := p.Store.Account(r.Context(), actor.Organisation, r.PathValue("account"))
	if err != nil {
		return err
	}
	form := accountForm{Account: a, Err: mistake}
	if form.Units, form.Partners, err = p.scopes(r.Context(), actor.Organisation); err != nil {
		return err
	}
	for _, person := range (org.Actor{Grants: a.Grants}).Assisted() {
		p, err := p.Store.Person(r.Context(), actor.Organisation, person, period.DayOf(p.now()))
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		form.Assisted = append(form.Assisted, choice{person, p.Title()})
	}
	return web.Page(w, r, web.StatusOf(mistake), accountView(form))
}

func (p *Pages) grant(w http.ResponseWriter, r *http.Request) error {
	actor, account := web.From[org.Actor](r.Context()), r.PathValue("account")
	g := org.Grant{Role: org.Role(r.FormValue("role")), Scope: org.Scope{Kind: org.ScopeKind(r.FormValue("scope"))}}
	if g.Scope.Kind != org.WholeScope {
		g.Scope.ID = r.FormValue(string(g.Scope.Kind))
	}
	if typed := strings.TrimSpace(g.Scope.ID); g.Scope.Kind == org.PersonScope && typed != "" {
		whom, err := p.Store.Owner(r.Context(), actor.Organisation, typed, period.DayOf(p.now()))
		if err != nil {
			if mistake := fault.Of(err); mistake != nil {
				at := *mistake
				at.Field = "person"
				err = &at
			}
			return p.afterAccount(w, r, err, "")
		}
		g.Scope.ID = whom.ID
	}
	err := p.Store.Grant(r.Context(), actor.Organisation, account, g, actor.Name)
	return p.afterAccount(w, r, err, "The role is granted.")
}

func (p *Pages) revoke(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	err := p.Store.Revoke(r.Context(), actor.Organisation, r.PathValue("account"), r.PathValue("grant"), actor.Name)
	return p.afterAccount(w, r, err, "The role is taken back.")
}

func (p *Pages) closeAccount(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	err := p.Store.CloseAccount(r.Context(), actor.Organisation, r.PathValue("account"), actor.Name)
	return p.afterAccount(w, r, err, "The account is closed.")
}

func (p *Pages) afterAccount(w http.ResponseWriter, r *http.Request, err error, done string) error {
	if web.Retry(err) {
		return p.showAccount(w, r, err)
	}
	if err != nil {
		return err
	}
	p.say(r.Context(), done)
	return web.SeeOther(w, r, "/accounts/"+r.PathValue("account"))
}
