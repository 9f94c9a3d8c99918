package strategy

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
	"throughline/internal/org"
)

// How says what a goal is to another that stands above it.
type How string

const (
	Identical   How = "identical"   // the same goal, for this part
	Contributes How = "contributes" // a part of its sum
	Supports    How = "supports"    // it helps
	LeadsTo     How = "leads-to"    // a hypothesis of the strategy map, between goals of one unit
)

// Serving lists how a goal can serve one above it; LeadsTo is not among them.
var Serving = []How{Identical, Contributes, Supports}

// Link is what a goal is to another.
type Link struct {
	Goal    string // id of the other
	How     How
	Because string // one sentence
}

// Objective is something to be learned, inside a goal.
type Objective struct {
	ID   string
	What string
	Done period.Day // "" while it is not
}

// Outcome is how a goal ended.
type Outcome string

const (
	GoalReached Outcome = "reached"
	GoalPartly  Outcome = "partly"
	GoalMissed  Outcome = "missed"
	GoalDropped Outcome = "dropped" // it is not wanted any more
)

// Outcomes lists them.
var Outcomes = []Outcome{GoalReached, GoalPartly, GoalMissed, GoalDropped}

// Goal is what a unit or a person wants to have come to by a day.
type Goal struct {
	ID           string
	Unit         org.Ref // whose it is; of a person's goal, where the person works
	Person       org.Ref // zero for a goal of the unit
	Name         string  // what will be so then, in a sentence
	Why          string
	Perspective  Perspective
	Begins, Ends period.Day
	Owner        org.Ref // of a unit's goal; zero for nobody
	Indicator    string  // id, "" for none
	Baseline     *float64
	Aim, High    *float64 // target; High is the upper end of a range
	Weight       int      // per cent among the goals of the same unit or person, 0 for not said
	Objectives   []Objective
	Links        []Link
	Agreed       Agreement // of a person's goal
	Ended        period.Day
	Outcome      Outcome
	Came         string
	By           string
	At           time.Time
}

// Agreement is who has said yes to a person's goal as it stands; zero for not yet.
type Agreement struct {
	Person, Manager time.Time
	ManagerName     string
}

// Both says whether person and manager have.
func (a Agreement) Both() bool { return !a.Person.IsZero() && !a.Manager.IsZero() }

// Personal says whether the goal is somebody's own.
func (g Goal) Personal() bool { return g.Person.ID != "" }

// Serves are the links to goals that stand above.
func (g Goal) Serves() []Link {
	return slices.DeleteFunc(slices.Clone(g.Links), func(l Link) bool { return l.How == LeadsTo })
}

const mostObjectives = 20

// Check brings a goal into order and reports what it lacks.
func (g *Goal) Check() error {
	g.Name, g.Why = strings.Join(strings.Fields(text.Straight(g.Name)), " "), strings.TrimSpace(g.Why)
	begins, err := period.ParseDay(string(g.Begins))
	ends, endErr := period.ParseDay(string(g.Ends))
	switch {
	case !text.Visible(g.Name) || len(g.Name) > 200:
		return fault.Fieldf("name", "say in a sentence of at most %d bytes what will be so when the goal is reached", 200)
	case len(g.Why) > mostWords:
		return fault.Fieldf("why", "write at most %d bytes", mostWords)
	case !slices.Contains(Perspectives, g.Perspective):
		return fault.Fieldf("perspective", "choose the perspective from which it looks")
	case err != nil || begins == "":
		return fault.Fieldf("begins", "choose the day from which it is worked on")
	case endErr != nil || ends == "" || ends < begins:
		return fault.Fieldf("ends", "choose the day by which it shall be reached, after the first one")
	case g.Weight < 0 || g.Weight > 100:
		return fault.Fieldf("weight", "a weight is between 0 and 100 per cent")
	}
	g.Begins, g.Ends = begins, ends
	if g.Personal() {
		g.Owner = g.Person
	}
	return g.checkObjectives()
}

func (g *Goal) checkObjectives() error {
	var kept []Objective
	for _, o := range g.Objectives {
		if o.What = strings.Join(strings.Fields(text.Straight(o.What)), " "); !text.Visible(o.What) {
			continue
		}
		if len(o.What) > 200 {
			return fault.Fieldf("objectives", "say in at most %d bytes what is to be learned", 200)
		}
		kept = append(kept, o)
	}
	if g.Objectives = kept; len(kept) > mostObjectives {
		return fault.Fieldf("objectives", "a goal has at most %d learning objectives", mostObjectives)
	}
	return nil
}

// CheckMeasure reports a target that does not fit its indicator, the zero one for none.
func (g Goal) CheckMeasure(i Indicator) error {
	switch {
	case g.Indicator == "" && (g.Aim != nil || g.Baseline != nil):
		return fault.Fieldf("indicator", "choose the indicator of which this is the target")
	case g.Indicator == "" || g.Aim == nil && g.Baseline == nil:
		return nil
	case g.Aim == nil:
		return fault.Fieldf("target", "a baseline needs its target")
	}
	t := Target{Baseline: g.Baseline, Value: *g.Aim, High: *g.Aim}
	if g.High != nil {
		t.High = *g.High
	}
	return i.CheckTarget(t)
}

// Tree answers what goals there are above and below, among goals of units.
type Tree struct {
	Goals map[string]Goal
	Units *org.Structure
}

// CheckLinks reports a goal that is tied to one that is not there, to one that does not reach it,
// twice to the same, or, over others, to itself.
func (t Tree) CheckLinks(g Goal) error {
	seen := map[string]bool{}
	for _, l := range g.Links {
		to, there := t.Goals[l.Goal]
		switch {
		case !there || to.Personal():
			return fault.Fieldf("links", "the goal that this one serves is not there")
		case seen[l.Goal]:
			return fault.Fieldf("links", "%q is named twice", to.Name)
		case len(l.Because) > 300:
			return fault.Fieldf("links", "say in at most %d bytes how it serves", 300)
		case l.How == LeadsTo && (g.Personal() || to.Unit.ID != g.Unit.ID):
			return fault.Fieldf("links", "a hypothesis of the strategy map is between goals of one unit")
		case l.How != LeadsTo && !slices.Contains(Serving, l.How):
			return fault.Fieldf("links", "choose how it serves %q", to.Name)
		case l.How != LeadsTo && !t.reaches(to, g):
			return fault.Fieldf("links", "%q is of %s, which does not stand above", to.Name, to.Unit.Name)
		case t.leads(l.Goal, g.ID, map[string]bool{}):
			return fault.Fieldf("links", "%q serves this goal itself: the two would stand under each other", to.Name)
		}
		seen[l.Goal] = true
	}
	return nil
}

// reaches says whether a goal is of a unit above that of another, or, for a person's goal, of the
// person's own unit.
func (t Tree) reaches(above, g Goal) bool {
	at, there := t.Units.Find(g.Unit.ID)
	if !there {
		return false
	}
	path := t.Units.IDs(at)
	if !g.Personal() {
		path = path[:len(path)-1]
	}
	return slices.Contains(path, above.Unit.ID)
}

// leads says whether one walks from a goal, over what it serves or leads to, to another.
func (t Tree) leads(from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(t.Goals[from].Links, func(l Link) bool { return t.leads(l.Goal, to, seen) })
}

// Chain is the way up from a goal to one that serves nothing: at each step the first goal that it
// serves and that is worked on, or else the first. It ends before it would come round.
func (t Tree) Chain(g Goal) (links []Link, goals []Goal) {
	seen := map[string]bool{g.ID: true}
	for {
		serves := g.Serves()
		if len(serves) == 0 {
			return links, goals
		}
		n := max(0, slices.IndexFunc(serves, func(l Link) bool { return t.Goals[l.Goal].Ended == "" }))
		above, there := t.Goals[serves[n].Goal]
		if !there || seen[above.ID] {
			return links, goals
		}
		seen[above.ID] = true
		links, goals, g = append(links, serves[n]), append(goals, above), above
	}
}

// Line reads the goal's indicator, in the year of a day or in the goal's last, with the goal's own
// target.
func (g Goal) Line(i Indicator, f Figures, today period.Day) Line {
	year := min(today, g.Ends).Time().Year()
	if year < g.Begins.Time().Year() {
		year = g.Begins.Time().Year()
	}
	f.Targets = nil
	if g.Aim != nil {
		t := Target{Year: year, Baseline: g.Baseline, Value: *g.Aim, High: *g.Aim}
		if g.High != nil {
			t.High = *g.High
		}
		f.Targets = []Target{t}
	}
	line, _ := f.Line(i, year)
	return line
}
