package demo_test

import (
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/app/demo"
	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/secret"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/strategy/strategydb"
	"throughline/internal/transition"
	"throughline/internal/transition/transitiondb"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func stores(t testing.TB, d *db.DB) demo.Stores {
	t.Helper()
	s := orgdb.Store{DB: d}
	keys := secret.Keys{Folder: filepath.Join(t.TempDir(), "keys")}
	diagnoses := &diagnosisdb.Store{DB: d, Org: s, Keys: keys, Now: func() time.Time { return now }}
	strategies := strategydb.Store{DB: d, Org: s, Diagnosis: diagnoses}
	return demo.Stores{Org: s, Diagnosis: diagnoses, Transition: &transitiondb.Store{DB: d, Org: s, Diagnosis: diagnoses, Now: func() time.Time { return now }}, Strategy: strategies, Learning: learningdb.Store{DB: d, Org: s, Strategy: strategies}, Impact: impactdb.Store{DB: d, Org: s, Strategy: strategies, Effort: effortdb.Store{DB: d}}}
}

func TestALoadedOrganisationCanBeUsed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, o, in := stores(t, d), demo.New(1, demo.Small), hpo(t)
		l, err := demo.Load(t.Context(), s, o, now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Org.Organisation(t.Context(), l.Organisation)
		if err != nil || !got.Simulated || got.Slug != demo.Slug {
			t.Errorf("organisation %+v, %v", got, err)
		}
		checkSignIns(t, s.Org, l)
		checkReport(t, s.Diagnosis, l, o, in)
		checkPulse(t, s.Diagnosis, l)
		checkLeaders(t, s, l)
		checkEfforts(t, d, l)
		c, err := s.Diagnosis.Focal(t.Context(), l.Organisation, l.Diagnosis)
		if err != nil || c.Decided.IsZero() || len(c.Focal) != 3 || c.Ballots == 0 {
			t.Errorf("the focal points are %+v, %v", c, err)
		}
		heard, err := s.Diagnosis.Evidence(t.Context(), l.Organisation, l.Diagnosis)
		if e := heard.ByItem["dialogue"]; err != nil || heard.Total() < 5 || e.Interviews < 3 || len(e.Quotes) < 2 || !slices.ContainsFunc(e.Quotes, func(q diagnosis.Quote) bool { return q.Level == "employee" }) {
			t.Errorf("the interviews say %+v, %v", heard, err)
		}
		if _, err := demo.Load(t.Context(), s, o, now); fault.KindOf(err) != fault.Conflict {
			t.Errorf("loaded twice: %v", err)
		}
	})
}

// The retailer's ledger: experience grows while education falls, the learning function does more and more
// that is no learning, in all currencies there is a rate, and what hours serve is found by name.
func checkEfforts(t *testing.T, d *db.DB, l demo.Loaded) {
	t.Helper()
	store := effortdb.Store{DB: d, Now: func() time.Time { return now }}
	b, err := store.Basis(t.Context(), l.Organisation)
	if err != nil || len(b.Setting.Function) != 1 || len(b.Rates.All) != 2 {
		t.Fatalf("%+v, %v", b.Setting, err)
	}
	year := func(from, until period.Period) (blend effort.Blend, other float64) {
		t.Helper()
		months, err := store.Tallies(t.Context(), l.Organisation, effort.Heading{Kind: effort.Whole}, from, until)
		if err != nil {
			t.Fatal(err)
		}
		function, err := store.FunctionTallies(t.Context(), l.Organisation, from, until)
		if err != nil {
			t.Fatal(err)
		}
		whole, split := effort.AccountOf(b.Rates, months), effort.AccountOf(b.Rates, function).Split()
		if len(whole.Unrated) > 0 || split.NonLearning == nil {
			t.Fatalf("%+v %+v", whole.Unrated, split)
		}
		return whole.Blend(), *split.NonLearning
	}
	first, before := year("2024-11", "2025-10")
	last, after := year("2025-11", "2026-10")
	of := func(b effort.Blend, m effort.Mix) float64 { return float64(b.Mix[m]) / float64(b.Minutes) }
	if of(last, effort.Experience) <= of(first, effort.Experience) || of(last, effort.Education) >= of(first, effort.Education) || before < .18 || before >= after || after > .42 {
		t.Errorf("experience %.2f, then %.2f; no learning %.2f, then %.2f", of(first, effort.Experience), of(last, effort.Experience), before, after)
	}
	served, err := store.Served(t.Context(), l.Organisation)
	if err != nil || len(served.Focal) == 0 {
		t.Errorf("%+v, %v", served, err)
	}
	for target, name := range served.Names {
		if name != "Customers come back to us" {
			continue
		}
		if sum, err := store.Totals(t.Context(), l.Organisation, target); err != nil || sum.Participants == 0 {
			t.Errorf("what serves a goal: %+v, %v", sum, err)
		}
	}
}

// The retailer's leaders: each country's management team has one, and the programme works on
// the focal points of the second diagnosis.
func checkLeaders(t *testing.T, s demo.Stores, l demo.Loaded) {
	t.Helper()
	all, err := s.Transition.Programmes(t.Context(), l.Organisation)
	if err != nil || len(all) != 1 || all[0].Kind != transition.Leaders || all[0].Diagnosis != l.Diagnosis || len(all[0].Focal) != 3 {
		t.Fatalf("programmes %+v, %v", all, err)
	}
	members, err := s.Transition.Members(t.Context(), l.Organisation, all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	teams := map[string]int{}
	for _, m := range members {
		if m.Coaches() {
			teams[m.Team.ID]++
		}
	}
	if len(teams) != 9 || teams[""] > 0 {
		t.Errorf("leaders of %v", teams)
	}
	if !slices.ContainsFunc(members, func(m transition.Member) bool { return m.Status == transition.Declined }) {
		t.Error("nobody has declined")
	}
}

func TestTheLoadedPartnershipHasCoachesAndAPlan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := stores(t, d)
		l, err := demo.LoadPartnership(t.Context(), s, demo.NewPartnership(1, demo.PartnershipFull/10), now)
		if err != nil {
			t.Fatal(err)
		}
		all, err := s.Transition.Programmes(t.Context(), l.Organisation)
		if err != nil || len(all) != 1 || all[0].Kind != transition.Coaches {
			t.Fatalf("programmes %+v, %v", all, err)
		}
		c, err := s.Transition.Coverage(t.Context(), l.Organisation, all[0].ID)
		if err != nil || len(c.Sites) != 40 || c.Need < 40 || c.Have < c.Need/2 || c.Gap() == 0 {
			t.Errorf("coverage %+v, %v", c.Site, err)
		}
		plan, err := s.Transition.Plan(t.Context(), l.Organisation, all[0].ID, transitiondb.Current)
		if err != nil || plan == nil || !plan.Best || len(plan.Groups) < 40 {
			t.Errorf("plan %+v, %v", plan, err)
		}
		if c, err := s.Diagnosis.Focal(t.Context(), l.Organisation, l.Diagnosis); err != nil || c.Decided.IsZero() {
			t.Errorf("the focal points are %+v, %v", c, err)
		}
	})
}

func checkSignIns(t *testing.T, s orgdb.Store, l demo.Loaded) {
	t.Helper()
	if len(l.SignIns) != len(org.Roles)-2 { // leaders and coaches get theirs when they accept
		t.Fatalf("sign-ins %+v", l.SignIns)
	}
	day := period.DayOf(now)
	for _, signIn := range l.SignIns {
		a, err := s.Actor(t.Context(), l.Organisation, signIn.Account)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Grants) != 1 || a.Grants[0].Role != signIn.Role || a.Name != signIn.Name {
			t.Errorf("%+v signs in as %+v", signIn, a)
		}
		p, err := s.PersonByKey(t.Context(), l.Organisation, a.Person, day)
		if err != nil || p.Name != signIn.Name || p.Mail != signIn.Mail {
			t.Errorf("%+v is %+v in the roster, %v", signIn, p, err)
		}
		if signIn.Role == org.Manager {
			structure, err := s.Structure(t.Context(), l.Organisation, day)
			if err != nil {
				t.Fatal(err)
			}
			u, found := structure.Find(a.Grants[0].Scope.ID)
			if a.Grants[0].Scope.Kind != org.UnitScope || !found || structure.Units[u].Key != "PL" || structure.Units[u].Depth != 1 {
				t.Errorf("the manager's scope is %+v", a.Grants[0].Scope)
			}
		}
	}
}

func checkReport(t *testing.T, s *diagnosisdb.Store, l demo.Loaded, o *demo.Organisation, in *diagnosis.Instrument) {
	t.Helper()
	p, err := s.Report(t.Context(), l.Organisation, l.Diagnosis)
	if err != nil {
		t.Fatal(err)
	}
	answers := maps.Collect(o.Answers(in, demo.Waves))
	if r := p.Report; p.Diagnosis.Name != "Summer 2026" || r.UnitsOnly || r.Invited != len(o.People(demo.Waves)) || r.Respondents != len(answers) {
		t.Errorf("%s: %d invited and %d respondents of %d and %d, units only: %v", p.Diagnosis.Name, r.Invited, r.Respondents, len(o.People(demo.Waves)), len(answers), r.UnitsOnly)
	}
	truth, whole := o.Truth(in, demo.Waves), p.Report.Groups[0]
	for f, score := range whole.Factors {
		if unit := *score.SD / math.Sqrt(float64(whole.N)); math.Abs(score.Mean-truth.Whole.Factors[f]) > 4*unit {
			t.Errorf("%s: %.3f, planted %.3f ± %.3f", in.Factors[f].ID, score.Mean, truth.Whole.Factors[f], unit)
		}
	}
	compared, err := s.Compare(t.Context(), l.Organisation, l.Diagnosis, "")
	if err != nil || compared.Then.Diagnosis.ID != l.First || compared.Years < 1.49 || compared.Years > 1.52 {
		t.Fatalf("%v", err)
	}
	before := o.Truth(in, 1)
	for f, c := range compared.Factors {
		if planted := truth.Whole.Factors[f] - before.Whole.Factors[f]; math.Abs(*c.Diff-planted) > *c.Half*2 {
			t.Errorf("%s: %.3f ± %.3f since the first, planted %.3f", in.Factors[f].ID, *c.Diff, *c.Half, planted)
		}
	}
	structure, shown := map[string]bool{}, 0
	for _, u := range p.Report.Units {
		structure[u.Name] = true
	}
	for _, g := range p.Report.Of(0) {
		if g.Verdict == diagnosis.Shown && g.N > 0 {
			shown++
		}
	}
	if !structure["Noordermarkt Poland"] || shown < 20 {
		t.Errorf("%d units are shown of %d", shown, len(structure))
	}
}

func checkPulse(t *testing.T, s *diagnosisdb.Store, l demo.Loaded) {
	t.Helper()
	q, err := s.Questionnaire(t.Context(), l.Secret)
	if err != nil {
		t.Fatal(err)
	}
	if q.Answered || q.Diagnosis.ID != l.Pulse || q.Diagnosis.Name != "Pulse November 2026" || q.Diagnosis.TakesAnswers(now) != nil {
		t.Errorf("the link of %s opens %+v", l.Respondent, q.Diagnosis)
	}
	if err := s.Submit(t.Context(), l.Secret, map[string]string{"trust": "7"}); err != nil {
		t.Error(err)
	}
	response, err := s.Response(t.Context(), l.Organisation, l.Pulse)
	if err != nil || response.Groups[0].Answered < 50 || response.Groups[0].Answered > response.Groups[0].Invited/2 {
		t.Errorf("the pulse: %+v, %v", response.Groups[:1], err)
	}
}

func TestTheSecondRosterIsADatedChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, o := stores(t, d), demo.New(1, demo.Small)
		organisation, err := s.Org.CreateOrganisation(t.Context(), org.Organisation{Slug: demo.Slug, Name: demo.Name, Language: "en"},
			org.Account{Mail: "admin@retail.example", Name: "Admin"})
		if err != nil {
			t.Fatal(err)
		}
		var last *org.Report
		for wave, day := range []period.Day{"2025-01-01", "2026-07-01"} {
			last, err = s.Org.ImportRoster(t.Context(), organisation, orgdb.Roster{Day: day, Map: o.Map(), Sources: o.Sources(wave + 1)})
			if err != nil {
				t.Fatal(err)
			}
		}
		first := map[string]demo.Person{}
		for _, p := range o.People(1) {
			first[p.Key] = p
		}
		moved, came := 0, 0
		for _, p := range o.People(2) {
			switch was, known := first[p.Key]; {
			case !known:
				came++
			case was.Unit != p.Unit:
				moved++
			}
		}
		if c := last.People; c.Added != came || c.Left != came || c.Moved != moved || moved == 0 || came == 0 {
			t.Errorf("imported %d came, %d left, %d moved; made %d and %d", c.Added, c.Left, c.Moved, came, moved)
		}
		if c := last.Units; c.Added+c.Left+c.Moved+c.Changed > 0 {
			t.Errorf("the units changed: %+v", c)
		}
	})
}

func TestARosterIsReadWithoutAMistake(t *testing.T) {
	o := demo.New(1, demo.Full)
	for wave := 1; wave <= demo.Waves; wave++ {
		sources := o.Sources(wave)
		draft, err := org.NewDraft(o.Map(), sources)
		if err != nil {
			t.Fatal(err)
		}
		countries := map[string]bool{}
		for i, source := range sources {
			for row := range source.Rows {
				parsed, bad := draft.Parse(i, row)
				if bad = append(bad, draft.Add(parsed)...); len(bad) > 0 {
					t.Fatalf("wave %d, %s:%d: %v", wave, source.Name, row.Line, bad[0].Reason)
				}
			}
		}
		units, remarks, err := draft.Units()
		if err != nil || len(remarks) > 0 || len(units) != len(o.Units()) {
			t.Errorf("wave %d: %d units, %v, %v", wave, len(units), remarks, err)
		}
		if teams, err := draft.Teams(); err != nil || len(teams) != len(o.Teams(wave)) {
			t.Errorf("wave %d: %d teams, %v", wave, len(teams), err)
		}
		for _, l := range draft.Locations() {
			countries[l.Country] = true
		}
		if len(countries) != 9 || countries[""] {
			t.Errorf("wave %d: locations in %s", wave, strings.Join(slices.Sorted(maps.Keys(countries)), ", "))
		}
	}
}

// BenchmarkLoad loads the demo organisation into a fresh SQLite file.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		d, err := db.Open(b.Context(), dbtest.SQLite(b))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := demo.Load(b.Context(), stores(b, d), demo.New(1, demo.Full), now); err != nil {
			b.Fatal(err)
		}
		d.Close()
	}
}
