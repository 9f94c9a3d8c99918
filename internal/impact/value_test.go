package impact

import (
	"math"
	"testing"

	"throughline/internal/strategy"
)

// Published: P. P. Phillips and J. J. Phillips by ebrary.net/1303: 350,000 against 200,000.
func TestReturnOnInvestment(t *testing.T) {
	near(t, "ROI", ROI(350_000, 200_000), 0.75, 9)
	near(t, "BCR", BCR(350_000, 200_000), 1.75, 9)
	near(t, "ROI", ROI(350_000, 195_000), 0.7949, 4)
	if !math.IsNaN(ROI(1, 0)) {
		t.Error("a return on nothing")
	}
}

// As the sketch of the result page has it: 1.48 points of 9,600 over 91.75 store-years.
func TestWhatAnEffectIsWorth(t *testing.T) {
	m := Money{Amount: 960_000, Low: 670_000, High: 1_250_000, Year: true, Source: "finance", Hour: 3000}
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	h := Headline{Figure{1.48, 0.408}, 0.68, 2.28}
	w := m.Worth(h, 1101, 12, strategy.Higher, 27_500_000, 60*24_167, 1)
	near(t, "unit-years", w.Years, 91.75, 9)
	near(t, "value", w.Value.Value, 1.48*960_000*91.75, 0)
	near(t, "cost", w.Cost, 100_001_000, 0)
	near(t, "return", w.ROI.Value, w.Value.Value/w.Cost-1, 9)
	if w.Value.Low > 60e6 || w.Value.Low < 40e6 || w.Value.High < 200e6 || w.Value.High > 260e6 {
		t.Errorf("%+v", w.Value)
	}
	if w.Pays < 0.65 || w.Pays > 0.85 {
		t.Errorf("pays in %v of draws", w.Pays)
	}
	near(t, "BCR less ROI", w.BCR.Value-w.ROI.Value, 1, 9)
	fewer := m.Worth(Headline{Figure{-1.48, 0.408}, -2.28, -0.68}, 1101, 12, strategy.Lower, 0, 0, 1)
	near(t, "of less where less is better", fewer.Value.Value, w.Value.Value, 0)
}

func TestMoneyThatConvincesNobody(t *testing.T) {
	for name, m := range map[string]Money{
		"source":  {Amount: 5},
		"between": {Amount: 5, Low: 6, High: 9, Source: "x"},
		"above 0": {Amount: -5, Source: "x"},
	} {
		if m.Check() == nil {
			t.Errorf("%s: no mistake", name)
		}
	}
}

// Published: 336,000 a month of 20 trainees at a confidence of 70 % are 235,200, or 11,760 each.
func TestPeoplesEstimatesAreAdjusted(t *testing.T) {
	var all []Opinion
	for range 20 {
		all = append(all, Opinion{Who: "a trainee", Change: 336_000. / 20, Share: 1, Confidence: 0.7})
	}
	near(t, "each", Adjusted(all), 11_760, 6)
	near(t, "together", Adjusted(all)*20, 235_200, 6)
	all = append(all, make([]Opinion, 20)...) // as many did not answer
	near(t, "with those who did not answer", Adjusted(all), 5_880, 6)
}
