package effort_test

import (
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/org"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// book knows three units, of which two have one name, and ann, who moved from Gent to Brugge in March.
func book(t testing.TB) effort.Book {
	t.Helper()
	root := org.Ref{ID: "r"}
	units, err := org.NewStructure("2026-04-15", []org.Unit{{ID: "r", Key: "NM", Name: "Noord"}, {ID: "a", Key: "S1", Name: "Gent", Parent: root}, {ID: "b", Key: "S2", Name: "Brugge", Parent: root}, {ID: "c", Key: "S3", Name: "Brugge", Parent: root}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	goals := effort.Names{}
	goals.Add("Fewer returns", "g1")
	goals.Add("Growth", "g2")
	goals.Add("Growth", "g3")
	return effort.Book{Units: units, Today: "2026-04-15", Names: map[string]effort.Names{effort.ForGoal: goals}, Rates: effort.Rates{Own: "EUR", All: []effort.Rate{{Currency: "GBP", Month: "2026-02", Rate: 1.2}}},
		People: []org.Career{{Ref: org.Ref{ID: "ann", Key: "P1", Name: "Ann"}, Mail: "ann@example.org", Stays: []org.Stay{{Since: "2025-01-01", Until: "2026-03-01", Unit: "a"}, {Since: "2026-03-01", Until: period.Open, Unit: "b"}}}}}
}

func rows(all ...effort.Row) iter.Seq2[effort.Row, error] {
	return func(yield func(effort.Row, error) bool) {
		for n, row := range all {
			row.Line = n + 2
			if !yield(row, nil) {
				return
			}
		}
	}
}

func gather(b effort.Book, all ...effort.Row) (entries []effort.Entry, err error) {
	var mistakes []error
	for e, err := range effort.Gather(b, rows(all...)) {
		if err != nil {
			mistakes = append(mistakes, err)
		} else {
			entries = append(entries, e)
		}
	}
	return entries, errors.Join(mistakes...)
}

func amount(v float64) *float64 { return &v }

func TestAFileIsRead(t *testing.T) {
	got, err := gather(book(t),
		effort.Row{Day: "2026-02-28", What: "Course", Person: "Ann@example.org", Hours: amount(1.25), Modality: " Classroom ", External: "Yes", Managed: "CENTRAL", Supplier: " The  School ", Supplied: amount(99.95), Currency: "gbp", Serves: [4]string{"Fewer returns"}, Reference: "r1"},
		effort.Row{Day: "2026-03-01", What: "Course", Person: "P1", Hours: amount(2), Side: "staff", Kind: "job-tools"},
		effort.Row{Day: "2026-03-01", What: "Books", Unit: "Gent", Tuition: amount(10)},
		effort.Row{Day: "2026-03-01", What: "Licences", Internal: amount(10), Hours: amount(0)},
	)
	if err != nil {
		t.Fatal(err)
	}
	want := []effort.Entry{
		{Day: "2026-02-28", Kind: effort.Learning, What: "Course", Source: effort.Source{Kind: effort.OfFile, ID: "r1"}, Modality: effort.Classroom, External: true, Managed: effort.Centrally, Supplier: "The School",
			Hours: []effort.Hours{{Side: effort.Participant, Unit: "a", Person: "ann", Minutes: 75}}, Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 9995, Currency: "GBP"}}, Serves: []effort.Target{{Kind: effort.ForGoal, ID: "g1"}}},
		{Day: "2026-03-01", Kind: effort.JobTools, What: "Course", Source: effort.Source{Kind: effort.OfFile}, Hours: []effort.Hours{{Side: effort.Staff, Unit: "b", Person: "ann", Minutes: 120}}},
		{Day: "2026-03-01", Kind: effort.Learning, What: "Books", Source: effort.Source{Kind: effort.OfFile}, Unit: "a", Costs: []effort.Cost{{Kind: effort.Tuition, Amount: 1000, Currency: "EUR"}}},
		{Day: "2026-03-01", Kind: effort.Learning, What: "Licences", Source: effort.Source{Kind: effort.OfFile}, Costs: []effort.Cost{{Kind: effort.Internal, Amount: 1000, Currency: "EUR"}}},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestMistakesOfAFileNameTheirLine(t *testing.T) {
	fine := effort.Row{Day: "2026-03-01", What: "Course", Person: "P1", Hours: amount(1), Reference: "r1"}
	with := func(change func(*effort.Row)) []effort.Row {
		wrong := fine
		wrong.Reference = ""
		change(&wrong)
		return []effort.Row{fine, wrong}
	}
	for want, all := range map[string][]effort.Row{
		"line 3: choose the day":                  with(func(r *effort.Row) { r.Day = "" }),
		"line 3: 2026-04-16 has not come yet":     with(func(r *effort.Row) { r.Day = "2026-04-16" }),
		"line 3: say in at most 300":              with(func(r *effort.Row) { r.What = " " }),
		"line 3: say whose hours":                 with(func(r *effort.Row) { r.Person = "" }),
		"line 3: hours are of a person or":        with(func(r *effort.Row) { r.Unit = "S1" }),
		"line 3: there is no person":              with(func(r *effort.Row) { r.Person = "P9" }),
		"line 3: several units are called Brugge": with(func(r *effort.Row) { r.Person, r.Unit = "", "Brugge" }),
		"line 3: hours lie above none":            with(func(r *effort.Row) { r.Hours = amount(-1) }),
		"line 3: an effort has hours or a cost":   with(func(r *effort.Row) { r.Hours = nil }),
		"line 3: a cost is 0 or more":             with(func(r *effort.Row) { r.Supplied = amount(-.01) }),
		"line 3: EUR has 2 digits behind":         with(func(r *effort.Row) { r.Supplied = amount(.125) }),
		"line 3: there is no rate for GBP in 2026-01: say first what it is worth in EUR": with(func(r *effort.Row) { r.Day, r.Supplied, r.Currency = "2026-01-31", amount(1), "GBP" }),
		"line 3: write the currency":                with(func(r *effort.Row) { r.Supplied, r.Currency = amount(1), "euro" }),
		"line 3: there is no kind of effort":        with(func(r *effort.Row) { r.Kind = "play" }),
		"line 3: there is no modality":              with(func(r *effort.Row) { r.Modality = "osmosis" }),
		"line 3: hours are of participants or of":   with(func(r *effort.Row) { r.Side = "both" }),
		"line 3: spending is managed":               with(func(r *effort.Row) { r.Managed = "me" }),
		"line 3: say yes or no":                     with(func(r *effort.Row) { r.External = "perhaps" }),
		"line 3: name the supplier":                 with(func(r *effort.Row) { r.Supplier = strings.Repeat("x", 201) }),
		"line 3: the reference r1 stands in line 2": with(func(r *effort.Row) { r.Reference = "r1" }),
		"line 3: there is nothing called \"Fewer\"": with(func(r *effort.Row) { r.Serves[0] = "Fewer" }),
		"line 3: several are called Growth":         with(func(r *effort.Row) { r.Serves[0] = "Growth" }),
		"there is no row with hours or a cost":      nil,
	} {
		if _, err := gather(book(t), all...); fault.KindOf(err) != fault.Invalid || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
	before := book(t)
	before.Came = effort.Feed{Number: 7, At: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)}
	if _, err := gather(before, fine); err != nil {
		t.Errorf("with a reference again: %v", err)
	}
	if _, err := gather(before, with(func(*effort.Row) {})...); err == nil || !strings.Contains(err.Error(), "line 3: this file came in on 2026-04-01 already, as file 7") {
		t.Errorf("without: %v", err)
	}
	var many []effort.Row
	for range 1000 {
		many = append(many, effort.Row{})
	}
	if _, err := gather(book(t), many...); strings.Count(err.Error(), "line ") != 100 {
		t.Errorf("%d mistakes are told", strings.Count(err.Error(), "line "))
	}
}

// Whatever a row says, it is an entry that can be recorded, or a mistake of the caller.
func FuzzGather(f *testing.F) {
	b := book(f)
	f.Add("2026-03-01", "Course", "learning", "classroom", "P1", "", 1.5, 10.25, "GBP", "yes", "Growth", "r")
	f.Add("2026-04-16", "", "play", "osmosis", "", "Gent", -1.0, 1e300, "JPY", "1", "g1", "")
	f.Fuzz(func(t *testing.T, day, what, kind, modality, person, unit string, hours, cost float64, currency, external, goal, reference string) {
		row := effort.Row{Line: 2, Day: period.Day(day), What: what, Kind: kind, Modality: modality, Person: person, Unit: unit, Hours: &hours, Supplied: &cost, Currency: currency, External: external, Serves: [4]string{goal}, Reference: reference}
		entries, err := gather(b, row)
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("%v is no mistake of the caller", err)
			}
			return
		}
		for _, e := range entries {
			if err := e.CheckEntered(b.Today, b.Rates); err != nil {
				t.Errorf("%+v: %v", e, err)
			}
			sum := int64(0)
			for _, s := range e.Shares() {
				sum += s.Amount
			}
			if len(e.Costs) > 0 && sum != e.Costs[0].Amount {
				t.Errorf("%d of %d is borne", sum, e.Costs[0].Amount)
			}
		}
	})
}
