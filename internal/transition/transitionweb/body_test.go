package transitionweb

import (
	"testing"

	"throughline/internal/diagnosis"
)

// What moved is rounded as in the report: 5.56 to 3.345 is −2.22 and not −2.21, for which the binary fraction would do.
func TestWhatMovedIsRoundedAsInTheReport(t *testing.T) {
	for want, of := range map[string][2]float64{
		"Rivers: −2.22 since then: from 5.6 to 3.3. This can be chance.": {5.56, 3.345},
		"Rivers: +0.15 since then: from 5.0 to 5.1. This can be chance.": {4.955, 5.1},
		"Rivers: 0.00 since then: from 5.1 to 5.1. This can be chance.":  {5.05, 5.05},
	} {
		by := of[1] - of[0]
		m := movedPoint{In: "Rivers", material: &material{}, Since: &diagnosis.Moved{Change: diagnosis.Change{Then: &of[0], Now: &of[1], Diff: &by, Movement: diagnosis.Unclear}}}
		if got := m.movedText(t.Context()); got != want {
			t.Errorf("%v: %q, want %q", of, got, want)
		}
	}
}
