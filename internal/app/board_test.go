package app

import (
	"net/url"
	"strings"
	"testing"

	"throughline/internal/org"
)

// The page for the board tells of scores as far as they are released, of what things cost to who may read that, and
// leads to where each figure comes from.
func TestThePageForTheBoard(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.closed(t, lead)
		lead.post(report+"/release", url.Values{"to": {""}})
		boss, manager := s.as(t, "boss", whole(org.Executive)), s.as(t, "manager", of(lead.units(report)["North"].ID, org.Manager))
		if page := boss.get("/board"); strings.Contains(page.said(), "Management quality") || !strings.Contains(page.said(), "Nobody has asked yet what came of anything.") {
			t.Errorf("before it is released: %s", page.said())
		}
		lead.post(report+"/release", url.Values{"to": {"executives"}})
		page := boss.get("/board")
		says(t, page, "There is no diagnosis before it to compare with: how fast it goes to 8.5 the next one tells.", "Management quality", "Where we are on the way")
		if link := page.page().Find(`.ways a[href$="/report"]`).First().AttrOr("href", ""); link == "" {
			t.Error("no factor leads to its report")
		} else if a := boss.get(link); a.status != 200 {
			t.Errorf("%s: %d", link, a.status)
		}
		says(t, boss.get("/"), "The page for the board")
		if boss.get("/effects").page().Find(`main a[href="/board"]`).Length() != 1 || manager.get("/effects").page().Find(`a[href="/board"]`).Length() > 0 {
			t.Error("effects lead to the board for who may not read it, or not for who may")
		}
		if a := manager.get("/board"); a.status != 404 {
			t.Errorf("a manager of a part reads it: %d", a.status)
		}
	})
}
