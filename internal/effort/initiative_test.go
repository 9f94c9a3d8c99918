package effort_test

import (
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/org"
)

func TestAnInitiativeSaysWhatItLacks(t *testing.T) {
	start := effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: "north"}, Day: "2026-03-01"}
	whole := func() effort.Initiative {
		return effort.Initiative{Name: " Meetings  that decide ", Kind: effort.OrganisationalChange, Owner: org.Ref{ID: "ann"}, Starts: []effort.Start{start, {Of: effort.OfPerson, Ref: org.Ref{ID: "north"}, Day: "2026-02-01"}}}
	}
	for want, change := range map[string]func(*effort.Initiative){
		"name":               func(i *effort.Initiative) { i.Name = " " },
		"kind of work":       func(i *effort.Initiative) { i.Kind = "play" },
		"who answers":        func(i *effort.Initiative) { i.Owner.ID = "" },
		"day":                func(i *effort.Initiative) { i.Starts[0].Day = "" },
		"has not begun yet":  func(i *effort.Initiative) { i.Starts = append(i.Starts, start) },
		"at most 4,000":      func(i *effort.Initiative) { i.Note = strings.Repeat("x", 4001) },
		"serves at most":     func(i *effort.Initiative) { i.Serves = make([]effort.Target, 21) },
		"order was decided":  func(i *effort.Initiative) { i.Order = "alphabet" },
		"at most 1,000":      func(i *effort.Initiative) { i.Reason = strings.Repeat("x", 1001) },
		"or none":            func(i *effort.Initiative) { i.Decided = "soon" },
		"choose a unit in w": func(i *effort.Initiative) { i.Starts[0].Of = "team" },
	} {
		i := whole()
		change(&i)
		if err := i.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
	i := whole()
	if err := i.Check(); err != nil || i.Name != "Meetings that decide" || i.Starts[0].Of != effort.OfPerson || len(i.Begun("2026-02-15")) != 1 {
		t.Errorf("%+v, %v", i, err)
	}
}
