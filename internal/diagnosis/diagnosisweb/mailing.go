package diagnosisweb

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// mailForm is the page on which mail to those invited is planned and watched.
type mailForm struct {
	Diagnosis diagnosis.Diagnosis
	Zone      string
	Languages []string
	Mailings  []diagnosisdb.MailingStatus
	Troubles  []diagnosisdb.Trouble
	NoLinks   bool // the key folder is gone
	Draft     diagnosis.Mailing
	Preview   map[string]diagnosis.MailText // by language, filled
	Err       error
}

const mostTroubles = 200

func (p *Pages) mail(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	m := diagnosis.Mailing{Kind: diagnosis.MailingKind(r.FormValue("kind"))}
	if m.Kind != diagnosis.Reminder {
		m.Kind = diagnosis.Invitation
	}
	return p.showMail(w, r, d, m, nil, nil)
}

// showMail shows the page; texts that the mailing lacks begin with ours.
func (p *Pages) showMail(w http.ResponseWriter, r *http.Request, d diagnosis.Diagnosis, m diagnosis.Mailing, preview map[string]diagnosis.MailText, mistake error) error {
	ctx, organisation := r.Context(), web.From[org.Actor](r.Context()).Organisation
	switch d.State {
	case diagnosis.Draft:
		return fault.Conflictf("open the diagnosis first: until then nobody has a link")
	case diagnosis.Closed:
		return fault.Conflictf("this diagnosis is closed: nobody is mailed any more")
	}
	o, err := p.Org.Organisation(ctx, organisation)
	if err != nil {
		return err
	}
	form := mailForm{Diagnosis: d, Zone: o.Zone, Draft: m, Preview: preview, NoLinks: !p.Store.CanMakeLinks(d.ID), Err: mistake}
	in, err := p.Store.Instrument(ctx, organisation, d.ID)
	if err != nil {
		return err
	}
	form.Languages = in.Languages
	if form.Mailings, err = p.Store.Mailings(ctx, organisation, d.ID); err != nil {
		return err
	}
	if form.Troubles, err = p.Store.Troubles(ctx, organisation, d.ID, mostTroubles); err != nil {
		return err
	}
	if form.Draft.At.IsZero() {
		form.Draft.At = p.now().In(d.Opens.Location()).Truncate(time.Minute)
		if form.Draft.At.Before(d.Opens) {
			form.Draft.At = d.Opens
		}
	}
	if form.Draft.Texts == nil {
		form.Draft.Texts = map[string]diagnosis.MailText{}
		for _, l := range form.Languages {
			form.Draft.Texts[l] = firstText(lang.With(ctx, lang.Match(l)), form.Draft.Kind)
		}
	}
	return web.Page(w, r, web.StatusOf(mistake), mailPage(form))
}

// firstText is the wording with which a mailing begins.
func firstText(ctx context.Context, k diagnosis.MailingKind) diagnosis.MailText {
	if k == diagnosis.Reminder {
		return diagnosis.MailText{
			Subject: lang.T(ctx, "{diagnosis}: your answer still counts"),
			Body: lang.T(ctx, "Dear {name},\n\nA while ago {organisation} asked you for your view. If you have answered since, thank you: then you need not do anything.\n\nIf not, you can until {until}. It takes about six minutes:\n{link}\n\n"+
				"Nobody sees who answered what. Figures are shown for groups of at least {minimum} people only."),
		}
	}
	return diagnosis.MailText{
		Subject: lang.T(ctx, "{diagnosis}: your view of {organisation}"),
		Body: lang.T(ctx, "Dear {name},\n\n{organisation} would like to know how you see it. It takes about six minutes, on a phone or a computer, until {until}:\n{link}\n\n"+
			"The link is yours alone: please do not pass it on. Your answers are kept apart from your name, and figures are shown for groups of at least {minimum} people only."),
	}
}

// Letter is a mail as it leaves.
func (p *Pages) Letter(e diagnosisdb.Envelope) diagnosis.MailText {
	ctx := lang.With(context.Background(), lang.Match(e.Language))
	name := e.Name
	if name == "" {
		name = lang.T(ctx, "colleague")
	}
	return e.Text.Fill(diagnosis.MailValues{
		Name: name, Link: fmt.Sprintf("%s/r/%s?lang=%s", p.Public, e.Secret, e.Language), Organisation: e.Organisation.Name,
		Diagnosis: e.Diagnosis.Name, Until: until(ctx, e.Diagnosis), Minimum: fmt.Sprint(e.Diagnosis.Minimum),
	})
}

// planMail plans a mailing, or shows what it will look like.
func (p *Pages) planMail(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	m, err := readMailing(r, d)
	if err == nil && r.FormValue("do") == "preview" {
		err = m.Check()
		if err == nil {
			return p.previewMail(w, r, d, m)
		}
	} else if err == nil {
		err = m.Check()
	}
	if err == nil && !p.Mails {
		err = fault.Conflictf("no mail server is configured, so nothing would leave: start the program with --smtp-host, or hand out letters and links")
	}
	if err == nil {
		_, err = p.Store.PlanMailing(r.Context(), actor.Organisation, d.ID, m, actor.Name)
	}
	if web.Retry(err) {
		return p.showMail(w, r, d, m, nil, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/diagnoses/"+d.ID+"/mail")
}

func readMailing(r *http.Request, d diagnosis.Diagnosis) (m diagnosis.Mailing, err error) {
	if err := r.ParseForm(); err != nil {
		return m, fault.Invalidf("the form could not be read: send it again")
	}
	m = diagnosis.Mailing{Kind: diagnosis.MailingKind(r.FormValue("kind")), Texts: map[string]diagnosis.MailText{}}
	for _, l := range r.Form["language"] {
		text := diagnosis.MailText{Subject: strings.TrimSpace(r.FormValue("subject-" + l)), Body: strings.TrimSpace(r.FormValue("body-" + l))}
		if text.Subject != "" || text.Body != "" {
			m.Texts[l] = text
		}
	}
	if m.At, err = time.ParseInLocation(formMoment, r.FormValue("at"), d.Opens.Location()); err != nil {
		return m, fault.Fieldf("at", "choose the day and the time at which the mails leave")
	}
	return m, nil
}

func (p *Pages) previewMail(w http.ResponseWriter, r *http.Request, d diagnosis.Diagnosis, m diagnosis.Mailing) error {
	actor := web.From[org.Actor](r.Context())
	o, err := p.Org.Organisation(r.Context(), actor.Organisation)
	if err != nil {
		return err
	}
	preview := map[string]diagnosis.MailText{}
	for l, text := range m.Texts {
		preview[l] = p.Letter(diagnosisdb.Envelope{Organisation: o, Diagnosis: d, Name: actor.Name, Secret: "…", Language: l, Text: text})
	}
	return p.showMail(w, r, d, m, preview, nil)
}

func (p *Pages) stopMail(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	if err := p.Store.StopMailing(r.Context(), actor.Organisation, d.ID, r.PathValue("mailing"), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/diagnoses/"+d.ID+"/mail")
}

// settleMail sends a mail that did not leave, or may not have, again, or leaves it.
func (p *Pages) settleMail(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	mailing, invitation := r.PathValue("mailing"), r.PathValue("invitation")
	if r.FormValue("do") == "leave" {
		err = p.Store.Leave(r.Context(), actor.Organisation, d.ID, mailing, invitation)
	} else {
		err = p.Store.Resend(r.Context(), actor.Organisation, d.ID, mailing, invitation, r.FormValue("mail"), actor.Name)
	}
	if web.Retry(err) {
		return p.showMail(w, r, d, diagnosis.Mailing{Kind: diagnosis.Invitation}, nil, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/diagnoses/"+d.ID+"/mail")
}

func kindName(ctx context.Context, k diagnosis.MailingKind) string {
	if k == diagnosis.Reminder {
		return lang.T(ctx, "Reminder")
	}
	return lang.T(ctx, "Invitation")
}

func mailingState(ctx context.Context, s diagnosis.MailingState) string {
	switch s {
	case diagnosis.Planned:
		return lang.T(ctx, "planned")
	case diagnosis.Sending:
		return lang.T(ctx, "under way")
	case diagnosis.Sent:
		return lang.T(ctx, "has left")
	}
	return lang.T(ctx, "stopped")
}

func (f mailForm) heading(ctx context.Context) string {
	mailed := 0
	for _, m := range f.Mailings {
		if m.Kind == diagnosis.Invitation {
			mailed += m.Sent
		}
	}
	switch {
	case len(f.Mailings) == 0:
		return lang.T(ctx, "Nobody has been invited by mail yet.")
	case len(f.Troubles) > 0:
		return lang.N(ctx, len(f.Troubles), "One mail needs you.", "%d mails need you.")
	}
	return lang.N(ctx, mailed, "One person has been invited by mail.", "%d people have been invited by mail.")
}
