package app

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"throughline/internal/org"
)

// scim asks for a resource of SCIM and reads what must come with a status.
func (c *program) scim(status int, method, path string, send any) fields {
	c.t.Helper()
	request := ""
	if send != nil {
		request = body(c.t, send)
	}
	a := c.send(method, "/scim/v2"+path, request, "Content-Type", "application/scim+json")
	if a.status != status {
		c.t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	if status == http.StatusNoContent {
		return nil
	}
	if a.header.Get("Content-Type") != "application/scim+json" {
		c.t.Errorf("%s %s comes as %s", method, path, a.header.Get("Content-Type"))
	}
	var r fields
	if err := json.Unmarshal([]byte(a.body), &r); err != nil {
		c.t.Fatalf("%s %s: %v in %s", method, path, err, a.body)
	}
	return r
}

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// hired is somebody as a directory sends that person.
func hired(name, number, department string, more fields) fields {
	u := fields{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User", enterprise}, "userName": name + "@shops.example", "externalId": "dir-" + name, "displayName": strings.ToUpper(name[:1]) + name[1:],
		"emails": []fields{{"value": "home@" + name + ".example", "type": "home"}, {"value": name + "@shops.example", "type": "work", "primary": true}}, enterprise: fields{"employeeNumber": number, "department": department}}
	for n, v := range more {
		u[n] = v
	}
	return u
}

func patch(operations ...fields) fields {
	return fields{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": operations}
}

// A directory makes, moves and ends people and units; the roster and its tree follow, and yesterday stays as
// it was.
func TestADirectoryKeepsTheRoster(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		account := s.account(t, "it", whole(org.Administrator), whole(org.ProgrammeManager))
		c := s.calls(t, account)
		ada := c.scim(201, "POST", "/Users", hired("ada", "1", "Head Office", nil))
		if ada["userName"] != "ada@shops.example" || ada["active"] != true || ada["meta"].(fields)["location"] != s.address+"/scim/v2/Users/"+ada["id"].(string) {
			t.Errorf("Ada: %v", ada)
		}
		bo := c.scim(201, "POST", "/Users", hired("bo", "2", "North", fields{enterprise: fields{"employeeNumber": "2", "department": "North", "division": "Retail", "manager": fields{"value": ada["id"]}}, "userType": "manager", "preferredLanguage": "nl"}))
		units := c.list("/units")
		if len(units) != 4 || units[0]["name"] != "shops" || which(t, units, "name", "North")["above"] != which(t, units, "name", "Retail")["id"] || which(t, units, "name", "North")["people"] != 1.0 {
			t.Errorf("the tree: %v", units)
		}
		people := c.list("/people")
		got := which(t, people, "key", "2")
		if len(people) != 2 || got["manager"] != "1" || got["mail"] != "bo@shops.example" || got["level"] != "manager" || got["attributes"].(fields)["language"] != "nl" || got["id"] != bo["id"] {
			t.Errorf("the roster: %v", people)
		}
		for what, wrong := range map[string]struct {
			status int
			kind   string
			send   any
		}{
			"the user name of somebody else": {409, "uniqueness", hired("BO", "3", "North", nil)},
			"no user name":                   {400, "invalidValue", hired("cy", "3", "North", fields{"userName": " "})},
			"no mail address":                {400, "invalidValue", hired("cy", "3", "North", fields{"emails": []fields{{"value": "cy at home"}}})},
			"a manager who is not there":     {400, "invalidValue", hired("cy", "3", "North", fields{enterprise: fields{"manager": fields{"value": "nobody"}}})},
			"no schema":                      {400, "invalidValue", fields{"userName": "cy"}},
			"a list":                         {400, "invalidSyntax", []string{"cy"}},
		} {
			a := c.send("POST", "/scim/v2/Users", body(t, wrong.send))
			if a.status != wrong.status || !strings.Contains(a.body, `"scimType":"`+wrong.kind+`"`) || !strings.Contains(a.body, "api:messages:2.0:Error") {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		if n := len(c.list("/people")); n != 2 {
			t.Errorf("what is wrong has left %d people", n)
		}

		// As one directory writes it, with truths as texts, and as another.
		moved := c.scim(200, "PATCH", "/Users/"+bo["id"].(string), patch(fields{"op": "Replace", "path": enterprise + ":department", "value": "South"}, fields{"op": "Add", "value": fields{"title": "Boss", "name.givenName": "Bo", "active": "True"}}))
		if moved["title"] != "Boss" || moved["name"].(fields)["givenName"] != "Bo" || which(t, c.list("/units"), "name", "South")["people"] != 1.0 {
			t.Errorf("moved: %v, %v", moved, c.list("/units"))
		}
		if got := c.scim(200, "GET", "/Users?filter=userName+eq+%22Bo%40shops.example%22&attributes=userName", nil); got["totalResults"] != 1.0 || got["Resources"].([]any)[0].(fields)["displayName"] != nil {
			t.Errorf("found by name: %v", got)
		}
		if got := c.scim(200, "GET", "/Users?filter="+"title+eq+%22boss%22+and+not+(emails%5Btype+eq+%22work%22+and+value+co+%22ada%22%5D)", nil); got["totalResults"] != 1.0 {
			t.Errorf("found by a filter: %v", got)
		}
		if got := c.scim(200, "GET", "/Users?startIndex=2&count=1", nil); got["totalResults"] != 2.0 || got["startIndex"] != 2.0 || got["itemsPerPage"] != 1.0 {
			t.Errorf("a page: %v", got)
		}
		if got := c.scim(200, "POST", "/Users/.search", fields{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}, "filter": `externalId eq "dir-ada"`, "count": 5}); got["totalResults"] != 1.0 {
			t.Errorf("searched: %v", got)
		}

		// A unit as a group: made, filled, nested, emptied, removed.
		east := c.scim(201, "POST", "/Groups", fields{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "displayName": "East", "members": []fields{{"value": bo["id"]}}})
		if which(t, c.list("/units"), "name", "East")["own"] != 1.0 {
			t.Errorf("East: %v", c.list("/units"))
		}
		if got := c.scim(200, "GET", "/Users/"+bo["id"].(string), nil); got["id"] != bo["id"] {
			t.Errorf("Bo: %v", got)
		}
		retail := which(t, c.list("/units"), "name", "Retail")["id"]
		nested := c.scim(200, "PATCH", "/Groups/"+east["id"].(string), patch(fields{"op": "add", "path": "members", "value": []fields{{"value": retail}, {"value": "nobody"}}}))
		if len(nested["members"].([]any)) != 2 || which(t, c.list("/units"), "name", "Retail")["above"] != east["id"] {
			t.Errorf("nested: %v", nested)
		}
		if a := c.send("PATCH", "/scim/v2/Groups/"+retail.(string), body(t, patch(fields{"op": "add", "path": "members", "value": []fields{{"value": east["id"]}}}))); a.status != 400 {
			t.Errorf("a unit under itself: %d %s", a.status, a.body)
		}
		c.scim(200, "PATCH", "/Groups/"+east["id"].(string), patch(fields{"op": "replace", "path": "displayName", "value": "Far East"}))
		c.scim(204, "DELETE", "/Groups/"+east["id"].(string), nil)
		c.scim(404, "GET", "/Groups/"+east["id"].(string), nil)
		if root := c.list("/units")[0]; root["own"] != 1.0 || which(t, c.list("/units"), "name", "Retail")["above"] != root["id"] {
			t.Errorf("after East: %v", c.list("/units"))
		}
		root := c.list("/units")[0]["id"].(string)
		c.scim(409, "DELETE", "/Groups/"+root, nil)

		// Who is not active has left, cannot come in, and comes back as the same person.
		own, err := s.Org.CreateAccount(t.Context(), s.organisation, org.Account{Mail: "bo@shops.example", Name: "Bo", Person: "2", Grants: []org.Grant{whole(org.Employee)}}, "it")
		if err != nil {
			t.Fatal(err)
		}
		c.scim(200, "PATCH", "/Users/"+bo["id"].(string), patch(fields{"op": "replace", "path": "active", "value": false}))
		if n := len(c.list("/people")); n != 1 {
			t.Errorf("%d people are at work", n)
		}
		if got := c.scim(200, "GET", "/Users/"+bo["id"].(string), nil); got["active"] != false || got["title"] != "Boss" {
			t.Errorf("not active: %v", got)
		}
		if a, err := s.Org.Account(t.Context(), s.organisation, own); err != nil || !a.Closed {
			t.Errorf("Bo's account: %+v, %v", a, err)
		}
		c.scim(200, "PATCH", "/Users/"+bo["id"].(string), patch(fields{"op": "replace", "value": fields{"active": true}}))
		if a, err := s.Org.Account(t.Context(), s.organisation, own); err != nil || a.Closed || len(c.list("/people")) != 2 {
			t.Errorf("back: %+v, %v", a, err)
		}
		c.scim(204, "DELETE", "/Users/"+bo["id"].(string), nil)
		c.scim(404, "GET", "/Users/"+bo["id"].(string), nil)
		again := c.scim(201, "POST", "/Users", hired("bo", "2", "North", nil))
		if again["id"] != bo["id"] {
			t.Errorf("hired again as %v, was %v", again["id"], bo["id"])
		}

		// All of one day is one import, and taken back as one.
		imports, err := s.Org.RosterImports(t.Context(), s.organisation)
		if err != nil || len(imports) != 1 || imports[0].Source != "SCIM" {
			t.Fatalf("%+v, %v", imports, err)
		}
		if err := s.Org.TakeBackRoster(t.Context(), s.organisation, imports[0].ID, "it"); err != nil {
			t.Fatal(err)
		}
		if n := len(c.list("/people")); n != 0 {
			t.Errorf("%d people after it was taken back", n)
		}
	})
}

// Who is on a roster that came by file is found and carried on, as of today; what was stays.
func TestADirectoryTakesOverARosterOfFiles(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		units := s.crew(t)
		c := s.calls(t, s.account(t, "it", whole(org.Administrator), whole(org.ProgrammeManager)))
		listed := c.scim(200, "GET", "/Users?filter=userName+eq+%22ann%22", nil)
		if listed["totalResults"] != 1.0 {
			t.Fatalf("Ann of the file: %v", listed)
		}
		was := which(t, c.list("/people"), "key", "ann")
		ann := c.scim(201, "POST", "/Users", hired("ann", "ann", "South", nil))
		if ann["id"] != was["id"] {
			t.Errorf("Ann is %v, was %v", ann["id"], was["id"])
		}
		is := which(t, c.list("/people"), "key", "ann")
		if is["unit"] != units["South"] || is["mail"] != "ann@shops.example" || is["name"] != "Ann" || len(c.list("/people")) != 6 {
			t.Errorf("Ann now: %v", is)
		}
		for _, u := range c.list("/units") {
			if want := map[string]float64{"Shops": 6, "North": 2, "South": 3}[u["name"].(string)]; u["people"] != want {
				t.Errorf("%v has %v people, want %v", u["name"], u["people"], want)
			}
		}
		if all := c.scim(200, "GET", "/Users", nil); all["totalResults"] != 6.0 {
			t.Errorf("everybody: %v", all["totalResults"])
		}
		history, err := s.Org.PersonHistory(t.Context(), s.organisation, ann["id"].(string))
		if err != nil || len(history) != 1 || history[0].Unit.ID != units["South"] {
			t.Errorf("on one day: %+v, %v", history, err)
		}
		imports, err := s.Org.RosterImports(t.Context(), s.organisation)
		if err != nil || len(imports) != 2 || imports[0].Report.People.Moved != 1 {
			t.Errorf("%+v, %v", imports, err)
		}
		if err := s.Org.TakeBackRoster(t.Context(), s.organisation, imports[0].ID, "it"); err != nil {
			t.Fatal(err)
		}
		if is := which(t, c.list("/people"), "key", "ann"); is["unit"] != units["North"] {
			t.Errorf("taken back: %v", is)
		}
	})
}

func TestADirectoryNeedsItsTokenAndSeesItsOwnAlone(t *testing.T) {
	eachSite(t, func(t *testing.T, s *site) {
		s.crew(t)
		c := s.calls(t, s.account(t, "it", whole(org.Administrator)))
		ann := c.scim(201, "POST", "/Users", hired("ann", "ann", "South", nil))["id"].(string)
		for what, p := range map[string]struct {
			c      *program
			status int
		}{
			"nobody":        {&program{t, s, ""}, 401},
			"another scope": {s.calls(t, s.account(t, "reader", whole(org.Administrator)), "organisation:read"), 403},
			"a manager":     {s.calls(t, s.account(t, "manager", whole(org.Manager))), 404},
		} {
			for _, path := range []string{"/ServiceProviderConfig", "/Users", "/Users/" + ann, "/nothing"} {
				if a := p.c.send("GET", "/scim/v2"+path, ""); a.status != p.status || !strings.Contains(a.body, "api:messages:2.0:Error") {
					t.Errorf("%s at %s: %d %s", what, path, a.status, a.body)
				}
			}
			if a := p.c.send("DELETE", "/scim/v2/Users/"+ann, ""); a.status != p.status {
				t.Errorf("%s ends Ann: %d", what, a.status)
			}
		}
		other := s.founding(t, "others")
		theirs := other.calls(t, other.account(t, "it", whole(org.Administrator)))
		if got := theirs.scim(200, "GET", "/Users", nil); got["totalResults"] != 0.0 {
			t.Errorf("another organisation sees %v", got)
		}
		unit := c.scim(200, "GET", "/Groups", nil)["Resources"].([]any)[0].(fields)["id"].(string)
		for _, path := range []string{"/Users/" + ann, "/Groups/" + unit} {
			for method, send := range map[string]any{"GET": nil, "DELETE": nil, "PATCH": patch(fields{"op": "replace", "path": "displayName", "value": "Eve"})} {
				if a := theirs.send(method, "/scim/v2"+path, body(t, send)); a.status != 404 {
					t.Errorf("another organisation: %s %s: %d %s", method, path, a.status, a.body)
				}
			}
		}
		for _, path := range []string{"/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas", "/Schemas/" + enterprise} {
			c.scim(200, "GET", path, nil)
		}
		c.scim(404, "GET", "/Schemas/none", nil)
		c.scim(400, "GET", "/Users?filter=userName+is+x", nil)
		c.scim(404, "GET", "/nothing", nil)
	})
}
