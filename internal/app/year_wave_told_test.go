package app

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// What a diagnosis tells, reckoned from the answers alone.

// finding is what is told of a group.
type finding struct {
	why                  string // it is withheld; "" where it is shown
	n, answered, invited int
	overall              *float64
	of                   map[string]*toldFigure // by factor, statement and outcome; nil is withheld
}

// toldFigure is a figure that is told, with two decimals; parts that are not told are nil or 0.
type toldFigure struct {
	mean    float64
	reaches bool // of a factor: 8.5, before rounding
	sd      *float64
	se      float64
	answers []int // how many gave each answer from 1 on
}

func (s *toldFigure) String() string {
	if s == nil {
		return "withheld"
	}
	text := fmt.Sprintf("%.2f %v", s.mean, s.reaches)
	if s.sd != nil {
		text += fmt.Sprintf(" SD %.2f SE %.6g %v", *s.sd, s.se, s.answers)
	}
	return text
}

const (
	tooFew   = "fewer people than the minimum"
	workable = "could be worked out from others"
)

// hundredth is a figure with two decimals, halves rounded up.
func hundredth(v float64) float64 { return math.Floor(v*100+.5+1e-9) / 100 }

// statements are those of all factors, and then the outcomes.
func (y *year) statements() (all []string) {
	for _, f := range y.factors {
		all = append(all, y.items[f]...)
	}
	return append(all, y.outcomes...)
}

// publish reckons everything that a wave tells. Who was invited, who answered and who counts decide together on a
// group; then who answered a statement, on its figure alone. What tells how answers spread needs ten in place of five,
// of who counts and of who answered the statement.
func (y *year) publish(w *wave) {
	y.t.Helper()
	y.standAll(w)
	var invited, answered, counted []string
	answers := map[string][]string{}
	for key := range w.stood {
		invited = append(invited, key)
	}
	w.counted = nil
	for _, a := range w.answers {
		if answered = append(answered, a.who); !y.counts(a) {
			continue
		}
		counted, w.counted = append(counted, a.who), append(w.counted, a)
		for _, id := range y.statements() {
			if a.of[id] > 0 {
				answers[id] = append(answers[id], a.who)
			}
		}
	}
	joint := [][]int{w.people(counted), w.people(answered), w.people(invited)}
	order := y.order(w, joint[0])
	only := func(some map[group]bool) []group {
		return slices.DeleteFunc(slices.Clone(order), func(g group) bool { return !some[g] })
	}
	shown, wide := w.decide(order, joint, 5), w.decide(order, joint[:1], 10)
	told, spread := map[string]map[group]bool{}, map[string]map[group]bool{}
	for _, id := range y.statements() {
		own := [][]int{w.people(answers[id])}
		told[id], spread[id] = w.decide(only(shown), own, 5), w.decide(only(wide), own, 10)
	}
	w.found = map[group]*finding{}
	var base map[string]float64 // means of the whole
	for _, g := range order {
		f := &finding{of: map[string]*toldFigure{}}
		if w.found[g] = f; !shown[g] {
			f.why = workable
			for _, people := range joint {
				if within(people, w.in[g]) < 5 {
					f.why = tooFew
				}
			}
			continue
		}
		f.n, f.answered, f.invited = within(joint[0], w.in[g]), within(joint[1], w.in[g]), within(joint[2], w.in[g])
		all := w.of(g)
		means := map[string]float64{}
		for _, id := range y.statements() {
			if told[id][g] {
				f.of[id] = statement(all, id, spread[id][g], g.table < 0)
			}
			if f.of[id] != nil {
				means[id], _ = item(all, id)
			}
		}
		if base == nil {
			base = means
		}
		y.scoreFactors(f, all, base, means, wide[g])
		if g.table > len(w.by) { // crossings tell of factors alone
			for _, id := range y.statements() {
				delete(f.of, id)
			}
		}
	}
}

// of are the answers that count in a group.
func (w *wave) of(g group) []answered {
	return slices.DeleteFunc(slices.Clone(w.counted), func(a answered) bool { return !w.in[g][slices.Index(w.places, w.stood[a.who])] })
}

// statement is the figure of one, nil where all said the same.
func statement(all []answered, id string, spread, whole bool) *toldFigure {
	s, counts := &toldFigure{}, make([]int, 10)
	mean, n := item(all, id)
	square := 0.0
	for _, a := range all {
		if v := a.of[id]; v > 0 {
			counts[v-1]++
			square += (float64(v) - mean) * (float64(v) - mean)
		}
	}
	if n == 0 || slices.Contains(counts, n) {
		return nil
	}
	if s.mean = hundredth(mean); !spread {
		return s
	}
	sd := math.Sqrt(square / float64(n-1))
	if of := len(all); of >= 100 || whole && of >= 30 {
		se := sd / math.Sqrt(float64(n))
		digit := math.Pow10(int(math.Floor(math.Log10(se))))
		if of >= 100 {
			digit /= 10
		}
		s.se = math.Ceil(se/digit) * digit
	}
	if !slices.Contains(counts, 0) {
		s.answers = counts
	}
	sd = hundredth(sd)
	s.sd = &sd
	return s
}

// scoreFactors finds the factors' figures, and that of all: a factor is the mean of its statements in the whole, and as
// far from it as those that are told lie from theirs. How people differ is told where all its statements are.
func (y *year) scoreFactors(f *finding, all []answered, base, means map[string]float64, wide bool) {
	overall, told := 0.0, 0
	for _, id := range y.factors {
		whole, from, off, own := 0.0, 0.0, 0.0, 0.0
		for _, about := range y.items[id] {
			if b, there := base[about]; there {
				if whole, from = whole+b, from+1; f.of[about] != nil {
					off, own = off+means[about]-b, own+1
				}
			}
		}
		if own == 0 {
			continue
		}
		mean := whole/from + off/own
		s := &toldFigure{mean: hundredth(mean), reaches: mean >= 8.5}
		overall, told, f.of[id] = overall+mean/float64(len(y.factors)), told+1, s
		people, alike := persons(all, y.items[id])
		if wide && !alike && int(own) == len(y.items[id]) {
			sd := hundredth(deviation(people))
			s.sd = &sd
		}
	}
	if told == len(y.factors) {
		overall = hundredth(overall)
		f.overall = &overall
	}
}

// persons are the means of each one's answers to some statements, and whether these are all the same.
func persons(all []answered, items []string) (means []float64, alike bool) {
	for _, a := range all {
		sum, n := 0, 0
		for _, id := range items {
			if a.of[id] > 0 {
				sum, n = sum+a.of[id], n+1
			}
		}
		if n > 0 {
			means = append(means, float64(sum)/float64(n))
		}
	}
	return means, len(means) > 0 && slices.Max(means)-slices.Min(means) < 1e-12
}

// deviation is the standard deviation of a sample.
func deviation(values []float64) float64 {
	mean, square := 0.0, 0.0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		square += (v - mean) * (v - mean)
	}
	return math.Sqrt(square / float64(len(values)-1))
}

// label names a group as a table does.
func (g group) label() string {
	return strings.TrimRight(strings.Join(append([]string{g.unit}, g.of[:]...), "|"), "|")
}
