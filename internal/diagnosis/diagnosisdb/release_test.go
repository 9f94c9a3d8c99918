package diagnosisdb_test

import (
	"context"
	"testing"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
)

func TestWhoSawWhatIsNotedOnceAnHour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		open, _ := w.opened(t)
		if err := w.Release(ctx, w.organisation, open, diagnosis.ToManagers, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("an open diagnosis is released: %v", err)
		}
		id := w.run(t, "2026-03-01", 4, nil)
		for _, to := range []diagnosis.Release{diagnosis.ToEveryone, diagnosis.ToExecutives} {
			if err := w.Release(ctx, w.organisation, id, to, "Ada"); err != nil {
				t.Fatal(err)
			}
			if d, err := w.Diagnosis(ctx, w.organisation, id); err != nil || d.Released != to {
				t.Errorf("released to %q, is %q, %v", to, d.Released, err)
			}
		}
		if err := w.Release(ctx, w.organisation, id, "all", "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("to nobody knows whom: %v", err)
		}
		see := func(account, page string) {
			t.Helper()
			if err := w.Saw(ctx, w.organisation, id, diagnosis.View{Account: account, Name: "N " + account, Page: page}); err != nil {
				t.Fatal(err)
			}
		}
		see("a", "units")
		see("a", "units")
		see("a", "comments")
		see("b", "units")
		w.now = w.now.Add(61 * time.Minute)
		see("a", "units")
		list, err := w.Views(ctx, w.organisation, id, 9)
		if err != nil || len(list) != 4 || list[0].Page != "units" || list[0].Name != "N a" || !list[0].Hour.After(list[1].Hour) {
			t.Errorf("%+v, %v", list, err)
		}
		for page, want := range map[string]bool{"": true, "?format=csv": true, "units/u1": true, "management": true, "team": false, "scorecard": false, "timeline/u1": false} {
			see("reads "+page, page)
			if opened, err := w.Opened(ctx, w.organisation, id, "reads "+page); err != nil || opened != want {
				t.Errorf("who saw %q has opened the report: %v, %v", page, opened, err)
			}
		}
	})
}
