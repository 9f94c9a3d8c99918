package transitionweb

import (
	"cmp"
	"context"
	"math"
	"slices"

	"throughline/internal/kit/lang"
	"throughline/internal/org"
	"throughline/internal/transition"
)

// placeMap is the picture of where the locations lie.
type placeMap struct {
	Width, Height int
	Points        []mapPoint
	Unknown       int // locations without coordinates
}

// mapPoint is a location on the map.
type mapPoint struct {
	X, Y, R float64
	Class   string // full, forming or gap
	Name    string // "" where it would stand on another's
	Text    string
}

const (
	mapWidth   = 640
	mapMargin  = 40
	mostHeight = 720
	mostNames  = 14
)

// drawMap draws it: each location a circle whose area is its headcount, on a plane on which a
// degree of longitude is as long as in the middle of the map. nil for less than two places.
func drawMap(ctx context.Context, c transition.Coverage, where map[string]org.Where) *placeMap {
	type place struct {
		transition.Site
		org.Where
	}
	var places []place
	m := &placeMap{Width: mapWidth}
	west, east, south, north := 180.0, -180.0, 90.0, -90.0
	for _, s := range c.Sites {
		w := where[s.Location.Name]
		switch {
		case s.Need == 0:
		case !w.Known:
			m.Unknown++
		default:
			places = append(places, place{s, w})
			west, east = min(west, w.Longitude), max(east, w.Longitude)
			south, north = min(south, w.Latitude), max(north, w.Latitude)
		}
	}
	if len(places) < 2 {
		return nil
	}
	narrow := math.Cos((south + north) / 2 * math.Pi / 180)
	across, up := max((east-west)*narrow, 0.01), max(north-south, 0.01)
	scale := min((mapWidth-2*mapMargin)/across, (mostHeight-2*mapMargin)/up)
	m.Height = int(up*scale) + 2*mapMargin
	left := (mapWidth - across*scale) / 2
	most := 1.0
	for _, p := range places {
		most = max(most, p.Headcount())
	}
	// Large circles first, so that small ones lie on them.
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(b.Headcount(), a.Headcount()) })
	for _, p := range places {
		point := mapPoint{
			X: math.Round(10*(left+(p.Longitude-west)*narrow*scale)) / 10, Y: math.Round(10*(mapMargin+(north-p.Latitude)*scale)) / 10,
			R: math.Round(10*max(3, 18*math.Sqrt(p.Headcount()/most))) / 10, Class: "full", Text: tileText(ctx, p.Site),
		}
		switch {
		case p.Missing() > 0:
			point.Class = "gap"
		case p.Gap() > 0:
			point.Class = "forming"
		}
		m.Points = append(m.Points, point)
	}
	m.label(func(i int) string { return siteName(ctx, places[i].Location.Name) }, func(i int) int { return places[i].Missing() })
	return m
}

// label names the locations with the largest gaps and the largest ones, where no name stands
// on another.
func (m *placeMap) label(name func(int) string, missing func(int) int) {
	order := make([]int, len(m.Points))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return missing(b) - missing(a) })
	type box struct{ left, right, top, bottom float64 }
	var taken []box
	named := 0
	for _, i := range order {
		p := &m.Points[i]
		b := box{p.X + p.R, p.X + p.R + 8*float64(len([]rune(name(i)))) + 8, p.Y - 9, p.Y + 9}
		if b.right > mapWidth || slices.ContainsFunc(taken, func(t box) bool { return b.left < t.right && t.left < b.right && b.top < t.bottom && t.top < b.bottom }) {
			continue
		}
		p.Name = name(i)
		taken = append(taken, b)
		if named++; named == mostNames {
			return
		}
	}
}

func (m *placeMap) unknownText(ctx context.Context) string {
	if m.Unknown == 0 {
		return ""
	}
	return lang.N(ctx, m.Unknown, "Of one location nobody has said where it lies.", "Of %d locations nobody has said where they lie.")
}
