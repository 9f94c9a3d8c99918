package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"throughline/internal/app"
	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/period"
	"throughline/internal/org"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"
)

// site is an installation with one organisation, answering requests.
type site struct {
	*testing.T
	*app.App
	organisation string
	server       *httptest.Server
}

func eachSite(t *testing.T, f func(s site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, err := app.New(d, app.Config{DB: "test", Keys: t.TempDir(), Addr: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(a.Handler)
		t.Cleanup(server.Close)
		s := site{t, a, "", server}
		s.organisation = s.found("acme")
		f(s)
	})
}

// found makes an organisation with an administrator and returns its id.
func (s site) found(slug string) string {
	s.Helper()
	id, err := s.Org.CreateOrganisation(s.Context(), org.Organisation{Slug: slug, Name: slug, Language: "en"},
		org.Account{Mail: "admin@" + slug + ".example", Name: "Admin"})
	if err != nil {
		s.Fatal(err)
	}
	return id
}

// visitor is somebody with a browser.
type visitor struct {
	site
	client *http.Client
}

// signIn lets the owner of an account in by a one-time link.
func (s site) signIn(mail string) visitor {
	s.Helper()
	links, err := s.Org.MakeLinks(s.Context(), mail)
	if err != nil || len(links) != 1 {
		s.Fatalf("link for %s: %v, %v", mail, links, err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	v := visitor{s, &http.Client{Jar: jar}}
	if code, _, _ := v.post("/sign-in/link/"+links[0].Secret, nil); code != http.StatusOK {
		s.Fatalf("signing %s in: %d", mail, code)
	}
	return v
}

// with makes an account with the grants and signs its owner in.
func (s site) with(grants ...org.Grant) visitor {
	s.Helper()
	mail := fmt.Sprintf("%s%d@acme.example", grants[0].Role, len(grants)) + ""
	mail = strings.Replace(mail, "@", "-"+grants[0].Scope.ID+"@", 1)
	if _, err := s.Org.CreateAccount(s.Context(), s.organisation, org.Account{Mail: mail, Name: "Some One", Grants: grants}, "test"); err != nil {
		s.Fatal(err)
	}
	return s.signIn(mail)
}

// ask sends a request and returns the status, the path at which it ended, and
// the page.
func (v visitor) ask(r *http.Request) (code int, path string, body string) {
	v.Helper()
	answer, err := v.client.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.Fatal(err)
	}
	if answer.StatusCode >= 500 || strings.Contains(string(text), "goroutine ") {
		v.Errorf("%s %s: %d %s", r.Method, r.URL, answer.StatusCode, text)
	}
	return answer.StatusCode, answer.Request.URL.RequestURI(), string(text)
}

func (v visitor) get(path string) (code int, body string) {
	v.Helper()
	r, err := http.NewRequestWithContext(v.Context(), "GET", v.server.URL+path, nil)
	if err != nil {
		v.Fatal(err)
	}
	code, _, body = v.ask(r)
	return code, body
}

func (v visitor) post(path string, form url.Values) (code int, at, body string) {
	v.Helper()
	r, err := http.NewRequestWithContext(v.Context(), "POST", v.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.ask(r)
}

// handIn uploads files, given as pairs of name and content; the file map.yaml is
// the map.
func (v visitor) handIn(day string, files ...string) (code int, at, body string) {
	v.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	form.WriteField("day", day)
	for i := 0; i < len(files); i += 2 {
		field := map[bool]string{true: "map", false: "file"}[files[i] == "map.yaml"]
		part, err := form.CreateFormFile(field, files[i])
		if err != nil {
			v.Fatal(err)
		}
		io.WriteString(part, files[i+1])
	}
	form.Close()
	r, err := http.NewRequestWithContext(v.Context(), "POST", v.server.URL+"/roster/files", &b)
	if err != nil {
		v.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return v.ask(r)
}

// sendForm sends the page's form whose action ends so, as a browser would.
func (v visitor) sendForm(body, action string, set url.Values) (code int, at, answer string) {
	v.Helper()
	form := page(v.T, body).Find(`form[action$="` + action + `"]`).First()
	path, ok := form.Attr("action")
	if !ok {
		v.Fatalf("there is no form %s on the page: %s", action, said(body))
	}
	values := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name := field.AttrOr("name", "")
		switch kind := field.AttrOr("type", ""); {
		case field.Is("select"):
			values.Add(name, field.Find("option[selected]").AttrOr("value", ""))
		case field.Is("textarea"):
			values.Add(name, field.Text())
		case kind != "checkbox" || field.Is("[checked]"):
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	maps.Copy(values, set)
	return v.post(path, values)
}

// bring takes a file through upload, columns, preview and confirmation.
func (v visitor) bring(day string, files ...string) {
	v.Helper()
	_, at, body := v.handIn(day, files...)
	if !strings.HasSuffix(at, "/preview") {
		_, at, body = v.sendForm(body, "/map", nil)
	}
	if !strings.HasSuffix(at, "/preview") {
		v.Fatalf("no preview at %s: %s", at, said(body))
	}
	if code, at, body := v.sendForm(body, "/import", nil); code != http.StatusOK || !strings.HasPrefix(at, "/units?day="+day) {
		v.Fatalf("import: %d at %s: %s", code, at, said(body))
	}
}

func page(t *testing.T, body string) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// said is the text of a page's main part in one line.
func said(body string) string {
	d, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		return err.Error()
	}
	return text(d.Find("main"))
}

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

// tree is the tree on a page in one line.
func tree(t *testing.T, body string) string {
	t.Helper()
	return text(page(t, body).Find("ul.tree").First())
}

const january = `Personeelsnummer;Naam;E-mail;Afdelingspad;Vestiging;Land;Level;Partner;Leidinggevende;FTE;Ploeg;Management team;Chair
1;Ann Ng;ann@acme.example;Acme;Delft;NL;executive;;;1;;Board;yes
2;Bo Lee;bo@acme.example;Acme/Shops;Delft;NL;manager;;1;0,8;dag;Board;
3;Cy =1+1;cy@acme.example;Acme/Shops/One;Gent;BE;employee;Frank Ltd;2;1;nacht;;
4;Dee;;Acme/Depot;Gent;BE;employee;Frank Ltd;1;0,5;;;
`

var april = strings.NewReplacer("4;Dee;;Acme/Depot;Gent;BE;employee;Frank Ltd;1;0,5;;;\n", "5;Eli;;Acme/Shops/One;Gent;BE;employee;;2;1;;;\n",
	"3;Cy =1+1;cy@acme.example;Acme/Shops/One", "3;Cy =1+1;cy@acme.example;Acme/Shops").Replace(january)

func TestARosterIsHandedInMappedPreviewedConfirmedAndTakenBack(t *testing.T) {
	eachSite(t, func(s site) {
		lead := s.signIn("admin@acme.example")
		if _, body := lead.get("/units"); !strings.Contains(said(body), "There is no roster yet.") {
			s.Errorf("before the first import: %s", said(body))
		}
		_, at, body := lead.handIn("2026-01-01", "jan.csv", january)
		mapped := page(s.T, body)
		for id, want := range map[string]string{
			"people.key": "Personeelsnummer", "people.name": "Naam", "people.mail": "E-mail", "people.unit_path": "Afdelingspad",
			"people.location": "Vestiging", "people.manager": "Leidinggevende", "teams.person": "Personeelsnummer", "people.unit": "",
		} {
			if got := mapped.Find(`select[name="`+id+`"] option[selected]`).AttrOr("value", ""); got != want {
				s.Errorf("%s is recognised as %q, want %q", id, got, want)
			}
		}
		_, _, body = lead.sendForm(body, "/map", url.Values{"attribute": {"Ploeg"}})
		if text := said(body); !strings.Contains(text, "The first roster: 4 people in 4 units") {
			s.Fatalf("preview: %s", text)
		}
		if _, units := lead.get("/units?day=2026-01-01"); !strings.Contains(said(units), "There is no roster yet.") {
			s.Error("the preview has saved something")
		}
		if code, yaml := lead.get(at + "/map.yaml"); code != http.StatusOK || !strings.Contains(yaml, "key:") || !strings.Contains(yaml, "Ploeg") {
			s.Errorf("map file: %d %s", code, yaml)
		}
		code, at, body := lead.sendForm(body, "/import", nil)
		if want := "Acme 4 people (3.30 FTE) 3 units below Depot 1 person (0.50 FTE) Shops 2 people (1.80 FTE) one unit below One 1 person"; code != http.StatusOK || at != "/units?day=2026-01-01" || tree(s.T, body) != want {
			s.Fatalf("import: %d at %s: %s", code, at, said(body))
		}
		if code, _, _ := lead.sendForm(`<form action="`+at+`/import">`, "/import", nil); code == http.StatusOK {
			s.Error("one upload was imported twice")
		}

		// The second file has the same headings: the map is remembered.
		_, _, body = lead.handIn("2026-04-01", "apr.csv", april)
		if page(s.T, body).Find(`input[name="attribute"][value="Ploeg"][checked]`).Length() != 1 {
			s.Error("the chosen attribute is not remembered")
		}
		_, _, body = lead.sendForm(body, "/map", nil)
		if text := said(body); !strings.Contains(text, "People: 1 new, 0 changed, 1 moved, 1 gone") || !strings.Contains(text, "Units kept: 3 of 4; gone: 1; new: 0.") ||
			!strings.Contains(text, "from Acme/Shops/One to Acme/Shops") {
			s.Fatalf("second preview: %s", text)
		}
		lead.sendForm(body, "/import", nil)
		for day, want := range map[string]string{
			"2026-04-01": "Acme 4 people (3.80 FTE) 2 units below Shops 3 people (2.80 FTE) one unit below One 1 person",
			"2026-03-31": "Acme 4 people (3.30 FTE) 3 units below Depot 1 person (0.50 FTE) Shops 2 people (1.80 FTE) one unit below One 1 person",
			"2025-12-31": "",
		} {
			if _, body := lead.get("/units?day=" + day); tree(s.T, body) != want {
				s.Errorf("%s: %s, want %s", day, tree(s.T, body), want)
			}
		}

		_, body = lead.get("/roster")
		if _, _, body = lead.sendForm(body, "/withdrawal", nil); !strings.Contains(said(body), "The import is taken back") {
			s.Errorf("take back: %s", said(body))
		}
		if _, body := lead.get("/units?day=2026-04-01"); !strings.Contains(tree(s.T, body), "Depot") {
			s.Errorf("after taking back: %s", tree(s.T, body))
		}

		for _, format := range []string{"csv", "xlsx"} {
			code, file := lead.get("/roster/export?day=2026-05-01&format=" + format)
			if code != http.StatusOK {
				s.Fatalf("export: %d %s", code, file)
			}
			_, _, body := lead.handIn("2026-05-01", "export."+format, file)
			if _, _, body = lead.sendForm(body, "/map", nil); !strings.Contains(said(body), "These files say what the roster says already.") {
				s.Errorf("the %s export imported again: %s", format, said(body))
			}
		}
	})
}

// zipped is a workbook's kind of file that is none.
func zipped(t *testing.T) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "xl/workbook.xml", "yl/workbook.xml")
}

func TestBadFilesGetASentenceAndChangeNothing(t *testing.T) {
	const people = "map.yaml"
	eachSite(t, func(s site) {
		lead := s.signIn("admin@acme.example")
		lead.bring("2026-01-01", "jan.csv", january)
		_, before := lead.get("/units?day=2026-06-01")
		tooDeep := "people: {key: Id, unit: Unit, parent_unit: Parent}"
		for name, c := range map[string]struct {
			files []string
			want  string
		}{
			"an unknown column":    {[]string{"a.csv", "Id,Unit\n1,A\n", people, "people: {key: Nummer, unit: Unit}"}, `a.csv has no column "Nummer"`},
			"an empty file":        {[]string{"a.csv", ""}, "a.csv"},
			"headings only":        {[]string{"a.csv", "Id,Unit\n", people, "people: {key: Id, unit: Unit}"}, "has headings but no rows"},
			"a zip named .xlsx":    {[]string{"a.xlsx", zipped(s.T)}, "a.xlsx"},
			"a cycle":              {[]string{"a.csv", "Id,Unit,Parent\n1,A,B\n2,B,A\n", people, tooDeep}, "goes round in a circle"},
			"two roots":            {[]string{"a.csv", "Id,Unit,Parent\n1,A,\n2,B,\n", people, tooDeep}, "has 2 roots"},
			"an unknown map key":   {[]string{"a.csv", "Id,Unit\n1,A\n", people, "peple: {key: Id}"}, "peple"},
			"a map without a key":  {[]string{"a.csv", "Id,Unit\n1,A\n", people, "people: {unit: Unit}"}, "must say which column is key"},
			"a level that is none": {[]string{"a.csv", "Id,Unit,Level\n1,A,boss\n", people, "people: {key: Id, unit: Unit, level: Level}"}, `"boss" is not a level`},
			"a person twice":       {[]string{"a.csv", "Id,Unit\n1,A\n1,A\n", people, "people: {key: Id, unit: Unit}"}, "stands already on line 2"},
			"no file":              {nil, "choose the roster's files"},
		} {
			code, _, body := lead.handIn("2026-06-01", c.files...)
			if code != http.StatusUnprocessableEntity || !strings.Contains(said(body), c.want) {
				s.Errorf("%s: %d %s", name, code, said(body))
			}
		}
		if code, _, body := lead.handIn("2025-01-01", "a.csv", january, people, "people: {key: Personeelsnummer, unit_path: Afdelingspad}"); code != http.StatusUnprocessableEntity || !strings.Contains(said(body), "the last import holds from 2026-01-01") {
			s.Errorf("a day in the past: %d %s", code, said(body))
		}
		if code, _, body := lead.handIn("31 January", "a.csv", january); code != http.StatusUnprocessableEntity || !strings.Contains(said(body), "is not a day") {
			s.Errorf("no day: %d %s", code, said(body))
		}
		if _, after := lead.get("/units?day=2026-06-01"); after != before {
			s.Errorf("something has changed: %s", said(after))
		}
	})
}

func TestBadRowsAreNamedOnThePageAndInAFile(t *testing.T) {
	eachSite(t, func(s site) {
		lead := s.signIn("admin@acme.example")
		code, at, body := lead.handIn("2026-01-01", "a.csv", "Id,Unit,Mail\n1,A,ann@acme.example\n2,A,=cmd\n", "map.yaml", "people: {key: Id, unit: Unit, mail: Mail}")
		if text := said(body); code != http.StatusUnprocessableEntity || !strings.Contains(text, "One mistake stops the import.") || !strings.Contains(text, `a.csv 3 Mail "=cmd" is not a mail address`) {
			s.Errorf("page: %d %s", code, text)
		}
		_, file := lead.get(strings.TrimSuffix(at, "/preview") + "/errors.csv")
		if want := "\ufeffFile,Line,Column,Reason,Id,Unit,Mail\n" + `a.csv,3,Mail,"'""=cmd"" is not a mail address",2,A,'=cmd`; !strings.HasPrefix(strings.ReplaceAll(file, "\r", ""), want) {
			s.Errorf("file: %s", file)
		}
	})
}

// endless is a body of zeros that counts what is taken of it.
type endless struct{ left, taken int64 }

func (e *endless) Read(b []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), e.left)
	e.left -= n
	e.taken += n
	return int(n), nil
}

func TestALargeFileIsRefusedBeforeItIsKept(t *testing.T) {
	eachSite(t, func(s site) {
		lead := s.signIn("admin@acme.example")
		for name, length := range map[string]int64{"said beforehand": 200 << 20, "not said": -1} {
			head := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
			body := &endless{left: 200<<20 - int64(len(head))}
			r, err := http.NewRequestWithContext(s.Context(), "POST", s.server.URL+"/roster/files", io.MultiReader(strings.NewReader(head), body))
			if err != nil {
				s.Fatal(err)
			}
			r.ContentLength = length
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			recorder := httptest.NewRecorder()
			server, _ := url.Parse(s.server.URL)
			for _, c := range lead.client.Jar.Cookies(server) {
				r.AddCookie(c)
			}
			s.Handler.ServeHTTP(recorder, r)
			if text := said(recorder.Body.String()); recorder.Code != http.StatusUnprocessableEntity || !strings.Contains(text, "larger than 100 MB") {
				s.Errorf("%s: %d %s", name, recorder.Code, text)
			}
			if length < 0 && body.taken > 120<<20 {
				s.Errorf("%d bytes were read", body.taken)
			}
		}
	})
}

func TestAManagerSeesTheOwnSubtreeOnly(t *testing.T) {
	eachSite(t, func(s site) {
		lead := s.signIn("admin@acme.example")
		lead.bring("2026-01-01", "jan.csv", january)
		structure, err := s.Org.Structure(s.Context(), s.organisation, "2026-02-01")
		if err != nil {
			s.Fatal(err)
		}
		unit, people := map[string]string{}, map[string]string{}
		for _, u := range structure.Units {
			unit[u.Name] = u.ID
		}
		for key := range map[string]bool{"1": true, "2": true, "3": true, "4": true} {
			p, err := s.Org.PersonByKey(s.Context(), s.organisation, key, "2026-02-01")
			if err != nil {
				s.Fatal(err)
			}
			people[key] = p.ID
		}
		shops := org.Scope{Kind: org.UnitScope, ID: unit["Shops"]}
		manager := s.with(org.Grant{Role: org.Manager, Scope: shops})
		executive := s.with(org.Grant{Role: org.Executive, Scope: org.Scope{Kind: org.WholeScope}})
		s.checkSeen("manager", manager, map[string]bool{
			"/units/" + unit["Shops"]: true, "/units/" + unit["One"]: true, "/units/" + unit["Acme"]: false, "/units/" + unit["Depot"]: false,
			"/people/" + people["2"]: true, "/people/" + people["3"]: true, "/people/" + people["1"]: false, "/people/" + people["4"]: false,
			"/roster": false, "/roster/export?format=csv": false, "/locations": true, "/units/none": false, "/people/none": false,
		})
		s.checkSeen("executive", executive, map[string]bool{"/units/" + unit["Depot"]: true, "/people/" + people["2"]: false, "/roster": false})
		if _, body := manager.get("/units"); tree(s.T, body) != "Shops 2 people (1.80 FTE) one unit below One 1 person" || strings.Contains(body, "Depot") {
			s.Errorf("the manager's tree: %s", tree(s.T, body))
		}
		if _, body := manager.get("/units/" + unit["Shops"]); !strings.Contains(body, "Bo Lee") || strings.Contains(body, "Ann Ng") {
			s.Errorf("the manager's unit: %s", said(body))
		}
		for who, v := range map[string]visitor{"manager": manager, "executive": executive} {
			_, body := v.get("/search?q=e")
			want := map[string]string{"manager": "Bo Lee Cy =1+1", "executive": ""}[who]
			var names []string
			page(s.T, body).Find(`a[href^="/people/"]`).Each(func(_ int, a *goquery.Selection) { names = append(names, a.Text()) })
			if strings.Join(names, " ") != want {
				s.Errorf("the %s finds %q", who, names)
			}
		}
		if _, body := manager.get("/locations"); !strings.Contains(said(body), "Gent 1") || !strings.Contains(said(body), "NL 1 person (0.80 FTE) Location People Delft 1") {
			s.Errorf("the manager's locations: %s", said(body))
		}

		other := s.found("other")
		stranger := s.signIn("admin@other.example")
		for _, path := range []string{"/units/" + unit["Acme"], "/people/" + people["1"]} {
			if code, _ := stranger.get(path); code != http.StatusNotFound {
				s.Errorf("%s: another organisation (%s) gets %d", path, other, code)
			}
		}
		_, at, _ := lead.handIn("2026-06-01", "jan.csv", january)
		for _, part := range []string{"", "/preview", "/map.yaml", "/errors.csv"} {
			if code, _ := stranger.get(at + part); code != http.StatusNotFound {
				s.Errorf("%s: another organisation gets %d", at+part, code)
			}
		}
		if code, _, _ := stranger.post(at+"/import", nil); code != http.StatusNotFound {
			s.Errorf("another organisation imports: %d", code)
		}
	})
}

func (s site) checkSeen(who string, v visitor, seen map[string]bool) {
	s.Helper()
	for _, path := range slices.Sorted(maps.Keys(seen)) {
		want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[seen[path]]
		if code, body := v.get(path); code != want {
			s.Errorf("%s, %s: %d, want %d: %s", who, path, code, want, said(body))
		}
	}
}

func TestAPersonsPageTellsWhatTheRosterSaidThroughTime(t *testing.T) {
	eachSite(t, func(s site) {
		lead := s.signIn("admin@acme.example")
		lead.bring("2026-01-01", "jan.csv", january)
		lead.bring("2026-04-01", "apr.csv", april)
		id := func(key string, day period.Day) string {
			p, err := s.Org.PersonByKey(context.Background(), s.organisation, key, day)
			if err != nil {
				s.Fatal(err)
			}
			return p.ID
		}
		for _, c := range []struct {
			path string
			want []string
		}{
			{"/people/" + id("3", "2026-01-01"), []string{"Cy =1+1", "Reports to Bo Lee", "since 2026-04-01 : Shops, employee, Gent, Frank Ltd", "2026-01-01 to 2026-03-31 : One", "Partner Frank Ltd"}},
			{"/people/" + id("3", "2026-01-01") + "?day=2026-02-01", []string{"Unit One"}},
			{"/people/" + id("4", "2026-01-01"), []string{"Dee", "this is what it said last"}},
		} {
			_, body := lead.get(c.path)
			for _, want := range c.want {
				if !strings.Contains(said(body), want) {
					s.Errorf("%s lacks %q: %s", c.path, want, said(body))
				}
			}
		}
	})
}
