package orgdb_test

import (
	"fmt"
	"strings"
	"testing"

	"throughline/internal/kit/db"
	"throughline/internal/kit/period"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

func names(people []org.Person) string {
	var all []string
	for _, p := range people {
		all = append(all, p.Title())
	}
	return strings.Join(all, " ")
}

func TestLocationsAreCountedOnTheDay(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		m := staff
		m.Groups = &org.Section{Unit: column("In"), FTE: column("Number"), Location: column("Place")}
		t.load("2026-01-01", m, table("jan.csv", springStaff...), table("groups.csv", "In|Number|Place", "Acme/Shops|2.5|Gent"))
		for day, want := range map[string]string{
			"2026-03-31": "Gent BE 2/1.5+2.5; Delft NL 2/1.8+0; ",
			"2026-04-01": "Gent BE 1/1+2.5; Delft NL 2/1.8+0; ",
			"2026-06-01": "Gent BE 1/1+2.5; Delft NL 3/2.8+0; ",
		} {
			locations, err := t.Locations(t.Context(), t.organisation, periodDay(day))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, l := range locations {
				got += fmt.Sprintf("%s %s %d/%g+%g; ", l.Name, l.Country, l.People, l.PeopleFTE, l.GroupFTE)
			}
			if got != want {
				t.Errorf("%s: %s, want %s", day, got, want)
			}
		}
		partners, err := t.Partners(t.Context(), t.organisation, "2026-01-01")
		if err != nil || len(partners) != 1 || partners[0].Name != "Frank Ltd" {
			t.Errorf("partners: %v, %v", partners, err)
		}
		shops := t.unit("Acme/Shops")
		groups, err := t.Groups(t.Context(), t.organisation, shops, "2026-01-01")
		if err != nil || len(groups) != 1 || groups[0].FTE != 2.5 || groups[0].Location.Name != "Gent" || groups[0].Unit.Name != "Shops" {
			t.Errorf("groups: %+v, %v", groups, err)
		}
	})
}

func TestHeadcountsAreOfTheDayAndTheOrganisation(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		days := []period.Day{"2025-12-31", "2026-03-31", "2026-04-01"}
		count := func(organisation string) (got string) {
			err := t.DB.Read(t.Context(), func(tx *db.Tx) error {
				all, err := t.HeadcountsIn(t.Context(), tx, organisation, days)
				for _, day := range days {
					sum := org.Headcount{}
					for _, h := range all[day] {
						sum = sum.Plus(h)
					}
					got += fmt.Sprintf("%d/%g ", sum.People, sum.FTE())
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		before := t.structureOn("2026-03-31").Units[0].Total
		after := t.structureOn("2026-04-01").Units[0].Total
		want := fmt.Sprintf("0/0 %d/%g %d/%g ", before.People, before.FTE(), after.People, after.FTE())
		if got := count(t.organisation); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		stranger, err := t.CreateOrganisation(t.Context(), org.Organisation{Slug: "others", Name: "Others", Language: "en"}, org.Account{Mail: "eve@example.org", Name: "Eve"})
		if err != nil {
			t.Fatal(err)
		}
		if got := count(stranger); got != "0/0 0/0 0/0 " {
			t.Errorf("another organisation: %s", got)
		}
		t.load("2026-04-01", staff, table("apr.csv", springStaff[:2]...))
		if got := count(t.organisation); got == want {
			t.Errorf("after another roster still %s", got)
		}
	})
}

func (t rosterFixture) unit(key string) string {
	t.Helper()
	for _, u := range t.structureOn("2026-01-01").Units {
		if u.Key == key {
			return u.ID
		}
	}
	t.Fatalf("there is no unit %q", key)
	return ""
}

func TestPeopleAreListedByNameInPages(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		partners, err := t.Partners(t.Context(), t.organisation, "2026-01-01")
		if err != nil {
			t.Fatal(err)
		}
		locations, err := t.Locations(t.Context(), t.organisation, "2026-01-01")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			q    orgdb.PeopleQuery
			want string
		}{
			{orgdb.PeopleQuery{Day: "2026-01-01", Limit: 10}, "Ann Ng Bo_Lee Cy Dee"},
			{orgdb.PeopleQuery{Day: "2026-01-01", Limit: 2, Offset: 1}, "Bo_Lee Cy"},
			{orgdb.PeopleQuery{Day: "2026-04-01", Limit: 10}, "Ann Ng Bo_Lee Cy"},
			{orgdb.PeopleQuery{Day: "2026-01-01", Limit: 10, Unit: t.unit("Acme/Shops")}, "Bo_Lee"},
			{orgdb.PeopleQuery{Day: "2026-01-01", Limit: 10, Partner: partners[0].ID}, "Cy Dee"},
			{orgdb.PeopleQuery{Day: "2026-06-01", Limit: 10, Location: locations[1].ID, Unit: t.unit("Acme/Depot")}, "Eli"},
		} {
			people, err := t.People(t.Context(), t.organisation, c.q)
			if err != nil || names(people) != c.want {
				t.Errorf("%+v: %q, %v, want %q", c.q, names(people), err, c.want)
			}
		}
		var each []org.Person
		err = t.DB.Read(t.Context(), func(tx *db.Tx) error {
			return orgdb.EachPerson(t.Context(), tx, t.organisation, "2026-01-01", func(p org.Person) error {
				each = append(each, p)
				return nil
			})
		})
		if err != nil || names(each) != "Ann Ng Bo_Lee Cy Dee" {
			t.Errorf("each: %q, %v", names(each), err)
		}
	})
}

func TestSearchFindsWhatSomebodyMaySee(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		one := t.unit("Acme/Shops/One")
		for _, c := range []struct {
			text          string
			limit         int
			may           func(unit, partner string) bool
			units, people string
			more          bool
		}{
			{"", 9, nil, "", "", false},
			{"SHOP", 9, nil, "One Shops", "", false},
			{"ann", 9, nil, "", "Ann Ng", false},
			{"acme.example", 2, nil, "", "Ann Ng Bo_Lee", true},
			{"acme.example", 3, nil, "", "Ann Ng Bo_Lee Cy", false},
			{"o_l", 9, nil, "", "Bo_Lee", false},
			{"%", 9, nil, "", "", false},
			{"acme", 1, func(unit, _ string) bool { return unit == one }, "One", "Cy", false},
			{"e", 9, func(_, partner string) bool { return partner != "" }, "", "Cy Dee", false},
		} {
			q := orgdb.SearchQuery{Day: "2026-01-01", Text: c.text, Limit: c.limit, Person: c.may}
			if c.may != nil {
				q.Unit = func(unit string) bool { return c.may(unit, "") }
			}
			found, err := t.Search(t.Context(), t.organisation, q)
			if err != nil {
				t.Fatal(err)
			}
			var units []string
			for _, u := range found.Units {
				units = append(units, u.Name)
			}
			if strings.Join(units, " ") != c.units || names(found.People) != c.people || found.More != c.more {
				t.Errorf("%q: units %q, people %q, more %v; want %q, %q, %v", c.text, units, names(found.People), found.More, c.units, c.people, c.more)
			}
		}
	})
}

func TestATeamIsThatOfItsDay(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		t.load("2026-04-01", staff, table("apr.csv", staffHeader,
			"1|Ann Ng||Acme||||||||||Board|", "2|Bo||Acme/Shops||||||||||Board|yes"))
		for day, want := range map[string]string{
			"2026-01-01": "Board of Acme: Ann Ng in the chair, 2 members",
			"2026-04-01": "Board of Shops: Bo in the chair, 2 members",
		} {
			teams, err := t.Teams(t.Context(), t.organisation, "", periodDay(day))
			if err != nil || len(teams) != 1 {
				t.Fatalf("%s: %v, %v", day, teams, err)
			}
			if got := fmt.Sprintf("%s of %s: %s in the chair, %d members", teams[0].Name, teams[0].Unit.Name, teams[0].Chair().Name, len(teams[0].Members)); got != want {
				t.Errorf("%s: %s, want %s", day, got, want)
			}
		}
		shops, err := t.Teams(t.Context(), t.organisation, t.unit("Acme/Shops"), "2026-01-01")
		if err != nil || len(shops) != 0 {
			t.Errorf("teams of the shops: %v, %v", shops, err)
		}
	})
}

func TestWhoIsReferredToMustBeThere(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		m := org.Map{
			People: &org.Section{Key: column("Id"), Unit: column("Unit"), Manager: column("Boss")},
			Teams:  &org.Section{Team: column("Team"), Person: column("Member"), Chair: column("Chair"), Unit: column("Of")},
		}
		in := orgdb.Roster{Day: "2026-01-01", Map: m, Sources: []org.Source{
			table("people.csv", "Id|Unit|Boss", "1|A|77", "2|A|1"), table("teams.csv", "Team|Member|Chair|Of", "Board|1|yes|A", "Board|3||A")}}
		if _, err := t.ImportRoster(t.Context(), t.organisation, in); err == nil || !strings.Contains(err.Error(), `the team "Board" names the person "3"`) {
			t.Errorf("a stranger in a team: %v", err)
		}
		in.Sources[1] = table("teams.csv", "Team|Member|Chair|Of", "Board|1|yes|A")
		report, err := t.ImportRoster(t.Context(), t.organisation, in)
		if err != nil || len(report.Remarks) != 1 || !strings.Contains(report.Remarks[0].String(), `"1" to "77"`) {
			t.Errorf("a manager who is not there: %+v, %v", report, err)
		}
	})
}

func periodDay(s string) period.Day { return period.Day(s) }
