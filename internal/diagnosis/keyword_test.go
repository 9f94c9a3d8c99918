package diagnosis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// remarks has thirty comments about the till, thirty about the depot and sixty about neither.
func remarks() *Report {
	r := &Report{Layout: Layout{Units: []LayoutUnit{{Parent: -1}}}}
	for i := range 120 {
		text := fmt.Sprintf("The weather is fine, and number %d says so", i)
		switch i % 4 {
		case 0:
			text = "The TILL is slow, the till again"
		case 1:
			text = "The depot's gate: too late"
		}
		r.Comments = append(r.Comments, Comment{Text: text})
	}
	return r
}

func TestAWordIsKeyWhereItIsMuchMoreFrequent(t *testing.T) {
	words := remarks().Words()
	if !slices.Equal(words[0], []string{"again", "slow", "the", "till"}) || !slices.Equal(words[1], []string{"depot's", "gate", "late", "the", "too"}) {
		t.Errorf("%q, %q", words[0], words[1])
	}
	key := KeyWords(words, func(i int) Where { return []Where{Here, Elsewhere, Elsewhere, Aside}[i%4] })
	var texts []string
	for _, w := range key {
		texts = append(texts, w.Text)
		if w.Here != 30 || w.Elsewhere != 0 {
			t.Errorf("%+v", w)
		}
	}
	if !slices.Equal(texts, []string{"again", "slow", "till"}) {
		t.Errorf("key are %v: not what stands everywhere", texts)
	}
	if key := KeyWords(words, func(i int) Where { return []Where{Here, Elsewhere}[i/4%2] }); len(key) > 0 {
		t.Errorf("of two halves that are alike %v is key", key)
	}
}

func TestCommentsAreProposedByTheWordsOfThoseThatPeopleGrouped(t *testing.T) {
	words := remarks().Words()
	if got := Proposals(words, nil); len(got) > 0 {
		t.Errorf("nobody has grouped anything: %v", got)
	}
	got := Proposals(words, Coding{0: {"process"}, 4: {"process"}, 8: {"process"}, 1: {"depots"}, 5: {"depots"}, 9: {"depots"}, 12: {"trust"}})
	if len(got) != 53 { // 27 more of each, less the one that is grouped elsewhere
		t.Errorf("%d are proposed", len(got))
	}
	if p := got[16]; len(p) != 1 || p[0].Item != "process" || !slices.Contains(p[0].Words, "till") {
		t.Errorf("%+v", p)
	}
	if p := got[13]; len(p) != 1 || p[0].Item != "depots" {
		t.Errorf("%+v", p)
	}
	if got[2] != nil || got[0] != nil {
		t.Errorf("%v, %v", got[2], got[0])
	}
}

// BenchmarkProposals groups fifty thousand comments of twenty words by two hundred that
// people have grouped.
func BenchmarkProposals(b *testing.B) {
	r, rng := &Report{}, rand.New(rand.NewPCG(1, 1))
	for range 50_000 {
		text := ""
		for range 20 {
			text += fmt.Sprintf("%c%c%c%c ", 'a'+rng.IntN(26), 'a'+rng.IntN(6), 'a'+rng.IntN(6), 'a'+rng.IntN(4))
		}
		r.Comments = append(r.Comments, Comment{Text: text})
	}
	coding := Coding{}
	for i := range 200 {
		coding[i*97] = []string{fmt.Sprint("item", i%20)}
	}
	words := r.Words()
	b.Run("words", func(b *testing.B) {
		for b.Loop() {
			r.Words()
		}
	})
	b.Run("proposals", func(b *testing.B) {
		for b.Loop() {
			Proposals(words, coding)
		}
	})
}
