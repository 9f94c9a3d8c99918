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

// Demo fills a database with the demo organisation, unless it is there, and
// writes how to sign in as each of its people.
func (a *App) Demo(ctx context.Context, size demo.Size, out io.Writer) error {
	o, err := a.Org.OrganisationBySlug(ctx, demo.Slug)
	if fault.KindOf(err) == fault.NotFound {
		fmt.Fprintf(out, "Making the demo organisation %s, simulated, of about %d people ...\n", demo.Name, size)
		if o, err = a.makeDemo(ctx, size); err != nil {
			return err
		}
	}
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
	link, err := a.openLink(ctx, o.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n  %-16s %s\n\n", "answer", link)
	return nil
}

func (a *App) makeDemo(ctx context.Context, size demo.Size) (org.Organisation, error) {
	loaded, err := demo.Load(ctx, demo.Stores{Org: a.Org, Diagnosis: a.Diagnosis}, demo.New(demoSeed, size), time.Now())
	if err != nil {
		return org.Organisation{}, err
	}
	for _, s := range loaded.SignIns {
		if err := a.Org.SetPassword(ctx, loaded.Organisation, s.Account, DemoPassword); err != nil {
			return org.Organisation{}, err
		}
	}
	return a.Org.Organisation(ctx, loaded.Organisation)
}

func role(a org.Account) string {
	if len(a.Grants) == 0 {
		return "no role"
	}
	return string(a.Grants[0].Role)
}

var errFound = errors.New("found")

// openLink is the address of a personal link that nobody has used.
func (a *App) openLink(ctx context.Context, organisation string) (address string, err error) {
	all, err := a.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return "", err
	}
	for _, d := range all {
		if d.State != diagnosis.Open {
			continue
		}
		err := a.Diagnosis.Links(ctx, organisation, d.ID, func(l diagnosisdb.PersonalLink) error {
			q, err := a.Diagnosis.Questionnaire(ctx, l.Secret)
			if err == nil && !q.Answered {
				address, err = a.config.public()+"/r/"+l.Secret, errFound
			}
			return err
		})
		if err != nil && !errors.Is(err, errFound) {
			return "", err
		}
	}
	return address, nil
}
