package impact

import (
	"fmt"
	"testing"
)

// Computed with R: a two-way regression on the values before the starts; the errors by
// the paper's equation 8 with dense matrices.
func TestTheCountiesByImputation(t *testing.T) {
	got, err := Imputation(counties(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "overall", got.Overall.ATT, -0.047710, 6)
	for e, att := range []float64{-0.031067, -0.052235, -0.136078, -0.104707} {
		near(t, fmt.Sprint("event ", e), got.Events[e].ATT, att, 6)
	}
	near(t, "its error", got.Overall.SE, 0.013222, 6)
	for e, se := range []float64{0.013577, 0.018812, 0.035342, 0.033766} {
		near(t, fmt.Sprint("error of event ", e), got.Events[e].SE, se, 6)
	}
	for i, att := range []float64{-0.019372, -0.078319, -0.136078, -0.104707, 0.002514, -0.039193, -0.043106} {
		near(t, fmt.Sprint("cell ", i), got.Cells[i].ATT, att, 6)
	}
	if got.Values != 291 || got.Treated != 191 {
		t.Errorf("%d values, %d units", got.Values, got.Treated)
	}
}
