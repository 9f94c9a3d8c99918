package effort

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
)

// Change is a dated change of how the learning function works, with which a rise or a fall of its costs
// and hours can be read.
type Change struct {
	ID       string
	Day      period.Day
	Text     string   // what has changed, in a sentence
	Units    []string // ids of units in which, with all under them; none for the whole
	Expected string   // effect on which indicator, in words
	By       string
	At       time.Time
}

// Check brings a change into order and reports, at its field, what it lacks.
func (c *Change) Check() error {
	c.Text, c.Expected = strings.TrimSpace(text.Straight(c.Text)), strings.TrimSpace(c.Expected)
	day, err := period.ParseDay(string(c.Day))
	switch {
	case err != nil || day == "":
		return fault.Fieldf("day", "choose the day from which it was done in another way")
	case !text.Visible(c.Text) || len(c.Text) > 500:
		return fault.Fieldf("text", "say in a sentence of at most 500 bytes what has changed")
	case len(c.Expected) > 500:
		return fault.Fieldf("expected", "say in at most 500 bytes what is expected of it")
	}
	c.Day = day
	slices.Sort(c.Units)
	c.Units = slices.Compact(c.Units)
	return nil
}
