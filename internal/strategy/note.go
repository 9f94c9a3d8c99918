package strategy

import (
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/text"
)

// Check brings a note into order and reports one that says nothing.
func (n *Note) Check(today period.Day) error {
	n.What = strings.TrimSpace(n.What)
	day, err := period.ParseDay(string(n.Day))
	switch {
	case err != nil || day == "":
		return fault.Fieldf("day", "choose the day on which it happened")
	case day > today.Add(365):
		return fault.Fieldf("day", "a note is about a day that has been, or lies within a year")
	case !text.Visible(n.What) || len(n.What) > mostWords:
		return fault.Fieldf("what", "say in at most %d bytes what a reader of the figures should know", mostWords)
	}
	n.Day = day
	return nil
}
