// Package text says what a written text shows.
package text

import (
	"strings"
	"unicode"
)

// Visible says whether somebody sees anything of a text.
func Visible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		switch r {
		case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800: // letters and a sign that show nothing
			return false
		}
		return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S)
	})
}

// Straight is a line without the signs that turn the direction of what follows it.
func Straight(line string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, line)
}
