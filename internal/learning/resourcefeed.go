package learning

import (
	"cmp"
	"errors"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// ResourceRow is a line of a file of resources. Texts are as they stand there.
type ResourceRow struct {
	Line                                          int
	Key, Name, Note, URI                          string
	Modality, Form, External                      string
	Provider, Owner, Language, Currency, Approval string
	Hours, Price, Capacity                        *float64
	Since                                         string
	Competencies, Roles, Goals, Needs             string // names or keys, with ; between; of a competency with its level: till@3
	Characteristics                               string // of the diagnosis, by their ids
}

// Book is what a file of resources may speak of.
type Book struct {
	Resources []Resource              // that there are
	Names     map[string]effort.Names // ids by name and key, by kind of aim
	Levels    map[string]int          // how many a competency's framework has, by its id
	Today     period.Day
	Currency  string                               // of the organisation, where a row says none
	Owner     func(called string) (org.Ref, error) // who has a personnel number or a mail address
}

// GatherResources reads a file of resources; one whose key is there already is brought up to date and
// keeps its id. Mistakes, which rows may yield too, name their line and are joined: whatever a resource may
// not be, something that it speaks of and that is not there, a key that stands twice, and resources that
// come before themselves.
func GatherResources(b Book, rows iter.Seq2[ResourceRow, error]) ([]Resource, error) {
	g := resourceGathering{Book: b, was: map[string]Resource{}, at: map[string]int{}}
	for _, r := range b.Resources {
		g.was[r.Key] = r
	}
	var mistakes []error
	for row, err := range rows {
		if err == nil {
			err = at(row.Line, g.add(row))
		}
		if err != nil {
			if mistakes = append(mistakes, err); len(mistakes) >= mostMistakes {
				break
			}
		}
	}
	if len(mistakes) == 0 {
		mistakes = g.order()
	}
	switch {
	case len(mistakes) > 0:
		return nil, errors.Join(mistakes[:min(len(mistakes), mostMistakes)]...)
	case len(g.all) == 0:
		return nil, fault.Invalidf("there is no resource in this file")
	}
	return g.all, nil
}

type resourceGathering struct {
	Book
	was   map[string]Resource // by key
	all   []Resource
	lines []int
	at    map[string]int // index in all, by key
}

func (g *resourceGathering) add(row ResourceRow) error {
	r := Resource{Key: row.Key, Name: row.Name, Note: row.Note, URI: row.URI, Modality: effort.Modality(word(row.Modality)), Form: effort.Form(word(row.Form)), Provider: row.Provider, Language: row.Language, Currency: strings.ToUpper(strings.TrimSpace(row.Currency)), Since: period.Day(strings.TrimSpace(row.Since))}
	if r.Currency == "" {
		r.Currency = g.Currency
	}
	var err error
	if r.External, err = yes("external", row.External); err != nil {
		return err
	}
	if r.Approved, err = yes("approval", row.Approval); err != nil {
		return err
	}
	if row.Hours != nil {
		r.Minutes = int(math.Round(*row.Hours * 60))
	}
	if row.Price != nil {
		r.Price = int64(math.Round(*row.Price * math.Pow10(effort.Digits(r.Currency))))
	}
	if row.Capacity != nil {
		r.Capacity = int(*row.Capacity)
	}
	if owner := strings.TrimSpace(row.Owner); owner != "" {
		if r.Owner, err = g.Owner(owner); err != nil {
			return err
		}
	}
	if r.Aims, err = g.aims(row); err != nil {
		return err
	}
	r.Needs = listed(row.Needs) // keys, until all are read
	if err := r.Check(); err != nil {
		return err
	}
	if n, twice := g.at[r.Key]; twice {
		return fault.Invalidf("%[1]s stands in line %[2]d already", r.Key, g.lines[n])
	}
	was, known := g.was[r.Key]
	r.ID, r.Ended = was.ID, was.Ended
	if r.Since == "" {
		r.Since = was.Since
	}
	if !known && r.Since == "" {
		r.Since = g.Today
	}
	for _, a := range was.Aims { // of which a file cannot speak
		if a.Kind == AimResult {
			r.Aims = append(r.Aims, a)
		}
	}
	g.at[r.Key] = len(g.all)
	g.all, g.lines = append(g.all, r), append(g.lines, row.Line)
	return nil
}

func word(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

func yes(column, text string) (bool, error) {
	switch word(text) {
	case "yes", "ja", "y", "j", "true", "1":
		return true, nil
	case "", "no", "nee", "n", "false", "0":
		return false, nil
	}
	return false, fault.Invalidf("say yes or no in the column %[1]s, not %[2]q", column, text)
}

func listed(text string) (all []string) {
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

func (g *resourceGathering) aims(row ResourceRow) (all []Aim, err error) {
	for _, of := range []struct{ kind, names string }{{effort.ForCompetency, row.Competencies}, {AimRole, row.Roles}, {effort.ForGoal, row.Goals}, {effort.ForCharacteristic, row.Characteristics}} {
		for _, name := range listed(of.names) {
			a := Aim{Kind: of.kind}
			if of.kind == effort.ForCompetency {
				if name, a.Level, err = leveled(name); err != nil {
					return nil, err
				}
			}
			id, there := g.Names[of.kind][name]
			switch {
			case !there:
				return nil, fault.Invalidf("there is no %[1]s called %[2]q", of.kind, name)
			case id == "":
				return nil, fault.Invalidf("several are called %[2]s among what can be a %[1]s: write the key of the one that is meant", of.kind, name)
			case a.Level > g.Levels[id] && of.kind == effort.ForCompetency:
				return nil, fault.Invalidf("%[1]s has levels up to %[2]d", name, g.Levels[id])
			}
			a.ID = id
			if !slices.ContainsFunc(all, func(b Aim) bool { return a.Kind == b.Kind && a.ID == b.ID }) {
				all = append(all, a)
			}
		}
	}
	return all, nil
}

// leveled takes "till@3" apart.
func leveled(text string) (name string, level int, err error) {
	n := strings.LastIndexByte(text, '@')
	if n < 0 {
		return text, 0, nil
	}
	level, err = strconv.Atoi(strings.TrimSpace(text[n+1:]))
	if err != nil || level < 1 {
		return "", 0, fault.Invalidf("%q names no level: write a competency and its level as till@3", text)
	}
	return strings.TrimSpace(text[:n]), level, nil
}

// order turns what comes before into ids where it is known already, and reports what is not there, and
// what comes before itself. Of a resource that is new the key stays, which the caller turns into its id.
func (g *resourceGathering) order() (mistakes []error) {
	byKey, named := map[string]Resource{}, map[string]string{}
	for _, r := range g.Resources {
		r.Needs = g.keys(r.Needs)
		byKey[r.Key], named[r.Name] = r, r.Key
	}
	for _, r := range g.all {
		byKey[r.Key], named[r.Name] = r, r.Key
	}
	for n, r := range g.all {
		for i, need := range r.Needs {
			if _, there := byKey[need]; !there {
				r.Needs[i] = cmp.Or(named[need], need)
			}
		}
		as := Resource{ID: r.Key, Name: r.Name, Needs: r.Needs}
		for _, need := range r.Needs {
			if _, there := byKey[need]; !there {
				mistakes = append(mistakes, at(g.lines[n], fault.Invalidf("there is no resource %q that could come before it", need)))
			}
		}
		if err := CheckNeeds(as, byKey); err != nil && len(mistakes) == 0 {
			mistakes = append(mistakes, at(g.lines[n], err))
		}
	}
	return mistakes
}

// keys are those of resources that there are, by their ids.
func (g *resourceGathering) keys(ids []string) (keys []string) {
	for _, r := range g.Resources {
		if slices.Contains(ids, r.ID) {
			keys = append(keys, r.Key)
		}
	}
	return keys
}
