package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

var script = bytes.Repeat([]byte("let pages = 'quick';\n"), 100)

func small() *bundle {
	return load(fstest.MapFS{
		"dist/.keep":            {},
		"dist/manifest.json":    {Data: []byte(`{"app.js":"app-AB12.js","inter.woff2":"inter-CD34.woff2"}`)},
		"dist/app-AB12.js":      {Data: script},
		"dist/inter-CD34.woff2": {Data: []byte("wOF2 is compressed already")},
	}, "dist")
}

func get(b *bundle, method, address, accept string) *http.Response {
	r := httptest.NewRequest(method, address, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w.Result()
}

func TestNamesLeadToHashedAddresses(t *testing.T) {
	b := small()
	for name, want := range map[string]string{
		"app.js":      "/assets/app-AB12.js",
		"inter.woff2": "/assets/inter-CD34.woff2",
		"absent.css":  "/assets/absent.css",
	} {
		if got := b.path(name); got != want {
			t.Errorf("path(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestAssetsAreTypedKeptAndCompressed(t *testing.T) {
	for _, c := range []struct{ address, accept, kind, encoding string }{
		{"/assets/app-AB12.js", "gzip, deflate, br", "text/javascript; charset=utf-8", "gzip"},
		{"/assets/app-AB12.js", "br;q=1.0, gzip;q=0.8", "text/javascript; charset=utf-8", "gzip"},
		{"/assets/app-AB12.js", "gzip;q=0", "text/javascript; charset=utf-8", ""},
		{"/assets/app-AB12.js", "", "text/javascript; charset=utf-8", ""},
		{"/assets/inter-CD34.woff2", "gzip", "font/woff2", ""},
	} {
		res := get(small(), "GET", c.address, c.accept)
		if got := res.Header.Get("Content-Type"); got != c.kind {
			t.Errorf("%s: Content-Type %q, want %q", c.address, got, c.kind)
		}
		if got := res.Header.Get("Content-Encoding"); got != c.encoding {
			t.Errorf("%s with %q: Content-Encoding %q, want %q", c.address, c.accept, got, c.encoding)
		}
		if got := res.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: Cache-Control %q", c.address, got)
		}
	}
}

func TestCompressedScriptIsTheScript(t *testing.T) {
	z, err := gzip.NewReader(get(small(), "GET", "/assets/app-AB12.js", "gzip").Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, script) {
		t.Errorf("got %d bytes (%v), want %d", len(got), err, len(script))
	}
}

func TestWhatIsNoAssetIsNotFound(t *testing.T) {
	for _, address := range []string{"/assets/", "/assets/app.js", "/assets/manifest.json", "/assets/.keep", "/assets/../assets.go"} {
		if res := get(small(), "GET", address, ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", address, res.StatusCode)
		}
	}
}

func TestAssetsAreOnlyRead(t *testing.T) {
	if res := get(small(), "POST", "/assets/app-AB12.js", ""); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("status %d, want 405", res.StatusCode)
	}
	res := get(small(), "HEAD", "/assets/app-AB12.js", "")
	if body, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || len(body) != 0 {
		t.Errorf("HEAD: status %d, %d bytes", res.StatusCode, len(body))
	}
}

func TestFolderWithoutWholeBuildIsNotBuilt(t *testing.T) {
	for name, folder := range map[string]fstest.MapFS{
		"no manifest":     {"dist/.keep": {}},
		"broken manifest": {"dist/manifest.json": {Data: []byte("{")}},
		"missing file":    {"dist/manifest.json": {Data: []byte(`{"app.js":"app-AB12.js"}`)}},
	} {
		b := load(folder, "dist")
		if len(b.names) > 0 {
			t.Errorf("%s: counts as built", name)
		}
		if res := get(b, "GET", b.path("app.js"), ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", name, res.StatusCode)
		}
	}
}

func TestBuiltAssetsAskNoOtherServer(t *testing.T) {
	if !Built() {
		missing(t, "the built assets (npm ci && go generate ./...)")
	}
	reference := regexp.MustCompile(`url\(["']?([^"')]+)|@import\s*["']([^"']+)`)
	for name, f := range built.files {
		if !strings.HasSuffix(name, ".css") {
			continue
		}
		for _, m := range reference.FindAllStringSubmatch(string(f.plain), -1) {
			target := m[1] + m[2]
			if strings.HasPrefix(target, "data:") {
				continue
			}
			if _, ok := built.files[strings.TrimPrefix(target, "./")]; !ok {
				t.Errorf("%s refers to %s, which is no asset", name, target)
			}
		}
	}
	for _, name := range []string{"app.js", "app.css", "answer.css", "icon.svg", "licences.txt"} {
		if res := get(built, "GET", Path(name), "gzip"); res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", name, res.StatusCode)
		}
	}
}

// missing skips a test that lacks something, or fails it where nothing may be lacking.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("this test needs %s", what)
	}
	t.Skipf("this test needs %s", what)
}
