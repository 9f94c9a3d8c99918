package period

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"throughline/internal/kit/fault"
)

// Grain is how long a period is.
type Grain string

const (
	Yearly    Grain = "year"
	Quarterly Grain = "quarter"
	Monthly   Grain = "month"
)

// Grains lists them, the longest first.
var Grains = []Grain{Yearly, Quarterly, Monthly}

// PerYear is how many periods of the grain a year has; 0 for a grain that is none.
func (g Grain) PerYear() int {
	return map[Grain]int{Yearly: 1, Quarterly: 4, Monthly: 12}[g]
}

// Period is a year, a quarter or a month: "2026", "2026-Q1" or "2026-01". Periods of one grain
// compare as strings.
type Period string

// At is the n-th period of a grain, counted from the year 0, as Number counts.
func At(g Grain, n int) Period {
	of := g.PerYear()
	if of == 0 {
		return ""
	}
	year, part := n/of, n%of+1
	switch g {
	case Quarterly:
		return Period(fmt.Sprintf("%04d-Q%d", year, part))
	case Monthly:
		return Period(fmt.Sprintf("%04d-%02d", year, part))
	}
	return Period(fmt.Sprintf("%04d", year))
}

// Of is the period of a grain in which a day lies; "" for no day.
func Of(d Day, g Grain) Period {
	if d == "" {
		return ""
	}
	t := d.Time()
	return At(g, (t.Year()*12+int(t.Month())-1)*g.PerYear()/12)
}

// CheckYear reports a number that is no year from 1900 to 2199; 0, for none, is no mistake.
func CheckYear(year int) error {
	if year != 0 && (year < 1900 || year >= 2200) {
		return fault.Fieldf("year", "a year lies between 1900 and 2199")
	}
	return nil
}

// Grain is the period's own; "" where the text is no period.
func (p Period) Grain() Grain {
	switch {
	case len(p) == 4:
		return Yearly
	case len(p) == 7 && p[5] == 'Q':
		return Quarterly
	case len(p) == 7:
		return Monthly
	}
	return ""
}

// Number counts the periods of the same grain from the year 0 on.
func (p Period) Number() int {
	part := 1
	switch p.Grain() {
	case Quarterly:
		part, _ = strconv.Atoi(string(p[6:]))
	case Monthly:
		part, _ = strconv.Atoi(string(p[5:]))
	case "":
		return 0
	}
	return p.Year()*p.Grain().PerYear() + part - 1
}

// Year is the year in which the period lies.
func (p Period) Year() int {
	year, _ := strconv.Atoi(string(p[:min(4, len(p))]))
	return year
}

// Add is the period n later, earlier if n is negative.
func (p Period) Add(n int) Period { return At(p.Grain(), p.Number()+n) }

// First is the period's first day.
func (p Period) First() Day {
	of := p.Grain().PerYear()
	if of == 0 {
		return ""
	}
	month := p.Number() % of * (12 / of)
	return DayOf(time.Date(p.Year(), time.Month(month+1), 1, 0, 0, 0, 0, time.UTC))
}

// Last is the period's last day.
func (p Period) Last() Day {
	if p.Grain() == "" {
		return ""
	}
	return p.Add(1).First().Add(-1)
}

// Parse reads a period as people write it: 2026, 2026-Q1, 2026Q1, Q1 2026, 2026-01, 2026-1,
// 01-2026, 2026M01; also a day, as spreadsheets write the first of a month, which stands for its
// month. It reports text that is none, and a year outside 1900-2199.
func Parse(text string) (Period, error) {
	clean := strings.ToUpper(strings.Join(strings.Fields(text), " "))
	if day, err := ParseDay(clean); err == nil && day != "" {
		return Of(day, Monthly), nil
	}
	parts := strings.FieldsFunc(clean, func(r rune) bool { return strings.ContainsRune("-/. ", r) })
	if len(parts) == 1 {
		if i := strings.IndexAny(clean, "QM"); i > 0 {
			parts = []string{clean[:i], clean[i:]}
		}
	}
	if len(parts) == 2 && len(parts[1]) == 4 {
		parts[0], parts[1] = parts[1], parts[0]
	}
	if len(parts) > 0 && len(parts) < 3 && len(parts[0]) == 4 {
		year, err := strconv.ParseUint(parts[0], 10, 16)
		if err == nil && year >= 1900 && year < 2200 {
			if p, ok := partOf(int(year), parts[1:]); ok {
				return p, nil
			}
		}
	}
	return "", fault.Invalidf("%q is not a period: write a year as 2026, a quarter as 2026-Q1, a month as 2026-01", text)
}

func partOf(year int, part []string) (Period, bool) {
	if len(part) == 0 {
		return At(Yearly, year), true
	}
	grain, digits := Monthly, part[0]
	if rest, ok := strings.CutPrefix(digits, "Q"); ok {
		grain, digits = Quarterly, rest
	} else {
		digits = strings.TrimPrefix(digits, "M")
	}
	n, err := strconv.ParseUint(digits, 10, 8)
	if err != nil || n < 1 || int(n) > grain.PerYear() || len(digits) > 2 {
		return "", false
	}
	return At(grain, year*grain.PerYear()+int(n)-1), true
}
