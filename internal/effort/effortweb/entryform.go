package effortweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/id"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// entryForm is the page on which somebody enters hours and costs.
type entryForm struct {
	reader
	ID      string // of what is typed: the entry's source
	There   bool   // it has been kept before
	Typed   typed
	Offered []effort.Target // that it can serve
	Served  effortdb.Served
	Err     error
}

// typed is an entry as it stands in the form.
type typed struct {
	Day, What, Kind, Modality             string
	Participants, Staff, Hours, Unit      string
	Internal, Supplied, Tuition, Currency string
	Supplier, Managed                     string
	External                              bool
	Serves                                []string
}

func (p *Pages) newEntry(w http.ResponseWriter, r *http.Request) error {
	return p.showEntry(w, r, entryForm{ID: id.New(), Typed: typed{Kind: string(effort.Learning)}})
}

func (p *Pages) entry(w http.ResponseWriter, r *http.Request) error {
	reads, err := p.reader(r.Context())
	if err != nil {
		return err
	}
	e, err := p.formEntry(r.Context(), reads, r.PathValue("entry"))
	if err != nil {
		return err
	}
	f := entryForm{ID: e.Source.ID, There: true}
	f.Typed, err = p.typedOf(r.Context(), reads, e)
	if err != nil {
		return err
	}
	return p.showEntry(w, r, f)
}

// formEntry is an entry that was typed and that the reader may change.
func (p *Pages) formEntry(ctx context.Context, reads reader, source string) (effort.Entry, error) {
	all, err := p.Store.Entries(ctx, reads.actor.Organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfForm, ID: source}})
	if err != nil {
		return effort.Entry{}, err
	}
	if len(all) == 0 || source == "" || !reads.mayChange(all[0]) {
		return effort.Entry{}, fault.NotFoundf("there is no such entry: look at the page again")
	}
	return all[0], nil
}

func (p *Pages) showEntry(w http.ResponseWriter, r *http.Request, f entryForm) (err error) {
	ctx := r.Context()
	if f.reader, err = p.reader(ctx); err != nil {
		return err
	}
	if f.Typed.Currency == "" {
		f.Typed.Currency = f.Setting.Currency
	}
	if tops := f.tops(Enter); f.Typed.Unit == "" && !f.There && f.Err == nil && len(tops) > 0 && !f.whole(Enter) {
		f.Typed.Unit = tops[0].Key
	}
	if f.Served, err = p.Store.Served(ctx, f.actor.Organisation); err != nil {
		return err
	}
	if f.Offered, err = p.offered(ctx, f); err != nil {
		return err
	}
	return web.Page(w, r, web.StatusOf(f.Err), entryFormPage(f))
}

// offered is what an entry can serve: goals that are worked on of the whole, or of the reader's unit and
// above, initiatives that go on, the focal points that were decided last, and what is ticked already.
func (p *Pages) offered(ctx context.Context, f entryForm) (all []effort.Target, err error) {
	unit := ""
	if tops := f.tops(Enter); len(tops) > 0 {
		unit = tops[0].ID
	}
	goals, err := p.Strategy.Reaching(ctx, f.actor.Organisation, unit, "")
	if err != nil {
		return nil, err
	}
	for _, g := range goals {
		all = append(all, effort.Target{Kind: effort.ForGoal, ID: g.ID})
	}
	initiatives, err := p.Store.Initiatives(ctx, f.actor.Organisation)
	for _, i := range initiatives {
		if i.Ended == "" {
			all = append(all, effort.Target{Kind: effort.ForInitiative, ID: i.ID})
		}
	}
	all = append(all, f.Served.Focal...)
	for _, key := range f.Typed.Serves {
		if t := target(key); f.Served.Names[t] != "" && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all, err
}

// target reads what targetKey writes.
func target(key string) effort.Target {
	kind, of, _ := strings.Cut(key, ":")
	return effort.Target{Kind: kind, ID: of}
}

// saveEntry keeps what was typed, in the place of what was kept under its id before.
func (p *Pages) saveEntry(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := entryForm{ID: r.PathValue("entry"), There: r.PathValue("entry") != "", Typed: readTyped(r)}
	var err error
	if f.reader, err = p.reader(ctx); err != nil {
		return err
	}
	if !f.There {
		f.ID = r.FormValue("id")
	}
	if again, err := p.checkForm(ctx, f); again || err != nil {
		if again {
			return web.SeeOther(w, r, "/effort/entries")
		}
		return err
	}
	e, err := p.entryOf(ctx, f)
	if err == nil {
		e.Account = f.actor.Account
		err = p.Store.SaveEntry(ctx, f.actor.Organisation, f.ID, e, f.actor.Name)
	}
	if f.Err = err; web.Retry(err) {
		return p.showEntry(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effort/entries")
}

// checkForm reports an entry that is not there or not the reader's, and an id that is not of a form of ours.
// again says that a form for a new entry was sent twice.
func (p *Pages) checkForm(ctx context.Context, f entryForm) (again bool, err error) {
	if f.There {
		_, err = p.formEntry(ctx, f.reader, f.ID)
		return false, err
	}
	if !made(f.ID) {
		return false, fault.Invalidf("the form could not be read: send it again")
	}
	was, err := p.Store.Entries(ctx, f.actor.Organisation, effortdb.Query{Source: effort.Source{Kind: effort.OfForm, ID: f.ID}})
	return len(was) > 0, err
}

// made says whether an id is one that we have made for a form.
func made(text string) bool {
	return len(text) == len(id.New()) && !strings.ContainsFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

func (p *Pages) deleteEntry(w http.ResponseWriter, r *http.Request) error {
	reads, err := p.reader(r.Context())
	if err != nil {
		return err
	}
	e, err := p.formEntry(r.Context(), reads, r.PathValue("entry"))
	if err == nil {
		err = p.Store.DeleteEntry(r.Context(), reads.actor.Organisation, e.Source.ID, reads.actor.Name)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/effort/entries")
}

func readTyped(r *http.Request) typed {
	v := r.FormValue
	return typed{Day: v("day"), What: v("what"), Kind: v("kind"), Modality: v("modality"), Participants: v("participants"), Staff: v("staff"), Hours: v("hours"), Unit: v("unit"),
		Internal: v("cost-internal"), Supplied: v("cost-supplier"), Tuition: v("cost-tuition"), Currency: code(v("currency")), Supplier: v("supplier"), Managed: v("managed"), External: v("external") != "", Serves: r.Form["serves"]}
}

// entryOf reads an entry from the form. It reports, each at its field, what cannot be read, and people and
// units for which the reader does not enter hours.
func (p *Pages) entryOf(ctx context.Context, f entryForm) (e effort.Entry, err error) {
	t := f.Typed
	e = effort.Entry{Day: period.Day(t.Day), What: t.What, Kind: effort.Kind(t.Kind), Modality: effort.Modality(t.Modality), External: t.External, Managed: effort.Managed(t.Managed), Supplier: t.Supplier}
	if day, err := period.ParseDay(t.Day); err != nil || day == "" {
		return e, fault.Fieldf("day", "choose the day on which it was done")
	}
	for _, side := range []struct {
		effort.Side
		lines, field string
	}{{effort.Participant, t.Participants, "participants"}, {effort.Staff, t.Staff, "staff"}} {
		for line := range strings.Lines(side.lines) {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			h, err := p.hoursOf(ctx, f, line)
			if err != nil {
				return e, orAt(side.field, err)
			}
			h.Side = side.Side
			e.Hours = append(e.Hours, h)
		}
	}
	if e.Costs, err = costsOf(t); err != nil {
		return e, err
	}
	if err := f.place(&e); err != nil {
		return e, err
	}
	served, err := p.Store.Served(ctx, f.actor.Organisation)
	for _, key := range t.Serves {
		one := target(key)
		if served.Names[one] == "" {
			return e, fault.Invalidf("this is nothing that an entry can serve: look at the page again")
		}
		e.Serves = append(e.Serves, one)
	}
	return e, err
}

// orAt puts a mistake that names no field at one.
func orAt(field string, err error) error {
	if e := fault.Of(err); e == nil || e.Field != "" {
		return err
	}
	return atField(field, err)
}

// hoursOf reads a line: a unit or somebody, and the hours behind a colon where they are not those of all.
func (p *Pages) hoursOf(ctx context.Context, f entryForm, line string) (h effort.Hours, err error) {
	who, hours := line, f.Typed.Hours
	if at := strings.LastIndex(line, ":"); at > 0 {
		if _, err := decimal(line[at+1:]); err == nil {
			who, hours = strings.TrimSpace(line[:at]), line[at+1:]
		}
	}
	if h.Minutes, err = minutes(hours); err != nil {
		return h, err
	}
	if n, err := org.NewFinder(f.Units, nil).Unit(who); err == nil {
		if h.Unit = f.Units.Units[n].ID; !f.may(Enter, h.Unit) {
			err = fault.Invalidf("%s is none of the units for which you enter hours", who)
		}
		return h, err
	}
	one, err := p.Store.Called(ctx, f.actor.Organisation, who, period.Day(f.Typed.Day), func(unit string) bool { return f.may(Enter, unit) }, func(unit string) bool { return f.may(org.ReadPeople, unit) })
	h.Person, h.Unit = one.ID, one.Unit.ID
	return h, err
}

// minutes reads hours as somebody typed them.
func minutes(text string) (int, error) {
	v, err := decimal(text)
	if err != nil || !(v > 0) || v > 24*365 {
		return 0, fault.Fieldf("hours", "say how many hours, such as 1.5")
	}
	return int(v*60 + .5), nil
}

// costsOf reads the three lines of costs.
func costsOf(t typed) (costs []effort.Cost, err error) {
	for _, line := range []struct {
		kind        effort.CostKind
		text, field string
	}{{effort.Internal, t.Internal, "cost-internal"}, {effort.Supplier, t.Supplied, "cost-supplier"}, {effort.Tuition, t.Tuition, "cost-tuition"}} {
		amount, err := effort.ReadAmount(line.text, effort.Digits(t.Currency))
		if err != nil {
			return nil, atField(line.field, err)
		}
		if amount > 0 {
			costs = append(costs, effort.Cost{Kind: line.kind, Amount: amount, Currency: t.Currency})
		}
	}
	return costs, nil
}

// place says for which unit costs are where nobody's hours say it, and reports one that is not the
// reader's.
func (f entryForm) place(e *effort.Entry) error {
	if len(e.Hours) > 0 {
		return nil
	}
	if f.Typed.Unit != "" {
		n, err := org.NewFinder(f.Units, nil).Unit(f.Typed.Unit)
		if err != nil {
			return atField("unit", err)
		}
		e.Unit = f.Units.Units[n].ID
	}
	if !f.may(Enter, e.Unit) {
		return fault.Fieldf("unit", "name a unit for which you enter costs")
	}
	return nil
}

// typedOf is an entry as it would be typed.
func (p *Pages) typedOf(ctx context.Context, reads reader, e effort.Entry) (t typed, err error) {
	t = typed{Day: string(e.Day), What: e.What, Kind: string(e.Kind), Modality: string(e.Modality), Supplier: e.Supplier, Managed: string(e.Managed), External: e.External, Unit: reads.unitKeys([]string{e.Unit})}
	var people []string
	for _, h := range e.Hours {
		people = append(people, h.Person)
	}
	names, err := p.Store.Names(ctx, reads.actor.Organisation, people)
	for _, h := range e.Hours {
		who := reads.unitKeys([]string{h.Unit})
		if h.Person != "" {
			who = names[h.Person].Key
		}
		to := &t.Participants
		if h.Side == effort.Staff {
			to = &t.Staff
		}
		*to += who + ": " + strconv.FormatFloat(web.Rounded(float64(h.Minutes)/60, 4), 'f', -1, 64) + "\n"
	}
	for _, c := range e.Costs {
		to := map[effort.CostKind]*string{effort.Internal: &t.Internal, effort.Supplier: &t.Supplied, effort.Tuition: &t.Tuition}[c.Kind]
		*to, t.Currency = effort.WriteAmount(c.Amount, c.Currency), c.Currency
	}
	for _, one := range e.Serves {
		t.Serves = append(t.Serves, targetKey(one))
	}
	return t, err
}

// action is where the form is sent.
func (f entryForm) action() string {
	if f.There {
		return "/effort/entries/" + f.ID
	}
	return "/effort/entries"
}
