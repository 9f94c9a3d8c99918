package diagnosisdb_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
)

// choose makes three focal points of a closed diagnosis, decides them, and returns their ids.
func (w *world) choose(t *testing.T, id string) (made []string) {
	t.Helper()
	ctx := context.Background()
	for i, items := range [][]string{{"dialogue", "involvement"}, {"coaching"}, {"trust", "integrity"}} {
		f := diagnosis.FocalPoint{Theme: fmt.Sprint("Theme ", i), Wording: "It is otherwise", Items: items, Promise: .5,
			Recommendations: []diagnosis.Recommendation{{Text: "Talk", Promise: 3}}}
		focal, err := w.SaveFocal(ctx, w.organisation, id, f, "All/North-1", "Ada")
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, focal)
	}
	if err := w.SaveWorkshop(ctx, w.organisation, id, diagnosis.Workshop{Day: "2026-04-01", Present: "The team"}); err != nil {
		t.Fatal(err)
	}
	if err := w.DecideFocal(ctx, w.organisation, id, "Ada"); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestFocalPointsAreChosenDecidedAndJudged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		open, _ := w.opened(t)
		f := diagnosis.FocalPoint{Theme: "Dialogue", Items: []string{"dialogue"}}
		if _, err := w.SaveFocal(ctx, w.organisation, open, f, "", "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("of an open diagnosis: %v", err)
		}
		first := w.run(t, "2026-03-01", 4, nil)
		for name, owner := range map[string]string{"nobody": "Nobody at all", "several": "Person"} {
			if _, err := w.SaveFocal(ctx, w.organisation, first, f, owner, "Ada"); fault.Of(err) == nil || fault.Of(err).Field != "owner" {
				t.Errorf("%s: %v", name, err)
			}
		}
		focal, err := w.SaveFocal(ctx, w.organisation, first, f, "All/North-1", "Ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.DecideFocal(ctx, w.organisation, first, "Ada"); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "three to five") {
			t.Errorf("one is decided: %v", err)
		}
		c, err := w.Focal(ctx, w.organisation, first)
		if err != nil || len(c.Focal) != 1 || c.Focal[0].Owner == "" || c.Focal[0].OwnerID == "" {
			t.Fatalf("%+v, %v", c, err)
		}
		again := c.Focal[0]
		again.Wording = "We talk each week"
		if _, err := w.SaveFocal(ctx, w.organisation, first, again, again.Owner, "Ada"); err != nil {
			t.Errorf("the owner stays: %v", err)
		}
		if c, _ := w.Focal(ctx, w.organisation, first); len(c.Focal) != 1 || c.Focal[0].OwnerID != again.OwnerID || c.Focal[0].Wording != again.Wording {
			t.Errorf("%+v", c.Focal)
		}
		if err := w.DropFocal(ctx, w.organisation, first, focal, "Ada"); err != nil {
			t.Error(err)
		}
		if err := w.DropFocal(ctx, w.organisation, first, focal, "Ada"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("twice: %v", err)
		}
		w.choose(t, first)
		if _, err := w.SaveFocal(ctx, w.organisation, first, f, "", "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("once they are decided: %v", err)
		}
		if err := w.SaveWorkshop(ctx, w.organisation, first, diagnosis.Workshop{Day: "2026-04-01", Notes: "Mended"}); err != nil {
			t.Errorf("minutes can be mended: %v", err)
		}
		if c, _ := w.Focal(ctx, w.organisation, first); c.Decided.IsZero() || c.DecidedBy != "Ada" || c.Notes != "Mended" {
			t.Errorf("%+v", c.Workshop)
		}
		w.now = w.now.AddDate(0, 18, 0)
		second := w.run(t, "2026-03-01", 5, nil)
		j, err := w.Judge(ctx, w.organisation, second, "")
		if err != nil || len(j.Focal) != 3 || j.Then.Diagnosis.ID != first {
			t.Fatalf("%+v, %v", j, err)
		}
		for _, f := range j.Focal {
			if f.Whole.Keeping != diagnosis.PromiseKept || f.Advice[0].Keeping != diagnosis.PromisePartly {
				t.Errorf("%+v", f)
			}
		}
		if err := w.ReopenFocal(ctx, w.organisation, first, "Ada"); err != nil {
			t.Error(err)
		}
		if err := w.ReopenFocal(ctx, w.organisation, first, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("twice: %v", err)
		}
		if _, err := w.Judge(ctx, w.organisation, second, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("nothing is decided: %v", err)
		}
	})
}

func TestBallotsAreCountedOncePerVoterAndNoMoreThanTakePart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id := w.run(t, "2026-03-01", 4, nil)
		if _, err := w.Election(ctx, "", ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("before voting began: %v", err)
		}
		if err := w.SaveWorkshop(ctx, w.organisation, id, diagnosis.Workshop{Voting: true}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("nobody may vote: %v", err)
		}
		if err := w.SaveWorkshop(ctx, w.organisation, id, diagnosis.Workshop{Voting: true, Voters: 3}); err != nil {
			t.Fatal(err)
		}
		c, err := w.Focal(ctx, w.organisation, id)
		if err != nil || c.Code == "" {
			t.Fatalf("%+v, %v", c, err)
		}
		vote := func(voter string, items ...string) error { return w.Vote(ctx, c.Code, voter, items) }
		if err := vote("a", "dialogue", "trust"); err != nil {
			t.Fatal(err)
		}
		if err := vote("a", "dialogue", "coaching"); err != nil {
			t.Fatal(err)
		}
		for _, bad := range [][]string{nil, {"nothing"}, {"trust", "trust"}} {
			if err := vote("b", bad...); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%v: %v", bad, err)
			}
		}
		var all sync.WaitGroup
		full := make([]error, 6)
		for i := range full {
			all.Go(func() { full[i] = vote(fmt.Sprint("many", i), "dialogue") })
		}
		all.Wait()
		if n := len(slices.DeleteFunc(full, func(err error) bool { return err == nil })); n != 4 {
			t.Errorf("of six more, with two seats, %d were refused", n)
		}
		if c, _ = w.Focal(ctx, w.organisation, id); c.Ballots != 3 || c.Votes["dialogue"] != 3 || c.Votes["coaching"] != 1 || c.Votes["trust"] != 0 {
			t.Errorf("%d ballots, %v", c.Ballots, c.Votes)
		}
		e, err := w.Election(ctx, c.Code, "a")
		if err != nil || !e.Open || !slices.Equal(e.Given, []string{"dialogue", "coaching"}) {
			t.Errorf("%+v, %v", e, err)
		}
		if err := w.SaveWorkshop(ctx, w.organisation, id, diagnosis.Workshop{Voters: 3}); err != nil {
			t.Fatal(err)
		}
		if err := vote("a", "trust"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("when voting is over: %v", err)
		}
	})
}
