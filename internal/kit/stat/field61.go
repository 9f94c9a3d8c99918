package stat

import "math/bits"

// Prime61 is 2^61-1, a Mersenne prime: the size of the field Mod61 computes in.
const Prime61 = 1<<61 - 1

// Mod61 is a number of the field with 2^61-1 elements, always below Prime61.
// Linear algebra in it is exact and never overflows; it agrees with the
// rationals unless the prime divides a minor of the matrix, which for matrices
// of zeros and ones met by chance has a probability near 2^-61 each.
type Mod61 uint64

// Int61 takes a whole number, also a negative one, into the field.
func Int61(n int64) Mod61 {
	if n %= Prime61; n < 0 {
		n += Prime61
	}
	return Mod61(n)
}

// Plus is a + b.
func (a Mod61) Plus(b Mod61) Mod61 {
	if a += b; a >= Prime61 {
		a -= Prime61
	}
	return a
}

// Minus is a - b.
func (a Mod61) Minus(b Mod61) Mod61 {
	if a < b {
		a += Prime61
	}
	return a - b
}

// Times is a · b. 2^61 is 1 in this field, so the high bits are added to the low.
func (a Mod61) Times(b Mod61) Mod61 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return Mod61(lo & Prime61).Plus(Mod61(hi<<3 | lo>>61))
}

// Inverse is 1/a by Fermat, a^(p-2); that of 0 is 0.
func (a Mod61) Inverse() Mod61 {
	inverse := Mod61(1)
	for e := uint64(Prime61 - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			inverse = inverse.Times(a)
		}
		a = a.Times(a)
	}
	return inverse
}
