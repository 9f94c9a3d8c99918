package demo

import (
	"context"
	_ "embed"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/effort/effortweb"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/kit/yaml"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
)

//go:embed effort.yaml
var effortFile []byte

// lesson is something by which people of the retailer learn.
type lesson struct {
	What     string  `yaml:"what"`
	Modality string  `yaml:"modality"`
	First    float64 `yaml:"first"` // how likely, two years ago
	Last     float64 `yaml:"last"`  // and now
	Hours    float64 `yaml:"hours"`
	Inside   float64 `yaml:"inside"`  // euros an hour
	Outside  float64 `yaml:"outside"` // where it is bought
	Bought   float64 `yaml:"bought"`
	Supplier string  `yaml:"supplier"`
	Goal     string  `yaml:"goal"`
	Leads    bool    `yaml:"leads"` // for those who lead others
}

// goalOf are the goals of the whole that lessons serve.
var goalOf = map[string]string{"customers": comeBack, "fast": fast, "stay": stay, "earn": earnMore}

const (
	effortMonths = 24
	soShort      = 7  // the month in which short courses become self-paced
	bookedThere  = 17 // from which on store managers book places themselves wherever they do
	oneContract  = 18 // in which one contract takes the place of nine
	reached      = .07
	zloty        = 4.3 // for a euro

	selfPaced      = "Courses of less than two hours are self-paced"
	bookThemselves = "Store managers book places themselves"
	languages      = "One contract for all language courses"
	rounds         = "Practice in the morning round"
	follow         = "A day about who can follow whom"
	module         = "A module at a school of business"
)

// booked is the month in which store managers of a country begin to book places themselves; elsewhere they do
// not yet.
var booked = map[string]int{"NL": 9, "BE": 9, "DE": 13, "FR": 13, "GB": 13, "PL": bookedThere, "ES": bookedThere}

// effortSeason is how much is learned in a month: little when the stores are full.
var effortSeason = [12]float64{1.25, 1.25, 1.15, 1, 1, .95, .6, .65, 1.35, 1.25, .85, .5}

// spends is the ledger being filled in.
type spends struct {
	*loading
	store   effortdb.Store
	lessons []lesson
	first   period.Period
	country map[string]countryWay
	help    string // name of an initiative
}

// countryWay is how a country learns: how much, and how much of it by doing.
type countryWay struct{ much, doing float64 }

// efforts fills the ledger with two years of what people learned, and of what the personnel department
// did beside it, as two files and a form bring it.
func (l *loading) efforts(ctx context.Context) error {
	s := spends{loading: l, store: effortdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }, Catalogue: learningdb.Store{DB: l.Org.DB, Now: func() time.Time { return l.now }}}, country: map[string]countryWay{}}
	if err := yaml.Decode(effortFile, &s.lessons); err != nil {
		return err
	}
	s.first = l.began()
	for _, u := range l.o.Units() {
		rng := l.o.rand("way of learning", u.Country)
		s.country[u.Country] = countryWay{.8 + .4*rng.Float64(), .6 + .8*rng.Float64()}
	}
	initiatives, err := s.store.Initiatives(ctx, l.organisation)
	if err != nil {
		return err
	}
	for _, i := range initiatives {
		if i.Ended == "" {
			s.help = i.Name
		}
	}
	by := l.o.staff()[org.HeadOfLearning].Name
	if err := s.settle(ctx, by); err != nil {
		return err
	}
	for _, f := range []effortdb.Feed{{Source: "learning-hours.csv", Rows: s.learned()}, {Source: "personnel-hours.csv", Rows: s.worked()}} {
		f.By = by
		if _, err := s.store.Import(ctx, l.organisation, f); err != nil {
			return err
		}
	}
	if err := s.enter(ctx, by); err != nil {
		return err
	}
	return s.measure(ctx, by)
}

// measure makes indicators of what the ledger says of learning, with plans of the year for the whole: so much more
// or less than the year before.
func (s spends) measure(ctx context.Context, by string) error {
	store := strategydb.Store{DB: s.Strategy.DB, Org: s.orgAt(s.now), Now: func() time.Time { return s.now }}
	b, err := s.store.Basis(ctx, s.organisation)
	if err != nil {
		return err
	}
	if err := store.Define(ctx, s.organisation, effortweb.Indicators(ctx, b.Rates.Own), by); err != nil {
		return err
	}
	var origins []string
	for _, m := range effort.Measures {
		origins = append(origins, m.Origin())
	}
	whole := b.Units.Units[0]
	if err := s.plan(ctx, by); err != nil {
		return err
	}
	was, err := s.store.Values(ctx, s.organisation, origins, []string{whole.ID})
	if err != nil {
		return err
	}
	_, err = store.Import(ctx, s.organisation, strategydb.Feed{Source: "learning-plan.xlsx", By: by, Rows: func(yield func(strategy.Row, error) bool) {
		line := 1
		for _, m := range effort.Measures {
			more, planned := learningPlan[m.Key]
			for _, mark := range was[whole.ID][m.Origin()].Actual {
				month := period.At(period.Monthly, mark.Number).Add(12)
				if !planned || month.Year() != s.now.Year() {
					continue
				}
				line++
				v := web.Rounded(mark.Value()*(1+more), m.Decimals+1)
				if !yield(strategy.Row{Line: line, Indicator: m.Key, Unit: whole.Key, Period: string(month), Plan: &v}, nil) {
					return
				}
			}
		}
	}})
	return err
}

// plan says what the initiative that goes on is meant to come to in this year.
func (s spends) plan(ctx context.Context, by string) error {
	all, err := s.store.Initiatives(ctx, s.organisation)
	for _, i := range all {
		if err == nil && i.Name == s.help {
			err = s.store.SaveBudget(ctx, s.organisation, effort.Budget{Initiative: i.ID, Year: s.now.Year(), People: 400, Minutes: 2400 * 60, Cost: 60_000_00, Currency: "EUR"}, by)
		}
	}
	return err
}

// learningPlan is how much more than the year before is planned of a measure.
var learningPlan = map[string]float64{
	"direct-learning-expenditure": -.02, "hours-of-learning-used": .08, "hours-per-person": .08, "people-reached": .05, "cost-per-hour-used": -.08, "outsourced-share": -.05, "non-learning-share": .15, "timely-access": -.1,
}

// settle says who the learning function is, what a zloty is worth, and how the function has changed.
func (s spends) settle(ctx context.Context, by string) error {
	units := map[string]string{}
	b, err := s.store.Basis(ctx, s.organisation)
	if err != nil {
		return err
	}
	for _, u := range b.Units.Units {
		units[u.Key] = u.ID
	}
	chosen := effort.Usual
	chosen.Function = []string{units[personnel]}
	if err := s.store.SaveSetting(ctx, s.organisation, chosen, by); err != nil {
		return err
	}
	for n, rate := range []float64{.228, .235} {
		if err := s.store.SaveRate(ctx, s.organisation, effort.Rate{Currency: "PLN", Month: s.first.Add(12 * n), Rate: rate}, by); err != nil {
			return err
		}
	}
	for _, c := range []effort.Change{
		{Day: s.first.Add(soShort).First(), Text: selfPaced, Expected: "an hour of learning costs less"},
		{Day: s.first.Add(oneContract).First().Add(14), Text: languages, Expected: "invoices of suppliers fall"},
		s.bookedIn(units, 9), s.bookedIn(units, 13), s.bookedIn(units, bookedThere),
	} {
		if c.Text == bookThemselves && len(c.Units) == 0 {
			continue // a retailer without stores there
		}
		if _, err := s.store.SaveChange(ctx, s.organisation, c, by); err != nil {
			return err
		}
	}
	return nil
}

// bookedIn is the change in the countries in which store managers begin in a month to book places themselves.
func (s spends) bookedIn(units map[string]string, month int) effort.Change {
	c := effort.Change{Day: s.first.Add(month).First(), Text: bookThemselves, Expected: "less administration, more spending managed locally"}
	for country, begins := range booked {
		if begins == month && units[country] != "" {
			c.Units = append(c.Units, units[country])
		}
	}
	return c
}

// stretch is a month of the two years, and how far it is, from 0 to 1.
type stretch struct {
	n     int
	month period.Period
	far   float64
}

func (s spends) months() (all []stretch) {
	for n := range effortMonths {
		all = append(all, stretch{n, s.first.Add(n), float64(n) / (effortMonths - 1)})
	}
	return all
}

// learned are the rows of what people learned: each of somebody, and, for practice, some of a unit.
func (s spends) learned() iter.Seq2[effort.Row, error] {
	return func(yield func(effort.Row, error) bool) {
		line := 1
		for _, at := range s.months() {
			rng := s.o.rand("learned", string(at.month))
			count := map[string]int{}
			for _, p := range s.there(at.month) {
				u := s.o.byKey[p.Unit]
				count[p.Unit]++
				if rng.Float64() > reached*effortSeason[at.month.Number()%12]*s.country[u.Country].much {
					continue
				}
				line++
				if !yield(s.lesson(rng, at, p, line), nil) {
					return
				}
			}
			for n, u := range s.o.units {
				if (at.n+n)%3 != 0 || u.Workplace == Office || count[u.Key] < 3 {
					continue
				}
				hours := math.Round(float64(count[u.Key])*(.1+.25*at.far)*s.country[u.Country].doing*2) / 2
				line++
				row := effort.Row{Line: line, Day: dayIn(rng, at.month), What: rounds, Modality: string(effort.PracticeAtWork), Unit: u.Key, Hours: &hours, Reference: fmt.Sprintf("rounds-%s-%d", at.month, line)}
				row.Serves[0] = comeBack
				if hours > 0 && !yield(row, nil) {
					return
				}
			}
		}
	}
}

func dayIn(rng *rand.Rand, month period.Period) period.Day { return month.First().Add(rng.IntN(28)) }

// lesson is what somebody learned by in a month.
func (s spends) lesson(rng *rand.Rand, at stretch, p Person, line int) effort.Row {
	u := s.o.byKey[p.Unit]
	one := s.chosen(rng, at.far, p, s.country[u.Country].doing)
	hours := max(.5, math.Round(one.Hours*(.7+.6*rng.Float64())*2)/2)
	row := effort.Row{Line: line, Day: dayIn(rng, at.month), What: one.What, Modality: one.Modality, Person: p.Key, Hours: &hours, Reference: fmt.Sprintf("lms-%s-%d", at.month, line)}
	inside, outside := one.Inside, 0.0
	if rng.Float64() < one.Bought {
		outside, row.External, row.Supplier = one.Outside, "yes", one.Supplier
	}
	if at.n >= soShort && one.Modality == string(effort.Classroom) && one.Hours < 2 {
		row.Modality, inside = string(effort.SelfPaced), 3
	}
	local := .25
	if month, there := booked[u.Country]; there && at.n >= month {
		local, inside = .6, inside*.75
	}
	if at.n >= oneContract && one.Supplier == "Nine language schools" {
		outside, row.Supplier = outside*.6, "Lingua Nova"
	}
	switch chance := rng.Float64(); {
	case chance < .08: // nobody has said it
	case chance < .08+local:
		row.Managed = string(effort.Locally)
	default:
		row.Managed = string(effort.Centrally)
	}
	s.pay(&row, u.Country, hours*inside, hours*outside)
	if u.Workplace == Office && rng.Float64() < .02 {
		s.tuition(&row, rng)
	}
	row.Serves[0] = goalOf[one.Goal]
	if s.help != "" && one.Leads && rng.Float64() < .5 {
		row.Serves[1] = s.help
	}
	return row
}

// chosen is one of the lessons, by how likely it is by then; who leads others learns that too.
func (s spends) chosen(rng *rand.Rand, far float64, p Person, doing float64) lesson {
	weight := func(one lesson) float64 {
		w := one.First + (one.Last-one.First)*far
		if effort.Modality(one.Modality).Trait().Form == effort.WorkBased {
			w *= doing
		}
		switch leads := p.Level != org.LevelEmployee; {
		case one.Leads && !leads:
			return 0
		case one.Leads:
			return w * 3
		}
		return w
	}
	sum := 0.0
	for _, one := range s.lessons {
		sum += weight(one)
	}
	left := rng.Float64() * sum
	for _, one := range s.lessons {
		if left -= weight(one); left <= 0 {
			return one
		}
	}
	return s.lessons[0]
}

// pay adds costs given in euros, in Poland in zloty.
func (s spends) pay(row *effort.Row, country string, inside, outside float64) {
	if country == "PL" {
		inside, outside, row.Currency = inside*zloty, outside*zloty, "PLN"
	}
	for to, amount := range map[**float64]float64{&row.Internal: inside, &row.Supplied: outside} {
		if amount = math.Round(amount*100) / 100; amount > 0 {
			*to = &amount
		}
	}
}

// tuition makes a row one of somebody at a school.
func (s spends) tuition(row *effort.Row, rng *rand.Rand) {
	hours, fee := 40.0, 400+float64(rng.IntN(14))*100
	row.What, row.Modality, row.External, row.Supplier = module, string(effort.Blended), "yes", "Hogeschool"
	row.Hours, row.Internal, row.Supplied, row.Tuition = &hours, nil, nil, &fee
}

// deeds of the personnel department that are no learning, by what they are.
var personnelDeeds = []struct {
	kind effort.Kind
	what string
	cost float64 // supplier's, now and then
}{
	{effort.OrganisationalChange, "Fewer levels in the regions", 0},
	{effort.ProcessAnalysis, "The way of a new colleague, step by step", 0},
	{effort.TalentManagement, "Who can follow whom", 0},
	{effort.JobTools, "Cards and screens at the till", 3500},
	{effort.Coaching, "Managers learn to give feedback", 900},
	{effort.KnowledgeManagement, "One place for what stores know", 1200},
	{effort.PerformanceManagement, "Goals that one can tell", 0},
	{effort.Incentives, "A bonus that stores understand", 0},
	{effort.Motivation, "Thanks in front of others", 150},
}

// worked are the rows of the personnel department: on learning, and on what is none, of which the share
// grows from about 22 to about 36 per cent.
func (s spends) worked() iter.Seq2[effort.Row, error] {
	return func(yield func(effort.Row, error) bool) {
		line := 1
		for _, at := range s.months() {
			rng := s.o.rand("worked", string(at.month))
			for _, p := range s.there(at.month) {
				if p.Unit != personnel {
					continue
				}
				all := 60 + 40*rng.Float64()
				other := .22 + .14*at.far + .04*rng.NormFloat64()
				if at.n >= bookedThere {
					all *= .92
				}
				for _, part := range s.month(rng, at, p, all, min(max(other, .05), .8)) {
					line++
					if part.Line = line; !yield(part, nil) {
						return
					}
				}
			}
		}
	}
}

// month is what somebody of the personnel department did in one.
func (s spends) month(rng *rand.Rand, at stretch, p Person, all, other float64) []effort.Row {
	hours := func(v float64) *float64 { v = max(.5, math.Round(v*2)/2); return &v }
	what := pick(rng, []string{"Preparing courses", "Leading courses", "Places, rooms and lists"})
	learning := effort.Row{Day: at.month.First().Add(27), What: what, Person: p.Key, Side: string(effort.Staff), Hours: hours(all * (1 - other)), Managed: string(effort.Centrally), Reference: fmt.Sprintf("hr-%s-%s-l", at.month, p.Key)}
	deed := pick(rng, personnelDeeds)
	rest := effort.Row{Day: learning.Day, What: deed.what, Kind: string(deed.kind), Person: p.Key, Side: string(effort.Staff), Hours: hours(all * other), Managed: string(effort.Centrally), Reference: fmt.Sprintf("hr-%s-%s-o", at.month, p.Key)}
	for _, row := range []*effort.Row{&learning, &rest} {
		salary := *row.Hours * 28
		row.Internal = &salary
	}
	if deed.cost > 0 && rng.Float64() < .25 {
		cost := deed.cost
		rest.Supplied, rest.External = &cost, "yes"
	}
	if deed.kind == effort.Coaching {
		rest.Serves[0] = stay
	}
	return []effort.Row{learning, rest}
}

// enter types what no file has.
func (s spends) enter(ctx context.Context, by string) error {
	b, err := s.store.Book(ctx, s.organisation, effortdb.Feed{})
	if err != nil {
		return err
	}
	n, err := org.NewFinder(b.Units, nil).Unit(personnel)
	if err != nil {
		return err
	}
	day := period.DayOf(s.day(-40))
	return s.store.SaveEntry(ctx, s.organisation, id.New(), effort.Entry{Day: day, Kind: effort.TalentManagement, What: follow, External: true, Managed: effort.Centrally, Supplier: "Bureau Opvolging",
		Hours: []effort.Hours{{Side: effort.Staff, Unit: b.Units.Units[n].ID, Minutes: 32 * 60}}, Costs: []effort.Cost{{Kind: effort.Supplier, Amount: 240000, Currency: "EUR"}}}, by)
}
