package app

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/org"
)

// site is the whole program on a loopback port, with one organisation.
type site struct {
	*App
	address      string
	organisation string
}

// eachSite runs f on both engines.
func eachSite(t *testing.T, f func(t *testing.T, s *site)) {
	dbtest.EachAddress(t, func(t *testing.T, address string) { f(t, newSite(t, address)) })
}

func newSite(t *testing.T, database string) *site {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	server := httptest.NewUnstartedServer(nil)
	s := &site{address: "http://" + server.Listener.Addr().String()}
	s.App, err = New(d, Config{DB: database, Keys: filepath.Join(t.TempDir(), "keys"), Public: s.address})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.Handler
	server.Start()
	t.Cleanup(server.Close)
	s.organisation, err = s.Org.CreateOrganisation(ctx, org.Organisation{Slug: "shops", Name: "Shops", Language: "en"},
		org.Account{Mail: "first@example.org", Name: "First"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// client is a browser without script.
type client struct {
	t *testing.T
	s *site
	*http.Client
}

// anybody is a browser that nobody is signed in with.
func (s *site) anybody(t *testing.T) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as is a browser of somebody with the grants, signed in by a one-time link.
func (s *site) as(t *testing.T, name string, grants ...org.Grant) *client {
	t.Helper()
	ctx := context.Background()
	account, err := s.Org.CreateAccount(ctx, s.organisation, org.Account{Mail: name + "@example.org", Name: name, Grants: grants}, "First")
	if err != nil {
		t.Fatal(err)
	}
	link, err := s.Org.MakeLink(ctx, s.organisation, account)
	if err != nil {
		t.Fatal(err)
	}
	c := s.anybody(t)
	if a := c.post("/sign-in/link/"+link, nil); a.status != http.StatusSeeOther {
		t.Fatalf("signing in: %d %s", a.status, a.body)
	}
	return c
}

// whole grants a role for the whole organisation.
func whole(role org.Role) org.Grant {
	return org.Grant{Role: role, Scope: org.Scope{Kind: org.WholeScope}}
}

type answer struct {
	status   int
	body     string
	location string
	header   http.Header
}

func (c *client) get(path string) answer { return c.do(http.MethodGet, path, nil) }

func (c *client) post(path string, form url.Values) answer { return c.do(http.MethodPost, path, form) }

func (c *client) do(method, path string, form url.Values) answer {
	c.t.Helper()
	r, err := http.NewRequest(method, c.s.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return c.send(r)
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
	return answer{w.StatusCode, string(body), w.Header.Get("Location"), w.Header}
}
