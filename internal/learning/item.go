package learning

import (
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Item is one thing in somebody's development plan: learning by a resource, or an experience at work.
type Item struct {
	ID         string
	Person     org.Ref
	Unit       org.Ref // where they work
	What       string  // what is done
	Why        string
	Modality   effort.Modality
	Resource   string // id, "" for an experience without one
	Competency string // id of what it is to bring, "" for none
	Level      int    // to which; 0 where it is not said
	Goal       string // id of a goal that it serves, "" for none
	Focal      string // id of a focal point that it serves, "" for none
	Theme      string // what that is called
	Due        period.Day
	Agreed     Agreement
	Done       period.Day // when the person said that it is done; "" while it is not
	Minutes    int        // that it took
	Came       string     // what came of it
	Confirmed  period.Day // when the manager confirmed it
	By         string     // who confirmed it
	Dropped    period.Day // when it was given up
	At         time.Time
}

// Agreement is who has said yes to an item as it stands.
type Agreement struct {
	Person, Manager time.Time
	ManagerName     string
}

// Both says whether person and manager have.
func (a Agreement) Both() bool { return !a.Person.IsZero() && !a.Manager.IsZero() }

// Stage is how far an item is.
type Stage string

const (
	Proposed Stage = "proposed" // one of the two has not said yes
	Working  Stage = "working"
	Reported Stage = "reported" // the person says that it is done
	Proven   Stage = "confirmed"
	GivenUp  Stage = "given-up"
)

// Stage is how far it is.
func (i Item) Stage() Stage {
	switch {
	case i.Dropped != "":
		return GivenUp
	case i.Confirmed != "":
		return Proven
	case i.Done != "":
		return Reported
	case i.Agreed.Both():
		return Working
	}
	return Proposed
}

// Open says whether anything is still to come of an item.
func (i Item) Open() bool { return i.Dropped == "" && i.Confirmed == "" }

// Late says whether an item is open after the day by which it was to be done.
func (i Item) Late(today period.Day) bool {
	return i.Open() && i.Done == "" && i.Due != "" && i.Due < today
}

// Experience says whether it is an experience at work, not something that one is taught.
func (i Item) Experience() bool { return i.Modality.Trait().Form == effort.WorkBased }

// Check brings an item into order and reports what it lacks. levels are those of its competency's
// framework.
func (i *Item) Check(levels int) error {
	due, err := period.ParseDay(string(i.Due))
	i.What, i.Why, i.Theme = line(i.What), words(i.Why), line(i.Theme)
	switch {
	case i.What == "" || tooLong(i.What, mostName):
		return fault.Fieldf("what", "say in at most %d characters what is done", mostName)
	case tooLong(i.Why, mostNote):
		return fault.Fieldf("why", "this text has at most %d characters", mostNote)
	case i.Modality == effort.NotStated || i.Modality.Trait().Modality != i.Modality:
		return fault.Fieldf("modality", "choose how one learns by it")
	case err != nil || due == "":
		return fault.Fieldf("due", "choose the day by which it is done")
	case i.Level < 0 || i.Competency != "" && i.Level > levels:
		return fault.Fieldf("level", "choose a level that the framework has: 1 to %d", levels)
	}
	if i.Due = due; i.Competency == "" {
		i.Level = 0
	}
	return nil
}

// Report says that an item is done: what came of it, and how long it took.
func (i *Item) Report(came string, minutes int, today period.Day) error {
	switch came = words(came); {
	case !i.Open():
		return fault.Conflictf("this is closed already")
	case came == "" || tooLong(came, mostNote):
		return fault.Fieldf("came", "say in at most %d characters what came of it", mostNote)
	case minutes < 0 || minutes > longest:
		return fault.Fieldf("hours", "it takes up to a year; leave the hours out where they are not known")
	}
	i.Done, i.Came, i.Minutes = today, came, minutes
	return nil
}

// Effort is what a confirmed item comes to in the ledger: how long somebody learned and how. What is learned,
// and for what, stays between the two whose plan it is. Nothing of one whose hours are not known.
func (i Item) Effort() []effort.Entry {
	if i.Confirmed == "" || i.Minutes == 0 {
		return nil
	}
	return []effort.Entry{{Day: i.Done, Kind: effort.Learning, What: i.Modality.Name(), Modality: i.Modality, Managed: effort.Locally, Hours: []effort.Hours{{Side: effort.Participant, Unit: i.Unit.ID, Person: i.Person.ID, Minutes: i.Minutes}}}}
}

// Step is something that was said of an item on the way: how it goes, or what shows that it does.
type Step struct {
	ID       string
	Day      period.Day
	Evidence bool // it shows what somebody can do
	What     string
	By       string
	At       time.Time
}

// Check brings a step into order and reports one that says nothing.
func (s *Step) Check() error {
	if s.What = words(s.What); s.What == "" || tooLong(s.What, mostNote) {
		return fault.Fieldf("step", "write it down in at most %d characters", mostNote)
	}
	return nil
}

// Late ones first, then by day; what is closed comes last, the newest first.
func byDue(a, b Item) int {
	switch {
	case a.Open() != b.Open():
		if a.Open() {
			return -1
		}
		return 1
	case a.Due < b.Due:
		return -1
	case a.Due > b.Due:
		return 1
	}
	return 0
}

// SortItems puts what is due next first, and what is closed last.
func SortItems(all []Item) { slices.SortStableFunc(all, byDue) }
