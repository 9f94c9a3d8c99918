package orgweb

import (
	"net/http"
	"slices"
	"strings"

	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/kit/yaml"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

type mapPage struct {
	Upload  orgdb.Upload
	Map     org.Map
	Day     period.Day
	Sources []org.Source
	YAML    string
	Err     error
}

func (p *Pages) rosterMap(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	u, sources, done, err := p.opened(r, actor)
	defer done()
	if err != nil {
		return err
	}
	return showMap(w, r, mapPage{Upload: u, Map: u.Map, Day: u.Day, Sources: sources})
}

// opened returns the upload that the address names, with its files at hand.
func (p *Pages) opened(r *http.Request, actor org.Actor) (u orgdb.Upload, sources []org.Source, done func(), err error) {
	if u, err = p.Store.Upload(r.Context(), actor.Organisation, r.PathValue("upload")); err != nil {
		return u, nil, func() {}, err
	}
	sources, done, err = p.sources(r.Context(), actor.Organisation, u)
	return u, sources, done, err
}

func showMap(w http.ResponseWriter, r *http.Request, page mapPage) error {
	if page.YAML == "" {
		text, err := yaml.Encode(page.Map)
		if err != nil {
			return err
		}
		page.YAML = string(text)
	}
	return web.Page(w, r, web.StatusOf(page.Err), mapView(page))
}

func (p *Pages) setMap(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	u, sources, done, err := p.opened(r, actor)
	defer done()
	if err != nil {
		return err
	}
	page := mapPage{Upload: u, Map: u.Map, Day: u.Day, Sources: sources}
	if page.Day, err = formDay(r); err == nil {
		err = page.read(r)
	}
	if err == nil {
		_, err = org.NewDraft(page.Map, sources)
	}
	if err == nil {
		err = p.Store.MapUpload(r.Context(), actor.Organisation, u.ID, page.Day, page.Map)
	}
	if web.Retry(err) {
		page.Err = err
		return showMap(w, r, page)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/roster/files/"+u.ID+"/preview")
}

// read takes the map from the form: from the text of a map file, or from the
// choices, which leave alone what they do not show.
func (page *mapPage) read(r *http.Request) error {
	if r.PostForm.Has("yaml") {
		page.YAML = r.PostFormValue("yaml")
		var m org.Map
		if err := yaml.Decode([]byte(page.YAML), &m); err != nil {
			return atField("yaml", err)
		}
		page.Map = m
		return nil
	}
	m := &page.Map
	m.Units = readSection(r, org.UnitRows, m.Units)
	m.People = readSection(r, org.PeopleRows, m.People)
	m.Groups = readSection(r, org.GroupRows, m.Groups)
	m.Teams = readSection(r, org.TeamRows, m.Teams)
	if m.People != nil {
		readAttributes(r, m.People)
	}
	m.Root, m.Separator = strings.TrimSpace(r.PostFormValue("root")), strings.TrimSpace(r.PostFormValue("separator"))
	m.Dates, m.Decimals = period.Format(r.PostFormValue("dates")), r.PostFormValue("decimals")
	m.OnDuplicate, m.Tree = r.PostFormValue("on_duplicate"), r.PostFormValue("tree")
	m.NoSuperior = nil
	for word := range strings.SplitSeq(r.PostFormValue("no_superior"), ",") {
		if word = strings.TrimSpace(word); word != "" {
			m.NoSuperior = append(m.NoSuperior, word)
		}
	}
	return nil
}

func readSection(r *http.Request, name org.SectionName, had *org.Section) *org.Section {
	s := org.Section{}
	if had != nil {
		s = *had
	}
	empty := true
	for _, field := range org.FieldNames(name) {
		f := s.Field(field)
		column := r.PostFormValue(fieldID(name, field))
		switch {
		case column != "":
			f.Column, f.Constant = column, ""
		case f.Constant == "":
			*f = org.Field{}
		default:
			f.Column = ""
		}
		empty = empty && f.IsZero()
	}
	if empty {
		return nil
	}
	return &s
}

func readAttributes(r *http.Request, s *org.Section) {
	s.OtherAttributes = r.PostFormValue("other_attributes") != ""
	chosen, kept := r.PostForm["attribute"], map[string]org.Field{}
	for name, f := range s.Attributes {
		if f.Column == "" || slices.Contains(chosen, f.Column) {
			kept[name] = f
		}
	}
	for _, column := range chosen {
		if !isAttribute(s, column) {
			kept[column] = org.Field{Column: column}
		}
	}
	s.Attributes = kept
}

// isAttribute says whether a column is mapped to an attribute by name.
func isAttribute(s *org.Section, column string) bool {
	if s == nil {
		return false
	}
	for _, f := range s.Attributes {
		if f.Column == column {
			return true
		}
	}
	return false
}

func fieldID(section org.SectionName, field string) string { return string(section) + "." + field }

// field returns what the map says about a field; the zero Field for nothing.
func (page mapPage) field(section org.SectionName, name string) org.Field {
	if s := page.Map.Section(section); s != nil {
		return *s.Field(name)
	}
	return org.Field{}
}

// columns are the headings of all files, each once.
func (page mapPage) columns() []string {
	var all []string
	for _, s := range page.Sources {
		for _, h := range s.Header {
			if !slices.Contains(all, h) {
				all = append(all, h)
			}
		}
	}
	return all
}

// has says whether a file has the column that the map names.
func (page mapPage) has(column string) bool {
	return slices.ContainsFunc(page.columns(), func(h string) bool { return strings.EqualFold(h, column) })
}

func (p *Pages) mapFile(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	u, err := p.Store.Upload(r.Context(), actor.Organisation, r.PathValue("upload"))
	if err != nil {
		return err
	}
	text, err := yaml.Encode(u.Map)
	if err != nil {
		return err
	}
	web.Attach(w, "application/yaml", "map.yaml")
	_, err = w.Write(text)
	return err
}

func (p *Pages) deleteUpload(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	if err := p.Store.DeleteUpload(r.Context(), actor.Organisation, r.PathValue("upload")); err != nil {
		return err
	}
	p.say(r.Context(), "The files are thrown away. Nothing has changed.")
	return web.SeeOther(w, r, "/roster")
}
