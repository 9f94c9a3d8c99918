package calendar_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/calendar"

	ical "github.com/arran4/golang-ical"
)

var meeting = calendar.Event{UID: "s1@throughline", Sequence: 2, Starts: time.Date(2026, 3, 2, 13, 30, 0, 0, time.FixedZone("", 3600)), Ends: time.Date(2026, 3, 2, 15, 0, 0, 0, time.FixedZone("", 3600)),
	Changed: time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC), Summary: `First session; 'dialogue', trust \ "ünïcödé"`,
	Description: "Looking at yourself.\nA long line that has to be folded, as it has more than seventy-five octets: ünïcödé, ünïcödé and ünïcödé.\n\nEnd", Place: "Canteen 2, Preston", URL: "https://example.org/s/1?a=b;c",
	Organiser: calendar.Person{Name: `O'Brien, "Pat"; x:y`, Mail: "pat@example.org"}, Attendee: calendar.Person{Name: "Zoë Ng", Mail: "zoe@example.org"}}

// read is what python3-icalendar, which nobody here wrote, makes of a calendar.
const read = `import icalendar, json, sys
c = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
out = {"method": str(c["METHOD"]), "events": []}
for e in c.walk("VEVENT"):
    a = e.get("ATTENDEE"); o = e.get("ORGANIZER")
    assert not e.errors, e.errors
    out["events"].append({"uid": str(e["UID"]), "sequence": int(e["SEQUENCE"]), "summary": str(e["SUMMARY"]), "description": str(e.get("DESCRIPTION", "")),
        "place": str(e.get("LOCATION", "")), "url": str(e.get("URL", "")), "starts": e.decoded("DTSTART").isoformat(), "ends": e.decoded("DTEND").isoformat(), "status": str(e["STATUS"]),
        "attendee": [str(a), a.params.get("CN", "")] if a else None, "organiser": [str(o), o.params.get("CN", "")] if o else None})
json.dump(out, sys.stdout)`

type seen struct {
	Method string
	Events []struct {
		UID, Summary, Description, Place, URL, Starts, Ends, Status string
		Sequence                                                    int
		Attendee, Organiser                                         []string
	}
}

func byPython(t *testing.T, file string) (s seen) {
	t.Helper()
	python := ""
	for _, one := range []string{"/usr/bin/python3", "python3"} { // the system's has the system's packages
		if python == "" && exec.Command(one, "-c", "import icalendar").Run() == nil {
			python = one
		}
	}
	if python == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3-icalendar is missing")
		}
		t.Skip("python3-icalendar, which reads calendars, is missing")
	}
	cmd := exec.Command(python, "-c", read)
	cmd.Stdin, cmd.Stderr = strings.NewReader(file), os.Stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &s)
	}
	if err != nil {
		t.Fatalf("%v of\n%s", err, file)
	}
	return s
}

// A mail's event comes out of two readers as it went in; what is cancelled says so.
func TestTwoReadersReadAMail(t *testing.T) {
	file, method := calendar.Mail(meeting)
	if method != calendar.Request {
		t.Errorf("method %s", method)
	}
	for line := range strings.SplitSeq(file, "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	s := byPython(t, file)
	e := s.Events[0]
	if s.Method != "REQUEST" || e.UID != meeting.UID || e.Sequence != 2 || e.Summary != meeting.Summary || e.Description != meeting.Description || e.Place != meeting.Place || e.URL != meeting.URL || e.Status != "CONFIRMED" {
		t.Errorf("%+v", s)
	}
	if e.Starts != "2026-03-02T12:30:00+00:00" || e.Ends != "2026-03-02T14:00:00+00:00" {
		t.Errorf("%s to %s", e.Starts, e.Ends)
	}
	if strings.Join(e.Organiser, " ") != "mailto:pat@example.org O’Brien Pat x y" || strings.Join(e.Attendee, " ") != "mailto:zoe@example.org Zoë Ng" {
		t.Errorf("%v, %v", e.Organiser, e.Attendee)
	}
	c, err := ical.ParseCalendar(strings.NewReader(file))
	if err != nil || len(c.Events()) != 1 {
		t.Fatalf("%v", err)
	}
	starts, err := c.Events()[0].GetStartAt()
	if err != nil || !starts.Equal(meeting.Starts) || c.Events()[0].Id() != meeting.UID || c.Events()[0].Attendees()[0].Email() != "zoe@example.org" {
		t.Errorf("%v, %v", starts, err)
	}
	gone := meeting
	gone.Cancelled, gone.Sequence = true, 3
	file, method = calendar.Mail(gone)
	if s := byPython(t, file); method != "CANCEL" || s.Method != "CANCEL" || s.Events[0].Status != "CANCELLED" || s.Events[0].Sequence != 3 {
		t.Errorf("%+v", s)
	}
}

func TestTwoReadersReadAFeed(t *testing.T) {
	bare := calendar.Event{UID: "s2@throughline", Starts: meeting.Starts, Ends: meeting.Ends, Changed: meeting.Changed, Summary: "Second"}
	file := calendar.Feed("Your sessions, all", []calendar.Event{meeting, bare})
	s := byPython(t, file)
	if s.Method != "PUBLISH" || len(s.Events) != 2 || s.Events[1].UID != bare.UID || s.Events[0].Attendee != nil {
		t.Errorf("%+v", s)
	}
	if c, err := ical.ParseCalendar(strings.NewReader(file)); err != nil || len(c.Events()) != 2 {
		t.Errorf("%v", err)
	}
	if empty := byPython(t, calendar.Feed("Nothing", nil)); len(empty.Events) != 0 {
		t.Errorf("%+v", empty)
	}
}
