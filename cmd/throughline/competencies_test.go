package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// works is the name of a database with one organisation.
func works(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "t.db")
	if out, errors, status := command(t, "organisation", "create", "works", "Works", "--administrator", "Ada", "--mail", "ada@example.org", "--db", file); status != 0 {
		t.Fatalf("%s %s", out, errors)
	}
	return file
}

// The whole of ESCO as it was handed on, with labels of many lines; and again, which changes nothing.
func TestESCOComesInWhole(t *testing.T) {
	db, file := works(t), data(t, "competency/esco_skills_en.csv")
	for _, want := range []string{
		"ESCO: 4199 new competencies, 0 brought up to date, 0 that stood there already, 0 not used any more.\n",
		"ESCO: 0 new competencies, 0 brought up to date, 4199 that stood there already, 0 not used any more.\n",
	} {
		if out, errors, status := command(t, "import", "competencies", file, "--db", db, "--whole"); status != 0 || out != want {
			t.Errorf("exit %d: %s %s", status, out, errors)
		}
	}
	tree := data(t, "competency/opensalt_test_items.csv")
	if out, errors, status := command(t, "import", "competencies", tree, "--db", db, "--framework", "English"); status != 0 || !strings.HasPrefix(out, "English: 99 new competencies,") {
		t.Errorf("exit %d: %s %s", status, out, errors)
	}
}

func TestAFileOfCompetenciesSaysWhatIsWrongWithIt(t *testing.T) {
	db := works(t)
	for name, c := range map[string][2]string{
		"list.csv":    {"name,key\nListening,a\n,b\n", "line 3: give it a name"},
		"nothing.csv": {"skill\nListening\n", "none of the headings of competencies"},
		"case.json":   {`{"CFItems": [`, "no package of CASE"},
	} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(c[0]), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, errors, status := command(t, "import", "competencies", file, "--db", db); status == 0 || !strings.Contains(errors, c[1]) {
			t.Errorf("%s: exit %d, %s %s", name, status, out, errors)
		}
	}
}

// The Open University's registrations, read whole: 32,593, of which 12,361 passes and 3,024 distinctions are
// completions; again, nothing is counted twice.
func TestRegistrationsOfALearningSystemComeInWhole(t *testing.T) {
	db := works(t)
	info, maps := data(t, "lms/studentInfo.csv"), "../../examples/"
	if out, errors, status := command(t, "import", "roster", info, "--map", maps+"rosters/open-university.yaml", "--day", "2013-01-01", "--db", db); status != 0 {
		t.Fatalf("%s %s", out, errors)
	}
	for _, made := range []string{"7", "0"} {
		want := "32593 registrations: 15385 completed, 17208 not completed, 0 open. 15385 hours or costs went into the ledger; " + made + " resources were made, 0 rows of people who are not in the roster were skipped.\n"
		out, errors, status := command(t, "import", "completions", data(t, "lms/courses.csv"), data(t, "lms/studentRegistration.csv"), info, "--map", maps+"completions/open-university.yaml", "--db", db)
		if status != 0 || out != want {
			t.Errorf("exit %d: %s %s", status, out, errors)
		}
	}
}
