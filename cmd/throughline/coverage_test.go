package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const posts = "Number of Posts in FTE"

func TestTheCoachesThatRealServicesNeedAreCounted(t *testing.T) {
	for file, want := range map[string]struct {
		locations, need int
		people          float64
	}{
		"national_offender_management_service-2011-03-31-junior.csv": {222, 1430, 65467.49},
		"national_offender_management_service-2011-09-30-junior.csv": {220, 1407, 64196.57},
		"crown_prosecution_service-2011-03-31-junior.csv":            {55, 183, 0},
		"crown_prosecution_service-2011-09-30-junior.csv":            {26, 156, 0},
	} {
		out, errors, status := command(t, "coverage", "--headcount", data(t, "roster/"+file), "--location", "Unit", "--count", posts, "--format", "json")
		var got struct {
			Locations int
			Headcount float64
			Need      int
			Rows      []struct {
				Location  string
				Headcount *float64
				Need      *int
			}
		}
		if err := json.Unmarshal([]byte(out), &got); status != 0 || err != nil {
			t.Fatalf("%s: exit %d %s %v", file, status, errors, err)
		}
		people, need := 0.0, 0
		for _, r := range got.Rows {
			people += *r.Headcount
			need += *r.Need
		}
		if got.Locations != want.locations || got.Need != want.need || len(got.Rows) != want.locations || need != want.need || math.Abs(people-got.Headcount) > 1e-3 {
			t.Errorf("%s: %d locations, need %d, sums %v and %d", file, got.Locations, got.Need, people, need)
		}
		if want.people != 0 && math.Abs(got.Headcount-want.people) > 0.005 {
			t.Errorf("%s: %v people, want %v", file, got.Headcount, want.people)
		}
	}
}

func TestCoverageNamesWhatIsWrongWithAFile(t *testing.T) {
	folder := t.TempDir()
	for name, c := range map[string]struct {
		text, want string
		args       []string
	}{
		"missing":   {"Site,Staff\nLeeds,5\nBath,\n", "line 3: the headcount of Bath is missing", nil},
		"negative":  {"Site,Staff\nLeeds,-5\n", "line 2: the headcount of Leeds is -5", nil},
		"no number": {"Site,Staff\nLeeds,many\n", `"many"`, nil},
		"no place":  {"Site,Staff\n,5\n", "line 2: the location is empty", nil},
		"no column": {"Place,Staff\nLeeds,5\n", `no column "Site"`, nil},
		"no rows":   {"Site,Staff\n", "no row follows", nil},
		"no group":  {"Site,Staff\nLeeds,5\n", "at least 2 people", []string{"--per", "0"}},
	} {
		file, out := filepath.Join(folder, name+".csv"), filepath.Join(folder, "out.json")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		printed, errors, status := command(t, append([]string{"coverage", "--headcount", file, "--location", "Site", "--count", "Staff", "-o", out}, c.args...)...)
		if _, err := os.Stat(out); status == 0 || printed != "" || !strings.Contains(errors, c.want) || strings.Contains(errors, "goroutine") || err == nil {
			t.Errorf("%s: exit %d, %q", name, status, errors)
		}
	}
}

func TestCoverageIsWrittenInEveryFormat(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "sites.csv")
	if err := os.WriteFile(file, []byte("Site;Staff\nLeeds;49,5\nLeeds;1\nBath;0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]string{"csv": "\ufeffLocation,Headcount,Need\r\nBath,0,0\r\nLeeds,50.5,2\r\n", "xlsx": "PK", "json": "{\n  \"locations\": 2,\n  \"headcount\": 50.5,\n  \"need\": 2,"} {
		out, errors, status := command(t, "coverage", "--headcount", file, "--location", "Site", "--count", "Staff", "--format", format)
		if status != 0 || !strings.HasPrefix(out, want) {
			t.Errorf("%s: exit %d %s %.80q", format, status, errors, out)
		}
	}
}

// The sites of hospitals of the English health service: by their codes each lies in one place,
// by their names several do not.
func TestWhereRealSitesLieIsImported(t *testing.T) {
	sites, database := data(t, "sites/hospital_sites.csv"), filepath.Join(t.TempDir(), "h.db")
	if _, errors, status := command(t, "organisation", "create", "h", "Hospitals", "--administrator", "Ada", "--mail", "ada@h.example", "--db", database); status != 0 {
		t.Fatal(errors)
	}
	args := []string{"import", "places", sites, "--latitude", "Latitude", "--longitude", "Longitude", "--db", database, "--location"}
	if out, errors, status := command(t, append(args, "OrganisationName")...); status == 0 || out != "" || !strings.Contains(errors, "line 300: St Michael's Hospital lies somewhere else than in a line before") {
		t.Errorf("by name: exit %d, %q %q", status, out, errors)
	}
	if out, errors, status := command(t, append(args, "OrganisationCode")...); status != 0 || out != "It is known now where 1230 locations lie.\n" {
		t.Errorf("by code: exit %d, %q %q", status, out, errors)
	}
}
