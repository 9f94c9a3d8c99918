package app

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

// answerFile is a CSV with 7 for every item, a row for each beginning.
func answerFile(t *testing.T, head string, rows ...string) string {
	t.Helper()
	in, err := diagnosis.ReadInstrument(diagnosis.HPOFile)
	if err != nil {
		t.Fatal(err)
	}
	file := head
	for _, it := range in.Items() {
		file += "," + it.Column
	}
	sevens := strings.Repeat(",7", len(in.Items()))
	for _, row := range rows {
		file += "\n" + row + sevens
	}
	return file + "\n"
}

func TestAFileOfAnswersIsTakenWholeOrNotAtAll(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		path, _ := s.open(t, lead, "level")
		good := answerFile(t, "person", "P1", "P2", "P3")
		for name, c := range map[string]struct{ file, content, want string }{
			"an unknown column":        {"a.csv", strings.Replace(good, "person", "who", 1), "no column"},
			"an item missing":          {"a.csv", "person,x\nP1,7\n", "no column"},
			"off the scale":            {"a.csv", strings.Replace(good, "P2,7", "P2,11", 1), "line 3, column"},
			"somebody twice":           {"a.csv", answerFile(t, "person", "P1", "P1"), "already stands in line 2"},
			"somebody nobody invited":  {"a.csv", answerFile(t, "person", "P1", "P99"), "not among the people who were invited"},
			"an empty file":            {"a.csv", "", "empty"},
			"headings only":            {"a.csv", answerFile(t, "person"), "no row follows"},
			"a zip renamed":            {"a.xlsx", zipped(t), "a.xlsx"},
			"no such unit":             {"a.csv", answerFile(t, "unit,level", "West,employee"), "has no unit"},
			"too many of one group":    {"a.csv", answerFile(t, "unit,level", slices.Repeat([]string{"North,employee"}, 21)...), "21 answers come from North"},
			"an attribute not in file": {"a.csv", answerFile(t, "unit", "North"), "no column"},
		} {
			a := lead.upload(path+"/answers", nil, c.file, c.content)
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), c.want) {
				t.Errorf("%s: %d %s", name, a.status, a.said())
			}
		}
		if a := lead.get(path); !strings.Contains(a.body, "0 of 60 have answered") {
			t.Fatalf("something was kept: %s", a.said())
		}
		if a := lead.upload(path+"/answers", nil, "a.csv", good); a.status != http.StatusOK || !strings.Contains(a.said(), "3 of 60 have answered") {
			t.Errorf("a good file: %d %s", a.status, a.said())
		}
		if a := lead.upload(path+"/answers", nil, "a.csv", good); a.status != http.StatusConflict {
			t.Errorf("the same again: %d %s", a.status, a.said())
		}
	})
}

func TestTheCommandImportsAnswers(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		file := filepath.Join(t.TempDir(), "survey.csv")
		rows := slices.Concat(slices.Repeat([]string{"Shops/North,employee"}, 18), slices.Repeat([]string{"South,employee"}, 15))
		if err := os.WriteFile(file, []byte(answerFile(t, "unit,level", rows...)), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := (ImportAnswers{File: file}).Run(t.Context(), s.App, &out); fault.KindOf(err) != fault.NotFound {
			t.Errorf("before anything is open: %v", err)
		}
		path, _ := s.open(t, s.as(t, "lead", whole(org.DiagnosisLead)), "level")
		if err := (ImportAnswers{File: file, Diagnosis: "Autumn"}).Run(t.Context(), s.App, &out); fault.KindOf(err) != fault.NotFound {
			t.Errorf("one that is not open: %v", err)
		}
		if err := (ImportAnswers{File: file, Diagnosis: "spring"}).Run(t.Context(), s.App, &out); err != nil {
			t.Fatal(err)
		}
		if out.String() != "33 answers are imported into Spring.\n" {
			t.Errorf("%q", out.String())
		}
		r, err := s.Diagnosis.Response(t.Context(), s.organisation, strings.Split(path, "/")[2])
		if err != nil || r.Groups[0].Answered != 33 {
			t.Errorf("%d answers, %v", r.Groups[0].Answered, err)
		}
	})
}
