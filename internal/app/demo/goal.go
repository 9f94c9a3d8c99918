package demo

import (
	"context"
	"fmt"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy"
	"throughline/internal/strategy/strategydb"
	"throughline/internal/transition/transitiondb"
)

// aim is a goal of the retailer.
type aim struct {
	unit      string // key
	name      string
	because   string
	how       strategy.How
	serves    string // name of the goal above
	leads     string // name of the goal to which it is thought to lead
	leadsBy   string
	view      strategy.Perspective
	indicator string // key
	target    float64
	next      bool // by the end of next year
	learns    []string
	owner     org.Role
}

const (
	comeBack     = "Customers come back to us"
	earnMore     = "Every hour we work earns more"
	fast         = "Nobody waits longer than they like"
	signedRemark = "Goods lost includes the flood in the depot."
	thanks       = "The stores chose what to do with a free Monday; the board paid."
	saturdays    = "On Saturdays it works; on weekdays we are often three."
	patient      = "Customers in Poland wait no longer than four minutes"
	stay         = "People stay because they are heard"
)

// corporate are the goals of the whole: one from each perspective, each thought to lead to the one
// above.
var corporate = []aim{
	{unit: Root, name: earnMore, view: strategy.Financial, indicator: "productivity", target: 175, next: true, owner: org.Executive},
	{unit: Root, name: comeBack, view: strategy.Customer, indicator: "customer-satisfaction", target: 82, next: true, leads: earnMore, leadsBy: "Who comes back buys more and asks less.", owner: org.Executive},
	{unit: Root, name: fast, view: strategy.Process, indicator: "served-in-time", target: 80, next: true, leads: comeBack, leadsBy: "Waiting is what low ratings speak of most.", owner: org.Executive},
	{unit: Root, name: stay, view: strategy.Growth, indicator: "turnover", target: 20, next: true, leads: fast, leadsBy: "A store that keeps its people knows who does what.", owner: org.HeadOfLearning},
}

// goals cascade from the whole over the countries and the stores of one to an employee.
func (l *loading) goals(ctx context.Context) error {
	s := goalSetting{loading: l, store: strategydb.Store{DB: l.Strategy.DB, Org: l.orgAt(l.now), Diagnosis: l.at(l.now), Now: func() time.Time { return l.now }}, set: map[string]string{}}
	if err := s.read(ctx); err != nil {
		return err
	}
	all := corporate
	for _, c := range countries() {
		name := "Customers of " + c.Name + " come back"
		all = append(all,
			aim{unit: c.Code, name: name, view: strategy.Customer, indicator: "customer-satisfaction", target: 80.5, how: strategy.Identical, serves: comeBack, because: c.Name + " answers for its own customers, and for its share of all of them."},
			aim{unit: c.Code, name: "Two in three stay longer than a year", view: strategy.Growth, indicator: "turnover", target: 21, how: strategy.Supports, serves: stay, because: "Most who leave do so in their first year."})
	}
	all = append(all, aim{unit: lowest, name: patient, view: strategy.Process, indicator: "served-in-time", target: 76, how: strategy.Identical, serves: fast, because: "Poland has the longest queues of the nine countries."})
	for _, shop := range l.stores() {
		if shop.Country == lowest {
			all = append(all, aim{unit: shop.Key, name: "Three in four customers are served within four minutes", view: strategy.Process, indicator: "served-in-time", target: 75, how: strategy.Identical, serves: patient, because: "Two of five low ratings here speak of waiting, or of nobody to ask."})
		}
	}
	if err := s.setAll(ctx, all); err != nil {
		return err
	}
	if err := s.helped(ctx); err != nil {
		return err
	}
	if err := s.answered(ctx); err != nil {
		return err
	}
	if err := s.setOfExecutives(ctx); err != nil {
		return err
	}
	return s.setOwn(ctx)
}

// helped ties the retailer's first initiative to the goal that customers come back, and what
// management teams have decided to those of their countries.
func (s *goalSetting) helped(ctx context.Context) error {
	efforts := effortdb.Store{DB: s.Org.DB, Now: func() time.Time { return s.now }}
	all, err := efforts.Initiatives(ctx, s.organisation)
	if err != nil || len(all) == 0 {
		return err
	}
	err = efforts.SaveInitiative(ctx, s.organisation, all[0].ID, all[0].Owner.Name, s.o.staff()[org.ProgrammeManager].Name, func(i *effort.Initiative) {
		i.Serves = append(i.Serves, effort.Target{Kind: effort.ForGoal, ID: s.set[Root+comeBack]})
	})
	if err != nil {
		return err
	}
	actions, err := s.Transition.Actions(ctx, s.organisation, transitiondb.ActionQuery{Open: true})
	if err != nil {
		return err
	}
	keys, names := map[string]string{}, map[string]string{}
	for key, id := range s.units {
		keys[id] = key
	}
	for _, c := range countries() {
		names[c.Code] = "Customers of " + c.Name + " come back"
	}
	for _, a := range actions {
		u := s.o.byKey[keys[a.Body.Unit.ID]]
		if u == nil || s.above(aim{unit: u.Key}, names[u.Country]) == "" {
			continue
		}
		a.Goal = s.above(aim{unit: u.Key}, names[u.Country])
		if err := s.Transition.ChangeAction(ctx, s.organisation, a, a.Owner.Name); err != nil {
			return err
		}
	}
	return nil
}

// answered signs results off, recognises one, and says where the head of learning sits.
func (s *goalSetting) answered(ctx context.Context) error {
	staff := s.o.staff()
	quarter := period.Of(period.DayOf(s.now), period.Quarterly)
	for n := range 3 {
		p := quarter.Add(n - 3)
		if _, err := s.then(p.Last().Add(12).Time()).SignOff(ctx, s.organisation, s.units[lowest], p, signedRemark, staff[org.Manager].Name); err != nil {
			return err
		}
	}
	recognised := s.set[highest+"Two in three stay longer than a year"]
	if err := s.store.Recognise(ctx, s.organisation, recognised, thanks, org.By{Name: staff[org.Executive].Name, Person: staff[org.Executive].Key}); err != nil {
		return err
	}
	all, err := s.store.Recognitions(ctx, s.organisation, strategydb.RecognitionQuery{Goal: recognised})
	if err != nil {
		return err
	}
	if err := s.store.ShowRecognition(ctx, s.organisation, recognised, all[0].ID, strategy.ToAnyone); err != nil {
		return err
	}
	seat := strategy.Seat{Since: period.DayOf(s.day(firstRoster)), Seated: true, By: staff[org.Executive].Name}
	return s.store.SaySeat(ctx, s.organisation, seat)
}

// goalSetting is goals being set.
type goalSetting struct {
	*loading
	store      strategydb.Store
	set        map[string]string // id by unit key and name
	units      map[string]string // id by key
	indicators map[string]string // id by key
}

func (s *goalSetting) read(ctx context.Context) error {
	units, err := s.store.Units(ctx, s.organisation)
	if err != nil {
		return err
	}
	s.units, s.indicators = map[string]string{}, map[string]string{}
	for _, u := range units.Units {
		s.units[u.Key] = u.ID
	}
	all, err := s.store.Indicators(ctx, s.organisation)
	for _, i := range all {
		s.indicators[i.Key] = i.ID
	}
	return err
}

func (s *goalSetting) setAll(ctx context.Context, all []aim) error {
	for _, a := range all {
		if s.units[a.unit] == "" {
			continue
		}
		g := s.goal(a)
		g.Unit.ID = s.units[a.unit]
		id, err := s.store.SaveGoal(ctx, s.organisation, strategydb.GoalMade{Goal: g, OwnerTyped: s.answers(ctx, a), By: s.o.staff()[org.Executive].Name})
		if err != nil {
			return fmt.Errorf("%s of %s: %w", a.name, a.unit, err)
		}
		s.set[a.unit+a.name] = id
	}
	return nil
}

// answers is the key of who answers for a goal: whoever has its role, or the senior of its unit.
func (s *goalSetting) answers(ctx context.Context, a aim) string {
	if a.owner != "" {
		return s.o.staff()[a.owner].Key
	}
	for _, level := range []org.Level{org.LevelExecutive, org.LevelSeniorManager, org.LevelManager} {
		for _, p := range s.o.People(Waves) {
			if p.Level == level && (p.Unit == a.unit || p.Unit == a.unit+"-HQ") {
				return p.Key
			}
		}
	}
	return ""
}

func (s *goalSetting) goal(a aim) strategy.Goal {
	year := period.Of(period.DayOf(s.now), period.Yearly)
	g := strategy.Goal{Name: a.name, Perspective: a.view, Begins: year.First(), Ends: year.Last(), Indicator: s.indicators[a.indicator]}
	if a.next {
		g.Ends = year.Add(1).Last()
	}
	if a.target != 0 {
		g.Aim = &a.target
	}
	for _, what := range a.learns {
		g.Objectives = append(g.Objectives, strategy.Objective{What: what})
	}
	for _, l := range []strategy.Link{{Goal: s.above(a, a.serves), How: a.how, Because: a.because}, {Goal: s.above(a, a.leads), How: strategy.LeadsTo, Because: a.leadsBy}} {
		if l.Goal != "" {
			g.Links = append(g.Links, l)
		}
	}
	return g
}

// above is the id of a goal, by its name, of the unit itself or of one above it.
func (s *goalSetting) above(a aim, name string) string {
	for u := s.o.byKey[a.unit]; u != nil && name != ""; u = s.o.byKey[u.Parent] {
		if id := s.set[u.Key+name]; id != "" {
			return id
		}
	}
	return ""
}

// then is the store with its clock set, or at now where that comes first.
func (s *goalSetting) then(t time.Time) strategydb.Store {
	if t.After(s.now) {
		t = s.now
	}
	store := s.store
	store.Org, store.Now = s.orgAt(t), func() time.Time { return t }
	return store
}

// setOwn gives those who work with the demo's employee goals of their own: agreed ones, one that
// waits for a yes, and check-ins.
func (s *goalSetting) setOwn(ctx context.Context) error {
	employee := s.o.staff()[org.Employee]
	boss, err := s.Org.PersonByKey(ctx, s.organisation, employee.Key, period.DayOf(s.now))
	if err != nil {
		return err
	}
	people, err := s.store.Reports(ctx, s.organisation, boss.Manager.Key)
	if err != nil {
		return err
	}
	for n, p := range people {
		a := aim{unit: p.Person.Unit.Key, name: "I open a second till before the third customer waits", view: strategy.Process, indicator: "served-in-time", target: 75, how: strategy.Supports, serves: "Three in four customers are served within four minutes", because: "The busiest hours are yours; what holds customers up, you see first."}
		if p.Person.Key == employee.Key || n%3 == 1 {
			a.learns = []string{"Hear a complaint out without defending", "Run a till alone"}
		}
		if err := s.setFor(ctx, a, p.Person, boss.Manager.Name, p.Person.Key != employee.Key && n%4 == 3); err != nil {
			return err
		}
		if p.Person.Key != employee.Key {
			continue
		}
		a = aim{unit: p.Person.Unit.Key, name: talkGoal, view: strategy.Customer, indicator: adviceTalks.Key, target: 38, how: strategy.Supports, serves: comeBack, because: talkWhy}
		if err := s.setFor(ctx, a, p.Person, boss.Manager.Name, false); err != nil {
			return err
		}
	}
	return nil
}

// setOfExecutives gives two of three executives a goal of their own with a learning objective in it.
func (s *goalSetting) setOfExecutives(ctx context.Context) error {
	people, err := s.Org.People(ctx, s.organisation, orgdb.PeopleQuery{Day: period.DayOf(s.now), Level: org.LevelExecutive, Limit: 100})
	if err != nil {
		return err
	}
	for n, p := range people {
		if n%3 == 1 {
			continue
		}
		a := aim{unit: p.Unit.Key, name: "I lead a dialogue session myself every quarter", view: strategy.Growth, how: strategy.Supports, serves: comeBack, because: "People do what they see those at the top do.",
			learns: []string{"Listen for half an hour before answering"}}
		g := s.goal(a)
		g.Person.ID = p.ID
		id, err := s.store.SaveGoal(ctx, s.organisation, strategydb.GoalMade{Goal: g, Side: org.ThePerson, By: p.Title()})
		if err == nil && n > 0 { // one waits for a yes
			err = s.store.Agree(ctx, s.organisation, id, org.TheManager, s.o.staff()[org.Executive].Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setFor sets somebody's goal with the manager; one that waits has no yes of the person's yet.
func (s *goalSetting) setFor(ctx context.Context, a aim, person org.Person, manager string, waits bool) error {
	g := s.goal(a)
	g.Person.ID = person.ID
	id, err := s.store.SaveGoal(ctx, s.organisation, strategydb.GoalMade{Goal: g, Side: org.TheManager, By: manager})
	if err != nil || waits {
		return err
	}
	if err := s.store.Agree(ctx, s.organisation, id, org.ThePerson, person.Title()); err != nil {
		return err
	}
	return s.checkIn(ctx, id, person.Title())
}

// checkIn says some weeks ago how a goal goes, and that its last objective is learned.
func (s *goalSetting) checkIn(ctx context.Context, goal, by string) error {
	store := s.then(s.day(-20))
	if err := store.CheckIn(ctx, s.organisation, goal, strategy.CheckIn{Pace: strategy.OnTrack, What: saturdays}, by); err != nil {
		return err
	}
	v, err := store.Goal(ctx, s.organisation, goal, nil)
	if err != nil || len(v.Objectives) == 0 {
		return err
	}
	return store.Learn(ctx, s.organisation, goal, v.Objectives[len(v.Objectives)-1].ID, true, by)
}
