package rest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/rest"
)

// door lets everybody in who names "key", and to everything but what needs "no".
type door struct{ kept map[string]*rest.Answer }

func (d door) Authenticate(r *http.Request) (context.Context, error) {
	switch r.Header.Get("Authorization") {
	case "Bearer key":
		return r.Context(), nil
	case "Bearer broken":
		return nil, errors.New("the database is away: password=hunter2")
	}
	return nil, fault.Forbiddenf("bring a key")
}

func (d door) Admit(_ context.Context, o rest.Operation) error {
	if o.Scope == "no" {
		return fault.Forbiddenf("not with this key")
	}
	return nil
}

func (d door) Begin(_ context.Context, key, request string) (*rest.Answer, error) {
	return d.kept[key], nil
}

func (d door) Keep(_ context.Context, key string, a *rest.Answer) error {
	d.kept[key] = a
	return nil
}

type thing struct {
	Name string `json:"name"`
}

func opened() (*rest.API, *int) {
	api, calls := rest.New("Test", "1", "about", door{map[string]*rest.Answer{}}), 0
	op := func(method, path, scope string) rest.Operation {
		return rest.Operation{Method: method, Path: path, Scope: scope, Name: method + strings.ReplaceAll(path, "/", "-"), Summary: "s"}
	}
	rest.Offer(api, op("GET", "/things", "yes"), func(_ context.Context, in *rest.Page) (*rest.List[thing], error) {
		return rest.Of(*in, []thing{{"a"}, {"b"}, {"c"}}), nil
	})
	rest.Offer(api, op("GET", "/closed", "no"), func(context.Context, *rest.Nothing) (*thing, error) { return &thing{}, nil })
	rest.Offer(api, op("GET", "/broken", "yes"), func(context.Context, *rest.Nothing) (*thing, error) {
		return nil, errors.New("SELECT secret FROM nowhere")
	})
	rest.Offer(api, op("POST", "/shut", "no"), func(context.Context, *struct {
		rest.Once
		Body thing
	}) (*thing, error) {
		panic("it is not for who asks")
	})
	rest.Offer(api, op("GET", "/several", "yes"), func(context.Context, *rest.Nothing) (*thing, error) {
		return nil, errors.Join(fault.Fieldf("one", "the first is wrong"), fault.Invalidf("the second too"))
	})
	rest.Offer(api, op("POST", "/things", "yes"), func(_ context.Context, in *struct {
		rest.Once
		Body thing
	}) (*thing, error) {
		if calls++; in.Body.Name == "broken" {
			return nil, errors.New("away")
		}
		return &in.Body, nil
	})
	return api, &calls
}

func ask(api http.Handler, method, path, body string, header ...string) (int, string, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer key")
	r.Header.Set("Content-Type", "application/json")
	for n := 0; n < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	return w.Code, w.Header().Get("Content-Type"), w.Body.String()
}

func TestAProblemIsToldInWordsOrAsAReference(t *testing.T) {
	api, _ := opened()
	for _, c := range []struct {
		method, path, body string
		header             []string
		status             int
		has, lacks         string
	}{
		{"GET", "/api/v1/things?limit=2", "", nil, 200, `{"items":[{"name":"a"},{"name":"b"}],"next":2}`, ""},
		{"GET", "/api/v1/things?offset=9", "", nil, 200, `{"items":[]}`, ""},
		{"GET", "/api/v1/things?limit=0", "", nil, 422, `"field":"query.limit"`, ""},
		{"GET", "/api/v1/closed", "", nil, 403, "not with this key", ""},
		{"GET", "/api/v1/broken", "", nil, 500, `"reference"`, "SELECT"},
		{"GET", "/api/v1/several", "", nil, 422, `"errors":[{"detail":"the first is wrong"},{"detail":"the second too"}]`, ""},
		{"POST", "/api/v1/things", `{"name":1}`, nil, 422, "body.name", ""},
		{"POST", "/api/v1/things", `{`, nil, 400, "body", ""},
		{"POST", "/api/v1/things", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "", "xxxx"},
		{"POST", "/api/v1/things", `{"name":"` + strings.Repeat("x", 1<<20) + `"}`, []string{"Idempotency-Key", "large"}, 413, "at most 1048576 bytes", "xxxx"},
		{"POST", "/api/v1/shut", `{"name":"a"}`, []string{"Idempotency-Key", "shut"}, 403, "not with this key", ""},
		{"POST", "/api/v1/things", `{"name":"a\u0000"}`, nil, 400, "no text holds the character", ""},
		{"POST", "/api/v1/things", "--x", []string{"Content-Type", "multipart/form-data; boundary=x"}, 422, "not a form", ""},
		{"GET", "/api/v1/things?limit=%00", "", nil, 422, "characters that no text has", ""},
		{"GET", "/api/v1/%00", "", nil, 422, "characters that no text has", ""},
		{"POST", "/api/v1/things", `{"name":"a"}`, []string{"Idempotency-Key", "a\xff"}, 422, "characters that no text has", ""},
		{"DELETE", "/api/v1/things", "", nil, 405, "does not answer DELETE", ""},
		{"GET", "/api/v1/nothing", "", nil, 404, "/api/openapi.json lists what there is", ""},
		{"GET", "/api/v2/things", "", nil, 404, "nothing at this address", ""},
		{"GET", "/api/v1/things", "", []string{"Authorization", "Bearer other"}, 401, "bring a key", ""},
		{"GET", "/api/v1/things", "", []string{"Authorization", "Bearer broken"}, 500, `"reference"`, "hunter2"},
	} {
		status, kind, body := ask(api, c.method, c.path, c.body, c.header...)
		if status != c.status || !strings.Contains(body, c.has) || c.lacks != "" && strings.Contains(body, c.lacks) {
			t.Errorf("%s %s: %d %.300s", c.method, c.path, status, body)
		}
		if want := map[bool]string{true: "application/json", false: "application/problem+json"}[status == 200]; kind != want {
			t.Errorf("%s %s comes as %s", c.method, c.path, kind)
		}
	}
}

func TestARequestUnderAKeyIsDoneOnceUnlessWeFailed(t *testing.T) {
	api, calls := opened()
	for range 3 {
		if status, kind, body := ask(api, "POST", "/api/v1/things", `{"name":"a"}`, "Idempotency-Key", "k"); status != 200 || kind != "application/json" || !strings.Contains(body, `"a"`) {
			t.Errorf("%d %s %s", status, kind, body)
		}
	}
	for range 2 {
		if status, _, _ := ask(api, "POST", "/api/v1/things", `{"name":"broken"}`, "Idempotency-Key", "other"); status != 500 {
			t.Errorf("broken: %d", status)
		}
	}
	if *calls != 3 {
		t.Errorf("it was done %d times, want once and twice", *calls)
	}
	if status, _, body := ask(api, "POST", "/api/v1/things", `{"name":"a"}`, "Idempotency-Key", strings.Repeat("k", 300)); status != 422 || !strings.Contains(body, "at most 255 bytes") {
		t.Errorf("a long key: %d %s", status, body)
	}
}
