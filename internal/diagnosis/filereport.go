package diagnosis

import (
	"slices"

	"throughline/internal/kit/fault"
)

// NotStated is the group of those whose attribute is empty.
const NotStated = "not stated"

// FileReport is the report on a file of answers, as the command 'diagnose' writes
// it. What is withheld, or does not apply, is null.
type FileReport struct {
	Respondents int             `json:"respondents"`
	Counted     int             `json:"counted"`
	Factors     []FileFactor    `json:"factors"`
	Items       []FileItem      `json:"items"`
	Agreement   []FileAgreement `json:"agreement"`
	Outcomes    []FileItem      `json:"outcomes"`
	Drivers     []Driving       `json:"drivers"` // what each outcome goes with
	Groups      []FileGroup     `json:"groups"`
	HPO         FileHPO         `json:"hpo"`
	Minimum     int             `json:"minimum"`
	UnitsOnly   bool            `json:"units_only,omitzero"`
}

// FileFactor is a factor over everybody.
type FileFactor struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	N     *int     `json:"n"`
	Mean  *float64 `json:"mean"`
	SD    *float64 `json:"sd"`
	Alpha *float64 `json:"alpha"`
	Omega *float64 `json:"omega"`

	blunt bool // its figures have two decimals: somebody, and perhaps fewer than the minimum, left an item out
}

// FileItem is an item, or an outcome, over everybody.
type FileItem struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Factor    string   `json:"factor,omitempty"`
	N         *int     `json:"n"`
	Mean      *float64 `json:"mean"`
	SD        *float64 `json:"sd"`
	Histogram []int32  `json:"histogram"`
}

// FileAgreement is the agreement within the groups of one breakdown.
type FileAgreement struct {
	By       []string `json:"by"`
	Factor   string   `json:"factor"`
	ICC1     *float64 `json:"icc1"`
	ICC2     *float64 `json:"icc2"`
	RwgJMean *float64 `json:"rwgj_mean"`
}

// FileGroup is one group of one breakdown.
type FileGroup struct {
	By       []string            `json:"by"`
	Key      []string            `json:"key"`
	N        *int                `json:"n"`
	Withheld bool                `json:"withheld"`
	Reason   *string             `json:"reason"`
	Factors  map[string]*float64 `json:"factors"`
}

// FileHPO is the conjunctive rule.
type FileHPO struct {
	Threshold *float64 `json:"threshold"`
	Met       *bool    `json:"met"`
}

// FileReport scores a file that was read by the attributes of all breakdowns, and
// withholds as a diagnosis does; a breakdown that is asked for twice is told once. A
// breakdown by several attributes is decided as if that by the first ones were told
// as well, so that what is asked for in two runs, the one within the other, agrees.
// It reports a minimum below 2 and a breakdown by more than four attributes. progress
// may be nil.
func (in *Instrument) FileReport(rd *Reading, by [][]string, minimum int, seed uint64, progress func(done, total int)) (*FileReport, error) {
	l := Layout{Units: []LayoutUnit{{Parent: -1}}}
	for _, a := range rd.Attributes {
		l.Attributes = append(l.Attributes, LayoutAttribute{Name: a.Name, Values: a.Values})
	}
	for _, values := range rd.Cells {
		l.Combinations = append(l.Combinations, Combination{Values: values})
	}
	told, err := rd.tables(by)
	if err != nil {
		return nil, err
	}
	l.Tables = withPrefixes(told)
	r, err := in.Report(l, rd.Answers, minimum, seed, progress)
	if err != nil {
		return nil, err
	}
	tally := Count(in, rd.Answers, len(rd.Cells))
	out := &FileReport{Respondents: r.Respondents, Counted: r.Counted, Minimum: minimum, UnitsOnly: r.UnitsOnly,
		Agreement: []FileAgreement{}, Outcomes: []FileItem{}, Groups: []FileGroup{}, Drivers: append([]Driving{}, r.Drivings...)}
	in.fileWhole(out, r, tally.Group(make([]int32, tally.Cells()), 1))
	for t, table := range l.Tables[:len(told)] {
		in.fileTable(out, r, t, table, rd, tally)
	}
	return out, nil
}

// tables turns breakdowns by name into tables, each once, in whatever order its names
// stand.
func (rd *Reading) tables(by [][]string) (tables []Table, err error) {
	for _, names := range by {
		t := Table{}
		for _, name := range names {
			at := slices.IndexFunc(rd.Attributes, func(a AttributeColumn) bool { return fold(a.Name) == fold(name) })
			if at < 0 {
				return nil, fault.Invalidf("%q was not read from the file", name)
			}
			if slices.Contains(t.Attributes, at) {
				return nil, fault.Invalidf("%q stands twice in one breakdown", name)
			}
			t.Attributes = append(t.Attributes, at)
		}
		tables = addTable(tables, t)
	}
	return tables, nil
}

// withPrefixes returns the tables, and behind them those by the first attributes of
// each.
func withPrefixes(tables []Table) []Table {
	all := slices.Clone(tables)
	for _, t := range tables {
		for n := 1; n < len(t.Attributes); n++ {
			all = addTable(all, Table{Attributes: t.Attributes[:n]})
		}
	}
	return all
}

// addTable adds a table by attributes unless there is one by the same.
func addTable(tables []Table, t Table) []Table {
	same := func(other Table) bool {
		return slices.Equal(slices.Sorted(slices.Values(other.Attributes)), slices.Sorted(slices.Values(t.Attributes)))
	}
	if slices.ContainsFunc(tables, same) {
		return tables
	}
	return append(tables, t)
}

// fileWhole fills in what is over everybody; the tally has everybody in one group.
func (in *Instrument) fileWhole(out *FileReport, r Report, all *Tally) {
	whole := r.Groups[0]
	score := func(list []*Score, i int) *Score {
		if i >= len(list) {
			return nil
		}
		return list[i]
	}
	means := make([]*float64, len(in.Factors))
	for f := range in.Factors {
		one := FileFactor{ID: in.Factors[f].ID, Name: in.Factors[f].Name.In("en"), Alpha: r.Reliability[f].Alpha, Omega: r.Reliability[f].Omega}
		if s := score(whole.Factors, f); s != nil {
			n := all.Factor(0, f).N
			one.N, one.Mean, one.SD = &n, &s.Mean, s.SD
			means[f] = &s.Mean
			if in.fewGaps(all, 0, f, out.Minimum) {
				one.blunt = true
				one.Mean, one.SD, one.Alpha, one.Omega = blunt(one.Mean), blunt(one.SD), blunt(one.Alpha), blunt(one.Omega)
			}
		}
		out.Factors = append(out.Factors, one)
	}
	for i, it := range in.Items() {
		one := FileItem{ID: it.ID, Name: it.Name.In("en")}
		n := all.Item(0, i).N
		if s := score(whole.Items, i); s != nil && !in.fewLeftOut(all, it, n, out.Minimum) {
			one.N, one.Mean, one.SD, one.Histogram = &n, &s.Mean, s.SD, s.Histogram
		}
		if it.Factor < 0 {
			out.Outcomes = append(out.Outcomes, one)
			continue
		}
		one.Factor = in.Factors[it.Factor].ID
		out.Items = append(out.Items, one)
	}
	out.HPO = FileHPO{in.Threshold, in.HPO(means)}
}

// fewLeftOut says that an item of a factor was left out by somebody, and by fewer people
// than are ever told of: beside the factor's mean over persons its own would give away what
// they answered to the others.
func (in *Instrument) fewLeftOut(all *Tally, it PlacedItem, answered, minimum int) bool {
	if it.Factor < 0 {
		return false
	}
	left := all.Factor(0, it.Factor).N - answered
	return left > 0 && left < minimum
}

// fewGaps says that somebody in a group left an item of a factor out, and perhaps fewer
// than are ever told of. An exact figure over persons would then tell what they answered to
// the others: complete answers add up to whole numbers, theirs do not.
func (in *Instrument) fewGaps(t *Tally, g, factor, minimum int) bool {
	most := 0
	from, to := in.Span(factor)
	for i := from; i < to; i++ {
		most = max(most, t.Factor(g, factor).N-t.Item(g, i).N)
	}
	return most > 0 && most < minimum
}

// blunt leaves a figure two decimals.
func blunt(v *float64) *float64 {
	if v == nil {
		return nil
	}
	b := toHundredths(*v)
	return &b
}

func (in *Instrument) fileTable(out *FileReport, r Report, t int, table Table, rd *Reading, tally *Tally) {
	var names []string
	for _, a := range table.Attributes {
		names = append(names, rd.Attributes[a].Name)
	}
	groups, groupOf := r.Of(t), map[[MaxAttributes]int16]int32{}
	for i, g := range groups {
		groupOf[g.Values] = int32(i)
	}
	of := make([]int32, len(rd.Cells))
	for c, values := range rd.Cells {
		var key [MaxAttributes]int16
		for i, a := range table.Attributes {
			key[i] = values[a]
		}
		of[c] = groupOf[key]
	}
	byGroup := tally.Group(of, len(groups))
	for i, g := range groups {
		one := FileGroup{By: names, Withheld: g.Verdict != Shown, Factors: map[string]*float64{}}
		for i, a := range table.Attributes {
			key := rd.Attributes[a].Values[g.Values[i]]
			if key == "" {
				key = NotStated
			}
			one.Key = append(one.Key, key)
		}
		if one.Withheld {
			reason := g.Verdict.String()
			one.Reason = &reason
		} else {
			one.N = &g.N
		}
		for f, factor := range in.Factors {
			one.Factors[factor.ID] = nil
			if s := g.score(f); f < len(g.Factors) && s != nil {
				one.Factors[factor.ID] = &s.Mean
				if in.fewGaps(byGroup, i, f, out.Minimum) {
					one.Factors[factor.ID] = blunt(&s.Mean)
				}
			}
		}
		out.Groups = append(out.Groups, one)
	}
	for f, a := range in.Agreements(byGroup, in.toldOf(groups, byGroup)) {
		one := FileAgreement{By: names, Factor: a.ID}
		if out.many(a.ID) {
			one.ICC1, one.ICC2 = a.ICC1, a.ICC2
			if a.RwgJ != nil {
				one.RwgJMean = &a.RwgJ.Mean
			}
		}
		if f < len(in.Factors) && out.Factors[f].blunt {
			one.ICC1, one.ICC2, one.RwgJMean = blunt(one.ICC1), blunt(one.ICC2), blunt(one.RwgJMean)
		}
		out.Agreement = append(out.Agreement, one)
	}
}

// toldOf says over which groups of a breakdown agreement is told: over all where each is
// shown and they are ten or more, else over those whose standard deviation could be, so that
// what is withheld cannot be worked out from it.
func (in *Instrument) toldOf(groups []*ReportGroup, t *Tally) func(measure, g int) bool {
	items := in.Items()
	of := func(measure int) int { // an item of a factor goes with that
		if i := measure - len(in.Factors); i >= 0 && items[i].Factor >= 0 {
			return items[i].Factor
		}
		return measure
	}
	shown := func(measure, g int) bool {
		if measure = of(measure); measure < len(in.Factors) {
			return groups[g].score(measure) != nil
		}
		return groups[g].Verdict == Shown
	}
	wide := func(measure, g int) bool {
		if measure = of(measure); measure < len(in.Factors) {
			return groups[g].score(measure).SD != nil
		}
		return t.Item(g, measure-len(in.Factors)).N >= SpreadMinimum
	}
	all := make([]bool, len(in.Factors)+len(in.Items()))
	for m := range all {
		all[m] = len(groups) >= leastGroups
		for g := range groups {
			all[m] = all[m] && shown(m, g)
		}
	}
	return func(measure, g int) bool { return shown(measure, g) && (all[measure] || wide(measure, g)) }
}

// Name is what a factor, item or outcome is called.
func (r *FileReport) Name(id string) string {
	for _, f := range r.Factors {
		if f.ID == id {
			return f.Name
		}
	}
	for _, i := range slices.Concat(r.Items, r.Outcomes) {
		if i.ID == id {
			return i.Name
		}
	}
	return id
}

// many says whether the whole's figure of a factor or outcome is shown and rests on so
// many that reliability and agreement are told.
func (r *FileReport) many(id string) bool {
	enough := func(n *int) bool { return n != nil && *n >= leastForReliability }
	for _, f := range r.Factors {
		if f.ID == id {
			return enough(f.N)
		}
	}
	for _, o := range r.Outcomes {
		if o.ID == id {
			return enough(o.N)
		}
	}
	return false
}
