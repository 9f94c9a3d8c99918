package learning

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// Priority is what a unit does in a year so that a goal is reached: by learning and by other means. The
// learning strategy of a year is the priorities of all units; a unit's learning plan is its own.
type Priority struct {
	ID           string
	Unit         org.Ref
	Year         int
	Name         string // what shall be so, in a sentence
	Why          string
	Goal         string     // id of the goal of a unit that it serves
	Competencies []string   // ids
	Resources    []string   // ids
	Solutions    []Solution // that are no learning
	Hours        int        // of participants, that are planned; 0 where it is not said
	Budget       int64      // in the currency's smallest unit
	Currency     string
	Owner        org.Ref
	Learning     Signature // of the learning function
	Head         Signature // of the head of the unit
	By           string
	At           time.Time
}

// Solution is something that improves performance and is no learning.
type Solution struct {
	Kind effort.Kind
	What string
}

// Signature is somebody's yes to a priority, and to its goal as it then was.
type Signature struct {
	By   string
	At   time.Time
	Goal string // Fingerprint of the goal; "" where nobody has signed
}

// IsZero says whether nobody has signed.
func (s Signature) IsZero() bool { return s.At.IsZero() }

const (
	mostNamed     = 60 // competencies, resources or solutions
	mostBudget    = 1_000_000_000_00
	mostPlanHours = 100_000_000
)

// Check brings a priority into order and reports what it lacks.
func (p *Priority) Check() error {
	p.Name, p.Why = line(p.Name), words(p.Why)
	switch {
	case p.Name == "" || tooLong(p.Name, mostName):
		return fault.Fieldf("name", "say in a sentence of at most %d characters what shall be so", mostName)
	case tooLong(p.Why, mostNote):
		return fault.Fieldf("why", "this text has at most %d characters", mostNote)
	case p.Goal == "":
		return fault.Fieldf("goal", "choose the goal that it serves: a priority that serves none is none")
	case p.Owner.ID == "":
		return fault.Fieldf("owner", "say who answers for it")
	case max(len(p.Competencies), len(p.Resources), len(p.Solutions)) > mostNamed:
		return fault.Fieldf("competencies", "a priority names at most %d of each", mostNamed)
	case len(p.Competencies)+len(p.Resources)+len(p.Solutions) == 0:
		return fault.Fieldf("competencies", "name a competency, a resource or another solution: else nothing is done")
	case p.Hours < 0 || p.Hours > mostPlanHours:
		return fault.Fieldf("hours", "hours are 0 or more")
	case p.Budget < 0 || p.Budget > mostBudget:
		return fault.Fieldf("budget", "a budget is 0 or more, and at most a thousand million")
	}
	if err := period.CheckYear(p.Year); err != nil {
		return err
	}
	for n := range p.Solutions {
		s := &p.Solutions[n]
		if s.What = line(s.What); !slices.Contains(effort.Kinds, s.Kind) || s.Kind == effort.Learning {
			return fault.Fieldf("solutions", "choose what kind of solution it is")
		}
		if tooLong(s.What, mostName) {
			return fault.Fieldf("solutions", "this text has at most %d characters", mostName)
		}
	}
	return effort.Cost{Kind: effort.Internal, Amount: p.Budget, Currency: p.Currency}.Check()
}

// Fingerprint changes when what a goal says changes: a signature is under what the goal said then.
func Fingerprint(g strategy.Goal) string {
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return fmt.Sprint(*v)
	}
	said := fmt.Sprintf("%q %q %q %q %s %s %s %q", g.Name, g.Begins, g.Ends, g.Indicator, number(g.Baseline), number(g.Aim), number(g.High), g.Ended)
	sum := sha256.Sum256([]byte(said))
	return hex.EncodeToString(sum[:12])
}

// Standing is how far a priority is agreed.
type Standing string

const (
	Drafted  Standing = "drafted"  // nobody has signed
	OneSided Standing = "one-side" // one of the two has
	Agreed   Standing = "agreed"   // both have
	Reopened Standing = "reopened" // its goal has changed, or is not there any more, since somebody signed
)

// Stands says how far it is agreed, its goal being as it is now; the zero goal is one that is not there.
func (p Priority) Stands(goal strategy.Goal) Standing {
	now := Fingerprint(goal)
	for _, s := range []Signature{p.Learning, p.Head} {
		if !s.IsZero() && (goal.ID == "" || s.Goal != now) {
			return Reopened
		}
	}
	switch {
	case p.Learning.IsZero() && p.Head.IsZero():
		return Drafted
	case p.Learning.IsZero() || p.Head.IsZero():
		return OneSided
	}
	return Agreed
}

// Review is a meeting of the alignment round: learning and the head of a unit on the unit's plan.
type Review struct {
	ID        string
	Unit      org.Ref
	Year      int
	Day       period.Day
	With      string // who was there
	Decisions string // one a line
	Minutes   string
	Next      period.Day // when the plan is looked at again; "" where it is not said
	By        string
	At        time.Time
}

// Check brings a review into order and reports what it lacks.
func (r *Review) Check(today period.Day) error {
	day, err := period.ParseDay(string(r.Day))
	next, nextErr := period.ParseDay(string(r.Next))
	r.With, r.Decisions, r.Minutes = line(r.With), words(r.Decisions), words(r.Minutes)
	switch {
	case err != nil || day == "":
		return fault.Fieldf("day", "choose the day")
	case day > today:
		return fault.Fieldf("day", "this day has not come yet: write down what was, not what will be")
	case r.With == "" || tooLong(r.With, mostName):
		return fault.Fieldf("with", "say in at most %d characters who was there", mostName)
	case r.Decisions == "" || tooLong(r.Decisions, mostNote):
		return fault.Fieldf("decisions", "write down what was decided, in at most %d characters", mostNote)
	case tooLong(r.Minutes, 4*mostNote):
		return fault.Fieldf("minutes", "this text has at most %d characters", 4*mostNote)
	case nextErr != nil || next != "" && next <= day:
		return fault.Fieldf("next", "choose a later day on which the plan is looked at again, or none")
	}
	r.Day, r.Next = day, next
	return nil
}
