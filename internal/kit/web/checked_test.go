package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

func TestAHandlerSeesTextOnlyAndFilesWhereItTakesThem(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	upload := func(size int) (*bytes.Buffer, string) {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		f, err := m.CreateFormFile("file", "people.csv")
		if err != nil {
			t.Fatal(err)
		}
		f.Write(bytes.Repeat([]byte("x"), size))
		m.Close()
		return &body, m.FormDataContentType()
	}
	form := func(v url.Values) (*bytes.Buffer, string) {
		return bytes.NewBufferString(v.Encode()), "application/x-www-form-urlencoded"
	}
	for name, c := range map[string]struct {
		path  string
		files bool
		body  func() (*bytes.Buffer, string)
		want  fault.Kind
	}{
		"a form":                  {"/people", false, func() (*bytes.Buffer, string) { return form(url.Values{"name": {"Ann é\n"}}) }, ""},
		"a zero in a form":        {"/people", false, func() (*bytes.Buffer, string) { return form(url.Values{"name": {"a\x00b"}}) }, fault.Invalid},
		"a zero in a field's own": {"/people", false, func() (*bytes.Buffer, string) { return form(url.Values{"a\x00b": {"1"}}) }, fault.Invalid},
		"no UTF-8 in a form":      {"/people", false, func() (*bytes.Buffer, string) { return form(url.Values{"name": {"\xff"}}) }, fault.Invalid},
		"a zero in a query":       {"/people?q=%00", false, func() (*bytes.Buffer, string) { return form(nil) }, fault.Invalid},
		"a broken query":          {"/people?q=%zz", false, func() (*bytes.Buffer, string) { return form(nil) }, fault.Invalid},
		"a zero in a path":        {"/people/%00", false, func() (*bytes.Buffer, string) { return form(nil) }, fault.NotFound},
		"no UTF-8 in a path":      {"/people/%FF", false, func() (*bytes.Buffer, string) { return form(nil) }, fault.NotFound},
		"a form of 2 MB":          {"/people", false, func() (*bytes.Buffer, string) { return form(url.Values{"name": {strings.Repeat("x", 2<<20)}}) }, fault.Invalid},
		"a file where none is":    {"/people", false, func() (*bytes.Buffer, string) { return upload(40 << 20) }, fault.Invalid},
		"a file where one is":     {"/people", true, func() (*bytes.Buffer, string) { return upload(40 << 20) }, ""},
	} {
		body, kind := c.body()
		r := httptest.NewRequest(http.MethodPost, c.path, body)
		r.Header.Set("Content-Type", kind)
		seen := false
		route := Route{Files: c.files, Handle: func(w http.ResponseWriter, r *http.Request) error {
			seen = true
			if c.files {
				f, _, err := r.FormFile("file")
				if err != nil {
					return err
				}
				defer f.Close()
				if files, _ := os.ReadDir(os.TempDir()); len(files) == 0 {
					t.Errorf("%s: the file is too small to lie in a temporary one", name)
				}
			}
			return nil
		}}
		if err := route.Checked()(httptest.NewRecorder(), r); fault.KindOf(err) != c.want || seen != (c.want == "") {
			t.Errorf("%s: %v, the handler ran: %v", name, err, seen)
		}
		if files, _ := os.ReadDir(os.TempDir()); len(files) > 0 {
			t.Errorf("%s leaves %d temporary files", name, len(files))
		}
	}
}
