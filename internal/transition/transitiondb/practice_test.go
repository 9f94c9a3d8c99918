package transitiondb_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

var themes = map[string]string{"dialogue": "Dialogue", "trust": "Trust"}

// A coach drafts a practice, which nobody else sees; shares it; others find it by words, take it
// up from each other, and give it up; the spread follows.
func TestAPracticeIsSharedFoundAndTakenUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		for _, key := range []string{"Repairs-0", "Stores-0", "Depot-0"} {
			w.joins(t, p.ID, key, transition.Accepted, transition.Active)
		}
		w.planned(t, p.ID)
		one := transition.Practice{ID: "06h26e5kktv5f9kttuaan0ja1s", Problem: "At hand-over in Gdańsk nobody asks anything back."}
		if err := w.SavePractice(ctx, w.organisation, "Repairs-0", one, false, themes); err != nil {
			t.Fatal(err)
		}
		find := func(text string) (titles []string) {
			t.Helper()
			all, err := w.Practices(ctx, w.organisation, transitiondb.PracticeQuery{Text: text, Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range all {
				titles = append(titles, f.Title)
			}
			return titles
		}
		if got := find("gdansk"); len(got) != 0 {
			t.Errorf("a draft is found: %v", got)
		}
		if _, err := w.Practice(ctx, w.organisation, "Stores-0", one.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody reads a draft: %v", err)
		}
		if err := w.SavePractice(ctx, w.organisation, "Repairs-0", one, true, themes); fault.KindOf(err) != fault.Invalid {
			t.Errorf("shared half written: %v", err)
		}
		one.Title, one.Theme, one.Tried, one.Outcome = "Questions before answers", "dialogue", "Two questions first.", transition.Helped
		if err := w.SavePractice(ctx, w.organisation, "Repairs-0", one, true, themes); err != nil {
			t.Fatal(err)
		}
		other := transition.Practice{ID: "06h26e5kktv5f9kttuaan0ja2s", Title: "You asked, we did", Theme: "trust", Problem: "Ideas vanish. Nobody answers questions.", Tried: "A board.", Outcome: transition.Partly}
		if err := w.SavePractice(ctx, w.organisation, "Stores-0", other, true, themes); err != nil {
			t.Fatal(err)
		}
		if err := w.SavePractice(ctx, w.organisation, "Depot-0", other, true, themes); fault.KindOf(err) != fault.NotFound {
			t.Errorf("somebody else's is written over: %v", err)
		}
		for text, want := range map[string]string{"gdansk": "Questions before answers", "GDAŃSK hand": "Questions before answers", "board": "You asked, we did", "quest": "Questions before answers|You asked, we did", "trust": "You asked, we did",
			"dialogue": "Questions before answers", "nothing like it": "", "  ?!": "", `"'; DROP TABLE x; --`: "", "": "Questions before answers|You asked, we did"} {
			if got := strings.Join(find(text), "|"); got != want {
				t.Errorf("%q finds %q, want %q", text, got, want)
			}
		}
		one.Problem = "At hand-over nobody asks."
		if err := w.SavePractice(ctx, w.organisation, "Repairs-0", one, false, themes); fault.KindOf(err) != fault.Conflict {
			t.Errorf("what others read is kept as it is typed: %v", err)
		}
		if err := w.SavePractice(ctx, w.organisation, "Repairs-0", one, true, themes); err != nil {
			t.Fatal(err)
		}
		if got := find("gdansk"); len(got) != 0 {
			t.Errorf("found by words that are gone: %v", got)
		}

		adopt := func(key string, via string) error {
			return w.Adopt(ctx, w.organisation, key, transition.Adoption{Practice: one.ID, Day: "2026-03-02", Outcome: transition.Helped, Note: "On the whiteboard.", Via: via})
		}
		if err := adopt("Repairs-0", ""); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the own one: %v", err)
		}
		if err := adopt("Stores-0", ""); err != nil {
			t.Fatal(err)
		}
		if err := adopt("Depot-0", w.people["Stores-0"]); err != nil {
			t.Fatal(err)
		}
		sp, err := w.Spread(ctx, w.organisation, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		// By hand: of the 164 people, the 50 of Stores, half of the 70 of Repairs and the 40 of Depot.
		if sp.People != 164 || len(sp.Months) != 1 || sp.Practices[0].ID != one.ID || sp.Practices[0].InUse != 2 || sp.Practices[0].Locations != 2 || sp.Practices[0].Stops[2].From != 1 {
			t.Errorf("%+v", sp)
		}
		if got := sp.Reached[0]; got != 125 {
			t.Errorf("%d are reached", got)
		}
		if not := sp.Unreached(); len(not) != 1 || not[0].Name != "Wells" {
			t.Errorf("%+v", not)
		}
		if err := w.GiveUp(ctx, w.organisation, "Depot-0", one.ID, transition.Partly, "Too long."); err != nil {
			t.Fatal(err)
		}
		if err := w.GiveUp(ctx, w.organisation, "Depot-0", one.ID, transition.Partly, "Too long."); fault.KindOf(err) != fault.NotFound {
			t.Errorf("given up twice: %v", err)
		}
		if got, err := w.Practice(ctx, w.organisation, "Depot-0", one.ID); err != nil || len(got.Adoptions) != 2 || got.Adoptions[1].Ended == "" || got.Adoptions[1].Note != "Too long." || got.InUse != 1 {
			t.Errorf("%+v, %v", got.Adoptions, err)
		}
		if err := w.DropPractice(ctx, w.organisation, "Repairs-0", one.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("taken back from those who work by it: %v", err)
		}
		if err := w.Ask(ctx, w.organisation, "Depot-0", other.ID, "", "How large is the board?"); err != nil {
			t.Fatal(err)
		}
		if all, err := w.Questions(ctx, w.organisation); err != nil || len(all) == 0 || all[0].Title != other.Title || other.Title == "" {
			t.Errorf("a question of a practice: %+v, %v", all, err)
		}
		if err := w.DropPractice(ctx, w.organisation, "Stores-0", other.ID); err != nil || len(find("board")) != 0 {
			t.Errorf("taken back: %v", err)
		}
		if all, err := w.Questions(ctx, w.organisation); err != nil || len(all) == 0 || all[0].Text != "How large is the board?" || all[0].Practice+all[0].Title != "" {
			t.Errorf("what somebody else asked of it: %+v, %v", all, err)
		}
	})
}

// Questions are asked of a practice or of anything; answers stand under them.
func TestQuestionsAreAnswered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		if err := w.Ask(ctx, w.organisation, "Repairs-0", "", "", "Who has a night shift?"); err != nil {
			t.Fatal(err)
		}
		all, err := w.Questions(ctx, w.organisation)
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		for _, text := range []string{"We do.", "We too."} {
			if err := w.Ask(ctx, w.organisation, "Stores-0", "", all[0].ID, text); err != nil {
				t.Fatal(err)
			}
		}
		if all, err = w.Questions(ctx, w.organisation); err != nil || len(all) != 1 || len(all[0].Answers) != 2 || all[0].Answers[0].Text != "We do." {
			t.Errorf("%+v, %v", all, err)
		}
		for what, err := range map[string]error{"an answer to an answer": w.Ask(ctx, w.organisation, "Depot-0", "", all[0].Answers[0].ID, "x"), "nobody's": w.Ask(ctx, w.organisation, "", "", "", "x"), "an answered one taken back": w.Unask(ctx, w.organisation, "Repairs-0", all[0].ID),
			"somebody else's": w.Unask(ctx, w.organisation, "Repairs-0", all[0].Answers[0].ID)} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := w.Unask(ctx, w.organisation, "Stores-0", all[0].Answers[0].ID); err != nil {
			t.Error(err)
		}
	})
}

// Who has given a practice up and takes it up again has worked by it twice: what was stays. Leavers
// work by nothing, and change nothing any more.
func TestWhatWasTakenUpAndGivenUpStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		for _, key := range []string{"Repairs-0", "Stores-0", "Depot-0"} {
			w.joins(t, p.ID, key, transition.Accepted, transition.Active)
		}
		w.planned(t, p.ID)
		one := transition.Practice{ID: "06h26e5kktv5f9kttuaan0ja1s", Title: "Questions", Theme: "trust", Problem: "x", Tried: "x", Outcome: transition.DidNot}
		if err := w.SavePractice(ctx, w.organisation, "Repairs-0", one, true, themes); err != nil {
			t.Fatal(err)
		}
		adopt := func(day period.Day) error {
			return w.Adopt(ctx, w.organisation, "Stores-0", transition.Adoption{Practice: one.ID, Day: day, Outcome: transition.Helped})
		}
		if err := adopt("1900-01-01"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("before it was shared: %v", err)
		}
		if err := adopt("2026-03-02"); err != nil {
			t.Fatal(err)
		}
		w.now = start.AddDate(0, 2, 0)
		if err := w.GiveUp(ctx, w.organisation, "Stores-0", one.ID, transition.DidNot, "Nobody came."); err != nil {
			t.Fatal(err)
		}
		w.now = start.AddDate(0, 4, 0)
		if err := adopt("2026-04-20"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("while the first time lasted: %v", err)
		}
		for _, day := range []period.Day{"2026-06-20", "2026-07-01"} { // said again
			if err := adopt(day); err != nil {
				t.Fatal(err)
			}
		}
		got, err := w.Practice(ctx, w.organisation, "Stores-0", one.ID)
		if err != nil || len(got.Adoptions) != 2 || got.Adoptions[0].Ended != "2026-05-02" || got.Adoptions[0].Outcome != transition.DidNot || got.Adoptions[0].Note != "Nobody came." || got.Adoptions[1].Day != "2026-07-01" || got.InUse != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		sp, err := w.Spread(ctx, w.organisation, p.ID)
		// By hand: the writer says that it did not help; of the adopter's group of 50 the same is said of the first time.
		if err != nil || len(sp.Months) != 1 || sp.Months[0] != "2026-07" || sp.Reached[0] != 50 {
			t.Errorf("%+v, %v", sp.Spread, err)
		}
		rows := slices.DeleteFunc(staff(), func(r row) bool { return r.key == "Stores-0" || r.key == "Stores-9" || r.location == "Wells" })
		roster(t, w.Org, w.organisation, period.DayOf(w.now), rows)
		sp, err = w.Spread(ctx, w.organisation, p.ID)
		if err != nil || sp.People != 158 || sp.Reached[0] != 0 || len(sp.Locations) != 2 || sp.Practices[0].InUse != 0 {
			t.Errorf("the adopter has left: %+v, %v", sp.Spread, err)
		}
		for what, err := range map[string]error{"gives it up": w.GiveUp(ctx, w.organisation, "Stores-0", one.ID, "", ""), "asks back": w.Unask(ctx, w.organisation, "Stores-0", "x"), "drops": w.DropPractice(ctx, w.organisation, "Stores-0", one.ID)} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("a leaver %s: %v", what, err)
			}
		}
		if err := w.RemovePractice(ctx, w.organisation, one.ID, "Mo"); err != nil {
			t.Fatal(err)
		}
		if all, err := w.Practices(ctx, w.organisation, transitiondb.PracticeQuery{}); err != nil || len(all) != 0 {
			t.Errorf("removed: %v, %v", all, err)
		}
	})
}
