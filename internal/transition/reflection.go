package transition

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
	"throughline/internal/org"
)

// Reflection is what somebody writes of a session for themselves; others read it only where it
// is shared.
type Reflection struct {
	Person org.Ref
	Text   string
	Shared bool
	At     time.Time
}

// Statement is what somebody says their role is and what is to come of it, as of a session; the
// next session looks at it again.
type Statement struct {
	Person  org.Ref
	Session string // id
	Role    string
	Results string
	At      time.Time
}

// Commitment is what somebody takes upon themselves in a session.
type Commitment struct {
	ID      string
	Session string // id
	Person  org.Ref
	Text    string
	Due     period.Day
	Made    time.Time
	Done    time.Time // zero until then
	Outcome string
}

// Late says whether it should have been done.
func (c Commitment) Late(today period.Day) bool { return c.Done.IsZero() && c.Due < today }

// Feedback is what somebody says of a session.
type Feedback struct {
	Useful int // 1 not at all ... 5 very
	Text   string
}

// Said sums the feedback on a session. It is nil as long as fewer than the least have said
// something: no answer can then be told to be somebody's.
type Said struct {
	N     int
	Mean  float64 // of useful
	Texts []string
}

// Sum sums feedback, the oldest first, in steps of the least: what one more says is in no figure by
// itself. The texts come in the order of the alphabet.
func Sum(all []Feedback, least int) *Said {
	least = max(least, 1)
	if all = all[:len(all)/least*least]; len(all) == 0 {
		return nil
	}
	s := &Said{N: len(all)}
	for _, f := range all {
		s.Mean += float64(f.Useful) / float64(len(all))
		if f.Text != "" {
			s.Texts = append(s.Texts, f.Text)
		}
	}
	slices.Sort(s.Texts)
	return s
}

// CheckText brings a text into order and reports one that is too long.
func CheckText(written *string, field string) error {
	if *written = strings.TrimSpace(*written); len(*written) > mostText {
		return fault.Fieldf(field, "this text has at most %d bytes", mostText)
	}
	if !text.Visible(*written) {
		*written = ""
	}
	return nil
}

// Check reports feedback that is none.
func (f *Feedback) Check() error {
	if f.Useful < 1 || f.Useful > 5 {
		return fault.Fieldf("useful", "say how useful it was: 1 to 5")
	}
	return CheckText(&f.Text, "feedback")
}

// Check reports a commitment without words, or one whose day is no day.
func (c *Commitment) Check(today period.Day) error {
	if err := CheckText(&c.Text, "commitment"); err != nil {
		return err
	}
	if c.Text == "" {
		return fault.Fieldf("commitment", "say what you take upon yourself")
	}
	day, chosen := chosen(c.Due)
	if !chosen {
		return fault.Fieldf("due", "choose until when")
	}
	if c.Due = day; day < today {
		return fault.Fieldf("due", "this day is past: choose a later one")
	}
	return nil
}
