package app

import (
	"fmt"
	"math"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// compareBoard holds the page for the board against what both reports say, the actions and sessions, the entries of the
// learning function, the acts of executives and the profile.
func (y *year) compareBoard() {
	y.t.Helper()
	page := y.as("p1").get("/board")
	then, now := y.waves[0].unitGroup("House"), y.waves[1].unitGroup("House")
	questions := y.compareWays(page)
	says(y.t, page, fmt.Sprintf("The page for the board · Dec %d · December: %d of %d answered", simulated, now.answered, now.invited))
	lists := map[string][]string{}
	page.page().Find(".focal li").Each(func(_ int, li *goquery.Selection) { lists["focal"] = append(lists["focal"], text(li)) })
	page.page().Find(".questions li").Each(func(_ int, li *goquery.Selection) { lists["questions"] = append(lists["questions"], text(li)) })
	sessions := 0
	for _, h := range y.held {
		if !h.cancelled {
			sessions++
		}
	}
	y.same("focal points of the board", len(lists["focal"]), len(promised))
	for i, p := range promised {
		var of [2]float64
		for n, w := range []*finding{then, now} {
			for _, id := range p.items {
				of[n] += w.of[id].mean / float64(len(p.items))
			}
		}
		done, actions := 0, 0
		for _, a := range y.agreed {
			if a.focal != p.theme {
				continue
			}
			if actions++; a.state == "done" {
				done++
			}
		}
		if i > 0 { // sessions are of the first one
			sessions = 0
		}
		said, moves := strings.CutPrefix(lists["focal"][i], p.theme+" ")
		words := strings.SplitN(said, " ", 5) // 5.4 → 6.2 +0.8 2 of 7 ...
		if !moves || len(words) != 5 {
			y.t.Fatalf("a focal point on the board: %q", lists["focal"][i])
		}
		y.close(p.theme+" then", words[0], of[0])
		y.close(p.theme+" now", words[2], of[1])
		y.close(p.theme+" moved", words[3], of[1]-of[0])
		y.same(p.theme, words[4], fmt.Sprintf("%d of %d actions done · %s", done, actions, times(sessions, "one session", "%d sessions")))
	}
	y.compareHalves(page)
	cents, _ := y.cost(y.proof.regions, y.today()) // of which one cannot tell what came
	questions = append(questions, fmt.Sprintf("‘Hand-overs that ask’ cost EUR %s, and nobody can tell what came of it. How could its next step be dealt out so that one can?", amount(cents/100, 0)))
	lacked, who := map[string]int{}, map[int][]string{}
	most := 0
	for _, row := range y.table(page, "Executive") {
		y.same(row[0]+" before January", row[1], "–")
		for i, n := range row[2:] {
			acts := 0
			for _, a := range y.acts {
				if strings.HasPrefix(row[0], y.who(a.key).name) && quarterOf(a.day) == i+1 {
					acts++
				}
			}
			if y.same(row[0]+" on the board", n, strings.Replace(fmt.Sprint(acts), "0", "none", 1)); acts == 0 {
				lacked[row[0]]++
			}
		}
		name, _, _ := strings.Cut(row[0], " House")
		who[lacked[row[0]]] = append(who[lacked[row[0]]], name)
		most = max(most, lacked[row[0]])
	}
	switch names := who[most]; {
	case most == 0:
	case len(names) == 1:
		questions = append(questions, fmt.Sprintf("%[1]s: no visible act in %[2]d of 4 quarters. Which session will %[1]s open?", names[0], most))
	default:
		questions = append(questions, fmt.Sprintf("%s: no visible act in %d of 4 quarters. Which session will each of them open?", strings.Join(names, ", "), most))
	}
	lowest, score := "", "5"
	for _, p := range y.profile() {
		if s := p.score(); s != "–" && s < score {
			lowest, score = p.name, s
		}
	}
	questions = append(questions, fmt.Sprintf("‘%s’ scores %s of 4. Who begins something about it?", lowest, score))
	y.same("questions", strings.Join(lists["questions"], "\n"), strings.Join(questions[:min(3, len(questions))], "\n"))
}

// compareWays holds how each factor goes to 8.5, and returns what is asked of the one that goes worst.
func (y *year) compareWays(page answer) (questions []string) {
	y.t.Helper()
	then, now := y.waves[0], y.waves[1]
	years := float64(y.daysFrom(then.closed, now.closed)) / 365.25
	on, falling, worst := 0, "", math.Inf(1)
	rows := y.table(page, "Factor")
	y.same("factors of the board", len(rows), len(y.factors))
	for i, row := range rows {
		id := y.factors[i]
		a, b := then.unitGroup("House").of[id].mean, now.unitGroup("House").of[id].mean
		pace := "Below pace"
		switch {
		case b >= 8.5:
			pace = "Reached"
		case y.changes["House"][i].how == "clearly down":
			pace, falling = "Falling", row[0]+" is falling."
		case b >= a+.3*years:
			pace = "On pace"
		}
		if pace == "Reached" || pace == "On pace" {
			on++
		}
		for at, want := range []float64{a, b, b - a, a + .3*years, a + .5*years} {
			y.close(fmt.Sprint(id, " on the way ", at), row[1+at], want)
		}
		y.same(id+" goes", row[6], pace)
		moved := row[3]
		says(y.t, page, fmt.Sprintf("%s %s %s %s", row[0], row[2], moved, pace))
		if b-a >= worst || pace != "Below pace" && pace != "Falling" {
			continue
		}
		worst = b - a
		if questions = []string{fmt.Sprintf("‘%s’ moved by %s since the last diagnosis. What do the units do in which it rose?", row[0], moved)}; b > a {
			if left := (8.5 - b) / ((b - a) / years); left <= 50 {
				questions[0] = fmt.Sprintf("‘%s’ gained %s since the last diagnosis: at that pace 8.5 is %.0f years away. What would double it?", row[0], moved, left)
			}
		}
	}
	says(y.t, page, strings.TrimSpace(fmt.Sprintf("%d of %d factors are on pace to 8.5. %s", on, len(y.factors), falling)))
	return questions
}

// compareHalves holds what the learning function spent on learning and on the rest, in twelve months.
func (y *year) compareHalves(page answer) {
	y.t.Helper()
	s := y.sum("School", y.monthsAgo(12)+"-01", y.monthsAgo(1)+"-31")
	hours, cents := 0.0, 0.0
	for _, m := range s.staff {
		hours += m / 60
	}
	for _, c := range s.cost {
		cents += c
	}
	learning := s.staff["learning"] / 60
	says(y.t, page, fmt.Sprintf("Hours %.0f %% not learning learning %.0f h other %.0f h", 100*(hours-learning)/hours, learning, hours-learning))
	said := text(page.page().Find("section:has(a[href='/effort/split'])").First())
	_, said, _ = strings.Cut(said, "Cost ")
	said, _, _ = strings.Cut(said, " Of the learning function")
	words := strings.Fields(strings.ReplaceAll(said, "EUR ", "")) // 39 % not learning learning 402.25 other 254
	if len(words) != 8 {
		y.t.Fatalf("the cost of the learning function: %q", said)
	}
	y.close("share of the cost that is not learning", words[0], 100*(cents-s.cost["learning"])/cents)
	y.close("cost of learning", words[5], s.cost["learning"]/100)
	y.close("cost of the rest", words[7], (cents-s.cost["learning"])/100)
}
