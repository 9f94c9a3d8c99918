package app

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

var (
	experience = map[string]bool{"practice-at-work": true, "job-rotation": true}
	exposure   = map[string]bool{"mentoring": true, "peer-group": true}
	education  = map[string]bool{"classroom": true, "virtual-live": true, "self-paced": true, "reading": true}
	technology = map[string]bool{"virtual-live": true, "self-paced": true}
)

// sums is what some entries come to for a unit with all under it: minutes of participants and of staff, and cents.
type sums struct {
	learned, technology, stated float64
	formal                      float64
	mix                         [4]float64 // experience, exposure, education, not stated
	staff                       map[string]float64
	cost                        map[string]float64 // by kind
	internal, supplier, tuition float64            // of learning
	central, local              float64
	people, formally            map[string]bool
}

// sum adds up the entries of some days.
func (y *year) sum(unit, from, until string) sums {
	s := sums{staff: map[string]float64{}, cost: map[string]float64{}, people: map[string]bool{}, formally: map[string]bool{}}
	for _, e := range y.entries() {
		if e.day < from || e.day > until {
			continue
		}
		all, here := 0.0, 0.0 // minutes by which the cost is borne: of participants, else of staff
		side := "staff"
		for _, h := range e.hours {
			if h.side == "participant" {
				side = "participant"
			}
		}
		for _, h := range e.hours {
			inside := unit == "House" || h.unit != "" && y.under(h.unit, unit)
			if h.side == side {
				if all += float64(h.minutes); inside {
					here += float64(h.minutes)
				}
			}
			if !inside {
				continue
			}
			m := float64(h.minutes)
			switch {
			case h.side == "staff":
				s.staff[e.kind] += m
			case e.kind == "learning":
				s.learned += m
				at := 3
				switch {
				case experience[e.modality]:
					at = 0
				case exposure[e.modality]:
					at = 1
				case education[e.modality]:
					at = 2
					s.formal += m
				}
				if s.mix[at] += m; at < 3 {
					s.stated += m
				}
				if technology[e.modality] {
					s.technology += m
				}
				if h.person != "" {
					s.people[h.person] = true
					if at == 2 {
						s.formally[h.person] = true
					}
				}
			}
		}
		for kind, cents := range e.costs {
			part := float64(cents)
			switch {
			case all > 0:
				part *= here / all
			case unit != "House" && !y.under(e.borne, unit):
				part = 0
			}
			part *= worth(e.currency, e.day)
			s.cost[e.kind] += part
			if e.kind != "learning" {
				continue
			}
			switch kind {
			case "internal":
				s.internal += part
			case "supplier":
				s.supplier += part
			case "tuition":
				s.tuition += part
			}
			switch e.managed {
			case "central":
				s.central += part
			case "local":
				s.local += part
			}
		}
	}
	return s
}

// worth is what one of a currency is worth in euros on a day.
func worth(currency, day string) float64 {
	for _, r := range slices.Backward(rates) {
		if currency == "GBP" && day[:7] >= r.from {
			return r.worth
		}
	}
	return 1
}

// toldTo is how many people are told of to those who may not read names: to the nearest five, none of fewer than five.
func toldTo(n int) string {
	if n > 0 && n < 5 {
		return "fewer than 5"
	}
	return fmt.Sprint(5 * int(math.Floor(float64(n)/5+.5)))
}

// onAverage is how many people, and full-time equivalents, a unit has at the ends of the months from January to November.
func (y *year) onAverage(unit string) (heads, fte float64) {
	for month := 1; month <= 11; month++ {
		for _, w := range y.at(lastDay(month), unit) {
			heads, fte = heads+1./11, fte+w.fte/11
		}
	}
	return heads, fte
}

// compareLedger holds the blend, the costs, the split and the efficiency of eleven months against the entries.
func (y *year) compareLedger() {
	y.t.Helper()
	head, span := y.as("p3"), fmt.Sprintf("from=%d-01&until=%d-11", simulated, simulated)
	for month, row := range y.rows(head.get("/effort?" + span + "&format=csv")) {
		s := y.sum("House", date(month+1, 1), lastDay(month+1))
		y.compareBlend("House in "+row[0], row[1:], s, true)
	}
	for _, row := range y.rows(head.get("/effort?" + span + "&table=units&format=csv")) {
		y.compareBlend(row[0], row[1:], y.sum(row[0], date(1, 1), lastDay(11)), false)
	}
	function := y.sum("School", date(1, 1), lastDay(11))
	minutes, cents := 0.0, 0.0
	for kind := range function.staff {
		minutes += function.staff[kind]
	}
	for kind := range function.cost {
		cents += function.cost[kind]
	}
	kinds := map[string]string{"learning": "learning", "process analysis": "process-analysis", "tools and resources of a job": "job-tools", "coaching and feedback": "coaching"}
	for _, row := range y.rows(head.get("/effort/split?" + span + "&format=csv")) {
		kind := kinds[row[0]]
		y.close("hours of the school on "+row[0], row[1], function.staff[kind]/60)
		y.close("their share", row[2], 100*function.staff[kind]/minutes)
		y.close("cost of the school for "+row[0], row[3], function.cost[kind]/100)
		y.close("its share", row[4], 100*function.cost[kind]/cents)
	}

	all := y.sum("House", date(1, 1), lastDay(11))
	direct, other := all.cost["learning"], cents-function.cost["learning"]
	heads, fte := y.onAverage("House")
	_, teaching := y.onAverage("School")
	stated := all.central + all.local
	want := map[string]float64{
		"Direct learning expenditure, EUR":           direct / 100,
		"Expenditure for each full-time person, EUR": direct / 100 / fte,
		"Hours of learning used":                     all.learned / 60,
		"Hours used by each full-time person":        all.learned / 60 / fte,
		"Hours of formal learning for each person":   all.formal / 60 / heads,
		"Cost of an hour used, EUR":                  (direct + other) / 100 / (all.learned / 60),
		"People for each of the learning staff":      fte / teaching,
		"Outsourced share, %":                        100 * all.supplier / direct,
		"Share of own costs, %":                      100 * all.internal / direct,
		"Share of tuition, %":                        100 * all.tuition / direct,
		"Centrally managed share, %":                 100 * all.central / stated,
		"Share through technology, %":                100 * all.technology / all.stated,
		"Share of solutions that are no learning, %": 100 * (minutes - function.staff["learning"]) / minutes,
		"People reached, %":                          100 * number(toldTo(len(all.people))) / heads,
		"People in formal learning, %":               100 * number(toldTo(len(all.formally))) / heads,
	}
	y.known = maps.Clone(want)
	for _, row := range y.rows(head.get("/effort/efficiency?" + span + "&format=csv")) {
		if v, there := want[row[0]]; there {
			y.close(row[0], row[1], v)
			delete(want, row[0])
		}
	}
	for name := range want {
		y.t.Errorf("%s is not shown", name)
	}
	for _, row := range y.rows(head.get("/effort/efficiency?" + span + "&table=units&format=csv")) {
		s := y.sum(row[0], date(1, 1), lastDay(11))
		direct, hours := s.cost["learning"]/100, s.learned/60
		_, fte := y.onAverage(row[0])
		cost := direct
		if row[0] == "School" {
			cost += other / 100
		}
		for i, want := range []float64{direct / fte, hours / fte, cost / hours, 100 * s.supplier / s.cost["learning"], 100 * s.technology / s.stated} {
			y.close(fmt.Sprint(row[0], ", efficiency ", i), row[1+i], want)
		}
	}
}

// compareBlend holds a row of hours, how they were learned, people and cost.
func (y *year) compareBlend(what string, row []string, s sums, mixed bool) {
	y.t.Helper()
	y.close(what+", hours", row[0], s.learned/60)
	rest := row[4:]
	for i := range 3 {
		y.close(fmt.Sprint(what, ", mix ", i), row[1+i], 100*s.mix[i]/s.learned)
	}
	if mixed {
		y.close(what+", not stated", row[4], 100*s.mix[3]/s.learned)
		rest = row[5:]
	}
	y.same(what+", people", rest[0], toldTo(len(s.people)))
	y.close(what+", cost", rest[1], s.cost["learning"]/100)
	y.close(what+", cost of an hour", rest[2], s.cost["learning"]/100/(s.learned/60))
}
