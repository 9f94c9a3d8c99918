package period_test

import (
	"testing"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

func TestADayIsReadInItsFormatOrAsISO(t *testing.T) {
	for _, c := range []struct {
		text   string
		format period.Format
		want   period.Day
	}{
		{"2026-01-31", "", "2026-01-31"},
		{" 2026-01-31T10:00:00 ", "", "2026-01-31"},
		{"2026-01-31 10:00", period.DayMonthYear, "2026-01-31"},
		{"31-1-2026", period.DayMonthYear, "2026-01-31"},
		{"31/01/2026", period.DayMonthYearSlash, "2026-01-31"},
		{"01/02/2026", period.MonthDayYearSlash, "2026-01-02"},
		{"1.2.2026", period.DayMonthYearDot, "2026-02-01"},
		{"20260131", period.YearMonthDayPlain, "2026-01-31"},
		{"", period.DayMonthYear, ""},
		{"29-02-2025", period.DayMonthYear, "mistake"},
		{"31/01/2026", "", "mistake"},
		{"1-1-26", period.DayMonthYear, "mistake"},
		{"0026-01-01", "", "mistake"},
		{"soon", period.DayMonthYear, "mistake"},
	} {
		var formats []period.Format
		if c.format != "" {
			formats = append(formats, c.format)
		}
		got, err := period.ParseDay(c.text, formats...)
		if c.want == "mistake" {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q as %s: got %q, %v", c.text, c.format, got, err)
			}
		} else if got != c.want || err != nil {
			t.Errorf("%q as %s: got %q, %v, want %q", c.text, c.format, got, err, c.want)
		}
	}
	for _, f := range period.Formats {
		if !f.Known() {
			t.Errorf("%s has no layout", f)
		}
	}
}

func TestDaysAddAcrossMonthsAndLeapYears(t *testing.T) {
	if got := period.Day("2024-02-28").Add(2); got != "2024-03-01" {
		t.Errorf("got %s", got)
	}
	zone := time.FixedZone("east", 3*3600)
	if got := period.DayOf(time.Date(2026, 1, 1, 1, 0, 0, 0, zone)); got != "2026-01-01" {
		t.Errorf("got %s", got)
	}
}
