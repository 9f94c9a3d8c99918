package effortweb

import (
	"iter"

	"throughline/internal/effort"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
)

// Columns of a file of efforts that have to be there. The others may be missing, and so may hours, costs
// and whose they are, but not in every row.
const (
	columnDay  = "day"
	columnWhat = "what"
)

// figureColumns and where a row keeps what they say.
var figureColumns = []struct {
	heading string
	of      func(*effort.Row) **float64
}{
	{"hours", func(r *effort.Row) **float64 { return &r.Hours }},
	{"cost_internal", func(r *effort.Row) **float64 { return &r.Internal }},
	{"cost_supplier", func(r *effort.Row) **float64 { return &r.Supplied }},
	{"cost_tuition", func(r *effort.Row) **float64 { return &r.Tuition }},
}

// Rows reads a table of efforts. It reports, here or with a row, what is missing, or is no day or number.
func Rows(table *sheet.Reader) (iter.Seq2[effort.Row, error], error) {
	if err := table.Need(columnDay, columnWhat); err != nil {
		return nil, err
	}
	return func(yield func(effort.Row, error) bool) {
		for row, err := range table.Rows() {
			var one effort.Row
			if err == nil {
				one, err = read(row)
			}
			if !yield(one, err) {
				return
			}
		}
	}, nil
}

func read(row sheet.Row) (effort.Row, error) {
	one := effort.Row{Line: row.Line, What: row.Get(columnWhat), Kind: row.Get("kind"), Modality: row.Get("modality"), Side: row.Get("side"), Person: row.Get("person"), Unit: row.Get("unit"),
		Currency: row.Get("currency"), External: row.Get("external"), Managed: row.Get("managed"), Supplier: row.Get("supplier"), Reference: row.Get("reference")}
	for n, kind := range effort.Served {
		one.Serves[n] = row.Get(kind)
	}
	day, there, err := row.Day(columnDay, sheet.Unsure)
	if err != nil {
		return one, err
	}
	if there {
		one.Day = period.DayOf(day)
	}
	for _, c := range figureColumns {
		v, there, err := row.Decimal(c.heading, sheet.Unknown)
		if err != nil {
			return one, err
		}
		if there {
			*c.of(&one) = &v
		}
	}
	return one, nil
}
