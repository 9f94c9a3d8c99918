package impact

import (
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Row is a line of a file: of a panel, a unit in a period; of a list of units, a unit.
// What the file has no column for, or leaves empty, is "" or NaN.
type Row struct {
	Line                       int
	Unit, Time, Start, Cluster string
	Outcome, Weight, Offset    float64
	Covariates                 []float64
}

// Reading says how a file's rows become a panel.
type Reading struct {
	Never       string   // the start of units in which nothing starts, beside "" and 0
	Absent      *float64 // the outcome where there is no row; nil: missing
	First, Last string   // the periods that count; "" is the file's own first or last
	Covariates  []string // their names
	Listed      bool     // starts stand in the list of units
	Clustered   bool
	Weighted    bool
	Offsets     bool // of counts, what they are out of
}

// mostValues is how many a panel may have.
const mostValues = 50_000_000

// Read makes a panel of the rows of a file and, where there is one, a list of units whose
// columns go before those of the file. It also returns the offsets, as the outcome is laid
// out, where the file has them.
//
// Mistakes name the line: a period or start that is none, a value that is there twice, a
// unit with two starts.
func (o Reading) Read(rows, units iter.Seq2[Row, error]) (*Panel, []float64, []fault.Remark, error) {
	r := &reader{o: o, at: map[string]int{}}
	for _, read := range []struct {
		rows iter.Seq2[Row, error]
		take func(Row) error
	}{{units, r.unit}, {rows, r.row}} {
		if read.rows == nil {
			continue
		}
		for row, err := range read.rows {
			if err == nil {
				err = read.take(row)
			}
			if err != nil {
				return nil, nil, nil, err
			}
		}
	}
	return r.panel()
}

type reader struct {
	o       Reading
	at      map[string]int
	units   []Row  // the first of each, or its line of the list
	met     []bool // has a row in the panel
	listed  int
	cells   []Row
	remarks []fault.Remark
	uneven  []string // covariates that change over time
}

// unit takes a line of the list of units.
func (r *reader) unit(row Row) error {
	if row.Unit == "" {
		return fault.Invalidf("line %d of the list of units names no unit", row.Line)
	}
	if first, twice := r.at[row.Unit]; twice {
		return fault.Invalidf("the list of units has %s on line %d and on line %d: keep one", row.Unit, r.units[first].Line, row.Line)
	}
	r.at[row.Unit] = len(r.units)
	r.units, r.met = append(r.units, row), append(r.met, false)
	r.listed++
	return nil
}

// row takes a line of the panel.
func (r *reader) row(row Row) error {
	if row.Unit == "" || row.Time == "" {
		return fault.Invalidf("line %d has no unit or no period", row.Line)
	}
	at, seen := r.at[row.Unit]
	switch {
	case !seen && r.listed > 0:
		return fault.Invalidf("line %d: the list of units does not have %s; add it, or leave its rows out", row.Line, row.Unit)
	case !seen:
		at = len(r.units)
		r.at[row.Unit] = at
		r.units, r.met = append(r.units, row), append(r.met, true)
	default:
		if err := r.same(&r.units[at], row, !r.met[at]); err != nil {
			return err
		}
		r.met[at] = true
	}
	r.cells = append(r.cells, row)
	return nil
}

// same compares what a unit has on two lines. What a list of units does not say is taken
// from the unit's first line of the panel.
func (r *reader) same(unit *Row, row Row, first bool) error {
	if r.o.Listed {
		row.Start = unit.Start
	} else if first {
		unit.Start, unit.Line = row.Start, row.Line
	}
	one, other := r.start(unit.Start), r.start(row.Start)
	switch {
	case one == other:
	case one == "" || other == "":
		return fault.Invalidf("line %d: %s has a start on some lines and none on others. A unit starts once and stays; for one that leaves, leave out its rows from then on, or use an estimator for treatments that switch on and off (de Chaisemartin and D'Haultfœuille), which is not one of these", row.Line, row.Unit)
	default:
		return fault.Invalidf("line %d: %s starts in %s here and in %s on line %d; a unit starts once", row.Line, row.Unit, row.Start, unit.Start, unit.Line)
	}
	if unit.Cluster == "" {
		unit.Cluster = row.Cluster
	} else if row.Cluster != "" && row.Cluster != unit.Cluster {
		return fault.Invalidf("line %d: %s is in cluster %s here and in %s on line %d; keep one", row.Line, row.Unit, row.Cluster, unit.Cluster, unit.Line)
	}
	if math.IsNaN(unit.Weight) {
		unit.Weight = row.Weight
	}
	for c, v := range row.Covariates {
		switch old := unit.Covariates[c]; {
		case math.IsNaN(old):
			unit.Covariates[c] = v
		case !math.IsNaN(v) && v != old && !slices.Contains(r.uneven, r.o.Covariates[c]):
			r.uneven = append(r.uneven, r.o.Covariates[c])
		}
	}
	return nil
}

// start is a start as it was written, "" for never.
func (r *reader) start(text string) string {
	if n, err := whole(text); err == nil && n == 0 || text == r.o.Never {
		return ""
	}
	return text
}

func (r *reader) panel() (*Panel, []float64, []fault.Remark, error) {
	if len(r.cells) == 0 {
		return nil, nil, nil, fault.Invalidf("the panel has no rows")
	}
	clock, err := r.clock()
	if err != nil {
		return nil, nil, nil, err
	}
	p := &Panel{Periods: clock.labels()}
	if n := len(p.Periods) * len(r.units); n > mostValues {
		return nil, nil, nil, fault.Invalidf("%d units over %d periods are more than %d values: leave periods or units out", len(r.units), len(p.Periods), mostValues)
	}
	if err := r.describe(p, clock); err != nil {
		return nil, nil, nil, err
	}
	offsets, err := r.fill(p, clock)
	if err != nil {
		return nil, nil, nil, err
	}
	p = r.drop(p)
	for _, name := range r.uneven {
		r.remarks = append(r.remarks, fault.Remarkf("%s changes over time: what it is on a unit's first line counts.", name))
	}
	return p, offsets, r.remarks, nil
}

// describe writes what is known of each unit into the panel.
func (r *reader) describe(p *Panel, clock *clock) error {
	clusters := map[string]int{}
	for _, name := range r.o.Covariates {
		p.Covariates = append(p.Covariates, Covariate{Name: name})
	}
	late := 0
	for _, u := range r.units {
		start, err := clock.start(r.start(u.Start), u)
		if err != nil {
			return err
		}
		if start != Never && start >= len(p.Periods) {
			start = Never
			late++
		}
		p.Units, p.Start = append(p.Units, u.Unit), append(p.Start, start)
		for c, v := range u.Covariates {
			if math.IsNaN(v) {
				return fault.Invalidf("%s (line %d) has no value for %s: fill it in, or leave the unit out", u.Unit, u.Line, r.o.Covariates[c])
			}
			p.Covariates[c].Values = append(p.Covariates[c].Values, v)
		}
		if r.o.Clustered {
			if u.Cluster == "" {
				return fault.Invalidf("%s (line %d) is in no cluster", u.Unit, u.Line)
			}
			if _, known := clusters[u.Cluster]; !known {
				clusters[u.Cluster] = len(clusters)
			}
			p.Cluster = append(p.Cluster, clusters[u.Cluster])
		}
		if r.o.Weighted {
			if !(u.Weight > 0) {
				return fault.Invalidf("%s (line %d) has no weight above 0", u.Unit, u.Line)
			}
			p.Weight = append(p.Weight, u.Weight)
		}
	}
	if late > 0 {
		r.remarks = append(r.remarks, fault.Remarkf("Units that start after the last period: %d. Within the panel nothing starts in them.", late))
	}
	return nil
}

// fill lays the outcomes out.
func (r *reader) fill(p *Panel, clock *clock) ([]float64, error) {
	absent := math.NaN()
	if r.o.Absent != nil {
		absent = *r.o.Absent
	}
	width := len(p.Periods)
	line := make([]int32, len(p.Units)*width)
	p.Outcome = make([]float64, len(line))
	for at := range p.Outcome {
		p.Outcome[at] = absent
	}
	var offsets []float64
	if r.o.Offsets {
		offsets = make([]float64, len(line))
	}
	there := make([]bool, width)
	for _, row := range r.cells {
		t, inside, err := clock.position(row.Time, row.Line)
		if err != nil {
			return nil, err
		}
		if !inside {
			continue
		}
		at := r.at[row.Unit]*width + t
		if line[at] != 0 {
			return nil, fault.Invalidf("line %d: %s has a value for %s on line %d already; keep one, or add them up", row.Line, row.Unit, row.Time, line[at])
		}
		line[at], there[t] = int32(row.Line), true
		p.Outcome[at] = row.Outcome
		if offsets != nil {
			if offsets[at] = row.Offset; !(row.Offset > 0) {
				return nil, fault.Invalidf("line %d: what the count is out of must be above 0", row.Line)
			}
		}
	}
	var empty []string
	for t, is := range there {
		if !is {
			empty = append(empty, p.Periods[t])
		}
	}
	if len(empty) > 0 && r.o.Absent == nil {
		r.remarks = append(r.remarks, fault.Remarkf("No row is about %s: comparisons over that gap are left out.", shortened(empty)))
	}
	return offsets, nil
}

// drop leaves out units of which nothing is known.
func (r *reader) drop(p *Panel) *Panel {
	empty := func(i int) bool {
		return !slices.ContainsFunc(p.row(i), func(v float64) bool { return !math.IsNaN(v) })
	}
	n := 0
	for i := range p.Units {
		if empty(i) {
			n++
		}
	}
	if n == 0 || n == len(p.Units) || r.o.Offsets {
		return p
	}
	r.remarks = append(r.remarks, fault.Remarkf("Units left out because they have no value in these periods: %d. If no row means a value, say which (absent).", n))
	return p.without(empty)
}

// shortened names a few of many.
func shortened(names []string) string {
	if len(names) > 3 {
		names = append(slices.Clone(names[:2]), "…", names[len(names)-1])
	}
	return strings.Join(names, ", ")
}

// clock places periods: whole numbers, or years, quarters and months as people write them.
type clock struct {
	grain       period.Grain // "" for numbers
	first, step int
	n           int
}

// longest is how many periods there may be.
const longest = 5000

func (r *reader) clock() (*clock, error) {
	c := &clock{}
	texts := map[string]int{}
	for _, row := range r.cells {
		if _, seen := texts[row.Time]; !seen {
			texts[row.Time] = row.Line
		}
	}
	c.grain = grainOf(texts)
	numbers := map[int]bool{}
	for text, line := range texts {
		n, ok := c.number(text)
		if !ok {
			return nil, fault.Invalidf("line %d: %q is no period; write all as whole numbers, or all as years, quarters or months such as 2026-01", line, text)
		}
		numbers[n] = true
	}
	first, last := math.MinInt, math.MaxInt
	for _, end := range []struct {
		text string
		to   *int
	}{{r.o.First, &first}, {r.o.Last, &last}} {
		if end.text == "" {
			continue
		}
		n, ok := c.number(end.text)
		if !ok {
			return nil, fault.Invalidf("%q is no period such as those of the panel", end.text)
		}
		*end.to = n
	}
	if r.o.First != "" && r.o.Last != "" && first > last {
		return nil, fault.Invalidf("the periods run from %s to %s: the first comes after the last", r.o.First, r.o.Last)
	}
	sorted := slices.DeleteFunc(slices.Sorted(maps.Keys(numbers)), func(n int) bool { return n < first || n > last })
	if len(sorted) == 0 {
		return nil, fault.Invalidf("no row lies in the periods from %s to %s", r.o.First, r.o.Last)
	}
	for i := 1; i < len(sorted); i++ {
		c.step = gcd(c.step, sorted[i]-sorted[i-1])
	}
	c.first, c.step = sorted[0], max(c.step, 1)
	end := sorted[len(sorted)-1]
	if r.o.Absent != nil { // a period without any row is one of absent values
		if r.o.First != "" { // but only as whole steps from those with rows
			c.first -= (c.first - first) / c.step * c.step
		}
		if r.o.Last != "" {
			end += (last - end) / c.step * c.step
		}
	}
	c.n = (end-c.first)/c.step + 1
	if c.n > longest || c.n > 20*len(sorted)+20 && r.o.Absent == nil {
		return nil, fault.Invalidf("the periods run from %s to %s, of which only %d have rows: number them one after the other", c.label(c.first), c.label(end), len(sorted))
	}
	return c, nil
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// grainOf is that of periods written as such; "" where all are whole numbers. Six digits
// with a month at the end are months.
func grainOf(texts map[string]int) period.Grain {
	months, numbers := true, true
	for text := range texts {
		n, err := whole(text)
		numbers = numbers && err == nil
		months = months && len(text) == 6 && n/100 >= 1900 && n/100 < 2200 && n%100 >= 1 && n%100 <= 12
	}
	if months {
		return period.Monthly
	}
	if numbers {
		return ""
	}
	for text := range texts {
		if p, err := period.Parse(text); err == nil {
			return p.Grain()
		}
	}
	return ""
}

// whole reads a whole number, also as programs write one of a column with gaps: 23.0.
func whole(text string) (int, error) { return strconv.Atoi(strings.TrimSuffix(text, ".0")) }

func (c *clock) number(text string) (int, bool) {
	if c.grain == "" {
		n, err := whole(text)
		return n, err == nil && n > -1_000_000_000 && n < 1_000_000_000
	}
	if _, err := strconv.Atoi(text); err == nil && len(text) == 6 {
		text = text[:4] + "-" + text[4:]
	}
	if p, err := period.Parse(text); err == nil && p.Grain() == c.grain {
		return p.Number(), true
	}
	return 0, false
}

func (c *clock) label(n int) string {
	if c.grain == "" {
		return strconv.Itoa(n)
	}
	return string(period.At(c.grain, n))
}

func (c *clock) labels() (all []string) {
	for k := range c.n {
		all = append(all, c.label(c.first+k*c.step))
	}
	return all
}

func (c *clock) position(text string, line int) (t int, inside bool, err error) {
	n, ok := c.number(text)
	if !ok {
		return 0, false, fault.Invalidf("line %d: %q is no period; write all as whole numbers, or all as years, quarters or months such as 2026-01", line, text)
	}
	n -= c.first
	return n / c.step, n >= 0 && n <= (c.n-1)*c.step, nil
}

// start is the position of a start; one between two periods counts from the later one.
// Of a panel by quarters or years a start may be a month or a day.
func (c *clock) start(text string, u Row) (int, error) {
	if text == "" {
		return Never, nil
	}
	n, ok := c.number(text)
	if !ok && c.grain != "" {
		if p, err := period.Parse(text); err == nil && p.Grain().PerYear() > c.grain.PerYear() {
			n, ok = period.Of(p.First(), c.grain).Number(), true
		}
	}
	if !ok {
		return 0, fault.Invalidf("line %d: the start %q of %s is no period such as those of the panel; leave it empty, or 0, where nothing starts", u.Line, text, u.Unit)
	}
	n -= c.first
	return int(math.Ceil(float64(n) / float64(c.step))), nil
}
