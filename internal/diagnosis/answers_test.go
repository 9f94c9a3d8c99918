package diagnosis

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestPackedResponseUnpacksToWhatWasGiven(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	given := map[string]string{"trust": "7", "fear": CannotJudgeValue, "help": "", "hours": "16"}
	row, err := in.Pack(given)
	if err != nil {
		t.Fatal(err)
	}
	// value - min + 1, also where the scale begins at 6; reversal is not stored.
	if want := string([]byte{7, 255, 0, 0, 11}); string(row) != want {
		t.Errorf("packed %v, want %v", row, []byte(want))
	}
	delete(given, "help")
	if got := in.Unpack(row); !maps.Equal(got, given) {
		t.Errorf("unpacked %v, want %v", got, given)
	}
}

func TestAnswersAreReadInWordsFiguresAndAnyLanguage(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	trust, hours := newWords(in, &in.Scale), newWords(in, in.Outcomes[0].Scale)
	for _, c := range []struct {
		words words
		text  string
		want  byte
		ok    bool
	}{
		{trust, "1", 1, true}, {trust, " 10 ", 10, true}, {trust, "7.0", 7, true}, {trust, "7,00", 7, true}, {trust, "+7", 7, true},
		{trust, "", 0, true}, {trust, "\u00a0", 0, true},
		{trust, "?", Abstained, true}, {trust, "geen  OORDEEL", Abstained, true}, {trust, "N/A", Abstained, true},
		{trust, "0", 0, false}, {trust, "11", 0, false}, {trust, "7.5", 0, false}, {trust, "-1", 0, false}, {trust, "good", 0, false}, {trust, "7 8", 0, false},
		{hours, "6", 1, true}, {hours, "Eight", 3, true}, {hours, "ACHT", 3, true}, {hours, "full day", 3, true}, {hours, "5", 0, false},
	} {
		if got, ok := c.words.read(c.text); got != c.want || ok != c.ok {
			t.Errorf("%q reads as %d, %v; want %d, %v", c.text, got, ok, c.want, c.ok)
		}
	}
}

func TestPackRefusesWhatIsNoAnswer(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	for _, c := range []struct {
		given map[string]string
		want  string
	}{
		{map[string]string{"trust": "11"}, `"11" is not on the scale 1-10`},
		{map[string]string{"hours": "5"}, `"5" is not on the scale 6-16`},
		{map[string]string{"trust": strings.Repeat("x", 1000)}, `x…" is not on the scale`},
		{map[string]string{"else": "1"}, "belongs to no item"},
	} {
		if row, err := in.Pack(c.given); err == nil || row != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.20v: %v, want %q", c.given, err, c.want)
		}
	}
}

func TestAbstainingIsRefusedWhereItIsNotOffered(t *testing.T) {
	in := example(t, "bhr2000.yaml")
	if _, err := in.Pack(map[string]string{"AF06": CannotJudgeValue}); err == nil {
		t.Error("an abstention that the instrument does not know was packed")
	}
}

func TestCellsDoNotDependOnTheOrderOfResponses(t *testing.T) {
	of, combinations := CellsOf(5, []int32{2, 0, 2, 1, 2}, []int32{0, 1, 0, 0, 1})
	if got, want := of, []int32{2, 0, 2, 1, 3}; !slices.Equal(got, want) {
		t.Errorf("cells %v, want %v", got, want)
	}
	for c, want := range [][]int32{{0, 1}, {1, 0}, {2, 0}, {2, 1}} {
		if !slices.Equal(combinations[c], want) {
			t.Errorf("cell %d is %v, want %v", c, combinations[c], want)
		}
	}
}

func TestWithoutAttributesThereIsOneCell(t *testing.T) {
	of, combinations := CellsOf[int16](3)
	if !slices.Equal(of, []int32{0, 0, 0}) || len(combinations) != 1 || len(combinations[0]) != 0 {
		t.Errorf("got %v, %v", of, combinations)
	}
}
