package learningdb_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/strategy"
)

var errSeen = errors.New("another organisation's rows are seen")

// seen is errSeen unless a list is empty.
func seen[T any](list []T, err error) error {
	if err == nil && len(list) > 0 {
		return errSeen
	}
	return err
}

// seenIf is errSeen where something is there.
func seenIf(there bool, err error) error {
	if err == nil && there {
		return errSeen
	}
	return err
}

// only drops what a method returns beside an error.
func only(_ any, err error) error { return err }

// things are the ids of what an organisation has, one of each kind.
type things struct {
	goal, indicator, framework, listen, hear  string
	role, result                              string
	course, app, book, june, july             string
	came, asked, waits, finished, withdrawn   string
	rating, working, reported, priority, gent string
	eva, edo, mia, ole                        string
}

// done is a file of a learning system in which Eva was through with the course.
func done(result string) learningdb.CompletionFeed {
	column := func(name string) org.Field { return org.Field{Column: name} }
	return learningdb.CompletionFeed{By: "Ada", Map: learning.CompletionMap{Person: column("who"), Resource: column("course"), Done: column("day"), Result: column("result"), Completed: []string{"yes"}, NotCompleted: []string{"no"}},
		Sources: []org.Source{{Name: "lms.csv", Header: []string{"who", "course", "day", "result"}, Rows: func(yield func(org.Row, error) bool) {
			yield(org.Row{Line: 2, Cells: strings.Split("2,course,2026-03-01,"+result, ",")}, nil)
		}}}}
}

// filled makes one of everything, and several in whatever state a change needs.
func (w *world) filled(t testing.TB) (h things) {
	t.Helper()
	ctx, o := context.Background(), w.organisation
	var err error
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	keep := func(id string, err error) string {
		t.Helper()
		must(err)
		return id
	}
	h.eva, h.edo, h.mia, h.ole, h.gent = w.person(t, "2"), w.person(t, "3"), w.person(t, "1"), w.person(t, "5"), w.unit(t, "Gent")
	h.goal = w.aims(t, "All", "Customers come back", "")
	h.indicator = keep(w.Strategy.SaveIndicator(ctx, o, strategy.Indicator{Name: "Sales", Direction: strategy.Higher, OverUnits: strategy.SumOfUnits, OverTime: strategy.SumOfPeriods, Grain: "month", Perspective: strategy.Financial}, "", "Ada"))
	w.imports(t, catalogue("Ours", "listen|Listening", "hear|Hearing|listen"))
	h.listen, h.hear = w.find(t, "listening"), w.find(t, "hearing")
	c, err := w.Competency(ctx, o, h.listen)
	must(err)
	h.framework = c.Framework.ID
	h.role = keep(w.SaveRole(ctx, o, learning.Role{Name: "Seller", Rule: learning.HolderRule{Levels: []org.Level{org.LevelEmployee}, Attribute: "workplace", Values: []string{"store"}}}, "Ada"))
	must(w.Require(ctx, o, h.role, learning.Requirement{Competency: h.listen, Level: 3}, "Ada"))
	must(w.Produce(ctx, o, h.role, learning.Result{What: "Customers who come back", Indicator: h.indicator, Competencies: []string{h.listen}}, "Ada"))
	must(w.Hold(ctx, o, h.role, "Ole", "Ada"))
	r, err := w.Role(ctx, o, h.role)
	must(err)
	h.result = r.Results[0].ID
	h.book = w.offers(t, learning.Resource{Name: "Book", Modality: effort.SelfPaced})
	h.app = w.offers(t, learning.Resource{Name: "App", Modality: effort.SelfPaced, Approved: true})
	h.course = w.offers(t, learning.Resource{Name: "Course", Key: "course", Modality: effort.Classroom, Minutes: 60, Needs: []string{h.book}, Aims: []learning.Aim{{Kind: effort.ForCompetency, ID: h.listen, Level: 2}, {Kind: learning.AimRole, ID: h.role}, {Kind: learning.AimResult, ID: h.result}, {Kind: effort.ForGoal, ID: h.goal}}})
	h.june = keep(w.SaveOffering(ctx, o, learning.Offering{Resource: h.course, Begins: "2026-06-01"}, "Ada"))
	h.july = keep(w.SaveOffering(ctx, o, learning.Offering{Resource: h.course, Begins: "2026-07-01", Places: 5}, "Ada"))
	must(w.asks(t, "2", h.course, h.june, org.ThePerson))
	must(w.asks(t, "3", h.course, "", org.ThePerson))
	must(w.asks(t, "2", h.app, "", org.ThePerson))
	must(w.asks(t, "2", h.book, "", org.ThePerson))
	must(w.asks(t, "3", h.book, "", org.ThePerson))
	h.came, h.waits, h.asked = w.request(t, "2", h.course).ID, w.request(t, "3", h.course).ID, w.request(t, "2", h.app).ID
	h.finished, h.withdrawn = w.request(t, "2", h.book).ID, w.request(t, "3", h.book).ID
	must(only(w.ImportCompletions(ctx, o, done("yes"))))
	must(w.Rate(ctx, o, learning.Rating{Person: h.eva, Competency: h.listen, Level: 1, RatedBy: learning.BySelf, Day: "2026-05-01", By: "Eva"}))
	p, err := w.Profile(ctx, o, h.eva)
	must(err)
	h.rating = p.Ratings[0].ID
	for _, item := range []*string{&h.working, &h.reported} {
		*item = keep(w.SaveItem(ctx, o, learning.Item{Person: org.Ref{ID: h.eva}, What: "The rota", Modality: effort.StretchAssignment, Competency: h.listen, Level: 2, Goal: h.goal, Due: "2026-07-01"}, org.ThePerson, "Eva"))
		must(w.AgreeItem(ctx, o, h.eva, *item, org.TheManager, "Mia"))
		must(w.AddStep(ctx, o, h.eva, *item, learning.Step{What: "It begins"}, "Eva"))
	}
	must(w.ReportItem(ctx, o, h.eva, h.reported, "It held", 60, "Eva"))
	h.priority = keep(w.SavePriority(ctx, o, learning.Priority{Unit: org.Ref{ID: h.gent}, Year: 2026, Name: "Hear out", Goal: h.goal, Competencies: []string{h.listen}, Resources: []string{h.course}, Currency: "EUR"}, "Mia", "Ada"))
	must(w.Meet(ctx, o, learning.Review{Unit: org.Ref{ID: h.gent}, Year: 2026, Day: "2026-05-20", With: "Mia", Decisions: "Go on"}, "Ada"))
	must(w.SetRule(ctx, o, learning.CountingRule{Newest: true, Months: 7}, "Ada"))
	return h
}

// picture is all that the methods say of an organisation's things.
func (w *world) picture(t testing.TB, h things) (all []any) {
	t.Helper()
	ctx, o := context.Background(), w.organisation
	got := func(v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	got(w.Competencies(ctx, o, learningdb.CompetencyQuery{Ended: true}))
	got(w.Competency(ctx, o, h.listen))
	got(w.Frameworks(ctx, o))
	got(w.Roles(ctx, o))
	got(w.Role(ctx, o, h.role))
	got(w.Resources(ctx, o, learningdb.ResourceQuery{Ended: true}))
	for _, r := range []string{h.course, h.app, h.book} {
		got(w.Resource(ctx, o, r))
	}
	for _, offering := range []string{h.june, h.july} {
		got(w.Offering(ctx, o, offering))
	}
	for _, p := range []string{h.eva, h.edo, h.mia, h.ole} {
		got(w.RequestsOf(ctx, o, p))
		got(w.Development(ctx, o, p))
	}
	got(w.RequestsOfPeople(ctx, o, "1"))
	got(w.Reports(ctx, o, "1"))
	for _, item := range []string{h.working, h.reported} {
		got(w.Item(ctx, o, h.eva, item))
	}
	got(w.Plan(ctx, o, h.gent, 2026))
	got(w.LearningStrategy(ctx, o, 2026))
	got(w.Alignment(ctx, o, ""))
	got(w.Serving(ctx, o, h.goal))
	got(w.Rule(ctx, o))
	got(w.Attributes(ctx, o))
	got(effortdb.Store{DB: w.DB}.Entries(ctx, o, effortdb.Query{}))
	return all
}

// call is a use of a method by an organisation.
type call struct {
	name string
	by   func(o string) error
}

// named are uses that name what somebody has: for the owner each works, in this order; for everybody
// else there is no such thing.
func (w *world) named(h things) []call {
	ctx := context.Background()
	item := learning.Item{ID: h.working, Person: org.Ref{ID: h.eva}, What: "Another rota", Modality: effort.StretchAssignment, Due: "2026-08-01"}
	return []call{
		{"Alignment", func(o string) error { return only(w.Alignment(ctx, o, h.gent)) }},
		{"Competency", func(o string) error { return only(w.Competency(ctx, o, h.listen)) }},
		{"Framework", func(o string) error { return only(w.Framework(ctx, o, h.framework)) }},
		{"Role", func(o string) error { return only(w.Role(ctx, o, h.role)) }},
		{"Resource", func(o string) error { return only(w.Resource(ctx, o, h.course)) }},
		{"Offering", func(o string) error { return only(w.Offering(ctx, o, h.june)) }},
		{"Request", func(o string) error { return only(w.Request(ctx, o, h.came)) }},
		{"Profile", func(o string) error { return only(w.Profile(ctx, o, h.eva)) }},
		{"Development", func(o string) error { return only(w.Development(ctx, o, h.eva)) }},
		{"Item", func(o string) error { return only(w.Item(ctx, o, h.eva, h.working)) }},
		{"Plan", func(o string) error { return only(w.Plan(ctx, o, h.gent, 2026)) }},
		{"Priority", func(o string) error { return only(w.Priority(ctx, o, h.priority)) }},
		{"SaveCompetency", func(o string) error {
			return only(w.SaveCompetency(ctx, o, learning.Competency{ID: h.listen, Name: "Changed"}, "Eve"))
		}},
		{"SaveFramework", func(o string) error {
			return only(w.SaveFramework(ctx, o, learning.Framework{ID: h.framework, Name: "Changed", Levels: levels}, "Eve"))
		}},
		{"Rate", func(o string) error {
			return w.Rate(ctx, o, learning.Rating{Person: h.eva, Competency: h.listen, Level: 2, RatedBy: learning.ByManager, Day: "2026-05-02", By: "Eve"})
		}},
		{"Unrate", func(o string) error { return w.Unrate(ctx, o, h.eva, h.rating, org.ThePerson) }},
		{"SaveItem", func(o string) error { return only(w.SaveItem(ctx, o, item, org.ThePerson, "Eve")) }},
		{"AgreeItem", func(o string) error { return w.AgreeItem(ctx, o, h.eva, h.working, org.TheManager, "Eve") }},
		{"AddStep", func(o string) error { return w.AddStep(ctx, o, h.eva, h.working, learning.Step{What: "x"}, "Eve") }},
		{"ReportItem", func(o string) error { return w.ReportItem(ctx, o, h.eva, h.working, "x", 9, "Eve") }},
		{"ConfirmItem", func(o string) error { return w.ConfirmItem(ctx, o, h.eva, h.reported, true, 2, "Eve") }},
		{"DropItem", func(o string) error { return w.DropItem(ctx, o, h.eva, h.working, "Eve") }},
		{"SavePriority", func(o string) error {
			return only(w.SavePriority(ctx, o, learning.Priority{ID: h.priority, Name: "Changed", Goal: h.goal, Competencies: []string{h.hear}, Currency: "EUR"}, "Mia", "Eve"))
		}},
		{"Sign", func(o string) error { return w.Sign(ctx, o, h.priority, true, "Eve") }},
		{"DropPriority", func(o string) error { return w.DropPriority(ctx, o, h.priority, "Eve") }},
		{"Meet", func(o string) error {
			return w.Meet(ctx, o, learning.Review{Unit: org.Ref{ID: h.gent}, Year: 2026, Day: "2026-05-21", With: "x", Decisions: "y"}, "Eve")
		}},
		{"Ask", func(o string) error {
			return w.Ask(ctx, o, learning.Request{Person: org.Ref{ID: h.mia}, Resource: h.book, By: "Eve"}, org.ThePerson)
		}},
		{"Decide", func(o string) error { return w.Decide(ctx, o, h.asked, true, "", "Eve") }},
		{"Choose", func(o string) error { return w.Choose(ctx, o, h.waits, h.july) }},
		{"Finish", func(o string) error { return w.Finish(ctx, o, h.finished, true, 9, "", "Eve") }},
		{"Withdraw", func(o string) error { return w.Withdraw(ctx, o, h.withdrawn) }},
		{"Note", func(o string) error {
			return w.Note(ctx, o, h.june, []learningdb.CameOf{{Request: h.came, Completed: true}}, "Eve")
		}},
		{"SaveOffering", func(o string) error {
			return only(w.SaveOffering(ctx, o, learning.Offering{ID: h.july, Begins: "2026-07-02"}, "Eve"))
		}},
		{"Cancel", func(o string) error { return w.Cancel(ctx, o, h.july, "Eve") }},
		{"SaveResource", func(o string) error {
			return only(w.SaveResource(ctx, o, learning.Resource{ID: h.course, Name: "Changed", Modality: effort.Classroom}, "", "Eve"))
		}},
		{"EndResource", func(o string) error { return w.EndResource(ctx, o, h.course, true, "Eve") }},
		{"Require", func(o string) error {
			return w.Require(ctx, o, h.role, learning.Requirement{Competency: h.hear, Level: 1}, "Eve")
		}},
		{"Unrequire", func(o string) error { return w.Unrequire(ctx, o, h.role, h.listen, "Eve") }},
		{"Produce", func(o string) error {
			return w.Produce(ctx, o, h.role, learning.Result{ID: h.result, What: "x"}, "Eve")
		}},
		{"Unproduce", func(o string) error { return w.Unproduce(ctx, o, h.role, h.result, "Eve") }},
		{"Hold", func(o string) error { return w.Hold(ctx, o, h.role, "Max", "Eve") }},
		{"Unhold", func(o string) error { return w.Unhold(ctx, o, h.role, h.ole, "Eve") }},
		{"SaveRole", func(o string) error {
			return only(w.SaveRole(ctx, o, learning.Role{ID: h.role, Name: "Changed"}, "Eve"))
		}},
		{"EndRole", func(o string) error { return w.EndRole(ctx, o, h.role, true, "Eve") }},
	}
}

// listed are uses that find what somebody has: the owner sees it, nobody else does.
func (w *world) listed(h things) []call {
	ctx := context.Background()
	return []call{
		{"Competencies", func(o string) error { return seen(w.Competencies(ctx, o, learningdb.CompetencyQuery{})) }},
		{"Competencies", func(o string) error {
			return seen(w.Competencies(ctx, o, learningdb.CompetencyQuery{Framework: h.framework, Parent: h.listen, Text: "hearing"}))
		}},
		{"Find", func(o string) error {
			for _, typed := range []string{h.listen, "Listening", "listen"} {
				if _, err := w.Find(ctx, o, h.framework, typed); fault.KindOf(err) != fault.Invalid {
					return errSeen
				}
			}
			return nil
		}},
		{"Frameworks", func(o string) error { return seen(w.Frameworks(ctx, o)) }},
		{"Coming", func(o string) error {
			all, of, err := w.Coming(ctx, o)
			return seenIf(len(all)+len(of) > 0, err)
		}},
		{"ItemsFor", func(o string) error { return seen(w.ItemsFor(ctx, o, h.eva)) }},
		{"RequestsOf", func(o string) error { return seen(w.RequestsOf(ctx, o, h.eva)) }},
		{"RequestsOfPeople", func(o string) error { return seen(w.RequestsOfPeople(ctx, o, "1")) }},
		{"ItemsOfPeople", func(o string) error { return seen(w.ItemsOfPeople(ctx, o, "1")) }},
		{"Resources", func(o string) error { return seen(w.Resources(ctx, o, learningdb.ResourceQuery{})) }},
		{"Resources", func(o string) error {
			return seen(w.Resources(ctx, o, learningdb.ResourceQuery{Text: "course", Aim: learning.Aim{Kind: effort.ForGoal, ID: h.goal}}))
		}},
		{"Roles", func(o string) error { return seen(w.Roles(ctx, o)) }},
		{"Serving", func(o string) error {
			v, err := w.Serving(ctx, o, h.goal)
			return seenIf(len(v.Priorities)+len(v.Resources) > 0, err)
		}},
		{"Reports", func(o string) error { // both have people of the same keys
			all, err := w.Reports(ctx, o, "1")
			return seenIf(slices.ContainsFunc(all, func(p learningdb.PersonGaps) bool {
				return p.Person.ID == h.eva || len(p.Roles)+len(p.Gaps)+len(p.Items) > 0
			}), err)
		}},
		{"LearningStrategy", func(o string) error {
			v, err := w.LearningStrategy(ctx, o, 2026)
			return seenIf(len(v.All)+len(v.Reviews)+len(v.Years) > 0, err)
		}},
		{"Alignment", func(o string) error {
			v, err := w.Alignment(ctx, o, "")
			return seenIf(len(v.Map.Goals)+len(v.Map.Roles)+len(v.Map.Resources)+len(v.Map.Priorities)+len(v.Map.Competencies) > 0, err)
		}},
		{"Rule", func(o string) error {
			rule, err := w.Rule(ctx, o)
			return seenIf(rule != learning.DefaultRule, err)
		}},
		{"Attributes", func(o string) error { // of an organisation without people
			all, err := w.Attributes(ctx, o)
			return seenIf(len(all) > 0, err)
		}},
	}
}

// mixed are uses of what somebody has together with what another has; where both are the same one, each
// works, in this order.
func (w *world) mixed(own, other things) []call {
	ctx := context.Background()
	made := 0
	resource := func(o string, change learning.Resource) error {
		made++
		change.Name, change.Modality = fmt.Sprint("Another ", made), effort.Reading
		return only(w.SaveResource(ctx, o, change, "", "Eve"))
	}
	item := func(o string, i learning.Item) error {
		i.Person.ID, i.What, i.Modality, i.Due = own.eva, "x", effort.Reading, "2026-08-01"
		return only(w.SaveItem(ctx, o, i, org.ThePerson, "Eve"))
	}
	priority := func(o string, p learning.Priority) error {
		p.Unit.ID, p.Year, p.Name, p.Currency, p.Competencies = own.gent, 2026, "x", "EUR", append(p.Competencies, own.hear)
		return only(w.SavePriority(ctx, o, p, "Mia", "Eve"))
	}
	ask := func(o, resource, offering string) error {
		return w.Ask(ctx, o, learning.Request{Person: org.Ref{ID: own.mia}, Resource: resource, Offering: offering}, org.ThePerson)
	}
	return []call{
		{"a competency of another framework", func(o string) error {
			return only(w.SaveCompetency(ctx, o, learning.Competency{Framework: other.framework, Name: "x"}, "Eve"))
		}},
		{"a part of another competency", func(o string) error {
			return only(w.SaveCompetency(ctx, o, learning.Competency{Framework: own.framework, Name: "y", Parent: other.listen}, "Eve"))
		}},
		{"a role requires", func(o string) error {
			return w.Require(ctx, o, own.role, learning.Requirement{Competency: other.listen, Level: 1}, "Eve")
		}},
		{"a result needs", func(o string) error {
			return w.Produce(ctx, o, own.role, learning.Result{What: "x", Competencies: []string{other.listen}}, "Eve")
		}},
		{"a result shows in", func(o string) error {
			return w.Produce(ctx, o, own.role, learning.Result{What: "x", Indicator: other.indicator}, "Eve")
		}},
		{"a role is taken back", func(o string) error { return w.Unhold(ctx, o, own.role, other.ole, "Eve") }},
		{"a rating", func(o string) error {
			return w.Rate(ctx, o, learning.Rating{Person: own.eva, Competency: other.listen, Level: 1, RatedBy: learning.BySelf, Day: "2026-05-01"})
		}},
		{"an assessment", func(o string) error {
			return w.Assess(ctx, o, []learning.Rating{{Person: "2", Competency: other.listen, Level: 1, RatedBy: learning.ByAssessment, Day: "2026-05-01", Note: "A test"}})
		}},
		{"a rating taken back", func(o string) error { return w.Unrate(ctx, o, own.eva, other.rating, org.ThePerson) }},
		{"a resource comes after", func(o string) error { return resource(o, learning.Resource{Needs: []string{other.book}}) }},
		{"a resource brings", func(o string) error {
			return resource(o, learning.Resource{Aims: []learning.Aim{{Kind: effort.ForCompetency, ID: other.listen}}})
		}},
		{"a resource is for a role", func(o string) error {
			return resource(o, learning.Resource{Aims: []learning.Aim{{Kind: learning.AimRole, ID: other.role}}})
		}},
		{"a resource is for a result", func(o string) error {
			return resource(o, learning.Resource{Aims: []learning.Aim{{Kind: learning.AimResult, ID: other.result}}})
		}},
		{"a resource is for a goal", func(o string) error {
			return resource(o, learning.Resource{Aims: []learning.Aim{{Kind: effort.ForGoal, ID: other.goal}}})
		}},
		{"an offering", func(o string) error {
			return only(w.SaveOffering(ctx, o, learning.Offering{Resource: other.course, Begins: "2026-09-01"}, "Eve"))
		}},
		{"asked for", func(o string) error { return ask(o, other.book, "") }},
		{"asked for a place", func(o string) error { return ask(o, own.course, other.july) }},
		{"a place", func(o string) error { return w.Choose(ctx, o, own.waits, other.july) }},
		{"a completion", func(o string) error {
			return w.Note(ctx, o, own.june, []learningdb.CameOf{{Request: other.came, Completed: true}}, "Eve")
		}},
		{"an item changed", func(o string) error { return item(o, learning.Item{ID: other.working}) }},
		{"an item seen", func(o string) error { return only(w.Item(ctx, o, own.eva, other.working)) }},
		{"an item goes on", func(o string) error {
			return w.AddStep(ctx, o, own.eva, other.working, learning.Step{What: "x"}, "Eve")
		}},
		{"an item given up", func(o string) error { return w.DropItem(ctx, o, own.eva, other.working, "Eve") }},
		{"an item by a resource", func(o string) error { return item(o, learning.Item{Resource: other.book}) }},
		{"an item brings", func(o string) error { return item(o, learning.Item{Competency: other.listen, Level: 1}) }},
		{"an item for a goal", func(o string) error { return item(o, learning.Item{Goal: other.goal}) }},
		{"a priority for a goal", func(o string) error { return priority(o, learning.Priority{Goal: other.goal}) }},
		{"a priority brings", func(o string) error {
			return priority(o, learning.Priority{Goal: own.goal, Competencies: []string{other.listen}})
		}},
		{"a priority by a resource", func(o string) error {
			return priority(o, learning.Priority{Goal: own.goal, Resources: []string{other.course}})
		}},
	}
}

// Every method of the store is called for an organisation with the ids of another's things: it finds
// nothing and changes nothing. A method that is in no table fails the test.
func TestNoMethodSeesAnotherOrganisation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		ours := w.filled(t)
		before := w.picture(t, ours)
		same := func(when string) {
			t.Helper()
			for n, now := range w.picture(t, ours) {
				if !reflect.DeepEqual(before[n], now) {
					t.Errorf("%s, our %T has changed:\n%+v\n%+v", when, now, before[n], now)
				}
			}
		}
		stranger := w.founded(t, "strangers")
		empty, err := w.Org.CreateOrganisation(ctx, org.Organisation{Slug: "empty", Name: "Empty", Language: "en"}, org.Account{Mail: "empty@example.org", Name: "Eve"})
		if err != nil {
			t.Fatal(err)
		}
		named, listed := w.named(ours), w.listed(ours)
		for _, c := range named {
			if err := c.by(stranger); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		for _, c := range listed {
			by := stranger
			if c.name == "Attributes" {
				by = empty
			}
			if err := c.by(by); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if err := c.by(w.organisation); err != errSeen {
				t.Errorf("%s for the owner: %v", c.name, err)
			}
		}
		same("by ids")
		// The same names and keys are somebody else's there.
		their := &world{Store: w.Store, organisation: stranger, now: w.now}
		theirs := their.filled(t)
		for _, c := range w.mixed(theirs, ours) {
			if kind := fault.KindOf(c.by(stranger)); kind != fault.NotFound && kind != fault.Invalid {
				t.Errorf("%s, of another organisation: %q", c.name, kind)
			}
		}
		neighbour := &world{Store: w.Store, organisation: w.founded(t, "neighbours"), now: w.now}
		beside := neighbour.filled(t)
		for _, c := range w.mixed(beside, beside) {
			if err := c.by(neighbour.organisation); err != nil {
				t.Errorf("%s, of its own: %v", c.name, err)
			}
		}
		for _, err := range []error{
			only(w.ImportCompletions(ctx, stranger, done("no"))),
			w.Assess(ctx, stranger, []learning.Rating{{Person: "2", Competency: theirs.listen, Level: 1, RatedBy: learning.ByAssessment, Day: "2026-05-01", Note: "A test"}}),
			w.SetRule(ctx, stranger, learning.CountingRule{Months: 9}, "Eve"),
			only(w.ImportResources(ctx, stranger, learningdb.ResourceFeed{By: "Eve", Rows: func(yield func(learning.ResourceRow, error) bool) {
				yield(learning.ResourceRow{Line: 2, Key: "course", Name: "Another", Modality: "reading"}, nil)
			}})),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		whole := catalogue("Ours", "other|Another")
		whole.Whole = true
		if came := their.imports(t, whole); came.Ended != 2 {
			t.Errorf("Import: %+v", came)
		}
		for _, c := range w.named(theirs) { // whatever can be changed there
			if err := c.by(stranger); err != nil {
				t.Errorf("%s for the owner: %v", c.name, err)
			}
		}
		same("by names")
		if people, err := w.Planned(ctx, empty, "2026-06-01", time.Now().AddDate(50, 0, 0)); err != nil || people != 0 {
			t.Errorf("Planned: %d, %v", people, err)
		}
		without := []string{"Planned", "Import", "ImportCompletions", "ImportResources", "Assess", "SetRule", // above: they name no id
			"Uses"} // TestUseIsThatOfTheMonthAndTheUnit
		for i := range reflect.TypeFor[learningdb.Store]().NumMethod() {
			name := reflect.TypeFor[learningdb.Store]().Method(i).Name
			is := func(c call) bool { return c.name == name }
			if !slices.ContainsFunc(named, is) && !slices.ContainsFunc(listed, is) && !slices.Contains(without, name) {
				t.Errorf("%s is in no table", name)
			}
		}
	})
}
