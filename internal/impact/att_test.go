package impact

import (
	"fmt"
	"testing"
)

type want struct {
	group, time int
	att, se     float64
}

// Printed by the R package did to four digits (README of bcallaway11/did); six digits and
// standard errors computed with R.
func TestTheCellsOfTheCounties(t *testing.T) {
	got, err := ATT(counties(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	wants := []want{
		{2004, 2004, -0.010503, .023251}, {2004, 2005, -0.070423, .030985}, {2004, 2006, -0.137259, .036436}, {2004, 2007, -0.100811, .034359},
		{2006, 2004, .006520, .023327}, {2006, 2005, -.002751, .019559}, {2006, 2006, -.004595, .017755}, {2006, 2007, -.041224, .020229},
		{2007, 2004, .030507, .015034}, {2007, 2005, -.002726, .016396}, {2007, 2006, -.031087, .017878}, {2007, 2007, -.026054, .016655},
	}
	checkCells(t, got, wants, 6)
	near(t, "simple", got.Simple.ATT, -0.039951, 6)
	near(t, "its error", got.Simple.SE, .012034, 6)
	near(t, "dynamic", got.Dynamic.Overall.ATT, -0.077240, 6)
	near(t, "its error", got.Dynamic.Overall.SE, .019965, 6)
	near(t, "group", got.Group.Overall.ATT, -0.031018, 6)
	near(t, "its error", got.Group.Overall.SE, .012446, 6)
	near(t, "calendar", got.Calendar.Overall.ATT, -0.041700, 6)
	near(t, "its error", got.Calendar.Overall.SE, .015972, 6)
	for i, se := range []float64{0.015034, 0.013292, 0.014236, 0.011826, 0.016893, 0.036436, 0.034359} {
		point := got.Dynamic.Points[i]
		if point.At != i-3 {
			t.Fatalf("point %d is at %d", i, point.At)
		}
		near(t, fmt.Sprint("error of event ", point.At), point.SE, se, 6)
	}
	near(t, "event 1", got.Dynamic.Points[4].ATT, -0.0510, 4)
	near(t, "group 2006", got.Group.Points[1].ATT, -0.0229, 4)
	near(t, "calendar 2006", got.Calendar.Points[2].ATT, -0.048816, 6)
	near(t, "Wald", got.Pretrend.Wald, 7.7912, 4)
	near(t, "p", got.Pretrend.P, .16812, 5)
	if got.Pretrend.DF != 5 || got.Treated != 191 || got.Controls != 309 {
		t.Errorf("df %d, treated %d, controls %d", got.Pretrend.DF, got.Treated, got.Controls)
	}
}

func checkCells(t *testing.T, got *Staggered, wants []want, decimals int) {
	t.Helper()
	if len(got.Cells) != len(wants) {
		t.Fatalf("%d cells, not %d", len(got.Cells), len(wants))
	}
	for i, w := range wants {
		c := got.Cells[i]
		if c.Group != w.group-2003 || c.Time != w.time-2003 {
			t.Fatalf("cell %d is %d, %d", i, c.Group+2003, c.Time+2003)
		}
		near(t, fmt.Sprint("ATT ", w.group, w.time), c.ATT, w.att, decimals)
		if w.se != 0 {
			near(t, fmt.Sprint("error ", w.group, w.time), c.SE, w.se, decimals)
		}
	}
}

// Computed with R.
func TestTheCountiesAgainstThoseNotYetTreated(t *testing.T) {
	got, err := ATT(counties(t), Options{Controls: NotYet})
	if err != nil {
		t.Fatal(err)
	}
	checkCells(t, got, []want{
		{2004, 2004, -0.019372, 0}, {2004, 2005, -0.078319, 0}, {2004, 2006, -0.136274, 0}, {2004, 2007, -0.100811, 0},
		{2006, 2004, -0.002563, 0}, {2006, 2005, -0.001939, 0}, {2006, 2006, .004661, 0}, {2006, 2007, -.041224, 0},
		{2007, 2004, .029759, 0}, {2007, 2005, -.002411, 0}, {2007, 2006, -.031087, 0}, {2007, 2007, -.026054, 0},
	}, 6)
	near(t, "simple", got.Simple.ATT, -0.039764, 6)
	near(t, "its error", got.Simple.SE, .012052, 6)
	near(t, "dynamic", got.Dynamic.Overall.ATT, -0.077399, 6)
	near(t, "its error", got.Dynamic.Overall.SE, .019560, 6)
	near(t, "group", got.Group.Overall.ATT, -0.030462, 6)
	near(t, "its error", got.Group.Overall.SE, .012575, 6)
	if got.Treated != 191 || got.Controls != 480 {
		t.Errorf("treated %d, controls %d", got.Treated, got.Controls)
	}
}

// Computed with R by glm, lm and the paper's influence function.
func TestTheCountiesWithTheirPopulation(t *testing.T) {
	got, err := ATT(counties(t, "lpop"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkCells(t, got, []want{
		{2004, 2004, -0.014530, 0.022129}, {2004, 2005, -0.076422, 0.028671}, {2004, 2006, -0.140448, 0.035378}, {2004, 2007, -0.106904, 0.032886},
		{2006, 2004, -0.000472, 0.022223}, {2006, 2005, -0.006203, 0.018496}, {2006, 2006, 0.000961, 0.019400}, {2006, 2007, -0.041294, 0.019721},
		{2007, 2004, 0.026728, 0.014066}, {2007, 2005, -0.004577, 0.015718}, {2007, 2006, -0.028447, 0.018181}, {2007, 2007, -0.028781, 0.016239},
	}, 6)
}
