package orgdb_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"throughline/internal/kit/db"
	"throughline/internal/kit/db/dbtest"
	"throughline/internal/kit/fault"
	"throughline/internal/org"
	"throughline/internal/org/orgdb"
)

func grants(role org.Role) []org.Grant {
	return []org.Grant{{Role: role, Scope: org.Scope{Kind: org.WholeScope}}}
}

func TestAnAccountIsGrantedRevokedAndClosed(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		id, err := t.CreateAccount(ctx, t.organisation, org.Account{Mail: " Bo@Example.org", Name: "Bo", Grants: grants(org.Manager)}, "Ann")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := t.CreateAccount(ctx, t.organisation, org.Account{Mail: "bo@example.org", Name: "Bo too"}, "Ann"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the same address twice: %v", err)
		}
		t.load("2026-01-01", staff, table("jan.csv", springStaff...))
		for _, kind := range []org.ScopeKind{org.UnitScope, org.PartnerScope} {
			nowhere := org.Grant{Role: org.DiagnosisLead, Scope: org.Scope{Kind: kind, ID: "nowhere"}}
			if err := t.Grant(ctx, t.organisation, id, nowhere, "Ann"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("a role for a %s that is not there: %v", kind, err)
			}
		}
		lead := org.Grant{Role: org.DiagnosisLead, Scope: org.Scope{Kind: org.UnitScope, ID: t.structureOn("2026-01-01").Units[1].ID}}
		for range 2 { // granting twice is once
			if err := t.Grant(ctx, t.organisation, id, lead, "Ann"); err != nil {
				t.Fatal(err)
			}
		}
		actor, err := t.Actor(ctx, t.organisation, id)
		if err != nil || len(actor.Grants) != 2 || actor.Name != "Bo" {
			t.Fatalf("%+v, %v", actor, err)
		}
		if err := t.Revoke(ctx, t.organisation, id, actor.Grants[0].ID, "Ann"); err != nil {
			t.Fatal(err)
		}
		if err := t.Grant(ctx, t.organisation, id, org.Grant{Role: "king", Scope: org.Scope{Kind: org.WholeScope}}, "Ann"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a role that is none: %v", err)
		}
		if err := t.CloseAccount(ctx, t.organisation, id, "Ann"); err != nil {
			t.Fatal(err)
		}
		if _, err := t.Actor(ctx, t.organisation, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a closed account acts: %v", err)
		}
		if links, err := t.MakeLinks(ctx, "bo@example.org"); err != nil || len(links) > 0 {
			t.Errorf("a closed account gets a link: %v, %v", links, err)
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		accounts, err := t.Accounts(ctx, t.organisation)
		if err != nil || len(accounts) != 1 {
			t.Fatalf("%+v, %v", accounts, err)
		}
		first := accounts[0]
		if err := t.Revoke(ctx, t.organisation, first.ID, first.Grants[0].ID, "x"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("revoking the last administrator: %v", err)
		}
		if err := t.CloseAccount(ctx, t.organisation, first.ID, "x"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("closing the last administrator: %v", err)
		}
	})
}

func TestALinkSignsInOnceAndNotForLong(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		id, err := t.CreateAccount(ctx, t.organisation, org.Account{Mail: "bo@example.org", Name: "Bo"}, "Ann")
		if err != nil {
			t.Fatal(err)
		}
		link, err := t.MakeLink(ctx, t.organisation, id)
		if err != nil {
			t.Fatal(err)
		}
		if door, err := t.UseLink(ctx, link); err != nil || door.Account != id {
			t.Errorf("%+v, %v", door, err)
		}
		if _, err := t.UseLink(ctx, link); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a second time: %v", err)
		}
		if link, err = t.MakeLink(ctx, t.organisation, id); err != nil {
			t.Fatal(err)
		}
		late := t.Store
		late.Now = func() time.Time { return t.Now().Add(org.LinkLives) }
		if _, err := late.UseLink(ctx, link); fault.KindOf(err) != fault.NotFound {
			t.Errorf("too late: %v", err)
		}
	})
}

// One address may have accounts in several organisations; each password opens its
// own.
func TestAPasswordOpensItsOwnOrganisation(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx, other := t.Context(), newRoster(t.T, t.DB, "other")
		for organisation, password := range map[string]string{t.organisation: "one long password", other.organisation: "another long password"} {
			id, err := t.CreateAccount(ctx, organisation, org.Account{Mail: "bo@example.org", Name: "Bo"}, "Ann")
			if err != nil {
				t.Fatal(err)
			}
			if err := t.SetPassword(ctx, organisation, id, password); err != nil {
				t.Fatal(err)
			}
		}
		doors, err := t.CheckPassword(ctx, "BO@example.org", "another long password")
		if err != nil || len(doors) != 1 || doors[0].Organisation.ID != other.organisation {
			t.Errorf("%+v, %v", doors, err)
		}
		for _, wrong := range [][2]string{{"bo@example.org", "a wrong long password"}, {"nobody@example.org", "one long password"}, {"bo@example.org", ""}} {
			if _, err := t.CheckPassword(ctx, wrong[0], wrong[1]); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%v: %v", wrong, err)
			}
		}
	})
}

func TestAccountsOfAnotherOrganisationAreNotThere(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx, other := t.Context(), newRoster(t.T, t.DB, "other")
		id, err := t.CreateAccount(ctx, t.organisation, org.Account{Mail: "bo@example.org", Name: "Bo", Grants: grants(org.Manager)}, "Ann")
		if err != nil {
			t.Fatal(err)
		}
		bo, err := t.Account(ctx, t.organisation, id)
		if err != nil {
			t.Fatal(err)
		}
		stranger := other.organisation
		secret, err := t.MakeToken(ctx, t.organisation, org.Token{Account: id, Name: "till", Scopes: []string{"a:read"}, Expires: time.Now().AddDate(0, 1, 0)}, []string{"a:read"}, "x")
		if err != nil {
			t.Fatal(err)
		}
		tokens, err := t.Tokens(ctx, t.organisation, id)
		if err != nil || len(tokens) != 1 {
			t.Fatalf("%+v, %v", tokens, err)
		}
		token := tokens[0].ID
		if all, err := t.Tokens(ctx, stranger, ""); err != nil || len(all) > 0 {
			t.Errorf("Tokens: %+v, %v", all, err)
		}
		if _, _, err := t.UseToken(ctx, strings.Replace(secret, t.organisation, stranger, 1)); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("UseToken: %v", err)
		}
		for name, call := range map[string]func() error{
			"Account":      func() error { _, err := t.Account(ctx, stranger, id); return err },
			"Actor":        func() error { _, err := t.Actor(ctx, stranger, id); return err },
			"Grant":        func() error { return t.Grant(ctx, stranger, id, grants(org.Employee)[0], "x") },
			"Revoke":       func() error { return t.Revoke(ctx, stranger, id, bo.Grants[0].ID, "x") },
			"CloseAccount": func() error { return t.CloseAccount(ctx, stranger, id, "x") },
			"SetPassword":  func() error { return t.SetPassword(ctx, stranger, id, "one long password") },
			"SetLanguage":  func() error { return t.SetLanguage(ctx, stranger, id, "nl") },
			"SetDigest":    func() error { return t.SetDigest(ctx, stranger, id, false) },
			"WantsDigest":  func() error { _, err := t.WantsDigest(ctx, stranger, id); return err },
			"MakeLink":     func() error { _, err := t.MakeLink(ctx, stranger, id); return err },
			"MakeToken": func() error {
				_, err := t.MakeToken(ctx, stranger, org.Token{Account: id, Name: "x", Scopes: []string{"a:read"}, Expires: time.Now().AddDate(0, 1, 0)}, []string{"a:read"}, "x")
				return err
			},
			"WithdrawToken": func() error { return t.WithdrawToken(ctx, stranger, "", token, "x") },
		} {
			if err := call(); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		accounts, err := t.Accounts(ctx, stranger)
		if err != nil || slices.ContainsFunc(accounts, func(a org.Account) bool { return a.ID == id }) {
			t.Errorf("Accounts: %v, %v", accounts, err)
		}
		events, err := t.Events(ctx, stranger, time.Time{}, 99)
		if err != nil || slices.ContainsFunc(events, func(e org.Event) bool { return e.Detail == "bo@example.org" }) {
			t.Errorf("Events: %v, %v", events, err)
		}
		// Who is let in there gets an account there, and whose role is taken there keeps it here.
		err = t.DB.Write(ctx, func(tx *db.Tx) error {
			if _, err := t.LetIn(ctx, tx, stranger, org.Person{Key: "B1", Name: "Bo", Mail: "BO@example.org"}, grants(org.Coach)[0], "x"); err != nil {
				return err
			}
			grant, err := t.LetIn(ctx, tx, t.organisation, org.Person{Key: "B1", Name: "Bo", Mail: "bo@example.org"}, grants(org.Coach)[0], "x")
			if err != nil {
				return err
			}
			return t.PutOut(ctx, tx, stranger, grant, "x")
		})
		if err != nil {
			t.Fatal(err)
		}
		if bo, err = t.Account(ctx, t.organisation, id); err != nil || bo.Person != "B1" || len(bo.Grants) != 2 || bo.Grants[1].Role != org.Coach {
			t.Errorf("LetIn and PutOut: %+v, %v", bo, err)
		}
	})
}

func TestAnOrganisationGoesByItsOwnClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := time.Date(2026, 7, 1, 16, 30, 0, 0, time.UTC)
		s := orgdb.Store{DB: d, Now: func() time.Time { return at }}
		first := org.Account{Mail: "ada@acme.example", Name: "Ada"}
		if _, err := s.CreateOrganisation(t.Context(), org.Organisation{Slug: "acme", Name: "Acme", Language: "en", Zone: "Mars"}, first); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a zone that is none: %v", err)
		}
		id, err := s.CreateOrganisation(t.Context(), org.Organisation{Slug: "acme", Name: "Acme", Language: "en"}, first)
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.Organisation(t.Context(), id)
		if err != nil || o.Zone != "UTC" {
			t.Errorf("at first %q, %v", o.Zone, err)
		}
		o.Zone, o.Name = "Europe/Amsterdam", "Acme Ltd"
		if err := s.ChangeOrganisation(t.Context(), o, "Ada"); err != nil {
			t.Fatal(err)
		}
		if changed, err := s.Organisation(t.Context(), id); err != nil || changed != o {
			t.Errorf("%+v, %v", changed, err)
		}
		events, err := s.Events(t.Context(), id, time.Time{}, 10)
		if err != nil || len(events) == 0 || events[0].What != "organisation changed" || events[0].At.Format("15:04") != "18:30" {
			t.Errorf("the record: %+v, %v", events, err)
		}
		if err := s.ChangeOrganisation(t.Context(), org.Organisation{ID: "none", Slug: "x", Name: "X", Language: "en"}, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("one that is not there: %v", err)
		}
	})
}

// Every method of the store stands in a test that no organisation sees another,
// or names no organisation.
func TestNoMethodIsLeftOutOfTheIsolationTests(t *testing.T) {
	known := []string{
		// TestAccountsOfAnotherOrganisationAreNotThere
		"Account", "Accounts", "Actor", "CloseAccount", "Events", "Grant", "LetIn", "MakeLink", "MakeToken", "PutOut", "Tokens", "WithdrawToken", "Revoke", "SetLanguage", "SetPassword", "UseToken", "SetDigest", "WantsDigest",
		// TestOrganisationsDoNotSeeEachOther
		"ExportRoster", "Groups", "ImportRoster", "LastRosterMap", "Locations", "LocationsOf", "Partners", "People", "Person", "PersonByKey", "Self", "Side", "Since",
		"PersonHistory", "PreviewRoster", // TestWhereLocationsLieIsKeptByName
		"SaveWhere", "Where", "Owner", "OwnerOf", "RosterImports", "Search", "Structure", "TakeBackRoster", "Teams",
		// TestAnUploadIsReadBackToTheByteUntilItHasWaitedADay
		"CopyUpload", "DeleteUpload", "MapUpload", "SaveUpload", "Upload",
		// TestTheSecretOfASignOnNeedsTheKeyFolder and TestPeopleSignOnAtTheirOwnProvider
		"SignOn", "SaveSignOn", "RemoveSignOn", "Welcome",
		// TestADirectoryNeedsItsTokenAndSeesItsOwnAlone
		"DirectoryPage", "DirectoryPeople", "DirectoryPerson", "DirectoryUnits", "SaveDirectoryPerson", "SaveDirectoryUnit", "DropDirectoryPerson", "DropDirectoryUnit",
		// TestARequestIsAnsweredOnceForAnAccount
		"BeginAnswer", "KeepAnswer",
		// TestHeadcountsAreOfTheDayAndTheOrganisation
		"HeadcountsIn",
		// who creates, signs in, or works for all
		"ChangeOrganisation", "CheckPassword", "CreateAccount", "CreateOrganisation", "Today", "Organisations", "HeadsIn", "ForgetAnswers", "ForgetUploads", "SendDigests", "DigestedBy", "SetQuiet", "MakeLinks", "AskedLinks", "SignOnDoors", "Organisation", "OrganisationBySlug", "UseLink",
	}
	store := reflect.TypeFor[orgdb.Store]()
	for i := range store.NumMethod() {
		if name := store.Method(i).Name; !slices.Contains(known, name) {
			t.Errorf("%s is in no isolation test", name)
		}
	}
}

func TestAMailAddressOfSomebodyElseLetsNobodyIn(t *testing.T) {
	eachRoster(t, func(t rosterFixture) {
		ctx := t.Context()
		id, err := t.CreateAccount(ctx, t.organisation, org.Account{Mail: "bo@example.org", Name: "Bo", Person: "B1"}, "Ann")
		if err != nil {
			t.Fatal(err)
		}
		let := func(key string) error {
			return t.DB.Write(ctx, func(tx *db.Tx) error {
				_, err := t.LetIn(ctx, tx, t.organisation, org.Person{Key: key, Name: "Cy", Mail: "bo@example.org"}, grants(org.Coach)[0], "x")
				return err
			})
		}
		if err := let("C1"); fault.KindOf(err) != fault.Conflict {
			t.Errorf("somebody else: %v", err)
		}
		if a, err := t.Account(ctx, t.organisation, id); err != nil || len(a.Grants) != 0 {
			t.Errorf("%+v, %v", a, err)
		}
		for range 2 {
			if err := let("B1"); err != nil {
				t.Fatal(err)
			}
		}
		if a, err := t.Account(ctx, t.organisation, id); err != nil || len(a.Grants) != 1 {
			t.Errorf("let in twice: %+v, %v", a, err)
		}
	})
}
