package strategyweb

import (
	"fmt"

	"throughline/internal/kit/web"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

// strategyMap is the goals of a unit by perspective, and what is thought to lead to what (R. S. Kaplan,
// D. P. Norton, Strategy Maps, 2004).
type strategyMap struct {
	Width, Height int
	Rows          []mapRow
	Arrows        []string // paths
	Hypotheses    []hypothesis
}

type mapRow struct {
	Perspective strategy.Perspective
	Y           int
	Boxes       []mapBox
}

type mapBox struct {
	strategydb.Measured
	X, Y  int
	Lines []string
}

// hypothesis is that one goal leads to another.
type hypothesis struct {
	Cause, Effect strategy.Goal
	Because       string
}

const (
	boxWide, boxHigh = 190, 74
	boxGap, rowGap   = 18, 44
	boxText          = 25 // letters in a line of a box
)

// drawMap is nil for a unit of whose goals none leads to another.
func (u unitGoals) drawMap() *strategyMap {
	m := &strategyMap{}
	at := map[string]mapBox{}
	for _, p := range strategy.Perspectives {
		goals := u.of(p)
		if len(goals) == 0 {
			continue
		}
		row := mapRow{Perspective: p, Y: len(m.Rows) * (boxHigh + rowGap)}
		for n, g := range goals {
			b := mapBox{Measured: g, X: n * (boxWide + boxGap), Y: row.Y + 20, Lines: web.Broken(g.Name, boxText, 3)}
			row.Boxes = append(row.Boxes, b)
			at[g.ID] = b
			m.Width = max(m.Width, b.X+boxWide)
		}
		m.Rows = append(m.Rows, row)
	}
	m.Height = len(m.Rows)*(boxHigh+rowGap) - rowGap + 20
	for _, g := range u.Goals {
		from, there := at[g.ID]
		for _, l := range g.Links {
			to, also := at[l.Goal]
			if l.How != strategy.LeadsTo || !there || !also {
				continue
			}
			m.Hypotheses = append(m.Hypotheses, hypothesis{g.Goal, to.Goal, l.Because})
			m.Arrows = append(m.Arrows, arrow(from, to))
		}
	}
	if len(m.Hypotheses) == 0 {
		return nil
	}
	return m
}

// arrow goes from the top of one box to the foot of another, or around to one in the same row.
func arrow(from, to mapBox) string {
	x1, y1, x2, y2 := from.X+boxWide/2, from.Y, to.X+boxWide/2, to.Y+boxHigh
	switch {
	case from.Y < to.Y:
		y1, y2 = from.Y+boxHigh, to.Y
	case from.Y == to.Y && from.X < to.X:
		return fmt.Sprintf("M%d %dH%d", from.X+boxWide, from.Y+boxHigh/2, to.X-4)
	case from.Y == to.Y:
		return fmt.Sprintf("M%d %dH%d", from.X, from.Y+boxHigh/2, to.X+boxWide+4)
	}
	middle := (y1 + y2) / 2
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1, middle, x2, middle, x2, y2+4)
}
