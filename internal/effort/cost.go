package effort

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"

	"golang.org/x/text/currency"
)

// Cost is money spent.
type Cost struct {
	Kind     CostKind
	Amount   int64  // in the currency's smallest unit, such as cents
	Currency string // ISO 4217
}

// CostKind says on what money was spent.
type CostKind string

const (
	Internal CostKind = "internal"
	Supplier CostKind = "supplier"
	Tuition  CostKind = "tuition" // fees of schools that are paid back
)

// CostKinds lists them. Packed tallies know a kind by its place: a new one goes to the end.
var CostKinds = []CostKind{Internal, Supplier, Tuition}

// Check reports a cost that is none.
func (c Cost) Check() error {
	if !slices.Contains(CostKinds, c.Kind) {
		return fault.Fieldf("cost", "there is no kind of cost %q", string(c.Kind))
	}
	if c.Amount < 0 || c.Amount > mostAmount {
		return fault.Fieldf("cost", "a cost is 0 or more, and at most a thousand million")
	}
	return checkCurrency(c.Currency)
}

func checkCurrency(code string) error {
	if len(code) != 3 || strings.ContainsFunc(code, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		return fault.Fieldf("currency", "write the currency as three letters, such as EUR")
	}
	return nil
}

// addUp adds costs of one kind and currency together and sorts them.
func addUp(costs []Cost) []Cost {
	slices.SortFunc(costs, func(a, b Cost) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Currency, b.Currency)) })
	return merged(costs, func(to *Cost, c Cost) bool {
		same := to.Kind == c.Kind && to.Currency == c.Currency
		if same {
			to.Amount += c.Amount
		}
		return same
	})
}

// Share is what a unit bears of a cost.
type Share struct {
	Unit string // id, "" where it is not known
	Cost
}

// Shares are the costs of an entry by unit: in proportion to the minutes of its participants in each,
// of its staff where it has no participants; all of it the entry's unit's where it has no hours. What
// does not divide evenly goes, a smallest unit of the currency each, to the largest remainders, of equal
// ones to the first by id. So shares add up to the costs exactly. The entry is one that Check has passed.
func (e Entry) Shares() (all []Share) {
	units, minutes := e.bearers()
	for _, c := range e.Costs {
		for n, amount := range divided(c.Amount, minutes) {
			if c.Amount = amount; amount > 0 {
				all = append(all, Share{units[n], c})
			}
		}
	}
	return all
}

// bearers are the units that bear an entry's costs, by id, with their weights.
func (e Entry) bearers() (units []string, weights []uint64) {
	for _, side := range []Side{Participant, Staff} {
		for _, h := range e.Hours { // by side, then by unit
			switch n := len(units); {
			case h.Side != side:
			case n > 0 && units[n-1] == h.Unit:
				weights[n-1] += uint64(h.Minutes)
			default:
				units, weights = append(units, h.Unit), append(weights, uint64(h.Minutes))
			}
		}
		if len(units) > 0 {
			return units, weights
		}
	}
	return []string{e.Unit}, []uint64{1}
}

// divided divides an amount in proportion to weights, of which none is 0, by the largest remainders.
func divided(amount int64, weights []uint64) []int64 {
	var whole uint64
	for _, w := range weights {
		whole += w
	}
	parts, remainders, order := make([]int64, len(weights)), make([]uint64, len(weights)), make([]int, len(weights))
	over := amount
	for n, w := range weights {
		hi, lo := bits.Mul64(uint64(amount), w)
		part, remainder := bits.Div64(hi, lo, whole)
		parts[n], remainders[n], order[n] = int64(part), remainder, n
		over -= int64(part)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for _, n := range order[:over] {
		parts[n]++
	}
	return parts
}

// Digits is how many digits a currency has behind the point.
func Digits(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	digits, _ := currency.Standard.Rounding(unit)
	return digits
}

// ReadAmount reads an amount of money that somebody has written, with a point or a comma before
// its last digits, into the currency's smallest unit; 0 for nothing.
func ReadAmount(text string, digits int) (int64, error) {
	text = strings.Join(strings.Fields(text), "")
	if text == "" {
		return 0, nil
	}
	whole, rest := text, ""
	if at := strings.LastIndexAny(text, ".,"); at >= 0 {
		behind := len(text) - at - 1
		switch {
		case behind <= digits:
			whole, rest = text[:at], text[at+1:]
		case behind != 3 || strings.Trim(text[:at], "0") == "": // not a mark between thousands
			return 0, fault.Fieldf("cost", "%q is no amount of money: write it as 450 or 450.50", text)
		}
	}
	whole = strings.NewReplacer(".", "", ",", "", "'", "").Replace(whole)
	rest += strings.Repeat("0", digits-len(rest))
	amount, err := strconv.ParseInt(whole+rest, 10, 64)
	if err != nil || strings.ContainsAny(text, "+-") {
		return 0, fault.Fieldf("cost", "%q is no amount of money: write it as 450 or 450.50", text)
	}
	return amount, nil
}

// Units is an amount of a currency's smallest unit in its usual one.
func Units(amount int64, code string) float64 {
	return float64(amount) / math.Pow10(Digits(code))
}

// WriteAmount is what ReadAmount reads.
func WriteAmount(amount int64, code string) string {
	return strconv.FormatFloat(Units(amount, code), 'f', Digits(code), 64)
}
