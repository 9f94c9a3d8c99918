package effortweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

const (
	mostEntries  = 50     // on a page
	mostExported = 10_000 // in a file
)

// filter is which entries are asked for, as it stands in an address.
type filter struct {
	Unit, Kind, Modality, Source, From, Until, Serves, Before string
}

func readFilter(r *http.Request) filter {
	v := r.FormValue
	return filter{v("unit"), v("kind"), v("modality"), v("source"), v("from"), v("until"), v("serves"), v("before")}
}

// query is the filter for an address.
func (f filter) query() url.Values {
	return url.Values{"unit": {f.Unit}, "kind": {f.Kind}, "modality": {f.Modality}, "source": {f.Source}, "from": {f.From}, "until": {f.Until}, "serves": {f.Serves}}
}

// narrowed says whether anything is asked for but all.
func (f filter) narrowed() bool {
	return f.Unit+f.Kind+f.Modality+f.Source+f.From+f.Until+f.Serves != ""
}

// ledgerQuery is the filter as the store reads it. It reports months that are none.
func (f filter) ledgerQuery() (q effortdb.LedgerQuery, err error) {
	q = effortdb.LedgerQuery{Kind: effort.Kind(f.Kind), Modality: effort.Modality(f.Modality), Source: f.Source}
	if kind, of, ok := strings.Cut(f.Serves, ":"); ok {
		q.Serves = effort.Target{Kind: kind, ID: of}
	}
	if day, of, ok := strings.Cut(f.Before, "."); ok {
		q.After = &effort.Entry{Day: period.Day(day), ID: of}
	}
	for _, end := range []struct {
		text string
		to   *period.Period
		last bool
	}{{f.From, &q.From, false}, {f.Until, &q.Until, true}} {
		if end.text == "" {
			continue
		}
		p, err := period.Parse(end.text)
		if err != nil {
			return q, err
		}
		if *end.to = period.Of(p.First(), period.Monthly); end.last {
			*end.to = period.Of(p.Last(), period.Monthly)
		}
	}
	return q, nil
}

// ledger is a page of the ledger's entries.
type ledger struct {
	reader
	filter
	At      int            // index of the unit, -1 for the whole
	All     []effort.Entry // of each the part that the reader reads
	Names   map[string]org.Ref
	Served  effortdb.Served
	Follows bool   // the reader may open sessions and actions
	Next    string // where the list goes on, "" where it ends
	Most    int
}

func (p *Pages) entries(w http.ResponseWriter, r *http.Request) error {
	most, format := mostEntries, r.FormValue("format")
	if format != "" {
		most = mostExported
	}
	l, err := p.ledgerOf(r.Context(), readFilter(r), most)
	if err != nil {
		return err
	}
	if done, err := web.Exported(w, r, lang.T(r.Context(), "Entries of the ledger"), l.table(r.Context())); done || err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, entriesPage(l))
}

// ledgerOf reads the newest entries that the reader may read and that a filter lets through.
func (p *Pages) ledgerOf(ctx context.Context, f filter, most int) (l ledger, err error) {
	l = ledger{filter: f, Most: most}
	if l.reader, err = p.reader(ctx); err != nil {
		return l, err
	}
	if l.Unit, err = l.unitFound(f.Unit); err != nil {
		return l, err
	}
	if l.At, err = l.at(l.Unit); err != nil {
		return l, err
	}
	q, err := f.ledgerQuery()
	if err != nil {
		return l, err
	}
	q.Unit, q.Limit = l.unitID(l.At), most+1
	if l.All, err = p.Store.Ledger(ctx, l.actor.Organisation, q); err != nil {
		return l, err
	}
	if len(l.All) > most {
		l.All = l.All[:most]
		l.Next = string(l.All[most-1].Day) + "." + l.All[most-1].ID
	}
	if !l.whole(Read) {
		l.parts()
	}
	if l.Served, err = p.Store.Served(ctx, l.actor.Organisation); err != nil {
		return l, err
	}
	l.Follows = p.Follows(l.actor)
	return l, p.nameThem(ctx, &l)
}

// parts leaves of each entry what is of units that the reader reads.
func (l *ledger) parts() {
	var some []effort.Entry
	for _, e := range l.All {
		if part, any := e.Within(func(unit string) bool { return l.may(Read, unit) }); any {
			some = append(some, part)
		}
	}
	l.All = some
}

// nameThem finds the names of those who may be named to the reader.
func (p *Pages) nameThem(ctx context.Context, l *ledger) error {
	var people []string
	for _, e := range l.All {
		for _, h := range e.Hours {
			if h.Person != "" {
				people = append(people, h.Person)
			}
		}
	}
	slices.Sort(people)
	var err error
	if l.Names, err = p.Store.Names(ctx, l.actor.Organisation, slices.Compact(people)); err != nil {
		return err
	}
	for n := range l.All {
		l.All[n].Hours = l.gathered(l.All[n].Hours)
	}
	return nil
}

// somebody stands for people whose names the reader may not know, nor how many they are.
const somebody = "-"

// gathered adds up, of each unit and side, the hours of those whom the reader may not know.
func (l ledger) gathered(hours []effort.Hours) (all []effort.Hours) {
	at := map[effort.Hours]int{}
	for _, h := range hours {
		if h.Person != "" && !l.named(h) {
			key := effort.Hours{Side: h.Side, Unit: h.Unit, Person: somebody}
			if n, there := at[key]; there {
				all[n].Minutes += h.Minutes
				continue
			}
			at[key], h.Person = len(all), somebody
		}
		all = append(all, h)
	}
	return all
}

// named says whether the reader may know whose hours these are: whoever may read names in the unit, and
// the person.
func (l ledger) named(h effort.Hours) bool {
	name, there := l.Names[h.Person]
	return there && (l.may(org.ReadPeople, h.Unit) || l.actor.Person != "" && name.Key == l.actor.Person)
}

// whose is whose hours these are, in words: a name for who may read it there, or the own one.
func (l ledger) whose(ctx context.Context, h effort.Hours) string {
	if h.Person == "" {
		return l.nameOf(ctx, h.Unit)
	}
	if l.named(h) {
		return l.Names[h.Person].Name
	}
	return lang.T(ctx, "people of %s", l.nameOf(ctx, h.Unit))
}

const mostNamed = 4 // in a cell

func (l ledger) whoseText(ctx context.Context, e effort.Entry) string {
	var names []string
	count := map[string]int{}
	for _, h := range e.Hours {
		name := l.whose(ctx, h)
		if count[name]++; count[name] == 1 {
			names = append(names, name)
		}
	}
	if len(e.Hours) == 0 && e.Unit != "" {
		return l.nameOf(ctx, e.Unit)
	}
	slices.Sort(names)
	for n, name := range names {
		if count[name] > 1 {
			names[n] = name + " × " + lang.T(ctx, "%d", count[name])
		}
	}
	if more := len(names) - mostNamed; more > 0 {
		names = append(names[:mostNamed], lang.N(ctx, more, "one more", "%d more"))
	}
	return strings.Join(names, ", ")
}

// servesText names what an entry serves, as far as it has a name here.
func (l ledger) servesText(e effort.Entry) string {
	var names []string
	for _, t := range e.Serves {
		if name := l.Served.Names[t]; name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// source is where an entry was written, with its page where it has one.
func (l ledger) source(ctx context.Context, e effort.Entry) web.Link {
	link := web.Link{Text: sourceText(ctx, e.Source.Kind)}
	switch e.Source.Kind {
	case effort.OfSession:
		if l.Follows {
			link.Path = "/sessions/" + e.Source.ID
		}
	case effort.OfAction:
		if l.Follows {
			link.Path = "/actions/" + e.Source.ID
		}
	case effort.OfOffering:
		link.Path = "/offerings/" + e.Source.ID
	case effort.OfCompletion:
		for _, t := range e.Serves {
			if t.Kind == effort.ForResource {
				link.Path = "/resources/" + t.ID
			}
		}
	case effort.OfFile:
		link.Text = lang.T(ctx, "file %d", e.Feed)
		if l.whole(Manage) {
			link.Path = "/effort/import"
		}
	case effort.OfForm:
		if l.mayChange(e) {
			link.Path = "/effort/entries/" + e.Source.ID
		}
	}
	return link
}

// mayChange says whether the reader may enter hours and costs for every unit of an entry, and may know
// whose hours it has: whoever may read names there, or has entered them.
func (r reader) mayChange(e effort.Entry) bool {
	for _, unit := range entryUnits(e) {
		if !r.may(Enter, unit) {
			return false
		}
	}
	return e.Account != "" && e.Account == r.actor.Account || !slices.ContainsFunc(e.Hours, func(h effort.Hours) bool { return h.Person != "" && !r.may(org.ReadPeople, h.Unit) })
}

// entryUnits are the units whose hours or costs an entry has.
func entryUnits(e effort.Entry) (units []string) {
	for _, h := range e.Hours {
		units = append(units, h.Unit)
	}
	if len(units) == 0 {
		units = append(units, e.Unit)
	}
	return units
}

// table is the entries; the page shows its first columns.
func (l ledger) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Entries of the ledger"), Header: []string{lang.T(ctx, "What"), lang.T(ctx, "Day"), lang.T(ctx, "Kind"), lang.T(ctx, "Whose"), lang.T(ctx, "Hours of participants"), lang.T(ctx, "Hours of staff"), lang.T(ctx, "Costs"), lang.T(ctx, "Written from"),
		lang.T(ctx, "How one learned"), lang.T(ctx, "Run by"), lang.T(ctx, "Managed"), lang.T(ctx, "Supplier"), lang.T(ctx, "Serves"), lang.T(ctx, "Cost, %s", l.Rates.Own)}}
	t.Roomy = []string{t.Header[2], t.Header[3], t.Header[5], t.Header[7]}
	for _, e := range l.All {
		sum, by, source := effort.Sum([]effort.Entry{e}), lang.T(ctx, "own people"), l.source(ctx, e)
		if e.External {
			by = lang.T(ctx, "external")
		}
		what := web.Link{Text: e.What}
		if e.Source.Kind == effort.OfForm {
			what.Path, source.Path = source.Path, ""
		}
		t.Rows = append(t.Rows, []any{what, string(e.Day), l.kindText(ctx, e), l.whoseText(ctx, e), hoursCell(sum.Participants), hoursCell(sum.Staff), costsText(ctx, e.Costs), source,
			lang.T(ctx, e.Modality.Name()), by, managedText(ctx, e.Managed), e.Supplier, l.servesText(e), l.converted(e)})
	}
	return t
}

// shown is the part of the table that stands on the page.
func (l ledger) shown(ctx context.Context) web.Table {
	return l.table(ctx).Only(0, 1, 2, 3, 4, 5, 6, 7)
}

func (l ledger) kindText(ctx context.Context, e effort.Entry) string {
	text := lang.T(ctx, e.Kind.Name())
	if e.Modality != effort.NotStated {
		text += " · " + lang.T(ctx, e.Modality.Name())
	}
	return text
}

// converted is what an entry cost in the own currency; nil where there is no rate.
func (l ledger) converted(e effort.Entry) any {
	sum := int64(0)
	for _, c := range e.Costs {
		own, known := l.Rates.Convert(c.Amount, c.Currency, period.Of(e.Day, period.Monthly))
		if !known {
			return nil
		}
		sum += own
	}
	return effort.Units(sum, l.Rates.Own)
}

// hoursCell is hours as a cell, nothing for none.
func hoursCell(minutes int) any {
	if minutes == 0 {
		return nil
	}
	return web.Rounded(float64(minutes)/60, 2)
}

func (l ledger) heading(ctx context.Context) string {
	switch n := len(l.All); {
	case n == 0 && l.narrowed():
		return lang.T(ctx, "No entry is like this.")
	case n == 0:
		return lang.T(ctx, "Nothing has been recorded yet.")
	case l.Next != "":
		return lang.T(ctx, "The newest %d entries", n)
	default:
		return lang.N(ctx, n, "One entry", "%d entries")
	}
}

// link is the address of the list with something else in the place of one part of the filter.
func (l ledger) link(name, value string) string {
	query := l.query()
	query.Set(name, value)
	return address("/effort/entries", query)
}

// file is the address of the list as a file, to which the format is added.
func (l ledger) file() string {
	if at := address("/effort/entries", l.query()); strings.Contains(at, "?") {
		return at + "&"
	}
	return "/effort/entries?"
}

// choices are what the list can be narrowed to by what is served, by name.
func (l ledger) choices() (all []effort.Target) {
	for t := range l.Served.Names {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b effort.Target) int {
		if c := strings.Compare(a.Kind, b.Kind); c != 0 {
			return -c
		}
		return strings.Compare(l.Served.Names[a]+a.ID, l.Served.Names[b]+b.ID)
	})
	return all
}

func targetKey(t effort.Target) string { return t.Kind + ":" + t.ID }

func targetText(ctx context.Context, kind string) string {
	switch kind {
	case effort.ForGoal:
		return lang.T(ctx, "Goal")
	case effort.ForInitiative:
		return lang.T(ctx, "Initiative")
	}
	return lang.T(ctx, "Focal point")
}

// unitFound is the unit that a text names, in the place of its id; a form's reader types names.
func (r reader) unitFound(text string) (string, error) {
	if _, there := r.Units.Find(text); there || text == "" {
		return text, nil
	}
	n, err := org.NewFinder(r.Units, nil).Unit(text)
	if err != nil {
		return "", err
	}
	if id := r.Units.Units[n].ID; r.may(Read, id) {
		return id, nil
	}
	return "", fault.NotFoundf("there is no such unit")
}

// unitTyped is the unit that is asked for as one types it.
func (l ledger) unitTyped() string {
	if at, there := l.Units.Find(l.Unit); there {
		return l.Units.Units[at].Key
	}
	return l.Unit
}
