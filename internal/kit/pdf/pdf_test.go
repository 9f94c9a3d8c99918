package pdf

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// A long word in a narrow heading is set smaller, not cut in two; the same document is the
// same file.
func TestAHeadingKeepsItsWordsWhole(t *testing.T) {
	made := func() (*Document, []byte) {
		d := New("Title", "nl", "Footer", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
		table := Table{Header: []string{"Eenheid", "Langetermijngerichtheid", "b", "c", "d", "e"}}
		for range 80 { // more than a page
			table.Rows = append(table.Rows, []Cell{{Text: "Łódź"}, {Text: "−0,2", Number: true, Fill: -1}, {}, {}, {}, {}})
		}
		d.Table(table)
		low := 7.5
		d.Dots(Dots{Low: 5, High: 9, Step: 1, Lines: []DotLine{{Name: "One", Value: &low, Text: "7.5", From: 7, To: 8}, {Name: "Two", Text: "withheld"}}}, func(float64) string { return "x" })
		var b bytes.Buffer
		if err := d.Write(&b); err != nil {
			t.Fatal(err)
		}
		return d, b.Bytes()
	}
	d, file := made()
	if _, again := made(); !bytes.Equal(file, again) {
		t.Error("the same document makes two files")
	}
	if n := d.f.PageCount(); n < 2 {
		t.Errorf("%d pages", n)
	}
	widths := Table{Header: make([]string, 7)}.widths()
	d.f.SetCellMargin(.4)
	d.headLetter("Langetermijngerichtheid", widths[1])
	if lines := d.f.SplitText("Langetermijngerichtheid", widths[1]); len(lines) != 1 {
		t.Errorf("the word is cut: %s", strings.Join(lines, "/"))
	}
}
