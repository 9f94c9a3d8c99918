package diagnosis

// Weighted are the scores of the whole had every part of it answered as willingly as any
// other: each part's mean counts with how many of it were invited, in place of how many
// answered (post-stratification; D. Holt, T. M. F. Smith, 1979). Within a part, who did not
// answer is taken to think as who did.
type Weighted struct {
	By      string     `json:"by"`    // an attribute's name, "" for the units right below the whole
	Parts   int        `json:"parts"` // with an answer; what is not shown of them is one, by subtraction
	Least   float64    `json:"least"` // the lowest share of the invited that answered, over the parts shown
	Most    float64    `json:"most"`
	Overall *float64   `json:"overall"`
	Factors []*float64 `json:"factors"`
}

// Weightings computes them from the published figures alone, by the units right below the
// whole and by each reported attribute; nothing where it is not known who was invited.
func (in *Instrument) Weightings(r *Report) (all []Weighted) {
	if r.Invited == 0 || r.Groups[0].Verdict != Shown {
		return nil
	}
	add := func(by string, groups []*ReportGroup) {
		w := Weighted{By: by, Least: 1, Factors: make([]*float64, len(in.Factors))}
		for _, g := range groups {
			if g.Verdict == Shown && g.Invited > 0 {
				share := float64(g.Answered) / float64(g.Invited)
				w.Parts, w.Least, w.Most = w.Parts+1, min(w.Least, share), max(w.Most, share)
			}
		}
		if w.Parts < 2 {
			return
		}
		overall := func(g *ReportGroup) *float64 { return g.Overall }
		w.Overall = in.weighted(&r.Groups[0], groups, overall)
		for f := range in.Factors {
			w.Factors[f] = in.weighted(&r.Groups[0], groups, func(g *ReportGroup) *float64 {
				if s := g.score(f); s != nil {
					return &s.Mean
				}
				return nil
			})
		}
		all = append(all, w)
	}
	var below []*ReportGroup
	for u, g := range r.byUnit() {
		if g != nil && r.Units[u].Parent == 0 {
			below = append(below, g)
		}
	}
	add("", below)
	for _, a := range r.Attributes {
		if table := r.OneWay(a.Name); table >= 0 {
			add(a.Name, r.Of(table))
		}
	}
	return all
}

// weighted is a mean over parts by how many were invited; nil where the whole's is not
// shown.
func (in *Instrument) weighted(whole *ReportGroup, parts []*ReportGroup, mean func(*ReportGroup) *float64) *float64 {
	m := mean(whole)
	if m == nil {
		return nil
	}
	n, invited, sum := float64(whole.N), float64(whole.Invited), *m*float64(whole.N)
	weight, total := 0.0, 0.0
	for _, g := range parts {
		m := mean(g)
		if g.Verdict != Shown || m == nil {
			continue
		}
		n, invited, sum = n-float64(g.N), invited-float64(g.Invited), sum-*m*float64(g.N)
		weight, total = weight+float64(g.Invited), total+*m*float64(g.Invited)
	}
	if n >= 1 && invited >= 1 { // what is not shown
		weight, total = weight+invited, total+in.onScale(sum/n)*invited
	}
	if weight == 0 {
		return nil
	}
	v := toHundredths(total / weight)
	return &v
}
