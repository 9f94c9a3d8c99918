package transition_test

import (
	"slices"
	"strings"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/effort"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/transition"

	"github.com/google/go-cmp/cmp"
)

// board is a management team of two with a leader from elsewhere, and one focal point.
func board() transition.Body {
	return transition.Body{Kind: transition.TeamBody, ID: "board", Name: "Board", Unit: org.Ref{ID: "north"},
		People: []org.Person{{ID: "ann", Key: "1", Name: "Ann"}, {ID: "bob", Key: "2", Name: "Bob"}}, Coaches: []org.Person{{ID: "cy", Key: "3", Name: "Cy"}},
		Focal: []transition.Focus{{FocalPoint: diagnosis.FocalPoint{ID: "f", Theme: "Dialogue", Items: []string{"dialogue", "trust"}}, Diagnosis: "d"}}}
}

func action() transition.Action {
	return transition.Action{ID: "a", What: "Ask twice", Focal: "f", Item: "trust", Kind: effort.Coaching, Owner: org.Ref{ID: "bob"}, Decided: "2026-03-01", Due: "2026-04-01", State: transition.ActionOpen}
}

func TestAnActionSaysWhatItLacks(t *testing.T) {
	for want, change := range map[string]func(*transition.Action){
		"what will be done":       func(a *transition.Action) { a.What = "  " },
		"off focus":               func(a *transition.Action) { a.Focal = "other" },
		"characteristic":          func(a *transition.Action) { a.Item = "coaching" },
		"serves no focal point":   func(a *transition.Action) { a.Focal = "" },
		"what kind of work":       func(a *transition.Action) { a.Kind = "play" },
		"somebody of Board":       func(a *transition.Action) { a.Owner.ID = "dan" },
		"on which it was decided": func(a *transition.Action) { a.Decided = "2026-02-30" },
		"has not come yet":        func(a *transition.Action) { a.Decided = "2026-03-09" },
		"until when":              func(a *transition.Action) { a.Due = "" },
		"before it was decided":   func(a *transition.Action) { a.Due = "2026-02-01" },
		"what people will notice": func(a *transition.Action) { a.Effect = strings.Repeat("x", 1001) },
		"at most 200 characters":  func(a *transition.Action) { a.What = strings.Repeat("ж", 201) },
		"say in at most 200":      func(a *transition.Action) { a.What = "\u200b" },
		"more than a year ago":    func(a *transition.Action) { a.Decided = "2025-01-01" },
	} {
		a := action()
		change(&a)
		if err := a.Check(board(), "2026-03-08"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
	a := action()
	if err := a.Check(board(), "2026-03-08"); err != nil || a.Theme != "Dialogue" || a.Diagnosis != "d" || a.Promised != "2026-04-01" || a.Owner.Name != "Bob" {
		t.Errorf("%+v, %v", a, err)
	}
	a.Due = "2026-05-01"
	if err := a.Check(board(), "2026-03-08"); err != nil || a.Promised != "2026-04-01" {
		t.Errorf("the first promise is forgotten: %+v, %v", a, err)
	}
	a = action()
	a.Focal, a.OffFocus, a.Owner.ID = "", "It was planned before", "cy"
	if err := a.Check(board(), "2026-03-08"); err != nil || a.Item != "" {
		t.Errorf("openly off focus, by the leader: %+v, %v", a, err)
	}
}

func TestAnActionEndsWithWhatCameOfIt(t *testing.T) {
	for want, end := range map[string]func(*transition.Action) error{
		"say what came of it": func(a *transition.Action) error {
			return a.End(transition.ActionDone, "", "", "2026-03-20")
		},
		"why it is stopped": func(a *transition.Action) error { return a.End(transition.ActionStopped, "", " ", "2026-03-20") },
		"form":              func(a *transition.Action) error { return a.End("sleeping", "", "", "2026-03-20") },
		"ended already": func(a *transition.Action) error {
			a.State = transition.ActionDone
			return a.End(transition.ActionDone, transition.Helped, "", "2026-03-20")
		},
		"open it again": func(a *transition.Action) error {
			a.State = transition.ActionStopped
			return a.CheckIn(&transition.CheckIn{Pace: transition.OnTrack})
		},
		"how it goes": func(a *transition.Action) error { return a.CheckIn(&transition.CheckIn{Pace: transition.Moved}) },
		"hours": func(a *transition.Action) error {
			return a.CheckIn(&transition.CheckIn{Pace: transition.OnTrack, Minutes: -1})
		},
	} {
		a := action()
		if err := end(&a); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// Hours and costs of each check-in are entries; that it was done is one too, even without hours,
// and once.
func TestAnActionIsRecordedAsEffort(t *testing.T) {
	a := action()
	a.Programme, a.Body.Unit.ID, a.Initiative = "p", "north", "i"
	a.CheckIns = []transition.CheckIn{{Day: "2026-03-08", Pace: transition.OnTrack, Minutes: 90}, {Day: "2026-03-10", Pace: transition.Slower}}
	if got := a.Effort(); len(got) != 1 || got[0].Hours[0] != (effort.Hours{Side: effort.Participant, Unit: "north", Minutes: 90}) {
		t.Errorf("%+v", got)
	}
	a.State, a.Ended = transition.ActionDone, "2026-03-20"
	a.CheckIns = append(a.CheckIns, transition.CheckIn{Day: "2026-03-20", Pace: transition.Stopped}, transition.CheckIn{Day: "2026-03-20", Pace: transition.Done}, transition.CheckIn{Day: "2026-03-20", Pace: transition.Done})
	got := a.Effort()
	if len(got) != 2 || got[1].Day != "2026-03-20" || len(got[1].Hours) != 0 {
		t.Fatalf("%+v", got)
	}
	want := []effort.Target{{Kind: effort.ForAction, ID: "a"}, {Kind: effort.ForProgramme, ID: "p"}, {Kind: effort.ForFocal, ID: "f"}, {Kind: effort.ForCharacteristic, ID: "trust"}, {Kind: effort.ForInitiative, ID: "i"}}
	if diff := cmp.Diff(want, got[1].Serves); diff != "" {
		t.Error(diff)
	}
	a.State = transition.ActionStopped
	if got := a.Effort(); len(got) != 1 {
		t.Errorf("a stopped one without hours: %+v", got)
	}
}

// By hand: in January one of two serves a focal point; in February one of one, as the other ended in
// January; in March one more is decided and off focus.
func TestFocusIsCountedMonthByMonth(t *testing.T) {
	one := func(focal string, decided, ended period.Day) transition.Action {
		a := transition.Action{Focal: focal, Decided: decided, Ended: ended, State: transition.ActionOpen}
		if ended != "" {
			a.State = transition.ActionDone
		}
		return a
	}
	all := []transition.Action{one("f", "2026-01-10", ""), one("", "2026-01-05", "2026-01-31"), one("", "2026-03-01", "")}
	want := []transition.FocusMonth{{Month: "2026-01", Open: 2, Tied: 1}, {Month: "2026-02", Open: 1, Tied: 1}, {Month: "2026-03", Open: 2, Tied: 1}}
	if diff := cmp.Diff(want, transition.FocusOver(all, "2026-03-15")); diff != "" {
		t.Error(diff)
	}
	again := one("f", "2026-01-10", "")
	again.CheckIns = []transition.CheckIn{{Day: "2026-01-20", Pace: transition.Stopped}, {Day: "2026-03-02", Pace: transition.Resumed}}
	if got := transition.FocusOver([]transition.Action{again}, "2026-03-15"); len(got) != 3 || got[0].Open != 1 || got[1].Open != 0 || got[2].Tied != 1 {
		t.Errorf("opened again: %v", got)
	}
	if got := transition.FocusOver(nil, "2026-03-15"); got != nil {
		t.Errorf("of nothing: %v", got)
	}
	if got := transition.FocusOver([]transition.Action{one("f", "1999-01-01", "")}, "2026-03-15"); len(got) != 24 || got[0].Month != "2024-04" {
		t.Errorf("%d months from %v", len(got), got[0])
	}
	if _, some := (transition.FocusMonth{}).Share(); some {
		t.Error("nothing has a share")
	}
}

func TestAgesAndNeedsAreCountedInDays(t *testing.T) {
	const today = "2026-06-15"
	due := func(day period.Day, word period.Day, pace transition.Pace) transition.Action {
		a := transition.Action{ID: string(day), Focal: "f", Decided: "2026-06-01", Due: day, State: transition.ActionOpen}
		if word != "" {
			a.CheckIns = []transition.CheckIn{{Day: word, Pace: pace}}
		}
		return a
	}
	left := due("2026-12-03", "", "")
	left.OwnerLeft = true
	silent := due("2026-12-01", "", "")
	silent.Decided = "2026-05-16"
	all := []transition.Action{due("2026-05-15", "", ""), due("2026-06-14", "", ""), due("2026-06-15", "", ""), due("2026-06-29", "", ""), due("2026-06-30", "2026-06-10", transition.Stuck), silent, left}
	want := transition.Ages{Open: 7, Later: 3, Soon: 2, Late: 1, Old: 1, Silent: 1, Median: 14}
	if diff := cmp.Diff(want, transition.AgesOf(all, today)); diff != "" {
		t.Error(diff)
	}
	var needs []transition.Needs
	for _, a := range all {
		needs = append(needs, a.Needs(today))
	}
	if diff := cmp.Diff([]transition.Needs{transition.NeedsEnd, transition.NeedsEnd, transition.NeedsSoon, "", transition.NeedsHelp, transition.NeedsWord, transition.NeedsOwner}, needs); diff != "" {
		t.Error(diff)
	}
	asked := func(points []transition.Focus, of []transition.Action) (kinds []transition.Needs) {
		for _, a := range transition.Asks(points, of, today) {
			kinds = append(kinds, a.Needs)
		}
		return kinds
	}
	if got := asked(board().Focal, all); !slices.Equal(got, []transition.Needs{transition.NeedsOwner, transition.NeedsHelp, transition.NeedsEnd, transition.NeedsEnd, transition.NeedsWord}) {
		t.Errorf("%v", got)
	}
	off := due("2026-12-01", "", "")
	off.Focal = ""
	if got := asked(board().Focal, []transition.Action{off}); !slices.Equal(got, []transition.Needs{transition.AskOff, transition.AskNothing}) {
		t.Errorf("%v", got)
	}
	points := []transition.Focus{{FocalPoint: diagnosis.FocalPoint{ID: "1"}}, {FocalPoint: diagnosis.FocalPoint{ID: "2"}}, {FocalPoint: diagnosis.FocalPoint{ID: "3"}}}
	if got := asked(points, all); !slices.Equal(got, []transition.Needs{transition.AskNothing, transition.AskNothing, transition.NeedsOwner, transition.NeedsHelp, transition.NeedsEnd, transition.NeedsEnd}) {
		t.Errorf("%v", got)
	}
	said := due("2026-12-01", "2026-06-01", transition.OnTrack)
	if err := said.CheckTie(transition.Action{Focal: "", OffFocus: "x"}); err == nil {
		t.Error("what was done for a focal point is counted off focus")
	}
	done := due("2026-05-01", "", "")
	done.State = transition.ActionDone
	if done.Needs(today) != "" || done.Late(today) != 0 {
		t.Error("what is done needs something")
	}
}
