package diagnosisweb

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"

	"rsc.io/qr"
)

// letterForm is the page on which one chooses whom letters are for.
type letterForm struct {
	Diagnosis diagnosis.Diagnosis
	Units     []diagnosisdb.UnitLetters
	All       bool // also for people with a mail address
}

// letterSheet is letters to print.
type letterSheet struct {
	Diagnosis    diagnosis.Diagnosis
	Organisation org.Organisation
	Public       string
	Letters      []letterOf
	More         bool
}

// letterOf is one person's letter.
type letterOf struct {
	diagnosisdb.PersonalLink
	Square string // path of the QR code's dark modules
	Side   int    // modules
}

// mostLetters stand on one page; more are printed unit by unit.
const mostLetters = 200

// letters lets one choose a unit, and shows its letters: those of every unit with
// unit=all.
func (p *Pages) letters(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	ctx, organisation := r.Context(), web.From[org.Actor](r.Context()).Organisation
	unit, all := r.FormValue("unit"), r.FormValue("who") == "all"
	if unit == "" {
		units, err := p.Store.LetterUnits(ctx, organisation, d.ID, all)
		if err != nil {
			return err
		}
		return web.Page(w, r, http.StatusOK, lettersPage(letterForm{d, units, all}))
	}
	if unit == "all" {
		unit = ""
	}
	links, err := p.Store.Letters(ctx, organisation, d.ID, unit, all, mostLetters+1)
	if err != nil {
		return err
	}
	if err := p.Store.TookLinks(ctx, organisation, d.ID, org.Event{Who: web.From[org.Actor](ctx).Name, What: "letters with links shown"}); err != nil {
		return err
	}
	return p.showLetters(w, r, d, links)
}

// showLetters shows a letter for each link.
func (p *Pages) showLetters(w http.ResponseWriter, r *http.Request, d diagnosis.Diagnosis, links []diagnosisdb.PersonalLink) (err error) {
	sheet := letterSheet{Diagnosis: d, Public: p.Public, More: len(links) > mostLetters}
	if sheet.Organisation, err = p.Org.Organisation(r.Context(), web.From[org.Actor](r.Context()).Organisation); err != nil {
		return err
	}
	sheet.Letters = make([]letterOf, min(len(links), mostLetters))
	for i := range sheet.Letters {
		one := &sheet.Letters[i]
		one.PersonalLink = links[i]
		if one.Square, one.Side, err = square(p.Public + "/r/" + links[i].Secret); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, letterSheetPage(sheet))
}

func (f letterForm) people() (n int) {
	for _, u := range f.Units {
		n += u.People
	}
	return n
}

func (f letterForm) heading(ctx context.Context) string {
	if len(f.Units) == 0 {
		return lang.T(ctx, "No letter is needed: everybody has a mail address, or a shared link.")
	}
	return lang.N(ctx, f.people(), "One letter to print", "%d letters to print")
}

// in is the context in which a letter is written: in its reader's language.
func (f letterSheet) in(ctx context.Context, l diagnosisdb.PersonalLink) context.Context {
	for _, language := range []string{l.Language, f.Organisation.Language} {
		if language != "" {
			return lang.With(ctx, lang.Match(language))
		}
	}
	return ctx
}

// poster is what a unit with a shared link puts up.
type poster struct {
	diagnosisdb.SharedLink
	Square string
	Side   int
}

// posters shows the shared links, to send on or to print.
func (p *Pages) posters(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	ctx, organisation := r.Context(), web.From[org.Actor](r.Context()).Organisation
	sheet := letterSheet{Diagnosis: d, Public: p.Public}
	if sheet.Organisation, err = p.Org.Organisation(ctx, organisation); err != nil {
		return err
	}
	links, err := p.Store.SharedLinks(ctx, organisation, d.ID)
	if err == nil {
		err = p.Store.TookLinks(ctx, organisation, d.ID, org.Event{Who: web.From[org.Actor](ctx).Name, What: "shared links shown"})
	}
	if err != nil {
		return err
	}
	posters := make([]poster, len(links))
	for i := range posters {
		posters[i].SharedLink = links[i]
		if posters[i].Square, posters[i].Side, err = square(p.Public + "/r/" + links[i].Secret); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, postersPage(sheet, posters))
}

// square draws a text as a QR code: the path of its dark modules, and how many
// modules its side has with the quiet zone of four.
func square(text string) (path string, side int, err error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", 0, err
	}
	const quiet = 4
	n := code.Size
	var b strings.Builder
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for x < n && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return b.String(), n + 2*quiet, nil
}

// code is where a printed code is typed in.
func (p *Pages) code(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, http.StatusOK, codePage("", nil))
}

func (p *Pages) byCode(w http.ResponseWriter, r *http.Request) error {
	link, err := p.Store.ByCode(r.Context(), r.PostFormValue("code"))
	if web.Retry(err) {
		return web.Page(w, r, web.StatusOf(err), codePage(r.PostFormValue("code"), err))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/r/"+link)
}
