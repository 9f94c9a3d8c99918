package orgweb

import (
	"iter"
	"net/http"

	"throughline/internal/kit/sheet"
	"throughline/internal/kit/web"
	"throughline/internal/org"
)

// WhereColumns are the headings of a file of coordinates.
type WhereColumns struct{ Location, Latitude, Longitude string }

// UsualColumns are those that the form takes.
var UsualColumns = WhereColumns{"location", "latitude", "longitude"}

// ReadWhere reads a file of coordinates.
func ReadWhere(table *sheet.Reader, c WhereColumns) (map[string]org.Where, error) {
	if err := table.Need(c.Location, c.Latitude, c.Longitude); err != nil {
		return nil, err
	}
	var rows iter.Seq2[org.WhereRow, error] = func(yield func(org.WhereRow, error) bool) {
		for row, err := range table.Rows() {
			one := org.WhereRow{Line: row.Line}
			if err == nil {
				var east, north bool
				one.Location, one.Known = row.Get(c.Location), true
				if one.Latitude, north, err = row.Decimal(c.Latitude, sheet.Unknown); err == nil {
					one.Longitude, east, err = row.Decimal(c.Longitude, sheet.Unknown)
				}
				one.Stated = north && east
			}
			if !yield(one, err) {
				return
			}
		}
	}
	return org.ReadWhere(rows)
}

const mostWhereBytes = 20 << 20

// keepWhere takes a file that says where locations lie.
func (p *Pages) keepWhere(w http.ResponseWriter, r *http.Request) error {
	actor := web.From[org.Actor](r.Context())
	where, err := readWhereForm(r)
	if err == nil {
		err = p.Store.SaveWhere(r.Context(), actor.Organisation, where, actor.Name)
	}
	if web.Retry(err) {
		return p.showLocations(w, r, err)
	}
	if err != nil {
		return err
	}
	p.say(r.Context(), "It is known now where %d locations lie.", len(where))
	return web.SeeOther(w, r, "/locations")
}

func readWhereForm(r *http.Request) (map[string]org.Where, error) {
	f, header, err := web.FormFile(r)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	table, err := sheet.Open(f, header.Filename, sheet.Options{MaxBytes: mostWhereBytes})
	if err != nil {
		return nil, err
	}
	return ReadWhere(table, UsualColumns)
}
