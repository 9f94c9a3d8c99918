package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"
)

func TestALeadFindsAndAddsPeopleWhileADiagnosisIsOpen(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		s, server := mailSite(t, address)
		lead := s.as(t, "second", whole(org.DiagnosisLead))
		path := s.opened(t, lead)
		page := lead.get(path + "/people")
		if page.status != http.StatusOK || !strings.Contains(page.said(), "Everybody on today's roster is invited.") {
			t.Fatalf("%d %s", page.status, page.said())
		}
		lead.bring(time.Now().UTC().Format(time.DateOnly), "people.csv", "Id,Name,Unit,Mail\nN1,Nora New,Shops/North,nora@shops.example\nP0,Person 0,Shops/North,p0@shops.example\n",
			"map.yaml", "people: {key: Id, name: Name, unit_path: Unit, mail: Mail}")
		page = lead.get(path + "/people")
		newcomers := page.page().Find("input[name=person]")
		if newcomers.Length() != 1 {
			t.Fatalf("%d newcomers: %s", newcomers.Length(), page.said())
		}
		if a := lead.sendForm(page, "/people", nil); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "tick who is to be invited") {
			t.Errorf("nobody ticked: %d %s", a.status, a.said())
		}
		a := lead.sendForm(page, "/people", url.Values{"person": {newcomers.AttrOr("value", "")}})
		if a.status != http.StatusOK || !strings.Contains(a.said(), "One more person is invited.") || !strings.Contains(a.said(), "Everybody on today's roster is invited.") {
			t.Fatalf("%d %s", a.status, a.said())
		}
		if !strings.Contains(lead.get(path).said(), "0 of 13 have answered") {
			t.Errorf("%s", lead.get(path).said())
		}

		lead.sendForm(lead.get(path+"/mail"), "/mail", nil)
		if err := s.sendMail(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(server.Mails()); n != 13 {
			t.Fatalf("%d mails", n)
		}
		found := lead.get(path + "/people?q=nora")
		action := found.page().Find(`ul.rows form`).First().AttrOr("action", "")
		if a := lead.sendForm(found, action, url.Values{"do": {"address"}, "mail": {"nora.at"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), `"nora.at" is not a mail address`) {
			t.Errorf("a wrong address: %d %s", a.status, a.said())
		}
		if a := lead.sendForm(found, action, url.Values{"do": {"address"}, "mail": {"nora@new.example"}}); a.status != http.StatusOK || !strings.Contains(a.said(), "The address is corrected") {
			t.Errorf("the right one: %d %s", a.status, a.said())
		}
		if a := lead.sendForm(found, action, url.Values{"do": {"mail"}}); a.status != http.StatusOK || !strings.Contains(a.said(), "on its way again") {
			t.Errorf("mailing: %d %s", a.status, a.said())
		}
		if err := s.sendMail(t.Context()); err != nil {
			t.Fatal(err)
		}
		mails := server.Mails()
		if len(mails) != 14 || mails[13].To != "nora@new.example" {
			t.Fatalf("%d mails, the last to %v", len(mails), mails[len(mails)-1].To)
		}
		shown := lead.sendForm(found, action, url.Values{"do": {"link"}})
		link := shown.page().Find("#link").AttrOr("value", "")
		if !strings.Contains(mails[13].Text, link) || !strings.Contains(link, "/r/") {
			t.Errorf("shown is %q, mailed was %s", link, mails[13].Text)
		}
		if a := s.anybody(t).get(link[strings.Index(link, "/r/"):]); a.status != http.StatusOK {
			t.Errorf("the link: %d", a.status)
		}
	})
}
