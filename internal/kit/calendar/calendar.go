// Package calendar writes events as iCalendar (RFC 5545, with the methods of RFC 5546), as one
// mail asks for one or as a calendar that other programs subscribe to.
package calendar

import (
	"strings"
	"time"
	"unicode"

	ical "github.com/arran4/golang-ical"
)

// Event is something at a time that somebody is asked to.
type Event struct {
	UID         string // the same in every version of it
	Sequence    int    // 0 for the first version, one more for each that follows
	Cancelled   bool
	Starts      time.Time
	Ends        time.Time
	Changed     time.Time // when this version came to be
	Summary     string
	Description string
	Place       string
	URL         string // "" for none
	Organiser   Person // of a mail alone
	Attendee    Person // of a mail alone
}

// Person is a name with a mail address.
type Person struct{ Name, Mail string }

// Methods of a mail.
const (
	Request = "REQUEST"
	Cancel  = "CANCEL"
)

// Mail writes what goes along with a mail that asks somebody to an event, tells that it has
// changed, or that it is cancelled, and says by which method.
func Mail(e Event) (body, method string) {
	c := begin()
	method = Request
	if e.Cancelled {
		method = Cancel
	}
	c.SetMethod(ical.Method(method))
	v := add(c, e)
	v.SetOrganizer("mailto:"+e.Organiser.Mail, e.Organiser.cn())
	v.AddAttendee("mailto:"+e.Attendee.Mail, e.Attendee.cn(), ical.ParticipationRoleReqParticipant, ical.ParticipationStatusNeedsAction, ical.WithRSVP(false))
	return c.Serialize(ical.WithNewLineWindows), method
}

// Feed writes a calendar to subscribe to.
func Feed(name string, events []Event) string {
	c := begin()
	c.SetMethod(ical.MethodPublish)
	c.SetXWRCalName(name)
	c.SetRefreshInterval("PT6H")
	for _, e := range events {
		add(c, e)
	}
	return c.Serialize(ical.WithNewLineWindows)
}

func begin() *ical.Calendar {
	c := ical.NewCalendar()
	c.SetProductId("-//Throughline//Throughline//EN")
	return c
}

// cn is a name as a parameter, in which the library would escape what RFC 5545 (3.2) wants
// quoted, and an apostrophe too: marks that have a meaning there become blanks, and that a
// typographic one.
func (p Person) cn() ical.PropertyParameter {
	return ical.WithCN(strings.Join(strings.FieldsFunc(strings.ReplaceAll(p.Name, "'", "’"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`",;:\^`, r)
	}), " "))
}

func add(c *ical.Calendar, e Event) *ical.VEvent {
	v := c.AddEvent(e.UID)
	v.SetDtStampTime(e.Changed)
	v.SetSequence(e.Sequence)
	v.SetStartAt(e.Starts)
	v.SetEndAt(e.Ends)
	v.SetSummary(e.Summary)
	if e.Description != "" {
		v.SetDescription(e.Description)
	}
	if e.Place != "" {
		v.SetLocation(e.Place)
	}
	if e.URL != "" {
		v.SetURL(e.URL)
	}
	v.SetStatus(ical.ObjectStatusConfirmed)
	if e.Cancelled {
		v.SetStatus(ical.ObjectStatusCancelled)
	}
	return v
}
