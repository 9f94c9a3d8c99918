package diagnosisweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// inviteeForm is the page on which those who are invited are found, and others added.
type inviteeForm struct {
	Diagnosis diagnosis.Diagnosis
	Text      string // looked for
	Invited   []diagnosisdb.Invitee
	Newcomers []diagnosisdb.Invitee
	Done      string
	Err       error
}

// mostInvitees are listed; more are found by a longer text.
const mostInvitees = 50

func (p *Pages) invitees(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	return p.showInvitees(w, r, d, "", nil)
}

func (p *Pages) showInvitees(w http.ResponseWriter, r *http.Request, d diagnosis.Diagnosis, done string, mistake error) (err error) {
	ctx, organisation := r.Context(), web.From[org.Actor](r.Context()).Organisation
	f := inviteeForm{Diagnosis: d, Text: strings.TrimSpace(r.FormValue("q")), Done: done, Err: mistake}
	if f.Invited, err = p.Store.Invitees(ctx, organisation, d.ID, f.Text, mostInvitees+1); err != nil {
		return err
	}
	if f.Newcomers, err = p.Store.Newcomers(ctx, organisation, d.ID, f.Text, mostInvitees+1); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), inviteesPage(f))
}

// invite adds people to an open diagnosis.
func (p *Pages) invite(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	if err := r.ParseForm(); err != nil {
		return err
	}
	err = p.Store.Invite(r.Context(), actor.Organisation, d.ID, r.Form["person"], actor.Name)
	if err != nil && !web.Retry(err) {
		return err
	}
	done := lang.N(r.Context(), len(r.Form["person"]), "One more person is invited. Plan an invitation by mail, or print the letter.", "%d more people are invited. Plan an invitation by mail, or print their letters.")
	if err != nil {
		done = ""
	}
	return p.showInvitees(w, r, d, done, err)
}

// attend corrects the address of somebody invited, mails the link again, or shows it.
func (p *Pages) attend(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	ctx, actor, invitation, done := r.Context(), web.From[org.Actor](r.Context()), r.PathValue("invitation"), ""
	switch r.FormValue("do") {
	case "link":
		l, err := p.Store.Link(ctx, actor.Organisation, d.ID, invitation, actor.Name)
		if err != nil {
			return err
		}
		return p.showLetters(w, r, d, []diagnosisdb.PersonalLink{l})
	case "mail":
		err = p.Store.MailAgain(ctx, actor.Organisation, d.ID, invitation, actor.Name)
		done = lang.T(ctx, "The invitation is on its way again.")
	default:
		err = p.Store.CorrectAddress(ctx, actor.Organisation, d.ID, invitation, r.FormValue("mail"), actor.Name)
		done = lang.T(ctx, "The address is corrected, for this diagnosis. The roster keeps its own.")
	}
	if err != nil {
		done = ""
	}
	if err != nil && !web.Retry(err) {
		return err
	}
	return p.showInvitees(w, r, d, done, err)
}

func nobodyNew(ctx context.Context, text string) string {
	if text != "" {
		return lang.T(ctx, "Nobody else on today's roster is called so.")
	}
	return lang.T(ctx, "Everybody on today's roster is invited.")
}

// firstInvitees are those that are listed.
func firstInvitees(all []diagnosisdb.Invitee) []diagnosisdb.Invitee {
	return all[:min(len(all), mostInvitees)]
}
