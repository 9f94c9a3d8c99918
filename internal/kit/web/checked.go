package web

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"throughline/internal/kit/fault"
)

// mostForm is the largest form without files that is read, in bytes.
const mostForm = 1 << 20

// Checked is a route's handler behind what every request has to pass: text that is text,
// and a form no larger than the route takes. Files are taken by a route that says so
// alone, and what of them lay in a temporary file is gone when the handler is done.
func (route Route) Checked() Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !IsText(r.URL.Path) {
			return fault.NotFoundf("there is no such page, or it is not for you")
		}
		kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		files := strings.HasPrefix(kind, "multipart/")
		switch {
		case files && !route.Files:
			return fault.Invalidf("this form takes no files: open the page again and send it once more")
		case files:
			defer func() {
				if r.MultipartForm != nil {
					r.MultipartForm.RemoveAll()
				}
			}()
		case !route.Files:
			r.Body = http.MaxBytesReader(w, r.Body, mostForm)
			if err := r.ParseForm(); err != nil {
				io.Copy(io.Discard, r.Body)
				return fault.Invalidf("the form is too large, or was cut off on its way: send it again")
			}
		}
		if query, err := url.ParseQuery(r.URL.RawQuery); err != nil || !areText(query) || !areText(r.PostForm) {
			return fault.Invalidf("the form holds characters that no text has: take them out and send it again")
		}
		return route.Handle(w, r)
	}
}

func areText(values url.Values) bool {
	for name, all := range values {
		if !IsText(name) {
			return false
		}
		for _, v := range all {
			if !IsText(v) {
				return false
			}
		}
	}
	return true
}

// IsText says whether both engines can keep a text.
func IsText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }
