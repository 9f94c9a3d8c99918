package orgweb

import (
	"context"
	"strings"

	"throughline/internal/kit/period"
)

// scopes returns the units and partners of today that a role can hold for; units
// are set in by their depth.
func (p *Pages) scopes(ctx context.Context, organisation string) (units, partners []choice, err error) {
	today := period.DayOf(p.now())
	structure, err := p.Store.Structure(ctx, organisation, today)
	if err != nil {
		return nil, nil, err
	}
	for _, u := range structure.Units {
		units = append(units, choice{u.ID, strings.Repeat("\u2003", u.Depth) + u.Name})
	}
	all, err := p.Store.Partners(ctx, organisation, today)
	for _, partner := range all {
		partners = append(partners, choice{partner.ID, partner.Name})
	}
	return units, partners, err
}
