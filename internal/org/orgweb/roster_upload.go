package orgweb

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/kit/yaml"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

const (
	largestUpload = 100 << 20 // bytes, of all files together
	mostFiles     = 10
)

// upload takes roster files and keeps them until they are imported.
func (p *Pages) upload(w http.ResponseWriter, r *http.Request, actor org.Actor) error {
	var open []io.Closer
	u, mapped, err := p.readUpload(w, r, actor, &open)
	defer func() {
		for _, f := range open {
			f.Close()
		}
	}()
	id := ""
	if err == nil {
		id, err = p.Store.SaveUpload(r.Context(), actor.Organisation, u)
	}
	if web.Retry(err) {
		return p.showRoster(w, r, actor, err)
	}
	if err != nil {
		return err
	}
	if mapped {
		return web.SeeOther(w, r, "/roster/files/"+id+"/preview")
	}
	return web.SeeOther(w, r, "/roster/files/"+id)
}

// readUpload reads the form; mapped is true if a map came with it. The caller
// closes what is open.
func (p *Pages) readUpload(w http.ResponseWriter, r *http.Request, actor org.Actor, open *[]io.Closer) (u orgdb.Upload, mapped bool, err error) {
	if err := parseFiles(w, r); err != nil {
		return u, false, err
	}
	if u.Day, err = formDay(r); err != nil {
		return u, false, err
	}
	u.By = actor.Name
	var sources []org.Source
	for _, h := range r.MultipartForm.File["file"] {
		f, source, err := openUpload(h, open)
		if err != nil {
			return u, false, err
		}
		u.Files = append(u.Files, f)
		sources = append(sources, source)
	}
	if n := len(sources); n == 0 || n > mostFiles {
		return u, false, fault.Fieldf("file", "choose the roster's files, at least one and at most %d", mostFiles)
	}
	if maps := r.MultipartForm.File["map"]; len(maps) > 0 && maps[0].Size > 0 {
		u.Map, err = readMapFile(maps[0])
		return u, true, err
	}
	u.Map, err = p.suggestMap(r.Context(), actor.Organisation, sources)
	return u, false, err
}

// parseFiles parses a form with files. What is too large is refused before any
// of it is kept; it is read to its end all the same, because a browser shows no
// answer before it has sent everything.
func parseFiles(w http.ResponseWriter, r *http.Request) error {
	if r.ContentLength > largestUpload {
		io.Copy(io.Discard, r.Body)
		return tooLarge()
	}
	r.Body = http.MaxBytesReader(w, r.Body, largestUpload)
	err := r.ParseMultipartForm(4 << 20)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return tooLarge()
	}
	if err != nil {
		return fault.Invalidf("the form did not arrive whole: choose the files again and send it once more")
	}
	return nil
}

func tooLarge() error {
	return fault.Fieldf("file", "the files are larger than %d MB together: leave columns out, or import them with the command 'throughline import roster'", largestUpload>>20)
}

func formDay(r *http.Request) (period.Day, error) {
	day, err := period.ParseDay(r.PostFormValue("day"))
	if err != nil {
		return "", atField("day", err)
	}
	if day == "" {
		return "", fault.Fieldf("day", "say from which day the roster holds")
	}
	return day, nil
}

// openUpload looks whether a file is a table. Its body is read later.
func openUpload(h *multipart.FileHeader, open *[]io.Closer) (orgdb.UploadFile, org.Source, error) {
	f, err := h.Open()
	if err != nil {
		return orgdb.UploadFile{}, org.Source{}, err
	}
	*open = append(*open, f)
	name := path.Base(strings.ReplaceAll(h.Filename, `\`, "/"))
	table, err := sheet.Open(f, name, sheet.Options{})
	if err != nil {
		return orgdb.UploadFile{}, org.Source{}, atField("file", err)
	}
	return orgdb.UploadFile{Name: name, Body: io.NewSectionReader(f, 0, h.Size)}, org.Source{Name: name, Header: table.Headings(), Rows: rowsOf(table)}, nil
}

func readMapFile(h *multipart.FileHeader) (m org.Map, err error) {
	f, err := h.Open()
	if err != nil {
		return m, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 2<<20))
	if err != nil {
		return m, err
	}
	return m, atField("map", yaml.Decode(text, &m))
}

func atField(field string, err error) error {
	if e := fault.Of(err); e != nil {
		e.Field = field
		return e
	}
	return err
}

// suggestMap is the map with which the next form begins: that of our own
// export, that of the last import where it fits, else what the headings say.
func (p *Pages) suggestMap(ctx context.Context, organisation string, sources []org.Source) (org.Map, error) {
	if m, found, err := KnownMap(ctx, p.Store, organisation, sources); found || err != nil {
		return m, err
	}
	return guessMap(sources), nil
}

// KnownMap returns the map of our own export, or that of the last import,
// whichever the files fit; found is false if they fit neither.
func KnownMap(ctx context.Context, s orgdb.Store, organisation string, sources []org.Source) (m org.Map, found bool, err error) {
	if len(sources) == 1 && org.IsExport(sources[0].Header) {
		return org.ExportMap(), true, nil
	}
	m, found, err = s.LastRosterMap(ctx, organisation)
	if err != nil || !found {
		return org.Map{}, false, err
	}
	if _, misfit := org.NewDraft(m, sources); misfit != nil {
		return org.Map{}, false, nil
	}
	return m, true, nil
}
