package effort

import (
	"cmp"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
	"throughline/internal/org"
)

// ActKind is in what way an executive is visibly involved.
type ActKind string

const (
	Statement   ActKind = "statement"   // said in public what learning and performance are worth
	Facilitated ActKind = "facilitated" // led learners
	Spoke       ActKind = "spoke"
	TookPart    ActKind = "took-part"
	Sponsored   ActKind = "sponsored"
	Objective   ActKind = "objective" // has a learning objective among the own performance goals
)

// ActKinds lists them; an objective comes of the goals and is not typed.
var ActKinds = []ActKind{Statement, Facilitated, Spoke, TookPart, Sponsored, Objective}

// Act is something by which an executive was seen to be involved in learning and performance.
type Act struct {
	ID         string
	Person     org.Ref
	Kind       ActKind
	Day        period.Day
	What       string
	Audience   string // who they were
	Reach      int    // how many, 0 where nobody counted
	Evidence   string // an address, or where it is kept
	Minutes    int    // of the executive, in the ledger; 0 for none
	Initiative string // id of one that it supports, "" for none
	Origin     Source // of an act that comes by itself; zero where somebody wrote it down
	By         string // who wrote it down
	Account    string // of who did
}

// Written says whether somebody wrote it down: others come of sessions and goals.
func (a Act) Written() bool { return a.Origin.Kind == "" }

// Check brings an act into order and reports what cannot be written down on a day.
func (a *Act) Check(today period.Day) error {
	a.What, a.Audience, a.Evidence = strings.TrimSpace(text.Straight(a.What)), strings.TrimSpace(a.Audience), strings.TrimSpace(a.Evidence)
	day, err := period.ParseDay(string(a.Day))
	switch {
	case a.Kind == Objective || !slices.Contains(ActKinds, a.Kind):
		return fault.Fieldf("kind", "choose in what way")
	case !text.Visible(a.What) || len(a.What) > 300:
		return fault.Fieldf("what", "say in at most 300 bytes what it was")
	case err != nil || day == "":
		return fault.Fieldf("day", "choose the day on which it was")
	case day > today:
		return fault.Fieldf("day", "%s has not come yet: write down what was done", string(day))
	case len(a.Audience) > 300:
		return fault.Fieldf("audience", "say in at most 300 bytes who they were")
	case a.Reach < 0 || a.Reach > 10_000_000:
		return fault.Fieldf("reach", "how many there were is a number above 0, or empty")
	case a.Minutes < 0 || a.Minutes > 7*24*60:
		return fault.Fieldf("minutes", "an act takes no more than a week")
	case len(a.Evidence) > 1000:
		return fault.Fieldf("evidence", "say in at most 1,000 bytes where one can see it")
	}
	a.Day = day
	return nil
}

// Entry is the act in the ledger: the executive's time. false where it says none.
func (a Act) Entry(unit string) (Entry, bool) {
	side := Staff
	if a.Kind == TookPart {
		side = Participant
	}
	e := Entry{Day: a.Day, Kind: Learning, What: a.What, Hours: []Hours{{Side: side, Unit: unit, Person: a.Person.ID, Minutes: a.Minutes}}, Account: a.Account}
	if a.Initiative != "" {
		e.Serves = []Target{{ForInitiative, a.Initiative}}
	}
	return e, a.Minutes > 0
}

// Involvement is who was involved, quarter by quarter.
type Involvement struct {
	Quarters []period.Period // the oldest first
	Of       []Involved      // by most acts, then by name
	Due      int             // quarters of all executives in which each was one
	None     int             // of these, those without an act
	Reach    []int           // by quarter: people reached by all acts together, each as often as by acts
}

// Involved is one executive's.
type Involved struct {
	Person org.Person
	Acts   []Act  // in these quarters, the newest first
	Counts []int  // acts by quarter
	Due    []bool // by quarter: was an executive at its end, or did something
}

// Lacks says whether there is no act in the newest quarter.
func (i Involved) Lacks() bool { return len(i.Counts) > 0 && i.Counts[len(i.Counts)-1] == 0 }

// InvolvementOf counts acts of executives in the quarters up to that of a day. since is from when on each is one, by the person's
// id: of an earlier quarter nobody is asked what was done.
func InvolvementOf(executives []org.Person, since map[string]period.Day, acts []Act, today period.Day, quarters int) Involvement {
	last := period.Of(today, period.Quarterly)
	v := Involvement{Reach: make([]int, quarters)}
	for n := range quarters {
		v.Quarters = append(v.Quarters, last.Add(n-quarters+1))
	}
	of := map[string]int{}
	for n, p := range executives {
		of[p.ID] = n
		v.Of = append(v.Of, Involved{Person: p, Counts: make([]int, quarters), Due: make([]bool, quarters)})
	}
	for _, a := range acts {
		n, there := of[a.Person.ID]
		q := period.Of(a.Day, period.Quarterly).Number() - v.Quarters[0].Number()
		if !there || q < 0 || q >= quarters {
			continue
		}
		v.Of[n].Acts = append(v.Of[n].Acts, a)
		v.Of[n].Counts[q]++
		v.Reach[q] += a.Reach
	}
	for n := range v.Of {
		slices.SortStableFunc(v.Of[n].Acts, func(a, b Act) int { return cmp.Compare(b.Day, a.Day) })
		for q, c := range v.Of[n].Counts {
			due := c > 0 || v.Quarters[q].Last() >= since[v.Of[n].Person.ID]
			if v.Of[n].Due[q] = due; due {
				v.Due++
			}
			if due && c == 0 {
				v.None++
			}
		}
	}
	slices.SortStableFunc(v.Of, func(a, b Involved) int {
		return cmp.Or(cmp.Compare(len(b.Acts), len(a.Acts)), cmp.Compare(a.Person.Title(), b.Person.Title()))
	})
	return v
}

// Active is how many executives have an act in the newest quarter.
func (v Involvement) Active() (n int) {
	for _, i := range v.Of {
		if !i.Lacks() {
			n++
		}
	}
	return n
}
