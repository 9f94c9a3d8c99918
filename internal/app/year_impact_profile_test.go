package app

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// history brings in what was done in the two years before, of which the ledger is to know: no more than classrooms in the
// first but for a job rotation at its end, and none of its other solutions.
func (y *year) history() {
	y.t.Helper()
	var b strings.Builder
	b.WriteString("day,what,unit,modality,kind,hours,cost_supplier\n")
	for month := range 24 {
		day := fmt.Sprintf("%d-%02d-15", simulated-2+month/12, month%12+1)
		e := entered{day: day, kind: "learning", modality: "classroom", hours: []hour{{"participant", "", y.teams()[y.past.IntN(6)].name, 60 * (2 + y.past.IntN(9))}}, costs: map[string]int{"supplier": 100 * (20 + y.past.IntN(60))}}
		switch {
		case month == 11: // late, and yet while the ledger began
			e.modality = "job-rotation"
		case month > 11:
			e.modality = []string{"classroom", "self-paced"}[y.past.IntN(2)]
		}
		fmt.Fprintf(&b, "%s,Before,%s,%s,%s,%g,%d\n", e.day, e.hours[0].unit, e.modality, e.kind, float64(e.hours[0].minutes)/60, e.costs["supplier"]/100)
		y.spent = append(y.spent, e)
	}
	says(y.t, y.as("p3").upload("/effort/import", nil, "before.csv", b.String()), "24 efforts came in.")
	y.files++
}

// forGoal brings in what was done for the goal of the whole.
func (y *year) forGoal() {
	y.t.Helper()
	e := entered{day: y.today(), kind: "learning", modality: []string{"peer-group", "job-rotation"}[y.past.IntN(2)], goal: true, hours: []hour{{"participant", "", y.teams()[y.past.IntN(6)].name, 60 * (1 + y.past.IntN(20))}}}
	file := fmt.Sprintf("day,what,unit,modality,hours,goal\n%s,Listening together,%s,%s,%g,Customers come back\n", e.day, e.hours[0].unit, e.modality, float64(e.hours[0].minutes)/60)
	says(y.t, y.as("p3").upload("/effort/import", nil, "goal-"+e.day+".csv", file), "One effort came in.")
	y.files++
	y.spent = append(y.spent, e)
}

// monthsAgo is a month, so many before this one.
func (y *year) monthsAgo(n int) string {
	return y.clock.now().AddDate(0, 0, 1-y.clock.now().Day()).AddDate(0, -n, 0).Format("2006-01")
}

// reached is what a measure of the profile comes to: with its steps, or what it is told with; NaN where it is not known.
type reached struct {
	name, as string
	value    float64
	steps    [4]float64
}

// score is how many of the steps are reached.
func (r reached) score() (n int) {
	for _, s := range r.steps {
		if r.value >= s && r.steps[0] < r.steps[1] || r.value <= s && r.steps[0] > r.steps[1] {
			n++
		}
	}
	return n
}

// scored is a part of the profile, by the end of its address.
type scored struct {
	id, name string
	of       []reached
}

// score is the mean of those that are known, rounded down; a dash where fewer than half are.
func (p scored) score() string {
	sum, known := 0, 0
	for _, r := range p.of {
		if !math.IsNaN(r.value) {
			sum, known = sum+r.score(), known+1
		}
	}
	if 2*known < len(p.of) {
		return "–"
	}
	return fmt.Sprint(sum / known)
}

// profile is what each part comes to today.
func (y *year) profile() []scored {
	from, until, unknown := y.monthsAgo(12)+"-01", y.monthsAgo(1)+"-31", math.NaN()
	s, before := y.sum("House", from, until), y.sum("House", y.monthsAgo(24)+"-01", y.monthsAgo(13)+"-31")
	ways, first := y.ways(from, until)
	share := func(name string, n, of float64, steps ...float64) reached {
		if of == 0 {
			return reached{name, "not known", unknown, [4]float64(steps)}
		}
		return reached{name, fmt.Sprintf("%.1f %% (%g of %.0f)", 100*n/of, n, of), 100 * n / of, [4]float64(steps)}
	}
	value := func(name, as string, v float64, steps ...float64) reached {
		r := reached{name, fmt.Sprintf(as, v), v, [4]float64(steps)}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			r.as, r.value = "not known", unknown
		}
		return r
	}

	all, typed, serve, minutes := 0.0, 0.0, 0.0, 0.0
	for _, e := range y.entries() {
		if e.day < from || e.day > until {
			continue
		}
		if all++; e.typed {
			typed++
		}
		for _, h := range e.hours {
			if minutes += float64(h.minutes); e.goal || y.proof.lot != nil && e.serves == y.proof.lot.name { // which serves a goal
				serve += float64(h.minutes)
			}
		}
	}
	heads, months := 0.0, 0.0
	for n := 1; n <= 3; n++ {
		if month := y.monthsAgo(n); month >= date(1, 1)[:7] {
			months++
			heads += float64(len(y.at(lastDay(int(number(month[5:]))), "House")))
		}
	}
	now := float64(len(y.at(lastDay(int(number(y.monthsAgo(1)[5:]))), "House")))
	learners := toldTo(len(y.sum("House", y.monthsAgo(3)+"-01", until).people))

	fresh := 0.0
	for way, m := range ways {
		if at := first[way]; at >= y.monthsAgo(24) && at >= fmt.Sprintf("%d-01", simulated-1) {
			fresh += m
		}
	}
	forms, real, others, kinds := 0.0, 0.0, 0.0, map[string]float64{}
	for way, m := range ways {
		if way[0] != "learning" {
			others += m
			kinds[way[0]] += m
		}
	}
	for _, m := range kinds {
		if m >= others/100 {
			real++
		}
	}
	work := 0.0
	for modality, m := range y.learned(from, until) {
		if modality != "" && m >= s.learned/100 {
			forms++
		}
		if slices.Contains([]string{"practice-at-work", "mentoring", "peer-group", "job-rotation"}, modality) {
			work += m
		}
	}
	school := y.sum("School", from, until)
	staff := 0.0
	for _, m := range school.staff {
		staff += m
	}
	cost := func(s, school sums) float64 {
		sum := s.cost["learning"]
		for kind, cents := range school.cost {
			if kind != "learning" {
				sum += cents
			}
		}
		return sum / s.learned
	}
	trend := 100 * (cost(s, school)/cost(before, y.sum("School", y.monthsAgo(24)+"-01", y.monthsAgo(13)+"-31")) - 1)

	begun, settled, estimated, proved := 0.0, 0.0, 0.0, 0.0
	spent, beforehand, sure := 0.0, 0.0, 0.0
	for _, s := range []*study{y.proof.lot, y.proof.regions, y.proof.unasked} {
		if s == nil {
			continue
		}
		cents, _ := y.cost(s, until)
		spent += cents
		told, asked := y.today() >= date(12, 5), s.effect != "" // when what came of them is estimated
		if asked {
			beforehand += cents // each before its first start
		}
		if s == y.proof.lot && told {
			sure += cents
		}
		first := y.since(s, "House")
		if first == "" || first > y.today() {
			continue
		}
		if begun++; told && asked {
			estimated++
		}
		if half, _ := time.Parse(time.DateOnly, first); half.AddDate(0, 6, 0).Format(time.DateOnly) <= y.today() {
			if settled++; s == y.proof.lot && told {
				proved++
			}
		}
	}
	changes := 0.0
	if y.today() >= date(4, 1) {
		changes = 1
	}
	goals, served := 0.0, 0.0
	for _, g := range y.goals {
		if g.key != "" || g.ended != "" {
			continue
		}
		if goals++; y.goalServed(g.name) {
			served++
		}
	}
	planned := map[string]bool{}
	for _, i := range y.intents {
		if i.agreed() && i.dropped == "" && i.who.in(y.today()) != "" {
			planned[i.who.key] = true
		}
	}
	acting, objective := 0.0, 0.0
	for _, key := range []string{"p1", "p2"} {
		seen := map[int]bool{}
		for _, a := range y.acts {
			if a.key == key && quarterOf(a.day) < quarterOf(y.today()) { // none before this year
				seen[quarterOf(a.day)] = true
			}
		}
		acting += float64(len(seen))
	}
	for _, a := range y.acts {
		if a.kind == "objective" {
			objective++
		}
	}
	return []scored{
		{"culture", "Learning has value in the culture", []reached{
			share("People with an agreed plan", number(toldTo(len(planned))), now, 20, 40, 60, 80),
			share("People with recorded learning in the quarter", number(learners), heads/max(1, months), 20, 40, 60, 80),
			value("Score of what concerns learning", "%.1f", y.learningScore(), 5.5, 6.5, 7.5, 8.5)}},
		{"technology", "Technology is leveraged", []reached{
			value("Hours through technology", "%.1f %%", 100*s.technology/s.stated, 15, 30, 45, 60),
			share("Entries that arrive without typing", all-typed, all, 50, 70, 85, 95)}},
		{"innovation", "Innovative learning and performance initiatives", []reached{
			value("Hours in new ways", "%.1f %%", 100*fresh/minutes, 2, 5, 10, 20),
			share("New initiatives with an estimate", estimated, begun, 25, 50, 75, 90)}},
		{"link", "A link between learning and performance", []reached{
			value("Spending with a plan written before", "%.1f %%", 100*beforehand/spent, 10, 25, 50, 75),
			value("Spending with an estimate of grade A to C", "%.1f %%", 100*sure/spent, 10, 25, 50, 75)}},
		{"alignment", "Alignment", []reached{
			value("Hours that serve a goal", "%.1f %%", 100*serve/minutes, 20, 40, 60, 80),
			share("Goals that learning serves", served, goals, 25, 50, 75, 95)}},
		{"breadth", "Broad range of opportunities", []reached{
			value("Ways of learning in real use", "%g", forms, 3, 5, 7, 9),
			value("Learning at work", "%.1f %%", 100*work/s.learned, 10, 25, 40, 55)}},
		{"effectiveness", "Effectiveness", []reached{
			share("Initiatives with an estimate of grade A to C", proved, settled, 10, 25, 50, 75),
			value("Timely access", "%.0f days", y.waited(until), 60, 30, 14, 7)}},
		{"solutions", "Performance improvement solutions", []reached{
			value("Solutions that are no learning, against the reference", "%.0f %%", 100*(staff-school.staff["learning"])/staff/.4, 25, 50, 75, 100),
			value("Kinds of other solutions in real use", "%g", real, 2, 4, 6, 8)}},
		{"efficiency", "Efficiency", []reached{
			value("Cost of an hour against the year before", "%.1f %%", trend, 5, 0, -5, -10),
			share("Dated changes that were judged", 0, changes, 25, 50, 75, 100)}},
		{"involvement", "C-level involvement", []reached{
			share("Quarters in which executives were seen", acting, 2*float64(quarterOf(y.today())-1), 25, 50, 75, 95),
			share("Executives with a learning objective", objective, 2, 25, 50, 75, 95)}},
	}
}

// ways are the minutes of some days by kind and modality, of whatever side, and the month in which each came up first.
func (y *year) ways(from, until string) (minutes map[[2]string]float64, first map[[2]string]string) {
	minutes, first = map[[2]string]float64{}, map[[2]string]string{}
	for _, e := range y.entries() {
		way := [2]string{e.kind, e.modality}
		if first[way] == "" || e.day[:7] < first[way] {
			first[way] = e.day[:7]
		}
		for _, h := range e.hours {
			if e.day >= from && e.day <= until {
				minutes[way] += float64(h.minutes)
			}
		}
	}
	return minutes, first
}

// learned are the minutes of participants in learning, by modality.
func (y *year) learned(from, until string) map[string]float64 {
	by := map[string]float64{}
	for _, e := range y.entries() {
		for _, h := range e.hours {
			if e.kind == "learning" && h.side == "participant" && e.day >= from && e.day <= until {
				by[e.modality] += float64(h.minutes)
			}
		}
	}
	return by
}

// learningScore is the mean of seven statements in the newest diagnosis.
func (y *year) learningScore() (mean float64) {
	for _, w := range slices.Backward(y.waves[:]) {
		if w == nil || w.closed > y.today() {
			continue
		}
		var counted []answered
		for _, a := range w.answers {
			if y.counts(a) {
				counted = append(counted, a)
			}
		}
		for _, id := range []string{"coaching", "dialogue", "knowledge_sharing", "room_for_mistakes", "openness_to_change", "process_improvement", "inspiration"} {
			of, _ := item(counted, id)
			mean += hundredth(of) / 7 // as it is published
		}
		return mean
	}
	return math.NaN()
}

// waited is the median of the days from a need to access.
func (y *year) waited(until string) float64 {
	last := int(number(until[5:7]))
	if until < date(1, 1) {
		return math.NaN()
	}
	u := y.use("House", 1, last)
	if len(u.waited) < 5 {
		return math.NaN()
	}
	return u.wait()
}

// goalServed says whether something by which one learns serves a goal.
func (y *year) goalServed(name string) bool {
	_, _, served := y.servesGoal(name)
	return served
}

// keepScores keeps the profile of a day, as the program does once a month, and what it should be.
func (y *year) keepScores() {
	y.t.Helper()
	if err := y.Impact.KeepDue(y.t.Context()); err != nil {
		y.t.Fatal(err)
	}
	scores := map[string]string{"": y.today()}
	for _, p := range y.profile() {
		scores[p.name] = p.score()
	}
	y.kept = append(y.kept, scores)
}

// compareProfile holds the profile, each of its parts and measures, and what was kept of it, against the events.
func (y *year) compareProfile() {
	y.t.Helper()
	head := y.as("p3")
	for key, view := range map[string]string{"p1": "3", "p3": "2"} { // how they score the breadth themselves
		y.same("own view", y.as(key).post("/profile/parts/breadth/view", url.Values{"score": {view}}).status, http.StatusSeeOther)
	}
	page, all := head.get("/profile"), y.profile()
	high, unsaid := 0, 0
	for _, p := range all {
		score := p.score()
		switch {
		case score == "–":
			unsaid++
			score = "not known"
		default:
			if score >= "3" {
				high++
			}
			score += " of 4"
		}
		known := 0
		var lines []string
		for _, r := range p.of {
			one := "–"
			if !math.IsNaN(r.value) {
				known++
				one = fmt.Sprint(r.score())
			}
			lines = append(lines, fmt.Sprintf("%s %s of 4 %s", r.name, one, strings.Replace(r.as, "-", "−", 1)))
		}
		says(y.t, page, fmt.Sprintf("%s %s %d of %d measures known", p.name, score, known, len(p.of)))
		shown := head.get("/profile/parts/" + p.id).page().Find("section.card").First().Find("li")
		y.same("measures of "+p.id, shown.Length(), len(lines))
		shown.Each(func(i int, li *goquery.Selection) {
			said, _, _ := strings.Cut(text(li), " steps ")
			y.same(p.id, said, lines[i])
		})
	}
	heading := fmt.Sprintf("%d of 10 parts score 3 or 4", high)
	if unsaid > 0 {
		heading += fmt.Sprintf("; %d are not known", unsaid)
	}
	mean := fmt.Sprintf("own view %.1f", (3+2)/2.)
	if score := number(all[5].score()); math.Abs(score-2.5) >= 1 {
		mean += " · differs"
	}
	says(y.t, page, heading+".", mean)
	n := 0
	for _, row := range y.table(page, "Part") {
		for i, kept := range y.kept[len(y.kept)-6:] {
			n++
			y.same(row[0]+" on "+kept[""], row[1+i], kept[row[0]])
		}
	}
	y.same("scores that were kept", n, 60)
}
