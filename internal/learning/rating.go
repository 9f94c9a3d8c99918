package learning

import (
	"cmp"
	"slices"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// RatedBy says from where a rating comes.
type RatedBy string

const (
	BySelf       RatedBy = "self"
	ByManager    RatedBy = "manager"
	ByAssessment RatedBy = "assessment" // a test, an observation by rule, a certificate
	ByEvidence   RatedBy = "evidence"   // work or a completed course that shows it
)

// AllRatedBy lists them, what is trusted most first.
var AllRatedBy = []RatedBy{ByAssessment, ByEvidence, ByManager, BySelf}

// RatesAs are the sorts of rating that somebody gives who speaks for a side, the usual one first:
// what an assessment or evidence shows comes from the line manager.
func RatesAs(side org.Side) []RatedBy {
	if side == org.TheManager {
		return []RatedBy{ByManager, ByAssessment, ByEvidence}
	}
	return []RatedBy{BySelf}
}

// Rating is how well somebody has a competency, as somebody saw it on a day.
type Rating struct {
	ID, Person, Competency string
	Level                  int // of the competency's framework; 0 is not to have it
	RatedBy                RatedBy
	Day                    period.Day
	Note                   string // on what it rests
	By                     string
	At                     time.Time
}

// Check brings a rating into order and reports what it lacks. levels are those of the competency's
// framework.
func (r *Rating) Check(levels int, today period.Day) error {
	day, err := period.ParseDay(string(r.Day))
	r.Day, r.Note = day, words(r.Note)
	switch {
	case !slices.Contains(AllRatedBy, r.RatedBy):
		return fault.Fieldf("rated-by", "say from where the rating comes")
	case r.Level < 0 || r.Level > levels:
		return fault.Fieldf("level", "choose a level that the framework has, or none of them")
	case err != nil || day == "":
		return fault.Fieldf("day", "choose the day on which it was seen")
	case day > today:
		return fault.Fieldf("day", "this day has not come yet: write down what was, not what will be")
	case tooLong(r.Note, mostNote):
		return fault.Fieldf("note", "this text has at most %d characters", mostNote)
	case r.Note == "" && (r.RatedBy == ByEvidence || r.RatedBy == ByAssessment):
		return fault.Fieldf("note", "say which assessment or evidence it is")
	}
	return nil
}

// CountingRule says which of several ratings of one competency counts.
type CountingRule struct {
	Newest bool // the newest, whoever gave it; else the newest of the most trusted
	Months int  // older ones do not count; 0: however old
}

// DefaultRule is the one where nothing else was chosen: an assessment before evidence, that before the
// manager's word, that before the own; none older than two years. Our choice.
var DefaultRule = CountingRule{Months: 24}

// Check reports an age that is none.
func (c CountingRule) Check() error {
	if c.Months < 0 || c.Months > 240 {
		return fault.Fieldf("months", "a rating counts for 1 to %d months, or for ever: 0", 240)
	}
	return nil
}

// Counts finds, among ratings of one person and competency, the one that counts on a day.
func (c CountingRule) Counts(ratings []Rating, today period.Day) (Rating, bool) {
	oldest := period.Day("")
	if c.Months > 0 {
		oldest = period.DayOf(today.Time().AddDate(0, -c.Months, 0))
	}
	rank := func(r Rating) int {
		if c.Newest {
			return 0
		}
		return slices.Index(AllRatedBy, r.RatedBy)
	}
	best, found := Rating{}, false
	for _, r := range ratings {
		if r.Day < oldest || r.Day > today {
			continue
		}
		if !found || cmp.Or(cmp.Compare(rank(best), rank(r)), cmp.Compare(r.Day, best.Day), r.At.Compare(best.At), cmp.Compare(r.ID, best.ID)) > 0 {
			best, found = r, true
		}
	}
	return best, found
}
