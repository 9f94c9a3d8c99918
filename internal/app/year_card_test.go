package app

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"
)

var looks = []string{"Money", "Customers", "How we work", "People and learning"}

// card is what a scorecard of a unit has to say.
func (y *year) card(unit string, year int) (lines []figured) {
	for _, k := range y.followed() {
		if f := y.reading(k, unit, year); f.known() {
			lines = append(lines, f)
		}
	}
	slices.SortStableFunc(lines, func(a, b figured) int {
		return cmp.Or(slices.Index(looks, a.look)-slices.Index(looks, b.look), strings.Compare(a.name, b.name))
	})
	return lines
}

// lines is how many indicators are followed of a unit beside the scores of diagnoses.
func (y *year) lines(unit string) (n int) {
	for _, f := range y.card(unit, simulated) {
		if !f.score {
			n++
		}
	}
	return n
}

// known says whether there is anything to be told.
func (f figured) known() bool {
	return f.periods > 0 || f.aim != nil || f.withheld > 0 || !math.IsNaN(f.last) || !math.IsNaN(f.plan) || !math.IsNaN(f.due)
}

// amount is a figure as a page shows it, "–" where it is not known.
func amount(v float64, digits int) string {
	if math.IsNaN(v) {
		return "–"
	}
	scale := math.Pow10(digits)
	v = math.Copysign(math.Floor(math.Abs(v)*scale+.5+1e-7)/scale, v) + 0
	text, rest, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', digits, 64), ".")
	for n := len(text) - 3; n > 0; n -= 3 {
		text = text[:n] + "," + text[n:]
	}
	if digits > 0 {
		text += "." + rest
	}
	if v < 0 {
		text = "−" + text
	}
	return text
}

func (f figured) amount(v float64) string { return amount(v, f.digits) }

// wayTo is the target, and how much of the way to it has been gone.
func (f figured) wayTo() string {
	to := "target " + f.amount(f.aim.value)
	if f.better == "within" {
		to += " to " + f.amount(f.aim.to)
	}
	switch {
	case math.IsNaN(f.attained):
		return to
	case f.better == "within":
		return to + map[float64]string{1: ", in it", 0: ", out of it"}[f.attained]
	case f.attained < 0:
		return to + ", further off than at the beginning"
	}
	return to + ", " + perCent(f.attained) + " of the way"
}

func perCent(share float64) string {
	if math.IsNaN(share) {
		return "–"
	}
	return fmt.Sprintf("%s %%", amount(math.RoundToEven(100*share), 0))
}

var signs = map[string]string{"ahead": "▲", "reached": "▲", "on plan": "●", "at risk": "◆", "behind": "▼", "missed": "▼", "cannot tell": "–"}

// line is what the page of a unit shows of an indicator.
func (y *year) line(unit string, f figured) string {
	name := f.name
	if f.measure != "" {
		name += " " + f.measure
	}
	if f.better == "lower" {
		name += strings.TrimPrefix(", lower is better", map[bool]string{true: ","}[f.measure == ""])
	}
	if f.withheld > 0 {
		name += " Withheld for " + y.periodOf(f.tracked, f.withheld) + ": too few people, or it could be worked out."
	}
	if n := slices.IndexFunc(y.notesOf(unit, ""), func(n noted) bool { return n.key == f.key }); n >= 0 {
		name += fmt.Sprintf(" note %d", n+1)
	}
	last := f.amount(f.last)
	if !math.IsNaN(f.last) && !f.whole {
		last += " in part"
	}
	plan := f.amount(f.plan)
	if f.aim != nil {
		plan += " " + f.wayTo()
	}
	now := f.amount(f.now)
	if f.units < f.ofUnits {
		now += fmt.Sprintf(" %d of %d values", f.units, f.ofUnits)
	}
	ahead := "none: too few periods"
	switch {
	case f.foreseen != nil:
		ahead = fmt.Sprintf("%s %s to %s", f.amount(f.foreseen.at), f.amount(f.foreseen.low), f.amount(f.foreseen.high))
	case f.score:
		ahead = "none: a diagnosis finds it"
	case f.ended():
		ahead = "the year is whole"
	}
	return strings.Join([]string{name, last, plan, now, perCent(f.share), ahead, signs[f.status] + " " + f.status}, " | ")
}

// ended says whether nothing of the year is to come.
func (f figured) ended() bool {
	return f.periods == f.perYear || f.over == "last" && f.periods > 0 && f.through%f.perYear == f.perYear-1
}

// compareCards holds the scorecards of the whole, of each region and of some teams, as files and as pages, against
// what was handed in.
func (y *year) compareCards() {
	y.t.Helper()
	before := y.compared
	for _, unit := range []string{"House", "Rivers", "Hills", "Coast", "School", "Dale", "Ridge"} {
		y.compareCard(unit, simulated)
	}
	y.compareCard("House", simulated-1)
	for _, unit := range []string{"House", "School"} {
		lines := slices.DeleteFunc(y.card(unit, simulated), func(f figured) bool { return !f.learning })
		y.comparePage(unit, y.as("p3", whole(org.HeadOfLearning)).get(fmt.Sprintf("/scorecards/%s?year=%d&of=learning", y.unitID(unit), simulated)), lines)
	}
	if n := y.compared - before; n < 3000 {
		y.t.Errorf("%d figures of scorecards are compared", n)
	}
}

// figure is close, and knows what is not known.
func (y *year) figure(what, shown string, want float64) {
	y.t.Helper()
	if y.compared++; math.IsNaN(want) || shown == "" {
		y.same(what, shown, map[bool]string{true: "", false: fmt.Sprint(want)}[math.IsNaN(want)])
		return
	}
	y.close(what, shown, want)
}

func (y *year) compareCard(unit string, year int) {
	y.t.Helper()
	lines := y.card(unit, year)
	path := fmt.Sprintf("/scorecards/%s?year=%d", y.unitID(unit), year)
	file := y.as("p1").get(path + "&format=csv")
	rows := y.rows(file)
	var names, wanted []string
	for _, row := range rows {
		names = append(names, row[0])
	}
	for _, f := range lines {
		wanted = append(wanted, f.name)
	}
	if y.same(unit+"'s indicators", strings.Join(names, "|"), strings.Join(wanted, "|")); len(rows) != len(lines) {
		return
	}
	for i, f := range lines {
		y.stood[f.status]++
		y.compareLine(fmt.Sprintf("%s of %s in %d", f.name, unit, year), rows[i], f)
	}
	if unit == "House" {
		y.compareWorkbook(y.as("p1").get(path+"&format=xlsx"), rows)
	}
	page := y.as("p1").get(path)
	y.comparePage(unit, page, lines)
	y.compareNotes(unit, "", page)
}

// compareLine holds a row of the file against what was reckoned.
func (y *year) compareLine(what string, row []string, f figured) {
	y.t.Helper()
	nan, how := math.NaN(), ""
	want := map[int]float64{3: f.last, 4: f.plan, 5: f.now, 6: f.due, 7: 100 * f.share, 8: nan, 9: nan, 10: nan, 12: nan, 13: 100 * f.attained, 16: nan, 17: nan}
	if f.foreseen != nil {
		want[8], want[9], want[10], how = f.foreseen.at, f.foreseen.low, f.foreseen.high, f.foreseen.how
	}
	if f.aim != nil {
		want[12] = f.aim.value
	}
	through := ""
	if f.periods > 0 {
		through = y.periodOf(f.tracked, f.through)
	}
	if f.ofUnits > 0 {
		want[16], want[17] = float64(f.units), float64(f.ofUnits)
	}
	for at, v := range want {
		y.figure(fmt.Sprint(what, ", ", at), row[at], v)
	}
	y.same(what, strings.Join([]string{row[1], row[2], row[11], row[14], row[15]}, "|"), strings.Join([]string{f.look, f.measure, how, f.status, through}, "|"))
}

// compareWorkbook reads a workbook with a reader of others, and holds it against the file.
func (y *year) compareWorkbook(a answer, rows [][]string) {
	y.t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader([]byte(a.body)))
	if err != nil {
		y.t.Fatal(err)
	}
	sheet := book.GetSheetName(0)
	for i, row := range rows {
		for c, want := range row {
			at, _ := excelize.CoordinatesToCellName(c+1, i+2)
			got, err := book.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
			if v, bad := strconv.ParseFloat(want, 64); bad == nil && number(got) == v {
				continue // 1e-06 is 0.000001
			}
			if err != nil || got != want {
				y.t.Errorf("%s, %s: %q is in the workbook, %q in the file, %v", a.at, at, got, want, err)
			}
		}
	}
}

// comparePage holds the page of a scorecard against what was reckoned.
func (y *year) comparePage(unit string, page answer, lines []figured) {
	y.t.Helper()
	doc := page.page()
	var shown, wanted, endings []string
	counts := map[string]map[string]int{}
	good, judged, out, lacking := 0, 0, 0, 0
	var behind []string
	newest, without := "", 0
	for _, f := range lines {
		wanted = append(wanted, y.line(unit, f))
		if counts[f.look] == nil {
			counts[f.look] = map[string]int{}
		}
		counts[f.look][f.status]++
		switch f.status {
		case "ahead", "on plan", "reached":
			good++
		case "behind", "missed":
			behind = append(behind, f.name)
		}
		if f.status != "cannot tell" {
			judged++
		} else {
			without++
		}
		if f.units < f.ofUnits {
			lacking++
		}
		if f.periods > 0 {
			newest = max(newest, f.lastDay())
		}
		if f.foreseen != nil && f.plan > 0 && f.better != "within" {
			endings = append(endings, f.ending()+" | "+signs[f.status]+" "+f.status)
		} else if f.status != "cannot tell" {
			out++
		}
	}
	for _, tr := range doc.Find(".scorecard tbody tr").EachIter() {
		var cells []string
		tr.Find("th, td").Not(".drawn").Each(func(_ int, slot *goquery.Selection) { cells = append(cells, text(slot)) })
		shown = append(shown, strings.Join(cells, " | "))
	}
	y.same(unit+"'s lines", len(shown), len(wanted))
	for i := range min(len(shown), len(wanted)) {
		y.compared += 8
		y.same(unit, shown[i], wanted[i])
	}
	var drawn []string
	for _, one := range doc.Find(".endings .ending:not(.head)").EachIter() {
		drawn = append(drawn, one.Find("svg").AttrOr("aria-label", "")+" | "+text(one.Find(".status")))
	}
	y.same(unit+"'s endings", strings.Join(drawn, "\n"), strings.Join(endings, "\n"))
	for _, look := range looks {
		key := look
		for _, s := range []string{"reached", "ahead", "on plan", "at risk", "behind", "missed"} {
			if n := counts[look][s]; n > 0 {
				key += fmt.Sprintf(" %s %d %s", signs[s], n, s)
			}
		}
		got := ""
		for _, section := range doc.Find("section.card:has(.scorecard)").EachIter() {
			if title := section.Find("h2").Contents().First().Text(); strings.TrimSpace(title) == look {
				got = strings.TrimSpace(look + " " + text(section.Find(".key")))
			}
		}
		if len(counts[look]) > 0 {
			y.same(unit+"'s counts", got, key)
		}
	}
	heading := fmt.Sprintf("%d of %d indicators with a plan are on plan or better.", good, judged)
	switch {
	case judged == 0:
		heading = fmt.Sprintf("%d indicators are followed, without a plan to hold them against.", len(lines))
	case len(behind) == 1:
		heading += " " + behind[0] + " is behind."
	case len(behind) > 1 && len(behind) < 4:
		heading += fmt.Sprintf(" %s and %s are behind.", strings.Join(behind[:len(behind)-1], ", "), behind[len(behind)-1])
	case len(behind) > 3:
		heading += fmt.Sprintf(" %d are behind.", len(behind))
	}
	heading += " Observed up to " + newest + "."
	if without == 1 && len(lines) > 1 {
		heading += " One has no plan, or too few figures to tell."
	} else if without > 1 && without < len(lines) {
		heading += fmt.Sprintf(" %d have no plan, or too few figures to tell.", without)
	}
	if lacking == 1 {
		heading += " Of one indicator not every unit has reported its newest period."
	} else if lacking > 1 {
		heading += fmt.Sprintf(" Of %d indicators not every unit has reported the newest period.", lacking)
	}
	y.same(unit+"'s heading", text(doc.Find(".lede h1"))+" "+text(doc.Find(".lede p")), heading)
	if out > 0 && len(endings) > 0 {
		more := fmt.Sprintf("%d more have a plan or a target, and no forecast against it.", out)
		if out == 1 {
			more = "One more has a plan or a target, and no forecast against it."
		}
		says(y.t, page, more)
	}
}

// lastDay is that of the newest period.
func (f figured) lastDay() string {
	month := (f.through%f.perYear + 1) * 12 / f.perYear
	return strings.Replace(lastDay(month), fmt.Sprint(simulated), fmt.Sprint(f.through/f.perYear), 1)
}

// ending is where the year will end, in per cent of the plan; right is better.
func (f figured) ending() string {
	by := func(v float64) float64 { return 100 * (v/f.plan - 1) }
	at, low, high := by(f.foreseen.at), by(f.foreseen.low), by(f.foreseen.high)
	if f.better == "lower" {
		at, low, high = -at, -high, -low
	}
	sign := func(v float64) string {
		text := amount(v, 1)
		if strings.Trim(text, "−0.") != "" && v > 0 {
			text = "+" + text
		}
		return text
	}
	return fmt.Sprintf("%s: forecast %s per cent against plan, %s to %s", f.name, sign(at), sign(low), sign(high))
}
