package transition

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// SessionKind says what people come together for.
type SessionKind string

const (
	Meeting      SessionKind = "session"      // built around one focal point
	Buddies      SessionKind = "buddies"      // two who keep each other going
	Consultation SessionKind = "consultation" // peers on a case of one of them
	Visit        SessionKind = "visit"        // to another group or location
	Shadowing    SessionKind = "shadowing"    // of somebody in the role
	Workshop     SessionKind = "workshop"     // on one skill of the role
)

// Arrangements are what supports people in their role besides the sessions.
var Arrangements = []SessionKind{Buddies, Consultation, Visit, Shadowing, Workshop}

// RolePart is a part of what a leader or a coach is there for.
type RolePart string

const (
	KeepFocus    RolePart = "focus"     // of a management team, on what contributes to the focal points
	KnowThemes   RolePart = "themes"    // as an expert
	ShareLearned RolePart = "share"     // what was learned, with the others
	RunDiagnosis RolePart = "diagnosis" // the next one
	LinkProblems RolePart = "problems"  // of the day to the concept
	SpreadWorks  RolePart = "spread"    // what works
	LookAfter    RolePart = "group"     // the own one
)

// RoleParts lists those of a kind of programme.
func RoleParts(k Kind) []RolePart {
	if k == Leaders {
		return []RolePart{KeepFocus, KnowThemes, ShareLearned, RunDiagnosis}
	}
	return []RolePart{LinkProblems, SpreadWorks, LookAfter, KnowThemes}
}

// Session is an event of a programme: a session, or one of the arrangements.
type Session struct {
	ID        string
	Programme string
	Series    string // id that the sessions of one series share, "" for none
	Kind      SessionKind
	Of        string // the member whose group or management team it is for, "" for members of the programme
	Scope     Scope  // which members; zero for all
	Name      string // "" for what its kind and focal point say
	Starts    time.Time
	Minutes   int
	Place     string
	Host      Host
	Diagnosis string // id of that of its focal point
	Focal     string // id of the focal point that it is built around; "" for an arrangement without one
	Theme     string // what that is called
	First     bool   // the first session of these people
	Agenda    []AgendaPart
	Role      RolePart // that an arrangement serves
	Version   int      // one more with every change that people are told of
	Cancelled bool
	Reason    string    // why
	Held      time.Time // when it was noted who came; zero before
	Prepared  int       // minutes that the host prepared
	Costs     []effort.Cost
	Minuted   string // its minutes
}

// Scope narrows which members of a programme a session is for.
type Scope struct {
	Kind ScopeKind `json:"kind,omitempty"`
	ID   string    `json:"id,omitempty"`
	Name string    `json:"name,omitempty"`
}

// ScopeKind says by what.
type ScopeKind string

const (
	AllMembers ScopeKind = ""
	AtLocation ScopeKind = "location"
	OfPartner  ScopeKind = "partner"
)

// Holds says whether a scope has a member.
func (s Scope) Holds(m Member) bool {
	switch s.Kind {
	case AtLocation:
		return m.Person.Location.ID == s.ID
	case OfPartner:
		return m.Person.Partner.ID == s.ID
	}
	return true
}

// Host is who leads a session: somebody of the roster, or somebody from outside.
type Host struct {
	Person   org.Ref // zero for somebody who is not on the roster
	Name     string
	External bool
}

// Ends is when a session is over.
func (s Session) Ends() time.Time { return s.Starts.Add(time.Duration(s.Minutes) * time.Minute) }

// Over says whether it is.
func (s Session) Over(now time.Time) bool { return !s.Ends().After(now) }

const (
	leastMinutes = 10
	mostMinutes  = 24 * 60
	mostText     = 8000
)

// Check brings a session into order and reports, at its field, what it lacks.
func (s *Session) Check(k Kind) error {
	s.Name, s.Place, s.Host.Name = strings.TrimSpace(s.Name), strings.TrimSpace(s.Place), strings.TrimSpace(s.Host.Name)
	switch {
	case s.Kind != Meeting && !slices.Contains(Arrangements, s.Kind):
		return fault.Fieldf("kind", "choose what people come together for")
	case len(s.Name) > 200:
		return fault.Fieldf("name", "a name has at most 200 bytes")
	case s.Starts.IsZero():
		return fault.Fieldf("starts", "choose the day and the time")
	case s.Minutes < leastMinutes || s.Minutes > mostMinutes:
		return fault.Fieldf("minutes", "a session takes 10 minutes to a day, not %d minutes", s.Minutes)
	case s.Place == "" || len(s.Place) > 300:
		return fault.Fieldf("place", "say in at most 300 bytes where: a room, or the link of a call")
	case s.Host.Name == "" || len(s.Host.Name) > 200:
		return fault.Fieldf("host", "say who leads it")
	case s.Kind == Meeting && s.Focal == "":
		return fault.Fieldf("focal", "choose the focal point that it is built around")
	case s.Kind != Meeting && !slices.Contains(RoleParts(k), s.Role):
		return fault.Fieldf("role", "choose the part of the role that it serves")
	}
	if s.Kind == Meeting {
		s.Role = ""
		if len(s.Agenda) == 0 {
			s.Agenda = Template(s.First, s.Minutes)
		}
	}
	return checkAgenda(s.Agenda)
}

// CheckPeople reports how many people cannot take part in an arrangement.
func (s Session) CheckPeople(n int) error {
	switch {
	case n == 0:
		return fault.Fieldf("person", "tick who takes part")
	case s.Kind == Buddies && n != 2:
		return fault.Fieldf("person", "a buddy pair are two people, not %d", n)
	}
	return nil
}

// Answer is what somebody says to an invitation.
type Answer string

const (
	Unsaid Answer = ""
	Yes    Answer = "yes"
	No     Answer = "no"
)

// Attendee is somebody who is asked to a session.
type Attendee struct {
	Person org.Person // zero but for ID, Key and Name where the person has left
	Left   bool
	Answer Answer
	Why    string // not
	Came   bool   // once the session has been held
	Mailed int    // the version that was mailed last, -1 for none
	Gone   bool   // asked no more: has stopped, or was taken off
}

// Clash names who is asked to two sessions that overlap.
func (s Session) Clash(asked []string, other Session, others []string) (both []string) {
	if other.ID == s.ID || other.Cancelled || s.Cancelled || !s.Starts.Before(other.Ends()) || !other.Starts.Before(s.Ends()) {
		return nil
	}
	for _, one := range asked {
		if slices.Contains(others, one) {
			both = append(both, one)
		}
	}
	return both
}

// Effort is what a session puts into the ledger once it has been held: the hours of who came,
// those of the host, who is not named where the roster does not know them, and the costs. unit says where somebody works, by id.
func (s Session) Effort(name string, came []string, unit map[string]string) []effort.Entry {
	if s.Held.IsZero() || s.Cancelled {
		return nil
	}
	e := effort.Entry{Day: period.DayOf(s.Starts), Kind: effort.Learning, What: name, External: s.Host.External, Costs: s.Costs, Serves: []effort.Target{{Kind: effort.ForProgramme, ID: s.Programme}}}
	if s.Focal != "" {
		e.Serves = append(e.Serves, effort.Target{Kind: effort.ForFocal, ID: s.Focal})
	}
	for _, one := range came {
		if one != s.Host.Person.ID {
			e.Hours = append(e.Hours, effort.Hours{Side: effort.Participant, Unit: unit[one], Person: one, Minutes: s.Minutes})
		}
	}
	e.Hours = append(e.Hours, effort.Hours{Side: effort.Staff, Unit: unit[s.Host.Person.ID], Person: s.Host.Person.ID, Minutes: s.Minutes + s.Prepared})
	return []effort.Entry{e}
}

// Coached is time that a leader or a coach spent with people between the sessions.
type Coached struct {
	Day     period.Day
	Minutes int
	People  int // how many others were there
	Focal   string
	What    string
	Costs   []effort.Cost
}

// Check brings it into order and reports, at its field, what it lacks.
func (c *Coached) Check(today period.Day) error {
	day, chosen := chosen(c.Day)
	switch c.What = strings.TrimSpace(c.What); {
	case !chosen:
		return fault.Fieldf("coached-day", "choose the day")
	case day > today:
		return fault.Fieldf("coached-day", "this day has not come yet: write down what was, not what will be")
	case c.Minutes < 1 || c.Minutes > mostMinutes:
		return fault.Fieldf("coached-minutes", "write 1 to 1,440 minutes, not %d", c.Minutes)
	case c.People < 1 || c.People > 1000:
		return fault.Fieldf("coached-people", "write with how many people, 1 to 1,000, not %d", c.People)
	case c.Minutes*c.People > 100_000:
		return fault.Fieldf("coached-people", "these are more hours than can be: correct the minutes or the people")
	case c.What == "" || len(c.What) > 300:
		return fault.Fieldf("coached-what", "say in at most 300 bytes what was done")
	}
	c.Day = day
	return nil
}

// Effort is what it puts into the ledger: the hours of the coach, and those of the others, who
// are not named, in the coach's unit.
func (c Coached) Effort(p Programme, coach org.Person) effort.Entry {
	e := effort.Entry{Day: c.Day, Kind: effort.Coaching, What: c.What, Costs: c.Costs, Serves: []effort.Target{{Kind: effort.ForProgramme, ID: p.ID}},
		Hours: []effort.Hours{{Side: effort.Staff, Unit: coach.Unit.ID, Person: coach.ID, Minutes: c.Minutes}, {Side: effort.Participant, Unit: coach.Unit.ID, Minutes: c.Minutes * c.People}}}
	if slices.Contains(p.Focal, c.Focal) {
		e.Serves = append(e.Serves, effort.Target{Kind: effort.ForFocal, ID: c.Focal})
	}
	return e
}
