package stat

import "testing"

func TestAMedianIsTheMiddle(t *testing.T) {
	if _, some := Median(nil); some {
		t.Error("nothing has a middle")
	}
	for want, values := range map[float64][]float64{3: {9, 3, 1}, 2.5: {4, 1, 2, 3}, 7: {7}} {
		if got, some := Median(values); !some || got != want {
			t.Errorf("%v: %v, %v", values, got, some)
		}
	}
}
