package orgweb

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/scim"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

const (
	// ScopeDirectory is what a directory's token needs.
	ScopeDirectory = "roster:write"
	// ScimBase stands before the address of every resource of SCIM.
	ScimBase = "/scim/v2"

	mostScim = 8 << 20 // bytes of a request
)

// Directory is where an organisation's directory keeps people and units by SCIM 2.0.
type Directory struct {
	Store  orgdb.Store
	Guard  rest.Guard
	Public string // the address under which programs reach it
	mux    *http.ServeMux
}

// Begin sets its addresses.
func (d *Directory) Begin() *Directory {
	d.mux = http.NewServeMux()
	for pattern, h := range map[string]func(*http.Request, org.Actor) (int, scim.Resource, error){
		"GET /ServiceProviderConfig": d.config, "GET /ResourceTypes": d.types, "GET /ResourceTypes/{name}": d.kind, "GET /Schemas": d.schemas, "GET /Schemas/{name}": d.schema,
		"GET /Users": d.users, "POST /Users": d.addUser, "POST /Users/.search": d.users, "GET /Users/{id}": d.user, "PUT /Users/{id}": d.putUser, "PATCH /Users/{id}": d.patchUser, "DELETE /Users/{id}": d.dropUser,
		"GET /Groups": d.groups, "POST /Groups": d.addGroup, "POST /Groups/.search": d.groups, "GET /Groups/{id}": d.group, "PUT /Groups/{id}": d.putGroup, "PATCH /Groups/{id}": d.patchGroup, "DELETE /Groups/{id}": d.dropGroup,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		d.mux.Handle(method+" "+ScimBase+path, d.answers(method+" "+ScimBase+path, h))
	}
	d.mux.Handle("/", d.answers("/", func(r *http.Request, _ org.Actor) (int, scim.Resource, error) {
		return 0, nil, &scim.Error{Status: http.StatusNotFound, Detail: "there is nothing at this address: " + ScimBase + "/ResourceTypes lists what there is"}
	}))
	return d
}

// ServeHTTP answers a directory that has a token.
func (d *Directory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Header.Set("Accept", "application/json") // whatever goes wrong around us is said as JSON too
	ctx, err := d.Guard.Authenticate(r)
	if err == nil {
		err = d.Guard.Admit(ctx, rest.Operation{Act: string(org.ImportRoster), Scope: ScopeDirectory})
		r = r.WithContext(ctx)
	} else if fault.KindOf(err) == fault.Forbidden {
		w.Header().Set("WWW-Authenticate", `Bearer realm="throughline"`)
		err = &scim.Error{Status: http.StatusUnauthorized, Detail: lang.Fault(r.Context(), fault.Of(err))}
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if query, err := url.QueryUnescape(r.URL.RawQuery); err != nil || !web.IsText(r.URL.Path+query) {
		d.fail(w, r, fault.NotFoundf("there is no such page, or it is not for you"))
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostScim)
	d.mux.ServeHTTP(w, r)
}

// answers turns what a handler returns into an answer.
func (d *Directory) answers(route string, h func(*http.Request, org.Actor) (int, scim.Resource, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.NameRoute(r.Context(), route)
		status, resource, err := h(r, web.From[org.Actor](r.Context()))
		if err != nil {
			d.fail(w, r, err)
			return
		}
		if resource == nil {
			w.WriteHeader(status)
			return
		}
		if meta, is := resource["meta"].(scim.Resource); is && status == http.StatusCreated {
			w.Header().Set("Location", scim.Text(meta["location"]))
		}
		if err := scim.Write(w, status, resource); err != nil {
			slog.InfoContext(r.Context(), "an answer could not be told", "err", err)
		}
	})
}

var scimTypes = map[fault.Kind]scim.Error{
	fault.Invalid:   {Status: http.StatusBadRequest, Type: "invalidValue"},
	fault.NotFound:  {Status: http.StatusNotFound},
	fault.Forbidden: {Status: http.StatusForbidden},
	fault.Conflict:  {Status: http.StatusConflict, Type: "uniqueness"},
}

// fail says what is wrong as SCIM has it.
func (d *Directory) fail(w http.ResponseWriter, r *http.Request, err error) {
	var said *scim.Error
	var large *http.MaxBytesError
	switch e := fault.Of(err); {
	case errors.As(err, &said):
	case errors.As(err, &large):
		said = &scim.Error{Status: http.StatusRequestEntityTooLarge, Detail: "a request has at most " + strconv.Itoa(mostScim) + " bytes"}
	case e != nil:
		one := scimTypes[e.Kind]
		one.Detail = lang.Fault(r.Context(), e)
		said = &one
	default:
		reference := id.Random()[:10]
		slog.ErrorContext(r.Context(), "request failed", "reference", reference, "method", r.Method, "route", web.RouteName(r.Context()), "err", err)
		said = &scim.Error{Status: http.StatusInternalServerError, Detail: lang.T(r.Context(), "Something went wrong on our side. If you report it, name reference %s.", reference)}
	}
	if err := scim.Write(w, said.Status, said.Resource()); err != nil {
		slog.InfoContext(r.Context(), "an error could not be told", "err", err)
	}
}

// query reads what of a list is asked for, in the address or, of a search, in the request.
func query(r *http.Request) (scim.Query, error) {
	if r.Method != http.MethodPost {
		return scim.ParseQuery(r.URL.Query())
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return scim.Query{}, err
	}
	return scim.ReadSearch(body)
}

// location is where a resource is.
func (d *Directory) location(kind, id string) string {
	return d.Public + ScimBase + "/" + kind + "/" + id
}
