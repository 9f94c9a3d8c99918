package effort_test

import (
	"strings"
	"testing"

	"throughline/internal/effort"

	"github.com/google/go-cmp/cmp"
)

func entry() effort.Entry {
	return effort.Entry{Day: "2026-03-02", Kind: effort.Learning, What: "First session", Source: effort.Source{Kind: effort.OfSession, ID: "s"}}
}

func TestAnEntrySaysWhatItLacks(t *testing.T) {
	for want, change := range map[string]func(*effort.Entry){
		"say in at most 300":       func(e *effort.Entry) { e.What = "  " },
		"choose the day":           func(e *effort.Entry) { e.Day = "2026-02-30" },
		"choose the day on which":  func(e *effort.Entry) { e.Day = "" },
		"no kind of effort":        func(e *effort.Entry) { e.Kind = "play" },
		"written from":             func(e *effort.Entry) { e.Source.ID = "" },
		"above none":               func(e *effort.Entry) { e.Hours = []effort.Hours{{Side: effort.Staff, Minutes: -5}} },
		"participants or of staff": func(e *effort.Entry) { e.Hours = []effort.Hours{{Minutes: 5}} },
		"no kind of cost":          func(e *effort.Entry) { e.Costs = []effort.Cost{{Kind: "gift", Currency: "EUR"}} },
		"0 or more":                func(e *effort.Entry) { e.Costs = []effort.Cost{{Kind: effort.Supplier, Amount: -1, Currency: "EUR"}} },
		"three letters":            func(e *effort.Entry) { e.Costs = []effort.Cost{{Kind: effort.Supplier, Amount: 1, Currency: "euro"}} },
	} {
		e := entry()
		change(&e)
		if err := e.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// What is of one person is added together; sums keep currencies, sides and people apart.
func TestSumsAreAsByHand(t *testing.T) {
	a, b := entry(), entry()
	a.Hours = []effort.Hours{{Side: effort.Participant, Unit: "north", Person: "ann", Minutes: 60}, {Side: effort.Participant, Unit: "north", Person: "ann", Minutes: 30}, {Side: effort.Participant, Unit: "north", Person: "bob", Minutes: 90}, {Side: effort.Staff, Unit: "hq", Person: "cy", Minutes: 120}}
	a.Costs = []effort.Cost{{Kind: effort.Supplier, Amount: 45000, Currency: "EUR"}, {Kind: effort.Supplier, Amount: 5000, Currency: "EUR"}, {Kind: effort.Internal, Amount: 0, Currency: "EUR"}}
	a.Serves = []effort.Target{{Kind: effort.ForFocal, ID: "f"}, {Kind: effort.ForFocal, ID: "f"}}
	b.External, b.Hours, b.Costs = true, []effort.Hours{{Side: effort.Participant, Unit: "south", Person: "ann", Minutes: 45}, {Side: effort.Participant, Unit: "south", Person: "", Minutes: 600}}, []effort.Cost{{Kind: effort.Supplier, Amount: 1, Currency: "GBP"}}
	for _, e := range []*effort.Entry{&a, &b} {
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.Hours) != 3 || a.Hours[0].Minutes != 90 || len(a.Serves) != 1 || len(a.Costs) != 1 {
		t.Errorf("%+v", a)
	}
	want := effort.Totals{Entries: 2, External: 1, Participants: 90 + 90 + 45 + 600, Staff: 120, People: 2, Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 50000, Currency: "EUR"}, {Kind: effort.Supplier, Amount: 1, Currency: "GBP"}}}
	if diff := cmp.Diff(want, effort.Sum([]effort.Entry{a, b})); diff != "" {
		t.Error(diff)
	}
}

func TestAmountsAreReadAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "450": 45000, "450.5": 45050, "450,50": 45050, "1.234,50": 123450, "1,234.50": 123450, "1 234": 123400, "1.234": 123400, "0.05": 5} {
		if got, err := effort.ReadAmount(text, 2); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
	if got, err := effort.ReadAmount("1.234", 0); err != nil || got != 1234 {
		t.Errorf("without digits: %d, %v", got, err)
	}
	if _, err := effort.ReadAmount("450.50", 0); err == nil {
		t.Error("parts of a currency that has none are read")
	}
	for _, text := range []string{"a lot", "12.3456", "0.125", "-5", "+5", "1e3", "450 EUR"} {
		if _, err := effort.ReadAmount(text, 2); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
