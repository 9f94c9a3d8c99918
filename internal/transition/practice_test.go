package transition_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/transition"
)

func writer(id, location, partner string) transition.Writer {
	return transition.Writer{Person: org.Ref{ID: id, Name: strings.ToUpper(id)}, Location: location, Partner: partner}
}

func TestWhatIsMissingBeforeAPracticeIsShared(t *testing.T) {
	known := func(theme string) bool { return theme == "dialogue" }
	whole := transition.Practice{Title: " Questions  before answers ", Theme: "dialogue", Problem: "Nobody asks.", Tried: "Two questions first.", Outcome: transition.Helped}
	if err := whole.Check(true, known); err != nil || whole.Title != "Questions before answers" {
		t.Errorf("%q, %v", whole.Title, err)
	}
	for want, change := range map[string]func(*transition.Practice){
		"the problem, in":         func(p *transition.Practice) { p.Problem = " " },
		"characteristic":          func(p *transition.Practice) { p.Theme = "luck" },
		"what you tried":          func(p *transition.Practice) { p.Tried = "" },
		"what came of it":         func(p *transition.Practice) { p.Outcome = "" },
		"a short name":            func(p *transition.Practice) { p.Title = "" },
		"at most 2000 characters": func(p *transition.Practice) { p.Result = strings.Repeat("x", 4001) },
	} {
		p := whole
		change(&p)
		if err := p.Check(true, known); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
	draft := transition.Practice{Problem: "Nobody asks."}
	if err := draft.Check(false, known); err != nil {
		t.Errorf("a draft: %v", err)
	}
	if err := new(transition.Practice).Check(false, known); err == nil {
		t.Error("an empty draft is kept")
	}
}

// By hand. Leeds has 60 people: Ann's circle of 40 and Bob's of 10 and one of Ann's; Bath 20, all of
// them Cy's, of whom 15 are counted and not named, though the plan still has 30; Wells 4. Ann shares
// in January, Bob takes it up in February and gives it up in April, Cy in March.
func TestSpreadIsAsByHand(t *testing.T) {
	var heads []transition.Head
	add := func(n int, location, unit string) (some []transition.Share) {
		for range n {
			some = append(some, transition.Share{Head: len(heads), N: 1})
			heads = append(heads, transition.Head{Location: location, Unit: unit, N: 1})
		}
		return some
	}
	ann, bob := append(add(30, "Leeds", "n"), add(10, "Leeds", "s")...), add(10, "Leeds", "s")
	add(10, "Leeds", "o")
	cy := add(5, "Bath", "e")
	dee := add(4, "Wells", "y")
	cy = append(cy, transition.Share{Head: len(heads), N: 30})
	heads = append(heads, transition.Head{Location: "Bath", Unit: "e", N: 15})
	circles := []transition.Circle{{Coach: "ann", Of: ann}, {Coach: "bob", Of: append(bob, ann[0])}, {Coach: "cy", Of: cy}, {Coach: "dee", Of: dee}}
	uses := []transition.Use{{Person: "ann", From: "2026-01-20"}, {Person: "bob", From: "2026-02-28", Until: "2026-04-02"}, {Person: "cy", From: "2026-03-31"}, {Person: "cy", From: "2026-04-01"}}
	named := func(ids ...string) (all []transition.Place) {
		for _, id := range ids {
			all = append(all, transition.Place{ID: id, Name: strings.ToUpper(id)})
		}
		return all
	}
	units := named("n", "s", "e", "y", "z")
	now := time.Date(2026, 4, 15, 9, 0, 0, 0, time.UTC)
	s := transition.NewSpread(heads, circles, uses, named("Leeds", "Bath", "Wells", "Nowhere"), units, now)
	if !slices.Equal(s.Months, []string{"2026-01", "2026-02", "2026-03", "2026-04"}) || !slices.Equal(s.Reached, []int{40, 50, 70, 60}) || s.People != 84 {
		t.Errorf("%+v", s)
	}
	if l := s.Locations[1]; len(s.Locations) != 3 || l.Name != "LEEDS" || l.People != 60 || !slices.Equal(l.Reached, []int{40, 50, 50, 40}) || l.Share() != 40.0/60 {
		t.Errorf("%+v", s.Locations)
	}
	if b := s.Locations[0]; b.People != 20 || !slices.Equal(b.Reached, []int{0, 0, 20, 20}) {
		t.Errorf("%+v", b)
	}
	if u := s.Units[3]; len(s.Units) != 5 || u.Name != "S" || u.People != 20 || !slices.Equal(u.Reached, []int{10, 20, 20, 10}) || s.Units[2].Name != "o" || s.Units[2].Reached[3] != 0 {
		t.Errorf("%+v", s.Units)
	}
	if not := s.Unreached(); len(not) != 1 || not[0].Name != "WELLS" {
		t.Errorf("%+v", not)
	}
	if s := transition.NewSpread(heads, circles, nil, nil, nil, now); len(s.Months) != 0 || s.People != 84 {
		t.Errorf("nothing: %+v", s)
	}
}

func TestAPracticeTravels(t *testing.T) {
	p := transition.Practice{ID: "p", Writer: writer("ann", "Leeds", "Aldgate"), Shared: time.Date(2026, 1, 20, 9, 0, 0, 0, time.UTC)}
	bob := transition.Adoption{Writer: writer("bob", "Bath", "Brennan"), Day: "2026-02-01", Outcome: transition.Partly, Ended: "2026-03-01"}
	cy := transition.Adoption{Writer: writer("cy", "Wells", "Brennan"), Day: "2026-03-01", Outcome: transition.Helped, Via: "bob"}
	stops := transition.Travel(p, []transition.Adoption{cy, bob}, "2026-04-01")
	if len(stops) != 3 || stops[0].From != -1 || stops[1].Location != "Bath" || stops[1].From != 0 || !stops[1].Gone || stops[2].From != 1 || stops[2].Month != "2026-03" {
		t.Errorf("%+v", stops)
	}
	for want, change := range map[string]func(*transition.Adoption){
		"choose the day":    func(a *transition.Adoption) { a.Day = "" },
		"it was shared on":  func(a *transition.Adoption) { a.Day = "2026-01-19" },
		"you gave it up on": func(a *transition.Adoption) { a.Writer, a.Day, a.Via = bob.Writer, "2026-02-28", "" },
		"has not come yet":  func(a *transition.Adoption) { a.Day = "2026-05-01" },
		"what came of it":   func(a *transition.Adoption) { a.Outcome = "" },
		"from whom":         func(a *transition.Adoption) { a.Via = "dee" },
		"you wrote this":    func(a *transition.Adoption) { a.Writer = p.Writer },
		"say from whom you": func(a *transition.Adoption) { a.Via = "cy" },
	} {
		a := cy
		change(&a)
		if err := a.Check(p, []transition.Adoption{bob}, period.Day("2026-04-01")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
	draft := p
	draft.Shared = time.Time{}
	if err := cy.Check(draft, nil, "2026-04-01"); err == nil {
		t.Error("a draft is taken up")
	}
	via := cy
	via.Via = "ann"
	if err := via.Check(p, nil, "2026-04-01"); err != nil || via.Via != "" {
		t.Errorf("from its writer: %q, %v", via.Via, err)
	}
}
