package app

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"throughline/internal/kit/smtptest"

	"github.com/PuerkitoBio/goquery"
)

// needing is something that waits for one of the people, as the home page tells it.
type needing struct {
	what, text string
	home       bool // and no weekly mail tells it
}

// mailed sends the weekly mails of the third Monday of a month, and holds them, and the home page of everybody who has an
// account, against what waits for each.
func (y *year) mailed(month int) {
	y.t.Helper()
	day := 11
	for time.Date(simulated, time.Month(month), day, 0, 0, 0, 0, time.UTC).Weekday() != time.Monday {
		day++
	}
	y.on(date(month, day))
	accounts, err := y.Org.Accounts(y.t.Context(), y.organisation)
	if err != nil {
		y.t.Fatal(err)
	}
	for _, a := range accounts { // some have one for what they do in a programme, and never were here
		if key, of, _ := strings.Cut(a.Mail, "@"); of == "house.example" {
			y.as(key)
		}
	}
	before := len(y.server.Mails())
	if err := y.SendDigests(y.t.Context()); err != nil {
		y.t.Fatal(err)
	}
	mails := map[string]smtptest.Mail{}
	for _, m := range y.server.Mails()[before:] {
		mails[m.To] = m
	}
	for key, c := range y.clients {
		w := y.who(key)
		var told, shown, wantTold, wantShown []string
		for _, one := range y.waits(w) {
			wantShown = append(wantShown, one.what+"|"+one.text)
			if !one.home && !y.quiet[key] {
				wantTold = append(wantTold, "- "+strings.TrimSuffix(one.what, ".")+". "+one.text)
			}
		}
		c.get("/").page().Find("#now li").Each(func(_ int, li *goquery.Selection) {
			shown = append(shown, text(li.Find("b"))+"|"+text(li.Find(".note")))
		})
		for line := range strings.Lines(mails[w.mail()].Text) {
			if strings.HasPrefix(line, "- ") {
				told = append(told, strings.TrimSpace(line))
			}
		}
		for _, all := range [][]string{told, shown, wantTold, wantShown} {
			slices.Sort(all)
		}
		y.same(fmt.Sprint(y.today(), ": what waits for ", key), strings.Join(shown, "\n"), strings.Join(wantShown, "\n"))
		y.same(fmt.Sprint(y.today(), ": the mail to ", key), strings.Join(told, "\n"), strings.Join(wantTold, "\n"))
		if n := len(wantTold); n > 0 {
			y.letters++
			y.same("its subject", mails[w.mail()].Subject, "shops: "+times(n, "One thing waits for you.", "%d things wait for you."))
		}
		delete(mails, w.mail())
	}
	for to, m := range mails {
		y.t.Errorf("%s: a mail to %s: %s", y.today(), to, m.Text)
	}
	switch key := y.head("Coast").key; month {
	case 3, 4: // one opens the report, and then another one
		key = map[int]string{3: "p1", 4: key}[month]
		y.same(key+" opens the report", y.as(key).follow(y.as(key).get(y.waves[0].report)).status, http.StatusOK)
		y.opened[y.waves[0].name+key] = true
	case 8, 12: // from September on one wants no mails, until the last
		y.quiet[key] = month == 8
		y.as(key).post("/account/digest", url.Values{"do": {map[bool]string{true: "off", false: "on"}[month == 8]}})
	}
}

// times is a text for one, or for so many.
func times(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(more, n)
}

// waits is what waits for somebody today: nothing for who has left.
func (y *year) waits(w *worker) (all []needing) {
	add := func(what, text string) { all = append(all, needing{what: what, text: text}) }
	today := y.today()
	if n, need := y.answersFor(w); need > 0 {
		all = append(all, needing{times(n, "You answer for one action", "You answer for %d actions"), times(need, "One of them needs a word from you.", "%d of them need a word from you."), true})
	}
	for _, wave := range slices.Backward(y.waves[:]) {
		if wave == nil || wave.closed > today {
			continue
		}
		switch {
		case w.level == "manager" || w.level == "executive":
			if !y.opened[wave.name+w.key] {
				add(wave.name, "The report of this diagnosis stands, and you have not opened it yet.")
			}
		case w.key == "p5" && wave == y.waves[1]: // of January they are decided before the first mail
			add(wave.name, "Its focal points are not decided yet.")
		}
		break
	}
	if w.level == "executive" && !slices.ContainsFunc(y.acts, func(a act) bool { return a.key == w.key && quarterOf(a.day) == quarterOf(today) }) {
		add("You were not seen to take part this quarter yet.", y.askOf(w))
	}
	own := 0
	for _, g := range y.goals {
		if g.key == w.key && g.by != w.key && !g.agreed && g.ended == "" {
			own++
		}
	}
	if own > 0 {
		add(times(own, "A goal of yours waits for your yes", "%d goals of yours wait for your yes"), "Your manager has written it down: agree to it, or change it.")
	}
	all = append(all, y.learns(w)...)
	if w.key == "p4" && y.leaders != "" {
		for name, path := range map[string]string{"Our leaders": y.leaders, "Our coaches": y.coaches} {
			todo := y.todo(path)
			y.same(name+": what waits", strings.Join(y.as("p4").get(path).page().Find(".card.plan li").Map(func(_ int, li *goquery.Selection) string { return text(li) }), "|"), strings.Join(todo, "|"))
			said := todo[0] + "."
			if more := len(todo) - 1; more > 0 {
				said += " " + times(more, "One more thing waits.", "%d more things wait.")
			}
			add(name, said)
		}
	}
	return all
}

// learns is what waits for somebody of what people want to learn: of the own plan, and of their people.
func (y *year) learns(w *worker) (all []needing) {
	late, asked, requests, theirs := 0, 0, 0, 0
	for _, i := range y.intents {
		switch {
		case !i.open() || i.who.in(y.today()) == "":
		case i.who == w:
			if i.done == "" && i.due < y.today() {
				late++
			}
			if i.done == "" && !i.person {
				asked++
			}
		case i.who.boss == w.key && (i.done != "" || !i.boss):
			theirs++
		}
	}
	for _, wish := range y.wishes {
		if wish.state == "asked" && wish.who.boss == w.key && wish.who.in(y.today()) != "" {
			requests++
		}
	}
	switch {
	case late > 0:
		all = append(all, needing{what: times(late, "One item of your plan should have been done", "%d items of your plan should have been done"), text: "Say what came of it, or choose another day together."})
	case asked > 0:
		all = append(all, needing{what: times(asked, "One item of your plan waits for your yes", "%d items of your plan wait for your yes"), text: "Your manager has written it down: agree to it, or change it."})
	}
	if requests > 0 {
		all = append(all, needing{what: times(requests, "One request waits for your yes.", "%d requests wait for your yes."), text: "Somebody of your people wants to learn by something: say yes or no."})
	}
	if theirs > 0 {
		all = append(all, needing{what: times(theirs, "One plan of your people waits for your word", "%d items in plans of your people wait for your word"), text: "Agree to what they want to do, or confirm what they have done."})
	}
	return all
}

// answersFor is how many open actions somebody owns, and how many of them need a word: those that are late, of which nobody has said
// anything for thirty days, or that are due within a week.
func (y *year) answersFor(w *worker) (open, need int) {
	for _, a := range y.agreed {
		if a.owner != w || a.state != "" {
			continue
		}
		if open++; y.daysFrom(y.today(), a.due) <= 7 || y.daysFrom(a.heard, y.today()) >= 30 {
			need++
		}
	}
	return open, need
}

// askOf is what is asked of an executive first: a learning objective of who has none; no session is planned that they could open, so
// then to stand for an initiative that goes on, of which each is asked another: who was seen least the first.
func (y *year) askOf(w *worker) string {
	acts := func(key string) (lately, all int) {
		for _, a := range y.acts {
			if a.key != key {
				continue
			}
			if all++; quarterOf(a.day) == quarterOf(y.today()) {
				lately++
			}
		}
		return lately, all
	}
	lately, all := acts("p1")
	lately2, all2 := acts("p2")
	switch {
	case w.key == "p2": // has none all year
		return "Put a learning objective among the own goals."
	case cmp.Or(cmp.Compare(lately, lately2), cmp.Compare(all, all2)) <= 0:
		return "Say to people why ‘Hand-overs that ask’ matters: no executive has been seen to support it."
	}
	return "Say to people why ‘Quiet hours’ matters: no executive has been seen to support it." // the first one is asked of the other
}

// todo is what waits in a programme for whoever leads it, most urgent first.
func (y *year) todo(programme string) (all []string) {
	add := func(n int, one, more string) {
		if n > 0 {
			all = append(all, times(n, one, more))
		}
	}
	today, left, in, held := y.today(), 0, 0, 0
	for _, w := range y.members[programme] {
		if in++; w.in(today) == "" {
			in, left = in-1, left+1
		}
	}
	for _, h := range y.held {
		if h.programme == programme && !h.cancelled {
			held++
		}
	}
	if month := y.clock.now().Month(); programme == y.coaches && month > 5 { // in May two were, of whom one has declined in June
		nominated := 1
		if month == 6 {
			nominated = 2
		}
		add(nominated, "One person is nominated and not invited yet", "%d people are nominated and not invited yet")
	}
	add(left, "One person has left and is still in it", "%d people have left and are still in it")
	all = append(all, "No session is planned")
	if held > 0 { // nobody has an arrangement beside the sessions
		add(in, "One person has no supporting arrangement yet", "%d people have no supporting arrangement yet")
	}
	if programme == y.leaders {
		late, ownerless := 0, 0
		for _, a := range y.agreed {
			switch {
			case a.state != "":
			case a.owner.in(today) == "":
				ownerless++
			case a.due < today:
				late++
			}
		}
		add(ownerless, "One action needs another owner", "%d actions need another owner")
		add(late, "One action is late", "%d actions are late")
	}
	return all
}

// quarterOf is the quarter of a day of the year.
func quarterOf(day string) int { return (int(number(day[5:7])) + 2) / 3 }

// compareMails sees that there were some.
func (y *year) compareMails() {
	y.t.Helper()
	if y.letters < 50 {
		y.t.Errorf("%d weekly mails were held against what waits", y.letters)
	}
}
