package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"throughline/internal/kit/fault"
	kitmail "throughline/internal/kit/mail"

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

// mailer hands mail to a mail server. It keeps one connection for mails that follow
// each other.
type mailer struct {
	from   string
	client *mail.Client // nil: mail is written to the log
	mu     sync.Mutex
	open   bool
}

const mailTimeout = 20 * time.Second // well under an outbox's lease

func newMailer(c MailConfig) (*mailer, error) {
	if c.Host == "" {
		return &mailer{}, nil
	}
	options := []mail.Option{mail.WithTimeout(mailTimeout)}
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
	return &mailer{from: c.From, client: client}, nil
}

// send sends one mail and hangs up.
func (m *mailer) send(ctx context.Context, to, subject, text string) error {
	defer m.hangUp()
	return m.post(ctx, kitmail.Letter{To: to, Subject: subject, Text: text})
}

// post sends a mail and stays connected. Its errors are those of kit/mail.
func (m *mailer) post(ctx context.Context, l kitmail.Letter) error {
	if m.client == nil {
		slog.InfoContext(ctx, "mail (no server is configured)", "to", l.To, "subject", l.Subject, "text", l.Text)
		return nil
	}
	msg := mail.NewMsg()
	if err := msg.From(m.from); err != nil {
		return fmt.Errorf("%w: the sender %q is no mail address", kitmail.ErrUnreachable, m.from)
	}
	if err := msg.To(l.To); err != nil {
		return fmt.Errorf("%w: %q is no mail address", kitmail.ErrRefused, l.To)
	}
	msg.Subject(l.Subject)
	msg.SetBodyString(mail.TypeTextPlain, l.Text)
	if l.Ends != "" {
		msg.SetGenHeader("List-Unsubscribe", "<"+l.Ends+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	if l.Calendar != "" {
		msg.AddAlternativeString(mail.ContentType("text/calendar; method="+l.Method), l.Calendar)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.open {
		if err := m.client.DialWithContext(ctx); err != nil {
			return fmt.Errorf("%w: %w", kitmail.ErrUnreachable, err)
		}
		m.open = true
	}
	err := m.client.Send(msg)
	if err == nil {
		return nil
	}
	m.close()
	if msg.IsDelivered() { // the server took it; what failed came after
		return nil
	}
	return outcome(err)
}

// outcome says what a failed try means: whether the mail may have left.
func outcome(err error) error {
	var why *mail.SendError
	if !errors.As(err, &why) {
		return err
	}
	early := why.Reason == mail.ErrConnCheck || why.Reason == mail.ErrSMTPMailFrom || why.Reason == mail.ErrSMTPRcptTo // nothing of it was said yet
	switch code := why.ErrorCode(); {
	case code >= 500 && why.Reason != mail.ErrSMTPMailFrom: // a sender that is refused is refused for all
		return fmt.Errorf("%w: %w", kitmail.ErrRefused, err)
	case code >= 400 || early: // no for now
		return fmt.Errorf("%w: %w", kitmail.ErrUnreachable, err)
	}
	return err
}

func (m *mailer) hangUp() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.close()
}

func (m *mailer) close() {
	if m.open {
		m.client.Close()
		m.open = false
	}
}
