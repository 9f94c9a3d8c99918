// Package diagnosis is one diagnosis from instrument to published report: what is
// asked, how answers are packed and scored, how reliable the scores are, and which
// of them may be shown. It computes only. It knows no person: a response is a row
// of bytes in a cell, and who gave it is nowhere in this package.
package diagnosis

import (
	_ "embed"
	"slices"
	"strings"
)

// HPOFile is the shipped instrument: 35 characteristics in five factors, in our
// own words, English and Dutch. It is a YAML file like any other instrument.
//
// ShippedID is the id of the shipped instrument in its file.
const ShippedID = "hpo"

//go:embed instruments/hpo.yaml
var HPOFile []byte

// Text is one wording per language; the keys are language tags such as "en" or "nl".
type Text map[string]string

// In returns the wording in lang, else in its base language ("nl" for "nl-BE"),
// else in English, else in the alphabetically first language there is.
func (t Text) In(lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	for _, l := range []string{lang, base, "en"} {
		if s, ok := t[l]; ok {
			return s
		}
	}
	first := ""
	for l := range t {
		if first == "" || l < first {
			first = l
		}
	}
	return t[first]
}

// Instrument is a questionnaire and the rules by which its answers are scored.
// It is decoded from YAML (docs/instruments.md) and usable after Check.
type Instrument struct {
	ID        string   `yaml:"id"`
	Version   string   `yaml:"version"`
	Languages []string `yaml:"languages"` // the first is the one to fall back on
	Name      Text     `yaml:"name"`
	Notice    Text     `yaml:"notice,omitempty"` // said wherever scores are shown

	Scale         Scale      `yaml:"scale"`
	CannotJudge   Abstention `yaml:"cannot_judge,omitempty"`
	NotApplicable Abstention `yaml:"not_applicable,omitempty"`

	Factors    []Factor    `yaml:"factors"`
	Outcomes   []Item      `yaml:"outcomes,omitempty"` // answered by the same people, no part of the score
	Questions  []Question  `yaml:"questions,omitempty"`
	Attributes []Attribute `yaml:"attributes,omitempty"`
	Respondent string      `yaml:"respondent,omitempty"` // heading of the column that names the respondent in a file; "" if none

	Threshold      *float64 `yaml:"threshold,omitempty"`       // HPO when every factor reaches it; nil: the instrument has no such rule
	MinimumGroup   int      `yaml:"minimum_group,omitempty"`   // people; 5 after Check when left out
	CommentMinimum int      `yaml:"comment_minimum,omitempty"` // people; 10 after Check when left out
	MinAnswered    *float64 `yaml:"min_answered,omitempty"`    // share of the factors' items, 0-1; 0.8 after Check when left out
}

// Factor is a named set of items whose mean is one score.
type Factor struct {
	ID    string `yaml:"id"`
	Name  Text   `yaml:"name"`
	Items []Item `yaml:"items"`
}

// Item is one statement, rated on a scale.
type Item struct {
	ID       string `yaml:"id"`
	Name     Text   `yaml:"name"` // the characteristic
	Text     Text   `yaml:"text"` // the statement as the respondent reads it
	Reversed bool   `yaml:"reversed,omitempty"`
	Column   string `yaml:"column,omitempty"` // heading in a file of answers; the id when left out
	Scale    *Scale `yaml:"scale,omitempty"`  // nil: the instrument's
}

// Question is an open question; its answers are comments.
type Question struct {
	ID   string `yaml:"id"`
	Text Text   `yaml:"text"`
}

// Attribute is a property of the respondent by which a file of answers can be reported.
type Attribute struct {
	Name   string `yaml:"name"`
	Column string `yaml:"column,omitempty"` // heading in the file; the name when left out
}

// Abstention is a way of saying that an item cannot be answered. It is not an
// answer: it is in no mean, and does not add to the share of items answered.
type Abstention struct {
	Label Text     `yaml:"label,omitempty"` // as offered to a respondent; empty: not offered
	Words []string `yaml:"words,omitempty"` // further ways in which a file says it
}

// PlacedItem is an item with what its place in the instrument adds to it.
type PlacedItem struct {
	Item       // Column and Scale are filled in
	Factor int // index in Factors, -1 for an outcome
}

// Asks says whether an id is that of a factor or a characteristic of the instrument.
func (in *Instrument) Asks(id string) bool {
	return slices.ContainsFunc(in.Factors, func(f Factor) bool {
		return f.ID == id || slices.ContainsFunc(f.Items, func(it Item) bool { return it.ID == id })
	})
}

// Items returns the items in the order in which answers are packed: factor by
// factor, then the outcomes. Every index of an item means a place in this order.
func (in *Instrument) Items() []PlacedItem {
	var all []PlacedItem
	add := func(items []Item, factor int) {
		for _, it := range items {
			if it.Column == "" {
				it.Column = it.ID
			}
			if it.Scale == nil {
				it.Scale = &in.Scale
			}
			all = append(all, PlacedItem{Item: it, Factor: factor})
		}
	}
	for f := range in.Factors {
		add(in.Factors[f].Items, f)
	}
	add(in.Outcomes, -1)
	return all
}

// Span returns the item indices [from, to) of factor f in the order of Items.
func (in *Instrument) Span(f int) (from, to int) {
	for g := range f {
		from += len(in.Factors[g].Items)
	}
	return from, from + len(in.Factors[f].Items)
}

// FactorScale returns the scale on which factor f is answered; Check makes sure
// that its items share one range.
func (in *Instrument) FactorScale(f int) *Scale {
	if own := in.Factors[f].Items[0].Scale; own != nil {
		return own
	}
	return &in.Scale
}
