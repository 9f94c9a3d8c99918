package diagnosis

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// What an instrument says when its file leaves it out.
const (
	defaultMinimumGroup   = 5
	defaultCommentMinimum = 10
	defaultMinAnswered    = 0.8
	leastMinimumGroup     = 3 // of two people, each could work out the other
	mostItems             = 500
	mostText              = 2000 // characters of one wording
)

var (
	idForm       = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,63}$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// Check fills in the numbers that the file may leave out and reports every mistake
// in the instrument, each by the place at which it stands in the file, joined into
// one error. Only an instrument that passed may be used further.
func (in *Instrument) Check() error {
	if in.MinimumGroup == 0 {
		in.MinimumGroup = defaultMinimumGroup
	}
	if in.CommentMinimum == 0 {
		in.CommentMinimum = max(defaultCommentMinimum, in.MinimumGroup)
	}
	if in.MinAnswered == nil {
		share := defaultMinAnswered
		in.MinAnswered = &share
	}
	c := &instrumentCheck{in: in, ids: map[string]string{}, columns: map[string]string{}}
	c.head()
	c.rules()
	c.scale("scale", &in.Scale)
	for f := range in.Factors {
		c.factor(&in.Factors[f])
	}
	c.threshold()
	for i := range in.Outcomes {
		c.item("outcomes", &in.Outcomes[i])
	}
	for i := range in.Questions {
		q := &in.Questions[i]
		at := fmt.Sprintf("questions[%s]", q.ID)
		c.id(at, q.ID)
		c.text(at+".text", q.Text, true)
	}
	c.attributes()
	return errors.Join(c.mistakes...)
}

type instrumentCheck struct {
	in       *Instrument
	ids      map[string]string // id -> where it stands
	columns  map[string]string // heading -> where it stands
	mistakes []error
}

func (c *instrumentCheck) add(err error) { c.mistakes = append(c.mistakes, err) }

func (c *instrumentCheck) head() {
	in := c.in
	if !idForm.MatchString(in.ID) {
		c.add(fault.Invalidf("id: %q cannot be an id; use a letter and then at most 63 letters, digits, dots, dashes or underscores", clip(in.ID)))
	}
	if in.Version == "" {
		c.add(fault.Invalidf("version: it is missing; give the wording a version, such as \"1\""))
	}
	if len(in.Languages) == 0 {
		c.add(fault.Invalidf("languages: name at least one language, such as en"))
	}
	seen := map[string]bool{}
	for _, l := range in.Languages {
		switch {
		case !languageForm.MatchString(l):
			c.add(fault.Invalidf("languages: %q is not a language tag; write it like en or pt-BR", clip(l)))
		case seen[l]:
			c.add(fault.Invalidf("languages: %s stands there twice; remove one", l))
		}
		seen[l] = true
	}
	c.text("name", in.Name, true)
	c.text("notice", in.Notice, false)
	c.text("cannot_judge.label", in.CannotJudge.Label, false)
	c.text("not_applicable.label", in.NotApplicable.Label, false)
}

func (c *instrumentCheck) rules() {
	in := c.in
	if in.MinimumGroup < leastMinimumGroup {
		c.add(fault.Invalidf("minimum_group: %d is too small to protect anybody; it must be at least %d", in.MinimumGroup, leastMinimumGroup))
	}
	if in.CommentMinimum < in.MinimumGroup {
		c.add(fault.Invalidf("comment_minimum: %d is below minimum_group; it must be at least %d", in.CommentMinimum, in.MinimumGroup))
	}
	if share := *in.MinAnswered; !(share >= 0 && share <= 1) {
		c.add(fault.Invalidf("min_answered: %v is no share; write a number from 0 to 1, such as 0.8", share))
	}
	if len(in.Factors) == 0 {
		c.add(fault.Invalidf("factors: there are none; an instrument needs at least one factor with one item"))
	}
	if n := len(in.Items()); n > mostItems {
		c.add(fault.Invalidf("factors: %d items are too many; an instrument may have at most %d", n, mostItems))
	}
	if in.Respondent != "" {
		c.column("respondent", in.Respondent)
	}
}

// threshold is looked at after the factors: it needs them to be sound.
func (c *instrumentCheck) threshold() {
	in := c.in
	if in.Threshold == nil || len(c.mistakes) > 0 {
		return
	}
	for f := range in.Factors {
		if s := in.FactorScale(f); !(*in.Threshold >= float64(s.Min) && *in.Threshold <= float64(s.Max)) {
			c.add(fault.Invalidf("threshold: %v is not on the scale %d-%d of factor %q; every factor must be able to reach it", *in.Threshold, s.Min, s.Max, in.Factors[f].ID))
		}
		if !in.OneScale() {
			c.add(fault.Invalidf("threshold: the factors have different scales, so one threshold cannot hold for all; remove it or give them one scale"))
			return
		}
	}
}

func (c *instrumentCheck) factor(f *Factor) {
	at := fmt.Sprintf("factors[%s]", f.ID)
	c.id(at, f.ID)
	c.text(at+".name", f.Name, true)
	if len(f.Items) == 0 {
		c.add(fault.Invalidf("%s.items: there are none; a factor needs at least one item", at))
		return
	}
	if len(f.Items) > mostFactorItems {
		c.add(fault.Invalidf("%s.items: %d items are too many; a factor may have at most %d", at, len(f.Items), mostFactorItems))
	}
	first := c.scaleOf(&f.Items[0])
	for i := range f.Items {
		it := &f.Items[i]
		c.item(at+".items", it)
		if s := c.scaleOf(it); s.Min != first.Min || s.Max != first.Max {
			c.add(fault.Invalidf("%s.items[%s].scale: %d-%d differs from %d-%d of the factor's first item; the items of one factor need one range, or they have no common mean", at, it.ID, s.Min, s.Max, first.Min, first.Max))
		}
	}
}

func (c *instrumentCheck) scaleOf(it *Item) *Scale {
	if it.Scale != nil {
		return it.Scale
	}
	return &c.in.Scale
}

func (c *instrumentCheck) item(list string, it *Item) {
	at := fmt.Sprintf("%s[%s]", list, it.ID)
	c.id(at, it.ID)
	c.text(at+".name", it.Name, true)
	c.text(at+".text", it.Text, true)
	column := it.Column
	if column == "" {
		column = it.ID
	}
	c.column(at+".column", column)
	if it.Scale != nil {
		c.scale(at+".scale", it.Scale)
	}
}

func (c *instrumentCheck) attributes() {
	names := map[string]bool{}
	for i, a := range c.in.Attributes {
		at := fmt.Sprintf("attributes[%d]", i+1)
		if strings.TrimSpace(a.Name) == "" {
			c.add(fault.Invalidf("%s: the name is missing; give the attribute a name", at))
			continue
		}
		if names[fold(a.Name)] {
			c.add(fault.Invalidf("%s: the name %q stands there twice; rename one", at, clip(a.Name)))
		}
		names[fold(a.Name)] = true
		column := a.Column
		if column == "" {
			column = a.Name
		}
		c.column(at+".column", column)
	}
}

// id reports an id that cannot be one, and one that already stands elsewhere:
// factors, items, outcomes and questions share one set of ids, because figures
// and form fields are named by them.
func (c *instrumentCheck) id(at, id string) {
	if !idForm.MatchString(id) {
		c.add(fault.Invalidf("%s: %q cannot be an id; use a letter and then at most 63 letters, digits, dots, dashes or underscores", at, clip(id)))
		return
	}
	if first, ok := c.ids[id]; ok {
		c.add(fault.Invalidf("%s: the id %q already stands at %s; rename one", at, id, first))
		return
	}
	c.ids[id] = at
}

// column reports a heading from which two things would be read. An answer that is
// at the same time an attribute would be published with it.
func (c *instrumentCheck) column(at, heading string) {
	key := fold(heading)
	if first, ok := c.columns[key]; ok {
		c.add(fault.Invalidf("%s: the column %q is already read for %s; each column can be read once", at, clip(heading), first))
		return
	}
	c.columns[key] = at
}

// text reports a wording that lacks a language of the instrument, has one that is
// not declared, or is too long.
func (c *instrumentCheck) text(at string, t Text, required bool) {
	if len(t) == 0 && !required {
		return
	}
	for _, l := range c.in.Languages {
		if strings.TrimSpace(t[l]) == "" {
			c.add(fault.Invalidf("%s: the wording in language %s is missing; add it", at, l))
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(c.in.Languages, l) {
			c.add(fault.Invalidf("%s: the language %q is not among the instrument's languages; add it there or remove this wording", at, clip(l)))
		}
		if len([]rune(t[l])) > mostText {
			c.add(fault.Invalidf("%s: the wording in language %s is too long; keep it under %d characters", at, l, mostText))
		}
	}
}
