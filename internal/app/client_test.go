package app

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/browser"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
)

// site is the whole program on a loopback port, seen from one organisation.
type site struct {
	*App
	address      string
	organisation string
}

// eachSite runs f on both engines.
func eachSite(t *testing.T, f func(t *testing.T, s *site)) {
	dbtest.EachAddress(t, func(t *testing.T, address string) { f(t, newSite(t, address)) })
}

func newSite(t testing.TB, database string) *site {
	t.Helper()
	return newSiteAt(t, database, nil)
}

// newSiteAt is newSite on a clock; nil is the system's.
func newSiteAt(t testing.TB, database string, now func() time.Time) *site {
	t.Helper()
	d, err := db.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	server := httptest.NewUnstartedServer(nil)
	s := &site{address: "http://" + server.Listener.Addr().String()}
	s.App, err = New(d, Config{DB: database, Keys: filepath.Join(t.TempDir(), "keys"), Public: s.address, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.Handler
	server.Start()
	t.Cleanup(server.Close)
	return s.founding(t, "shops")
}

// founding is the same program seen from a new organisation.
func (s site) founding(t testing.TB, slug string) *site {
	t.Helper()
	var err error
	s.organisation, err = s.Org.CreateOrganisation(t.Context(), org.Organisation{Slug: slug, Name: slug, Language: "en"},
		org.Account{Mail: "first@example.org", Name: "First"})
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

// account makes an account with the grants and returns its id.
func (s *site) account(t testing.TB, name string, grants ...org.Grant) string {
	t.Helper()
	id, err := s.Org.CreateAccount(t.Context(), s.organisation, org.Account{Mail: name + "@example.org", Name: name, Grants: grants}, "First")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// accountOf is the account of a mail address.
func (s *site) accountOf(t testing.TB, mail string) string {
	t.Helper()
	accounts, err := s.Org.Accounts(t.Context(), s.organisation)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		if a.Mail == mail {
			return a.ID
		}
	}
	t.Fatalf("nobody has an account of %s", mail)
	return ""
}

// link is the path of a one-time link to an account.
func (s *site) link(t testing.TB, account string) string {
	t.Helper()
	secret, err := s.Org.MakeLink(t.Context(), s.organisation, account)
	if err != nil {
		t.Fatal(err)
	}
	return "/sign-in/link/" + secret
}

// client is a browser without script.
type client struct {
	t testing.TB
	s *site
	*http.Client
}

// anybody is a browser that nobody is signed in with.
func (s *site) anybody(t testing.TB) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as is a browser of somebody new with the grants.
func (s *site) as(t testing.TB, name string, grants ...org.Grant) *client {
	t.Helper()
	return s.signIn(t, s.account(t, name, grants...))
}

// signIn is a browser of an account's owner.
func (s *site) signIn(t testing.TB, account string) *client {
	t.Helper()
	c := s.anybody(t)
	if a := c.post(s.link(t, account), nil); a.status != http.StatusSeeOther {
		t.Fatalf("signing in: %d %s", a.status, a.body)
	}
	return c
}

// signInOn is signIn in a browser with script.
func (s *site) signInOn(t testing.TB, p *browser.Page, account string) {
	t.Helper()
	p.Goto(s.address + s.link(t, account))
	p.Click("main button")
	p.WaitFor("header nav")
}

// whole grants a role for the whole organisation.
func whole(role org.Role) org.Grant {
	return org.Grant{Role: role, Scope: org.Scope{Kind: org.WholeScope}}
}

func (c *client) get(path string) answer { return c.do(http.MethodGet, path, nil) }

func (c *client) post(path string, form url.Values) answer { return c.do(http.MethodPost, path, form) }

func (c *client) do(method, path string, form url.Values) answer {
	c.t.Helper()
	r := c.request(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return c.send(r)
}

// upload sends a form with files, given as pairs of name and content, and follows
// the answer; the file map.yaml is the map.
func (c *client) upload(path string, fields url.Values, files ...string) answer {
	c.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name := range fields {
		form.WriteField(name, fields.Get(name))
	}
	for i := 0; i < len(files); i += 2 {
		field := map[bool]string{true: "map", false: "file"}[files[i] == "map.yaml"]
		part, err := form.CreateFormFile(field, files[i])
		if err != nil {
			c.t.Fatal(err)
		}
		io.WriteString(part, files[i+1])
	}
	form.Close()
	r := c.request(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return c.follow(c.send(r))
}

func (c *client) request(method, path string, body io.Reader) *http.Request {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.s.address+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *client) send(r *http.Request) answer {
	c.t.Helper()
	w, err := c.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if w.StatusCode >= 500 || trace.Match(body) {
		c.t.Errorf("%s %s: %d %s", r.Method, r.URL, w.StatusCode, body)
	}
	return answer{r.URL.RequestURI(), w.StatusCode, string(body), w.Header.Get("Location"), w.Header}
}

// trace is how a stack trace begins.
var trace = regexp.MustCompile(`goroutine \d+ \[`)

// straight asks the handler itself, without a network between.
func (c *client) straight(r *http.Request) *httptest.ResponseRecorder {
	for _, cookie := range c.Jar.Cookies(r.URL) {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	c.s.Handler.ServeHTTP(w, r)
	return w
}

// follow goes where an answer leads, and looks again while work is under way
// there.
func (c *client) follow(a answer) answer {
	c.t.Helper()
	for range 100 {
		switch {
		case a.location != "":
			a = c.get(a.location)
		case strings.Contains(a.body, `id="work"`):
			a = c.get(a.at)
		default:
			return a
		}
	}
	c.t.Fatalf("%s leads nowhere: %s", a.at, a.said())
	return a
}

// sendForm sends the page's form whose action ends so, as a browser would, and
// follows the answer.
func (c *client) sendForm(a answer, action string, set url.Values) answer {
	c.t.Helper()
	form := a.page().Find(`form[action$="` + action + `"]`).First()
	path, ok := form.Attr("action")
	if !ok {
		c.t.Fatalf("there is no form %s on the page: %s", action, a.said())
	}
	values := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name := field.AttrOr("name", "")
		switch kind := field.AttrOr("type", ""); {
		case field.Is("select"):
			values.Add(name, field.Find("option[selected]").AttrOr("value", ""))
		case field.Is("textarea"):
			values.Add(name, field.Text())
		case kind != "checkbox" && kind != "radio" || field.Is("[checked]"):
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	maps.Copy(values, set)
	return c.follow(c.post(path, values))
}

type answer struct {
	at       string // path that was asked
	status   int
	body     string
	location string
	header   http.Header
}

func (a answer) page() *goquery.Document {
	d, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		panic(err) // any text can be read as a page
	}
	return d
}

// said is the text of a page's main part in one line.
func (a answer) said() string { return text(a.page().Find("main")) }

// tree is the tree on a page in one line.
func (a answer) tree() string { return text(a.page().Find("ul.tree").First()) }

// text is what a part of a page says in one line, a space between its elements.
func text(part *goquery.Selection) string {
	var words []string
	part.Contents().Each(func(_ int, s *goquery.Selection) {
		if goquery.NodeName(s) == "#text" {
			words = append(words, strings.Fields(s.Text())...)
		} else if inside := text(s); inside != "" {
			words = append(words, inside)
		}
	})
	return strings.Join(words, " ")
}

// ticked are the values of the boxes of a name that are ticked on a page.
func (a answer) ticked(name string) (values []string) {
	a.page().Find("[name=" + name + "][checked]").Each(func(_ int, box *goquery.Selection) {
		values = append(values, box.AttrOr("value", ""))
	})
	return values
}
