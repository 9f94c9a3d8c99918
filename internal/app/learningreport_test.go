package app

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/id"

	"github.com/xuri/excelize/v2"
)

// The standard reports on learning, of figures made by hand: 500 for learning and 50 for what is none over 10 hours; an
// initiative that 12 hours and 90 serve, of 24 and 120 that are planned. As pages, as workbooks and on paper, read back by
// somebody else's programs.
func TestTheStandardReportsOnLearning(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units, sam, bo, cy := s.ledgered(t)
		year := lately()[:4]
		initiative := id.New()
		err := s.Effort.SaveInitiative(context.Background(), s.organisation, initiative, "sam", "Sam", func(i *effort.Initiative) {
			i.Name, i.Kind, i.Expected = "Listening at the till", effort.Learning, "fewer letters"
		})
		if err != nil {
			t.Fatal(err)
		}
		file := "day,what,unit,hours,cost_supplier,initiative\n" + lately() + ",Listening,North,12,90,Listening at the till\n"
		if a := sam.upload("/effort/import", nil, "more.csv", file); !strings.Contains(a.said(), "One effort came in.") {
			t.Fatalf("handed in: %d %s", a.status, a.said())
		}
		at := "/effort/reports?year=" + year
		says(t, sam.get(at), year+": nothing is planned to hold it against.", "Direct learning expenditure EUR", "– 590.00", "Year to date: up to "+lately()[:7], "Summary Operations Programme")
		sam.follow(sam.post("/effort/efficiency/indicators", nil))
		says(t, sam.get(at+"&report=operations"), "Cost of an hour used EUR", "29.09", "Share of tuition", "16.9", "ISO 30414:2018, ISO/TS 30428: total developing and training cost")
		if a := sam.get(at); strings.Contains(a.said(), "Share of tuition") {
			t.Error("the summary has everything")
		}
		says(t, bo.get(at), "North in "+year, "390.00")
		for _, path := range []string{at + "&unit=" + units["South"], at + "&report=programme", "/effort/reports?report=gossip", "/effort/reports?year=99999"} {
			if a := bo.get(path); a.status != http.StatusNotFound {
				t.Errorf("North's manager reads %s: %d", path, a.status)
			}
		}
		programme := at + "&report=programme&initiative=" + initiative
		says(t, sam.get(programme), "Listening at the till in "+year+": nothing is planned", "answers for it. Expected: fewer letters", "Hours of who takes part hours", "12")
		form := url.Values{"report": {"programme"}, "initiative": {initiative}, "year": {year}, "people": {""}, "hours": {"many"}, "cost": {"120"}}
		if a := sam.post("/effort/reports/budget", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "say how many hours they are to spend") || a.page().Find("#hours").AttrOr("value", "") != "many" {
			t.Errorf("hours that are none: %d %s", a.status, a.said())
		}
		form.Set("hours", "24")
		if a := bo.post("/effort/reports/budget", form); a.status != http.StatusNotFound {
			t.Errorf("a manager plans it: %d", a.status)
		}
		says(t, sam.follow(sam.post("/effort/reports/budget", form)), "Plan for "+year, "Hours of who takes part hours", "24", "120")
		form.Set("initiative", "none")
		if a := sam.post("/effort/reports/budget", form); a.status != http.StatusNotFound {
			t.Errorf("an initiative that is not there is planned: %d", a.status)
		}
		text := pdfText(t, sam.get(programme+"&format=pdf").body)
		for _, words := range []string{"Listening at the till in " + year, "Hours of who takes part", "24", "120", "ISO 30414:2025"} {
			if !strings.Contains(text, words) {
				t.Errorf("the PDF does not say %q:\n%s", words, text)
			}
		}
		book, err := excelize.OpenReader(strings.NewReader(sam.get(at + "&report=operations&format=xlsx").body))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows("Operations")
		if err != nil || len(rows) < 10 || rows[0][0] != "Measure" || rows[1][0] != "Direct learning expenditure" || rows[1][5] != "590" {
			t.Errorf("the workbook: %v, %v", rows, err)
		}
		says(t, cy.get(at), "South in "+year)
	})
}
