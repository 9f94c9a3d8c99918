package demo

import (
	"context"

	"throughline/internal/effort"
	"throughline/internal/kit/period"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

// began is the month in which the ledger and the catalogue begin.
func (l *loading) began() period.Period {
	return period.Of(period.DayOf(l.now), period.Monthly).Add(-effortMonths)
}

// there are those who were there in a month.
func (l *loading) there(month period.Period) []Person {
	if month.Last() < period.DayOf(l.day(secondRoster)) {
		return l.o.People(1)
	}
	return l.o.People(Waves)
}

const (
	onceIn   = 220 // people of whom one learns by the learning system in a month, at first; half as many two years later
	givenUp  = .12 // of these
	stillNow = .5  // of those of the newest month who are not through
)

// passed takes in what the learning system says that people learned alone, for two years.
func (s *learns) passed(ctx context.Context) error {
	source := org.Source{Name: "lms.csv", Header: []string{"person", "course", "registered", "done", "result"}, Rows: func(yield func(org.Row, error) bool) {
		line, seen := 1, map[string]bool{}
		told := func(person, course, registered, done, result string) bool {
			if run := person + course + registered; !seen[run] { // in a small organisation somebody may be drawn twice
				seen[run] = true
				line++
				return yield(org.Row{Line: line, Cells: []string{person, course, registered, done, result}}, nil)
			}
			return true
		}
		for n := range effortMonths {
			month := s.began().Add(n)
			rng := s.o.rand("completions", string(month))
			people := s.there(month)
			for range len(people) * (effortMonths + n) / effortMonths / onceIn {
				p := people[rng.IntN(len(people))]
				if s.o.byKey[p.Unit].Workplace == Office {
					continue
				}
				course := pick(rng, []string{"advice-talks", "till-basics", "queue-card"})
				if p.Level != org.LevelEmployee {
					course = "store-figures"
				}
				begun := dayIn(rng, month)
				done, result := string(min(begun.Add(rng.IntN(20)), month.Last())), "passed"
				switch chance := rng.Float64(); {
				case chance < givenUp:
					result = "gave up"
				case n == effortMonths-1 && chance < stillNow:
					done, result = "", ""
				}
				if !told(p.Key, course, string(begun), done, result) {
					return
				}
			}
			if n%3 != 1 || n > effortMonths-4 { // of the newest courses the offerings tell
				continue
			}
			for _, course := range []string{"hear-out", "talk-and-listen", "rota-lab", "safe-lift", "fresh-visit", "depot-safety"} {
				day := string(dayIn(rng, month))
				for range 5 + rng.IntN(6) {
					if !told(people[rng.IntN(len(people))].Key, course, day, day, "passed") {
						return
					}
				}
			}
		}
	}}
	column := func(name string) org.Field { return org.Field{Column: name} }
	m := learning.CompletionMap{Person: column("person"), Resource: column("course"), Run: column("registered"), Registered: column("registered"), Done: column("done"), Result: column("result"), Completed: []string{"passed"}, NotCompleted: []string{"gave up"}, Modality: effort.SelfPaced}
	_, err := s.then(s.now).ImportCompletions(ctx, s.organisation, learningdb.CompletionFeed{Map: m, Sources: []org.Source{source}, By: s.by})
	return err
}
