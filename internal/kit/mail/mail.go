// Package mail is what outboxes and whoever hands mail to a server say to each other. It
// sends nothing itself.
package mail

import (
	"errors"
	"strings"
	"time"
)

// Letter is one mail.
type Letter struct {
	To, Subject, Text string
	Calendar, Method  string // what goes along as iCalendar, and by which method; "" for nothing
	Ends              string // the address at which a POST ends such mails (RFC 8058), "" for none
}

// Mails that nobody asked for at that moment leave on the days on which people work, in these hours of their zone.
const (
	hoursFrom  = 8
	hoursUntil = 17
)

// Hours says whether people are at work, at a moment in their zone.
func Hours(now time.Time) bool {
	day := now.Weekday()
	return day != time.Saturday && day != time.Sunday && now.Hour() >= hoursFrom && now.Hour() < hoursUntil
}

// What may be said of a mail besides nil, it has left; anything else is doubt.
var (
	ErrRefused     = errors.New("the mail server refuses this mail")
	ErrUnreachable = errors.New("the mail server cannot be reached")
)

// State is what an outbox knows of a mail. That a mail is tried stands there before the
// server is spoken to, so what a stopped program leaves in doubt is known.
type State string

const (
	Waiting State = "waiting"
	Trying  State = "trying"
	Sent    State = "sent"
	Failed  State = "failed"
	Doubt   State = "doubt" // it may have left
	Left    State = "left"  // was in doubt, and somebody let it be
)

// Outcome is what a try means for the outbox, with the server's words.
func Outcome(err error) (state State, reason string) {
	switch {
	case err == nil:
		return Sent, ""
	case errors.Is(err, ErrUnreachable):
		state = Waiting
	case errors.Is(err, ErrRefused):
		state = Failed
	default:
		state = Doubt
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return state, string([]rune(line)[:min(200, len([]rune(line)))])
}
