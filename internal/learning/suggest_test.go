package learning_test

import (
	"fmt"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/learning"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

func forCompetency(id, competency string, level, minutes int) learning.Resource {
	return learning.Resource{ID: id, Modality: effort.Classroom, Minutes: minutes, Aims: []learning.Aim{{Kind: effort.ForCompetency, ID: competency, Level: level}}}
}

func suggested(all []learning.Suggestion) string {
	var out []string
	for _, s := range all {
		what := s.Objective
		if s.Resource != nil {
			what = s.Resource.ID
		}
		line := fmt.Sprintf("%s %s", s.Reason, what)
		if s.Competency != "" {
			line += fmt.Sprintf(" %s %d>%d", s.Competency, s.Has, s.Level)
		}
		for _, f := range s.First {
			line += " after " + f.ID
		}
		out = append(out, line)
	}
	return strings.Join(out, "; ")
}

// A gap of two levels, of which the longer course brings both; one that nothing is for; one that an item of
// the plan is to close; an objective; a resource of the unit's goal, one of a focal point.
func TestAPlanIsSuggestedWithItsReasons(t *testing.T) {
	one := 1
	gap := func(competency string, required int, has *int) learning.Gap {
		g := learning.Gap{Role: "seller", Competency: competency, Required: required}
		if has != nil {
			g.Counted = &learning.Rating{Level: *has}
		}
		return g
	}
	s := learning.Situation{
		Gaps: []learning.Gap{gap("listen", 3, &one), gap("rare", 2, &one), gap("till", 2, nil), gap("planned", 3, &one), gap("met", 1, &one)},
		Resources: []learning.Resource{forCompetency("short", "listen", 2, 60), forCompetency("long", "listen", 4, 600), forCompetency("longer", "listen", 3, 900), forCompetency("beneath", "rare", 1, 60),
			{ID: "tills", Modality: effort.SelfPaced, Needs: []string{"basics"}, Aims: []learning.Aim{{Kind: effort.ForCompetency, ID: "till"}}}, {ID: "basics", Modality: effort.Reading},
			{ID: "goals", Aims: []learning.Aim{{Kind: effort.ForGoal, ID: "unit"}}}, {ID: "served", Aims: []learning.Aim{{Kind: effort.ForGoal, ID: "above"}}}, {ID: "talks", Aims: []learning.Aim{{Kind: effort.ForCharacteristic, ID: "dialogue"}}},
			{ID: "done", Aims: []learning.Aim{{Kind: effort.ForGoal, ID: "unit"}}}, {ID: "asked", Aims: []learning.Aim{{Kind: effort.ForGoal, ID: "unit"}}}},
		OwnGoals:  []strategy.Goal{{ID: "own", Objectives: []strategy.Objective{{What: "Run a till alone"}, {What: "Count", Done: "2026-01-01"}}, Links: []strategy.Link{{Goal: "above", How: strategy.Supports}}}},
		UnitGoals: []strategy.Goal{{ID: "unit"}},
		Focal:     []learning.FocalPoint{{ID: "f", Items: []string{"dialogue"}}},
		Items:     []learning.Item{{Competency: "planned", What: "something"}},
		Done:      map[string]bool{"done": true}, Asked: map[string]bool{"asked": true},
	}
	want := "gap long listen 1>3; gap  rare 1>2; unrated tills till 0>2 after basics; objective Run a till alone; own-goal served; focalpoint talks; unit-goal goals"
	if got := suggested(learning.Suggest(s)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.Items = append(s.Items, learning.Item{Resource: "long", Dropped: "2026-01-01"}, learning.Item{What: "Run a till alone"})
	if got := suggested(learning.Suggest(s)); strings.Contains(got, " long ") || strings.Contains(got, "Run a till") || !strings.HasPrefix(got, "gap longer listen 1>3") {
		t.Errorf("what is in the plan or was given up is suggested again: %s", got)
	}
}

func TestAnItemGoesFromProposedToConfirmed(t *testing.T) {
	i := learning.Item{What: "A week in the depot", Modality: effort.JobRotation, Due: "2026-07-01", Person: org.Ref{ID: "ann"}, Unit: org.Ref{ID: "gent"}, Competency: "plan", Level: 2, Goal: "g"}
	if err := i.Check(4); err != nil || i.Stage() != learning.Proposed || !i.Experience() {
		t.Fatalf("%v, %s", err, i.Stage())
	}
	if !i.Late("2026-07-02") || i.Late("2026-07-01") {
		t.Error("late on its day, or not after it")
	}
	if err := i.Report(" ", 0, "2026-06-20"); err == nil {
		t.Error("done without a word")
	}
	if err := i.Report("I know why pallets wait", 2400, "2026-06-20"); err != nil || i.Stage() != learning.Reported || i.Effort() != nil {
		t.Errorf("%v, %s, %v", err, i.Stage(), i.Effort())
	}
	i.Confirmed = "2026-06-21"
	e := i.Effort()
	if i.Stage() != learning.Proven || len(e) != 1 || e[0].Hours[0].Minutes != 2400 || len(e[0].Serves) != 0 || e[0].Modality != effort.JobRotation || strings.Contains(e[0].What, "depot") {
		t.Errorf("%s, %+v", i.Stage(), e)
	}
	for want, change := range map[string]func(*learning.Item){
		"what is done":   func(i *learning.Item) { i.What = "" },
		"how one learns": func(i *learning.Item) { i.Modality = "" },
		"the day by":     func(i *learning.Item) { i.Due = "" },
		"1 to 4":         func(i *learning.Item) { i.Level = 5 },
	} {
		j := i
		change(&j)
		if err := j.Check(4); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
