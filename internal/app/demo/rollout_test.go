package demo

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

// trial is a roll-out of the retailer as an estimate sees it, and what is planted.
type trial struct {
	rolledOut
	planted float64
	data    impact.Data
}

// trials are those of one seed, read from the figures of the stores without a database.
func trials(t testing.TB, seed uint64) (all []trial) {
	l := &loading{o: New(seed, Full), now: time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC), unitID: map[string]string{}}
	measures, err := measures()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range l.o.Units() {
		l.unitID[u.Key] = u.Key
	}
	l.joint = map[string]int{"BE": 19, "CZ": 20, "DK": 21}
	l.shops = l.stores()
	l.rolled = l.rollOuts(l.shops, measures)
	initiatives := []effort.Initiative{l.first2("Meetings that decide"), l.first2("One sentence with each figure")}
	for n, r := range l.rolled {
		i := effort.Initiative{ID: fmt.Sprint(n), Name: r.Name, Kind: r.Kind, RollOut: effort.RollOut{Order: r.Order}}
		for _, s := range l.shops {
			if month, there := r.Starts[s.Key]; there {
				i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: s.Key}, Day: l.month(month).First()})
			}
		}
		initiatives = append(initiatives, i)
	}
	values := l.series(measures)
	for n, r := range append(l.rolled, rolledOut{Name: "Meetings that decide", Outcome: "goods-lost", Worth: 0.05}) {
		one := trial{rolledOut: r, data: impact.Data{Effect: impact.Effect{Plan: l.planOf(r, n)}}}
		for _, m := range measures {
			if m.Key == r.Outcome {
				one.data.Indicator = m.Indicator
			}
		}
		for _, i := range initiatives {
			if i.Name == r.Name {
				one.data.Initiative = i
			} else {
				one.data.Others = append(one.data.Others, i)
			}
		}
		for _, s := range l.shops {
			path := l.path(s.Unit)
			if slices.Contains(path, one.data.Effect.Scope) {
				one.data.Subjects = append(one.data.Subjects, impact.Subject{ID: s.Key, Name: s.Name, Path: path, Values: values[r.Outcome][s.Key]})
			}
		}
		if one.planted = together; n < len(l.rolled) {
			one.planted = r.planted(observedMonths)
		}
		if r.Percent {
			one.planted = l.plantedPercent(r, values[r.Outcome])
		}
		all = append(all, one)
	}
	return all
}

// plantedPercent is what a roll-out adds in per cent of what would have been: the mean change of the
// logarithm over all months of stores since each one started.
func (l *loading) plantedPercent(r rolledOut, values map[string]strategy.Total) float64 {
	sum, n := 0.0, 0.0
	for store, start := range r.Starts {
		for month := start; month < observedMonths; month++ {
			mark, _ := values[store].At(l.month(month).Number())
			sum += math.Log(mark.Sum / (mark.Sum - r.Adds(month-start)))
			n++
		}
	}
	return 100 * math.Expm1(sum/n)
}

// first2 is one of the two initiatives that begin together in three countries.
func (l *loading) first2(name string) effort.Initiative {
	i := effort.Initiative{ID: name, Name: name}
	for country, month := range l.joint {
		i.Starts = append(i.Starts, effort.Start{Of: effort.OfUnit, Ref: org.Ref{ID: country}, Day: l.month(month).First().Add(27)})
	}
	return i
}

func (l *loading) path(u Unit) (keys []string) {
	for {
		keys = append([]string{u.Key}, keys...)
		above := l.o.byKey[u.Parent]
		if above == nil {
			return keys
		}
		u = *above
	}
}

// series are the figures of all stores as their files have them.
func (l *loading) series(all []measured) map[string]map[string]strategy.Total {
	out := map[string]map[string]strategy.Total{}
	for _, s := range l.shops {
		s.added = func(key string, month period.Period) float64 {
			return l.added(l.rolled, key, s, month.Number()-l.first().Number())
		}
		for n := range observedMonths {
			month := l.month(n)
			figures := s.figures(all, l.first(), month)
			for _, m := range all {
				if out[m.Key] == nil {
					out[m.Key] = map[string]strategy.Total{}
				}
				out[m.Key][s.Key] = append(out[m.Key][s.Key], strategy.Mark{Number: month.Number(), Sum: m.rounded(figures[m.Key].value), Units: 1, Stated: true})
			}
		}
	}
	return out
}

func (o trial) estimate(t testing.TB) *impact.Estimated {
	t.Helper()
	study, err := o.data.Study()
	if err != nil {
		t.Fatal(o.Name, err)
	}
	e, err := study.Estimate(o.data, nil)
	if err != nil {
		t.Fatal(o.Name, err)
	}
	return e
}

// What is planted is found, harm and nothing too; of two things that start together nobody can tell.
func TestWhatIsPlantedInTheRollOutsIsFound(t *testing.T) {
	want := map[string]impact.Finding{
		"Shift planning by the team": impact.Works, "Coaching at the tills": impact.Works, "Dialogue sessions": impact.Works,
		"Bonus on sales": impact.Harms, "Meetings that decide": impact.CannotTell,
	}
	for _, o := range trials(t, 1) {
		e := o.estimate(t)
		h := e.Headline
		if o.Name == "Meetings that decide" {
			if !e.All || len(e.Joint) != 1 || !e.Joint[0].Known {
				t.Fatalf("%+v", e.Joint)
			}
			h = e.Joint[0].Effect
		}
		t.Logf("%-28s planted %6.2f, found %6.2f (%.2f to %.2f) %s %s", o.Name, o.planted, h.ATT, h.Low, h.High, e.Grade, e.Finding)
		if math.Abs(h.ATT-o.planted) > 3.3*h.SE {
			t.Errorf("%s: planted %.2f, found %.2f with an error of %.2f", o.Name, o.planted, h.ATT, h.SE)
		}
		if f := want[o.Name]; f != "" && e.Finding != f {
			t.Errorf("%s: %s, not %s", o.Name, e.Finding, f)
		}
		if o.Order == effort.ByLot && e.Grade != impact.A {
			t.Errorf("%s has the grade %s", o.Name, e.Grade)
		}
	}
}

// The table of what was planted and found over many retailers: `make bench BENCH=RollOuts`.
func BenchmarkRollOuts(b *testing.B) {
	type row struct {
		planted, found, square, se float64
		n, held                    int
		findings                   map[string]int
	}
	const seeds = 200
	for b.Loop() {
		rows, names := map[string]*row{}, []string{}
		for seed := range uint64(seeds) {
			for _, o := range trials(b, seed+1) {
				e := o.estimate(b)
				h := e.Headline
				if e.All {
					h = e.Joint[0].Effect
				}
				r := rows[o.Name]
				if r == nil {
					r = &row{findings: map[string]int{}}
					rows[o.Name] = r
					names = append(names, o.Name)
				}
				r.n++
				r.planted += o.planted
				r.found += h.ATT
				r.se += h.SE
				r.square += (h.ATT - o.planted) * (h.ATT - o.planted)
				if h.Low <= o.planted && o.planted <= h.High {
					r.held++
				}
				r.findings[string(e.Grade)+" "+string(e.Finding)]++
			}
		}
		var out strings.Builder
		for _, name := range names {
			r := rows[name]
			n := float64(r.n)
			fmt.Fprintf(&out, "%-28s planted %6.2f found %6.2f error %.3f said %.3f held %d of %d %v\n", name, r.planted/n, r.found/n, math.Sqrt(r.square/n), r.se/n, r.held, r.n, r.findings)
		}
		fmt.Print("\n", out.String())
	}
}
