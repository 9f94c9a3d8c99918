package impactweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"throughline/internal/impact"
	"throughline/internal/impact/impactweb"
	"throughline/internal/kit/fault"
)

// panel is of n units over 16 periods, of which a third starts in each of the given ones
// and the rest never.
func panel(n int, starts ...int) *impact.Panel {
	rng := rand.New(rand.NewPCG(1, 2))
	p := &impact.Panel{}
	for t := range 16 {
		p.Periods = append(p.Periods, fmt.Sprintf("2025-%02d", t+1))
	}
	for i := range n {
		start := impact.Never
		if k := i % (len(starts) + 1); k < len(starts) {
			start = starts[k]
		}
		p.Units, p.Start = append(p.Units, fmt.Sprintf("unit %d", i)), append(p.Start, start)
		for t := range p.Periods {
			v := 10 + rng.NormFloat64()
			if t >= start {
				v += 2
			}
			p.Outcome = append(p.Outcome, math.Abs(v))
		}
	}
	return p
}

func TestEveryMethodIsAPageAndJSON(t *testing.T) {
	for name, c := range map[string]struct {
		q      impact.Question
		p      *impact.Panel
		page   []string
		member string
	}{
		"cs":         {impact.Question{Method: impact.GroupTime, Options: impact.Options{Draws: 100}, Checks: true}, panel(60, 6, 9), []string{"satisfaction is higher by", "What would overturn it", "Honest bounds"}, "simple"},
		"few units":  {impact.Question{Method: impact.GroupTime}, panel(9, 6, 9), []string{"simulations of these units"}, "held"},
		"imputation": {impact.Question{Method: impact.ByImputation}, panel(60, 6, 9), []string{"is higher by", "By periods since the start"}, "overall"},
		"twfe":       {impact.Question{Method: impact.Regression, Options: impact.Options{Draws: 50}}, panel(30, 6, 9), []string{"is no estimate", "decomposition", "Wild cluster bootstrap"}, "coefficient"},
		"sdid":       {impact.Question{Method: impact.AgainstMade, Options: impact.Options{Draws: 20}}, panel(30, 6), []string{"placebos", "Compared with"}, "synthetic"},
		"its":        {impact.Question{Method: impact.OfSeries}, panel(4, 8), []string{"level-slope", "Nobody is compared with"}, "series"},
		"counts":     {impact.Question{Method: impact.OfSeries, Series: impact.SeriesOptions{Counts: true}}, panel(4, 8), []string{"times what the trend before foretells"}, "series"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := c.q.Answer(c.p)
			if err != nil {
				t.Fatal(err)
			}
			var page bytes.Buffer
			if err := impactweb.FileReport("satisfaction", "panel.csv", a, []fault.Remark{fault.Remarkf("a remark")}).Render(context.Background(), &page); err != nil {
				t.Fatal(err)
			}
			for _, want := range append(c.page, "a remark", "panel.csv") {
				if !strings.Contains(page.String(), want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			if strings.Contains(page.String(), "NaN") {
				t.Error("the page says NaN")
			}
			text, err := json.Marshal(impactweb.JSON("satisfaction", a, nil))
			if err != nil {
				t.Fatal(err)
			}
			var all map[string]any
			if err := json.Unmarshal(text, &all); err != nil || all[c.member] == nil || all["treated"] == nil || all["warnings"] == nil {
				t.Errorf("%v %v", err, all)
			}
		})
	}
}
