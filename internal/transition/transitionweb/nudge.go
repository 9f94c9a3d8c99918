package transitionweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/web"
	"throughline/internal/transition/transitiondb"
)

// nudged is the page that the link in a reminder opens: it ends them, or begins them again.
func (p *Pages) nudged(w http.ResponseWriter, r *http.Request) error {
	n, err := p.Store.NudgedBy(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r.WithContext(web.With(r.Context(), web.Frame{Organisation: n.Organisation.Name, Simulated: n.Organisation.Simulated})), http.StatusOK, nudgedPage(n, r.PathValue("secret")))
}

func (p *Pages) endNudges(w http.ResponseWriter, r *http.Request) error {
	n, err := p.Store.NudgedBy(r.Context(), r.PathValue("secret"))
	if err == nil {
		err = p.Store.Nudges(r.Context(), n.Organisation.ID, n.Person, r.FormValue("do") != "on")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/reminders/"+r.PathValue("secret"))
}

// mostNamed is how many actions a reminder names.
const mostNamed = 10

// nudge writes a reminder, in the language of the organisation.
func (p *Pages) nudge(e transitiondb.Envelope) mail.Letter {
	ctx := lang.With(context.Background(), lang.Match(e.Organisation.Language))
	n := e.Nudge
	var b strings.Builder
	b.WriteString(lang.T(ctx, "Dear %s,", n.Person.Title()) + "\n\n")
	b.WriteString(lang.N(ctx, len(n.Actions), "One action for which you answer needs a word:", "%d actions for which you answer need a word:") + "\n\n")
	for _, a := range n.Actions[:min(len(n.Actions), mostNamed)] {
		b.WriteString("- " + a.What + " (" + a.Body.Name + "): " + dueText(ctx, a, n.Today))
		if needs := needsText(ctx, a, n.Today); needs != "" {
			b.WriteString(", " + needs)
		}
		b.WriteString("\n  " + p.Public + "/actions/" + a.ID + "\n")
	}
	if more := len(n.Actions) - mostNamed; more > 0 {
		b.WriteString(lang.T(ctx, "and %d more:", more) + "\n  " + p.Public + "/actions\n")
	}
	b.WriteString("\n" + lang.T(ctx, "One sentence on each is enough: how does it go?") + "\n\n")
	b.WriteString(lang.T(ctx, "You get such a mail at most once a week. To get none:") + "\n" + p.Public + "/reminders/" + e.Secret + "\n")
	return mail.Letter{To: n.Person.Mail, Subject: lang.N(ctx, len(n.Actions), "One of your actions needs a word", "%d of your actions need a word"), Text: b.String(), Ends: p.Public + "/reminders/" + e.Secret}
}
