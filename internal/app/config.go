package app

import (
	"net"
	"net/http"
	"strings"

	"throughline/internal/kit/fault"
)

func nowhere(http.ResponseWriter, *http.Request) error {
	return fault.NotFoundf("there is no such page, or it is not for you")
}

func (c Config) keyFolder() string {
	if c.Keys != "" {
		return c.Keys
	}
	return c.DB + ".keys"
}

func (c Config) public() string {
	if c.Public != "" {
		return strings.TrimRight(c.Public, "/")
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip.IsUnspecified() || host == "127.0.0.1") {
		return "http://localhost:" + port
	}
	return "http://" + c.Addr
}

func (c Config) secure() bool { return strings.HasPrefix(c.Public, "https://") }

// Check reports a configuration that cannot work.
func (c Config) Check() error {
	if strings.HasPrefix(c.DB, "postgres") && c.Keys == "" {
		return fault.Invalidf("with PostgreSQL name the folder of the key files with --keys: all replicas share it, and it is no part of the database")
	}
	return nil
}

// SignInAddress is the address of a one-time link to sign in.
func (a *App) SignInAddress(secret string) string {
	return a.config.public() + "/sign-in/link/" + secret
}
