package sheet_test

import (
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/sheet"
)

func TestDecimalsAreReadAsPeopleWriteThem(t *testing.T) {
	const twoWays, malformed, other = "can be read in two ways", "is not a number", "has another decimal mark"
	for _, c := range []struct {
		in      string
		mark    sheet.Mark
		want    float64
		mistake string
	}{
		{"12", sheet.Unknown, 12, ""},
		{" -12 ", sheet.Unknown, -12, ""},
		{"+3", sheet.Unknown, 3, ""},
		{"−0,3", sheet.Unknown, -0.3, ""},
		{"12,5", sheet.Unknown, 12.5, ""},
		{"12.5", sheet.Unknown, 12.5, ""},
		{"12,5", sheet.Comma, 12.5, ""},
		{"12,5", sheet.Point, 0, other},
		{"12.5", sheet.Comma, 0, other},
		{"1.234,56", sheet.Unknown, 1234.56, ""},
		{"1,234.56", sheet.Unknown, 1234.56, ""},
		{"1,234.56", sheet.Comma, 0, other},
		{"1.234.567", sheet.Unknown, 1234567, ""},
		{"1.234.567", sheet.Point, 0, other},
		{"1.234.567,8", sheet.Unknown, 1234567.8, ""},
		{"1,234", sheet.Unknown, 0, twoWays},
		{"1.234", sheet.Unknown, 0, twoWays},
		{"1,234", sheet.Comma, 1.234, ""},
		{"1,234", sheet.Point, 1234, ""},
		{"1.234", sheet.Comma, 1234, ""},
		{"1.234", sheet.Point, 1.234, ""},
		{"0,234", sheet.Unknown, 0.234, ""},
		{"1234,567", sheet.Unknown, 1234.567, ""},
		{"51.379997253417969", sheet.Unknown, 51.379997253417969, ""},
		{"1 234,567", sheet.Unknown, 1234.567, ""},
		{"1\u00a0234\u00a0567", sheet.Unknown, 1234567, ""},
		{"1\u202f234.5", sheet.Unknown, 1234.5, ""},
		{"1'234.56", sheet.Unknown, 1234.56, ""},
		{"1.5e-3", sheet.Unknown, 0.0015, ""},
		{"1,5E3", sheet.Unknown, 1500, ""},
		{".5", sheet.Unknown, 0.5, ""},
		{"5.", sheet.Unknown, 5, ""},
		{"", sheet.Unknown, 0, malformed},
		{".", sheet.Unknown, 0, malformed},
		{"-", sheet.Unknown, 0, malformed},
		{"1.23.45", sheet.Unknown, 0, malformed},
		{"1,23.45", sheet.Unknown, 0, malformed},
		{"12 34", sheet.Unknown, 0, malformed},
		{"1 234.567,8", sheet.Unknown, 0, malformed},
		{"1.5.", sheet.Unknown, 0, malformed},
		{"NaN", sheet.Unknown, 0, malformed},
		{"Inf", sheet.Unknown, 0, malformed},
		{"0x1p-2", sheet.Unknown, 0, malformed},
		{"1_000", sheet.Unknown, 0, malformed},
		{"1e999", sheet.Unknown, 0, malformed},
		{"--1", sheet.Unknown, 0, malformed},
		{"1e", sheet.Unknown, 0, malformed},
		{"12%", sheet.Unknown, 0, malformed},
	} {
		got, err := sheet.ParseDecimal(c.in, c.mark)
		if c.mistake == "" && (err != nil || got != c.want) {
			t.Errorf("%q %q: got %v, %v, want %v", c.in, c.mark, got, err, c.want)
		}
		if c.mistake != "" && (fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.mistake)) {
			t.Errorf("%q %q: got %v, %v, want: %s", c.in, c.mark, got, err, c.mistake)
		}
	}
}

func TestTheColumnSettlesTheMark(t *testing.T) {
	for _, c := range []struct {
		texts []string
		want  sheet.Mark
	}{
		{[]string{"1,234", "12,5"}, sheet.Comma},
		{[]string{"1,234", "0.5", "n.a.", ""}, sheet.Point},
		{[]string{"1,234", "1.234.567"}, sheet.Comma},
		{[]string{"1,234", "12"}, sheet.Unknown},
		{[]string{"1,5", "1.5"}, sheet.Unknown},
	} {
		if got := sheet.MarkOf(c.texts); got != c.want {
			t.Errorf("%q: got %q, want %q", c.texts, got, c.want)
		}
	}
	for name, c := range map[string]struct {
		in      string
		want    float64
		mistake string
	}{
		"comma elsewhere in the column": {"a;b\n1,234;x\n0,5;x\n", 1.234, ""},
		"point elsewhere in the column": {"a,b\n\"1,234\",x\n0.5,x\n", 1234, ""},
		"grouped elsewhere":             {"a;b\n1.234;x\n12,5;x\n", 1234, ""},
		"as programs write":             {"a,b\n1.234,x\n", 1.234, ""},
		"semicolons leave it open":      {"a;b\n1.234;x\n", 0, `Line 2, column "a": "1.234" can be read in two ways. Say which decimal mark the column has.`},
		"both marks in the column":      {"a;b\n1.234;x\n0,5;x\n0.5;x\n", 0, `Line 2, column "a": "1.234" can be read in two ways. Say which decimal mark the column has.`},
		"words":                         {"a,b\nmany,x\n", 0, `Line 2, column "a": "many" is not a number.`},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok, err := first(t, c.in).Decimal("a", sheet.Unknown)
			if c.mistake == "" && (err != nil || !ok || got != c.want) {
				t.Errorf("got %v %t %v", got, ok, err)
			}
			if c.mistake != "" && (err == nil || ok || err.Error() != c.mistake) {
				t.Errorf("got %v %t %v", got, ok, err)
			}
		})
	}
	row := first(t, "a;b\n1.234;\n")
	if v, ok, err := row.Decimal("a", sheet.Comma); v != 1234 || !ok || err != nil {
		t.Errorf("declared: got %v %t %v", v, ok, err)
	}
	if _, ok, err := row.Decimal("b", sheet.Unknown); ok || err != nil {
		t.Errorf("empty: got %t %v", ok, err)
	}
}

func first(t *testing.T, file string) sheet.Row {
	t.Helper()
	r, err := sheet.Open(strings.NewReader(file), "people.csv", sheet.Options{})
	must(t, err)
	for row, err := range r.Rows() {
		must(t, err)
		return row
	}
	t.Fatal("no row")
	return sheet.Row{}
}

func TestDaysAreReadAsPeopleWriteThem(t *testing.T) {
	const twoWays, malformed = "can be read in two ways", "is not a day"
	for _, c := range []struct {
		in            string
		order         sheet.Order
		want, mistake string
	}{
		{"2024-02-29", sheet.Unsure, "2024-02-29", ""},
		{" 20240229 ", sheet.Unsure, "2024-02-29", ""},
		{"2024/2/9", sheet.Unsure, "2024-02-09", ""},
		{"2024-02-29T13:30:00.5", sheet.Unsure, "2024-02-29", ""},
		{"29-02-2024 00:00", sheet.Unsure, "2024-02-29", ""},
		{"03-02-2024", sheet.Unsure, "2024-02-03", ""},
		{"3.2.2024", sheet.Unsure, "2024-02-03", ""},
		{"03-02-2024", sheet.MonthFirst, "2024-03-02", ""},
		{"03/02/2024", sheet.Unsure, "", twoWays},
		{"03/02/2024", sheet.DayFirst, "2024-02-03", ""},
		{"03/02/2024", sheet.MonthFirst, "2024-03-02", ""},
		{"13/02/2024", sheet.Unsure, "2024-02-13", ""},
		{"02/13/2024", sheet.Unsure, "2024-02-13", ""},
		{"02/02/2024", sheet.Unsure, "2024-02-02", ""},
		{"02/13/2024", sheet.DayFirst, "", malformed},
		{"9999-12-31", sheet.Unsure, "9999-12-31", ""},
		{"2023-02-29", sheet.Unsure, "", malformed},
		{"31/11/2024", sheet.Unsure, "", malformed},
		{"0000-01-01", sheet.Unsure, "", malformed},
		{"2024-00-10", sheet.Unsure, "", malformed},
		{"01-02-24", sheet.Unsure, "", malformed},
		{"2024-02", sheet.Unsure, "", malformed},
		{"2024-02-29 noon", sheet.Unsure, "", malformed},
		{"2024-02-29T13:30:00Z", sheet.Unsure, "", malformed},
		{"45292", sheet.Unsure, "", malformed},
		{"1/2-2024", sheet.Unsure, "", malformed},
		{"", sheet.Unsure, "", malformed},
	} {
		got, err := sheet.ParseDay(c.in, c.order)
		if c.mistake == "" && (err != nil || got.Format(time.RFC3339) != c.want+"T00:00:00Z") {
			t.Errorf("%q %d: got %v, %v, want %v", c.in, c.order, got, err, c.want)
		}
		if c.mistake != "" && (fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.mistake)) {
			t.Errorf("%q %d: got %v, %v, want: %s", c.in, c.order, got, err, c.mistake)
		}
	}
	row := first(t, "start,end,none\n31/11/2024,03/02/2024,\n")
	for heading, want := range map[string]string{
		"start": `Line 2, column "start": "31/11/2024" is not a day. Write it as 2006-01-31.`,
		"end":   `Line 2, column "end": "03/02/2024" can be read in two ways. Write it as 2006-01-31, or say whether day or month comes first.`,
	} {
		if _, ok, err := row.Day(heading, sheet.Unsure); ok || err == nil || err.Error() != want {
			t.Errorf("%s: got %t %v", heading, ok, err)
		}
	}
	if _, ok, err := row.Day("none", sheet.Unsure); ok || err != nil {
		t.Errorf("empty: got %t %v", ok, err)
	}
}
