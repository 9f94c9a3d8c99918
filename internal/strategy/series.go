package strategy

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Kind says what the values of a series are.
type Kind string

const (
	Actual Kind = "actual" // what was observed
	Plan   Kind = "plan"   // what was meant to be
)

// Point is the value of a period. Which period stands in Number, counted as period.Period does;
// the series' indicator knows the grain.
type Point struct {
	Number int
	Value  float64
	Feed   int // number of the feed that it came with
}

// Series is what is known of one indicator of one unit, by period. A period that is not in it is
// missing, which is not zero.
type Series []Point

// At is the point of a period.
func (s Series) At(number int) (Point, bool) {
	i, there := slices.BinarySearchFunc(s, number, func(p Point, n int) int { return cmp.Compare(p.Number, n) })
	if !there {
		return Point{}, false
	}
	return s[i], true
}

// Merge puts cells, by period, over the series. was holds the points that were there before and are
// another now, or none, as they were; a value that is the same keeps its feed.
func (s Series) Merge(cells []Cell) (merged, was Series) {
	merged = make(Series, 0, len(s)+len(cells))
	i := 0
	for _, c := range cells {
		for ; i < len(s) && s[i].Number < c.Number; i++ {
			merged = append(merged, s[i])
		}
		p, gone := c.Point, c.Gone
		if i < len(s) && s[i].Number == c.Number {
			if s[i].Value == p.Value && !gone {
				p = s[i]
			} else {
				was = append(was, s[i])
			}
			i++
		}
		if !gone {
			merged = append(merged, p)
		}
	}
	return append(merged, s[i:]...), was
}

const (
	packed    = 1 // the first byte: how the rest is written
	pointSize = 2 + 8 + 4
)

// Pack writes a series as bytes: a mark, then for each point its number in 2, its value in 8 and
// its feed in 4 bytes.
func (s Series) Pack() []byte {
	out := make([]byte, 1, 1+len(s)*pointSize)
	out[0] = packed
	for _, p := range s {
		out = binary.BigEndian.AppendUint16(out, uint16(p.Number))
		out = binary.BigEndian.AppendUint64(out, math.Float64bits(p.Value))
		out = binary.BigEndian.AppendUint32(out, uint32(p.Feed))
	}
	return out
}

// UnpackSeries reads what Pack wrote.
func UnpackSeries(in []byte) (Series, error) {
	if len(in) == 0 || in[0] != packed || (len(in)-1)%pointSize != 0 {
		return nil, fmt.Errorf("%d bytes are no series", len(in))
	}
	s := make(Series, 0, len(in)/pointSize)
	for in = in[1:]; len(in) > 0; in = in[pointSize:] {
		s = append(s, Point{Number: int(binary.BigEndian.Uint16(in)), Value: math.Float64frombits(binary.BigEndian.Uint64(in[2:])), Feed: int(binary.BigEndian.Uint32(in[10:]))})
	}
	return s, nil
}
