package effort

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

// StartRow is a line of a file of starts: in which unit, or for whom, an initiative begins, and when.
type StartRow struct {
	Line         int
	Unit, Person string     // key or name; personnel number or mail address; one of the two
	Day          period.Day // "" strikes out what stands there
}

// GatherStarts reads a file of starts; those without a day are to be struck out. Mistakes, which rows may
// yield too, name their line and are joined, at most 100: a unit or person that is not there, both or
// neither, one that stands twice, no row.
func GatherStarts(units *org.Structure, people []org.Career, rows iter.Seq2[StartRow, error]) (all []Start, err error) {
	finder := org.NewFinder(units, people)
	lines, mistakes := map[Start]int{}, []error(nil)
	for row, err := range rows {
		var s Start
		if err == nil {
			s, err = row.start(finder, units, people)
			err = at(row.Line, err)
		}
		if first, twice := lines[s.subject()]; err == nil && twice {
			err = fault.Invalidf("line %[1]d: %[2]s stands on line %[3]d already", row.Line, cmp.Or(s.Ref.Name, s.Ref.Key), first)
		}
		if err != nil {
			if mistakes = append(mistakes, err); len(mistakes) == mostMistakes {
				break
			}
			continue
		}
		lines[s.subject()] = row.Line
		all = append(all, s)
	}
	if len(all)+len(mistakes) == 0 {
		return nil, fault.Invalidf("there is no row with a start")
	}
	return all, errors.Join(mistakes...)
}

// MergeStarts puts starts in place of those of the same units and people, and strikes out those that
// have no day.
func MergeStarts(had, came []Start) []Start {
	news := map[Start]bool{}
	for _, s := range came {
		news[s.subject()] = true
	}
	all := slices.DeleteFunc(slices.Clone(had), func(s Start) bool { return news[s.subject()] })
	return append(all, slices.DeleteFunc(slices.Clone(came), func(s Start) bool { return s.Day == "" })...)
}

// subject is for what something begins, whenever that is.
func (s Start) subject() Start { return Start{Of: s.Of, Ref: org.Ref{ID: s.Ref.ID}} }

func (row StartRow) start(finder org.Finder, units *org.Structure, people []org.Career) (Start, error) {
	unit, person := strings.TrimSpace(row.Unit), strings.TrimSpace(row.Person)
	switch {
	case unit == "" && person == "":
		return Start{}, fault.Invalidf("the row names neither a unit nor a person")
	case unit != "" && person != "":
		return Start{}, fault.Invalidf("the row names a unit and a person: say of each in a row of its own when it begins")
	case unit != "":
		n, err := finder.Unit(unit)
		if err != nil {
			return Start{}, err
		}
		return Start{Of: OfUnit, Ref: units.Units[n].Ref(), Day: row.Day}, nil
	}
	n, err := finder.Person(person)
	if err != nil {
		return Start{}, err
	}
	return Start{Of: OfPerson, Ref: people[n].Ref, Day: row.Day}, nil
}

// Waves are the starts of people by day: how many begin on each. Who they are concerns them and who
// plans it.
func Waves(starts []Start) (all []Wave) {
	for _, s := range starts { // by day
		if s.Of != OfPerson {
			continue
		}
		if n := len(all); n == 0 || all[n-1].Day != s.Day {
			all = append(all, Wave{Day: s.Day})
		}
		all[len(all)-1].People++
	}
	return all
}

// Wave is how many people begin on a day.
type Wave struct {
	Day    period.Day
	People int
}

// InUnits are the starts of units.
func InUnits(starts []Start) (all []Start) {
	for _, s := range starts {
		if s.Of == OfUnit {
			all = append(all, s)
		}
	}
	return all
}
