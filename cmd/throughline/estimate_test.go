package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

type figure struct{ ATT, SE *float64 }

type estimate struct {
	Cells []struct {
		Group, Time any
		figure
	}
	Simple  figure
	Dynamic struct {
		Overall figure
		Events  []struct {
			Event int
			figure
			BandLow *float64 `json:"band_low"`
		}
	}
	Group, Calendar struct{ Overall figure }
	Overall         figure
	Coefficient     struct {
		Estimate float64
		SE       float64
		SEAll    float64 `json:"se_all_effects"`
	}
	Pretrend *struct {
		Wald, P float64
		DF      int
	}
	Checks            []struct{ Check, Verdict string }
	Permutation       *struct{ P, SmallestP float64 }
	Treated, Controls int
	Warnings          []string
}

func estimated(t *testing.T, args ...string) (e estimate) {
	t.Helper()
	out, errors, status := command(t, append([]string{"estimate"}, args...)...)
	if status != 0 {
		t.Fatalf("exit %d: %s", status, errors)
	}
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func within(t *testing.T, what string, got, want float64, decimals int) {
	t.Helper()
	if !(math.Abs(got-want) <= 0.5000001*math.Pow10(-decimals)) {
		t.Errorf("%s is %.9f, not %.*f", what, got, decimals, want)
	}
}

func TestTheCountiesAreEstimatedFromTheirFile(t *testing.T) {
	file := data(t, "staggered/mpdta.csv")
	args := []string{"--panel", file, "--unit", "countyreal", "--time", "year", "--outcome", "lemp", "--start", "first.treat"}
	e := estimated(t, args...)
	within(t, "simple", *e.Simple.ATT, -0.039951, 6)
	within(t, "its error", *e.Simple.SE, 0.012034, 6)
	within(t, "dynamic", *e.Dynamic.Overall.ATT, -0.077240, 6)
	within(t, "group", *e.Group.Overall.ATT, -0.031018, 6)
	within(t, "calendar", *e.Calendar.Overall.ATT, -0.041700, 6)
	within(t, "Wald", e.Pretrend.Wald, 7.7912, 4)
	if len(e.Cells) != 12 || e.Cells[0].Group != 2004.0 || e.Cells[0].Time != 2004.0 || e.Treated != 191 || e.Controls != 309 || e.Pretrend.DF != 5 || len(e.Checks) != 0 {
		t.Errorf("%+v", e)
	}
	if first := e.Dynamic.Events[0]; first.Event != -3 || first.BandLow == nil || *first.BandLow >= *first.ATT-1.96**first.SE {
		t.Errorf("%+v", first)
	}
	e = estimated(t, append(args, "--controls", "notyet", "--checks")...)
	within(t, "against those not yet treated", *e.Simple.ATT, -0.039764, 6)
	if len(e.Checks) != 6 {
		t.Errorf("%+v", e.Checks)
	}
	if lots := estimated(t, append(args, "--lots", "99")...).Permutation; lots == nil || lots.P > 0.05 {
		t.Errorf("lots drawn again: %+v", lots)
	}
	within(t, "imputation", *estimated(t, append(args, "--method", "imputation")...).Overall.ATT, -0.047710, 6)
	two := estimated(t, append(args, "--method", "twfe")...).Coefficient
	within(t, "regression", two.Estimate, -0.036549, 6)
	within(t, "its error", two.SE, .0132519, 7)
	within(t, "with all effects counted", two.SEAll, .0148316, 7)
	within(t, "with the population", *estimated(t, append(args, "--covariates", "lpop")...).Cells[0].ATT, -0.014530, 6)
}

func TestTheTrainingOfOfficersIsEstimatedFromItsFiles(t *testing.T) {
	e := estimated(t, "--panel", data(t, "staggered/nonzero_officer_months.csv"), "--units", data(t, "staggered/officers.csv"), "--unit", "uid", "--time", "period",
		"--outcome", "complaints", "--start", "first_trained", "--absent", "0", "--periods", "1..72", "--controls", "notyet")
	within(t, "simple", *e.Simple.ATT, -0.005176818, 9)
	if e.Treated != 7772 || e.Controls != 7785 || len(e.Warnings) != 2 {
		t.Errorf("treated %d, controls %d, warnings %q", e.Treated, e.Controls, e.Warnings)
	}
}

func TestAnEstimateIsAPageThatNeedsNothingElse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "e.html")
	_, errors, status := command(t, "estimate", "--panel", data(t, "staggered/mpdta.csv"), "--unit", "countyreal", "--time", "year", "--outcome", "lemp", "--start", "first.treat", "--format", "html", "-o", file)
	page, err := os.ReadFile(file)
	if status != 0 || err != nil {
		t.Fatal(errors, err)
	}
	for _, want := range []string{"lemp is lower since the start: −0.040 (−0.064 to −0.016).", "Placebo date", "Wald 7.7912, df 5, p 0.16812", "<svg"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(string(page), "http") {
		t.Error("the page asks for something else")
	}
}

func TestAnEstimateSaysWhatIsWrongWithAFile(t *testing.T) {
	folder := t.TempDir()
	const start = "u,t,y,s\n"
	for name, c := range map[string]struct {
		text, want string
		args       []string
	}{
		"no number":      {start + "a,1,5,2\na,2,many,2\n", `Line 3, column "y": "many" is not a number`, nil},
		"no column":      {"u,t,y\na,1,5\n", `"s"`, nil},
		"twice":          {start + "a,1,5,2\na,1,6,2\n", "line 3: a has a value for 1 on line 2 already", nil},
		"leaves":         {start + "a,1,5,2\na,2,5,2\na,3,5,0\n", "line 4: a has a start on some lines and none on others", nil},
		"no controls":    {start + "a,1,5,2\na,2,6,2\nb,1,5,2\nb,2,7,2\n", "an interrupted time series (its) fits", nil},
		"one treated":    {start + "a,1,5,2\na,2,6,2\nb,1,5,0\nb,2,7,0\nc,1,5,0\nc,2,7,0\n", "synthetic difference-in-differences (sdid) fits", nil},
		"constant":       {start + "a,1,5,2\na,2,5,2\nb,1,5,0\nb,2,5,0\n", "the outcome is 5 in every row", nil},
		"gap for sdid":   {start + "a,1,5,3\na,2,6,3\na,3,6,3\nb,1,5,0\nb,3,7,0\nc,1,5,0\nc,2,7,0\nc,3,7,0\n", "b has no value in 2", []string{"--method", "sdid"}},
		"periods":        {start + "a,1,5,2\n", "--periods is written FIRST..LAST", []string{"--periods", "1-72"}},
		"absent":         {start + "a,1,5,2\n", "--absent is the outcome", []string{"--absent", "none"}},
		"level":          {start + "a,1,5,2\n", "the confidence lies between", []string{"--level", "95"}},
		"several starts": {start + "a,1,5,2\na,2,6,2\nb,1,5,3\nb,2,7,3\nb,3,7,3\n", "units start in several periods", []string{"--method", "its"}},
	} {
		file := filepath.Join(folder, "panel.csv")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		args := append([]string{"estimate", "--panel", file, "--unit", "u", "--time", "t", "--outcome", "y", "--start", "s"}, c.args...)
		out, errors, status := command(t, args...)
		if status == 0 || out != "" || !strings.Contains(errors, c.want) || strings.Count(strings.TrimSpace(errors), "\n") > 0 {
			t.Errorf("%s: exit %d, %q, %q", name, status, out, errors)
		}
	}
}
