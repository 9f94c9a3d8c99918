package impact

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/strategy"
)

// Subject is a unit, or a person, of which an indicator was observed. A person has no name here.
type Subject struct {
	ID, Name string
	Path     []string // ids of the units from the root down to it, and a person's own
	Values   strategy.Total
	Placebo  strategy.Total // of the indicator that should not move
}

// Data is what an effect is estimated from: values and starts as they stand today.
type Data struct {
	Effect     Effect
	Indicator  strategy.Indicator
	Unmoved    strategy.Indicator // that should not move; zero for none
	Initiative effort.Initiative
	Cause      string              // what stands for it, and for changes in the same words alike
	Others     []effort.Initiative // that start anywhere
	Subjects   []Subject           // by name
}

// Study is the panel of an effect and what was taken out of it.
type Study struct {
	*Panel
	Periods  []period.Period
	Subjects []int   // of Data, by place in the panel
	Joint    []Joint // what started together with something else
	All      bool    // everything started together with something else: the panel is of the first Joint
	Placebo  *Panel  // the same with the indicator that should not move; nil for none
	Alone    *Panel  // the same without values after another initiative's start; nil where that changes nothing
	Later    int     // units of which Alone leaves values out
	Few      int     // people who are left out because too few started when they did
}

// Joint is units in which another initiative started together with the one that is judged:
// what came of the two cannot be told apart.
type Joint struct {
	With  []string // names of the others
	Units []string
	*Panel
}

// withinDays is how near to each other two starts in a unit are one: about a quarter.
const withinDays = 92

// starting is on which day an initiative begins in units and for people, the first where several are said.
type starting map[string]period.Day

func startingOf(i effort.Initiative) starting {
	all := starting{}
	for _, s := range i.Starts {
		if day, there := all[s.Ref.ID]; !there || s.Day < day {
			all[s.Ref.ID] = s.Day
		}
	}
	return all
}

// in is the day on which it begins in a unit or for a person: the first of those said for it and for the units above it;
// "" for none.
func (s starting) in(path []string) (first period.Day) {
	for _, unit := range path {
		if day, there := s[unit]; there && (first == "" || day < first) {
			first = day
		}
	}
	return first
}

// other is another initiative, with where it begins.
type other struct {
	name  string
	ended period.Day
	starting
}

// first is the first day on which it begins in any subject; "" for none.
func (d Data) first(begins starting) (first period.Day) {
	for _, one := range d.Subjects {
		if day := begins.in(one.Path); day != "" && (first == "" || day < first) {
			first = day
		}
	}
	return first
}

// others are the other initiatives, where units are compared without those that began everywhere on one day:
// what they did came to all alike.
func (d Data) others() (all []other) {
	for _, o := range d.Others {
		one := other{o.Name, o.Ended, startingOf(o)}
		if o.ID != d.Initiative.ID && (d.Effect.Method == OfSeries || !d.everywhere(one)) {
			all = append(all, one)
		}
	}
	return all
}

// everywhere says whether another one began in all units on one day.
func (d Data) everywhere(o other) bool {
	var day period.Day
	for n, one := range d.Subjects {
		start := o.in(one.Path)
		if start == "" || n > 0 && start != day {
			return false
		}
		day = start
	}
	return true
}

// together are the other initiatives that start in a unit within a quarter of a day, and the first
// day on which any starts at another time.
func together(others []other, path []string, day period.Day) (with []string, later period.Day) {
	for _, o := range others {
		start := o.in(path)
		if start == "" || o.ended != "" && o.ended <= start {
			continue
		}
		if day != "" && start >= day.Add(-withinDays) && start <= day.Add(withinDays) {
			with = append(with, o.name)
		} else if later == "" || start < later {
			later = start
		}
	}
	slices.Sort(with)
	return with, later
}

// Study lays the panel out. A unit starts in the period in which its day lies; what was observed
// after the initiative ended does not count.
//
// Mistakes: nothing observed, no start in any unit that was, values that do not change by per cent,
// too few people.
func (d Data) Study() (*Study, error) {
	s := &Study{Periods: d.periods()}
	if len(s.Periods) < 2 {
		return nil, fault.Invalidf("%s was observed in fewer than two periods since %s", d.Indicator.Name, string(d.Effect.First))
	}
	whole := &Panel{}
	for _, p := range s.Periods {
		whole.Periods = append(whole.Periods, string(p))
	}
	joint, later := make([]string, len(d.Subjects)), make([]int, len(d.Subjects))
	begins, others := startingOf(d.Initiative), d.others()
	clusters, depth := map[string]int{}, d.assigned(begins)
	started := 0
	for n, one := range d.Subjects {
		day := begins.in(one.Path)
		start := s.position(day)
		with, after := together(others, one.Path, day)
		if start < len(s.Periods) {
			started++
			joint[n] = strings.Join(with, "\x00")
		}
		later[n] = s.position(after)
		whole.Units, whole.Start = append(whole.Units, one.Name), append(whole.Start, start)
		whole.Outcome = append(whole.Outcome, d.row(s, one.Values)...)
		if at, some := d.varies(one.Path, depth); some {
			if _, known := clusters[at]; !known {
				clusters[at] = len(clusters)
			}
			whole.Cluster = append(whole.Cluster, clusters[at])
		}
	}
	if first := d.first(begins); started == 0 && first != "" {
		return nil, fault.Invalidf("%[1]s begins on %[2]s, and %[3]s is known up to %[4]s: look when later figures have come in", d.Initiative.Name, string(first), d.Indicator.Name, whole.Periods[len(whole.Periods)-1])
	}
	if started == 0 {
		return nil, fault.Invalidf("%s has not started in any unit of which %s was observed: say where and when it begins", d.Initiative.Name, d.Indicator.Name)
	}
	if d.Effect.Percent {
		if err := whole.inLogs(d.Indicator); err != nil {
			return nil, err
		}
	}
	d.split(s, whole, joint)
	if err := d.variants(s, later); err != nil {
		return nil, err
	}
	if d.Indicator.OfPeople() {
		return s, s.withhold(d.Indicator.Minimum, d.Unmoved.Minimum, d.Effect.Question(0).Options)
	}
	return s, nil
}

// StartPeriods are the periods in which it begins for the subjects, by their ids; "" where it does not.
func (d Data) StartPeriods() map[string]string {
	begins, all := startingOf(d.Initiative), map[string]string{}
	for _, one := range d.Subjects {
		all[one.ID] = ""
		if day := begins.in(one.Path); day != "" {
			all[one.ID] = string(period.Of(day, d.Indicator.Grain))
		}
	}
	return all
}

// assigned is the depth in the tree at which starts are said, the highest of those that reach units
// under them; -1 where each unit has its own.
func (d Data) assigned(begins starting) int {
	depth := -1
	for _, one := range d.Subjects {
		for n, unit := range one.Path[:len(one.Path)-1] {
			if begins[unit] != "" && (depth < 0 || n < depth) {
				depth = n
			}
		}
	}
	return depth
}

// varies is the unit with which one varies together: where starts are said for units above, at least
// that of their depth, since what was not dealt out by itself tells nothing by itself.
func (d Data) varies(path []string, depth int) (string, bool) {
	above := len(path) - 1
	if d.Effect.Together == UnitAbove {
		above = max(0, len(path)-2)
	}
	if depth >= 0 {
		above = min(above, depth)
	}
	return path[above], d.Effect.Together == UnitAbove || depth >= 0
}

// periods are those of the indicator that count, as far as anything was observed in any unit.
func (d Data) periods() (all []period.Period) {
	first, last := d.Effect.First.Number(), 0
	for _, one := range d.Subjects {
		if n := len(one.Values); n > 0 {
			last = max(last, one.Values[n-1].Number)
		}
	}
	if d.Effect.Last != "" {
		last = min(last, d.Effect.Last.Number())
	}
	for n := first; n <= last; n++ {
		all = append(all, period.At(d.Indicator.Grain, n))
	}
	return all
}

// end is the number of the last period that counts, by the day on which the initiative ended.
func (d Data) end() int {
	if d.Initiative.Ended == "" {
		return math.MaxInt
	}
	return period.Of(d.Initiative.Ended, d.Indicator.Grain).Number()
}

// position is that of the period in which a day lies; Never for none.
func (s *Study) position(day period.Day) int {
	if day == "" {
		return Never
	}
	n := period.Of(day, s.Periods[0].Grain()).Number() - s.Periods[0].Number()
	if n >= len(s.Periods) {
		return Never
	}
	return n
}

// row is a unit's values less those that do not count: after the end of the initiative, and in the
// periods by which the order was chosen.
func (d Data) row(s *Study, values strategy.Total) []float64 {
	row := s.row(values, d.end())
	if chosen := d.Effect.Chosen; chosen[0] != "" {
		first := s.Periods[0].Number()
		for n := max(chosen[0].Number(), first); n <= chosen[1].Number() && n-first < len(row); n++ {
			row[n-first] = math.NaN()
		}
	}
	return row
}

func (s *Study) row(values strategy.Total, end int) []float64 {
	row := make([]float64, len(s.Periods))
	first := s.Periods[0].Number()
	for t := range row {
		row[t] = math.NaN()
		if m, there := values.At(first + t); there && first+t <= end {
			row[t] = m.Value()
		}
	}
	return row
}

// split keeps the units in which nothing else started together with the initiative, and makes a
// panel for each set of others that did. Where that is all units, the first of these is the panel.
func (d Data) split(s *Study, whole *Panel, joint []string) {
	sets := map[string]bool{}
	alone := 0
	for n, with := range joint {
		if with != "" {
			sets[with] = true
		} else if whole.Start[n] != Never {
			alone++
		}
	}
	for _, with := range sortedKeys(sets) {
		j := Joint{With: strings.Split(with, "\x00")}
		p := whole.only(func(n int) bool { return joint[n] == "" || joint[n] == with })
		at := 0
		for n := range whole.Units {
			if joint[n] != "" && joint[n] != with {
				continue
			}
			if joint[n] == with {
				j.Units = append(j.Units, whole.Units[n])
			} else if start := p.Start[at]; start != Never { // a control until it starts
				for t := max(start, 0); t < len(p.Periods); t++ {
					p.row(at)[t] = math.NaN()
				}
				p.Start[at] = Never
			}
			at++
		}
		j.Panel = p
		s.Joint = append(s.Joint, j)
	}
	kept := func(n int) bool { return joint[n] == "" }
	if s.All = alone == 0; s.All {
		with := sortedKeys(sets)[0]
		kept = func(n int) bool { return joint[n] == "" || joint[n] == with }
	}
	for n := range whole.Units {
		if kept(n) {
			s.Subjects = append(s.Subjects, n)
		}
	}
	s.Panel = whole.only(kept)
}

// variants are the panel with another outcome, and without what others may have done.
func (d Data) variants(s *Study, later []int) error {
	alone := s.Panel.only(func(int) bool { return true })
	placebo := s.Panel.only(func(int) bool { return true })
	for at, n := range s.Subjects {
		copy(placebo.row(at), d.row(s, d.Subjects[n].Placebo))
		if from := later[n]; from < len(s.Periods) && from > 0 {
			s.Later++
			for t := from; t < len(s.Periods); t++ {
				alone.row(at)[t] = math.NaN()
			}
		}
	}
	if s.Later > 0 {
		s.Alone = alone
	}
	if d.Effect.Placebo == "" {
		return nil
	}
	if s.Placebo = placebo; d.Effect.Percent {
		return placebo.inLogs(d.Unmoved)
	}
	return nil
}

// only is a copy of the panel with some of its units.
func (p *Panel) only(want func(i int) bool) *Panel {
	return p.without(func(i int) bool { return !want(i) })
}

// Exposure is how many values of units that have started there are: unit-periods.
func (p *Panel) Exposure() (n int) {
	for i, start := range p.Start {
		if start >= len(p.Periods) {
			continue
		}
		for _, v := range p.row(i)[max(start, 0):] {
			if !math.IsNaN(v) {
				n++
			}
		}
	}
	return n
}

// reckoning is the edition of the estimators: what was kept by another one is stale.
const reckoning = 2

// Hash stands for all that an estimate rests on; another one makes a kept estimate stale.
func (s *Study) Hash(d Data) string {
	h := sha256.New()
	plan, err := json.Marshal(struct {
		Plan
		Reckoning int
		Order     effort.Order
		Better    strategy.Direction
	}{d.Effect.Plan, reckoning, d.Initiative.Order, d.Indicator.Direction})
	if err != nil {
		panic(err) // plain values
	}
	h.Write(plan)
	panels := []*Panel{s.Panel, s.Placebo, s.Alone}
	for _, j := range s.Joint {
		fmt.Fprintf(h, "%q", j.With)
		panels = append(panels, j.Panel)
	}
	for _, p := range panels {
		if p == nil {
			h.Write([]byte{0})
			continue
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "%q%q%v%v", p.Units, p.Periods, p.Start, p.Cluster)
		_ = binary.Write(&b, binary.BigEndian, p.Outcome) // to memory
		h.Write(b.Bytes())
	}
	return hex.EncodeToString(h.Sum(nil))
}
