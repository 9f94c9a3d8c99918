package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"throughline/internal/org"
)

func TestAReferenceLineStandsBesideTheWhole(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.closed(t, lead)
		if a := lead.get(report); strings.Contains(a.said(), "Retail, Europe") {
			t.Fatal("before there is one")
		}
		from := url.Values{"name": {"Retail, Europe"}, "source": {"A licence holder"}, "day": {"2026-01-01"}}
		bad := lead.upload("/instruments/shipped/references", from, "bad.csv", "figure;mean\ntrust;7\nspeed;8\nlong_term;80\n")
		if text := bad.said(); bad.status != http.StatusUnprocessableEntity || !strings.Contains(text, `line 3: the instrument has no factor or characteristic "speed"`) || !strings.Contains(text, `line 4: "80" is no mean on the scale 1-10`) ||
			bad.page().Find("#source").AttrOr("value", "") != "A licence holder" {
			t.Errorf("a bad file: %d %s", bad.status, text)
		}
		if a := lead.upload("/instruments/shipped/references", from, "means.csv", "figure;mean\ntrust;7,3\nlong_term;8.1\n"); a.status != http.StatusOK || !strings.Contains(a.said(), "Retail, Europe (A licence holder, 2026-01-01)") {
			t.Fatalf("%d %s", a.status, a.said())
		}
		if a := lead.get(report); !strings.Contains(a.said(), "○ Retail, Europe (A licence holder, 2026-01-01).") || a.page().Find("circle.ring").Length() != 2 {
			t.Errorf("%s", a.said())
		}
		if file := lead.get(report + "/characteristics?format=csv").body; !strings.Contains(file, `"Retail, Europe"`) || !strings.Contains(file, ",7.3") {
			t.Errorf("%s", file)
		}
		page := lead.get("/instruments/shipped")
		drop, _ := page.page().Find("button[formaction]").Attr("formaction")
		if a := lead.follow(lead.post(drop, nil)); strings.Contains(a.said(), "Retail, Europe (") {
			t.Errorf("deleted: %s", a.said())
		}
	})
}
