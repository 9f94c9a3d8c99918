package app

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"throughline/internal/org"

	"github.com/xuri/excelize/v2"
)

// Every report page has a table on it, and the same as CSV, XLSX and JSON, read
// here by others' readers.
func TestEveryReportPageComesAsAFile(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path := s.closed(t, lead, "level")
		for page, rows := range map[string]int{
			"": 6, "/units": 4, "/units/" + lead.units(path)["North"].ID: 37, "/characteristics": 37, "/groups": 2, "/focal-points": 1, "/method": 5,
		} {
			if a := lead.get(path + page); a.status != http.StatusOK || a.page().Find("main table tbody tr").Length() == 0 {
				t.Errorf("%s: %d, no table", page, a.status)
			}
			a := lead.get(path + page + "?format=csv")
			lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
			if err != nil || len(lines) < rows+1 {
				t.Errorf("%s as CSV: %d lines, %v", page, len(lines), err)
			}
			a = lead.get(path + page + "?format=xlsx")
			book, err := excelize.OpenReader(strings.NewReader(a.body))
			if err != nil {
				t.Errorf("%s as XLSX: %v", page, err)
				continue
			}
			if cells, err := book.GetRows(book.GetSheetName(0)); err != nil || len(cells) != len(lines) {
				t.Errorf("%s as XLSX: %d lines, as CSV %d, %v", page, len(cells), len(lines), err)
			}
			book.Close()
			if a = lead.get(path + page + "?format=json"); !json.Valid([]byte(a.body)) || a.header.Get("Content-Type") != "application/json" {
				t.Errorf("%s as JSON: %s", page, a.body)
			}
		}
	})
}
