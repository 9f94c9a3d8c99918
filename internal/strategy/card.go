package strategy

import (
	"cmp"
	"slices"
	"time"

	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Line is an indicator on a unit's scorecard.
type Line struct {
	Indicator Indicator
	Reading
	Actual, Planned Total
	Withheld        int // number of the newest period of which it is withheld, 0 for none
}

// Note says what happened on a day that a reader of figures should know.
type Note struct {
	ID        string
	Indicator string  // id, "" for every indicator of the unit
	Unit      org.Ref // where it was written
	Day       period.Day
	What      string
	By        string
	At        time.Time
}

// Figures is what is known of a unit in one indicator.
type Figures struct {
	Actual, Plan Total
	Targets      []Target
	Withheld     int    // number of the newest period of which something is withheld, 0 for none
	Positive     bool   // no value can lie below 0, nor can a forecast, nor a year's sum below what has come
	In           string // in what a source tells values of money; "" for what the indicator says
}

// FiguresOfPerson are somebody's own, from what came in.
func FiguresOfPerson(own Series) Figures {
	return Figures{Actual: TotalOf(SumOfUnits, false, own, nil)}
}

// Withhold says that what people come to was told of a period, by its number, and of this unit nothing;
// 0 for a period that there was not.
func (f *Figures) Withhold(published int) {
	if _, told := f.Actual.At(published); !told {
		f.Withheld = published
	}
}

// target is the one of a year.
func (f Figures) target(year int) *Target {
	for _, t := range f.Targets {
		if t.Year == year {
			return &t
		}
	}
	return nil
}

// Line reads a year; false where nothing is known of it or the year before.
func (f Figures) Line(i Indicator, year int) (Line, bool) {
	if f.In != "" && f.In != i.Measure { // what is planned in another currency is not comparable
		i.Measure, f.Plan, f.Targets = f.In, nil, nil
	}
	r := Read(i, year, f.Actual, f.Plan, f.target(year))
	if f.Positive {
		r.floor(i)
	}
	withheld := f.Withheld
	if of := i.Grain.PerYear(); withheld < (year-1)*of || withheld >= (year+1)*of {
		withheld = 0
	}
	known := r.ToDate != nil || r.LastYear != nil || r.Plan != nil || r.PlanToDate != nil || r.Target != nil || withheld > 0
	return Line{Indicator: i, Reading: r, Actual: f.Actual, Planned: f.Plan, Withheld: withheld}, known
}

// Lines are those of a scorecard: of every indicator of which something is known in the year or the
// one before, by perspective and name.
func Lines(all []Indicator, figures map[string]Figures, year int) []Line {
	var lines []Line
	for _, i := range all {
		if i.Ended != "" && i.Ended.Time().Year() < year {
			continue
		}
		if line, known := figures[i.ID].Line(i, year); known {
			lines = append(lines, line)
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(slices.Index(Perspectives, a.Indicator.Perspective), slices.Index(Perspectives, b.Indicator.Perspective)), cmp.Compare(a.Indicator.Name, b.Indicator.Name))
	})
	return lines
}

// NewestYear is the last year in which anything was observed; instead where nothing was.
func NewestYear(all []Indicator, figures map[string]Figures, instead int) int {
	newest := 0
	for _, i := range all {
		if t := figures[i.ID].Actual; len(t) > 0 {
			newest = max(newest, t[len(t)-1].Number/i.Grain.PerYear())
		}
	}
	return cmp.Or(newest, instead)
}
