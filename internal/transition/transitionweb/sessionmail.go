package transitionweb

import (
	"context"
	"strings"

	"throughline/internal/kit/calendar"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/mail"
	"throughline/internal/transition/transitiondb"
)

// notice writes a mail about a session, with the event for the reader's calendar, in the
// language of the organisation.
func (p *Pages) notice(e transitiondb.Envelope) mail.Letter {
	ctx := lang.With(context.Background(), lang.Match(e.Organisation.Language))
	s, link := e.Notice.Session, p.Public+"/session/"+e.Secret
	name := sessionName(ctx, s)
	var b strings.Builder
	say := func(text string) { b.WriteString(text + "\n\n") }
	say(lang.T(ctx, "Dear %s,", e.Notice.Person.Title()))
	subject := name + ", " + when(ctx, s)
	switch {
	case s.Cancelled:
		subject = lang.T(ctx, "Cancelled: %s", subject)
		say(lang.T(ctx, "'%[1]s' on %[2]s is cancelled.", name, when(ctx, s)))
		say(s.Reason)
	case e.Notice.Version > 0:
		subject = lang.T(ctx, "Changed: %s", subject)
		say(lang.T(ctx, "'%[1]s' of the programme '%[2]s' has changed: %[3]s, %[4]s.", name, e.Programme.Name, when(ctx, s), s.Place))
	default:
		say(lang.T(ctx, "You are asked to '%[1]s' of the programme '%[2]s': %[3]s, %[4]s.", name, e.Programme.Name, when(ctx, s), s.Place))
	}
	if !s.Cancelled {
		say(lang.T(ctx, "It is led by %s. Times are those of %s.", s.Host.Name, e.Organisation.Zone))
		say(lang.T(ctx, "Say whether you come, and see what it is about; the link is yours alone:") + "\n" + link)
	}
	event := p.event(ctx, s, link)
	if s.Cancelled {
		event.URL = ""
	}
	event.Organiser = calendar.Person{Name: e.Organisation.Name, Mail: p.From}
	event.Attendee = calendar.Person{Name: e.Notice.Person.Title(), Mail: e.Notice.Person.Mail}
	body, method := calendar.Mail(event)
	return mail.Letter{To: e.Notice.Person.Mail, Subject: subject, Text: b.String(), Calendar: body, Method: method}
}
