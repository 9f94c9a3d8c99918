package diagnosisdb_test

import (
	"context"
	"slices"
	"testing"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

func TestPeopleAreAddedWhileADiagnosisIsOpen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, _ := w.opened(t)
		if list, err := w.Newcomers(ctx, w.organisation, id, "", 9); err != nil || len(list) > 0 {
			t.Fatalf("%v, %v", list, err)
		}
		roster(t, w.Org, w.organisation, "2026-03-05",
			[]string{"new-1", "Nora New", "All/North", "employee", "nora@shops.example"},
			[]string{"new-2", "Kim Kiosk", "All/North/Kiosk", "employee", ""},
			[]string{"new-3", "Dora Duarte", "All/South", "executive", ""})
		w.now = w.now.AddDate(0, 0, 4)
		list, err := w.Newcomers(ctx, w.organisation, id, "", 9)
		if err != nil || len(list) != 3 || list[0].Name != "Dora Duarte" {
			t.Fatalf("%v, %v", list, err)
		}
		if some, err := w.Newcomers(ctx, w.organisation, id, "  KIM ", 9); err != nil || len(some) != 1 || some[0].Unit != "Kiosk" {
			t.Errorf("%v, %v", some, err)
		}
		everybody := []string{list[0].ID, list[1].ID, list[2].ID}
		if err := w.Invite(ctx, w.organisation, id, everybody[1:2], "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.Invite(ctx, w.organisation, id, everybody, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("with one who is invited already: %v", err)
		}
		if err := w.Invite(ctx, w.organisation, id, []string{everybody[0], everybody[2]}, "Ada"); err != nil {
			t.Fatal(err)
		}
		response, err := w.Response(ctx, w.organisation, id)
		if err != nil || response.Groups[0].Invited != 43 {
			t.Fatalf("%d are invited; %v", response.Groups[0].Invited, err)
		}
		for _, g := range response.Groups {
			if response.Layout.Units[g.Unit].Name == "North" && len(g.Values) == 0 && g.Invited != 12 { // its managers count at the top
				t.Errorf("%d of North are invited", g.Invited)
			}
		}
		secrets := w.secrets(t, id)
		if len(secrets) != 43 {
			t.Fatalf("%d links", len(secrets))
		}
		for _, s := range secrets {
			if err := w.Submit(ctx, s, given(t, 7)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(ctx, w.organisation, id, org.By{Name: "Ada"}, nil); err != nil {
			t.Fatal(err)
		}
		p, err := w.Report(ctx, w.organisation, id)
		if err != nil || p.Report.Invited != 43 || p.Report.Respondents != 43 {
			t.Fatalf("%d invited, %d respondents, %v", p.Report.Invited, p.Report.Respondents, err)
		}
		if err := w.Invite(ctx, w.organisation, id, everybody[:1], "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("after closing: %v", err)
		}
	})
}

func TestALostLinkIsSentAndShownAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		id, secrets := w.opened(t)
		if list, err := w.Invitees(ctx, w.organisation, id, "", 9); err != nil || len(list) > 0 {
			t.Errorf("%v, %v", list, err)
		}
		find := func(text string) diagnosisdb.Invitee {
			t.Helper()
			list, err := w.Invitees(ctx, w.organisation, id, text, 9)
			if err != nil || len(list) != 1 {
				t.Fatalf("%v, %v", list, err)
			}
			return list[0]
		}
		nobodysMail := find("all/east-0")
		if err := w.MailAgain(ctx, w.organisation, id, nobodysMail.ID, "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("without an address: %v", err)
		}
		if err := w.CorrectAddress(ctx, w.organisation, id, nobodysMail.ID, "no address", "Ada"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("no address: %v", err)
		}
		if err := w.CorrectAddress(ctx, w.organisation, id, nobodysMail.ID, " East@Shops.example", "Ada"); err != nil {
			t.Fatal(err)
		}
		if got := find("east@shops"); got.ID != nobodysMail.ID || got.Mail != "east@shops.example" {
			t.Errorf("%+v", got)
		}
		if err := w.MailAgain(ctx, w.organisation, id, nobodysMail.ID, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("before any invitation: %v", err)
		}
		box := &postbox{}
		wrong := invitationMail(w)
		wrong.At = w.now.AddDate(0, 0, 3)
		stopped := w.plan(t, id, wrong)
		if err := w.StopMailing(ctx, w.organisation, id, stopped, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.MailAgain(ctx, w.organisation, id, nobodysMail.ID, "Ada"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("with a mailing that was stopped before it left: %v", err)
		}
		w.plan(t, id, invitationMail(w))
		for range 2 { // the second time there is nothing to do
			if err := w.SendDue(ctx, box.post); err != nil {
				t.Fatal(err)
			}
		}
		if len(box.to) != 39 {
			t.Fatalf("%d mails", len(box.to))
		}
		box.to = nil
		if err := w.MailAgain(ctx, w.organisation, id, nobodysMail.ID, "Ada"); err != nil {
			t.Fatal(err)
		}
		if err := w.SendDue(ctx, box.post); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(box.to, []string{"east@shops.example"}) {
			t.Errorf("mailed again: %v", box.to)
		}
		l, err := w.Link(ctx, w.organisation, id, nobodysMail.ID, "Ada")
		if err != nil || l.Secret != box.secrets["east@shops.example"] || !slices.Contains(secrets, l.Secret) {
			t.Errorf("%+v, %v", l, err)
		}
		events, err := w.Org.Events(ctx, w.organisation, w.now.AddDate(0, 0, 1), 1)
		if err != nil || events[0].What != "personal link looked at" {
			t.Errorf("the record says %v, %v", events, err)
		}
	})
}
