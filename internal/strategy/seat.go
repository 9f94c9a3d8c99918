package strategy

import (
	"strings"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Seat is whether the head of learning sits in the senior leadership team, from a day on.
type Seat struct {
	Since  period.Day
	Seated bool
	Note   string
	By     string
	At     time.Time
}

// Check brings a seat into order and reports one without a day that has come.
func (s *Seat) Check(today period.Day) error {
	day, err := period.ParseDay(string(s.Since))
	s.Note = strings.TrimSpace(s.Note)
	switch {
	case err != nil || day == "" || day > today:
		return fault.Fieldf("since", "choose the day since when it is so, today at the latest")
	case len(s.Note) > 300:
		return fault.Fieldf("note", "write at most %d bytes", 300)
	}
	s.Since = day
	return nil
}
