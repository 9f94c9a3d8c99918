package diagnosisweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// focalForm is the page on which focal points are chosen from candidates.
type focalForm struct {
	*reading
	diagnosisdb.Chosen
	Candidates []diagnosis.Candidate
	Manages    bool
	Heard      diagnosisdb.Heard   // in interviews
	Written    map[string]int      // comments grouped under a characteristic
	Before     *diagnosisdb.Judged // what became of those of the diagnosis before; nil where there are none
	Typed      diagnosis.FocalPoint
	Owner      string
	Err        error
}

// focalPoints shows the candidates and what has been chosen; who may read a part of the
// report sees what was decided, with the own units' figures.
func (p *Pages) focalPoints(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err != nil {
		return err
	}
	if !rd.Whole {
		return p.decidedFocal(w, r, rd)
	}
	return p.showFocal(w, r, rd, diagnosis.FocalPoint{}, nil)
}

func (p *Pages) showFocal(w http.ResponseWriter, r *http.Request, rd *reading, typed diagnosis.FocalPoint, mistake error) (err error) {
	ctx := r.Context()
	f := focalForm{reading: rd, Typed: typed, Owner: r.FormValue("owner"), Manages: p.Permits.May(web.From[org.Actor](ctx), Manage, rd.Diagnosis.Place()), Err: mistake}
	if f.Chosen, err = p.Store.Focal(ctx, rd.organisation, rd.Diagnosis.ID); err != nil {
		return err
	}
	if f.Candidates, err = p.candidates(ctx, rd); err != nil {
		return err
	}
	if f.Heard, err = p.Store.Evidence(ctx, rd.organisation, rd.Diagnosis.ID); err != nil {
		return err
	}
	coding, err := p.Store.Coding(ctx, rd.organisation, rd.Diagnosis.ID)
	if err != nil {
		return err
	}
	f.Written = coding.Count()
	if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-focal-points", rd.candidateTable(ctx, f.Candidates)); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, f.list())
	}
	if f.Before, err = p.judged(ctx, rd, ""); fault.KindOf(err) != fault.NotFound && err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(mistake), focalPointsPage(f))
}

func (p *Pages) candidates(ctx context.Context, rd *reading) ([]diagnosis.Candidate, error) {
	var since *diagnosis.Waves
	if len(rd.Earlier) > 0 {
		compared, err := p.Store.Compare(ctx, rd.organisation, rd.Diagnosis.ID, rd.Earlier[0].ID)
		if err != nil {
			return nil, err
		}
		since = &compared.Waves
	}
	return rd.Instrument.Candidates(rd.Report, since), nil
}

// decidedFocal shows what was decided to who reads some units: the themes, with the figures
// of those.
func (p *Pages) decidedFocal(w http.ResponseWriter, r *http.Request, rd *reading) error {
	c, err := p.Store.Focal(r.Context(), rd.organisation, rd.Diagnosis.ID)
	if err == nil && (c.Decided.IsZero() || len(rd.roots()) == 0) {
		err = fault.NotFoundf("there is no such page, or it is not for you")
	}
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, decidedFocalPage(rd, c))
}

// wholeReport is a report in the hands of who may read all of it.
func (p *Pages) wholeReport(r *http.Request) (*reading, org.Actor, error) {
	rd, err := p.reading(r)
	if err == nil {
		err = rd.only()
	}
	return rd, web.From[org.Actor](r.Context()), err
}

// managedReport is a report in the hands of who may choose its focal points.
func (p *Pages) managedReport(r *http.Request) (*reading, org.Actor, error) {
	rd, actor, err := p.wholeReport(r)
	if err == nil && !p.Permits.May(actor, Manage, rd.Diagnosis.Place()) {
		err = fault.NotFoundf("there is no such page, or it is not for you")
	}
	return rd, actor, err
}

// makeFocal makes a focal point of what is ticked.
func (p *Pages) makeFocal(w http.ResponseWriter, r *http.Request) error {
	rd, actor, err := p.managedReport(r)
	if err != nil {
		return err
	}
	f, err := readFocal(r)
	if err == nil {
		_, err = p.Store.SaveFocal(r.Context(), rd.organisation, rd.Diagnosis.ID, f, r.FormValue("owner"), actor.Name)
	}
	if web.Retry(err) {
		return p.showFocal(w, r, rd, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, rd.Path+"/focal-points")
}

// readFocal takes a focal point off its form.
func readFocal(r *http.Request) (f diagnosis.FocalPoint, err error) {
	if err := r.ParseForm(); err != nil {
		return f, err
	}
	f = diagnosis.FocalPoint{ID: r.PathValue("focal"), Theme: r.FormValue("theme"), Wording: r.FormValue("wording"), Items: r.Form["item"]}
	if f.Promise, err = points(r.FormValue("promise")); err != nil {
		return f, err
	}
	for i := 0; r.Form.Has(field("text", i)); i++ {
		one := diagnosis.Recommendation{ID: r.FormValue(field("id", i)), Text: r.FormValue(field("text", i)), Items: r.Form[field("about", i)]}
		if one.Promise, err = points(r.FormValue(field("promise", i))); err != nil {
			return f, err
		}
		if len(one.Items) == len(f.Items) {
			one.Items = nil // all of them
		}
		f.Recommendations = append(f.Recommendations, one)
	}
	return f, nil
}

// field names a field of the recommendation at i.
func field(name string, i int) string { return name + "-" + strconv.Itoa(i) }

// points reads a promise, 0 for an empty one.
func points(text string) (float64, error) {
	if text = strings.TrimSpace(text); text == "" {
		return 0, nil
	}
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || v != v {
		return 0, fault.Fieldf("promise", "%q is no number of points, such as 0.5", text)
	}
	return v, nil
}

// editForm is the page on which one focal point is changed.
type editForm struct {
	*reading
	diagnosis.FocalPoint
	Given string // the owner as typed
	Err   error
}

// blank is how many empty recommendations a form offers.
const blank = 2

func (p *Pages) editFocal(w http.ResponseWriter, r *http.Request) error {
	rd, _, err := p.managedReport(r)
	if err != nil {
		return err
	}
	c, err := p.Store.Focal(r.Context(), rd.organisation, rd.Diagnosis.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(c.Focal, func(f diagnosis.FocalPoint) bool { return f.ID == r.PathValue("focal") })
	if at < 0 {
		return fault.NotFoundf("there is no such focal point")
	}
	return web.Page(w, r, http.StatusOK, editFocalPage(editForm{rd, c.Focal[at], c.Focal[at].Owner, nil}))
}

// saveFocal keeps a focal point as changed, or deletes it.
func (p *Pages) saveFocal(w http.ResponseWriter, r *http.Request) error {
	rd, actor, err := p.managedReport(r)
	if err != nil {
		return err
	}
	f, err := readFocal(r)
	if r.FormValue("do") == "delete" {
		err = p.Store.DropFocal(r.Context(), rd.organisation, rd.Diagnosis.ID, f.ID, actor.Name)
	} else if err == nil {
		_, err = p.Store.SaveFocal(r.Context(), rd.organisation, rd.Diagnosis.ID, f, r.FormValue("owner"), actor.Name)
	}
	if web.Retry(err) {
		return web.Page(w, r, web.StatusOf(err), editFocalPage(editForm{rd, f, r.FormValue("owner"), err}))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, rd.Path+"/focal-points")
}

// list is the page as JSON.
func (f focalForm) list() focalList {
	l := focalList{Candidates: f.candidateList(f.Candidates), Focal: f.Focal, Votes: f.Votes, Ballots: f.Ballots, Interviews: f.Heard.Total(), Evidence: f.Heard.ByItem, Day: f.Day}
	if l.Focal == nil {
		l.Focal = []diagnosis.FocalPoint{}
	}
	l.Decided = !f.Decided.IsZero()
	return l
}

type focalList struct {
	Candidates []candidateEntry              `json:"candidates"`
	Focal      []diagnosis.FocalPoint        `json:"focal_points"`
	Votes      map[string]int                `json:"votes"`
	Ballots    int                           `json:"ballots"`
	Interviews int                           `json:"interviews"`
	Evidence   map[string]diagnosis.Evidence `json:"evidence"` // from interviews, by characteristic
	Decided    bool                          `json:"decided"`
	Day        period.Day                    `json:"day"`
}

// heading says how far choosing is.
func (f focalForm) heading(ctx context.Context) string {
	switch {
	case !f.Decided.IsZero():
		return lang.T(ctx, "%d focal points are decided.", len(f.Focal))
	case len(f.Focal) > 0:
		return lang.N(ctx, len(f.Focal), "One focal point so far; three to five are chosen.", "%d focal points so far; three to five are chosen.")
	}
	return lang.N(ctx, len(f.Candidates), "One characteristic asks for attention.", "%d characteristics ask for attention.")
}

// names joins the names of characteristics.
func (rd *reading) names(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, rd.outcome(id))
	}
	return strings.Join(names, ", ")
}

// itemAt is the place of a characteristic.
func (rd *reading) itemAt(id string) int {
	return slices.IndexFunc(rd.Instrument.Items(), func(it diagnosis.PlacedItem) bool { return it.ID == id })
}

// others lists the characteristics that are no candidates.
func (f focalForm) others() (ids []string) {
	for i, it := range f.Instrument.Items() {
		if it.Factor >= 0 && !slices.ContainsFunc(f.Candidates, func(c diagnosis.Candidate) bool { return c.Item == i }) {
			ids = append(ids, it.ID)
		}
	}
	return ids
}

// alsoVoted says which characteristics that are no candidates have votes; "" for none.
func (f focalForm) alsoVoted(ctx context.Context) string {
	var named []string
	for _, id := range f.others() {
		if n := f.Votes[id]; n > 0 {
			named = append(named, f.outcome(id)+" ("+lang.N(ctx, n, "one vote", "%d votes")+")")
		}
	}
	if len(named) == 0 {
		return ""
	}
	return lang.T(ctx, "Also voted for: %s.", strings.Join(named, ", "))
}

// promiseText says what was promised of a focal point or recommendation; "" for nothing.
func promiseText(ctx context.Context, points float64) string {
	if points == 0 {
		return ""
	}
	return lang.T(ctx, "Promised by the next diagnosis: %s.", signed2(ctx, points))
}

// promiseValue is a promise as its field has it.
func promiseValue(points float64) string {
	if points == 0 {
		return ""
	}
	return strconv.FormatFloat(points, 'f', -1, 64)
}

// rootNames names the uppermost units that the person may read.
func (rd *reading) rootNames() (names []string) {
	for _, u := range rd.roots() {
		names = append(names, rd.Report.Units[u].Name)
	}
	return names
}
