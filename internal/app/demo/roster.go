package demo

import (
	"strconv"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/org"
)

// The attributes, beside the standard ones, that the roster has.
const (
	Contract  = "contract"
	Service   = "years of service"
	Workplace = "workplace"
)

// reported are the attributes that the diagnosis reports by, the last dropped
// first where too few people share a combination.
func (o *Organisation) reported() []string {
	if o.slug == PartnershipSlug {
		return []string{diagnosisdb.Level, diagnosisdb.Partner}
	}
	return []string{diagnosisdb.Level, Workplace, diagnosisdb.Country}
}

// Sources returns the roster of a wave, 1 or 2, as the three files it would come
// in: units, people and management teams.
func (o *Organisation) Sources(wave int) []org.Source {
	return []org.Source{o.unitFile(), o.peopleFile(wave), o.teamFile(wave)}
}

// Map says which column of the Sources is what.
func (o *Organisation) Map() org.Map {
	col := func(heading string) org.Field { return org.Field{Column: heading} }
	return org.Map{
		Decimals: "point",
		Units:    &org.Section{Unit: col("Unit code"), UnitName: col("Unit"), ParentUnit: col("Part of")},
		People: &org.Section{
			Key: col("Staff number"), Name: col("Name"), Mail: col("Mail"), Unit: col("Works in"), Location: col("Town"), Country: col("Country"),
			Level: col("Level"), Partner: col("Partner"), Manager: col("Reports to"), FTE: col("FTE"),
			Attributes: map[string]org.Field{Contract: col("Contract"), Service: col("Years of service"), Workplace: col("Workplace")},
		},
		Teams: &org.Section{Team: col("Management team"), Unit: col("Team of"), Person: col("Member"), Chair: col("Chair")},
	}
}

func file(name string, header []string, rows func(yield func(cells ...string) bool)) org.Source {
	return org.Source{Name: name, Header: header, Rows: func(yield func(org.Row, error) bool) {
		line := 1
		rows(func(cells ...string) bool {
			line++
			return yield(org.Row{Line: line, Cells: cells}, nil)
		})
	}}
}

func (o *Organisation) unitFile() org.Source {
	return file("units.csv", []string{"Unit code", "Unit", "Part of"}, func(yield func(...string) bool) {
		for _, u := range o.units {
			if !yield(u.Key, u.Name, u.Parent) {
				return
			}
		}
	})
}

func (o *Organisation) peopleFile(wave int) org.Source {
	country := map[string]string{}
	for _, c := range countries() {
		country[c.Code] = c.Name
	}
	header := []string{"Staff number", "Name", "Mail", "Works in", "Town", "Country", "Level", "Reports to", "FTE", "Contract", "Years of service", "Workplace", "Partner"}
	return file("people.csv", header, func(yield func(...string) bool) {
		for _, p := range o.People(wave) {
			u := o.byKey[p.Unit]
			if !yield(p.Key, p.Name, p.Mail, p.Unit, u.Town, country[u.Country], p.Level.Name(), p.Manager,
				strconv.FormatFloat(p.FTE, 'f', -1, 64), p.Contract, p.Service(), u.Workplace, u.Partner) {
				return
			}
		}
	})
}

func (o *Organisation) teamFile(wave int) org.Source {
	return file("management-teams.csv", []string{"Management team", "Team of", "Member", "Chair"}, func(yield func(...string) bool) {
		for _, t := range o.Teams(wave) {
			for _, m := range t.Members {
				chair := ""
				if m == t.Chair {
					chair = "yes"
				}
				if !yield(t.Name, t.Unit, m, chair) {
					return
				}
			}
		}
	})
}
