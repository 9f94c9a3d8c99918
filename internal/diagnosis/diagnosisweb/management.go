package diagnosisweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/pdf"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// management is everything that the management report is made of.
type management struct {
	*reading
	Organisation org.Organisation
	Candidates   []diagnosis.Candidate
	Chosen       diagnosisdb.Chosen
	Compared     *diagnosisdb.Compared // nil without a diagnosis before
	Judged       *diagnosisdb.Judged   // nil where none decided on focal points
}

// managementReport writes the report for management as PDF, or as a workbook.
func (p *Pages) managementReport(w http.ResponseWriter, r *http.Request) error {
	rd, actor, err := p.wholeReport(r)
	if err != nil {
		return err
	}
	ctx, m := r.Context(), management{reading: rd}
	if m.Organisation, err = p.Org.Organisation(ctx, actor.Organisation); err != nil {
		return err
	}
	if m.Candidates, err = p.candidates(ctx, rd); err != nil {
		return err
	}
	if m.Chosen, err = p.Store.Focal(ctx, rd.organisation, rd.Diagnosis.ID); err != nil {
		return err
	}
	if len(rd.Earlier) > 0 {
		if m.Compared, err = p.Store.Compare(ctx, rd.organisation, rd.Diagnosis.ID, rd.Earlier[0].ID); err != nil {
			return err
		}
		if m.Judged, err = p.judged(ctx, rd, ""); fault.KindOf(err) != fault.NotFound && err != nil {
			return err
		}
	}
	switch r.URL.Query().Get("format") {
	case "xlsx":
		web.Attach(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", web.FileName(rd.Diagnosis.Name+"-management", "xlsx"))
		return m.workbook(ctx, w)
	case "pdf", "":
		web.Attach(w, "application/pdf", web.FileName(rd.Diagnosis.Name+"-management", "pdf"))
		return m.document(ctx).Write(w)
	}
	return fault.NotFoundf("the management report comes as PDF or XLSX")
}

// tables are the sheets of the workbook.
func (m management) tables(ctx context.Context) []web.Table {
	whole := &m.reading.Report.Groups[0]
	all := []web.Table{
		m.withReference(m.factorTable(ctx, whole), m.factorIDs()),
		m.withReference(m.itemTable(ctx, whole), m.itemIDs()),
		m.unitTable(ctx, m.all()),
	}
	for _, t := range m.groupTables(ctx) {
		all = append(all, t.Table)
	}
	if m.Compared != nil {
		all = append(all, waveForm{reading: m.reading, Compared: m.Compared, Focus: m.roots()[0]}.table(ctx))
	}
	if m.Judged != nil {
		all = append(all, m.judgedTable(ctx, m.Judged))
	}
	if len(m.reading.Report.Drivings) > 0 {
		all = append(all, m.drivingTable(ctx))
	}
	all = append(all, m.candidateTable(ctx, m.Candidates), m.focalTable(ctx), m.reliabilityTable(ctx),
		m.weightedTable(ctx, m.Instrument.Weightings(m.reading.Report)))
	return slices.DeleteFunc(all, func(t web.Table) bool { return len(t.Rows) == 0 })
}

// focalTable has a row for each focal point and recommendation.
func (m management) focalTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Focal points"), Header: []string{lang.T(ctx, "Focal point"), lang.T(ctx, "What shall be different"), lang.T(ctx, "Recommendation"),
		lang.T(ctx, "Owner"), lang.T(ctx, "Promised"), lang.T(ctx, "Characteristics")}}
	promised := func(v float64) any {
		if v == 0 {
			return nil
		}
		return v
	}
	for _, f := range m.Chosen.Focal {
		t.Rows = append(t.Rows, []any{f.Theme, f.Wording, "", f.Owner, promised(f.Promise), m.names(f.Items)})
		for _, r := range f.Recommendations {
			t.Rows = append(t.Rows, []any{f.Theme, "", r.Text, f.Owner, promised(r.Promise), m.names(r.About(f))})
		}
	}
	return t
}

// workbook writes a sheet for each table.
func (m management) workbook(ctx context.Context, w http.ResponseWriter) error {
	all := m.tables(ctx)
	var names []string
	for _, t := range all {
		names = append(names, distinct(web.SheetName(t.Name), names))
	}
	out, err := sheet.NewWriter(w, sheet.XLSX, sheet.WriteOptions{Sheet: names[0]}, all[0].Header...)
	for i, t := range all {
		if err == nil && i > 0 {
			err = out.Sheet(names[i], t.Header...)
		}
		for _, row := range t.Rows {
			if err == nil {
				err = out.Write(web.PlainCells(row)...)
			}
		}
	}
	if err != nil {
		return err
	}
	return out.Close()
}

// distinct is a name of a sheet that none of the others has: two names that differ in case
// alone are one.
func distinct(name string, taken []string) string {
	try := name
	for n := 2; slices.ContainsFunc(taken, func(other string) bool { return strings.EqualFold(other, try) }); n++ {
		end := fmt.Sprintf(" (%d)", n)
		runes := []rune(name)
		try = string(runes[:min(len(runes), 31-len(end))]) + end
	}
	return try
}

// document is the report as somebody reads it from top to bottom.
func (m management) document(ctx context.Context) *pdf.Document {
	whole := &m.reading.Report.Groups[0]
	footer := m.Organisation.Name + " · " + m.Diagnosis.Name
	if m.Organisation.Simulated {
		footer += " · " + lang.T(ctx, "simulated")
	}
	d := pdf.New(footer, m.Tag, footer, m.Diagnosis.ClosedAt)
	d.Title(footer+" · "+closedOn(m.Diagnosis)+" · "+responseText(ctx, m.reading, whole), m.heading(ctx, whole), m.summary(ctx, whole)+" "+m.years(ctx, whole))
	m.drawFactors(ctx, d)
	d.Heading(lang.T(ctx, "Strongest and weakest"))
	d.Text(m.plainWords(ctx, whole))
	if gaps := m.levelGaps(); len(gaps) > 0 {
		d.Heading(lang.T(ctx, "Between levels"))
		d.Text(m.gapText(ctx, gaps))
		for _, t := range m.groupTables(ctx)[:1] {
			d.Table(cells(ctx, t.Table, 1))
		}
	}
	d.Heading(lang.T(ctx, "Where"))
	d.Text(m.unitsHeading(ctx, m.below(0)))
	d.Table(m.heatCells(ctx))
	d.Note(lang.T(ctx, "Difference from the whole organisation, in points. Bold: clear (95 %%). What is withheld is left out, so that nobody can be recognised."))
	m.drawChange(ctx, d)
	m.drawOutcomes(ctx, d)
	m.drawFocal(ctx, d)
	d.NewPage()
	d.Heading(lang.T(ctx, "All characteristics"))
	d.Table(cells(ctx, m.sortedTable(ctx), 1))
	d.Heading(lang.T(ctx, "How the figures came about, and how far they hold."))
	d.Table(cells(ctx, m.reliabilityTable(ctx), 2))
	d.Note(lang.T(ctx, "No figure rests on fewer than %d people, nor could one of fewer be worked out from what is shown. Standard deviations need ten answers.", m.reading.Report.Minimum))
	d.Note(m.Instrument.Notice.In(m.Tag))
	return d
}

func (m management) drawFactors(ctx context.Context, d *pdf.Document) {
	whole := &m.reading.Report.Groups[0]
	d.Heading(lang.N(ctx, len(m.Instrument.Factors), "One factor", "%d factors"))
	d.Dots(m.factorDots(ctx, whole, nil).printed(ctx))
	d.Note(lang.T(ctx, "● mean, with its 95 %% interval.") + " " + m.referenceNote(ctx))
	d.Table(cells(ctx, m.withReference(m.factorTable(ctx, whole), m.factorIDs()), 2))
}

// printed is a picture as the document draws it.
func (d dots) printed(ctx context.Context) (pdf.Dots, func(float64) string) {
	p := pdf.Dots{Low: d.Low, High: d.High, Step: d.Step, Target: d.Target, TargetText: d.TargetText}
	for _, l := range d.Lines {
		one := pdf.DotLine{Name: l.Name, Value: l.Mean, From: l.From, To: l.To, Text: lang.T(ctx, "withheld")}
		if l.Mean != nil {
			one.Text = d.text(ctx, *l.Mean)
		}
		p.Lines = append(p.Lines, one)
	}
	return p, func(v float64) string { return fmt.Sprint(v) + d.unit() }
}

func (m management) drawChange(ctx context.Context, d *pdf.Document) {
	if m.Compared == nil {
		return
	}
	f := waveForm{reading: m.reading, Compared: m.Compared, Focus: 0}
	d.Heading(lang.T(ctx, "Since %s", m.Compared.Then.Diagnosis.Name))
	d.Text(f.heading(ctx))
	d.Table(cells(ctx, f.factorTable(ctx).Only(0, 1, 2, 3, 4, 5, 9), 2))
	if m.Judged == nil {
		return
	}
	d.Heading(lang.T(ctx, "What was promised, and what moved"))
	d.Text(keptText(ctx, m.Judged))
	var lines []string
	for _, j := range m.Judged.Focal {
		lines = append(lines, j.Focal.Theme+": "+keepingText(ctx, j.Whole.Keeping)+". "+movedText(ctx, j.Whole))
	}
	d.List(lines)
}

func (m management) drawOutcomes(ctx context.Context, d *pdf.Document) {
	if len(m.reading.Report.Drivings) == 0 {
		return
	}
	d.Heading(lang.T(ctx, "Outcomes"))
	for _, one := range m.reading.Report.Drivings {
		d.Text(m.drivingText(ctx, one))
		if one.Factors.Unknown == "" {
			d.Text(m.explainedText(ctx, one))
		}
	}
	d.Note(lang.T(ctx, "An association, answered by the same people at the same time: it does not say that the one brings about the other."))
}

func (m management) drawFocal(ctx context.Context, d *pdf.Document) {
	d.Heading(lang.T(ctx, "Focal points"))
	if len(m.Chosen.Focal) == 0 {
		d.Text(focalForm{reading: m.reading, Candidates: m.Candidates}.heading(ctx))
	} else {
		d.Text(minutesHeading(ctx, m.Chosen))
	}
	for _, f := range m.Chosen.Focal {
		owner := lang.T(ctx, "no owner yet")
		if f.Owner != "" {
			owner = lang.T(ctx, "owner: %s", f.Owner)
		}
		lines := []string{f.Theme + " (" + owner + "). " + f.Wording + " " + promiseText(ctx, f.Promise)}
		for _, r := range f.Recommendations {
			lines = append(lines, lang.T(ctx, "Recommended")+": "+r.Text+" "+promiseText(ctx, r.Promise))
		}
		d.List(lines)
	}
	t := pdf.Table{Header: []string{lang.T(ctx, "Candidate"), lang.T(ctx, "Mean"), lang.T(ctx, "Reasons")}, Widths: []float64{.22, .08, .7}}
	for _, c := range m.Candidates {
		text := ""
		for _, why := range c.Reasons {
			text += m.reasonText(ctx, why) + " "
		}
		t.Rows = append(t.Rows, []pdf.Cell{{Text: m.item(c.Item)}, {Text: one(ctx, c.Mean), Number: true}, {Text: text}})
	}
	d.Table(t)
}

// sortedTable has the characteristics of the whole, the lowest first.
func (m management) sortedTable(ctx context.Context) web.Table {
	t := m.withReference(m.itemTable(ctx, &m.reading.Report.Groups[0]), m.itemIDs())
	rows := make([][]any, 0, len(t.Rows))
	for _, i := range m.sortedItems() {
		rows = append(rows, t.Rows[i])
	}
	t.Rows = rows
	if m.Reference != nil {
		return t.Only(0, 1, 2, 3, 6)
	}
	return t.Only(0, 1, 2, 3)
}

// heatCells are the units right below the whole against it.
func (m management) heatCells(ctx context.Context) pdf.Table {
	t := pdf.Table{Header: []string{lang.T(ctx, "Unit"), lang.T(ctx, "Answers")}}
	for f := range m.Instrument.Factors {
		t.Header = append(t.Header, m.factor(f))
	}
	for _, u := range m.below(0) {
		g := m.reading.Report.Unit(u)
		row := []pdf.Cell{{Text: m.reading.Report.Units[u].Name}, {Text: lang.T(ctx, "withheld"), Hushed: true, Number: true}}
		if g != nil && g.Verdict == diagnosis.Shown {
			row[1] = pdf.Cell{Text: lang.T(ctx, "%d", g.N), Number: true}
		}
		for f := range m.Instrument.Factors {
			s, whole := factorScore(g, f), factorScore(&m.reading.Report.Groups[0], f)
			if s == nil || whole == nil {
				row = append(row, pdf.Cell{Text: web.Cell(ctx, nil, 1), Hushed: true, Number: true})
				continue
			}
			diff := s.Mean - whole.Mean
			row = append(row, pdf.Cell{Text: signed(ctx, diff), Number: true, Fill: shadeOf(diff), Bold: m.clear(g, s, whole)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// cells turns a table into one of the document.
func cells(ctx context.Context, all web.Table, decimals int) pdf.Table {
	t := all.Without(lang.T(ctx, "Withheld because"))
	out := pdf.Table{Header: t.Header}
	for _, row := range t.Rows {
		var line []pdf.Cell
		for i, v := range row {
			line = append(line, pdf.Cell{Text: web.Cell(ctx, v, decimals), Number: i > 0 && t.Numeric(i), Hushed: v == nil})
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}
