package diagnosisdb_test

import (
	"bytes"
	"context"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
)

// altered is the shipped instrument with some of its text replaced.
func altered(replaced ...string) []byte {
	text := diagnosis.HPOFile
	for i := 0; i < len(replaced); i += 2 {
		text = bytes.Replace(text, []byte(replaced[i]), []byte(replaced[i+1]), 1)
	}
	return text
}

func TestAVersionOfAnInstrumentHasOneWording(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		keep := func(source []byte) error { _, err := w.KeepInstrument(ctx, w.organisation, source, "Ada"); return err }
		if err := keep(altered("id: hpo", "id: own")); err != nil {
			t.Fatal(err)
		}
		for name, source := range map[string][]byte{
			"the shipped one":            diagnosis.HPOFile,
			"the shipped one, reworded":  altered("own wording", "other wording"),
			"one that is kept":           altered("id: hpo", "id: own"),
			"one that is kept, reworded": altered("id: hpo", "id: own", "own wording", "other wording"),
		} {
			if err := keep(source); fault.KindOf(err) != fault.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := keep(altered("id: hpo", "id: own", `version: "1"`, `version: "2"`)); err != nil {
			t.Errorf("another version: %v", err)
		}
	})
}

func TestADiagnosisShowsNoSmallerGroupsThanItsInstrument(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d := w.draft(t)
		d.Minimum = 4
		if err := w.Change(ctx, w.organisation, d); fault.KindOf(err) != fault.Invalid || fault.Of(err).Field != "minimum" {
			t.Errorf("a minimum of 4 where the instrument has 5: %v", err)
		}
		if _, err := w.Draft(ctx, w.organisation, d, "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a draft: %v", err)
		}
		d.Minimum = 6
		if err := w.Change(ctx, w.organisation, d); err != nil {
			t.Errorf("a minimum of 6: %v", err)
		}
		d.RosterDay = "2026-11-31"
		if err := w.Change(ctx, w.organisation, d); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a day that is none: %v", err)
		}
		d.RosterDay, d.Attributes = "2026-03-01", []string{"level", "level"}
		if err := w.Change(ctx, w.organisation, d); fault.KindOf(err) != fault.Invalid {
			t.Errorf("an attribute twice: %v", err)
		}
	})
}
