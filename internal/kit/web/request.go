package web

import (
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"throughline/internal/kit/fault"
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

// FormFile opens the one file of a form.
func FormFile(r *http.Request) (multipart.File, *multipart.FileHeader, error) {
	f, header, err := r.FormFile("file")
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return nil, nil, fault.Fieldf("file", "the file is larger than 200 MB: leave out what is not needed")
	}
	if err != nil {
		return nil, nil, fault.Fieldf("file", "choose a file")
	}
	return f, header, nil
}
