// Package strategy is what an organisation wants and whether it gets there: indicators, what was
// observed of them, plans and targets, and the scorecards made of these. It computes only and
// knows nothing of what was done to move an indicator.
package strategy

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
	"throughline/internal/org"
)

// Perspective is one of the four from which a scorecard looks (R. S. Kaplan, D. P. Norton, 1992).
type Perspective string

const (
	Financial Perspective = "financial"
	Customer  Perspective = "customer"
	Process   Perspective = "process"
	Growth    Perspective = "growth" // learning and growth
)

// Perspectives lists them in the order of a scorecard.
var Perspectives = []Perspective{Financial, Customer, Process, Growth}

// Direction is which way is better.
type Direction string

const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
	Within Direction = "within" // a range: in it or out of it
)

// Directions lists them.
var Directions = []Direction{Higher, Lower, Within}

// OverUnits is how the values of units become that of the unit above them.
type OverUnits string

const (
	SumOfUnits  OverUnits = "sum"
	MeanOfUnits OverUnits = "mean" // weighted by another indicator, or every unit alike
	NotOfUnits  OverUnits = "none" // each unit has its own
)

// OverTime is how the values of periods become that of a year.
type OverTime string

const (
	SumOfPeriods  OverTime = "sum"
	MeanOfPeriods OverTime = "mean"
	LastPeriod    OverTime = "last"
)

// AllOverUnits and AllOverTime list them.
var (
	AllOverUnits = []OverUnits{SumOfUnits, MeanOfUnits, NotOfUnits}
	AllOverTime  = []OverTime{SumOfPeriods, MeanOfPeriods, LastPeriod}
)

// Indicator is something that is measured again and again, of units.
type Indicator struct {
	ID          string
	Key         string // what files call it
	Name        string
	Definition  string // what it says, and what not
	Formula     string
	Measure     string // unit of measure: "EUR", "%", "hours"
	Decimals    int    // with which it is shown
	Direction   Direction
	OverUnits   OverUnits
	Alone       bool   // a value of a unit is of that unit alone, and what is below is added; else it is of all of it
	Weight      string // id of the indicator by which a mean over units is weighted, "" for every unit alike
	OverTime    OverTime
	Grain       period.Grain // how often it is measured
	Minimum     int          // 0: values are of units; else they are of people, and what a unit comes to is of at least so many
	Perspective Perspective
	Learning    bool // it is about the learning function
	Source      string
	Origin      string     // where its values come from by themselves: see ScoreOf; "" where they are handed in
	Owner       org.Ref    // who answers for it; zero for nobody
	Ended       period.Day // since when it is not measured any more, "" while it is
}

// OfPeople says whether values are of people, and those of units are made of them.
func (i Indicator) OfPeople() bool { return i.Minimum > 0 }

// Adds says whether a unit without a value of its own comes to what those under it do. What people's
// values come to is told of each unit by itself, or not at all.
func (i Indicator) Adds(kind Kind) bool {
	return i.OverUnits != NotOfUnits && !(kind == Actual && i.OfPeople())
}

const (
	leastMinimum = 3
	mostMinimum  = 100
	mostDecimals = 6
	mostName     = 100
	mostWords    = 1000
)

// Check brings an indicator into order and reports what it lacks.
func (i *Indicator) Check() error {
	i.Key, i.Name = CleanKey(i.Key), strings.Join(strings.Fields(i.Name), " ")
	i.Measure = strings.Join(strings.Fields(i.Measure), " ")
	if !text.Visible(i.Name) || len(i.Name) > mostName {
		return fault.Fieldf("name", "give the indicator a name of at most %d bytes", mostName)
	}
	if i.Key == "" {
		i.Key = CleanKey(i.Name)
	}
	if i.Key == "" || len(i.Key) > mostName {
		return fault.Fieldf("key", "the short name has letters or digits, and at most %d bytes", mostName)
	}
	if len(i.Measure) > 40 {
		return fault.Fieldf("measure", "a unit of measure has at most %d bytes", 40)
	}
	for field, words := range map[string]*string{"definition": &i.Definition, "formula": &i.Formula, "source": &i.Source} {
		if *words = strings.TrimSpace(*words); len(*words) > mostWords {
			return fault.Fieldf(field, "write at most %d bytes", mostWords)
		}
	}
	return i.checkChoices()
}

// ScoreOf is the origin of an indicator whose values are the scores of a factor in diagnoses.
func ScoreOf(instrument, factor string) string { return ofScores + instrument + "/" + factor }

const ofScores = "diagnosis/"

// OfScores says whether its values are scores of diagnoses.
func (i Indicator) OfScores() bool { return strings.HasPrefix(i.Origin, ofScores) }

func (i *Indicator) checkChoices() error {
	switch {
	case i.OfScores(): // a diagnosis publishes each unit's score by itself
		i.Direction, i.OverUnits, i.OverTime, i.Grain, i.Minimum = Higher, NotOfUnits, LastPeriod, period.Monthly, 0
	case i.Origin != "": // each unit's is known by itself
		i.OverUnits, i.Grain, i.Minimum = NotOfUnits, period.Monthly, 0
	}
	if i.OfPeople() {
		i.Weight, i.Alone = "", false
	}
	switch {
	case i.Decimals < 0 || i.Decimals > mostDecimals:
		return fault.Fieldf("decimals", "a figure is shown with 0 to %d decimals", mostDecimals)
	case !slices.Contains(Directions, i.Direction):
		return fault.Fieldf("direction", "choose which way is better")
	case !slices.Contains(AllOverUnits, i.OverUnits):
		return fault.Fieldf("over-units", "choose how units come together")
	case !slices.Contains(AllOverTime, i.OverTime):
		return fault.Fieldf("over-time", "choose how periods come together")
	case i.Grain.PerYear() == 0:
		return fault.Fieldf("grain", "choose how often it is measured")
	case i.Minimum != 0 && (i.Minimum < leastMinimum || i.Minimum > mostMinimum):
		return fault.Fieldf("minimum", "the smallest group shown has between %d and %d people, not %d", leastMinimum, mostMinimum, i.Minimum)
	case !slices.Contains(Perspectives, i.Perspective):
		return fault.Fieldf("perspective", "choose the perspective from which it looks")
	case i.OverUnits == NotOfUnits:
		i.Weight, i.Alone = "", false
	case i.OverUnits != MeanOfUnits:
		i.Weight = ""
	case i.Weight != "" && i.Weight == i.ID:
		return fault.Fieldf("weight", "an indicator cannot weight itself")
	}
	return nil
}

// CheckWeights reports an indicator that is weighted by one that is not there, by one of another
// grain, or by one that is itself a mean.
func CheckWeights(all []Indicator) error {
	for _, i := range all {
		if i.Weight == "" {
			continue
		}
		n := slices.IndexFunc(all, func(w Indicator) bool { return w.ID == i.Weight })
		switch {
		case n < 0:
			return fault.Fieldf("weight", "the indicator that shall weight %s is not there", i.Name)
		case all[n].Grain != i.Grain:
			return fault.Fieldf("weight", "%s is measured as often as the indicator that weights it, %s", i.Name, all[n].Name)
		case all[n].OfPeople():
			return fault.Fieldf("weight", "%s, which weights %s, has values of people: what they come to is not known of every unit", all[n].Name, i.Name)
		case all[n].OverUnits != SumOfUnits:
			return fault.Fieldf("weight", "%s, which weights %s, must be a sum over units", all[n].Name, i.Name)
		}
	}
	return nil
}

// CleanKey is the one form in which short names are kept and compared: small letters and digits,
// anything else between them a hyphen.
func CleanKey(key string) string {
	words := strings.FieldsFunc(strings.ToLower(key), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// finite says whether v is a number that can be kept.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
