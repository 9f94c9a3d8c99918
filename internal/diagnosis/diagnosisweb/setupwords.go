package diagnosisweb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/lang"
)

func stateName(ctx context.Context, s diagnosis.State) string {
	switch s {
	case diagnosis.Draft:
		return lang.T(ctx, "being set up")
	case diagnosis.Open:
		return lang.T(ctx, "open")
	}
	return lang.T(ctx, "closed")
}

func pathOf(d diagnosis.Diagnosis) string {
	if d.State == diagnosis.Closed {
		return "/diagnoses/" + d.ID + "/report"
	}
	return "/diagnoses/" + d.ID
}

func setupAction(f setupForm) string {
	if f.ID == "" {
		return "/diagnoses"
	}
	return "/diagnoses/" + f.ID
}

// formMoment is an instant as a form's field has it.
const formMoment = "2006-01-02T15:04"

func momentValue(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(formMoment)
}

// until says when a diagnosis closes: with midnight the day that ends then.
func until(ctx context.Context, d diagnosis.Diagnosis) string {
	if d.Closes.Hour() == 0 && d.Closes.Minute() == 0 {
		return lang.Day(ctx, d.Closes.Add(-time.Microsecond))
	}
	return moment(ctx, d.Closes)
}

func moment(ctx context.Context, t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 {
		return lang.Day(ctx, t)
	}
	return lang.Day(ctx, t) + ", " + t.Format("15:04")
}

func valueCount(ctx context.Context, n int) string {
	return lang.N(ctx, n, "(one value)", "(%d values)")
}

func crossesUnits(f setupForm, a string) bool {
	return slices.ContainsFunc(f.Crossings, func(c diagnosis.Crossing) bool { return c.Units && slices.Equal(c.Attributes, []string{a}) })
}

func crosses(f setupForm, names []string) bool {
	return slices.ContainsFunc(f.Crossings, func(c diagnosis.Crossing) bool { return !c.Units && slices.Equal(c.Attributes, names) })
}

func depthOf(f setupForm) int {
	for _, c := range f.Crossings {
		if c.Units && c.Depth > 0 {
			return c.Depth
		}
	}
	return 2
}

// further writes the crossings that no box stands for, one a line.
func further(f setupForm) string {
	var lines []string
	for _, c := range f.Crossings {
		names := slices.Clone(c.Attributes)
		if c.Units {
			names = append([]string{"unit"}, names...)
		}
		if len(names) > 2 {
			lines = append(lines, strings.Join(names, " + "))
		}
	}
	return strings.Join(lines, "\n")
}

// pairs lists every two attributes, to be crossed.
func pairs(names []string) (all [][]string) {
	for i, a := range names {
		for _, b := range names[i+1:] {
			all = append(all, []string{a, b})
		}
	}
	return all
}

// tableNames names the reported tables in the order of Setup.Tables.
func tableNames(ctx context.Context, s diagnosis.Setup) []string {
	all := []string{lang.T(ctx, "Unit")}
	for _, a := range s.Attributes {
		all = append(all, attribute(ctx, a))
	}
	for _, c := range s.Crossings {
		var parts []string
		if c.Units {
			unit := lang.T(ctx, "Unit")
			if c.Depth > 0 {
				unit = lang.T(ctx, "Unit down to level %d", c.Depth)
			}
			parts = append(parts, unit)
		}
		for _, a := range c.Attributes {
			parts = append(parts, attribute(ctx, a))
		}
		all = append(all, strings.Join(parts, " × "))
	}
	return all
}

// openForm is the page of a diagnosis that is open.
type openForm struct {
	diagnosis.Diagnosis
	Response diagnosisdb.Response
	Below    int32 // the unit whose parts are listed
	NoLinks  bool  // the key is not here: links cannot be made
	Err      error
}

type responseLine struct {
	Name              string
	Below             string // id of the unit, where there are units below it
	Shown             bool
	Invited, Answered int
}

// lines lists the unit that is looked at and those right below it; for the whole the one-way
// groups too.
func (f openForm) lines(ctx context.Context) (lines []responseLine) {
	r := f.Response
	inner := map[int32]bool{}
	for _, u := range r.Layout.Units {
		inner[u.Parent] = true
	}
	for _, g := range r.Groups {
		l := responseLine{Name: r.Layout.Units[g.Unit].Name, Shown: g.Shown, Invited: g.Invited, Answered: g.Answered}
		switch {
		case g.Table > 0:
			a := r.Layout.Tables[r.Layout.Simple[g.Table]].Attributes[0]
			if g.Values[0] == diagnosis.NotKept || f.Below > 0 {
				continue
			}
			l.Name = attribute(ctx, r.Layout.Attributes[a].Name) + ": " + value(ctx, r.Layout.Value(a, g.Values[0]))
		case g.Table == diagnosis.Whole:
			if f.Below > 0 {
				continue
			}
		case r.Layout.Units[g.Unit].Parent != f.Below && (g.Unit != f.Below || f.Below == 0):
			continue
		case g.Unit != f.Below && inner[g.Unit]:
			l.Below = r.Layout.Units[g.Unit].ID
		}
		lines = append(lines, l)
	}
	return lines
}

func responseHeading(ctx context.Context, r diagnosisdb.Response) string {
	if len(r.Groups) == 0 || !r.Groups[0].Shown {
		return lang.T(ctx, "Nobody is invited.")
	}
	whole := r.Groups[0]
	return lang.T(ctx, "%[1]d of %[2]d have answered (%[3]s).", whole.Answered, whole.Invited, percent(whole.Answered, whole.Invited))
}

// percent is a share in whole per cent, "–" of nothing.
func percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(whole))
}
