package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"throughline/internal/diagnosis/diagnosisdb"
	"throughline/internal/kit/db"
	"throughline/internal/kit/mail"
	"throughline/internal/kit/web"
	"throughline/internal/transition/transitiondb"

	"golang.org/x/sync/errgroup"
)

// Open opens and migrates the installation's database and builds its parts. The
// caller closes the database.
func Open(ctx context.Context, c Config) (*App, error) {
	d, err := db.Open(ctx, c.DB)
	if err != nil {
		return nil, err
	}
	if _, err := d.Migrate(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	a, err := New(d, c)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

// Serve answers requests on l until ctx ends, then lets those under way, and the
// work that they began, finish for up to 20 seconds.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           a.Handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		defer a.works.Wait(last)
		return server.Shutdown(last)
	})
	g.Go(func() error { return a.follow(ctx) })
	slog.InfoContext(ctx, "serving", "address", a.config.public())
	return g.Wait()
}

// follow does the work that waits in the database, each kind by itself, until ctx
// ends.
func (a *App) follow(ctx context.Context) error {
	var all sync.WaitGroup
	for what, do := range map[string]func(context.Context) error{
		"forgetting sessions": func(ctx context.Context) error { return web.ForgetSessions(ctx, a.DB, time.Now()) },
		"marking invitations": a.Diagnosis.Mark,
		"reminding owners":    a.Transition.PlanNudges,
		"sending mail":        a.sendMail,
		"sending digests":     a.sendDigests,
		"closing diagnoses":   a.Diagnosis.CloseDue,
		"renewing totals":     a.Strategy.Renew,
		"renewing the ledger": a.Effort.Renew,
		"forgetting uploads":  a.Org.ForgetUploads,
		"forgetting answers":  a.Org.ForgetAnswers,
		"keeping profiles":    a.Impact.KeepDue,
	} {
		all.Go(func() {
			tick := time.NewTicker(15 * time.Second)
			defer tick.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
					if err := do(ctx); err != nil && ctx.Err() == nil {
						slog.ErrorContext(ctx, what, "err", err)
					}
				}
			}
		})
	}
	all.Wait()
	return nil
}

// sendDigests writes the weekly mails that are due; it looks once an hour.
func (a *App) sendDigests(ctx context.Context) error {
	hour := time.Now().Truncate(time.Hour)
	if a.digested.Equal(hour) {
		return nil
	}
	a.digested = hour
	return a.SendDigests(ctx)
}

// SendDigests writes the weekly mails that are due.
func (a *App) SendDigests(ctx context.Context) error {
	defer a.mails.hangUp()
	return a.Org.SendDigests(ctx, a.pages.Digest, a.mails.post)
}

// sendMail sends what is due in the outboxes.
func (a *App) sendMail(ctx context.Context) error {
	defer a.mails.hangUp()
	err := a.Diagnosis.SendDue(ctx, func(ctx context.Context, e diagnosisdb.Envelope) error {
		m := a.diagnoses.Letter(e)
		return a.mails.post(ctx, mail.Letter{To: e.To, Subject: m.Subject, Text: m.Body})
	})
	return errors.Join(err, a.Transition.SendDue(ctx, func(ctx context.Context, e transitiondb.Envelope) error {
		return a.mails.post(ctx, a.programmes.Letter(e))
	}))
}
