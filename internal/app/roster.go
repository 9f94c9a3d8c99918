package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/period"
	"throughline/internal/kit/sheet"
	"throughline/internal/kit/yaml"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
	"throughline/internal/org/orgweb"
)

// ImportRoster is an import of roster files by command.
type ImportRoster struct {
	Files        []string
	Map          string // map file; "" for our own export, or for the map of the last import
	Day          period.Day
	Organisation string // short name; "" for the only one
	OnDuplicate  string // stop or first; "" as the map says
	DryRun       bool
	Errors       string // file to write the bad rows to; "" for none
	Progress     func(rows int)
}

// Run imports the files, or only says what that would do, and writes a report in
// words. It reports bad rows after having named them.
func (c ImportRoster) Run(ctx context.Context, s orgdb.Store, out io.Writer) error {
	o, err := s.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	in := orgdb.Roster{Day: c.Day, Progress: c.Progress}
	for _, name := range c.Files {
		source, err := fileSource(name)
		if err != nil {
			return err
		}
		in.Sources = append(in.Sources, source)
	}
	if in.Map, err = c.readMap(ctx, s, o.ID, in.Sources); err != nil {
		return err
	}
	run := s.ImportRoster
	if c.DryRun {
		run = s.PreviewRoster
	}
	report, err := run(ctx, o.ID, in)
	if err != nil && fault.Of(err) == nil {
		return err
	}
	if report == nil {
		return err
	}
	return errors.Join(c.report(out, report, err), c.writeErrors(in.Sources, report.Bad), err)
}

func fileSource(name string) (org.Source, error) {
	f, err := openFile(name)
	if err != nil {
		return org.Source{}, err
	}
	f.Close()
	return orgweb.FileSource(name, filepath.Base(name))
}

func (c ImportRoster) readMap(ctx context.Context, s orgdb.Store, organisation string, sources []org.Source) (m org.Map, err error) {
	if c.Map == "" {
		found := false
		if m, found, err = orgweb.KnownMap(ctx, s, organisation, sources); err == nil && !found {
			return m, fault.Invalidf("say with --map which column is what: the files are no export of ours, and the map of the last import does not fit them")
		}
	} else {
		var text []byte
		if text, err = os.ReadFile(c.Map); err != nil {
			return m, fault.Invalidf("%s cannot be read: %v", c.Map, err)
		}
		if err = yaml.Decode(text, &m); err != nil && fault.Of(err) != nil {
			return m, fault.Invalidf("%s: %s", filepath.Base(c.Map), err.Error())
		}
	}
	if c.OnDuplicate != "" {
		m.OnDuplicate = c.OnDuplicate
	}
	return m, err
}

func (c ImportRoster) writeErrors(sources []org.Source, bad []org.BadRow) error {
	if c.Errors == "" || len(bad) == 0 {
		return nil
	}
	f, err := os.Create(c.Errors)
	if err != nil {
		return fault.Invalidf("%s cannot be written: %v", c.Errors, err)
	}
	return errors.Join(orgweb.WriteErrors(f, sources, bad, error.Error), f.Close())
}

// report writes what an import changed, or would change.
func (c ImportRoster) report(out io.Writer, r *org.Report, failed error) error {
	var b strings.Builder
	if failed == nil {
		if c.DryRun {
			fmt.Fprintf(&b, "Dry run: nothing is saved. From %s the roster would change so:\n\n", r.Day)
		} else {
			fmt.Fprintf(&b, "Imported. From %s the roster has changed so:\n\n", r.Day)
		}
		reportCounts(&b, r)
	}
	for _, remark := range r.Remarks {
		fmt.Fprintf(&b, "Remark: %s\n", remark)
	}
	for i, row := range r.Bad {
		if i == 50 {
			fmt.Fprintf(&b, "... and %d more; --errors FILE writes them all\n", len(r.Bad)-i)
			break
		}
		column := ""
		if row.Column != "" {
			column = fmt.Sprintf(", column %q", row.Column)
		}
		fmt.Fprintf(&b, "%s, line %d%s: %s\n", row.File, row.Line, column, row.Reason)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func reportCounts(b *strings.Builder, r *org.Report) {
	sorts := []struct {
		name string
		org.Changes
	}{{"units", r.Units}, {"people", r.People}, {"staff groups", r.Groups}, {"teams", r.Teams}, {"locations", r.Locations}, {"partners", r.Partners}}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tbefore\tkept\tnew\tchanged\tmoved\tleft\tafter\t")
	for _, s := range sorts {
		if s.Before+s.Added == 0 {
			continue
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", s.name, s.Before, s.Kept(), s.Added, s.Changed, s.Moved, s.Left, s.After())
	}
	t.Flush()
	if u := r.Units; u.Before > 0 {
		fmt.Fprintf(b, "\n%d of %d units are kept, %d have left, %d are new.\n", u.Kept(), u.Before, u.Left, u.Added)
	}
	for _, s := range sorts {
		for _, kind := range []org.ChangeKind{org.Left, org.Added, org.Moved, org.Changed} {
			reportNames(b, s.name, kind, s.Changes)
		}
	}
	b.WriteString("\n")
}

const namesShown = 5

func reportNames(b *strings.Builder, sort string, kind org.ChangeKind, c org.Changes) {
	var names []string
	for _, change := range c.First {
		if change.Kind == kind {
			names = append(names, change.Name)
		}
	}
	if len(names) == 0 {
		return
	}
	n := map[org.ChangeKind]int{org.Added: c.Added, org.Changed: c.Changed, org.Moved: c.Moved, org.Left: c.Left}[kind]
	if n > namesShown {
		names = append(slices.Clip(names[:min(namesShown, len(names))]), "...")
	}
	fmt.Fprintf(b, "%s %s, %d: %s\n", sort, kind, n, strings.Join(names, "; "))
}

// ExportRoster is an export of a roster by command, to a file whose ending is
// .csv or .xlsx.
type ExportRoster struct {
	File         string
	Day          period.Day
	Organisation string // short name; "" for the only one
}

// Run writes beside the file first, so that half a file never looks like a whole one.
func (c ExportRoster) Run(ctx context.Context, s orgdb.Store) error {
	format := sheet.Format(strings.TrimPrefix(strings.ToLower(filepath.Ext(c.File)), "."))
	if format != sheet.CSV && format != sheet.XLSX {
		return fault.Invalidf("%s must end in .csv or .xlsx, to say which of the two it shall be", c.File)
	}
	o, err := s.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(c.File), ".roster-*")
	if err != nil {
		return fault.Invalidf("cannot write to the folder of %s: %v", c.File, err)
	}
	defer os.Remove(f.Name())
	if err := errors.Join(orgweb.WriteRoster(ctx, s, o.ID, c.Day, format, f), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), c.File)
}
