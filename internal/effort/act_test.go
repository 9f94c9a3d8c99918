package effort_test

import (
	"fmt"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

func executive(id string) org.Person { return org.Person{ID: id, Key: id, Name: strings.ToUpper(id)} }

func act(of string, day string, reach int) effort.Act {
	return effort.Act{Person: org.Ref{ID: of}, Kind: effort.Spoke, Day: period.Day(day), What: "x", Reach: reach}
}

func TestInvolvementIsCountedByQuarter(t *testing.T) {
	v := effort.InvolvementOf([]org.Person{executive("a"), executive("b"), executive("c")}, map[string]period.Day{"a": "2026-01-01", "c": "2026-04-02"}, []effort.Act{
		act("b", "2026-02-01", 10), act("b", "2026-03-31", 5), act("b", "2026-04-01", 0), act("c", "2025-10-01", 7),
		act("c", "2025-09-30", 100), act("x", "2026-02-01", 100), act("a", "2026-07-01", 100), // before, of nobody, after
	}, "2026-05-20", 3)
	if got := fmt.Sprint(v.Quarters); got != "[2025-Q4 2026-Q1 2026-Q2]" {
		t.Errorf("quarters %s", got)
	}
	if got := fmt.Sprint(v.Of[0].Person.ID, v.Of[0].Counts, v.Of[1].Person.ID, v.Of[1].Counts, v.Of[2].Person.ID, v.Of[2].Counts); got != "b[0 2 1]c[1 0 0]a[0 0 0]" {
		t.Error(got)
	}
	if got := fmt.Sprint(v.Of[0].Due, v.Of[1].Due, v.Of[2].Due); got != "[true true true] [true false true] [false true true]" || v.Due != 7 {
		t.Errorf("an executive in %s, %d quarters", got, v.Due)
	}
	if v.None != 4 || v.Active() != 1 || fmt.Sprint(v.Reach) != "[7 15 0]" || v.Of[0].Acts[0].Day != "2026-04-01" || v.Of[0].Lacks() || !v.Of[1].Lacks() {
		t.Errorf("%d without, %d active, reach %v", v.None, v.Active(), v.Reach)
	}
	if v := effort.InvolvementOf(nil, nil, nil, "2026-05-20", 2); len(v.Of) != 0 || v.None != 0 || v.Active() != 0 {
		t.Errorf("of nobody: %+v", v)
	}
}

func TestAnActSaysWhatItWas(t *testing.T) {
	good := effort.Act{Kind: effort.Spoke, Day: "2026-05-20", What: " Opened the school ", Reach: 40, Minutes: 30, Initiative: "i", Person: org.Ref{ID: "a"}}
	if err := good.Check("2026-05-20"); err != nil || good.What != "Opened the school" {
		t.Fatal(good, err)
	}
	e, some := good.Entry("u")
	if !some || len(e.Hours) != 1 || e.Hours[0] != (effort.Hours{Side: effort.Staff, Unit: "u", Person: "a", Minutes: 30}) || e.Serves[0] != (effort.Target{Kind: effort.ForInitiative, ID: "i"}) {
		t.Errorf("%+v", e)
	}
	took := good
	took.Kind = effort.TookPart
	if e, _ := took.Entry(""); e.Hours[0].Side != effort.Participant {
		t.Errorf("%+v", e)
	}
	for field, change := range map[string]func(*effort.Act){
		"kind":     func(a *effort.Act) { a.Kind = effort.Objective },
		"what":     func(a *effort.Act) { a.What = "\u200b" },
		"day":      func(a *effort.Act) { a.Day = "2026-05-21" },
		"reach":    func(a *effort.Act) { a.Reach = -1 },
		"minutes":  func(a *effort.Act) { a.Minutes = 100_000 },
		"evidence": func(a *effort.Act) { a.Evidence = strings.Repeat("x", 1001) },
		"audience": func(a *effort.Act) { a.Audience = strings.Repeat("x", 301) },
	} {
		bad := good
		change(&bad)
		if err := bad.Check("2026-05-20"); fault.Of(err) == nil || fault.Of(err).Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
