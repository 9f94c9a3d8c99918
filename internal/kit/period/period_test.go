package period_test

import (
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

func TestAPeriodIsReadAsPeopleWriteIt(t *testing.T) {
	for text, want := range map[string]period.Period{
		"2026": "2026", " 2026 ": "2026",
		"2026-Q1": "2026-Q1", "2026q4": "2026-Q4", "Q3 2026": "2026-Q3", "2026 Q2": "2026-Q2", "q2-2026": "2026-Q2",
		"2026-01": "2026-01", "2026-1": "2026-01", "12-2026": "2026-12", "2026/07": "2026-07", "7.2026": "2026-07", "2026M11": "2026-11",
		"2026-03-01": "2026-03", "2026-03-01T00:00:00": "2026-03",
		"": "", "2026-13": "", "2026-00": "", "2026-Q5": "", "2026-Q0": "", "1899": "", "2200-01": "", "26-01": "", "soon": "", "2026-W05": "", "2026-001": "", "2026-Q": "", "2026--1": "2026-01", "Q": "", "-": "",
	} {
		got, err := period.Parse(text)
		if got != want || (want == "") != (fault.KindOf(err) == fault.Invalid) {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestPeriodsCountAndEnd(t *testing.T) {
	for _, c := range []struct {
		period, next period.Period
		first, last  period.Day
	}{
		{"2024", "2025", "2024-01-01", "2024-12-31"},
		{"2024-Q4", "2025-Q1", "2024-10-01", "2024-12-31"},
		{"2024-02", "2024-03", "2024-02-01", "2024-02-29"},
		{"2025-12", "2026-01", "2025-12-01", "2025-12-31"},
	} {
		if c.period.Add(1) != c.next || c.next.Add(-1) != c.period || c.period.First() != c.first || c.period.Last() != c.last {
			t.Errorf("%s: next %s, from %s to %s", c.period, c.period.Add(1), c.period.First(), c.period.Last())
		}
		g := c.period.Grain()
		if period.At(g, c.period.Number()) != c.period || period.Of(c.first, g) != c.period || period.Of(c.last, g) != c.period || period.Of(c.last.Add(1), g) != c.next {
			t.Errorf("%s: number %d does not lead back", c.period, c.period.Number())
		}
	}
	if period.Of("", period.Monthly) != "" || period.Period("").Last() != "" {
		t.Error("what is no period has no days")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"2026", "2026-Q1", "2026-01", "Q1 2026", "2026-03-01", "12.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := period.Parse(text)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if again, err := period.Parse(string(p)); err != nil || again != p || period.At(p.Grain(), p.Number()) != p {
			t.Errorf("%q is read as %q, which is read as %q, %v", text, p, again, err)
		}
	})
}
