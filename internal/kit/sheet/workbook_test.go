package sheet_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"throughline/internal/kit/sheet"
)

// archive is a zip file of the given names and contents.
func archive(tb testing.TB, namesAndContents ...string) string {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(namesAndContents); i += 2 {
		w, err := z.Create(namesAndContents[i])
		must(tb, err)
		_, err = io.WriteString(w, namesAndContents[i+1])
		must(tb, err)
	}
	must(tb, z.Close())
	return out.String()
}

// book is a workbook of one worksheet with the given rows, in XML.
func book(tb testing.TB, rows string, more ...string) string {
	tb.Helper()
	const types = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	return archive(tb, append([]string{
		"_rels/.rels", `<Relationships><Relationship Id="r1" Type="` + types + `officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="Old" sheetId="2" state="hidden" r:id="r9"/><sheet name="People" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="` + types + `worksheet" Target="worksheets/one.xml"/>` +
			`<Relationship Id="r2" Type="` + types + `sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="r3" Type="` + types + `styles" Target="Styles.xml"/></Relationships>`,
		"xl/worksheets/one.xml", `<?xml version="1.0" encoding="UTF-8"?><x:worksheet xmlns:x="y">` + rows,
		"xl/sharedStrings.xml", `<sst><si><t>Name</t></si><si><r><t>Sta</t></r><r><t xml:space="preserve">rt </t></r><rPh><t>no</t></rPh></si><si><t>_x0041_nn_x005F_x</t></si></sst>`,
		"xl\\styles.xml", `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="[Red]&quot;day&quot;\d0.00"/><numFmt numFmtId="201" formatCode="[$-413]d/mm/yyyy;@"/></numFmts>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/><xf numFmtId="201"/></cellXfs></styleSheet>`,
	}, more...)...)
}

const heading = `<sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>`

func TestWorkbooksAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		rows string
		want result
	}{
		"texts of every kind": {`<row r="4"><c r="A4" t="s"><v>2</v></c><c r="B4" t="inlineStr"><is><t>x</t></is></c></row><row><c t="str"><f>A1</f><v>sum</v></c><c t="e"><v>#N/A</v></c></row></sheetData></worksheet>`,
			result{Rows: [][]string{{"Ann_x", "x"}, {"sum", "#N/A"}}, Lines: []int{4, 5}}},
		"numbers": {`<row><c><v>8.0999999999999996</v></c><c><v>1E+3</v></c></row><row><c s="2"><v>45292</v></c><c t="b"><v>1</v></c></row></sheetData>`,
			result{Rows: [][]string{{"8.1", "1000"}, {"45292", "TRUE"}}, Lines: []int{3, 4}}},
		"dates": {`<row><c s="1"><v>45292</v></c><c s="3"><v>45292.75</v></c></row><row><c s="1"><v>59</v></c><c s="1"><v>61</v></c></row></sheetData>`,
			result{Rows: [][]string{{"2024-01-01", "2024-01-01T18:00:00"}, {"1900-02-28", "1900-03-01"}}, Lines: []int{3, 4}}},
		"gaps":         {`<row r="9"><c r="B9"><v>1</v></c><c r="D9" s="1"/></row><row r="11"/><row r="12"><c r="A12"><v>2</v></c></row></sheetData>`, result{Rows: [][]string{{"", "1"}, {"2", ""}}, Lines: []int{9, 12}}},
		"beyond":       {`<row r="3"><c r="C3"><v>1</v></c></row></sheetData>`, result{Mistakes: []string{`Line 3 of "people.csv" has 3 cells, but there are 2 headings. Check the separators and quotes of that line.`}}},
		"no value":     {`<row r="3"><c r="B3"><f>A1+1</f></c></row><row><c><v>1</v></c></row></sheetData>`, result{Rows: [][]string{{"1", ""}}, Lines: []int{4}, Mistakes: []string{`Line 3, column "Start": the formula has no stored value. Open the workbook in a spreadsheet program and save it again.`}}},
		"cut short":    {`<row r="3"><c><v>1</v></c></row><row r="4"><c>`, result{Rows: [][]string{{"1", ""}}, Lines: []int{3}, Mistakes: []string{`The workbook "people.csv" is damaged: it cannot be read beyond row 4. Open it in a spreadsheet program and save it again.`}}},
		"broken XML":   {`<row r="3"><c><v>1</v></c></row><row r="4" <`, result{Rows: [][]string{{"1", ""}}, Lines: []int{3}, Mistakes: []string{`The workbook "people.csv" is damaged: it cannot be read beyond row 3. Open it in a spreadsheet program and save it again.`}}},
		"missing text": {`<row r="3"><c t="s"><v>3</v></c></row></sheetData>`, result{Mistakes: []string{`The workbook "people.csv" is damaged: it cannot be read beyond row 3. Open it in a spreadsheet program and save it again.`}}},
		"wild column":  {`<row r="3"><c r="ZZZZ3"><v>3</v></c></row></sheetData>`, result{Mistakes: []string{`The workbook "people.csv" is damaged: it cannot be read beyond row 3. Open it in a spreadsheet program and save it again.`}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Headings = []string{"Name", "Start"}
			if d := cmp.Diff(c.want, read(t, strings.NewReader(book(t, heading+c.rows)), sheet.Options{})); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTheWantedSheetIsRead(t *testing.T) {
	file := book(t, heading+`</sheetData>`)
	if got := read(t, strings.NewReader(file), sheet.Options{Sheet: "People"}); len(got.Headings) != 2 {
		t.Errorf("got %+v", got)
	}
	want := `The workbook "people.csv" has no sheet "Staff". Its sheets are: Old, People.`
	if got := read(t, strings.NewReader(file), sheet.Options{Sheet: "Staff"}); len(got.Mistakes) != 1 || got.Mistakes[0] != want {
		t.Errorf("got %q", got.Mistakes)
	}
}

func TestAWorkbookThatUnpacksTooFarIsRefused(t *testing.T) {
	const limit = 100 << 10
	for name, file := range map[string]string{
		"rows":         book(t, heading+strings.Repeat(`<row><c><v>1</v></c></row>`, 100_000)+`</sheetData>`),
		"shared texts": book(t, "", "xl/sharedstrings.xml", `<sst>`+strings.Repeat(`<si><t>Name</t></si>`, 100_000)),
	} {
		if len(file) > limit {
			t.Fatalf("%s: the bomb itself has %d bytes", name, len(file))
		}
		got := read(t, strings.NewReader(file), sheet.Options{MaxBytes: limit})
		want := `The workbook "people.csv" unpacks to more than 1024000 bytes. Split it, or leave out columns that are not needed.`
		if len(got.Mistakes) != 1 || got.Mistakes[0] != want {
			t.Errorf("%s: got %q", name, got.Mistakes)
		}
	}
	long := book(t, heading+`<row><c t="inlineStr"><is><t>`+strings.Repeat("x", 200_000)+`</t></is></c></row>`)
	got := read(t, strings.NewReader(long), sheet.Options{})
	want := `The workbook "people.csv" has a cell that is longer than 131068 bytes, in or after row 3.`
	if len(got.Mistakes) != 1 || got.Mistakes[0] != want {
		t.Errorf("long cell: got %q", got.Mistakes)
	}
	got = read(t, strings.NewReader(long), sheet.Options{MaxBytes: 100})
	want = `The file "people.csv" is larger than 100 bytes. Split it, or leave out columns that are not needed.`
	if len(got.Mistakes) != 1 || got.Mistakes[0] != want {
		t.Errorf("large file: got %q", got.Mistakes)
	}
}

func TestNumbersAndDatesOfAWorkbookKeepTheirKind(t *testing.T) {
	f := excelize.NewFile()
	must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"fte", "start", "serial", "typed", "text", "year"}))
	must(t, f.SetSheetRow("Sheet1", "A2", &[]any{1.234, time.Date(2011, 3, 31, 0, 0, 0, 0, time.UTC), 45292, 20240131, "03/02/2024", 2024}))
	var file bytes.Buffer
	must(t, f.Write(&file))
	// A reader that cannot jump must give the same.
	for _, in := range []io.Reader{bytes.NewReader(file.Bytes()), io.MultiReader(&file)} {
		r, err := sheet.Open(in, "people.xlsx", sheet.Options{})
		must(t, err)
		if r.Format() != sheet.XLSX {
			t.Errorf("got %s", r.Format())
		}
		for row, err := range r.Rows() {
			must(t, err)
			if v, ok, err := row.Decimal("fte", sheet.Comma); v != 1.234 || !ok || err != nil {
				t.Errorf("fte: got %v %t %v", v, ok, err)
			}
			for heading, want := range map[string]string{"start": "2011-03-31", "serial": "2024-01-01", "typed": "2024-01-31", "text": "2024-02-03"} {
				if d, ok, err := row.Day(heading, sheet.DayFirst); err != nil || !ok || d.Format("2006-01-02") != want {
					t.Errorf("%s: got %v %t %v", heading, d, ok, err)
				}
			}
			if d, ok, err := row.Day("year", sheet.Unsure); err == nil {
				t.Errorf("year: got %v %t", d, ok)
			}
		}
	}
}

func TestDaysCountedFrom1904(t *testing.T) {
	f := excelize.NewFile()
	yes := true
	must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
	must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"start", "serial"}))
	must(t, f.SetSheetRow("Sheet1", "A2", &[]any{time.Date(2011, 3, 31, 0, 0, 0, 0, time.UTC), 45292 - 1462}))
	var file bytes.Buffer
	must(t, f.Write(&file))
	r, err := sheet.Open(&file, "people.xlsx", sheet.Options{})
	must(t, err)
	for row, err := range r.Rows() {
		must(t, err)
		for heading, want := range map[string]string{"start": "2011-03-31", "serial": "2024-01-01"} {
			if d, _, err := row.Day(heading, sheet.Unsure); err != nil || d.Format("2006-01-02") != want {
				t.Errorf("%s: got %v %v", heading, d, err)
			}
		}
	}
}
