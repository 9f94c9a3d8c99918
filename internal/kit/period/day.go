// Package period names stretches of time as text that sorts: a day is
// "2026-01-31". It reads the clock nowhere.
package period

import (
	"strings"
	"time"

	"throughline/internal/kit/fault"
)

// Day is a calendar day as "YYYY-MM-DD", or "" where none is stated. Days
// compare as strings.
type Day string

// Open is the day after all others: the end of what has not ended.
const Open Day = "9999-12-31"

// DayOf returns the day of an instant, in the instant's own zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Time returns the day's midnight in UTC; the zero time for "".
func (d Day) Time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// Add returns the day n days later (earlier if n is negative).
func (d Day) Add(n int) Day { return DayOf(d.Time().AddDate(0, 0, n)) }

// Format says in which order and with which mark a file writes its days.
type Format string

const (
	YearMonthDay      Format = "yyyy-mm-dd"
	DayMonthYear      Format = "dd-mm-yyyy"
	DayMonthYearSlash Format = "dd/mm/yyyy"
	DayMonthYearDot   Format = "dd.mm.yyyy"
	MonthDayYearSlash Format = "mm/dd/yyyy"
	YearMonthDayPlain Format = "yyyymmdd"
)

// Formats lists every format, in the order in which a form offers them.
var Formats = []Format{YearMonthDay, DayMonthYear, DayMonthYearSlash, DayMonthYearDot, MonthDayYearSlash, YearMonthDayPlain}

var layouts = map[Format]string{
	YearMonthDay: time.DateOnly, DayMonthYear: "2-1-2006", DayMonthYearSlash: "2/1/2006",
	DayMonthYearDot: "2.1.2006", MonthDayYearSlash: "1/2/2006", YearMonthDayPlain: "20060102",
}

// Known says whether f is one of Formats.
func (f Format) Known() bool { return layouts[f] != "" }

// ParseDay reads a day written in one of the formats given; "2026-01-31", also
// with a time of day behind it, is always understood. Empty text is no day and
// no mistake. It reports text that is not a day, and a year outside 1900-2199.
func ParseDay(text string, formats ...Format) (Day, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	date := text
	if len(text) > 10 && (text[10] == ' ' || text[10] == 'T') {
		date = text[:10]
	}
	for _, f := range append([]Format{YearMonthDay}, formats...) {
		if t, err := time.Parse(layouts[f], date); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			return DayOf(t), nil
		}
	}
	if len(formats) == 0 {
		return "", fault.Invalidf("%q is not a day: write it as 2026-01-31", text)
	}
	return "", fault.Invalidf("%q is not a day: write it as 2026-01-31 or %s", text, string(formats[0]))
}
