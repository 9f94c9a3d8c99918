package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"throughline/internal/app/demo"
	"throughline/internal/diagnosis"
	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
)

// DemoPassword opens every account of the demo organisation.
const DemoPassword = "from diagnosis to proof"

// demoSeed makes the same organisation everywhere.
const demoSeed = 1

// MakeDemo fills a database with the demo organisation.
func (a *App) MakeDemo(ctx context.Context, size demo.Size, out io.Writer) error {
	fmt.Fprintf(out, "Making the demo organisation %s, simulated, of about %d people ...\n", demo.Name, size)
	loaded, err := demo.Load(ctx, demo.Stores{Org: a.Org, Diagnosis: a.Diagnosis}, demo.New(demoSeed, size), time.Now())
	if err != nil {
		return err
	}
	for _, s := range loaded.SignIns {
		if err := a.Org.SetPassword(ctx, loaded.Organisation, s.Account, DemoPassword); err != nil {
			return err
		}
	}
	return nil
}

// Demo writes how to sign in as each of the demo organisation's people, which it makes
// first if it is not there. It reports one that was not made whole.
func (a *App) Demo(ctx context.Context, size demo.Size, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, demo.Slug)
	if fault.KindOf(err) == fault.NotFound {
		if err = a.MakeDemo(ctx, size, out); err == nil {
			o, err = a.Org.OrganisationBySlug(ctx, demo.Slug)
		}
	}
	if err != nil {
		return err
	}
	link, err := a.openLink(ctx, o.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s is ready at %s\nSign in as one of these; the password of each is: %s\n\n", o.Name, a.config.public(), DemoPassword)
	accounts, err := a.Org.Accounts(ctx, o.ID)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		link, err := a.Org.MakeLink(ctx, o.ID, account.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %-16s %s, %s\n  %-16s %s\n", role(account), account.Name, account.Mail, "", a.SignInAddress(link))
	}
	fmt.Fprintf(out, "\n  %-16s %s\n\n", "answer", link)
	return nil
}

func role(a org.Account) string {
	if len(a.Grants) == 0 {
		return "no role"
	}
	return string(a.Grants[0].Role)
}

var errFound = errors.New("found")

// openLink is the address of a personal link that nobody has used, or in words why there
// is none. It reports a demo whose making was cut off: its last step opens a pulse.
func (a *App) openLink(ctx context.Context, organisation string) (address string, err error) {
	all, err := a.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return "", err
	}
	if len(all) < 3 || all[0].State == diagnosis.Draft {
		return "", fault.Conflictf("the demo organisation was not made whole, as when its making was stopped: name a database with --db that does not have it")
	}
	pulse := all[0]
	if pulse.State == diagnosis.Closed || !pulse.Closes.After(time.Now()) {
		return fmt.Sprintf("no more: the pulse closed on %s; with another --db the demo begins anew", pulse.Closes.Format("2 January 2006")), nil
	}
	err = a.Diagnosis.Links(ctx, organisation, pulse.ID, func(l diagnosisdb.PersonalLink) error {
		q, err := a.Diagnosis.Questionnaire(ctx, l.Secret)
		if err == nil && !q.Answered {
			address, err = a.config.public()+"/r/"+l.Secret, errFound
		}
		return err
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	return address, err
}
