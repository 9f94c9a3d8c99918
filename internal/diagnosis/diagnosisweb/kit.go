package diagnosisweb

import (
	"net/http"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/web"
)

// workshopKit is what is printed for the workshop that chooses focal points.
type workshopKit struct {
	*reading
	Candidates []diagnosis.Candidate
	Chosen     diagnosisdb.Chosen
	Heard      diagnosisdb.Heard
	Known      map[string]diagnosisdb.Known
	Sheet      oneSheet // of the whole
	Address    string   // of the ballots while voting is open
	Square     string
	Side       int
}

// kit is printed and laid on the tables.
func (p *Pages) kit(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.wholeReport(r)
	if err != nil {
		return err
	}
	ctx, k := r.Context(), workshopKit{reading: rd}
	if k.Candidates, err = p.candidates(ctx, rd); err != nil {
		return err
	}
	if k.Chosen, err = p.Store.Focal(ctx, rd.organisation, rd.Diagnosis.ID); err != nil {
		return err
	}
	if k.Heard, err = p.Store.Evidence(ctx, rd.organisation, rd.Diagnosis.ID); err != nil {
		return err
	}
	if k.Known, err = p.Store.Knowledge(ctx, rd.organisation, rd.Instrument, rd.Tag); err != nil {
		return err
	}
	if k.Sheet, err = p.sheetOf(ctx, rd, 0); err != nil {
		return err
	}
	if k.Chosen.Voting {
		k.Address = p.Public + "/vote/" + k.Chosen.Code
		if k.Square, k.Side, err = square(k.Address); err != nil {
			return err
		}
	}
	return web.Page(w, r, http.StatusOK, kitPage(k))
}

// quoted lists the candidates of which there are quotes.
func (k workshopKit) quoted() (some []diagnosis.Candidate) {
	for _, c := range k.Candidates {
		if len(k.Heard.ByItem[k.Instrument.Items()[c.Item].ID].Quotes) > 0 {
			some = append(some, c)
		}
	}
	return some
}
