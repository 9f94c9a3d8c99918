package impact

import (
	"fmt"
	"testing"
)

// The coefficient and its decomposition as the R package bacondecomp has them, and its
// errors, computed with R.
func TestTheCountiesByRegression(t *testing.T) {
	got, err := TwoWayEffects(counties(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "coefficient", got.Coefficient, -0.036549, 6)
	near(t, "error, K = 1", got.SE, .0132519, 7)
	near(t, "error, K = 505", got.SEAll, .0148316, 7)
	if got.K != 505 || got.Values != 2500 || got.Clusters != 500 {
		t.Errorf("K %d, values %d, clusters %d", got.K, got.Values, got.Clusters)
	}
	weight, mean, all := map[string]float64{}, map[string]float64{}, 0.0
	for _, c := range got.Comparisons {
		weight[c.Kind] += c.Weight
		mean[c.Kind] += c.Weight * c.Estimate
		all += c.Weight * c.Estimate
	}
	if len(got.Comparisons) != 9 {
		t.Errorf("%d comparisons", len(got.Comparisons))
	}
	near(t, "all comparisons", all, got.Coefficient, 12)
	near(t, "weight of never", weight[WithNever], .862774, 6)
	near(t, "estimate", mean[WithNever]/weight[WithNever], -.040740, 6)
	near(t, "weight of later", weight[WithLater], .083301, 6)
	near(t, "estimate", mean[WithLater]/weight[WithLater], -.019784, 6)
	near(t, "weight of earlier", weight[WithEarlier], .053924, 6)
	near(t, "estimate", mean[WithEarlier]/weight[WithEarlier], .004604, 6)
	for i, w := range []float64{.045720, .045720, .032487, -.010851, .197303, .110627, .578994} {
		near(t, fmt.Sprint("weight ", i), got.Weights[i].Weight, w, 6)
	}
	near(t, "share below 0", got.Negative, 1./7, 6)
	near(t, "sum below 0", got.Below, -.010851, 6)
}
