package diagnosis

import (
	"iter"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

func lines(text string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for i, line := range strings.Split(text, "\n") {
			if !yield(Row{Line: i + 2, Cells: strings.Split(line, ";")}, nil) {
				return
			}
		}
	}
}

func TestAReferenceIsReadByIdOrName(t *testing.T) {
	in := decodeInstrument(t, HPOFile)
	got, err := in.ReadReference([]string{"Figure ", "Note", "MEAN"}, lines("management_quality;x;7,1\n\nOpenness and action orientation;;6.4\ntrust;;8\nSamenwerking tussen afdelingen;;1"))
	if err == nil || !strings.Contains(err.Error(), "line 6") {
		t.Errorf("a name that is none: %v, %v", got, err)
	}
	got, err = in.ReadReference([]string{"figure", "note", "mean"}, lines("management_quality;x;7,1\n\nOpenness and action orientation;;6.4\ntrust;;8"))
	if err != nil || len(got) != 3 || got["management_quality"] != 7.1 || got["openness_action"] != 6.4 || got["trust"] != 8 {
		t.Errorf("%v, %v", got, err)
	}
	for name, c := range map[string]struct{ head, text string }{
		"no column of means": {"figure;value", "trust;7"},
		"off the scale":      {"figure;mean", "trust;11"},
		"no number":          {"figure;mean", "trust;high"},
		"not a number":       {"figure;mean", "trust;NaN"},
		"twice":              {"figure;mean", "trust;7\nTrust;8"},
		"nothing":            {"figure;mean", ""},
	} {
		if got, err := in.ReadReference(strings.Split(c.head, ";"), lines(c.text)); err == nil || fault.Of(err) == nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func FuzzReadReference(f *testing.F) {
	f.Add("figure;mean", "trust;7")
	f.Add("mean;figure;mean", "7;trust;1e300\n;;")
	in := decodeInstrument(f, HPOFile)
	f.Fuzz(func(t *testing.T, head, text string) {
		means, err := in.ReadReference(strings.Split(head, ";"), lines(text))
		if err != nil && fault.Of(err) == nil {
			t.Fatal(err)
		}
		for id, v := range means {
			if !(v >= 1 && v <= 10) {
				t.Errorf("%s is %v", id, v)
			}
		}
	})
}
