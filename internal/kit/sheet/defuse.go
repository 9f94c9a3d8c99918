package sheet

import (
	"strings"
	"unicode"
)

// defused puts an apostrophe before a text that a spreadsheet would take for a
// formula: a file is often opened in one by a double click, and the text may be
// anybody's.
func defused(s string) string {
	if explosive(s) {
		return "'" + s
	}
	return s
}

// undefused is the inverse of defused. It holds for every text because
// explosive does not mind an apostrophe in front.
func undefused(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && explosive(rest) {
		return rest
	}
	return s
}

// explosive looks behind spaces, invisible characters and quotes, which
// programs drop on their way, for the signs that begin a formula, full-width
// forms among them. A tab or line break in front is enough, since what follows
// can come to stand in a cell of its own.
func explosive(s string) bool {
	for _, r := range s {
		switch {
		case strings.ContainsRune("=+-@＝＋－＠\t\r\n", r):
			return true
		case strings.ContainsRune("'\"`‘’“”", r), unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			continue
		}
		return false
	}
	return false
}
