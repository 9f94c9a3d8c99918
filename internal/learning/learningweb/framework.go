package learningweb

import (
	"context"
	"net/http"
	"strings"

	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/learning"
	"throughline/internal/org"

	"github.com/a-h/templ"
)

// frameworkForm is the page of one framework.
type frameworkForm struct {
	learning.Framework
	Used bool
	Err  error
}

// UsualLevels are those of a framework that brings none of its own. Our choice.
func UsualLevels(ctx context.Context) []learning.Level {
	return []learning.Level{
		{Name: lang.T(ctx, "knows it"), Meaning: lang.T(ctx, "can say what it is and what it is for")},
		{Name: lang.T(ctx, "with help"), Meaning: lang.T(ctx, "does it in usual situations when somebody is near")},
		{Name: lang.T(ctx, "alone"), Meaning: lang.T(ctx, "does it without being told, in unusual situations too")},
		{Name: lang.T(ctx, "helps others"), Meaning: lang.T(ctx, "is asked by others, shows it and makes it better")},
	}
}

func (p *Pages) newFramework(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, http.StatusOK, frameworkView(frameworkForm{Framework: learning.Framework{Levels: UsualLevels(r.Context())}, Used: true}))
}

func (p *Pages) framework(w http.ResponseWriter, r *http.Request) error {
	f, err := p.Store.Framework(r.Context(), web.From[org.Actor](r.Context()).Organisation, r.PathValue("framework"))
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, frameworkView(frameworkForm{Framework: f.Framework, Used: f.Ended == ""}))
}

func (p *Pages) saveFramework(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	f := learning.Framework{ID: r.PathValue("framework"), Name: r.FormValue("name"), Source: r.FormValue("source"), Version: r.FormValue("version"), Language: r.FormValue("language"), Note: r.FormValue("note"), Levels: readLevels(r.FormValue("levels"))}
	used := r.FormValue("used") != ""
	var err error
	if !used {
		if f.Ended, err = p.Org.Today(ctx, actor.Organisation); err != nil {
			return err
		}
	}
	made, err := p.Store.SaveFramework(ctx, actor.Organisation, f, actor.Name)
	if web.Retry(err) {
		return web.Page(w, r, web.StatusOf(err), frameworkView(frameworkForm{Framework: f, Used: used, Err: err}))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/competencies?framework="+made)
}

// readLevels reads levels, one a line, the lowest first: a name, then, behind a colon, what one sees.
func readLevels(typed string) (levels []learning.Level) {
	for line := range strings.Lines(typed) {
		name, meaning, _ := strings.Cut(line, ":")
		levels = append(levels, learning.Level{Name: name, Meaning: meaning})
	}
	return levels
}

// writtenLevels is what readLevels reads.
func writtenLevels(levels []learning.Level) string {
	var lines []string
	for _, l := range levels {
		if l.Meaning != "" {
			l.Name += ": " + l.Meaning
		}
		lines = append(lines, l.Name)
	}
	return strings.Join(lines, "\n")
}

func (f frameworkForm) title(ctx context.Context) string {
	if f.ID == "" {
		return lang.T(ctx, "A new framework")
	}
	return f.Name
}

func (f frameworkForm) action() templ.SafeURL {
	if f.ID == "" {
		return "/frameworks"
	}
	return templ.SafeURL("/frameworks/" + f.ID)
}
