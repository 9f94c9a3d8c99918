package diagnosis

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// published shows the groups given by index and no other.
func published(groups []Group, minimum int, shown ...int) Published {
	p := Published{Minimum: minimum, Groups: groups, Verdicts: slices.Repeat([]Verdict{Workable}, len(groups))}
	for _, g := range shown {
		p.Verdicts[g] = Shown
	}
	return p
}

func TestAuditFindsWhatASetGivesAway(t *testing.T) {
	// Values 0, 1, ... of one attribute; a second divides them.
	grid := func(counts ...int32) (Cells, System) { // two rows
		cells := Cells{Parent: []int32{-1}}
		for i := range counts {
			cells.Unit = append(cells.Unit, 0)
			cells.Value = append(cells.Value, []int16{int16(i % 2), int16(i / 2)})
		}
		return cells, counts
	}
	rows, columns := Table{Attributes: []int{0}}, Table{Attributes: []int{1}}
	for _, c := range []struct {
		name    string
		counts  []int32
		tables  []Table
		minimum int
		shown   []int // 0 the whole, then the groups of the tables
		leak    []int32
	}{
		{"a group under the minimum", []int32{4, 9}, []Table{rows}, 5, []int{1}, []int32{0}},
		{"a remainder", []int32{4, 9}, []Table{rows}, 5, []int{0, 2}, []int32{0}},
		{"a safe remainder", []int32{5, 9}, []Table{rows}, 5, []int{0, 2}, nil},
		{"a lone cell by overlap", []int32{2, 9, 9, 0}, []Table{rows, columns}, 5, []int{1, 4, 2}, []int32{0}},
		{"two cells known by their difference", []int32{2, 9, 9, 2}, []Table{rows, columns}, 5, []int{1, 3}, nil},
		{"the difference of two cells", []int32{9, 2, 2, 0}, []Table{rows, columns}, 5, []int{1, 3}, []int32{1, 2}},
		{"a small group of a crossing not reported", []int32{1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9}, []Table{rows}, 7, []int{0, 2}, []int32{0, 2, 4, 6, 8, 10}},
	} {
		cells, people := grid(c.counts...)
		groups, _ := Groups(cells, c.tables)
		leaks := Audit(cells, c.tables, []System{people}, nil, published(groups, c.minimum, c.shown...), 1)
		var got []int32
		if len(leaks) > 0 {
			got = leaks[0].Cells
		}
		if !slices.Equal(got, c.leak) {
			t.Errorf("%s: found %v, want %v", c.name, got, c.leak)
		}
	}
}

// blocks is a square of rows and columns in two blocks of nine people a cell;
// single people link them. Rows of the first block minus its columns leave the
// four singles, two with each sign.
func blocks() (Cells, System, []Table) {
	cells := Cells{Parent: []int32{-1}}
	var people System
	for r := range int16(4) {
		for c := range int16(4) {
			n := int32(9)
			if r/2 != c/2 {
				if n = 1; r%2 != c%2 {
					continue
				}
			}
			cells.Unit, cells.Value = append(cells.Unit, 0), append(cells.Value, []int16{r, c})
			people = append(people, n)
		}
	}
	return cells, people, []Table{{Attributes: []int{0}}, {Attributes: []int{1}}}
}

func TestFourCellsWithSignsAreFoundAndWithheld(t *testing.T) {
	cells, people, tables := blocks()
	groups, members := Groups(cells, tables)
	p := published(groups, 5, 0, 1, 2, 3, 4, 5, 6, 7, 8)
	want := []int{2, 5, 6, 9}
	if leak := oracle(people, members, 5, 4, rand.New(rand.NewPCG(1, 1))); !slices.Equal(slices.Sorted(slices.Values(leak)), want) {
		t.Fatalf("oracle finds %v, want %v", leak, want)
	}
	if leaks := Audit(cells, tables, []System{people}, nil, p, 1); len(leaks) != 1 || !slices.Equal(leaks[0].Cells, []int32{2, 5, 6, 9}) {
		t.Errorf("audit finds %v, want %v", leaks, want)
	}
	for minimum, withheld := range map[int]int{4: 0, 5: 1} {
		p, err := Publish(cells, tables, []System{people}, nil, minimum, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, v := range p.Verdicts {
			if v == Workable {
				n++
			}
		}
		if (n > 0) != (withheld > 0) {
			t.Errorf("minimum %d: %d groups withheld: %v", minimum, n, p.Verdicts)
		}
	}
}

func TestAuditReadsOwnSystems(t *testing.T) {
	cells, answered := oneWay(20, 12, 6)
	tables := []Table{{Attributes: []int{0}}}
	groups, _ := Groups(cells, tables)
	p := published(groups, 5, 0, 1, 2, 3)
	own := []OwnSystem{{People: System{20, 12, 4}, Tables: []int{0}}}
	p.Null = [][]int32{{3}}
	if leaks := Audit(cells, tables, []System{answered}, own, p, 1); len(leaks) != 1 || leaks[0].System != 1 {
		t.Errorf("got %v, want the remainder in the own system", leaks)
	}
	p.Null = [][]int32{{2, 3}}
	if leaks := Audit(cells, tables, []System{answered}, own, p, 1); leaks != nil {
		t.Errorf("got %v, want none", leaks)
	}
}

// The audit of the product finds what the oracle finds in the sets of the local
// rules, in nearly all organisations, and never more.
func TestAuditAgreesWithTheOracleOnLeakingSets(t *testing.T) {
	found, there := 0, 0
	for i := range 60 {
		rng := rand.New(rand.NewPCG(uint64(i), 9))
		w := makeWorkforce(rng, 20+rng.IntN(100))
		tables := reported[i%len(reported)].tables
		c := enumerate(w.cells, tables)
		p := Published{Minimum: 5, Groups: c.groups, Verdicts: localRules(c, c.order(w.answered), []System{w.answered}, 5, func(int) {})}
		leak := oracle(w.answered, shownCells(w.cells, tables, p.GroupShown), 5, depthFor(w.answered), rng)
		leaks := Audit(w.cells, tables, []System{w.answered}, nil, p, uint64(i))
		if leak != nil {
			there++
		}
		if len(leaks) > 0 {
			found++
			if leak == nil {
				t.Errorf("organisation %d: the audit says %v, the oracle finds nothing", i, leaks)
			}
		}
	}
	if t.Logf("audit %d, oracle %d of 60", found, there); there < 20 || 10*found < 9*there {
		t.Errorf("the audit found %d of %d leaking sets", found, there)
	}
}

func TestUnitTreeAloneWhenTheAuditObjects(t *testing.T) {
	// A judge that shows whatever has the minimum: with level the remainder of
	// B leaks; the units alone do not.
	cells := Cells{Parent: []int32{-1, 0, 0, 0}, Unit: []int32{1, 2, 2, 3}, Value: [][]int16{{0}, {0}, {1}, {1}}}
	people := System{8, 3, 9, 10}
	tables := []Table{{Units: true}, {Attributes: []int{0}}}
	c := enumerate(cells, tables)
	careless := court{c, tables, latticeOf(cells), 5, rand.New(rand.NewPCG(1, 1)), func(c cover, order []int32, s []System, minimum int, _ func(int)) []Verdict {
		verdicts := slices.Repeat([]Verdict{Workable}, len(c.groups))
		people := c.people(s[0])
		for _, g := range order {
			if people[g] >= minimum {
				verdicts[g] = Shown
			}
		}
		return verdicts
	}}
	verdicts, unitsOnly, err := careless.settle(c.order(people), []System{people}, nil)
	if want := []Verdict{Shown, Shown, Shown, Shown, Shown, Workable, Workable}; err != nil || !unitsOnly || !slices.Equal(verdicts, want) {
		t.Errorf("got %v, units only %v, %v; want %v", verdicts, unitsOnly, err, want)
	}
	if _, _, err := careless.settle(c.order(people), []System{{8, 3, 1, 10}}, nil); err == nil {
		t.Error("a set that fails even without crossings should be an error")
	}
}
