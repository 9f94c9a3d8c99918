package secret

import "strings"

// The letters and digits of a code that is typed off paper: none looks like another.
const (
	derived = "0123456789abcdefghijklmnopqrstuv" // as Derive writes
	typed   = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	codeLen = 16 // of 5 bits: 80 bits cannot be guessed over a network
	codePar = 4  // letters together
)

// Code returns a secret of 80 bits, derived like Derive but under a name of its own,
// that can be typed: "ABCD-EFGH-JKLM-NPQR".
func Code(key []byte, name string) string {
	from := Derive(key, "code/"+name)
	var b strings.Builder
	for i := range codeLen {
		if i > 0 && i%codePar == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(typed[strings.IndexByte(derived, from[i])])
	}
	return b.String()
}

// NewCode returns a code that is derived from nothing.
func NewCode() string { return Code([]byte(Token()), "") }

// CleanCode brings what somebody typed into a code's one form; "" for what cannot be
// a code.
func CleanCode(text string) string {
	var b strings.Builder
	n := 0
	for _, c := range strings.ToUpper(text) {
		if c == ' ' || c == '-' || c == '\u00a0' {
			continue
		}
		if !strings.ContainsRune(typed, c) || n == codeLen {
			return ""
		}
		if n > 0 && n%codePar == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(c)
		n++
	}
	if n < codeLen {
		return ""
	}
	return b.String()
}
