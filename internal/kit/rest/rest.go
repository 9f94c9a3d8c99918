// Package rest holds what every address of the API shares: a token on each request, what the token and
// its owner must be allowed, mistakes as problems of RFC 9457, requests that are answered once however
// often they are sent, and the description of it all as OpenAPI 3.1. It knows no area.
package rest

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/web"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const (
	// Base stands before the path of every operation.
	Base = "/api/v1"
	// Description is where the API is described, for everybody.
	Description = "/api/openapi.json"

	mostBody = 1 << 20 // of a request, where its operation says nothing else
	reading  = 2 * time.Minute
)

// Operation is one address of the API.
type Operation struct {
	Method, Path string // "GET", "/units/{unit}"
	Act          string // that the roles of the token's owner must permit, as for a route
	Scope        string // that the token must have: "strategy:read"
	Name         string // "list-units"
	Summary      string // a sentence
	Area         string // heading under which it is described
	Status       int    // of an answer; 200 where it is left out
	Most         int64  // bytes of a request; a megabyte where it is left out
}

// Guard says who asks and what for.
type Guard interface {
	// Authenticate returns the context of a request with who asks. Anything but a token that holds is
	// forbidden, in words.
	Authenticate(r *http.Request) (context.Context, error)
	// Admit reports an operation that is not for who asks: not found where the roles do not permit its
	// act anywhere, forbidden where the token lacks its scope.
	Admit(ctx context.Context, o Operation) error
	Answers
}

// API is all operations of an installation.
type API struct {
	Operations []Operation

	guard Guard
	at    map[string]Operation // by what the mux calls them
	mux   *http.ServeMux
	huma  huma.API
}

// problems makes huma's errors ours, once: it is one setting for all APIs of a process.
var problems = sync.OnceFunc(func() { huma.NewError = newProblem })

// New returns an API without operations.
func New(title, version, about string, g Guard) *API {
	problems()
	a := &API{guard: g, at: map[string]Operation{}, mux: http.NewServeMux()}
	a.huma = humago.New(a.mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: title, Version: version, Description: about, License: &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "A token that somebody has made on the page of the own account."}},
			},
			Security: []map[string][]string{{"token": {}}},
		},
		OpenAPIPath:   strings.TrimSuffix(Description, ".json"),
		Formats:       map[string]huma.Format{"application/json": checkedJSON, "json": checkedJSON},
		DefaultFormat: "application/json",
	})
	a.huma.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx)
		next(huma.WithContext(ctx, web.With(ctx.Context(), r)))
	})
	return a
}

// checkedJSON is JSON without the one character of Go's texts that not every engine keeps.
var checkedJSON = huma.Format{
	Marshal: huma.DefaultJSONFormat.Marshal,
	Unmarshal: func(data []byte, v any) error {
		if bytes.Contains(data, []byte(`\u0000`)) {
			return errors.New(`no text holds the character \u0000: take it out and send it again`)
		}
		return huma.DefaultJSONFormat.Unmarshal(data, v)
	},
}

// Request is the request of an operation, for what reads one.
func Request(ctx context.Context) *http.Request { return web.From[*http.Request](ctx).WithContext(ctx) }

// Offer adds an operation. I is what huma reads of a request: fields with path, query and header tags,
// and a Body; O is what the answer's body holds.
func Offer[I, O any](a *API, o Operation, handle func(context.Context, *I) (*O, error)) {
	a.Operations = append(a.Operations, o)
	if o.Status == 0 {
		o.Status = http.StatusOK
	}
	if o.Most == 0 {
		o.Most = mostBody
	}
	a.at[o.Method+" "+Base+o.Path] = o
	mistakes := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusInternalServerError}
	huma.Register(a.huma, huma.Operation{
		OperationID: o.Name, Method: o.Method, Path: Base + o.Path, Summary: o.Summary, Tags: []string{o.Area}, DefaultStatus: o.Status,
		Description:  "Needs a token with the scope " + o.Scope + ".",
		MaxBodyBytes: o.Most, BodyReadTimeout: reading, Errors: mistakes,
		Extensions: map[string]any{"x-scope": o.Scope},
	}, func(ctx context.Context, in *I) (*reply[O], error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, problemOf(ctx, err, o)
		}
		return &reply[O]{CacheControl: "no-store", Body: *out}, nil
	})
}

type reply[O any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         O
}

// List is a part of a list.
type List[T any] struct {
	Items []T `json:"items" nullable:"false"`
	Next  int `json:"next,omitempty" doc:"the offset at which the list goes on; not there where it ends"`
}

// Page is which part of a list is asked for.
type Page struct {
	Offset int `query:"offset" minimum:"0" doc:"how many to pass over"`
	Limit  int `query:"limit" minimum:"1" maximum:"1000" default:"200" doc:"how many at most"`
}

// Of cuts the page out of a whole list.
func Of[T any](p Page, all []T) *List[T] {
	from := min(p.Offset, len(all))
	to := min(from+p.Limit, len(all))
	l := &List[T]{Items: append([]T{}, all[from:to]...)}
	if to < len(all) {
		l.Next = to
	}
	return l
}

// Nothing is asked for, or answered.
type Nothing struct{}

// ServeHTTP answers a request to the API: the description to everybody, anything else to who has a token.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == Description {
		a.mux.ServeHTTP(w, r)
		return
	}
	r.Header.Set("Accept", "application/json") // whatever goes wrong around us is said as JSON too
	if err := checkText(r); err != nil {
		fail(w, r, err)
		return
	}
	ctx, err := a.guard.Authenticate(r)
	if err != nil {
		if fault.KindOf(err) == fault.Forbidden {
			w.Header().Set("WWW-Authenticate", `Bearer realm="throughline"`)
			write(w, r, Problem{Status: http.StatusUnauthorized, Detail: sentence(r.Context(), err)})
			return
		}
		fail(w, r, err)
		return
	}
	r = r.WithContext(ctx)
	_, pattern := a.mux.Handler(r)
	o, there := a.at[pattern]
	if !there {
		write(w, r, a.nowhere(r))
		return
	}
	web.NameRoute(ctx, pattern)
	if err := a.guard.Admit(ctx, o); err != nil {
		fail(w, r, err)
		return
	}
	a.once(w, r, o)
}

// checkText reports an address or a key that not every engine could look up, and a form, which nothing here reads.
func checkText(r *http.Request) error {
	query, err := url.QueryUnescape(r.URL.RawQuery)
	if err != nil || !web.IsText(r.URL.Path+query+r.Header.Get("Authorization")+r.Header.Get(onceHeader)) {
		return fault.Invalidf("the address, the token or the key of the request holds characters that no text has")
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); strings.HasPrefix(kind, "multipart/") {
		return fault.Invalidf("a request to the API is JSON, not a form")
	}
	return nil
}

// nowhere says that there is nothing at an address, or not for its method.
func (a *API) nowhere(r *http.Request) Problem {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := a.mux.Handler(other); pattern != "" && strings.HasPrefix(r.URL.Path, Base+"/") {
			return Problem{Status: http.StatusMethodNotAllowed, Detail: "this address does not answer " + r.Method + ": " + Description + " lists what it does"}
		}
	}
	return Problem{Status: http.StatusNotFound, Detail: "there is nothing at this address: " + Description + " lists what there is"}
}
