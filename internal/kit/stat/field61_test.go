package stat

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestField61AgreesWithBigIntegers(t *testing.T) {
	prime := new(big.Int).SetUint64(Prime61)
	if !prime.ProbablyPrime(20) {
		t.Fatal("2^61-1 should be prime")
	}
	numbers := []Mod61{0, 1, 2, Prime61 / 2, Prime61/2 + 1, Prime61 - 2, Prime61 - 1}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		numbers = append(numbers, Mod61(rng.Uint64N(Prime61)))
	}
	bigOf := func(a Mod61) *big.Int { return new(big.Int).SetUint64(uint64(a)) }
	check := func(name string, a, b, got Mod61, want *big.Int) {
		t.Helper()
		if want.Mod(want, prime); bigOf(got).Cmp(want) != 0 {
			t.Errorf("%d %s %d = %d, want %v", a, name, b, got, want)
		}
	}
	for _, a := range numbers {
		for _, b := range numbers {
			check("+", a, b, a.Plus(b), new(big.Int).Add(bigOf(a), bigOf(b)))
			check("-", a, b, a.Minus(b), new(big.Int).Sub(bigOf(a), bigOf(b)))
			check("*", a, b, a.Times(b), new(big.Int).Mul(bigOf(a), bigOf(b)))
		}
		if one := a.Times(a.Inverse()); a != 0 && one != 1 {
			t.Errorf("%d times its inverse = %d", a, one)
		}
	}
}

func TestInt61TakesNegativeNumbers(t *testing.T) {
	for _, c := range []struct {
		n    int64
		want Mod61
	}{{0, 0}, {7, 7}, {-1, Prime61 - 1}, {Prime61, 0}, {-Prime61 - 5, Prime61 - 5}} {
		if got := Int61(c.n); got != c.want {
			t.Errorf("Int61(%d) = %d, want %d", c.n, got, c.want)
		}
	}
}
