package diagnosis

import (
	"errors"
	"iter"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// Imported is one response out of a file of answers to an open diagnosis: of an
// invited person, or of a combination where the file names nobody.
type Imported struct {
	Person      string // the roster's key; "" where the file names nobody
	Combination int32  // then: an index into Layout.Combinations
	Packed      []byte
	Comments    []Comment // their units do not matter
	Code        string    // that the person keeps, as written; "" for none
}

// Headings of a file of answers besides its items and attributes.
const (
	personHeading = "person"
	unitHeading   = "unit"
	codeHeading   = "code" // that the person keeps, so that answers of two diagnoses can be linked
)

// ReadAnswers reads a file of answers to a diagnosis. It says whose each response
// is: by a column 'person' with the roster's key; or, without one, by a column
// 'unit', a path of names or a name that only one unit has, and a column for each
// reported attribute. A column 'code' may hold the code that the person keeps. Mistakes are
// reported as ReadRows does.
func (l Layout) ReadAnswers(in *Instrument, header []string, rows iter.Seq2[Row, error]) ([]Imported, error) {
	has := func(heading string) bool {
		return slices.ContainsFunc(header, func(h string) bool { return fold(h) == heading })
	}
	asked := *in
	asked.Respondent = ""
	var by []string
	switch {
	case has(personHeading):
		asked.Respondent = personHeading
	case has(unitHeading):
		asked.Attributes = nil
		by = []string{unitHeading}
		for _, a := range l.Attributes {
			by = append(by, a.Name)
		}
	default:
		return nil, fault.Invalidf("the file has no column %q with the roster's key, and no column %q: one of them must say whose answers a row holds", personHeading, unitHeading)
	}
	coded := has(codeHeading) && !slices.ContainsFunc(in.Items(), func(it PlacedItem) bool { return fold(it.Column) == codeHeading })
	if coded {
		by = append(by, codeHeading)
	}
	r, err := ReadRows(&asked, header, rows, by...)
	if err != nil {
		return nil, err
	}
	all := make([]Imported, r.Answers.Len())
	places := newPlaces(l)
	var mistakes []error
	for i := range all {
		all[i].Packed = make([]byte, len(r.Answers.Columns))
		r.Answers.Row(i, all[i].Packed)
		values := make([]string, len(by))
		for a, column := range r.Attributes {
			values[a] = column.Values[column.Of[i]]
		}
		if coded {
			all[i].Code, values = values[len(values)-1], values[:len(values)-1]
		}
		var err error
		switch {
		case asked.Respondent == "":
			all[i].Combination, err = places.find(r.Lines[i], values[0], values[1:])
		case r.Respondents[i] == "":
			err = fault.Invalidf("line %d, column %q is empty: whose answers are these?", r.Lines[i], personHeading)
		default:
			all[i].Person = r.Respondents[i]
		}
		if err != nil {
			if mistakes = append(mistakes, err); len(mistakes) >= mostMistakes {
				break
			}
		}
	}
	if len(mistakes) == 0 && asked.Respondent == "" {
		mistakes = l.tooMany(all)
	}
	return all, errors.Join(mistakes...)
}

// tooMany reports the combinations of which more people answer than were invited.
func (l Layout) tooMany(all []Imported) (mistakes []error) {
	n := make([]int, len(l.Combinations))
	for _, a := range all {
		n[a.Combination]++
	}
	for c, k := range l.Combinations {
		if n[c] > k.Invited && len(mistakes) < mostMistakes {
			mistakes = append(mistakes, fault.Invalidf("%[1]d answers come from %[2]s (%[3]s), where the roster of the diagnosis has %[4]d people",
				n[c], l.Units[k.Unit].Name, strings.Join(l.words(k), ", "), k.Invited))
		}
	}
	return mistakes
}

// words are the attributes of a combination that are kept.
func (l Layout) words(k Combination) (words []string) {
	for a, v := range k.Values {
		if v != NotKept && l.Value(a, v) != "" {
			words = append(words, l.Value(a, v))
		}
	}
	return words
}

// places finds the combination that people of a unit with certain attributes were
// given when the diagnosis opened.
type places struct {
	l     Layout
	unit  map[string]int32 // by path, and by name where only one has it
	value []map[string]int16
}

const several = -2

func newPlaces(l Layout) places {
	p := places{l: l, unit: map[string]int32{}}
	path := make([]string, len(l.Units))
	for u, unit := range l.Units {
		path[u] = fold(unit.Name)
		if _, taken := p.unit[path[u]]; taken {
			p.unit[path[u]] = several
		} else {
			p.unit[path[u]] = int32(u)
		}
	}
	for u, unit := range l.Units {
		if unit.Parent >= 0 {
			path[u] = path[unit.Parent] + "/" + path[u]
			if other, taken := p.unit[path[u]]; taken && other != several && path[other] == path[u] {
				p.unit[path[u]] = several
			} else {
				p.unit[path[u]] = int32(u)
			}
		}
	}
	for _, a := range l.Attributes {
		index := map[string]int16{}
		for v, name := range a.Values {
			index[fold(name)] = int16(v)
		}
		p.value = append(p.value, index)
	}
	return p
}

func (p places) find(line int, unit string, values []string) (int32, error) {
	u, ok := p.unit[fold(strings.Trim(unit, "/ "))]
	switch {
	case ok && u == several:
		return 0, fault.Invalidf("line %d: several units are called %q; give its path, with / between the names", line, clip(unit))
	case !ok:
		return 0, fault.Invalidf("line %d: the roster of the diagnosis has no unit %q", line, clip(unit))
	}
	index := make([]int16, len(values))
	for a, text := range values {
		if index[a], ok = p.value[a][fold(text)]; !ok {
			return 0, fault.Invalidf("line %[1]d, column %[2]q: nobody on the roster of the diagnosis has %[3]q there", line, p.l.Attributes[a].Name, clip(text))
		}
	}
	if c, ok := p.l.Home(u, index); ok {
		return c, nil
	}
	return 0, fault.Invalidf("line %d: nobody on the roster of the diagnosis belongs to this unit and has these attributes", line)
}
