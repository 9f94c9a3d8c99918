package diagnosisweb

import (
	"time"

	"throughline/internal/diagnosis"
)

// The report's pages as JSON: null is withheld.

type listEntry struct {
	ID     string          `json:"id"`
	Name   string          `json:"name"`
	State  diagnosis.State `json:"state"`
	Opens  time.Time       `json:"opens"`
	Closes time.Time       `json:"closes"`
}

type reliabilityOf struct {
	Reliability []diagnosis.Reliability `json:"reliability"`
	Agreement   []diagnosis.Agreement   `json:"agreement"`
	Weighted    []diagnosis.Weighted    `json:"weighted"`
	Lateness    *diagnosis.Lateness     `json:"lateness"`
}

func listOf(all []diagnosis.Diagnosis) []listEntry {
	list := make([]listEntry, len(all))
	for i, d := range all {
		list[i] = listEntry{d.ID, d.Name, d.State, d.Opens, d.Closes}
	}
	return list
}

type unitEntry struct {
	ID      string              `json:"id"`
	Name    string              `json:"name"`
	Reason  *string             `json:"withheld"` // why; null when shown
	N       *int                `json:"n"`
	Invited *int                `json:"invited"`
	Factors map[string]*float64 `json:"factors"`
	Spread  map[string]spread   `json:"spread"` // of the factors whose standard deviation is shown
	Items   map[string]*float64 `json:"characteristics"`
}

type spread struct {
	SD   float64  `json:"sd"`
	From *float64 `json:"from"` // 95 % interval of the mean
	To   *float64 `json:"to"`
}

func (rd *reading) unitList(units []int32) []unitEntry {
	list := make([]unitEntry, len(units))
	for i, u := range units {
		g := rd.Report.Unit(u)
		e := unitEntry{ID: rd.Report.Units[u].ID, Name: rd.Report.Units[u].Name, Factors: rd.factorList(g), Spread: map[string]spread{}, Items: rd.itemList(g)}
		verdict := diagnosis.TooFew
		if g != nil {
			verdict = g.Verdict
		}
		if reason := verdict.String(); verdict != diagnosis.Shown {
			e.Reason = &reason
		} else {
			e.N, e.Invited = &g.N, &g.Invited
		}
		for f, factor := range rd.Instrument.Factors {
			s := factorScore(g, f)
			if s == nil || s.SD == nil {
				continue
			}
			one := spread{SD: *s.SD}
			if from, to, ok := interval(s, g); ok {
				one.From, one.To = &from, &to
			}
			e.Spread[factor.ID] = one
		}
		list[i] = e
	}
	return list
}

func (rd *reading) factorList(g *diagnosis.ReportGroup) map[string]*float64 {
	all := map[string]*float64{}
	for f, factor := range rd.Instrument.Factors {
		all[factor.ID] = nil
		if s := factorScore(g, f); s != nil {
			all[factor.ID] = &s.Mean
		}
	}
	return all
}

func (rd *reading) itemList(g *diagnosis.ReportGroup) map[string]*float64 {
	all := map[string]*float64{}
	for i, it := range rd.Instrument.Items() {
		all[it.ID] = nil
		if s := itemScore(g, i); s != nil {
			all[it.ID] = &s.Mean
		}
	}
	return all
}

type groupEntry struct {
	By      []string            `json:"by"`
	Key     []string            `json:"key"`
	Reason  *string             `json:"withheld"`
	N       *int                `json:"n"`
	Factors map[string]*float64 `json:"factors"`
}

func (rd *reading) groupList() []groupEntry {
	list := []groupEntry{}
	for t, def := range rd.Report.Tables {
		for _, g := range rd.Report.Of(t) {
			if len(def.Attributes) == 0 || rd.Report.Label(g) == "" {
				continue
			}
			e := groupEntry{Factors: rd.factorList(g)}
			if def.Units {
				e.By, e.Key = append(e.By, "unit"), append(e.Key, rd.Report.Units[g.Unit].ID)
			}
			for i, a := range def.Attributes {
				e.By, e.Key = append(e.By, rd.Report.Attributes[a].Name), append(e.Key, rd.Report.Value(a, g.Values[i]))
			}
			if reason := g.Verdict.String(); g.Verdict != diagnosis.Shown {
				e.Reason = &reason
			} else {
				e.N = &g.N
			}
			list = append(list, e)
		}
	}
	return list
}

type candidateEntry struct {
	Characteristic string             `json:"characteristic"`
	Mean           float64            `json:"mean"`
	Reasons        []diagnosis.Reason `json:"reasons"`
}

func (rd *reading) candidateList(all []diagnosis.Candidate) []candidateEntry {
	list := make([]candidateEntry, len(all))
	for i, c := range all {
		list[i] = candidateEntry{rd.Instrument.Items()[c.Item].ID, c.Mean, c.Reasons}
	}
	return list
}
