package orgdb_test

import (
	"fmt"
	"testing"

	"throughline/internal/org"
)

func TestLocationsOfAreThoseOfTheUnitsAsked(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		m := staff
		m.Groups = &org.Section{Unit: column("In"), FTE: column("Number"), Location: column("Place")}
		t.load("2026-01-01", m, table("jan.csv", springStaff...), table("groups.csv", "In|Number|Place", "Acme/Shops|2.5|Gent", "Acme/Depot|1|"))
		for name, c := range map[string]struct {
			units []string
			want  string
		}{
			"all":       {nil, " 0/0+1; BE Gent 2/1.5+2.5; NL Delft 2/1.8+0; "},
			"two units": {[]string{t.unit("Acme/Shops"), t.unit("Acme/Shops/One")}, "BE Gent 2/1.5+2.5; NL Delft 1/0.8+0; "},
			"depot":     {[]string{t.unit("Acme/Depot")}, " 0/0+1; "},
			"none":      {[]string{}, ""},
		} {
			locations, err := t.LocationsOf(t.Context(), t.organisation, "2026-01-01", c.units)
			got := ""
			for _, l := range locations {
				if l.Country != "" {
					got += l.Country + " "
				}
				got += fmt.Sprintf("%s %d/%g+%g; ", l.Name, l.People, l.PeopleFTE, l.GroupFTE)
			}
			if err != nil || got != c.want {
				t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
			}
		}
	})
}

func TestWhereLocationsLieIsKeptByName(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		leeds := org.Where{Latitude: 53.8, Longitude: -1.5, Known: true}
		for _, w := range []org.Where{{Latitude: 1, Longitude: 1, Known: true}, leeds} {
			if err := t.SaveWhere(ctx, t.organisation, map[string]org.Where{"Leeds": w}, "Ann"); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := t.Where(ctx, t.organisation); err != nil || len(got) != 1 || got["Leeds"] != leeds {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := t.Where(ctx, newRoster(t.T, t.DB, "other").organisation); err != nil || len(got) != 0 {
			t.Errorf("another organisation sees %v, %v", got, err)
		}
	})
}
