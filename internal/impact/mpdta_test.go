package impact

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// near fails unless got is want to so many decimals.
func near(t *testing.T, what string, got, want float64, decimals int) {
	t.Helper()
	if !(math.Abs(got-want) <= 0.5000001*math.Pow10(-decimals)) {
		t.Errorf("%s is %.9f, not %.*f", what, got, decimals, want)
	}
}

// readReal reads a table of the folder of real files.
func readReal(t testing.TB, name string) (column map[string]int, rows [][]string) {
	t.Helper()
	folder := os.Getenv("THROUGHLINE_DATA")
	file := filepath.Join(folder, "staggered", name)
	f, err := os.Open(file)
	if folder == "" || os.IsNotExist(err) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is missing", name)
		}
		t.Skipf("THROUGHLINE_DATA has no staggered/%s", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column = map[string]int{}
	for i, name := range all[0] {
		column[name] = i
	}
	return column, all[1:]
}

// counties is mpdta: the log of teenage employment in 500 counties over five years, some
// of which raised the minimum wage (of the R package did).
func counties(t testing.TB, covariates ...string) *Panel {
	column, rows := readReal(t, "mpdta.csv")
	p := &Panel{Periods: []string{"2003", "2004", "2005", "2006", "2007"}}
	for _, name := range covariates {
		p.Covariates = append(p.Covariates, Covariate{Name: name})
	}
	at := map[string]int{}
	for _, row := range rows {
		unit := row[column["countyreal"]]
		i, seen := at[unit]
		if !seen {
			i = len(p.Units)
			at[unit] = i
			p.Units = append(p.Units, unit)
			p.Outcome = append(p.Outcome, make([]float64, 5)...)
			start, _ := strconv.Atoi(row[column["first.treat"]])
			if start -= 2003; start < 0 {
				start = Never
			}
			p.Start = append(p.Start, start)
			for c := range p.Covariates {
				v, _ := strconv.ParseFloat(row[column[p.Covariates[c].Name]], 64)
				p.Covariates[c].Values = append(p.Covariates[c].Values, v)
			}
		}
		year, _ := strconv.Atoi(row[column["year"]])
		v, err := strconv.ParseFloat(row[column["lemp"]], 64)
		if err != nil {
			t.Fatal(err)
		}
		p.row(i)[year-2003] = v
	}
	return p
}
