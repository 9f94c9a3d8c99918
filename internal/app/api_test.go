package app

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/rest"
	"throughline/internal/org"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

// program asks the API for somebody. Each answer is held against the description by a reader that shares
// nothing with what wrote it.
type program struct {
	t     testing.TB
	site  *site
	token string
}

// calls makes a token of an account with every scope that there is, or with those named.
func (s *site) calls(t testing.TB, account string, scopes ...string) *program {
	t.Helper()
	if len(scopes) == 0 {
		scopes = s.scopes()
	}
	token, err := s.Org.MakeToken(t.Context(), s.organisation, org.Token{Account: account, Name: "test", Scopes: scopes, Expires: time.Now().AddDate(0, 0, 30)}, s.scopes(), "Ada")
	if err != nil {
		t.Fatal(err)
	}
	return &program{t, s, token}
}

// told is what the API says.
type told struct {
	status int
	header http.Header
	body   string
}

// described is the API's description as the validating reader holds it; it is the same of every site.
var described struct {
	once sync.Once
	validator.Validator
}

func (s *site) describe(t testing.TB) validator.Validator {
	t.Helper()
	described.once.Do(func() {
		body := (&program{t, s, ""}).send("GET", rest.Description, "").body
		doc, err := libopenapi.NewDocument([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		v, errs := validator.NewValidator(doc)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		described.Validator = v
	})
	if described.Validator == nil {
		t.Fatal("the description of the API could not be read")
	}
	return described.Validator
}

func (c *program) request(method, path, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for n := 0; n+1 < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	return r
}

// send asks without looking at the answer.
func (c *program) send(method, path, body string, header ...string) told {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.site.Handler.ServeHTTP(w, c.request(method, path, body, header...))
	return told{w.Code, w.Header(), w.Body.String()}
}

// ask asks for a path under /api/v1 and holds the answer against the description.
func (c *program) ask(method, path, body string, header ...string) told {
	c.t.Helper()
	a := c.send(method, rest.Base+path, body, header...)
	answer := &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body))}
	if ok, mistakes := c.site.describe(c.t).ValidateHttpResponse(c.request(method, rest.Base+path, body, header...), answer); !ok {
		for _, m := range mistakes {
			c.t.Errorf("%s %s with %d: %s: %s %v in %s", method, path, a.status, m.Message, m.Reason, m.SchemaValidationErrors, a.body)
		}
	}
	return a
}

// must asks for what is expected to come with a status, and reads it.
func (c *program) must(status int, method, path, body string, to any) {
	c.t.Helper()
	a := c.ask(method, path, body)
	if a.status != status {
		c.t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), to); err != nil {
		c.t.Fatalf("%s: %v in %s", path, err, a.body)
	}
}

// fields is an object as it came.
type fields = map[string]any

// list asks for a list whole.
func (c *program) list(path string) (all []fields) {
	c.t.Helper()
	var l struct {
		Items []fields `json:"items"`
	}
	c.must(http.StatusOK, "GET", path, "", &l)
	return l.Items
}

// which is the object of a list in which a field has a value.
func which(t testing.TB, all []fields, field string, value any) fields {
	t.Helper()
	n := slices.IndexFunc(all, func(f fields) bool { return f[field] == value })
	if n < 0 {
		t.Fatalf("no %s %v in %v", field, value, all)
	}
	return all[n]
}

// operations names, for every operation of the API, whose tokens it answers.
var operations = map[string]audience{
	"GET /organisation":                              signedIn,
	"GET /units":                                     overview,
	"GET /units/{unit}":                              overview,
	"GET /people":                                    namers,
	"GET /people/{person}":                           namers,
	"GET /locations":                                 namers,
	"GET /diagnoses":                                 readers,
	"GET /diagnoses/{diagnosis}/report":              readers,
	"GET /diagnoses/{diagnosis}/report/units":        readers,
	"GET /diagnoses/{diagnosis}/report/groups":       readers,
	"GET /diagnoses/{diagnosis}/report/focal-points": readers,
	"GET /programmes":                                seers,
	"GET /programmes/{programme}":                    followers,
	"GET /initiatives":                               seers,
	"GET /actions":                                   signedIn,
	"GET /actions/{action}":                          signedIn,
	"GET /practices":                                 seers,
	"GET /indicators":                                scorers,
	"POST /indicators":                               definers,
	"GET /indicators/{indicator}":                    scorers,
	"PUT /indicators/{indicator}":                    definers,
	"POST /indicators/{indicator}/publications":      definers,
	"POST /observations":                             definers,
	"GET /people/{person}/figures":                   signedIn,
	"GET /scorecards/{unit}":                         scorers,
	"GET /scorecards/{unit}/{indicator}":             scorers,
	"GET /goals/units/{unit}":                        signedIn,
	"GET /goals/{goal}":                              signedIn,
	"POST /goals":                                    signedIn,
	"POST /goals/{goal}/check-ins":                   signedIn,
	"GET /competencies":                              signedIn,
	"POST /competencies":                             learners,
	"GET /roles":                                     signedIn,
	"GET /people/{person}/competencies":              signedIn,
	"GET /resources":                                 signedIn,
	"GET /offerings":                                 signedIn,
	"GET /priorities":                                planners,
	"GET /requests":                                  signedIn,
	"POST /requests":                                 signedIn,
	"POST /requests/{request}/decision":              signedIn,
	"POST /requests/{request}/withdrawal":            signedIn,
	"POST /requests/{request}/end":                   signedIn,
	"GET /people/{person}/plan":                      signedIn,
	"POST /people/{person}/plan":                     signedIn,
	"POST /people/{person}/plan/{item}/agreement":    signedIn,
	"POST /people/{person}/plan/{item}/report":       signedIn,
	"POST /people/{person}/plan/{item}/confirmation": signedIn,
	"GET /effort/efficiency":                         scorers,
	"POST /assessments":                              learners,
	"GET /effort/account":                            scorers,
	"GET /effort/entries":                            scorers,
	"POST /effort/entries":                           learners,
	"GET /effort/changes":                            scorers,
	"GET /effects":                                   planners,
	"GET /effects/{effect}":                          planners,
	"GET /involvement":                               exporters,
	"GET /profile":                                   exporters,
	"POST /effort/changes":                           learners,
}

func TestEveryOperationAnswersItsRolesOnly(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.shops(t)
	structure, err := s.Org.Structure(t.Context(), s.organisation, period.DayOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	type holder struct {
		role org.Role
		kind org.ScopeKind
	}
	all, bare := map[holder]*program{}, map[holder]*program{}
	for _, role := range org.Roles {
		for kind, id := range map[org.ScopeKind]string{org.WholeScope: "", org.UnitScope: structure.Units[1].ID} {
			grant := org.Grant{Role: role, Scope: org.Scope{Kind: kind, ID: id}}
			if role == org.Assistant {
				grant = s.assisting(t)
			}
			account := s.account(t, string(kind)+string(role), grant)
			all[holder{role, kind}] = s.calls(t, account)
			bare[holder{role, kind}] = s.calls(t, account, "organisation:read")
		}
	}
	nobody := &program{t, s, ""}
	for _, o := range s.api.Operations {
		allowed, there := operations[o.Method+" "+o.Path]
		if !there {
			t.Errorf("%s %s is not in the table", o.Method, o.Path)
			continue
		}
		path, body := placeholder.ReplaceAllString(o.Path, "x"), ""
		if o.Method != http.MethodGet {
			body = "{}"
		}
		if a := nobody.ask(o.Method, path, body); a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s %s without a token: %d", o.Method, path, a.status)
		}
		for h, c := range all {
			a := c.ask(o.Method, path, body)
			if slices.Contains(allowed.roles, h.role) && (h.kind == org.WholeScope || !allowed.whole) {
				if h.kind == org.WholeScope && strings.Contains(a.body, refused) || a.status >= 500 || a.status == http.StatusForbidden {
					t.Errorf("%s %s refuses the %s: %d %s", o.Method, path, h.role, a.status, a.body)
				}
				if b := bare[h].ask(o.Method, path, body); o.Scope != "organisation:read" && b.status != http.StatusForbidden {
					t.Errorf("%s %s without its scope: %d %s", o.Method, path, b.status, b.body)
				}
			} else if a.status != http.StatusNotFound || !strings.Contains(a.body, refused) {
				t.Errorf("%s %s answers the %s of a %s with %d", o.Method, path, h.role, h.kind, a.status)
			}
		}
	}
	for name := range operations {
		if !slices.ContainsFunc(s.api.Operations, func(o rest.Operation) bool { return o.Method+" "+o.Path == name }) {
			t.Errorf("the table names %s, which is no operation", name)
		}
	}
}

func TestTheAPIIsDescribed(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	if ok, mistakes := s.describe(t).ValidateDocument(); !ok {
		for _, m := range mistakes {
			t.Errorf("%s: %s %v", m.Message, m.Reason, m.SchemaValidationErrors)
		}
	}
	a := (&program{t, s, ""}).send("GET", rest.Description, "")
	var doc struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			Summary    string `json:"summary"`
			Scope      string `json:"x-scope"`
			Parameters []struct {
				In, Name string
			}
		} `json:"paths"`
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Fatalf("OpenAPI %s, %v", doc.OpenAPI, err)
	}
	n := 0
	for path, methods := range doc.Paths {
		for method, o := range methods {
			if n++; o.Summary == "" || o.Scope == "" {
				t.Errorf("%s %s says nothing", method, path)
			}
			for _, name := range placeholder.FindAllString(path, -1) {
				if !slices.ContainsFunc(o.Parameters, func(p struct{ In, Name string }) bool { return p.In == "path" && "{"+p.Name+"}" == name }) {
					t.Errorf("%s %s does not say what %s is", method, path, name)
				}
			}
		}
	}
	if n != len(s.api.Operations) {
		t.Errorf("%d operations are described, %d there", n, len(s.api.Operations))
	}
}

func TestEveryPathButTheDescriptionNeedsAToken(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		account := s.account(t, "boss", whole(org.Executive))
		c, nobody := s.calls(t, account), &program{t, s, ""}
		for _, path := range []string{"/api/", "/api/v1", "/api/v1/", "/api/v1/units", "/api/v1/nothing", "/api/openapi.yaml", "/api/openapi-3.0.json", "/api/docs", "/api/schemas/UnitAnswer.json", "/api/openapi.json/x"} {
			a := nobody.send("GET", path, "")
			if a.status != http.StatusUnauthorized || a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s without a token: %d %s", path, a.status, a.body)
			}
		}
		if a := nobody.send("GET", rest.Description, ""); a.status != http.StatusOK {
			t.Errorf("the description: %d", a.status)
		}
		if a := c.send("GET", "/api/v1/nothing", ""); a.status != http.StatusNotFound || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("nothing: %d %s", a.status, a.body)
		}
		if a := c.send("POST", "/api/v1/units", "{}"); a.status != http.StatusMethodNotAllowed {
			t.Errorf("a wrong method: %d %s", a.status, a.body)
		}
		for what, token := range map[string]string{"another secret": c.token[:len(c.token)-4] + "0000", "no organisation": "tl_" + c.token[len(c.token)-40:], "a word": "secret", "another organisation": strings.Replace(c.token, s.organisation, s.founding(t, "others").organisation, 1)} {
			if a := (&program{t, s, token}).ask("GET", "/organisation", ""); a.status != http.StatusUnauthorized {
				t.Errorf("%s: %d", what, a.status)
			}
		}
		// A cookie lets nobody in: no other site can make a browser ask.
		boss := s.signIn(t, account)
		if a := boss.get(rest.Base + "/organisation"); a.status != http.StatusUnauthorized {
			t.Errorf("with a cookie: %d", a.status)
		}
		if a := c.ask("GET", "/units?limit=x", "", "Accept-Language", "nl"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"field":"query.limit"`) {
			t.Errorf("a wrong number: %d %s", a.status, a.body)
		}
		if a := c.ask("GET", "/units/x", "", "Accept-Language", "nl"); a.status != http.StatusNotFound || !strings.Contains(a.body, "die eenheid is er niet") && !strings.Contains(a.body, "eenheid") {
			t.Errorf("in Dutch: %d %s", a.status, a.body)
		}
	})
}

// A token speaks for its owner until it ends, is withdrawn, or its owner's account is closed.
func TestATokenIsMadeUsedAndWithdrawn(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		account := s.account(t, "boss", whole(org.Executive))
		boss, admin, other := s.signIn(t, account), s.as(t, "admin", whole(org.Administrator)), s.as(t, "other", whole(org.Employee))
		make := func(form url.Values) answer { return boss.post("/account/tokens", form) }
		good := url.Values{"name": {"figures from the till"}, "scope": {"organisation:read", "strategy:write"}, "days": {"30"}}
		for field, form := range map[string]url.Values{"what the token is for": {"scope": {"strategy:read"}, "days": {"30"}}, "choose what the token is for": {"name": {"x"}, "days": {"30"}}, "there is no scope": {"name": {"x"}, "scope": {"all"}, "days": {"30"}}, "at most a year": {"name": {"x"}, "scope": {"strategy:read"}, "days": {"4000"}}} {
			if a := make(form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.said(), field) {
				t.Errorf("want %s: %d %s", field, a.status, a.said())
			}
		}
		a := make(good)
		token := strings.TrimSpace(a.page().Find("code.code").Text())
		if a.status != http.StatusOK || !strings.HasPrefix(token, "tl_"+s.organisation+"_") || !strings.Contains(a.said(), "never used") {
			t.Fatalf("made: %d %s", a.status, a.said())
		}
		if a := boss.get("/account/tokens"); strings.Contains(a.body, token) || !strings.Contains(a.said(), "One token speaks for you.") {
			t.Errorf("afterwards: %s", a.said())
		}
		c := &program{t, s, token}
		var o fields
		c.must(http.StatusOK, "GET", "/organisation", "", &o)
		if o["owner"] != "boss" || o["short_name"] != "shops" {
			t.Errorf("for whom: %v", o)
		}
		if a := c.ask("GET", "/indicators", ""); a.status != http.StatusForbidden || !strings.Contains(a.body, "lacks the scope strategy:read") {
			t.Errorf("another scope: %d %s", a.status, a.body)
		}
		if a := boss.get("/account/tokens"); !strings.Contains(a.said(), "last used on "+time.Now().UTC().Format(time.DateOnly)) {
			t.Errorf("used: %s", a.said())
		}
		withdrawal, _ := boss.get("/account/tokens").page().Find(`form[action$="/withdrawal"]`).Attr("action")
		if a := other.post(withdrawal, nil); a.status != http.StatusNotFound {
			t.Errorf("somebody else withdraws it: %d", a.status)
		}
		if a := admin.get("/accounts/tokens"); !strings.Contains(a.said(), "figures from the till") || !strings.Contains(a.said(), "boss@example.org") {
			t.Errorf("the administrator sees %s", a.said())
		}
		admin.follow(admin.post(strings.Replace(withdrawal, "/account/", "/accounts/", 1), nil))
		if a := c.ask("GET", "/organisation", ""); a.status != http.StatusUnauthorized {
			t.Errorf("withdrawn: %d", a.status)
		}
		if a := admin.get("/record"); !strings.Contains(a.said(), "token made") || !strings.Contains(a.said(), "token withdrawn") {
			t.Errorf("the record: %s", a.said())
		}
		short := s.calls(t, account, "organisation:read")
		if err := s.Org.CloseAccount(t.Context(), s.organisation, account, "admin"); err != nil {
			t.Fatal(err)
		}
		if a := short.ask("GET", "/organisation", ""); a.status != http.StatusUnauthorized {
			t.Errorf("of a closed account: %d", a.status)
		}
	})
}

func TestARequestUnderAKeyIsAnsweredOnce(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		boss := s.account(t, "boss", whole(org.Executive))
		c := s.calls(t, boss)
		goal := func(name string) string {
			return `{"unit":"` + units["North"] + `","name":"` + name + `","perspective":"customer","begins":"2026-01-01","ends":"2026-12-31"}`
		}
		first := c.ask("POST", "/goals", goal("Nobody waits"), "Idempotency-Key", "one")
		again := c.ask("POST", "/goals", goal("Nobody waits"), "Idempotency-Key", "one")
		if first.status != http.StatusCreated || first.body != again.body || again.status != first.status {
			t.Errorf("twice: %d %s and %d %s", first.status, first.body, again.status, again.body)
		}
		if goals := c.list("/goals/units/" + units["North"]); len(goals) != 1 {
			t.Errorf("%d goals came of it", len(goals))
		}
		if a := c.ask("POST", "/goals", goal("Another"), "Idempotency-Key", "one"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "another request came under this key") {
			t.Errorf("another request: %d %s", a.status, a.body)
		}
		wrong := c.ask("POST", "/goals", goal(""), "Idempotency-Key", "two")
		if b := c.ask("POST", "/goals", goal(""), "Idempotency-Key", "two"); wrong.status != http.StatusUnprocessableEntity || b.body != wrong.body {
			t.Errorf("a mistake twice: %d %s, %s", wrong.status, wrong.body, b.body)
		}
		if other := s.calls(t, s.account(t, "second", whole(org.Executive))); other.ask("POST", "/goals", goal("Another"), "Idempotency-Key", "one").status != http.StatusCreated {
			t.Error("a key of somebody else is in the way")
		}
		if a := c.ask("POST", "/goals", goal("Third"), "Idempotency-Key", strings.Repeat("k", 256)); a.status != http.StatusUnprocessableEntity {
			t.Errorf("a long key: %d", a.status)
		}
		// What was begun and never ended, after a fall, is refused at first.
		request, err := s.Org.BeginAnswer(t.Context(), s.organisation, boss, "fell", "x")
		if err != nil || request.Status != 0 {
			t.Fatal(request, err)
		}
		if a := c.ask("POST", "/goals", goal("Fourth"), "Idempotency-Key", "fell"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("another request under it: %d", a.status)
		}
		// Sent many times at once, it is done once.
		var all sync.WaitGroup
		var lock sync.Mutex
		made := map[string]bool{}
		for range 8 {
			all.Go(func() {
				a := c.send("POST", rest.Base+"/goals", goal("At once"), "Idempotency-Key", "many")
				lock.Lock()
				defer lock.Unlock()
				if a.status == http.StatusCreated {
					made[a.body] = true
				} else if a.status != http.StatusConflict {
					t.Errorf("at once: %d %s", a.status, a.body)
				}
			})
		}
		all.Wait()
		if len(made) != 1 {
			t.Errorf("%d answers to one request", len(made))
		}
		if err := s.Org.ForgetAnswers(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b := c.ask("POST", "/goals", goal("Nobody waits"), "Idempotency-Key", "one"); b.body != first.body {
			t.Error("an answer of today is forgotten")
		}
	})
}

// body is an object as JSON.
func body(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Who looks after systems makes a token on a phone, by keyboard, and sees its secret once.
func TestATokenInTheBrowser(t *testing.T) {
	browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	p := browser.Open(t).Page(390, 900, true, true)
	s.signInOn(t, p, s.account(t, "boss", whole(org.Executive), whole(org.Administrator)))
	p.Goto(s.address + "/account")
	p.Click(`a[href="/account/tokens"]`)
	p.WaitText("Make a token")
	p.Fill("#name", "the till")
	p.Click(`input[value="strategy:write"]`)
	p.TabTo("form.card button.btn")
	p.Press("Enter")
	p.WaitText("The new token")
	p.NoOverflow()
	p.Axe()
	p.Goto(s.address + "/accounts/tokens")
	p.WaitText("One token lets a program in.")
	p.NoOverflow()
	p.Axe()
}

func TestATokenIsMadeByCommand(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.account(t, "boss", whole(org.Executive))
		run := func(mail, scope string) (string, error) {
			var out strings.Builder
			err := MakeToken{Mail: mail, For: "the till", Scopes: []string{scope}, Days: 30}.Run(t.Context(), s.App, &out)
			return strings.TrimSpace(out.String()), err
		}
		token, err := run("Boss@example.org", "organisation:read")
		if err != nil {
			t.Fatal(err)
		}
		var o fields
		(&program{t, s, token}).must(200, "GET", "/organisation", "", &o)
		if o["owner"] != "boss" {
			t.Errorf("for whom: %v", o)
		}
		if _, err := run("nobody@example.org", "organisation:read"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("nobody: %v", err)
		}
		if _, err := run("boss@example.org", "everything"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a scope that is none: %v", err)
		}
	})
}
