package sheet

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// errMixed is a byte that is not UTF-8 in a file that was UTF-8 before it.
var errMixed = errors.New("not UTF-8")

// decoded turns a text file into UTF-8 without a byte order mark. head is how
// it begins. UTF-16 is recognised by its mark or by its zero bytes; else the
// first character beyond ASCII decides between UTF-8 and Windows-1252.
func decoded(r io.Reader, head []byte) io.Reader {
	var t transform.Transformer
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), zeros(head, 1):
		t = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case bytes.HasPrefix(head, []byte("\xfe\xff")), zeros(head, 0):
		t = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		t = &guess{utf8: true, started: true, skip: 3}
	default:
		t = &guess{}
	}
	return transform.NewReader(r, t)
}

// zeros tells whether nearly every second byte, from the given one on, is zero
// and hardly any other is, as in UTF-16 of any European language.
func zeros(head []byte, from int) bool {
	var there, elsewhere int
	for i, b := range head {
		if b != 0 {
			continue
		}
		if i%2 == from {
			there++
		} else {
			elsewhere++
		}
	}
	return there*2 > len(head)*8/10 && elsewhere*50 < there
}

// guess passes UTF-8 on and turns Windows-1252 into it.
type guess struct {
	transform.NopResetter
	started bool // a character beyond ASCII was seen
	utf8    bool // and it was UTF-8
	skip    int  // bytes of the byte order mark still to pass over
}

func (g *guess) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for g.skip > 0 && nSrc < len(src) {
		g.skip--
		nSrc++
	}
	for nSrc < len(src) {
		c := src[nSrc]
		if c < utf8.RuneSelf {
			if nDst == len(dst) {
				return nDst, nSrc, transform.ErrShortDst
			}
			dst[nDst] = c
			nDst++
			nSrc++
			continue
		}
		if !g.started || g.utf8 {
			if !atEOF && !utf8.FullRune(src[nSrc:]) {
				return nDst, nSrc, transform.ErrShortSrc
			}
			r, n := utf8.DecodeRune(src[nSrc:])
			ok := r != utf8.RuneError || n > 1
			if !g.started {
				g.started, g.utf8 = true, ok
			}
			if g.utf8 {
				if !ok {
					return nDst, nSrc, errMixed
				}
				if nDst+n > len(dst) {
					return nDst, nSrc, transform.ErrShortDst
				}
				nDst += copy(dst[nDst:], src[nSrc:nSrc+n])
				nSrc += n
				continue
			}
		}
		r := charmap.Windows1252.DecodeByte(c)
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc++
	}
	return nDst, nSrc, nil
}
