package diagnosis

import "throughline/internal/kit/stat"

// disclosure is what the figures shown so far give away in one system.
//
// A figure is the sum of unknowns, one per cell, over the cells of its group.
// What can be worked out are the linear combinations of the shown figures; the
// promise is that none of them involves only cells that hold fewer than the
// minimum people together.
//
// Cells that lie in the same shown groups have the same coefficient in every
// combination, so they are one class until a group divides them. Over the
// classes a basis is kept: a combination is fixed by its coefficients at the
// basic classes. Every other class has a circuit: the way of changing all
// classes that no shown figure notices, which is 1 at the class itself and its
// terms at basic classes. A combination is what is orthogonal to all circuits.
// Circuits stay short because a class differs from a basic one by few groups.
type disclosure struct {
	cover   cover
	minimum int32
	of      []int32 // the class of each cell; none where nobody of the system is
	people  []int32 // of each cell
	class   []class
	spare   []int32 // ids of classes that were taken back

	pending []split  // divisions made by the group under judgement
	notices []notice // the circuits that the group under judgement would notice
	in      []int32  // per class: people inside the group under judgement
	seen    []int32  // per class: the round in which it was last met
	round   int32
	listed  []int32 // per class: the listing in which it was last
	listing int32
	place   []int32    // per class: 1 + position in the circuit being changed
	search  hittingSet // buffers
}

const none = -1

type class struct {
	people  int32
	basic   bool
	circuit []term  // of one that is not basic: the terms at basic classes
	users   []int32 // of a basic one: every class with a term here in its circuit, and some that had one before
}

// term is a coefficient of a circuit at a basic class.
type term struct {
	class int32
	by    stat.Mod61
}

// split records that the cells of a group left class from for class to.
type split struct {
	from, to int32
	cells    []int32
}

// notice is a circuit with what the figure under judgement would see of it.
type notice struct {
	class int32
	by    stat.Mod61
}

func newDisclosure(c cover, s System, minimum int) *disclosure {
	d := &disclosure{cover: c, minimum: int32(minimum), of: make([]int32, len(s)), people: s}
	first := d.newClass()
	for c, n := range s {
		d.of[c] = none
		if n > 0 {
			d.of[c] = first
			d.class[first].people += n
		}
	}
	return d
}

func (d *disclosure) newClass() int32 {
	if last := len(d.spare) - 1; last >= 0 {
		id := d.spare[last]
		d.spare = d.spare[:last]
		return id
	}
	d.class = append(d.class, class{})
	d.in = append(d.in, 0)
	d.seen = append(d.seen, 0)
	d.listed = append(d.listed, 0)
	d.place = append(d.place, 0)
	return int32(len(d.class) - 1)
}

// accepts says whether the figure of a group may join those shown: because it
// follows from them already, or because nothing about fewer people than the
// minimum would follow with it.
func (d *disclosure) accepts(group int32) bool {
	cells := d.cover.members[group]
	d.divide(cells)
	d.notices = d.noticed(cells)
	return len(d.notices) == 0 || d.search.safe(d)
}

// divide makes every class lie wholly inside or outside the group.
func (d *disclosure) divide(cells []int32) {
	d.round++
	var met []int32
	for _, c := range cells {
		k := d.of[c]
		if k == none {
			continue
		}
		if d.seen[k] != d.round {
			d.seen[k], d.in[k] = d.round, 0
			met = append(met, k)
		}
		d.in[k] += d.people[c]
	}
	to := map[int32]int{} // class -> its split
	for _, k := range met {
		if d.in[k] < d.class[k].people {
			to[k] = len(d.pending)
			d.pending = append(d.pending, split{from: k, to: d.newClass()})
			d.inheritCircuit(k, d.pending[to[k]].to)
		}
	}
	for _, c := range cells {
		if k := d.of[c]; k != none {
			if i, ok := to[k]; ok {
				s := &d.pending[i]
				s.cells = append(s.cells, c)
				d.of[c] = s.to
				d.class[s.from].people -= d.people[c]
				d.class[s.to].people += d.people[c]
			}
		}
	}
}

// inheritCircuit gives a class split off from another its circuit: until the
// dividing figure is shown the two can be exchanged.
func (d *disclosure) inheritCircuit(from, to int32) {
	t := &d.class[to]
	t.people, t.basic, t.users, t.circuit = 0, false, t.users[:0], t.circuit[:0]
	if d.class[from].basic {
		t.circuit = append(t.circuit, term{from, stat.Int61(-1)})
	} else {
		t.circuit = append(t.circuit, d.class[from].circuit...)
	}
	for _, x := range t.circuit {
		d.class[x.class].users = append(d.class[x.class].users, to)
	}
}

// noticed lists the circuits that are not orthogonal to the group. None means
// that its figure follows from those shown.
func (d *disclosure) noticed(cells []int32) []notice {
	d.round++
	inside := d.round
	var met []int32
	for _, c := range cells {
		if k := d.of[c]; k != none && d.seen[k] != inside {
			d.seen[k] = inside
			met = append(met, k)
		}
	}
	out := d.notices[:0]
	judged := map[int32]bool{}
	judge := func(k int32) {
		if judged[k] || d.class[k].basic {
			return
		}
		judged[k] = true
		var sum stat.Mod61
		if d.seen[k] == inside {
			sum = 1
		}
		for _, x := range d.class[k].circuit {
			if d.seen[x.class] == inside {
				sum = sum.Plus(x.by)
			}
		}
		if sum != 0 {
			out = append(out, notice{k, sum})
		}
	}
	for _, k := range met {
		if !d.class[k].basic {
			judge(k)
			continue
		}
		for _, u := range d.usersOf(k) {
			judge(u)
		}
	}
	return out
}

// usersOf lists the classes with a term at k in their circuit. It drops from
// the users those that are no longer.
func (d *disclosure) usersOf(k int32) []int32 {
	kept := d.class[k].users[:0]
	d.listing++
	for _, u := range d.class[k].users {
		if d.listed[u] != d.listing && d.termAt(u, k) != 0 {
			d.listed[u] = d.listing
			kept = append(kept, u)
		}
	}
	d.class[k].users = kept
	return kept
}

func (d *disclosure) termAt(k, at int32) stat.Mod61 {
	if d.class[k].basic {
		return 0
	}
	for _, x := range d.class[k].circuit {
		if x.class == at {
			return x.by
		}
	}
	return 0
}

// show adds the figure just accepted to those shown.
func (d *disclosure) show() {
	if len(d.notices) > 0 {
		d.makeBasic(d.pivot())
	}
	for _, s := range d.pending {
		if c := d.class[s.from]; c.basic && c.people < d.minimum {
			d.preferLarger(s.from)
		}
	}
	d.pending = d.pending[:0]
}

// forget takes back the divisions made for a figure that is not shown.
func (d *disclosure) forget() {
	for i := len(d.pending) - 1; i >= 0; i-- {
		s := d.pending[i]
		for _, c := range s.cells {
			d.of[c] = s.from
		}
		d.class[s.from].people += d.class[s.to].people
		d.class[s.to].circuit = d.class[s.to].circuit[:0]
		d.class[s.to].people = 0
		d.spare = append(d.spare, s.to)
	}
	d.pending = d.pending[:0]
}
