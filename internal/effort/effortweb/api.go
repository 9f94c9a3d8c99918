package effortweb

import (
	"context"
	"math"
	"net/http"

	"throughline/internal/effort"
	"throughline/internal/effort/effortdb"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/rest"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

const (
	scopeRead  = "effort:read"
	scopeWrite = "effort:write"
)

// Offer adds the ledger's operations to the API.
func (p *Pages) Offer(a *rest.API) {
	get := func(path, name, summary string) rest.Operation {
		return rest.Operation{Method: http.MethodGet, Path: path, Act: string(Read), Scope: scopeRead, Name: name, Summary: summary, Area: "Effort"}
	}
	post := func(path, name, summary string) rest.Operation {
		return rest.Operation{Method: http.MethodPost, Path: path, Act: string(Manage), Scope: scopeWrite, Name: name, Summary: summary, Area: "Effort", Status: http.StatusCreated}
	}
	rest.Offer(a, get("/effort/account", "get-effort-account", "What the ledger says of a unit over some months: blend, reach, cost, and learning beside the other solutions."), p.tellAccount)
	rest.Offer(a, get("/effort/efficiency", "list-effort-measures", "Every measure of the efficiency of learning of a unit over some months."), p.tellEfficiency)
	rest.Offer(a, get("/effort/entries", "list-efforts", "Entries of the ledger, the newest first."), p.tellEntries)
	feed := post("/effort/entries", "feed-efforts", "Takes rows of hours and costs, all of them or none. A row whose reference came in before takes the place of what it was.")
	feed.Most = 16 << 20
	rest.Offer(a, feed, p.takeEntries)
	rest.Offer(a, get("/effort/changes", "list-effort-changes", "Dated changes of how the learning function works, the newest first."), p.tellChanges)
	rest.Offer(a, post("/effort/changes", "add-effort-change", "Writes a change of how the learning function works down."), p.takeChange)
}

// effortAccountAnswer is an account. What is not known is not there; money is in the own currency's usual unit.
type effortAccountAnswer struct {
	Unit     string             `json:"unit,omitempty" doc:"id; not there for the whole organisation"`
	From     string             `json:"from" doc:"first month"`
	Until    string             `json:"until" doc:"last month"`
	Currency string             `json:"currency"`
	Unrated  map[string]float64 `json:"unrated,omitempty" doc:"by currency: costs without a rate, which stand in no figure"`
	Blend    blendAnswer        `json:"blend" doc:"hours of participants who learn"`
	Reach    reachAnswer        `json:"reach"`
	Spending spendingAnswer     `json:"spending" doc:"what learning cost"`
	Split    splitAnswer        `json:"split" doc:"hours of staff and cost, of learning and of the other solutions"`
}

type blendAnswer struct {
	Hours      float64            `json:"hours"`
	Mix        map[string]float64 `json:"mix" doc:"hours by experience, exposure, education; '' is not stated"`
	Modality   map[string]float64 `json:"modality" doc:"hours; '' is not stated"`
	Form       map[string]float64 `json:"form" doc:"hours, formal and work-based; '' is not stated"`
	Pace       map[string]float64 `json:"pace" doc:"hours, live, self-paced, either; '' is not stated"`
	External   float64            `json:"external" doc:"hours run by somebody outside"`
	Technology float64            `json:"technology" doc:"hours through a computer or a phone"`
}

type reachAnswer struct {
	Learners *int `json:"learners,omitempty" doc:"people who took part by name, each once; not there where they are fewer than five and their names are not yours to read; then to the nearest five"`
	Formal   *int `json:"formal,omitempty" doc:"of these in formal learning, likewise"`
	Heads    int  `json:"heads,omitempty" doc:"people at work today"`
}

type spendingAnswer struct {
	Internal   float64  `json:"internal"`
	Supplier   float64  `json:"supplier"`
	Tuition    float64  `json:"tuition"`
	Direct     float64  `json:"direct" doc:"direct learning expenditure"`
	Outsourced *float64 `json:"outsourced,omitempty" doc:"share of suppliers"`
	Central    *float64 `json:"central,omitempty" doc:"share of what is managed centrally in what is stated"`
	Unstated   float64  `json:"unstated" doc:"of which nobody has said who manages it"`
	Hour       *float64 `json:"hour,omitempty" doc:"cost of an hour"`
}

type splitAnswer struct {
	Kinds       map[string]solutionAnswer `json:"kinds"`
	NonLearning *float64                  `json:"non_learning,omitempty" doc:"share of the hours of staff on what is no learning"`
	OfCost      *float64                  `json:"of_cost,omitempty" doc:"share of the cost"`
	Reference   float64                   `json:"reference" doc:"share beside which it is shown: an estimate, not a benchmark"`
}

type solutionAnswer struct {
	Hours float64 `json:"hours"`
	Cost  float64 `json:"cost"`
}

type effortMeasureAnswer struct {
	Measure string   `json:"measure" doc:"its key; that of its indicator's origin"`
	Name    string   `json:"name"`
	Scale   string   `json:"scale" enum:"money,hours,share,days,number" doc:"in what it is told: money in the own currency, a share in per cent"`
	Value   *float64 `json:"value,omitempty" doc:"not there where it is not known, or would tell of fewer than five people whose names are not yours to read"`
	Before  *float64 `json:"before,omitempty" doc:"of the same months a year before"`
	Formula string   `json:"formula"`
}

func (p *Pages) tellEfficiency(ctx context.Context, in *struct {
	rest.Page
	Unit  string `query:"unit" doc:"its id; what you read where it is left out"`
	From  string `query:"from" doc:"2026-01, 2026-Q1 or 2026; the last twelve whole months where both are left out"`
	Until string `query:"until"`
}) (*rest.List[effortMeasureAnswer], error) {
	e, err := p.efficiencyOf(ctx, in.Unit, in.From, in.Until, "")
	var told []effortMeasureAnswer
	for _, m := range e.measures() {
		told = append(told, effortMeasureAnswer{m.Key, lang.T(ctx, m.Name), string(m.Scale), e.told(m, e.Now, e.Named), e.told(m, e.Before, e.Named), lang.T(ctx, m.Formula)})
	}
	return rest.Of(in.Page, told), err
}

// told is a measure of some months as far as the reader may know it.
func (r reader) told(m effort.Measure, of effort.Efficiency, named bool) *float64 {
	switch {
	case len(of.Cells) == 0, m.Few(of) && !named: // nothing of months before there was a ledger
		return nil
	case !named:
		of = of.Veiled()
	}
	return m.Value(of, r.Rates.Own)
}

// hoursBy are hours in the place of minutes.
func hoursBy[K ~string](minutes map[K]int64) map[string]float64 {
	hours := map[string]float64{}
	for key, n := range minutes {
		hours[string(key)] = float64(n) / 60
	}
	return hours
}

func (p *Pages) tellAccount(ctx context.Context, in *struct {
	Unit  string `query:"unit" doc:"its id; what you read where it is left out"`
	From  string `query:"from" doc:"2026-01, 2026-Q1 or 2026; the last twelve whole months where both are left out"`
	Until string `query:"until"`
}) (*effortAccountAnswer, error) {
	a, err := p.accountOf(ctx, in.Unit, in.From, in.Until)
	if err != nil {
		return nil, err
	}
	own := func(amount int64) float64 { return effort.Units(amount, a.Rates.Own) }
	b, s, split := a.All.Blend(), a.All.Spending(), a.All.Split()
	told := &effortAccountAnswer{Unit: a.unitID(a.At), From: string(a.From), Until: string(a.Until), Currency: a.Rates.Own,
		Blend:    blendAnswer{float64(b.Minutes) / 60, hoursBy(b.Mix), hoursBy(b.Modality), hoursBy(b.Form), hoursBy(b.Pace), float64(b.External) / 60, float64(b.Technology) / 60},
		Reach:    reachAnswer{counted(a.All.Learners, a.Named), counted(a.All.Formal, a.Named), a.heads()},
		Spending: spendingAnswer{own(s.Internal), own(s.Supplier), own(s.Tuition), own(s.Direct()), s.Outsourced, s.CentralShare, own(s.Unstated), nil},
		Split:    splitAnswer{map[string]solutionAnswer{}, split.NonLearning, split.OfCost, float64(a.Setting.Reference) / 100}}
	if v := s.PerHour(); v != nil {
		hour := own(int64(math.Round(*v)))
		told.Spending.Hour = &hour
	}
	for kind, spent := range split.Kinds {
		told.Split.Kinds[string(kind)] = solutionAnswer{float64(spent.Minutes) / 60, own(spent.Cost())}
	}
	for currency, amount := range a.All.Unrated {
		if told.Unrated == nil {
			told.Unrated = map[string]float64{}
		}
		told.Unrated[currency] = effort.Units(amount, currency)
	}
	return told, nil
}

// counted is how many people there are, nil where that is not for the reader.
func counted(n int, named bool) *int {
	if few(n, named) {
		return nil
	}
	n = seen(n, named)
	return &n
}

type entryAnswer struct {
	ID       string         `json:"id"`
	Day      string         `json:"day" format:"date"`
	What     string         `json:"what"`
	Kind     string         `json:"kind"`
	Modality string         `json:"modality,omitempty"`
	Source   string         `json:"source" doc:"what it was written from: session, coaching, action, file, form, completion, offering"`
	Feed     int            `json:"feed,omitempty" doc:"number of the file or the request that it came with"`
	External bool           `json:"external,omitempty" doc:"run by somebody outside"`
	Managed  string         `json:"managed,omitempty" enum:"central,local"`
	Supplier string         `json:"supplier,omitempty"`
	Hours    []hoursAnswer  `json:"hours" nullable:"false"`
	Costs    []costAnswer   `json:"costs" nullable:"false" doc:"those of a part are what it bears"`
	Serves   []servedAnswer `json:"serves" nullable:"false"`
}

type hoursAnswer struct {
	Side   string  `json:"side" enum:"participant,staff"`
	Unit   string  `json:"unit,omitempty" doc:"id of the unit in which they worked then"`
	Person string  `json:"person,omitempty" doc:"personnel number; where it is yours to read"`
	Hours  float64 `json:"hours"`
}

type costAnswer struct {
	Kind     string  `json:"kind" enum:"internal,supplier,tuition"`
	Amount   float64 `json:"amount"`
	Currency string  `json:"currency"`
}

type servedAnswer struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// entriesAnswer is a page of the ledger. It goes on by a mark and not by an offset: what comes in
// meanwhile moves nothing.
type entriesAnswer struct {
	Items []entryAnswer `json:"items" nullable:"false"`
	Next  string        `json:"next,omitempty" doc:"what to send as before for the entries that follow; not there where the list ends"`
}

func (p *Pages) tellEntries(ctx context.Context, in *struct {
	Unit     string `query:"unit" doc:"its id; what you read where it is left out"`
	Kind     string `query:"kind"`
	Modality string `query:"modality"`
	Source   string `query:"source"`
	From     string `query:"from" doc:"2026-01, 2026-Q1 or 2026"`
	Until    string `query:"until"`
	Serves   string `query:"serves" doc:"kind and id of what it serves, as in goal:id"`
	Before   string `query:"before" doc:"the next of the answer before"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"200" doc:"how many at most"`
}) (*entriesAnswer, error) {
	l, err := p.ledgerOf(ctx, filter{in.Unit, in.Kind, in.Modality, in.Source, in.From, in.Until, in.Serves, in.Before}, in.Limit)
	if err != nil {
		return nil, err
	}
	told := &entriesAnswer{Items: []entryAnswer{}, Next: l.Next}
	for _, e := range l.All {
		told.Items = append(told.Items, l.tell(e))
	}
	return told, nil
}

// tell is an entry as a program reads it.
func (l ledger) tell(e effort.Entry) entryAnswer {
	a := entryAnswer{ID: e.ID, Day: string(e.Day), What: e.What, Kind: string(e.Kind), Modality: string(e.Modality), Source: e.Source.Kind, Feed: e.Feed, External: e.External, Managed: string(e.Managed), Supplier: e.Supplier,
		Hours: []hoursAnswer{}, Costs: []costAnswer{}, Serves: []servedAnswer{}}
	for _, h := range e.Hours {
		one := hoursAnswer{Side: string(h.Side), Unit: h.Unit, Hours: float64(h.Minutes) / 60}
		if l.named(h) {
			one.Person = l.Names[h.Person].Key
		}
		a.Hours = append(a.Hours, one)
	}
	for _, c := range e.Costs {
		a.Costs = append(a.Costs, costAnswer{string(c.Kind), effort.Units(c.Amount, c.Currency), c.Currency})
	}
	for _, t := range e.Serves {
		a.Serves = append(a.Serves, servedAnswer(t))
	}
	return a
}

// effortBody is a row of efforts as a program writes it, with the words of a file's columns.
type effortBody struct {
	Day        string   `json:"day" format:"date"`
	What       string   `json:"what"`
	Kind       string   `json:"kind,omitempty" doc:"learning where it is left out"`
	Modality   string   `json:"modality,omitempty"`
	Person     string   `json:"person,omitempty" doc:"personnel number or mail address"`
	Unit       string   `json:"unit,omitempty" doc:"in its place: key or name"`
	Side       string   `json:"side,omitempty" doc:"participant where it is left out, or staff"`
	Hours      *float64 `json:"hours,omitempty"`
	Internal   *float64 `json:"cost_internal,omitempty"`
	Supplied   *float64 `json:"cost_supplier,omitempty"`
	Tuition    *float64 `json:"cost_tuition,omitempty"`
	Currency   string   `json:"currency,omitempty" doc:"your own where it is left out"`
	External   bool     `json:"external,omitempty"`
	Managed    string   `json:"managed,omitempty" doc:"central or local"`
	Supplier   string   `json:"supplier,omitempty"`
	Goal       string   `json:"goal,omitempty" doc:"name or id"`
	Initiative string   `json:"initiative,omitempty"`
	Resource   string   `json:"resource,omitempty"`
	Focal      string   `json:"focal,omitempty"`
	Reference  string   `json:"reference,omitempty" doc:"by which your system knows the row"`
}

func (b effortBody) row(line int) effort.Row {
	external := ""
	if b.External {
		external = "yes"
	}
	return effort.Row{Line: line, Day: period.Day(b.Day), What: b.What, Kind: b.Kind, Modality: b.Modality, Side: b.Side, Person: b.Person, Unit: b.Unit, Hours: b.Hours, Internal: b.Internal, Supplied: b.Supplied, Tuition: b.Tuition,
		Currency: b.Currency, External: external, Managed: b.Managed, Supplier: b.Supplier, Serves: [...]string{b.Goal, b.Initiative, b.Resource, b.Focal}, Reference: b.Reference}
}

type cameAnswer struct {
	Number   int `json:"number" doc:"of the feed, by which it can be taken back"`
	Entries  int `json:"entries" doc:"that it brought"`
	Replaced int `json:"replaced" doc:"entries of earlier feeds whose place it took"`
}

func (p *Pages) takeEntries(ctx context.Context, in *struct {
	rest.Once
	Body struct {
		Source string       `json:"source" minLength:"1" maxLength:"200" doc:"where the rows come from"`
		Rows   []effortBody `json:"rows" minItems:"1" maxItems:"10000"`
	}
}) (*cameAnswer, error) {
	actor := web.From[org.Actor](ctx)
	rows := func(yield func(effort.Row, error) bool) {
		for n, r := range in.Body.Rows {
			if !yield(r.row(n+1), nil) {
				return
			}
		}
	}
	came, err := p.Store.Import(ctx, actor.Organisation, effortdb.Feed{Rows: rows, Source: in.Body.Source, By: actor.Name})
	return &cameAnswer{came.Number, came.Entries, came.Replaced}, err
}

// EffortChangeBody is a change as a program writes it.
type EffortChangeBody struct {
	Day      string   `json:"day" format:"date" doc:"from which it is done so"`
	Text     string   `json:"text" doc:"what has changed, in a sentence"`
	Units    []string `json:"units,omitempty" doc:"ids of the units in which, with all under them; the whole organisation where they are left out"`
	Expected string   `json:"expected,omitempty" doc:"which figure rises or falls"`
}

type effortChangeAnswer struct {
	ID string `json:"id"`
	EffortChangeBody
}

func (p *Pages) tellChanges(ctx context.Context, in *struct{ rest.Page }) (*rest.List[effortChangeAnswer], error) {
	all, err := p.Store.Changes(ctx, web.From[org.Actor](ctx).Organisation)
	var told []effortChangeAnswer
	for _, c := range all {
		told = append(told, effortChangeAnswer{c.ID, EffortChangeBody{string(c.Day), c.Text, c.Units, c.Expected}})
	}
	return rest.Of(in.Page, told), err
}

func (p *Pages) takeChange(ctx context.Context, in *struct {
	rest.Once
	Body EffortChangeBody
}) (*effortChangeAnswer, error) {
	actor := web.From[org.Actor](ctx)
	c := effort.Change{Day: period.Day(in.Body.Day), Text: in.Body.Text, Units: in.Body.Units, Expected: in.Body.Expected}
	made, err := p.Store.SaveChange(ctx, actor.Organisation, c, actor.Name)
	return &effortChangeAnswer{made, in.Body}, err
}
