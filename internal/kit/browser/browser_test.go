package browser

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"throughline/internal/kit/web/assets"
)

func TestMain(m *testing.M) { os.Exit(Run(m)) }

// policy is as strict as the program's own.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"

// site serves one sound page at / with body as its content, and what the form
// of the page sent at /thanks.
func site(t *testing.T, body string) string {
	mux := http.NewServeMux()
	page := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>A page</title><link rel="icon" href="%s">
			<meta name="viewport" content="width=device-width, initial-scale=1">
			<link rel="stylesheet" href="%s"><script defer src="%s"></script></head><body><main><h1>A page</h1>%s</main></body></html>`,
			assets.Path("icon.svg"), assets.Path("app.css"), assets.Path("app.js"), body)
	}
	mux.Handle("/assets/", assets.Handler())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { page(w, body) })
	mux.HandleFunc("GET /absent", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		page(w, "")
	})
	mux.HandleFunc("GET /part", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "<p>Fetched.</p>") })
	mux.HandleFunc("POST /thanks", func(w http.ResponseWriter, r *http.Request) {
		page(w, fmt.Sprintf("<p>Thank you for %q and %q.</p>", r.FormValue("trust"), r.FormValue("name")))
	})
	mux.HandleFunc("POST /mistake", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusUnprocessableEntity) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

const form = `<form method="post" action="/thanks">
	<fieldset><legend>My team trusts what I say</legend>
	<label><input type="radio" name="trust" value="1"> 1</label> <label><input type="radio" name="trust" value="2"> 2</label>
	<label><input type="radio" name="trust" value="3"> 3</label></fieldset>
	<p><label>Name <input id="name" name="name"></label></p><button>Send</button></form>`

func TestFormIsAnsweredWithTheKeyboardOnly(t *testing.T) {
	p := Open(t).Page(390, 844, false, true)
	if status := p.Goto(site(t, form)); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	p.TabTo("[name=trust]")
	p.Press("Space", "ArrowRight", "ArrowRight")
	p.TabTo("#name")
	p.Type("Noor Ünal")
	p.Press("Tab", "Shift+Tab")
	if got := p.Focused(); got != "input#name[name=name]" {
		t.Errorf("the focus is on %s", got)
	}
	p.TabTo("button")
	p.Press("Enter")
	p.WaitText("Thank you")
	if got, want := p.Text("p"), `Thank you for "3" and "Noor Ünal".`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !strings.HasSuffix(p.URL(), "/thanks") {
		t.Errorf("at %s", p.URL())
	}
}

func TestFormIsFilledAndClicked(t *testing.T) {
	p := Open(t).Page(1280, 800, false, false)
	p.Goto(site(t, form))
	p.Click("[value='2']")
	p.Fill("#name", "Bo")
	p.Click("button")
	p.WaitText(`Thank you for "2" and "Bo".`)
}

func TestHtmxFetchesUnderTheStrictPolicy(t *testing.T) {
	p := Open(t).Page(1280, 800, false, false)
	p.Goto(site(t, `<button hx-get="/part" hx-target="#here">Fetch</button><div id="here"></div>`))
	p.Click("button")
	p.WaitText("Fetched.")
	if n := p.Count("head style"); n != 0 {
		t.Errorf("htmx wrote %d inline styles", n)
	}
	if complaints := p.Complaints(); len(complaints) > 0 {
		t.Errorf("complaints: %q", complaints)
	}
}

func TestPageThatMisbehavesIsReported(t *testing.T) {
	p := Open(t).Page(1280, 800, false, false)
	for name, c := range map[string]struct{ body, js, want string }{
		"inline style":     {body: `<p style="color: red">Red</p>`, want: "Content Security Policy"},
		"inline script":    {body: `<script>var a = 1</script>`, want: "Content Security Policy"},
		"missing picture":  {body: `<img alt="" src="/absent.png">`, want: "404"},
		"console error":    {js: `console.error("lost", 7)`, want: "lost 7"},
		"script error":     {js: `setTimeout(() => { throw new Error("broken") })`, want: "broken"},
		"other machine":    {js: `fetch("http://example.org/").catch(() => 0)`, want: "Content Security Policy"},
		"silent rejection": {js: `void Promise.reject(new Error("unheard"))`, want: "unheard"},
	} {
		p.Goto(site(t, c.body))
		if c.js != "" {
			p.Eval(c.js+", new Promise(done => setTimeout(done, 50))", nil)
		}
		got := p.Complaints()
		if !slices.ContainsFunc(got, func(text string) bool { return strings.Contains(text, c.want) }) {
			t.Errorf("%s: complaints %q, want one with %q", name, got, c.want)
		}
	}
}

func TestExpectedComplaintsAreAllowed(t *testing.T) {
	p := Open(t).Page(1280, 800, false, false)
	url := site(t, `<button hx-post="/mistake">Send</button>`)
	if status := p.Goto(url + "/absent"); status != http.StatusNotFound {
		t.Errorf("status %d, want 404", status)
	}
	p.Goto(url)
	p.Allow("status of 422")
	p.Allow("Response Status Error Code 422")
	p.Eval(`new Promise(done => { addEventListener("htmx:responseError", () => setTimeout(done)); document.querySelector("button").click() })`, nil)
	if complaints := p.Complaints(); len(complaints) > 0 {
		t.Errorf("complaints: %q", complaints)
	}
}

func TestAxeNamesRuleAndElement(t *testing.T) {
	p := Open(t).Page(390, 844, false, true)
	url := site(t, form)
	p.Goto(url)
	if found := p.Violations(); len(found) > 0 {
		t.Errorf("sound page: %v", found)
	}
	p.Goto(site(t, `<input id="unnamed">`))
	found := p.Violations()
	if len(found) != 1 || found[0].Rule != "label" || !slices.Contains(found[0].Targets, "#unnamed") {
		t.Errorf("found %v, want label at #unnamed", found)
	}
}

func TestSidewaysScrollingIsFound(t *testing.T) {
	p := Open(t).Page(390, 844, false, true)
	p.Goto(site(t, form))
	p.NoOverflow()
	p.Goto(site(t, `<pre id="wide">`+strings.Repeat("wide", 100)+`</pre>`))
	if what := p.Overflows(); !slices.Contains(what, "pre#wide") {
		t.Errorf("found %q, want pre#wide", what)
	}
}

func TestPictureHasTheWidthAndSchemeOfThePage(t *testing.T) {
	t.Setenv("THROUGHLINE_SCREENSHOTS", t.TempDir())
	for _, c := range []struct {
		width       int
		dark, touch bool
		file        string
	}{{390, true, true, "form-390-dark.png"}, {1280, false, false, "form-1280.png"}} {
		p := Open(t).Page(c.width, 700, c.dark, c.touch)
		p.Goto(site(t, form+strings.Repeat("<p>long</p>", 60)))
		file := p.Screenshot("form")
		if filepath.Base(file) != c.file {
			t.Errorf("kept as %s, want %s", file, c.file)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if size := picture.Bounds().Size(); size.X != c.width || size.Y <= 700 {
			t.Errorf("%s is %v; want the whole page, %d wide", c.file, size, c.width)
		}
		if r, _, _, _ := picture.At(1, 1).RGBA(); c.dark != (r < 0x8000) {
			t.Errorf("%s: red of the ground is %#x", c.file, r)
		}
	}
}

func TestTransferredCountsOneLoadCompressed(t *testing.T) {
	p := Open(t).Page(1280, 800, false, false)
	url := site(t, form)
	p.Goto(url)
	first := p.Transferred()
	p.Goto(url)
	second := p.Transferred()
	// app.js alone is 60 kB plain and 20 kB compressed; two fonts are 100 kB.
	if first < 20_000 || first > 250_000 {
		t.Errorf("%d bytes", first)
	}
	if d := second - first; d < -2000 || d > 2000 {
		t.Errorf("first load %d bytes, second %d: the cache took part", first, second)
	}
}

func TestPeopleShareNoCookies(t *testing.T) {
	url := site(t, "")
	ada, ben := Open(t), Open(t)
	p := ada.Page(390, 844, false, true)
	p.Goto(url)
	p.Eval(`document.cookie = "who=ada"`, nil)
	for name, c := range map[string]struct {
		person *Browser
		want   string
	}{"her own other tab": {ada, "who=ada"}, "another person": {ben, ""}} {
		tab := c.person.Page(390, 844, false, true)
		tab.Goto(url)
		var got string
		if tab.Eval("document.cookie", &got); got != c.want {
			t.Errorf("%s has cookie %q, want %q", name, got, c.want)
		}
	}
}

func TestNoOtherMachineIsReached(t *testing.T) {
	p := Open(t).Page(390, 844, false, true) // a blank page has no policy that would stop the request
	p.Eval(`fetch("http://example.org/").then(() => 0, () => new Promise(done => setTimeout(done, 50)))`, nil)
	if got := p.Complaints(); len(got) != 1 || !strings.Contains(got[0], "ERR_NAME_NOT_RESOLVED") {
		t.Errorf("complaints %q", got)
	}
}
