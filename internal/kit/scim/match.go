package scim

import (
	"cmp"
	"slices"
	"strings"

	filter "github.com/scim2/filter-parser/v2"
)

// Match says whether a resource is one that a filter asks for. Texts are compared without case, but for
// ids (RFC 7643 3.1).
func Match(e filter.Expression, r Resource) bool {
	switch e := e.(type) {
	case *filter.LogicalExpression:
		if e.Operator == filter.AND {
			return Match(e.Left, r) && Match(e.Right, r)
		}
		return Match(e.Left, r) || Match(e.Right, r)
	case *filter.NotExpression:
		return !Match(e.Expression, r)
	case *filter.ValuePath:
		return slices.ContainsFunc(Parts(at(r, e.AttributePath)), func(part Resource) bool { return Match(e.ValueFilter, part) })
	case *filter.AttributeExpression:
		return compare(e, r)
	}
	return false
}

// at is the attribute that a path names, without its sub-attribute.
func at(r Resource, p filter.AttributePath) any {
	if uri := strings.TrimSuffix(p.URI(), ":"); uri != "" && !core(uri) {
		inner, _ := Get(r, uri).(Resource)
		return Get(inner, p.AttributeName)
	}
	return Get(r, p.AttributeName)
}

// core says whether a schema's attributes stand in the resource itself.
func core(uri string) bool {
	return strings.EqualFold(uri, UserSchema) || strings.EqualFold(uri, GroupSchema)
}

// values are what a path leads to: of a list each, of an object without a sub-attribute its value.
func values(v any, sub string) (all []any) {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		for _, one := range v {
			all = append(all, values(one, sub)...)
		}
		return all
	case []string:
		for _, one := range v {
			all = append(all, one)
		}
		return all
	case Resource:
		if sub == "" {
			sub = "value"
		}
		return values(Get(v, sub), "")
	}
	if sub != "" {
		return nil
	}
	return []any{v}
}

func compare(e *filter.AttributeExpression, r Resource) bool {
	found := values(at(r, e.AttributePath), e.AttributePath.SubAttributeName())
	exact := strings.EqualFold(e.AttributePath.AttributeName, "id") || strings.EqualFold(e.AttributePath.AttributeName, "externalId")
	switch e.Operator {
	case filter.PR:
		return slices.ContainsFunc(found, func(v any) bool { return v != "" })
	case filter.NE:
		return !slices.ContainsFunc(found, func(v any) bool { return holds(filter.EQ, v, e.CompareValue, exact) })
	}
	return slices.ContainsFunc(found, func(v any) bool { return holds(e.Operator, v, e.CompareValue, exact) })
}

func holds(o filter.CompareOperator, v, want any, exact bool) bool {
	if text, ok := v.(string); ok {
		with, ok := want.(string)
		if !exact {
			text, with = strings.ToLower(text), strings.ToLower(with)
		}
		return ok && holdsText(o, text, with)
	}
	if number, ok := asNumber(v); ok {
		with, ok := asNumber(want)
		return ok && ordered(o, cmp.Compare(number, with))
	}
	return o == filter.EQ && v == want
}

func holdsText(o filter.CompareOperator, text, with string) bool {
	switch o {
	case filter.CO:
		return strings.Contains(text, with)
	case filter.SW:
		return strings.HasPrefix(text, with)
	case filter.EW:
		return strings.HasSuffix(text, with)
	}
	return ordered(o, strings.Compare(text, with))
}

func ordered(o filter.CompareOperator, c int) bool {
	switch o {
	case filter.EQ:
		return c == 0
	case filter.GT:
		return c > 0
	case filter.GE:
		return c >= 0
	case filter.LT:
		return c < 0
	case filter.LE:
		return c <= 0
	}
	return false
}

func asNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
