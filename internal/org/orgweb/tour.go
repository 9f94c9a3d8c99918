package orgweb

import (
	"net/http"
	"strconv"

	"throughline/internal/kit/web"
	"throughline/internal/org"
)

const sessionStop = "stop" // of the tour, from 1 on

// tour lists the stops of the tour through a simulated organisation.
func (p *Pages) tour(w http.ResponseWriter, r *http.Request) error {
	stops, err := p.stops(r)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, tourPage(stops))
}

// stops are those of the reader: none outside a simulated organisation, or for who may not see all of it.
func (p *Pages) stops(r *http.Request) (stops []web.Stop, err error) {
	if web.From[web.Frame](r.Context()).Simulated {
		stops, err = p.Tour(r.Context(), web.From[org.Actor](r.Context()))
	}
	return stops, err
}

// goOn goes to a stop of the tour, or ends it.
func (p *Pages) goOn(w http.ResponseWriter, r *http.Request) error {
	stops, err := p.stops(r)
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(r.FormValue("to"))
	if err != nil || to < 1 || to > len(stops) {
		p.Sessions.Remove(r.Context(), sessionStop)
		return web.SeeOther(w, r, "/tour")
	}
	p.Sessions.Put(r.Context(), sessionStop, to)
	return web.SeeOther(w, r, stops[to-1].Path)
}
