package learning

import (
	"errors"
	"iter"
	"slices"
	"strings"

	"throughline/internal/kit/fault"
)

// CatalogueItem is a competency as a file states it.
type CatalogueItem struct {
	Line         int // 0 where the file has no lines
	Key          string
	URI          string
	Kind         string
	Name         string
	Note         string
	Alternatives []string
	Parent       string // key, "" for none
	Again        bool   // the file states a competency on several lines; this may be one of them
	Dotted       bool   // what it is a part of shows in its key: 2.A.1.a is a part of 2.A.1, or of 2.A

	Needed Need // by a role, in files that say so
}

// Need is what one line says that a role requires of a competency.
type Need struct {
	Role, Title string  // key and name of the role, "" for none
	Scale       Scale   // which of the two figures it is
	Value       float64 // on the file's own scale
}

// Scale is one of the two by which O*NET rates what an occupation requires.
type Scale string

const (
	Importance  Scale = "IM" // 1 to 5
	LevelNeeded Scale = "LV" // 0 to 7
)

// Catalogue is what a file says of competencies.
type Catalogue struct {
	Framework Framework       // as far as the file says anything of it
	Items     []CatalogueItem // each key once, a parent before what is part of it
	Roles     []RoleItem
}

// RoleItem is a role as a file states it.
type RoleItem struct {
	Key, Name string
	Requires  []Required
}

// Required is a competency, by its key, at a level.
type Required struct {
	Key       string
	Level     int
	Essential bool
}

const (
	mostMistakes = 100       // that are told
	mostItems    = 1_000_000 // lines of a file
)

// Gather reads a file of competencies. Mistakes, which rows may yield too, name their line and are
// joined: a competency without a name, two of one key that say different things, a part of something
// that is not there or of itself.
func Gather(rows iter.Seq2[CatalogueItem, error]) (Catalogue, error) {
	g := gathering{at: map[string]int{}, roles: map[string]*roleSeen{}}
	for it, err := range rows {
		if err == nil {
			err = g.add(it)
		}
		if err != nil {
			if g.mistakes = append(g.mistakes, err); len(g.mistakes) >= mostMistakes {
				break
			}
		}
	}
	if len(g.mistakes) == 0 {
		g.order()
	}
	switch {
	case len(g.mistakes) > 0:
		return Catalogue{}, errors.Join(g.mistakes[:min(len(g.mistakes), mostMistakes)]...)
	case len(g.Items) == 0:
		return Catalogue{}, fault.Invalidf("there is no competency in this file")
	}
	return g.Catalogue, nil
}

type gathering struct {
	Catalogue
	at       map[string]int // index of an item, by key
	lines    int
	mistakes []error
	roles    map[string]*roleSeen
}

// at says on which line of a file a mistake is.
func at(line int, mistake error) error {
	if mistake == nil || line == 0 || fault.Of(mistake) == nil {
		return mistake
	}
	return fault.Invalidf("line %d: %s", line, mistake)
}

func (g *gathering) add(it CatalogueItem) error {
	if g.lines++; g.lines > mostItems {
		return fault.Invalidf("a file has at most %d lines of competencies", mostItems)
	}
	c := Competency{Key: it.Key, URI: it.URI, Kind: it.Kind, Name: it.Name, Note: it.Note, Alternatives: it.Alternatives}
	if err := c.Check(); err != nil {
		return at(it.Line, err)
	}
	it.Key, it.URI, it.Kind, it.Name, it.Note, it.Alternatives = c.Key, c.URI, c.Kind, c.Name, c.Note, c.Alternatives
	n, there := g.at[it.Key]
	switch {
	case !there:
		g.at[it.Key] = len(g.Items)
		needed := it.Needed
		it.Needed = Need{}
		g.Items = append(g.Items, it)
		it.Needed = needed
	case !it.Again:
		return fault.Invalidf("line %[1]d: %[2]s stands in line %[3]d already", it.Line, it.Key, g.Items[n].Line)
	case g.Items[n].Name != it.Name:
		return fault.Invalidf("line %[1]d: %[2]s is called %[3]q, and %[4]q in line %[5]d", it.Line, it.Key, it.Name, g.Items[n].Name, g.Items[n].Line)
	}
	return at(it.Line, g.need(it))
}

// order puts every item behind the one that it is part of, and reports parts of nothing.
func (g *gathering) order() {
	for n, it := range g.Items {
		if it.Dotted && it.Parent == "" {
			g.Items[n].Parent = g.above(it.Key)
		}
	}
	done := make([]int8, len(g.Items)) // 1 while its parents are walked, 2 when it has its place
	var ordered []CatalogueItem
	for n := range g.Items {
		var chain []int
		for m := n; done[m] == 0; {
			done[m] = 1
			chain = append(chain, m)
			of := g.Items[m].Parent
			if of == "" {
				break
			}
			up, there := g.at[of]
			if !there {
				g.mistakes = append(g.mistakes, at(g.Items[m].Line, fault.Invalidf("%[1]s is part of %[2]s, which is not in this file", g.Items[m].Name, of)))
				break
			}
			if done[up] == 1 {
				g.mistakes = append(g.mistakes, at(g.Items[m].Line, fault.Invalidf("%[1]s is part of %[2]s, which is part of it", g.Items[m].Name, g.Items[up].Name)))
				break
			}
			m = up
		}
		for _, m := range slices.Backward(chain) {
			done[m] = 2
			ordered = append(ordered, g.Items[m])
		}
		if len(g.mistakes) >= mostMistakes {
			return
		}
	}
	g.Items = ordered
	g.Roles = g.required()
}

// above is the nearest one of a dotted key that the file has.
func (g *gathering) above(key string) string {
	for {
		n := strings.LastIndexByte(key, '.')
		if n < 0 {
			return ""
		}
		key = key[:n]
		if _, there := g.at[key]; there {
			return key
		}
	}
}
