package strategy

import (
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Pace is how a goal goes.
type Pace string

const (
	OnTrack Pace = "on-track"
	Slower  Pace = "slower"
	Stuck   Pace = "stuck"
)

// Paces lists them.
var Paces = []Pace{OnTrack, Slower, Stuck}

// CheckIn is what somebody says of a goal on the way.
type CheckIn struct {
	ID   string
	Day  period.Day
	Pace Pace
	What string
	By   string
	At   time.Time
}

// Check brings a check-in into order and reports one that says nothing.
func (c *CheckIn) Check() error {
	c.What = strings.TrimSpace(c.What)
	switch {
	case !slices.Contains(Paces, c.Pace):
		return fault.Fieldf("pace", "choose how it goes")
	case len(c.What) > mostWords:
		return fault.Fieldf("words", "write at most %d bytes", mostWords)
	case c.Pace != OnTrack && c.What == "":
		return fault.Fieldf("words", "say what holds it up")
	}
	return nil
}

// End brings the end of a goal into order: how it ended, and what came of it.
func (g *Goal) End(o Outcome, came string, today period.Day) error {
	g.Outcome, g.Came, g.Ended = o, strings.TrimSpace(came), today
	switch {
	case !slices.Contains(Outcomes, o):
		return fault.Fieldf("outcome", "choose how it ended")
	case len(g.Came) > mostWords:
		return fault.Fieldf("came", "write at most %d bytes", mostWords)
	case o != GoalReached && g.Came == "":
		return fault.Fieldf("came", "say what came of it, or why it was dropped")
	}
	return nil
}
