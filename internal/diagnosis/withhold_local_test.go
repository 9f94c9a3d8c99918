package diagnosis

// localRules is what one would do without the linear test, to show that the
// oracle finds what they leak: withhold groups under the minimum; where what a
// shown group leaves beside its shown parts is too small, withhold the next
// smallest part; the same for a single difference.
func localRules(c cover, order []int32, systems []System, minimum int, step func(int)) []Verdict {
	step(len(order) * len(systems))
	people := c.people(systems[0])
	verdicts := make([]Verdict, len(c.groups))
	for g := range verdicts {
		verdicts[g] = Workable
	}
	for _, g := range order {
		if verdicts[g] = Shown; people[g] < minimum {
			verdicts[g] = TooFew
		}
	}
	partitions := localPartitions(c, order)
	for changed := true; changed; {
		changed = false
		for _, p := range partitions {
			if verdicts[p.whole] != Shown {
				continue
			}
			rest, next := people[p.whole], -1
			for _, g := range p.parts {
				if n := people[g]; verdicts[g] == Shown {
					rest -= n
					if next < 0 || n < people[next] {
						next = g
					}
				}
			}
			if next >= 0 && rest > 0 && rest < minimum {
				verdicts[next], changed = Workable, true
			}
		}
	}
	return verdicts
}

// partition is a group and groups that lie in it side by side.
type partition struct {
	whole int
	parts []int
}

// localPartitions: for every group and every table, the largest groups of the
// table that lie strictly inside, as long as they do not overlap.
func localPartitions(c cover, order []int32) []partition {
	var out []partition
	for _, w := range order {
		inside := make(map[int32]bool, len(c.members[w]))
		for _, cell := range c.members[w] {
			inside[cell] = true
		}
		taken := map[int32]map[int32]bool{} // table -> cells already in a part
		parts := map[int32][]int{}
		var tables []int32
		for _, g := range order { // larger first within a table
			t := c.groups[g].Table
			if g == w || len(c.members[g]) >= len(c.members[w]) || !allAre(c.members[g], inside, true) || !allAre(c.members[g], taken[t], false) {
				continue
			}
			if taken[t] == nil {
				taken[t] = map[int32]bool{}
				tables = append(tables, t)
			}
			for _, cell := range c.members[g] {
				taken[t][cell] = true
			}
			parts[t] = append(parts[t], int(g))
		}
		for _, t := range tables {
			out = append(out, partition{int(w), parts[t]})
		}
	}
	return out
}

func allAre(cells []int32, in map[int32]bool, want bool) bool {
	for _, c := range cells {
		if in[c] != want {
			return false
		}
	}
	return true
}
