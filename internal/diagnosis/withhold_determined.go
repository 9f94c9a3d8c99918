package diagnosis

import (
	"slices"

	"throughline/internal/kit/stat"
)

// What the audit looks for in vectors that no shown figure notices.

// lone finds a class of too few people that is always zero: its sum is known.
func (f *folded) lone(x []stat.Mod61, minimum int) []int32 {
	for k, n := range f.people {
		if n < minimum && x[k] == 0 {
			return []int32{int32(k)}
		}
	}
	return nil
}

// pair finds two classes of too few people in a fixed ratio.
func (f *folded) pair(x, y []stat.Mod61, minimum int) []int32 {
	smallest := map[stat.Mod61]int32{}
	for k, n := range f.people {
		if n >= minimum-1 {
			continue
		}
		ratio := x[k].Times(y[k].Inverse())
		other, ok := smallest[ratio]
		if ok && f.people[other]+n < minimum {
			return []int32{other, int32(k)}
		}
		if !ok || n < f.people[other] {
			smallest[ratio] = int32(k)
		}
	}
	return nil
}

// signed finds three or four classes of too few people that sum to zero with
// factors 1 and -1. Of the pairs with one sum it keeps the smallest only; a
// larger one is met again from its other half.
func (f *folded) signed(x []stat.Mod61, minimum int) []int32 {
	var small []int32
	for k, n := range f.people {
		if n <= minimum-3 {
			small = append(small, int32(k))
		}
	}
	if len(small)*len(small) > 2*pairLimit {
		return nil
	}
	slices.SortStableFunc(small, func(a, b int32) int { return f.people[a] - f.people[b] })
	one := make(map[stat.Mod61]int32, len(small))
	for i := len(small) - 1; i >= 0; i-- {
		one[unsigned(x[small[i]])] = small[i]
	}
	two := make(map[stat.Mod61][2]int32, len(small)*len(small))
	for i, a := range small {
		for _, b := range small[:i] {
			n := f.people[a] + f.people[b]
			if n >= minimum-1 {
				break
			}
			for _, s := range [2]stat.Mod61{unsigned(x[a].Plus(x[b])), unsigned(x[a].Minus(x[b]))} {
				if c, ok := one[s]; ok && c != a && c != b && n+f.people[c] < minimum {
					return []int32{a, b, c}
				}
				q, ok := two[s]
				if !ok {
					two[s] = [2]int32{a, b}
				} else if q[0] != a && q[0] != b && q[1] != a && q[1] != b && n+f.people[q[0]]+f.people[q[1]] < minimum {
					return []int32{a, b, q[0], q[1]}
				}
			}
		}
	}
	return nil
}

// unsigned is the same for a number and its negative.
func unsigned(a stat.Mod61) stat.Mod61 { return min(a, stat.Mod61(0).Minus(a)) }

// follows says whether the sum over a group of too few people is known.
func (f *folded) follows(group []int32, x []stat.Mod61, people System, minimum int) bool {
	inside := map[int32]int{}
	total := 0
	for _, cell := range group {
		if k := f.of[cell]; k != none {
			inside[k] += int(people[cell])
			total += int(people[cell])
		}
	}
	if total == 0 || total >= minimum {
		return false
	}
	var sum stat.Mod61
	for k, n := range inside {
		if n != f.people[k] { // what holds part of a class is told apart by nothing
			return false
		}
		sum = sum.Plus(x[k])
	}
	return sum == 0
}

// lattice is the cells of every group of unit and any attributes.
type lattice [][]int32

// latticeLimit is the most attributes of which every combination is formed;
// with more, those of one and of two attributes, and of all.
const latticeLimit = 5

func latticeOf(cells Cells) lattice {
	if len(cells.Unit) == 0 {
		return nil
	}
	type key struct {
		unit, mask int32
		values     string
	}
	members := map[key][]int32{}
	for _, mask := range masks(len(cells.Value[0])) {
		for c, unit := range cells.Unit {
			var values []byte
			for a, v := range cells.Value[c] {
				if mask>>a&1 == 1 {
					values = append(values, byte(v), byte(v>>8))
				}
			}
			id := string(values)
			for u := unit; u >= 0; u = cells.Parent[u] {
				k := key{u, mask, id}
				members[k] = append(members[k], int32(c))
			}
		}
	}
	var all lattice
	for _, m := range members {
		all = append(all, m)
	}
	slices.SortFunc(all, slices.Compare)
	return all
}

func masks(attributes int) []int32 {
	var out []int32
	if attributes <= latticeLimit {
		for m := range int32(1) << attributes {
			out = append(out, m)
		}
		return out
	}
	out = append(out, 0, 1<<attributes-1)
	for a := range attributes {
		for b := range a + 1 {
			out = append(out, 1<<a|1<<b)
		}
	}
	return out
}
