package effort

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

const packed = 1 // the first byte: how the rest is written

// sides are those that a packed tally knows by their place.
var sides = []Side{"", Participant, Staff}

// Pack writes a tally as bytes: a mark; how many cells, and each with its kind, modality, side, whether
// external and who manages, minutes, times, and costs with kind, currency and amount; the two sets of
// people, each behind its length. Numbers are varints.
func (s Tally) Pack() []byte {
	out := binary.AppendUvarint([]byte{packed}, uint64(len(s.Cells)))
	for _, cell := range slices.SortedFunc(maps.Keys(s.Cells), Cell.compare) {
		a := s.Cells[cell]
		out = append(out, byte(slices.Index(Kinds, cell.Kind)), byte(cell.Modality.place()), byte(slices.Index(sides, cell.Side)), flag(cell.External), byte(slices.Index(Manageds, cell.Managed)))
		out = binary.AppendUvarint(out, uint64(a.Minutes))
		out = binary.AppendUvarint(out, uint64(a.Times))
		out = binary.AppendUvarint(out, uint64(len(a.Costs)))
		for _, c := range a.Costs {
			out = append(append(out, byte(slices.Index(CostKinds, c.Kind))), c.Currency...)
			out = binary.AppendUvarint(out, uint64(c.Amount))
		}
	}
	return appendSet(appendSet(out, s.Learners), s.Formal)
}

func flag(yes bool) byte {
	if yes {
		return 1
	}
	return 0
}

func (c Cell) compare(d Cell) int {
	return cmp.Or(cmp.Compare(c.Kind, d.Kind), cmp.Compare(c.Modality, d.Modality), cmp.Compare(c.Side, d.Side), cmp.Compare(flag(c.External), flag(d.External)), cmp.Compare(c.Managed, d.Managed))
}

func appendSet(out []byte, set *roaring.Bitmap) []byte {
	if set == nil {
		return append(out, 0)
	}
	b, err := set.ToBytes() // not as runs: when they are read back, each of many is held against every other
	if err != nil {
		panic(err) // nothing is written but to memory
	}
	return append(binary.AppendUvarint(out, uint64(len(b))), b...)
}

// UnpackTally reads what Pack wrote.
func UnpackTally(in []byte) (s Tally, err error) {
	p := packet{in: in}
	if p.byte() != packed {
		return Tally{}, fmt.Errorf("%d bytes are no tally", len(in))
	}
	for range p.number() {
		cell := Cell{Kind: pick(&p, Kinds)}
		if m := p.byte(); m > 0 && int(m) <= len(Modalities) {
			cell.Modality = Modalities[m-1].Modality
		} else if m > 0 {
			p.bad = true
		}
		cell.Side, cell.External, cell.Managed = pick(&p, sides), pick(&p, []bool{false, true}), pick(&p, Manageds)
		a := Amounts{Minutes: int64(p.number()), Times: int64(p.number())}
		for n := p.number(); n > 0 && !p.bad; n-- {
			a.Costs = append(a.Costs, Cost{Kind: pick(&p, CostKinds), Currency: string(p.bytes(3)), Amount: int64(p.number())})
		}
		if p.bad {
			break
		}
		s.add(cell, a)
	}
	s.Learners, s.Formal = p.set(), p.set()
	if p.bad || len(p.in) > 0 {
		return Tally{}, fmt.Errorf("%d bytes are no tally", len(in))
	}
	return s, nil
}

// packet is bytes being read; bad where they end too early or name what is not there.
type packet struct {
	in  []byte
	bad bool
}

func (p *packet) bytes(n int) []byte {
	if p.bad || n > len(p.in) {
		p.bad = true
		return nil
	}
	some := p.in[:n]
	p.in = p.in[n:]
	return some
}

func (p *packet) byte() byte {
	if b := p.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (p *packet) number() uint64 {
	v, n := binary.Uvarint(p.in)
	if n <= 0 || v > 1<<62 {
		p.bad = true
		return 0
	}
	p.in = p.in[n:]
	return v
}

func pick[T any](p *packet, all []T) (one T) {
	n := int(p.byte())
	if n >= len(all) {
		p.bad = true
		return one
	}
	return all[n]
}

func (p *packet) set() *roaring.Bitmap {
	n := p.number()
	if n == 0 || n > uint64(len(p.in)) {
		p.bad = p.bad || n > 0
		return nil
	}
	set, b := roaring.New(), p.bytes(int(n))
	if _, err := set.ReadFrom(bytes.NewReader(b)); err != nil || set.Validate() != nil {
		p.bad = true
		return nil
	}
	return set
}
