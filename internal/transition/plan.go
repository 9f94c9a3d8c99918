package transition

import (
	"cmp"
	"slices"

	"throughline/internal/kit/assign"
	"throughline/internal/org"
)

// Coach is somebody who can look after groups.
type Coach struct {
	ID       string // of the member
	Location string // id
	Unit     string // id
	Partner  string // id, "" for none
	Room     int    // for how many people
}

// Plan says who looks after which group.
type Plan struct {
	Groups []Group
	Best   bool // no other way of giving these groups away costs less
	Near   int  // how much better another assignment could be at most, in people without a coach
}

// What an assignment costs, in hundredths of a person without a coach. A coach of the own
// partner is worth a few people more at another group, and never a whole group; our choice.
const (
	costPerson  = 100   // without a coach
	costGroup   = 5_000 // without a coach, besides its people
	costMove    = 1_000 // a group that changes coach
	costChange  = 20    // and each of its people
	costPartner = 500   // a group of another partner than its coach
	costUnit    = 200   // of another unit, the part of it that is
	costFar     = 800   // at another location, and 1 for every ten kilometres of the way
	costSecond  = 50    // a second group for somebody, a third twice that
)

// mostFar is how many coaches of other locations, the nearest, are asked for a group.
const mostFar = 12

// Assigner gives groups to coaches.
type Assigner struct {
	Coaches []Coach
	Reach   int                  // kilometres to another location that a coach can be asked to go; 0 for none
	Where   map[string]org.Where // by location
}

// Assign gives groups to coaches at their location, or in reach of it. Nobody has more people
// than there is room for. As few groups and people as can be are without a coach; few people
// change their coach, a coach's own unit and partner come first, and nobody has a second
// group without need. done may be nil.
func (a Assigner) Assign(groups []Group, done func(groups, of int)) Plan {
	p := assign.Problem{Balance: costSecond}
	at := map[string][]int{} // coaches by location
	for i, c := range a.Coaches {
		p.Capacity = append(p.Capacity, c.Room)
		at[c.Location] = append(at[c.Location], i)
	}
	near := a.near(at)
	coaches := map[string]bool{}
	for _, c := range a.Coaches {
		coaches[c.ID] = true
	}
	for _, g := range groups {
		job := assign.Job{Without: costGroup + costPerson*g.Size()}
		if !coaches[g.Before] {
			g.Before = "" // who has lost the coach is moved by nobody
		}
		for _, i := range at[g.Location] {
			job.Options = append(job.Options, assign.Option{Agent: i, Cost: a.cost(g, i), Weight: g.Size()})
		}
		asked := 0
		for _, n := range near[g.Location] {
			for _, i := range at[n.location] {
				if asked++; asked > mostFar && a.Coaches[i].ID != g.Before {
					continue
				}
				far := costFar + int(n.kilometres/10)
				job.Options = append(job.Options, assign.Option{Agent: i, Cost: a.cost(g, i) + far, Weight: g.Size()})
			}
		}
		p.Jobs = append(p.Jobs, job)
	}
	s := p.Solve(done)
	plan := Plan{Groups: slices.Clone(groups), Best: s.Optimal(), Near: (s.Cost - s.Bound + costPerson - 1) / costPerson}
	for i, c := range s.Agent {
		plan.Groups[i].Coach = ""
		if c != assign.None {
			plan.Groups[i].Coach = a.Coaches[c].ID
		}
	}
	return plan
}

// cost is what it costs that a coach has a group, but for the way.
func (a Assigner) cost(g Group, coach int) int {
	c, size := a.Coaches[coach], g.Size()
	cost := 0
	if g.Before != "" && g.Before != c.ID {
		cost += costMove + costChange*size
	}
	if g.Partner() != c.Partner {
		cost += costPartner
	}
	return cost + costUnit - costUnit*g.in(c.Unit)/max(size, 1)
}

type neighbour struct {
	location   string
	kilometres float64
}

// near lists, for each location, others in reach where somebody coaches, the nearest first.
func (a Assigner) near(at map[string][]int) map[string][]neighbour {
	near := map[string][]neighbour{}
	if a.Reach <= 0 {
		return near
	}
	for to, there := range a.Where {
		for from := range at {
			here := a.Where[from]
			if from == to || !there.Known || !here.Known {
				continue
			}
			if d := org.Distance(there, here); d <= float64(a.Reach) {
				near[to] = append(near[to], neighbour{from, d})
			}
		}
		slices.SortFunc(near[to], func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(a.kilometres, b.kilometres), cmp.Compare(a.location, b.location))
		})
	}
	return near
}

// Held is the plan as it is lived: a group whose coach does not coach any more has none.
func (p Plan) Held(members []Member) Plan {
	coaches := map[string]bool{}
	for _, m := range members {
		coaches[m.ID] = m.Coaches()
	}
	p.Groups = slices.Clone(p.Groups)
	for i := range p.Groups {
		if g := &p.Groups[i]; g.Coach != "" && !coaches[g.Coach] {
			g.Before, g.Coach = g.Coach, ""
		}
	}
	return p
}

// Difference is what a plan changes for the people of the plan before.
type Difference struct {
	Stay, Change, New, Lose int // groups: with the same coach, another, the first, none any more
	People                  int // who change or lose their coach
}

// Against compares a plan with the coaches its groups had before.
func (p Plan) Against() (d Difference) {
	for _, g := range p.Groups {
		switch {
		case g.Coach == g.Before && g.Coach != "":
			d.Stay++
		case g.Before == "" && g.Coach != "":
			d.New++
		case g.Before != "" && g.Coach == "":
			d.Lose++
			d.People += g.Size()
		case g.Coach != g.Before:
			d.Change++
			d.People += g.Size()
		}
	}
	return d
}

// Why says why people have no coach in a plan.
type Why string

const (
	WhyForms     Why = "forms"     // somebody there has said yes and does not coach yet
	WhyInvited   Why = "invited"   // somebody there is invited and has not answered
	WhyNominated Why = "nominated" // somebody there is nominated and not invited yet
	WhyCandidate Why = "candidate" // somebody there can be nominated
	WhyAgain     Why = "again"     // somebody who coaches there has no group yet
	WhyDeclined  Why = "declined"  // who could be there has declined
	WhyRoom      Why = "room"      // who coaches there has no room for the group
	WhyNobody    Why = "nobody"    // nobody there can be nominated
)

// Whys lists them, the nearest to a coach first.
var Whys = []Why{WhyAgain, WhyRoom, WhyForms, WhyInvited, WhyNominated, WhyCandidate, WhyDeclined, WhyNobody}

// Waiting is who could still come to coach at a location.
type Waiting struct {
	Free                                                    int // coaches without a group
	Active, Forms, Invited, Nominated, Candidates, Declined int
}

// Uncovered are groups without a coach, by reason.
type Uncovered struct {
	Why    Why
	Groups []Group
	People int
}

// Explain says of every group without a coach why: those who could come to coach at its
// location are given one group each, the nearest to it first.
func (p Plan) Explain(waiting map[string]Waiting) []Uncovered {
	left := map[string]Waiting{}
	for l, w := range waiting {
		left[l] = w
	}
	by := map[Why][]Group{}
	for _, g := range p.Groups {
		if g.Coach != "" {
			continue
		}
		w := left[g.Location]
		why := WhyNobody
		switch {
		case w.Free > 0:
			why, w.Free = WhyAgain, w.Free-1
		case w.Forms > 0:
			why, w.Forms = WhyForms, w.Forms-1
		case w.Invited > 0:
			why, w.Invited = WhyInvited, w.Invited-1
		case w.Nominated > 0:
			why, w.Nominated = WhyNominated, w.Nominated-1
		case w.Candidates > 0:
			why, w.Candidates = WhyCandidate, w.Candidates-1
		case w.Declined > 0:
			why, w.Declined = WhyDeclined, w.Declined-1
		case w.Active > 0:
			why = WhyRoom
		}
		left[g.Location] = w
		by[why] = append(by[why], g)
	}
	var all []Uncovered
	for _, why := range Whys {
		if groups := by[why]; len(groups) > 0 {
			u := Uncovered{Why: why, Groups: groups}
			for _, g := range groups {
				u.People += g.Size()
			}
			all = append(all, u)
		}
	}
	return all
}
