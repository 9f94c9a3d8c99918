package learning_test

import (
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

func ties(all []learning.Tie) string {
	var out []string
	for _, t := range all {
		out = append(out, t.From+">"+t.To+" "+string(t.By))
	}
	return strings.Join(out, ", ")
}

// Three goals: the first by a model and a resource of its competency, the second by a priority with a
// resource, the third by nothing. A competency that a role requires has no resource; a resource serves
// nothing; a competency is learned that nobody asks for.
func TestWhatServesWhatAndWhatIsLeftOver(t *testing.T) {
	m := learning.Map{
		Goals:        []strategy.Goal{{ID: "g1", Indicator: "satisfaction"}, {ID: "g2"}, {ID: "g3", Indicator: "lost"}},
		Competencies: map[string]learning.Competency{"listen": {Name: "Listening"}, "count": {Name: "Counting"}, "dance": {Name: "Dancing"}, "plan": {Name: "Planning"}, "unused": {Name: "Unused"}},
		Roles: []learning.Role{{ID: "seller", Requires: []learning.Requirement{{Competency: "listen"}, {Competency: "count"}},
			Results: []learning.Result{{ID: "back", Indicator: "satisfaction", Competencies: []string{"listen"}}, {ID: "none"}}}},
		Resources: []learning.Resource{
			{ID: "course", Aims: []learning.Aim{{Kind: effort.ForCompetency, ID: "listen"}}},
			{ID: "workshop"},
			{ID: "ballet", Aims: []learning.Aim{{Kind: effort.ForCompetency, ID: "dance"}}},
			{ID: "visit", Aims: []learning.Aim{{Kind: learning.AimResult, ID: "back"}, {Kind: effort.ForGoal, ID: "gone"}}},
		},
		Planned:    map[string]int{"listen": 5, "dance": 10},
		Priorities: []learning.Priority{{Goal: "g2", Competencies: []string{"plan", "listen"}, Resources: []string{"workshop"}}, {Goal: "gone", Resources: []string{"ballet"}}},
	}
	a := learning.Align(m)
	for _, c := range [][3]string{
		{"goal to competency", ties(a.GoalToCompetency), "g1>listen model, g2>listen priority, g2>plan priority"},
		{"competency to resource", ties(a.CompetencyToResource), "dance>ballet aim, listen>course aim"},
		{"goal to resource", ties(a.GoalToResource), "g1>visit model, g2>workshop priority"},
		{"served", strings.Join(a.Served, " "), "g1 g2"},
		{"unserved", strings.Join(a.Unserved, " "), "g3"},
		{"competencies", strings.Join(a.Competencies, " "), "count dance listen plan"},
		{"unmet", strings.Join(a.Unmet, " "), "count plan"},
		{"unplanned", strings.Join(a.Unplanned, " "), "count plan"},
		{"idle", strings.Join(a.Idle, " "), "ballet"},
		{"unasked", strings.Join(a.Unasked, " "), "dance"},
	} {
		if c[1] != c[2] {
			t.Errorf("%s: got %s, want %s", c[0], c[1], c[2])
		}
	}
	m.Priorities = append(m.Priorities, learning.Priority{Goal: "g3", Solutions: []learning.Solution{{Kind: effort.JobTools}}})
	if a := learning.Align(m); len(a.Unserved) != 0 {
		t.Errorf("a goal that something else than learning serves: %v", a.Unserved)
	}
}

func TestAPriorityIsAgreedByBothAndReopensWithItsGoal(t *testing.T) {
	aim := 80.
	goal := strategy.Goal{ID: "g", Name: "Customers come back", Aim: &aim}
	sign := func(g strategy.Goal) learning.Signature {
		return learning.Signature{By: "Sam", At: time.Unix(1, 0), Goal: learning.Fingerprint(g)}
	}
	p := learning.Priority{}
	for n, want := range []learning.Standing{learning.Drafted, learning.OneSided, learning.Agreed} {
		switch n {
		case 1:
			p.Head = sign(goal)
		case 2:
			p.Learning = sign(goal)
		}
		if got := p.Stands(goal); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	why := goal
	why.Why = "said otherwise"
	if got := p.Stands(why); got != learning.Agreed {
		t.Errorf("a reason that is put better: %s", got)
	}
	higher, other := 82., goal
	other.Aim = &higher
	for name, g := range map[string]strategy.Goal{"another target": other, "a goal that is not there": {}} {
		if got := p.Stands(g); got != learning.Reopened {
			t.Errorf("%s: %s", name, got)
		}
	}
	for want, change := range map[string]func(*learning.Priority){
		"what shall be so":     func(p *learning.Priority) { p.Name = "" },
		"choose the goal":      func(p *learning.Priority) { p.Goal = "" },
		"who answers":          func(p *learning.Priority) { p.Owner.ID = "" },
		"else nothing is done": func(p *learning.Priority) { p.Competencies = nil },
		"a budget is 0":        func(p *learning.Priority) { p.Budget = -1 },
		"three letters":        func(p *learning.Priority) { p.Currency = "" },
		"kind of solution":     func(p *learning.Priority) { p.Solutions = []learning.Solution{{Kind: effort.Learning}} },
	} {
		p := learning.Priority{Name: "Everybody hears a complaint out", Goal: "g", Year: 2026, Owner: org.Ref{ID: "ann"}, Competencies: []string{"listen"}, Currency: "EUR"}
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		change(&p)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	r := learning.Review{Day: "2026-06-01", With: "Mia", Decisions: "Two courses less", Next: "2026-05-01"}
	if err := r.Check("2026-06-02"); err == nil || !strings.Contains(err.Error(), "a later day") {
		t.Errorf("looked at again before: %v", err)
	}
}
