package impact

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/combin"
)

// Permuted is how often starts that are dealt out again by lot give an estimate at least as
// far from 0: a test of no effect in any unit, exact when the starts were drawn by lot.
type Permuted struct {
	P        float64
	Smallest float64 // that P can be: of all assignments those that lie farthest out, or one of the draws
	Draws    int     // assignments looked at
	Exact    bool    // all of them were
}

// usualDraws are made where more assignments are possible.
const usualDraws = 999

// Permute deals the starts out again among the units, or among the clusters where all units of each
// start together, within strata of units where there are any (a number per unit; nil: one for all),
// and compares the simple effect, in standard errors where every group has two units or more.
func Permute(p *Panel, o Options, strata []int) (*Permuted, error) {
	draws := usualDraws
	if o.Draws > 0 {
		draws = o.Draws
	}
	watch := o.Watch
	o.Draws, o.Watch, o.untested = 0, nil, true
	seen, err := ATT(p, o)
	if err != nil {
		return nil, err
	}
	blocks, starts := p.blocks()
	if strata == nil || len(blocks) != len(p.Units) {
		strata = make([]int, len(blocks))
	}
	studentised := !slices.ContainsFunc(seen.Group.Points, func(g Point) bool { return g.Units < 2 }) && seen.waiting > seen.starting/2+1
	far := func(f Figure) float64 {
		if studentised && f.SE > 0 {
			return math.Abs(f.ATT / f.SE)
		}
		return math.Abs(f.ATT)
	}
	possible := assignments(starts, strata)
	out := &Permuted{Exact: possible.Cmp(big.NewInt(int64(draws))) <= 0}
	q := *p
	q.Start = slices.Clone(p.Start)
	limit := far(seen.Simple) * (1 - 1e-9)
	var beyond, counted, farthest int
	most := 0.0
	look := func() error {
		counted++
		if err := watch.at(min(counted, draws), draws); err != nil {
			return err
		}
		for b, units := range blocks {
			for _, i := range units {
				q.Start[i] = starts[b]
			}
		}
		other, err := simpleEffect(&q, o)
		if err != nil { // nothing can be estimated so: it says nothing against
			beyond++
			return nil
		}
		switch v := far(other); {
		case v > most*(1+1e-9):
			most, farthest = v, 1
		case v >= most*(1-1e-9):
			farthest++
		}
		if far(other) >= limit {
			beyond++
		}
		return nil
	}
	if out.Exact {
		err = everyAssignment(starts, strata, look)
		out.P, out.Smallest = float64(beyond)/float64(counted), float64(max(farthest, 1))/float64(counted)
	} else {
		f, _ := new(big.Float).SetInt(possible).Float64()
		out.Smallest = max(1/f, 1/float64(draws+1))
		rng := rand.New(rand.NewPCG(o.Seed, 0x907))
		for range draws {
			deal(rng, starts, strata)
			if err = look(); err != nil {
				break
			}
		}
		out.P = float64(beyond+1) / float64(draws+1)
	}
	out.Draws = counted
	return out, err
}

// blocks are the units that got their start together, with it: clusters, where each has one start for
// all its units, else each unit.
func (p *Panel) blocks() (units [][]int, starts []int) {
	of, clusters := p.cluster()
	units, starts = make([][]int, clusters), make([]int, clusters)
	for i, c := range of {
		if len(units[c]) > 0 && starts[c] != p.Start[i] {
			units, starts = make([][]int, len(p.Units)), slices.Clone(p.Start)
			for k := range p.Units {
				units[k] = []int{k}
			}
			return units, starts
		}
		units[c], starts[c] = append(units[c], i), p.Start[i]
	}
	return units, starts
}

// members lists the units of each stratum.
func members(strata []int) map[int][]int {
	of := map[int][]int{}
	for i, s := range strata {
		of[s] = append(of[s], i)
	}
	return of
}

// assignments counts the ways in which starts can be dealt out within strata.
func assignments(starts, strata []int) *big.Int {
	n := big.NewInt(1)
	for _, units := range members(strata) {
		left, same := int64(len(units)), map[int]int64{}
		for _, i := range units {
			same[starts[i]]++
		}
		for _, k := range same {
			n.Mul(n, new(big.Int).Binomial(left, k))
			left -= k
		}
	}
	return n
}

func deal(rng *rand.Rand, starts, strata []int) {
	all := members(strata)
	for _, s := range sortedKeys(all) {
		units := all[s]
		rng.Shuffle(len(units), func(a, b int) {
			starts[units[a]], starts[units[b]] = starts[units[b]], starts[units[a]]
		})
	}
}

// everyAssignment puts starts through every distinct assignment within strata.
func everyAssignment(starts, strata []int, look func() error) error {
	all := members(strata)
	keys := sortedKeys(all)
	var stratum func(k int) error
	stratum = func(k int) error {
		if k == len(keys) {
			return look()
		}
		units := all[keys[k]]
		values := make([]int, len(units))
		for j, i := range units {
			values[j] = starts[i]
		}
		slices.Sort(values)
		var place func(free []int, values []int) error
		place = func(free, values []int) error {
			if len(values) == 0 {
				return stratum(k + 1)
			}
			same := 0
			for same < len(values) && values[same] == values[0] {
				same++
			}
			c := combin.NewCombinationGenerator(len(free), same)
			for c.Next() {
				chosen := c.Combination(nil)
				var rest []int
				for j, i := range free {
					if slices.Contains(chosen, j) {
						starts[i] = values[0]
					} else {
						rest = append(rest, i)
					}
				}
				if err := place(rest, values[same:]); err != nil {
					return err
				}
			}
			return nil
		}
		return place(units, values)
	}
	return stratum(0)
}
