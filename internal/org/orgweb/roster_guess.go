package orgweb

import (
	"slices"
	"strings"
	"unicode"

	"throughline/internal/org"
)

// headings are the words by which a field's column is recognised, in English
// and Dutch, the surest first. Case, spaces and signs do not matter.
var headings = []struct{ field, words string }{
	{"key", "person id, personnel number, personnel no, employee id, employee number, employee no, staff id, staff number, worker id, post unique reference, personeelsnummer, personeelsnr, persnr, medewerkernummer, medewerker id, key, id, number, nummer"},
	{"name", "name, full name, employee name, employee, display name, naam, volledige naam, naam medewerker, medewerker"},
	{"mail", "mail, email, mail address, email address, work email, mailadres, emailadres, zakelijk emailadres"},
	{"unit_path", "unit path, department path, org path, path, hierarchy, pad, afdelingspad, organisatiepad"},
	{"unit", "unit, unit id, unit code, department, dept, department code, org unit, organisation unit, organizational unit, business unit, afdeling, afdelingscode, eenheid, organisatieeenheid"},
	{"unit_name", "unit name, department name, afdelingsnaam, naam afdeling, naam eenheid"},
	{"parent_unit", "parent unit, parent, parent department, higher unit, bovenliggende eenheid, bovenliggende afdeling, hogere afdeling, hoofdafdeling"},
	{"location", "location, site, office, place of work, workplace, city, locatie, vestiging, standplaats, werkplek, plaats"},
	{"country", "country, country code, land, landcode"},
	{"level", "level, management level, niveau, managementniveau, leidinggevend niveau"},
	{"partner", "partner, company, employer, legal entity, werkgever, bedrijf, vennootschap"},
	{"manager", "manager, manager id, manager number, reports to, line manager, supervisor, boss, reports to senior post, reporting senior post, leidinggevende, nummer leidinggevende, chef"},
	{"start", "start, start date, hire date, first day, in service from, begindatum, startdatum, datum in dienst, in dienst"},
	{"end", "end, end date, leaving date, termination date, last day, einddatum, datum uit dienst, uit dienst"},
	{"fte", "fte, full time equivalent, number of posts in fte, deeltijdfactor, werktijdfactor, parttime factor, part time factor"},
	{"grade", "grade, pay grade, schaal, functieschaal, salarisschaal"},
	{"job", "job, job title, generic job title, functie, functienaam"},
	{"team", "management team, team, managementteam, mt"},
	{"person", "person, member, lid"},
	{"chair", "chair, chairperson, voorzitter"},
}

// guessMap says which column may be what, by the headings, and by whether units are
// written as paths. A person looks at it before anything happens.
func guessMap(sources []org.Source) org.Map {
	var m org.Map
	for _, s := range sources {
		f := recognise(s.Header)
		if f["unit_path"] == "" && f["unit"] != "" && f["parent_unit"] == "" && paths(s, f["unit"]) {
			f["unit_path"] = f["unit"]
		}
		unit := f["unit"] != "" || f["unit_path"] != ""
		switch {
		case f["key"] != "" && m.People == nil:
			m.People = pick(org.PeopleRows, f)
			if f["team"] != "" && f["chair"] != "" {
				f["person"] = f["key"]
				m.Teams = pick(org.TeamRows, f)
			}
		case f["team"] != "" && f["chair"] != "" && f["person"] != "":
			m.Teams = pick(org.TeamRows, f)
		case unit && f["fte"] != "" && f["key"] == "":
			m.Groups = pick(org.GroupRows, f)
		case unit && f["parent_unit"] != "" && f["key"] == "":
			m.Units = pick(org.UnitRows, f)
		}
	}
	if m.People == nil && m.Groups == nil {
		m.People = pick(org.PeopleRows, recognise(sources[0].Header))
	}
	return m
}

// paths says whether a column holds paths: a / in most of its first cells.
func paths(s org.Source, heading string) bool {
	column, n, with := slices.Index(s.Header, heading), 0, 0
	for row, err := range s.Rows {
		if err != nil || n == 100 {
			break
		}
		if column < len(row.Cells) && strings.TrimSpace(row.Cells[column]) != "" {
			n++
			if strings.Contains(row.Cells[column], "/") {
				with++
			}
		}
	}
	return 2*with > n
}

// recognise returns the heading of each field that a file seems to have.
func recognise(header []string) map[string]string {
	found := map[string]string{}
	for _, h := range headings {
		for word := range strings.SplitSeq(h.words, ",") {
			for _, heading := range header {
				if found[h.field] == "" && plain(heading) == plain(word) {
					found[h.field] = heading
				}
			}
		}
	}
	return found
}

func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

// pick makes a section of the fields found that it may have.
func pick(section org.SectionName, found map[string]string) *org.Section {
	var s org.Section
	for _, name := range org.FieldNames(section) {
		inPath := name == "unit" || name == "unit_name" || name == "parent_unit"
		if found[name] != "" && !(inPath && found["unit_path"] != "") {
			*s.Field(name) = org.Field{Column: found[name]}
		}
	}
	return &s
}
