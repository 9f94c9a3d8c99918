// Package scim holds what every resource of SCIM 2.0 shares (RFC 7643, RFC 7644): filters, partial changes,
// lists and errors, over resources as JSON has them. It knows no area.
package scim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// Schemas of messages and resources.
const (
	ContentType = "application/scim+json"

	listSchema   = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	errorSchema  = "urn:ietf:params:scim:api:messages:2.0:Error"
	searchSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
	patchSchema  = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

	UserSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	EnterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	GroupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
)

// Resource is a resource, or a part of one, as JSON has it.
type Resource = map[string]any

// Error is a caller's mistake as RFC 7644 3.12 writes it. Type is one of its scimTypes, "" for none.
type Error struct {
	Status int
	Type   string
	Detail string
}

func (e *Error) Error() string { return e.Detail }

func invalid(kind, format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, kind, fmt.Sprintf(format, args...)}
}

// Resource is the error as it is sent.
func (e *Error) Resource() Resource {
	r := Resource{"schemas": []string{errorSchema}, "status": strconv.Itoa(e.Status), "detail": e.Detail}
	if e.Type != "" {
		r["scimType"] = e.Type
	}
	return r
}

// Query is what of a list is asked for.
type Query struct {
	Filter  filter.Expression // nil for everything
	Start   int               // 1 for the first
	Count   int
	Only    []string // attributes asked for; none for all
	Without []string // attributes left out
}

// Most is how many resources a list has at most.
const Most = 200

// longestFilter is how many bytes a filter has at most, so that reading one is no work.
const longestFilter = 1000

// ParseQuery reads the query of an address.
func ParseQuery(values url.Values) (q Query, err error) {
	q = Query{Start: 1, Count: Most}
	for name, to := range map[string]*int{"startIndex": &q.Start, "count": &q.Count} {
		if text := values.Get(name); text != "" {
			if *to, err = strconv.Atoi(text); err != nil {
				return q, invalid("invalidValue", "%s is a number, not %q", name, text)
			}
		}
	}
	q.Start, q.Count = max(q.Start, 1), min(max(q.Count, 0), Most)
	q.Only, q.Without = names(values.Get("attributes")), names(values.Get("excludedAttributes"))
	if text := values.Get("filter"); text != "" {
		if q.Filter, err = ParseFilter(text); err != nil {
			return q, err
		}
	}
	return q, nil
}

// ReadSearch reads the query that a request for a search brings (RFC 7644 3.4.3).
func ReadSearch(body []byte) (Query, error) {
	r, err := Read(body, searchSchema)
	if err != nil {
		return Query{}, err
	}
	values := url.Values{}
	for _, name := range []string{"filter", "startIndex", "count", "attributes", "excludedAttributes"} {
		switch v := Get(r, name).(type) {
		case string:
			values.Set(name, v)
		case float64:
			values.Set(name, strconv.Itoa(int(max(min(v, 1e9), -1))))
		case []any:
			values.Set(name, strings.Join(Texts(v), ","))
		}
	}
	return ParseQuery(values)
}

func names(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// ParseFilter reads a filter (RFC 7644 3.4.2.2).
func ParseFilter(text string) (filter.Expression, error) {
	if len(text) > longestFilter {
		return nil, invalid("invalidFilter", "a filter has at most %d bytes", longestFilter)
	}
	e, err := filter.ParseFilter([]byte(text))
	if err != nil {
		return nil, invalid("invalidFilter", "this filter cannot be read: %s", text)
	}
	return e, nil
}

// Equal returns the value for which a filter asks an attribute, by its path in small letters, to be equal
// to a text and nothing else; false for any other filter.
func Equal(e filter.Expression, paths ...string) (value string, ok bool) {
	a, is := e.(*filter.AttributeExpression)
	if !is || a.Operator != filter.EQ {
		return "", false
	}
	path := a.AttributePath
	path.URIPrefix = nil
	value, ok = a.CompareValue.(string)
	return value, ok && slices.Contains(paths, strings.ToLower(path.String()))
}

// Page is a list's answer: the part of all matching resources that is asked for.
func (q Query) Page(all []Resource) Resource {
	kept := all
	if q.Filter != nil {
		kept = nil
		for _, r := range all {
			if Match(q.Filter, r) {
				kept = append(kept, r)
			}
		}
	}
	from := min(q.Start-1, len(kept))
	return q.Part(kept[from:min(from+q.Count, len(kept))], len(kept))
}

// Part is a list's answer of which the part that is asked for has been found already.
func (q Query) Part(part []Resource, total int) Resource {
	shown := make([]Resource, 0, len(part))
	for _, r := range part {
		shown = append(shown, q.Trim(r))
	}
	return Resource{"schemas": []string{listSchema}, "totalResults": total, "startIndex": q.Start, "itemsPerPage": len(shown), "Resources": shown}
}

// Trim is a resource with the attributes that are asked for; what every resource has stays.
func (q Query) Trim(r Resource) Resource {
	if len(q.Only)+len(q.Without) == 0 {
		return r
	}
	out := Resource{}
	for name, v := range r {
		asked := len(q.Only) == 0 || slices.ContainsFunc(q.Only, func(path string) bool { return within(path, name) })
		left := slices.ContainsFunc(q.Without, func(path string) bool { return strings.EqualFold(path, name) })
		if name == "schemas" || name == "id" || name == "meta" || asked && !left {
			out[name] = v
		}
	}
	return out
}

// within says whether a path names an attribute or a part of it.
func within(path, name string) bool {
	if len(path) < len(name) || !strings.EqualFold(path[:len(name)], name) {
		return false
	}
	return len(path) == len(name) || path[len(name)] == '.' || path[len(name)] == ':'
}

// Write answers with a resource.
func Write(w http.ResponseWriter, status int, r Resource) error {
	w.Header().Set("Content-Type", ContentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// Read reads a resource that a request brings, of a schema.
func Read(body []byte, schema string) (Resource, error) {
	var r Resource
	if err := json.Unmarshal(body, &r); err != nil || r == nil {
		return nil, invalid("invalidSyntax", "the request is no JSON object")
	}
	if bytes.Contains(body, []byte(`\u0000`)) {
		return nil, invalid("invalidValue", "no text holds the character \\u0000")
	}
	for _, s := range Texts(r["schemas"]) {
		if strings.EqualFold(s, schema) {
			return r, nil
		}
	}
	return nil, invalid("invalidValue", "schemas has to name %s", schema)
}

// Get is the value of an attribute, whose name is compared without case; nil for none.
func Get(r Resource, name string) any {
	if v, there := r[name]; there {
		return v
	}
	for n, v := range r {
		if strings.EqualFold(n, name) {
			return v
		}
	}
	return nil
}

// Text is a value that is a text, "" for any other.
func Text(v any) string {
	text, _ := v.(string)
	return strings.TrimSpace(text)
}

// Texts are the texts of a list.
func Texts(v any) (all []string) {
	list, _ := v.([]any)
	for _, one := range list {
		if text, ok := one.(string); ok {
			all = append(all, text)
		}
	}
	return all
}

// Parts are the objects of a list.
func Parts(v any) (all []Resource) {
	list, _ := v.([]any)
	for _, one := range list {
		if part, ok := one.(Resource); ok {
			all = append(all, part)
		}
	}
	return all
}

// Yes reads a truth, which some clients write as a text; instead where there is none.
func Yes(v any, instead bool) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		if yes, err := strconv.ParseBool(strings.ToLower(v)); err == nil {
			return yes
		}
	}
	return instead
}
