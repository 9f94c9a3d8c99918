package effort

import (
	"cmp"
	"math"
	"slices"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Setting is what an organisation has chosen for its ledger.
type Setting struct {
	Currency  string   // its own, in which costs are added up
	Reference int      // share of work that is no learning, in per cent, beside which its own share is shown
	Function  []string // ids of the units that are the learning function, with all under them
}

// Usual is the setting of an organisation that has chosen nothing. The reference is an estimate of the
// text on high-performance learning organisations that the product follows: 40 per cent.
var Usual = Setting{Currency: "EUR", Reference: 40}

// Check brings a setting into order and reports a currency that is none and a share that is none.
func (s *Setting) Check() error {
	if err := checkCurrency(s.Currency); err != nil {
		return err
	}
	if s.Reference < 0 || s.Reference > 100 {
		return fault.Fieldf("reference", "the reference is 0 to 100 per cent")
	}
	slices.Sort(s.Function)
	s.Function = slices.Compact(s.Function)
	return nil
}

// Rate is what one of a currency is worth in the organisation's own, from a month on.
type Rate struct {
	Currency string
	Month    period.Period
	Rate     float64
}

// Check reports a rate that is none.
func (r Rate) Check() error {
	if err := checkCurrency(r.Currency); err != nil {
		return err
	}
	if p, err := period.Parse(string(r.Month)); err != nil || p != r.Month || p.Grain() != period.Monthly {
		return fault.Fieldf("month", "say from which month the rate holds, such as 2026-01")
	}
	if !(r.Rate > 0) || r.Rate > 1e9 {
		return fault.Fieldf("rate", "a rate is a number above 0 and below a thousand million: what one of the currency is worth in your own")
	}
	return nil
}

// Rates are those of a currency of the organisation's own, by currency, then by month.
type Rates struct {
	Own string
	All []Rate
}

// In is the rate of a currency in a month: the newest that is not after it; 1 for the own currency.
func (r Rates) In(currency string, month period.Period) (rate float64, known bool) {
	if currency == r.Own {
		return 1, true
	}
	after, _ := slices.BinarySearchFunc(r.All, Rate{Currency: currency, Month: month}, func(a, b Rate) int {
		if c := cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.Month, b.Month)); c != 0 {
			return c
		}
		return -1 // one of this month is before, too
	})
	if after == 0 || r.All[after-1].Currency != currency {
		return 0, false
	}
	return r.All[after-1].Rate, true
}

// Convert is an amount, in the smallest unit of a currency, in the smallest unit of the own one, rounded; the
// amount itself where no rate is known.
func (r Rates) Convert(amount int64, currency string, month period.Period) (int64, bool) {
	rate, known := r.In(currency, month)
	if !known || currency == r.Own {
		return amount, known
	}
	return int64(math.Round(float64(amount) * rate * math.Pow10(Digits(r.Own)-Digits(currency)))), true
}
