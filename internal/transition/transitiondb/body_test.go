package transitiondb_test

import (
	"context"
	"testing"

	"throughline/internal/transition"
)

// A group of several units belongs to the unit above them; a coach is of the own unit.
func TestAGroupOfSeveralUnitsHasTheUnitAboveThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		p := w.coaches(t)
		p.Per = 120
		if _, err := w.SaveProgramme(ctx, w.organisation, p, "Mo"); err != nil {
			t.Fatal(err)
		}
		member := w.joins(t, p.ID, "Repairs-0", transition.Accepted, transition.Active)
		if err := w.Place(ctx, w.organisation, p.ID, member, "", 120, "Mo"); err != nil {
			t.Fatal(err)
		}
		w.planned(t, p.ID)
		bodies, err := w.BodiesOf(ctx, w.organisation, "Repairs-0")
		if err != nil || len(bodies) != 1 || bodies[0].Unit.Name != "All" {
			t.Fatalf("%+v, %v", bodies, err)
		}
		b, err := w.Body(ctx, w.organisation, transition.GroupBody, bodies[0].ID)
		if err != nil || b.Unit != bodies[0].Unit || len(b.Place.Units) != 1 || len(b.People) != 120 {
			t.Errorf("%+v of %d, %v", b.Unit, len(b.People), err)
		}
		if m := w.memberOf(t, p.ID, "Repairs-0"); m.Part.Name != "Repairs" {
			t.Errorf("the part of a coach: %v", m.Part)
		}
	})
}
