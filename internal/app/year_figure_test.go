package app

import (
	"fmt"
	"net/url"
	"strings"

	"throughline/internal/org"
)

// figure is what was observed of a team in a month, or planned for it.
type figure struct {
	year, month        int
	unit               string
	revenue, plan      float64 // plan is 0 for the year before
	asked, content     float64
	aim                float64
	observed, foreseen bool
}

// measures takes two indicators over, with the year before and the plan of this one.
func (y *year) measures() {
	y.t.Helper()
	chief := y.as("p1", whole(org.Executive))
	chief.follow(chief.post("/indicators/shipped", url.Values{"key": {"revenue", "customer-satisfaction"}}))
	for _, u := range y.teams() {
		for m := range 12 {
			before := figure{year: simulated - 1, month: m + 1, unit: u.name, observed: true, revenue: float64(200 + 10*u.size + y.r.IntN(60)), asked: float64(5 + y.r.IntN(40)), content: float64(600+y.r.IntN(200)) / 10}
			now := figure{year: simulated, month: m + 1, unit: u.name, foreseen: true, plan: before.revenue + 10, aim: 70}
			y.figures = append(y.figures, before, now)
		}
	}
	var b strings.Builder
	b.WriteString("indicator,unit,period,value,plan\n")
	for _, f := range y.figures {
		month := fmt.Sprintf("%s,%d-%02d", f.unit, f.year, f.month)
		if f.observed {
			fmt.Fprintf(&b, "revenue,%s,%g,\ncustomers-asked,%s,%g,\ncustomer-satisfaction,%s,%g,\n", month, f.revenue, month, f.asked, month, f.content)
		} else {
			fmt.Fprintf(&b, "revenue,%s,,%g\ncustomer-satisfaction,%s,,%g\n", month, f.plan, month, f.aim)
		}
	}
	says(y.t, chief.upload("/observations", nil, "before.csv", b.String()), "figures came in.")
}

// observe brings a month of this year in.
func (y *year) observe(month int) {
	y.t.Helper()
	var b strings.Builder
	b.WriteString("indicator,unit,period,value\n")
	for i := range y.figures {
		f := &y.figures[i]
		if f.year != simulated || f.month != month {
			continue
		}
		f.observed, f.revenue, f.asked, f.content = true, float64(220+10*y.unit(f.unit).size+y.r.IntN(70)), float64(5+y.r.IntN(40)), float64(620+y.r.IntN(200))/10
		at := fmt.Sprintf("%s,%d-%02d", f.unit, f.year, f.month)
		fmt.Fprintf(&b, "revenue,%s,%g\ncustomers-asked,%s,%g\ncustomer-satisfaction,%s,%g\n", at, f.revenue, at, f.asked, at, f.content)
	}
	says(y.t, y.as("p1").upload("/observations", nil, fmt.Sprintf("month-%d.csv", month), b.String()), "27 figures came in.")
}

// correct puts two values of the past right: one by a file, one by the form of a region's manager.
func (y *year) correct() {
	y.t.Helper()
	for i := range y.figures {
		f := &y.figures[i]
		switch fmt.Sprint(f.unit, f.year, f.month) {
		case fmt.Sprint("Dale", simulated, 3):
			f.revenue, f.content = 111, 55.5
			file := fmt.Sprintf("indicator,unit,period,value\nrevenue,Dale,%[1]d-03,111\ncustomer-satisfaction,Dale,%[1]d-03,55.5\n", simulated)
			says(y.t, y.as("p1").upload("/observations", nil, "right.csv", file), "2 figures came in.", "2 took the place of another")
		case fmt.Sprint("Peak", simulated, 5):
			f.revenue = 432
			manager, card := y.as(y.head("Hills").key), "/scorecards/"+y.unitNamed(y.t, "Peak")
			sheet := manager.get(fmt.Sprintf("%s?year=%d", card, simulated)).page().Find(`.scorecard a:contains("Revenue")`).AttrOr("href", "")
			path, _, _ := strings.Cut(sheet, "?")
			says(y.t, manager.sendForm(manager.get(sheet), path, url.Values{"period": {fmt.Sprintf("%d-05", simulated)}, "value": {"432"}}), "432")
		}
	}
}

// compareFigures holds the scorecards of the whole and of each region against what was observed.
func (y *year) compareFigures() {
	y.t.Helper()
	chief := y.as("p1")
	for _, u := range y.units {
		if u.size > 0 { // a team
			continue
		}
		var last, plan, now, due float64
		var lastSum, lastAsked, sum, asked, aims float64
		for _, f := range y.figures {
			if !y.under(f.unit, u.name) {
				continue
			}
			if f.year < simulated {
				last, lastSum, lastAsked = last+f.revenue, lastSum+f.content*f.asked, lastAsked+f.asked
				continue
			}
			if plan += f.plan; f.observed {
				now, due = now+f.revenue, due+f.plan
				sum, asked, aims = sum+f.content*f.asked, asked+f.asked, aims+f.aim*f.asked
			}
		}
		card := chief.get(fmt.Sprintf("/scorecards/%s?year=%d&format=csv", y.unitNamed(y.t, u.name), simulated))
		seen := map[string][]string{}
		for _, row := range y.rows(card) {
			seen[row[0]] = row
		}
		revenue, content := seen["Revenue"], seen["Customer satisfaction"]
		if revenue == nil || content == nil {
			y.t.Fatalf("%s has %v", u.name, seen)
		}
		for at, want := range map[int]float64{3: last, 4: plan, 5: now, 6: due, 7: 100 * now / due} {
			y.close(fmt.Sprint(u.name, ", revenue ", at), revenue[at], want)
		}
		for at, want := range map[int]float64{3: lastSum / lastAsked, 5: sum / asked, 6: aims / asked, 7: 100 * sum / aims} {
			y.close(fmt.Sprint(u.name, ", satisfaction ", at), content[at], want)
		}
	}
}
