package org

import (
	"iter"
	"math"
	"strings"
	"testing"

	"throughline/internal/kit/fault"
)

func wheres(rows ...WhereRow) iter.Seq2[WhereRow, error] {
	return func(yield func(WhereRow, error) bool) {
		for i, r := range rows {
			r.Line = i + 2
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestWhereLocationsLieIsReadByName(t *testing.T) {
	leeds := Where{53.8008, -1.5491, true}
	got, err := ReadWhere(wheres(WhereRow{Location: " Leeds ", Where: leeds, Stated: true}, WhereRow{Location: "Leeds", Where: leeds, Stated: true}, WhereRow{Location: "Bath"}))
	if err != nil || len(got) != 1 || got["Leeds"] != leeds {
		t.Errorf("%v, %v", got, err)
	}
	for want, rows := range map[string]iter.Seq2[WhereRow, error]{
		"line 2: the location is empty":     wheres(WhereRow{Where: leeds, Stated: true}),
		"line 2: Leeds lies at 91, 0":       wheres(WhereRow{Location: "Leeds", Where: Where{91, 0, true}, Stated: true}),
		"line 2: Leeds lies at NaN, 0":      wheres(WhereRow{Location: "Leeds", Where: Where{math.NaN(), 0, true}, Stated: true}),
		"line 2: Leeds lies at 0, -181":     wheres(WhereRow{Location: "Leeds", Where: Where{0, -181, true}, Stated: true}),
		"line 3: Leeds lies somewhere else": wheres(WhereRow{Location: "Leeds", Where: leeds, Stated: true}, WhereRow{Location: "Leeds", Where: Where{1, 1, true}, Stated: true}),
		"no row of the file":                wheres(WhereRow{Location: "Leeds"}),
		"line 2: it is broken": func(yield func(WhereRow, error) bool) {
			yield(WhereRow{}, fault.Invalidf("line 2: it is broken"))
		},
	} {
		if got, err := ReadWhere(rows); got != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Leeds to Bath: 274.5 km by the great circle.
func TestDistanceIsThatOfTheGreatCircle(t *testing.T) {
	leeds, bath := Where{53.8008, -1.5491, true}, Where{51.3811, -2.3590, true}
	if d := Distance(leeds, bath); math.Abs(d-274.5) > 1 || Distance(leeds, leeds) != 0 || Distance(bath, leeds) != d {
		t.Errorf("%v km", d)
	}
	if d := Distance(Where{0, 0, true}, Where{0, 180, true}); math.Abs(d-math.Pi*earthRadius) > 1e-6 {
		t.Errorf("half round the earth is %v km", d)
	}
}
