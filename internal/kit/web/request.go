package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// BackTo is the page of ours from which a form was sent, or else instead.
func BackTo(r *http.Request, instead string) string {
	u, err := url.Parse(r.Header.Get("Referer"))
	if err != nil || u.Host != r.Host || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return instead
	}
	return u.RequestURI()
}

// Before is the instant in ?before=, in microseconds, from which a list goes on;
// zero for its beginning.
func Before(r *http.Request) time.Time {
	n, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(n)
}

// Number is a form's or query's number, or instead when there is none.
func Number(r *http.Request, name string, instead int) int {
	n, err := strconv.Atoi(r.FormValue(name))
	if err != nil {
		return instead
	}
	return n
}
