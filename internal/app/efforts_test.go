package app

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/db"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

func TestEffortsAreImportedByCommand(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.shops(t)
		day := string(period.DayOf(time.Now()))
		file := "day;what;person;unit;hours;cost_supplier;kind;side;external\n" +
			day + ";Course;P1;;7,5;1.200,50;;;yes\n" +
			day + ";Checklist;;North;2;;job-tools;staff;\n"
		var out strings.Builder
		run := func(content string) error {
			out.Reset()
			return ImportEfforts{File: kept(t, "efforts.csv", content)}.Run(t.Context(), s.App, &out)
		}
		if err := run(file); err != nil || out.String() != "2 efforts came in as file 1: 0 in place of another. 0 stood there already.\n" {
			t.Errorf("%q, %v", out.String(), err)
		}
		account := func() effort.Account {
			t.Helper()
			month := period.Of(period.DayOf(time.Now()), period.Monthly)
			months, err := s.Effort.Tallies(t.Context(), s.organisation, effort.Heading{Kind: effort.Whole}, month, month)
			if err != nil {
				t.Fatal(err)
			}
			return effort.AccountOf(effort.Rates{Own: "EUR"}, months)
		}
		if a := account(); a.Blend().External != 450 || a.Spending().Direct() != 120050 || a.Split().Kinds[effort.JobTools].Minutes != 120 {
			t.Errorf("%+v", a)
		}
		if err := run(file); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "came in on") {
			t.Errorf("again: %v", err)
		}
		if err := run("day,what,hours\n" + day + ",Course,1\nsoon,Course,1\n"); err == nil || !strings.Contains(err.Error(), "line 2: say whose hours") || !strings.Contains(err.Error(), "Line 3") {
			t.Errorf("%v", err)
		}
		if err := run("what,hours\nCourse,1\n"); err == nil || !strings.Contains(err.Error(), `"day"`) {
			t.Errorf("without days: %v", err)
		}
		out.Reset()
		if err := (TakeBackEfforts{Number: 1}).Run(t.Context(), s.App, &out); err != nil || out.String() != "File 1 is taken back.\n" || len(account().Cells) > 0 {
			t.Errorf("%q, %v", out.String(), err)
		}
		if err := run(file); err != nil || !strings.HasPrefix(out.String(), "2 efforts came in as file 2") {
			t.Errorf("after it was taken back: %q, %v", out.String(), err)
		}
	})
}

// What the ledger is reckoned in, and reports on learning, by command.
func TestTheLedgerByCommand(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.ledgered(t)
		var out strings.Builder
		settings := LedgerSettings{Own: "gbp", Reference: "30", Function: []string{"South"}}
		if err := settings.Run(t.Context(), s.App, &out); err != nil || out.String() != "Own currency: GBP\nReference: 30 %\nLearning function: South\n" {
			t.Errorf("%q, %v", out.String(), err)
		}
		for want, wrong := range map[string]LedgerSettings{"the reference is 0 to 100 per cent": {Reference: "forty"}, "write the currency as three letters": {Own: "pounds"}, `there is no unit "Nowhere"`: {Function: []string{"Nowhere"}}} {
			if err := wrong.Run(t.Context(), s.App, &out); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
		}
		out.Reset()
		if err := (LedgerRate{Currency: "eur", Month: "2020-01", Rate: .85}).Run(t.Context(), s.App, &out); err != nil || !strings.Contains(out.String(), "From 2020-01 on one EUR is 0.85 GBP.\n") {
			t.Errorf("%q, %v", out.String(), err)
		}
		if err := (LedgerRate{Currency: "EUR", Month: "soon", Rate: 1}).Run(t.Context(), s.App, &out); fault.KindOf(err) != fault.Invalid {
			t.Errorf("from no month on: %v", err)
		}
		report := func(c LearningReport) (string, error) {
			name := filepath.Join(t.TempDir(), c.File)
			c.File = name
			err := c.Run(t.Context(), s.App)
			body, _ := os.ReadFile(name)
			return string(body), err
		}
		year, _ := strconv.Atoi(lately()[:4])
		if body, err := report(LearningReport{File: "north.csv", Kind: effort.Operations, Unit: "North", Year: year}); err != nil || !strings.Contains(body, "Direct learning expenditure,efficiency,GBP,,,255,") {
			t.Errorf("%v: %s", err, body)
		}
		if body, err := report(LearningReport{File: "all.pdf", Kind: effort.Summary, Year: year, Language: "nl"}); err != nil || !strings.Contains(pdfText(t, body), "Directe leeruitgaven") {
			t.Errorf("in Dutch: %v", err)
		}
		for _, wrong := range []LearningReport{{File: "x.doc", Kind: effort.Summary}, {File: "x.pdf", Kind: "gossip"}, {File: "x.pdf", Kind: effort.Summary, Unit: "Nowhere"}, {File: "x.pdf", Kind: effort.Programme, Initiative: "None"}} {
			if body, err := report(wrong); fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.NotFound || body != "" {
				t.Errorf("%+v: %v, %d bytes", wrong, err, len(body))
			}
		}
	})
}

// A file names a focal point by its theme once it is decided; one that is only chosen is none yet.
func TestEffortsServeFocalPointsThatAreDecided(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		day := string(period.DayOf(time.Now()))
		run := func(focal string) error {
			var out strings.Builder
			return ImportEfforts{File: kept(t, "efforts.csv", "day,what,unit,hours,focal\n"+day+",Talk,North,2,"+focal+"\n")}.Run(t.Context(), s.App, &out)
		}
		if err := run("Theme dialogue"); err != nil {
			t.Error(err)
		}
		if err := run("Theme of nobody"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a focal point that is none: %v", err)
		}
		if err := s.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE diagnosis_workshop SET decided_at = 0 WHERE organisation_id = $1`, s.organisation)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := run("Theme dialogue"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a focal point that is not decided: %v", err)
		}
	})
}
