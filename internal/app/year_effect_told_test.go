package app

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// sent is what is sent to who redoes an estimate.
func (y *year) sent(s *study) map[string]string {
	y.t.Helper()
	body := y.as("p1").get(s.effect + "/data").body
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		y.t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			y.t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := io.Copy(&b, r); err != nil {
			y.t.Fatal(err)
		}
		texts[f.Name] = b.String()
	}
	return texts
}

// interval is a figure of an estimate that is sent.
type interval struct{ ATT, SE, Low, High *float64 }

// addedUp are cells added up, as they are sent.
type addedUp struct {
	Overall               interval
	Critical              *float64
	Events, Groups, Times []struct {
		Event              int
		Group, Time        string
		ATT, SE, Low, High *float64
		Units              int
	}
}

// estimated is an estimate as it is sent.
type estimated struct {
	Units                    int
	Simple                   interval
	Dynamic, Group, Calendar addedUp
	Cells                    []struct {
		Group, Time       string
		ATT, SE           *float64
		Treated, Controls int
	}
	Pretrend *struct {
		Wald, P, Drift *float64
		Sound          *float64 `json:"p_sound"`
		DF             int
	}
	Honest struct {
		Estimate  interval
		Periods   int
		Largest   *float64 `json:"largest_change_before"`
		Breakdown *float64
		Bounds    []struct {
			M         float64
			Low, High *float64
		}
	}
	Permutation *struct {
		P        *float64
		Smallest *float64 `json:"smallest_p"`
		Draws    int
		Exact    bool
	}
	Held              *float64
	Treated, Controls int
}

func (y *year) interval(what string, is interval, v, se float64) {
	y.t.Helper()
	for name, one := range map[string]struct {
		is   *float64
		want float64
	}{"figure": {is.ATT, v}, "error": {is.SE, se}, "low": {is.Low, v - z*se}, "high": {is.High, v + z*se}} {
		y.exact(what+", "+name, one.is, one.want)
	}
}

// compareEffects holds what is told of the initiatives against what was observed, spent and said.
func (y *year) compareEffects() {
	y.t.Helper()
	p, before := &y.proof, y.compared
	content := map[string][]float64{}
	for _, f := range y.figures {
		content[f.unit] = append(content[f.unit], make([]float64, 24-len(content[f.unit]))...)
		content[f.unit][12*(f.year-simulated+1)+f.month-1] = f.content
	}
	y.compareStudy(p.lot, y.panelsOf(p.lot, p.regions, p.calls, content))
	y.compareStudy(p.regions, y.panelsOf(p.regions, p.lot, inLogs(p.prices), inLogs(content)))
	if p.lot.finding != "works" || p.lot.grade != "A" || p.regions.finding != "cannot-tell" {
		y.t.Errorf("what was drawn by lot is found %s (%s), what came region by region %s (%s)", p.lot.finding, p.lot.grade, p.regions.finding, p.regions.grade)
	}
	y.compareWorth()
	y.compareOpinions()
	y.compareTried()
	if n := y.compared - before; n < 1700 {
		y.t.Errorf("%d figures of effects are compared", n)
	}
}

// inLogs are 100 times the logarithms, in which an effect in per cent is estimated.
func inLogs(values map[string][]float64) map[string][]float64 {
	logs := map[string][]float64{}
	for unit, row := range values {
		for _, v := range row {
			logs[unit] = append(logs[unit], 100*math.Log(v))
		}
	}
	return logs
}

// monthNamed is a month as a page writes it, and label as a file does.
func monthNamed(m int) string {
	return []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}[m%12] + fmt.Sprint(" ", simulated-1+m/12)
}

func label(m int) string { return fmt.Sprintf("%d-%02d", simulated-1+m/12, m%12+1) }

// compareStudy holds all that is told of one estimate.
func (y *year) compareStudy(s *study, ps panels) {
	y.t.Helper()
	g, page, texts := ps.main, y.as("p1").get(s.effect), y.sent(s)
	said := page.said()
	if strings.Contains(said, "Estimate it again") {
		y.t.Errorf("%s is stale", s.name)
	}
	seed, err := strconv.ParseUint(regexp.MustCompile(`--seed (\d+)`).FindStringSubmatch(texts["log.txt"])[1], 10, 64)
	if err != nil {
		y.t.Fatal(err)
	}
	y.comparePanel(s.name, texts["panel.csv"], g)
	y.comparePanel(s.name+" with the other", texts["joint-1.csv"], ps.joint)

	var sent estimated
	if err := json.Unmarshal([]byte(texts["estimate.json"]), &sent); err != nil {
		y.t.Fatal(err)
	}
	f, _ := g.simple()
	v, se, low, high, held := g.headline(seed)
	y.interval(s.name, sent.Simple, f.v, g.se(f))
	y.exact(s.name+", how often it held", sent.Held, held)
	y.compareCells(s.name, g, sent)
	sound := y.comparePast(s, g, sent)
	y.compareHonest(s.name, g, sent, page)
	if s == y.proof.lot {
		p, smallest, ways := g.again()
		y.exact(s.name+", lots drawn again", sent.Permutation.P, p)
		y.exact(s.name+", the smallest p", sent.Permutation.Smallest, smallest)
		y.same(s.name+", lots", fmt.Sprint(sent.Permutation.Draws, sent.Permutation.Exact), fmt.Sprint(ways, true))
		pattern, wants := chanceOf(p)
		y.tells(s.name, said, "Lots drawn again #, "+pattern+", no p below # possible", append(append([]float64{float64(ways)}, wants...), smallest)...)
	}

	// In per cent from here on, where the plan is so.
	told, error := func(v float64) float64 { return v }, func(_, se float64) float64 { return se }
	if s.percent != "" {
		told = func(v float64) float64 { return 100 * (math.Exp(v/100) - 1) }
		error = func(v, se float64) float64 { return se * math.Exp(v/100) }
	}
	checks := ps.overturning(sound)
	failed := slices.ContainsFunc(checks, func(c check) bool { return c.verdict == "fail" })
	switch {
	case s == y.proof.lot:
		s.grade = "A"
	case !failed && !math.IsNaN(sound):
		s.grade = "B"
	default:
		s.grade = "E"
	}
	s.v, s.low, s.high = told(v), told(low), told(high)
	switch {
	case s.grade == "E":
		s.finding = "cannot-tell"
	case s.low > -s.worth && s.high < s.worth:
		s.finding = "none"
	case s.low > 0:
		s.finding = "works"
	case s.high < 0:
		s.finding = "harms"
	default:
		s.finding = "cannot-tell"
	}
	found := regexp.MustCompile(`Found on .* UTC, grade (\S+), (\S+): (\S+) \(standard error (\S+), (\S+) to (\S+)\)`).FindStringSubmatch(texts["log.txt"])
	y.same(s.name, found[1]+" "+found[2], s.grade+" "+s.finding)
	for i, want := range []float64{s.v, error(v, se), s.low, s.high} {
		is := number(found[3+i])
		y.exact(fmt.Sprint(s.name, ", told ", i), &is, want)
	}
	y.compareChecks(s, page, texts["log.txt"], checks, told)
	if s == y.proof.lot {
		y.tells(s.name, said, "Yes: Calls answered at once rose by # percentage points (# to #), grade A.", s.v, s.low, s.high)
		says(y.t, page, "The order was drawn by lot, so it depends on nothing.")
	} else {
		y.tells(s.name, said, "Cannot tell: Price of a call moved by # per cent of what it was (# to #), but that may have other causes, grade E.", s.v, s.low, s.high)
	}
	both, _, from, to, _ := ps.joint.headline(seed)
	y.tells(s.name, said, fmt.Sprintf("Two things started together (%d units): joint effect only", len(ps.units)))
	y.tells(s.name, said, "Together they gave # (# to #). No calculation", told(both), told(from), told(to))
	says(y.t, page, "They are not part of the figure above. See the units "+strings.Join(ps.units, ", "))
	y.compareFacts(s, g, sent, said)
}
