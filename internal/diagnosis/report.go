package diagnosis

import (
	"math"
	"slices"
	"strings"
)

// Report is the published set of a diagnosis: every figure that anybody may see,
// computed once at closing, stored, and read by every way out. A figure that is
// withheld is nowhere in it.
type Report struct {
	Layout
	Minimum     int           `json:"minimum"`
	UnitsOnly   bool          `json:"units_only,omitzero"` // the audit refused the crossings
	Invited     int           `json:"invited"`             // 0: not known
	Respondents int           `json:"respondents"`
	Counted     int           `json:"counted"`
	Groups      []ReportGroup `json:"groups"` // the whole first
	Reliability []Reliability `json:"reliability"`
	Agreement   []Agreement   `json:"agreement"`         // between the own units of the people
	Drivings    []Driving     `json:"drivers,omitempty"` // per outcome
	Lateness    *Lateness     `json:"lateness,omitempty"`
	Linked      *Linked       `json:"linked,omitempty"` // with the diagnosis before
	Comments    []Comment     `json:"comments,omitempty"`
}

// ReportGroup is one group with its figures; a group that is not shown has none,
// and not its size either.
type ReportGroup struct {
	Group
	Verdict  Verdict  `json:"verdict,omitzero"`
	N        int      `json:"n,omitzero"`        // counted respondents
	Answered int      `json:"answered,omitzero"` // everybody who answered
	Invited  int      `json:"invited,omitzero"`
	Overall  *float64 `json:"overall,omitempty"` // mean of the factor means
	Factors  []*Score `json:"factors,omitempty"`
	Items    []*Score `json:"items,omitempty"` // in the instrument's order, outcomes last; none in crossings
}

// Score is one published figure; nil where it is withheld.
type Score struct {
	Mean      float64  `json:"mean"`
	Reaches   bool     `json:"reaches,omitzero"` // of a factor: the mean, before it was rounded, is at the threshold or above
	SD        *float64 `json:"sd,omitempty"`
	SE        float64  `json:"se,omitzero"` // standard error, rounded up to two digits, where how many answered is not N, and N is large
	Histogram []int32  `json:"histogram,omitempty"`
}

// Report computes the published set. Respondents and, where the roster is known,
// everybody who answered and everybody invited must accept a group; each item,
// and each factor that not every respondent answered, is then decided by itself.
// Standard deviations and histograms are decided by the same test with a minimum
// of ten. Where the roster is known, a factor's mean is that of the item means that are
// shown, and every figure is rounded to two decimals: the test looks at each set of
// people by itself, and a mean over persons beside those of the items would give away
// what somebody answered who left an item out. progress may be nil.
func (in *Instrument) Report(l Layout, a *Answers, minimum int, seed uint64, progress func(done, total int)) (Report, error) {
	t := Count(in, a, len(l.Combinations))
	r, err := in.Figures(l, t, minimum, seed, progress)
	if err != nil {
		return Report{}, err
	}
	r.Respondents = a.Len()
	r.Reliability, r.Agreement = in.wholeOnly(r, Reliabilities(in, a), r.agreements(in, l, t))
	if r.Groups[0].Verdict == Shown {
		r.Drivings = Drivings(in, a, seed)
	}
	return r, nil
}

// Figures computes the published set from a tally: all but what needs the answers
// themselves, which are how many there are, reliability and agreement. progress may
// be nil.
func (in *Instrument) Figures(l Layout, t *Tally, minimum int, seed uint64, progress func(done, total int)) (Report, error) {
	cells, figures := l.Cells(), in.figures(t, l)
	counted := System(t.Counted)
	joint := []System{counted}
	if l.Roster {
		joint = append(joint, t.Responses, l.Invited())
	}
	half := func(half int) func(done, total int) {
		if progress == nil {
			return nil
		}
		return func(done, total int) { progress(half*total+done, 2*total) }
	}
	set, err := Publish(cells, l.Tables, joint, figures.own, minimum, seed, half(0))
	if err != nil {
		return Report{}, err
	}
	spread, err := Publish(cells, l.Tables, joint[:1], figures.own, max(minimum, SpreadMinimum), seed, half(1))
	if err != nil {
		return Report{}, err
	}
	r := Report{Layout: l, Minimum: minimum, UnitsOnly: set.UnitsOnly, Counted: int(sum(counted))}
	r.Combinations = nil // how many each has is no published figure
	if l.Roster {
		r.Invited = int(sum(l.Invited()))
	}
	cover := enumerate(cells, l.Tables)
	by := t.gather(cover.own, cover.above)
	invited := cover.people(l.Invited())
	r.Groups = make([]ReportGroup, len(cover.groups))
	for i := range figures.items {
		figures.base = append(figures.base, figures.itemMean(by, 0, i, set))
	}
	const block = 64 // groups that one processor takes at a time
	parallel((len(r.Groups)+block-1)/block, func(job int) {
		for g := job * block; g < min((job+1)*block, len(r.Groups)); g++ {
			one := ReportGroup{Group: cover.groups[g], Verdict: set.Verdicts[g]}
			if set.GroupShown(g) {
				one.N = int(by.Counted[g])
				figures.fill(&one, by, g, set, spread)
				if l.Roster {
					one.Answered, one.Invited = int(by.Responses[g]), invited[g]
					one.round()
				}
			}
			r.Groups[g] = one
		}
	})
	return r, nil
}

// leastGroups is over how many groups agreement is told in a published set.
const leastGroups = 10

// wholeOnly keeps of reliability and agreement what rests on many: nothing where
// the whole is withheld or has fewer than thirty, no agreement over few groups.
func (in *Instrument) wholeOnly(r Report, reliability []Reliability, agreement []Agreement) ([]Reliability, []Agreement) {
	many := r.Groups[0].Verdict == Shown && r.Counted >= leastForReliability
	for i := range reliability {
		if !many {
			reliability[i] = Reliability{Factor: reliability[i].Factor}
		}
		if r.Roster {
			reliability[i].round()
		}
	}
	for i, a := range agreement {
		if !many || a.Groups < leastGroups {
			agreement[i] = Agreement{ID: a.ID, Groups: a.Groups}
		}
	}
	return reliability, agreement
}

func (g *ReportGroup) round() {
	for _, s := range slices.Concat(g.Factors, g.Items) {
		if s != nil {
			s.Mean = toHundredths(s.Mean)
			if s.SD != nil {
				sd := toHundredths(*s.SD)
				s.SD = &sd
			}
		}
	}
	if g.Overall != nil {
		overall := toHundredths(*g.Overall)
		g.Overall = &overall
	}
}

func toHundredths(v float64) float64 { return math.Round(v*100) / 100 }

// figures says which own system stands behind each figure.
type figures struct {
	in      *Instrument
	own     []OwnSystem
	factors []int // index in own, or -1: the respondents themselves
	items   []int
	simple  map[int32]bool // tables that show items
	ofItems bool           // a factor's mean is a function of its items' means
	base    []float64      // then: each item's mean of the whole, NaN where it is not shown
}

func (in *Instrument) figures(t *Tally, l Layout) figures {
	f := figures{in: in, simple: map[int32]bool{Whole: true}, ofItems: l.Roster}
	all := make([]int, len(l.Tables))
	for i := range all {
		all[i] = i
	}
	for _, i := range l.Simple {
		f.simple[int32(i)] = true
	}
	for k := range in.Factors {
		own := -1
		if *in.MinAnswered == 0 { // else every counted respondent has an answer in every factor
			own = len(f.own)
			f.own = append(f.own, OwnSystem{People: t.FactorN(k), Tables: all})
		}
		f.factors = append(f.factors, own)
	}
	tables := l.Simple
	if f.ofItems { // what a crossing's factors rest on is decided like what is shown
		tables = all
	}
	for i := range in.Items() {
		f.items = append(f.items, len(f.own))
		f.own = append(f.own, OwnSystem{People: t.ItemN(i), Tables: tables})
	}
	return f
}

// fill publishes the figures of group g, which is cell g of t.
func (f figures) fill(to *ReportGroup, t *Tally, g int, set, spread Published) {
	room := make(scores, len(f.factors)+len(f.items))
	if f.simple[to.Table] {
		to.Items = make([]*Score, len(f.items))
		for i, own := range f.items {
			to.Items[i] = room.publish(t.Item(g, i), set.FigureShown(own, g), spread.FigureShown(own, g))
			to.Items[i].tellSE(t.Item(g, i).N, to.N, g == 0)
		}
	}
	all := true
	to.Factors = make([]*Score, len(f.factors))
	for k, own := range f.factors {
		if f.ofItems {
			wide := spread.GroupShown(g)
			if own >= 0 {
				wide = spread.FigureShown(own, g)
			}
			to.Factors[k] = room.publish(f.ofItsItems(t, g, k, set, wide))
		} else {
			shown, wide := set.GroupShown(g), spread.GroupShown(g)
			if own >= 0 {
				shown, wide = set.FigureShown(own, g), spread.FigureShown(own, g)
			}
			to.Factors[k] = room.publish(t.Factor(g, k), shown, wide)
		}
		if s := to.Factors[k]; s != nil {
			s.Reaches = f.in.reaches(s.Mean)
			if own >= 0 {
				s.tellSE(t.Factor(g, k).N, to.N, g == 0)
			}
		}
		all = all && to.Factors[k] != nil
	}
	if _, ok := t.Overall(g); ok && all {
		mean := 0.0
		for _, s := range to.Factors {
			mean += s.Mean / float64(len(to.Factors))
		}
		to.Overall = &mean
	}
}

// itemMean is an item's mean in a group where it may be shown, NaN elsewhere.
func (f figures) itemMean(t *Tally, g, item int, set Published) float64 {
	if figure := t.Item(g, item); set.FigureShown(f.items[item], g) && figure.N > 0 && !figure.Alike {
		return figure.Mean
	}
	return math.NaN()
}

// ofItsItems is a factor's figure as a function of the means of its items that may be shown
// in the group, so that it tells nothing that they do not: the mean of the whole, and how
// far on average the group's items lie from those of the whole. Where all of them may be
// shown that is their mean; where one may not, it is taken to lie as far as the others. The
// standard deviation, which rests on persons, is told where all of them may be and there are
// enough people for one.
func (f figures) ofItsItems(t *Tally, g, factor int, set Published, enough bool) (figure Figure, shown, wide bool) {
	figure = t.Factor(g, factor)
	from, to := f.in.Span(factor)
	mean, off, whole, own := 0.0, 0.0, 0.0, 0.0
	for i := from; i < to; i++ {
		base, m := f.base[i], f.itemMean(t, g, i, set)
		if !math.IsNaN(base) {
			mean, whole = mean+base, whole+1
		}
		if !math.IsNaN(base) && !math.IsNaN(m) {
			off, own = off+m-base, own+1
		}
	}
	if own == 0 {
		return figure, false, false
	}
	figure.Mean = mean/whole + off/own
	wide = enough && !figure.Alike && own == float64(to-from)
	figure.Alike = false // it is no person's mean
	return figure, set.GroupShown(g), wide
}

// scores is room for the scores of a group, so that each is not made by itself.
type scores []struct {
	Score
	sd float64
}

// publish returns the score of a figure: nothing where everybody behind it gave one
// answer, a histogram only where no answer was given by nobody.
func (room *scores) publish(f Figure, shown, wide bool) *Score {
	if !shown || f.N == 0 || f.Alike {
		return nil
	}
	s := &(*room)[0]
	*room = (*room)[1:]
	s.Mean = f.Mean
	if wide {
		s.sd = f.SD
		s.SD = &s.sd
		if HistogramShown(f.Histogram) {
			s.Histogram = f.Histogram
		}
	}
	return &s.Score
}

// tellSE publishes the standard error of a mean of n answers in a group of so many people.
// Two digits do not tell n where there are a hundred. Of the whole one digit is told from
// thirty on: it is one group, and a small organisation has no other.
func (s *Score) tellSE(n, people int, whole bool) {
	if s != nil && s.SD != nil && n > 1 && (people >= manyForSE || whole && people >= someForSE) {
		se := *s.SD / math.Sqrt(float64(n))
		digit := math.Pow(10, math.Floor(math.Log10(se))-1)
		if people < manyForSE {
			digit *= 10
		}
		s.SE = math.Round(math.Ceil(se/digit)*digit*1e9) / 1e9
	}
}

func sum(s System) (n int64) {
	for _, v := range s {
		n += int64(v)
	}
	return n
}

// Unit returns the group of a unit in the unit tree, nil when nobody counts there.
func (r *Report) Unit(u int32) *ReportGroup { return r.Find(0, u) }

// Find returns a group by its table, unit and values.
func (r *Report) Find(table int, unit int32, values ...int16) *ReportGroup {
	want := Group{Table: int32(table), Unit: unit}
	copy(want.Values[:], values)
	for i := range r.Groups {
		if r.Groups[i].Group == want {
			return &r.Groups[i]
		}
	}
	return nil
}

// Of lists the groups of one table.
func (r *Report) Of(table int) (groups []*ReportGroup) {
	for i := range r.Groups {
		if r.Groups[i].Table == int32(table) {
			groups = append(groups, &r.Groups[i])
		}
	}
	return groups
}

// OneWay returns the one-way table of an attribute, -1 when it is not reported.
func (r *Report) OneWay(attribute string) int {
	for t, table := range r.Tables {
		if !table.Units && len(table.Attributes) == 1 && r.Attributes[table.Attributes[0]].Name == attribute {
			return t
		}
	}
	return -1
}

// Label names a group by its unit or its values; "" for people whose value is not
// kept. Values are joined with a cross.
func (r *Report) Label(g *ReportGroup) string {
	if g.Table == Whole {
		return r.Units[0].Name
	}
	table := r.Tables[g.Table]
	var parts []string
	if table.Units {
		parts = append(parts, r.Units[g.Unit].Name)
	}
	for i, a := range table.Attributes {
		if g.Values[i] == NotKept {
			return ""
		}
		v := r.Value(a, g.Values[i])
		if v == "" {
			v = NotStated
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, " × ")
}
