package transitionweb

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/org"
)

var (
	startUnits  = &org.Structure{Units: []org.Node{{Unit: org.Unit{ID: "u1", Key: "K1", Name: "Gent"}, Up: -1}, {Unit: org.Unit{ID: "u2", Key: "K2", Name: "Lublin"}}}}
	startPeople = []org.Career{{Ref: org.Ref{ID: "p1", Key: "100", Name: "Ann"}, Mail: "ann@example.org"}, {Ref: org.Ref{ID: "p2", Key: "200", Name: "Bo"}}}
)

func starts(file string) (all []effort.Start, err error) {
	table, err := sheet.Open(bytes.NewReader([]byte(file)), "starts.csv", sheet.Options{})
	if err != nil {
		return nil, err
	}
	rows, err := StartRows(table)
	if err != nil {
		return nil, err
	}
	return effort.GatherStarts(startUnits, startPeople, rows)
}

func begins(of effort.Subject, who string, day period.Day) effort.Start {
	return effort.Start{Of: of, Ref: org.Ref{ID: who}, Day: day}
}

func TestStartsComeFromAFile(t *testing.T) {
	came, err := starts("unit;person;day\nGent;;2026-03-01\n;ann@example.org;2026-03-01\n;200;\n")
	if err != nil {
		t.Fatal(err)
	}
	had := []effort.Start{begins(effort.OfUnit, "u1", "2025-01-01"), begins(effort.OfPerson, "p2", "2025-01-01"), begins(effort.OfUnit, "u2", "2025-02-01"), begins(effort.OfPerson, "u1", "2025-03-01")}
	var said []string
	for _, s := range effort.MergeStarts(had, came) {
		said = append(said, fmt.Sprint(s.Of, " ", s.Ref.ID, " ", s.Day))
	}
	if got, want := strings.Join(said, ", "), "unit u2 2025-02-01, person u1 2025-03-01, unit u1 2026-03-01, person p1 2026-03-01"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if waves := effort.Waves([]effort.Start{begins(effort.OfPerson, "a", "2026-01-01"), begins(effort.OfUnit, "b", "2026-01-01"), begins(effort.OfPerson, "c", "2026-01-01"), begins(effort.OfPerson, "d", "2026-02-01")}); fmt.Sprint(waves) != "[{2026-01-01 2} {2026-02-01 1}]" {
		t.Error(waves)
	}
	for file, want := range map[string]string{
		"unit;day\n":                                 "there is no row with a start",
		"unit;begin\nGent;2026-01-01\n":              "day",
		"unit;day\nGent;soon\n":                      "Line 2",
		"unit;day\nParis;2026-01-01\n":               `line 2: there is no unit "Paris"`,
		"person;day\n300;2026-01-01\n":               `line 2: there is no person "300"`,
		"person;day\n;2026-01-01\n":                  "line 2: the row names neither",
		"unit;person;day\nGent;100;2026-01-01\n":     "line 2: the row names a unit and a person",
		"unit;day\nGent;2026-01-01\nK1;2026-02-01\n": "line 3: Gent stands on line 2 already",
	} {
		if _, err := starts(file); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", file, err, want)
		}
	}
	many := "unit;day\n" + strings.Repeat("Paris;2026-01-01\n", 300)
	if _, err := starts(many); err == nil || strings.Count(err.Error(), "Paris") != 100 {
		t.Error("not the first hundred mistakes")
	}
}

func FuzzStartRows(f *testing.F) {
	f.Add("unit;day\nGent;2026-01-01\n")
	f.Add("person,day\n100,1/2/2026\n")
	f.Fuzz(func(t *testing.T, file string) {
		all, err := starts(file)
		if err == nil && len(all) == 0 {
			t.Error("nothing, and no mistake")
		}
		for _, s := range all {
			if s.Ref.ID == "" || s.Of != effort.OfUnit && s.Of != effort.OfPerson {
				t.Errorf("%+v", s)
			}
		}
	})
}
