package app

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"throughline/internal/org"
)

// A lead makes focal points of candidates, lets people vote on their phones, decides, and
// who reads a unit sees what was decided with the own figures.
func TestFocalPointsAreChosenVotedAndDecided(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.closed(t, lead, "level")
		path := report + "/focal-points"
		units := lead.units(report)
		manager := s.as(t, "manager", org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: units["North"].ID}})
		executive := s.as(t, "executive", whole(org.Executive))
		if a := manager.get(path); a.status != http.StatusNotFound {
			t.Errorf("before anything is decided the manager gets %d", a.status)
		}
		if a := executive.get(path); strings.Contains(a.body, "<form id=\"make\"") || a.status != http.StatusOK {
			t.Errorf("the executive sees the form: %d", a.status)
		}
		a := lead.post(path, url.Values{"theme": {""}, "item": {"dialogue"}, "owner": {"P1"}})
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "give the focal point a name") {
			t.Errorf("without a theme: %d %s", a.status, a.said())
		}
		if a = lead.post(path, url.Values{"theme": {"Dialogue"}, "item": {"dialogue"}, "owner": {"Person 1"}}); !strings.Contains(a.said(), "several people are called so") {
			t.Errorf("an owner who could be several: %s", a.said())
		}
		for _, f := range []url.Values{
			{"theme": {"Dialogue"}, "wording": {"We talk each week"}, "item": {"dialogue", "involvement"}, "owner": {"P1"}, "promise": {"0,5"}},
			{"theme": {"Coaching"}, "wording": {"Managers show how"}, "item": {"coaching"}, "owner": {"P2"}},
		} {
			if a := lead.post(path, f); a.status != http.StatusSeeOther {
				t.Fatalf("%v: %d %s", f, a.status, a.said())
			}
		}
		if a := lead.post(path+"/minutes", url.Values{"day": {"2026-04-01"}, "do": {"decide"}}); !strings.Contains(a.said(), "three to five focal points are decided; there are 2") {
			t.Errorf("two: %d %s", a.status, a.said())
		}
		lead.follow(lead.post(path, url.Values{"theme": {"Trust"}, "item": {"trust"}}))
		edit := regexp.MustCompile(path+`/(\w{26})`).FindAllString(lead.get(path).body, -1)
		if len(edit) != 3 {
			t.Fatalf("three can be changed: %v", edit)
		}
		a = lead.follow(lead.post(edit[2], url.Values{"theme": {"Trust"}, "wording": {"We keep our word"}, "owner": {"P3"}, "item": {"trust", "integrity"}, "text-0": {"Say what you will do"}, "about-0": {"integrity"}, "promise-0": {"0.3"}}))
		if !strings.Contains(a.said(), "Say what you will do") || !strings.Contains(a.said(), "+0.30") {
			t.Errorf("a recommendation: %s", a.said())
		}
		if p := lead.get(edit[2]).page(); p.Find(`[name=about-0]:checked`).Length() != 1 || p.Find(`[name=text-2]`).Length() != 1 {
			t.Error("the form does not show it")
		}
		s.vote(t, lead, path)
		if a := lead.follow(lead.post(path+"/minutes", url.Values{"day": {"2026-04-01"}, "present": {"The board"}, "notes": {"We talked."}, "do": {"decide"}})); !strings.Contains(a.said(), "3 focal points are decided") || !strings.Contains(a.said(), "We talked.") {
			t.Errorf("deciding: %s", a.said())
		}
		if a := lead.post(path, url.Values{"theme": {"More"}, "item": {"trust"}}); a.status != http.StatusConflict {
			t.Errorf("once decided: %d", a.status)
		}
		if a := manager.get(path); a.status != http.StatusOK || !strings.Contains(a.said(), "We talk each week") || !strings.Contains(a.said(), "The figures are those of North") || strings.Contains(a.said(), "vote") {
			t.Errorf("the manager: %d %s", a.status, a.said())
		}
		if a := manager.get(path + "/minutes"); a.status != http.StatusNotFound {
			t.Errorf("the minutes are for who reads all: %d", a.status)
		}
		if a := lead.get(report + "/promises"); a.status != http.StatusNotFound {
			t.Errorf("nothing was promised before: %d", a.status)
		}
	})
}

// vote opens voting for two, and has two vote and a third refused.
func (s *site) vote(t *testing.T, lead *client, path string) {
	t.Helper()
	a := lead.follow(lead.post(path+"/votes", url.Values{"voters": {"2"}}))
	address := regexp.MustCompile(`/vote/\w+`).FindString(a.body)
	if address == "" {
		t.Fatalf("no address to vote at: %s", a.said())
	}
	first, second, third := s.anybody(t), s.anybody(t), s.anybody(t)
	if a := first.get(address); a.status != http.StatusOK || strings.Contains(a.body, "6.") || a.page().Find("[type=checkbox]").Length() != 35 {
		t.Errorf("the ballot: %d", a.status)
	}
	if a := first.post(address, url.Values{"item": {"trust", "dialogue", "coaching", "integrity", "example", "resilience"}}); a.status != http.StatusUnprocessableEntity || a.page().Find(":checked").Length() != 6 {
		t.Errorf("six at once: %d", a.status)
	}
	for _, items := range [][]string{{"trust"}, {"dialogue", "coaching"}} {
		if a := first.post(address, url.Values{"item": items}); a.status != http.StatusOK {
			t.Errorf("%v: %d %s", items, a.status, a.said())
		}
	}
	if a := first.get(address); a.page().Find(":checked").Length() != 2 {
		t.Error("the own choice is not shown again")
	}
	if a := second.post(address, url.Values{"item": {"dialogue"}}); a.status != http.StatusOK {
		t.Errorf("the second: %d %s", a.status, a.said())
	}
	if a := third.post(address, url.Values{"item": {"dialogue"}}); a.status != http.StatusConflict || !strings.Contains(a.said(), "as many have voted") {
		t.Errorf("the third of two: %d %s", a.status, a.said())
	}
	if a := lead.get(path); !strings.Contains(a.said(), "2 votes") {
		t.Errorf("the votes are not beside the candidates: %s", a.said())
	}
	lead.post(path+"/votes", url.Values{"voters": {"2"}, "do": {"end"}})
	if a := second.post(address, url.Values{"item": {"trust"}}); a.status != http.StatusConflict {
		t.Errorf("when voting is over: %d", a.status)
	}
	if a := first.get("/vote/nothing"); a.status != http.StatusNotFound {
		t.Errorf("an address that is none: %d", a.status)
	}
}
