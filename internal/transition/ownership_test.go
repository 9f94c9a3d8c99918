package transition_test

import (
	"testing"

	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/transition"

	"github.com/google/go-cmp/cmp"
)

// By hand: a year and a bit, in which outside help gives way; a quarter in which nothing was run
// is there too.
func TestOwnershipIsCountedQuarterByQuarter(t *testing.T) {
	deeds := []transition.Deed{
		{Kind: transition.DeedSession, Day: "2026-07-01", By: transition.OwnPeople}, {Kind: transition.DeedStep, Day: "2025-11-30", By: transition.Outside}, {Kind: transition.DeedStep, Day: "2025-10-01"},
		{Kind: transition.DeedSession, Day: "2026-03-31", By: transition.Outside}, {Kind: transition.DeedSession, Day: "2026-01-01", By: transition.OwnPeople}, {Kind: transition.DeedAction, Day: "2026-02-02", By: transition.OwnPeople}, {Kind: transition.DeedAction, Day: ""},
	}
	want := []transition.OwnedIn{
		{Quarter: "2025-Q4", Kinds: [3]transition.Owned{{Outside: 1, Unsaid: 1}, {}, {}}},
		{Quarter: "2026-Q1", Kinds: [3]transition.Owned{{}, {Own: 1, Outside: 1}, {Own: 1}}},
		{Quarter: "2026-Q2"},
		{Quarter: "2026-Q3", Kinds: [3]transition.Owned{{}, {Own: 1}, {}}},
	}
	got := transition.Ownership(deeds)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if share, some := got[1].All().Share(); !some || share != 2.0/3 {
		t.Errorf("%v, %v", share, some)
	}
	if _, some := got[2].All().Share(); some {
		t.Error("nothing has a share")
	}
	if transition.Ownership(nil) != nil {
		t.Error("of nothing")
	}
}

func TestWhoRanAStepIsChecked(t *testing.T) {
	for _, c := range []transition.Conduct{{Step: "dance"}, {Step: transition.StepOpen, By: "them"}} {
		if err := c.Check(); err == nil {
			t.Errorf("%+v", c)
		}
	}
	c := transition.Conduct{Step: transition.StepClose, By: transition.Outside, Who: " The bureau "}
	if err := c.Check(); err != nil || c.Who != "The bureau" {
		t.Errorf("%+v, %v", c, err)
	}
}

// By hand, of six actions until the end of June: four are due, one of them done on its day and one
// late; the median of 20, 60 and 100 days is 60; of the two of which one can tell, one moved.
func TestImplementingIsLearnedAsByHand(t *testing.T) {
	one := func(id string, decided, promised, ended period.Day, state transition.ActionState) transition.Action {
		return transition.Action{ID: id, Decided: decided, Promised: promised, Ended: ended, State: state, Body: transition.Body{Unit: org.Ref{ID: "n"}}}
	}
	all := []transition.Action{
		one("a", "2026-03-01", "2026-03-21", "2026-03-21", transition.ActionDone),
		one("b", "2026-03-01", "2026-04-01", "2026-04-30", transition.ActionDone),
		one("c", "2026-03-01", "2026-04-01", "2026-04-02", transition.ActionStopped),
		one("d", "2026-03-01", "2026-05-01", "", transition.ActionOpen),
		one("e", "2026-03-01", "2026-09-01", "2026-06-09", transition.ActionDone),
		one("f", "2026-03-01", "2026-06-30", "2026-07-10", transition.ActionDone), // after the next diagnosis
	}
	all[0].From, all[0].FromUnit = "x", "s"
	all[1].From, all[1].FromUnit = "y", "n"
	got := transition.Implement(all, "2026-06-30", map[string]bool{"a": true, "b": false, "c": true, "f": true})
	want := transition.Implementation{Decided: 6, Due: 4, OnTime: 1, Done: 3, Days: 60, Stopped: 1, Expected: 2, Moved: 1, Adopted: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
