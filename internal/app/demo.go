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

	"golang.org/x/sync/errgroup"
)

// DemoPassword opens every account of the demo organisation.
const DemoPassword = "from diagnosis to proof"

// demoSeed makes the same organisation everywhere.
const demoSeed = 1

// MakeDemo fills a database with the demo organisations, side by side: a retailer and a
// partnership, of which size is that of the retailer.
func (a *App) MakeDemo(ctx context.Context, size demo.Size, out io.Writer) error {
	stores, now := demo.Stores{Org: a.Org, Diagnosis: a.Diagnosis, Transition: a.Transition, Strategy: a.Strategy, Learning: a.Learning, Impact: a.Impact}, time.Now()
	g, ctx := errgroup.WithContext(ctx)
	begin := func(name string, size demo.Size, load func() (demo.Loaded, error)) {
		fmt.Fprintf(out, "Making the demo organisation %s, simulated, of about %d people ...\n", name, size)
		g.Go(func() error {
			loaded, err := load()
			if err != nil {
				return err
			}
			return a.letIn(ctx, loaded)
		})
	}
	begin(demo.Name, size, func() (demo.Loaded, error) { return demo.Load(ctx, stores, demo.New(demoSeed, size), now) })
	partnership := demo.PartnershipFull * size / demo.Full
	begin(demo.PartnershipName, partnership, func() (demo.Loaded, error) {
		return demo.LoadPartnership(ctx, stores, demo.NewPartnership(demoSeed, partnership), now)
	})
	return g.Wait()
}

func (a *App) letIn(ctx context.Context, loaded demo.Loaded) error {
	for _, s := range loaded.SignIns {
		if err := a.Org.SetPassword(ctx, loaded.Organisation, s.Account, DemoPassword); err != nil {
			return err
		}
	}
	return nil
}

// Demo writes how to sign in as each of the demo organisations' people, which it makes
// first if they are not there. It reports one that was not made whole.
func (a *App) Demo(ctx context.Context, size demo.Size, out io.Writer) error {
	_, err := a.Org.OrganisationBySlug(ctx, demo.Slug)
	if fault.KindOf(err) == fault.NotFound {
		err = a.MakeDemo(ctx, size, out)
	}
	if err != nil {
		return err
	}
	for _, slug := range []string{demo.Slug, demo.PartnershipSlug} {
		o, err := a.Org.OrganisationBySlug(ctx, slug)
		if fault.KindOf(err) == fault.NotFound {
			err = errCutOff
		}
		if err != nil {
			return err
		}
		link := ""
		if slug == demo.Slug {
			if link, err = a.openLink(ctx, o.ID); err != nil {
				return err
			}
		}
		fmt.Fprintf(out, "\n%s is ready at %s\nSign in as one of these; the password of each is: %s\n\n", o.Name, a.config.public(), DemoPassword)
		people, err := a.demoPeople(ctx, o.ID)
		if err != nil {
			return err
		}
		for _, account := range people {
			link, err := a.Org.MakeLink(ctx, o.ID, account.ID)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "  %-17s %s, %s\n  %-17s %s\n", role(account), account.Name, account.Mail, "", a.SignInAddress(link))
		}
		fmt.Fprintf(out, "\n  %-17s %s/tour, as the executive: eight stops from the first diagnosis to the judged recommendations\n", "tour", a.config.public())
		if link != "" {
			fmt.Fprintf(out, "\n  %-17s %s\n", "answer", link)
		}
	}
	fmt.Fprintln(out)
	return nil
}

// demoPeople are accounts of an organisation, one for each role: of leaders and coaches one
// with somebody to coach.
func (a *App) demoPeople(ctx context.Context, organisation string) (some []org.Account, err error) {
	all, err := a.Org.Accounts(ctx, organisation)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, account := range all {
		name := role(account)
		if seen[name] || len(account.Grants) == 0 {
			continue
		}
		if g := account.Grants[0].Role; g == org.Leader || g == org.Coach {
			own, err := a.Transition.Coaching(ctx, organisation, account.Person)
			if err != nil {
				return nil, err
			}
			if len(own) == 0 || own[0].Team.ID == "" && len(own[0].Groups) == 0 {
				continue
			}
			if err := a.Org.SetPassword(ctx, organisation, account.ID, DemoPassword); err != nil {
				return nil, err
			}
		}
		seen[name] = true
		some = append(some, account)
	}
	return some, nil
}

func role(a org.Account) string {
	if len(a.Grants) == 0 {
		return "no role"
	}
	return string(a.Grants[0].Role)
}

var (
	errFound  = errors.New("found")
	errCutOff = fault.Conflictf("the demo organisation was not made whole, as when its making was stopped: name a database with --db that does not have it")
)

// openLink is the address of a personal link that nobody has used, or in words why there
// is none. It reports a demo whose making was cut off: its last step opens a pulse.
func (a *App) openLink(ctx context.Context, organisation string) (address string, err error) {
	all, err := a.Diagnosis.Diagnoses(ctx, organisation)
	if err != nil {
		return "", err
	}
	if len(all) < 3 || all[0].State == diagnosis.Draft {
		return "", errCutOff
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
