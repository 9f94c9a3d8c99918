package impactweb

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/impact"
	"throughline/internal/impact/impactdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// profile is the page of all parts.
type profile struct {
	Parts    []impact.Scored
	Views    map[string][]impact.OwnView
	Attached map[string]int // evidence by part
	Kept     []impactdb.KeptProfile
	Own      bool // the organisation has a definition of its own
	Manages  bool
	Err      error
}

func (p *Pages) profile(w http.ResponseWriter, r *http.Request) error {
	return p.showProfile(w, r, nil)
}

func (p *Pages) showProfile(w http.ResponseWriter, r *http.Request, mistake error) error {
	v, err := p.readProfile(r.Context())
	if err != nil {
		return err
	}
	v.Err = mistake
	return web.Page(w, r, web.StatusOf(mistake), profilePage(v))
}

func (p *Pages) readProfile(ctx context.Context) (v profile, err error) {
	actor := web.From[org.Actor](ctx)
	if v.Parts, err = p.Store.Profile(ctx, actor.Organisation); err != nil {
		return v, err
	}
	if v.Views, err = p.Store.Views(ctx, actor.Organisation); err != nil {
		return v, err
	}
	attached, err := p.Store.Attachments(ctx, actor.Organisation)
	if err != nil {
		return v, err
	}
	v.Attached = map[string]int{}
	for _, a := range attached {
		v.Attached[a.Part]++
	}
	if v.Kept, err = p.Store.KeptProfiles(ctx, actor.Organisation); err != nil {
		return v, err
	}
	v.Kept = slices.DeleteFunc(v.Kept, func(k impactdb.KeptProfile) bool { return !k.Known() })
	_, _, v.Own, err = p.Store.Definition(ctx, actor.Organisation)
	v.Manages = p.Permits.May(actor, ManageProfile, org.Place{})
	return v, err
}

// heading is the profile in a sentence; there is no total.
func (v profile) heading(ctx context.Context) string {
	high, known := 0, 0
	for _, s := range v.Parts {
		if s.Known() {
			known++
		}
		if s.Score >= 3 {
			high++
		}
	}
	if known < len(v.Parts) {
		return lang.T(ctx, "%[1]d of %[2]d parts score 3 or 4; %[3]d are not known.", high, len(v.Parts), len(v.Parts)-known)
	}
	return lang.T(ctx, "%[1]d of %[2]d parts score 3 or 4.", high, len(v.Parts))
}

// of are the parts of a kind.
func (v profile) of(kind impact.PartKind) (some []impact.Scored) {
	for _, s := range v.Parts {
		if s.Kind == kind {
			some = append(some, s)
		}
	}
	return some
}

// history is the table of the profiles that were kept.
func (v profile) history(ctx context.Context) web.Table {
	t := web.Table{Header: []string{lang.T(ctx, "Part")}}
	kept := v.Kept[:min(6, len(v.Kept))]
	for _, k := range slices.Backward(kept) {
		t.Header = append(t.Header, string(k.Day))
	}
	t.Header = append(t.Header, lang.T(ctx, "now"))
	for _, s := range v.Parts {
		row := []any{web.Link{Path: "/profile/parts/" + s.ID, Text: partName(ctx, s.Part)}}
		for _, k := range slices.Backward(kept) {
			row = append(row, scoreText(keptScore(k, s.ID)))
		}
		t.Rows = append(t.Rows, append(row, scoreText(s.Score)))
	}
	return t
}

func keptScore(k impactdb.KeptProfile, part string) int {
	if p, there := k.Parts[part]; there {
		return p.Score
	}
	return -1
}

// scoreText is a score, a dash where it is not known.
func scoreText(score int) string {
	if score < 0 {
		return "–"
	}
	return fmt.Sprint(score)
}

func partName(ctx context.Context, p impact.Part) string { return p.Name.In(lang.Tag(ctx).String()) }

// besideText is how people score the part themselves, where anybody has.
func besideText(ctx context.Context, s impact.Scored, views []impact.OwnView) string {
	if len(views) == 0 {
		return ""
	}
	text := lang.T(ctx, "own view %s", number(ctx, impact.MeanView(views), 1))
	if s.Differs(views) {
		text += " · " + lang.T(ctx, "differs")
	}
	return text
}

// scoreBar draws a score as four fields, of which so many are filled.
func scoreBar(score int) picture {
	d := picture{Height: 14}
	for n := range impact.Best {
		class := "unsure"
		if n < score {
			class = "works"
		}
		d.block(class, float64(n)*25, 1, float64(n)*25+23, 13)
	}
	return d
}

// keepProfile keeps the profile of today.
func (p *Pages) keepProfile(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	if err := p.Store.KeepProfile(r.Context(), actor.Organisation, actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile#history")
}

// definition sends the file by which the profile is scored.
func (p *Pages) definition(w http.ResponseWriter, r *http.Request) error {
	_, file, _, err := p.Store.Definition(r.Context(), web.From[org.Actor](r.Context()).Organisation)
	if err != nil {
		return err
	}
	web.Attach(w, "application/yaml", "profile.yaml")
	_, err = w.Write(file)
	return err
}

// saveDefinition takes a file in place of the one that stands, or, asked to, the shipped one again.
func (p *Pages) saveDefinition(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	var file []byte
	if r.FormValue("shipped") == "" {
		f, _, err := web.FormFile(r)
		if err == nil {
			defer f.Close()
			file, err = io.ReadAll(io.LimitReader(f, 1<<20))
		}
		if err == nil && len(file) == 0 {
			err = fault.Fieldf("file", "the file is empty")
		}
		if web.Retry(err) {
			return p.showProfile(w, r, err)
		}
		if err != nil {
			return err
		}
	}
	err := p.Store.SaveDefinition(r.Context(), actor.Organisation, file, actor.Name)
	if web.Retry(err) {
		return p.showProfile(w, r, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile")
}

// partPage is one part, opened.
type partPage struct {
	impact.Scored
	Views       []impact.OwnView
	Mine        *impact.OwnView // the reader's
	Attached    []impact.Attached
	Initiatives []effort.Initiative // begun about it
	Manages     bool
	Begins      bool // the reader may begin an initiative
	Typed       impact.Attached
	Owner       string // as typed
	Today       period.Day
	Err         error
}

func (p *Pages) part(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readPart(r)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, partView(v))
}

func (p *Pages) readPart(r *http.Request) (v partPage, err error) {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	all, err := p.readProfile(ctx)
	if err != nil {
		return v, err
	}
	n := slices.IndexFunc(all.Parts, func(s impact.Scored) bool { return s.ID == r.PathValue("part") })
	if n < 0 {
		return v, fault.NotFoundf("the profile has no such part")
	}
	v.Scored, v.Manages = all.Parts[n], all.Manages
	v.Views = all.Views[v.ID]
	if mine := slices.IndexFunc(v.Views, func(o impact.OwnView) bool { return o.Account == actor.Account }); mine >= 0 {
		v.Mine = &v.Views[mine]
	}
	attached, err := p.Store.Attachments(ctx, actor.Organisation)
	if err != nil {
		return v, err
	}
	for _, a := range attached {
		if a.Part == v.ID {
			v.Attached = append(v.Attached, a)
		}
	}
	initiatives, err := p.Store.Effort.Initiatives(ctx, actor.Organisation)
	if err != nil {
		return v, err
	}
	for _, i := range initiatives {
		if slices.Contains(i.Serves, effort.Target{Kind: effort.ForProfile, ID: v.ID}) {
			v.Initiatives = append(v.Initiatives, i)
		}
	}
	v.Begins = p.Begins(actor)
	v.Today, err = p.Org.Today(ctx, actor.Organisation)
	v.Typed.Day = v.Today
	return v, err
}

// heading is the part in a sentence.
func (v partPage) heading(ctx context.Context) string {
	if !v.Known() {
		return lang.T(ctx, "%s: not known, for want of data.", partName(ctx, v.Part))
	}
	return lang.T(ctx, "%[1]s: %[2]d of 4.", partName(ctx, v.Part), v.Score)
}

// gap says whether there is something to do about it.
func (v partPage) gap() bool { return v.Score < 3 }

// beginPath is where an initiative about the part is begun.
func (v partPage) beginPath() string { return "/initiatives?profile=" + v.ID }

// line is a measure of the part as the page opens it.
func (v partPage) line(ctx context.Context, n int) profileLine {
	m, r := v.Measures[n], v.Reached[n]
	of := measureText(ctx, m)
	l := profileLine{profileText: of, Score: scoreText(v.Scores[n]), Came: lang.T(ctx, "not known")}
	if r.Known {
		l.Came = withUnit(ctx, r.Value, of.Unit, of.Decimals)
	}
	if r.Known && r.Of > 0 && of.Parts {
		l.Parts = lang.T(ctx, "%[1]s of %[2]s", number(ctx, r.N, 0), number(ctx, r.Of, 0))
	}
	var steps []string
	for _, s := range m.Steps {
		steps = append(steps, number(ctx, s, decimalsOf(s)))
	}
	l.Steps = strings.Join(steps, " · ")
	return l
}

func decimalsOf(v float64) int {
	if v == float64(int(v)) {
		return 0
	}
	return 1
}

// profileLine is a measure with what it comes to.
type profileLine struct {
	profileText
	Score, Came, Parts, Steps string
}

func withUnit(ctx context.Context, v float64, unit string, decimals int) string {
	if unit == "" {
		return number(ctx, v, decimals)
	}
	return number(ctx, v, decimals) + " " + unit
}

// attach keeps evidence.
func (p *Pages) attach(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readPart(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	a := impact.Attached{Part: v.ID, What: r.FormValue("what"), Link: strings.TrimSpace(r.FormValue("link")), Day: period.Day(r.FormValue("day"))}
	err = p.Store.Attach(r.Context(), actor.Organisation, a, strings.TrimSpace(r.FormValue("owner")), actor.Name)
	if web.Retry(err) {
		v.Typed, v.Owner, v.Err = a, r.FormValue("owner"), err
		return web.Page(w, r, web.StatusOf(err), partView(v))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile/parts/"+v.ID+"#evidence")
}

func (p *Pages) detach(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	if err := p.Store.Detach(r.Context(), actor.Organisation, r.PathValue("part"), r.PathValue("evidence"), actor.Name); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile/parts/"+r.PathValue("part")+"#evidence")
}

// saveView keeps how the reader scores the part.
func (p *Pages) saveView(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readPart(r)
	if err != nil {
		return err
	}
	actor := web.From[org.Actor](r.Context())
	own := impact.OwnView{Part: v.ID, Account: actor.Account, Name: actor.Name, Score: web.Number(r, "score", -1), Note: strings.TrimSpace(r.FormValue("note"))}
	err = p.Store.SaveView(r.Context(), actor.Organisation, own)
	if web.Retry(err) {
		v.Mine, v.Err = &own, err
		return web.Page(w, r, web.StatusOf(err), partView(v))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile/parts/"+v.ID+"#views")
}

// knownMeasures is how many measures of a part are known.
func knownMeasures(s impact.Scored) (n int) {
	for _, r := range s.Reached {
		if r.Known {
			n++
		}
	}
	return n
}

// note is what the reader wrote.
func (v partPage) note() string {
	if v.Mine == nil {
		return ""
	}
	return v.Mine.Note
}
