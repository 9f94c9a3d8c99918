package diagnosis

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

const smallHeader = "Who,Team,What is your sex?,Trust,fear,help,fun,hours,Remark\n"

func TestRowsBecomePackedAnswersAndAttributes(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	header, rows := csvRows(t, smallHeader+
		"a,North,f,7,1,?,10,8,x\n"+
		"b, South ,m,8,,,9,full day,\n"+
		",,,,,,,,\n"+
		"c,,f,n/a,2,3,4,16,y\n"+
		"d,North,f,,,,,,\n")
	got, err := ReadRows(in, header, rows, "team", "Sex", "Remark", "Team")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]byte{{7, 8, 255, 0}, {1, 0, 2, 0}, {255, 0, 3, 0}, {10, 9, 4, 0}, {3, 3, 11, 0}} {
		if !slices.Equal(got.Answers.Columns[i], want) {
			t.Errorf("item %d is %v, want %v", i, got.Answers.Columns[i], want)
		}
	}
	team := got.Attributes[0]
	if team.Name != "Team" || !slices.Equal(team.Values, []string{"", "North", "South"}) || !slices.Equal(team.Of, []int16{1, 2, 0, 1}) {
		t.Errorf("team is %+v", team)
	}
	if len(got.Attributes) != 3 || got.Attributes[1].Name != "Sex" || got.Attributes[2].Name != "Remark" {
		t.Errorf("attributes are %+v", got.Attributes)
	}
	if want := []int32{2, 3, 0, 1}; !slices.Equal(got.Answers.Cell, want) {
		t.Errorf("cells are %v, want %v", got.Answers.Cell, want)
	}
	if !slices.Equal(got.Cells[3], []int16{2, 1, 0}) {
		t.Errorf("cell 3 is %v", got.Cells[3])
	}
}

func TestMistakesInAFileAreNamedByLineColumnAndReason(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	for _, c := range []struct {
		name, text string
		by         []string
		want       string
	}{
		{"off the scale", smallHeader + "a,,,7,1,1,1,8\nb,,,11,1,1,1,8\n", nil, `line 3, column "Trust": 11 is not on the scale 1-10`},
		{"off its own scale", smallHeader + "a,,,7,1,1,1,5\n", nil, `line 2, column "hours": 5 is not on the scale 6-16`},
		{"a word that is none", smallHeader + "a,,,great,1,1,1,8\n", nil, `line 2, column "Trust": great is not on the scale 1-10`},
		{"respondent twice", smallHeader + "a,,,7,1,1,1,8\nb,,,7,1,1,1,8\na,,,7,1,1,1,8\n", nil, `line 4, column "Who": respondent a already stands in line 2; keep one of the two`},
		{"item's column missing", "Who,fear,help,fun,hours\na,1,1,1,8\n", nil, `the file has no column "Trust"`},
		{"respondent's column missing", "Trust,fear,help,fun,hours\n1,1,1,1,8\n", nil, `the file has no column "Who"`},
		{"heading twice", "Who,Trust,Trust,fear,help,fun,hours\na,1,1,1,1,1,8\n", nil, `the heading "Trust" stands over two columns`},
		{"unknown attribute", smallHeader + "a,,,7,1,1,1,8\n", []string{"Colour"}, `the file has no column "Colour"`},
		{"nameless attribute", "Who,,Trust,fear,help,fun,hours\na,x,1,1,1,1,8\n", []string{""}, `the file has no column ""`},
		{"grouping by an answer", smallHeader + "a,,,7,1,1,1,8\n", []string{"trust"}, `answers cannot be grouped by "trust"`},
		{"grouping by respondent", smallHeader + "a,,,7,1,1,1,8\n", []string{"Who"}, `answers cannot be grouped by "Who"`},
		{"no rows", smallHeader, nil, "the file has no answers"},
		{"only empty rows", smallHeader + ",,,,\n , ,\n", nil, "the file has no answers"},
	} {
		t.Run(c.name, func(t *testing.T) {
			header, rows := csvRows(t, c.text)
			got, err := ReadRows(in, header, rows, c.by...)
			if err == nil || got != nil {
				t.Fatalf("no mistake reported")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("reported %q, want %q", err, c.want)
			}
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind is %q", fault.KindOf(err))
			}
		})
	}
}

func TestAMissingHeadingRowIsAMistakeAndNoPanic(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	if _, err := ReadRows(in, nil, func(func(Row, error) bool) {}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
}

func TestReadingStopsAfterManyMistakes(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	read := 0
	_, err := ReadRows(in, strings.Split(strings.TrimSpace(smallHeader), ","), func(yield func(Row, error) bool) {
		for {
			read++
			if !yield(Row{Line: read, Cells: []string{fmt.Sprint(read), "", "", "99"}}, nil) {
				return
			}
		}
	})
	if read != mostMistakes || err == nil || !strings.Contains(err.Error(), "reading stopped after 100 mistakes") {
		t.Errorf("stopped after %d rows with %v", read, err)
	}
}

func TestMistakesOfTheFileItselfAreHandedOn(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	broken := errors.New("line 3: a quote stays open")
	_, err := ReadRows(in, strings.Split(strings.TrimSpace(smallHeader), ","), func(yield func(Row, error) bool) {
		_ = yield(Row{Line: 2, Cells: []string{"a", "", "", "99"}}, nil) && yield(Row{}, broken)
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "99 is not on the scale") {
		t.Errorf("got %v", err)
	}
}

func TestAColumnOfNamesIsNoAttribute(t *testing.T) {
	in := decodeInstrument(t, []byte(small))
	_, err := ReadRows(in, strings.Split(strings.TrimSpace(smallHeader), ","), func(yield func(Row, error) bool) {
		for i := range mostValues + 1 {
			if !yield(Row{Line: i + 2, Cells: []string{"", fmt.Sprint("person ", i)}}, nil) {
				return
			}
		}
	}, "Team")
	if err == nil || !strings.Contains(err.Error(), "it is no attribute by which to report") {
		t.Errorf("got %v", err)
	}
}

func FuzzReadRows(f *testing.F) {
	in := decodeInstrument(f, []byte(small))
	f.Add(smallHeader+"a,North,f,7,1,?,10,8,x\n,,,,,,,,\nb,South,m,8,,,9,full day", "Team")
	f.Add("who,TRUST,fear,help,fun,hours\n1,2", "Trust")
	f.Add(smallHeader+"a\na\na", "Sex")
	f.Add("", "")
	f.Add(smallHeader+"\u00a0,\x00,\xff,7.0,1e1,+3,0x5,8", "Remark")
	f.Fuzz(func(t *testing.T, text, by string) {
		lines := strings.Split(text, "\n")
		rows := func(yield func(Row, error) bool) {
			for i, line := range lines[1:] {
				if !yield(Row{Line: i + 2, Cells: strings.Split(line, ",")}, nil) {
					return
				}
			}
		}
		got, err := ReadRows(in, strings.Split(lines[0], ","), rows, by)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("not a caller's mistake: %v", err)
			}
			return
		}
		n := got.Answers.Len()
		if n == 0 || len(got.Attributes) != 1 || len(got.Attributes[0].Of) != n {
			t.Fatalf("%d responses with %d attributes", n, len(got.Attributes))
		}
		for i, it := range in.Items() {
			if len(got.Answers.Columns[i]) != n {
				t.Fatalf("item %d has %d answers of %d", i, len(got.Answers.Columns[i]), n)
			}
			for _, b := range got.Answers.Columns[i] {
				if int(b) > it.Scale.Points() && b != Abstained {
					t.Errorf("item %d holds the byte %d", i, b)
				}
			}
		}
		Count(in, got.Answers, len(got.Cells))
	})
}
