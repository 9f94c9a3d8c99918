package effort_test

import (
	"math"
	"testing"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// The rate of a month is the newest that is not after it; a yen has no cents.
func TestTheNewestRateHolds(t *testing.T) {
	r := effort.Rates{Own: "EUR", All: []effort.Rate{{Currency: "GBP", Month: "2026-01", Rate: 1.1}, {Currency: "GBP", Month: "2026-03", Rate: 1.2}, {Currency: "JPY", Month: "2026-02", Rate: .006}}}
	for _, c := range []struct {
		amount   int64
		currency string
		month    period.Period
		want     int64
		known    bool
	}{
		{1000, "GBP", "2025-12", 1000, false}, {1000, "GBP", "2026-01", 1100, true}, {1000, "GBP", "2026-02", 1100, true}, {1000, "GBP", "2026-03", 1200, true}, {1000, "GBP", "2027-01", 1200, true},
		{1000, "JPY", "2026-01", 1000, false}, {1000, "JPY", "2026-02", 600, true}, {1000, "EUR", "2020-01", 1000, true}, {1000, "USD", "2026-02", 1000, false},
	} {
		if got, known := r.Convert(c.amount, c.currency, c.month); got != c.want || known != c.known {
			t.Errorf("%d %s in %s: %d, %v", c.amount, c.currency, c.month, got, known)
		}
	}
}

func TestRatesAndSettingsSayWhatTheyLack(t *testing.T) {
	for _, r := range []effort.Rate{{Currency: "euro", Month: "2026-01", Rate: 1}, {Currency: "USD", Month: "2026", Rate: 1}, {Currency: "USD", Rate: 1}, {Currency: "USD", Month: "2026-01"},
		{Currency: "USD", Month: "2026-01", Rate: -1}, {Currency: "USD", Month: "2026-01", Rate: math.NaN()}, {Currency: "USD", Month: "2026-01", Rate: math.Inf(1)}} {
		if err := r.Check(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", r, err)
		}
	}
	for _, s := range []effort.Setting{{Currency: "", Reference: 40}, {Currency: "EUR", Reference: 101}, {Currency: "EUR", Reference: -1}} {
		if err := s.Check(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if usual := effort.Usual; usual.Check() != nil {
		t.Error(usual.Check())
	}
}

func TestAChangeSaysWhatItLacks(t *testing.T) {
	for field, c := range map[string]effort.Change{"day": {Text: "x"}, "text": {Day: "2026-01-01", Text: " "}, "expected": {Day: "2026-01-01", Text: "x", Expected: string(make([]byte, 501))}} {
		if err := c.Check(); fault.Of(err) == nil || fault.Of(err).Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
