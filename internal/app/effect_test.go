package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// chain is 36 shops in three regions, with two years of an indicator up to last month. In the first
// two dozen something is worth 2 points from a month on that lies a year and eight months back.
func (s *site) chain(t *testing.T, head *client) (units map[string]string, first period.Period) {
	t.Helper()
	column := func(name string) org.Field { return org.Field{Column: name} }
	rows := func(yield func(org.Row, error) bool) {
		for n := range 36 {
			if !yield(org.Row{Line: n + 2, Cells: []string{fmt.Sprint("P", n), fmt.Sprint("Person ", n), fmt.Sprintf("Chain/%s/Shop %d", []string{"East", "West", "South"}[n%3], n)}}, nil) {
				return
			}
		}
	}
	if _, err := s.Org.ImportRoster(t.Context(), s.organisation, orgdb.Roster{Day: period.DayOf(time.Now().AddDate(-3, 0, 0)), Sources: []org.Source{{Name: "people.csv", Header: []string{"id", "name", "unit"}, Rows: rows}},
		Map: org.Map{People: &org.Section{Key: column("id"), Name: column("name"), UnitPath: column("unit")}}}); err != nil {
		t.Fatal(err)
	}
	head.follow(head.post("/indicators/shipped", url.Values{"key": {"customer-satisfaction"}}))
	first = period.Of(period.DayOf(time.Now()), period.Monthly).Add(-24)
	rng := rand.New(rand.NewPCG(3, 3))
	var file strings.Builder
	file.WriteString("indicator;unit;period;value\n")
	for n := range 36 {
		level := 70 + 3*rng.NormFloat64()
		for m := range 24 {
			v := level + 0.7*rng.NormFloat64()
			if start := starts(n); start > 0 && m >= start {
				v += 2
			}
			fmt.Fprintf(&file, "customer-satisfaction;Shop %d;%s;%.2f\n", n, first.Add(m), v)
		}
	}
	says(t, head.upload("/observations", nil, "figures.csv", file.String()), "864 figures came in.")
	structure, err := s.Strategy.Units(t.Context(), s.organisation)
	if err != nil {
		t.Fatal(err)
	}
	units = map[string]string{}
	for _, u := range structure.Units {
		units[u.Name] = u.ID
	}
	return units, first
}

// starts is the month in which a shop starts, 0 for never.
func starts(shop int) int {
	return map[int]int{0: 10, 1: 15}[shop/12]
}

// began makes the initiative that starts shop by shop, and returns its id.
func (s *site) began(t *testing.T, manager *client, units map[string]string, first period.Period) string {
	t.Helper()
	made := manager.get("/initiatives").inputs("id")[0]
	a := manager.post("/initiatives", url.Values{"id": {made}, "name": {"Dialogue sessions"}, "kind": {"learning"}, "owner": {"P3"}, "do": {"keep"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("beginning: %d %s", a.status, a.said())
	}
	for n := range 36 {
		if start := starts(n); start > 0 {
			a := manager.post("/initiatives/"+made, url.Values{"do": {"start"}, "unit": {units[fmt.Sprint("Shop ", n)]}, "day": {string(first.Add(start).First().Add(3))}})
			if a.status != http.StatusSeeOther {
				t.Fatalf("starting in shop %d: %d %s", n, a.status, a.said())
			}
		}
	}
	return made
}

// refuses fails unless a form came back with a mistake that says so.
func refuses(t *testing.T, a answer, text string) {
	t.Helper()
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), text) {
		t.Errorf("%d, not %q: %.300s", a.status, text, a.said())
	}
}

var inputValue = regexp.MustCompile(`<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"`)

// inputs are the values of a page's inputs of a name.
func (a answer) inputs(name string) (values []string) {
	for _, m := range inputValue.FindAllStringSubmatch(a.body, -1) {
		if m[1] == name {
			values = append(values, m[2])
		}
	}
	return values
}

// What is to be proved is written down, estimated from the ledgers, read by a manager, worth money, and
// redone by another statistician with the program's own command.
func TestAnEffectIsProvedFromTheLedgers(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		head, manager := s.as(t, "head", whole(org.HeadOfLearning)), s.as(t, "manager", whole(org.ProgrammeManager))
		units, first := s.chain(t, head)
		initiative := s.began(t, manager, units, first)
		refuses(t, manager.post("/initiatives/"+initiative, url.Values{"do": {"order"}, "order": {"alphabet"}}), "choose how the order was decided")
		manager.follow(manager.post("/initiatives/"+initiative, url.Values{"do": {"order"}, "order": {"lot"}, "reason": {"Drawn from a hat"}, "decided": {string(first.First())}}))
		says(t, head.get("/effects"), "Nobody has asked yet what came of anything.", "Dialogue sessions")
		indicator := regexp.MustCompile(`<option value="([^"]+)"[^>]*>Customer satisfaction`).FindStringSubmatch(head.get("/effects/new?initiative=" + initiative).body)[1]
		id := head.get("/effects/new?initiative=" + initiative).inputs("id")[0]
		form := url.Values{"id": {id}, "initiative": {initiative}, "indicator": {indicator}, "scope": {units["Chain"]}, "first": {"soon"}, "method": {"cs"}, "controls": {"notyet"}, "worth": {"0,5"}, "together": {"unit"}, "impact": {"level-slope"}}
		refuses(t, head.post("/effects", form), `"soon" is no period`)
		form.Set("first", string(first))
		page := head.follow(head.post("/effects", form))
		says(t, page, "Nobody has looked yet.", "after the first start")
		page = head.follow(head.post("/effects/"+id+"/estimate", nil))
		for range 50 { // it may tell how far it is first
			if !strings.Contains(page.said(), "This takes a moment") {
				break
			}
			time.Sleep(100 * time.Millisecond)
			page = head.get("/effects/" + id)
		}
		says(t, page, "Yes: Customer satisfaction rose by", "grade A", "What would overturn it", "Placebo date", "The order was drawn by lot")
		kept, err := s.Impact.Estimate(t.Context(), s.organisation, id)
		if err != nil || kept.Headline.Low > 2 || kept.Headline.High < 2 || kept.Finding != impact.Works {
			t.Fatalf("%+v %v", kept, err)
		}

		refuses(t, head.post("/effects/"+id+"/money", url.Values{"amount": {"100"}, "per": {"year"}}), "say where the amount is from")
		head.follow(head.post("/effects/"+id+"/money", url.Values{"amount": {"1200"}, "per": {"year"}, "source": {"Finance"}}))
		// 12 shops for 14 months and 12 for 9 are 23 shop-years.
		says(t, head.get("/effects/"+id), "EUR 1,200", "unit-years since the start", "23.0", "is a figure of: Finance. Not ours.")
		head.follow(head.post("/effects/"+id+"/opinions", url.Values{"who": {"A manager"}, "change": {"4"}, "share": {"50"}, "confidence": {"70"}}))
		says(t, head.get("/effects/"+id), "+1.40 points, grade D")

		boss := s.as(t, "boss", whole(org.Executive))
		goal := s.served(t, boss, initiative, units["Chain"])
		says(t, boss.get("/goals/"+goal), "What came of it, as far as it was proved", "Dialogue sessions Works")
		says(t, boss.get("/effects?by=goal"), "More satisfied customers", "Dialogue sessions")
		says(t, boss.get("/effects"), "One effect was looked at, and it is told to work.", "Dialogue sessions", "Works")
		local := s.as(t, "local", of(units["East"], org.Manager))
		says(t, local.get("/effects/"+id), "Yes: Customer satisfaction rose by")
		if a := local.get("/effects/" + id + "/data"); a.status != http.StatusNotFound {
			t.Errorf("a manager of a region has every shop's values: %d", a.status)
		}
		told := s.calls(t, s.accountOf(t, "boss@example.org")).list("/effects")
		if len(told) != 1 || told[0]["grade"] != "A" || told[0]["finding"] != "works" || told[0]["cause"] != "Dialogue sessions" {
			t.Errorf("the API lists %v", told)
		}
		var detail fields
		s.calls(t, s.accountOf(t, "boss@example.org")).must(http.StatusOK, "GET", "/effects/"+id, "", &detail)
		if detail["stale"] != false || len(detail["events"].([]any)) != 28 || len(detail["checks"].([]any)) < 6 {
			t.Errorf("the API tells %v", detail)
		}
		s.redoes(t, boss.get("/effects/"+id+"/data"), kept.Headline.ATT, id)

		// Another figure makes it stale, and it is estimated again.
		says(t, head.upload("/observations", nil, "more.csv", fmt.Sprintf("indicator;unit;period;value\ncustomer-satisfaction;Shop 1;%s;60\n", first)), "One figure came in.")
		says(t, boss.get("/effects/"+id), "Estimate it again.")
	})
}

// redoes runs the command of a log on its panel.
func (s *site) redoes(t *testing.T, a answer, want float64, id string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	folder, texts := t.TempDir(), map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		texts[f.Name] = string(text)
		if err := os.WriteFile(filepath.Join(folder, f.Name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(texts["log.txt"], "throughline estimate --panel panel.csv") || !strings.Contains(texts["estimate.R"], "att_gt(") || !strings.Contains(texts["log.txt"], "Drawn from a hat") {
		t.Errorf("the log: %s", texts["log.txt"])
	}
	var out bytes.Buffer
	e := Estimate{Panel: filepath.Join(folder, "panel.csv"), Format: "json", Question: impact.Question{Method: impact.GroupTime, Options: impact.Options{Controls: impact.NotYet}}}
	e.Columns.Unit, e.Columns.Time, e.Columns.Outcome, e.Columns.Start = "unit", "period", "value", "start"
	if err := e.Run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"redone": out.String(), "sent": texts["estimate.json"]} {
		var got struct{ Simple struct{ ATT float64 } }
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.Simple.ATT-want > 1e-9 || want-got.Simple.ATT > 1e-9 {
			t.Errorf("%s: %v instead of %v (%v)", name, got.Simple.ATT, want, err)
		}
	}
}

// A lot is drawn before anything starts, says what it could tell, and is written down with its plan.
func TestTheOrderOfARollOutIsDrawnByLot(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		head, manager := s.as(t, "head", whole(org.HeadOfLearning)), s.as(t, "manager", whole(org.ProgrammeManager))
		units, _ := s.chain(t, head)
		made := manager.get("/initiatives").inputs("id")[0]
		manager.follow(manager.post("/initiatives", url.Values{"id": {made}, "name": {"Shift planning"}, "kind": {"process-analysis"}, "owner": {"P3"}, "do": {"keep"}}))
		indicator := regexp.MustCompile(`<option value="([^"]+)"[^>]*>Customer satisfaction`).FindStringSubmatch(manager.get("/rollouts/" + made).body)[1]
		next := time.Now().AddDate(0, 2, 0).Format("2006-01") + "-01"
		ask := url.Values{"indicator": {indicator}, "scope": {units["Chain"]}, "depth": {"1"}, "groups": {"2"}, "first": {next}, "every": {"3"}, "until": {"6"}, "rest": {"1"}}
		refuses(t, manager.get("/rollouts/"+made+"?indicator="+indicator+"&groups=1&first="+next+"&every=3&until=6&depth=1&seed=1"), "there is nobody to compare with")
		page := manager.follow(manager.get("/rollouts/" + made + "?" + ask.Encode()))
		for range 50 {
			if !strings.Contains(page.said(), "This takes a moment") {
				break
			}
			time.Sleep(100 * time.Millisecond)
			page = manager.get(page.at)
		}
		says(t, page, "This order could tell a change of", "Starts on "+next+": 12 units", "Does not start for now: 12 units", "Told from nothing in")
		order := page.inputs("order")
		if len(order) != 1 {
			t.Fatalf("orders %q", order)
		}
		if a := manager.post("/rollouts/"+made, ask); a.status != http.StatusConflict || !strings.Contains(a.said(), "the units are others") {
			t.Errorf("an order that nobody saw is kept: %d %.200s", a.status, a.said())
		}
		ask.Set("order", order[0])
		planned := manager.follow(manager.post("/rollouts/"+made, ask))
		says(t, planned, "Write down what is to be proved", "Shift planning ("+next+")")
		i, err := s.Effort.Initiative(t.Context(), s.organisation, made)
		if err != nil || len(i.Starts) != 24 || i.Order != "lot" || !strings.Contains(i.Reason, "seed ") {
			t.Errorf("%+v %v", i, err)
		}
		per := map[string]int{}
		for _, start := range i.Starts {
			var n int
			fmt.Sscanf(start.Ref.Name, "Shop %d", &n)
			per[fmt.Sprint(n%3, " ", start.Day)]++
		}
		for group, n := range per {
			if n != 4 {
				t.Errorf("%d shops of %s", n, group)
			}
		}
		ask.Set("first", time.Now().AddDate(0, -2, 0).Format("2006-01")+"-01")
		refuses(t, manager.post("/rollouts/"+made, ask), "an order is drawn before the first starts")

		// What has begun is not drawn anew: its starts are what happened.
		var begun effort.Initiative
		err = s.Effort.SaveInitiative(t.Context(), s.organisation, made, "P3", "test", func(i *effort.Initiative) {
			i.Starts[0].Day = period.DayOf(time.Now().AddDate(0, -1, 0))
			begun = *i
		})
		if err != nil {
			t.Fatal(err)
		}
		ask.Set("first", next)
		if a := manager.post("/rollouts/"+made, ask); a.status != http.StatusConflict || !strings.Contains(a.said(), "has begun") {
			t.Errorf("%d %.200s", a.status, a.said())
		}
		if i, err := s.Effort.Initiative(t.Context(), s.organisation, made); err != nil || len(i.Starts) != len(begun.Starts) {
			t.Errorf("%d starts of %d, %v", len(i.Starts), len(begun.Starts), err)
		}
	})
}

// Who reads effects sees no figures of units that are not theirs, and nothing that was found goes away.
func TestWhatAnEffectShowsWhom(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		head := s.as(t, "head", whole(org.HeadOfLearning))
		units, first := s.chain(t, head)
		head.follow(head.post("/effort/changes", url.Values{"day": {string(first.Add(12).First())}, "text": {"Courses in the evening"}}))
		changes, err := s.Effort.Changes(t.Context(), s.organisation)
		if err != nil || len(changes) != 1 {
			t.Fatalf("%d changes, %v", len(changes), err)
		}
		made := changes[0].ID
		figures := "indicator;unit;period;value\n"
		for m := range 24 {
			figures += fmt.Sprintf("customer-satisfaction;Chain;%s;%d\n", first.Add(m), 70+m%3+2*(m/12))
		}
		says(t, head.upload("/observations", nil, "whole.csv", figures), "24 figures came in.")
		indicator := regexp.MustCompile(`<option value="([^"]+)"[^>]*>Customer satisfaction`).FindStringSubmatch(head.get("/effects/new?initiative=" + made).body)[1]
		id := head.get("/effects/new?initiative=" + made).inputs("id")[0]
		form := url.Values{"id": {id}, "initiative": {made}, "indicator": {indicator}, "scope": {units["Chain"]}, "first": {string(first)}, "method": {"its"}, "controls": {"notyet"}, "together": {"unit"}, "impact": {"level"}, "placebo": {"zzz"}}
		refuses(t, head.post("/effects", form), "there is no such indicator: choose one of the list, or none")
		form.Set("placebo", indicator)
		refuses(t, head.post("/effects", form), "choose another indicator than the one that should change")
		form.Set("placebo", "")
		form.Set("anticipation", "abc")
		refuses(t, head.post("/effects", form), "0 to 36")
		form.Del("anticipation")
		form.Set("percent", "1")
		refuses(t, head.post("/effects", form), "only where units start one after the other")
		form.Del("percent")
		head.follow(head.post("/effects", form))
		if err := s.Impact.Judge(t.Context(), s.organisation, id, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		for range 3 { // the first mistake, and what was typed, every time
			back := head.post("/effects/"+id+"/money", url.Values{"low": {"10x"}, "high": {"12x"}})
			refuses(t, back, `"10x" is no amount`)
			if low := back.inputs("low"); len(low) != 1 || low[0] != "10x" {
				t.Errorf("what was typed is lost: %v", low)
			}
		}
		back := head.post("/effects/"+id+"/opinions", url.Values{"who": {"A manager"}, "change": {"much"}})
		refuses(t, back, `"much" is no number`)
		if typed := append(back.inputs("who"), back.inputs("change")...); len(typed) != 2 || typed[0] != "A manager" || typed[1] != "much" {
			t.Errorf("what was typed is lost: %v", typed)
		}
		const dots = "Dots: what was observed."
		began := first.Add(12)
		month := time.Date(began.Year(), time.Month(began.Number()%12+1), 1, 0, 0, 0, 0, time.UTC).Format("Jan 2006")
		says(t, head.get("/effects/"+id), dots, "The ledger has neither hours nor costs of it.", "whatever else changed in "+month)
		local := s.as(t, "local", of(units["East"], org.Manager)).get("/effects/" + id)
		says(t, local, "(as stated)")
		for _, hidden := range []string{dots, "The ledger has"} {
			if strings.Contains(local.said(), hidden) {
				t.Errorf("a manager of a region reads %q", hidden)
			}
		}
		if a := head.post("/effort/changes/"+made+"/deletion", nil); a.status != http.StatusConflict || !strings.Contains(a.said(), "so it stays") {
			t.Errorf("what was judged is taken out: %d %.200s", a.status, a.said())
		}
		says(t, head.get("/effects"), "Courses in the evening")
	})
}

// Of people an effect is told without who they are: starts come in a file, nobody is named, and the values
// are not sent.
func TestAnEffectOnPeopleNamesNobody(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		head, manager := s.as(t, "head", whole(org.HeadOfLearning)), s.as(t, "manager", whole(org.ProgrammeManager))
		units, first := s.chain(t, head)
		boss := s.as(t, "boss", whole(org.Executive))
		a := head.follow(head.post("/indicators", url.Values{"name": {"Talks"}, "direction": {"higher"}, "over-units": {"mean"}, "over-time": {"mean"}, "grain": {"month"}, "perspective": {"customer"}, "people": {"yes"}, "minimum": {"5"}}))
		talks := strings.TrimPrefix(a.at, "/indicators/")
		rng := rand.New(rand.NewPCG(12, 12))
		figures := "indicator;person;period;value\n"
		for n := range 36 {
			for m := range 24 {
				v := 20 + rng.NormFloat64()
				if n < 12 && m >= 12 {
					v += 3
				}
				figures += fmt.Sprintf("talks;P%d;%s;%.2f\n", n, first.Add(m), v)
			}
		}
		says(t, head.upload("/observations", nil, "talks.csv", figures), "864 figures came in.")
		if err := (PublishObservations{Indicator: "talks"}).Run(t.Context(), s.App, io.Discard); err != nil {
			t.Fatal(err)
		}
		made := manager.get("/initiatives").inputs("id")[0]
		manager.follow(manager.post("/initiatives", url.Values{"id": {made}, "name": {"Coaching"}, "kind": {"coaching"}, "owner": {"P3"}, "do": {"keep"}}))
		refuses(t, manager.upload("/initiatives/"+made+"/starts", nil, "starts.csv", "person;day\nP99;2026-01-01\n"), `there is no person "P99"`)
		file := "person;day\n"
		for n := range 12 {
			file += fmt.Sprintf("P%d;%s\n", n, first.Add(12).First().Add(2))
		}
		page := manager.follow(manager.upload("/initiatives/"+made+"/starts", nil, "starts.csv", file))
		says(t, page, "12 people by name", "begun for 12 of 12 units and people")
		for _, name := range []string{"Person 0", "Person 11"} {
			if strings.Contains(page.said(), name) {
				t.Errorf("the initiative names %s", name)
			}
		}
		if a := s.as(t, "stranger").upload("/initiatives/"+made+"/starts", nil, "starts.csv", file); a.status != http.StatusNotFound {
			t.Errorf("a stranger says who starts: %d", a.status)
		}
		var out bytes.Buffer
		if err := (ImportStarts{File: kept(t, "starts.csv", file), Initiative: "Coaching"}).Run(t.Context(), s.App, &out); err != nil || out.String() != "Coaching: 12 starts came in.\n" {
			t.Errorf("by command: %q %v", out.String(), err)
		}
		id := head.get("/effects/new?initiative=" + made).inputs("id")[0]
		form := url.Values{"id": {id}, "initiative": {made}, "indicator": {talks}, "scope": {units["East"]}, "first": {string(first)}, "method": {"cs"}, "controls": {"notyet"}, "together": {"unit"}, "impact": {"level"}}
		refuses(t, head.post("/effects", form), "people are compared over the whole organisation: choose Chain")
		form.Set("scope", units["Chain"])
		head.follow(head.post("/effects", form))
		if err := s.Impact.Judge(t.Context(), s.organisation, id, nil); err != nil {
			t.Fatal(err)
		}
		says(t, boss.get("/effects/"+id), "36 people", "The average over 12 people since each one started", "without the values of people")
		a = boss.get("/effects/" + id + "/data")
		z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != "log.txt estimate.R estimate.json" {
			t.Errorf("sent: %s", got)
		}
		if strings.Contains(a.body, "Person ") {
			t.Error("what is sent names somebody")
		}
		// A changed start is told with the next period only.
		manager.follow(manager.upload("/initiatives/"+made+"/starts", nil, "starts.csv", "person;day\nP0;\n"))
		says(t, head.get("/effects/"+id), "Estimate it again.")
		if err := s.Impact.Judge(t.Context(), s.organisation, id, nil); err == nil {
			t.Error("it is told again")
		}
		says(t, boss.get("/effects/"+id), "of people that is done once: publish the next period first")
	})
}

// served lets the initiative serve a goal of the whole, whose id it returns.
func (s *site) served(t *testing.T, boss *client, initiative, unit string) (goal string) {
	t.Helper()
	boss.follow(boss.post("/goals", aimed("More satisfied customers", url.Values{"unit": {unit}, "owner": {"P3"}})))
	all, err := s.Strategy.Top(t.Context(), s.organisation)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d goals, %v", len(all), err)
	}
	err = s.Effort.SaveInitiative(t.Context(), s.organisation, initiative, "P3", "test", func(i *effort.Initiative) {
		i.Serves = []effort.Target{{Kind: effort.ForGoal, ID: all[0].ID}}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all[0].ID
}

// The head of learning plans, looks and reads on a phone in the dark, by keyboard where it counts; the
// executive reads at a desk.
func TestEffectsInTheBrowser(t *testing.T) {
	b := browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	account := s.account(t, "head", whole(org.HeadOfLearning))
	head, manager := s.signIn(t, account), s.as(t, "manager", whole(org.ProgrammeManager))
	units, first := s.chain(t, head)
	initiative := s.began(t, manager, units, first)
	p := b.Page(390, 900, true, true)
	s.signInOn(t, p, account)
	p.Goto(s.address + "/effects")
	p.WaitText("Of one thing that was done nobody has asked what came")
	p.NoOverflow()
	p.Axe()
	p.Click(`a[href$="initiative=` + initiative + `"]`)
	p.WaitText("before anybody looks")
	indicator := regexp.MustCompile(`<option value="([^"]+)"[^>]*>Customer satisfaction`).FindStringSubmatch(head.get("/effects/new?initiative=" + initiative).body)[1]
	p.Fill("#indicator", indicator)
	p.Fill("#first", string(first))
	p.Fill("#worth", "0.5")
	p.NoOverflow()
	p.Axe()
	p.TabTo("main form button.btn")
	p.Press("Enter")
	p.WaitText("Nobody has looked yet.")
	p.TabTo(`form[action$="estimate"] button`)
	p.Press("Enter")
	p.WaitText("Yes, probably: Customer satisfaction rose by")
	p.NoOverflow()
	p.Axe()
	p.Screenshot("effect-found")
	path := p.URL()

	desk := browser.Open(t).Page(1280, 900, false, false)
	s.signInOn(t, desk, s.account(t, "boss", whole(org.Executive)))
	desk.Goto(s.address + "/effects")
	desk.WaitText("Works")
	desk.Click(`.effects a[href^="/effects/"]`)
	desk.WaitText("What would overturn it")
	if desk.URL() != path {
		t.Errorf("the portfolio leads to %s", desk.URL())
	}
	desk.NoOverflow()
	desk.Axe()
}
