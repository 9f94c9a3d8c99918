package orgweb

import (
	"context"

	"throughline/internal/kit/lang"
	"throughline/internal/org"
)

func (p treePage) heading(ctx context.Context) string {
	switch {
	case len(p.Imports) == 0:
		return lang.T(ctx, "There is no roster yet.")
	case len(p.Units) == 0:
		return lang.T(ctx, "On this day there was no roster.")
	case len(p.Tops) == 0:
		return lang.T(ctx, "No unit is within your roles.")
	case p.Count == 1:
		return lang.T(ctx, "%s in one unit", heads(ctx, p.Total))
	}
	return lang.T(ctx, "%s in %d units", heads(ctx, p.Total), p.Count)
}

func (p treePage) explanation(ctx context.Context) string {
	switch {
	case len(p.Imports) == 0:
		return lang.T(ctx, "A roster says who works where. Everything else begins with it.")
	case len(p.Units) == 0:
		return lang.T(ctx, "The first one holds from %s.", string(p.Imports[len(p.Imports)-1]))
	case p.Countries > 1:
		return lang.T(ctx, "At %d locations in %d countries.", p.Locations, p.Countries)
	case p.Locations > 1:
		return lang.T(ctx, "At %d locations.", p.Locations)
	}
	return ""
}

// shallowest is the depth of the shallowest unit that may be seen.
func (p treePage) shallowest() int {
	depth := p.Units[p.Tops[0]].Depth
	for _, top := range p.Tops {
		depth = min(depth, p.Units[top].Depth)
	}
	return depth
}

func (u unitPage) heading(ctx context.Context) string {
	return lang.T(ctx, "%s: %s", u.unit().Name, heads(ctx, u.unit().Total))
}

func (p locationsPage) heading(ctx context.Context) string {
	countries := 0
	for _, c := range p.Countries {
		if c.Name != "" {
			countries++
		}
	}
	switch {
	case p.Locations == 0:
		return lang.T(ctx, "The roster of this day names no location.")
	case countries > 1:
		return lang.T(ctx, "%d locations in %d countries", p.Locations, countries)
	}
	return lang.N(ctx, p.Locations, "One location", "%d locations")
}

func countryName(ctx context.Context, name string) string {
	if name == "" {
		return lang.T(ctx, "No country stated")
	}
	return name
}

func placeName(ctx context.Context, name string) string {
	if name == "" {
		return lang.T(ctx, "no location stated")
	}
	return name
}

// titled is how a page calls somebody who is referred to.
func titled(r org.Ref) string {
	if r.Name != "" {
		return r.Name
	}
	return r.Key
}
