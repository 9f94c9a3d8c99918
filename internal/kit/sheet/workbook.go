package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"throughline/internal/kit/fault"
)

// unpacks is how many times larger than its file's limit a workbook may unpack.
const unpacks = 10

// workbook reads one worksheet of an XLSX file as a stream. It reads the parts
// by itself: excelize's row iterator gives every cell as a text, so that a
// number, a date and a text of digits cannot be told apart, and takes a damaged
// part for the end of the rows.
type workbook struct {
	at       *place
	maxCell  int
	parts    map[string]*zip.File
	left     int64 // bytes that may still be unpacked
	limit    int64
	from1904 bool
	texts    texts
	dates    []bool // by cell style: the number is shown as a date

	xml  *xml.Decoder
	line int // of the last row
	done bool
}

func (r *Reader) openWorkbook(file io.Reader, in io.Reader, o Options) error {
	at, size, err := seekable(file, in)
	if err != nil {
		return ours(err)
	}
	if size > o.MaxBytes {
		return tooLarge(r.at.name, o.MaxBytes)
	}
	archive, err := zip.NewReader(at, size)
	if err != nil {
		return fault.Invalidf("The file %q is damaged or cut short: its zip directory cannot be read. Save or upload it again.", r.at.name)
	}
	b := &workbook{at: r.at, maxCell: o.MaxCell, parts: map[string]*zip.File{}, left: unpacks * o.MaxBytes, limit: unpacks * o.MaxBytes}
	for _, f := range archive.File {
		b.parts[partName("", f.Name)] = f
	}
	r.format, r.src = XLSX, b
	if err := b.open(o.Sheet); err != nil {
		return b.explain(err)
	}
	return nil
}

// seekable gives access to the whole of a file, in memory when it has to be.
func seekable(file io.Reader, in io.Reader) (io.ReaderAt, int64, error) {
	type anywhere interface {
		io.ReaderAt
		io.Seeker
	}
	if f, ok := file.(anywhere); ok {
		if size, err := f.Seek(0, io.SeekEnd); err == nil {
			return f, size, nil
		}
	}
	all, err := io.ReadAll(in)
	return bytes.NewReader(all), int64(len(all)), err
}

// partName is a part's name as relations give it, without case: zip programs
// differ in slashes and in case.
func partName(folder, name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	if !strings.HasPrefix(name, "/") {
		name = path.Join("/", folder, name)
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean(name), "/"))
}

// errDamaged is a part that is missing or makes no sense.
var errDamaged = errors.New("damaged part")

// part opens a part; what it unpacks counts against the limit.
func (b *workbook) part(name string) (io.Reader, error) {
	f, ok := b.parts[name]
	if !ok {
		return nil, errDamaged
	}
	in, err := f.Open() // needs no closing: it holds no more than memory
	if err != nil {
		return nil, err
	}
	return &unpacked{in, b}, nil
}

type unpacked struct {
	in   io.Reader
	book *workbook
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	if u.book.left -= int64(n); u.book.left < 0 {
		return 0, fault.Invalidf("The workbook %q unpacks to more than %s. Split it, or leave out columns that are not needed.", u.book.at.name, size(u.book.limit))
	}
	return n, err
}

// decode reads a small part whole.
func (b *workbook) decode(name string, into any) error {
	in, err := b.part(name)
	if err != nil {
		return err
	}
	const most = 16 * megabyte // styles and the list of sheets are held in memory
	return xml.NewDecoder(io.LimitReader(in, most)).Decode(into)
}

// explain turns whatever the zip or XML reader says into one sentence; only
// faults keep their own.
func (b *workbook) explain(err error) error {
	if err == nil || fault.Of(err) != nil {
		return err
	}
	if b.line > 0 {
		return fault.Invalidf("The workbook %q is damaged: it cannot be read beyond row %d. Open it in a spreadsheet program and save it again.", b.at.name, b.line)
	}
	return fault.Invalidf("The workbook %q is damaged. Open it in a spreadsheet program and save it again.", b.at.name)
}
