package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"throughline/internal/effort"
	"throughline/internal/kit/fault"
	"throughline/internal/kit/lang"
	"throughline/internal/kit/period"
	"throughline/internal/kit/web"
	"throughline/internal/org"

	"golang.org/x/text/language"
)

// LedgerSettings changes, by command, what an organisation has chosen for its ledger, and says what it is then.
type LedgerSettings struct {
	Own          string   // currency; "" leaves it
	Reference    string   // per cent beside which the share of solutions that are no learning is shown; "" leaves it
	Function     []string // keys or names of the units that are the learning function; none leaves them
	Organisation string   // short name; "" for the only one
}

// Run changes and tells it.
func (c LedgerSettings) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	b, err := a.Effort.Basis(ctx, o.ID)
	if err != nil {
		return err
	}
	chosen := b.Setting
	if c.Own != "" {
		chosen.Currency = strings.ToUpper(c.Own)
	}
	if c.Reference != "" {
		if chosen.Reference, err = strconv.Atoi(c.Reference); err != nil {
			return fault.Invalidf("the reference is 0 to 100 per cent")
		}
	}
	finder := org.NewFinder(b.Units, nil)
	for n, unit := range c.Function {
		at, err := finder.Unit(unit)
		if err != nil {
			return err
		}
		if n == 0 {
			chosen.Function = nil
		}
		chosen.Function = append(chosen.Function, b.Units.Units[at].ID)
	}
	if c.Own+c.Reference != "" || len(c.Function) > 0 {
		if err := a.Effort.SaveSetting(ctx, o.ID, chosen, ""); err != nil {
			return err
		}
	}
	return c.tell(ctx, a, o.ID, out)
}

func (c LedgerSettings) tell(ctx context.Context, a *App, organisation string, out io.Writer) error {
	b, err := a.Effort.Basis(ctx, organisation)
	if err != nil {
		return err
	}
	var names []string
	for _, id := range b.Setting.Tops(b.Units) {
		at, _ := b.Units.Find(id)
		names = append(names, b.Units.Units[at].Name)
	}
	function := strings.Join(names, ", ")
	if function == "" {
		function = "nobody has said it"
	}
	fmt.Fprintf(out, "Own currency: %s\nReference: %d %%\nLearning function: %s\n", b.Setting.Currency, b.Setting.Reference, function)
	for _, r := range b.Rates.All {
		fmt.Fprintf(out, "From %s on one %s is %s %s.\n", r.Month, r.Currency, strconv.FormatFloat(r.Rate, 'f', -1, 64), b.Rates.Own)
	}
	return nil
}

// LedgerRate says, by command, what a currency is worth from a month on.
type LedgerRate struct {
	Currency     string
	Month        string
	Rate         float64 // 0 takes the rate of that month out
	Organisation string
}

// Run says it.
func (c LedgerRate) Run(ctx context.Context, a *App, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	rate := effort.Rate{Currency: strings.ToUpper(c.Currency), Month: period.Period(c.Month), Rate: c.Rate}
	if c.Rate == 0 {
		err = a.Effort.DeleteRate(ctx, o.ID, rate.Currency, rate.Month, "")
	} else {
		err = a.Effort.SaveRate(ctx, o.ID, rate, "")
	}
	if err != nil {
		return err
	}
	return LedgerSettings{}.tell(ctx, a, o.ID, out)
}

// LearningReport is a standard report on learning by command, to a file whose ending is .pdf, .xlsx or .csv.
type LearningReport struct {
	File         string
	Kind         effort.Report
	Year         int    // 0: the present one
	Unit         string // key or name; "" for the whole
	Initiative   string // name, of a programme
	Language     string // "" for the organisation's
	Organisation string
}

// Run writes beside the file first, so that half a file never looks like a whole one.
func (c LearningReport) Run(ctx context.Context, a *App) error {
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(c.File)), ".")
	if format != "pdf" && format != "xlsx" && format != "csv" {
		return fault.Invalidf("%s must end in .pdf, .xlsx or .csv, to say which of them it shall be", c.File)
	}
	switch {
	case c.Kind == effort.Programme && c.Unit != "":
		return fault.Invalidf("a programme report is of an initiative, not of a unit: leave --unit out")
	case c.Kind != effort.Programme && c.Initiative != "":
		return fault.Invalidf("this report is of a unit, not of an initiative: leave --initiative out")
	case c.Language != "" && c.Language != "en" && c.Language != "nl":
		return fault.Invalidf("there is no language %q: use en or nl", c.Language)
	}
	if err := period.CheckYear(c.Year); err != nil {
		return err
	}
	o, err := a.Org.OrganisationBySlug(ctx, c.Organisation)
	if err != nil {
		return err
	}
	unit, initiative := "", ""
	if c.Unit != "" {
		b, err := a.Effort.Basis(ctx, o.ID)
		if err != nil {
			return err
		}
		at, err := org.NewFinder(b.Units, nil).Unit(c.Unit)
		if err != nil {
			return err
		}
		unit = b.Units.Units[at].ID
	}
	if c.Initiative != "" {
		all, err := a.Effort.Initiatives(ctx, o.ID)
		if err != nil {
			return err
		}
		for _, i := range all {
			if i.Name == c.Initiative {
				initiative = i.ID
			}
		}
		if initiative == "" {
			return fault.Invalidf("there is no initiative %q", c.Initiative)
		}
	}
	spoken := c.Language
	if spoken == "" {
		spoken = o.Language
	}
	reader := org.Actor{Organisation: o.ID, Grants: []org.Grant{{Role: org.HeadOfLearning, Scope: org.Scope{Kind: org.WholeScope}}}}
	ctx = web.With(lang.With(ctx, language.Make(spoken)), reader)
	f, err := os.CreateTemp(filepath.Dir(c.File), ".report-*")
	if err != nil {
		return fault.Invalidf("cannot write to the folder of %s: %v", c.File, err)
	}
	defer os.Remove(f.Name())
	err = a.efforts.WriteReport(ctx, f, format, c.Kind, unit, initiative, c.Year)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), c.File)
}
