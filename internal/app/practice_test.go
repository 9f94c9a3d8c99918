package app

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/org"
)

// What worked in Leeds: a coach writes it down, another finds it by a word and takes it up, asks
// and is answered; the spread counts the people of both groups, by hand 16, a third of Leeds, and 12
// of 60.
func TestWhatWorkedIsSharedAndSpreads(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("coaches", url.Values{"level": {"team-leader"}, "per": {"20"}})
		_, ann := s.joined(t, boss, programme, "Person 1")
		_, bob := s.joined(t, boss, programme, "Person 49")
		plan := boss.follow(boss.post(programme+"/plan", url.Values{"do": {"draft"}}))
		boss.sendForm(plan, "/plan", url.Values{"do": {"accept"}})
		one, two := s.signIn(t, ann), s.signIn(t, bob)

		if a := boss.get(programme + "/spread"); !strings.Contains(a.said(), "Nothing has been shared yet.") {
			t.Errorf("at first: %s", a.said())
		}
		form := one.get("/practices/new")
		if a := one.sendForm(form, "/practices", url.Values{"do": {"share"}, "problem": {"Nobody asks anything back at hand-over."}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Nobody asks anything back") || !strings.Contains(a.said(), "choose the characteristic") {
			t.Errorf("half written: %d %s", a.status, a.said())
		}
		a := one.sendForm(form, "/practices", url.Values{"do": {"draft"}, "problem": {"Nobody asks anything back at hand-over."}})
		if !strings.Contains(a.said(), "A draft: you alone see it.") {
			t.Errorf("a draft: %d %s", a.status, a.said())
		}
		path := a.at
		if a := two.get(path); a.status != http.StatusNotFound {
			t.Errorf("another sees the draft: %d", a.status)
		}
		if a := two.get(path + "/edit"); a.status != http.StatusNotFound {
			t.Errorf("another edits the draft: %d", a.status)
		}
		one.sendForm(one.get(path+"/edit"), "/practices", url.Values{"do": {"share"}, "theme": {"dialogue"}, "tried": {"Two questions first."}, "outcome": {"helped"}, "title": {"Questions before answers"}})
		for q, want := range map[string]string{"?q=hand+over": "One practice is found.", "?q=zebra": "Nothing has these words.", "?theme=trust": "Nothing has these words.", "": "One practice: what was tried at work"} {
			if a := two.get("/practices" + q); !strings.Contains(a.said(), want) {
				t.Errorf("%s: %s", q, a.said())
			}
		}
		today := time.Now().UTC().Format(time.DateOnly)
		if a := two.post(path, url.Values{"do": {"adopt"}, "day": {today}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "say what came of it") {
			t.Errorf("taken up without an outcome: %d %s", a.status, a.said())
		}
		if a := one.post(path, url.Values{"do": {"adopt"}, "day": {today}, "outcome": {"helped"}}); a.status != http.StatusConflict {
			t.Errorf("the own one: %d", a.status)
		}
		a = two.follow(two.post(path, url.Values{"do": {"adopt"}, "day": {today}, "outcome": {"partly"}, "note": {"By phone."}}))
		if !strings.Contains(a.said(), "One other works by it now.") || !strings.Contains(a.said(), "You work by it.") || a.page().Find(".travel .stop").Length() != 2 {
			t.Errorf("taken up: %s", a.said())
		}
		two.post(path, url.Values{"do": {"ask"}, "question": {"And at night?"}})
		if a := boss.post(path, url.Values{"do": {"ask"}, "question": {"x"}}); a.status != http.StatusNotFound {
			t.Errorf("the programme manager asks: %d", a.status)
		}
		page := one.get("/practices/questions")
		if !strings.Contains(page.said(), "One question waits for an answer.") {
			t.Errorf("asked: %s", page.said())
		}
		button := page.page().Find("button[value^='ask ']").AttrOr("value", "")
		if a := one.follow(one.post("/practices/questions", url.Values{"do": {button}, "answer-" + strings.TrimPrefix(button, "ask "): {"We do it by phone."}})); !strings.Contains(a.said(), "Every question has an answer.") || !strings.Contains(a.said(), "We do it by phone.") {
			t.Errorf("answered: %s", a.said())
		}

		a = boss.get(programme + "/spread")
		if !strings.Contains(a.said(), "In one month, what was tried at one location has reached 47 % of the people.") || !strings.Contains(a.said(), "28 of 60 people are in a group whose coach") || a.page().Find(".slick .reached").Length() != 2 {
			t.Errorf("the spread: %s", a.said())
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(boss.get(programme+"/spread?format=csv").body, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || strings.Join(rows[1], "|") != "Bath|12|12" || strings.Join(rows[2], "|") != "Leeds|48|16" {
			t.Errorf("%v, %v", rows, err)
		}
		if said := a.page().Find(".slick title").Text(); !strings.Contains(said, "Leeds: 16 of 48 people") || a.page().Find(".travel [data-since]").Length() != 5 {
			t.Errorf("the pictures: %s", said)
		}
		units, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(boss.get(programme+"/spread?by=unit&format=csv").body, "\ufeff"))).ReadAll()
		if err != nil || len(units) != 4 || strings.Join(units[1], "|") != "East|12|12" || units[2][1] != "24" || units[3][1] != "24" {
			t.Errorf("%v, %v", units, err)
		}
		two.post(path, url.Values{"do": {"end"}})
		if a := boss.get(programme + "/spread"); !strings.Contains(a.said(), "27 % of the people") || !strings.Contains(a.said(), "Bath 12 people Whoever coaches there works by no shared practice yet") {
			t.Errorf("given up: %s", a.said())
		}
		if a := two.get(path); !strings.Contains(a.said(), "Do you work by it again?") {
			t.Errorf("again: %s", a.said())
		}
		if a := two.post(path, url.Values{"do": {"adopt"}, "day": {"1900-01-01"}, "outcome": {"helped"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "it was shared on "+today) {
			t.Errorf("before it was shared: %d %s", a.status, a.said())
		}
		if a := boss.follow(boss.post(path+"/removal", nil)); !strings.Contains(a.said(), "Nothing has been shared yet.") {
			t.Errorf("removed: %s", a.said())
		}
		if a := one.post("/practices/questions/removal", url.Values{"question": {strings.TrimPrefix(button, "ask ")}}); a.status != http.StatusNotFound {
			t.Errorf("a coach removes a question: %d", a.status)
		}
		if a := boss.follow(boss.post("/practices/questions/removal", url.Values{"question": {strings.TrimPrefix(button, "ask ")}})); !strings.Contains(a.said(), "Nobody has asked anything yet.") {
			t.Errorf("the question removed: %s", a.said())
		}
	})
}

// On a phone: what is typed is kept by itself, as a draft, and shared with one press.
func TestASituationIsWrittenOnAPhone(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		lead := s.as(t, "lead", whole(org.DiagnosisLead))
		s.decided(t, lead)
		boss := s.as(t, "boss", whole(org.ProgrammeManager))
		programme := boss.programme("coaches", url.Values{"level": {"team-leader"}})
		_, account := s.joined(t, boss, programme, "Person 1")
		p := browser.Open(t).Page(390, 900, false, true)
		s.signInOn(t, p, account)
		p.Goto(s.address + "/practices/new")
		p.WaitFor("#problem")
		p.Fill("#problem", "At hand-over the night team asks nothing back.")
		p.WaitText("Kept as you type")
		p.NoOverflow()
		p.Axe()
		p.Screenshot("practice-new")
		p.Goto(s.address + "/practices")
		p.WaitText("draft, yours alone")
		p.Click("ul.rows a[href^='/practices/']")
		p.WaitText("Go on writing")
		p.Click("a[href$='/edit']")
		p.WaitFor("#tried")
		p.Fill("#tried", "Two questions first.")
		p.Fill("#title", "Questions before answers")
		p.Click("input[name=theme]")
		p.Click("input[name=outcome][value=helped]")
		p.Click("button[value=share]")
		p.WaitText("Nobody else works by it yet.")
		p.NoOverflow()
		p.Axe()
		p.Screenshot("practice")
	})
}
