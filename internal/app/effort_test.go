package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"
)

// lately is a day of the last whole month.
func lately() string {
	return string(period.Of(period.DayOf(time.Now()), period.Monthly).Add(-1).First().Add(4))
}

// spent is a file whose sums the tests know by hand. Hours of learning: 10, of which experience 2, exposure
// 1, education 5, not stated 2; of North 6 of them: 2, 1 and 3. Learning cost 500: 300 to suppliers
// (central), 100 inside (local), 100 tuition (not stated). Staff spent 7 hours on learning and 3 on process
// analysis; in South 6 and 3.
func spent() string {
	file := "day,what,person,unit,modality,kind,side,hours,cost_internal,cost_supplier,cost_tuition,managed,external,supplier\n"
	for _, row := range []string{
		"Course,ann,,classroom,,,3,,300,,central,yes,School",
		"At the till,abe,,practice-at-work,,,2,,,,,,",
		"Mentor,,North,mentoring,,,1,,,,,,",
		"Something,cy,,,,,2,100,,,local,,",
		"Module,cy,,self-paced,,,2,,,100,,,",
		"Preparing,sam,,,,staff,6,,,,,,",
		"Way of an order,sam,,,process-analysis,staff,3,50,,,,,",
		"Rooms,bo,,,,staff,1,,,,,,",
	} {
		file += lately() + "," + row + "\n"
	}
	return file
}

// ledgered is the crew with that file in the ledger, and who reads it.
func (s *site) ledgered(t *testing.T) (units map[string]string, sam, bo, cy *client) {
	t.Helper()
	units = s.crew(t)
	sam = s.signIn(t, s.crewMember(t, "sam", whole(org.HeadOfLearning)))
	bo = s.signIn(t, s.crewMember(t, "bo", of(units["North"], org.Manager)))
	cy = s.signIn(t, s.crewMember(t, "cy", of(units["South"], org.Manager)))
	says(t, sam.get("/effort"), "No hours of learning of the whole organisation are recorded in the last year.", "Import a file")
	says(t, sam.get("/"), "The first hours and costs")
	if a := sam.upload("/effort/import", nil, "efforts.csv", spent()); !strings.Contains(a.said(), "8 efforts came in.") {
		t.Fatalf("handed in: %d %s", a.status, a.said())
	}
	return units, sam, bo, cy
}

// says reports what a page does not say.
func says(t *testing.T, a answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if said := a.said(); a.status != http.StatusOK || !strings.Contains(said, text) {
			t.Errorf("%s: %d, not %q in: %s", a.at, a.status, text, said)
		}
	}
}

// What one unit learned, at what cost: the figures made by hand, for the whole and for a part; a part's
// reader reads no other.
func TestTheBlendAndItsCostOfAUnit(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units, sam, bo, _ := s.ledgered(t)
		says(t, sam.get("/effort"), "Of 10 hours of learning in the last year, 20 % were experience, 10 % exposure, 50 % education.", "Of 20 % nobody has said how it was learned.",
			"Fewer than 5 people took part by name.", "Learning cost EUR 500.", "60 % was paid to suppliers: the outsourced share.", "75 % of the spending of which it is stated is managed centrally, 25 % locally.", "Of 20 % it is not stated.",
			"An hour of learning cost EUR 50", "own people 70 %", "external 30 %", "The mix is shown, never a target", "classroom 3 30 education formal", "took part in learning fewer than 5")
		says(t, bo.get("/effort"), "Of 6 hours of learning in the last year, 33 % were experience, 17 % exposure, 50 % education.", "2 people took part by name, 67 % of the 3 at work today.", "Learning cost EUR 300.")
		says(t, bo.get("/effort?from=2001&until=2002"), "No hours of learning of North are recorded from 2001-01 to 2002-12.")
		for _, path := range []string{"/effort?unit=" + units["South"], "/effort?unit=" + units["Shops"], "/effort/entries?unit=" + units["South"], "/effort/split", "/effort/import", "/effort/settings"} {
			if a := bo.get(path); a.status != http.StatusNotFound {
				t.Errorf("North's manager reads %s: %d", path, a.status)
			}
		}
		if a := sam.get("/effort?from=2026-05&until=2026-01"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("months the wrong way round: %d", a.status)
		}
		if a := sam.get("/effort?table=units&format=csv"); strings.Count(a.body, "\n") != 3 || !strings.Contains(a.body, "North,6,33,17,50,") {
			t.Errorf("units as a file: %s", a.body)
		}
	})
}

// What an hour of learning costs: by hand 500 for learning and 50 for what is none, over 10 hours; in North, which
// is not the learning function, 300 over 6. A measure that becomes an indicator stands on the scorecard by itself.
func TestTheEfficiencyOfLearning(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units, sam, bo, _ := s.ledgered(t)
		sam.follow(sam.post("/effort/settings", url.Values{"own": {"EUR"}, "reference": {"40"}, "units": {"South"}}))
		says(t, sam.get("/effort/efficiency"), "An hour of learning cost EUR 55 in the last year.", "No roster speaks of these months", "Direct learning expenditure, EUR 500.00", "Hours of learning used 10", "Cost of an hour used, EUR 55.00 – – USD 165 (2024)",
			"Outsourced share, % 60.0", "Share of tuition, % 20.0", "Share of solutions that are no learning, % 33.3", "compare each with the ratio of the same name", "The texts of ISO 30414:2025, ISO/TS 30428 and ISO/TS 30437 were not read")
		since := "?from=" + string(period.Of(period.Day(lately()), period.Monthly).Add(-1)) + "&until=" + string(period.Of(period.DayOf(time.Now()), period.Monthly)) // of which the last is not over
		if err := s.DB.Write(t.Context(), func(tx *db.Tx) error {                                                                                                     // as if the roster had been there then
			_, err := tx.Exec(t.Context(), `UPDATE org_person SET since = $2 WHERE organisation_id = $1`, s.organisation, lately())
			if err == nil {
				_, err = tx.Exec(t.Context(), `UPDATE org_import SET changed_at = changed_at + 1 WHERE organisation_id = $1`, s.organisation)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		says(t, sam.get("/effort/efficiency"+since), "A roster speaks of one of these months alone", "People reached, % fewer than 5")
		says(t, bo.get("/effort/efficiency"+since), "Expenditure for each full-time person, EUR 100.00", "Hours used by each full-time person 2.0", "People reached, % 67")
		says(t, bo.get("/effort/efficiency"), "An hour of learning cost EUR 50 in the last year.", "Cost of an hour used, EUR 50.00")
		if a := bo.get("/effort/efficiency"); strings.Contains(a.said(), "Published mean") || strings.Contains(a.said(), "Reuse ratio") {
			t.Errorf("a unit is compared with companies, or has a catalogue of its own: %s", a.said())
		}
		for _, path := range []string{"/effort/efficiency?unit=" + units["South"], "/effort/efficiency?unit=nowhere"} {
			if a := bo.get(path); a.status != http.StatusNotFound {
				t.Errorf("North's manager reads %s: %d", path, a.status)
			}
		}
		if a := sam.get("/effort/efficiency?from=2026-01&until=2026-02"); strings.Contains(a.said(), "Published mean") {
			t.Error("two months are compared with a year")
		}
		says(t, sam.get("/effort/efficiency?measure=outsourced-share"), "What suppliers were paid, of what learning cost.", "Outsourced share, % "+lately()[:4])
		if a := sam.get("/effort/efficiency?table=units&format=csv"); !strings.Contains(a.body, "North,") || strings.Count(a.body, "\n") != 3 {
			t.Errorf("units as a file: %s", a.body)
		}
		if a := bo.post("/effort/efficiency/indicators", nil); a.status != http.StatusNotFound {
			t.Errorf("a manager makes indicators: %d", a.status)
		}
		says(t, sam.follow(sam.post("/effort/efficiency/indicators", nil)), "With plan and forecast, on the scorecard of the learning function")
		if a := sam.get("/effort/efficiency"); strings.Contains(a.said(), "Make indicators of them") {
			t.Error("measures can be made indicators twice")
		}
		says(t, sam.follow(sam.get("/scorecards?of=learning")), "Cost of an hour used", "55.00", "Share of solutions that are no learning", "33.3")
		says(t, sam.get("/scorecards/"+units["North"]), "Cost of an hour used", "50.00")
	})
}

// The learning function's hours: of all staff as long as nobody says who it is, then of its units.
func TestTheSplitOfTheLearningFunction(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units, sam, bo, cy := s.ledgered(t)
		says(t, sam.get("/effort/split"), "Of the hours of staff in the last year, 30 % went into what is no learning.", "Nobody has said which units are the learning function", "The dashed line is 40 %: the estimate of the text that this product follows, not a benchmark.", "Of the money, 9 % went into what is no learning.")
		form := url.Values{"own": {"EUR"}, "reference": {"forty"}, "units": {"South"}}
		if a := sam.post("/effort/settings", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "the reference is 0 to 100 per cent") || a.page().Find("#reference").AttrOr("value", "") != "forty" {
			t.Errorf("a share that is none: %d %s", a.status, a.said())
		}
		form.Set("reference", "30")
		form.Set("units", "Nowhere")
		if a := sam.post("/effort/settings", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), `there is no unit "Nowhere"`) {
			t.Errorf("a unit that is none: %d %s", a.status, a.said())
		}
		form.Set("units", "South")
		sam.follow(sam.post("/effort/settings", form))
		says(t, sam.get("/effort/split"), "Of the learning function's hours in the last year, 33 % went into what is no learning.", "The learning function is South, with all under it.", "learning 6 67", "process analysis 3 33", "The dashed line is 30 %, which you have chosen. The text that this product follows estimates 40 %; neither is a benchmark.")
		says(t, cy.get("/effort/split"), "33 % went into what is no learning.")
		if a := bo.get("/effort/split"); a.status != http.StatusNotFound {
			t.Errorf("the manager of another unit: %d", a.status)
		}
		change := url.Values{"day": {lately()}, "text": {"Managers book themselves"}, "units": {"South"}, "expected": {"an hour costs less"}}
		says(t, sam.follow(sam.post("/effort/changes", change)), "One change of how the learning function works", "South · expected: an hour costs less")
		says(t, sam.get("/effort/split"), "1: "+lately()+" · Managers book themselves · South")
		says(t, sam.get("/effort?unit="+units["South"]), "Managers book themselves")
		if a := sam.get("/effort?unit=" + units["North"]); strings.Contains(a.said(), "Managers book themselves") {
			t.Errorf("a change of South on North's page: %s", a.said())
		}
		path := sam.get("/effort/changes").page().Find("a[href^='/effort/changes/']").AttrOr("href", "")
		if a := sam.post(path, url.Values{"day": {lately()}, "text": {" "}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "say in a sentence") {
			t.Errorf("a change that says nothing: %d %s", a.status, a.said())
		}
		change.Set("text", "Managers book places themselves")
		says(t, sam.follow(sam.post(path, change)), "Managers book places themselves")
		if a := bo.post("/effort/changes", change); a.status != http.StatusNotFound {
			t.Errorf("a manager writes a change down: %d", a.status)
		}
		says(t, sam.follow(sam.post(path+"/deletion", nil)), "No change of how the learning function works is written down.")
	})
}

// Two currencies need a rate, asked for at the field; it is read with the rate from then on.
func TestACurrencyNeedsARate(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		_, sam, _, _ := s.ledgered(t)
		row := "day,what,person,hours,cost_supplier,currency\n" + lately() + ",Course,ann,2,100,GBP\n"
		if a := sam.upload("/effort/import", nil, "pounds.csv", row); !strings.Contains(a.said(), "Nothing was imported.") || !strings.Contains(a.said(), "line 2: there is no rate for GBP in "+lately()[:7]) {
			t.Errorf("a currency without a rate: %d %s", a.status, a.said())
		}
		if a := sam.post("/effort/settings/rates", url.Values{"currency": {"gbp"}, "month": {lately()[:7]}, "rate": {"-1"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "a rate is a number above 0") {
			t.Errorf("a rate that is none: %d %s", a.status, a.said())
		}
		rate := url.Values{"currency": {"gbp"}, "month": {lately()[:7]}, "rate": {"1,165"}}
		says(t, sam.follow(sam.post("/effort/settings/rates", rate)), "One GBP is 1.165 EUR from "+lately()[:7]+" on")
		says(t, sam.upload("/effort/import", nil, "pounds.csv", row), "One effort came in.")
		says(t, sam.get("/effort"), "Learning cost EUR 616.50.")
		rate.Set("currency", "GBP")
		sam.follow(sam.post("/effort/settings/rates/deletion", rate))
		says(t, sam.get("/effort"), "Learning cost EUR 500.", "In no figure here: GBP 100, for which there is no rate. Say what it is worth")
	})
}

// A file is wrong as a whole, every line of it told; what it brought goes with it.
func TestAFileOfEffortsComesWholeAndGoesWhole(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		_, sam, bo, _ := s.ledgered(t)
		bad := "day,what,person,unit,hours,cost_internal\n" + lately() + ",An hour of nobody,,,1,\n" + lately() + ",Less than nothing,ann,,1,-5\n" + lately() + ",Fine,ann,,1,\n"
		a := sam.upload("/effort/import", nil, "bad.csv", bad)
		if said := a.said(); !strings.Contains(said, "line 2: say whose hours these are") || !strings.Contains(said, "line 3: a cost is 0 or more") || strings.Contains(said, "line 4") {
			t.Errorf("%d %s", a.status, said)
		}
		if a := sam.upload("/effort/import", nil, "efforts.csv", "what,hours\nx,1\n"); !strings.Contains(a.said(), "Nothing was imported.") || !strings.Contains(a.said(), `no column "day"`) {
			t.Errorf("without days: %d %s", a.status, a.said())
		}
		if a := bo.upload("/effort/import", nil, "efforts.csv", spent()); a.status != http.StatusNotFound {
			t.Errorf("a manager hands a file in: %d", a.status)
		}
		says(t, sam.get("/effort/import/1"), "Take back file 1?", "efforts.csv brought 8 entries.")
		says(t, sam.follow(sam.post("/effort/import/1/withdrawal", nil)), "File 1 is taken back.", "taken back")
		says(t, sam.get("/effort"), "No hours of learning of the whole organisation are recorded in the last year.")
		if a := sam.post("/effort/import/1/withdrawal", nil); a.status != http.StatusNotFound {
			t.Errorf("twice: %d", a.status)
		}
	})
}

// A manager enters what the own people did, changes it and takes it out; what is typed with a mistake
// stays, with the mistake at its field; nobody else's manager comes near it.
func TestAManagerEntersHoursOfTheOwnUnit(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units, sam, bo, cy := s.ledgered(t)
		form := bo.get("/effort/entries/new")
		says(t, form, "Enter hours or a cost")
		today := string(period.DayOf(time.Now()))
		typed := url.Values{"day": {today}, "what": {"Morning round"}, "kind": {"coaching"}, "participants": {"Ann\nabe: 0,5"}, "hours": {"1.5"}, "currency": {"EUR"}}
		for _, c := range []struct{ field, value, says string }{
			{"day", "soon", "choose the day"},
			{"day", string(period.DayOf(time.Now()).Add(2)), "has not come yet"},
			{"participants", "Nobody Here", `is called "Nobody Here"`},
			{"participants", "cy", `is called "cy"`},
			{"participants", "South", "South is none of the units for which you enter hours"},
			{"hours", "", "say how many hours"},
			{"cost-supplier", "-5", "is no amount of money"},
			{"what", " ", "say in at most 300 bytes what was done"},
			{"kind", "dancing", "there is no kind of effort"},
		} {
			wrong := url.Values{}
			for name, values := range typed {
				wrong[name] = values
			}
			wrong.Set(c.field, c.value)
			wrong.Set("id", form.page().Find("[name=id]").AttrOr("value", ""))
			a := bo.post("/effort/entries", wrong)
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), c.says) {
				t.Errorf("%s %q: %d %s", c.field, c.value, a.status, a.said())
			}
			if a.page().Find("[name=hours]").AttrOr("value", "") != wrong.Get("hours") {
				t.Errorf("%s: what was typed is gone", c.field)
			}
		}
		pounds := url.Values{"cost-internal": {"5"}, "currency": {"GBP"}}
		if a := bo.sendForm(form, "/effort/entries", merged(typed, pounds)); a.status != http.StatusUnprocessableEntity || a.page().Find("#mistake-currency").Length() != 1 {
			t.Errorf("a currency without a rate: %d %s", a.status, a.said())
		}
		list := bo.sendForm(form, "/effort/entries", merged(typed, url.Values{"cost-internal": {"4,50"}}))
		says(t, list, "Morning round", "Abe, Ann", "EUR 4.50")
		if again := bo.sendForm(form, "/effort/entries", typed); strings.Count(again.said(), "Morning round") != 1 {
			t.Errorf("sent twice: %s", again.said())
		}
		path := list.page().Find("a[href^='/effort/entries/']:contains('Morning round')").AttrOr("href", "")
		says(t, bo.sendForm(bo.get(path), path, url.Values{"hours": {""}, "what": {"Morning round, longer"}, "staff": {"bo: 1"}}), "Morning round, longer")
		if a := cy.get("/effort/entries"); strings.Contains(a.said(), "Morning round") || strings.Contains(a.said(), "Course") {
			t.Errorf("South's manager reads North's: %s", a.said())
		}
		for _, try := range []answer{sam.get(path), cy.get(path), cy.post(path, typed), cy.post(path+"/deletion", nil), bo.post("/effort/entries/nothing", typed)} {
			if try.status != http.StatusNotFound {
				t.Errorf("another's entry: %s %d", try.at, try.status)
			}
		}
		if a := bo.sendForm(bo.get("/effort/entries/new"), "/effort/entries", merged(typed, url.Values{"serves": {"goal:of-somebody"}})); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "this is nothing that an entry can serve") {
			t.Errorf("for a goal that is not there: %d %s", a.status, a.said())
		}
		says(t, sam.get("/effort/entries?unit="+units["North"]+"&kind=coaching"), "One entry", "people of North")
		if a := sam.get("/effort/entries"); strings.Contains(a.said(), "Ann") || strings.Contains(a.said(), "Abe") {
			t.Errorf("names for who may not read them: %s", a.said())
		}
		own := sam.sendForm(sam.get("/effort/entries/new"), "/effort/entries", merged(typed, url.Values{"what": {"A morning with Ann"}}))
		if path := own.page().Find("a[href^='/effort/entries/']:contains('A morning')").AttrOr("href", ""); path == "" || sam.get(path).status != http.StatusOK {
			t.Errorf("what she has entered herself: %s", own.said())
		}
		if a := bo.follow(bo.post(path+"/deletion", nil)); strings.Contains(a.said(), "Morning round") {
			t.Errorf("taken out: %s", a.said())
		}
		cost := url.Values{"participants": {""}, "what": {"Books"}, "kind": {"learning"}, "cost-supplier": {"20"}, "unit": {"South"}, "hours": {""}, "id": {strings.Repeat("a", 26)}}
		if a := bo.post("/effort/entries", merged(typed, cost)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), "name a unit for which you enter costs") {
			t.Errorf("a cost for another unit: %d %s", a.status, a.said())
		}
		cost.Set("unit", "North")
		says(t, bo.follow(bo.post("/effort/entries", merged(typed, cost))), "Books", "EUR 20")
	})
}

// merged is a form with some fields in the place of others.
func merged(form, more url.Values) url.Values {
	all := url.Values{}
	for _, some := range []url.Values{form, more} {
		for name, values := range some {
			all[name] = values
		}
	}
	return all
}

func TestTheLedgerIsNarrowedAndGoesOn(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	_, sam, bo, _ := s.ledgered(t)
	for query, want := range map[string]string{
		"?kind=process-analysis": "One entry",
		"?modality=classroom":    "One entry",
		"?source=form":           "No entry is like this.",
		"?from=" + lately()[:7] + "&until=" + lately()[:7]: "8 entries",
		"?until=2001": "No entry is like this.",
		"?unit=North": "4 entries",
		"?before=" + lately() + ".0&kind=process-analysis": "No entry is like this.",
		"?serves=goal:nothing":                             "No entry is like this.",
	} {
		says(t, sam.get("/effort/entries"+query), want)
	}
	if a := sam.get("/effort/entries?format=csv"); strings.Count(a.body, "\n") != 9 || strings.Contains(a.body, "Ann") || !strings.Contains(a.body, "School") {
		t.Errorf("as a file: %s", a.body)
	}
	if a := bo.get("/effort/entries?format=csv"); strings.Count(a.body, "\n") != 5 || !strings.Contains(a.body, "Ann") {
		t.Errorf("a part as a file: %s", a.body)
	}
	var many strings.Builder
	many.WriteString("day,what,unit,hours\n")
	for range 60 {
		many.WriteString(lately() + ",Round,North,1\n")
	}
	sam.upload("/effort/import", nil, "many.csv", many.String())
	first := sam.get("/effort/entries?kind=learning&unit=North")
	says(t, first, "The newest 50 entries")
	says(t, sam.get(first.page().Find("a:contains('Older ones')").AttrOr("href", "")), "14 entries")
}

// Programs read what pages show and no more, and feed rows all or none.
func TestTheLedgerIsToldAndFed(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units, _, _, _ := s.ledgered(t)
		sam, bo := s.calls(t, s.accountOf(t, "sam@crew.example")), s.calls(t, s.accountOf(t, "bo@crew.example"))
		var account fields
		sam.must(200, "GET", "/effort/account", "", &account)
		blend, spending, split := account["blend"].(fields), account["spending"].(fields), account["split"].(fields)
		if blend["hours"] != 10.0 || blend["mix"].(fields)["education"] != 5.0 || spending["direct"] != 500.0 || spending["outsourced"] != .6 || spending["central"] != .75 || split["non_learning"] != .3 || split["reference"] != .4 {
			t.Errorf("the whole: %v", account)
		}
		if reach := account["reach"].(fields); reach["learners"] != nil || reach["heads"] != 6.0 {
			t.Errorf("few people are counted for who may not read them: %v", reach)
		}
		var part fields
		bo.must(200, "GET", "/effort/account?unit="+units["North"], "", &part)
		if part["reach"].(fields)["learners"] != 2.0 || part["blend"].(fields)["hours"] != 6.0 {
			t.Errorf("North: %v", part)
		}
		if a := bo.ask("GET", "/effort/account?unit="+units["South"], ""); a.status != http.StatusNotFound {
			t.Errorf("South for North's manager: %d", a.status)
		}
		seen, next := map[string]bool{}, ""
		for range 5 {
			var page struct {
				Items []fields
				Next  string
			}
			sam.must(200, "GET", "/effort/entries?limit=3&before="+next, "", &page)
			for _, e := range page.Items {
				seen[e["id"].(string)] = true
				for _, h := range e["hours"].([]any) {
					if h.(fields)["person"] == "ann" {
						t.Errorf("the head of learning reads a name: %v", e)
					}
				}
			}
			if next = page.Next; next == "" {
				break
			}
		}
		if len(seen) != 8 || next != "" {
			t.Errorf("%d entries in pages", len(seen))
		}
		if got := bo.list("/effort/entries?modality=classroom"); len(got) != 1 || got[0]["hours"].([]any)[0].(fields)["person"] != "ann" {
			t.Errorf("the manager reads names: %v", got)
		}
		body := `{"source":"hours","rows":[{"day":"` + lately() + `","what":"Course","person":"ann","hours":2,"reference":"r1"}]}`
		var came fields
		sam.must(201, "POST", "/effort/entries", body, &came)
		sam.must(201, "POST", "/effort/entries", body, &came)
		if came["replaced"] != 0.0 || came["entries"] != 0.0 {
			t.Errorf("sent again: %v", came)
		}
		sam.must(201, "POST", "/effort/entries", strings.Replace(body, `"hours":2`, `"hours":3`, 1), &came)
		if came["replaced"] != 1.0 || came["entries"] != 1.0 {
			t.Errorf("sent again, with other hours: %v", came)
		}
		if a := sam.ask("POST", "/effort/entries", strings.Replace(body, "]}", `,{"day":"`+lately()+`","what":"x","hours":1}]}`, 1)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "line 2: say whose hours") {
			t.Errorf("a row of nobody: %d %s", a.status, a.body)
		}
		if a := bo.ask("POST", "/effort/entries", body); a.status != http.StatusNotFound {
			t.Errorf("a manager feeds: %d", a.status)
		}
		var change fields
		sam.must(201, "POST", "/effort/changes", `{"day":"`+lately()+`","text":"One contract","units":["`+units["North"]+`"]}`, &change)
		if got := bo.list("/effort/changes"); len(got) != 1 || got[0]["text"] != "One contract" || got[0]["id"] != change["id"] {
			t.Errorf("changes: %v", got)
		}
	})
}
