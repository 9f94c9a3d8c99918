package impactweb

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"time"

	"throughline/internal/impact"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// export sends all that another statistician needs to redo an estimate: the panel, what was
// written down, the command that repeats it, a script for R, and the figures that come out.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	e, err := p.page(r)
	if err != nil {
		return err
	}
	if err := p.fill(r.Context(), &e); err != nil {
		return err
	}
	d, err := p.Store.Data(r.Context(), web.From[org.Actor](r.Context()).Organisation, e.Effect)
	if err != nil {
		return err
	}
	study, err := d.Study()
	if err != nil {
		return err
	}
	web.Attach(w, "application/zip", web.FileName(e.Initiative.Name, "zip"))
	z := zip.NewWriter(w)
	type file struct {
		name  string
		write func(io.Writer) error
	}
	files := []file{
		{"log.txt", func(w io.Writer) error { return e.log(w, d, study) }},
		{"estimate.R", func(w io.Writer) error { return e.script(w) }},
	}
	if e.estimated() {
		files = append(files, file{"estimate.json", func(w io.Writer) error {
			a := e.Kept.Answer
			a.Panel = study.Panel
			out := json.NewEncoder(w)
			out.SetIndent("", "  ")
			return out.Encode(JSON(e.Indicator.Key, &a, nil))
		}})
	}
	if !e.Indicator.OfPeople() { // what somebody's values are is for that person and the line manager
		files = append(files, file{"panel.csv", func(w io.Writer) error { return writePanel(w, study.Panel) }})
		for n, j := range study.Joint {
			files = append(files, file{fmt.Sprintf("joint-%d.csv", n+1), func(w io.Writer) error { return writePanel(w, j.Panel) }})
		}
	}
	for _, f := range files {
		part, err := z.Create(f.name)
		if err == nil {
			err = f.write(part)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

func writePanel(w io.Writer, p *impact.Panel) error {
	header := []string{"unit", "period", "value", "start"}
	if p.Cluster != nil {
		header = append(header, "cluster")
	}
	out, err := sheet.NewWriter(w, sheet.CSV, sheet.WriteOptions{}, header...)
	if err != nil {
		return err
	}
	width := len(p.Periods)
	for i, unit := range p.Units {
		start := ""
		if p.Start[i] < 0 {
			start = "before"
		} else if p.Start[i] < width {
			start = p.Periods[p.Start[i]]
		}
		for t, period := range p.Periods {
			row := []any{unit, period, nil, start}
			if v := p.Outcome[i*width+t]; !math.IsNaN(v) {
				row[2] = v
			}
			if p.Cluster != nil {
				row = append(row, p.Cluster[i])
			}
			if err := out.Write(row...); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// command repeats the estimate.
func (e effectPage) command(study *impact.Study) string {
	parts := []string{"throughline estimate --panel panel.csv --unit unit --time period --outcome value --start start", "--method " + string(e.Method)}
	if e.Method == impact.GroupTime {
		parts = append(parts, "--controls "+string(e.Controls), fmt.Sprintf("--anticipation %d", e.Anticipation))
		if study.Cluster != nil {
			parts = append(parts, "--cluster cluster")
		}
		if e.estimated() && e.Kept.Permuted != nil {
			parts = append(parts, fmt.Sprintf("--lots %d", e.Kept.Question.Lots))
		}
		parts = append(parts, "--checks")
	}
	if e.Method == impact.OfSeries {
		parts = append(parts, "--impact "+string(e.Plan.Impact))
		if e.Season {
			parts = append(parts, fmt.Sprintf("--season %d", e.Indicator.Grain.PerYear()))
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("--draws %d --seed %d", impact.UsualBand, e.Seed)), " ")
}

// log is in English: it goes to a statistician, with the command of the program.
func (e effectPage) log(w io.Writer, d impact.Data, study *impact.Study) error {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("Effect of: %s", e.Initiative.Name)
	say("Outcome: %s (%s)", e.Indicator.Name, e.Indicator.Measure)
	if e.Initiative.Order != "" {
		say("Order of the starts: %s. %s", e.Initiative.Order, e.Initiative.Reason)
	}
	say("Written down: %s UTC by %s", moment(e.Written.At), e.Written.By)
	for _, c := range e.Changed {
		was, err := json.Marshal(c.Was)
		if err != nil {
			return err
		}
		say("Changed: %s UTC by %s; before: %s", moment(c.At), c.By, was)
	}
	plan, err := json.Marshal(e.Plan)
	if err != nil {
		return err
	}
	say("Plan: %s", plan)
	if e.Percent {
		say("Effects are told in per cent: the values of the panel are 100 x the natural logarithm of what was observed, and an effect v of them is 100 (exp(v/100) - 1) per cent.")
	}
	say("Hash of what goes in: %s", study.Hash(d))
	say("A unit starts in the period in which its day lies. Values after the initiative ended are left out.")
	for n, j := range study.Joint {
		say("Left out, because something else started together (%s): %d; their panel is joint-%d.csv", strings.Join(j.With, ", "), len(j.Units), n+1)
	}
	if e.Indicator.OfPeople() {
		say("The panels, of a row for each person and period, are not sent: values of people are for them and their line managers. People of starting groups under %d are not in them: %d.", e.Indicator.Minimum, study.Few)
	}
	say("\nTo repeat it:\n%s", e.command(study))
	if e.estimated() {
		say("\nFound on %s UTC, grade %s, %s: %v (standard error %v, %v to %v)", e.Kept.At.Format("2006-01-02 15:04"), e.Kept.Grade, e.Kept.Finding, e.Kept.Headline.ATT, e.Kept.Headline.SE, e.Kept.Headline.Low, e.Kept.Headline.High)
		if e.Stale {
			say("What goes in is another now: the figures below were made from what stood there then.")
		}
		for _, c := range e.Kept.Tried(e.Plan) {
			say("%s: %v (%v to %v), p %v, n %d: %s", c.Kind, c.ATT, c.Low, c.High, c.P, c.N, c.Verdict)
		}
		for _, r := range e.Kept.Remarks {
			say("%s", r)
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// script asks the R package did for the same.
func (e effectPage) script(w io.Writer) error {
	control := "notyettreated"
	if e.Controls == impact.NeverTreated {
		control = "nevertreated"
	}
	cluster := ""
	if e.Together == impact.UnitAbove {
		cluster = `, clustervars = "cluster"`
	}
	_, err := fmt.Fprintf(w, `# Group-time effects with the R package did. Anticipated periods before a start are compared there with the
# period before each; the effects from the start on are the same.
d <- read.csv("panel.csv", check.names = FALSE)
periods <- sort(unique(d$period))
d$t <- match(d$period, periods)
d$g <- ifelse(d$start == "", 0, match(d$start, periods))
d$id <- match(d$unit, unique(d$unit))
library(did)
a <- att_gt(yname = "value", tname = "t", idname = "id", gname = "g", data = d, control_group = "%s",
            anticipation = %d, bstrap = FALSE, cband = FALSE, allow_unbalanced_panel = TRUE%s)
summary(a)
summary(aggte(a, type = "simple", na.rm = TRUE))
summary(aggte(a, type = "dynamic", na.rm = TRUE))
`, control, e.Anticipation, cluster)
	return err
}

func moment(at int64) string { return time.UnixMicro(at).UTC().Format("2006-01-02 15:04:05") }
