package orgdb_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/yaml"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// halfYear returns the two files of an organogram, or skips.
func halfYear(t *testing.T, name string) []org.Source {
	t.Helper()
	folder := os.Getenv("THROUGHLINE_DATA")
	if folder == "" && os.Getenv("CI") == "true" {
		t.Fatalf("THROUGHLINE_DATA is not set: roster/%s is missing", name)
	}
	if folder == "" {
		t.Skipf("THROUGHLINE_DATA is not set: roster/%s is missing", name)
	}
	var sources []org.Source
	for _, part := range []string{"-senior.csv", "-junior.csv"} {
		sources = append(sources, sheetSource(t, filepath.Join(folder, "roster", name+part)))
	}
	return sources
}

func sheetSource(t *testing.T, file string) org.Source {
	t.Helper()
	open := func() (*sheet.Reader, *os.File) {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := sheet.Open(f, filepath.Base(file), sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return r, f
	}
	r, f := open()
	f.Close()
	return org.Source{Name: filepath.Base(file), Header: r.Headings(), Rows: func(yield func(org.Row, error) bool) {
		r, f := open()
		defer f.Close()
		for row, err := range r.Rows() {
			if !yield(org.Row{Line: row.Line, Cells: row.Cells}, err) {
				return
			}
		}
	}}
}

func exampleMap(t *testing.T, name string) (m org.Map) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../../examples/rosters", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Decode(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// The sums of full-time equivalents are those of the published files.
func TestTheRealHalfYearsAreTwoDatedChanges(t *testing.T) {
	for _, c := range []struct {
		name, yaml         string
		units, groupUnits  [2]int
		fte                [2]float64
		kept, posts, again int
	}{
		{"national_offender_management_service", "noms.yaml", [2]int{244, 232}, [2]int{222, 220}, [2]float64{65467.49, 64196.57}, 209, 85, 75},
		{"crown_prosecution_service", "cps.yaml", [2]int{57, 29}, [2]int{55, 26}, [2]float64{7634.51, 7110.28}, 10, 72, 71},
	} {
		spring, autumn := halfYear(t, c.name+"-2011-03-31"), halfYear(t, c.name+"-2011-09-30")
		m := exampleMap(t, c.yaml)
		t.Run(c.name, func(t *testing.T) {
			eachRoster(t, func(t rosterFixture) {
				first := t.load("2011-03-31", m, spring...)
				second := t.load("2011-09-30", m, autumn...)
				if first.Units.Added != c.units[0] || second.Units.Before != c.units[0] || second.Units.After() != c.units[1] || second.Units.Kept() != c.kept {
					t.Errorf("units: first %s, second %s, kept %d", counted(first.Units), counted(second.Units), second.Units.Kept())
				}
				if first.People.Added != c.posts || second.People.After() != c.again {
					t.Errorf("posts: %s, then %s", counted(first.People), counted(second.People))
				}
				t.Logf("second half-year: units %s, posts %s, groups %s, %d rows left out, %d remarks",
					counted(second.Units), counted(second.People), counted(second.Groups), len(second.Bad), len(second.Remarks))
				for i, day := range []period.Day{"2011-09-29", "2011-09-30"} {
					s := t.structureOn(day)
					with := 0
					for _, u := range s.Units {
						if u.Own.GroupFTE > 0 {
							with++
						}
					}
					if len(s.Units) != c.units[i] || with != c.groupUnits[i] || math.Abs(s.Units[0].Total.GroupFTE-c.fte[i]) > 1e-6 {
						t.Errorf("%s: %d units, %d with groups of %.4f FTE", day, len(s.Units), with, s.Units[0].Total.GroupFTE)
					}
				}
			})
		})
	}
}

func TestTheDoubledPostsOfTheRealFileStopItUnlessTheFirstIsKept(t *testing.T) {
	sources := halfYear(t, "national_offender_management_service-2011-09-30")
	m := exampleMap(t, "noms.yaml")
	eachRoster(t, func(t rosterFixture) {
		m.OnDuplicate = "stop"
		in := orgdb.Roster{Day: "2011-09-30", Map: m, Sources: sources}
		report, err := t.ImportRoster(t.Context(), t.organisation, in)
		if fault.KindOf(err) != fault.Invalid || report.Mistakes() != 2 || !strings.Contains(err.Error(), "stands already on line") {
			t.Fatalf("stop: %v, %+v", err, report)
		}
		if s := t.structureOn("2011-09-30"); len(s.Units) > 0 {
			t.Errorf("the refused import left %d units", len(s.Units))
		}
		in.Map.OnDuplicate = "first"
		if report, err = t.ImportRoster(t.Context(), t.organisation, in); err != nil {
			t.Fatal(err)
		}
		_, rows := org.ErrorTable(sources, report.Bad, error.Error)
		var doubled []string
		for _, row := range rows {
			doubled = append(doubled, row[4]+": "+row[3]) // the post, why it was left out
		}
		got := strings.Join(doubled, "; ")
		if len(rows) != 2 || !strings.Contains(got, `90: left out: the key "90"`) || !strings.Contains(got, `107: left out: the key "107"`) {
			t.Errorf("error file: %s", got)
		}
	})
}
