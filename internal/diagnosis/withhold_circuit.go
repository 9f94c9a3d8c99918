package diagnosis

import "throughline/internal/kit/stat"

// How the circuits of a disclosure change when a figure is shown.

// pivot chooses the class that becomes basic: one that cannot hide in a set of
// fewer people than the minimum if there is one, with a short circuit.
func (d *disclosure) pivot() notice {
	best := d.notices[0]
	for _, n := range d.notices[1:] {
		a, b := d.class[n.class], d.class[best.class]
		x, y := min(a.people, d.minimum), min(b.people, d.minimum)
		if x > y || x == y && len(a.circuit) < len(b.circuit) {
			best = n
		}
	}
	return best
}

// makeBasic makes the other circuits orthogonal to the new figure with the help
// of the pivot's.
func (d *disclosure) makeBasic(pivot notice) {
	inverse := pivot.by.Inverse()
	p := &d.class[pivot.class]
	p.users = p.users[:0]
	for _, n := range d.notices {
		if n.class != pivot.class {
			d.subtract(n.class, pivot.class, n.by.Times(inverse))
		}
	}
	p.basic, p.circuit = true, p.circuit[:0]
}

// subtract takes a multiple of the circuit of class p, p itself included, from
// that of class k.
func (d *disclosure) subtract(k, p int32, by stat.Mod61) {
	at := &d.class[k].circuit
	for i, x := range *at {
		d.place[x.class] = int32(i + 1)
	}
	add := func(to int32, by stat.Mod61) {
		if i := d.place[to]; i > 0 {
			(*at)[i-1].by = (*at)[i-1].by.Minus(by)
			return
		}
		*at = append(*at, term{to, stat.Mod61(0).Minus(by)})
		d.place[to] = int32(len(*at))
		d.class[to].users = append(d.class[to].users, k)
	}
	add(p, by)
	for _, x := range d.class[p].circuit {
		add(x.class, x.by.Times(by))
	}
	kept := (*at)[:0]
	for _, x := range *at {
		d.place[x.class] = 0
		if x.by != 0 {
			kept = append(kept, x)
		}
	}
	*at = kept
}

// preferLarger lets the largest of the classes that could be basic instead of
// one that has shrunk take its place, so that circuits run over classes too
// large to be given away.
func (d *disclosure) preferLarger(basic int32) {
	largest := basic
	for _, u := range d.usersOf(basic) {
		if d.class[u].people > d.class[largest].people {
			largest = u
		}
	}
	if largest != basic {
		d.exchange(basic, largest)
	}
}

// exchange makes a class basic in place of one at which its circuit has a term.
func (d *disclosure) exchange(basic, other int32) {
	inverse := d.termAt(other, basic).Inverse()
	b, o, users := &d.class[basic], &d.class[other], d.usersOf(basic)
	b.users, o.users = nil, o.users[:0]
	for _, u := range users {
		if u != other {
			d.subtract(u, other, d.termAt(u, basic).Times(inverse))
		}
	}
	b.basic, b.circuit = false, b.circuit[:0]
	for _, x := range o.circuit {
		if x.class != basic {
			b.circuit = append(b.circuit, term{x.class, x.by.Times(inverse)})
			d.class[x.class].users = append(d.class[x.class].users, basic)
		}
	}
	b.circuit = append(b.circuit, term{other, inverse})
	o.users = append(o.users, basic)
	o.basic, o.circuit = true, o.circuit[:0]
}
