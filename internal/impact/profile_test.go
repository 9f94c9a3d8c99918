package impact

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

func TestTheShippedProfileHasFourEvidencesAndSixCharacteristics(t *testing.T) {
	d, err := ReadDefinition(ProfileFile)
	if err != nil {
		t.Fatal(err)
	}
	kinds, used := map[PartKind]int{}, map[string]bool{}
	for _, p := range d.Parts {
		kinds[p.Kind]++
		if p.Name.In("nl") == p.Name.In("en") {
			t.Errorf("%s has no Dutch name", p.ID)
		}
		for _, m := range p.Measures {
			used[m.Measure] = true
		}
	}
	if kinds[Evidence] != 4 || kinds[Characteristic] != 6 || len(used) != len(ProfileMeasures) {
		t.Errorf("%v, %d of %d measures", kinds, len(used), len(ProfileMeasures))
	}
}

func TestAPartIsScoredByItsSteps(t *testing.T) {
	d := Definition{Parts: []Part{
		{ID: "a", Measures: []PartMeasure{{Measure: "x", Steps: []float64{10, 20, 30, 40}}, {Measure: "y", Steps: []float64{60, 30, 14, 7}}, {Measure: "z", Steps: []float64{1, 2, 3, 4}}}},
		{ID: "b", Measures: []PartMeasure{{Measure: "y", Steps: []float64{60, 30, 14, 7}}, {Measure: "z", Steps: []float64{1, 2, 3, 4}}, {Measure: "q", Steps: []float64{1, 2, 3, 4}}}},
	}}
	// x reaches three steps, y, of which less is better, two; z and q are not known.
	all := d.Profile(map[string]Reached{"x": {Value: 30, Known: true}, "y": {Value: 14.5, Known: true}, "z": {Value: 9}})
	if got := fmt.Sprint(all[0].Scores, all[0].Score, all[0].Known(), all[1].Scores, all[1].Score, all[1].Known()); got != "[3 2 -1] 2 true [2 -1 -1] -1 false" {
		t.Error(got)
	}
	for v, want := range map[float64]int{61: 0, 60: 1, 7.01: 3, 7: 4, -5: 4} {
		if got, _ := d.Parts[0].Measures[1].Score(Reached{Value: v, Known: true}); got != want {
			t.Errorf("%v scores %d, not %d", v, got, want)
		}
	}
	if s := ShareOf(3, 4); s.Value != 75 || !s.Known {
		t.Errorf("%+v", s)
	}
	if ShareOf(0, 0).Known {
		t.Error("a share of nothing is known")
	}
	views := []OwnView{{Score: 4}, {Score: 3}}
	if !all[0].Differs(views) || all[0].Differs([]OwnView{{Score: 2}, {Score: 3}}) || all[1].Differs(views) || MeanView(views) != 3.5 {
		t.Error("where self-assessment and measurement differ")
	}
}

func TestADefinitionThatCannotBeIsRefused(t *testing.T) {
	good := "version: \"1\"\nparts:\n  - id: a\n    kind: evidence\n    name: {en: A}\n    measures:\n      - measure: modalities\n        steps: [1, 2, 3, 4]\n"
	if _, err := ReadDefinition([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for change, want := range map[string]string{
		"id: a->id: A b":                                       `"A b" is no id`,
		"kind: evidence->kind: proof":                          `not "proof"`,
		"{en: A}->{en: ' '}":                                   "has no name",
		"modalities->happiness":                                `there is no measure "happiness"`,
		"[1, 2, 3, 4]->[1, 2, 3]":                              "write four steps",
		"[1, 2, 3, 4]->[1, 3, 2, 4]":                           "write four steps",
		"[1, 2, 3, 4]->[1, 1, 2, 4]":                           "write four steps",
		"measure: modalities->measure: learning-score":         "items of an instrument",
		"modalities->learning-score\n        items: [a, b, a]": "an item stands twice",
		"[1, 2, 3, 4]\n->[1, 2, 3, 4]\n      - measure: learning-score\n        items: [a]\n        steps: [1, 2, 3, 4]\n      - measure: learning-score\n        items: [b]\n        steps: [1, 2, 3, 4]\n": "it is one score",
		"steps: ->weight: 3\n        steps: ": "weight",
		"parts:\n->parts: []\nx:\n":           "x",
		"[1, 2, 3, 4]\n->[1, 2, 3, 4]\n  - id: a\n    kind: evidence\n    name: {en: B}\n    measures:\n      - measure: modalities\n        steps: [4, 3, 2, 1]\n": `"a" stands twice`,
	} {
		from, to, _ := strings.Cut(change, "->")
		if _, err := ReadDefinition([]byte(strings.Replace(good, from, to, 1))); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", change, err)
		}
	}
}

func FuzzReadDefinition(f *testing.F) {
	f.Add(ProfileFile)
	f.Fuzz(func(t *testing.T, file []byte) {
		d, err := ReadDefinition(file)
		if err != nil {
			return
		}
		for _, s := range d.Profile(map[string]Reached{"modalities": {Value: math.NaN(), Known: true}}) {
			if s.Score > Best || len(s.Scores) != len(s.Measures) {
				t.Errorf("%+v", s)
			}
		}
	})
}
