package diagnosisweb

import (
	"io"
	"net/http"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

func (p *Pages) instruments(w http.ResponseWriter, r *http.Request) error {
	return p.showInstruments(w, r, nil)
}

func (p *Pages) showInstruments(w http.ResponseWriter, r *http.Request, mistake error) error {
	actor := web.From[org.Actor](r.Context())
	list, err := p.Store.Instruments(r.Context(), actor.Organisation)
	if err != nil {
		return err
	}
	shipped, err := diagnosis.ReadInstrument(diagnosis.HPOFile)
	if err != nil {
		return err
	}
	list = append(list, diagnosisdb.InstrumentEntry{ID: shippedID, Name: shipped.Name.In(lang.Tag(r.Context()).String()), Version: shipped.Version})
	return web.Page(w, r, web.StatusOf(mistake), instrumentsPage(list, mistake))
}

// shippedID stands for the shipped instrument in an address.
const shippedID = "shipped"

// keepInstrument takes an instrument file.
func (p *Pages) keepInstrument(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	f, _, err := web.FormFile(r)
	if err != nil {
		return p.showInstruments(w, r, err)
	}
	defer f.Close()
	source, err := io.ReadAll(io.LimitReader(f, 2<<20))
	if err != nil {
		return err
	}
	kept, err := p.Store.KeepInstrument(r.Context(), actor.Organisation, source, actor.Name)
	if web.Retry(err) {
		return p.showInstruments(w, r, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/instruments/"+kept)
}

// instrumentForm is the page of an instrument.
type instrumentForm struct {
	*diagnosis.Instrument
	ID         string // in addresses
	References []diagnosis.Reference
	Typed      diagnosis.Reference
	Err        error
}

// ofInstrument reads the instrument of an address.
func (p *Pages) ofInstrument(r *http.Request) (id string, in *diagnosis.Instrument, err error) {
	source, err := p.instrumentSource(r)
	if err == nil {
		in, err = diagnosis.ReadInstrument(source)
	}
	return r.PathValue("instrument"), in, err
}

func (p *Pages) instrumentSource(r *http.Request) ([]byte, error) {
	kept := r.PathValue("instrument")
	if kept == shippedID {
		kept = ""
	}
	return p.Store.InstrumentSource(r.Context(), web.From[org.Actor](r.Context()).Organisation, kept)
}

// instrument shows an instrument, or hands out its file for ?format=yaml.
func (p *Pages) instrument(w http.ResponseWriter, r *http.Request) error {
	id, in, err := p.ofInstrument(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("format") == "yaml" {
		source, err := p.instrumentSource(r)
		if err != nil {
			return err
		}
		web.Attach(w, "application/yaml", web.FileName(in.ID, "yaml"))
		_, err = w.Write(source)
		return err
	}
	return p.showInstrument(w, r, id, in, diagnosis.Reference{}, nil)
}

func (p *Pages) showInstrument(w http.ResponseWriter, r *http.Request, id string, in *diagnosis.Instrument, typed diagnosis.Reference, mistake error) error {
	list, err := p.Store.References(r.Context(), web.From[org.Actor](r.Context()).Organisation, in.ID)
	if err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), instrumentPage(instrumentForm{in, id, list, typed, mistake}))
}
