package effort_test

import (
	"testing"

	"throughline/internal/effort"
)

// Every modality says all that is read of it; one that is not stated says nothing.
func TestAModalitySaysHowOneLearns(t *testing.T) {
	seen := map[effort.Modality]bool{}
	for _, trait := range effort.Modalities {
		if seen[trait.Modality] || trait.Modality.Trait() != trait || trait.Mix == "" || trait.Form == "" || trait.Pace == "" {
			t.Errorf("%+v", trait)
		}
		seen[trait.Modality] = true
	}
	if got := effort.NotStated.Trait(); got != (effort.Trait{}) {
		t.Errorf("not stated: %+v", got)
	}
	e := entry()
	for modality, known := range map[effort.Modality]bool{effort.NotStated: true, effort.JobAid: true, "osmosis": false} {
		if e.Modality = modality; (e.Check() == nil) != known {
			t.Errorf("%q: %v", modality, e.Check())
		}
	}
}
