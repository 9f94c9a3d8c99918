package app

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"throughline/internal/org"
)

// The management report as PDF and as a workbook holds what the pages show, read back by
// somebody else's programs, and nothing of a unit that is withheld.
func TestTheManagementReportIsReadBack(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		report := s.closed(t, lead, "level")
		text := pdfText(t, lead.get(report+"/management?format=pdf").body)
		for _, words := range []string{"is furthest from 8.5", "52 of 60 answered", "North", "withheld", "Trust", "Management quality", "5 characteristics ask for attention", "No figure rests on fewer than 5 people"} {
			if !strings.Contains(text, words) {
				t.Errorf("the PDF does not say %q:\n%s", words, text)
			}
		}
		book, err := excelize.OpenReader(strings.NewReader(lead.get(report + "/management?format=xlsx").body))
		if err != nil {
			t.Fatal(err)
		}
		sheets := book.GetSheetList()
		if len(sheets) < 6 || sheets[0] != "Factors" {
			t.Errorf("the workbook has the sheets %v", sheets)
		}
		factors, err := book.GetRows("Factors")
		if err != nil || len(factors) != 7 || factors[1][0] != "Management quality" {
			t.Errorf("%v, %v", factors, err)
		}
		units, err := book.GetRows("Units")
		if err != nil || len(units) != 5 {
			t.Fatalf("%v, %v", units, err)
		}
		for _, row := range units[1:] {
			if withheld := len(row) > 4 && row[4] != ""; withheld != (row[0] == "East") || withheld && len(row) > 5 {
				t.Errorf("%v", row)
			}
		}
		manager := s.as(t, "manager", org.Grant{Role: org.Manager, Scope: org.Scope{Kind: org.UnitScope, ID: lead.units(report)["North"].ID}})
		if a := manager.get(report + "/management"); a.status != http.StatusNotFound {
			t.Errorf("who reads a part gets the whole: %d", a.status)
		}
	})
}

// pdfText is what a PDF says, as poppler reads it.
func pdfText(t *testing.T, body string) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing: .ci/install installs it")
		}
		t.Skip("pdftotext, of poppler, is missing")
	}
	read := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
	read.Stdin = strings.NewReader(body)
	var out, complaints bytes.Buffer
	read.Stdout, read.Stderr = &out, &complaints
	if err := read.Run(); err != nil || complaints.Len() > 0 {
		t.Fatalf("the PDF cannot be read: %v %s", err, &complaints)
	}
	return out.String()
}
