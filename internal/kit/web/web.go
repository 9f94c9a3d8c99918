// Package web holds what every page shares: routes with the act that each
// needs, errors turned into a status and a page, sessions, languages, and the
// headers that keep a browser from talking to anybody else. It knows no area.
package web

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"

	"github.com/a-h/templ"
)

// Handler answers a request; what it cannot do it returns.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one address, the act that its caller's roles must permit, and the
// handler. The act is checked before the handler runs.
type Route struct {
	Pattern string // "GET /units/{unit}"
	Act     string // Public for who is not signed in
	Files   bool   // the form may bring files
	Handle  Handler
}

// Public is the act of a route for everybody.
const Public = "public"

var status = map[fault.Kind]int{
	fault.Invalid:   http.StatusUnprocessableEntity,
	fault.NotFound:  http.StatusNotFound,
	fault.Forbidden: http.StatusForbidden,
	fault.Conflict:  http.StatusConflict,
}

// ServeHTTP is the one place where an error becomes an answer: a caller's
// mistake in words, anything else as a reference into the log.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		Fail(w, r, err)
	}
}

// Fail answers with an error.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	p := Problem{Status: http.StatusInternalServerError}
	if e := fault.Of(err); e != nil {
		p.Status, p.Field, p.Detail = status[e.Kind], e.Field, lang.Fault(r.Context(), e)
	} else if r.Context().Err() != nil {
		return // nobody is left to read an answer
	} else {
		p.Reference = id.Random()[:10]
		p.Detail = lang.T(r.Context(), "Something went wrong on our side. If you report it, name reference %s.", p.Reference)
		slog.ErrorContext(r.Context(), "request failed", "reference", p.Reference, "method", r.Method, "route", r.Pattern, "err", err)
	}
	p.Title = http.StatusText(p.Status)
	w.Header().Del("Content-Disposition") // of the file that it is not
	if WantsJSON(r) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(p.Status)
		json.NewEncoder(w).Encode(p)
		return
	}
	if err := Page(w, r, p.Status, problemPage(p)); err != nil {
		slog.ErrorContext(r.Context(), "error page failed", "err", err)
	}
}

// Problem is a failed request as RFC 9457 writes it.
type Problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Field     string `json:"field,omitempty"`
	Reference string `json:"reference,omitempty"`
}

// WantsJSON says whether the caller asked for JSON, by Accept or by ?format=json.
func WantsJSON(r *http.Request) bool {
	return r.URL.Query().Get("format") == "json" || strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// Page renders into memory first, so that a failing page never leaves half of
// itself.
func Page(w http.ResponseWriter, r *http.Request, code int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, err := b.WriteTo(w)
	return err
}

// JSON writes v.
func JSON(w http.ResponseWriter, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, err := b.WriteTo(w)
	return err
}

// SeeOther sends the browser on to another page of ours after a form was taken.
func SeeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// Attach names the file that the answer is to be saved as.
func Attach(w http.ResponseWriter, contentType, file string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+file+`"`)
	w.Header().Set("Cache-Control", "no-store")
}

// Frame is what stands around every page of somebody who is signed in.
type Frame struct {
	Organisation string
	Who          string
	Simulated    bool
	Nav          []Link
	Note         string // said once, after a form was taken
	Tour         []Stop // while somebody is on the tour
	Stop         int    // at which, from 1 on
}

// Stop is one of a tour through the pages. Its texts are in the reader's language.
type Stop struct{ Path, Title, Text string }

// Link is an entry of the navigation. Text is English.
type Link struct {
	Path, Text string
}

// Card is something for a person on the home page: what needs them now, or a way in. Its texts are in the
// person's language.
type Card struct {
	Heading, Text string
	Path, Action  string
	Now           Urgency
	Unmailed      bool // the weekly mail does not tell of it: it has mails of its own, or is for a quiet hour
}

// Urgency is how much something needs somebody.
type Urgency int

const (
	WayIn Urgency = iota // needs nobody: it leads somewhere
	Waits                // for the person
	Late                 // should have been done
)

// With returns a context that carries v, one value a type.
func With[T any](ctx context.Context, v T) context.Context {
	return context.WithValue(ctx, key[T]{}, v)
}

// From returns what With put into the context, or the zero value.
func From[T any](ctx context.Context) T {
	v, _ := ctx.Value(key[T]{}).(T)
	return v
}

type key[T any] struct{}

// NameRoute tells who counts requests, and put a *string into the context, which route answers this one.
func NameRoute(ctx context.Context, route string) {
	if p := From[*string](ctx); p != nil {
		*p = route
	}
}

// RouteName is the route that was named, "" for none.
func RouteName(ctx context.Context) string {
	if p := From[*string](ctx); p != nil {
		return *p
	}
	return ""
}

// shown is the path of the page that is shown.
type shown string

func current(ctx context.Context, l Link) string {
	path := string(From[shown](ctx))
	if path == l.Path || l.Path != "/" && strings.HasPrefix(path, l.Path+"/") {
		return "page"
	}
	return ""
}
