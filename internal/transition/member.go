package transition

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Status is how far somebody is in a programme.
type Status string

const (
	Nominated Status = "nominated" // by a manager, who releases the time
	Invited   Status = "invited"   // asked by mail
	Accepted  Status = "accepted"  // in formation: has said yes and does not coach yet
	Active    Status = "active"
	Declined  Status = "declined"
	Alumnus   Status = "alumnus" // was in it
)

// Statuses lists them in the order in which somebody goes through them.
var Statuses = []Status{Nominated, Invited, Accepted, Active, Declined, Alumnus}

var next = map[Status][]Status{
	Nominated: {Invited, Accepted, Declined},
	Invited:   {Invited, Accepted, Declined},
	Accepted:  {Active, Declined, Alumnus},
	Active:    {Alumnus},
	Declined:  {Nominated},
	Alumnus:   {Nominated},
}

// Member is somebody in a programme, as today's roster knows them.
type Member struct {
	ID     string
	Person org.Person // zero but for ID, Key and Name where the person has left
	Left   bool       // is not at work any more
	Status Status
	Since  time.Time // in this status
	Team   org.Ref   // the management team that a leader coaches
	Part   org.Ref   // the unit of that team; otherwise the person's
	Room   int       // how many people a coach can look after
	Steps  []Step    // the oldest first
}

// Step is a change of status.
type Step struct {
	Status Status
	At     time.Time
	By     string
	Reason string
}

// Next lists what can follow on the member's status.
func (m Member) Next() []Status { return slices.Clone(next[m.Status]) }

// Coaches says whether a member does the work now.
func (m Member) Coaches() bool { return m.Status == Active && !m.Left }

// Forms says whether a member has said yes and does not do the work yet.
func (m Member) Forms() bool { return m.Status == Accepted && !m.Left }

// Take moves a member to another status. It reports one that does not follow on the present
// one, somebody who has left, and a missing reason.
func (m Member) Take(s Step) error {
	name := m.Person.Title()
	if !slices.Contains(next[m.Status], s.Status) {
		return fault.Conflictf("this does not follow on where %s is in this programme: look at the page again", name)
	}
	if m.Left && s.Status != Declined && s.Status != Alumnus {
		return fault.Conflictf("%s has left the organisation: choose somebody else", name)
	}
	s.Reason = strings.TrimSpace(s.Reason)
	if s.Reason == "" && (s.Status == Declined || s.Status == Alumnus) {
		return fault.Fieldf("reason", "say why, in a few words: it helps to ask the next person better")
	}
	if len(s.Reason) > 1000 {
		return fault.Fieldf("reason", "a reason has at most 1,000 bytes")
	}
	return nil
}

// CheckRoom reports a number of people that no coach can look after.
func CheckRoom(room int) error {
	if room < 1 || room > 1000 {
		return fault.Fieldf("room", "a coach looks after 1 to 1,000 people, not %d", room)
	}
	return nil
}

// Formed is how many were in a programme at the end of a month.
type Formed struct {
	Month  string // 2026-01
	Active int
	Forms  int // had said yes
}

// Forming follows the members' statuses from month to month, from the first step on until
// now, in the time zone of now. It is what was; who has left since is in it until an
// alumnus.
func Forming(members []Member, now time.Time) []Formed {
	var first time.Time
	for _, m := range members {
		if len(m.Steps) > 0 && (first.IsZero() || m.Steps[0].At.Before(first)) {
			first = m.Steps[0].At
		}
	}
	if first.IsZero() {
		return nil
	}
	first = first.In(now.Location())
	var all []Formed
	for month := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, now.Location()); !month.After(now); month = month.AddDate(0, 1, 0) {
		f := Formed{Month: string(period.DayOf(month))[:len("2006-01")]}
		end := month.AddDate(0, 1, 0)
		for _, m := range members {
			switch m.statusBefore(end) {
			case Active:
				f.Active++
			case Accepted:
				f.Forms++
			}
		}
		all = append(all, f)
	}
	return all
}

func (m Member) statusBefore(t time.Time) (s Status) {
	for _, step := range m.Steps {
		if step.At.Before(t) {
			s = step.Status
		}
	}
	return s
}
