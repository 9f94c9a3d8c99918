package diagnosisdb_test

import (
	"context"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

// sharing drafts a diagnosis whose units answer by shared links.
func (w *world) sharing(t *testing.T, units ...string) diagnosis.Diagnosis {
	t.Helper()
	d := w.draft(t)
	d.Shared = units
	if err := w.Change(context.Background(), w.organisation, d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAUnitAnswersByOneLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d := w.sharing(t, " all / north ")
		f, err := w.Forecast(ctx, w.organisation, d, nil)
		if err != nil || f.Shared != 12 {
			t.Fatalf("%+v, %v", f.Cost, err)
		}
		if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		if n := len(w.secrets(t, d.ID)); n != 28 {
			t.Errorf("%d of the 28 others have a personal link", n)
		}
		links, err := w.SharedLinks(ctx, w.organisation, d.ID)
		if err != nil || len(links) != 1 || links[0].Unit != "North" || links[0].People != 12 {
			t.Fatalf("%+v, %v", links, err)
		}
		link := links[0].Secret
		if by, err := w.ByCode(ctx, links[0].Code); err != nil || by != link {
			t.Errorf("the code leads to %q, %v", by, err)
		}
		box := &postbox{}
		w.plan(t, d.ID, invitationMail(w))
		if err := w.SendDue(ctx, box.post); err != nil || len(box.to) != 26 {
			t.Errorf("%d are mailed, %v", len(box.to), err)
		}

		q, err := w.Questionnaire(ctx, link)
		if err != nil || q.Ticket || q.Shared != "North" {
			t.Fatalf("%+v, %v", q, err)
		}
		if err := w.Submit(ctx, link, given(t, 5)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("without a ticket: %v", err)
		}
		ticket := diagnosisdb.Ticket(link)
		if err := w.SaveDraft(ctx, ticket, given(t, 4)); err != nil {
			t.Fatal(err)
		}
		if q, err := w.Questionnaire(ctx, ticket); err != nil || !q.Ticket || len(q.Given) == 0 {
			t.Errorf("what was saved is not there: %+v, %v", q, err)
		}
		if q, err := w.Questionnaire(ctx, diagnosisdb.Ticket(link)); err != nil || len(q.Given) > 0 {
			t.Errorf("another ticket shows what was saved: %+v, %v", q, err)
		}
		if err := w.Submit(ctx, ticket, given(t, 5)); err != nil {
			t.Fatal(err)
		}
		if err := w.Submit(ctx, ticket, given(t, 5)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("twice with one ticket: %v", err)
		}
		if _, err := w.Questionnaire(ctx, diagnosisdb.Ticket("nothing")); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a ticket of no link: %v", err)
		}
		personal := w.secrets(t, d.ID)[0]
		if _, err := w.Questionnaire(ctx, diagnosisdb.Ticket(personal)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a ticket of a personal link: %v", err)
		}
		for range 11 {
			if err := w.Submit(ctx, diagnosisdb.Ticket(link), given(t, 6)); err != nil {
				t.Fatal(err)
			}
		}
		if q, err := w.Questionnaire(ctx, diagnosisdb.Ticket(link)); err != nil || !q.Full {
			t.Errorf("after twelve of twelve: %+v, %v", q.Full, err)
		}
		if err := w.Submit(ctx, diagnosisdb.Ticket(link), given(t, 6)); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a thirteenth answer of twelve people: %v", err)
		}

		// Somebody who comes to North later has the link too.
		roster(t, w.Org, w.organisation, "2026-03-05", []string{"new-1", "Nora New", "All/North/Kiosk", "employee", "nora@shops.example"})
		w.now = w.now.AddDate(0, 0, 4)
		list, err := w.Newcomers(ctx, w.organisation, d.ID, "", 9)
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		if err := w.Invite(ctx, w.organisation, d.ID, []string{list[0].ID}, "Ada"); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Invitees(ctx, w.organisation, d.ID, "nora", 9); err != nil || len(list) != 1 || !list[0].Shared {
			t.Errorf("%v, %v", list, err)
		} else if _, err := w.Link(ctx, w.organisation, d.ID, list[0].ID, "Ada"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a personal link of who has none: %v", err)
		}
		if err := w.Submit(ctx, diagnosisdb.Ticket(link), given(t, 6)); err != nil {
			t.Errorf("the thirteenth of thirteen: %v", err)
		}
		for _, s := range w.secrets(t, d.ID) {
			if err := w.Submit(ctx, s, given(t, 8)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(ctx, w.organisation, d.ID, org.By{Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		p, err := w.Report(ctx, w.organisation, d.ID)
		if err != nil || p.Report.Invited != 41 || p.Report.Respondents != 41 {
			t.Fatalf("%d invited, %d respondents, %v", p.Report.Invited, p.Report.Respondents, err)
		}
		north := p.Report.Groups[0]
		for _, g := range p.Report.Groups {
			if g.Table == 0 && p.Report.Units[g.Unit].Name == "North" {
				north = g
			}
		}
		if north.N != 13 || north.Invited != 13 || north.Overall == nil || *north.Overall > 7 {
			t.Errorf("North: %+v", north)
		}
		if q, err := w.Questionnaire(ctx, link); err != nil || q.Diagnosis.State != diagnosis.Closed {
			t.Errorf("the link after closing: %+v, %v", q.Diagnosis, err)
		}
		if _, err := w.ByCode(ctx, links[0].Code); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the code after closing: %v", err)
		}
	})
}

func TestAFileNamesNobodyOfASharedLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d := w.sharing(t, "North")
		if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); err != nil {
			t.Fatal(err)
		}
		in, err := w.Instrument(ctx, w.organisation, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		packed, err := in.Pack(given(t, 5))
		if err != nil {
			t.Fatal(err)
		}
		err = w.ImportAnswers(ctx, w.organisation, d.ID, "Ada", []diagnosis.Imported{{Person: "All/North-1", Packed: packed}})
		if fault.KindOf(err) != fault.Invalid {
			t.Error(err)
		}
	})
}

func TestASharedLinkIsForAWholeGroup(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for _, units := range [][]string{{"Nowhere"}, {"All", "North"}, {"North", "All"}} {
			if _, err := w.Forecast(ctx, w.organisation, w.sharing(t, units...), nil); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v", units, err)
			}
		}
		if f, err := w.Forecast(ctx, w.organisation, w.sharing(t, "North", "All/North"), nil); err != nil || f.Shared != 12 {
			t.Errorf("one unit written twice: %+v, %v", f, err)
		}
		d := w.sharing(t, "East")
		d.Minimum = 7
		if err := w.Change(ctx, w.organisation, d); err != nil {
			t.Fatal(err)
		}
		if err := w.Open(ctx, w.organisation, d.ID, org.By{Name: "Ada"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("six people with a minimum of seven: %v", err)
		}
	})
}
