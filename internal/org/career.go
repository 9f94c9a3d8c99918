package org

import "throughline/internal/kit/period"

// Career is where somebody has been, as far back as the roster goes.
type Career struct {
	Ref          // as the newest roster has it
	Mail  string // likewise
	Stays []Stay // the oldest first
}

// Stay is a while in a unit.
type Stay struct {
	Since, Until period.Day // Until is the first day on which it no longer holds; period.Open while it does
	Unit         string     // id
}

// UnitOn is the id of the unit of a day; before the roster knows of somebody, of the first one, and after
// somebody has left, of the last one.
func (c Career) UnitOn(day period.Day) (unit string) {
	for n, s := range c.Stays {
		if n == 0 || s.Since <= day {
			unit = s.Unit
		}
	}
	return unit
}
