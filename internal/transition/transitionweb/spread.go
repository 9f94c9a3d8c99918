package transitionweb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/stat"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

// spreadForm is the page of how what worked has travelled.
type spreadForm struct {
	transition.Programme
	transitiondb.Spread
	Slick  *slick
	Way    *transitiondb.Travelled // the practice whose way is drawn: that which is asked for, or which came furthest
	Travel *travelPicture
	By     string            // location or unit
	Why    map[string]string // of locations where nobody is reached, by name
}

func (p *Pages) spread(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	f := spreadForm{Programme: one, By: r.FormValue("by")}
	if f.Spread, err = p.Store.Spread(ctx, actor.Organisation, one.ID); err != nil {
		return err
	}
	where, err := p.Org.Where(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	if f.Why, err = p.whyNot(ctx, actor.Organisation, one); err != nil {
		return err
	}
	f.Slick = drawSlick(ctx, f.Spread.Spread, where, r.FormValue("month"))
	for i, t := range f.Practices {
		if asked := r.FormValue("practice"); len(t.Stops) > 1 && (asked == t.ID || asked == "" && f.Way == nil) {
			f.Way, f.Travel = &f.Practices[i], drawTravel(ctx, t.Stops)
		}
	}
	if done, err := web.Exported(w, r, one.Name+"-spread", f.table(ctx)); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, spreadPage(f))
}

// whyNot says, by name of the location, why nobody there may have been reached yet: nobody coaches there,
// or who does works by nothing that was shared.
func (p *Pages) whyNot(ctx context.Context, organisation string, one transition.Programme) (map[string]string, error) {
	why := map[string]string{}
	if one.Kind == transition.Leaders {
		return why, nil
	}
	coverage, err := p.Store.Coverage(ctx, organisation, one.ID)
	if err != nil {
		return nil, err
	}
	plan, err := p.Store.Plan(ctx, organisation, one.ID, transitiondb.Current)
	if err != nil {
		return nil, err
	}
	given := map[string]bool{} // locations where a group has a coach
	if plan != nil {
		for _, g := range plan.Groups {
			given[g.Location] = given[g.Location] || g.Coach != ""
		}
	}
	for _, s := range coverage.Sites {
		if why[s.Location.Name] = lang.T(ctx, "Whoever coaches there works by no shared practice yet"); s.Have == 0 {
			why[s.Location.Name] = lang.T(ctx, "Nobody coaches there. %s", nextText(ctx, s))
		} else if !given[s.Location.ID] {
			why[s.Location.Name] = lang.T(ctx, "No group there has been given to a coach yet")
		}
	}
	return why, err
}

// table has, of each location or unit, how many of its people are reached at the end of each
// month.
func (f spreadForm) table(ctx context.Context) web.Table {
	places, name := f.Locations, lang.T(ctx, "Location")
	if f.By == "unit" {
		places, name = f.Units, lang.T(ctx, "Unit")
	}
	t := web.Table{Name: lang.T(ctx, "Spread"), Header: append([]string{name, lang.T(ctx, "People")}, f.Months...)}
	for _, p := range places {
		row := []any{siteName(ctx, p.Name), p.People}
		for _, n := range p.Reached {
			row = append(row, n)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (f spreadForm) share() float64 {
	if f.People == 0 || len(f.Reached) == 0 {
		return 0
	}
	return float64(f.Reached[len(f.Reached)-1]) / float64(f.People)
}

func (f spreadForm) heading(ctx context.Context) string {
	if len(f.Months) == 0 {
		return lang.T(ctx, "Nothing has been shared yet.")
	}
	began := map[string]bool{}
	for _, t := range f.Practices {
		began[t.Writer.Location] = true
	}
	return lang.T(ctx, "In %[1]s, what was tried at %[2]s has reached %[3]s of the people.", lang.N(ctx, len(f.Months), "one month", "%d months"),
		lang.N(ctx, len(began), "one location", "%d locations"), percent(ctx, f.share()))
}

func percent(ctx context.Context, share float64) string {
	return lang.T(ctx, "%d %%", int(math.Round(100*share)))
}

func (f spreadForm) lede(ctx context.Context) string {
	if len(f.Months) == 0 {
		return lang.T(ctx, "Once a leader or coach shares a practice, and others take it up, this page shows how it travels.")
	}
	text := lang.T(ctx, "%[1]d of %[2]d people are in a group whose coach works by at least one shared practice.", f.Reached[len(f.Reached)-1], f.People)
	if f.Kind == transition.Leaders {
		text = lang.T(ctx, "%[1]d of %[2]d people on management teams have a leader who works by at least one shared practice.", f.Reached[len(f.Reached)-1], f.People)
	}
	early, late := f.weeks()
	if early > 0 && late > 0 {
		text += " " + lang.T(ctx, "A new practice needs %[1]s to its first use elsewhere; in the first half of the time it needed %[2]s.", weeksText(ctx, late), weeksText(ctx, early))
	}
	return text
}

func weeksText(ctx context.Context, weeks int) string {
	return lang.N(ctx, weeks, "one week", "%d weeks")
}

// weeks are how many weeks it took, in the median, from sharing a practice to its first use by
// somebody else: of the earlier half of those that were taken up, and of the later.
func (f spreadForm) weeks() (early, late int) {
	type taken struct {
		shared time.Time
		weeks  float64
	}
	var all []taken
	for _, t := range f.Practices {
		first := period.Day("")
		for _, a := range f.Spread.First {
			if a.Practice == t.ID && (first == "" || a.Day < first) {
				first = a.Day
			}
		}
		if at, err := time.Parse(time.DateOnly, string(first)); err == nil {
			all = append(all, taken{t.Shared, max(0, at.Sub(t.Shared).Hours()/24/7)})
		}
	}
	if len(all) < 4 {
		return 0, 0
	}
	slices.SortFunc(all, func(a, b taken) int { return a.shared.Compare(b.shared) })
	median := func(some []taken) int {
		var weeks []float64
		for _, t := range some {
			weeks = append(weeks, t.weeks)
		}
		middle, _ := stat.Median(weeks)
		return int(math.Ceil(middle))
	}
	return median(all[:len(all)/2]), median(all[len(all)/2:])
}

// slick is the picture of the people reached, location by location, at the end of a month.
type slick struct {
	Width, Height int
	Drops         []drop
	Months        []string
	At            int     // month that is shown
	Frames        []frame // a few months side by side
	Total         string  // people reached then, in words
	Totals        string  // JSON: at the end of each month
}

type drop struct {
	X, Y  float64
	R     float64 // at the month that is shown
	Full  float64 // if all were reached
	Radii string  // JSON: at each month
	Name  string
	Text  string
	Said  string // Text with {n} for the people, who are
	Each  string // JSON: these at each month
}

// frame is a month among a few.
type frame struct {
	Month   string
	Share   string
	Reached int
	Radii   []float64
}

const (
	slickWidth = 520
	mostFrames = 5
)

// drawSlick draws it: each location where it lies or, where nobody has said, in rows by country
// and name; the area of a drop is the people reached. nil before anything has been shared.
func drawSlick(ctx context.Context, s transition.Spread, where map[string]org.Where, month string) *slick {
	if len(s.Months) == 0 {
		return nil
	}
	k := &slick{Width: slickWidth, Months: s.Months, At: len(s.Months) - 1}
	if at := slices.Index(s.Months, month); at >= 0 {
		k.At = at
	}
	places := slices.DeleteFunc(slices.Clone(s.Locations), func(p transition.Place) bool { return p.People == 0 })
	xy := k.lay(places, where)
	most := 1
	for _, p := range places {
		most = max(most, p.People)
	}
	size := min(34.0, math.Sqrt(float64(k.Width*k.Height)/float64(max(4, len(places))))*0.6)
	radius := func(n int) float64 { return math.Round(10*size*math.Sqrt(float64(n)/float64(most))) / 10 }
	for i, p := range places {
		var radii []float64
		for _, n := range p.Reached {
			radii = append(radii, radius(n))
		}
		said := func(n string) string {
			return lang.T(ctx, "%[1]s: %[2]s of %[3]d people", siteName(ctx, p.Name), n, p.People)
		}
		k.Drops = append(k.Drops, drop{xy[i][0], xy[i][1], radii[k.At], radius(p.People), list(radii), siteName(ctx, p.Name), said(strconv.Itoa(p.Reached[k.At])), said("{n}"), list(p.Reached)})
	}
	var totals []string
	for _, n := range s.Reached {
		totals = append(totals, peopleText(ctx, n))
	}
	k.Total, k.Totals = totals[k.At], list(totals)
	n := min(mostFrames, len(s.Months))
	for i := range n {
		at := len(s.Months) - 1
		if n > 1 {
			at = i * (len(s.Months) - 1) / (n - 1)
		}
		f := frame{Month: s.Months[at], Reached: s.Reached[at], Share: percent(ctx, float64(s.Reached[at])/float64(max(1, s.People)))}
		for _, p := range places {
			f.Radii = append(f.Radii, radius(p.Reached[at]))
		}
		k.Frames = append(k.Frames, f)
	}
	return k
}

// lay finds a point for each place.
func (k *slick) lay(places []transition.Place, where map[string]org.Where) [][2]float64 {
	const margin = 40.0
	west, east, south, north := 180.0, -180.0, 90.0, -90.0
	known := 0
	for _, p := range places {
		if w := where[p.Name]; w.Known {
			known++
			west, east, south, north = min(west, w.Longitude), max(east, w.Longitude), min(south, w.Latitude), max(north, w.Latitude)
		}
	}
	xy := make([][2]float64, len(places))
	if known < len(places) || known < 2 {
		across := int(math.Ceil(math.Sqrt(float64(len(places)) * 1.4)))
		order := make([]int, len(places))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(places[a].Country, places[b].Country), cmp.Compare(places[a].Name, places[b].Name))
		})
		step := (slickWidth - 2*margin) / float64(max(1, across-1))
		for n, i := range order {
			xy[i] = [2]float64{math.Round(margin + float64(n%across)*step), math.Round(margin + float64(n/across)*step)}
		}
		k.Height = int(2*margin + step*float64((len(places)-1)/max(1, across)))
		return xy
	}
	narrow := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := min((slickWidth-2*margin)/max(0.01, (east-west)*narrow), 560/max(0.01, north-south))
	k.Height = int((north-south)*scale + 2*margin)
	left := (slickWidth - (east-west)*narrow*scale) / 2
	for i, p := range places {
		w := where[p.Name]
		xy[i] = [2]float64{math.Round(left + (w.Longitude-west)*narrow*scale), math.Round(margin + (north-w.Latitude)*scale)}
	}
	return xy
}

// travelPicture is the way of one practice: a lane for each partner, time from left to right.
type travelPicture struct {
	Width, Height int
	Lanes         []lane
	Stops         []travelStop
	Ways          []way
	Ticks         []tick
	Rows          []transition.Stop
	Months        []string // from the first to the last
	Total         string   // stops until now, in words
	Totals        string   // JSON: until the end of each month
}

type lane struct {
	Y    float64
	Name string
}

type travelStop struct {
	X, Y  float64
	First bool
	Gone  bool
	Name  string // "" where it would stand on another's
	Text  string
	Month int // index
}

type way struct {
	Path   string
	Across bool // to another partner
	Month  int  // index of that in which it was taken up
}

type tick struct {
	X    float64
	Text string
}

const (
	travelWidth = 760
	laneHeight  = 56
	travelLeft  = 150 // behind the names of the lanes
	travelRight = 40
)

// drawTravel draws it; several stops of a month at a location are one.
func drawTravel(ctx context.Context, stops []transition.Stop) *travelPicture {
	t := &travelPicture{Width: travelWidth, Rows: stops}
	row := map[string]int{}
	first, last := stops[0].Month, stops[0].Month
	for _, s := range stops {
		if _, there := row[s.Partner]; !there {
			row[s.Partner] = len(t.Lanes)
			t.Lanes = append(t.Lanes, lane{float64(len(t.Lanes)*laneHeight) + 6, s.Partner})
		}
		first, last = min(first, s.Month), max(last, s.Month)
	}
	t.Height = len(t.Lanes)*laneHeight + 34
	months := monthsFrom(first, last)
	step := (travelWidth - travelLeft - travelRight) / float64(max(1, months))
	x := func(month string) float64 {
		return math.Round(10*(travelLeft+float64(monthsFrom(first, month))*step)) / 10
	}
	beside := map[string]int{}
	var at [][2]float64
	free, named := map[string]float64{}, map[string]bool{} // of each lane, where the last name ends; which stand there
	for _, s := range stops {
		cell := s.Partner + "/" + s.Month
		y := float64(row[s.Partner]*laneHeight) + 24 + 9*float64(beside[cell]%3)
		beside[cell]++
		at = append(at, [2]float64{x(s.Month), y})
		one := travelStop{X: x(s.Month), Y: y, First: s.From < 0, Gone: s.Gone, Month: monthsFrom(first, s.Month), Text: s.Person.Name + ", " + where(s.Writer) + ", " + s.Month}
		name := cmp.Or(s.Location, s.Unit)
		half := 4 * float64(len([]rune(name)))
		if one.X-half > free[s.Partner] && !named[s.Partner+"/"+name] {
			one.Name, free[s.Partner], named[s.Partner+"/"+name] = name, one.X+half, true
		}
		t.Stops = append(t.Stops, one)
	}
	for i, s := range stops {
		if s.From < 0 {
			continue
		}
		from, to := at[s.From], at[i]
		middle := (from[0] + to[0]) / 2
		t.Ways = append(t.Ways, way{fmt.Sprintf("M%g,%g C%g,%g %g,%g %g,%g", from[0], from[1], middle, from[1], middle, to[1], to[0], to[1]), stops[s.From].Partner != s.Partner, monthsFrom(first, s.Month)})
	}
	begin, _ := time.Parse("2006-01", first)
	for m := 0; m <= months; m++ {
		t.Months = append(t.Months, begin.AddDate(0, m, 0).Format("2006-01"))
	}
	var totals []string
	for m := range t.Months {
		n := 0
		for _, s := range t.Stops {
			if s.Month <= m {
				n++
			}
		}
		totals = append(totals, peopleText(ctx, n))
	}
	t.Total, t.Totals = totals[len(totals)-1], list(totals)
	every := max(1, (months+6)/7)
	for m := 0; m <= months; m += every {
		t.Ticks = append(t.Ticks, tick{x(t.Months[m]), t.Months[m]})
	}
	return t
}

// monthsFrom is how many months lie between two.
func monthsFrom(a, b string) int {
	from, _ := time.Parse("2006-01", a)
	to, _ := time.Parse("2006-01", b)
	return (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
}

func (t *travelPicture) table(ctx context.Context) web.Table {
	table := web.Table{Name: lang.T(ctx, "How it travelled"), Header: []string{lang.T(ctx, "Month"), lang.T(ctx, "Who"), lang.T(ctx, "Location"), lang.T(ctx, "Partner"), lang.T(ctx, "From whom")}}
	for _, s := range t.Rows {
		from := ""
		if s.From >= 0 {
			from = t.Rows[s.From].Person.Name
		}
		table.Rows = append(table.Rows, []any{s.Month, s.Person.Name, s.Location, s.Partner, from})
	}
	return table.Without(lang.T(ctx, "Partner"))
}

// list is some values as JSON.
func list[T any](all []T) string {
	text, _ := json.Marshal(all)
	return string(text)
}

// anchor keeps a text inside its picture.
func anchor(x float64, width int) string {
	switch {
	case x > float64(width)-60:
		return "end"
	}
	return "middle"
}
