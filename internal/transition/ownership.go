package transition

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/stat"
	"throughline/internal/org"
)

// RunBy says whose people ran something.
type RunBy string

const (
	NotSaid   RunBy = ""
	OwnPeople RunBy = "own"
	Outside   RunBy = "external"
)

// DiagnosisStep is a part of a diagnosis that somebody runs.
type DiagnosisStep string

const (
	StepOpen      DiagnosisStep = "open"      // set it up and opened it
	StepInterview DiagnosisStep = "interview" // held the interviews
	StepClose     DiagnosisStep = "close"     // closed it and read the report
	StepChoose    DiagnosisStep = "choose"    // led the choice of focal points
)

// StepsOfDiagnosis lists them, in their order.
var StepsOfDiagnosis = []DiagnosisStep{StepOpen, StepInterview, StepClose, StepChoose}

// Conduct says who ran a step of a diagnosis.
type Conduct struct {
	Diagnosis string // id
	Name      string // of the diagnosis
	Step      DiagnosisStep
	Day       period.Day // on which it was done, "" for not yet
	By        RunBy
	Who       string // in a few words, "" for not said
	Itself    bool   // the program knows it: somebody of the roster did it
}

// Check brings what somebody says of a step into order.
func (c *Conduct) Check() error {
	if !slices.Contains(StepsOfDiagnosis, c.Step) {
		return fault.Fieldf("step", "choose the step of the diagnosis")
	}
	if c.By != NotSaid && c.By != OwnPeople && c.By != Outside {
		return fault.Fieldf("by", "say whether own people or somebody outside ran it")
	}
	if err := CheckText(&c.Who, "who"); err != nil {
		return err
	}
	if len(c.Who) > 200 {
		return fault.Fieldf("who", "say in at most 200 bytes who ran it")
	}
	return nil
}

// DeedKind says what was run.
type DeedKind int

const (
	DeedStep DeedKind = iota // of a diagnosis
	DeedSession
	DeedAction
)

// Deed is one thing that was run.
type Deed struct {
	Kind DeedKind
	Day  period.Day
	By   RunBy
}

// Owned counts what was run by whom.
type Owned struct{ Own, Outside, Unsaid int }

// Share is the part that own people ran, of what is known of; false where nothing is.
func (o Owned) Share() (float64, bool) {
	if o.Own+o.Outside == 0 {
		return 0, false
	}
	return float64(o.Own) / float64(o.Own+o.Outside), true
}

func (o *Owned) add(by RunBy) {
	switch by {
	case OwnPeople:
		o.Own++
	case Outside:
		o.Outside++
	default:
		o.Unsaid++
	}
}

// OwnedIn is what was run in a quarter, by kind: steps, sessions, actions.
type OwnedIn struct {
	Quarter string // 2026-Q1
	Kinds   [3]Owned
}

// All is what was run of all kinds.
func (o OwnedIn) All() (all Owned) {
	for _, k := range o.Kinds {
		all.Own, all.Outside, all.Unsaid = all.Own+k.Own, all.Outside+k.Outside, all.Unsaid+k.Unsaid
	}
	return all
}

// Ownership counts deeds quarter by quarter, from the first until the last of them; a quarter
// without any is there too.
func Ownership(deeds []Deed) (all []OwnedIn) {
	deeds = slices.DeleteFunc(slices.Clone(deeds), func(d Deed) bool { return quarter(d.Day) == "" })
	slices.SortFunc(deeds, func(a, b Deed) int { return cmp.Compare(a.Day, b.Day) })
	for _, d := range deeds {
		q := quarter(d.Day)
		for len(all) > 0 && all[len(all)-1].Quarter < q {
			all = append(all, OwnedIn{Quarter: after(all[len(all)-1].Quarter)})
		}
		if len(all) == 0 {
			all = []OwnedIn{{Quarter: q}}
		}
		all[len(all)-1].Kinds[d.Kind].add(d.By)
	}
	return all
}

// quarter is that of a day; "" for no day.
func quarter(d period.Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d-Q%d", t.Year(), (int(t.Month())+2)/3)
}

func after(q string) string {
	year, _ := strconv.Atoi(q[:4])
	if q[6] == '4' {
		return fmt.Sprintf("%d-Q1", year+1)
	}
	return q[:6] + string(q[6]+1)
}

// Runner is somebody at work who can run a diagnosis.
type Runner struct {
	Person org.Person
	Step   ExperienceKind // CoRan or Led
}

// Implementation is how well what is decided gets done, between two diagnoses.
type Implementation struct {
	Decided  int
	Due      int // of these, promised for a day that is past
	OnTime   int // of the due ones, done by the first promised day
	Done     int
	Days     float64 // median from decision to done; 0 where none is done
	Stopped  int     // each with its reason
	Expected int     // that ended, and of whose characteristic one can tell whether it moved
	Moved    int     // of these, whose characteristic is clearly up
	Adopted  int     // taken from an action of another unit, or of one of which no unit is known
}

// Implement counts what became of actions. until is the last day that counts: today, or that
// of the next diagnosis. up says, by the action's id, whether its characteristic was clearly up
// in that diagnosis; an action of which nobody can tell is not in it.
func Implement(actions []Action, until period.Day, up map[string]bool) (m Implementation) {
	var took []float64
	for _, a := range actions {
		m.Decided++
		done := a.State == ActionDone && a.Ended <= until
		if a.Promised < until {
			if m.Due++; done && a.Ended <= a.Promised {
				m.OnTime++
			}
		}
		if done {
			m.Done++
			took = append(took, float64(days(a.Decided, a.Ended)))
		}
		if a.State == ActionStopped && a.Ended <= until {
			m.Stopped++
		}
		if moved, known := up[a.ID]; known && done {
			if m.Expected++; moved {
				m.Moved++
			}
		}
		if a.From != "" && (a.FromUnit == "" || a.FromUnit != a.Body.Unit.ID) {
			m.Adopted++
		}
	}
	m.Days, _ = stat.Median(took)
	return m
}
