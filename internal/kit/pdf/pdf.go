// Package pdf writes a report of headings, paragraphs, tables and simple pictures as PDF, on
// A4 upright.
package pdf

import (
	"io"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
)

// Document is a report under way. Its methods add to it from top to bottom; a mistake shows
// when it is written.
type Document struct {
	f      *fpdf.Fpdf
	footer string
}

// Millimetres, and points of type.
const (
	margin = 18
	width  = 210 - 2*margin
	bottom = 297 - margin
	line   = 5.2
	body   = 10
	small  = 8
	font   = "go"
)

type colour struct{ r, g, b int }

var (
	ink    = colour{27, 31, 36}
	soft   = colour{91, 99, 108}
	hair   = colour{222, 224, 220}
	accent = colour{12, 107, 98}
	pale   = colour{167, 205, 200}
	white  = colour{255, 255, 255}
)

// New begins a document. The footer stands on every page beside its number; made is the
// moment that the file says it was made at.
func New(title, language, footer string, made time.Time) *Document {
	d := &Document{f: fpdf.New("P", "mm", "A4", ""), footer: footer}
	d.f.AddUTF8FontFromBytes(font, "", goregular.TTF)
	d.f.AddUTF8FontFromBytes(font, "B", gobold.TTF)
	d.f.AddUTF8FontFromBytes(font, "I", goitalic.TTF)
	d.f.SetTitle(title, true)
	d.f.SetLang(language)
	d.f.SetCreationDate(made)
	d.f.SetModificationDate(made)
	d.f.SetCatalogSort(true)
	d.f.SetMargins(margin, margin, margin)
	d.f.SetAutoPageBreak(true, margin)
	d.f.SetFooterFunc(func() {
		d.f.SetY(-12)
		d.letter("", small, soft)
		d.f.CellFormat(width-20, 5, d.footer, "", 0, "L", false, 0, "")
		d.f.CellFormat(20, 5, strconv.Itoa(d.f.PageNo()), "", 0, "R", false, 0, "")
	})
	d.f.AddPage()
	return d
}

func (d *Document) letter(style string, size float64, c colour) {
	d.f.SetFont(font, style, size)
	d.f.SetTextColor(c.r, c.g, c.b)
}

func (d *Document) write(text string, height float64) {
	d.f.MultiCell(width, height, clean(text), "", "L", false)
}

// clean leaves out what the font has no sign for in running text.
func clean(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\r", "").Replace(text)
}

// keep begins a new page where less than so much of this one is left.
func (d *Document) keep(height float64) {
	if d.f.GetY()+height > bottom {
		d.f.AddPage()
	}
}

// Title is the head of the document: a line above, the finding, a line below.
func (d *Document) Title(above, title, below string) {
	d.letter("", small, soft)
	d.write(above, line)
	d.f.Ln(1)
	d.letter("B", 20, ink)
	d.write(title, 8.5)
	d.f.Ln(1)
	d.letter("", body+1, ink)
	d.write(below, line+.4)
	d.f.Ln(3)
}

// Heading begins a section.
func (d *Document) Heading(text string) {
	d.keep(30)
	d.f.Ln(4)
	d.letter("B", 13, ink)
	d.write(text, 6.5)
	d.f.Ln(1)
}

// Text is a paragraph.
func (d *Document) Text(text string) {
	if text == "" {
		return
	}
	d.letter("", body, ink)
	d.write(text, line)
	d.f.Ln(1.5)
}

// Note is a paragraph in small type.
func (d *Document) Note(text string) {
	if text == "" {
		return
	}
	d.letter("", small, soft)
	d.write(text, 4.2)
	d.f.Ln(1.5)
}

// List is a list of points.
func (d *Document) List(points []string) {
	for _, p := range points {
		d.keep(line)
		d.letter("", body, ink)
		d.f.CellFormat(5, line, "•", "", 0, "L", false, 0, "")
		d.f.MultiCell(width-5, line, clean(p), "", "L", false)
	}
	d.f.Ln(1.5)
}

// NewPage begins a page.
func (d *Document) NewPage() { d.f.AddPage() }

// Write ends the document and writes it.
func (d *Document) Write(w io.Writer) error { return d.f.Output(w) }
