package learningweb

import (
	"bytes"
	"context"
	"io"
	"iter"
	"net/http"
	"path/filepath"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/learning/learningdb"
	"throughline/internal/org"
)

const mostCatalogueBytes = 150 << 20

// ReadCatalogue reads a file of competencies: a package of CASE where its name ends in .json, else a
// table whose shape its headings tell. What the file says of its framework is taken, and name goes
// before it; levels are those of a framework that is new, unless the file's own scale has more.
func ReadCatalogue(body io.Reader, file, name string, levels []learning.Level) (learning.Catalogue, error) {
	var f learning.Framework
	rows, shape, err := catalogueRows(body, file, &f)
	if err != nil {
		return learning.Catalogue{}, err
	}
	c, err := learning.Gather(rows)
	if err != nil {
		return c, err
	}
	c.Framework = f
	if c.Framework.Levels = levels; shape == learning.ONET || shape == learning.ONETRating {
		c.Framework.Levels = learning.ONETLevels
	}
	switch {
	case strings.TrimSpace(name) != "":
		c.Framework.Name = name
	case c.Framework.Name == "" && (shape == learning.ONET || shape == learning.ONETRating):
		c.Framework.Name = "O*NET"
	case c.Framework.Name == "" && shape == learning.ESCO:
		c.Framework.Name = "ESCO"
	case c.Framework.Name == "":
		c.Framework.Name = strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	}
	return c, nil
}

func catalogueRows(body io.Reader, file string, f *learning.Framework) (iter.Seq2[learning.CatalogueItem, error], learning.Shape, error) {
	if strings.EqualFold(filepath.Ext(file), ".json") {
		text, err := io.ReadAll(io.LimitReader(body, mostCatalogueBytes+1))
		if err != nil {
			return nil, "", err
		}
		if len(text) > mostCatalogueBytes {
			return nil, "", fault.Invalidf("%s is larger than this takes", file)
		}
		var rows iter.Seq2[learning.CatalogueItem, error]
		*f, rows, err = learning.CasePackage(text)
		return rows, "", err
	}
	table, err := sheet.Open(body, file, sheet.Options{MaxBytes: mostCatalogueBytes})
	if err != nil {
		return nil, "", err
	}
	shape, err := learning.ShapeOf(table.Has)
	return func(yield func(learning.CatalogueItem, error) bool) {
		for row, err := range table.Rows() {
			var it learning.CatalogueItem
			if err == nil {
				it, err = shape.Item(row.Line, row.Get)
			}
			if !yield(it, err) {
				return
			}
		}
	}, shape, err
}

// catalogueForm is the page on which a file is handed in.
type catalogueForm struct {
	Name  string
	Whole bool
	Came  *learningdb.Came
	Err   error
}

func catalogueKey(actor org.Actor, upload string) string {
	return "competencies " + actor.Organisation + " " + actor.Account + " " + upload
}

// importForm shows the form, and above it what came of the file that leads here.
func (p *Pages) importForm(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	came, ready, err := web.Join[*learningdb.Came](p.Works, w, r, catalogueKey(actor, r.FormValue("file")))
	if !ready && err == nil {
		return nil
	}
	if err != nil && !web.Retry(err) {
		return err
	}
	return web.Page(w, r, web.StatusOf(err), importPage(catalogueForm{Came: came, Err: err}))
}

// importFile takes a file, all of it or nothing; the work goes on when its page is left.
func (p *Pages) importFile(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	f := catalogueForm{Name: r.FormValue("name"), Whole: r.FormValue("whole") != ""}
	body, name, err := catalogueFile(r)
	if err == nil {
		var c learning.Catalogue
		if c, err = ReadCatalogue(bytes.NewReader(body), name, f.Name, UsualLevels(r.Context())); err == nil {
			upload := id.New()
			web.Begin(p.Works, r, catalogueKey(actor, upload), func(ctx context.Context, progress func(done, total int)) (*learningdb.Came, error) {
				came, err := p.Store.Import(ctx, actor.Organisation, learningdb.Catalogue{Catalogue: c, Whole: f.Whole, Source: name, By: actor.Name, Progress: progress})
				return &came, err
			})
			return web.SeeOther(w, r, "/competencies/import?file="+upload)
		}
	}
	if f.Err = err; web.Retry(err) {
		return web.Page(w, r, web.StatusOf(err), importPage(f))
	}
	return err
}

func catalogueFile(r *http.Request) ([]byte, string, error) {
	f, header, err := web.FormFile(r)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, mostCatalogueBytes+1))
	return body, header.Filename, err
}

// ResourceRows reads a table of resources. It reports, here or with a row, what is missing or is no
// number.
func ResourceRows(table *sheet.Reader) (iter.Seq2[learning.ResourceRow, error], error) {
	if err := table.Need("name", "modality"); err != nil {
		return nil, err
	}
	return func(yield func(learning.ResourceRow, error) bool) {
		for row, err := range table.Rows() {
			var one learning.ResourceRow
			if err == nil {
				one, err = resourceRow(row)
			}
			if !yield(one, err) {
				return
			}
		}
	}, nil
}

func resourceRow(row sheet.Row) (one learning.ResourceRow, err error) {
	get := row.Get
	one = learning.ResourceRow{Line: row.Line, Key: get("key"), Name: get("name"), Note: get("description"), URI: get("uri"), Modality: get("modality"), Form: get("form"), External: get("external"), Provider: get("provider"),
		Owner: get("owner"), Language: get("language"), Currency: get("currency"), Approval: get("approval"), Competencies: get("competencies"), Roles: get("roles"), Goals: get("goals"), Needs: get("needs"), Characteristics: get("characteristics"), Since: get("since")}
	for heading, to := range map[string]**float64{"hours": &one.Hours, "price": &one.Price, "capacity": &one.Capacity} {
		v, there, err := row.Decimal(heading, sheet.Unknown)
		if err != nil {
			return one, err
		}
		if there {
			*to = &v
		}
	}
	return one, nil
}

// resourcesForm is the page on which a file of resources is handed in.
type resourcesForm struct {
	Came *learningdb.ResourcesCame
	Err  error
}

func (p *Pages) importResourcesForm(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, http.StatusOK, importResourcesPage(resourcesForm{}))
}

// importResources takes a file, all of it or nothing.
func (p *Pages) importResources(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	var f resourcesForm
	body, name, err := catalogueFile(r)
	if err == nil {
		var table *sheet.Reader
		if table, err = sheet.Open(bytes.NewReader(body), name, sheet.Options{MaxBytes: mostCatalogueBytes}); err == nil {
			var rows iter.Seq2[learning.ResourceRow, error]
			if rows, err = ResourceRows(table); err == nil {
				var came learningdb.ResourcesCame
				came, err = p.Store.ImportResources(r.Context(), actor.Organisation, learningdb.ResourceFeed{Rows: rows, Source: name, By: actor.Name})
				f.Came = &came
			}
		}
	}
	if f.Err = err; err != nil && !web.Retry(err) {
		return err
	}
	return web.Page(w, r, web.StatusOf(err), importResourcesPage(f))
}
