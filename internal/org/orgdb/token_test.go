package orgdb_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

func TestARequestIsAnsweredOnceForAnAccount(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx, now := t.Context(), time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
		t.Store.Now = func() time.Time { return now }
		bo, err := t.CreateAccount(ctx, t.organisation, org.Account{Mail: "bo@example.org", Name: "Bo"}, "x")
		if err != nil {
			t.Fatal(err)
		}
		begin := func(account, key, request string) (orgdb.Answered, error) {
			return t.BeginAnswer(ctx, t.organisation, account, key, request)
		}
		if a, err := begin(bo, "one", "r"); err != nil || a.Status != 0 {
			t.Fatal(a, err)
		}
		if _, err := begin(bo, "one", "r"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("while it is being answered: %v", err)
		}
		if _, err := begin(bo, "one", "other"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("another request: %v", err)
		}
		now = now.Add(11 * time.Minute) // it fell
		if a, err := begin(bo, "one", "r"); err != nil || a.Status != 0 {
			t.Errorf("given up: %+v, %v", a, err)
		}
		if _, err := begin(bo, "one", "r"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("begun anew: %v", err)
		}
		if err := t.KeepAnswer(ctx, t.organisation, bo, "one", orgdb.Answered{Status: 201, ContentType: "application/json", Body: []byte("{}")}); err != nil {
			t.Fatal(err)
		}
		if a, err := begin(bo, "one", "r"); err != nil || a.Status != 201 || string(a.Body) != "{}" {
			t.Errorf("answered: %+v, %v", a, err)
		}
		if _, err := begin(bo, "two", "r"); err != nil {
			t.Fatal(err)
		}
		if err := t.KeepAnswer(ctx, t.organisation, bo, "two", orgdb.Answered{}); err != nil {
			t.Fatal(err)
		}
		if a, err := begin(bo, "two", "changed"); err != nil || a.Status != 0 {
			t.Errorf("one that failed is sent anew: %+v, %v", a, err)
		}
		now = now.Add(25 * time.Hour)
		if err := t.ForgetAnswers(ctx); err != nil {
			t.Fatal(err)
		}
		if a, err := begin(bo, "one", "other"); err != nil || a.Status != 0 {
			t.Errorf("forgotten: %+v, %v", a, err)
		}
	})
}

func TestATokenHoldsUntilItsEnd(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx, now := t.Context(), time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
		t.Store.Now = func() time.Time { return now }
		bo, err := t.CreateAccount(ctx, t.organisation, org.Account{Mail: "bo@example.org", Name: "Bo", Person: "B1", Grants: grants(org.Coach)}, "x")
		if err != nil {
			t.Fatal(err)
		}
		secret, err := t.MakeToken(ctx, t.organisation, org.Token{Account: bo, Name: " the  till ", Scopes: []string{"b:read", "a:read", "b:read"}, Expires: now.AddDate(0, 0, 30)}, []string{"a:read", "b:read"}, "x")
		if err != nil {
			t.Fatal(err)
		}
		actor, token, err := t.UseToken(ctx, secret)
		if err != nil || actor.Account != bo || actor.Person != "B1" || len(actor.Grants) != 1 || token.Name != "the till" || !slices.Equal(token.Scopes, []string{"a:read", "b:read"}) {
			t.Errorf("%+v, %+v, %v", actor, token, err)
		}
		for _, bad := range []string{"", "tl_", secret + "0", strings.TrimPrefix(secret, "tl_"), "tl_" + t.organisation + "_"} {
			if _, _, err := t.UseToken(ctx, bad); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%q: %v", bad, err)
			}
		}
		now = now.AddDate(0, 0, 30)
		if _, _, err := t.UseToken(ctx, secret); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("after its end: %v", err)
		}
		for name, wrong := range map[string]org.Token{"no name": {Scopes: []string{"a:read"}, Expires: now.AddDate(0, 0, 1)}, "no scope": {Name: "x", Expires: now.AddDate(0, 0, 1)}, "over": {Name: "x", Scopes: []string{"a:read"}, Expires: now}, "two years": {Name: "x", Scopes: []string{"a:read"}, Expires: now.AddDate(2, 0, 0)}, "a scope that is none": {Name: "x", Scopes: []string{"c:read"}, Expires: now.AddDate(0, 0, 1)}} {
			wrong.Account = bo
			if _, err := t.MakeToken(ctx, t.organisation, wrong, []string{"a:read"}, "x"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
