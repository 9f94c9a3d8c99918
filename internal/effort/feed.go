package effort

import (
	"iter"
	"math"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// Served are the kinds of targets that a row of a file can name, each in a column of that name.
var Served = [...]string{ForGoal, ForInitiative, ForResource, ForFocal}

// Row is a line of a file of efforts: what one person, or people of a unit together, did on a day, and
// what was paid for it. Texts are as they stand there, "" for an empty cell.
type Row struct {
	Line                       int
	Day                        period.Day
	What, Kind, Modality, Side string
	Person, Unit               string // personnel number or mail address; key or name
	Hours                      *float64
	Internal, Supplied         *float64 // costs, in the currency
	Tuition                    *float64
	Currency                   string // "" for the organisation's own
	External                   string // yes or no
	Managed, Supplier          string
	Serves                     [len(Served)]string // names of what it serves
	Reference                  string              // by which the file knows the row
}

// Names finds what a file calls by name.
type Names map[string]string // id, "" for a name of several

// Add makes a name known.
func (n Names) Add(name, id string) {
	if was, twice := n[name]; twice && was != id {
		id = ""
	}
	n[name] = id
}

// Book is what a file may speak of.
type Book struct {
	Units  *org.Structure // also those that have left
	People []org.Career   // all that the roster has ever had
	Today  period.Day
	Rates  Rates
	Names  map[string]Names // by kind of target
	Came   Feed             // this very file, where it came in before
}

const mostMistakes = 100 // that are told

// Feed is what came in together.
type Feed struct {
	Number   int
	Source   string // name of the file
	Digest   string // SHA-256 of its content, in hexadecimal
	State    FeedState
	Entries  int
	Replaced int // entries of earlier files, whose place it took
	By       string
	At       time.Time
}

// FeedState says how far a feed is.
type FeedState string

const (
	Coming FeedState = "coming" // nobody reads it yet
	There  FeedState = "there"
	Going  FeedState = "going" // being taken back, a month after the other
	Gone   FeedState = "gone"
)

// gathering is a file being read.
type gathering struct {
	Book
	org.Finder
	references map[string]int // and on which line
}

// Gather reads a file into entries, one a row, of the source OfFile with the row's reference, in the order
// of the file. In place of an entry it yields a mistake, at most 100, with its line: whatever an entry may
// not be, a person, a unit or a target that is not there, a currency without a rate in the month, a
// reference that stands twice, and a file that came in before, if it has a row without a reference. The
// caller keeps nothing of a file with a mistake.
func Gather(b Book, rows iter.Seq2[Row, error]) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		g := gathering{b, org.NewFinder(b.Units, b.People), map[string]int{}}
		mistakes, lines := 0, 0
		for row, err := range rows {
			var e Entry
			if lines++; err == nil {
				e, err = g.entry(row)
				err = at(row.Line, err)
			}
			if err != nil {
				mistakes++
			}
			if !yield(e, err) || mistakes == mostMistakes {
				return
			}
		}
		if lines == 0 {
			yield(Entry{}, fault.Invalidf("there is no row with hours or a cost"))
		}
	}
}

// at says on which line of a file a mistake is.
func at(line int, mistake error) error {
	if fault.Of(mistake) == nil {
		return mistake
	}
	return fault.Invalidf("line %d: %s", line, mistake)
}

func (g gathering) entry(row Row) (Entry, error) {
	if row.Day == "" {
		return Entry{}, fault.Fieldf("day", "choose the day on which it was done")
	}
	word := func(text, usual string) string {
		if text = strings.ToLower(strings.TrimSpace(text)); text == "" {
			return usual
		}
		return text
	}
	e := Entry{Day: row.Day, What: row.What, Kind: Kind(word(row.Kind, string(Learning))), Modality: Modality(word(row.Modality, "")), Source: Source{OfFile, strings.TrimSpace(row.Reference)},
		Managed: Managed(word(row.Managed, "")), Supplier: row.Supplier}
	for _, step := range []func() error{
		func() error { return g.refer(row, e.Source.ID) },
		func() (err error) { e.External, err = yes(word(row.External, "no")); return err },
		func() error { return g.spend(&e, row, Side(word(row.Side, string(Participant)))) },
		func() error { return g.pay(&e, row) },
		func() error { return g.serve(&e, row) },
		func() error { return e.CheckEntered(g.Today, g.Rates) },
	} {
		if err := step(); err != nil {
			return Entry{}, err
		}
	}
	return e, nil
}

// refer reports a reference that stands twice, and a row that would count a second time.
func (g gathering) refer(row Row, reference string) error {
	first, twice := g.references[reference]
	switch {
	case reference == "" && g.Came.Number > 0:
		return fault.Conflictf("this file came in on %[1]s already, as file %[2]d: take that back first, or give every row a reference", string(period.DayOf(g.Came.At)), g.Came.Number)
	case reference == "":
		return nil
	case len(reference) > 200:
		return fault.Fieldf("reference", "a reference has at most 200 bytes")
	case twice:
		return fault.Fieldf("reference", "the reference %[1]s stands in line %[2]d already", reference, first)
	}
	g.references[reference] = row.Line
	return nil
}

func yes(word string) (bool, error) {
	switch word {
	case "yes", "ja", "y", "j", "true", "1":
		return true, nil
	case "no", "nee", "n", "false", "0":
		return false, nil
	}
	return false, fault.Fieldf("external", "say yes or no in the column external, not %q", word)
}

// spend adds a row's hours: of the person, where that one worked on the day, or of the unit. Without
// hours these say for which unit its costs are.
func (g gathering) spend(e *Entry, row Row, side Side) error {
	h := Hours{Side: side}
	switch person, unit := strings.TrimSpace(row.Person), strings.TrimSpace(row.Unit); {
	case person != "" && unit != "":
		return fault.Fieldf("person", "hours are of a person or of a unit: leave one of the two out")
	case person != "":
		n, err := g.Person(person)
		if err != nil {
			return err
		}
		h.Person, h.Unit = g.People[n].ID, g.People[n].UnitOn(row.Day)
	case unit != "":
		n, err := g.Unit(unit)
		if err != nil {
			return err
		}
		h.Unit = g.Units.Units[n].ID
	}
	if row.Hours == nil || *row.Hours == 0 {
		e.Unit = h.Unit
		return nil
	}
	minutes := math.Round(*row.Hours * 60)
	if !(minutes >= 1) || minutes > mostMinutes {
		return fault.Fieldf("hours", "hours lie above none and within a year")
	}
	h.Minutes = int(minutes)
	e.Hours = []Hours{h}
	return nil
}

// pay adds a row's costs.
func (g gathering) pay(e *Entry, row Row) error {
	code := strings.ToUpper(strings.TrimSpace(row.Currency))
	if code == "" {
		code = g.Rates.Own
	}
	for n, amount := range [...]*float64{row.Internal, row.Supplied, row.Tuition} {
		if amount == nil || *amount == 0 {
			continue
		}
		whole := *amount * math.Pow10(Digits(code))
		c := Cost{Kind: CostKinds[n], Currency: code}
		switch {
		case !(math.Abs(whole) <= mostAmount) || whole < 0:
			c.Amount = -1 // which the check of costs reports
		case math.Abs(whole-math.Round(whole)) > 1e-3:
			return fault.Fieldf("cost", "%[1]s has %[2]d digits behind the point, and a cost here has more", code, Digits(code))
		default:
			c.Amount = int64(math.Round(whole))
		}
		if err := c.Check(); err != nil {
			return err
		}
		e.Costs = append(e.Costs, c)
	}
	return nil
}

// serve adds what a row serves.
func (g gathering) serve(e *Entry, row Row) error {
	for n, kind := range Served {
		name := strings.TrimSpace(row.Serves[n])
		if name == "" {
			continue
		}
		id, there := g.Names[kind][name]
		switch {
		case !there:
			return fault.Invalidf("there is nothing called %[1]q that could stand in the column %[2]s", name, kind)
		case id == "":
			return fault.Invalidf("several are called %[1]s in the column %[2]s: write the last part of the address of the page of the one that is meant", name, kind)
		}
		e.Serves = append(e.Serves, Target{kind, id})
	}
	return nil
}
