package orgweb

import (
	"io"
	"net/http"
	"os"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

type rosterPage struct {
	Imports []org.RosterImport
	Last    string     // id of the import that can be taken back, "" for none
	Today   period.Day // offered for an export
	Day     period.Day // offered for the next import
	Err     error
}

func (p *Pages) roster(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	return p.showRoster(w, r, actor, nil)
}

func (p *Pages) showRoster(w http.ResponseWriter, r *http.Request, actor org.Actor, mistake error) error {
	imports, err := p.Store.RosterImports(r.Context(), actor.Organisation)
	if err != nil {
		return err
	}
	page := rosterPage{Imports: imports, Today: period.DayOf(p.now()), Err: mistake}
	if page.Day = period.Day(r.PostFormValue("day")); page.Day == "" {
		page.Day = page.Today
	}
	for _, i := range imports {
		if !i.TakenBack {
			page.Last = i.ID
			break
		}
	}
	return web.Page(w, r, web.StatusOf(mistake), rosterView(page))
}

func (p *Pages) takeBackRoster(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	err := p.Store.TakeBackRoster(r.Context(), actor.Organisation, r.PathValue("import"), actor.Name)
	if web.Retry(err) {
		return p.showRoster(w, r, actor, err)
	}
	if err != nil {
		return err
	}
	p.say(r.Context(), "The import is taken back: the roster is again what it was before it.")
	return web.SeeOther(w, r, "/roster")
}

// exportRoster writes the file before it sends any of it, so that half a file
// never looks like a whole one.
func (p *Pages) exportRoster(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	day, err := period.ParseDay(r.FormValue("day"))
	if err != nil {
		return err
	}
	if day == "" {
		day = period.DayOf(p.now())
	}
	format := sheet.Format(r.FormValue("format"))
	contentType := map[sheet.Format]string{
		sheet.CSV: "text/csv; charset=utf-8", sheet.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}[format]
	if contentType == "" {
		return fault.Invalidf("%q is no format of an export: choose csv or xlsx", string(format))
	}
	f, err := os.CreateTemp("", "throughline-export-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := WriteRoster(r.Context(), p.Store, actor.Organisation, day, format, f); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	web.Attach(w, contentType, "roster-"+string(day)+"."+string(format))
	_, err = io.Copy(w, f)
	return err
}
