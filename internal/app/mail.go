package app

import (
	"context"
	"log/slog"
	"time"

	"throughline/internal/kit/fault"

	"github.com/wneessen/go-mail"
)

// MailConfig says how mail leaves. Without a host it is written to the log,
// links and all: for the demo and for trying out.
type MailConfig struct {
	Host     string
	Port     int
	User     string
	Password string
	From     string
	TLS      string // "required" (default), "implicit", or "none" for a server on this machine
}

type sendMail func(ctx context.Context, to, subject, text string) error

func newMailer(c MailConfig) (sendMail, error) {
	if c.Host == "" {
		return func(ctx context.Context, to, subject, text string) error {
			slog.InfoContext(ctx, "mail (no server is configured)", "to", to, "subject", subject, "text", text)
			return nil
		}, nil
	}
	options := []mail.Option{mail.WithTimeout(20 * time.Second)}
	switch c.TLS {
	case "", "required":
		options = append(options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	case "implicit":
		options = append(options, mail.WithSSLPort(false))
	case "none":
		options = append(options, mail.WithTLSPortPolicy(mail.NoTLS))
	default:
		return nil, fault.Invalidf("%q is no way to secure mail: use required, implicit or none", c.TLS)
	}
	if c.Port != 0 {
		options = append(options, mail.WithPort(c.Port))
	}
	if c.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(c.User), mail.WithPassword(c.Password))
	}
	client, err := mail.NewClient(c.Host, options...)
	if err != nil {
		return nil, fault.Invalidf("the mail server %s cannot be used: %v", c.Host, err)
	}
	return func(ctx context.Context, to, subject, text string) error {
		m := mail.NewMsg()
		if err := m.From(c.From); err != nil {
			return err
		}
		if err := m.To(to); err != nil {
			return fault.Invalidf("%q is not a mail address", to)
		}
		m.Subject(subject)
		m.SetBodyString(mail.TypeTextPlain, text)
		return client.DialAndSendWithContext(ctx, m)
	}, nil
}
