package sheet

import (
	"encoding/xml"
	"path"
	"strings"

	"throughline/internal/kit/fault"
)

// relations of a part to others, by id.
type relations struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// open finds the worksheet and reads what its cells refer to.
func (b *workbook) open(sheet string) error {
	main, err := b.main()
	if err != nil {
		return err
	}
	folder := path.Dir(main)
	var links relations
	if err := b.decode(partName(folder, "_rels/"+path.Base(main)+".rels"), &links); err != nil {
		return err
	}
	wanted, err := b.choose(main, sheet)
	if err != nil {
		return err
	}
	rows := ""
	for _, l := range links.All {
		switch name := partName(folder, l.Target); {
		case l.ID == wanted && strings.HasSuffix(l.Type, "/worksheet"):
			rows = name
		case strings.HasSuffix(l.Type, "/sharedStrings"):
			err = b.readTexts(name)
		case strings.HasSuffix(l.Type, "/styles"):
			err = b.readStyles(name)
		}
		if err != nil {
			return err
		}
	}
	in, err := b.part(rows)
	if err != nil {
		return err
	}
	b.xml = xml.NewDecoder(in)
	return nil
}

// main is the part that lists the worksheets.
func (b *workbook) main() (string, error) {
	var links relations
	if _, ok := b.parts["_rels/.rels"]; ok {
		if err := b.decode("_rels/.rels", &links); err != nil {
			return "", err
		}
	}
	for _, l := range links.All {
		if name := partName("", l.Target); strings.HasSuffix(l.Type, "/officeDocument") && strings.HasPrefix(name, "xl/") {
			if strings.HasSuffix(name, ".bin") {
				return "", fault.Invalidf("The file %q is a binary workbook (.xlsb). Save it as XLSX or CSV.", b.at.name)
			}
			return name, nil
		}
	}
	if _, ok := b.parts["xl/workbook.xml"]; ok {
		return "xl/workbook.xml", nil
	}
	if _, ok := b.parts["mimetype"]; ok {
		return "", fault.Invalidf("The file %q is an OpenDocument file. Save it as XLSX or CSV.", b.at.name)
	}
	return "", fault.Invalidf("The file %q is a zip file but no XLSX workbook. Unpack it, or save the table as XLSX or CSV.", b.at.name)
}

// choose returns the relation of the wanted worksheet, or of the first visible
// one.
func (b *workbook) choose(main, sheet string) (string, error) {
	var book struct {
		Properties struct {
			From1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attr  []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.decode(main, &book); err != nil {
		return "", err
	}
	b.from1904 = book.Properties.From1904 == "1" || book.Properties.From1904 == "true"
	var names []string
	for _, s := range book.Sheets {
		names = append(names, s.Name)
		if sheet == "" && s.State != "" && s.State != "visible" || sheet != "" && s.Name != sheet {
			continue
		}
		for _, a := range s.Attr {
			if a.Name.Local == "id" {
				return a.Value, nil
			}
		}
	}
	if sheet != "" {
		return "", fault.Invalidf("The workbook %q has no sheet %q. Its sheets are: %s.", b.at.name, sheet, strings.Join(names, ", "))
	}
	return "", errDamaged
}

// readStyles notes which cell styles show a number as a date.
func (b *workbook) readStyles(name string) error {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.decode(name, &styles); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, f := range styles.Formats {
		codes[f.ID] = f.Code
	}
	for _, c := range styles.Cells {
		code, own := codes[c.Format]
		b.dates = append(b.dates, own && showsDate(code) || !own && builtInDate(c.Format))
	}
	return nil
}

// builtInDate: ECMA-376 part 1, 18.8.30; 27-36 and 50-58 are East Asian dates.
func builtInDate(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58
}

// showsDate tells whether a number format has a day or year in it, outside
// quoted text, escaped characters and brackets (colours, locales).
func showsDate(code string) bool {
	for i := 0; i < len(code); i++ {
		end := byte(0)
		switch code[i] {
		case 'd', 'D', 'y', 'Y':
			return true
		case '\\', '_', '*':
			i++
		case '"':
			end = '"'
		case '[':
			end = ']'
		}
		if end != 0 {
			n := strings.IndexByte(code[i+1:], end)
			if n < 0 {
				return false
			}
			i += n + 1
		}
	}
	return false
}
