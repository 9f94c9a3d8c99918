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
	if e.Notice.Host {
		link = p.Public + "/sessions/" + s.ID
	}
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
	case e.Notice.Gone:
		subject = lang.T(ctx, "Without you: %s", subject)
		say(lang.T(ctx, "You are not asked to '%[1]s' on %[2]s any more.", name, when(ctx, s)))
	case e.Notice.Reminder:
		subject = lang.T(ctx, "Will you come? %s", subject)
		say(lang.T(ctx, "You have not said yet whether you come to '%[1]s' of the programme '%[2]s': %[3]s, %[4]s.", name, e.Programme.Name, when(ctx, s), s.Place))
	case e.Notice.Host && !e.Notice.Again:
		say(lang.T(ctx, "You lead '%[1]s' of the programme '%[2]s': %[3]s, %[4]s.", name, e.Programme.Name, when(ctx, s), s.Place))
	case e.Notice.Again && e.Notice.Version > 0:
		subject = lang.T(ctx, "Changed: %s", subject)
		say(lang.T(ctx, "'%[1]s' of the programme '%[2]s' has changed: %[3]s, %[4]s.", name, e.Programme.Name, when(ctx, s), s.Place))
	default:
		say(lang.T(ctx, "You are asked to '%[1]s' of the programme '%[2]s': %[3]s, %[4]s.", name, e.Programme.Name, when(ctx, s), s.Place))
	}
	ends := s.Cancelled || e.Notice.Gone
	switch {
	case ends:
		link = ""
	case e.Notice.Host:
		say(lang.T(ctx, "Its page, for you who lead it:") + "\n" + link)
	default:
		say(lang.T(ctx, "It is led by %s. Times are those of %s.", s.Host.Name, e.Organisation.Zone))
		say(lang.T(ctx, "Say whether you come, and see what it is about; the link is yours alone:") + "\n" + link)
		say(lang.T(ctx, "To accept it in your calendar does not tell us: please say yes by the link."))
	}
	event := p.event(ctx, s, p.Public+"/sessions/"+s.ID) // not the link: calendars are shown to others
	if e.Notice.Gone {
		event.Cancelled, event.Sequence = true, event.Sequence+1
	}
	event.Organiser = calendar.Person{Name: e.Organisation.Name, Mail: p.From}
	event.Attendee = calendar.Person{Name: e.Notice.Person.Title(), Mail: e.Notice.Person.Mail}
	body, method := calendar.Mail(event)
	return mail.Letter{To: e.Notice.Person.Mail, Subject: subject, Text: b.String(), Calendar: body, Method: method}
}
