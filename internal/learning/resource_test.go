package learning_test

import (
	"iter"
	"strings"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/learning"
	"throughline/internal/org"

	"github.com/google/go-cmp/cmp"
)

func course() learning.Resource {
	return learning.Resource{ID: "c", Name: "Hearing a complaint out", Modality: effort.Classroom, Minutes: 240, Price: 9500, Currency: "EUR", External: true, Provider: "Handel Academy"}
}

func TestAResourceSaysWhatItLacks(t *testing.T) {
	for want, change := range map[string]func(*learning.Resource){
		"give it a name":               func(r *learning.Resource) { r.Name = " " },
		"choose how one learns":        func(r *learning.Resource) { r.Modality = "" },
		"choose how one learns by":     func(r *learning.Resource) { r.Modality = "dreaming" },
		"a price is 0 or more":         func(r *learning.Resource) { r.Price = -1 },
		"three letters":                func(r *learning.Resource) { r.Currency = "" },
		"up to a year":                 func(r *learning.Resource) { r.Minutes = -1 },
		"cannot come before itself":    func(r *learning.Resource) { r.Needs = []string{"c"} },
		"places; 0 is no limit":        func(r *learning.Resource) { r.Capacity = -1 },
		"formal or a part of the work": func(r *learning.Resource) { r.Form = "free" },
	} {
		r := course()
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		change(&r)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	all := map[string]learning.Resource{"a": {ID: "a", Name: "A", Needs: []string{"b"}}, "b": {ID: "b", Name: "B", Needs: []string{"c"}}}
	if err := learning.CheckNeeds(learning.Resource{ID: "c", Name: "C", Needs: []string{"a"}}, all); err == nil || !strings.Contains(err.Error(), "C comes before B already") {
		t.Errorf("round and round: %v", err)
	}
	if r := course(); r.FormOf() != effort.Formal || r.Alone() {
		t.Errorf("%v, %v", r.FormOf(), r.Alone())
	}
}

func TestOfferingsOfOneResourceDoNotOverlapAtOnePlace(t *testing.T) {
	there := []learning.Offering{{ID: "1", Resource: "c", Begins: "2026-03-02", Ends: "2026-03-04", Place: "Gent"}, {ID: "2", Resource: "c", Begins: "2026-05-02", Ends: "2026-05-02", Place: "Gent", Cancelled: true}}
	for name, c := range map[string]struct {
		offering learning.Offering
		fits     bool
	}{
		"on its last day":         {learning.Offering{ID: "x", Resource: "c", Begins: "2026-03-04", Place: "Gent"}, false},
		"the day after":           {learning.Offering{ID: "x", Resource: "c", Begins: "2026-03-05", Place: "Gent"}, true},
		"elsewhere":               {learning.Offering{ID: "x", Resource: "c", Begins: "2026-03-03", Place: "Brugge"}, true},
		"of something else":       {learning.Offering{ID: "x", Resource: "d", Begins: "2026-03-03", Place: "Gent"}, true},
		"as one that was stopped": {learning.Offering{ID: "x", Resource: "c", Begins: "2026-05-02", Place: "Gent"}, true},
		"changed itself":          {learning.Offering{ID: "1", Resource: "c", Begins: "2026-03-03", Place: "Gent"}, true},
	} {
		if err := c.offering.Check(); err != nil {
			t.Fatal(err)
		}
		if err := c.offering.CheckBeside(there); (err == nil) != c.fits {
			t.Errorf("%s: %v", name, err)
		}
	}
	booked := []learning.Offering{there[0]}
	err := learning.CheckBooking(learning.Offering{ID: "y", Resource: "d", Begins: "2026-03-01", Ends: "2026-03-02"}, booked, func(string) string { return "Tills" })
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "Tills") {
		t.Errorf("two places at once: %v", err)
	}
}

// Needed on the 1st: access on the 11th and the 3rd is 10 and 2 days, before the need none; the median
// of 0, 2 and 10 is 2. Two wait, one of them for 29 days.
func TestTimelyAccessIsTheMedianFromNeedToAccess(t *testing.T) {
	all := []learning.Request{
		{Needed: "2026-03-01", Access: "2026-03-11", State: learning.Completed},
		{Needed: "2026-03-01", Access: "2026-03-03", State: learning.Placed},
		{Needed: "2026-03-01", Access: "2026-02-20", State: learning.Placed},
		{Needed: "2026-03-02", State: learning.Waiting}, {Needed: "2026-03-20", State: learning.Asked}, {Needed: "2026-01-01", State: learning.Withdrawn},
	}
	got := learning.TimelyOf(all, "2026-03-31")
	if got.Median == nil || *got.Median != 2 || got.Accesses != 3 || got.Waiting != 2 || got.Longest != 29 {
		t.Errorf("%+v", got)
	}
	if got := learning.TimelyOf(nil, "2026-03-31"); got.Median != nil {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestACompletionIsHoursAndAPrice(t *testing.T) {
	q := learning.Request{State: learning.Completed, Person: org.Ref{ID: "ann"}, Unit: org.Ref{ID: "gent"}, Done: "2026-03-04"}
	of := course()
	of.Aims = []learning.Aim{{Kind: effort.ForGoal, ID: "g"}, {Kind: learning.AimRole, ID: "r"}}
	got := q.Effort(of)
	want := []effort.Entry{{Day: "2026-03-04", Kind: effort.Learning, What: of.Name, Modality: effort.Classroom, External: true, Managed: effort.Centrally, Supplier: "Handel Academy",
		Hours:  []effort.Hours{{Side: effort.Participant, Unit: "gent", Person: "ann", Minutes: 240}},
		Costs:  []effort.Cost{{Kind: effort.Supplier, Amount: 9500, Currency: "EUR"}},
		Serves: []effort.Target{{Kind: effort.ForResource, ID: "c"}, {Kind: effort.ForGoal, ID: "g"}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if q.State = learning.NotDone; q.Effort(of) != nil {
		t.Error("what was not completed is in the ledger")
	}
	o := learning.Offering{Ends: "2026-03-04", Cost: 1000, Currency: "EUR"}
	sum := int64(0)
	for _, e := range o.Effort(of, []learning.Request{{Unit: org.Ref{ID: "a"}}, {Unit: org.Ref{ID: "b"}}, {Unit: org.Ref{ID: "b"}}}, "2026-03-09") {
		sum += e.Costs[0].Amount
	}
	if sum != 1000 {
		t.Errorf("a third of a thousand, three times: %d", sum)
	}
}

func resourceRows(rows ...learning.ResourceRow) iter.Seq2[learning.ResourceRow, error] {
	return func(yield func(learning.ResourceRow, error) bool) {
		for n, r := range rows {
			if r.Line = n + 2; !yield(r, nil) {
				return
			}
		}
	}
}

func TestAFileOfResourcesIsRead(t *testing.T) {
	hours, price := 1.5, 20.0
	b := learning.Book{Currency: "EUR", Levels: map[string]int{"L": 4}, Names: map[string]effort.Names{effort.ForCompetency: {"listen": "L", "Listening": "L", "twice": ""}, learning.AimRole: {"Seller": "R"}},
		Resources: []learning.Resource{{ID: "old", Key: "tills", Name: "Tills", Modality: effort.Classroom}}, Owner: func(who string) (org.Ref, error) { return org.Ref{ID: who, Name: who}, nil }}
	got, err := learning.GatherResources(b, resourceRows(
		learning.ResourceRow{Name: "Listening well", Modality: "Self-Paced", Hours: &hours, Price: &price, External: "yes", Competencies: "listen@3; Listening", Roles: "Seller", Needs: "tills", Owner: "ann"},
		learning.ResourceRow{Key: "tills", Name: "Running a till", Modality: "classroom"},
	))
	if err != nil {
		t.Fatal(err)
	}
	r := got[0]
	if r.Key != "listening-well" || r.Minutes != 90 || r.Price != 2000 || r.Currency != "EUR" || !r.External || len(r.Aims) != 2 || r.Aims[0].Level != 3 || r.Owner.ID != "ann" || r.Needs[0] != "tills" || got[1].ID != "old" {
		t.Errorf("%+v", got)
	}
	row := func(change func(*learning.ResourceRow)) learning.ResourceRow {
		r := learning.ResourceRow{Name: "X", Modality: "classroom"}
		change(&r)
		return r
	}
	for want, rows := range map[string][]learning.ResourceRow{
		"line 2: give it a name":                          {row(func(r *learning.ResourceRow) { r.Name = "" })},
		"line 3: x stands in line 2 already":              {row(func(*learning.ResourceRow) {}), row(func(*learning.ResourceRow) {})},
		"line 2: there is no competency called \"dance\"": {row(func(r *learning.ResourceRow) { r.Competencies = "dance" })},
		"line 2: several are called twice":                {row(func(r *learning.ResourceRow) { r.Competencies = "twice" })},
		"line 2: listen has levels up to 4":               {row(func(r *learning.ResourceRow) { r.Competencies = "listen@5" })},
		"line 2: \"listen@x\" names no level":             {row(func(r *learning.ResourceRow) { r.Competencies = "listen@x" })},
		"line 2: say yes or no in the column external":    {row(func(r *learning.ResourceRow) { r.External = "maybe" })},
		"line 2: there is no resource \"nothing\"":        {row(func(r *learning.ResourceRow) { r.Needs = "nothing" })},
		"line 2: X comes before Y already":                {row(func(r *learning.ResourceRow) { r.Needs = "y" }), {Name: "Y", Modality: "classroom", Needs: "x"}},
		"line 2: X cannot come before itself":             {row(func(r *learning.ResourceRow) { r.Needs = "x" })},
		"there is no resource in this file":               nil,
	} {
		if _, err := learning.GatherResources(b, resourceRows(rows...)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
