package diagnosis

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestUnitTreeIsDecidedAsTheSearchDecidesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorkforce(t)
		minimum := rapid.IntRange(2, 9).Draw(t, "minimum")
		tables := [][]Table{{{Units: true}}, {{Units: true, Depth: 1}, {Units: true}}, {{Units: true, Depth: 2}}}[rapid.IntRange(0, 2).Draw(t, "tables")]
		c := enumerate(w.cells, tables)
		systems := []System{w.answered, w.invited}
		order := c.order(w.answered)
		if !c.nested(order) {
			t.Fatal("a unit tree counts as nested")
		}
		got := decide(c, order, systems, minimum, func(int) {})
		searched := c
		searched.rank = slices.Repeat([]int{1}, len(c.groups)) // nothing that could be taken for nested
		want := decide(searched, order, systems, minimum, func(int) {})
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, the search says %v", got, want)
		}
	})
}

func TestAuditOfAUnitTreeFindsWhatTheOracleFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorkforce(t)
		tables := []Table{{Units: true}}
		c := enumerate(w.cells, tables)
		shown := make([]bool, len(c.groups)) // any set at all
		for g := range shown {
			shown[g] = rapid.Bool().Draw(t, "shown")
		}
		is := func(g int) bool { return shown[g] }
		leak := oracle(w.answered, shownCells(w.cells, tables, is), 4, 3, newTestRand(1))
		found := auditTree(c, is, w.answered, 4)
		if (leak != nil) != (found != nil) {
			t.Fatalf("the audit finds %v, the oracle %v", found, leak)
		}
	})
}
