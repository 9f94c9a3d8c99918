package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"throughline/internal/kit/fault"
)

// recognise refuses what is neither text nor a zip, by its first bytes.
func recognise(head []byte, name string) error {
	begins := func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }
	start := strings.ToLower(strings.TrimSpace(string(head[:min(len(head), 200)])))
	switch {
	case len(head) == 0:
		return empty(name)
	case begins("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return fault.Invalidf("The file %q is an old Excel workbook (.xls) or one that is locked with a password. Save it as XLSX or CSV without a password.", name)
	case begins("%PDF-"), begins("\x1f\x8b"), begins("\x89PNG"), begins("\xff\xd8\xff"), begins("{\\rtf"),
		begins("Rar!"), begins("7z\xbc\xaf"), begins("SQLite format 3"):
		return fault.Invalidf("The file %q is not a table but another kind of document. Save the table as XLSX or CSV.", name)
	case strings.HasPrefix(start, "<!doctype"), strings.HasPrefix(start, "<html"), strings.HasPrefix(start, "<?xml"):
		return fault.Invalidf("The file %q is a web page or XML, even if it is named otherwise. Open it in a spreadsheet program and save it as XLSX or CSV.", name)
	}
	return nil
}

func empty(name string) error {
	return fault.Invalidf("The file %q is empty.", name)
}

// limited stops reading a file that is larger than it may be.
type limited struct {
	r         io.Reader
	left, max int64
	at        *place
}

func (l *limited) Read(p []byte) (int, error) {
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return 0, tooLarge(l.at.name, l.max)
	}
	return n, err
}

func tooLarge(name string, limit int64) error {
	return fault.Invalidf("The file %q is larger than %s. Split it, or leave out columns that are not needed.", name, size(limit))
}

func size(n int64) string {
	if n >= megabyte {
		return fmt.Sprintf("%d MB", n/megabyte)
	}
	return fmt.Sprintf("%d bytes", n)
}
