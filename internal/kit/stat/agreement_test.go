package stat

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/stat"
)

func TestICCOfTheArmyCompanies(t *testing.T) {
	// R package multilevel, data set bh1996: ICC1 and ICC2 of aov(x ~ GRP).
	folder := os.Getenv("THROUGHLINE_DATA")
	if folder == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("THROUGHLINE_DATA is not set, so work_units/bh1996.csv is missing")
		}
		t.Skip("THROUGHLINE_DATA is not set; this test reads work_units/bh1996.csv")
	}
	f, err := os.Open(filepath.Join(folder, "work_units/bh1996.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		column     string
		icc1, icc2 float64
	}{{"HRS", .1331067, .9196732}, {"LEAD", .1270276, .9156130}, {"WBEING", .0433691, .7717129}} {
		column := 0
		for i, h := range rows[0] {
			if h == c.column {
				column = i
			}
		}
		sums := map[string]*Sums{}
		for _, row := range rows[1:] {
			v, err := strconv.ParseFloat(row[column], 64)
			if err != nil {
				t.Fatal(err)
			}
			g := sums[row[0]]
			if g == nil {
				g = &Sums{}
				sums[row[0]] = g
			}
			g.N++
			g.Sum += v
			g.Square += v * v
		}
		var groups []Sums
		for _, g := range sums {
			groups = append(groups, *g)
		}
		icc1, icc2, ok := ICC(groups)
		if !ok || len(groups) != 99 {
			t.Fatalf("%s: %d groups, %v", c.column, len(groups), ok)
		}
		near(t, "ICC(1) of "+c.column, icc1, c.icc1, 5e-8)
		near(t, "ICC(2) of "+c.column, icc2, c.icc2, 5e-8)
	}
}

func TestICCCanBeNegative(t *testing.T) {
	// Groups {1,3}, {1,3}, {2,2.2}: MSB .00667, MSW 1.34, k 2 by hand.
	icc1, icc2, ok := ICC([]Sums{{2, 4, 10}, {0, 0, 0}, {2, 4, 10}, {2, 4.2, 8.84}})
	if !ok {
		t.Fatal("no ICC")
	}
	msb, msw := .02/3/2*2, 4.02/3
	near(t, "ICC(1)", icc1, (msb-msw)/(msb+msw), 1e-9)
	near(t, "ICC(2)", icc2, (msb-msw)/msb, 1e-6)
}

func TestICCDoesNotApply(t *testing.T) {
	for name, groups := range map[string][]Sums{
		"one group":              {{5, 10, 30}},
		"everybody alone":        {{1, 1, 1}, {1, 2, 4}},
		"groups with equal mean": {{2, 4, 10}, {2, 4, 10}},
		"nobody":                 {{}, {}},
	} {
		if icc1, icc2, ok := ICC(groups); ok {
			t.Errorf("%s: %v, %v", name, icc1, icc2)
		}
	}
}

func TestAgreementOfOneItemOnTenPoints(t *testing.T) {
	// Answers 7 8 6 7 8 on ten points: 1 - .7/8.25 = .915152.
	variance := stat.Variance([]float64{7, 8, 6, 7, 8}, nil)
	rwg, ok := RwgJ([]float64{variance}, UniformVariance(10))
	near(t, "rwg", rwg, .915152, 5e-7)
	if !ok {
		t.Error("no rwg")
	}
}

func TestAgreementIsNeverNegative(t *testing.T) {
	if r, ok := RwgJ([]float64{4, 4}, 2); !ok || r != 0 {
		t.Errorf("two camps agree %v, %v; want 0", r, ok)
	}
	if _, ok := RwgJ(nil, 2); ok {
		t.Error("no item has an agreement")
	}
}

func TestVarianceWithoutAgreement(t *testing.T) {
	near(t, "uniform, 5 points", UniformVariance(5), 2, 1e-12)
	near(t, "uniform, 10 points", UniformVariance(10), 8.25, 1e-12)
	// James, Demaree and Wolf (1984): slightly skewed over five answers, 1.34.
	near(t, "slightly skewed, 5 points", SkewedVariance(5), 1.34, 1e-12)
	// The same distribution with each answer split in two: 4 x 1.34 + .25.
	near(t, "slightly skewed, 10 points", SkewedVariance(10), 5.61, 1e-12)
}
