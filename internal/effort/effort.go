// Package effort is the ledger of what was done: when, of what kind, whose hours, at what cost,
// run by whom and serving what. It computes only; what an entry is written from (a session, an
// action) other areas know.
package effort

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Kind says what kind of solution an effort is: learning, or one of the others that improve
// performance.
type Kind string

const (
	Learning              Kind = "learning"
	OrganisationalChange  Kind = "organisational-development"
	ProcessAnalysis       Kind = "process-analysis"
	TalentManagement      Kind = "talent-management"
	JobTools              Kind = "job-tools" // and resources that a job needs
	Coaching              Kind = "coaching"  // of performance, and feedback
	KnowledgeManagement   Kind = "knowledge-management"
	PerformanceManagement Kind = "performance-management"
	Incentives            Kind = "incentives"
	Motivation            Kind = "motivation" // other than by incentives
)

// Kinds lists them, learning first.
var Kinds = []Kind{Learning, OrganisationalChange, ProcessAnalysis, TalentManagement, JobTools, Coaching, KnowledgeManagement, PerformanceManagement, Incentives, Motivation}

// Side says for which part somebody spent hours.
type Side string

const (
	Participant Side = "participant"
	Staff       Side = "staff" // prepared, led, administered
)

// Source is what an entry was written from.
type Source struct{ Kind, ID string }

// Kinds of sources.
const (
	OfSession  = "session"
	OfCoaching = "coaching"
	OfAction   = "action"
)

// Target is what an effort serves.
type Target struct{ Kind, ID string }

// Kinds of targets.
const (
	ForProgramme      = "programme"
	ForFocal          = "focal"
	ForCharacteristic = "characteristic"
	ForAction         = "action"
	ForInitiative     = "initiative"
	ForGoal           = "goal"
)

// Entry is one effort.
type Entry struct {
	ID       string
	Day      period.Day // on which it was done, or ended
	Kind     Kind
	What     string
	Source   Source
	External bool // run by somebody outside the organisation
	Hours    []Hours
	Costs    []Cost
	Serves   []Target
	By       string
	At       time.Time
}

// Hours are those that one person spent, or, with nobody named, people of a unit together.
type Hours struct {
	Side    Side
	Unit    string // id of the unit in which they worked then, "" where it is not known
	Person  string // id
	Minutes int
}

// Cost is money spent.
type Cost struct {
	Kind     CostKind
	Amount   int64  // in the currency's smallest unit, such as cents
	Currency string // ISO 4217
}

// CostKind says on what money was spent.
type CostKind string

const (
	Internal CostKind = "internal"
	Supplier CostKind = "supplier"
	Tuition  CostKind = "tuition" // fees of schools that are paid back
)

// CostKinds lists them.
var CostKinds = []CostKind{Internal, Supplier, Tuition}

const (
	mostMinutes = 365 * 24 * 60
	mostAmount  = 1_000_000_000_00
)

// Check brings an entry into order and reports what cannot be recorded.
func (e *Entry) Check() error {
	if e.What = strings.TrimSpace(e.What); e.What == "" || len(e.What) > 300 {
		return fault.Fieldf("what", "say in at most 300 bytes what was done")
	}
	if day, err := period.ParseDay(string(e.Day)); err != nil || day == "" {
		return fault.Fieldf("day", "choose the day on which it was done")
	}
	if !slices.Contains(Kinds, e.Kind) {
		return fault.Fieldf("kind", "there is no kind of effort %q", string(e.Kind))
	}
	if e.Source.Kind == "" || e.Source.ID == "" {
		return fault.Invalidf("an effort says what it was written from")
	}
	for _, h := range e.Hours {
		if h.Minutes < 1 || h.Minutes > mostMinutes {
			return fault.Fieldf("hours", "hours lie above none and within a year")
		}
		if h.Side != Participant && h.Side != Staff {
			return fault.Fieldf("hours", "hours are of participants or of staff")
		}
	}
	for _, c := range e.Costs {
		if err := c.check(); err != nil {
			return err
		}
	}
	e.merge()
	return nil
}

func (c Cost) check() error {
	if !slices.Contains(CostKinds, c.Kind) {
		return fault.Fieldf("cost", "there is no kind of cost %q", string(c.Kind))
	}
	if c.Amount < 0 || c.Amount > mostAmount {
		return fault.Fieldf("cost", "a cost is 0 or more, and at most a thousand million")
	}
	if len(c.Currency) != 3 || strings.ToUpper(c.Currency) != c.Currency || strings.ContainsFunc(c.Currency, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return fault.Fieldf("currency", "write the currency as three letters, such as EUR")
	}
	return nil
}

// merge adds together hours of one person on one side in one unit, and costs of one kind and
// currency, and sorts both.
func (e *Entry) merge() {
	hours := map[Hours]int{}
	for _, h := range e.Hours {
		minutes := h.Minutes
		h.Minutes = 0
		hours[h] += minutes
	}
	e.Hours = nil
	for h, minutes := range hours {
		h.Minutes = minutes
		e.Hours = append(e.Hours, h)
	}
	slices.SortFunc(e.Hours, func(a, b Hours) int {
		return cmp.Or(cmp.Compare(a.Side, b.Side), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Person, b.Person))
	})
	costs := map[Cost]int64{}
	for _, c := range e.Costs {
		amount := c.Amount
		c.Amount = 0
		costs[c] += amount
	}
	e.Costs = nil
	for c, amount := range costs {
		if c.Amount = amount; amount > 0 {
			e.Costs = append(e.Costs, c)
		}
	}
	slices.SortFunc(e.Costs, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Currency, b.Currency))
	})
	seen := map[Target]bool{}
	for _, t := range e.Serves {
		seen[t] = true
	}
	e.Serves = slices.SortedFunc(maps.Keys(seen), func(a, b Target) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
}

// Totals are sums over entries.
type Totals struct {
	Entries      int
	External     int // of the entries
	Participants int // minutes
	Staff        int // minutes
	People       int // participants who are named, each once
	Costs        []Cost
}

// Sum adds entries together. Money of two currencies is not added.
func Sum(entries []Entry) (t Totals) {
	people, costs := map[string]bool{}, Entry{}
	for _, e := range entries {
		t.Entries++
		if e.External {
			t.External++
		}
		for _, h := range e.Hours {
			if h.Side == Staff {
				t.Staff += h.Minutes
				continue
			}
			t.Participants += h.Minutes
			if h.Person != "" {
				people[h.Person] = true
			}
		}
		costs.Costs = append(costs.Costs, e.Costs...)
	}
	costs.merge()
	t.People, t.Costs = len(people), costs.Costs
	return t
}

// ReadAmount reads an amount of money that somebody has written, with a point or a comma before
// its last digits, into the currency's smallest unit; 0 for nothing.
func ReadAmount(text string, digits int) (int64, error) {
	text = strings.Join(strings.Fields(text), "")
	if text == "" {
		return 0, nil
	}
	whole, rest := text, ""
	if at := strings.LastIndexAny(text, ".,"); at >= 0 {
		behind := len(text) - at - 1
		switch {
		case behind <= digits:
			whole, rest = text[:at], text[at+1:]
		case behind != 3 || strings.Trim(text[:at], "0") == "": // not a mark between thousands
			return 0, fault.Fieldf("cost", "%q is no amount of money: write it as 450 or 450.50", text)
		}
	}
	whole = strings.NewReplacer(".", "", ",", "", "'", "").Replace(whole)
	rest += strings.Repeat("0", digits-len(rest))
	amount, err := strconv.ParseInt(whole+rest, 10, 64)
	if err != nil || strings.ContainsAny(text, "+-") {
		return 0, fault.Fieldf("cost", "%q is no amount of money: write it as 450 or 450.50", text)
	}
	return amount, nil
}
