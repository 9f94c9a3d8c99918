// Package oidc lets somebody in by a provider of OpenID Connect: the authorization code flow with PKCE
// (RFC 7636), state and nonce. It knows no area.
package oidc

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/kit/secret"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Client is this program as a provider knows it.
type Client struct {
	Issuer   string // address of the provider
	ID       string
	Secret   string   // "" for a public client
	Scopes   []string // asked for besides openid, profile and email
	Redirect string   // where the provider sends people back to
}

// Attempt is one way to the provider and back. It is kept in the session of who goes it.
type Attempt struct {
	State, Nonce, Verifier string
	Begun                  time.Time
}

// Claims are what the provider says of who signed in.
type Claims map[string]any

const (
	patience   = 15 * time.Second // with a provider
	stays      = time.Hour        // for which what a provider says of itself is believed
	mostAnswer = 1 << 20          // bytes of a provider's answer
	way        = 15 * time.Minute // for which an attempt holds
)

// Begin returns an attempt and the address to which it leads. A provider that does not answer, or not as
// one, is a conflict.
func (c Client) Begin(ctx context.Context) (Attempt, string, error) {
	config, _, err := c.config(ctx)
	if err != nil {
		return Attempt{}, "", err
	}
	a := Attempt{State: secret.Token(), Nonce: secret.Token(), Verifier: oauth2.GenerateVerifier(), Begun: time.Now()}
	return a, config.AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), nil
}

// End reads what somebody has come back with from the provider. What does not belong to the attempt, or
// what the provider has refused, is forbidden.
func (c Client) End(ctx context.Context, a Attempt, back url.Values) (Claims, error) {
	stale := fault.Forbiddenf("this way to sign in has been left or is too old: begin anew")
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(back.Get("state"))) != 1 || time.Since(a.Begun) > way {
		return nil, stale
	}
	if from := back.Get("iss"); from != "" && from != c.Issuer { // RFC 9207
		return nil, stale
	}
	if back.Get("error") != "" || back.Get("code") == "" {
		return nil, fault.Forbiddenf("the provider has not let you in: %s", back.Get("error"))
	}
	config, provider, err := c.config(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, caller)
	token, err := config.Exchange(ctx, back.Get("code"), oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return nil, refusal{fault.Forbiddenf("the provider has not confirmed who you are: begin anew"), err}
	}
	raw, _ := token.Extra("id_token").(string)
	told, err := provider.Verifier(&oidc.Config{ClientID: c.ID}).Verify(ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(told.Nonce), []byte(a.Nonce)) != 1 {
		return nil, refusal{fault.Forbiddenf("the provider has not confirmed who you are: begin anew"), err}
	}
	claims := Claims{}
	if err := told.Claims(&claims); err != nil {
		return nil, err
	}
	return claims, c.more(ctx, provider, config, token, told.Subject, claims)
}

// more adds what the provider tells of the same person at its userinfo endpoint, where it has one.
func (c Client) more(ctx context.Context, provider *oidc.Provider, config *oauth2.Config, token *oauth2.Token, subject string, claims Claims) error {
	if provider.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := provider.UserInfo(ctx, config.TokenSource(ctx, token))
	if err != nil || info.Subject != subject {
		return refusal{fault.Forbiddenf("the provider has not confirmed who you are: begin anew"), err}
	}
	more := Claims{}
	if err := info.Claims(&more); err != nil {
		return err
	}
	if _, told := claims["email"]; told { // whether an address is verified is told with it
		delete(more, "email_verified")
	} else {
		delete(claims, "email_verified")
	}
	for name, v := range more {
		if _, told := claims[name]; !told {
			claims[name] = v
		}
	}
	return nil
}

// refusal is what somebody is told, and why.
type refusal struct {
	told error
	why  error
}

func (r refusal) Error() string { return fmt.Sprintf("%s (%.500s)", r.told, fmt.Sprint(r.why)) }
func (r refusal) Unwrap() error { return r.told }

// Text is a claim that is a text, "" for none.
func (c Claims) Text(name string) string {
	text, _ := c[name].(string)
	return text
}

// Texts are the values of a claim that is a text or a list of texts.
func (c Claims) Texts(name string) (all []string) {
	switch v := c[name].(type) {
	case string:
		all = append(all, v)
	case []any:
		for _, one := range v {
			if text, ok := one.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}

// Yes says whether a claim is true; some providers write it as a text.
func (c Claims) Yes(name string) bool { return c[name] == true || c[name] == "true" }

// caller asks providers, with patience, where they say and no further, and not for more than can be an answer.
var caller = &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Transport: limited{http.DefaultTransport}}

type limited struct{ next http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := l.next.RoundTrip(r)
	if err == nil {
		a.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(a.Body, mostAnswer), a.Body}
	}
	return a, err
}

// known are the providers that have been asked, by their address.
var known sync.Map

type asked struct {
	*oidc.Provider
	at time.Time
}

func (c Client) config(ctx context.Context) (*oauth2.Config, *oidc.Provider, error) {
	was, there := known.Load(c.Issuer)
	if !there || time.Since(was.(asked).at) > stays {
		// The provider's keys are asked for later too, when this request is over.
		p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), caller), c.Issuer)
		if err != nil {
			return nil, nil, refusal{fault.Conflictf("the provider at %s does not answer as one of OpenID Connect", c.Issuer), err}
		}
		var at struct {
			Userinfo string `json:"userinfo_endpoint"`
			Keys     string `json:"jwks_uri"`
		}
		if err := p.Claims(&at); err != nil {
			return nil, nil, err
		}
		for _, address := range []string{p.Endpoint().AuthURL, p.Endpoint().TokenURL, at.Userinfo, at.Keys} {
			if !safe(address) {
				return nil, nil, fault.Conflictf("the provider at %s names an address that is not https", c.Issuer)
			}
		}
		was = asked{p, time.Now()}
		known.Store(c.Issuer, was)
	}
	provider := was.(asked).Provider
	return &oauth2.Config{ClientID: c.ID, ClientSecret: c.Secret, RedirectURL: c.Redirect, Endpoint: provider.Endpoint(), Scopes: append([]string{oidc.ScopeOpenID, "profile", "email"}, c.Scopes...)}, provider, nil
}

// CheckIssuer reports an address that is none of a provider: https, or http on this machine.
func CheckIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.RawQuery != "" || u.Fragment != "" || issuer == "" || !safe(issuer) {
		return fault.Fieldf("issuer", "write the address of the provider, such as https://login.example.org/realms/acme")
	}
	return nil
}

// safe says whether what goes to an address is sealed on its way, or stays on this machine; "" is no address.
func safe(address string) bool {
	u, err := url.Parse(address)
	local := err == nil && u.Scheme == "http" && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
	return address == "" || err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || local)
}
