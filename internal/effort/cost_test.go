package effort_test

import (
	"testing"

	"throughline/internal/effort"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func share(unit string, kind effort.CostKind, amount int64, currency string) effort.Share {
	return effort.Share{Unit: unit, Cost: effort.Cost{Kind: kind, Amount: amount, Currency: currency}}
}

// 100 euros over 60, 60 and 30 minutes are 40, 40 and 20; 1 cent goes to one of them.
func TestCostsAreBorneInProportionToMinutes(t *testing.T) {
	spent := func(side effort.Side, unit, person string, minutes int) effort.Hours {
		return effort.Hours{Side: side, Unit: unit, Person: person, Minutes: minutes}
	}
	for name, c := range map[string]struct {
		hours []effort.Hours
		unit  string
		want  []effort.Share
	}{
		"participants, not staff": {[]effort.Hours{spent(effort.Participant, "a", "1", 30), spent(effort.Participant, "a", "2", 30), spent(effort.Participant, "b", "3", 60), spent(effort.Participant, "c", "4", 30), spent(effort.Staff, "hq", "5", 600)}, "z",
			[]effort.Share{share("a", effort.Supplier, 4000, "EUR"), share("b", effort.Supplier, 4000, "EUR"), share("c", effort.Supplier, 2000, "EUR"), share("a", effort.Supplier, 1, "USD")}},
		"staff alone": {[]effort.Hours{spent(effort.Staff, "hq", "5", 600)}, "z", []effort.Share{share("hq", effort.Supplier, 10000, "EUR"), share("hq", effort.Supplier, 1, "USD")}},
		"no hours":    {nil, "z", []effort.Share{share("z", effort.Supplier, 10000, "EUR"), share("z", effort.Supplier, 1, "USD")}},
		"nowhere":     {nil, "", []effort.Share{share("", effort.Supplier, 10000, "EUR"), share("", effort.Supplier, 1, "USD")}},
	} {
		e := entry()
		e.Hours, e.Unit, e.Costs = c.hours, c.unit, []effort.Cost{{Kind: effort.Supplier, Amount: 1, Currency: "USD"}, {Kind: effort.Supplier, Amount: 10000, Currency: "EUR"}}
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, e.Shares()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Whatever is divided adds up again, and nobody bears more than the own part and one smallest unit.
func TestSharesAddUpToTheCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := entry()
		cost := effort.Cost{Kind: effort.Supplier, Amount: rapid.Int64Range(1, 1e11).Draw(t, "amount"), Currency: "EUR"}
		e.Costs = []effort.Cost{cost}
		var whole float64
		minutes := map[string]float64{}
		for n := range rapid.IntRange(1, 8).Draw(t, "units") {
			m := rapid.IntRange(1, 365*24*60).Draw(t, "minutes")
			unit := string(rune('a' + n))
			e.Hours = append(e.Hours, effort.Hours{Side: effort.Participant, Unit: unit, Minutes: m})
			minutes[unit] += float64(m)
			whole += float64(m)
		}
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for _, s := range e.Shares() {
			sum += s.Amount
			if off := float64(s.Amount) - float64(cost.Amount)*minutes[s.Unit]/whole; off < -1.001 || off > 1.001 {
				t.Errorf("%s bears %d, which is %g off", s.Unit, s.Amount, off)
			}
		}
		if sum != cost.Amount {
			t.Errorf("%d of %d is borne", sum, cost.Amount)
		}
	})
}

// What is typed stays with who typed it: a check orders lists of its own.
func TestACheckLeavesTheCallersListsAlone(t *testing.T) {
	costs := []effort.Cost{{Kind: effort.Supplier, Amount: 5, Currency: "EUR"}, {Kind: effort.Supplier, Amount: 5, Currency: "EUR"}}
	for range 2 {
		e := entry()
		e.Costs = costs
		if err := e.Check(); err != nil || len(e.Costs) != 1 || e.Costs[0].Amount != 10 {
			t.Errorf("%+v, %v", e.Costs, err)
		}
	}
}
