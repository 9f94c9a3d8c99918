package strategy_test

import (
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

func goal(id, unit string, links ...strategy.Link) strategy.Goal {
	return strategy.Goal{ID: id, Unit: org.Ref{ID: unit, Name: unit}, Name: "Goal " + id, Perspective: strategy.Customer, Begins: "2026-01-01", Ends: "2026-12-31", Links: links}
}

func serves(goal string) strategy.Link { return strategy.Link{Goal: goal, How: strategy.Supports} }

// tree has a root r with a below it and b below that, and a sister c.
func tree(t *testing.T, goals ...strategy.Goal) strategy.Tree {
	t.Helper()
	at := func(id, up string) org.Unit {
		return org.Unit{ID: id, Key: id, Name: id, Parent: org.Ref{ID: up}}
	}
	units, err := org.NewStructure("2026-04-01", []org.Unit{at("r", ""), at("a", "r"), at("b", "a"), at("c", "r")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := strategy.Tree{Goals: map[string]strategy.Goal{}, Units: units}
	for _, g := range goals {
		all.Goals[g.ID] = g
	}
	return all
}

func TestAGoalServesOnlyWhatReachesIt(t *testing.T) {
	leads := func(to string) strategy.Link { return strategy.Link{Goal: to, How: strategy.LeadsTo} }
	all := tree(t, goal("top", "r"), goal("other", "r", leads("top")), goal("mid", "a", serves("top")), goal("low", "b", serves("mid")), goal("side", "c"))
	personal := goal("own", "b", serves("low"))
	personal.Person = org.Ref{ID: "p"}
	wrong := func(l strategy.Link, change func(*strategy.Link)) strategy.Link { change(&l); return l }
	for name, c := range map[string]struct {
		goal strategy.Goal
		want string
	}{
		"of the unit above":                  {goal("x", "b", serves("mid")), ""},
		"of the top":                         {goal("x", "b", serves("top"), serves("mid")), ""},
		"a person's, of the own unit":        {personal, ""},
		"a hypothesis":                       {goal("x", "r", leads("other")), ""},
		"of the own unit":                    {goal("x", "a", serves("mid")), "does not stand above"},
		"of a sister":                        {goal("x", "b", serves("side")), "does not stand above"},
		"of a unit below":                    {goal("x", "r", serves("mid")), "does not stand above"},
		"one that is not there":              {goal("x", "b", serves("gone")), "is not there"},
		"twice":                              {goal("x", "b", serves("mid"), serves("mid")), "twice"},
		"itself, over a hypothesis":          {goal("top", "r", leads("other")), "under each other"},
		"itself":                             {goal("top", "r", leads("top")), "under each other"},
		"a hypothesis between units":         {goal("x", "b", leads("top")), "between goals of one unit"},
		"without how":                        {goal("x", "b", wrong(serves("mid"), func(l *strategy.Link) { l.How = "" })), "choose how it serves"},
		"a sentence that is too long to say": {goal("x", "b", wrong(serves("mid"), func(l *strategy.Link) { l.Because = strings.Repeat("x", 301) })), "at most"},
	} {
		err := all.CheckLinks(c.goal)
		if c.want == "" && err != nil || c.want != "" && (fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	links, goals := all.Chain(personal)
	if len(links) != 3 || goals[0].ID != "low" || goals[2].ID != "top" {
		t.Errorf("the chain is %v, %v", links, goals)
	}
	old := goal("old", "a")
	old.Ended = "2026-02-01"
	twice := goal("x", "b", serves("old"), serves("mid"))
	if _, goals := tree(t, all.Goals["top"], all.Goals["mid"], old).Chain(twice); len(goals) != 2 || goals[0].ID != "mid" {
		t.Errorf("a goal that is worked on comes before one that has ended: %v", goals)
	}
}

func TestWhatAGoalLacksIsSaid(t *testing.T) {
	with := func(change func(*strategy.Goal)) strategy.Goal {
		g := goal("x", "b")
		change(&g)
		return g
	}
	for field, g := range map[string]strategy.Goal{
		"name":        with(func(g *strategy.Goal) { g.Name = " " }),
		"perspective": with(func(g *strategy.Goal) { g.Perspective = "" }),
		"begins":      with(func(g *strategy.Goal) { g.Begins = "soon" }),
		"ends":        with(func(g *strategy.Goal) { g.Ends = "2025-01-01" }),
		"weight":      with(func(g *strategy.Goal) { g.Weight = 101 }),
		"objectives": with(func(g *strategy.Goal) {
			g.Objectives = []strategy.Objective{{What: strings.Repeat("x", 201)}}
		}),
	} {
		if err := g.Check(); fault.Of(err) == nil || fault.Of(err).Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	g := with(func(g *strategy.Goal) { g.Objectives = []strategy.Objective{{What: " listen  well "}, {What: " "}} })
	if err := g.Check(); err != nil || len(g.Objectives) != 1 || g.Objectives[0].What != "listen well" {
		t.Errorf("%+v, %v", g.Objectives, err)
	}
	for field, c := range map[string]struct {
		goal      strategy.Goal
		indicator strategy.Indicator
	}{
		"indicator": {with(func(g *strategy.Goal) { g.Aim = of(3) }), strategy.Indicator{}},
		"target":    {with(func(g *strategy.Goal) { g.Indicator, g.Aim, g.Baseline = "i", of(3), of(3) }), monthly},
	} {
		if err := c.goal.CheckMeasure(c.indicator); fault.Of(err) == nil || fault.Of(err).Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
