package impact

import (
	"strconv"
	"testing"
)

// officers is a training roll-out: monthly complaints of 7,785 police officers over 72
// months, who were trained in 48 groups (of the R package staggered).
func officers(t testing.TB, outcome string) *Panel {
	const months = 72
	p := &Panel{}
	for m := range months {
		p.Periods = append(p.Periods, strconv.Itoa(m+1))
	}
	column, rows := readReal(t, "officers.csv")
	at := map[string]int{}
	for i, row := range rows {
		at[row[column["uid"]]] = i
		p.Units = append(p.Units, row[column["uid"]])
		start, _ := strconv.Atoi(row[column["first_trained"]])
		p.Start = append(p.Start, start-1)
	}
	p.Outcome = make([]float64, len(rows)*months)
	column, rows = readReal(t, "nonzero_officer_months.csv")
	for _, row := range rows {
		month, _ := strconv.Atoi(row[column["period"]])
		v, _ := strconv.ParseFloat(row[column[outcome]], 64)
		p.row(at[row[column["uid"]]])[month-1] = v
	}
	return p
}

// Published: J. Roth, P. H. C. Sant'Anna, Efficient estimation for staggered rollout
// designs, JPE Microeconomics 2023, and the README of the R package staggered.
func TestTheTrainingOfTheOfficers(t *testing.T) {
	got, err := ATT(officers(t, "complaints"), Options{Controls: NotYet, Draws: 1000})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "simple", got.Simple.ATT, -0.005176818, 9)
	if got.Treated != 7772 || got.Controls != 7785 || got.Clusters != 7785 {
		t.Errorf("treated %d, controls %d, clusters %d", got.Treated, got.Controls, got.Clusters)
	}
	for _, c := range got.Cells {
		if c.Time == 71 {
			t.Errorf("%+v: nobody is left to compare with in the last period", c)
		}
	}
}
