package impact

import (
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/period"
	"throughline/internal/transition"
)

func TestAPromiseOfAnActionIsKeptByItsFirstDay(t *testing.T) {
	done := func(promised, ended period.Day) transition.Action {
		a := transition.Action{State: transition.ActionDone}
		a.Promised, a.Due, a.Ended = promised, "2026-12-31", ended
		return a
	}
	all := []transition.Action{
		done("2026-03-01", "2026-03-01"), // in time
		done("2026-03-01", "2026-03-02"), // done, a day after what was promised first
		{State: transition.ActionOpen, Promised: "2026-03-01", Due: "2026-12-31"},
		{State: transition.ActionStopped, Promised: "2026-03-01", Ended: "2026-02-01"},
		{State: transition.ActionOpen, Promised: "2026-07-02", Due: "2026-07-02"}, // not yet
		done("2026-08-01", "2026-06-01"),                                          // before its day: not counted yet
	}
	if k := KeepOf(all, "2026-07-01"); k != (Keep{Due: 4, Done: 2, InTime: 1}) {
		t.Errorf("%+v", k)
	}
	judged, kept := Keepings([]Promised{{Keeping: diagnosis.PromiseKept}, {Keeping: diagnosis.PromisePartly}, {Keeping: diagnosis.PromiseTurned}, {Keeping: diagnosis.NoPromise}, {Keeping: diagnosis.PromiseUnknown}, {}})
	if judged != 3 || kept != 1 {
		t.Errorf("%d of %d", kept, judged)
	}
}
