package transitionweb

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// recordForm is a record of experiences, the own one or a member's.
type recordForm struct {
	transition.Record
	themes
	Diagnoses []diagnosis.Diagnosis // that can have been observed or run together, the newest first
	Path      string                // to which its forms are sent
	Own       bool
	Changes   bool // the reader notes and confirms
	Lead      bool // can be made to lead diagnoses of the own unit
	Unit      string
	Today     period.Day
	Typed     transition.Experience
	Err       error
}

// themes are the characteristics of the framework in a reader's language.
type themes struct {
	*diagnosis.Instrument
	tag   string
	names map[string]string // of characteristics, by id
}

func (p *Pages) themes(ctx context.Context, organisation string) (themes, error) {
	in, err := p.Diagnosis.CurrentInstrument(ctx, organisation)
	if err != nil {
		return themes{}, err
	}
	t := themes{in, lang.Tag(ctx).String(), map[string]string{}}
	for _, it := range in.Items() {
		t.names[it.ID] = it.Name.In(t.tag)
	}
	return t, nil
}

// name is what a characteristic is called; its id where the instrument does not have it any
// more.
func (t themes) name(id string) string {
	if name := t.names[id]; name != "" {
		return name
	}
	return id
}

// words are what each characteristic is called, in all languages, by id.
func (t themes) words() map[string]string {
	all := map[string]string{}
	for _, it := range t.Items() {
		all[it.ID] = strings.Join(slices.Sorted(maps.Values(it.Name)), " ")
	}
	return all
}

func (p *Pages) recordForm(ctx context.Context, organisation string, r transition.Record) (f recordForm, err error) {
	f = recordForm{Record: r}
	if f.themes, err = p.themes(ctx, organisation); err != nil {
		return f, err
	}
	o, err := p.Org.Organisation(ctx, organisation)
	if err != nil {
		return f, err
	}
	f.Today = period.DayOf(p.Store.Clock(o.Zone))
	f.Diagnoses, err = p.Diagnosis.Diagnoses(ctx, organisation)
	f.Diagnoses = slices.DeleteFunc(f.Diagnoses, func(d diagnosis.Diagnosis) bool { return d.State == diagnosis.Draft })
	return f, err
}

// offered are the diagnoses that the own record can name: of the whole, and those in the record.
func (f recordForm) offered() []diagnosis.Diagnosis {
	if !f.Own {
		return f.Diagnoses
	}
	return slices.DeleteFunc(slices.Clone(f.Diagnoses), func(d diagnosis.Diagnosis) bool { return d.Unit() != "" })
}

// what says what an experience is about.
func (f recordForm) what(ctx context.Context, e transition.Experience) string {
	if e.Kind == transition.OfTheme {
		return f.name(e.Subject)
	}
	for _, d := range f.Diagnoses {
		if d.ID == e.Subject {
			return d.Name
		}
	}
	return lang.T(ctx, "a diagnosis")
}

// known are the characteristics that somebody knows as confirmed, of a factor or, under -1, of all.
func (f recordForm) known(factor int) (n int) {
	for _, it := range f.Items() {
		if it.Factor >= 0 && (factor < 0 || it.Factor == factor) && f.Depth(it.ID) > 0 {
			n++
		}
	}
	return n
}

func (f recordForm) all(factor int) (n int) {
	for _, it := range f.Items() {
		if it.Factor >= 0 && (factor < 0 || it.Factor == factor) {
			n++
		}
	}
	return n
}

func (f recordForm) heading(ctx context.Context) string {
	if f.Own {
		return lang.T(ctx, "You know %[1]d of %[2]d themes; %[3]s", f.known(-1), f.all(-1), ownStepText(ctx, f.Step()))
	}
	return lang.T(ctx, "%[1]d of %[2]d themes; %[3]s", f.known(-1), f.all(-1), stepName(ctx, f.Step()))
}

func ownStepText(ctx context.Context, step transition.ExperienceKind) string {
	switch step {
	case transition.Observed:
		return lang.T(ctx, "you have observed a diagnosis.")
	case transition.CoRan:
		return lang.T(ctx, "you have run a diagnosis together with others.")
	case transition.Led:
		return lang.T(ctx, "you have led a diagnosis.")
	}
	return lang.T(ctx, "you have not been at a diagnosis yet.")
}

// stepName is what a step to running a diagnosis is called.
func stepName(ctx context.Context, step transition.ExperienceKind) string {
	switch step {
	case transition.Observed:
		return lang.T(ctx, "observed a diagnosis")
	case transition.CoRan:
		return lang.T(ctx, "co-ran a diagnosis")
	case transition.Led:
		return lang.T(ctx, "led a diagnosis")
	}
	return lang.T(ctx, "no diagnosis yet")
}

// stepWord is the same in a table of them.
func stepWord(ctx context.Context, step transition.ExperienceKind) string {
	switch step {
	case transition.Observed:
		return lang.T(ctx, "observed")
	case transition.CoRan:
		return lang.T(ctx, "co-ran")
	case transition.Led:
		return lang.T(ctx, "led")
	}
	return "–"
}

func depthName(ctx context.Context, d transition.Depth) string {
	switch d {
	case transition.Explains:
		return lang.T(ctx, "explains it")
	case transition.Applies:
		return lang.T(ctx, "applies it")
	case transition.Teaches:
		return lang.T(ctx, "teaches it")
	}
	return "–"
}

func depthText(ctx context.Context, d transition.Depth) string {
	switch d {
	case transition.Explains:
		return lang.T(ctx, "explains what it means in our own work")
	case transition.Applies:
		return lang.T(ctx, "has worked on it with a team")
	}
	return lang.T(ctx, "has run a session or an exercise on it")
}

// mistake is what is wrong with an entry of a theme, or of another kind.
func (f recordForm) mistake(ofTheme bool) error {
	if (f.Typed.Kind == transition.OfTheme) != ofTheme {
		return nil
	}
	return f.Err
}

// note is what was typed in the form of a theme or in the other.
func (f recordForm) note(ofTheme bool) string {
	if (f.Typed.Kind == transition.OfTheme) != ofTheme {
		return ""
	}
	return f.Typed.Note
}

// reached says how far somebody is with a step: the experience that counts, or one that waits.
func (f recordForm) reached(step transition.ExperienceKind) (e transition.Experience, some bool) {
	for _, one := range f.Experiences {
		if one.Kind == step && (!some || one.Counts() && !e.Counts()) {
			e, some = one, true
		}
	}
	return e, some
}

// ownRecord is what a leader or a coach has learned to do.
func (p *Pages) ownRecord(w http.ResponseWriter, r *http.Request) error {
	return p.showOwnRecord(w, r, transition.Experience{}, nil)
}

func (p *Pages) showOwnRecord(w http.ResponseWriter, r *http.Request, typed transition.Experience, mistake error) error {
	ctx, actor := r.Context(), web.From[org.Actor](r.Context())
	own, err := p.Store.OwnRecord(ctx, actor.Organisation, actor.Person)
	if err != nil {
		return err
	}
	f, err := p.recordForm(ctx, actor.Organisation, own)
	if err != nil {
		return err
	}
	f.Path, f.Own, f.Typed, f.Err = "/coaching/record", true, typed, mistake
	return web.Page(w, r, web.StatusOf(mistake), ownRecordPage(f))
}

// keepOwnRecord notes something in the own record, or takes back what waits.
func (p *Pages) keepOwnRecord(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, typed := r.Context(), web.From[org.Actor](r.Context()), readExperience(r)
	var err error
	if entry := r.FormValue("strike"); entry != "" {
		err = p.Store.StrikeOwn(ctx, actor.Organisation, actor.Person, entry)
	} else {
		err = p.Store.Note(ctx, actor.Organisation, actor.Person, typed, actor.By())
	}
	if web.Retry(err) {
		return p.showOwnRecord(w, r, typed, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/coaching/record")
}

func readExperience(r *http.Request) transition.Experience {
	e := transition.Experience{Kind: transition.ExperienceKind(r.FormValue("kind")), Subject: r.FormValue("diagnosis"), Depth: transition.Depth(web.Number(r, "depth", 0)),
		Day: period.Day(r.FormValue("day")), Note: r.FormValue("note")}
	if e.Kind == transition.OfTheme {
		e.Subject = r.FormValue("theme")
	}
	return e
}

// changeRecord notes, confirms or strikes out something in a member's record, or makes the
// member lead diagnoses of the own unit.
func (p *Pages) changeRecord(w http.ResponseWriter, r *http.Request) error {
	ctx, member := r.Context(), r.PathValue("member")
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	do, value, _ := strings.Cut(r.FormValue("do"), " ")
	switch do {
	case "note":
		err = p.Store.NoteOf(ctx, actor.Organisation, one.ID, member, readExperience(r), actor.By())
	case "confirm":
		err = p.Store.Confirm(ctx, actor.Organisation, one.ID, member, value, actor.By())
	case "strike":
		err = p.Store.Strike(ctx, actor.Organisation, one.ID, member, value, actor.By())
	case "lead":
		err = p.Store.MakeLead(ctx, actor.Organisation, one.ID, member, actor.Name)
	case "unlead":
		err = p.Store.EndLead(ctx, actor.Organisation, one.ID, member, value, actor.Name)
	default:
		err = fault.Invalidf("the form could not be read: send it again")
	}
	if web.Retry(err) {
		return p.showMember(w, r, one, nil, err)
	}
	if err == nil && r.FormValue("back") == "expertise" {
		return web.SeeOther(w, r, "/programmes/"+one.ID+"/expertise")
	}
	return p.backToMember(w, r, one, err)
}

// experts is the page of what the members of a programme have learned to do.
type experts struct {
	transition.Programme
	themes
	Rows     []expertRow
	Runs     int // can run a diagnosis
	Waiting  int // entries that nobody has confirmed
	Confirms bool
}

type expertRow struct {
	transition.Member
	recordForm
}

func (p *Pages) experts(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, actor, err := p.one(r)
	if err != nil {
		return err
	}
	e := experts{Programme: one, Confirms: p.Permits.May(actor, Confirm, org.Place{})}
	if e.themes, err = p.themes(ctx, actor.Organisation); err != nil {
		return err
	}
	members, err := p.Store.Members(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	records, err := p.Store.Records(ctx, actor.Organisation, one.ID)
	if err != nil {
		return err
	}
	diagnoses, err := p.Diagnosis.Diagnoses(ctx, actor.Organisation)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Left || m.Status != transition.Accepted && m.Status != transition.Active && m.Status != transition.Alumnus {
			continue
		}
		row := expertRow{m, recordForm{Record: records[m.Person.ID], themes: e.themes, Diagnoses: diagnoses}}
		if row.Runs() {
			e.Runs++
		}
		e.Waiting += len(row.Waiting())
		e.Rows = append(e.Rows, row)
	}
	slices.SortStableFunc(e.Rows, func(a, b expertRow) int {
		return len(b.Waiting()) - len(a.Waiting())
	})
	t := e.table(ctx)
	if done, err := web.Exported(w, r, one.Name+"-expertise", t); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, expertsPage(e))
}

func (e experts) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Expertise"), Header: []string{lang.T(ctx, "Name"), lang.T(ctx, "Unit"), lang.T(ctx, "Location"), lang.T(ctx, "Diagnosis"), lang.T(ctx, "Waits to be confirmed")},
		Roomy: []string{lang.T(ctx, "Unit"), lang.T(ctx, "Location")}}
	for _, f := range e.Factors {
		t.Header = append(t.Header, f.Name.In(e.tag))
	}
	for _, row := range e.Rows {
		cells := []any{web.Link{Text: row.Member.Person.Title(), Path: "/programmes/" + e.Programme.ID + "/people/" + row.Member.ID}, row.Member.Person.Unit.Name, row.Member.Person.Location.Name, stepWord(ctx, row.Step()), len(row.Waiting())}
		for i := range e.Factors {
			cells = append(cells, row.known(i))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (e experts) heading(ctx context.Context) string {
	switch e.Runs {
	case 0:
		return lang.T(ctx, "Nobody in this programme can run a diagnosis yet.")
	case 1:
		return lang.T(ctx, "One person in this programme can run the next diagnosis.")
	}
	return lang.T(ctx, "%d people in this programme can run the next diagnosis.", e.Runs)
}

func depthValue(d transition.Depth) string { return strconv.Itoa(int(d)) }
