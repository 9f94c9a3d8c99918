package transition

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
	"throughline/internal/org"
)

// Action is something that a management team or a group has decided to do, tied to a focal point
// or openly off focus.
type Action struct {
	ID         string
	Body       Body // its kind, ID, name and unit, as of the decision
	Programme  string
	What       string
	Diagnosis  string // id of that of the focal point
	Focal      string // id of the focal point, "" off focus
	Theme      string // what that is called
	Item       string // the characteristic that is expected to move, "" off focus
	OffFocus   string // why it is done nonetheless
	Effect     string // what people will notice, "" for not said
	Kind       effort.Kind
	Owner      org.Ref
	OwnerLeft  bool
	Decided    period.Day
	Promised   period.Day // the first day by which it was to be done
	Due        period.Day // the present one
	Initiative string     // id of what it is part of, "" for nothing
	Goal       string     // id of the unit's goal that it helps to reach, "" for none
	External   bool       // run by somebody outside
	From       string     // id of the action of another body that it was taken from
	FromUnit   string     // id of that one's unit
	State      ActionState
	Ended      period.Day // "" while it is open
	Outcome    Outcome    // once done
	Came       string     // what came of it, or why it was stopped
	CheckIns   []CheckIn  // the oldest first
	At         time.Time
}

// ActionState is how far an action is.
type ActionState string

const (
	ActionOpen    ActionState = "open"
	ActionDone    ActionState = "done"
	ActionStopped ActionState = "stopped"
)

// CheckIn is what somebody says of an action between its decision and its end.
type CheckIn struct {
	ID      string
	Day     period.Day
	By      string
	Pace    Pace
	Text    string
	Minutes int // that all who worked on it have spent since the last one
	Costs   []effort.Cost
	Due     period.Day // that it moved to, for Moved
	At      time.Time
}

// Pace is how an action goes.
type Pace string

const (
	OnTrack Pace = "on-track"
	Slower  Pace = "slower"
	Stuck   Pace = "stuck"
	Moved   Pace = "moved" // to another day; written down by itself, as are those that follow
	Done    Pace = "done"
	Stopped Pace = "stopped"
	Resumed Pace = "resume" // after it had ended
)

// Paces are those that somebody chooses among.
var Paces = []Pace{OnTrack, Slower, Stuck}

const (
	mostWhat  = 200 // characters
	mostOpen  = 100 // actions of one management team or group
	yearsBack = 1   // that a decision is written down afterwards
)

// Check brings an action into order and reports, at its field, what it lacks. It is checked
// against the body that decides on it.
func (a *Action) Check(b Body, today period.Day) error {
	a.What, a.OffFocus, a.Effect = strings.Join(strings.Fields(text.Straight(a.What)), " "), strings.TrimSpace(a.OffFocus), strings.TrimSpace(a.Effect)
	if !text.Visible(a.What) || utf8.RuneCountInString(a.What) > mostWhat {
		return fault.Fieldf("what", "say in at most %d characters what will be done", mostWhat)
	}
	if err := a.tie(b); err != nil {
		return err
	}
	if len(a.Effect) > 1000 {
		return fault.Fieldf("effect", "say in at most 1,000 bytes what people will notice")
	}
	if !slices.Contains(effort.Kinds, a.Kind) {
		return fault.Fieldf("kind", "choose what kind of work it is")
	}
	owner := slices.IndexFunc(b.Candidates(), func(p org.Person) bool { return p.ID == a.Owner.ID })
	if owner < 0 {
		return fault.Fieldf("owner", "choose who answers for it: somebody of %s who works here", b.Name)
	}
	if p := b.Candidates()[owner]; true {
		a.Owner = org.Ref{ID: p.ID, Key: p.Key, Name: p.Title()}
	}
	decided, ok := chosen(a.Decided)
	switch {
	case !ok:
		return fault.Fieldf("decided", "choose the day on which it was decided")
	case decided > today:
		return fault.Fieldf("decided", "this day has not come yet: write down what was decided, not what will be")
	case days(decided, today) > yearsBack*366:
		return fault.Fieldf("decided", "this was decided more than a year ago: what is still to be done is decided anew")
	}
	due, ok := chosen(a.Due)
	switch {
	case !ok:
		return fault.Fieldf("due", "choose until when it is to be done")
	case due < decided:
		return fault.Fieldf("due", "it cannot be due before it was decided")
	}
	a.Decided, a.Due = decided, due
	if a.Promised == "" {
		a.Promised = due
	}
	return nil
}

// tie ties an action to a focal point and one of its characteristics, or openly to none.
func (a *Action) tie(b Body) error {
	if a.Focal == "" {
		a.Diagnosis, a.Theme, a.Item = "", "", ""
		if !text.Visible(a.OffFocus) || len(a.OffFocus) > 1000 {
			return fault.Fieldf("off", "say why it is done although it serves no focal point, in at most 1,000 bytes")
		}
		return nil
	}
	point, there := b.Point(a.Focal)
	if !there {
		return fault.Fieldf("serves", "choose the focal point that it serves, or say that it is off focus")
	}
	if !slices.Contains(point.Items, a.Item) {
		return fault.Fieldf("serves", "choose the characteristic that it is to move")
	}
	a.Diagnosis, a.Theme, a.OffFocus = point.Diagnosis, point.Theme, ""
	return nil
}

// Tied is the focal point that an action is tied to, as far as the action knows it.
func (a Action) Tied() Focus {
	return Focus{FocalPoint: diagnosis.FocalPoint{ID: a.Focal, Theme: a.Theme, Items: []string{a.Item}}, Diagnosis: a.Diagnosis}
}

// CheckOpen reports more open actions than anybody keeps in sight.
func CheckOpen(all []Action) error {
	open := 0
	for _, a := range all {
		if a.Open() {
			open++
		}
	}
	if open >= mostOpen {
		return fault.Conflictf("%d actions are open: end some of them first", open)
	}
	return nil
}

// CheckTie reports that what an action is tied to has changed after something was said of it: what
// was done until then would be counted otherwise.
func (a Action) CheckTie(changed Action) error {
	if len(a.CheckIns) > 0 && (a.Focal != changed.Focal || a.Item != changed.Item) {
		return fault.Fieldf("serves", "something has been said of this action: stop it with a reason, and decide on another that serves this")
	}
	return nil
}

// Lends says whether others can take an action over: it is done and helped, and is tied to a focal
// point that they have too.
func (a Action) Lends(b Body) bool {
	_, there := b.Point(a.Focal)
	return there && a.State == ActionDone && (a.Outcome == Helped || a.Outcome == Partly) && (a.Body.Kind != b.Kind || a.Body.ID != b.ID)
}

// Open says whether an action is still to be done.
func (a Action) Open() bool { return a.State == ActionOpen }

// Late is how many days ago an open action should have been done; 0 or less for none.
func (a Action) Late(today period.Day) int {
	if !a.Open() {
		return 0
	}
	return days(a.Due, today)
}

// days is how many days lie between two.
func days(from, to period.Day) int {
	a, errA := time.Parse(time.DateOnly, string(from))
	b, errB := time.Parse(time.DateOnly, string(to))
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// Last is when something was last said of an action: the day of its newest check-in, or of the
// decision.
func (a Action) Last() period.Day {
	if n := len(a.CheckIns); n > 0 {
		return a.CheckIns[n-1].Day
	}
	return a.Decided
}

// openIn says whether an action was open at some time from a day until another.
func (a Action) openIn(from, until period.Day) bool {
	since := a.Decided // of the present time of being open; "" while it is not
	for _, c := range a.CheckIns {
		switch {
		case since != "" && (c.Pace == Done || c.Pace == Stopped):
			if since <= until && c.Day >= from {
				return true
			}
			since = ""
		case since == "" && c.Pace == Resumed:
			since = c.Day
		}
	}
	if a.Ended != "" && since != "" { // ended without a word of it
		return since <= until && a.Ended >= from
	}
	return since != "" && since <= until
}

// Pace is what the newest check-in says; "" before the first.
func (a Action) Pace() Pace {
	for i := len(a.CheckIns) - 1; i >= 0; i-- {
		if slices.Contains(Paces, a.CheckIns[i].Pace) {
			return a.CheckIns[i].Pace
		}
	}
	return ""
}

// Silent is how many days nobody has said anything of an open action.
func (a Action) Silent(today period.Day) int { return days(a.Last(), today) }

// CheckIn brings a check-in into order and reports what it lacks.
func (a Action) CheckIn(c *CheckIn) error {
	if !a.Open() {
		return fault.Conflictf("this action has ended: open it again first")
	}
	if !slices.Contains(Paces, c.Pace) {
		return fault.Fieldf("pace", "say how it goes")
	}
	return c.check()
}

func (c *CheckIn) check() error {
	if err := CheckText(&c.Text, "text"); err != nil {
		return err
	}
	if c.Minutes < 0 || c.Minutes > mostWorked {
		return fault.Fieldf("hours", "choose 0 to 8,760 hours, as many as a year has")
	}
	return nil
}

const mostWorked = 8760 * 60 // minutes

// End ends an action, as done or stopped, and reports what is missing: what came of it, or why it
// is stopped.
func (a *Action) End(state ActionState, outcome Outcome, came string, today period.Day) error {
	if !a.Open() {
		return fault.Conflictf("this action has ended already")
	}
	if err := CheckText(&came, "came"); err != nil {
		return err
	}
	switch state {
	case ActionDone:
		if !slices.Contains(Outcomes, outcome) {
			return fault.Fieldf("outcome", "say what came of it")
		}
	case ActionStopped:
		if outcome = ""; came == "" {
			return fault.Fieldf("came", "say why it is stopped: what was learned is worth as much")
		}
	default:
		return fault.Invalidf("the form could not be read: send it again")
	}
	a.State, a.Outcome, a.Came, a.Ended = state, outcome, came, today
	return nil
}

// Effort is what an action puts into the ledger: hours and costs of each check-in, and that it was
// done. Whose hours they were is not asked: they are those of people of its unit together.
func (a Action) Effort() (all []effort.Entry) {
	serves := []effort.Target{{Kind: effort.ForAction, ID: a.ID}}
	for _, t := range []effort.Target{{Kind: effort.ForProgramme, ID: a.Programme}, {Kind: effort.ForFocal, ID: a.Focal}, {Kind: effort.ForCharacteristic, ID: a.Item}, {Kind: effort.ForInitiative, ID: a.Initiative}, {Kind: effort.ForGoal, ID: a.Goal}} {
		if t.ID != "" {
			serves = append(serves, t)
		}
	}
	entry := func(c CheckIn) effort.Entry {
		e := effort.Entry{Day: c.Day, Kind: a.Kind, What: a.What, External: a.External, Costs: c.Costs, Serves: serves, By: c.By, At: c.At}
		if c.Minutes > 0 {
			e.Hours = []effort.Hours{{Side: effort.Participant, Unit: a.Body.Unit.ID, Minutes: c.Minutes}}
		}
		return e
	}
	noted := a.State != ActionDone // that it was done
	for _, c := range a.CheckIns {
		end := !noted && c.Pace == Done && c.Day == a.Ended
		if c.Minutes > 0 || len(c.Costs) > 0 || end {
			all = append(all, entry(c))
			noted = noted || end
		}
	}
	return all
}
