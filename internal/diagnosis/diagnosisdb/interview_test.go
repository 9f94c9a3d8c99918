package diagnosisdb_test

import (
	"context"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
)

func TestNotesAreForWhoHeldTheInterviewUnlessTheyAreShared(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		open, _ := w.opened(t)
		one := diagnosis.Interview{Day: "2026-04-01", Level: "employee", Place: "North"}
		if _, err := w.SaveInterview(ctx, w.organisation, open, one, "ada", "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("while it is open: %v", err)
		}
		id := w.run(t, "2026-03-01", 4, nil)
		if _, err := w.SaveInterview(ctx, w.organisation, id, diagnosis.Interview{}, "ada", "Ada"); fault.Of(err) == nil || fault.Of(err).Field != "day" {
			t.Errorf("without a day: %v", err)
		}
		first, err := w.SaveInterview(ctx, w.organisation, id, one, "ada", "Ada")
		if err != nil {
			t.Fatal(err)
		}
		save := func(account string, n diagnosis.Note) error {
			return w.SaveNote(ctx, w.organisation, id, first, n, account)
		}
		for _, n := range []diagnosis.Note{
			{Items: []string{"dialogue", "involvement"}, Text: "Decisions are heard of late"},
			{Items: []string{"dialogue"}, Text: "Nobody asks us.", Quote: true},
			{Text: "The canteen"},
		} {
			if err := save("ada", n); err != nil {
				t.Fatal(err)
			}
		}
		for _, bad := range []diagnosis.Note{{Text: " "}, {Text: "x", Items: []string{"nothing"}}} {
			if err := save("ada", bad); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if list, err := w.Interviews(ctx, w.organisation, id, "ben"); err != nil || len(list) > 0 {
			t.Errorf("another sees %+v, %v", list, err)
		}
		if _, _, err := w.Interview(ctx, w.organisation, id, first, "ben"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another opens it: %v", err)
		}
		if err := save("ben", diagnosis.Note{Text: "x"}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("another writes into it: %v", err)
		}
		one.ID, one.Shared = first, true
		if _, err := w.SaveInterview(ctx, w.organisation, id, one, "ada", "Ada"); err != nil {
			t.Fatal(err)
		}
		got, notes, err := w.Interview(ctx, w.organisation, id, first, "ben")
		if err != nil || got.Own || got.Notes != 3 || len(notes) != 3 || got.By != "Ada" {
			t.Errorf("shared: %+v, %v, %v", got, notes, err)
		}
		if err := save("ben", diagnosis.Note{Text: "x"}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("another writes into a shared one: %v", err)
		}
		if err := w.DropNote(ctx, w.organisation, id, first, notes[0].ID, "ben"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("another deletes a note: %v", err)
		}
		h, err := w.Evidence(ctx, w.organisation, id)
		if e := h.ByItem["dialogue"]; err != nil || h.Total() != 1 || e.Notes != 2 || e.Interviews != 1 || len(e.Quotes) != 1 || e.Quotes[0].Level != "" {
			t.Errorf("%+v, %v", h, err)
		}
		if e := h.ByItem["involvement"]; e.Notes != 1 || len(e.Quotes) > 0 {
			t.Errorf("no consent: %+v", e)
		}
		for range 4 { // five employees are interviewed
			if _, err := w.SaveInterview(ctx, w.organisation, id, diagnosis.Interview{Day: "2026-04-02", Level: "employee"}, "ben", "Ben"); err != nil {
				t.Fatal(err)
			}
		}
		if h, _ = w.Evidence(ctx, w.organisation, id); h.ByItem["dialogue"].Quotes[0].Level != "employee" {
			t.Errorf("%+v", h)
		}
		for _, n := range notes {
			n.Quote, n.Text = false, n.Text+"!"
			if err := save("ada", n); err != nil {
				t.Error(err)
			}
		}
		if h, _ = w.Evidence(ctx, w.organisation, id); len(h.ByItem["dialogue"].Quotes) > 0 {
			t.Errorf("consent is taken back: %+v", h)
		}
		if err := w.DropNote(ctx, w.organisation, id, first, notes[0].ID, "ada"); err != nil {
			t.Error(err)
		}
		if err := w.DropNote(ctx, w.organisation, id, first, notes[0].ID, "ada"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("twice: %v", err)
		}
		if err := w.DropInterview(ctx, w.organisation, id, first, "ada"); err != nil {
			t.Error(err)
		}
		if h, _ = w.Evidence(ctx, w.organisation, id); len(h.ByItem) > 0 || h.Total() != 4 {
			t.Errorf("deleted: %+v", h)
		}
	})
}
