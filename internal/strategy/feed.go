package strategy

import (
	"cmp"
	"errors"
	"iter"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Row is a line of a file of observations: of one indicator, unit or person and period, whatever of
// the five figures it states.
type Row struct {
	Line                    int
	Indicator, Unit, Period string
	Person                  string // personnel number or mail address; "" for a unit's
	Value, Plan             *float64
	Baseline, Target, High  *float64 // of a year; High is the upper end of a range
}

// Cell is a value for one period of one indicator of one unit or person.
type Cell struct {
	Indicator int // index in the book
	Of        int // index in the book's units, or in its people
	Kind      Kind
	Point
	Gone bool // what stood there is taken out
	Line int
}

// TargetCell is a target for one year of one indicator of one unit.
type TargetCell struct {
	Indicator, Unit int
	Target
	Line int
}

// Feed is what comes in together: all of it or nothing.
type Feed struct {
	Cells   []Cell // of units, by indicator, unit, kind and period
	People  []Cell // of people, likewise
	Targets []TargetCell
}

// Book is what a feed may speak of.
type Book struct {
	Indicators []Indicator
	Units      *org.Structure // also those that have left
	People     []org.Career   // all that the roster has ever had; empty where no indicator is of people
	Today      period.Day
}

const (
	mostMistakes = 100 // that are told
	farthestPlan = 20  // years from today for which there can be a plan
)

// book finds things by what files call them.
type book struct {
	Book
	org.Finder
	indicators map[string]int
}

func (b Book) open() book {
	o := book{Book: b, Finder: org.NewFinder(b.Units, b.People), indicators: map[string]int{}}
	for i, one := range b.Indicators {
		o.indicators[one.Key] = i
	}
	return o
}

// Gather reads a feed. Mistakes, which rows may yield too, name their line and are joined: an
// indicator or a unit that is not there, a period that is none, is not the indicator's or has not
// begun, two values for one cell, a target that equals its baseline, a row that says nothing.
func Gather(b Book, rows iter.Seq2[Row, error]) (Feed, error) {
	var f Feed
	var mistakes []error
	o := b.open()
	for row, err := range rows {
		if err == nil {
			err = at(row.Line, o.add(&f, row))
		}
		if err != nil {
			if mistakes = append(mistakes, err); len(mistakes) >= mostMistakes {
				break
			}
		}
	}
	if len(mistakes) < mostMistakes {
		mistakes = append(mistakes, f.order(b)...)
	}
	if len(mistakes) > 0 {
		return Feed{}, errors.Join(mistakes[:min(len(mistakes), mostMistakes)]...)
	}
	if len(f.Cells)+len(f.People)+len(f.Targets) == 0 {
		return Feed{}, fault.Invalidf("there is no row with a value, a plan or a target")
	}
	return f, nil
}

// at says on which line of a file a mistake is; of a form there are no lines.
func at(line int, mistake error) error {
	if line == 0 || fault.Of(mistake) == nil {
		return mistake
	}
	return fault.Invalidf("line %d: %s", line, mistake)
}

func (o book) add(f *Feed, row Row) error {
	i, there := o.indicators[CleanKey(row.Indicator)]
	switch {
	case strings.TrimSpace(row.Indicator) == "":
		return fault.Invalidf("the indicator is empty")
	case !there:
		return fault.Invalidf("there is no indicator %q", row.Indicator)
	}
	one := o.Indicators[i]
	if one.Ended != "" {
		return fault.Invalidf("%s is not measured any more since %s", one.Name, string(one.Ended))
	}
	of, err := o.subject(one, row)
	if err != nil {
		return err
	}
	p, err := period.Parse(row.Period)
	if err != nil {
		return err
	}
	if row.Value == nil && row.Plan == nil && row.Target == nil && row.Baseline == nil {
		return fault.Fieldf("value", "there is no value: where it is not known, leave the row out; nothing is not zero")
	}
	if err := o.addValues(f, row, i, of, p); err != nil {
		return err
	}
	return o.addTarget(f, row, i, of, p)
}

// subject finds whose a row is: its index among the people where the row names one, else among the units.
func (o book) subject(one Indicator, row Row) (int, error) {
	unit, person := strings.TrimSpace(row.Unit), strings.TrimSpace(row.Person)
	switch {
	case person != "" && unit != "":
		return 0, fault.Invalidf("a value is of a unit or of a person: leave one of the two out")
	case person != "":
		return o.person(one, row, person)
	case unit == "" && one.OfPeople():
		return 0, fault.Invalidf("the person is empty")
	case unit == "":
		return 0, fault.Invalidf("the unit is empty")
	}
	u, err := o.Unit(unit)
	if err == nil && one.OfPeople() && row.Value != nil {
		err = fault.Invalidf("%s has values of people, and a unit's is made of them: name the person", one.Name)
	}
	return u, err
}

func (o book) person(one Indicator, row Row, person string) (int, error) {
	if !one.OfPeople() {
		return 0, fault.Invalidf("%s has values of units: name the unit", one.Name)
	}
	n, err := o.Person(person)
	if err == nil && (row.Plan != nil || row.Target != nil || row.Baseline != nil) {
		err = fault.Invalidf("a person has values alone: what is aimed at stands in a goal of theirs")
	}
	return n, err
}

func (o book) addValues(f *Feed, row Row, i, of int, p period.Period) error {
	one := o.Indicators[i]
	values := [...]*float64{row.Value, row.Plan}
	for n, kind := range [...]Kind{Actual, Plan} {
		v := values[n]
		switch {
		case v == nil:
			continue
		case kind == Actual && one.Origin != "":
			return fault.Invalidf("%s comes by itself: it takes plans and targets only", one.Name)
		case p.Grain() != one.Grain:
			return fault.Fieldf("period", "%[1]s is measured in periods such as %[2]s, and %[3]s is none", one.Name, string(period.Of(o.Today, one.Grain)), string(p))
		case !finite(*v):
			return fault.Fieldf("value", "the value is no number that can be kept")
		case kind == Actual && p.First() > o.Today:
			return fault.Fieldf("period", "%s has not begun yet", string(p))
		case kind == Plan && p.Year() > o.Today.Time().Year()+farthestPlan:
			return fault.Fieldf("period", "%s is too far ahead for a plan", string(p))
		}
		cell := Cell{Indicator: i, Of: of, Kind: kind, Point: Point{Number: p.Number(), Value: *v}, Line: row.Line}
		if kind == Actual && one.OfPeople() {
			f.People = append(f.People, cell)
		} else {
			f.Cells = append(f.Cells, cell)
		}
	}
	return nil
}

func (o book) addTarget(f *Feed, row Row, i, u int, p period.Period) error {
	one := o.Indicators[i]
	t := Target{Year: p.Year(), Baseline: row.Baseline}
	switch {
	case row.Target == nil && row.Baseline == nil:
		return nil
	case row.Target == nil:
		return fault.Fieldf("target", "a baseline needs its target")
	case p.Grain() != period.Yearly && p.Grain() != one.Grain:
		return fault.Fieldf("period", "a target is of a year, such as %s", string(period.Of(p.First(), period.Yearly)))
	}
	t.Value, t.High = *row.Target, *row.Target
	if row.High != nil {
		t.High = *row.High
	}
	if err := one.CheckTarget(t); err != nil {
		return err
	}
	f.Targets = append(f.Targets, TargetCell{Indicator: i, Unit: u, Target: t, Line: row.Line})
	return nil
}

// CheckTarget reports a target from which nothing could be told.
func (i Indicator) CheckTarget(t Target) error {
	switch {
	case !finite(t.Value) || !finite(t.High) || t.Baseline != nil && !finite(*t.Baseline):
		return fault.Fieldf("target", "the target is no number that can be kept")
	case i.Direction == Within && t.High <= t.Value:
		return fault.Fieldf("target", "a range needs an upper end above its lower end")
	case i.Direction != Within && t.Baseline != nil && *t.Baseline == t.Value:
		return fault.Fieldf("target", "the target equals its baseline: there would be nothing to reach")
	}
	return nil
}

// Out is the cell by which what stands for a period is taken out, of the unit or the person at an index;
// an indicator that is not there or a period that is none of it is not found.
func (b Book) Out(indicator string, of int, kind Kind, p period.Period) (Cell, error) {
	for n, i := range b.Indicators {
		if i.ID == indicator && p.Grain() == i.Grain {
			return Cell{Indicator: n, Of: of, Kind: kind, Point: Point{Number: p.Number()}, Gone: true}, nil
		}
	}
	return Cell{}, fault.NotFoundf("there is no such indicator")
}

// order sorts a feed and reports what it says twice.
func (f *Feed) order(b Book) (mistakes []error) {
	f.Order()
	mistakes = twice(b, f.Cells, func(c Cell) string { return b.Units.Units[c.Of].Name })
	mistakes = append(mistakes, twice(b, f.People, func(c Cell) string { return b.People[c.Of].Name })...)
	slices.SortFunc(f.Targets, func(a, c TargetCell) int {
		return cmp.Or(cmp.Compare(a.Indicator, c.Indicator), cmp.Compare(a.Unit, c.Unit), cmp.Compare(a.Year, c.Year), cmp.Compare(a.Line, c.Line))
	})
	for n := 1; n < len(f.Targets) && len(mistakes) < mostMistakes; n++ {
		was, is := f.Targets[n-1], f.Targets[n]
		if was.Indicator == is.Indicator && was.Unit == is.Unit && was.Year == is.Year {
			mistakes = append(mistakes, fault.Invalidf("line %[1]d: the target of %[2]s for %[3]s in %[4]s stands in line %[5]d already", is.Line, b.Indicators[is.Indicator].Name, b.Units.Units[is.Unit].Name, string(period.At(period.Yearly, is.Year)), was.Line))
		}
	}
	return mistakes
}

// Order sorts the cells of a feed.
func (f *Feed) Order() {
	for _, cells := range [][]Cell{f.Cells, f.People} {
		slices.SortFunc(cells, func(a, c Cell) int {
			return cmp.Or(cmp.Compare(a.Indicator, c.Indicator), cmp.Compare(a.Of, c.Of), cmp.Compare(a.Kind, c.Kind), cmp.Compare(a.Number, c.Number), cmp.Compare(a.Line, c.Line))
		})
	}
}

// twice reports the cells, in order, that say what another has said.
func twice(b Book, cells []Cell, name func(Cell) string) (mistakes []error) {
	for n := 1; n < len(cells) && len(mistakes) < mostMistakes; n++ {
		was, is := cells[n-1], cells[n]
		if was.Indicator == is.Indicator && was.Of == is.Of && was.Kind == is.Kind && was.Number == is.Number {
			one := b.Indicators[is.Indicator]
			mistakes = append(mistakes, fault.Invalidf("line %[1]d: %[2]s of %[3]s for %[4]s stands in line %[5]d already", is.Line, one.Name, name(is), string(period.At(one.Grain, is.Number)), was.Line))
		}
	}
	return mistakes
}
