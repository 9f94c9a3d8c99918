package diagnosisweb

import (
	"fmt"

	"throughline/internal/diagnosis"
)

// gapRow is one factor's distance between the level that scores it lowest and the
// one that scores it highest.
type gapRow struct {
	Name             string
	Shown            bool
	Low, High        float64
	LowAt, HighAt    string // the levels
	least, most, gap float64
}

// levelGaps compares the shown levels factor by factor; nil when the level is not
// reported or fewer than two are shown.
func (rd *reading) levelGaps() (rows []gapRow) {
	table := rd.Report.OneWay(diagnosis.LevelAttribute)
	if table < 0 {
		return nil
	}
	scale := rd.Instrument.FactorScale(0)
	shown := 0
	for f := range rd.Instrument.Factors {
		row := gapRow{Name: rd.factor(f), least: float64(scale.Max), most: float64(scale.Min)}
		n := 0
		for _, g := range rd.Report.Of(table) {
			s, label := factorScore(g, f), rd.Report.Label(g)
			if s == nil || label == "" || label == diagnosis.NotStated {
				continue
			}
			if n++; n == 1 || s.Mean < row.Low {
				row.Low, row.LowAt = s.Mean, label
			}
			if n == 1 || s.Mean > row.High {
				row.High, row.HighAt = s.Mean, label
			}
		}
		row.Shown, row.gap = n > 1, row.High-row.Low
		shown = max(shown, n)
		rows = append(rows, row)
	}
	if shown < 2 {
		return nil
	}
	least, most := float64(scale.Max), float64(scale.Min)
	for _, r := range rows {
		if r.Shown {
			least, most = min(least, r.Low), max(most, r.High)
		}
	}
	for i := range rows {
		rows[i].least, rows[i].most = least, max(most, least+.1)
	}
	return rows
}

func (r gapRow) at(v float64) string { return r.beside(v, 0) }

func (r gapRow) beside(v float64, by int) string {
	return fmt.Sprintf("%.1f", 40+(v-r.least)/(r.most-r.least)*260+float64(by))
}

// widest is the row with the widest gap.
func widest(rows []gapRow) gapRow {
	most := rows[0]
	for _, r := range rows {
		if r.gap > most.gap {
			most = r
		}
	}
	return most
}
