package sheet

import (
	"strconv"
	"strings"
	"time"

	"throughline/internal/kit/fault"
)

// Order says which comes first in a day written with slashes.
type Order byte

const (
	Unsure Order = iota
	DayFirst
	MonthFirst
)

// ParseDay reads a day written as 2006-01-31, 20060131, 31-01-2006, 31.01.2006
// or 31/01/2006 and returns midnight UTC; a time of day after it, without a
// zone, is left off. With dashes and points the day comes first unless order is
// MonthFirst; with slashes order decides, and when it is Unsure only a day that
// can be read in one way is taken (one part above 12, or both equal).
//
// Mistakes: not a day of the years 1 to 9999, can be read in two ways.
func ParseDay(s string, order Order) (time.Time, error) {
	d, p := parseDay(s, order)
	switch p {
	case fine:
		return d, nil
	case twoWays:
		return time.Time{}, fault.Invalidf("%q can be read in two ways. Write it as 2006-01-31, or say whether day or month comes first.", s)
	}
	return time.Time{}, fault.Invalidf("%q is not a day. Write it as 2006-01-31.", s)
}

func parseDay(s string, order Order) (time.Time, problem) {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, " T"); i > 0 {
		if !timeOfDay(s[i+1:]) {
			return time.Time{}, malformed
		}
		s = s[:i]
	}
	if len(s) == 8 && digits(s) {
		return date(s[:4], s[4:6], s[6:])
	}
	i := strings.IndexAny(s, "-/.")
	if i < 0 {
		return time.Time{}, malformed
	}
	mark := s[i : i+1]
	parts := strings.Split(s, mark)
	if len(parts) != 3 {
		return time.Time{}, malformed
	}
	a, b, c := parts[0], parts[1], parts[2]
	if len(a) == 4 {
		return date(a, b, c)
	}
	if len(c) != 4 {
		return time.Time{}, malformed
	}
	if mark == "/" && order == Unsure {
		first, p1 := date(c, b, a)
		second, p2 := date(c, a, b)
		if p1 == fine && p2 == fine && first != second {
			return time.Time{}, twoWays
		}
		if p2 == fine {
			return second, fine
		}
		return first, p1
	}
	if order == MonthFirst {
		return date(c, a, b)
	}
	return date(c, b, a)
}

func date(year, month, dayOfMonth string) (time.Time, problem) {
	if len(year) != 4 || len(month) > 2 || len(dayOfMonth) > 2 || !digits(year) || !digits(month) || !digits(dayOfMonth) {
		return time.Time{}, malformed
	}
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(dayOfMonth)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y == 0 || int(t.Month()) != m || t.Day() != d {
		return time.Time{}, malformed
	}
	return t, fine
}

func timeOfDay(s string) bool {
	for _, layout := range []string{"15:04", "15:04:05"} { // Parse accepts a fraction of a second by itself
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// serialTime turns Excel's count of days into a time, rounded to a second.
// Excel has a 29 February 1900, day 60, which never was: before it the count
// lags by one.
func serialTime(n float64, from1904 bool) time.Time {
	origin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		origin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case n < 60:
		origin = origin.AddDate(0, 0, 1)
	}
	whole := int(n)
	seconds := int((n-float64(whole))*86_400 + 0.5)
	return origin.AddDate(0, 0, whole).Add(time.Duration(seconds) * time.Second)
}
