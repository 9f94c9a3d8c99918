package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// halfYear names the two files of a real organogram, or skips.
func halfYear(t *testing.T, name string) []string {
	t.Helper()
	folder := os.Getenv("THROUGHLINE_DATA")
	if folder == "" && os.Getenv("CI") == "true" {
		t.Fatalf("THROUGHLINE_DATA is not set: roster/%s is missing", name)
	}
	if folder == "" {
		t.Skipf("THROUGHLINE_DATA is not set: roster/%s is missing", name)
	}
	return []string{filepath.Join(folder, "roster", name+"-senior.csv"), filepath.Join(folder, "roster", name+"-junior.csv")}
}

func imported(t *testing.T, s *site, c ImportRoster) (report string, err error) {
	t.Helper()
	var b strings.Builder
	err = c.Run(t.Context(), s.Org, &b)
	return b.String(), err
}

func units(t *testing.T, s *site, day period.Day) int {
	t.Helper()
	structure, err := s.Org.Structure(t.Context(), s.organisation, day)
	if err != nil {
		t.Fatal(err)
	}
	return len(structure.Units)
}

// The published CPS organograms: 57 units in March 2011, 29 in September, 10 of
// them by the same name.
func TestTheCommandSaysHowManyRealUnitsAreKept(t *testing.T) {
	spring, autumn := halfYear(t, "crown_prosecution_service-2011-03-31"), halfYear(t, "crown_prosecution_service-2011-09-30")
	eachSite(t, func(t *testing.T, s *site) {
		if _, err := imported(t, s, ImportRoster{Files: spring, Map: "../../examples/rosters/cps.yaml", Day: "2011-03-31"}); err != nil {
			t.Fatal(err)
		}
		c := ImportRoster{Files: autumn, Day: "2011-09-30", DryRun: true} // by the remembered map
		for _, dry := range []bool{true, false} {
			c.DryRun = dry
			report, err := imported(t, s, c)
			if err != nil || !strings.Contains(report, "10 of 57 units are kept, 47 have left, 19 are new.") {
				t.Fatalf("%v\n%s", err, report)
			}
			if n := units(t, s, "2011-10-01"); n != map[bool]int{true: 57, false: 29}[dry] {
				t.Errorf("dry run %v: %d units", dry, n)
			}
		}
		file := filepath.Join(t.TempDir(), "roster.xlsx")
		if err := (ExportRoster{File: file, Day: "2011-10-01"}).Run(t.Context(), s.Org); err != nil {
			t.Fatal(err)
		}
		report, err := imported(t, s, ImportRoster{Files: []string{file}, Day: "2011-12-31"})
		if err != nil || !strings.Contains(report, "29 of 29 units are kept, 0 have left, 0 are new.\n\n") {
			t.Errorf("the export: %v\n%s", err, report)
		}
	})
}

// NOMS of September 2011 doubles the posts 90 and 107.
func TestTheCommandNamesDoubledPostsAndWritesThemToTheErrorFile(t *testing.T) {
	files := halfYear(t, "national_offender_management_service-2011-09-30")
	s := newSite(t, dbtest.SQLite(t))
	c := ImportRoster{Files: files, Map: "../../examples/rosters/noms.yaml", Day: "2011-09-30", OnDuplicate: "stop", Errors: filepath.Join(t.TempDir(), "errors.csv")}
	for _, how := range []string{"stop", ""} {
		c.OnDuplicate = how
		report, err := imported(t, s, c)
		if (how == "stop") != (fault.KindOf(err) == fault.Invalid) || !strings.Contains(report, `line 21, column "Post Unique Reference": `) || !strings.Contains(report, `"107"`) || !strings.Contains(report, `"90"`) {
			t.Errorf("%q: %v\n%s", how, err, report)
		}
		if n := units(t, s, "2011-10-01"); n != map[string]int{"stop": 0, "": 232}[how] {
			t.Errorf("%q: %d units", how, n)
		}
		written, err := os.ReadFile(c.Errors)
		if err != nil || strings.Count(strings.TrimSpace(string(written)), "\n") != 2 {
			t.Errorf("%q: error file: %v\n%s", how, err, written)
		}
	}
}

func TestTheCommandRefusesWhatItCannotRead(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.csv", "Id,Unit\n1,A\n")
	s := newSite(t, dbtest.SQLite(t))
	for name, c := range map[string]struct {
		ImportRoster
		want string
	}{
		"no map":        {ImportRoster{Files: []string{good}}, "say with --map"},
		"a broken map":  {ImportRoster{Files: []string{good}, Map: file("m.yaml", "people: {kye: Id}")}, "m.yaml: "},
		"no file":       {ImportRoster{Files: []string{folder + "/none.csv"}}, "cannot be read"},
		"a folder":      {ImportRoster{Files: []string{folder}}, "is a folder"},
		"an empty file": {ImportRoster{Files: []string{file("e.csv", "")}}, "e.csv"},
	} {
		c.Day = "2026-01-01"
		if report, err := imported(t, s, c.ImportRoster); fault.Of(err) == nil || !strings.Contains(err.Error(), c.want) || report != "" {
			t.Errorf("%s: %v %s", name, err, report)
		}
	}
	if err := (ExportRoster{File: folder + "/r.csv", Day: "2026-01-01"}).Run(t.Context(), s.Org); fault.KindOf(err) != fault.NotFound {
		t.Errorf("export before the first import: %v", err)
	}
	if left, _ := filepath.Glob(folder + "/.roster-*"); len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
}
