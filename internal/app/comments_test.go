package app

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"throughline/internal/org"
)

// Of 60 people who answer, 24 of North, 20 of South and 4 of East write something.
func TestCommentsAreShownAmongThoseOfTen(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path, secrets := s.open(t, lead)
		for i, secret := range secrets {
			form := answers(t, 5+i%3)
			shop := []string{"North", "South", "East"}[min(i/24, 2)]
			if i < 44 || i >= 48 && i < 52 {
				form.Set("change", shop+" needs more light, says number "+strconv.Itoa(i)+"<script>")
			}
			if a := s.anybody(t).post("/r/"+secret, form); a.status != http.StatusOK {
				t.Fatalf("answering: %d %s", a.status, a.said())
			}
		}
		if a := s.anybody(t).post("/r/"+secrets[0], url.Values{"change": {strings.Repeat("x", 4001)}, "~sure": {"1"}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("one that is too long: %d", a.status)
		}
		if a := lead.get(path + "/report/comments"); a.status != http.StatusConflict {
			t.Errorf("before closing: %d", a.status)
		}
		lead.follow(lead.post(path+"/closure", url.Values{"sure": {"1"}}))
		path += "/report"
		lead.post(path+"/release", url.Values{"to": {"managers"}})
		all := lead.get(path + "/comments?format=csv")
		count := func(a answer, shop string) int { return strings.Count(a.body, shop+" needs more light") }
		// East's four are too few, and South's twenty with them would tell them apart.
		if n, south, east := count(all, "North"), count(all, "South"), count(all, "East"); n != 24 || south != 20 || east != 4 {
			t.Errorf("of the whole: %d of North, %d of South, %d of East", n, south, east)
		}
		units := lead.units(path)
		for shop, want := range map[string]int{"North": 24, "South": 0, "East": 0} {
			if n := count(lead.get(path+"/comments?format=csv&unit="+units[shop].ID), shop); n != want {
				t.Errorf("%s's list has %d comments, want %d", shop, n, want)
			}
		}
		a := lead.get(path + "/comments?q=NUMBER+7&question=change")
		if n := a.page().Find("td.words").Length(); n != 1 || !strings.Contains(a.said(), "1 of 48 comments of Shops") || strings.Contains(a.body, "<script>says") {
			t.Errorf("searching finds %d: %s", n, a.said())
		}
		if p := lead.get(path + "/comments"); p.page().Find("td.words").Length() != 48 {
			t.Errorf("the page has %d", p.page().Find("td.words").Length())
		}
		s.group(t, lead, path)
		manager := s.as(t, "manager", org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: units["North"].ID}})
		if a := manager.get(path + "/comments"); a.status != http.StatusOK || count(a, "North") == 0 || count(a, "South") > 0 {
			t.Errorf("the manager of North: %d, %d of South", a.status, count(a, "South"))
		}
		if a := manager.get(path + "/comments?unit=" + units["South"].ID); a.status != http.StatusNotFound {
			t.Errorf("the manager of North, South's comments: %d", a.status)
		}
	})
}

// group groups twenty comments of North; more are proposed by their words, and the file says so.
func (s *site) group(t *testing.T, lead *client, path string) {
	t.Helper()
	north := lead.get(path + "/comments?q=north").page().Find("[name=comment]").Map(func(_ int, c *goquery.Selection) string { return c.AttrOr("value", "") })
	form := url.Values{"comment": north[:20], "item": {"safe_workplace"}, "shown": {"q=north"}}
	a := lead.post(path+"/comments", form)
	if a.status != http.StatusSeeOther || !strings.HasSuffix(a.location, "/comments?q=north") {
		t.Fatalf("grouping: %d %s", a.status, a.said())
	}
	if a := lead.get(path + "/comments?about=safe_workplace"); !strings.Contains(a.said(), "24 of 48 comments") || !strings.Contains(a.said(), "→ Safe and secure workplace") || !strings.Contains(a.said(), "perhaps Safe and secure workplace (north)") {
		t.Errorf("grouped and proposed: %s", a.said())
	}
	if a := lead.get(path + "/comments?about=none&format=json"); strings.Count(a.body, "needs more light") != 28 {
		t.Errorf("not grouped yet are %d", strings.Count(a.body, "needs more light"))
	}
	if a := lead.get(path + "/comments?about=safe_workplace&format=csv"); strings.Count(a.body, ",Safe and secure workplace,") != 20 || strings.Count(a.body, ",,Safe and secure workplace") != 4 {
		t.Errorf("the file: %s", a.body)
	}
	form.Set("do", "out")
	form["comment"] = north[:1]
	lead.post(path+"/comments", form)
	if a := lead.get(path + "/comments"); strings.Count(a.body, "→ Safe") != 19 {
		t.Errorf("taken out: %d are left", strings.Count(a.body, "→ Safe"))
	}
	for want, form := range map[int]url.Values{http.StatusUnprocessableEntity: {"item": {"trust"}}, http.StatusNotFound: {"item": {"trust"}, "comment": {"9999"}}} {
		if a := lead.post(path+"/comments", form); a.status != want {
			t.Errorf("%v: %d, want %d", form, a.status, want)
		}
	}
	if a := lead.post(path+"/comments", url.Values{"item": {"nothing"}, "comment": north[:1]}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("under nothing: %d", a.status)
	}
}
