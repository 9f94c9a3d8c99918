package pdf

// Dots is a picture of values on one axis, a line each.
type Dots struct {
	Low, High  float64
	Step       float64 // between the ticks
	Target     *float64
	TargetText string
	Lines      []DotLine
}

// DotLine is one value, with its interval where To is above From; nil is one that is
// withheld.
type DotLine struct {
	Name     string
	Value    *float64
	Text     string // of the value, or instead of it
	From, To float64
}

// Dots adds a picture; tick writes the numbers of the axis.
func (d *Document) Dots(p Dots, tick func(v float64) string) {
	const left, step, head = 62.0, 8.5, 7.0
	height := head + step*float64(len(p.Lines)) + 8
	d.keep(height)
	top := d.f.GetY()
	at := func(v float64) float64 {
		share := (v - p.Low) / (p.High - p.Low)
		return margin + left + min(max(share, 0), 1)*(width-left-8)
	}
	base := top + head + step*float64(len(p.Lines))
	if p.Target != nil {
		d.f.SetDrawColor(ink.r, ink.g, ink.b)
		d.f.SetLineWidth(.25)
		d.f.SetDashPattern([]float64{.8, 1}, 0)
		d.f.Line(at(*p.Target), top+5, at(*p.Target), base)
		d.f.SetDashPattern(nil, 0)
		d.letter("", small, ink)
		d.f.SetXY(at(*p.Target)-15, top)
		d.f.CellFormat(30, 4, p.TargetText, "", 0, "C", false, 0, "")
	}
	for i, l := range p.Lines {
		d.dotLine(l, top+head+step*(float64(i)+.6), at, at(p.Low), at(p.High))
	}
	d.letter("", small, soft)
	for v := p.Low; v <= p.High+1e-9; v += p.Step {
		d.f.SetXY(at(v)-8, base+1)
		d.f.CellFormat(16, 4, tick(v), "", 0, "C", false, 0, "")
	}
	d.f.SetXY(margin, base+7)
}

func (d *Document) dotLine(l DotLine, y float64, at func(float64) float64, left, right float64) {
	d.letter("", small+1, ink)
	d.f.SetXY(margin, y-2.2)
	d.f.CellFormat(60, 4.4, l.Name, "", 0, "L", false, 0, "")
	d.f.SetDrawColor(hair.r, hair.g, hair.b)
	d.f.SetLineWidth(.25)
	d.f.Line(left, y, right, y)
	if l.Value == nil {
		d.letter("I", small, soft)
		d.f.SetXY(left, y-4.6)
		d.f.CellFormat(right-left, 4, l.Text, "", 0, "C", false, 0, "")
		return
	}
	if l.To > l.From {
		d.f.SetDrawColor(pale.r, pale.g, pale.b)
		d.f.SetLineWidth(1.6)
		d.f.SetLineCapStyle("round")
		d.f.Line(at(l.From), y, at(l.To), y)
		d.f.SetLineCapStyle("butt")
	}
	d.f.SetFillColor(accent.r, accent.g, accent.b)
	d.f.Circle(at(*l.Value), y, 1.5, "F")
	d.letter("B", small, ink)
	d.f.SetXY(at(*l.Value)-10, y-5.6)
	d.f.CellFormat(20, 4, l.Text, "", 0, "C", false, 0, "")
}
