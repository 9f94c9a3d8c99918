// Package smtptest is a mail server for tests, on the loopback address, that keeps
// what it is given.
package smtptest

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Mail is a mail as it arrived, decoded.
type Mail struct {
	To, Subject, Text string
	Calendar, Method  string // its iCalendar part, and the method in that part's type
	Header            mail.Header
}

// Server is the mail server. Its fields may be set before the first mail.
type Server struct {
	Port    int
	Refuse  []string            // addresses that it does not know
	Receive func(n int, m Mail) // called with every mail, from 1 on, before it is acknowledged; may block

	mu    sync.Mutex
	mails []Mail
}

// Start starts a mail server that ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Port: l.Addr().(*net.TCPAddr).Port}
	server := smtp.NewServer(s)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return s
}

// Mails returns what was acknowledged so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// NewSession is part of the protocol's library.
func (s *Server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }

type session struct {
	server *Server
	to     string
}

func (c *session) Mail(string, *smtp.MailOptions) error { return nil }

func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if slices.Contains(c.server.Refuse, to) {
		return &smtp.SMTPError{Code: 550, Message: "no such user"}
	}
	c.to = to
	return nil
}

func (c *session) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	one := Mail{To: c.to}
	if err := one.read(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body); err != nil {
		return err
	}
	one.Header = m.Header
	if one.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return err
	}
	if c.server.Receive != nil {
		c.server.Receive(len(c.server.Mails())+1, one)
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.server.mails = append(c.server.mails, one)
	return nil
}

func (c *session) Reset()        { c.to = "" }
func (c *session) Logout() error { return nil }

// read takes in a body, or each part of one.
func (m *Mail) read(contentType, encoding string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err == nil {
				err = m.read(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
			}
			if err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if kind == "text/calendar" {
		m.Calendar, m.Method = string(text), params["method"]
	} else {
		m.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	return err
}
