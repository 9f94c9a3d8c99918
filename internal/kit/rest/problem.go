package rest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"

	"github.com/danielgtaylor/huma/v2"
)

// Problem is a request that could not be answered, as RFC 9457 writes it.
type Problem struct {
	Title     string    `json:"title" doc:"the status in words"`
	Status    int       `json:"status"`
	Detail    string    `json:"detail" doc:"what is wrong and what to do, for a person"`
	Field     string    `json:"field,omitempty" doc:"what of the request it is about"`
	Reference string    `json:"reference,omitempty" doc:"under which it stands in the log, where it was not the caller's mistake"`
	Errors    []Mistake `json:"errors,omitempty" doc:"each mistake, where there are several"`
}

// Mistake is one of several.
type Mistake struct {
	Where  string `json:"where,omitempty" doc:"body.rows[3].value"`
	Detail string `json:"detail"`
}

func (p *Problem) Error() string  { return p.Detail }
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of a problem in place of that of what was asked for.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// newProblem is what huma finds wrong with a request.
func newProblem(status int, message string, mistakes ...error) huma.StatusError {
	p := &Problem{Status: status, Title: http.StatusText(status), Detail: message}
	for _, err := range mistakes {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			p.Errors = append(p.Errors, Mistake{d.ErrorDetail().Location, d.ErrorDetail().Message})
		} else if err != nil {
			p.Errors = append(p.Errors, Mistake{Detail: err.Error()})
		}
	}
	if len(p.Errors) > 0 {
		p.Field, p.Detail = p.Errors[0].Where, p.Errors[0].Detail
		if p.Field != "" {
			p.Detail = p.Field + ": " + p.Detail
		}
	}
	return p
}

var statuses = map[fault.Kind]int{
	fault.Invalid:   http.StatusUnprocessableEntity,
	fault.NotFound:  http.StatusNotFound,
	fault.Forbidden: http.StatusForbidden,
	fault.Conflict:  http.StatusConflict,
}

// problemOf is an error as a problem: the caller's mistakes in words, anything else as a reference into
// the log.
func problemOf(ctx context.Context, err error, about any) *Problem {
	e := fault.Of(err)
	if e == nil {
		p := &Problem{Status: http.StatusInternalServerError, Title: http.StatusText(http.StatusInternalServerError), Reference: id.Random()[:10]}
		p.Detail = lang.T(ctx, "Something went wrong on our side. If you report it, name reference %s.", p.Reference)
		slog.ErrorContext(ctx, "request failed", "reference", p.Reference, "about", about, "err", err)
		return p
	}
	p := &Problem{Status: statuses[e.Kind], Field: e.Field, Detail: lang.Fault(ctx, e)}
	p.Title = http.StatusText(p.Status)
	if all, several := err.(interface{ Unwrap() []error }); several && len(all.Unwrap()) > 1 {
		for _, one := range all.Unwrap() {
			p.Errors = append(p.Errors, Mistake{Detail: sentence(ctx, one)})
		}
	}
	return p
}

// sentence says a mistake in the caller's language.
func sentence(ctx context.Context, err error) string {
	if e := fault.Of(err); e != nil {
		return lang.Fault(ctx, e)
	}
	return err.Error()
}

// fail answers with an error outside of an operation.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	write(w, r, *problemOf(r.Context(), err, r.Method+" "+web.RouteName(r.Context())))
}

func write(w http.ResponseWriter, r *http.Request, p Problem) {
	p.Title = http.StatusText(p.Status)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		slog.InfoContext(r.Context(), "a problem could not be told", "err", err)
	}
}
