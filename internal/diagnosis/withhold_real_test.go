package diagnosis

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
)

// exitSurvey is the exit survey of the Queensland institutes of technical
// education: 702 leavers, 30 statements.
type exitSurvey struct {
	cells   Cells
	names   [][]string // of the values of Institute, WorkArea, Gender
	rows    System     // everybody
	factors []System   // who answered one statement of the factor
	counted System     // who answered 80 % of all and one of each factor
}

func readExitSurvey(t *testing.T) exitSurvey {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(dataFile(t, "exit_survey/tafe_survey.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(lines[0], name) }
	attributes := []int{column("Institute"), column("WorkArea"), column("Gender. What is your Gender?")}
	s := exitSurvey{cells: Cells{Parent: []int32{-1}}, names: make([][]string, 3), factors: make([]System, 2)}
	for _, line := range lines[1:] {
		value := make([]int16, 3)
		for a, c := range attributes {
			i := slices.Index(s.names[a], line[c])
			if i < 0 {
				i = len(s.names[a])
				s.names[a] = append(s.names[a], line[c])
			}
			value[a] = int16(i)
		}
		c := slices.IndexFunc(s.cells.Value, func(v []int16) bool { return slices.Equal(v, value) })
		if c < 0 {
			c = len(s.cells.Value)
			s.cells.Unit, s.cells.Value = append(s.cells.Unit, 0), append(s.cells.Value, value)
			for _, system := range []*System{&s.rows, &s.counted, &s.factors[0], &s.factors[1]} {
				*system = append(*system, 0)
			}
		}
		views := answeredIn(lines[0], line, "InstituteViews.")
		work := answeredIn(lines[0], line, "WorkUnitViews.")
		s.rows[c]++
		s.factors[0][c] += min(views, 1)
		s.factors[1][c] += min(work, 1)
		if views+work >= 24 && views > 0 && work > 0 {
			s.counted[c]++
		}
	}
	return s
}

func answeredIn(heading, line []string, prefix string) int32 {
	n := int32(0)
	for i, h := range heading {
		if strings.HasPrefix(h, prefix) && line[i] != "" && line[i] != "Not Applicable" {
			n++
		}
	}
	return n
}

func sizes(s System) (cells, under5, peopleUnder5, under10 int) {
	for _, n := range s {
		if n > 0 {
			cells++
		}
		if n > 0 && n < 5 {
			under5++
			peopleUnder5 += int(n)
		}
		if n > 0 && n < 10 {
			under10++
		}
	}
	return
}

// Figures computed in R from the file.
func TestExitSurveyCellsBeforeWithholding(t *testing.T) {
	s := readExitSurvey(t)
	if cells, under5, people, under10 := sizes(s.rows); cells != 53 || under5 != 19 || people != 48 || under10 != 30 {
		t.Errorf("all rows: %d cells, %d under 5 (%d people), %d under 10; want 53, 19 (48), 30", cells, under5, people, under10)
	}
	if cells, under5, _, _ := sizes(s.counted); cells != 45 || under5 != 20 {
		t.Errorf("counted: %d cells, %d under 5; want 45, 20", cells, under5)
	}
}

func TestExitSurveyByInstituteWithholdsFour(t *testing.T) {
	s := readExitSurvey(t)
	tables := []Table{{Attributes: []int{0}}}
	p, err := Publish(s.cells, tables, []System{s.rows}, []OwnSystem{{s.factors[0], []int{0}}, {s.factors[1], []int{0}}}, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Verdict{}
	for g, group := range p.Groups {
		if v := p.Verdicts[g]; v != Shown {
			got[s.names[0][group.Values[0]]] = v
		}
	}
	want := map[string]Verdict{
		"Wide Bay Institute of TAFE": TooFew, "The Bremer Institute of TAFE": TooFew,
		"Metropolitan South Institute of TAFE": TooFew, "Mount Isa Institute of TAFE": Workable,
	}
	if len(got) != len(want) {
		t.Errorf("withheld %v", got)
	}
	for name, v := range want {
		if got[name] != v {
			t.Errorf("%s: %v, want %v", name, got[name], v)
		}
	}
}

func TestExitSurveySouthbankShowsNoFactorByWorkArea(t *testing.T) {
	s := readExitSurvey(t)
	tables := []Table{{Attributes: []int{0}}, {Attributes: []int{0, 1}}}
	p, err := Publish(s.cells, tables, []System{s.rows}, []OwnSystem{{s.factors[0], []int{0, 1}}, {s.factors[1], []int{0, 1}}}, 5, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	crossed, southbank := 0, 0
	for g, group := range p.Groups {
		if group.Table != 1 {
			continue
		}
		crossed++
		if strings.HasPrefix(s.names[0][group.Values[0]], "Southbank") {
			southbank++
			if !p.GroupShown(g) || p.FigureShown(0, g) || p.FigureShown(1, g) {
				t.Errorf("Southbank, %s: shown %v, factors %v %v; want the group without its factors", s.names[1][group.Values[1]], p.GroupShown(g), p.FigureShown(0, g), p.FigureShown(1, g))
			}
		}
	}
	if crossed != 22 || southbank != 2 {
		t.Errorf("%d cells of Institute and WorkArea, %d of Southbank; want 22 and 2", crossed, southbank)
	}
}

func TestExitSurveyByThreeAttributesLeaksNothing(t *testing.T) {
	s := readExitSurvey(t)
	tables := []Table{{Attributes: []int{0}}, {Attributes: []int{0, 1}}, {Attributes: []int{0, 1, 2}}}
	one := []OwnSystem{{s.factors[0], []int{0, 1, 2}}, {s.factors[1], []int{0, 1, 2}}}
	p, err := Publish(s.cells, tables, []System{s.rows}, one, 5, 1, nil)
	if err != nil || p.UnitsOnly {
		t.Fatal(p.UnitsOnly, err)
	}
	rng := newTestRand(1)
	for i, system := range []System{s.rows, s.factors[0], s.factors[1]} {
		groups := shownCells(s.cells, tables, func(g int) bool { return p.GroupShown(g) && (i == 0 || p.FigureShown(i-1, g)) })
		if leak := oracle(system, groups, 5, 4, rng); leak != nil {
			t.Errorf("system %d gives away cells %v", i, leak)
		}
		shown := 0
		for g := range p.Groups {
			if p.GroupShown(g) && (i == 0 || p.FigureShown(i-1, g)) {
				shown++
			}
		}
		t.Logf("system %d: %d of %d groups shown", i, shown, len(p.Groups))
	}
}
