package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// data is the folder of the real files.
func data(t *testing.T, file string) string {
	t.Helper()
	folder := os.Getenv("THROUGHLINE_DATA")
	if folder == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("THROUGHLINE_DATA is not set, and under CI=true no test skips")
		}
		t.Skipf("THROUGHLINE_DATA is not set: %s is missing", file)
	}
	return filepath.Join(folder, file)
}

// command runs a command line and returns what it printed and its exit status.
func command(t *testing.T, args ...string) (out, errors string, status int) {
	t.Helper()
	capture := func(f **os.File) func() string {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		before := *f
		*f = w
		text := make(chan string)
		go func() {
			var b bytes.Buffer
			io.Copy(&b, r)
			text <- b.String()
		}()
		return func() string {
			*f = before
			w.Close()
			return <-text
		}
	}
	stdout, stderr := capture(&os.Stdout), capture(&os.Stderr)
	status = run(args)
	return stdout(), stderr(), status
}

type report struct {
	Respondents, Counted int
	Factors              []struct {
		ID           string
		N            *int
		Alpha, Omega *float64
	}
	Agreement []struct {
		Factor     string
		ICC1, ICC2 *float64
		RwgJMean   *float64 `json:"rwgj_mean"`
	}
	Groups []struct {
		Key      []string
		N        *int
		Withheld bool
		Factors  map[string]*float64
	}
	HPO struct{ Threshold, Met any }
}

func diagnosed(t *testing.T, args ...string) (r report) {
	t.Helper()
	out, errors, status := command(t, append([]string{"diagnose"}, args...)...)
	if status != 0 {
		t.Fatalf("exit %d: %s", status, errors)
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func near(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 5e-7 {
		t.Errorf("%s is %v, want %.7g", what, got, want)
	}
}

// Figures computed with R (psych).
func TestDiagnoseTafe(t *testing.T) {
	r := diagnosed(t, "--instrument", "../../examples/instruments/tafe.yaml", "--answers", data(t, "exit_survey/tafe_survey.csv"),
		"--by", "Institute", "--by", "Institute,WorkArea", "--by", "Institute,WorkArea,Gender")
	if r.Respondents != 702 || r.Counted != 702 || r.HPO.Met != nil {
		t.Errorf("%d respondents, %d counted, HPO %v", r.Respondents, r.Counted, r.HPO.Met)
	}
	near(t, "alpha of InstituteViews", r.Factors[0].Alpha, .940544)
	near(t, "alpha of WorkUnitViews", r.Factors[1].Alpha, .924898)
	withheld := map[int]int{}
	for _, g := range r.Groups {
		if g.Withheld {
			withheld[len(g.Key)]++
			if g.N != nil || g.Factors["InstituteViews"] != nil {
				t.Errorf("%v is withheld and has figures", g.Key)
			}
		}
		if len(g.Key) == 2 && g.Key[0] == "Southbank Institute of Technology" && (g.Withheld || g.Factors["InstituteViews"] != nil) {
			t.Errorf("%v: four answers stand behind one of its factors", g.Key)
		}
	}
	if withheld[1] != 4 {
		t.Errorf("%d institutes are withheld, want 4", withheld[1])
	}
}

// What one run shows within another, the other shows too: else the two could be
// subtracted from each other.
func TestNestedBreakdownsAgreeBetweenRuns(t *testing.T) {
	tafe := []string{"--instrument", "../../examples/instruments/tafe.yaml", "--answers", data(t, "exit_survey/tafe_survey.csv")}
	runs := []string{"Institute", "Institute,WorkArea", "Institute,WorkArea,Gender"}
	together := tafe
	for _, by := range runs {
		together = append(together, "--by", by)
	}
	all := diagnosed(t, together...)
	for i, by := range runs {
		alone := diagnosed(t, append(tafe, "--by", by, "--by", by)...)
		var want []any
		for _, g := range all.Groups {
			if len(g.Key) == i+1 {
				want = append(want, g)
			}
		}
		var got []any
		for _, g := range alone.Groups {
			got = append(got, g)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 || len(alone.Agreement) != 2 {
			t.Errorf("%s: %d entries of agreement, groups (-together +alone):\n%s", by, len(alone.Agreement), diff)
		}
	}
}

// Figures computed with R (psych, lavaan, multilevel).
func TestDiagnoseBHR2000(t *testing.T) {
	r := diagnosed(t, "--instrument", "../../examples/instruments/bhr2000.yaml", "--answers", data(t, "work_units/bhr2000.csv"), "--by", "GRP")
	near(t, "alpha", r.Factors[0].Alpha, .891343)
	near(t, "omega", r.Factors[0].Omega, .891813)
	near(t, "mean rwg(j)", r.Agreement[0].RwgJMean, .8876115)
	near(t, "ICC(1) of hours", r.Agreement[1].ICC1, .1741008)
	near(t, "ICC(2) of hours", r.Agreement[1].ICC2, .9199889)
	if r.Agreement[1].RwgJMean != nil {
		t.Error("a single item has an rwg(j)")
	}
}

func TestAgreementOfFewIsNotPrinted(t *testing.T) {
	instrument := "../../examples/instruments/bhr2000.yaml"
	all, err := os.ReadFile(data(t, "work_units/bhr2000.csv"))
	if err != nil {
		t.Fatal(err)
	}
	few := filepath.Join(t.TempDir(), "few.csv")
	if err := os.WriteFile(few, []byte(strings.Join(strings.SplitAfterN(string(all), "\n", 21)[:20], "")), 0o600); err != nil {
		t.Fatal(err)
	}
	r := diagnosed(t, "--instrument", instrument, "--answers", few, "--by", "GRP")
	for _, a := range r.Agreement {
		if a.ICC1 != nil || a.ICC2 != nil || a.RwgJMean != nil {
			t.Errorf("%+v", a)
		}
	}
	if len(r.Agreement) == 0 {
		t.Error("no entry at all")
	}
}

func TestEveryFormatIsWritten(t *testing.T) {
	answers := data(t, "work_units/bhr2000.csv")
	for format, begins := range map[string]string{"csv": "\ufeffTable,By,Group", "xlsx": "PK", "html": "<!doctype html>", "json": "{"} {
		file := filepath.Join(t.TempDir(), "report."+format)
		_, errors, status := command(t, "diagnose", "--instrument", "../../examples/instruments/bhr2000.yaml", "--answers", answers, "--by", "GRP", "--format", format, "-o", file)
		text, err := os.ReadFile(file)
		if status != 0 || err != nil || !strings.HasPrefix(string(text), begins) {
			t.Errorf("%s: exit %d %s, %v, begins %.20q", format, status, errors, err, text)
		}
	}
}

func TestMistakesAreOneSentenceAndLeaveNoFile(t *testing.T) {
	folder := t.TempDir()
	empty, wrong := filepath.Join(folder, "empty.csv"), filepath.Join(folder, "wrong.csv")
	os.WriteFile(empty, nil, 0o600)
	os.WriteFile(wrong, []byte("GRP,AF06\n1,9\n"), 0o600)
	twice := filepath.Join(folder, "twice.csv")
	os.WriteFile(twice, []byte("AF06,AF07,AP12,AP17,AP33,AP34,AS14,AS15,AS16,AS17,AS28,HRS,AF06\n1,1,1,1,1,1,1,1,1,1,1,8,1\n"), 0o600)
	instrument := "../../examples/instruments/bhr2000.yaml"
	for name, args := range map[string][]string{
		"no such file":    {"--answers", filepath.Join(folder, "nowhere.csv")},
		"an empty file":   {"--answers", empty},
		"missing columns": {"--answers", wrong},
		"a minimum of 1":  {"--answers", wrong, "--min-group", "1"},
		"a minimum of 0":  {"--answers", wrong, "--min-group", "0"},
		"an empty name":   {"--answers", wrong, "--by", "GRP,"},
		"a name twice":    {"--answers", wrong, "--by", "GRP,GRP"},
		"heading twice":   {"--answers", twice},
	} {
		out := filepath.Join(folder, "out.json")
		printed, errors, status := command(t, append([]string{"diagnose", "--instrument", instrument, "-o", out}, args...)...)
		if status != 1 || printed != "" || !strings.HasPrefix(errors, "throughline: ") || strings.Contains(errors, "internal error") || strings.Contains(errors, "goroutine") {
			t.Errorf("%s: exit %d, %q", name, status, errors)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s leaves a file", name)
		}
	}
}

func TestBackupAndRestore(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	steps := [][]string{
		{"organisation", "create", "acme", "Acme", "--mail", "ada@acme.example", "--administrator", "Ada", "--db", at("a.db")},
		{"organisation", "change", "acme", "--zone", "Europe/Amsterdam", "--db", at("a.db")},
		{"backup", at("a.backup"), "--db", at("a.db")},
		{"restore", at("a.backup"), "--db", at("b.db")},
		{"account", "link", "--mail", "ada@acme.example", "--db", at("b.db")},
	}
	for _, args := range steps {
		out, errors, status := command(t, args...)
		if status != 0 {
			t.Fatalf("%v: exit %d %s", args, status, errors)
		}
		if args[0] == "restore" && !strings.Contains(errors, "A backup holds no keys") {
			t.Errorf("restoring does not speak of the keys: %q", errors)
		}
		if args[0] == "account" && !strings.Contains(out, "Acme: http://localhost:8080/sign-in/link/") {
			t.Errorf("the restored organisation's link: %q", out)
		}
	}
	for _, args := range [][]string{steps[2], steps[3]} { // neither overwrites
		if _, errors, status := command(t, args...); status != 1 {
			t.Errorf("%v again: exit %d %s", args, status, errors)
		}
	}
}

func TestAMistypedDatabaseIsNotMade(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for name, text := range map[string]string{"people.csv": "Id,Unit\n1,A\n", "empty.db": "", "no.backup": "x"} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, made := range [][]string{
		{"organisation", "create", "acme", "Acme", "--mail", "ada@acme.example", "--administrator", "Ada", "--db", at("real.db")},
		{"backup", at("real.backup"), "--db", at("real.db")},
	} {
		if _, errors, status := command(t, made...); status != 0 {
			t.Fatal(errors)
		}
	}
	whole, err := os.ReadFile(at("real.backup"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("cut.backup"), whole[:len(whole)-100], 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"there is no database " + at("a.db"): {"import", "roster", at("people.csv"), "--db", at("a.db")},
		"there is no database " + at("b.db"): {"import", "answers", at("people.csv"), "--db", at("b.db")},
		"there is no database " + at("c.db"): {"export", "roster", at("out.csv"), "--db", at("c.db")},
		"there is no database " + at("d.db"): {"backup", at("out.backup"), "--db", at("d.db")},
		"there is no database " + at("e.db"): {"account", "link", "--mail", "ada@acme.example", "--db", at("e.db")},
		"there is no database " + at("f.db"): {"organisation", "change", "acme", "--zone", "UTC", "--db", at("f.db")},
		"has nothing of Throughline in it":   {"backup", at("out.backup"), "--db", at("empty.db")},
		"is not a backup of Throughline":     {"restore", at("no.backup"), "--db", at("g.db")},
		"is damaged or was cut short":        {"restore", at("cut.backup"), "--db", at("h.db")},
	} {
		if _, errors, status := command(t, args...); status != 1 || !strings.Contains(errors, want) {
			t.Errorf("%v: exit %d, %q, want %q", args, status, errors, want)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		switch name := f.Name(); name {
		case "people.csv", "empty.db", "no.backup", "real.db", "real.backup", "cut.backup", "real.db.keys":
		default:
			t.Errorf("%s was left behind", name)
		}
	}
}

func TestWordsThatAreNoCommand(t *testing.T) {
	if _, errors, status := command(t, "fly"); status != 2 || !strings.Contains(errors, "--help") {
		t.Errorf("exit %d, %q", status, errors)
	}
}
