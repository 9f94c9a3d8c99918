package demo

import (
	"testing"

	"throughline/internal/diagnosis"
)

func TestEveryRemarkIsAboutACharacteristic(t *testing.T) {
	in, err := diagnosis.ReadInstrument(diagnosis.HPOFile)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, it := range in.Items() {
		known[it.ID] = true
	}
	for id, about := range remarks {
		if !known[id] || len(about[0]) == 0 || len(about[1]) == 0 {
			t.Errorf("%s is no characteristic, or nothing is written about it", id)
		}
	}
}
