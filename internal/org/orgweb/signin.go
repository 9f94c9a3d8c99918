package orgweb

import (
	"net/http"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

func (p *Pages) signInPage(w http.ResponseWriter, r *http.Request) error {
	if web.From[org.Actor](r.Context()).Account != "" {
		return web.SeeOther(w, r, "/")
	}
	return p.showSignIn(w, r, signInForm{})
}

// showSignIn shows the ways to sign in that there are.
func (p *Pages) showSignIn(w http.ResponseWriter, r *http.Request, f signInForm) (err error) {
	if f.SignOns, f.Local, err = p.Store.SignOnDoors(r.Context()); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(f.Err), signInView(f))
}

type signInForm struct {
	SignOns []orgdb.SignOnDoor
	Local   bool // somebody signs in by password or mailed link
	Mail    string
	Sent    bool
	Doors   []orgdb.Door // to choose from, when one address opens several organisations
	Secret  string
	Err     error
}

// mayTry slows guessing down, per account and, more loosely, per network address.
func (p *Pages) mayTry(r *http.Request, mail string) error {
	now := time.Now()
	if err := p.addresses.Allow(now, web.Address(r)); err != nil {
		return err
	}
	return p.mails.Allow(now, mail)
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) error {
	mail, password := org.CleanMail(r.FormValue("mail")), r.FormValue("password")
	err := p.mayTry(r, mail)
	var doors []orgdb.Door
	if err == nil {
		doors, err = p.Store.CheckPassword(r.Context(), mail, password)
	}
	if web.Retry(err) {
		return p.showSignIn(w, r, signInForm{Mail: mail, Err: err})
	}
	if err != nil {
		return err
	}
	if chosen := r.FormValue("organisation"); len(doors) > 1 {
		for _, d := range doors {
			if d.Organisation.Slug == chosen {
				return p.open(w, r, d)
			}
		}
		return p.showSignIn(w, r, signInForm{Mail: mail, Doors: doors})
	}
	return p.open(w, r, doors[0])
}

// open lets somebody in who has shown who they are.
func (p *Pages) open(w http.ResponseWriter, r *http.Request, d orgdb.Door) error {
	ctx := r.Context()
	after := p.Sessions.PopString(ctx, "after")
	if err := p.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	p.Sessions.Put(ctx, sessionOrganisation, d.Organisation.ID)
	p.Sessions.Put(ctx, sessionAccount, d.Account)
	if !strings.HasPrefix(after, "/") || strings.HasPrefix(after, "//") {
		after = "/"
	}
	return web.SeeOther(w, r, after)
}

// mailLink answers the same whether the address is known or not.
func (p *Pages) mailLink(w http.ResponseWriter, r *http.Request) error {
	ctx, mail := r.Context(), org.CleanMail(r.FormValue("mail"))
	if err := p.mayTry(r, mail); err != nil {
		return p.showSignIn(w, r, signInForm{Mail: mail, Err: err})
	}
	links, err := p.Store.AskedLinks(ctx, mail)
	if err != nil {
		return err
	}
	for _, l := range links {
		own := lang.With(ctx, lang.Match(l.Language, l.Organisation.Language))
		text := lang.T(own, "Dear %s,\n\nwith this link you sign in to Throughline at %s. It works once, within 30 minutes:\n\n%s\n\nIf you did not ask for it, you need not do anything.",
			l.Name, l.Organisation.Name, p.Public+"/sign-in/link/"+l.Secret)
		if err := p.Mail(ctx, l.Mail, lang.T(own, "Sign in to Throughline"), text); err != nil {
			return err
		}
	}
	return p.showSignIn(w, r, signInForm{Mail: mail, Sent: true})
}

// linkPage asks for one press of a button, so that a mail program that opens
// links in advance does not spend this one.
func (p *Pages) linkPage(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, http.StatusOK, linkView(r.PathValue("secret")))
}

func (p *Pages) useLink(w http.ResponseWriter, r *http.Request) error {
	if err := p.addresses.Allow(time.Now(), web.Address(r)); err != nil {
		return err
	}
	door, err := p.Store.UseLink(r.Context(), r.PathValue("secret"))
	if fault.KindOf(err) == fault.NotFound {
		return p.showSignIn(w, r, signInForm{Err: err})
	}
	if err != nil {
		return err
	}
	return p.open(w, r, door)
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := p.Sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/sign-in")
}
