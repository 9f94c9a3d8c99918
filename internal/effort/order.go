package effort

import (
	"slices"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
)

// Order is how it was decided where an initiative begins first, on which it depends how far
// its effect can be trusted.
type Order string

const (
	ByLot         Order = "lot"
	ByNeed        Order = "need"        // those came first that needed it most
	ByConvenience Order = "convenience" // where it suited
)

// Orders lists them.
var Orders = []Order{ByLot, ByNeed, ByConvenience}

// RollOut is how the order of an initiative's starts was decided.
type RollOut struct {
	Order   Order      // "" where nobody has said
	Reason  string     // by what: who drew the lot, what need was measured by
	Decided period.Day // from which day on it was known; "" where nobody has said
}

func (r *RollOut) check() error {
	r.Reason = strings.TrimSpace(r.Reason)
	day, err := period.ParseDay(string(r.Decided))
	switch {
	case r.Order != "" && !slices.Contains(Orders, r.Order):
		return fault.Fieldf("order", "choose how the order was decided")
	case len(r.Reason) > 1000:
		return fault.Fieldf("reason", "say in at most 1,000 bytes by what the order was decided")
	case err != nil:
		return fault.Fieldf("decided", "choose the day on which the order was decided, or none")
	}
	r.Decided = day
	return nil
}
