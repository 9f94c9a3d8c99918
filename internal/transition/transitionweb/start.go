package transitionweb

import (
	"iter"

	"throughline/internal/effort"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
)

// StartRows reads a table of starts, with a column unit, person or both, and day. It reports, here or with a
// row, what is missing or is no day.
func StartRows(table *sheet.Reader) (iter.Seq2[effort.StartRow, error], error) {
	needed := []string{"unit", "day"}
	if table.Has("person") {
		needed = []string{"person", "day"}
	}
	if err := table.Need(needed...); err != nil {
		return nil, err
	}
	return func(yield func(effort.StartRow, error) bool) {
		for row, err := range table.Rows() {
			one := effort.StartRow{Line: row.Line}
			if err == nil {
				one.Unit, one.Person = row.Get("unit"), row.Get("person")
				day, there, mistake := row.Day("day", sheet.Unsure)
				if err = mistake; there {
					one.Day = period.DayOf(day)
				}
			}
			if !yield(one, err) {
				return
			}
		}
	}, nil
}
