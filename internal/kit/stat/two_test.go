package stat

import (
	"math"
	"testing"

	gonum "gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"
)

func sample(values ...float64) Sample {
	mean, sd := gonum.MeanStdDev(values, nil)
	return Sample{float64(len(values)), mean, sd}
}

// R's data set 'sleep': extra hours of ten people with two drugs (Student, 1908), and what
// t.test says of them.
var (
	sleep1 = []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0}
	sleep2 = []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4}
)

func TestTwoSamplesOfSleep(t *testing.T) {
	w, ok := Welch(sample(sleep1...), sample(sleep2...))
	if !ok {
		t.Fatal("no test")
	}
	near(t, "t", w.T, 1.8608, 5e-5)
	near(t, "df", w.DF, 17.776, 5e-4)
	near(t, "p", w.P, .07939, 5e-6)
	near(t, "half the interval", w.Half(), (3.3654832+.2054832)/2, 5e-7)

	d := make([]float64, len(sleep1))
	for i := range d {
		d[i] = sleep2[i] - sleep1[i]
	}
	p, ok := Paired(sample(d...))
	if !ok {
		t.Fatal("no paired test")
	}
	near(t, "paired t", p.T, 4.0621, 5e-5)
	near(t, "paired p", p.P, .002833, 5e-7)
	near(t, "half the paired interval", p.Half(), (2.4598858-.7001142)/2, 5e-7)
}

func TestADifferenceThatCannotBeTested(t *testing.T) {
	for _, c := range [][2]Sample{{{1, 5, 0}, {9, 6, 1}}, {{9, 5, 1}, {1, 6, 0}}, {{9, 5, 0}, {9, 6, 0}}} {
		if w, ok := Welch(c[0], c[1]); ok {
			t.Errorf("%v: %+v", c, w)
		}
	}
	if _, ok := Paired(Sample{5, 1, 0}); ok {
		t.Error("differences that do not vary are tested")
	}
	if _, ok := CohenD(Sample{5, 1, 0}, Sample{5, 2, 0}); ok {
		t.Error("a difference in standard deviations of 0")
	}
}

func TestFalseDiscoveries(t *testing.T) {
	got := FalseDiscovery([]float64{.216, .001, .008, .039, .041, .042, .06, .074, .205, .212})
	want := []float64{.216, .010, .040, .084, .084, .084, .100, .74 / 7, .216, .216}
	for i := range want {
		near(t, "adjusted", got[i], want[i], 1e-9)
	}
	if len(FalseDiscovery(nil)) != 0 {
		t.Error("of nothing there is something")
	}
}

func TestAPoolIsWhatItsPartsAreTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(1, 10), 4, 40).Draw(t, "values")
		cut := rapid.IntRange(1, len(values)-1).Draw(t, "cut")
		one := func(v []float64) Sample {
			s := sample(v...)
			if len(v) == 1 {
				s.SD = 0
			}
			return s
		}
		got, want := Pool(one(values[:cut]), one(values[cut:])), sample(values...)
		if got.N != want.N || math.Abs(got.Mean-want.Mean) > 1e-9 || math.Abs(got.SD-want.SD) > 1e-6 {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

// By hand: two halves of 5 and 7; the second becomes three quarters, and falls to 6.
func TestAChangeIsSplitIntoWeightsAndMeans(t *testing.T) {
	parts := []Share{{10, 5, 10, 5}, {10, 7, 30, 6}}
	composition, within := Decompose(parts)
	near(t, "composition", composition, .25*(7+6)/2-.25*5, 1e-12)
	near(t, "within", within, -.625, 1e-12)
	near(t, "both", composition+within, 5.75-6, 1e-12)
	composition, within = Decompose([]Share{{10, 5, 10, 5}, {0, 0, 10, 9}})
	near(t, "a part that came: composition", composition, 2, 1e-12)
	near(t, "a part that came: within", within, 0, 1e-12)
}

// As p.adjust of R has them.
func TestFalseFindingsOfAFamily(t *testing.T) {
	got := FamilyWise([]float64{.216, .001, .008, .039, .041, .042, .06, .074, .205, .212})
	want := []float64{.615, .010, .072, .312, .312, .312, .312, .312, .615, .615}
	for i := range want {
		near(t, "adjusted", got[i], want[i], 1e-9)
	}
}
