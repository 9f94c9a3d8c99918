package diagnosis

import (
	"slices"
	"testing"
)

// The expected figures were computed with R 4.2 (packages psych, lavaan,
// multilevel) from the same files.

func readFile(t *testing.T, in *Instrument, name string, by ...string) (*Reading, *Tally) {
	t.Helper()
	header, rows := csvRows(t, dataFile(t, name))
	got, err := ReadRows(in, header, rows, by...)
	if err != nil {
		t.Fatal(err)
	}
	return got, Count(in, got.Answers, len(got.Cells))
}

func TestReliabilityOfTheExitSurvey(t *testing.T) {
	in := example(t, "tafe.yaml")
	got, tally := readFile(t, in, "exit_survey/tafe_survey.csv")
	if got.Answers.Len() != 702 || tally.Counted[0] != 702 {
		t.Errorf("%d responses, %d count; want all 702", got.Answers.Len(), tally.Counted[0])
	}
	r := Reliabilities(in, got.Answers)
	nearPointer(t, "alpha of InstituteViews", r[0].Alpha, .940544, 5e-7)
	nearPointer(t, "alpha of WorkUnitViews", r[1].Alpha, .924898, 5e-7)

	share := 0.8
	in.MinAnswered = &share
	if n := Count(in, got.Answers, 1).Counted[0]; n != 595 {
		t.Errorf("with the 80 %% rule %d count, want 595", n)
	}
	nearPointer(t, "alpha of WorkUnitViews, 80 % rule", Reliabilities(in, got.Answers)[1].Alpha, .925164, 5e-7)
}

func TestCellsOfTheExitSurvey(t *testing.T) {
	in := example(t, "tafe.yaml")
	_, tally := readFile(t, in, "exit_survey/tafe_survey.csv", "Institute", "WorkArea", "Gender")
	count := func(n []int32) (cells, under5, people, under10 int) {
		for _, n := range n {
			if n > 0 {
				cells++
			}
			if n > 0 && n < 5 {
				under5++
				people += int(n)
			}
			if n > 0 && n < 10 {
				under10++
			}
		}
		return
	}
	if cells, under5, people, under10 := count(tally.Counted); cells != 53 || under5 != 19 || people != 48 || under10 != 30 {
		t.Errorf("%d cells, %d under 5 with %d people, %d under 10; want 53, 19, 48, 30", cells, under5, people, under10)
	}
	share := 0.8
	in.MinAnswered = &share
	_, tally = readFile(t, in, "exit_survey/tafe_survey.csv", "Institute", "WorkArea", "Gender")
	if cells, under5, _, _ := count(tally.Counted); cells != 45 || under5 != 20 {
		t.Errorf("with the 80 %% rule %d cells, %d under 5; want 45, 20", cells, under5)
	}
}

func TestAFactorCanRestOnFewerThanItsGroup(t *testing.T) {
	in := example(t, "tafe.yaml")
	got, tally := readFile(t, in, "exit_survey/tafe_survey.csv", "Institute", "WorkArea")
	if len(got.Cells) != 22 {
		t.Errorf("%d cells, want 22", len(got.Cells))
	}
	institute := int16(slices.Index(got.Attributes[0].Values, "Southbank Institute of Technology"))
	area := int16(slices.Index(got.Attributes[1].Values, "Delivery (teaching)"))
	c := slices.IndexFunc(got.Cells, func(v []int16) bool { return v[0] == institute && v[1] == area })
	if c < 0 {
		t.Fatalf("no such cell among %v", got.Attributes)
	}
	if n, factor := tally.Counted[c], tally.FactorN(0)[c]; n != 7 || factor != 4 {
		t.Errorf("%d respondents and %d answers, want 7 and 4", n, factor)
	}
}

func TestReliabilityAndAgreementOfTheArmyCompanies(t *testing.T) {
	in := example(t, "bhr2000.yaml")
	got, tally := readFile(t, in, "work_units/bhr2000.csv", "GRP")
	if len(got.Cells) != 99 || got.Answers.Len() != 5400 {
		t.Errorf("%d groups of %d, want 99 of 5400", len(got.Cells), got.Answers.Len())
	}
	r := Reliabilities(in, got.Answers)[0]
	nearPointer(t, "alpha", r.Alpha, .891343, 5e-7)
	nearPointer(t, "alpha pairwise", r.AlphaPairwise, .891343, 5e-7) // nobody left anything out
	nearPointer(t, "omega", r.Omega, .891813, 5e-7)

	a := in.Agreements(tally, nil)
	leadership, hours := a[0], a[1]
	if leadership.ID != "leadership" || hours.ID != "HRS" {
		t.Fatalf("agreements of %s and %s", leadership.ID, hours.ID)
	}
	near(t, "rwg(j) mean", leadership.RwgJ.Mean, .8876115, 5e-8)
	near(t, "rwg(j) median", leadership.RwgJ.Median, .89245407, 5e-9)
	near(t, "rwg(j) least", leadership.RwgJ.Min, .78587595, 5e-9)
	if s := leadership.RwgJSkewed; s == nil || s.Groups != 99 || s.Mean >= leadership.RwgJ.Mean {
		t.Errorf("against a skewed null rwg(j) is %+v", s)
	}
	nearPointer(t, "ICC(1) of HRS", hours.ICC1, .1741008, 5e-8)
	nearPointer(t, "ICC(2) of HRS", hours.ICC2, .9199889, 5e-8)
	if hours.RwgJ != nil {
		t.Error("a single item has an rwg(j)")
	}
}
