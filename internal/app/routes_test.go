package app

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// audience is who is answered: roles, or, whole, only those that hold for the whole
// organisation.
type audience struct {
	roles []org.Role
	whole bool
}

var (
	everybody          = audience{}
	signedIn           = audience{roles: org.Roles}
	lead               = audience{[]org.Role{org.DiagnosisLead}, true}
	admin              = audience{[]org.Role{org.Administrator}, true}
	readers            = audience{[]org.Role{org.DiagnosisLead, org.Manager, org.Executive}, false}
	importers          = audience{[]org.Role{org.Administrator, org.DiagnosisLead}, true}
	overview           = audience{[]org.Role{org.Administrator, org.DiagnosisLead, org.ProgrammeManager, org.Manager, org.Executive, org.HeadOfLearning, org.PrivacyOfficer}, false}
	namers             = audience{[]org.Role{org.Administrator, org.DiagnosisLead, org.ProgrammeManager, org.Manager}, false}
	viewers            = audience{[]org.Role{org.DiagnosisLead, org.PrivacyOfficer}, true}
	seers              = audience{[]org.Role{org.ProgrammeManager, org.DiagnosisLead, org.Executive, org.Manager, org.Leader, org.Coach}, false}
	followers          = audience{[]org.Role{org.ProgrammeManager, org.DiagnosisLead, org.Executive}, true}
	managers           = audience{[]org.Role{org.ProgrammeManager}, true}
	editors            = audience{[]org.Role{org.DiagnosisLead, org.ProgrammeManager}, true}
	confirmers         = audience{[]org.Role{org.DiagnosisLead, org.ProgrammeManager}, true}
	leads              = audience{[]org.Role{org.DiagnosisLead}, false}
	nominators         = audience{[]org.Role{org.ProgrammeManager, org.Manager}, false}
	coaches            = audience{[]org.Role{org.Leader, org.Coach}, false}
	scorers            = audience{[]org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.ProgrammeManager, org.DiagnosisLead}, false}
	observers          = audience{[]org.Role{org.HeadOfLearning, org.Executive, org.Manager}, false}
	definers           = audience{[]org.Role{org.HeadOfLearning, org.Executive}, true}
	learners           = audience{[]org.Role{org.HeadOfLearning}, true}
	planners           = audience{[]org.Role{org.HeadOfLearning, org.Executive, org.Manager, org.ProgrammeManager, org.DiagnosisLead}, false}
	enterers           = audience{[]org.Role{org.HeadOfLearning, org.Manager}, false}
	managersOfLearning = audience{[]org.Role{org.HeadOfLearning, org.ProgrammeManager}, true}
	exporters          = audience{[]org.Role{org.HeadOfLearning, org.Executive, org.ProgrammeManager}, true}
	recorders          = audience{[]org.Role{org.Administrator, org.PrivacyOfficer}, true}
)

// who names, for every route, the roles that it answers. A route that is not here
// fails the test.
var who = map[string]audience{
	"GET /assets/":                everybody,
	"GET /healthz":                everybody,
	"GET /readyz":                 everybody,
	"GET /metrics":                everybody,
	"GET /sign-in":                everybody,
	"POST /sign-in":               everybody,
	"POST /sign-in/link":          everybody,
	"GET /sign-in/link/{secret}":  everybody,
	"POST /sign-in/link/{secret}": everybody,
	"POST /sign-out":              everybody,
	"POST /language":              everybody,
	"GET /r":                      everybody,
	"POST /r":                     everybody,
	"GET /r/{secret}":             everybody,
	"POST /r/{secret}":            everybody,
	"GET /vote/{code}":            everybody,
	"POST /vote/{code}":           everybody,

	"GET /{$}":               signedIn,
	"GET /help":              everybody,
	"GET /help/{page...}":    everybody,
	"GET /tour":              signedIn,
	"POST /tour":             signedIn,
	"POST /account/digest":   signedIn,
	"GET /digest/{secret}":   everybody,
	"POST /digest/{secret}":  everybody,
	"GET /account":           signedIn,
	"POST /account/password": signedIn,

	"GET /sign-in/with/{organisation}":         everybody,
	"GET /sign-in/back":                        everybody,
	"GET /sign-on":                             admin,
	"POST /sign-on":                            admin,
	"GET /account/tokens":                      signedIn,
	"POST /account/tokens":                     signedIn,
	"POST /account/tokens/{token}/withdrawal":  signedIn,
	"GET /accounts/tokens":                     admin,
	"POST /accounts/tokens/{token}/withdrawal": admin,

	"GET /scorecards":                               scorers,
	"GET /scorecards/{unit}":                        scorers,
	"POST /scorecards/{unit}/notes":                 observers,
	"POST /scorecards/{unit}/notes/{note}/deletion": observers,
	"GET /scorecards/{unit}/{indicator}":            scorers,
	"POST /scorecards/{unit}/{indicator}":           observers,
	"GET /indicators":                               scorers,
	"GET /indicators/new":                           definers,
	"POST /indicators":                              definers,
	"POST /indicators/shipped":                      definers,
	"GET /indicators/{indicator}":                   scorers,
	"POST /indicators/{indicator}":                  definers,
	"POST /indicators/{indicator}/publication":      definers,
	"GET /figures":                                  signedIn,
	"GET /figures/{person}":                         signedIn,
	"POST /figures/{person}":                        signedIn,
	"POST /scorecards/{unit}/results":               observers,
	"GET /scorecards/{unit}/results/{signoff}":      scorers,
	"POST /scorecards/learning/seat":                definers,
	"GET /goals":                                    signedIn,
	"POST /goals":                                   signedIn,
	"GET /goals/new":                                signedIn,
	"GET /goals/people":                             signedIn,
	"GET /goals/units/{unit}":                       signedIn,
	"GET /goals/units/{unit}/orphans":               scorers,
	"GET /goals/{goal}":                             signedIn,
	"POST /goals/{goal}":                            signedIn,
	"GET /line-of-sight":                            signedIn,
	"GET /line-of-sight/{person}":                   signedIn,
	"GET /observations":                             definers,
	"POST /observations":                            definers,

	"GET /effects":                                       planners,
	"POST /effects":                                      managersOfLearning,
	"GET /effects/new":                                   managersOfLearning,
	"GET /effects/{effect}":                              planners,
	"POST /effects/{effect}":                             managersOfLearning,
	"GET /effects/{effect}/plan":                         managersOfLearning,
	"POST /effects/{effect}/estimate":                    planners,
	"POST /effects/{effect}/estimate/cancellation":       planners,
	"POST /effects/{effect}/money":                       managersOfLearning,
	"POST /effects/{effect}/opinions":                    managersOfLearning,
	"POST /effects/{effect}/opinions/{opinion}/deletion": managersOfLearning,
	"GET /effects/{effect}/data":                         exporters,
	"GET /rollouts/{initiative}":                         managersOfLearning,
	"POST /rollouts/{initiative}":                        managersOfLearning,

	"GET /learning":                   signedIn,
	"POST /learning/rule":             learners,
	"GET /learning/strategy":          planners,
	"GET /learning/strategy/{unit}":   planners,
	"POST /learning/strategy/{unit}":  planners,
	"GET /learning/alignment":         planners,
	"GET /competencies":               signedIn,
	"GET /competencies/new":           learners,
	"POST /competencies":              learners,
	"GET /competencies/import":        learners,
	"POST /competencies/import":       learners,
	"GET /competencies/{competency}":  signedIn,
	"POST /competencies/{competency}": learners,
	"GET /frameworks/new":             learners,
	"POST /frameworks":                learners,
	"GET /frameworks/{framework}":     learners,
	"POST /frameworks/{framework}":    learners,
	"GET /roles":                      signedIn,
	"GET /roles/new":                  learners,
	"POST /roles":                     learners,
	"GET /roles/{role}":               signedIn,
	"GET /roles/{role}/edit":          learners,
	"POST /roles/{role}":              learners,
	"GET /resources":                  signedIn,
	"GET /resources/new":              learners,
	"POST /resources":                 learners,
	"GET /resources/import":           learners,
	"POST /resources/import":          learners,
	"GET /resources/{resource}":       signedIn,
	"GET /resources/{resource}/edit":  signedIn, // who answers for it
	"POST /resources/{resource}":      signedIn,
	"GET /offerings":                  signedIn,
	"GET /offerings/{offering}":       signedIn,
	"POST /offerings/{offering}":      signedIn,
	"GET /requests":                   signedIn,
	"POST /requests/{request}":        signedIn,
	"GET /development":                signedIn,
	"GET /development/people":         signedIn,
	"GET /development/{person}":       signedIn,
	"POST /development/{person}":      signedIn,

	"GET /development/{person}/items/new":         signedIn,
	"POST /development/{person}/items":            signedIn,
	"GET /development/{person}/items/{item}":      signedIn,
	"GET /development/{person}/items/{item}/edit": signedIn,
	"POST /development/{person}/items/{item}":     signedIn,
	"GET /effort":                            scorers,
	"GET /effort/split":                      scorers,
	"GET /effort/efficiency":                 scorers,
	"POST /effort/efficiency/indicators":     learners,
	"GET /effort/reports":                    scorers,
	"POST /effort/reports/budget":            managersOfLearning,
	"GET /effort/entries":                    scorers,
	"POST /effort/entries":                   enterers,
	"GET /effort/entries/new":                enterers,
	"GET /effort/entries/{entry}":            enterers,
	"POST /effort/entries/{entry}":           enterers,
	"POST /effort/entries/{entry}/deletion":  enterers,
	"GET /effort/import":                     learners,
	"POST /effort/import":                    learners,
	"GET /effort/import/{feed}":              learners,
	"POST /effort/import/{feed}/withdrawal":  learners,
	"GET /effort/settings":                   learners,
	"POST /effort/settings":                  learners,
	"POST /effort/settings/rates":            learners,
	"POST /effort/settings/rates/deletion":   learners,
	"GET /effort/changes":                    scorers,
	"POST /effort/changes":                   learners,
	"GET /effort/changes/{change}":           learners,
	"POST /effort/changes/{change}":          learners,
	"POST /effort/changes/{change}/deletion": learners,

	"GET /units":                               overview,
	"GET /units/{unit}":                        overview,
	"GET /locations":                           overview,
	"POST /locations":                          importers,
	"GET /search":                              overview,
	"GET /people/{person}":                     namers,
	"GET /partners/{partner}":                  namers,
	"GET /roster":                              importers,
	"GET /roster/export":                       importers,
	"POST /roster/imports/{import}/withdrawal": importers,
	"POST /roster/files":                       importers,
	"GET /roster/files/{upload}":               importers,
	"GET /roster/files/{upload}/map.yaml":      importers,
	"POST /roster/files/{upload}/map":          importers,
	"GET /roster/files/{upload}/preview":       importers,
	"GET /roster/files/{upload}/errors.csv":    importers,
	"GET /roster/files/{upload}/import":        importers,
	"POST /roster/files/{upload}/import":       importers,
	"POST /roster/files/{upload}/deletion":     importers,

	"GET /accounts":                                                   admin,
	"POST /accounts":                                                  admin,
	"GET /accounts/{account}":                                         admin,
	"POST /accounts/{account}/grants":                                 admin,
	"POST /accounts/{account}/grants/{grant}/revocation":              admin,
	"POST /accounts/{account}/closure":                                admin,
	"GET /record":                                                     recorders,
	"GET /diagnoses":                                                  readers,
	"GET /diagnoses/new":                                              leads,
	"POST /diagnoses":                                                 leads,
	"GET /diagnoses/{diagnosis}":                                      leads,
	"POST /diagnoses/{diagnosis}":                                     leads,
	"GET /diagnoses/{diagnosis}/trial":                                leads,
	"POST /diagnoses/{diagnosis}/trial":                               leads,
	"GET /diagnoses/{diagnosis}/forecast":                             leads,
	"POST /diagnoses/{diagnosis}/opening":                             leads,
	"GET /diagnoses/{diagnosis}/links":                                leads,
	"GET /diagnoses/{diagnosis}/letters":                              leads,
	"GET /diagnoses/{diagnosis}/posters":                              leads,
	"GET /diagnoses/{diagnosis}/mail":                                 leads,
	"POST /diagnoses/{diagnosis}/mail":                                leads,
	"POST /diagnoses/{diagnosis}/mail/{mailing}/stop":                 leads,
	"POST /diagnoses/{diagnosis}/mail/{mailing}/{invitation}":         leads,
	"GET /diagnoses/{diagnosis}/people":                               leads,
	"POST /diagnoses/{diagnosis}/people":                              leads,
	"POST /diagnoses/{diagnosis}/people/{invitation}":                 leads,
	"POST /diagnoses/{diagnosis}/answers":                             leads,
	"POST /diagnoses/{diagnosis}/extension":                           leads,
	"POST /diagnoses/{diagnosis}/closure":                             leads,
	"GET /diagnoses/{diagnosis}/report":                               readers,
	"GET /diagnoses/{diagnosis}/report/management":                    readers,
	"GET /diagnoses/{diagnosis}/report/kit":                           readers,
	"POST /diagnoses/{diagnosis}/report/release":                      leads,
	"GET /diagnoses/{diagnosis}/report/views":                         viewers,
	"GET /diagnoses/{diagnosis}/report/units/{unit}/sheet":            readers,
	"GET /diagnoses/{diagnosis}/summary":                              signedIn,
	"GET /diagnoses/{diagnosis}/report/change":                        readers,
	"GET /diagnoses/{diagnosis}/report/units":                         readers,
	"GET /diagnoses/{diagnosis}/report/units/{unit}":                  readers,
	"GET /diagnoses/{diagnosis}/report/characteristics":               readers,
	"GET /diagnoses/{diagnosis}/report/groups":                        readers,
	"GET /diagnoses/{diagnosis}/report/outcomes":                      readers,
	"POST /diagnoses/{diagnosis}/report/comments":                     leads,
	"GET /diagnoses/{diagnosis}/report/comments":                      readers,
	"GET /diagnoses/{diagnosis}/report/focal-points":                  readers,
	"POST /diagnoses/{diagnosis}/report/focal-points":                 leads,
	"GET /diagnoses/{diagnosis}/report/focal-points/minutes":          readers,
	"POST /diagnoses/{diagnosis}/report/focal-points/minutes":         leads,
	"GET /diagnoses/{diagnosis}/report/focal-points/votes":            leads,
	"POST /diagnoses/{diagnosis}/report/focal-points/votes":           leads,
	"GET /diagnoses/{diagnosis}/report/focal-points/{focal}":          leads,
	"POST /diagnoses/{diagnosis}/report/focal-points/{focal}":         leads,
	"GET /diagnoses/{diagnosis}/report/interviews":                    leads,
	"POST /diagnoses/{diagnosis}/report/interviews":                   leads,
	"GET /diagnoses/{diagnosis}/report/interviews/guide":              leads,
	"GET /diagnoses/{diagnosis}/report/interviews/{interview}":        leads,
	"POST /diagnoses/{diagnosis}/report/interviews/{interview}":       leads,
	"POST /diagnoses/{diagnosis}/report/interviews/{interview}/notes": leads,
	"GET /diagnoses/{diagnosis}/report/promises":                      readers,
	"GET /diagnoses/{diagnosis}/report/method":                        readers,
	"GET /invited/{secret}":                                           everybody,
	"POST /invited/{secret}":                                          everybody,
	"GET /session/{secret}":                                           everybody,
	"POST /session/{secret}":                                          everybody,
	"GET /session/{secret}/calendar":                                  everybody,
	"GET /calendar/{token}":                                           everybody,
	"GET /sessions/{session}":                                         signedIn,
	"POST /sessions/{session}":                                        signedIn,
	"GET /sessions/{session}/calendar":                                signedIn,
	"GET /sessions/{session}/edit":                                    signedIn,
	"POST /sessions/{session}/edit":                                   signedIn,
	"GET /programmes/{programme}/sessions":                            followers,
	"GET /programmes/{programme}/sessions/new":                        managers,
	"POST /programmes/{programme}/sessions":                           managers,
	"POST /coaching/hours":                                            coaches,
	"GET /coaching/{programme}/sessions/new":                          coaches,
	"POST /coaching/{programme}/sessions":                             coaches,
	"GET /sessions":                                                   signedIn,
	"POST /sessions/calendar":                                         signedIn,
	"GET /coaching/record":                                            coaches,
	"POST /coaching/record":                                           coaches,
	"GET /programmes/{programme}/spread":                              followers,
	"GET /programmes/{programme}/focus":                               followers,
	"GET /teams/{team}":                                               signedIn,
	"POST /teams/{team}":                                              signedIn,
	"GET /groups/{group}":                                             signedIn,
	"POST /groups/{group}":                                            signedIn,
	"GET /actions":                                                    signedIn,
	"POST /actions/reminders":                                         signedIn,
	"GET /actions/{action}":                                           signedIn,
	"POST /actions/{action}":                                          signedIn,
	"GET /reminders/{secret}":                                         everybody,
	"POST /reminders/{secret}":                                        everybody,
	"GET /ownership":                                                  followers,
	"POST /ownership":                                                 confirmers,
	"GET /initiatives":                                                seers,
	"POST /initiatives":                                               managers,
	"GET /initiatives/{initiative}":                                   signedIn,
	"POST /initiatives/{initiative}":                                  signedIn,
	"POST /initiatives/{initiative}/starts":                           signedIn,
	"GET /timeline":                                                   scorers,
	"GET /timeline/{unit}":                                            scorers,
	"GET /board":                                                      exporters,
	"GET /profile":                                                    exporters,
	"POST /profile":                                                   learners,
	"GET /profile/definition":                                         exporters,
	"POST /profile/definition":                                        learners,
	"GET /profile/parts/{part}":                                       exporters,
	"POST /profile/parts/{part}/evidence":                             learners,
	"POST /profile/parts/{part}/evidence/{evidence}/deletion":         learners,
	"POST /profile/parts/{part}/view":                                 exporters,
	"GET /involvement":                                                exporters,
	"GET /involvement/{person}":                                       signedIn,
	"POST /involvement/{person}":                                      signedIn,
	"POST /involvement/{person}/{act}/deletion":                       signedIn,
	"GET /practices":                                                  seers,
	"POST /practices":                                                 coaches,
	"GET /practices/new":                                              coaches,
	"GET /practices/questions":                                        seers,
	"POST /practices/questions":                                       coaches,
	"GET /practices/{practice}":                                       seers,
	"POST /practices/{practice}":                                      coaches,
	"POST /practices/questions/removal":                               managers,
	"POST /practices/{practice}/removal":                              managers,
	"GET /practices/{practice}/edit":                                  coaches,
	"GET /programmes/{programme}/effort":                              followers,
	"GET /programmes/{programme}/expertise":                           followers,
	"POST /programmes/{programme}/people/{member}/record":             confirmers,
	"GET /programmes":                                                 seers,
	"GET /programmes/new":                                             managers,
	"POST /programmes":                                                managers,
	"GET /programmes/{programme}":                                     followers,
	"GET /programmes/{programme}/setup":                               managers,
	"POST /programmes/{programme}/setup":                              managers,
	"GET /programmes/{programme}/nominations":                         nominators,
	"POST /programmes/{programme}/nominations":                        nominators,
	"GET /programmes/{programme}/people":                              followers,
	"POST /programmes/{programme}/people":                             managers,
	"GET /programmes/{programme}/people/{member}":                     followers,
	"POST /programmes/{programme}/people/{member}":                    managers,
	"POST /programmes/{programme}/people/{member}/place":              managers,
	"GET /programmes/{programme}/locations":                           followers,
	"GET /programmes/{programme}/plan":                                followers,
	"POST /programmes/{programme}/plan":                               managers,
	"POST /programmes/{programme}/plan/{group}":                       managers,
	"GET /coaching":                                                   coaches,

	"GET /themes":                               seers,
	"GET /themes/{item}":                        seers,
	"POST /themes/{item}":                       editors,
	"GET /instruments":                          lead,
	"POST /instruments":                         lead,
	"POST /instruments/{instrument}/references": lead,
	"POST /instruments/{instrument}/references/{reference}/deletion": lead,
	"GET /instruments/{instrument}":                                  lead,
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// assisting is the role of an assistant, of somebody who is asked for nowhere here.
func (s *site) assisting(t *testing.T) org.Grant {
	t.Helper()
	people, err := s.Org.People(t.Context(), s.organisation, orgdb.PeopleQuery{Day: period.DayOf(time.Now()), Limit: 1})
	if err != nil || len(people) == 0 {
		t.Fatal(people, err)
	}
	return org.Grant{Role: org.Assistant, Scope: org.Scope{Kind: org.PersonScope, ID: people[0].ID}}
}

// refused is the one answer to an address that is not there or not for you.
const refused = "there is no such page, or it is not for you"

func TestEveryRouteAnswersItsRolesOnly(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.shops(t)
	structure, err := s.Org.Structure(t.Context(), s.organisation, period.DayOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	type holder struct {
		role  org.Role
		scope org.ScopeKind
	}
	clients := map[holder]*client{}
	for _, role := range org.Roles {
		if role == org.Assistant {
			clients[holder{role, org.WholeScope}] = s.as(t, string(role), s.assisting(t))
			continue
		}
		clients[holder{role, org.WholeScope}] = s.as(t, string(role), whole(role))
		clients[holder{role, org.UnitScope}] = s.as(t, "part-"+string(role), org.Grant{Role: role, Scope: org.Scope{Kind: org.UnitScope, ID: structure.Units[1].ID}})
	}
	nobody := s.anybody(t)
	for _, route := range s.routes {
		allowed, ok := who[route.Pattern]
		if !ok {
			t.Errorf("%s is not in the table of routes and roles", route.Pattern)
			continue
		}
		method, path, _ := strings.Cut(route.Pattern, " ")
		path = placeholder.ReplaceAllString(strings.TrimSuffix(path, "{$}"), "x")
		if route.Pattern == "POST /sign-out" {
			continue // would end the sessions of those who come after
		}
		open := allowed.roles == nil
		if open != (route.Act == web.Public) {
			t.Errorf("%s: the table and the route differ on whether it is for everybody", route.Pattern)
		}
		if !open {
			a := nobody.do(method, path, nil)
			if method == http.MethodGet && (a.status != http.StatusSeeOther || a.location != "/sign-in") || method == http.MethodPost && a.status != http.StatusForbidden {
				t.Errorf("%s without signing in: %d %s", route.Pattern, a.status, a.location)
			}
		}
		for h, c := range clients {
			a := c.do(method, path, nil)
			if open || slices.Contains(allowed.roles, h.role) && (h.scope == org.WholeScope || !allowed.whole) {
				// In a part, a page of another place is refused in the same words.
				if h.scope == org.WholeScope && strings.Contains(a.body, refused) || a.status >= 500 {
					t.Errorf("%s refuses the %s: %d", route.Pattern, h.role, a.status)
				}
			} else if a.status != http.StatusNotFound || !strings.Contains(a.body, refused) {
				t.Errorf("%s answers the %s of a %s with %d", route.Pattern, h.role, h.scope, a.status)
			}
		}
	}
	for pattern := range who {
		if !slices.ContainsFunc(s.routes, func(r web.Route) bool { return r.Pattern == pattern }) {
			t.Errorf("the table names %s, which is no route", pattern)
		}
	}
}

func TestAnAddressThatIsNotThereIsNotFound(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	a := s.as(t, "lead", whole(org.DiagnosisLead)).get("/nothing/here")
	if a.status != http.StatusNotFound || !strings.Contains(a.body, refused) {
		t.Errorf("%d %s", a.status, a.body)
	}
}
