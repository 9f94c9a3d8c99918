package transitionweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/web"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// invitationForm is the page that the link of an invitation opens.
type invitationForm struct {
	transitiondb.Invited
	Points []diagnosis.FocalPoint
	Reason string
	Err    error
}

func (p *Pages) invitation(w http.ResponseWriter, r *http.Request) error {
	return p.showInvitation(w, r, nil)
}

func (p *Pages) showInvitation(w http.ResponseWriter, r *http.Request, mistake error) (err error) {
	ctx := r.Context()
	f := invitationForm{Reason: r.FormValue("reason"), Err: mistake}
	if f.Invited, err = p.Store.Invitation(ctx, r.PathValue("secret")); err != nil {
		return err
	}
	if f.Points, err = p.Store.FocalOf(ctx, f.Organisation.ID, f.Programme); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Page(w, r.WithContext(web.With(ctx, web.Frame{Organisation: f.Organisation.Name, Simulated: f.Organisation.Simulated})), web.StatusOf(mistake), invitationPage(f))
}

func (p *Pages) answer(w http.ResponseWriter, r *http.Request) error {
	secret, answer := r.PathValue("secret"), r.FormValue("answer")
	if answer != "yes" && answer != "no" {
		return p.showInvitation(w, r, fault.Invalidf("say yes or no"))
	}
	err := p.Store.Answer(r.Context(), secret, answer == "yes", r.FormValue("reason"))
	if web.Retry(err) {
		return p.showInvitation(w, r, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/invited/"+secret)
}

// open says whether the invitation waits for an answer.
func (f invitationForm) open() bool {
	return f.Member.Status == transition.Invited && !f.Programme.Closed && !f.Member.Left
}

func (f invitationForm) heading(ctx context.Context) string {
	switch {
	case f.open() && f.Programme.Kind == transition.Leaders:
		return lang.T(ctx, "Will you become a leader, %s?", f.Member.Person.Title())
	case f.open():
		return lang.T(ctx, "Will you become a coach, %s?", f.Member.Person.Title())
	case f.Member.Status == transition.Accepted || f.Member.Status == transition.Active:
		return lang.T(ctx, "You take part. Thank you, %s.", f.Member.Person.Title())
	case f.Member.Status == transition.Declined:
		return lang.T(ctx, "You have declined. Thank you for answering.")
	}
	return lang.T(ctx, "This invitation is no longer open.")
}

// asksText says what is asked of whom.
func asksText(ctx context.Context, one transition.Programme) string {
	if one.Kind == transition.Leaders {
		return lang.T(ctx, "You coach one management team in keeping its focus on these points, become an expert on them, and help to carry out the next diagnosis.")
	}
	return lang.T(ctx, "You look after a group of at most %d colleagues at your location: you link these points to the problems of the day, try out what may help, and share what worked.", one.Per)
}

// Letter writes a mail, in the language of the organisation.
func (p *Pages) Letter(e transitiondb.Envelope) mail.Letter {
	switch {
	case e.Notice != nil:
		return p.notice(e)
	case e.Nudge != nil:
		return p.nudge(e)
	}
	ctx := lang.With(context.Background(), lang.Match(e.Organisation.Language))
	var b strings.Builder
	say := func(text string) { b.WriteString(text + "\n\n") }
	say(lang.T(ctx, "Dear %s,", e.Member.Person.Title()))
	if e.Programme.Kind == transition.Leaders {
		say(lang.T(ctx, "You have been nominated as a leader in the programme '%[1]s' of %[2]s.", e.Programme.Name, e.Organisation.Name))
	} else {
		say(lang.T(ctx, "You have been nominated as a coach in the programme '%[1]s' of %[2]s.", e.Programme.Name, e.Organisation.Name))
	}
	if e.Note != "" {
		say(e.Note)
	}
	if len(e.Focal) > 0 {
		b.WriteString(lang.T(ctx, "It works on these focal points:") + "\n")
		for _, f := range e.Focal {
			b.WriteString("- " + f.Theme + "\n")
		}
		b.WriteString("\n")
	}
	say(asksText(ctx, e.Programme))
	say(lang.T(ctx, "Say yes or no here; the link is yours alone:") + "\n" + p.Public + "/invited/" + e.Secret)
	return mail.Letter{To: e.Member.Person.Mail, Subject: lang.T(ctx, "Will you take part in '%s'?", e.Programme.Name), Text: b.String()}
}
