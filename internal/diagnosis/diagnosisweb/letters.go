package diagnosisweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"

	"github.com/boombuler/barcode/qr"
)

// letterForm is the page of letters to print: whom they are for, and the letters.
type letterForm struct {
	Diagnosis    diagnosis.Diagnosis
	Organisation org.Organisation
	Public       string
	Units        []unitLetters
	Unit         string // id; "" for all
	All          bool   // also for people with a mail address
	Letters      []diagnosisdb.PersonalLink
	More         int // that are not on the page
}

// unitLetters is how many people of a unit the letters are for.
type unitLetters struct {
	ID, Name string
	People   int
}

// mostLetters stand on one page; more are printed unit by unit.
const mostLetters = 200

func (p *Pages) letters(w http.ResponseWriter, r *http.Request) error {
	d, err := p.managed(r)
	if err != nil {
		return err
	}
	form := letterForm{Diagnosis: d, Public: p.Public, Unit: r.FormValue("unit"), All: r.FormValue("who") == "all"}
	organisation := web.From[org.Actor](r.Context()).Organisation
	if form.Organisation, err = p.Org.Organisation(r.Context(), organisation); err != nil {
		return err
	}
	err = p.Store.Links(r.Context(), organisation, d.ID, func(l diagnosisdb.PersonalLink) error {
		form.add(l)
		return nil
	})
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, lettersPage(form))
}

func (f *letterForm) add(l diagnosisdb.PersonalLink) {
	if l.Mail != "" && !f.All {
		return
	}
	at := slices.IndexFunc(f.Units, func(u unitLetters) bool { return u.ID == l.UnitID })
	if at < 0 {
		at = len(f.Units)
		f.Units = append(f.Units, unitLetters{ID: l.UnitID, Name: l.Unit})
	}
	f.Units[at].People++
	switch {
	case f.Unit != "" && f.Unit != l.UnitID:
	case len(f.Letters) == mostLetters:
		f.More++
	default:
		f.Letters = append(f.Letters, l)
	}
}

func (f *letterForm) heading(ctx context.Context) string {
	if len(f.Letters) == 0 {
		return lang.T(ctx, "Everybody has a mail address: no letter is needed.")
	}
	return lang.N(ctx, len(f.Letters)+f.More, "One letter to print", "%d letters to print")
}

// in is the context in which a letter is written: in its reader's language.
func (f *letterForm) in(ctx context.Context, l diagnosisdb.PersonalLink) context.Context {
	for _, language := range []string{l.Language, f.Organisation.Language} {
		if language != "" {
			return lang.With(ctx, lang.Match(language))
		}
	}
	return ctx
}

// square draws a text as a QR code: the path of its dark modules, and how many
// modules its side has with the quiet zone of four.
func square(text string) (path string, side int, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0, err
	}
	const quiet = 4
	n := code.Bounds().Dx()
	var b strings.Builder
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for x < n && dark(code.At(x, y).RGBA()) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return b.String(), n + 2*quiet, nil
}

func dark(r, _, _, _ uint32) bool { return r == 0 }

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
