package diagnosisweb

import (
	"cmp"
	"context"
	"slices"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

func mean(s *diagnosis.Score) any {
	if s == nil {
		return nil
	}
	return s.Mean
}

func deviation(s *diagnosis.Score) any {
	if s == nil || s.SD == nil {
		return nil
	}
	return *s.SD
}

// factorTable has a row for each factor of a group.
func (rd *reading) factorTable(ctx context.Context, g *diagnosis.ReportGroup) web.Table {
	t := web.Table{Name: lang.T(ctx, "Factors"), Header: []string{lang.T(ctx, "Factor"), lang.T(ctx, "Mean"), lang.T(ctx, "95 %% interval, from"), lang.T(ctx, "to"),
		lang.T(ctx, "Standard deviation"), lang.T(ctx, "Answers")}}
	for f := range rd.Instrument.Factors {
		s := factorScore(g, f)
		row := []any{rd.factor(f), mean(s), nil, nil, deviation(s), nil}
		if s != nil {
			row[5] = g.N
			if from, to, ok := interval(s, g); ok {
				row[2], row[3] = from, to
			}
		}
		t.Rows = append(t.Rows, row)
	}
	row := []any{lang.T(ctx, "Overall: mean of the factors"), nil, nil, nil, nil, nil}
	if g != nil && g.Overall != nil {
		row[1], row[5] = *g.Overall, g.N
	}
	t.Rows = append(t.Rows, row)
	return t
}

// interval is the 95 % interval of a group's mean.
func interval(s *diagnosis.Score, g *diagnosis.ReportGroup) (from, to float64, ok bool) {
	half, ok := diagnosis.Interval(s, g.N, g.Invited)
	return s.Mean - half, s.Mean + half, ok
}

// figureTable has all figures of a group: its factors, then its characteristics.
func (rd *reading) figureTable(ctx context.Context, g *diagnosis.ReportGroup) web.Table {
	t := rd.itemTable(ctx, g)
	t.Header = append(t.Header, lang.T(ctx, "95 %% interval, from"), lang.T(ctx, "to"))
	var factors [][]any
	for f := range rd.Instrument.Factors {
		s, whole := factorScore(g, f), factorScore(&rd.Report.Groups[0], f)
		row := []any{rd.factor(f), lang.T(ctx, "the factor"), mean(s), deviation(s), mean(whole), nil, nil, nil}
		if s != nil && whole != nil {
			row[5] = s.Mean - whole.Mean
		}
		if s != nil {
			if from, to, ok := interval(s, g); ok {
				row[6], row[7] = from, to
			}
		}
		factors = append(factors, row)
	}
	for i := range t.Rows {
		t.Rows[i] = append(t.Rows[i], nil, nil)
	}
	t.Rows = append(factors, t.Rows...)
	return t
}

// unitTable has a row for each unit.
func (rd *reading) unitTable(ctx context.Context, units []int32) web.Table {
	t := web.Table{Name: lang.T(ctx, "Units"), Header: []string{lang.T(ctx, "Unit"), lang.T(ctx, "Under"), lang.T(ctx, "Invited"), lang.T(ctx, "Answers"), lang.T(ctx, "Withheld because")}}
	for f := range rd.Instrument.Factors {
		t.Header = append(t.Header, rd.factor(f))
	}
	for _, u := range units {
		unit, under := rd.Report.Units[u], ""
		if unit.Parent >= 0 {
			under = rd.Report.Units[unit.Parent].Name
		}
		g := rd.Report.Unit(u)
		row := []any{unit.Name, under, nil, nil, why(ctx, g)}
		if g != nil && g.Verdict == diagnosis.Shown {
			row[2], row[3], row[4] = g.Invited, g.N, nil
		}
		for f := range rd.Instrument.Factors {
			row = append(row, mean(factorScore(g, f)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// why says in words why a group is withheld; "" when it is shown.
func why(ctx context.Context, g *diagnosis.ReportGroup) string {
	switch {
	case g == nil || g.Verdict == diagnosis.TooFew:
		return lang.T(ctx, "fewer people than the minimum")
	case g.Verdict == diagnosis.Workable:
		return lang.T(ctx, "could be worked out from others")
	}
	return ""
}

// itemTable has a row for each characteristic of a group, by factor.
func (rd *reading) itemTable(ctx context.Context, g *diagnosis.ReportGroup) web.Table {
	t := web.Table{Name: lang.T(ctx, "Characteristics"), Header: []string{lang.T(ctx, "Characteristic"), lang.T(ctx, "Factor"), lang.T(ctx, "Mean"),
		lang.T(ctx, "Standard deviation"), lang.T(ctx, "Whole organisation"), lang.T(ctx, "Difference")}}
	for i, it := range rd.Instrument.Items() {
		s, whole := itemScore(g, i), itemScore(&rd.Report.Groups[0], i)
		name := lang.T(ctx, "outcome, no part of the score")
		if it.Factor >= 0 {
			name = rd.factor(it.Factor)
		}
		row := []any{rd.item(i), name, mean(s), deviation(s), mean(whole), nil}
		if s != nil && whole != nil {
			row[5] = s.Mean - whole.Mean
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// groupTable is one reported attribute or crossing.
type groupTable struct {
	web.Table
	Groups []*diagnosis.ReportGroup // of each row
	Level  bool                     // the one-way table of the levels
}

// groupTables lists everything that is reported besides the unit tree, levels first.
func (rd *reading) groupTables(ctx context.Context) (all []groupTable) {
	for t, def := range rd.Report.Tables {
		if len(def.Attributes) == 0 {
			continue
		}
		one := rd.groupTable(ctx, t, def)
		if one.Level {
			all = append([]groupTable{one}, all...)
		} else {
			all = append(all, one)
		}
	}
	return all
}

func (rd *reading) groupTable(ctx context.Context, t int, def diagnosis.Table) groupTable {
	one := groupTable{Level: t == rd.Report.OneWay(diagnosis.LevelAttribute)}
	if def.Units {
		one.Name, one.Header = lang.T(ctx, "Unit"), append(one.Header, lang.T(ctx, "Unit"))
	}
	for _, a := range def.Attributes {
		name := attribute(ctx, rd.Report.Attributes[a].Name)
		one.Header = append(one.Header, name)
		if one.Name != "" {
			name = " × " + name
		}
		one.Name += name
	}
	one.Header = append(one.Header, lang.T(ctx, "Answers"), lang.T(ctx, "Withheld because"))
	for f := range rd.Instrument.Factors {
		one.Header = append(one.Header, rd.factor(f))
	}
	one.Groups = slices.DeleteFunc(rd.Report.Of(t), func(g *diagnosis.ReportGroup) bool { return rd.Report.Label(g) == "" })
	rd.sortGroups(def, one.Groups)
	for _, g := range one.Groups {
		one.Rows = append(one.Rows, rd.groupRow(ctx, def, g))
	}
	return one
}

func (rd *reading) groupRow(ctx context.Context, def diagnosis.Table, g *diagnosis.ReportGroup) (row []any) {
	if def.Units {
		row = append(row, rd.Report.Units[g.Unit].Name)
	}
	for i, a := range def.Attributes {
		row = append(row, value(ctx, rd.Report.Value(a, g.Values[i])))
	}
	if g.Verdict == diagnosis.Shown {
		row = append(row, g.N, nil)
	} else {
		row = append(row, nil, why(ctx, g))
	}
	for f := range rd.Instrument.Factors {
		row = append(row, mean(factorScore(g, f)))
	}
	return row
}

// sortGroups puts levels in the order of rank and everything else as it was.
func (rd *reading) sortGroups(def diagnosis.Table, groups []*diagnosis.ReportGroup) {
	slices.SortStableFunc(groups, func(a, b *diagnosis.ReportGroup) int {
		if a.Unit != b.Unit {
			return cmp.Compare(a.Unit, b.Unit)
		}
		for i, at := range def.Attributes {
			if rd.Report.Attributes[at].Name != diagnosis.LevelAttribute {
				if c := cmp.Compare(a.Values[i], b.Values[i]); c != 0 {
					return c
				}
			} else if c := cmp.Compare(rank(rd.Report.Value(at, a.Values[i])), rank(rd.Report.Value(at, b.Values[i]))); c != 0 {
				return c
			}
		}
		return 0
	})
}

func rank(level string) int {
	at := slices.IndexFunc(org.Levels, func(l org.Level) bool { return l.Name() == level })
	if at < 0 {
		return len(org.Levels)
	}
	return at
}

// candidateTable has a row for each reason of each candidate.
func (rd *reading) candidateTable(ctx context.Context, all []diagnosis.Candidate) web.Table {
	t := web.Table{Name: lang.T(ctx, "Candidates"), Header: []string{lang.T(ctx, "Characteristic"), lang.T(ctx, "Mean"), lang.T(ctx, "Reason"), lang.T(ctx, "Figure"),
		lang.T(ctx, "Lowest"), lang.T(ctx, "at"), lang.T(ctx, "Highest"), lang.T(ctx, "at")}}
	for _, c := range all {
		for _, why := range c.Reasons {
			row := []any{rd.item(c.Item), c.Mean, rd.reasonName(ctx, why.Kind), why.Figure, nil, nil, nil, nil}
			if why.Low != "" {
				row[4], row[5], row[6], row[7] = value(ctx, why.Low), why.LowAt, value(ctx, why.High), why.HighAt
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func (rd *reading) reasonName(ctx context.Context, k diagnosis.ReasonKind) string {
	switch k {
	case diagnosis.FarBelow:
		if rd.Instrument.Threshold == nil {
			return lang.T(ctx, "below the mean of all characteristics")
		}
		return lang.T(ctx, "far below %s", one(ctx, *rd.Instrument.Threshold))
	case diagnosis.LevelGap:
		return lang.T(ctx, "levels see it differently")
	case diagnosis.Uneven:
		return lang.T(ctx, "units differ")
	case diagnosis.Driver:
		return lang.T(ctx, "an outcome goes with it")
	}
	return lang.T(ctx, "clearly down")
}

// reasonText says a reason with its figures.
func (rd *reading) reasonText(ctx context.Context, r diagnosis.Reason) string {
	switch r.Kind {
	case diagnosis.FarBelow:
		if rd.Instrument.Threshold == nil {
			return lang.T(ctx, "%s below the mean of all characteristics.", one(ctx, r.Figure))
		}
		return lang.T(ctx, "%[1]s below %[2]s.", one(ctx, r.Figure), one(ctx, *rd.Instrument.Threshold))
	case diagnosis.LevelGap:
		return lang.T(ctx, "A gap of %[1]s between levels: %[2]s %[3]s, %[4]s %[5]s.", one(ctx, r.Figure), value(ctx, r.Low), one(ctx, r.LowAt), value(ctx, r.High), one(ctx, r.HighAt))
	case diagnosis.Driver:
		return lang.T(ctx, "%[1]s goes with it more than with most: %[2]s of what the characteristics explain of it (%[3]s to %[4]s), an association.",
			rd.outcome(r.Outcome), share(r.Figure), share(r.LowAt), share(r.HighAt))
	case diagnosis.Drop:
		return lang.T(ctx, "Clearly down by %[1]s since the diagnosis before: from %[2]s to %[3]s.", one(ctx, r.Figure), one(ctx, r.HighAt), one(ctx, r.LowAt))
	}
	return lang.T(ctx, "Units differ by %[1]s (standard deviation over %[2]d units, chance taken out): from %[3]s at %[4]s to %[5]s at %[6]s.",
		one(ctx, r.Figure), r.Groups, r.Low, one(ctx, r.LowAt), r.High, one(ctx, r.HighAt))
}

// reliabilityTable has a row for each factor and outcome.
func (rd *reading) reliabilityTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Reliability"), Header: []string{lang.T(ctx, "Figure"), lang.T(ctx, "Cronbach's alpha"), lang.T(ctx, "alpha, pairwise"), "McDonald's omega",
		"ICC(1)", "ICC(2)", lang.T(ctx, "mean rwg(j)"), lang.T(ctx, "mean rwg(j), skewed null")}}
	for i, a := range rd.Report.Agreement {
		row := []any{rd.outcome(a.ID), nil, nil, nil, known(a.ICC1), known(a.ICC2), nil, nil}
		if i < len(rd.Instrument.Factors) {
			rel := rd.Report.Reliability[i]
			row[0], row[1], row[2], row[3] = rd.factor(i), known(rel.Alpha), known(rel.AlphaPairwise), known(rel.Omega)
		}
		if a.RwgJ != nil {
			row[6] = a.RwgJ.Mean
		}
		if a.RwgJSkewed != nil {
			row[7] = a.RwgJSkewed.Mean
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// weightedTable has the scores of the whole as they are, and weighted by who was invited.
func (rd *reading) weightedTable(ctx context.Context, all []diagnosis.Weighted) web.Table {
	t := web.Table{Name: lang.T(ctx, "Who did not answer"), Header: []string{lang.T(ctx, "Score"), lang.T(ctx, "lowest response"), lang.T(ctx, "highest response"), lang.T(ctx, "Overall")}}
	for f := range rd.Instrument.Factors {
		t.Header = append(t.Header, rd.factor(f))
	}
	whole := &rd.Report.Groups[0]
	row := []any{lang.T(ctx, "as answered"), nil, nil, known(whole.Overall)}
	for f := range rd.Instrument.Factors {
		row = append(row, mean(factorScore(whole, f)))
	}
	t.Rows = append(t.Rows, row)
	for _, w := range all {
		by := lang.T(ctx, "units")
		if w.By != "" {
			by = attribute(ctx, w.By)
		}
		row := []any{lang.T(ctx, "weighted by %s", by), share(w.Least), share(w.Most), known(w.Overall)}
		for _, v := range w.Factors {
			row = append(row, known(v))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// lateTable has how the late differ from the early, by factor.
func (rd *reading) lateTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "After the first reminder"), Header: []string{lang.T(ctx, "Factor"), lang.T(ctx, "late less early"), lang.T(ctx, "Difference")}}
	if rd.Report.Lateness == nil {
		return t
	}
	for f, of := range rd.Report.Lateness.Factors {
		sure := lang.T(ctx, "no clear difference")
		if of.Clear {
			sure = lang.T(ctx, "a clear difference")
		}
		t.Rows = append(t.Rows, []any{rd.factor(f), of.Difference, sure})
	}
	return t
}
