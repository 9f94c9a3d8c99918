package diagnosis

import (
	"errors"
	"iter"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// Row is one row of a file of answers. Its cells may be reused by the next row.
type Row struct {
	Line  int // as a person would find it in the file
	Cells []string
}

// Reading is a file of answers, read.
type Reading struct {
	Answers     *Answers
	Attributes  []AttributeColumn // as asked for, in that order
	Cells       [][]int16         // per cell of Answers, its value of each attribute
	Respondents []string          // per response, where the instrument names their column
	Lines       []int             // per response
}

// AttributeColumn is one attribute of every response.
type AttributeColumn struct {
	Name   string
	Values []string // in ascending order; "" is 'not stated', a group of its own
	Of     []int16  // per response, an index into Values
}

// mostMistakes is how many mistakes of one file are told; reading stops there.
const mostMistakes = 100

// ReadRows reads a file of answers: header is its heading row, rows what follows,
// by the attributes to read (each an attribute's name in the instrument, else a
// heading). Rows whose cells are all empty are passed over; any other row is a
// response, even without an answer. It reports columns that are missing, answers
// that are not on the scale, a respondent who stands there twice, and a file
// without rows: each by line, column and reason, joined into one error. Mistakes
// that rows yields are joined to them.
func ReadRows(in *Instrument, header []string, rows iter.Seq2[Row, error], by ...string) (*Reading, error) {
	r := newRowReader(in, header, by)
	if len(r.mistakes) > 0 {
		return nil, errors.Join(r.mistakes...)
	}
	for row, err := range rows {
		if err != nil {
			r.mistakes = append(r.mistakes, err)
		} else {
			r.row(row)
		}
		if len(r.mistakes) >= mostMistakes {
			r.add(fault.Invalidf("reading stopped after %d mistakes; correct these first", len(r.mistakes)))
			break
		}
	}
	if len(r.mistakes) == 0 && r.answers.Len() == 0 {
		r.add(fault.Invalidf("the file has no answers: no row follows the headings"))
	}
	if len(r.mistakes) > 0 {
		return nil, errors.Join(r.mistakes...)
	}
	return r.finish(), nil
}

type rowReader struct {
	in          *Instrument
	header      []string
	items       []PlacedItem
	columns     []int   // per item, its place in a row
	words       []words // per item
	respondent  int     // place in a row, -1 if the instrument names none
	respondents []string
	seen        map[string]int
	attributes  []*attributeReader
	answers     *Answers
	lines       []int
	packed      []byte
	mistakes    []error
}

type attributeReader struct {
	name   string
	column int
	index  map[string]int16
	of     []int16
}

func (r *rowReader) add(err error) { r.mistakes = append(r.mistakes, err) }

func newRowReader(in *Instrument, header []string, by []string) *rowReader {
	r := &rowReader{
		in: in, header: header, items: in.Items(), respondent: -1,
		seen: map[string]int{}, answers: NewAnswers(in, 0),
	}
	r.packed = make([]byte, len(r.items))
	shared := map[*Scale]words{}
	for _, it := range r.items {
		w, ok := shared[it.Scale]
		if !ok {
			w = newWords(in, it.Scale)
			shared[it.Scale] = w
		}
		r.words = append(r.words, w)
		r.columns = append(r.columns, r.find(it.Column))
	}
	if in.Respondent != "" {
		r.respondent = r.find(in.Respondent)
	}
	for _, name := range by {
		r.attribute(name)
	}
	return r
}

// find returns the place of a heading, exactly written or but for case and spaces.
func (r *rowReader) find(heading string) int {
	column := slices.Index(r.header, heading)
	if column < 0 {
		column = slices.IndexFunc(r.header, func(h string) bool { return fold(h) == fold(heading) })
	}
	if column < 0 || fold(heading) == "" {
		r.add(fault.Invalidf("the file has no column %q; give a column this heading, or correct the name", clip(heading)))
		return -1
	}
	for other := column + 1; other < len(r.header); other++ {
		if r.header[other] == r.header[column] {
			r.add(fault.Invalidf("the heading %q stands over two columns; rename one of them", clip(heading)))
			break
		}
	}
	return column
}

func (r *rowReader) attribute(name string) {
	heading := name
	for _, a := range r.in.Attributes {
		if fold(a.Name) == fold(name) {
			name, heading = a.Name, a.Column
			if heading == "" {
				heading = a.Name
			}
			break
		}
	}
	if slices.ContainsFunc(r.attributes, func(a *attributeReader) bool { return a.name == name }) {
		return
	}
	mistakes := len(r.mistakes)
	column := r.find(heading)
	if len(r.mistakes) == mistakes && (slices.Contains(r.columns, column) || column == r.respondent) {
		r.add(fault.Invalidf("answers cannot be grouped by %q: the instrument reads this column as an answer or as the respondent", clip(name)))
	}
	r.attributes = append(r.attributes, &attributeReader{name: name, column: column, index: map[string]int16{}})
}

func (r *rowReader) row(row Row) {
	if !slices.ContainsFunc(row.Cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return
	}
	cell := func(column int) string {
		if column < 0 || column >= len(row.Cells) {
			return ""
		}
		return strings.TrimSpace(row.Cells[column])
	}
	for i := range r.items {
		b, ok := r.words[i].read(cell(r.columns[i]))
		if !ok {
			s := r.items[i].Scale
			r.add(fault.Invalidf("line %d, column %q: %s is not on the scale %d-%d", row.Line, clip(r.header[r.columns[i]]), clip(cell(r.columns[i])), s.Min, s.Max))
		}
		r.packed[i] = b
	}
	who := cell(r.respondent)
	if r.respondent >= 0 {
		r.respondents = append(r.respondents, strings.Clone(who))
	}
	if who != "" {
		if first, ok := r.seen[who]; ok {
			r.add(fault.Invalidf("line %d, column %q: respondent %s already stands in line %d; keep one of the two", row.Line, clip(r.header[r.respondent]), clip(who), first))
		} else {
			r.seen[strings.Clone(who)] = row.Line
		}
	}
	for _, a := range r.attributes {
		if !a.add(cell(a.column)) {
			r.add(fault.Invalidf("line %d, column %q: this column has more than %d different values; it is no attribute by which to report", row.Line, clip(r.header[a.column]), mostValues))
		}
	}
	r.lines = append(r.lines, row.Line)
	if err := r.answers.Append(r.packed, 0); err != nil {
		r.add(err)
	}
}

// mostValues of one attribute; beyond it every group would be withheld anyhow.
const mostValues = 20_000

func (a *attributeReader) add(value string) bool {
	v, ok := a.index[value]
	if !ok {
		if len(a.index) == mostValues {
			return false
		}
		v = int16(len(a.index))
		a.index[strings.Clone(value)] = v
	}
	a.of = append(a.of, v)
	return true
}

// finish puts the values in ascending order, so that nothing depends on the order of the rows.
func (a *attributeReader) finish() AttributeColumn {
	values := make([]string, 0, len(a.index))
	for v := range a.index {
		values = append(values, v)
	}
	slices.Sort(values)
	place := make([]int16, len(values))
	for to, v := range values {
		place[a.index[v]] = int16(to)
	}
	for r, v := range a.of {
		a.of[r] = place[v]
	}
	return AttributeColumn{Name: a.name, Values: values, Of: a.of}
}

func (r *rowReader) finish() *Reading {
	done := &Reading{Answers: r.answers, Respondents: r.respondents, Lines: r.lines}
	var columns [][]int16
	for _, a := range r.attributes {
		column := a.finish()
		done.Attributes = append(done.Attributes, column)
		columns = append(columns, column.Of)
	}
	done.Answers.Cell, done.Cells = CellsOf(r.answers.Len(), columns...)
	return done
}
