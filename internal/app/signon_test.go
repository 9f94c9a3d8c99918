package app

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
)

// provider starts a real provider of OpenID Connect on loopback that knows some people, and returns its
// address.
func (s *site) provider(t *testing.T, people map[string]fields) string {
	t.Helper()
	if _, err := os.Stat("../../node_modules/oidc-provider"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("oidc-provider (npm ci) is missing, and under CI=true no test skips")
		}
		t.Skip("oidc-provider (npm ci) is missing")
	}
	node := exec.Command("node", "testdata/oidc/provider.mjs", s.address+"/sign-in/back")
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	node.Stderr = &said
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		node.Wait()
	})
	if err := json.NewEncoder(in).Encode(people); err != nil {
		t.Fatal(err)
	}
	issuer, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider did not start: %v\n%s", err, said.String())
	}
	return strings.TrimSpace(issuer)
}

// walk is a browser that goes the way to a provider and back.
type walk struct {
	t    testing.TB
	site *site
	*http.Client
}

func (s *site) walks(t testing.TB) *walk {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &walk{t, s, &http.Client{Jar: jar}}
}

// read returns the page at the end of all redirects, its address and what it says.
func (w *walk) read(a *http.Response, err error) (*goquery.Document, *url.URL, string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	defer a.Body.Close()
	page, err := goquery.NewDocumentFromReader(a.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return page, a.Request.URL, strings.Join(strings.Fields(page.Find("main, body").First().Text()), " ")
}

// signOn goes from our page to the provider, signs in there under a name, agrees, and comes back.
func (w *walk) signOn(slug, name string) (at, said string) {
	w.t.Helper()
	page, where, said := w.read(w.Get(w.site.address + "/sign-in/with/" + slug))
	for range 3 {
		form := page.Find(`form[method="post"]`).First()
		action, there := form.Attr("action")
		if !there || "http://"+where.Host == w.site.address {
			break
		}
		values := url.Values{"login": {name}, "password": {"any"}}
		form.Find("input[type=hidden]").Each(func(_ int, in *goquery.Selection) { values.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
		to, err := where.Parse(action)
		if err != nil {
			w.t.Fatal(err)
		}
		page, where, said = w.read(w.PostForm(to.String(), values))
	}
	return where.Path, said
}

// set is the form by which a sign-on is set up.
func set(issuer string, more url.Values) url.Values {
	form := url.Values{"name": {"Shops"}, "issuer": {issuer}, "client": {"throughline"}, "secret": {"what only the client knows"}, "scopes": {"groups"}, "claim": {"groups"}, "makes": {"yes"},
		"rules": {"tl-board, executive\ntl-north, manager, Shops/North\ntl-north, coach\n"}}
	for field, values := range more {
		form[field] = values
	}
	return form
}

// The people of an organisation sign in at a real provider of their own: by verified mail, by subject ever after,
// with roles by their groups, which go when the groups do.
func TestPeopleSignOnAtTheirOwnProvider(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		issuer := s.provider(t, map[string]fields{
			"ada":     {"email": "admin@example.org", "email_verified": true, "name": "Ada", "groups": []string{}},
			"dee":     {"email": "Dee@example.org", "email_verified": true, "name": "Dee D", "groups": []string{"tl-board", "others"}},
			"bo":      {"email": "bo@example.org", "email_verified": true, "name": "Bo B", "groups": []string{"tl-north"}},
			"liar":    {"email": "admin@example.org", "email_verified": false, "name": "Eve", "groups": []string{"tl-board"}},
			"other":   {"email": "admin@example.org", "email_verified": true, "name": "Eve", "groups": []string{}},
			"guest":   {"email": "guest@example.org", "email_verified": true, "name": "Guest", "groups": []string{}},
			"nowhere": {"name": "No mail", "groups": []string{"tl-board"}},
		})
		account := s.account(t, "admin", whole(org.Administrator))
		admin := s.signIn(t, account)
		for want, form := range map[string]url.Values{
			"write the address of the provider":      set("ftp://example.org", nil),
			"http://127.0.0.1:1 does not answer":     set("http://127.0.0.1:1", nil),
			"line 1: there is no role":               set(issuer, url.Values{"rules": {"tl-board, king"}}),
			"line 2: there is no unit":               set(issuer, url.Values{"rules": {"tl-board, executive\nx, manager, Shops/West"}}),
			"name the claim":                         set(issuer, url.Values{"claim": {""}}),
			"sign in this way once yourself":         set(issuer, url.Values{"local-off": {"yes"}}),
			"write what the provider calls this":     set(issuer, url.Values{"client": {""}}),
			"say in at most 60 bytes what stands on": set(issuer, url.Values{"name": {" "}}),
		} {
			if a := admin.post("/sign-on", form); a.status != http.StatusUnprocessableEntity && a.status != http.StatusConflict || !strings.Contains(a.said(), want) {
				t.Errorf("want %s: %d %s", want, a.status, a.said())
			}
		}
		if a := admin.follow(admin.post("/sign-on", set(issuer, nil))); !strings.Contains(a.said(), "People sign in with Shops.") || strings.Contains(a.body, "what only the client knows") {
			t.Fatalf("set up: %s", a.said())
		}
		if a := s.anybody(t).get("/sign-in"); !strings.Contains(a.said(), "Sign in with Shops") || !strings.Contains(a.said(), "Password") {
			t.Errorf("the page to sign in: %s", a.said())
		}

		dee := s.walks(t)
		if at, said := dee.signOn("shops", "dee"); at != "/" || !strings.Contains(said, "Dee") && !strings.Contains(said, "first indicators") {
			t.Fatalf("Dee is at %s: %s", at, said)
		}
		made, err := s.Org.Account(t.Context(), s.organisation, s.accountOf(t, "dee@example.org"))
		if err != nil || made.Name != "Dee D" || len(made.Grants) != 2 || made.Grants[1].Role != org.Executive {
			t.Errorf("Dee's account: %+v, %v", made, err)
		}
		bo := s.walks(t)
		if at, said := bo.signOn("shops", "bo"); at != "/" {
			t.Fatalf("Bo is at %s: %s", at, said)
		}
		made, err = s.Org.Account(t.Context(), s.organisation, s.accountOf(t, "bo@example.org"))
		if err != nil || len(made.Grants) != 3 || made.Grants[1].Role != org.Manager || made.Grants[1].Scope.Kind != org.UnitScope {
			t.Errorf("Bo's account: %+v, %v", made, err)
		}
		for name, want := range map[string]string{"liar": "names no mail address that it has verified", "nowhere": "names no mail address that it has verified", "guest": "guest@example.org has no account here"} {
			if at, said := s.walks(t).signOn("shops", name); at != "/sign-in/back" || !strings.Contains(said, want) {
				t.Errorf("%s is at %s: %s", name, at, said)
			}
		}
		if at, said := s.walks(t).signOn("shops", "ada"); at != "/" {
			t.Fatalf("the administrator is at %s: %s", at, said)
		}
		if at, said := s.walks(t).signOn("shops", "other"); at != "/sign-in/back" || !strings.Contains(said, "somebody else at the provider uses") {
			t.Errorf("another subject with the same address is at %s: %s", at, said)
		}

		// The rules have changed: what they gave goes, what an administrator gave stays.
		if err := s.Org.Grant(t.Context(), s.organisation, made.ID, whole(org.HeadOfLearning), "admin"); err != nil {
			t.Fatal(err)
		}
		admin.follow(admin.post("/sign-on", set(issuer, url.Values{"secret": {""}, "rules": {"tl-north, leader"}})))
		if at, said := s.walks(t).signOn("shops", "bo"); at != "/" {
			t.Fatalf("Bo is at %s: %s", at, said)
		}
		made, _ = s.Org.Account(t.Context(), s.organisation, made.ID)
		var roles []string
		for _, g := range made.Grants {
			roles = append(roles, string(g.Role))
		}
		if got := strings.Join(roles, " "); got != "employee head-of-learning leader" {
			t.Errorf("Bo is now %s", got)
		}

		// Without local accounts nobody signs in by password or mailed link.
		if err := s.Org.SetPassword(t.Context(), s.organisation, account, "from diagnosis to proof"); err != nil {
			t.Fatal(err)
		}
		admin.follow(admin.post("/sign-on", set(issuer, url.Values{"secret": {""}, "local-off": {"yes"}})))
		nobody := s.anybody(t)
		if a := nobody.get("/sign-in"); strings.Contains(a.said(), "Password") {
			t.Errorf("without local accounts: %s", a.said())
		}
		if a := nobody.post("/sign-in", url.Values{"mail": {"admin@example.org"}, "password": {"from diagnosis to proof"}}); a.status != http.StatusForbidden {
			t.Errorf("a password: %d", a.status)
		}
		if links, err := s.Org.AskedLinks(t.Context(), "admin@example.org"); err != nil || len(links) != 0 {
			t.Errorf("a mailed link: %v, %v", links, err)
		}
		if links, err := s.Org.MakeLinks(t.Context(), "admin@example.org"); err != nil || len(links) != 1 {
			t.Errorf("a link of the command line: %v, %v", links, err)
		}
		if at, said := s.walks(t).signOn("shops", "ada"); at != "/" {
			t.Errorf("the administrator is at %s: %s", at, said)
		}
		if err := s.Org.CloseAccount(t.Context(), s.organisation, made.ID, "admin"); err != nil {
			t.Fatal(err)
		}
		if at, said := s.walks(t).signOn("shops", "bo"); at != "/sign-in/back" || !strings.Contains(said, "this account is closed") {
			t.Errorf("a closed account is at %s: %s", at, said)
		}
		admin.follow(admin.post("/sign-on", url.Values{"do": {"remove"}}))
		if a := nobody.get("/sign-in/with/shops"); a.status != http.StatusNotFound {
			t.Errorf("removed: %d", a.status)
		}
		if made, _ = s.Org.Account(t.Context(), s.organisation, made.ID); slices.ContainsFunc(made.Grants, func(g org.Grant) bool { return g.Role == org.Leader }) || len(made.Grants) != 2 {
			t.Errorf("roles that the rules gave stay: %+v", made.Grants)
		}
		for _, who := range []org.Identity{{Issuer: "x", Mail: "admin@example.org", Verified: true}, {Issuer: "x", Subject: "1", Mail: "ad\u212Ain@example.org", Verified: true}} {
			if d, err := s.Org.Welcome(t.Context(), s.organisation, org.SignOn{Issuer: "x"}, who); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%+v is let in as %+v: %v", who, d, err)
			}
		}
	})
}

// What comes back must belong to what was begun here.
func TestAWayBackThatWasNotBegunIsRefused(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	issuer := s.provider(t, map[string]fields{"ada": {"email": "admin@example.org", "email_verified": true}})
	admin := s.as(t, "admin", whole(org.Administrator))
	admin.post("/sign-on", set(issuer, url.Values{"rules": {""}}))
	c := s.anybody(t)
	for _, path := range []string{"/sign-in/back", "/sign-in/back?code=x&state=y"} {
		if a := c.get(path); a.status != http.StatusForbidden || !strings.Contains(a.said(), "begin anew") {
			t.Errorf("%s, not begun: %d %s", path, a.status, a.said())
		}
	}
	begun := c.get("/sign-in/with/shops")
	to, err := url.Parse(begun.location)
	if err != nil || begun.status != http.StatusSeeOther {
		t.Fatal(begun.status, err)
	}
	q := to.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("nonce") == "" || q.Get("response_type") != "code" || q.Get("redirect_uri") != s.address+"/sign-in/back" {
		t.Errorf("it leads to %s", to)
	}
	for what, back := range map[string]string{"another state": "code=x&state=other", "another provider": "code=x&iss=https%3A%2F%2Fevil.example&state=" + q.Get("state"), "a refusal": "error=access_denied&state=" + q.Get("state"), "a code that is none": "code=made-up&state=" + q.Get("state")} {
		c := s.anybody(t)
		state := mustQuery(t, c.get("/sign-in/with/shops").location).Get("state")
		if a := c.get("/sign-in/back?" + strings.ReplaceAll(back, q.Get("state"), state)); a.status != http.StatusForbidden || strings.Contains(a.said(), "made-up") {
			t.Errorf("%s: %d %s", what, a.status, a.said())
		}
		if a := c.get("/sign-in/back?code=x&state=" + state); a.status != http.StatusForbidden || !strings.Contains(a.said(), "begin anew") {
			t.Errorf("%s, a second time: %d", what, a.status)
		}
	}
	if a := c.get("/sign-in/with/nobody"); a.status != http.StatusNotFound {
		t.Errorf("an organisation that is not there: %d", a.status)
	}
}

func mustQuery(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestTheSecretOfASignOnNeedsTheKeyFolder(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		so := org.SignOn{Name: "Shops", Issuer: "https://login.example.org", Client: "c", Secret: "hush"}
		if err := s.Org.SaveSignOn(t.Context(), s.organisation, so, "", "Ada"); err != nil {
			t.Fatal(err)
		}
		if got, _, err := s.Org.SignOn(t.Context(), s.organisation); err != nil || got.Secret != "hush" {
			t.Errorf("%+v, %v", got, err)
		}
		stranger := s.founding(t, "strangers")
		if _, found, err := s.Org.SignOn(t.Context(), stranger.organisation); err != nil || found {
			t.Errorf("another organisation: %v, %v", found, err)
		}
		without := s.Org
		without.Keys.Folder = t.TempDir()
		if _, _, err := without.SignOn(t.Context(), s.organisation); fault.KindOf(err) != fault.Conflict {
			t.Errorf("without the key: %v", err)
		}
	})
}

func TestSignOnInTheBrowser(t *testing.T) {
	browser.Open(t)
	s := newSite(t, dbtest.SQLite(t))
	issuer := s.provider(t, map[string]fields{"ada": {"email": "admin@example.org", "email_verified": true}})
	p := browser.Open(t).Page(390, 900, true, true)
	s.signInOn(t, p, s.account(t, "admin", whole(org.Administrator)))
	p.Goto(s.address + "/sign-on")
	p.WaitText("Nobody signs in at a provider of your own yet.")
	p.NoOverflow()
	p.Axe()
	p.Fill("#name", "Shops")
	p.Fill("#issuer", issuer)
	p.Fill("#client", "throughline")
	p.TabTo("form.card button.btn")
	p.Press("Enter")
	p.WaitText("People sign in with Shops.")
	p.NoOverflow()
	p = browser.Open(t).Page(1280, 900, false, false)
	p.Goto(s.address + "/sign-in")
	p.WaitText("Sign in with Shops")
	p.NoOverflow()
	p.Axe()
}
