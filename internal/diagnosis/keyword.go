package diagnosis

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"throughline/internal/kit/stat"
)

// Word is a word that is much more frequent in some comments than in others. A word counts
// once in a comment.
type Word struct {
	Text      string  `json:"word"`
	Here      int     `json:"here"`      // comments
	Elsewhere int     `json:"elsewhere"` // comments
	Keyness   float64 `json:"keyness"`   // log-likelihood ratio G2
}

// Coding says which characteristics comments are about, by their places in the published
// set, as people have grouped them.
type Coding map[int][]string

// Count counts the comments under each characteristic.
func (c Coding) Count() map[string]int {
	n := map[string]int{}
	for _, items := range c {
		for _, id := range items {
			n[id]++
		}
	}
	return n
}

// Proposal is a characteristic that a comment may be about, because of words that are key
// in the comments that people have grouped under it.
type Proposal struct {
	Item  string   `json:"characteristic"`
	Words []string `json:"words"`
}

const (
	surelyKey    = 15.13 // G2 that chance exceeds once in 10,000 words (P. Rayson, D. Berridge, B. Francis, 2004)
	likelyKey    = 3.84  // that chance exceeds once in 20: such words together propose, as people decide
	leastKey     = 2     // comments in which a key word occurs
	shortestWord = 3     // letters
	mostProposed = 2     // characteristics of a comment
)

// Where says on which side of a comparison a comment is.
type Where int

const (
	Aside Where = iota // on neither
	Here
	Elsewhere
)

// Words splits every published comment into its words: letters in lower case, each once.
func (r *Report) Words() [][]string {
	all := make([][]string, len(r.Comments))
	parallel(len(all), func(i int) {
		words := strings.FieldsFunc(strings.ToLower(r.Comments[i].Text), func(c rune) bool { return !unicode.IsLetter(c) && c != '\'' && c != '’' })
		words = slices.DeleteFunc(words, func(w string) bool { return len([]rune(w)) < shortestWord })
		slices.Sort(words)
		all[i] = slices.Compact(words)
	})
	return all
}

// KeyWords lists the words that are surely key in the comments here beside those elsewhere,
// the most telling first.
func KeyWords(words [][]string, where func(comment int) Where) []Word {
	here, all := occurrences{}, occurrences{}
	for i, of := range words {
		at := where(i)
		if at == Here {
			here.add(of)
		}
		if at != Aside {
			all.add(of)
		}
	}
	return here.key(all, surelyKey)
}

// occurrences is how many comments have each word; the total stands under "".
type occurrences map[string]int

func (o occurrences) add(words []string) {
	o[""] += len(words)
	for _, w := range words {
		o[w]++
	}
}

// key lists the words that are key among some comments of all.
func (o occurrences) key(all occurrences, least float64) (key []Word) {
	for w, here := range o {
		if w == "" || here < leastKey {
			continue
		}
		elsewhere := all[w] - here
		if g := stat.Keyness(here, elsewhere, o[""], all[""]-o[""]); g >= least {
			key = append(key, Word{w, here, elsewhere, g})
		}
	}
	slices.SortFunc(key, func(a, b Word) int { return cmp.Or(cmp.Compare(b.Keyness, a.Keyness), strings.Compare(a.Text, b.Text)) })
	return key
}

// Proposals finds, for comments that nobody has grouped, characteristics whose grouped
// comments have key words that they have too, words that together are surely key; those
// with the most telling words first.
func Proposals(words [][]string, coding Coding) map[int][]Proposal {
	if len(coding) == 0 {
		return nil
	}
	all, groups := occurrences{}, map[string]occurrences{}
	for i, of := range words {
		all.add(of)
		for _, id := range coding[i] {
			if groups[id] == nil {
				groups[id] = occurrences{}
			}
			groups[id].add(of)
		}
	}
	type telling struct {
		item    string
		keyness float64
	}
	key := map[string][]telling{}
	for id, group := range groups {
		for _, w := range group.key(all, likelyKey) {
			key[w.Text] = append(key[w.Text], telling{id, w.Keyness})
		}
	}
	proposals := map[int][]Proposal{}
	for i, of := range words {
		if len(coding[i]) > 0 {
			continue
		}
		weight, because := map[string]float64{}, map[string][]string{}
		for _, w := range of {
			for _, t := range key[w] {
				weight[t.item] += t.keyness
				because[t.item] = append(because[t.item], w)
			}
		}
		var found []Proposal
		for id := range weight {
			if weight[id] >= surelyKey {
				found = append(found, Proposal{id, because[id]})
			}
		}
		slices.SortFunc(found, func(a, b Proposal) int {
			return cmp.Or(cmp.Compare(weight[b.Item], weight[a.Item]), strings.Compare(a.Item, b.Item))
		})
		if len(found) > 0 {
			proposals[i] = found[:min(len(found), mostProposed)]
		}
	}
	return proposals
}
