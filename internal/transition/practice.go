package transition

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
	"throughline/internal/org"
)

// Outcome is what came of trying something.
type Outcome string

const (
	Helped   Outcome = "helped"
	Partly   Outcome = "partly"
	DidNot   Outcome = "not"
	TooEarly Outcome = "early" // to tell
)

// Outcomes lists them.
var Outcomes = []Outcome{Helped, Partly, DidNot, TooEarly}

// Writer is somebody of the roster with where they worked when they wrote.
type Writer struct {
	Person                  org.Ref
	Unit, Location, Partner string // names
}

// Practice is a practical situation: a problem at work, the characteristic that it touches,
// what was tried and what came of it. It is a draft, and its writer's alone, until it is shared.
type Practice struct {
	ID       string
	Writer   Writer
	Title    string
	Theme    string // id of a characteristic
	Problem  string
	Tried    string
	Outcome  Outcome
	Result   string // what came of it, in words
	Evidence string // by what one can tell
	Made     time.Time
	Shared   time.Time // zero for a draft
}

const (
	mostTitle    = 100  // characters
	mostPractice = 2000 // of each text
)

// Check brings a practice into order and reports what is too long, and, before it is shared,
// what is missing. known says whether there is a characteristic.
func (p *Practice) Check(share bool, known func(theme string) bool) error {
	p.Title = strings.Join(strings.Fields(text.Straight(p.Title)), " ")
	if utf8.RuneCountInString(p.Title) > mostTitle {
		return fault.Fieldf("title", "a name has at most %d characters", mostTitle)
	}
	for _, one := range []struct {
		field   string
		written *string
	}{{"problem", &p.Problem}, {"tried", &p.Tried}, {"result", &p.Result}, {"evidence", &p.Evidence}} {
		if *one.written = strings.TrimSpace(*one.written); utf8.RuneCountInString(*one.written) > mostPractice {
			return fault.Fieldf(one.field, "this text has at most %d characters", mostPractice)
		}
		if !text.Visible(*one.written) {
			*one.written = ""
		}
	}
	if !text.Visible(p.Title) {
		p.Title = ""
	}
	if p.Outcome != "" && !slices.Contains(Outcomes, p.Outcome) {
		return fault.Fieldf("outcome", "say what came of it")
	}
	if p.Theme != "" && !known(p.Theme) {
		return fault.Fieldf("theme", "choose the characteristic that it touches")
	}
	if !share {
		if p.Title+p.Problem+p.Tried+p.Result+p.Evidence == "" {
			return fault.Fieldf("problem", "write down the problem, in a sentence")
		}
		return nil
	}
	switch {
	case p.Problem == "":
		return fault.Fieldf("problem", "write down the problem, in a sentence")
	case p.Theme == "":
		return fault.Fieldf("theme", "choose the characteristic that it touches")
	case p.Tried == "":
		return fault.Fieldf("tried", "write down what you tried, in a sentence")
	case p.Outcome == "":
		return fault.Fieldf("outcome", "say what came of it")
	case p.Title == "":
		return fault.Fieldf("title", "give it a short name by which others find it")
	}
	return nil
}

// Adoption is that somebody has taken a practice up.
type Adoption struct {
	Practice string // id
	Writer   Writer
	Day      period.Day
	Outcome  Outcome
	Note     string // how it went, and what was done otherwise
	Via      string // id of the person from whom they have it; "" for its writer
	Ended    period.Day
}

// InUse says whether somebody works by it on a day.
func (a Adoption) InUse(on period.Day) bool { return a.Day <= on && (a.Ended == "" || a.Ended > on) }

// Check brings an adoption into order and reports, at its field, what it lacks. all are those of
// the practice, earlier ones of the same person among them: what was given up stays, and is taken up
// anew at the earliest on that day.
func (a *Adoption) Check(p Practice, all []Adoption, today period.Day) error {
	day, chosen := chosen(a.Day)
	switch {
	case p.Shared.IsZero():
		return fault.NotFoundf("there is no such practice")
	case a.Writer.Person.ID == p.Writer.Person.ID:
		return fault.Conflictf("you wrote this: others take it up")
	case !chosen:
		return fault.Fieldf("day", "choose the day")
	case day > today:
		return fault.Fieldf("day", "this day has not come yet: write down what was, not what will be")
	case day < period.DayOf(p.Shared):
		return fault.Fieldf("day", "it was shared on %s: choose that day or a later one", string(period.DayOf(p.Shared)))
	case !slices.Contains(Outcomes, a.Outcome):
		return fault.Fieldf("outcome", "say what came of it")
	case a.Via == a.Writer.Person.ID:
		return fault.Fieldf("via", "say from whom you have it")
	}
	for _, before := range all {
		if before.Writer.Person.ID == a.Writer.Person.ID && before.Ended > day {
			return fault.Fieldf("day", "you gave it up on %s: choose that day or a later one", string(before.Ended))
		}
	}
	if a.Via != "" && a.Via != p.Writer.Person.ID && !slices.ContainsFunc(all, func(o Adoption) bool { return o.Writer.Person.ID == a.Via }) {
		return fault.Fieldf("via", "say from whom you have it")
	}
	if a.Via == p.Writer.Person.ID {
		a.Via = ""
	}
	a.Day = day
	return CheckText(&a.Note, "note")
}

// Open finds the time, among those of a practice, in which somebody works by it now; nil for none.
func Open(all []Adoption, person string) *Adoption {
	for i, a := range all {
		if a.Writer.Person.ID == person && a.Ended == "" {
			return &all[i]
		}
	}
	return nil
}

// Question is what leaders and coaches ask each other, of a practice or of anything, with the
// answers.
type Question struct {
	ID       string
	Practice string // id, "" for none
	Title    string // of the practice
	Writer   Writer
	Text     string
	At       time.Time
	Answers  []Question
}

const (
	mostQuestion = 2000 // characters
	MostAsked    = 50   // by one person in a day, of one practice or of nothing in particular
)

// CheckQuestion brings a question or an answer into order and reports one without words, or with
// too many.
func CheckQuestion(written *string) error {
	if err := CheckText(written, "question"); err != nil {
		return err
	}
	switch {
	case *written == "":
		return fault.Fieldf("question", "write down what you want to ask, or to answer")
	case utf8.RuneCountInString(*written) > mostQuestion:
		return fault.Fieldf("question", "this text has at most %d characters", mostQuestion)
	}
	return nil
}
