package db

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words is a text as full-text search looks at it, the same on both engines: letters and digits
// alone, small, without accents, a blank between words.
func Words(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range plain.Replace(strings.ToLower(norm.NFKD.String(text))) {
		switch {
		case unicode.Is(unicode.M, r): // an accent, or a sign above or below a letter
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// plain writes letters that have no accent to lose as those who cannot type them do.
var plain = strings.NewReplacer("ł", "l", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ß", "ss", "ı", "i", "ħ", "h", "ς", "σ")

const mostWords = 40

// Match is a question for Words: texts in which every word of it begins a word. It is "" for a
// question without words; of a very long one the first words count.
func (e Engine) Match(question string) string {
	words := strings.Fields(Words(question))
	words = words[:min(len(words), mostWords)]
	for i, w := range words {
		if e == SQLite {
			words[i] = `"` + w + `"*`
		} else {
			words[i] = w + ":*"
		}
	}
	if e == SQLite {
		return strings.Join(words, " ")
	}
	return strings.Join(words, " & ")
}
