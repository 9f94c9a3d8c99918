package diagnosisweb

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/web"
)

// waveForm is the page on which two waves stand beside each other.
type waveForm struct {
	*reading
	*diagnosisdb.Compared
	Earlier []diagnosis.Diagnosis // to choose from
	Focus   int32                 // the units right below it are listed
}

// waves compares a report with that of an earlier wave: the one before, or ?with=.
func (p *Pages) waves(w http.ResponseWriter, r *http.Request) error {
	rd, err := p.reading(r)
	if err != nil {
		return err
	}
	if len(rd.roots()) == 0 {
		return fault.NotFoundf("there is no such page, or it is not for you")
	}
	f := waveForm{reading: rd, Earlier: rd.Earlier, Focus: rd.roots()[0]}
	with, err := rd.earlier(r.URL.Query().Get("with"))
	if err != nil {
		return err
	}
	if f.Compared, err = p.Store.Compare(r.Context(), rd.organisation, rd.Diagnosis.ID, with); err != nil {
		return err
	}
	if id := r.URL.Query().Get("below"); id != "" {
		u, ok := rd.Report.Layout.Find(id)
		if !ok || !rd.sees(u) {
			return fault.NotFoundf("there is no such unit in this report")
		}
		f.Focus = u
	}
	if done, err := web.Exported(w, r, rd.Diagnosis.Name+"-change", f.table(r.Context())); done || err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return web.JSON(w, f.list())
	}
	return web.Page(w, r, http.StatusOK, wavePage(f))
}

// earlier is the id of the diagnosis that a report is compared with: the newest before it,
// or one that is asked for. Not found where there is none that the reader may see.
func (rd *reading) earlier(with string) (string, error) {
	for _, e := range rd.Earlier {
		if with == "" || with == e.ID {
			return e.ID, nil
		}
	}
	return "", fault.NotFoundf("no diagnosis before this one asked the same: there is nothing to compare it with")
}

// own are the changes of the factors that the page is about: of the whole, else of the
// reader's uppermost unit.
func (f waveForm) own() []diagnosis.Change { return f.Units[f.roots()[0]].Factors }

// shown lists the changes of the units that the reader may see: those right below the
// focus, with it.
func (f waveForm) shown() (units []diagnosis.UnitChange) {
	for _, u := range append([]int32{f.Focus}, f.below(f.Focus)...) {
		units = append(units, f.Units[u])
	}
	return units
}

func (f waveForm) heading(ctx context.Context) string {
	up, down, told := 0, 0, 0
	for _, c := range f.own() {
		switch c.Movement {
		case diagnosis.Up:
			up++
		case diagnosis.Down:
			down++
		case diagnosis.CannotTell:
			continue
		}
		told++
	}
	then := f.Then.Diagnosis.Name
	switch {
	case told == 0:
		return lang.T(ctx, "What has changed since %s cannot be told.", then)
	case up == 0 && down == 0:
		return lang.T(ctx, "No factor has moved clearly since %s.", then)
	case down == 0:
		return lang.T(ctx, "%[1]d of %[2]d factors are clearly up since %[3]s.", up, len(f.own()), then)
	case up == 0:
		return lang.T(ctx, "%[1]d of %[2]d factors are clearly down since %[3]s.", down, len(f.own()), then)
	}
	return lang.T(ctx, "Since %[1]s %[2]d factors are clearly up and %[3]d down.", then, up, down)
}

// movement says in words what became of a figure.
func movement(ctx context.Context, m diagnosis.Movement) string {
	switch m {
	case diagnosis.Up:
		return lang.T(ctx, "clearly up")
	case diagnosis.Down:
		return lang.T(ctx, "clearly down")
	case diagnosis.Small:
		return lang.T(ctx, "clear, but less than %s", one(ctx, diagnosis.LeastMove))
	case diagnosis.Unclear:
		return lang.T(ctx, "no clear change")
	}
	return lang.T(ctx, "cannot tell")
}

// arrow is the one sign of a movement that is clear and large enough.
func arrow(m diagnosis.Movement) string {
	switch m {
	case diagnosis.Up:
		return " ▲"
	case diagnosis.Down:
		return " ▼"
	}
	return ""
}

func known(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// chance is a p value as a cell.
func chance(p *float64) any {
	if p == nil {
		return nil
	}
	return web.Probability(*p)
}

// changeRow writes a change after the cells that say of what.
func changeRow(ctx context.Context, c diagnosis.Change, of ...any) []any {
	row := append(of, known(c.Then), known(c.Now), known(c.Diff), nil, nil, known(c.PerYear), known(c.D), chance(c.Adjusted), movement(ctx, c.Movement))
	if c.Half != nil {
		row[len(of)+3], row[len(of)+4] = *c.Diff-*c.Half, *c.Diff+*c.Half
	}
	return row
}

func changeHeader(ctx context.Context, of ...string) []string {
	return append(of, lang.T(ctx, "Then"), lang.T(ctx, "Now"), lang.T(ctx, "Difference"), lang.T(ctx, "95 %% interval, from"), lang.T(ctx, "to"),
		lang.T(ctx, "a year"), lang.T(ctx, "Cohen's d"), lang.T(ctx, "p, adjusted"), lang.T(ctx, "Movement"))
}

// table has every change that the reader may see, for files.
func (f waveForm) table(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Change"), Header: changeHeader(ctx, lang.T(ctx, "Unit"), lang.T(ctx, "compared with"), lang.T(ctx, "Figure"))}
	for _, u := range f.all() {
		for i, c := range f.Units[u].Factors {
			t.Rows = append(t.Rows, changeRow(ctx, c, f.Report.Units[u].Name, f.madeOf(ctx, f.Units[u]), f.factor(i)))
		}
	}
	if f.Whole {
		for i, c := range f.Items {
			t.Rows = append(t.Rows, changeRow(ctx, c, f.Report.Units[0].Name, "", f.item(i)))
		}
	}
	return t
}

// factorTable has the changes that the page is about.
func (f waveForm) factorTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Change"), Header: changeHeader(ctx, lang.T(ctx, "Factor"))}
	for i, c := range f.own() {
		t.Rows = append(t.Rows, changeRow(ctx, c, f.factor(i)))
	}
	return t
}

// itemTable has the changes of the characteristics, the largest fall first.
func (f waveForm) itemTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "Characteristics"), Header: []string{lang.T(ctx, "Characteristic"), lang.T(ctx, "Then"), lang.T(ctx, "Now"), lang.T(ctx, "Difference"), lang.T(ctx, "Movement")}}
	order := make([]int, len(f.Items))
	for i := range order {
		order[i] = i
	}
	by := func(i int) float64 {
		if f.Items[i].Diff == nil {
			return math.Inf(1)
		}
		return *f.Items[i].Diff
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(by(a), by(b)) })
	for _, i := range order {
		c := f.Items[i]
		t.Rows = append(t.Rows, []any{f.item(i), known(c.Then), known(c.Now), known(c.Diff), movement(ctx, c.Movement)})
	}
	return t
}

// linkedTable has the changes of the same people, where this is compared with the diagnosis
// with which they are linked.
func (f waveForm) linkedTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "The same people"), Header: []string{lang.T(ctx, "Factor"), lang.T(ctx, "Difference"), lang.T(ctx, "95 %% interval, from"), lang.T(ctx, "to"), lang.T(ctx, "p, adjusted"), lang.T(ctx, "Movement")}}
	l := f.Report.Linked
	if l == nil || l.Since != f.Then.Diagnosis.ID {
		return t
	}
	for i, c := range l.Factors {
		row := []any{f.factor(i), known(c.Diff), nil, nil, chance(c.Adjusted), movement(ctx, c.Movement)}
		if c.Half != nil {
			row[2], row[3] = *c.Diff-*c.Half, *c.Diff+*c.Half
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// madeOf says with what a unit is compared where that is not itself alone.
func (f waveForm) madeOf(ctx context.Context, u diagnosis.UnitChange) string {
	if u.Torn {
		return lang.T(ctx, "a part of it went elsewhere")
	}
	text := ""
	for i, part := range u.Parts {
		if i > 0 {
			text += " + "
		}
		text += part
	}
	return text
}

func (f waveForm) mixText(ctx context.Context, m diagnosis.Mix) string {
	by := lang.T(ctx, "units")
	if m.By != "" {
		by = attribute(ctx, m.By)
	}
	return lang.T(ctx, "By %[1]s: %[2]s comes of who answered, %[3]s of what they say.", by, signed2(ctx, m.Composition), signed2(ctx, m.Within))
}

func signed2(ctx context.Context, v float64) string {
	if v = web.Rounded(v, 2); v == 0 {
		return lang.T(ctx, "%.2f", 0.0)
	}
	return strings.Replace(lang.T(ctx, "%+.2f", v), "-", "−", 1)
}

func (f waveForm) regressionTable(ctx context.Context) web.Table {
	t := web.Table{Name: lang.T(ctx, "The lowest then"), Header: []string{lang.T(ctx, "Factor"), lang.T(ctx, "Units"), lang.T(ctx, "their change"), lang.T(ctx, "of all units"), lang.T(ctx, "to be expected by itself")}}
	for _, r := range f.Regression {
		t.Rows = append(t.Rows, []any{f.factor(r.Factor), r.Units, r.Rise, r.All, r.All + r.Expected})
	}
	return t
}

// waveList is the page as JSON: the whole for who reads it all, and the units that the
// reader may see.
type waveList struct {
	Then       listEntry              `json:"then"`
	Years      float64                `json:"years"`
	Overall    *diagnosis.Change      `json:"overall,omitempty"`
	Items      []diagnosis.Change     `json:"characteristics,omitempty"`
	Mixes      []diagnosis.Mix        `json:"mixes,omitempty"`
	Regression []diagnosis.Regression `json:"regression,omitempty"`
	Linked     *diagnosis.Linked      `json:"linked,omitempty"` // the same people
	Units      []waveUnit             `json:"units"`
}

type waveUnit struct {
	ID      string             `json:"id"`
	Name    string             `json:"name"`
	With    []string           `json:"compared_with,omitempty"`
	Torn    bool               `json:"torn,omitzero"`
	Factors []diagnosis.Change `json:"factors"`
}

func (f waveForm) list() waveList {
	l := waveList{Then: listOf([]diagnosis.Diagnosis{f.Then.Diagnosis})[0], Years: f.Years, Units: []waveUnit{}}
	if f.Whole {
		if same := f.Report.Linked; same != nil && same.Since == f.Then.Diagnosis.ID {
			l.Linked = same
		}
		l.Overall, l.Items, l.Mixes, l.Regression = &f.Overall, f.Items, f.Mixes, f.Compared.Regression
	}
	for _, u := range f.all() {
		c := f.Units[u]
		l.Units = append(l.Units, waveUnit{f.Report.Units[u].ID, f.Report.Units[u].Name, c.Parts, c.Torn, c.Factors})
	}
	return l
}

// slope is a small picture of one factor in two waves.
type slope struct {
	Name      string
	Then, Now float64
	Movement  diagnosis.Movement
	Target    *float64
	Years     float64
	Low, High float64
}

const (
	slopeLeft, slopeRight = 34, 126
	slopeTop, slopeBottom = 14, 104
)

// slopes draws the factors of which both figures are known, on one axis.
func (f waveForm) slopes() (all []slope) {
	scale := f.Instrument.FactorScale(0)
	low, high := float64(scale.Max), float64(scale.Min)
	for i, c := range f.own() {
		if c.Diff == nil {
			continue
		}
		s := slope{Name: f.factor(i), Then: *c.Then, Now: *c.Now, Movement: c.Movement, Target: f.Instrument.Threshold, Years: f.Years}
		low, high = min(low, s.Then, s.Now), max(high, s.Then, s.Now, s.hope(diagnosis.MostGain))
		if s.Target != nil {
			high = max(high, *s.Target)
		}
		all = append(all, s)
	}
	for i := range all {
		all[i].Low, all[i].High = max(float64(scale.Min), math.Floor(low)), min(float64(scale.Max), math.Ceil(high))
	}
	return all
}

// hope is where a gain of so much a year leads, on the scale.
func (s slope) hope(gain float64) float64 { return s.Then + gain*s.Years }

func (s slope) y(v float64) string {
	y := slopeBottom - (v-s.Low)/(s.High-s.Low)*float64(slopeBottom-slopeTop)
	return fmt.Sprintf("%.1f", min(max(y, slopeTop), slopeBottom))
}

// band is the path of the realistic gain.
func (s slope) band() string {
	return fmt.Sprintf("M%d %s L%d %s L%d %s Z", slopeLeft, s.y(s.Then), slopeRight, s.y(s.hope(diagnosis.LeastGain)), slopeRight, s.y(s.hope(diagnosis.MostGain)))
}
