package scim_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"throughline/internal/kit/scim"

	"github.com/google/go-cmp/cmp"
)

func read(t testing.TB, text string) scim.Resource {
	t.Helper()
	var r scim.Resource
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

const babs = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"Ab1","externalId":"bjensen","userName":"bjensen@example.com","active":true,"age":40,
	"name":{"formatted":"Ms. Barbara J Jensen","familyName":"Jensen","givenName":"Barbara"},
	"emails":[{"value":"bjensen@example.com","type":"work","primary":true},{"value":"babs@jensen.org","type":"home"}],
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"701984","department":"Tour Operations","manager":{"value":"26118915"}},
	"meta":{"lastModified":"2011-05-13T04:42:34Z"}}`

// The examples of RFC 7644 3.4.2.2, on the user of RFC 7643 8.3.
func TestAFilterChooses(t *testing.T) {
	r := read(t, babs)
	for text, want := range map[string]bool{
		`userName eq "bjensen@example.com"`: true,
		`USERNAME Eq "BJENSEN@example.com"`: true,
		`id eq "ab1"`:                       false,
		`id eq "Ab1"`:                       true,
		`name.familyName co "ens"`:          true,
		`userName sw "J"`:                   false,
		`urn:ietf:params:scim:schemas:core:2.0:User:userName sw "b"`: true,
		`title pr`:                                    false,
		`name pr and active eq true`:                  false, // an object has no value of its own
		`name.givenName pr and active eq true`:        true,
		`meta.lastModified gt "2011-05-13T04:42:33Z"`: true,
		`meta.lastModified le "2011-05-13T04:42:33Z"`: false,
		`title pr or userType eq "Intern"`:            false,
		`userName eq "x" or (emails co "example.com" or emails.value co "example.org")`: true,
		`not (emails co "example.com")`:                                                    false,
		`emails[type eq "work" and value co "@example.com"]`:                               true,
		`emails[type eq "home" and value co "@example.com"]`:                               false,
		`emails[type eq "work"] or ims[type eq "xmpp"]`:                                    true,
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department ew "tions"`: true,
		`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "26118915"`: true,
		`age gt 39 and age lt 41`:                                                          true,
		`age ge 41`:                                                                        false,
		`active ne false`:                                                                  true,
		`nothing eq "x"`:                                                                   false,
		`nothing ne "x"`:                                                                   true,
	} {
		e, err := scim.ParseFilter(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := scim.Match(e, r); got != want {
			t.Errorf("%s is %v", text, got)
		}
	}
	for _, text := range []string{`userName`, `userName is "x"`, `userName eq`, `(userName eq "x"`, `emails[type eq "x"`, strings.Repeat(`a pr or `, 200) + `a pr`, `"`, `userName eq "x" and`} {
		var e *scim.Error
		if _, err := scim.ParseFilter(text); !errors.As(err, &e) || e.Status != 400 || e.Type != "invalidFilter" {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}

func TestAPatchChangesOrNothingDoes(t *testing.T) {
	const start = `{"id":"1","userName":"a","name":{"givenName":"A"},"emails":[{"value":"w@x.org","type":"work"}],"members":[{"value":"1"},{"value":"2"}]}`
	for _, c := range []struct{ operations, want, mistake string }{
		{`{"op":"add","path":"title","value":"Boss"}`, `{"title":"Boss"}`, ""},
		{`{"op":"Replace","path":"userName","value":"b"}`, `{"userName":"b"}`, ""},
		{`{"op":"replace","path":"USERNAME","value":"b"}`, `{"userName":"b"}`, ""},
		{`{"op":"remove","path":"name.givenName"}`, `{"name":{}}`, ""},
		{`{"op":"add","path":"name","value":{"familyName":"B"}}`, `{"name":{"givenName":"A","familyName":"B"}}`, ""},
		{`{"op":"add","value":{"name.familyName":"B","active":false}}`, `{"name":{"givenName":"A","familyName":"B"},"active":false}`, ""},
		{`{"op":"add","path":"members","value":[{"value":"2"},{"value":"3"}]}`, `{"members":[{"value":"1"},{"value":"2"},{"value":"3"}]}`, ""},
		{`{"op":"remove","path":"members[value eq \"1\"]"}`, `{"members":[{"value":"2"}]}`, ""},
		{`{"op":"remove","path":"members","value":[{"value":"2"}]}`, `{"members":[{"value":"1"}]}`, ""},
		{`{"op":"remove","path":"members"}`, `{"members":null}`, ""},
		{`{"op":"replace","path":"members","value":[{"value":"9"}]}`, `{"members":[{"value":"9"}]}`, ""},
		{`{"op":"replace","path":"emails[type eq \"work\"].value","value":"n@x.org"}`, `{"emails":[{"value":"n@x.org","type":"work"}]}`, ""},
		{`{"op":"add","path":"emails[type eq \"home\"].value","value":"h@x.org"}`, `{"emails":[{"value":"w@x.org","type":"work"},{"type":"home","value":"h@x.org"}]}`, ""},
		{`{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"North"}`, `{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"North"}}`, ""},
		{`{"op":"add","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"North"}}}`, `{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"North"}}`, ""},
		{`{"op":"add","path":"title","value":"Boss"},{"op":"move","path":"title"}`, ``, "invalidSyntax"},
		{`{"op":"replace","path":"emails[type eq \"home\"].value","value":"h@x.org"}`, ``, "noTarget"},
		{`{"op":"remove"}`, ``, "noTarget"},
		{`{"op":"replace","path":"id","value":"2"}`, ``, "mutability"},
		{`{"op":"replace","path":"emails[","value":"2"}`, ``, "invalidPath"},
		{`{"op":"replace","path":"emails[type eq \"work\"]","value":"2"}`, ``, "invalidValue"},
	} {
		operations, err := scim.ReadPatch([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + c.operations + `]}`))
		if err != nil {
			t.Fatal(c.operations, err)
		}
		was := read(t, start)
		got, err := scim.Patch(was, operations)
		if diff := cmp.Diff(read(t, start), was); diff != "" {
			t.Errorf("%s changes what was: %s", c.operations, diff)
		}
		if c.mistake != "" {
			var e *scim.Error
			if !errors.As(err, &e) || e.Type != c.mistake {
				t.Errorf("%s: %v, want %s", c.operations, err, c.mistake)
			}
			continue
		}
		want := read(t, start)
		for name, v := range read(t, c.want) {
			if want[name] = v; v == nil {
				delete(want, name)
			}
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", c.operations, err, diff)
		}
	}
	for _, bad := range []string{``, `[]`, `{}`, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}`, `{"schemas":["x"],"Operations":[{"op":"remove","path":"a"}]}`} {
		if _, err := scim.ReadPatch([]byte(bad)); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}

func TestAListIsCutAndTrimmed(t *testing.T) {
	var all []scim.Resource
	for _, id := range []string{"a", "b", "c"} {
		all = append(all, scim.Resource{"schemas": []any{"s"}, "id": id, "userName": "u" + id, "title": "t", "meta": scim.Resource{}})
	}
	page := func(query string) scim.Resource {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		q, err := scim.ParseQuery(values)
		if err != nil {
			t.Fatal(query, err)
		}
		return q.Page(all)
	}
	for query, want := range map[string][3]int{"": {3, 1, 3}, "startIndex=2&count=1": {3, 2, 1}, "count=0": {3, 1, 0}, "startIndex=-4&count=-1": {3, 1, 0}, "startIndex=9": {3, 9, 0}, "filter=id+eq+%22b%22": {1, 1, 1}} {
		got := page(query)
		if is := [3]int{got["totalResults"].(int), got["startIndex"].(int), got["itemsPerPage"].(int)}; is != want {
			t.Errorf("%q: %v, want %v", query, is, want)
		}
	}
	for query, want := range map[string]string{"attributes=userName": "id meta schemas userName", "excludedAttributes=title,userName": "id meta schemas", "attributes=urn:x:y,TITLE": "id meta schemas title"} {
		one := page(query)["Resources"].([]scim.Resource)[0]
		var names []string
		for _, name := range []string{"id", "meta", "schemas", "title", "userName"} {
			if one[name] != nil {
				names = append(names, name)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
	if _, err := scim.ParseQuery(url.Values{"count": {"many"}}); err == nil {
		t.Error("a count that is no number is read")
	}
}

// No filter, however it is written, is read and then fails on a resource.
func FuzzFilter(f *testing.F) {
	for _, text := range []string{`userName eq "a"`, `emails[type eq "work" and value co "@"] or not (a.b pr)`, `urn:x:y:z.w gt 4`, `a eq null and b eq -1.5e3`, `((`, `"\u00`, ``} {
		f.Add(text)
	}
	r := read(f, babs)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := scim.ParseFilter(text)
		if err != nil {
			var said *scim.Error
			if !errors.As(err, &said) || said.Status != 400 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		scim.Match(e, r)
		scim.Equal(e, "username")
	})
}

// No change, however it is written, fails otherwise than in words, and what was stays.
func FuzzPatch(f *testing.F) {
	for _, text := range []string{`{"op":"add","path":"emails[type eq \"work\"].value","value":"x"}`, `{"op":"replace","value":{"name":{"a":1},"b.c":[1]}}`, `{"op":"remove","path":"emails.value"}`, `{"op":"add","path":"name","value":[{}]}`, `{"op":"add","path":"","value":{"":{"":1}}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		operations, err := scim.ReadPatch([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + text + `]}`))
		if err == nil {
			r := read(t, babs)
			_, err = scim.Patch(r, operations)
			if diff := cmp.Diff(read(t, babs), r); diff != "" {
				t.Fatal(diff)
			}
		}
		var said *scim.Error
		if err != nil && (!errors.As(err, &said) || said.Status != 400) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
