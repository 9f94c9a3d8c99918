package diagnosis

import (
	"slices"
)

// CellsOf numbers the combinations of values that occur. Each column holds one
// value per response (all columns n long); of is the combination of each response
// and combinations[c] its value in each column. Combinations come in ascending
// order, so their numbers say nothing about the order of the responses.
func CellsOf[V ~int16 | ~int32](n int, columns ...[]V) (of []int32, combinations [][]V) {
	of = make([]int32, n)
	combinations = [][]V{{}}
	for _, column := range columns {
		// Widen the combinations found so far by this column's value.
		type pair struct {
			before int32
			value  V
		}
		known := map[pair]int32{}
		var wider [][]V
		for r := range of {
			p := pair{of[r], column[r]}
			c, ok := known[p]
			if !ok {
				c = int32(len(wider))
				known[p] = c
				before := combinations[p.before]
				wider = append(wider, append(before[:len(before):len(before)], p.value))
			}
			of[r] = c
		}
		combinations = wider
	}
	order := make([]int, len(combinations))
	for c := range order {
		order[c] = c
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(combinations[a], combinations[b]) })
	sorted := make([][]V, len(order))
	place := make([]int32, len(order))
	for to, from := range order {
		sorted[to] = combinations[from]
		place[from] = int32(to)
	}
	for r, c := range of {
		of[r] = place[c]
	}
	return of, sorted
}
