package demo

import (
	"throughline/internal/diagnosis"
	"throughline/internal/org"
)

// Truth is what a perfect diagnosis of a wave would find: expected figures given
// the story and the units' own effects, over the chance that lies in persons and
// in who answers.
type Truth struct {
	Effects    Effects
	Response   float64 // share of the people who answer
	Whole      Expected
	Countries  map[string]Expected // by name
	Levels     map[org.Level]Expected
	Workplaces map[string]Expected
	Units      map[string]Expected // by key: the unit and all below it
}

// Expected is the expected figures of one group.
type Expected struct {
	Invited  int
	Answers  float64   // people who answer
	Factors  []float64 // means of those who answer, in the instrument's order
	Items    []float64 // likewise, outcomes last
	Everyone []float64 // factor means had everybody answered: what non-response hides
}

// Truth returns what is planted in a wave's answers to an instrument.
func (o *Organisation) Truth(in *diagnosis.Instrument, wave int) Truth {
	p := o.plot(in, wave)
	whole, countriesBy, levels := sums{}, map[string]*sums{}, map[org.Level]*sums{}
	workplaces, units := map[string]*sums{}, map[string]*sums{}
	expected := map[post][]float64{}
	names := map[string]string{}
	for _, c := range countries() {
		names[c.Code] = c.Name
	}
	for _, person := range o.People(wave) {
		at := post{person.Unit, person.Level}
		out := p.of(at)
		if expected[at] == nil {
			for i, mean := range out.mean {
				expected[at] = append(expected[at], p.expected(i, mean))
			}
		}
		u := o.byKey[person.Unit]
		add := func(s *sums) { s.add(out.respond, expected[at]) }
		add(&whole)
		add(of(countriesBy, names[u.Country]))
		add(of(levels, person.Level))
		add(of(workplaces, u.Workplace))
		for ; u != nil; u = o.byKey[u.Parent] {
			add(of(units, u.Key))
		}
	}
	t := Truth{
		Effects: planted, Whole: whole.expected(p), Countries: all(p, countriesBy), Levels: all(p, levels),
		Workplaces: all(p, workplaces), Units: all(p, units),
	}
	t.Response = t.Whole.Answers / float64(t.Whole.Invited)
	return t
}

// sums adds people up, each as often as they are expected to answer.
type sums struct {
	invited  int
	answers  float64
	items    []float64
	everyone []float64
}

func of[K comparable](m map[K]*sums, k K) *sums {
	if m[k] == nil {
		m[k] = &sums{}
	}
	return m[k]
}

func (s *sums) add(respond float64, items []float64) {
	if s.items == nil {
		s.items, s.everyone = make([]float64, len(items)), make([]float64, len(items))
	}
	s.invited++
	s.answers += respond
	for i, v := range items {
		s.items[i] += respond * v
		s.everyone[i] += v
	}
}

func (s *sums) expected(p *plot) Expected {
	e := Expected{Invited: s.invited, Answers: s.answers, Items: make([]float64, len(s.items))}
	everyone := make([]float64, len(s.items))
	for i := range s.items {
		e.Items[i] = s.items[i] / s.answers
		everyone[i] = s.everyone[i] / float64(s.invited)
	}
	e.Factors, e.Everyone = p.factors(e.Items), p.factors(everyone)
	return e
}

func all[K comparable](p *plot, m map[K]*sums) map[K]Expected {
	e := make(map[K]Expected, len(m))
	for k, s := range m {
		e[k] = s.expected(p)
	}
	return e
}

// factors are the means of a factor's items, each as often as it is judged: that
// is, but for terms of the second order, what a person's mean over the items
// that the person answered is expected to be.
func (p *plot) factors(items []float64) []float64 {
	means := make([]float64, len(p.in.Factors))
	for f := range means {
		from, to := p.in.Span(f)
		weights := 0.0
		for i := from; i < to; i++ {
			judged := 1 - judgeUsual*p.judge[i]
			means[f] += judged * items[i]
			weights += judged
		}
		means[f] /= weights
	}
	return means
}
