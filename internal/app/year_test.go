package app

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/smtptest"
	"throughline/internal/org"
)

// The simulated year. Nothing in it looks at the machine's clock.
const (
	simulated = 2025
	yearSeed  = 20250106
)

// A year of use, through the pages, the files and the API, of an organisation that is made up: the simulation keeps
// a list of what happened, and in the end every figure that the program shows is reckoned again from that list
// alone, in plain arithmetic.
func TestAYearOfUse(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		y := begunYear(t, address)
		y.pass()
		y.compare()
	})
}

// moment is the clock of the simulated year. Each look at it is a little later than the one before.
type moment struct{ at atomic.Int64 }

func (m *moment) now() time.Time { return time.UnixMicro(m.at.Add(1)).UTC() }

// year is an organisation in its year, and what happened in it.
type year struct {
	*site
	t       *testing.T
	r, also *rand.Rand // also is of what was added to the diagnoses
	clock   *moment
	clients map[string]*client
	units   []unitOfYear
	people  []*worker

	factors  []string            // of the shipped instrument
	items    map[string][]string // of each factor
	outcomes []string
	named    map[string]string // ids of all by what they are called

	waves   [2]*wave
	figures []figure
	spent   []entered

	allEntries []entered // as of entriesAt, a moment of the clock
	entriesAt  int64

	held    []held
	agreed  []*agreed
	acts    []act
	active  []*worker            // coaches
	members map[string][]*worker // of programmes, by path
	files   int                  // that brought efforts
	server  *smtptest.Server
	past    *rand.Rand          // for what was before
	kept    []map[string]string // profiles: scores by part, the day under ""
	letters int                 // weekly mails that were held against what waits
	opened  map[string]bool     // reports, by the diagnosis and who opened it
	quiet   map[string]bool     // who gets no weekly mail

	changes  map[string][]*moved // of the factors of each unit
	dropped  map[string]*moved   // statements of the whole
	reckoned int                 // of reports that were held against the answers
	verdicts map[string]int      // how many groups are shown, and withheld for each reason; how many statements of shown ones are withheld
	studies
	growth

	fresh, altered, crossed, left int // people, with the roster of June

	leaders, coaches, initiative, cards, course string            // paths
	teamOf                                      map[string]string // of each board, by region

	steering
	started map[string]string // days on which the initiative began, by region
	proof   proof
}

// unitOfYear is a unit of the organisation; the first is the whole.
type unitOfYear struct {
	name, under, place string
	size               int // at the beginning, without its head
}

// worker is one of the people, with where they worked from when on; "" is nowhere any more.
type worker struct {
	key, name, level, boss string
	fte                    float64
	stays                  []stay
}

type stay struct{ from, unit string }

// in is the unit of somebody on a day.
func (w *worker) in(day string) (unit string) {
	for _, s := range w.stays {
		if s.from <= day {
			unit = s.unit
		}
	}
	return unit
}

// shift is when somebody works.
func (w *worker) shift() string {
	if strings.ContainsAny(w.key[len(w.key)-1:], "37") {
		return "late"
	}
	return "early"
}

func (w *worker) mail() string { return w.key + "@house.example" }

func begunYear(t *testing.T, address string) *year {
	t.Helper()
	y := &year{t: t, r: rand.New(rand.NewPCG(yearSeed, 1)), past: rand.New(rand.NewPCG(yearSeed, 15)), also: rand.New(rand.NewPCG(yearSeed, 12)), clock: &moment{}, clients: map[string]*client{}, teamOf: map[string]string{}, started: map[string]string{}, members: map[string][]*worker{}, opened: map[string]bool{}, quiet: map[string]bool{}, verdicts: map[string]int{}}
	y.on(date(1, 6))
	y.site = newSiteAt(t, address, y.clock.now)
	y.server = y.posts(t)
	y.units = []unitOfYear{
		{"House", "", "Leeds", 0},
		{"Rivers", "House", "Leeds", 0}, {"Dale", "Rivers", "Leeds", 14}, {"Ford", "Rivers", "Leeds", 12}, {"Mill", "Rivers", "Selby", 9},
		{"Hills", "House", "Bath", 0}, {"Peak", "Hills", "Bath", 15}, {"Ridge", "Hills", "Wells", 4},
		{"Coast", "House", "Hull", 0}, {"Bay", "Coast", "Hull", 13}, {"Cliff", "Coast", "Hull", 11}, {"Dune", "Coast", "York", 7},
		{"School", "House", "Leeds", 3},
	}
	y.read()
	add := func(level, boss, unit string) *worker {
		w := &worker{key: fmt.Sprint("p", len(y.people)+1), level: level, boss: boss, fte: 1, stays: []stay{{date(1, 6), unit}}}
		if len(y.people)%5 == 4 {
			w.fte = .8
		}
		w.name = fmt.Sprintf("Worker %03d", len(y.people)+1)
		y.people = append(y.people, w)
		return w
	}
	chief := add("executive", "", "House")
	add("executive", chief.key, "House")
	for range 3 { // who leads learning, the programme and the diagnosis
		add("senior manager", chief.key, "House")
	}
	head := chief
	for _, u := range y.units[1:] {
		switch {
		case u.under == "House" && u.size == 0:
			head = add("manager", chief.key, u.name)
		default:
			boss := head
			if u.name == "School" {
				boss = y.people[2]
			}
			first := add("team leader", boss.key, u.name)
			for range u.size - 1 {
				add("employee", first.key, u.name)
			}
		}
	}
	return y
}

// date is a day of the simulated year.
func date(month, day int) string { return fmt.Sprintf("%d-%02d-%02d", simulated, month, day) }

// on moves the clock to the morning of a day.
func (y *year) on(day string) {
	y.t.Helper()
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		y.t.Fatal(err)
	}
	y.clock.at.Store(d.Add(9 * time.Hour).UnixMicro())
}

func (y *year) today() string { return time.UnixMicro(y.clock.at.Load()).UTC().Format(time.DateOnly) }

// as is the browser of one of the people, with grants the first time.
func (y *year) as(key string, grants ...org.Grant) *client {
	y.t.Helper()
	if c := y.clients[key]; c != nil {
		return c
	}
	w := y.who(key)
	accounts, err := y.Org.Accounts(y.t.Context(), y.organisation)
	if err != nil {
		y.t.Fatal(err)
	}
	id := ""
	for _, a := range accounts {
		if a.Mail == w.mail() {
			id = a.ID
		}
	}
	if id == "" {
		id, err = y.Org.CreateAccount(y.t.Context(), y.organisation, org.Account{Mail: w.mail(), Name: w.name, Person: key, Grants: append(grants, whole(org.Employee))}, "First")
		if err != nil {
			y.t.Fatal(err)
		}
	}
	y.clients[key] = y.signIn(y.t, id)
	return y.clients[key]
}

func (y *year) who(key string) *worker {
	for _, w := range y.people {
		if w.key == key {
			return w
		}
	}
	y.t.Fatalf("there is no %s", key)
	return nil
}

// at are those who work somewhere on a day; with all is under the unit, too.
func (y *year) at(day, unit string) (all []*worker) {
	for _, w := range y.people {
		if in := w.in(day); in != "" && y.under(in, unit) {
			all = append(all, w)
		}
	}
	return all
}

// under says whether a unit is the other one or stands under it.
func (y *year) under(unit, top string) bool {
	for unit != "" && unit != top {
		unit = y.unit(unit).under
	}
	return unit == top
}

func (y *year) unit(name string) unitOfYear {
	for _, u := range y.units {
		if u.name == name {
			return u
		}
	}
	y.t.Fatalf("there is no unit %s", name)
	return unitOfYear{}
}

// teams are the units that have no other under them.
func (y *year) teams() (all []unitOfYear) {
	for _, u := range y.units {
		if u.size > 0 {
			all = append(all, u)
		}
	}
	return all
}

// head is who leads a region or a team.
func (y *year) head(unit string) *worker {
	for _, w := range y.people {
		if w.in(y.today()) == unit && w.level != "employee" && unit != "House" {
			return w
		}
	}
	return y.people[0]
}

const rosterMap = `people: {key: Id, name: Name, unit_path: Unit, location: Location, country: Country, level: Level, mail: Mail, manager: Boss, fte: FTE, attributes: {shift: Shift}}
teams: {team: Team, person: Id, chair: Chair, unit_path: Unit}`

// roster hands the people of today in.
func (y *year) roster() {
	y.t.Helper()
	day := y.today()
	var b strings.Builder
	b.WriteString("Id,Name,Unit,Location,Country,Level,Mail,Boss,FTE,Shift,Team,Chair\n")
	for _, w := range y.people {
		in := w.in(day)
		if in == "" {
			continue
		}
		path, team, chair := in, "", ""
		for u := y.unit(in); u.under != ""; u = y.unit(u.under) {
			path = u.under + "/" + path
		}
		switch w.level {
		case "manager":
			team, chair = in+" board", "yes"
		case "team leader":
			if in == "School" {
				break
			}
			team = y.unit(in).under + " board"
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,UK,%s,%s,%s,%g,%s,%s,%s\n", w.key, w.name, path, y.unit(in).place, w.level, w.mail(), w.boss, w.fte, w.shift(), team, chair)
	}
	y.as("p5", whole(org.DiagnosisLead), whole(org.Administrator)).bring(day, "people.csv", b.String(), "map.yaml", rosterMap)
}

// pass lets the year go by.
func (y *year) pass() {
	y.t.Helper()
	y.as("p5", whole(org.DiagnosisLead), whole(org.Administrator))
	y.roster()
	y.as("p2", whole(org.Executive))
	for _, b := range boards {
		y.as(y.head(b.region).key, of(y.unitNamed(y.t, b.region), org.Manager))
	}
	y.measures()
	y.learn()
	y.history()
	y.on(date(1, 7))
	y.waves[0] = y.diagnosed("January", 0)
	y.on(date(2, 3))
	y.chosen()
	for month := 2; month <= 12; month++ {
		y.on(date(month, 1))
		y.followUp()
		if month == 12 { // thirty days before the end
			y.decide("2026-03-01")
			y.decide("2026-03-02")
		}
		y.on(date(month, 5))
		y.observe(month - 1)
		if month == 9 {
			y.correct()
		}
		y.enter(month - 1)
		y.seen()
		if month > 2 {
			y.forGoal()
		}
		y.prove(month)
		switch y.on(date(month, 10)); month {
		case 2:
			y.begin()
			y.aim()
		case 3, 6, 9:
			y.start(boards[month/3-1].region)
		}
		for range 2 {
			y.decide("")
		}
		for _, due := range edges[month] {
			y.decide(due)
		}
		if month == 6 {
			y.on(date(6, 16))
			y.change()
		}
		y.mailed(month)
		y.keepScores()
		y.on(date(month, 18))
		y.request()
		y.steer(month)
		y.study(month)
		if y.on(date(month, 20)); month%3 == 2 {
			y.meet(y.leaders, month == 2)
		}
		switch month {
		case 4, 10:
			y.meet(y.coaches, false)
			if month == 4 { // the learning function works otherwise
				y.as("p3").follow(y.as("p3").post("/effort/changes", url.Values{"day": {date(4, 1)}, "text": {"Courses in the evening"}}))
			}
		case 7:
			y.cancel()
		}
		if month == 11 {
			y.on(date(11, 24))
			y.waves[1] = y.diagnosed("December", 1)
		} else if month < 11 {
			y.on(lastDay(month))
			y.followUp()
		}
	}
	y.on(date(12, 31))
}

// edges are days, by the month in which an action is promised for them, on either side of where it is old, late, due
// soon, or to be done by the second diagnosis.
var edges = map[int][]string{
	11: {date(11, 30), date(12, 1), date(12, 8), date(12, 30), date(12, 31), "2026-01-14", "2026-01-15"},
	12: {date(12, 31)},
}

// change is the new roster in the middle of the year: some leave, some come, some move.
func (y *year) change() {
	y.t.Helper()
	day, teams := y.today(), y.teams()
	var employees []*worker
	for _, w := range y.people {
		if w.level == "employee" && w.in(day) != "Ridge" && w.in(day) != "School" {
			employees = append(employees, w)
		}
	}
	y.r.Shuffle(len(employees), func(i, j int) { employees[i], employees[j] = employees[j], employees[i] })
	for i, w := range employees[:12] {
		to := ""
		if i >= 7 {
			for to = w.in(day); to == w.in(day) || to == "Ridge" || to == "School"; {
				to = teams[y.r.IntN(len(teams))].name
			}
			w.boss = y.head(to).key
		}
		w.stays = append(w.stays, stay{day, to})
	}
	// A team leader who is a coach leaves, and somebody comes after.
	gone, n := y.head("Dune"), len(y.people)+1
	after := &worker{key: fmt.Sprint("p", n), name: fmt.Sprintf("Worker %03d", n), level: "team leader", boss: gone.boss, fte: 1, stays: []stay{{day, "Dune"}}}
	gone.stays = append(gone.stays, stay{day, ""})
	y.people = append(y.people, after)
	for _, w := range y.people {
		if w.boss == gone.key {
			if w.boss = after.key; w.stays[len(w.stays)-1].from < day {
				y.altered++
			}
		}
	}
	y.fresh, y.crossed, y.left = 1, 5, 8
	for range 9 {
		to := "Ridge"
		for to == "Ridge" || to == "School" {
			to = teams[y.r.IntN(len(teams))].name
		}
		y.fresh++
		n := len(y.people) + 1
		y.people = append(y.people, &worker{key: fmt.Sprint("p", n), name: fmt.Sprintf("Worker %03d", n), level: "employee", boss: y.head(to).key, fte: 1, stays: []stay{{day, to}}})
	}
	y.roster()
}

// compare holds what the program shows against what is reckoned from what happened.
func (y *year) compare() {
	y.t.Helper()
	for _, w := range y.waves {
		y.compareWave(w)
	}
	y.compareChange()
	for _, w := range y.waves {
		y.compareUnitSheets(w)
		y.compareCandidates(w)
		y.compareMethod(w)
		y.compareHistograms(w)
		y.compareUnitList(w)
		y.compareManagement(w)
	}
	y.compareFigures()
	y.comparePromises()
	y.compareBoards()
	y.compareActs()
	y.compareTimeline()
	y.compareCoverage()
	y.compareSessions()
	y.compareFocus()
	y.compareOwnership()
	y.compareLedger()
	y.compareStudies()
	y.comparePlans()
	y.compareSpread()
	y.compareReports()
	y.compareMembers()
	y.compareRoster()
	y.compareProfile()
	y.compareBoard()
	y.compareMails()
	y.compareSteering()
	y.compareEffects()
	y.compareRest()
	y.compareAPI()
	y.compareCensus()
}

// rows is a file of an answer without its heading.
func (y *year) rows(a answer) [][]string {
	y.t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	if err != nil || a.status != http.StatusOK || len(all) == 0 {
		y.t.Fatalf("%s: %d %v %.200s", a.at, a.status, err, a.body)
	}
	return all[1:]
}

// close reports a figure that is another than that which is shown, to the last digit that is shown.
func (y *year) close(what, shown string, want float64) {
	y.t.Helper()
	if shown == "" && math.IsNaN(want) { // a share of nothing
		return
	}
	clean := strings.TrimSuffix(strings.ReplaceAll(strings.TrimSpace(shown), ",", ""), " %")
	got, err := strconv.ParseFloat(strings.Replace(clean, "−", "-", 1), 64)
	if err != nil {
		y.t.Errorf("%s: %q is shown, want %g", what, shown, want)
		return
	}
	digits := 0
	if _, after, cut := strings.Cut(clean, "."); cut {
		digits = len(after)
	}
	if !(math.Abs(got-want) <= .5*math.Pow10(-digits)+1e-9) { // nor is it right where none is wanted
		y.t.Errorf("%s: %s is shown, want %g", what, shown, want)
	}
}

// number is a figure as it is shown.
func number(shown string) float64 {
	v, err := strconv.ParseFloat(shown, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// same reports what is shown otherwise than it should be.
func (y *year) same(what string, shown, want any) {
	y.t.Helper()
	if fmt.Sprint(shown) != fmt.Sprint(want) {
		y.t.Errorf("%s: %v is shown, want %v", what, shown, want)
	}
}
