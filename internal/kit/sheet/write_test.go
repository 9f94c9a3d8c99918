package sheet_test

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"throughline/internal/kit/sheet"
)

func write(tb testing.TB, f sheet.Format, o sheet.WriteOptions, headings []string, rows ...[]any) []byte {
	tb.Helper()
	var out bytes.Buffer
	w, err := sheet.NewWriter(&out, f, o, headings...)
	must(tb, err)
	for _, row := range rows {
		must(tb, w.Write(row...))
	}
	must(tb, w.Close())
	return out.Bytes()
}

func TestCSVIsWrittenByTheRFC(t *testing.T) {
	got := write(t, sheet.CSV, sheet.WriteOptions{BOM: true, Separator: ';'}, []string{"Name", "Score", "n", "a;b"},
		[]any{"Ann", -0.3, -7, nil}, []any{" Bo", 1e-12, 0, "\"x\"\r\ny"}, []any{"a,b", math.NaN(), 12, ""}, []any{"a\x00\xff", 1e20, 1, "c"})
	want := "\ufeffName;Score;n;\"a;b\"\r\nAnn;-0.3;-7;\r\n\" Bo\";1e-12;0;\"\"\"x\"\"\r\ny\"\r\n\"a,b\";;12;\r\na\ufffd\ufffd;100000000000000000000;1;c\r\n"
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
}

// OWASP, "CSV Injection": cells that begin with = + - @ tab or carriage return,
// full-width forms, and quotes or spaces before them.
func TestTextNeverBecomesAFormula(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+31 20": "'+31 20", "-0.3": "'-0.3", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "'\rx", "\nx": "'\nx",
		"  =1": "'  =1", "\u00a0=1": "'\u00a0=1", "\ufeff=1": "'\ufeff=1", "\u200b@x": "'\u200b@x", "\"=1": "'\"=1", "'=1": "''=1", "“-": "'“-", "＝1": "'＝1", "＠x": "'＠x", " \t ": "' \t ",
		"a=1": "a=1", "1-2": "1-2", "'s": "'s", "": "", " a": " a", "é": "é", "''": "''", "ann@example.org": "ann@example.org", "_-": "_-",
	} {
		for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			file := write(t, f, sheet.WriteOptions{}, []string{"Key", "Text"}, []any{"k", in})
			var stored string
			if f == sheet.CSV {
				_, row, _ := strings.Cut(string(file), "\r\n")
				stored = strings.TrimSuffix(strings.TrimPrefix(row, "k,"), "\r\n")
				if unquoted, ok := strings.CutPrefix(stored, `"`); ok {
					stored = strings.ReplaceAll(strings.TrimSuffix(unquoted, `"`), `""`, `"`)
				}
			} else {
				book, err := excelize.OpenReader(bytes.NewReader(file))
				must(t, err)
				stored, err = book.GetCellValue("Sheet1", "B2")
				must(t, err)
				if formula, err := book.GetCellFormula("Sheet1", "B2"); err != nil || formula != "" {
					t.Errorf("%q is the formula %q, %v", in, formula, err)
				}
			}
			if stored != want {
				t.Errorf("%s: %q is stored as %q, want %q", f, in, stored, want)
			}
			if got := read(t, bytes.NewReader(file), sheet.Options{}); len(got.Rows) != 1 || got.Rows[0][1] != in {
				t.Errorf("%s: %q is read back as %q %q", f, in, got.Rows, got.Mistakes)
			}
		}
	}
	file := write(t, sheet.CSV, sheet.WriteOptions{}, []string{"=cmd", "b"}, []any{1, 2})
	if !strings.HasPrefix(string(file), "'=cmd,b\r\n") {
		t.Errorf("the heading is written as %q", file)
	}
	if got := read(t, bytes.NewReader(file), sheet.Options{}); got.Headings[0] != "=cmd" {
		t.Errorf("the heading is read as %q", got.Headings)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	// Zero bytes and the two non-characters are the only ones that are not kept.
	plain := rapid.StringOf(rapid.OneOf(rapid.SampledFrom([]rune("=+-@\t\r\n\x01\x1f\x7f\u0085'\" ,;&<>_x005F\u00a0\ufeffé€𝛼")),
		rapid.Rune().Filter(func(r rune) bool { return r != 0 && r != 0xfffe && r != 0xffff && r != 0xfffd })))
	rapid.Check(t, func(rt *rapid.T) {
		f := rapid.SampledFrom([]sheet.Format{sheet.CSV, sheet.CSV, sheet.CSV, sheet.XLSX}).Draw(rt, "format")
		o := sheet.WriteOptions{BOM: rapid.Bool().Draw(rt, "bom"), Separator: rapid.SampledFrom([]byte{',', ';', '\t'}).Draw(rt, "separator")}
		cell := rapid.OneOf(rapid.Map(plain, func(s string) any { return s }), rapid.Map(plain, func(s string) any { return s }),
			rapid.Map(rapid.Float64(), func(v float64) any { return v }), rapid.Map(rapid.Int(), func(v int) any { return v }), rapid.Just[any](nil))
		var rows [][]any
		for range rapid.IntRange(1, 4).Draw(rt, "rows") {
			rows = append(rows, []any{len(rows) + 1, cell.Draw(rt, "a"), cell.Draw(rt, "b")})
		}
		file := write(t, f, o, []string{"Key", "A", "B"}, rows...)
		r, err := sheet.Open(bytes.NewReader(file), "t", sheet.Options{Separator: o.Separator})
		if err != nil {
			rt.Fatal(err)
		}
		i := 0
		for row, err := range r.Rows() {
			if err != nil {
				rt.Fatal(err)
			}
			for j, heading := range []string{"Key", "A", "B"} {
				switch want := rows[i][j].(type) {
				case nil:
					if row.Cells[j] != "" {
						rt.Fatalf("empty cell is %q", row.Cells[j])
					}
				case string:
					if row.Cells[j] != want {
						rt.Fatalf("%q is %q", want, row.Cells[j])
					}
				case float64:
					if got, ok, err := row.Decimal(heading, sheet.Point); !ok || err != nil || got != want {
						rt.Fatalf("%v is %v: %v", want, got, err)
					}
				case int:
					if f == sheet.XLSX && (want > 1<<53 || want < -1<<53) {
						continue // a worksheet's numbers are float64
					}
					if row.Cells[j] != strconv.Itoa(want) {
						rt.Fatalf("%d is %q", want, row.Cells[j])
					}
				}
			}
			i++
		}
		if i != len(rows) {
			rt.Fatalf("%d of %d rows", i, len(rows))
		}
	})
}

func TestSeparatorIsRecognisedInWhatWasWritten(t *testing.T) {
	for _, separator := range []byte{',', ';', '\t'} {
		file := write(t, sheet.CSV, sheet.WriteOptions{Separator: separator}, []string{"Name, first; last", "Remark\tlong"}, []any{"a,b;c\td", "x"}, []any{"a,b;c", 1.5})
		if got := read(t, bytes.NewReader(file), sheet.Options{}); len(got.Headings) != 2 || len(got.Rows) != 2 {
			t.Errorf("%q: got %+v", separator, got)
		}
	}
}

func TestWorkbookOfSeveralSheets(t *testing.T) {
	var out bytes.Buffer
	w, err := sheet.NewWriter(&out, sheet.XLSX, sheet.WriteOptions{Sheet: "Factors"}, "Factor", "Mean")
	must(t, err)
	must(t, w.Write("Openness", 7.25))
	must(t, w.Sheet("Items", "Item"))
	must(t, w.Write("=x"))
	if err := w.Sheet("items", "Item"); err == nil {
		t.Error("the same name was taken twice")
	}
	must(t, w.Close())
	if got := read(t, bytes.NewReader(out.Bytes()), sheet.Options{}); cmp.Diff(got.Rows, [][]string{{"Openness", "7.25"}}) != "" {
		t.Errorf("first: %+v", got)
	}
	if got := read(t, bytes.NewReader(out.Bytes()), sheet.Options{Sheet: "Items"}); cmp.Diff(got.Rows, [][]string{{"=x"}}) != "" {
		t.Errorf("second: %+v", got)
	}
	book, err := excelize.OpenReader(&out)
	must(t, err)
	for _, name := range []string{"Factors", "Items"} {
		panes, err := book.GetPanes(name)
		must(t, err)
		id, err := book.GetCellStyle(name, "A1")
		must(t, err)
		style, err := book.GetStyle(id)
		must(t, err)
		if !panes.Freeze || panes.YSplit != 1 || style.Font == nil || !style.Font.Bold {
			t.Errorf("%s: panes %+v, style %+v: the headings are not bold and frozen", name, panes, style)
		}
	}
	if kind, err := book.GetCellType("Factors", "B2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("the mean is stored as type %v, %v", kind, err)
	}
}

func TestWritingWhatCannotBeStoredFails(t *testing.T) {
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		w, err := sheet.NewWriter(&bytes.Buffer{}, f, sheet.WriteOptions{}, "a", "b")
		must(t, err)
		if w.Write("only one") == nil || w.Write("a", true) == nil || w.Write("a", int64(1)) == nil {
			t.Errorf("%s: a wrong row was taken", f)
		}
		long := strings.Repeat("𝛼", 16_384) // two UTF-16 units each
		if err := w.Write(long, ""); (err != nil) != (f == sheet.XLSX) {
			t.Errorf("%s: a cell of %d units: %v", f, 2*16_384, err)
		}
		if f == sheet.CSV && w.Sheet("b", "c") == nil {
			t.Error("CSV took a second sheet")
		}
		must(t, w.Close())
	}
	if _, err := sheet.NewWriter(&bytes.Buffer{}, "ods", sheet.WriteOptions{}, "a"); err == nil {
		t.Error("an unknown format was taken")
	}
	if _, err := sheet.NewWriter(&bytes.Buffer{}, sheet.CSV, sheet.WriteOptions{}); err == nil {
		t.Error("a table without headings was taken")
	}
	if _, err := sheet.NewWriter(&bytes.Buffer{}, sheet.CSV, sheet.WriteOptions{Separator: '"'}, "a"); err == nil {
		t.Error("a quote as separator was taken")
	}
}
