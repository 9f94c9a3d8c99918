package scim

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// Operation is one partial change.
type Operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// several are the attributes that are lists.
var several = map[string]bool{"emails": true, "members": true}

// mostOperations is how many a request has at most.
const mostOperations = 1000

// ReadPatch reads the operations of a request.
func ReadPatch(body []byte) ([]Operation, error) {
	if _, err := Read(body, patchSchema); err != nil {
		return nil, err
	}
	var p struct {
		Operations []Operation `json:"Operations"`
	}
	if err := json.Unmarshal(body, &p); err != nil || len(p.Operations) == 0 {
		return nil, invalid("invalidSyntax", "Operations has to name at least one change")
	}
	if len(p.Operations) > mostOperations {
		return nil, invalid("tooMany", "a request has at most %d operations", mostOperations)
	}
	return p.Operations, nil
}

// Patch changes a copy of a resource by all operations, or by none (RFC 7644 3.5.2).
func Patch(r Resource, operations []Operation) (Resource, error) {
	out := clone(r).(Resource)
	for _, o := range operations {
		if err := o.apply(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func clone(v any) any {
	switch v := v.(type) {
	case Resource:
		out := make(Resource, len(v))
		for n, one := range v {
			out[n] = clone(one)
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, one := range v {
			out = append(out, clone(one))
		}
		return out
	}
	return v
}

func (o Operation) apply(r Resource) error {
	op := strings.ToLower(o.Op)
	if op != "add" && op != "replace" && op != "remove" {
		return invalid("invalidSyntax", "an operation adds, replaces or removes; %q does none of these", o.Op)
	}
	if o.Path == "" {
		return o.whole(r, op)
	}
	if len(o.Path) > longestFilter {
		return invalid("invalidPath", "a path has at most %d bytes", longestFilter)
	}
	p, err := filter.ParsePath([]byte(o.Path))
	if err != nil {
		return invalid("invalidPath", "this path cannot be read: %.200s", o.Path)
	}
	if slices.ContainsFunc([]string{"id", "meta", "schemas"}, func(name string) bool { return strings.EqualFold(name, p.AttributePath.AttributeName) }) {
		return invalid("mutability", "%s is the server's own", p.AttributePath.AttributeName)
	}
	in := r
	if uri := strings.TrimSuffix(p.AttributePath.URI(), ":"); uri != "" && !core(uri) {
		name := existing(r, uri)
		inner, there := r[name].(Resource)
		if !there {
			inner = Resource{}
			r[name] = inner
		}
		in = inner
	}
	name, sub := existing(in, p.AttributePath.AttributeName), p.AttributePath.SubAttributeName()
	switch {
	case p.ValueExpression != nil:
		return o.parts(in, name, op, p)
	case op == "remove" && o.Value != nil && several[strings.ToLower(name)]:
		in[name] = slices.DeleteFunc(list(in[name]), func(one any) bool {
			return slices.ContainsFunc(list(o.Value), func(v any) bool { return same(one, v) })
		})
	case sub != "":
		return o.sub(in, name, sub, op)
	case op == "remove":
		delete(in, name)
	default:
		in[name] = joined(in[name], o.Value, name, op)
	}
	return nil
}

// existing is an attribute's name as the resource writes it, or as the path does.
func existing(r Resource, name string) string {
	for n := range r {
		if strings.EqualFold(n, name) {
			return n
		}
	}
	return name
}

// whole changes by an object whose names are attributes or paths.
func (o Operation) whole(r Resource, op string) error {
	object, ok := o.Value.(Resource)
	if op == "remove" || !ok {
		return invalid("noTarget", "say with a path what is to be changed")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		v := object[name]
		if strings.EqualFold(name, "schemas") || strings.EqualFold(name, "id") || strings.EqualFold(name, "meta") {
			continue
		}
		if inner, extends := v.(Resource); extends && strings.HasPrefix(strings.ToLower(name), "urn:") {
			for sub, one := range inner {
				if err := (Operation{op, name + ":" + sub, one}).apply(r); err != nil {
					return err
				}
			}
			continue
		}
		if err := (Operation{op, name, v}).apply(r); err != nil {
			return err
		}
	}
	return nil
}

// parts changes the elements of a list that a path's condition chooses.
func (o Operation) parts(r Resource, name, op string, p filter.Path) error {
	sub := p.SubAttributeName()
	elements := list(r[name])
	var kept []any
	found := false
	for _, one := range elements {
		part, ok := one.(Resource)
		if !ok || !Match(p.ValueExpression, part) {
			kept = append(kept, one)
			continue
		}
		found = true
		switch object, is := o.Value.(Resource); {
		case op == "remove" && sub == "":
			continue
		case op == "remove":
			delete(part, existing(part, sub))
		case sub != "":
			part[existing(part, sub)] = o.Value
		case is:
			maps.Copy(part, object)
		default:
			return invalid("invalidValue", "the value of %s is an object", o.Path)
		}
		kept = append(kept, part)
	}
	if equal, is := p.ValueExpression.(*filter.AttributeExpression); !found && op == "add" && is && equal.Operator == filter.EQ && sub != "" {
		kept, found = append(kept, Resource{equal.AttributePath.AttributeName: equal.CompareValue, sub: o.Value}), true
	}
	if !found && op != "remove" {
		return invalid("noTarget", "nothing is chosen by %s", o.Path)
	}
	r[name] = kept
	return nil
}

// sub changes a part of an object.
func (o Operation) sub(r Resource, name, sub, op string) error {
	if elements, is := r[name].([]any); is { // of each
		for _, one := range elements {
			if part, ok := one.(Resource); ok && op != "remove" {
				part[existing(part, sub)] = o.Value
			} else if ok {
				delete(part, existing(part, sub))
			}
		}
		return nil
	}
	part, ok := r[name].(Resource)
	if !ok {
		if op == "remove" {
			return nil
		}
		part = Resource{}
		r[name] = part
	}
	if op == "remove" {
		delete(part, existing(part, sub))
	} else {
		part[existing(part, sub)] = o.Value
	}
	return nil
}

// joined is what an attribute becomes by an addition or a replacement.
func joined(was, value any, name, op string) any {
	if several[strings.ToLower(name)] {
		if op == "replace" {
			return list(value)
		}
		all := list(was)
		for _, v := range list(value) {
			if !slices.ContainsFunc(all, func(one any) bool { return same(one, v) }) {
				all = append(all, v)
			}
		}
		return all
	}
	before, is := was.(Resource)
	object, too := value.(Resource)
	if is && too {
		for n, v := range object {
			before[existing(before, n)] = v
		}
		return before
	}
	return value
}

// list is a value as a list.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// same says whether two elements of a list are the same: of objects, by their value.
func same(a, b any) bool {
	x, isX := a.(Resource)
	y, isY := b.(Resource)
	if isX && isY {
		return reflect.DeepEqual(Get(x, "value"), Get(y, "value"))
	}
	if isX {
		return reflect.DeepEqual(Get(x, "value"), b)
	}
	return reflect.DeepEqual(a, b)
}
