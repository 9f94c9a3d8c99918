package strategy

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Mark is what a unit, with all under it, comes to in a period.
type Mark struct {
	Number int     // of the period
	Sum    float64 // of values, or of values by weights
	Weight float64 // of a mean: what the sum is divided by; else 0
	Units  int     // how many observations it is made of
	Stated bool    // observed of the unit itself, not added up from those under it
	Later  bool    // of too few people to be told by itself: what it brought is in the next that is not
}

// Value is the mark's value.
func (m Mark) Value() float64 {
	if m.Weight != 0 {
		return m.Sum / m.Weight
	}
	return m.Sum
}

// Total is what a unit comes to, by period.
type Total []Mark

// At is the mark of a period.
func (t Total) At(number int) (Mark, bool) {
	i, there := slices.BinarySearchFunc(t, number, func(m Mark, n int) int { return m.Number - n })
	if !there {
		return Mark{}, false
	}
	return t[i], true
}

// Told are the marks that are told by themselves.
func (t Total) Told() Total {
	return slices.DeleteFunc(slices.Clone(t), func(m Mark) bool { return m.Later })
}

// Weights says by what a value of a period is weighted; 0 where that is not known. Nil counts every
// unit alike.
type Weights func(number int) float64

// WeightsOf are those by which the values of a kind are weighted, from what the weighting indicator
// comes to in the same unit. A plan is weighted by what was observed in its period, else by the
// plan for it, else by what was observed a year before, else by the newest that was observed.
func WeightsOf(kind Kind, actual, plan Total, perYear int) Weights {
	return func(number int) float64 {
		m, there := actual.At(number)
		if kind == Plan {
			if !there {
				m, there = plan.At(number)
			}
			if !there {
				m, there = actual.At(number - perYear)
			}
			if !there && len(actual) > 0 {
				m = actual[len(actual)-1]
			}
		}
		return m.Value()
	}
}

// TotalOf is what a unit comes to: in each period what was observed of the unit itself, which is of
// all of it; else what the units directly under it come to together. Where alone says that a value
// is of the unit alone, it and they are added. A value without a weight above 0 stands for its own
// unit and counts in none above.
func TotalOf(over OverUnits, alone bool, own Series, weights Weights, under ...Total) Total {
	var total Total
	for _, number := range numbers(own, under) {
		m := Mark{Number: number}
		p, there := own.At(number)
		if there {
			m = stated(over, p, weights)
		}
		if !there || alone {
			m = m.plus(under)
		}
		if m.Units > 0 || m.Stated {
			total = append(total, m)
		}
	}
	return total
}

// plus adds what units come to in the mark's period; a value of the unit itself that counts in nothing
// gives way to them.
func (m Mark) plus(under []Total) Mark {
	for _, t := range under {
		u, there := t.At(m.Number)
		if !there || u.Units == 0 {
			continue
		}
		if m.Units == 0 {
			m.Sum = 0
		}
		m.Sum, m.Weight, m.Units, m.Stated = m.Sum+u.Sum, m.Weight+u.Weight, m.Units+u.Units, false
	}
	return m
}

func stated(over OverUnits, p Point, weights Weights) Mark {
	m := Mark{Number: p.Number, Sum: p.Value, Units: 1, Stated: true}
	if over != MeanOfUnits {
		return m
	}
	m.Weight = 1
	if weights != nil {
		m.Weight = weights(p.Number)
	}
	if !(m.Weight > 0) {
		return Mark{Number: p.Number, Sum: p.Value, Stated: true}
	}
	m.Sum *= m.Weight
	return m
}

// numbers are the periods of which anything is known.
func numbers(own Series, under []Total) []int {
	var all []int
	for _, p := range own {
		all = append(all, p.Number)
	}
	for _, t := range under {
		for _, m := range t {
			all = append(all, m.Number)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

const markSize = 2 + 8 + 8 + 4

// Pack writes a total as bytes: a mark, then for each period its number in 2, sum and weight in 8
// each, and in 4 how many observations it is made of, twice, and one more where it was stated.
func (t Total) Pack() []byte {
	out := make([]byte, 1, 1+len(t)*markSize)
	out[0] = packed
	for _, m := range t {
		units := uint32(m.Units) << 1
		if m.Stated {
			units++
		}
		out = binary.BigEndian.AppendUint16(out, uint16(m.Number))
		out = binary.BigEndian.AppendUint64(out, math.Float64bits(m.Sum))
		out = binary.BigEndian.AppendUint64(out, math.Float64bits(m.Weight))
		out = binary.BigEndian.AppendUint32(out, units)
	}
	return out
}

// UnpackTotal reads what Pack wrote.
func UnpackTotal(in []byte) (Total, error) {
	if len(in) == 0 || in[0] != packed || (len(in)-1)%markSize != 0 {
		return nil, fmt.Errorf("%d bytes are no total", len(in))
	}
	t := make(Total, 0, len(in)/markSize)
	for in = in[1:]; len(in) > 0; in = in[markSize:] {
		units := binary.BigEndian.Uint32(in[18:])
		t = append(t, Mark{Number: int(binary.BigEndian.Uint16(in)), Sum: math.Float64frombits(binary.BigEndian.Uint64(in[2:])), Weight: math.Float64frombits(binary.BigEndian.Uint64(in[10:])), Units: int(units >> 1), Stated: units&1 == 1})
	}
	return t, nil
}

// With is the total with a mark in its period, in place of one that was there.
func (t Total) With(m Mark) Total {
	i, there := slices.BinarySearchFunc(t, m.Number, func(m Mark, n int) int { return m.Number - n })
	if there {
		out := slices.Clone(t)
		out[i] = m
		return out
	}
	return slices.Insert(slices.Clone(t), i, m)
}
