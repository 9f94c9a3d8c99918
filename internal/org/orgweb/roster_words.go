package orgweb

import (
	"context"
	"strings"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

// fieldName is how pages call a field of the roster.
func fieldName(ctx context.Context, field string) string {
	switch field {
	case "key":
		return lang.T(ctx, "Personnel or post number")
	case "name":
		return lang.T(ctx, "Name")
	case "mail":
		return lang.T(ctx, "Mail address")
	case "unit":
		return lang.T(ctx, "Unit")
	case "unit_name":
		return lang.T(ctx, "Name of the unit, if the unit is a code")
	case "parent_unit":
		return lang.T(ctx, "Unit above")
	case "unit_path":
		return lang.T(ctx, "Path of units, instead of unit and unit above")
	case "location":
		return lang.T(ctx, "Location")
	case "country":
		return lang.T(ctx, "Country")
	case "level":
		return lang.T(ctx, "Level")
	case "partner":
		return lang.T(ctx, "Partner")
	case "manager":
		return lang.T(ctx, "Reports to (number)")
	case "start":
		return lang.T(ctx, "First day")
	case "end":
		return lang.T(ctx, "Last day")
	case "fte":
		return lang.T(ctx, "FTE")
	}
	return otherFieldName(ctx, field)
}

func otherFieldName(ctx context.Context, field string) string {
	switch field {
	case "grade":
		return lang.T(ctx, "Grade")
	case "job":
		return lang.T(ctx, "Job")
	case "team":
		return lang.T(ctx, "Management team")
	case "person":
		return lang.T(ctx, "Number of the member")
	case "chair":
		return lang.T(ctx, "In the chair (yes or no)")
	case "attributes":
		return lang.T(ctx, "Attributes")
	case "members":
		return lang.T(ctx, "Members")
	}
	return field
}

func sectionTitle(ctx context.Context, section org.SectionName) string {
	switch section {
	case org.PeopleRows:
		return lang.T(ctx, "People, one a row")
	case org.UnitRows:
		return lang.T(ctx, "Units, one a row")
	case org.GroupRows:
		return lang.T(ctx, "Staff groups: people who are counted and not named")
	}
	return lang.T(ctx, "Management teams, one member a row")
}

// sort is one kind of thing that an import changes.
type sort struct {
	Name string
	org.Changes
}

// sorts lists what an import changes, without what there is none of.
func sorts(ctx context.Context, r org.Report) []sort {
	var some []sort
	for _, s := range []sort{
		{lang.T(ctx, "Units"), r.Units}, {lang.T(ctx, "People"), r.People}, {lang.T(ctx, "Staff groups"), r.Groups},
		{lang.T(ctx, "Management teams"), r.Teams}, {lang.T(ctx, "Locations"), r.Locations}, {lang.T(ctx, "Partners"), r.Partners},
	} {
		if s.Before+s.Added > 0 {
			some = append(some, s)
		}
	}
	return some
}

func kindName(ctx context.Context, k org.ChangeKind) string {
	switch k {
	case org.Added:
		return lang.T(ctx, "New")
	case org.Changed:
		return lang.T(ctx, "Changed")
	case org.Moved:
		return lang.T(ctx, "Moved")
	}
	return lang.T(ctx, "Left")
}

// of returns the first changes of a kind.
func (s sort) of(k org.ChangeKind) []org.Change {
	var some []org.Change
	for _, c := range s.First {
		if c.Kind == k {
			some = append(some, c)
		}
	}
	return some
}

func (s sort) count(k org.ChangeKind) int {
	return map[org.ChangeKind]int{org.Added: s.Added, org.Changed: s.Changed, org.Moved: s.Moved, org.Left: s.Left}[k]
}

var changeKinds = []org.ChangeKind{org.Left, org.Added, org.Moved, org.Changed}

func changeText(ctx context.Context, c org.Change) string {
	switch {
	case c.Kind == org.Moved && c.From == "":
		return lang.T(ctx, "%s, now under %s", c.Name, c.To)
	case c.Kind == org.Moved && c.To == "":
		return lang.T(ctx, "%s, until now under %s", c.Name, c.From)
	case c.Kind == org.Moved:
		return lang.T(ctx, "%s, from %s to %s", c.Name, c.From, c.To)
	case c.Kind == org.Changed:
		var fields []string
		for _, f := range c.Fields {
			fields = append(fields, strings.ToLower(fieldName(ctx, f)))
		}
		return c.Name + ": " + strings.Join(fields, ", ")
	}
	return c.Name
}

func (p previewPage) heading(ctx context.Context) string {
	r := p.Report
	switch {
	case p.Err != nil && r.Mistakes() > 0:
		return lang.N(ctx, r.Mistakes(), "One mistake stops the import.", "%d mistakes stop the import.")
	case p.Err != nil:
		return lang.T(ctx, "These files cannot be imported as they are.")
	case !r.Changed():
		return lang.T(ctx, "These files say what the roster says already.")
	case r.Units.Before == 0:
		return lang.T(ctx, "The first roster: %d people in %d units", r.People.Added, r.Units.Added)
	}
	return lang.T(ctx, "People: %d new, %d changed, %d moved, %d gone", r.People.Added, r.People.Changed, r.People.Moved, r.People.Left)
}

// reasonText says why a row is bad in the reader's language.
func reasonText(ctx context.Context, reason error) string {
	if e := fault.Of(reason); e != nil {
		return lang.Fault(ctx, e)
	}
	return reason.Error()
}

const count = "%d"

func (p rosterPage) heading(ctx context.Context) string {
	for _, i := range p.Imports {
		if i.ID == p.Last {
			return lang.T(ctx, "The roster holds %d people in %d units, from %s.", i.Report.People.After(), i.Report.Units.After(), string(i.Day))
		}
	}
	return lang.T(ctx, "There is no roster yet.")
}

// fileNames names an upload's files.
func fileNames(u orgdb.Upload) string {
	var names []string
	for _, f := range u.Files {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// madeText says when and by whom an import was made.
func madeText(ctx context.Context, i org.RosterImport) string {
	by := i.By
	if by == "" {
		by = lang.T(ctx, "command line")
	}
	return i.MadeAt.Format("2006-01-02 15:04") + ", " + by
}
