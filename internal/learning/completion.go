package learning

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// CompletionMap says which column of the files of a learning system is what. A file that does not have
// the column of the person speaks of everybody of its resource and run.
type CompletionMap struct {
	Person     org.Field `yaml:"person"`               // personnel number or mail address
	Resource   org.Field `yaml:"resource"`             // its short name or its name
	Run        org.Field `yaml:"run,omitempty"`        // which time it was given
	Registered org.Field `yaml:"registered,omitempty"` // day
	Done       org.Field `yaml:"done,omitempty"`       // day on which it was over
	Result     org.Field `yaml:"result,omitempty"`
	Hours      org.Field `yaml:"hours,omitempty"`

	Dates      period.Format `yaml:"dates,omitempty"`       // how days are written, beside 2026-01-31
	DayZero    org.Field     `yaml:"day_zero,omitempty"`    // the day from which registered and done count days
	HoursTimes float64       `yaml:"hours_times,omitempty"` // by what the hours are multiplied; 1 where it is left out

	Completed     []string `yaml:"completed"`                // results of who completed it
	NotCompleted  []string `yaml:"not_completed,omitempty"`  // and of who did not; no result is still open
	UnknownPeople string   `yaml:"unknown_people,omitempty"` // "stop" (also "") or "skip" rows of who is not in the roster

	Modality effort.Modality `yaml:"modality,omitempty"` // of resources that are not there and are made; "" stops at one
}

// Check reports a map that says too little.
func (m CompletionMap) Check() error {
	switch {
	case m.Person.IsZero():
		return fault.Invalidf("the map does not say which column is the person")
	case m.Resource.IsZero():
		return fault.Invalidf("the map does not say which column is the resource")
	case len(m.Completed) == 0:
		return fault.Invalidf("the map does not say which results are completions: name them under completed")
	case m.Dates != "" && !m.Dates.Known():
		return fault.Invalidf("dates: %q is not a way to write days: use one of yyyy-mm-dd, dd-mm-yyyy, dd/mm/yyyy, dd.mm.yyyy, mm/dd/yyyy, yyyymmdd", string(m.Dates))
	case m.HoursTimes < 0 || math.IsInf(m.HoursTimes, 0) || math.IsNaN(m.HoursTimes):
		return fault.Invalidf("hours_times is a number above 0")
	case !slices.Contains([]string{"", "stop", "skip"}, m.UnknownPeople):
		return fault.Invalidf("unknown_people: %q is not known: use stop or skip", m.UnknownPeople)
	case m.Modality != "" && m.Modality.Trait().Modality != m.Modality:
		return fault.Invalidf("there is no modality %q", string(m.Modality))
	}
	return nil
}

// Completion is what a learning system says of one person and one run of a resource.
type Completion struct {
	Person     string // id
	Unit       string // id of that in which they worked then
	Name       string // of the resource, as the file calls it
	Run        string
	Registered period.Day // "" where it is not said
	Done       period.Day // "" while it is open
	State      State
	Minutes    int
	Result     string
}

// Reference is what it is known by when it comes again, of a resource's id, however a file calls that.
func (c Completion) Reference(resource string) string {
	return fmt.Sprintf("%q %q %q", resource, c.Run, c.Person)
}

// completionSeen is a completion being read.
type completionSeen struct {
	at                                    string // file and line, for mistakes
	person, resource, run                 string
	registered, done, result, hours, zero string
}

// GatherCompletions reads the files of a learning system: what several files say of one person, resource and
// run comes together. skipped counts rows of people who are not in the roster, where the map says to skip
// them. Mistakes name file and line and are joined: a column that no file has, a person who is not there,
// the same said twice in one file, a result that is in no list, days and hours that are none, a completion
// without a day.
func GatherCompletions(m CompletionMap, people []org.Career, sources []org.Source) (all []Completion, skipped int, err error) {
	g := completions{m: m, people: people, finder: org.NewFinder(&org.Structure{}, people), at: map[string]int{}}
	if err := m.Check(); err != nil {
		return nil, 0, err
	}
	if err := g.read(sources); err != nil {
		return nil, 0, err
	}
	for n := range g.seen {
		if len(g.mistakes) >= mostMistakes {
			break
		}
		c, known, err := g.completion(&g.seen[n])
		switch {
		case err != nil:
			g.mistakes = append(g.mistakes, fault.Invalidf("%[1]s: %[2]s", g.seen[n].at, err))
		case !known:
			skipped++
		default:
			all = append(all, c)
		}
	}
	switch {
	case len(g.mistakes) > 0:
		return nil, 0, errors.Join(g.mistakes[:min(len(g.mistakes), mostMistakes)]...)
	case len(g.seen) == 0:
		return nil, 0, fault.Invalidf("there is no row of a person in these files")
	}
	return all, skipped, nil
}

type completions struct {
	m        CompletionMap
	people   []org.Career
	finder   org.Finder
	seen     []completionSeen
	at       map[string]int // index in seen, by person, resource and run
	mistakes []error
}

// fields are those of the map, with where a row's value goes.
func (g *completions) fields() []struct {
	field org.Field
	into  func(*completionSeen) *string
} {
	return []struct {
		field org.Field
		into  func(*completionSeen) *string
	}{
		{g.m.Person, func(c *completionSeen) *string { return &c.person }},
		{g.m.Resource, func(c *completionSeen) *string { return &c.resource }},
		{g.m.Run, func(c *completionSeen) *string { return &c.run }},
		{g.m.Registered, func(c *completionSeen) *string { return &c.registered }},
		{g.m.Done, func(c *completionSeen) *string { return &c.done }},
		{g.m.Result, func(c *completionSeen) *string { return &c.result }},
		{g.m.Hours, func(c *completionSeen) *string { return &c.hours }},
		{g.m.DayZero, func(c *completionSeen) *string { return &c.zero }},
	}
}

// read reads the files, those that name people first.
func (g *completions) read(sources []org.Source) error {
	all := slices.Clone(sources)
	named := func(s org.Source) bool { _, there := g.m.Person.In(s.Header); return there }
	slices.SortStableFunc(all, func(a, b org.Source) int { return cmp.Compare(b2i(named(b)), b2i(named(a))) })
	used := make([]bool, len(g.fields()))
	for _, s := range all {
		if _, there := g.m.Resource.In(s.Header); !there {
			return fault.Invalidf("%[1]s has no column %[2]q, which the map names as the resource", s.Name, g.m.Resource.Column)
		}
		if err := g.readOne(s, named(s), used); err != nil {
			return err
		}
	}
	for n, f := range g.fields() {
		if !used[n] && !f.field.IsZero() {
			return fault.Invalidf("no file has the column %q, which the map names", f.field.Column)
		}
	}
	return nil
}

// readOne reads one file; used learns which fields it has.
func (g *completions) readOne(s org.Source, named bool, used []bool) error {
	type reading struct {
		read func([]string) string
		into func(*completionSeen) *string
	}
	var fields []reading
	for n, f := range g.fields() {
		if read, there := f.field.In(s.Header); there && !f.field.IsZero() {
			used[n] = true
			fields = append(fields, reading{read, f.into})
		}
	}
	inFile := map[string]int{}
	ofAll := map[string]completionSeen{}
	for row, err := range s.Rows {
		if err != nil {
			return err
		}
		one := completionSeen{at: s.Name + ":" + strconv.Itoa(row.Line)}
		for _, f := range fields {
			*f.into(&one) = f.read(row.Cells)
		}
		if !named {
			ofAll[one.resource+"\x00"+one.run] = one
			continue
		}
		if one.resource = line(one.resource); one.person == "" || one.resource == "" {
			g.mistakes = append(g.mistakes, fault.Invalidf("%s: the person or the resource is empty", one.at))
			continue
		}
		if n, err := g.finder.Person(one.person); err == nil {
			one.person = g.people[n].Key // one person, however a file calls them
		}
		key := one.resource + "\x00" + one.run + "\x00" + one.person
		if line, twice := inFile[key]; twice {
			g.mistakes = append(g.mistakes, fault.Invalidf("%[1]s: the same person, resource and run stand in line %[2]d already", one.at, line))
			continue
		}
		inFile[key] = row.Line
		g.merge(key, one)
	}
	for n := range g.seen {
		if of, there := ofAll[g.seen[n].resource+"\x00"+g.seen[n].run]; there {
			fill(&g.seen[n], of)
		}
	}
	return nil
}

func (g *completions) merge(key string, one completionSeen) {
	n, there := g.at[key]
	if !there {
		g.at[key] = len(g.seen)
		g.seen = append(g.seen, one)
		return
	}
	fill(&g.seen[n], one)
}

// fill adds what is not said yet.
func fill(to *completionSeen, from completionSeen) {
	for _, both := range [][2]*string{{&to.registered, &from.registered}, {&to.done, &from.done}, {&to.result, &from.result}, {&to.hours, &from.hours}, {&to.zero, &from.zero}} {
		if *both[0] == "" {
			*both[0] = *both[1]
		}
	}
}

func (g *completions) completion(s *completionSeen) (c Completion, known bool, err error) {
	n, err := g.finder.Person(s.person)
	if err != nil && g.m.UnknownPeople == "skip" {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	c = Completion{Person: g.people[n].ID, Name: s.resource, Run: s.run, Result: s.result, State: Placed}
	switch {
	case slices.Contains(g.m.Completed, s.result):
		c.State = Completed
	case slices.Contains(g.m.NotCompleted, s.result):
		c.State = NotDone
	case s.result != "":
		return c, true, fault.Invalidf("the result %q is neither among those of the map that complete nor among those that do not", s.result)
	}
	if c.Registered, err = g.day(s.registered, s.zero); err != nil {
		return c, true, err
	}
	if c.State != Placed {
		if c.Done, err = g.day(s.done, s.zero); err == nil && c.Done == "" && c.State == Completed {
			err = fault.Invalidf("it is completed, and no day says when")
		}
		c.Done = cmp.Or(c.Done, c.Registered)
	}
	if err != nil {
		return c, true, err
	}
	c.Unit = g.people[n].UnitOn(cmp.Or(c.Done, c.Registered))
	if s.hours != "" {
		hours, err := strconv.ParseFloat(strings.Replace(s.hours, ",", ".", 1), 64)
		if hours *= cmp.Or(g.m.HoursTimes, 1); err != nil || !(hours >= 0) || hours > longest/60 {
			return c, true, fault.Invalidf("%q is no number of hours: write it as 4 or 1.5", s.hours)
		}
		c.Minutes = int(math.Round(hours * 60))
	}
	return c, true, nil
}

// day reads a day, or a number of days from another.
func (g *completions) day(text, zero string) (period.Day, error) {
	if text == "" || g.m.DayZero.IsZero() {
		var formats []period.Format
		if g.m.Dates != "" {
			formats = append(formats, g.m.Dates)
		}
		return period.ParseDay(text, formats...)
	}
	from, err := period.ParseDay(zero)
	if err == nil && from == "" {
		err = fault.Invalidf("no day says from when its days are counted")
	}
	if err != nil {
		return "", err
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(n) > 100_000 || n != math.Trunc(n) {
		return "", fault.Invalidf("%q is no number of days", text)
	}
	return from.Add(int(n)), nil
}
