package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

// shops are two shops of a company, with the combinations of a minimum of three:
// South's two managers count at the top.
func shops() Layout {
	return Layout{
		Units:      []LayoutUnit{{Name: "Acme", Parent: -1}, {Name: "North", Parent: 0}, {Name: "South", Parent: 0}, {Name: "Till", Parent: 1}, {Name: "Till", Parent: 2}},
		Attributes: []LayoutAttribute{{Name: "level", Values: []string{"", "employee", "manager"}}},
		Combinations: []Combination{
			{Unit: 0, Values: []int16{NotKept}, Invited: 4}, {Unit: 0, Values: []int16{2}, Invited: 3},
			{Unit: 1, Values: []int16{1}, Invited: 3}, {Unit: 4, Values: []int16{1}, Invited: 5},
		},
	}
}

func rowsOf(lines ...string) func(func(Row, error) bool) {
	return func(yield func(Row, error) bool) {
		for i, line := range lines {
			if !yield(Row{Line: i + 2, Cells: strings.Split(line, ",")}, nil) {
				return
			}
		}
	}
}

func TestAnswersThatNameNobodyGoToTheirCombination(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	header := strings.Split("unit,level,trust,fear,help,fun,hours", ",")
	got, err := shops().ReadAnswers(in, header, rowsOf(
		"North,employee,7,1,5,8,8", "acme/north/TILL,Employee,7,1,5,8,8", "Acme/South/Till,employee,7,1,5,8,8", "South,manager,7,1,5,8,8", "South,,7,1,5,8,8"))
	if err != nil {
		t.Fatal(err)
	}
	var at []int32
	for _, a := range got {
		at = append(at, a.Combination)
	}
	if want := []int32{2, 2, 3, 1, 0}; !slices.Equal(at, want) {
		t.Errorf("combinations %v, want %v", at, want)
	}
	for name, c := range map[string]struct{ header, row, want string }{
		"a name of two units":  {"", "Till,employee,7,1,5,8,8", `line 2: several units are called "Till"`},
		"no such unit":         {"", "West,employee,7,1,5,8,8", `has no unit "West"`},
		"no such level":        {"", "North,boss,7,1,5,8,8", `line 2, column "level"`},
		"an attribute missing": {"unit,trust,fear,help,fun,hours", "North,7,1,5,8,8", `no column "level"`},
		"nobody said":          {"level,trust,fear,help,fun,hours", "employee,7,1,5,8,8", `no column "unit"`},
		"a person unnamed":     {"person,trust,fear,help,fun,hours", ",7,1,5,8,8", `line 2, column "person" is empty`},
		"off the scale":        {"", "North,employee,70,1,5,8,8", "70 is not on the scale"},
	} {
		h := header
		if c.header != "" {
			h = strings.Split(c.header, ",")
		}
		if _, err := shops().ReadAnswers(in, h, rowsOf(c.row)); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFileMayHoldTheCodesThatPeopleKeep(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	for name, c := range map[string]struct{ header, row string }{
		"of a person":      {"person,Code,trust,fear,help,fun,hours", "P1,abcd efgh,7,1,5,8,8"},
		"of a combination": {"unit,trust,fear,help,fun,hours,level,code", "North,7,1,5,8,8,employee,abcd efgh"},
	} {
		got, err := shops().ReadAnswers(in, strings.Split(c.header, ","), rowsOf(c.row))
		if err != nil || len(got) != 1 || got[0].Code != "abcd efgh" || got[0].Person != "P1" && got[0].Combination != 2 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestEachMistakeOfAFileIsToldOnce(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	_, err := shops().ReadAnswers(in, strings.Split("person,trust,fear,help,fun,hours", ","), rowsOf(",7,1,5,8,8", "a,7,1,5,8,8", "b,7,1,5,8,8"))
	if want := `line 2, column "person" is empty: whose answers are these?`; err == nil || err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func FuzzReadAnswers(f *testing.F) {
	in, l := decodeInstrument(f, []byte(small)), shops()
	f.Add("unit,level,trust,fear,help,fun,hours\nNorth,employee,7,1,5,8,8")
	f.Add("person,trust,fear,help,fun,hours\na,7,1,5,8,8\nb,,,,,")
	f.Add("unit,level,trust,fear,help,fun,hours\n/,,7,1,5,8,8\nAcme//North,\xff,7,1,5,8,8")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		got, err := l.ReadAnswers(in, strings.Split(lines[0], ","), rowsOf(lines[1:]...))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("not a caller's mistake: %v", err)
			}
			return
		}
		for _, a := range got {
			if strings.HasPrefix(lines[0], "person,") && a.Person == "" {
				t.Errorf("%+v of %q", a, lines[0])
			}
			if a.Combination < 0 || int(a.Combination) >= len(l.Combinations) || len(a.Packed) != len(in.Items()) {
				t.Errorf("%+v", a)
			}
		}
	})
}
