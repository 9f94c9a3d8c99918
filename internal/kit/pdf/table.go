package pdf

import "strings"

// Cell is a cell of a table. A number stands at the right; Fill is a shade from -3 (far
// below) to 3 (far above), 0 for none.
type Cell struct {
	Text   string
	Number bool
	Bold   bool
	Fill   int
	Hushed bool // something that is withheld
}

// Table is a table whose first column names the rows.
type Table struct {
	Header []string
	Widths []float64 // shares of the width; nil: the first column is twice as wide as the others
	Rows   [][]Cell
}

// shades go from orange over nothing to teal, as on the pages: -3 to 3.
var shades = [...]colour{{196, 94, 32}, {232, 164, 112}, {247, 220, 196}, {255, 255, 255}, {208, 230, 226}, {128, 190, 182}, {24, 122, 112}}

// Table adds a table; its head is said again on each page.
func (d *Document) Table(t Table) {
	if len(t.Header) == 0 || len(t.Rows) == 0 {
		return
	}
	widths := t.widths()
	d.keep(20)
	d.head(t, widths)
	for _, row := range t.Rows {
		height := d.rowHeight(row, widths)
		if d.f.GetY()+height > bottom {
			d.f.AddPage()
			d.head(t, widths)
		}
		d.row(row, widths, height)
	}
	d.f.Ln(2)
}

func (t Table) widths() (all []float64) {
	for i := range t.Header {
		share := 1 / (float64(len(t.Header)) + 1)
		switch {
		case t.Widths != nil:
			share = t.Widths[i]
		case i == 0:
			share *= 2
		}
		all = append(all, share*width)
	}
	return all
}

const cellLine = 4.4

func (d *Document) head(t Table, widths []float64) {
	usual, lines := d.f.GetCellMargin(), 1
	d.f.SetCellMargin(.4)
	defer func() { d.f.SetCellMargin(usual) }()
	for i, h := range t.Header {
		d.headLetter(h, widths[i])
		lines = max(lines, len(d.f.SplitText(clean(h), widths[i])))
	}
	height := float64(lines)*3.8 + 1.5
	x, y := d.f.GetX(), d.f.GetY()
	for i, h := range t.Header {
		align := "L"
		if len(t.Rows) > 0 && i < len(t.Rows[0]) && t.Rows[0][i].Number {
			align = "R"
		}
		d.headLetter(h, widths[i])
		d.f.SetXY(x, y)
		d.f.MultiCell(widths[i], 3.8, clean(h), "", align, false)
		x += widths[i]
	}
	d.rule(y + height)
	d.f.SetXY(margin, y+height)
}

// headLetter is the type of a heading: as small as its longest word needs to stay whole.
func (d *Document) headLetter(heading string, room float64) {
	for size := float64(small - 1); size >= 4.5; size -= .25 {
		d.letter("B", size, soft)
		fits := true
		for _, word := range strings.Fields(heading) {
			fits = fits && len(d.f.SplitText(word, room)) == 1
		}
		if fits {
			return
		}
	}
}

func (d *Document) rule(y float64) {
	d.f.SetDrawColor(hair.r, hair.g, hair.b)
	d.f.SetLineWidth(.2)
	d.f.Line(margin, y, margin+width, y)
}

func (d *Document) rowHeight(row []Cell, widths []float64) float64 {
	lines := 1
	for i, c := range row {
		d.letter(c.style(), small+1, ink)
		lines = max(lines, len(d.f.SplitText(clean(c.Text), widths[i])))
	}
	return float64(lines)*cellLine + 1.4
}

func (c Cell) style() string {
	if c.Bold {
		return "B"
	}
	return ""
}

func (d *Document) row(row []Cell, widths []float64, height float64) {
	x, y := float64(margin), d.f.GetY()
	for i, c := range row {
		letters := ink
		if c.Hushed {
			letters = soft
		}
		if c.Fill != 0 {
			shade := shades[c.Fill+3]
			d.f.SetFillColor(shade.r, shade.g, shade.b)
			d.f.Rect(x+.4, y+.3, widths[i]-.8, height-.6, "F")
			if c.Fill == -3 || c.Fill == 3 {
				letters = white
			}
		}
		d.letter(c.style(), small+1, letters)
		align := "L"
		if c.Number || c.Fill != 0 {
			align = "R"
		}
		d.f.SetXY(x, y+.7)
		d.f.MultiCell(widths[i], cellLine, clean(c.Text), "", align, false)
		x += widths[i]
	}
	d.rule(y + height)
	d.f.SetXY(margin, y+height)
}
