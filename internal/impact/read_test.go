package impact

import (
	"fmt"
	"iter"
	"math"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

// lines makes rows of "unit period outcome start", with - for what is not there.
func lines(text string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
			row := Row{Line: i + 2, Outcome: math.NaN(), Weight: math.NaN(), Offset: math.NaN()}
			for k, v := range strings.Fields(line) {
				if v == "-" {
					v = ""
				}
				switch k {
				case 0:
					row.Unit = v
				case 1:
					row.Time = v
				case 2:
					if v != "" {
						fmt.Sscan(v, &row.Outcome)
					}
				case 3:
					row.Start = v
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func TestAPanelIsReadFromRows(t *testing.T) {
	p, _, remarks, err := Reading{}.Read(lines("a 2003 1 2004\na 2005 3 2004\nb 2003 5 0\nb 2005 7 0\nb 2004 6 0\nc 2003 1 2009\nc 2004 2 2009\nc 2005 - 2009"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(p.Units, p.Periods, p.Outcome) != "[a b c] [2003 2004 2005] [1 NaN 3 5 6 7 1 2 NaN]" {
		t.Error(p.Units, p.Periods, p.Outcome)
	}
	if p.Start[0] != 1 || p.Start[1] != Never || p.Start[2] != Never || len(remarks) != 1 {
		t.Error(p.Start, remarks)
	}
}

func TestPeriodsAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"a 2025-11 1 2025-12\na 2025-12 2 2025-12\na 2026-01 3 2025-12": "[2025-11 2025-12 2026-01] 1",
		"a 202511 1 202601\na 202601 2 202601\na 202512 2 202601":       "[2025-11 2025-12 2026-01] 2",
		"a 2025-Q1 1 2025-05-12\na 2025-Q2 1 2025-05-12":                "[2025-Q1 2025-Q2] 1",
		"a 1999 1 2001\na 2003 1 2001\na 2007 1 2001":                   "[1999 2003 2007] 1",
		"a 5 1 7.0\na 6 1 7.0\na 7 2 7.0":                               "[5 6 7] 2",
		"a 5 1 3\na 6 1 3":                                              "[5 6] -2",
	} {
		p, _, _, err := Reading{}.Read(lines(text), nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := fmt.Sprint(p.Periods, p.Start[0]); got != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
}

func TestAbsentRowsHaveTheValueThatIsSaid(t *testing.T) {
	zero := 0.0
	units := lines("a - - 3\nb - - 4\nc - - 0")
	p, _, _, err := Reading{Absent: &zero, Listed: true, First: "1", Last: "4"}.Read(lines("a 2 5\nb 3 1\nb 9 7"), units)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(p.Periods, p.Outcome, p.Start[:2]) != "[1 2 3 4] [0 5 0 0 0 0 1 0 0 0 0 0] [2 3]" {
		t.Error(p.Periods, p.Outcome, p.Start)
	}
}

func TestAMistakeOfAPanelSaysWhere(t *testing.T) {
	for name, c := range map[string]struct {
		rows, units string
		o           Reading
		want        string
	}{
		"twice":         {"a 1 1 2\na 1 2 2", "", Reading{}, "line 3: a has a value for 1 on line 2 already"},
		"two starts":    {"a 1 1 2\na 2 2 3", "", Reading{}, "line 3: a starts in 3 here and in 2 on line 2"},
		"leaves":        {"a 1 1 2\na 2 1 2\na 3 1 0", "", Reading{}, "line 4: a has a start on some lines and none on others"},
		"leaves, named": {"a 1 1 2\na 2 1 x", "", Reading{Never: "x"}, "line 3: a has a start on some lines"},
		"no period":     {"a 1 1 2\na soon 1 2", "", Reading{}, `line 3: "soon" is no period`},
		"mixed":         {"a 2025-01 1 0\na 2025-Q1 1 0", "", Reading{}, "is no period"},
		"no start":      {"a 1 1 later\na 2 1 later", "", Reading{}, `line 2: the start "later" of a is no period`},
		"no unit":       {"- 1 1 2", "", Reading{}, "line 2 has no unit"},
		"not listed":    {"a 1 1 -\nb 1 1 -", "a - - 2", Reading{Listed: true}, "line 3: the list of units does not have b"},
		"listed twice":  {"a 1 1 -", "a - - 2\na - - 3", Reading{Listed: true}, "has a on line 2 and on line 3"},
		"outside":       {"a 1 1 2", "", Reading{First: "5", Last: "9"}, "no row lies in the periods from 5 to 9"},
		"turned round":  {"a 1 1 2", "", Reading{First: "5", Last: "1"}, "the first comes after the last"},
		"far apart":     {"a 1 1 2\na 2 1 2\na 99999 1 2", "", Reading{}, "number them one after the other"},
		"nothing":       {"", "", Reading{}, "line 2 has no unit"},
	} {
		var units iter.Seq2[Row, error]
		if c.units != "" {
			units = lines(c.units)
		}
		_, _, _, err := c.o.Read(lines(c.rows), units)
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What cannot be estimated says what is wrong and what fits.
func TestAPanelThatCannotBeEstimatedSaysWhatFits(t *testing.T) {
	for name, c := range map[string]struct {
		rows string
		o    Options
		want string
	}{
		"constant":       {"a 1 5 2\na 2 5 2\nb 1 5 0\nb 2 5 0", Options{}, "the outcome is 5 in every row"},
		"one unit":       {"a 1 5 2\na 2 6 2", Options{}, "there is only one unit: an interrupted time series (its) fits"},
		"one treated":    {"a 1 5 2\na 2 6 2\nb 1 5 0\nb 2 7 0\nc 1 1 0\nc 2 1 0", Options{}, "only one unit starts by itself (a): how sure the estimate is cannot be told from one; synthetic difference-in-differences (sdid) fits"},
		"one control":    {"a 1 5 2\na 2 6 2\nb 1 5 2\nb 2 7 2\nc 1 1 0\nc 2 1 0", Options{}, "only one unit by itself to compare with (c)"},
		"all at once":    {"a 1 5 2\na 2 6 2\nb 1 5 2\nb 2 7 2", Options{Controls: NotYet}, "all units start in 2: none is left to compare with; an interrupted time series (its) fits"},
		"none never":     {"a 1 5 2\na 2 6 2\na 3 6 2\nb 1 5 3\nb 2 7 3\nb 3 7 3", Options{}, "compare with those that have not started yet (controls notyet)"},
		"none starts":    {"a 1 5 0\na 2 6 0\nb 1 5 0\nb 2 7 0", Options{}, "no unit starts within the periods"},
		"nothing before": {"a 1 5 1\na 2 6 1\nb 1 5 0\nb 2 7 0", Options{}, "every start lies in the first period"},
		"one period":     {"a 1 5 1\nb 1 6 0", Options{}, "there is only one period"},
		"gaps":           {"a 1 5 2\na 2 - 2\nb 1 5 2\nb 2 - 2\nc 1 1 0\nc 2 2 0\nd 1 1 0\nd 2 2 0", Options{}, "in no period after a start"},
	} {
		p, _, _, err := Reading{}.Read(lines(c.rows), nil)
		if err == nil {
			_, err = ATT(p, c.o)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever a file holds, reading and estimating end in figures or a sentence.
func FuzzPanel(f *testing.F) {
	f.Add("a 2003 1 2004\na 2004 3 2004\nb 2003 5 0\nb 2004 7 0\nc 2003 1 2004\nc 2004 9 2004\nd 2003 1 -\nd 2004 1 -", true)
	f.Add("a 2025-01 1 2025-02\na 2025-02 - 2025-02", false)
	f.Add("a 202501 1e308 0\nb 202502 -1e308 202502", true)
	f.Fuzz(func(t *testing.T, text string, later bool) {
		p, _, _, err := Reading{}.Read(lines(text), nil)
		if err != nil {
			if fault.KindOf(err) == "" {
				t.Fatal(err)
			}
			return
		}
		o := Options{Draws: 20}
		if later {
			o.Controls = NotYet
		}
		runs := []func() error{
			func() error { _, err := ATT(p, o); return err },
			func() error { _, err := Imputation(p, o); return err },
			func() error { _, err := TwoWayEffects(p, o); return err },
			func() error { _, err := SyntheticEffect(p, o); return err },
			func() error { _, err := WildBootstrap(p, o); return err },
			func() error { _, _, err := HonestBounds(p, o, 0); return err },
			func() error { _, err := Permute(p, o, nil); return err },
		}
		if len(p.Outcome) > 400 {
			return
		}
		for _, run := range runs {
			if err := run(); err != nil && fault.KindOf(err) == "" {
				t.Fatal(err)
			}
		}
	})
}
