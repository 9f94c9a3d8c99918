package strategydb_test

import (
	"context"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

func TestResultsStayAsTheyWereSignedOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.defines(t, sum("Sales"))
		w.imports(t, "sales Gent 2026-01 10", "sales Gent 2026-02 20", "sales Gent 2026-03 30")
		belgium := w.unit(t, "Belgium")
		made, err := w.SignOff(ctx, w.organisation, belgium, "2026-Q1", "A mild winter.", "Ada")
		if err != nil {
			t.Fatal(err)
		}
		w.imports(t, "sales Gent 2026-02 25", "sales Gent 2026-04 5")
		one, now, err := w.SignedOff(ctx, w.organisation, made)
		if err != nil || len(one.Results) != 1 || value(one.Results[0].Value) != "60" || len(now) != 1 || value(now[0].Value) != "65" || !one.Results[0].Changed(now[0].Value) || one.By != "Ada" || one.Remark != "A mild winter." {
			t.Errorf("%+v, now %+v, %v", one, now, err)
		}
		if _, err := w.SignOff(ctx, w.organisation, belgium, "2026-Q1", "", "Bo"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("twice: %v", err)
		}
		for p, unit := range map[period.Period]string{"2026-Q2": "Belgium", "2026-02": "Poland", "soon": "Belgium"} {
			if _, err := w.SignOff(ctx, w.organisation, w.unit(t, unit), p, "", "Bo"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s of %s: %v", p, unit, err)
			}
		}
		if all, err := w.SignOffs(ctx, w.organisation, belgium); err != nil || len(all) != 1 || all[0].ID != made {
			t.Errorf("%+v, %v", all, err)
		}
		stranger := w.founded(t, "strangers")
		w.roster(t, stranger, "2026-01-01", "Theirs/One")
		if _, _, err := w.SignedOff(ctx, stranger, made); fault.KindOf(err) != fault.NotFound {
			t.Errorf("SignedOff of another organisation: %v", err)
		}
		if _, err := w.SignOff(ctx, stranger, belgium, "2026-01", "", "Eve"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("SignOff of another organisation: %v", err)
		}
		if all, err := w.SignOffs(ctx, stranger, belgium); err != nil || len(all) > 0 {
			t.Errorf("SignOffs of another organisation: %v, %v", all, err)
		}
	})
}

func TestARecognitionIsSeenByWhomItsOwnerChooses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		own := w.aims(t, "", "All/Belgium/Gent", "Ask each customer", nil)
		if err := w.Recognise(ctx, w.organisation, own, "A day off", org.By{Name: "Bo", Person: "bo"}); err != nil {
			t.Fatal(err)
		}
		person := w.person(t, "All/Belgium/Gent")
		for name, q := range map[string]strategydb.RecognitionQuery{"goal": {Goal: own}, "person": {Person: person}, "unit": {Unit: w.unit(t, "Gent")}} {
			all, err := w.Recognitions(ctx, w.organisation, q)
			if err != nil || len(all) != 1 || all[0].What != "A day off" || all[0].For != "Ask each customer" || all[0].Visible != strategy.ToOwner || all[0].By.Person != "bo" {
				t.Errorf("by %s: %+v, %v", name, all, err)
			}
		}
		all, err := w.Recognitions(ctx, w.organisation, strategydb.RecognitionQuery{Goal: own})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.ShowRecognition(ctx, w.organisation, own, all[0].ID, strategy.ToAnyone); err != nil {
			t.Fatal(err)
		}
		if all, err := w.Recognitions(ctx, w.organisation, strategydb.RecognitionQuery{Goal: own}); err != nil || all[0].Visible != strategy.ToAnyone {
			t.Errorf("%+v, %v", all, err)
		}
		other := w.aims(t, "Gent", "", "Another", nil)
		stranger := w.founded(t, "strangers")
		for name, err := range map[string]error{
			"of another goal":                 w.ShowRecognition(ctx, w.organisation, other, all[0].ID, strategy.ToUnit),
			"shown by another organisation":   w.ShowRecognition(ctx, stranger, own, all[0].ID, strategy.ToUnit),
			"written by another organisation": w.Recognise(ctx, stranger, own, "x", org.By{}),
		} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		if all, err := w.Recognitions(ctx, stranger, strategydb.RecognitionQuery{Goal: own}); err != nil || len(all) > 0 {
			t.Errorf("read by another organisation: %v, %v", all, err)
		}
	})
}

func TestWhereTheHeadOfLearningSitsIsADatedFact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for _, seat := range []strategy.Seat{{Since: "2024-01-01", By: "Ada"}, {Since: "2026-03-01", By: "Ada"}, {Since: "2026-03-01", Seated: true, Note: "By the board.", By: "Bo"}} {
			if err := w.SaySeat(ctx, w.organisation, seat); err != nil {
				t.Fatal(err)
			}
		}
		all, err := w.Seats(ctx, w.organisation)
		if err != nil || len(all) != 2 || !all[0].Seated || all[0].By != "Bo" || all[1].Seated {
			t.Errorf("%+v, %v", all, err)
		}
		if err := w.SaySeat(ctx, w.organisation, strategy.Seat{Since: "2027-01-01"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a day that has not come: %v", err)
		}
		if all, err := w.Seats(ctx, w.founded(t, "strangers")); err != nil || len(all) > 0 {
			t.Errorf("of another organisation: %v, %v", all, err)
		}
	})
}
