package diagnosis

import (
	"cmp"
	"slices"

	"throughline/internal/kit/stat"
)

// The terms that searches may touch: all searches of one system together, one
// search (a share of what is left), and what each may at any rate. Beyond it a
// group counts as unsafe. Only large crossings of attributes that have nothing
// to do with each other come near.
const (
	totalEffort = 100_000_000
	effortShare = 25
	leastEffort = 50_000
)

// hittingSet decides whether a new figure would give away something about
// fewer people than the minimum. Whatever follows only with the new figure is
// orthogonal to the old circuits except for what the figure itself sees of
// them; so the classes it involves meet every circuit that the figure notices,
// and still do so after the circuits have been combined to avoid classes that
// are known to be involved. Few people can meet all such circuits only if the
// search below, which tries the classes of one circuit after the other, finds
// them: the answer is exact.
type hittingSet struct {
	d      *disclosure
	left   []int32 // per class: people not yet claimed by a circuit of the bound
	used   []int32 // classes whose left is set
	barred []bool  // per class: tried already higher up
	spent  int     // effort of all searches
	effort int     // what this search has left
}

// safe says whether no set of classes with fewer people than the minimum meets
// every noticed circuit.
func (h *hittingSet) safe(d *disclosure) bool {
	grant := max((totalEffort-h.spent)/effortShare, leastEffort)
	h.d, h.effort = d, grant
	for len(h.left) < len(d.class) {
		h.left = append(h.left, none)
		h.barred = append(h.barred, false)
	}
	start := make(view, len(d.notices))
	for i, n := range d.notices {
		start[i] = &circuit{class: n.class, seen: n.by, terms: d.class[n.class].circuit}
	}
	slices.SortFunc(start, byClass)
	safe := !h.meets(start, d.minimum-1)
	h.spent += grant - h.effort
	return safe
}

// circuit is a circuit in the course of a search, with what the new figure sees
// of it.
type circuit struct {
	class int32
	seen  stat.Mod61
	terms []term
	gone  bool // its class is involved, or basic by now
	open  int  // how many of its classes are open, when last counted
}

func byClass(a, b *circuit) int { return int(a.class - b.class) }

// view is the circuits after some classes are known to be involved, by class:
// those that differ from the disclosure's own, and all that the new figure notices.
type view []*circuit

func (v view) has(class int32) bool {
	_, ok := slices.BinarySearchFunc(v, class, func(c *circuit, k int32) int { return int(c.class - k) })
	return ok
}

// with is the view after some circuits have changed.
func (v view) with(changed []*circuit) view {
	slices.SortFunc(changed, byClass)
	next := make(view, 0, len(v)+len(changed))
	for _, c := range v {
		for len(changed) > 0 && changed[0].class < c.class {
			next, changed = append(next, changed[0]), changed[1:]
		}
		if len(changed) > 0 && changed[0].class == c.class {
			c, changed = changed[0], changed[1:]
		}
		next = append(next, c)
	}
	return append(next, changed...)
}

// open calls yield with the classes of a circuit that a set of at most budget
// people could contain.
func (h *hittingSet) open(c *circuit, budget int32, yield func(k int32)) {
	if h.d.class[c.class].people <= budget && !h.barred[c.class] {
		yield(c.class)
	}
	for _, x := range c.terms {
		if h.d.class[x.class].people <= budget && !h.barred[x.class] {
			yield(x.class)
		}
	}
}

// noticed lists the circuits to be met, those with the fewest open classes
// first, in an order that depends on the input alone.
func (h *hittingSet) noticed(v view, budget int32) []*circuit {
	var list []*circuit
	for _, c := range v {
		if !c.gone && c.seen != 0 {
			c.open = 0
			h.open(c, budget, func(int32) { c.open++ })
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *circuit) int {
		return cmp.Or(a.open-b.open, int(a.class-b.class))
	})
	return list
}

// bound says whether more than budget people are needed at any rate: each
// circuit in turn claims people of its classes that no other has claimed, the
// same number in each.
func (h *hittingSet) bound(circuits []*circuit, budget int32) bool {
	claimed := int32(0)
	for _, c := range circuits {
		least := budget + 1
		h.open(c, budget, func(k int32) {
			if h.left[k] == none {
				h.left[k] = h.d.class[k].people
				h.used = append(h.used, k)
			}
			least = min(least, h.left[k])
		})
		h.effort -= len(c.terms) + 1
		if claimed += least; claimed > budget {
			break
		}
		h.open(c, budget, func(k int32) { h.left[k] -= least })
	}
	for _, k := range h.used {
		h.left[k] = none
	}
	h.used = h.used[:0]
	return claimed > budget
}

// meets says whether at most budget people meet every noticed circuit, or the
// effort is spent.
func (h *hittingSet) meets(v view, budget int32) bool {
	circuits := h.noticed(v, budget)
	if len(circuits) == 0 || h.effort < 0 {
		return true
	}
	if h.bound(circuits, budget) {
		return false
	}
	var tries []int32
	h.open(circuits[0], budget, func(k int32) { tries = append(tries, k) })
	found := false
	for _, k := range tries {
		if found = h.meetsWith(v, k, budget-h.d.class[k].people); found {
			break
		}
		h.barred[k] = true
	}
	for _, k := range tries {
		h.barred[k] = false
	}
	return found
}

// meetsWith is meets once class k is known to be involved, for the people left.
// It looks at the bound before it combines every circuit that runs over k: there
// can be hundreds, and few tell enough.
func (h *hittingSet) meetsWith(v view, k, budget int32) bool {
	users := h.usersOf(v, k)
	for few := 0; few < len(users)-1; few = 6*few + 4 {
		if circuits := h.noticed(h.involve(v, k, users, few), budget); h.bound(circuits, budget) {
			return false
		}
	}
	return h.meets(h.involve(v, k, users, len(users)), budget)
}

// usersOf lists the circuits that have a term at a class, none if it is not
// basic; the one best combined with the others comes first.
func (h *hittingSet) usersOf(v view, k int32) []*circuit {
	var users []*circuit
	for _, u := range h.d.usersOf(k) {
		if !v.has(u) {
			users = append(users, &circuit{class: u, terms: h.d.class[u].circuit})
		}
	}
	for _, c := range v {
		if !c.gone && termOf(c, k) != 0 {
			users = append(users, c)
		}
	}
	h.effort -= len(users) + len(v)
	for i, c := range users {
		a, b := h.d.class[c.class].people, h.d.class[users[0].class].people
		if a > b || a == b && len(c.terms) < len(users[0].terms) {
			users[0], users[i] = c, users[0]
		}
	}
	return users
}

// involve is the view once class k is known to be involved: circuits that run
// over it are combined into ones that do not. It combines a few and drops the
// rest, which leaves less to be met.
func (h *hittingSet) involve(v view, k int32, users []*circuit, few int) view {
	h.effort -= len(v)
	if len(users) == 0 { // k has a circuit of its own
		return v.with([]*circuit{{class: k, gone: true}})
	}
	pivot := users[0]
	inverse := termOf(pivot, k).Inverse()
	changed := []*circuit{{class: pivot.class, gone: true}}
	for i, c := range users[1:] {
		if i < few {
			changed = append(changed, h.combine(c, pivot, termOf(c, k).Times(inverse)))
		} else {
			changed = append(changed, &circuit{class: c.class, gone: true})
		}
	}
	return v.with(changed)
}

// combine is circuit c minus a multiple of the pivot's, the pivot's class
// included.
func (h *hittingSet) combine(c, pivot *circuit, by stat.Mod61) *circuit {
	h.effort -= len(c.terms) + len(pivot.terms)
	sum := &circuit{class: c.class, seen: c.seen.Minus(by.Times(pivot.seen))}
	place := h.d.place
	for i, x := range c.terms {
		place[x.class] = int32(i + 1)
	}
	terms := append(make([]term, 0, len(c.terms)+len(pivot.terms)+1), c.terms...)
	terms = append(terms, term{pivot.class, stat.Mod61(0).Minus(by)})
	for _, x := range pivot.terms {
		if i := place[x.class]; i > 0 {
			terms[i-1].by = terms[i-1].by.Minus(by.Times(x.by))
		} else {
			terms = append(terms, term{x.class, stat.Mod61(0).Minus(by.Times(x.by))})
		}
	}
	for _, x := range c.terms {
		place[x.class] = 0
	}
	sum.terms = slices.DeleteFunc(terms, func(x term) bool { return x.by == 0 })
	return sum
}

func termOf(c *circuit, k int32) stat.Mod61 {
	for _, x := range c.terms {
		if x.class == k {
			return x.by
		}
	}
	return 0
}
