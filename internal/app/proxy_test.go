package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
)

// A morning's sign-ins all come from the proxy; who guesses is slowed down, and nobody else is.
func TestBehindAProxyEachCallerCountsAlone(t *testing.T) {
	database := dbtest.SQLite(t)
	d, err := db.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	refused := func(proxied bool, caller func(n int) string) (n int) {
		a, err := New(d, Config{DB: database, Keys: filepath.Join(t.TempDir(), "keys"), Proxied: proxied})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 300 {
			form := url.Values{"mail": {fmt.Sprintf("p%d@example.org", i)}}
			r := httptest.NewRequest("POST", "/sign-in/link", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Forwarded-For", caller(i))
			w := httptest.NewRecorder()
			a.Handler.ServeHTTP(w, r)
			if w.Code == http.StatusForbidden {
				n++
			}
		}
		return n
	}
	many := func(n int) string { return fmt.Sprintf("10.1.2.%d", n%100) }
	liar := func(n int) string { return fmt.Sprintf("10.1.2.%d, 2001:db8::7", n) } // the proxy saw the last
	if n := refused(true, many); n > 0 {
		t.Errorf("%d of a hundred callers' tries are refused", n)
	}
	if n := refused(true, liar); n == 0 {
		t.Error("who makes addresses up is not slowed down")
	}
	if n := refused(false, many); n == 0 {
		t.Error("without a proxy a header is believed")
	}
}
