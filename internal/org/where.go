package org

import (
	"errors"
	"iter"
	"math"
	"strings"

	"throughline/internal/kit/fault"
)

// Where is where a location lies, in degrees; Known is false where nobody has said.
type Where struct {
	Latitude, Longitude float64
	Known               bool
}

// WhereRow is one row of a file of coordinates; Stated says that it has both numbers.
type WhereRow struct {
	Line     int
	Location string
	Where
	Stated bool
}

const (
	mostWheres = 100    // mistakes that are told
	mostPlaces = 20_000 // locations of a file
)

// ReadWhere reads where locations lie, by their names. Mistakes, which rows may yield too,
// name their line and are joined: a name that is missing, coordinates that are none, and a
// location that lies in two places. Rows without coordinates say nothing.
func ReadWhere(rows iter.Seq2[WhereRow, error]) (map[string]Where, error) {
	all := map[string]Where{}
	var mistakes []error
	for row, err := range rows {
		name := strings.Join(strings.Fields(row.Location), " ")
		was, twice := all[name]
		switch {
		case err != nil:
		case !row.Stated:
			continue
		case name == "":
			err = fault.Invalidf("line %d: the location is empty: name the place, or delete the row", row.Line)
		case !(math.Abs(row.Latitude) <= 90) || !(math.Abs(row.Longitude) <= 180):
			err = fault.Invalidf("line %d: %s lies at %g, %g: a latitude is between -90 and 90 degrees, a longitude between -180 and 180", row.Line, name, row.Latitude, row.Longitude)
		case twice && (was.Latitude != row.Latitude || was.Longitude != row.Longitude):
			err = fault.Invalidf("line %d: %s lies somewhere else than in a line before: give two places two names", row.Line, name)
		}
		if err != nil {
			if mistakes = append(mistakes, err); len(mistakes) >= mostWheres {
				break
			}
			continue
		}
		if len(all) == mostPlaces {
			return nil, fault.Invalidf("line %d: a file has at most %d locations", row.Line, mostPlaces)
		}
		all[name] = Where{row.Latitude, row.Longitude, true}
	}
	if len(mistakes) == 0 && len(all) == 0 {
		mistakes = append(mistakes, fault.Invalidf("no row of the file has a location with its coordinates"))
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	return all, nil
}

// earthRadius is the mean radius of the earth in kilometres (IUGG).
const earthRadius = 6371.0088

// Distance is the way between two places in kilometres along a great circle, by the
// haversine formula (Sinnott, Virtues of the haversine, Sky and Telescope 68, 1984).
func Distance(a, b Where) float64 {
	rad := math.Pi / 180
	sin := func(x float64) float64 { s := math.Sin(x / 2); return s * s }
	h := sin((b.Latitude-a.Latitude)*rad) + math.Cos(a.Latitude*rad)*math.Cos(b.Latitude*rad)*sin((b.Longitude-a.Longitude)*rad)
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}
