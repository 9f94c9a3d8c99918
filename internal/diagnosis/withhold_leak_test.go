package diagnosis

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// leakOrganisations is how many are made of each kind of tables: 324 in all,
// fewer of the last, which takes longest.
func leakOrganisations(kind int) int {
	n := 60
	if kind == len(reported)-1 {
		n = 24
	}
	if testing.Short() {
		n /= 6
	}
	return n
}

// shownCells are the cells of the groups in which a figure is shown.
func shownCells(cells Cells, tables []Table, shown func(group int) bool) [][]int32 {
	_, members := Groups(cells, tables)
	var out [][]int32
	for g, m := range members {
		if shown(g) {
			out = append(out, m)
		}
	}
	return out
}

// depthFor lets the oracle be complete on small systems and look at three cells
// with any factors, and four with signs, on larger ones.
func depthFor(people System) int {
	small := 0
	for _, n := range people {
		if n > 0 && n < 5 {
			small++
		}
	}
	if small <= 45 {
		return 4
	}
	return 3
}

// leakTo publishes for one random organisation and asks the oracle about every
// system. local puts the local rules in the engine's place.
func leakTo(t *testing.T, seed uint64, tables []Table, local bool) (leaks int, shown, eligible int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	w := makeWorkforce(rng, 20+rng.IntN(281))
	joint := []System{w.answered, w.invited}
	one := []OwnSystem{{People: missing(rng, w.answered, .03), Tables: []int{0}}}
	if seed%2 == 0 {
		one[0].People = missing(rng, w.answered, .15)
		for i := range tables[1:] {
			one[0].Tables = append(one[0].Tables, i+1)
		}
	}
	if local {
		c := enumerate(w.cells, tables)
		verdicts := localRules(c, c.order(w.answered), joint[:1], 5, func(int) {})
		groups := shownCells(w.cells, tables, func(g int) bool { return verdicts[g] == Shown })
		if oracle(w.answered, groups, 5, depthFor(w.answered), rng) != nil {
			leaks++
		}
		return leaks, 0, 0
	}
	p, err := Publish(w.cells, tables, joint, one, 5, seed, nil)
	if err != nil || p.UnitsOnly {
		t.Fatalf("organisation %d: units only %v, %v", seed, p.UnitsOnly, err)
	}
	groups := shownCells(w.cells, tables, p.GroupShown)
	for i, s := range joint {
		if leak := oracle(s, groups, 5, depthFor(s), rng); leak != nil {
			t.Errorf("organisation %d: joint system %d gives away cells %v", seed, i, leak)
			leaks++
		}
	}
	all, _ := Groups(w.cells, tables)
	for i, o := range one {
		groups := shownCells(w.cells, tables, func(g int) bool {
			return (all[g].Table == Whole || slices.Contains(o.Tables, int(all[g].Table))) && p.FigureShown(i, g)
		})
		if leak := oracle(o.People, groups, 5, depthFor(o.People), rng); leak != nil {
			t.Errorf("organisation %d: own system %d gives away cells %v", seed, i, leak)
			leaks++
		}
	}
	for _, v := range p.Verdicts {
		if v != TooFew {
			eligible++
		}
		if v == Shown {
			shown++
		}
	}
	return leaks, shown, eligible
}

func TestNothingLeaksFromRandomOrganisations(t *testing.T) {
	const parts = 3 // of each kind, to keep every processor busy
	for i := range parts * len(reported) {
		kind, part := i%len(reported), i/len(reported)
		r := reported[kind]
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			shown, eligible := 0, 0
			for i := part; i < leakOrganisations(kind); i += parts {
				_, s, e := leakTo(t, uint64(1000*kind+i), r.tables, false)
				shown += s
				eligible += e
			}
			t.Logf("%d of %d eligible groups shown (%.1f %%)", shown, eligible, 100*float64(shown)/float64(eligible))
			if 3*shown < eligible {
				t.Error("so few groups shown are safe, but of no use")
			}
		})
	}
}

// Large minimums let sets of many single people be given away. The oracle tries
// every set of small organisations, with any factors.
func TestNothingLeaksWithALargeMinimum(t *testing.T) {
	caught := 0
	for i := range 60 {
		rng := newTestRand(uint64(i))
		w := makeWorkforce(rng, 40+rng.IntN(60))
		for c := range w.answered { // few people in few cells
			if c%3 > 0 {
				w.answered[c] = 0
			}
		}
		minimum, tables := 6+i%5, reported[i%len(reported)].tables
		p, err := Publish(w.cells, tables, []System{w.answered}, nil, minimum, 1, nil)
		if err != nil || p.UnitsOnly {
			t.Fatalf("organisation %d: %v, %v", i, p.UnitsOnly, err)
		}
		if leak := oracle(w.answered, shownCells(w.cells, tables, p.GroupShown), minimum, minimum-1, rng); leak != nil {
			t.Errorf("organisation %d: minimum %d, cells %v are given away", i, minimum, leak)
		}
		c := enumerate(w.cells, tables)
		local := localRules(c, c.order(w.answered), []System{w.answered}, minimum, func(int) {})
		groups := shownCells(w.cells, tables, func(g int) bool { return local[g] == Shown })
		if oracle(w.answered, groups, minimum, minimum-1, rng) != nil {
			caught++
		}
	}
	if t.Logf("local rules leak in %d of 60", caught); caught < 10 {
		t.Errorf("the oracle caught the local rules in %d of 60 only", caught)
	}
}

// What the oracle says modulo a prime holds over the rationals.
func TestOracleAgreesWithTheRationals(t *testing.T) {
	leaks := 0
	for i := range 40 {
		rng := newTestRand(uint64(i))
		w := makeWorkforce(rng, 30+rng.IntN(40))
		tables := reported[2+i%4].tables
		c := enumerate(w.cells, tables)
		verdicts := localRules(c, c.order(w.invited), []System{w.invited}, 5, func(int) {})
		groups := shownCells(w.cells, tables, func(g int) bool { return verdicts[g] == Shown })
		leak := oracle(w.invited, groups, 5, 4, rng)
		if leak != nil {
			leaks++
			if rank := rationalRank(len(w.invited), groups, leak); rank == len(leak) {
				t.Errorf("organisation %d: cells %v are independent over the rationals", i, leak)
			}
		}
		p, err := Publish(w.cells, tables, []System{w.invited}, nil, 5, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		groups = shownCells(w.cells, tables, p.GroupShown)
		for range 5 {
			set, n := []int{}, int32(0)
			for _, c := range rng.Perm(len(w.invited)) {
				if n+w.invited[c] < 5 {
					set, n = append(set, c), n+w.invited[c]
				}
			}
			if rank := rationalRank(len(w.invited), groups, set); rank != len(set) {
				t.Errorf("organisation %d: cells %v are given away, over the rationals", i, set)
			}
		}
	}
	if leaks < 10 {
		t.Errorf("only %d leaking sets to compare", leaks)
	}
}

func TestLocalRulesLeakFromRandomOrganisations(t *testing.T) {
	for kind, r := range reported {
		leaks := 0
		for i := range leakOrganisations(kind) {
			n, _, _ := leakTo(t, uint64(1000*kind+i), r.tables, true)
			leaks += n
		}
		t.Logf("%-55s local rules leak in %d of %d", r.name, leaks, leakOrganisations(kind))
		if kind >= 2 && 2*leaks < leakOrganisations(kind) {
			t.Errorf("%s: the oracle found %d leaks only where the local rules must leak", r.name, leaks)
		}
	}
}
